"""Which undated articles are newer than wanted, by their numbers: papers number articles as they are begun.

A listing without dates shows the newest first; who wants an old month would fetch all that came after it, only to read
the dates. A few articles of each page, read first, say where the numbers of that month end.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field

from crawler.dated import BEGUN_BEFORE
from crawler.known import KnownArticle

PROBES = 3  # articles of a page that are read first, at the quarters of its numbers: a pinned one is at neither
FEWEST_LEARNED = 3  # dated numbers from which it is believed that they grow with time


@dataclass(slots=True)
class Numbering:
    """What the numbers of a site's articles say of their dates, learned from articles that were read.

    An article published BEGUN_BEFORE or more after `until` was begun after it, and so were all of higher numbers. Two
    numbers side by side whose dates are the other way round, by more than that, end the trust in numbers.
    """

    until: dt.datetime  # the first moment no longer wanted
    grows: bool = True  # numbers with time, as far as is known
    lowest_begun_after: int | None = None
    _read: list[tuple[int, dt.datetime]] = field(default_factory=list)  # by number

    def learn(self, id_: str, published: dt.datetime | None) -> None:
        """Learn from an article whose own page was read."""
        if published is None or not id_.isdecimal():
            return
        number = int(id_)
        place = bisect_left(self._read, (number, published))
        if place and self._read[place - 1][1] - published > BEGUN_BEFORE:
            self.grows = False
        if place < len(self._read) and published - self._read[place][1] > BEGUN_BEFORE:
            self.grows = False
        self._read.insert(place, (number, published))
        if published - self.until >= BEGUN_BEFORE:
            lowest = self.lowest_begun_after
            self.lowest_begun_after = number if lowest is None else min(number, lowest)

    def is_newer(self, article: KnownArticle) -> bool:
        """Whether an article without a date is newer than wanted."""
        if article.published is not None or not article.id.isdecimal() or not self.grows:
            return False
        lowest = self.lowest_begun_after
        return lowest is not None and len(self._read) >= FEWEST_LEARNED and int(article.id) > lowest

    def reaches(self, probes: Sequence[KnownArticle | None]) -> bool:
        """Whether a listing has come, by the articles of a page that were read first, to what is wanted."""
        dates = [article.published for article in probes if article is not None and article.published is not None]
        return any(date - self.until < BEGUN_BEFORE for date in dates)


def probes_among(articles: Sequence[KnownArticle]) -> list[KnownArticle] | None:
    """Return the articles of a page to read first; None where too few are without date and with a number."""
    undated = [article for article in articles if article.published is None and article.id.isdecimal()]
    if len(undated) <= PROBES or 2 * len(undated) < len(articles):
        return None
    ordered = sorted(undated, key=lambda article: int(article.id))
    return [ordered[len(ordered) * quarter // (PROBES + 1)] for quarter in range(1, PROBES + 1)]
