"""The driver: hands out batches, halves a failing one until the one bad record is found, and goes on without it."""

from __future__ import annotations

import itertools
import queue
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Generic, Protocol, Self, TypeVar

R = TypeVar("R")
A = TypeVar("A")

BATCH = 8  # records handed out at once: large enough to hide the pipe, small enough to share out 60 articles
# For a batch, whatever its size: a long article takes about 1 s, so this is no slow machine but a hang. A batch of
# slow records that runs out of time is halved and gets it twice.
SECONDS_A_BATCH = 30.0
OVERSIZED_TRIES = 3  # a worker may have grown by what came before; with a new one the record has a fair chance
SECONDS_OF_SILENCE = 10.0  # after which the engine is asked whether it is still there


@dataclass(frozen=True, slots=True)
class Failure(Generic[R]):
    """A record that killed its worker, ran out of time or raised, and how."""

    record: R
    detail: str


class BatchLost(Exception):
    """A batch that has no answers, and why. `oversized`: because its worker had grown too large."""

    def __init__(self, detail: str, oversized: bool = False) -> None:
        super().__init__(detail, oversized)
        self.detail = detail
        self.oversized = oversized


class EngineLost(RuntimeError):
    """There is nobody left to do the work, or nobody who does it as this code would; no record is at fault."""


class Future(Protocol):
    """A batch being worked on. Futures of pebble and of Dask are such."""

    def result(self) -> Any:
        """Return the answers."""

    def cancel(self) -> Any:
        """Have nobody work on it any more."""

    def add_done_callback(self, callback: Callable[[Any], Any]) -> Any:
        """Call with the future when it is done."""


class Engine(Protocol):
    """Where work is done. Use as a context: it lets go of its processes at the end."""

    def __enter__(self) -> Self:
        """Return it."""

    def __exit__(self, *_: object) -> None:
        """Let go of its processes."""

    @property
    def slots(self) -> int:
        """How many batches to have handed out."""

    def submit(self, function: Callable[[list[R]], list[A]], batch: list[R], seconds: float) -> Future:
        """Have the function called with a batch by somebody, who is stopped after so many seconds."""

    def why(self, error: Exception, seconds: float) -> BatchLost:
        """Return why a batch, which had so many seconds, has no answers.

        Raises:
            EngineLost: it is not the batch's fault.
        """

    def check(self) -> None:
        """Look whether somebody is there.

        Raises:
            EngineLost: nobody is.
        """


@dataclass(frozen=True, slots=True)
class _Batch(Generic[R]):
    records: list[R]
    tries: int = 1


def map_records(
    function: Callable[[list[R]], list[A]],
    records: Iterable[R],
    engine: Engine,
    *,
    seconds: float = SECONDS_A_BATCH,
    size: int = BATCH,
) -> Iterator[A | Failure[R]]:
    """Yield `function`'s answer for each record, or its Failure, in no promised order.

    `function` takes a list of records and returns one answer each; it is pickled by name. A batch that fails, or
    takes more than `seconds`, is halved until the one bad record is found. Records are read as workers ask for them,
    never all at once. A consumer that stops early stops the work.

    Raises:
        EngineLost: nobody is left to do the work.
    """
    source = iter(records)
    again: deque[_Batch[R]] = deque()
    running: dict[Future, _Batch[R]] = {}
    done: queue.SimpleQueue[Future] = queue.SimpleQueue()
    try:
        while True:
            while len(running) < engine.slots:
                batch = again.popleft() if again else _Batch(list(itertools.islice(source, size)))
                if not batch.records:
                    break
                future = engine.submit(function, batch.records, seconds)
                running[future] = batch
                future.add_done_callback(done.put)
            if not running:
                return
            future = _next(done, engine)
            batch = running.pop(future)
            try:
                answers = future.result()
            except Exception as error:  # noqa: BLE001 - whatever a record does to its worker
                lost = engine.why(error, seconds)
                smaller = _smaller(batch, lost)
                again.extend(smaller)
                if not smaller:
                    yield Failure(batch.records[0], lost.detail)
            else:
                yield from answers
    finally:
        for future in running:
            future.cancel()


def _next(done: queue.SimpleQueue[Future], engine: Engine) -> Future:
    while True:
        try:
            return done.get(timeout=SECONDS_OF_SILENCE)
        except queue.Empty:
            engine.check()


def _smaller(batch: _Batch[R], lost: BatchLost) -> list[_Batch[R]]:
    """Return what to try next: halves; of one record the same again if it may not be to blame; else nothing."""
    half = len(batch.records) // 2
    if half:
        return [_Batch(batch.records[:half]), _Batch(batch.records[half:])]
    return [_Batch(batch.records, batch.tries + 1)] if lost.oversized and batch.tries < OVERSIZED_TRIES else []
