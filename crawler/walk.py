"""The way through one listing: from page to page, as long as there is something new."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from parsel import Selector

from crawler.dated import Span
from crawler.frontier import Frontier
from crawler.listing import next_page, zone_of
from crawler.site import Site

KNOWN_IN_A_ROW = 10  # articles; a few may be pinned or moved up, so many are not
FEWEST_DATED = 0.5  # share of a page's new articles; the date of a single old one says nothing of the others


@dataclass(slots=True)
class Walk:
    """A listing's pages so far. `known_before` is the time before which all its articles are known, if there is one.

    `items` selects its links to articles; `most_pages` is where it is left, come what may.
    """

    section: str
    known_before: dt.datetime | None
    items: str | None
    most_pages: int
    is_topic: bool = False
    number: int = 1
    zone: str | None = None
    seen: set[str] = field(default_factory=set)
    previous: tuple[str, ...] = ()
    pages: set[str] = field(default_factory=set)
    empty_in_a_row: int = 0
    probes: tuple[str, ...] = ()  # articles of the page before that were read first, for their dates

    def goes_on(self, ids: list[str], site: Site, frontier: Frontier) -> bool:
        """Whether there may be more after a page with these articles; an archive by day has days without any."""
        if ids:
            self.empty_in_a_row = 0
            return self.has_unseen(ids, site, frontier)
        self.empty_in_a_row += 1
        return self.empty_in_a_row <= site.start.paging.gaps

    def has_unseen(self, ids: list[str], site: Site, frontier: Frontier) -> bool:
        """Whether a page shows an article that is neither on an earlier page nor known from an earlier walk.

        A page that ends in KNOWN_IN_A_ROW known ones has shown all that is new: listings put the newest first.
        """
        unseen = [self._unseen(id_, site, frontier) for id_ in ids]
        if self.items is not None and len(ids) > KNOWN_IN_A_ROW and not any(unseen[-KNOWN_IN_A_ROW:]):
            return False  # without `items` the end of a page may be a box of old articles
        return any(unseen)

    def _unseen(self, id_: str, site: Site, frontier: Frontier) -> bool:
        if id_ in self.seen:
            return False
        if self.known_before is None:
            return True
        known = frontier.article(site.name, id_)
        return known is None or known.first_seen >= self.known_before

    def is_past(
        self, since: dt.datetime | None, dates: Mapping[str, Span | None], site: Site, frontier: Frontier
    ) -> bool:
        """Whether the listing has come to articles older than wanted.

        By what this page says of those that are new on it, where it dates FEWEST_DATED of them: all must be older, so
        that a pinned or promoted one stops nothing. Else by the page before: its articles were read and have dates.
        """
        if since is None:
            return False
        new = [span for id_, span in dates.items() if id_ not in self.seen]
        dated = [span for span in new if span is not None]
        if dated and len(dated) >= FEWEST_DATED * len(new):
            return all(span.latest < since for span in dated)
        return frontier.all_older(site.name, self.previous, since)

    def page_after(self, selector: Selector, base: str, site: Site) -> str | None:
        """Return the address of the next page, None at the end. `base` is what the page's links are relative to."""
        paging = site.start.paging
        if self.number == 1:
            self.zone = zone_of(selector, paging)
        if self.is_too_long:
            return None
        url = next_page(selector, base, paging, self.section, self.number + 1, self.zone)
        if url is None or not site.crawls(url) or url in (self.section, *self.pages):  # pagers may lead in circles
            return None
        self.pages.add(url)
        return url

    @property
    def is_too_long(self) -> bool:
        """Whether the listing has had as many pages as the profile allows."""
        return self.number >= self.most_pages

    def turn(self, ids: list[str]) -> None:
        """Go to the next page, having seen these articles on this one."""
        self.previous = tuple(id_ for id_ in ids if id_ not in self.seen)  # not the boxes that stand on every page
        self.seen.update(ids)
        self.number += 1
