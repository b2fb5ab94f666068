"""The way through one listing: from page to page, as long as there is something new."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from parsel import Selector

from crawler.frontier import Frontier
from crawler.listing import next_page, zone_of
from crawler.site import Site

KNOWN_IN_A_ROW = 10  # articles; a few may be pinned or moved up, so many are not


@dataclass(slots=True)
class Walk:
    """A listing's pages so far. `known_before` is the time before which all its articles are known, if there is one."""

    section: str
    known_before: dt.datetime | None
    number: int = 1
    zone: str | None = None
    seen: set[str] = field(default_factory=set)
    previous: tuple[str, ...] = ()
    pages: set[str] = field(default_factory=set)

    def has_unseen(self, ids: list[str], site: Site, frontier: Frontier) -> bool:
        """Whether a page shows an article that is neither on an earlier page nor known from an earlier walk.

        A page that ends in KNOWN_IN_A_ROW known ones has shown all that is new: listings put the newest first.
        """
        unseen = [self._unseen(id_, site, frontier) for id_ in ids]
        if site.start.items is not None and len(ids) > KNOWN_IN_A_ROW and not any(unseen[-KNOWN_IN_A_ROW:]):
            return False  # without `items` the end of a page may be a box of old articles
        return any(unseen)

    def _unseen(self, id_: str, site: Site, frontier: Frontier) -> bool:
        if id_ in self.seen:
            return False
        if self.known_before is None:
            return True
        known = frontier.article(site.name, id_)
        return known is None or known.first_seen >= self.known_before

    def is_past(self, since: dt.datetime | None, site: Site, frontier: Frontier) -> bool:
        """Whether the page before shows that the listing has come to articles older than wanted.

        The page before, not this one: its articles have been read by now and have their dates.
        """
        return since is not None and frontier.all_older(site.name, self.previous, since)

    def page_after(self, selector: Selector, base: str, site: Site) -> str | None:
        """Return the address of the next page, None at the end. `base` is what the page's links are relative to."""
        paging = site.start.paging
        if self.number == 1:
            self.zone = zone_of(selector, paging)
        if self.is_too_long(site):
            return None
        url = next_page(selector, base, paging, self.section, self.number + 1, self.zone)
        if url is None or not site.crawls(url) or url in (self.section, *self.pages):  # pagers may lead in circles
            return None
        self.pages.add(url)
        return url

    def is_too_long(self, site: Site) -> bool:
        """Whether the listing has had as many pages as the profile allows."""
        return self.number >= site.start.paging.max_pages

    def turn(self, ids: list[str]) -> None:
        """Go to the next page, having seen these articles on this one."""
        self.seen.update(ids)
        self.previous = tuple(ids)
        self.number += 1
