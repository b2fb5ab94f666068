"""When a site may be asked, how often a day, and how long it wants to be left alone."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Self
from zoneinfo import ZoneInfo

from crawler.runlog import RunLog

_HOURS = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)")


@dataclass(frozen=True, slots=True)
class Hours:
    """A part of each day in some zone: `begin` to `end`, end exclusive; over midnight where `end` is the earlier."""

    begin: dt.time
    end: dt.time

    @classmethod
    def read(cls, text: str) -> Self:
        """Read "22:00-06:00"; refuses (ValueError) another form, and a day of no length."""
        match = _HOURS.fullmatch(text)
        if match is None or text[:5] == text[6:]:
            raise ValueError('hours of the day such as "22:00-06:00"')
        begin_hour, begin_minute, end_hour, end_minute = map(int, match.groups())
        return cls(dt.time(begin_hour, begin_minute), dt.time(end_hour, end_minute))

    def hold(self, now: dt.datetime, timezone: str) -> bool:
        """Whether a moment is inside the hours, by the clocks of the zone."""
        time = now.astimezone(ZoneInfo(timezone)).time()
        if self.begin < self.end:
            return self.begin <= time < self.end
        return time >= self.begin or time < self.end


@dataclass(slots=True)
class DayCount:
    """The requests of a day, by the calendar of a zone."""

    timezone: str
    day: dt.date
    requests: int

    def add(self, now: dt.datetime) -> None:
        """Count a request; the first of a new day begins at nought."""
        self._turn(now)
        self.requests += 1

    def at(self, now: dt.datetime) -> int:
        """Return the requests of the day so far."""
        self._turn(now)
        return self.requests

    def _turn(self, now: dt.datetime) -> None:
        if (today := day_of(now, self.timezone)) != self.day:
            self.day, self.requests = today, 0


def day_of(now: dt.datetime, timezone: str) -> dt.date:
    """Return the day in the zone."""
    return now.astimezone(ZoneInfo(timezone)).date()


def requests_today(runs: Iterable[RunLog], site: str, now: dt.datetime, timezone: str, unwritten: int) -> DayCount:
    """Count the requests that earlier runs sent to the site today, rather too many than too few.

    A run over midnight counts whole. A killed run counts on the day it began, with the `unwritten` requests that
    it may have sent after it last wrote its log.
    """
    today, requests = day_of(now, timezone), 0
    for run in runs:
        ends = (run.started_at, run.finished_at or run.started_at)
        if run.site == site and today in [day_of(end, timezone) for end in ends]:
            requests += run.requests + (unwritten if run.finished_at is None else 0)
    return DayCount(timezone, today, requests)


def seconds_to_wait(retry_after: str, now: dt.datetime) -> float | None:
    """Return the seconds that a Retry-After header asks for, by number or by date; None for what is neither."""
    text = retry_after.strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])  # thirty years; more digits add nothing
    try:
        until = parsedate_to_datetime(text)
    except ValueError:
        return None
    return max(0.0, (until.replace(tzinfo=until.tzinfo or dt.UTC) - now).total_seconds())
