"""`congdoan import`: take what somebody else collected into the archive."""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path

import click

from pipeline.cli.failures import DATA_AT_FAULT
from pipeline.cli.options import corpus_option, known_sites, sites_option
from pipeline.imports import import_files


@click.command("import", short_help="Put WARC files, pages, texts or rows into the archive.")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@corpus_option
@sites_option
@click.option("--all-hosts", is_flag=True, help="Of WARC files keep the pages of every host, not of known sites alone.")
def command(paths: tuple[Path, ...], corpus: Path, site_folders: tuple[Path, ...], all_hosts: bool) -> None:
    """Put WARC files of any crawler, .html pages, .txt texts and .jsonl rows into the archive; then run build.

    Of a WARC file only text is taken, and only from the hosts of known sites; the rest is counted. Pages, texts and
    rows are always taken. What is damaged is passed over and named; what is there already is not taken again, so after
    an interrupted import run the same command once more.

    \b
    congdoan import CC-NEWS-20240101.warc.gz pages/ --corpus data/corpus
    """
    sites = None if all_hosts else known_sites(corpus, site_folders)
    report = import_files(corpus, paths, dt.datetime.now(dt.UTC), sites)
    for line in report.refused:
        click.echo(f"congdoan: {line}", err=True)
    counts = [
        f"{report.archived} records archived",
        *([f"{report.there_already} there already"] if report.there_already else []),
        f"{report.other_hosts} of other hosts and {report.not_text} that are no text left out",
        *([f"{report.unusable} damaged or unusable"] if report.unusable else []),
        f"{len(report.refused)} files or rows refused",
    ]
    click.echo(", ".join(counts) + ("; next: congdoan build" if report.archived or report.there_already else ""))
    if report.refused:
        sys.exit(DATA_AT_FAULT)
