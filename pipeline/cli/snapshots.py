"""`congdoan snapshots`: the committed states of the tables that are kept; see, compare, keep and clear them away."""

from __future__ import annotations

from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.table import Table

from pipeline.cli.options import corpus_option, results_console, talk, warn

if TYPE_CHECKING:
    from pipeline.snapshots import Snapshot

_AT = click.argument("at", metavar="SNAPSHOT")
_CORPUS = click.option(  # after the subcommand too, as with all other commands
    "--corpus",
    type=click.Path(file_okay=False, path_type=Path),
    default=lambda: click.get_current_context().obj,
    show_default="as for all commands",
    help="The folder of the corpus.",
)


@click.group("snapshots", invoke_without_command=True, short_help="List, compare, name and clear states of the tables.")
@corpus_option
@click.pass_context
def command(context: click.Context, corpus: Path) -> None:
    """List the snapshots of the tables. A SNAPSHOT is a number, a name that it is kept by, or a day (the last by then).

    A build keeps the newest three, the last of each of the last seven days with one, named ones, and those being read.

    \b
    congdoan snapshots
    congdoan snapshots diff 41 42
    congdoan snapshots keep 42 paper-2026
    """
    context.obj = corpus
    if context.invoked_subcommand is None:
        _list(corpus)


@command.command("list")
@_CORPUS
def list_(corpus: Path) -> None:
    """List the snapshots, oldest first, and why each is kept.

    \b
    congdoan snapshots list
    """
    _list(corpus)


def _list(corpus: Path) -> None:
    from pipeline.retention import kept

    table = Table("snapshot", "committed (UTC)", "articles", "figures", "own bytes", "kept because")
    before: set[str] = set()
    for each in kept(corpus):
        at = each.snapshot.committed_at
        table.add_row(
            str(each.snapshot.number),
            f"{at:%Y-%m-%d %H:%M:%S}" if at else "",
            *_counts(each.snapshot, before),
            ", ".join(each.reasons) or "cleared away by the next build",
        )
    if table.rows:
        results_console().print(table)
    else:
        click.echo(f"{corpus}: no snapshots; `congdoan build` commits the first")


def _counts(snapshot: Snapshot, before: set[str]) -> tuple[str, str, str]:
    """Return how many articles and figures a snapshot has, and the bytes of the files that are not in `before`."""
    from pipeline.snapshots import TablesUnreadable

    try:
        files = snapshot.all_files()
    except TablesUnreadable:  # `congdoan snapshots show` says why
        return ("not readable", "", "")
    rows = {name: sum(file.rows for table, file in files if table == name) for name in ("articles", "figures")}
    own = sum(file.bytes for _, file in files if file.sha256 not in before)
    before |= {file.sha256 for _, file in files}
    return f"{rows['articles']:,}", f"{rows['figures']:,}", f"{own:,}"


@command.command("show", short_help="Show one: rows, files, bytes, versions.")
@_AT
@_CORPUS
def show(corpus: Path, at: str) -> None:
    """Show one snapshot: rows, files and bytes of each table, and the versions that made it.

    \b
    congdoan snapshots show 42
    """
    from pipeline.retention import snapshot_at
    from pipeline.schema import TABLES
    from pipeline.snapshot_names import names

    snapshot = snapshot_at(corpus, at)
    files = snapshot.all_files()
    table = Table("table", "rows", "files", "bytes")
    for name in TABLES:
        own = [file for table_, file in files if table_ == name]
        table.add_row(
            name, f"{sum(file.rows for file in own):,}", f"{len(own):,}", f"{sum(file.bytes for file in own):,}"
        )
    console = results_console()
    click.echo(f"snapshot {snapshot.number}, committed {snapshot.committed_at}, {snapshot.folder}")
    if kept_as := names(snapshot.folder):
        click.echo(f"kept as {', '.join(kept_as)}")
    console.print(table)
    console.print(
        f"written by congdoan {snapshot.manifest.get('congdoan')}, schema {snapshot.manifest['schema_version']}"
    )
    for stage, version in snapshot.manifest.get("versions", {}).items():
        console.print(f"{stage}: {version}")


@command.command("diff", short_help="Count the rows that two do not share.")
@click.argument("old", metavar="OLD")
@click.argument("new", metavar="NEW")
@_CORPUS
def diff(corpus: Path, old: str, new: str) -> None:
    """Count the rows that two snapshots do not share, and name the columns in which rows changed.

    \b
    congdoan snapshots diff 2026-11-01 42
    """
    from pipeline.differences import differences
    from pipeline.retention import snapshot_at

    table = Table("table", "added", "removed", "changed", "in columns")
    for each in differences(snapshot_at(corpus, old), snapshot_at(corpus, new)):
        columns = ", ".join(f"{name} {count:,}" for name, count in each.columns)
        table.add_row(each.table, f"{each.added:,}", f"{each.removed:,}", f"{each.changed:,}", columns)
    results_console().print(table if table.rows else "the same rows")


@command.command("keep", short_help="Keep one for good under a name.")
@_AT
@click.argument("name")
@click.option("--release", "let_go", is_flag=True, help="Take the name away instead.")
@_CORPUS
def keep_(corpus: Path, at: str, name: str, let_go: bool) -> None:
    """Keep a snapshot for good under a NAME, such as that of the paper whose numbers come from it.

    \b
    congdoan snapshots keep 42 paper-2026
    open_corpus("data/corpus", at="paper-2026")
    """
    from pipeline.retention import keep, release, snapshot_at

    with _locked(corpus):
        snapshot = snapshot_at(corpus, at)
        (release if let_go else keep)(snapshot, name)
    click.echo(f"snapshot {snapshot.number} is {'no longer ' if let_go else ''}kept as {name}")


@command.command("prune", short_help="Clear away what nothing keeps.")
@click.option("--newest", type=click.IntRange(1), default=3, show_default=True, help="Keep so many newest ones.")
@click.option("--days", type=click.IntRange(0), default=7, show_default=True, help="And the last of so many days.")
@_CORPUS
def prune_(corpus: Path, newest: int, days: int) -> None:
    """Clear away the snapshots that nothing keeps; never one with a name, nor one that is being read on this machine.

    Builds do so too, but delete for some seconds only, and keep the folder of one for the next snapshot. This makes all
    the room at once.

    \b
    congdoan snapshots prune --newest 1 --days 0
    """
    from pipeline.cleared import clear, give_up_spare
    from pipeline.disk import refused_by_disk
    from pipeline.retention import prune

    with _locked(corpus):
        removed = prune(corpus, newest, days)
        with refused_by_disk(corpus):
            give_up_spare(corpus)
    with talk.status("deleting"):
        is_gone = clear(corpus)
    if not is_gone:
        warn(f"warning: {corpus / 'snapshots'}: files of cleared snapshots cannot be deleted")
    click.echo(f"cleared away: {', '.join(map(str, removed)) or 'none'}")


def _locked(corpus: Path) -> AbstractContextManager[None]:
    """Hold the lock of a corpus that has snapshots: no folder is made where somebody mistyped its name."""
    from crawler.lock import build_lock

    if not (corpus / "snapshots").is_dir():
        raise click.UsageError(f"{corpus}: no snapshots; `congdoan build` commits the first")
    return build_lock(corpus)
