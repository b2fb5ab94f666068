"""When to look at an article again: where news is likely, and seldom elsewhere. Pure: every clock is an argument.

Promises and a bet. An article is looked at once after the edit window, once at the end of its first days, and then at
least every LONGEST. Before that it is looked at when it has probably changed: by how often pages of its age change on
its site (`Habits`), and how often this one has been seen to change. Rates are changes an hour.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

EDIT_WINDOW = dt.timedelta(hours=48)  # after publication; nearly all corrections of a newspaper fall into it
# Of what is edited later in the first week most is found within three days by one more look, at this age
FIRST_DAYS = dt.timedelta(days=5)
LONGEST = dt.timedelta(days=29)  # what is deleted is known within 30 days, though a run comes but once a day
SOONEST = dt.timedelta(hours=1)  # between two looks at one page, however often it changes
WORTH_A_LOOK = 0.04  # chance of a change at which a request is spent: one edit found for 25 requests
# An article that is gone is asked for again, lest it came back; the waits, then the last of them for ever. 20 hours:
# a daily run starts now a little earlier, now later.
AFTER_GONE = (dt.timedelta(hours=20), dt.timedelta(days=7), dt.timedelta(days=29), dt.timedelta(days=90))
# An article that only gives errors (500, no answer): in the next run, and then ever more seldom, but never never. What
# a bad hour or a bad night of the site did is mended the day after; a page that is broken for good costs 18 requests
# in its first year.
AFTER_FAILED = (
    dt.timedelta(0),
    dt.timedelta(hours=1),
    dt.timedelta(hours=6),
    dt.timedelta(hours=20),
    dt.timedelta(days=3),
    dt.timedelta(days=7),
    dt.timedelta(days=29),
)

_HOUR = dt.timedelta(hours=1)
BAND_ENDS = (6.0, 24.0, 48.0, 168.0, 720.0, math.inf)  # hours of age; pages of one band are taken to change alike
# What a newspaper is taken to do until it has been watched: of 100 articles 5 change in the first six hours, 3 more in
# the first day, 2 in the second, then hardly any. It counts as much as PRIOR_PAGES articles watched through the band.
_PRIOR_RATES = (0.0083, 0.0016, 0.0008, 0.0001, 0.00001, 0.000003)
_PRIOR_PAGES = 50
_OLD_BAND_HOURS = 1440.0
# How much the pages of one band differ: the smaller, the more a page's own changes count against the site's habit.
_LIKENESS = 0.2


def _band(age: float) -> int:
    return next(number for number, end in enumerate(BAND_ENDS) if age < end)


def _stretches(start: float, end: float) -> Iterator[tuple[int, float]]:
    """Give (band, hours in it) of the time between two ages in hours."""
    while start < end:
        band = _band(start)
        until = min(end, BAND_ENDS[band])
        yield band, until - start
        start = until


@dataclass(frozen=True, slots=True)
class Habits:
    """How often the pages of a site were seen to change: by band of age, hours watched and changes found in them."""

    hours: tuple[float, ...] = (0.0,) * len(BAND_ENDS)
    changes: tuple[float, ...] = (0.0,) * len(BAND_ENDS)

    def rate(self, band: int) -> float:
        """Return the changes an hour to expect of a page of this age."""
        start = BAND_ENDS[band - 1] if band else 0.0
        length = BAND_ENDS[band] - start if math.isfinite(BAND_ENDS[band]) else _OLD_BAND_HOURS
        weight = _PRIOR_PAGES * length
        return (self.changes[band] + _PRIOR_RATES[band] * weight) / (self.hours[band] + weight)

    def learned(self, watched: Look) -> Habits:
        """Return the habits after one more look. A change is shared out over the bands by how likely it was in each."""
        stretches = list(_stretches(*watched.ages()))
        expected = {band: self.rate(band) * hours for band, hours in stretches}
        total = sum(expected.values())
        if not total:
            return self
        hours, changes = list(self.hours), list(self.changes)
        for band, length in stretches:
            hours[band] += length
            changes[band] += expected[band] / total if watched.changed else 0.0
        return replace(self, hours=tuple(hours), changes=tuple(changes))


@dataclass(frozen=True, slots=True)
class Look:
    """A second or later look at a page: when it was published, looked at before, looked at now; and what it gave."""

    born: dt.datetime
    before: dt.datetime
    now: dt.datetime
    changed: bool

    def ages(self) -> tuple[float, float]:
        """Return the page's age in hours at the look before and at this one."""
        first, last = ((when - self.born) / _HOUR for when in (self.before, self.now))
        return max(first, 0.0), max(last, 0.0)


def born(published: dt.datetime | None, first_seen: dt.datetime) -> dt.datetime:
    """Return when an article is taken to be published. One that is dated after it was seen was published by then."""
    return min(published, first_seen) if published else first_seen


def next_visit(
    birth: dt.datetime, last_look: dt.datetime, habits: Habits, *, changes: int = 0, watched: float = 0.0
) -> dt.datetime:
    """Return when to look again at a page.

    `changes` is how often it was found changed, in `watched` hours between the first look and the last. Never before
    SOONEST or after LONGEST, and one look comes at the end of the edit window, one at that of FIRST_DAYS.
    """
    age = max((last_look - birth) / _HOUR, 0.0)
    wait = _hours_until_likely(age, habits, changes, watched)
    due = last_look + min(dt.timedelta(hours=wait), LONGEST)
    for promised in (birth + EDIT_WINDOW, birth + FIRST_DAYS):
        if last_look < promised:
            due = min(due, promised)
    return max(due, last_look + SOONEST)


def _hours_until_likely(age: float, habits: Habits, changes: int, watched: float) -> float:
    """Return after how many hours a page of this age has changed with a chance of WORTH_A_LOOK; at most LONGEST."""
    missing = -math.log1p(-WORTH_A_LOOK)
    waited = 0.0
    for band, hours in _stretches(age, age + LONGEST / _HOUR):
        rate = (_LIKENESS + changes) / (_LIKENESS / habits.rate(band) + watched)
        if rate * hours >= missing:
            return waited + missing / rate
        missing -= rate * hours
        waited += hours
    return waited


def next_visit_of_gone(last_look: dt.datetime, times_gone: int) -> dt.datetime:
    """Return when to ask again for an article that was answered as gone for the n-th time in a row (from 1)."""
    return last_look + AFTER_GONE[min(times_gone, len(AFTER_GONE)) - 1]


def next_try(failed_at: dt.datetime, tries: int) -> dt.datetime:
    """Return when to ask again for an article that failed in the n-th run in a row (from 1)."""
    return failed_at + AFTER_FAILED[min(tries, len(AFTER_FAILED)) - 1]


# --------------------------------------------------------------------------- listings
LISTING_AT_LEAST = dt.timedelta(hours=20)  # each listing in each daily run, a little earlier or later
NEWS_WORTH_A_LOOK = 1.0  # articles to expect on a listing before it is read more often than that
# A listing that brings less than an article a week that no sitemap, feed or other listing has shown before
NEWSLESS, NEWSLESS_AT_LEAST = 1 / 168, dt.timedelta(hours=68)  # articles an hour; every third daily run
_FIRST_RATE = 1 / 24  # articles an hour, at least, until the listing has been watched: two weeks to be found newsless
_NEWS_MEMORY = 7 * 24.0  # hours; what a listing brought a week ago counts a third of what it brings now


def news_rate(before: float | None, new: int, hours: float) -> float:
    """Return the new articles an hour that a listing brings, after `new` were found in the last `hours`."""
    if before is None:
        before = max(new / hours, _FIRST_RATE)
    kept = math.exp(-hours / _NEWS_MEMORY)
    return before * kept + new / hours * (1 - kept)


def listing_due(rate: float | None, read_at: dt.datetime | None, now: dt.datetime) -> bool:
    """Whether to read a listing now, which brings `rate` new articles an hour (None: not known)."""
    if rate is None or read_at is None:
        return True
    if now - read_at >= (NEWSLESS_AT_LEAST if rate < NEWSLESS else LISTING_AT_LEAST):
        return True
    return rate * ((now - read_at) / _HOUR) >= NEWS_WORTH_A_LOOK


# --------------------------------------------------------------------------- sitemaps
AUDIT_EVERY = 50  # of the articles of a trusted sitemap one in so many is looked at as if there were none
LEAST_ANNOUNCED = 3  # changes that a sitemap must have announced before its word is taken
MOST_UNANNOUNCED = 0.03  # share of the changes found that it may have kept to itself


def is_trusted(announced: int, unannounced: int) -> bool:
    """Whether the lastmod of a site's sitemaps tells of its changes.

    `announced` and `unannounced` are changes found where lastmod was newer than the look before, or was not; of a
    trusted sitemap only one article in AUDIT_EVERY is looked at, so there each unannounced one counts that many.
    """
    return announced >= LEAST_ANNOUNCED and unannounced <= MOST_UNANNOUNCED * announced
