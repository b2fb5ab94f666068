"""Which answers say that an article is no more: 404, 410, "not found" said with 200, and redirects to other pages."""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from urllib.parse import SplitResult, urlsplit

from crawler.sites import Sites
from pipeline.addresses import address
from pipeline.schema import DroppedRow

REDIRECTS = frozenset(f"http_{status}" for status in (301, 302, 303, 307, 308))
_MOST_HOPS = 20  # as many as the crawl follows
_FOLLOWED_WITHIN = dt.timedelta(hours=1)  # far over the wait between two requests; later answers are of another visit
_NO_MORE = ("gone", "soft_404", "http_404", "http_410")

# For hosts without a profile
_FRONT_PAGE = re.compile(r"/?(?:(?:index|default|home|trang-chu)(?:\.\w{2,5})?/?)?", re.I)
_OTHER_DRESS = re.compile(r"^(?:www|m|mobile|amp)\.")  # hosts that show the same articles
# An article's number; shorter ones are years and pages, and the eight digits of a day are none
_NUMBER = re.compile(r"(?<!\d)(?!(?:19|20)\d\d[01]\d[0-3]\d(?!\d))\d{5,}")
_WORD = re.compile(r"[a-z]+")
_LEAST_WORDS = 4  # of a title in an address, by which a moved article is known


def no_more(rows: Sequence[DroppedRow], sites: Sites) -> list[tuple[str, dt.datetime]]:
    """Return (URL, time) of each answer that says that an article is no more.

    `rows` are what was dropped of the captures read.
    """
    said = [(row.url, row.fetched_at) for row in rows if row.reason in ("gone", "soft_404")]
    return [*said, *led_elsewhere(rows, sites)]


def led_elsewhere(rows: Sequence[DroppedRow], sites: Sites) -> list[tuple[str, dt.datetime]]:
    """Return (URL, time) of each answer that led from an article to another page of its site.

    The `detail` of a redirect is its target. As the crawl counts it: not where the target is the same article, is not
    crawled, or was itself refused. Without a profile, where an address is all there is of an article, another page is
    the front page of the host, or one whose address has another number and another title; any other address may be the
    article's new one.
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
    if site is not None:
        return source_id is not None
    parts = _split(url)
    return parts is not None and not _is_front_page(parts)


def _ends_elsewhere(row: DroppedRow, by_url: Mapping[str, Sequence[DroppedRow]], sites: Sites) -> bool:
    hop: DroppedRow | None = row
    target = row.url
    for _ in range(_MOST_HOPS):
        if hop is None or hop.reason not in REDIRECTS:
            break
        if hop.detail is None or not _stays_on_site(row.url, hop.detail, sites):
            return False
        target = hop.detail
        hop = _next_answer(by_url.get(target, ()), hop.fetched_at)
    if hop is not None and hop.reason in _NO_MORE:
        return True
    if hop is not None and (hop.reason == "gate" or hop.reason.startswith("http_")):
        return False  # refused, or still redirected after so many hops: nobody has seen where it leads
    return _is_another_page(row.url, target, sites)


def _next_answer(answers: Iterable[DroppedRow], after: dt.datetime) -> DroppedRow | None:
    return next((row for row in answers if after < row.fetched_at <= after + _FOLLOWED_WITHIN), None)


def _stays_on_site(url: str, target: str, sites: Sites) -> bool:
    _, _, site = address(url, sites)
    if site is not None:
        return address(target, sites)[2] is not None and site.crawls(target)
    one, other = _split(url), _split(target)
    return one is not None and other is not None and _host(one) == _host(other)


def _is_another_page(url: str, target: str, sites: Sites) -> bool:
    _, article, site = address(url, sites)
    if site is not None:
        return address(target, sites)[1] != article
    one, other = _split(url), _split(target)
    if one is None or other is None:
        return False
    if _is_front_page(other):
        return True
    words = [_WORD.findall(parts.path.rpartition("/")[2].lower()) for parts in (one, other)]
    if len(words[0]) >= _LEAST_WORDS and words[0] == words[1]:
        return False
    numbers = [set(_NUMBER.findall(f"{parts.path}?{parts.query}")) for parts in (one, other)]
    return bool(numbers[0]) and bool(numbers[1]) and numbers[0].isdisjoint(numbers[1])


def _split(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url)
    except ValueError:  # "http://[x"
        return None
    return parts if parts.scheme in ("http", "https") else None


def _is_front_page(parts: SplitResult) -> bool:
    return _FRONT_PAGE.fullmatch(parts.path) is not None and not parts.query


def _host(parts: SplitResult) -> str:
    return _OTHER_DRESS.sub("", parts.netloc.lower())
