"""Whether the addresses that a crawl begins at answer, and name articles; and whether robots.txt lets them be asked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Literal
from urllib.parse import urljoin, urlsplit

from protego import Protego

from crawler.archive import Capture
from crawler.gate import is_gate
from crawler.listing import ListingNotUnderstood, articles_among, read_feed, read_sitemap
from crawler.permission import ROBOTS_NAME, allows_all, why_unknown
from crawler.site import Site
from pipeline.parse import PageNotUnderstood, decode
from pipeline.sitecheck.listings import check_listing
from pipeline.sitecheck.sample import Sample

_NOT_SEEN = "not among the pages tried"
LOOK = "  LOOK"  # marks the lines that somebody has to look at
Kind = Literal["section", "feed", "sitemap"]


@dataclass(frozen=True, slots=True)
class StartCount:
    """What came from a start address: `articles` that it names, `said` in words; `wrong` where a person must look.

    `status` is None where no answer is among the captures.
    """

    kind: Kind
    url: str
    status: int | None
    articles: int
    said: str
    wrong: bool


@dataclass(frozen=True, slots=True)
class Robots:
    """What robots.txt says of the start addresses and the article pages; `wrong` where a person must look."""

    said: str
    forbidden: tuple[str, ...]
    wrong: bool


def check_starts(site: Site, captures: Sample, *, live: bool) -> tuple[StartCount, ...]:
    """Look at the newest answer of each start address. `live`: all of them were asked just now, but sitemaps."""
    answers = {one.url: one for one in captures.answers} | {one.url: one for one in captures.listings}
    start = site.start
    kinds: tuple[tuple[Kind, tuple[str, ...]], ...] = (
        ("section", start.sections),
        ("feed", start.feeds),
        ("sitemap", start.sitemaps),
    )
    return tuple(
        _counted(site, kind, url, answers[url])
        if url in answers
        else _unanswered(kind, url, live and kind != "sitemap")
        for kind, urls in kinds
        for url in urls
    )


def _unanswered(kind: Kind, url: str, asked: bool) -> StartCount:
    return StartCount(kind, url, None, 0, "no answer came" if asked else _NOT_SEEN, asked)


def _counted(site: Site, kind: Kind, url: str, capture: Capture) -> StartCount:
    if capture.status in (301, 302, 303, 307, 308):
        to = next((value for name, value in capture.headers if name.lower() == "location"), "?")
        return StartCount(kind, url, capture.status, 0, f"leads to {urljoin(url, to)}", True)
    if capture.status not in (200, 304):
        return StartCount(kind, url, capture.status, 0, f"answered with {capture.status}", True)
    if capture.kind == "revisit" or capture.status == 304:
        return StartCount(kind, url, capture.status, 0, "unchanged since an earlier answer", False)
    if is_gate(capture.body):
        return StartCount(kind, url, capture.status, 0, "a gate page", True)
    try:
        number, said = _named(site, kind, capture)
    except ListingNotUnderstood as error:
        return StartCount(kind, url, capture.status, 0, f"cannot be read: {error}", True)
    return StartCount(kind, url, capture.status, number, said or f"{number} articles", number == 0 and not said)


def _named(site: Site, kind: Kind, capture: Capture) -> tuple[int, str]:
    """Return the number of articles that an answer names, and what else is to say."""
    if kind == "section":
        return check_listing(site, capture).linked, ""
    if kind == "feed":
        return len(articles_among(site, read_feed(capture.body, capture.url))), ""
    sitemap = read_sitemap(capture.body, capture.url, site.timezone)
    number = len(articles_among(site, sitemap.pages))
    return number, f"an index of {len(sitemap.children)} parts" if sitemap.children else ""


def check_robots(site: Site, captures: Sample) -> Robots:
    """Hold the start addresses and the article pages against the newest robots.txt."""
    robots = next((one for one in captures.answers if urlsplit(one.url).path == "/robots.txt"), None)
    if robots is None:
        return Robots(_NOT_SEEN, (), False)
    if allows_all(robots.status):
        return Robots(f"answered with {robots.status}: all is allowed", (), False)
    stops = site.politeness.robots_unknown == "stop"
    instead = why_unknown(robots.status, robots.body)
    if instead is not None or robots.status != HTTPStatus.OK:
        return Robots(f"{instead or f'answered with {robots.status}'}: what is allowed is unknown", (), stops)
    try:
        rules = Protego.parse(decode(robots.body, content_type=robots.content_type, where=robots.url))
    except PageNotUnderstood as error:
        return Robots(f"cannot be read ({error.reason}): what is allowed is unknown", (), stops)
    start = site.start
    urls = (*start.sections, *start.feeds, *start.sitemaps, *(page.url for page in captures.pages))
    forbidden = tuple(url for url in dict.fromkeys(urls) if not rules.can_fetch(url, ROBOTS_NAME))
    delay = rules.crawl_delay(ROBOTS_NAME)
    asks = f"; asks for {delay:g} s between requests, the profile waits {site.politeness.delay:g}" if delay else ""
    if not forbidden:
        return Robots(f"allows all that was tried{asks}", (), False)
    return Robots(f"forbids {len(forbidden)} of {len(set(urls))}, such as {forbidden[0]}{asks}", forbidden, True)


def start_lines(starts: Sequence[StartCount], robots: Robots) -> Iterator[str]:
    """Give a line an address that is no section's, or where something is wrong; listing lines tell of sections."""
    if robots.said != _NOT_SEEN:
        yield f"robots.txt {robots.said}{LOOK if robots.wrong else ''}"
    for one in starts:
        if one.wrong or (one.kind != "section" and one.said != _NOT_SEEN):
            yield f"{one.kind} {one.url}: {one.said}{LOOK if one.wrong else ''}"
    unseen = [one.url for one in starts if one.said == _NOT_SEEN]
    if unseen:
        yield f"{len(unseen)} of {len(starts)} start addresses are not among the pages tried, such as {unseen[0]}"
