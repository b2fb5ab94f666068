"""Listings, feeds and sitemaps as the archive holds them, read again for a frontier that was lost.

So it knows again what was announced and when, with the dates printed there, how much news each listing brings, which
topics there are, which sitemap tells of changes, how far back each listing was walked, and how often an article failed:
without that, the next refresh would walk all of them to their ends. A request that got no answer left no trace here.
"""

from __future__ import annotations

import datetime as dt
import re
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import urljoin

from parsel import Selector
from w3lib.html import get_base_url

from crawler.archive import Capture, RunLog
from crawler.frontier import Frontier
from crawler.gate import is_gate
from crawler.known import Found
from crawler.listing import (
    LARGEST_LISTING_BYTES,
    ListingNotUnderstood,
    articles_among,
    next_page,
    read_feed,
    read_links,
    read_sitemap,
    whole_day,
    zone_of,
)
from crawler.orders import Orders
from crawler.runlog import Scope
from crawler.site import Site
from crawler.teasers import listing_dates, stated_and_told, with_date
from crawler.topics import MOST_KNOWN, topics_on

GONE = frozenset({404, 410})
REDIRECTS = frozenset({301, 302, 303, 307, 308})
_OPENING_BYTES = 2_000  # in which a feed or sitemap says what it is
_SITEMAP, _FEED = (b"<urlset", b"<sitemapindex"), (b"<rss", b"<feed", b"<rdf:RDF")


@dataclass(frozen=True, slots=True)
class _Place:
    """A page of a listing, from 1."""

    section: str
    number: int
    zone: str | None = None
    is_topic: bool = False


@dataclass(slots=True)
class Replay:
    """The runs on one site, oldest first. `runs` are their logs by id; one without its scope ends no walk."""

    site: Site
    frontier: Frontier
    runs: Mapping[str, RunLog]
    _run_id: str | None = None
    _since: dt.datetime | None = None
    _begun: set[str] = field(default_factory=set)
    _failed: set[str] = field(default_factory=set)  # articles, in this run
    _places: dict[str, _Place] = field(default_factory=dict)

    def begin(self, run_id: str) -> None:
        """Go on to the captures of a run; the one before is over."""
        if run_id == self._run_id:
            return
        self.end()
        self._run_id = run_id
        self._since = Orders(self._scope.since).window(self.site.timezone)[0]
        self._places = {url: _Place(url, 1) for url in self._sections()}

    @property
    def _scope(self) -> Scope:
        """What the run was told; everything where its log does not say."""
        run = self.runs.get(self._run_id or "")
        return run.scope if run is not None and run.scope is not None else Scope(None, ())

    def _sections(self) -> list[str]:
        start, ordered = self.site.start, self._scope.sections
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
        self._failed.clear()
        self._run_id = None

    def note(self, capture: Capture, article: str | None) -> None:
        """Note in the frontier what a capture announced, or that the `article` asked for could not be had."""
        if article is not None:
            self._note_article(capture, article)
            return
        place = self._places.get(capture.url) or self._topic(capture)
        if capture.status in REDIRECTS and place is not None:
            if (target := capture.redirect_target) is not None:
                self._places[target] = place
        elif capture.status == 200 and capture.kind == "response" and capture.body and not is_gate(capture.body):
            if place is None:
                self._note_announcement(capture)
            elif len(capture.body) <= LARGEST_LISTING_BYTES:
                self._note_listing(capture, place)

    def _topic(self, capture: Capture) -> _Place | None:
        """Return the first page of a topic, whose turn this was whatever was answered; None for other addresses."""
        name, url, when = self.site.name, capture.url, capture.fetched_at
        if self.site.topic_url(url) != url:
            return None
        self.frontier.note_topics(name, [url], when, MOST_KNOWN)
        self.frontier.note_topic_asked(name, url, when)
        self.frontier.start_walk(name, url, self._scope.since, when)
        return _Place(url, 1, is_topic=True)

    def _note_article(self, capture: Capture, article: str) -> None:
        site, when = self.site, capture.fetched_at
        if capture.kind == "revisit" or capture.status in GONE | REDIRECTS or is_gate(capture.body):
            return
        if capture.status == 200:
            self._note_topics(capture)
        elif article not in self._failed:  # three answers of a run to one article are one failure
            self._failed.add(article)
            self.frontier.add(site.name, {article: Found(site.article_url(capture.url))}, when)
            self.frontier.failed(site.name, article, when)

    def _note_topics(self, capture: Capture) -> None:
        topics = topics_on(self.site, capture.body, capture.url)
        self.frontier.note_topics(self.site.name, topics, capture.fetched_at, MOST_KNOWN)

    def _note_listing(self, capture: Capture, place: _Place) -> None:
        site, frontier, when = self.site, self.frontier, capture.fetched_at
        text = capture.body.decode("utf-8", errors="replace")
        selector, base = Selector(text=text), get_base_url(text, capture.url)
        found, zone = self._listed(selector, base, place), place.zone
        dates = listing_dates(selector, base, found, site, frontier, when)
        if place.number == 1:
            frontier.start_walk(site.name, place.section, self._scope.since, when)
            self._begun.add(place.section)
            zone = zone_of(selector, site.start.paging)
        dated = {id_: with_date(entry, dates[id_], self._since, None) for id_, entry in found.items()}
        new = frontier.add(site.name, dated, when)
        if place.number == 1:
            frontier.note_listing(site.name, place.section, len(new), when)
        if not place.is_topic:
            self._note_topics(capture)
        following = next_page(selector, base, site.start.paging, place.section, place.number + 1, zone)
        if following is not None:
            self._places.setdefault(following, replace(place, number=place.number + 1, zone=zone))

    def _listed(self, selector: Selector, base: str, place: _Place) -> dict[str, Found]:
        """Return the articles of a listing's page, as the spider takes them."""
        start = self.site.start
        items = (start.topics.items or start.items) if place.is_topic else start.items
        found = self._among(selector, base, items, place)
        if found or place.number > 1 or (place.is_topic and start.wanted is None):
            return found
        return self._among(selector, base, None, place)

    def _among(self, selector: Selector, base: str, items: str | None, place: _Place) -> dict[str, Found]:
        links = read_links(selector, base, items)
        return articles_among(self.site, filter(self._in_scope, links) if place.is_topic else links)

    def _note_announcement(self, capture: Capture) -> None:
        opening = _opening(capture.body)
        try:
            if any(mark in opening for mark in _SITEMAP):
                self._note_sitemap(capture)
            elif any(mark in opening for mark in _FEED):
                found = [entry for entry in read_feed(capture.body, capture.url) if self._in_scope(entry)]
                self._add_stated(articles_among(self.site, found), capture.fetched_at)
        except ListingNotUnderstood:
            return  # the run that received it has said so

    def _note_sitemap(self, capture: Capture) -> None:
        site, url, when = self.site, capture.url, capture.fetched_at
        pages = read_sitemap(capture.body, url, site.timezone).pages
        listed = articles_among(site, filter(self._in_scope, pages))
        whole_days = {id_: whole_day(found, site.timezone) for id_, found in listed.items()}
        self._add_stated(whole_days, when, (url, when))
        self.frontier.note_sitemap(site.name, url, when)

    def _add_stated(
        self, found: dict[str, Found], when: dt.datetime, sitemap: tuple[str, dt.datetime] | None = None
    ) -> None:
        stated, told = stated_and_told(found, self.site, self._since, None)
        self.frontier.add(self.site.name, stated, when, sitemap, stated=True)
        self.frontier.add(self.site.name, told, when, sitemap)

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
