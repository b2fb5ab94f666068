"""One writer at a time on a corpus; the kernel lets go of a lock when its holder dies, however it dies."""

from __future__ import annotations

import datetime as dt
import fcntl
import os
import socket
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TextIO

from crawler.storage import ArchiveUnwritable, refused_by_disk

LONGEST_COMMAND = 200  # characters of a command line that are shown; the folders of a corpus may be long

_BUILD_LOCK = "build.lock"
_held: set[TextIO] = set()


class CorpusBusy(RuntimeError):
    """Another process is at work on the corpus; the message says which, since when, and what to do."""


@contextmanager
def exclusive(lock_file: Path, at_work: str) -> Iterator[None]:
    """Hold a lock file, or refuse at once. `at_work` says what a holder does: "data/corpus is being built".

    Raises:
        CorpusBusy: another process holds it.
        ArchiveUnwritable: the folder of the lock cannot be written, or its file system has no locks.
    """
    with refused_by_disk(lock_file):
        lock_file.parent.mkdir(parents=True, exist_ok=True)
        lock = lock_file.open("a+", encoding="utf-8")
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            holder = lock.read().strip() or "another process"
            way_out = "wait for it to end, or stop it first"
            if " on " in holder and f" on {socket.gethostname()} " not in holder:  # the disk is shared
                way_out += f"; if that machine is gone for good, remove {lock_file}"
            raise CorpusBusy(f"{at_work} by {holder}; {way_out}") from None
        except OSError as error:
            raise ArchiveUnwritable(
                f"{lock_file}: the file system has no locks ({error.strerror}), so two could write at once; name a "
                "corpus on another one with --corpus"
            ) from error
        with refused_by_disk(lock_file):
            lock.truncate(0)
            lock.write(_holder())
            lock.flush()
        _held.add(lock)
        try:
            yield
        finally:
            _held.discard(lock)


def _holder() -> str:
    """Return who this process is, in words for another one's operator."""
    command = " ".join([Path(sys.argv[0]).name, *sys.argv[1:]])[:LONGEST_COMMAND]
    since = f"{dt.datetime.now(dt.UTC):%Y-%m-%d %H:%M:%S} UTC"
    return f"process {os.getpid()} on {socket.gethostname()} ({command}) since {since}"


def corpus_lock(corpus: Path) -> AbstractContextManager[None]:
    """Hold the corpus's crawl lock."""
    return exclusive(corpus / "crawl.lock", f"{corpus} is being crawled")


def build_lock(corpus: Path) -> AbstractContextManager[None]:
    """Hold the lock of who writes the corpus's tables."""
    return exclusive(corpus / _BUILD_LOCK, f"{corpus} is being built")


def is_being_built(corpus: Path) -> bool:
    """Whether somebody holds the build lock; False where that cannot be seen."""
    try:
        with (corpus / _BUILD_LOCK).open(encoding="utf-8") as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError as error:
        return isinstance(error, BlockingIOError)
    return False


def _let_go() -> None:
    """Close the locks that a forked child was born with: a worker that outlives a killed build must not hold them."""
    for lock in _held:
        lock.close()
    _held.clear()


os.register_at_fork(after_in_child=_let_go)
