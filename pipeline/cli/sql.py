"""`congdoan sql`: ask the tables."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click
from rich.console import Console

from pipeline.answers import answer_table, answered
from pipeline.cli.options import corpus_option
from pipeline.exports import plain, write_csv
from pipeline.query import open_corpus


@click.command("sql")
@click.argument("query")
@click.option("--format", "form", type=click.Choice(["table", "csv", "json"]), default="table", show_default=True)
@corpus_option
def command(query: str, form: str, corpus: Path) -> None:
    """Answer one SELECT over the tables (DuckDB, read only); json is a list of objects.

    \b
    congdoan sql "SELECT name, count(*) AS n FROM movements GROUP BY name ORDER BY n DESC LIMIT 10"
    """
    answer = answered(open_corpus(corpus).sql(query))
    if form == "json":
        click.echo(json.dumps(answer.to_pylist(), ensure_ascii=False, default=plain))
    elif form == "csv":
        write_csv(answer, sys.stdout)
    else:
        Console(highlight=False).print(answer_table(answer))
