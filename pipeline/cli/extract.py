"""`congdoan extract`: read pages or texts without a corpus."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Iterator
from pathlib import Path

import click

from crawler.sites import Sites
from pipeline.cli.failures import DATA_AT_FAULT
from pipeline.cli.options import known_sites, sites_option
from pipeline.document import read_input, to_json
from pipeline.inputs import Input, NotImported, of_bytes, read_inputs
from pipeline.parse import PageNotUnderstood


@click.command("extract", short_help="Read pages or texts and print JSON; needs no corpus.")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--explain", is_flag=True, help="Also print what was looked at and refused, each with its reason.")
@sites_option
def command(paths: tuple[Path, ...], explain: bool, site_folders: tuple[Path, ...]) -> None:
    """Read pages or texts and print one JSON object a document: text, movements, figures.

    PATHS are .html or .txt files, .jsonl rows with `id` and `text` or `html` (+ `url`), or - for standard input.

    \b
    congdoan extract page.html | jq .figures
    congdoan extract --explain page.html | jq .refused_figures
    """
    sites = known_sites(None, site_folders)
    now = dt.datetime.now(dt.UTC)
    refused = 0
    for path in paths:
        try:
            for document in _documents(path):
                refused += not _printed(document, sites, now, explain)
        except NotImported as refusal:
            refused += not _printed(refusal, sites, now, explain)
    if refused:
        sys.exit(DATA_AT_FAULT)


def _documents(path: Path) -> Iterator[Input | NotImported]:
    if path == Path("-"):
        yield of_bytes(sys.stdin.buffer.read(), path)
    else:
        yield from read_inputs(path)


def _printed(document: Input | NotImported, sites: Sites, now: dt.datetime, explain: bool) -> bool:
    """Print a document's JSON line, or say on stderr why there is none."""
    if isinstance(document, NotImported):
        click.echo(f"congdoan: {document}", err=True)
        return False
    try:
        click.echo(to_json(read_input(document, sites, now), explain=explain))
    except PageNotUnderstood as refusal:
        click.echo(f"congdoan: {document.where}: {refusal.reason}: {refusal.detail}", err=True)
        return False
    return True
