"""When a site may be asked, what day it is there, and how long it wants to be left alone."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Self
from zoneinfo import ZoneInfo

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

    def opening(self, now: dt.datetime, timezone: str) -> dt.datetime:
        """Return the next moment at which the hours begin, by the clocks of the zone."""
        zone = ZoneInfo(timezone)
        today = dt.datetime.combine(day_of(now, timezone), self.begin, zone)
        return today if today > now else dt.datetime.combine(today.date() + dt.timedelta(days=1), self.begin, zone)


def day_of(now: dt.datetime, timezone: str) -> dt.date:
    """Return the day in the zone."""
    return now.astimezone(ZoneInfo(timezone)).date()


def midnight_after(now: dt.datetime, timezone: str) -> dt.datetime:
    """Return when the next day of the zone begins."""
    return dt.datetime.combine(day_of(now, timezone) + dt.timedelta(days=1), dt.time.min, ZoneInfo(timezone))


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
