"""Processes of this machine. Threads would not help: underthesea never lets go of the interpreter lock."""

from __future__ import annotations

import fcntl
import gc
import multiprocessing
import os
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import TimeoutError as FutureTimeout
from contextlib import contextmanager, suppress
from multiprocessing.context import BaseContext, ForkContext
from typing import TYPE_CHECKING, Any, Self, TypeVar

from pipeline.workers.limits import MEGABYTES_A_WORKER, death, late, watch
from pipeline.workers.loop import BatchLost, Future

if TYPE_CHECKING:
    from pebble import ProcessFuture

R = TypeVar("R")
A = TypeVar("A")


# Records are trees and die with their batch: there are hardly any cycles to look for, and looking after every 700 new
# objects took 6 % of a build's time.
_OBJECTS_BETWEEN_LOOKS = 50_000
_BATCHES_ALONE = 32  # that the first process is given before there are others: some 120 articles, two seconds
_BYTES_A_PIPE = 1 << 20  # what Linux gives to anybody; eight pages are 0.3 MB, the rows of sixteen articles 0.6


class _WidePipes(ForkContext):
    """Forked processes and pipes that hold a batch; through the usual 64 kB it goes in pieces, both ends awake."""

    def Pipe(self, duplex: bool = True) -> Any:  # noqa: N802 - its name there
        """Return the two ends of a pipe."""
        ends = super().Pipe(duplex)
        with suppress(OSError):  # a user may have only so many wide ones
            fcntl.fcntl(ends[1].fileno(), fcntl.F_SETPIPE_SZ, _BYTES_A_PIPE)
        return ends


def _context() -> BaseContext:
    """Return how processes start.

    Forked, workers share the models and lexica that were loaded before; else each loads them, 1.3 s and 80 MB.
    Elsewhere than on Linux system libraries do not bear it.
    """
    return _WidePipes() if sys.platform == "linux" else multiprocessing.get_context()


class _Processes:
    """Some processes that take their batches from one queue.

    Args:
        number: how many.
        megabytes: what one may hold in memory.
    """

    def __init__(self, number: int, megabytes: int) -> None:
        from pebble import ProcessPool  # a twentieth of a second, which nothing to do needs not

        self._number = number
        self._handed_out: list[ProcessFuture[Any]] = []
        self._pool = ProcessPool(
            max_workers=number,
            initializer=_begin,
            initargs=(os.getpid(), megabytes),
            context=_context(),
        )

    @property
    def load(self) -> float:
        """How many batches there are for each that have no answer yet."""
        self._handed_out = [future for future in self._handed_out if not future.done()]
        return len(self._handed_out) / self._number

    def submit(self, function: Callable[[list[R]], list[A]], batch: list[R], seconds: float) -> Future:
        """Have the function called with a batch by one of them."""
        future: ProcessFuture[Any] = self._pool.schedule(function, args=[batch], timeout=seconds)
        self._handed_out.append(future)
        return future

    def stop(self) -> None:
        """End them, whatever they are at."""
        self._pool.stop()  # type: ignore[no-untyped-call]
        self._pool.join()


class LocalEngine:
    """A pool of processes; one that dies, hangs or grows too large is replaced. Use as a context.

    The first works alone until there turns out to be much to do: to fork another, and what that one has to learn of
    words and pages before it is as quick, takes a third of a second of CPU time, which a refresh would not get back.

    Args:
        workers: how many processes; all cores when absent.
        megabytes: what one may hold in memory.
    """

    def __init__(self, workers: int | None = None, megabytes: int = MEGABYTES_A_WORKER) -> None:
        self.workers = workers or len(os.sched_getaffinity(0))
        self._megabytes = megabytes
        self._batches = 0
        self._processes: list[_Processes] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for processes in self._processes:
            processes.stop()

    @property
    def slots(self) -> int:
        """Two batches a worker: the next is there when one is done."""
        return 2 * self.workers

    def submit(self, function: Callable[[list[R]], list[A]], batch: list[R], seconds: float) -> Future:
        """Have the function called with a batch by one of the processes."""
        self._batches += 1
        if not self._processes:
            self._processes.append(_Processes(1, self._megabytes))
        if self._batches == _BATCHES_ALONE + 1 and self.workers > 1:
            self._processes.append(_Processes(self.workers - 1, self._megabytes))
        return min(self._processes, key=lambda some: some.load).submit(function, batch, seconds)

    def why(self, error: Exception, seconds: float) -> BatchLost:
        """Return why a batch has no answers."""
        from pebble import ProcessExpired

        if isinstance(error, FutureTimeout):
            return BatchLost(late(seconds))
        if isinstance(error, ProcessExpired):
            return BatchLost(*death(error.exitcode, self._megabytes))
        return BatchLost(f"{type(error).__name__}: {error}")

    def check(self) -> None:
        """Somebody is always there."""


def _begin(parent: int, megabytes: int) -> None:
    """Begin as a worker: what was loaded before the fork is never looked through for garbage."""
    watch(parent, megabytes)
    gc.freeze()
    look_seldom()


@contextmanager
def looking_seldom() -> Iterator[None]:
    """Have Python look for garbage in cycles as seldom as in a worker, in the block.

    What the rules of all stages are made of is a million things that live on; to look through them costs a third of
    the time that it takes to load them.
    """
    before = gc.get_threshold()
    look_seldom()
    try:
        yield
    finally:
        gc.set_threshold(*before)


def look_seldom() -> None:
    """Have Python look for garbage in cycles as seldom as in a worker."""
    gc.set_threshold(_OBJECTS_BETWEEN_LOOKS)
