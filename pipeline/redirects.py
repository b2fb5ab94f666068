"""Which redirects say that an article is no more: those to the front page or to another article of its site."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from crawler.sites import Sites
from pipeline.captures import address
from pipeline.schema import DroppedRow

REDIRECTS = frozenset(f"http_{status}" for status in (301, 302, 303, 307, 308))
_MOST_HOPS = 20  # as many as the crawl follows
_FOLLOWED_WITHIN = dt.timedelta(hours=1)  # far over the wait between two requests; later answers are of another visit
_NO_MORE = ("gone", "http_404", "http_410")


def led_elsewhere(rows: Sequence[DroppedRow], sites: Sites) -> list[tuple[str, dt.datetime]]:
    """Return (URL, time) of each answer that led from an article to another page of its site.

    `rows` are what was dropped of the captures read; the `detail` of a redirect is its target. As the crawl counts
    it: not where the target is the same article, is not crawled, or was itself refused. Only for sites with a profile:
    without one an address is all there is of an article, and a new address tells nothing.
    """
    by_url: dict[str, list[DroppedRow]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: row.fetched_at):
        by_url[row.url].append(row)
    return [
        (row.url, row.fetched_at)
        for row in rows
        if row.reason in REDIRECTS and _is_article(row.url, sites) and _ends_elsewhere(row, by_url, sites)
    ]


def _is_article(url: str, sites: Sites) -> bool:
    _, source_id, site = address(url, sites)
    return site is not None and source_id is not None


def _ends_elsewhere(row: DroppedRow, by_url: Mapping[str, Sequence[DroppedRow]], sites: Sites) -> bool:
    _, article, site = address(row.url, sites)
    hop: DroppedRow | None = row
    target = row.url
    for _ in range(_MOST_HOPS):
        if hop is None or hop.reason not in REDIRECTS:
            break
        if site is None or hop.detail is None or address(hop.detail, sites)[2] is None or not site.crawls(hop.detail):
            return False
        target = hop.detail
        hop = _next_answer(by_url.get(target, ()), hop.fetched_at)
    if hop is not None and hop.reason in _NO_MORE:
        return True
    if hop is not None and (hop.reason == "gate" or hop.reason.startswith("http_")):
        return False  # refused, or still redirected after so many hops: nobody has seen where it leads
    return address(target, sites)[1] != article


def _next_answer(answers: Iterable[DroppedRow], after: dt.datetime) -> DroppedRow | None:
    return next((row for row in answers if after < row.fetched_at <= after + _FOLLOWED_WITHIN), None)
