"""Which of the dates that a page states and shows is that of its publication."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, replace

from pipeline.parse.dates import DateRefused, ImpossibleDate, has_time
from pipeline.records import DroppedLine

ReadDate = Callable[[str], dt.datetime]


@dataclass(frozen=True, slots=True)
class Published:
    """When a page was published, as written and where that stood; `refused` are the dates before it, with reasons.

    `impossible` is true where one of them is in no calendar or in the future: what else guesses a day would make one
    of it.
    """

    moment: dt.datetime | None = None
    written: str | None = None
    origin: str = ""
    refused: tuple[DroppedLine, ...] = ()
    impossible: bool = False

    def or_day(self, day: str, origin: str, read: ReadDate) -> Published:
        """Return the day that is told elsewhere as the publication's, unless it cannot be one."""
        try:
            return replace(self, moment=read(day), written=day, origin=origin)
        except DateRefused as why:
            return replace(self, refused=(*self.refused, _refused(day, why)))

    def or_as_shown(self, shown: Iterable[tuple[str, str]], read: ReadDate) -> Published:
        """Return the date that the page shows where it has the very hour and minute that were stated as those of
        Greenwich: some systems write Vietnamese time so."""
        if self.moment is None:
            return self
        clock = self.moment.astimezone(dt.UTC).replace(second=0, microsecond=0, tzinfo=None)
        for written, where in shown:
            with suppress(DateRefused):
                moment = read(written)
                if has_time(written) and moment.replace(second=0, tzinfo=None) == clock and moment != self.moment:
                    return replace(self, moment=moment, written=written, origin=f"generic: {where}")
        return self


def choose_date(sources: Iterable[tuple[str, str]], read: ReadDate) -> Published:
    """Return the first written date that can be the publication's, of texts with their places, the likeliest first.

    Where it is a day alone, the time of day is taken from the next that names the same day.
    """
    refused: list[DroppedLine] = []
    day: Published | None = None
    impossible = False
    for written, origin in sources:
        try:
            moment = read(written)
        except DateRefused as why:
            impossible = impossible or isinstance(why, ImpossibleDate)
            refused.append(_refused(written, why))
            continue
        if not has_time(written):
            day = day or Published(moment, written, f"{origin} (day only)")
        elif day is None or (day.moment and day.moment.date() == moment.date()):
            day = Published(moment, written, origin)
            break
    return replace(day or Published(), refused=tuple(refused), impossible=impossible)


def _refused(written: str, why: DateRefused) -> DroppedLine:
    return DroppedLine(written, f"not the publication date: {why}")
