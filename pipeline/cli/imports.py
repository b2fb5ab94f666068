"""`congdoan import`: take what somebody else collected into the archive."""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path

import click

from pipeline.cli.failures import DATA_AT_FAULT
from pipeline.cli.options import corpus_option
from pipeline.imports import import_files


@click.command("import")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@corpus_option
def command(paths: tuple[Path, ...], corpus: Path) -> None:
    """Put WARC files of any crawler, .html pages, .txt texts and .jsonl rows into the archive; then run build.

    \b
    congdoan import CC-NEWS-20240101.warc.gz pages/ --corpus data/corpus
    """
    report = import_files(corpus, paths, dt.datetime.now(dt.UTC))
    for line in report.refused:
        click.echo(f"congdoan: {line}", err=True)
    click.echo(f"{report.archived} records archived, {len(report.refused)} files refused; next: congdoan build")
    if report.refused:
        sys.exit(DATA_AT_FAULT)
