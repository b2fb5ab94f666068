"""How far a long piece of work is: one line with a bar, the rate, what was dropped and the time that is left."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from pipeline.workers.loop import Failure

A = TypeVar("A")

_SECONDS_BETWEEN_LINES = 0.5
_WIDTH = 20  # of the bar
_TOO_EARLY = 0.005  # share of the work; before that nobody can say how long it takes


class Progress:
    """Counts answers as they come and tells, twice a second, how far the work is.

    Args:
        what: what is counted: "captures", "articles".
        tell: takes the line.
        total: how many there are, or a function that returns the share that is done, 0 to 1.
        is_drop: which answers count as dropped, besides failures.
        clock: seconds; of the process that shows them.
    """

    def __init__(
        self,
        what: str,
        tell: Callable[[str], None],
        total: int | Callable[[], float],
        *,
        is_drop: Callable[[object], bool] = lambda _answer: False,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._what, self._tell, self._total, self._is_drop, self._clock = what, tell, total, is_drop, clock
        self._began = self._told = clock()
        self.done = 0
        self.dropped = 0

    def watch(self, answers: Iterable[A]) -> Iterator[A]:
        """Yield the answers and tell of them."""
        for answer in answers:
            self.done += 1
            self.dropped += isinstance(answer, Failure) or self._is_drop(answer)
            if self._clock() - self._told >= _SECONDS_BETWEEN_LINES:
                self._told = self._clock()
                self._tell(self.line())
            yield answer

    def line(self) -> str:
        """Return the line."""
        seconds = max(self._clock() - self._began, 1e-9)
        share = self._total() if callable(self._total) else self.done / max(self._total, 1)
        share = min(max(share, 0.0), 1.0)
        of = "" if callable(self._total) else f" of {self._total:,}"
        bar = ("━" * round(share * _WIDTH)).ljust(_WIDTH, "─")
        left = f", {_span(seconds * (1 - share) / share)} left" if share >= _TOO_EARLY else ""
        return (
            f"{bar} {share:4.0%}  {self.done:,}{of} {self._what}, {self.done / seconds:,.0f} a second, "
            f"{self.dropped:,} dropped{left}"
        )


def _span(seconds: float) -> str:
    """Return a time for people: 45 s, 12 min, 3 h 20 min."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 90 else f"{minutes // 60} h {minutes % 60:02d} min"
