"""Readers that know nothing of leases: DuckDB, pandas and Polars open a snapshot's files by their paths.

While a question of theirs runs, some file of the snapshot is open, and the others must not go before it comes to them.
Linux tells which files are open; of processes of other users, and elsewhere, nobody knows.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

_PROCESSES = Path("/proc")


def folders_in_use(parent: Path) -> set[str]:
    """Return the names of those folders right below `parent` in which another process has a file open."""
    above = f"{parent.resolve()}{os.sep}"
    return {path.removeprefix(above).partition(os.sep)[0] for path in _open_files() if path.startswith(above)}


def _open_files() -> Iterator[str]:
    own = str(os.getpid())
    for process in _all_in(_PROCESSES):
        if process.name.isdecimal() and process.name != own:
            for descriptor in _all_in(process / "fd"):
                try:
                    yield str(descriptor.readlink())
                except OSError:  # closed meanwhile
                    continue


def _all_in(folder: Path) -> list[Path]:
    """Return what a folder holds: nothing of a process that has ended, or that is another user's."""
    try:
        return list(folder.iterdir())
    except OSError:
        return []
