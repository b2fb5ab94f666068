"""Work handed out to processes, so that one record that crashes, hangs or raises costs only itself.

Threads would not help: underthesea never lets go of the interpreter lock.
"""

from __future__ import annotations

import itertools
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import TimeoutError as FutureTimeout
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from pebble import ProcessExpired, ProcessPool

R = TypeVar("R")
A = TypeVar("A")

BATCH = 8  # records handed out at once: large enough to hide the pipe, small enough to share out 60 articles
SECONDS_A_RECORD = 30.0  # a long article takes about 1 s; thirty times that is no slow machine but a hang


@dataclass(frozen=True, slots=True)
class Failure(Generic[R]):
    """A record that killed its worker, ran out of time or raised, and how."""

    record: R
    detail: str


def map_records(function: Callable[[list[R]], list[A]], records: Iterable[R], workers: int) -> Iterator[A | Failure[R]]:
    """Yield `function`'s answer for each record, or its Failure, in no promised order.

    `function` takes a list of records and returns one answer each; it is pickled by name. A batch that fails is
    halved until the one bad record is found. Records are read as workers ask for them, never all at once.
    """
    source = iter(records)
    halves: deque[list[R]] = deque()
    running: deque[tuple[list[R], Any]] = deque()
    with ProcessPool(max_workers=workers) as pool:
        while True:
            while len(running) < 2 * workers:
                batch = halves.popleft() if halves else list(itertools.islice(source, BATCH))
                if not batch:
                    break
                running.append((batch, pool.schedule(function, args=[batch], timeout=SECONDS_A_RECORD * len(batch))))
            if not running:
                return
            batch, future = running.popleft()
            try:
                yield from future.result()
            except (Exception, ProcessExpired) as error:  # noqa: BLE001 - whatever a record does to its worker
                if len(batch) > 1:
                    half = len(batch) // 2
                    halves.extend([batch[:half], batch[half:]])
                else:
                    yield Failure(batch[0], _reason(error))


def _reason(error: BaseException) -> str:
    if isinstance(error, FutureTimeout):
        return f"no answer in {SECONDS_A_RECORD:.0f} s"
    if isinstance(error, ProcessExpired):
        return f"the worker died (exit code {error.exitcode})"
    return f"{type(error).__name__}: {error}"
