"""One crawl at a time on a corpus."""

from __future__ import annotations

import datetime as dt
import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from crawler.storage import refused_by_disk


class CorpusBusy(RuntimeError):
    """Another crawl holds the corpus; the message says which process, since when, and what to do."""


@contextmanager
def corpus_lock(corpus: Path) -> Iterator[None]:
    """Hold the corpus's crawl lock. It goes with the process, so a killed crawl leaves none behind.

    Raises:
        CorpusBusy: another process holds it.
    """
    path = corpus / "crawl.lock"
    with refused_by_disk(path):
        corpus.mkdir(parents=True, exist_ok=True)
        lock = path.open("a+", encoding="utf-8")
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            holder = lock.read().strip() or "another process"
            raise CorpusBusy(f"{corpus} is being crawled by {holder}; wait for it to end, or stop it first") from None
        lock.truncate(0)
        lock.write(f"process {os.getpid()} since {dt.datetime.now(dt.UTC):%Y-%m-%d %H:%M:%S} UTC")
        lock.flush()
        yield
