"""What a test may say of speed: the CPU time of a call, far from its bound, whatever else the machine does."""

from __future__ import annotations

import time
from collections.abc import Callable

ROUNDS = 3


def least_seconds(call: Callable[[], object]) -> float:
    """Return the least CPU seconds of ROUNDS calls: a collection of garbage may fall into any one."""
    taken = []
    for _ in range(ROUNDS):
        began = time.process_time()
        call()
        taken.append(time.process_time() - began)
    return min(taken)
