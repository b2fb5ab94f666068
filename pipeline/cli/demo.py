"""`congdoan demo`: the whole way through, on a newspaper of our own."""

from __future__ import annotations

from pathlib import Path

import click
from rich.console import Console

from pipeline.cli.options import talk
from pipeline.demo.story import play


@click.command("demo", short_help="Play two days of a bundled newspaper: crawl, build, ask.")
@click.option(
    "--corpus",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("data/demo-corpus"),
    show_default=True,
    help="Where the demo's corpus goes; an earlier demo there is replaced.",
)
def command(corpus: Path) -> None:
    """Crawl the bundled newspaper on loopback, build the tables, show what they say; then play the next day.

    \b
    congdoan demo
    """
    play(corpus, Console(highlight=False), talk)
