"""Which of the dates that a page states and shows is that of its publication."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain

from pipeline.parse.dated import dates_shown, day_in_address
from pipeline.parse.dates import DateRefused, ImpossibleDate, has_time, is_written_in_utc, puts_month_first, read_date
from pipeline.parse.layout import Reading
from pipeline.parse.tree import Tree
from pipeline.parse.unknown import stated_day
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


@dataclass(frozen=True, slots=True)
class Dates:
    """The dates of one page, as it states and shows them; those without an offset are of `zone`."""

    page: Tree
    fetched_at: dt.datetime
    zone: dt.tzinfo

    def published(self, reading: Reading, metadata: Reading, address: str | None) -> Published:
        layout = reading.origin.get("published_at", reading.layout)
        stated = metadata.origin.get("published_at", "metadata")
        sources = chain(
            ((written, layout) for written in reading.published),
            ((written, stated) for written in metadata.published),
            ((written, f"generic: {where}") for written, where in dates_shown(self.page, reading)),
        )
        # whose design is known has the date where its layout says, in the Vietnamese order: the page is not asked
        read = partial(self._read, page=self._text) if reading.layout == "generic" else self._read
        found = choose_date(sources, read)
        if found.written and is_written_in_utc(found.written):
            found = found.or_as_shown(dates_shown(self.page, reading), read)
        if found.moment is None and (day := day_in_address(address)):
            found = found.or_day(day, "address (day only)", read)
        if found.moment is None and not found.impossible and (day := stated_day(self.page.root, self.fetched_at)):
            found = found.or_day(day, "htmldate (day only)", read)
        return found

    def _text(self) -> str:
        return self.page.texts.of(self.page.root)

    def _read(self, written: str, page: Callable[[], str] = str) -> dt.datetime:
        """Read a date; `page` gives the text that may show the order of day and month, none where it is not asked."""
        month_first = puts_month_first(written, page)
        return read_date(written, fetched_at=self.fetched_at, zone=self.zone, month_first=month_first)

    def modified(self, metadata: Reading) -> dt.datetime | None:
        for written in metadata.modified:
            try:
                return self._read(written)
            except DateRefused:
                continue  # a modification date is a courtesy of the site; the next source may have a sound one
        return None
