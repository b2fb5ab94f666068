"""`congdoan check`: the invariants of tables and archive."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from pipeline.check import problems
from pipeline.cli.failures import DATA_AT_FAULT
from pipeline.cli.options import corpus_option, talk
from pipeline.query import open_corpus


@click.command("check")
@corpus_option
def command(corpus: Path) -> None:
    """Prove the invariants: ids resolve, offsets slice, every capture is accounted for, the archive is whole.

    \b
    congdoan check --corpus data/corpus
    """
    with talk.status("checking tables and archive"):
        found = list(problems(open_corpus(corpus)))
    for line in found:
        click.echo(line)
    if found:
        sys.exit(DATA_AT_FAULT)
    click.echo("tables and archive are whole")
