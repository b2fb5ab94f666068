"""Folders of snapshots that are none any more: one is kept for the next commit, the others are cleared away by and by.

To make a snapshot of 100,000 files takes a file system a second per 10,000, and to delete one takes some disks minutes.
So a snapshot that goes is renamed, which is all that a build waits for, and the next commit makes its own of that
folder (`pipeline.unfinished`). Of what else was renamed so much is deleted after each build as a few seconds allow.
"""

from __future__ import annotations

import itertools
import math
import os
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

SPARE = "spare"
CLEARED = ".cleared"
SECONDS_A_BUILD = 5.0  # for deleting; who wants the room at once has `congdoan snapshots prune`


def retire(folder: Path) -> None:
    """Let a snapshot be none from now on: it is kept as the spare one, or cleared away where there is one.

    Where it shares no file with another, as on a file system without hard links, it would be of no use.

    Raises:
        OSError: the folder cannot be renamed.
    """
    spare = folder.with_name(SPARE)
    if spare.exists() or not any(path.lstat().st_nlink > 1 for path in _files(folder)):
        set_aside(folder)
    else:
        folder.rename(spare)


def set_aside(folder: Path) -> None:
    """Let a folder be cleared away.

    Raises:
        OSError: it cannot be renamed.
    """
    names = (f"{folder.stem}-{number}{CLEARED}" for number in itertools.count(1))
    folder.rename(next(path for path in map(folder.with_name, names) if not path.exists()))


def take_spare(corpus: Path, folder: Path) -> bool:
    """Rename the spare folder; say whether there was one. A link or a file of that name is removed.

    Raises:
        OSError: it cannot be renamed.
    """
    spare = corpus / "snapshots" / SPARE
    if spare.is_symlink() or not spare.is_dir():
        spare.unlink(missing_ok=True)
        return False
    spare.rename(folder)
    return True


def give_up_spare(corpus: Path) -> None:
    """Let the spare folder be cleared away too, if there is one.

    Raises:
        OSError: it cannot be renamed.
    """
    if (corpus / "snapshots" / SPARE).exists():
        set_aside(corpus / "snapshots" / SPARE)


def clear(corpus: Path, seconds: float = math.inf) -> bool:
    """Delete what is to be cleared away until the time is over, and say whether all of it is gone.

    No lock is needed: no snapshot is made of these folders, and two processes may delete in them.
    """
    until = time.monotonic() + seconds
    return all(_is_gone(str(folder), until) for folder in sorted((corpus / "snapshots").glob(f"*{CLEARED}")))


def _is_gone(folder: str, until: float) -> bool:
    """Delete a folder with all in it, as far as the disk and the time allow; of a link the link alone."""
    try:
        if os.path.islink(folder):  # noqa: PTH114
            os.unlink(folder)  # noqa: PTH108
        with os.scandir(folder) as found:
            entries = list(found)
    except OSError:
        return not os.path.lexists(folder)
    for entry in entries:
        if time.monotonic() > until:
            return False
        if entry.is_dir(follow_symlinks=False):
            if not _is_gone(entry.path, until):
                return False
        else:
            with suppress(OSError):  # gone meanwhile; or it stays, and so does its folder
                os.unlink(entry.path)  # noqa: PTH108 - a path object for each of 100,000 files costs more than the file
    with suppress(OSError):
        os.rmdir(folder)  # noqa: PTH106
    return not os.path.lexists(folder)


def _files(folder: Path) -> Iterator[Path]:
    return (Path(above) / name for above, _, names in os.walk(folder) for name in names)
