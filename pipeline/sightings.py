"""When each article was seen, gone and seen again, and whether the captures came in in that order."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from crawler.sites import Sites
from pipeline.captures import address, article_id
from pipeline.merge import KnownArticle


class OutOfOrder(Exception):
    """A capture of a known article that is older than what the tables have read; their history must be made anew."""


def times_by_article(answers: Iterable[tuple[str, dt.datetime]], sites: Sites) -> dict[str, list[dt.datetime]]:
    """Return the times of the answers (URL, time) by article_id; addresses of no article are left out."""
    times: dict[str, list[dt.datetime]] = defaultdict(list)
    for url, time in answers:
        site, source_id, _ = address(url, sites)
        if source_id is not None:
            times[article_id(site, source_id)].append(time)
    return dict(times)


def refuse_older(
    captured: Iterable[tuple[str, Sequence[dt.datetime]]],
    known: Mapping[str, KnownArticle],
    newest: Mapping[str, str],
) -> None:
    """Refuse a capture of a known article from before the newest capture that the tables have read of its site.

    What the tables keep of an article is not enough to put such a capture in its place: that it was unchanged, or gone
    for a while, after it.

    Raises:
        OutOfOrder: naming the article.
    """
    for article, times in captured:
        if article in known and any(_sortable(time) < newest.get(known[article].row.site, "") for time in times):
            raise OutOfOrder(f"an older capture of {known[article].row.url} came in")


def newest_read(before: Mapping[str, str], seen: Iterable[tuple[str, dt.datetime]]) -> dict[str, str]:
    """Return the time of the newest capture read by site, of those `before` and those `seen` (site, time)."""
    newest = dict(before)
    for site, time in seen:
        newest[site] = max(newest.get(site, ""), _sortable(time))
    return newest


def _sortable(time: dt.datetime) -> str:
    return time.astimezone(dt.UTC).isoformat(timespec="microseconds")
