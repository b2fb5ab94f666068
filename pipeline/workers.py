"""Work handed out to processes, so that one record that crashes, hangs or raises costs only itself.

Threads would not help: underthesea never lets go of the interpreter lock.
"""

from __future__ import annotations

import itertools
import os
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import TimeoutError as FutureTimeout
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from pebble import ProcessExpired, ProcessPool

R = TypeVar("R")
A = TypeVar("A")

BATCH = 8  # records handed out at once: large enough to hide the pipe, small enough to share out 60 articles
# For a batch, whatever its size: a long article takes about 1 s, so this is no slow machine but a hang. A batch of
# slow records that runs out of time is halved and gets it twice.
SECONDS_A_BATCH = 30.0
SECONDS_BETWEEN_LOOKS = 0.25  # how long a worker may outlive a build that was killed


@dataclass(frozen=True, slots=True)
class Failure(Generic[R]):
    """A record that killed its worker, ran out of time or raised, and how."""

    record: R
    detail: str


def map_records(
    function: Callable[[list[R]], list[A]],
    records: Iterable[R],
    workers: int,
    *,
    seconds: float = SECONDS_A_BATCH,
) -> Iterator[A | Failure[R]]:
    """Yield `function`'s answer for each record, or its Failure, in no promised order.

    `function` takes a list of records and returns one answer each; it is pickled by name. A batch that fails, or
    takes more than `seconds`, is halved until the one bad record is found. Records are read as workers ask for them,
    never all at once. A consumer that stops early stops the workers.
    """
    source = iter(records)
    halves: deque[list[R]] = deque()
    running: deque[tuple[list[R], Any]] = deque()
    pool = ProcessPool(max_workers=workers, initializer=_die_with_parent, initargs=(os.getpid(),))
    try:
        while True:
            while len(running) < 2 * workers:
                batch = halves.popleft() if halves else list(itertools.islice(source, BATCH))
                if not batch:
                    break
                running.append((batch, pool.schedule(function, args=[batch], timeout=seconds)))
            if not running:
                return
            batch, future = running.popleft()
            try:
                answers = future.result()
            except (Exception, ProcessExpired) as error:  # noqa: BLE001 - whatever a record does to its worker
                if len(batch) > 1:
                    half = len(batch) // 2
                    halves.extend([batch[:half], batch[half:]])
                else:
                    yield Failure(batch[0], _reason(error, seconds))
            else:
                yield from answers
    finally:
        pool.stop()  # type: ignore[no-untyped-call]
        pool.join()


def _reason(error: BaseException, seconds: float) -> str:
    if isinstance(error, FutureTimeout):
        return f"no answer in {seconds:.0f} s"
    if isinstance(error, ProcessExpired):
        return f"the worker died (exit code {error.exitcode})"
    return f"{type(error).__name__}: {error}"


def _die_with_parent(parent: int) -> None:
    """Watch the process that started this worker: `kill -9` of a build would leave its workers waiting for ever."""
    threading.Thread(target=_watch, args=[parent], name="parent-watch", daemon=True).start()


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(SECONDS_BETWEEN_LOOKS)
    os._exit(1)
