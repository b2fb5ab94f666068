"""One writer at a time on a corpus; the kernel lets go of the lock when its holder dies, however it dies."""

from __future__ import annotations

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path


class CorpusLocked(RuntimeError):
    """Another writer works on the corpus."""


@contextlib.contextmanager
def exclusive(lock: Path) -> Iterator[None]:
    """Hold the lock file, or refuse at once and say who holds it.

    Raises:
        CorpusLocked: naming the process that holds it.
    """
    lock.parent.mkdir(parents=True, exist_ok=True)
    with lock.open("a+", encoding="ascii") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            held.seek(0)
            holder = held.read().strip() or "unknown"
            raise CorpusLocked(f"{lock}: process {holder} is at work on this corpus; wait for it or stop it") from None
        held.truncate(0)
        held.write(str(os.getpid()))
        held.flush()
        yield
