"""When each article was seen, gone and seen again, and whether the captures came in in that order."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping

from crawler.sites import Sites
from pipeline.addresses import address, article_id


class OutOfOrder(Exception):
    """What came in cannot be added to what the tables hold of some sites: these must be read anew.

    So it is with a capture of a known article that is older than what the tables have read.
    """

    def __init__(self, why: str, sites: Collection[str]) -> None:
        super().__init__(why)
        self.sites = sorted(sites)


def times_by_article(answers: Iterable[tuple[str, dt.datetime]], sites: Sites) -> dict[str, list[dt.datetime]]:
    """Return the times of the answers (URL, time) by article_id; addresses of no article are left out."""
    times: dict[str, list[dt.datetime]] = defaultdict(list)
    for url, time in answers:
        site, source_id, _ = address(url, sites)
        if source_id is not None:
            times[article_id(site, source_id)].append(time)
    return dict(times)


def is_older(site: str, times: Iterable[dt.datetime], newest: Mapping[str, str]) -> bool:
    """Whether one of the times is before the newest capture that the tables have read of a site.

    What the tables keep of an article is not enough to put such a capture in its place: that it was unchanged, or gone
    for a while, after it.
    """
    return any(_sortable(time) < newest.get(site, "") for time in times)


def newest_read(before: Mapping[str, str], seen: Iterable[tuple[str, dt.datetime]]) -> dict[str, str]:
    """Return the time of the newest capture read by site, of those `before` and those `seen` (site, time)."""
    newest = dict(before)
    for site, time in seen:
        newest[site] = max(newest.get(site, ""), _sortable(time))
    return newest


def _sortable(time: dt.datetime) -> str:
    return time.astimezone(dt.UTC).isoformat(timespec="microseconds")
