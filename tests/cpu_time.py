"""What a test may say of speed: the CPU time of a call, far from its bound, whatever else the machine does."""

from __future__ import annotations

import time
from collections.abc import Callable

ROUNDS = 3  # a collection of garbage may fall into any one call


def is_within(seconds: float, call: Callable[[], object]) -> bool:
    """Whether a call takes less CPU time than that; it is made again only where it took more."""
    return any(_seconds(call) < seconds for _ in range(ROUNDS))


def least_seconds(call: Callable[[], object]) -> float:
    """Return the least CPU seconds of ROUNDS calls."""
    return min(_seconds(call) for _ in range(ROUNDS))


def _seconds(call: Callable[[], object]) -> float:
    began = time.process_time()
    call()
    return time.process_time() - began
