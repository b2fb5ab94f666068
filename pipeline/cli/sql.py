"""`congdoan sql`: ask the tables."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click
import pyarrow as pa

from pipeline.answers import answer_records, answer_table, answering, first_rows
from pipeline.cli.options import corpus_option, results_console, talk
from pipeline.exports import plain, write_csv
from pipeline.query import open_corpus

LEAST_COLUMN_WIDTH = 12  # characters; narrower columns of text cannot be read
MOST_SHOWN = 1_000  # rows of a table; its columns are as wide as all of them together ask for
PIPE_WIDTH = 160  # characters; where there is no terminal to ask


@click.command("sql", short_help="Answer one SELECT over the tables.")
@click.argument("query")
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "csv", "json"]),
    default="table",
    show_default=True,
    help="How the rows are printed; json is a list of objects.",
)
@corpus_option
def command(query: str, form: str, corpus: Path) -> None:
    """Answer one SELECT over the tables (DuckDB, read only).

    A table shows the first 1,000 rows; csv and json are printed as they are found, however many they are.

    \b
    congdoan sql "SELECT name, count(*) AS n FROM movements GROUP BY name ORDER BY n DESC LIMIT 10"
    """
    answer = answering(open_corpus(corpus).sql(query))
    if form == "json":
        _print_json(answer)
    elif form == "csv":
        write_csv(answer, sys.stdout)
    else:
        rows, more = first_rows(answer, MOST_SHOWN)
        _print(rows)
        if more:
            talk.print(f"the first {MOST_SHOWN:,} rows are shown; --format csv or json prints all")


def _print_json(answer: pa.RecordBatchReader) -> None:
    between = "["
    for batch in answer:
        for row in batch.to_pylist():
            click.echo(between + json.dumps(row, ensure_ascii=False, default=plain), nl=False)
            between = ", "
    click.echo("]" if between == ", " else "[]")


def _print(answer: pa.Table) -> None:
    """Print a table, or its columns one below the other where they do not fit side by side."""
    console = results_console()
    side_by_side = (console.width if console.is_terminal else PIPE_WIDTH) // LEAST_COLUMN_WIDTH
    if answer.num_columns <= side_by_side:
        console.print(answer_table(answer))
    else:
        for line in answer_records(answer):
            console.print(line, soft_wrap=True)
