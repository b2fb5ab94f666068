"""The link `tables`, which says what snapshot is committed; a copy of it where the file system has no links."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

from pipeline.disk import NO_LINKS, refused_by_disk, remove, sync, write_text
from pipeline.snapshots import MANIFEST, POINTER, Snapshot, folder_of

Tell = Callable[[str], None]


def swap_link(corpus: Path, number: int, tell: Tell = lambda _line: None) -> None:
    """Let `tables` be a snapshot from now on, by one rename.

    Where the file system has no links, a small file has its number and `tables` is a copy: a reader by glob may find
    it gone for the moment of two renames.
    """
    link, pointer = corpus / "tables", corpus / "snapshots" / POINTER
    fresh, old = link.with_name("tables.new"), link.with_name("tables.old")
    target = Path("snapshots") / folder_of(corpus, number).name
    remove(fresh)
    try:
        fresh.symlink_to(target)
    except OSError as error:
        if error.errno not in NO_LINKS:
            raise
        tell(f"warning: {corpus}: no symbolic links here ({error.strerror}): tables is a copy of the snapshot")
        write_text(pointer.with_suffix(".new"), str(number))
        pointer.with_suffix(".new").replace(pointer)
        shutil.copytree(corpus / target, fresh, copy_function=_linked_or_copied)
    if link.is_dir() and not link.is_symlink():  # a copy stands in the place of the link
        remove(old)
        link.rename(old)
    fresh.replace(link)
    remove(old)
    if link.is_symlink():
        pointer.unlink(missing_ok=True)
    sync(corpus)


def mend_link(snapshot: Snapshot, tell: Tell = lambda _line: None) -> bool:
    """Let `tables` be a snapshot where nothing or another copy stands there, as after a kill or a careless copy.

    Returns whether that was so.
    """
    link, pointer = snapshot.corpus / "tables", snapshot.corpus / "snapshots" / POINTER
    folder = folder_of(snapshot.corpus, snapshot.number)
    is_there = link.is_symlink() or (pointer.is_file() and _is_copy(link, folder))
    if is_there or not folder.is_dir():
        return False
    with refused_by_disk(snapshot.corpus):
        swap_link(snapshot.corpus, snapshot.number, tell)
    return True


def _is_copy(folder: Path, of: Path) -> bool:
    """Whether a folder is a copy of a snapshot, and not of an earlier one, by what it says of itself."""
    try:
        return (folder / MANIFEST).read_bytes() == (of / MANIFEST).read_bytes()
    except OSError:
        return False


def _linked_or_copied(source: str, target: str) -> None:
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)
