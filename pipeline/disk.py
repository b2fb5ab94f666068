"""Write below a corpus so that a power cut or a full disk leaves the last snapshot whole."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# how file systems say that they have no hard links, or no symbolic ones
NO_LINKS = {errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK, errno.EXDEV}


class TablesUnwritable(RuntimeError):
    """The disk refused a write; the last snapshot is intact."""


@contextmanager
def refused_by_disk(corpus: Path) -> Iterator[None]:
    """Turn an OSError of the block into TablesUnwritable."""
    try:
        yield
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        raise TablesUnwritable(
            f"{corpus}: the new tables could not be written ({where}{error.strerror or error}); the last snapshot is "
            "intact. Make room or mend the permissions, then run `congdoan build` again."
        ) from error


def remove(path: Path) -> None:
    """Remove a file, a link or a folder with all in it, if it is there."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def write_text(path: Path, text: str) -> None:
    """Write a file that outlives a power cut."""
    path.write_text(text, encoding="utf-8")
    sync(path)


def sync(path: Path) -> None:
    """Have a file or folder on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
