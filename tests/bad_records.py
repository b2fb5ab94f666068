"""Work with records that are bad in every way a record can be; importable, so that workers anywhere find it."""

from __future__ import annotations

import os
import time

from pipeline.workers.limits import resident_megabytes

KILLS, RAISES, HANGS, GROWS = 13, 17, 19, 23
GROWTH_MEGABYTES = 400


def doubled(numbers: list[int]) -> list[int]:
    """Double the numbers; some kill their worker, raise, never end, or fill the memory."""
    for number in numbers:
        if number == KILLS:
            os._exit(3)
        if number == RAISES:
            raise ZeroDivisionError("số mười bảy")
        if number == HANGS:
            time.sleep(600)
        if number == GROWS:
            held = b"x" * (GROWTH_MEGABYTES << 20)
            time.sleep(600)
            del held
    return [2 * number for number in numbers]


def held(numbers: list[int]) -> list[int]:
    """Return for each number how many megabytes its worker holds."""
    return [resident_megabytes() for _ in numbers]
