"""Where the archive lies on the disk, and what is raised when the disk refuses."""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ARCHIVE = "archive"  # the corpus's folder of WARC files, a folder a site

# Part of a file name: a site's name or a run id, never anything read from a page.
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")


class ArchiveUnwritable(OSError):
    """The archive cannot be written; the message is one line: what, where, what to do. Nothing before it is lost."""


@contextmanager
def refused_by_disk(path: Path) -> Iterator[None]:
    """Turn an OSError of the block into an ArchiveUnwritable that names `path` and the way out."""
    try:
        yield
    except ArchiveUnwritable:
        raise
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            advice = "free some space and run the same command again"
        else:
            advice = "make the folder writable, or name another one with --corpus"
        reason = error.strerror or str(error)
        raise ArchiveUnwritable(f"cannot write {path}: {reason}; {advice}. What is archived is kept.") from error


def site_folder(corpus: Path, site: str) -> Path:
    """Return `<corpus>/archive/<site>`. Refuses (ValueError) a site that is no plain name."""
    if not _NAME.fullmatch(site):
        raise ValueError(f"{site!r} cannot name a folder of the archive: expected letters, digits, '_' and '-'")
    return corpus / ARCHIVE / site


def site_of_host(host: str) -> str:
    """Return the site name of a host without a profile: "tin.vinhkhe.vn:8080" is "tin_vinhkhe_vn_8080"."""
    return re.sub(r"[^a-z0-9]+", "_", host.lower()).strip("_")


def write_atomically(path: Path, text: str) -> None:
    """Write a small file so that a reader or a kill sees the old text or the new one.

    Raises:
        ArchiveUnwritable: the disk refuses.
    """
    unfinished = path.with_name(path.name + ".tmp")
    with refused_by_disk(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        with unfinished.open("w", encoding="utf-8") as out:
            out.write(text)
            out.flush()
            os.fsync(out.fileno())
        unfinished.replace(path)
