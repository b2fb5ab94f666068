"""Options that several commands share."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click
from rich.console import Console
from rich.status import Status
from rich.text import Text

from crawler.sites import Sites

F = TypeVar("F", bound=Callable[..., Any])

_UNFOLDED = 100_000  # characters

talk = Console(stderr=True, highlight=False)  # talk and progress; results go to stdout


def warn(line: str) -> None:
    """Print a warning on stderr: one line, whatever signs are in it."""
    talk.print(line, markup=False, soft_wrap=True)


def telling(status: Status) -> Callable[[str], None]:
    """Return what shows a line of progress in a status, and lets warnings stay."""

    def tell(line: str) -> None:
        if line.startswith("warning: "):
            warn(line)
        else:
            status.update(Text(line))

    return tell


def results_console() -> Console:
    """Return the console for results: as wide as the terminal; in a pipe, wide enough that no cell is folded."""
    return Console(highlight=False, width=None if sys.stdout.isatty() else _UNFOLDED)


def corpus_option(command: F) -> F:
    """Add `--corpus DIR`."""
    return click.option(
        "--corpus",
        type=click.Path(file_okay=False, path_type=Path),
        default=Path("data/corpus"),
        envvar="CONGDOAN_CORPUS",
        show_default=True,
        show_envvar=True,
        help="The folder of the corpus.",
    )(command)


def sites_option(command: F) -> F:
    """Add `--sites DIR`."""
    return click.option(
        "--sites",
        "site_folders",
        type=click.Path(exists=True, file_okay=False, path_type=Path),
        multiple=True,
        help="A folder of site profiles of your own, besides those shipped and those in CORPUS/sites.",
    )(command)


def known_sites(corpus: Path | None, folders: tuple[Path, ...]) -> Sites:
    """Return the shipped profiles, those of the corpus where there is one, and those of `--sites`."""
    own = (corpus / "sites",) if corpus is not None and (corpus / "sites").is_dir() else ()
    return Sites((*own, *folders))


class Day(click.ParamType[dt.date]):
    """A day as YYYY-MM-DD."""

    name = "YYYY-MM-DD"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> dt.date:
        if isinstance(value, dt.date):
            return value
        try:
            return dt.date.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is no day; write it as 2023-01-31", param, ctx)
