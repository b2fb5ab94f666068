"""The captures that a profile is tried on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from crawler.archive import Capture
from crawler.gate import is_gate
from crawler.site import Site

_HTML = ("text/html", "application/xhtml+xml", "")


@dataclass(frozen=True, slots=True)
class Sample:
    """Captures to try a profile on: the newest of different articles, oldest first, and the newest of each section.

    `answers` are the newest from robots.txt and from each start address, of any status and type.
    """

    pages: tuple[Capture, ...]
    listings: tuple[Capture, ...]
    answers: tuple[Capture, ...] = ()


def sample(captures: Iterable[Capture], site: Site, most: int) -> Sample:
    """Choose at most so many articles, and the listings, among the captures of a site.

    Only answers that can be such a page: status 200, HTML, at an article's or a section's address; any answer of a
    start address or of robots.txt is kept apart.
    """
    starts = {*site.start.sections, *site.start.feeds, *site.start.sitemaps}
    answers: dict[str, Capture] = {}
    pages: dict[str, Capture] = {}
    listings: dict[str, Capture] = {}
    for capture in captures:
        if capture.url in starts or (site.crawls(capture.url) and urlsplit(capture.url).path == "/robots.txt"):
            _keep_newer(answers, capture.url, capture)
        kind = (capture.content_type or "").split(";")[0].strip().lower()
        if capture.status != 200 or capture.kind == "revisit" or kind not in _HTML:
            continue
        if capture.url in site.start.sections and not is_gate(capture.body):
            _keep_newer(listings, capture.url, capture)
        elif site.owns(capture.url) and (id_ := site.article_id(capture.url)) is not None:
            _keep_newer(pages, id_, capture)
        if len(pages) > 2 * most:  # an archive may hold more pages than memory
            pages = dict(sorted(pages.items(), key=lambda one: one[1].fetched_at)[-most:])
    newest = sorted(pages.values(), key=lambda capture: capture.fetched_at)[-most:]
    return Sample(tuple(newest), tuple(listings.values()), tuple(answers.values()))


def _keep_newer(kept: dict[str, Capture], key: str, capture: Capture) -> None:
    if key not in kept or capture.fetched_at >= kept[key].fetched_at:
        kept[key] = capture
