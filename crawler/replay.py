"""Listings, feeds and sitemaps as the archive holds them, read again for a frontier that was lost.

So it knows again what was announced and when, how much news each listing brings, which sitemap tells of changes, and
how far back each listing was walked: without that, the next refresh would walk all of them to their ends.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urljoin

from parsel import Selector
from w3lib.html import get_base_url

from crawler.archive import Capture, RunLog
from crawler.frontier import Found, Frontier
from crawler.gate import is_gate
from crawler.listing import (
    ListingNotUnderstood,
    articles_among,
    next_page,
    read_feed,
    read_links,
    read_sitemap,
    whole_day,
    zone_of,
)
from crawler.site import Site

REDIRECTS = frozenset({301, 302, 303, 307, 308})
_OPENING_BYTES = 2_000  # in which a feed or sitemap says what it is
_SITEMAP, _FEED = (b"<urlset", b"<sitemapindex"), (b"<rss", b"<feed", b"<rdf:RDF")


@dataclass(frozen=True, slots=True)
class _Place:
    """A page of a listing, from 1."""

    section: str
    number: int
    zone: str | None = None


@dataclass(slots=True)
class Replay:
    """The runs on one site, oldest first. `runs` are their logs by id; one without its scope ends no walk."""

    site: Site
    frontier: Frontier
    runs: Mapping[str, RunLog]
    _run_id: str | None = None
    _begun: set[str] = field(default_factory=set)
    _places: dict[str, _Place] = field(default_factory=dict)

    def begin(self, run_id: str) -> None:
        """Go on to the captures of a run; the one before is over."""
        if run_id == self._run_id:
            return
        self.end()
        self._run_id = run_id
        self._places = {url: _Place(url, 1) for url in self._sections()}

    def _sections(self) -> list[str]:
        start, run = self.site.start, self.runs.get(self._run_id or "")
        ordered = run.scope.sections if run is not None and run.scope is not None else ()
        named = (*start.sections, *start.feeds, *start.sitemaps, f"https://{self.site.hosts[0]}/")
        return [*start.sections, *(urljoin(named[0], "/" + section.strip("/")) for section in ordered)]

    def end(self) -> None:
        """Note what a run that ended well had walked, and what its operator wanted."""
        run = self.runs.get(self._run_id or "")
        if run is not None and run.scope is not None:
            self.frontier.remember_scope(self.site.name, run.scope.since, run.scope.sections)
            if run.finish_reason == "finished" and not run.errors and not run.gated:
                for section in self._begun:
                    self.frontier.end_walk(self.site.name, section, run.scope.since)
        self._begun.clear()
        self._run_id = None

    def note(self, capture: Capture) -> None:
        """Note in the frontier what a listing, feed or sitemap announced; other captures are none of it."""
        place = self._places.get(capture.url)
        if capture.status in REDIRECTS and place is not None:
            if (target := capture.redirect_target) is not None:
                self._places[target] = place
        elif capture.status == 200 and capture.kind == "response" and capture.body and not is_gate(capture.body):
            if place is not None:
                self._note_listing(capture, place)
            else:
                self._note_announcement(capture)

    def _note_listing(self, capture: Capture, place: _Place) -> None:
        site, frontier, when = self.site, self.frontier, capture.fetched_at
        text = capture.body.decode("utf-8", errors="replace")
        selector, base = Selector(text=text), get_base_url(text, capture.url)
        found = articles_among(site, read_links(selector, base, site.start.items))
        zone = place.zone
        if place.number == 1:
            found = found or articles_among(site, read_links(selector, base, None))
            run = self.runs.get(self._run_id or "")
            since = run.scope.since if run is not None and run.scope is not None else None
            frontier.start_walk(site.name, place.section, since, when)
            self._begun.add(place.section)
            zone = zone_of(selector, site.start.paging)
        new = frontier.add(site.name, found, when)
        if place.number == 1:
            frontier.note_listing(site.name, place.section, len(new), when)
        following = next_page(selector, base, site.start.paging, place.section, place.number + 1, zone)
        if following is not None:
            self._places.setdefault(following, _Place(place.section, place.number + 1, zone))

    def _note_announcement(self, capture: Capture) -> None:
        opening = _opening(capture.body)
        try:
            if any(mark in opening for mark in _SITEMAP):
                self._note_sitemap(capture)
            elif any(mark in opening for mark in _FEED):
                found = [entry for entry in read_feed(capture.body, capture.url) if self._in_scope(entry)]
                self.frontier.add(self.site.name, articles_among(self.site, found), capture.fetched_at)
        except ListingNotUnderstood:
            return  # the run that received it has said so

    def _note_sitemap(self, capture: Capture) -> None:
        site, url, when = self.site, capture.url, capture.fetched_at
        pages = read_sitemap(capture.body, url, site.timezone).pages
        listed = articles_among(site, filter(self._in_scope, pages))
        whole_days = {id_: whole_day(found, site.timezone) for id_, found in listed.items()}
        self.frontier.add(site.name, whole_days, when, (url, when))
        self.frontier.note_sitemap(site.name, url, when)

    def _in_scope(self, found: Found) -> bool:
        wanted = self.site.start.wanted
        return wanted is None or re.search(wanted, found.url) is not None


def _opening(body: bytes) -> bytes:
    if not body.startswith(b"\x1f\x8b"):
        return body[:_OPENING_BYTES]
    try:
        return zlib.decompressobj(31).decompress(body, _OPENING_BYTES)
    except zlib.error:
        return b""
