"""`congdoan export`: the tables as files for other tools."""

from __future__ import annotations

from pathlib import Path

import click

from pipeline.cli.options import corpus_option
from pipeline.exports import FORMATS, export
from pipeline.query import open_corpus


@click.command("export", short_help="Write the tables as parquet, csv, jsonl or xlsx.")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--format", "form", type=click.Choice(FORMATS), required=True, help="What to write.")
@corpus_option
def command(folder: Path, form: str, corpus: Path) -> None:
    """Write all tables to FOLDER, one file a table (xlsx: one in all).

    Texts that a spreadsheet would run get an apostrophe.

    \b
    congdoan export out --format csv
    """
    for path in export(open_corpus(corpus), folder, form):
        click.echo(path)
