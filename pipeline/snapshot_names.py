"""The names that a snapshot is kept by: a file in its folder, one a line."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

NAMES_FILE = "kept"


def names(folder: Path | None) -> list[str]:
    """Return the names that the snapshot in a folder is kept by."""
    path = None if folder is None else folder / NAMES_FILE
    return path.read_text(encoding="utf-8", errors="replace").split() if path is not None and path.is_file() else []


def write_names(folder: Path, some: Iterable[str]) -> None:
    """Keep the snapshot in a folder by these names and no others.

    Raises:
        OSError: the disk is full or not writable.
    """
    path = folder / NAMES_FILE
    path.with_suffix(".new").write_text("".join(f"{name}\n" for name in dict.fromkeys(some)), encoding="utf-8")
    path.with_suffix(".new").replace(path)
