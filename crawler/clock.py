"""The time that a crawl goes by, and how it passes in a pause; tests have clocks of their own."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Awaitable, Callable
from dataclasses import dataclass


def utc_now() -> dt.datetime:
    """Return the time."""
    return dt.datetime.now(dt.UTC)


@dataclass(frozen=True, slots=True)
class Clock:
    """`now` is the time, aware, of everything that is noted and archived; `rest` lets so many seconds pass."""

    now: Callable[[], dt.datetime] = utc_now
    rest: Callable[[float], Awaitable[None]] = asyncio.sleep
