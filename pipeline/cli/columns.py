"""`congdoan columns`: what each column of the tables means."""

from __future__ import annotations

from pathlib import Path

import click

from pipeline.columns import ColumnsHaveNoPlace, columns_markdown, with_columns
from pipeline.schema import TABLES


@click.command("columns", short_help="Print the columns of the tables and their meaning.")
@click.argument("tables", metavar="[TABLE]...", type=click.Choice(list(TABLES)), nargs=-1)
@click.option(
    "--into",
    type=click.Path(exists=True, dir_okay=False, writable=True, path_type=Path),
    help="Write the columns of all tables between the marker lines of this file instead of printing them.",
)
def command(tables: tuple[str, ...], into: Path | None) -> None:
    """Print the columns of TABLEs (all when none is named) with type, unit and meaning, as Markdown.

    \b
    congdoan columns figures
    """
    if into is None:
        click.echo(columns_markdown(tables or TABLES))
        return
    if tables:
        raise click.UsageError("--into writes the columns of all tables; name none")
    try:
        into.write_text(with_columns(into.read_text(encoding="utf-8")), encoding="utf-8")
    except ColumnsHaveNoPlace as error:
        raise click.ClickException(f"{into}: {error}") from error
