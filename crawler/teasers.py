"""The dates that a listing prints beside its links: each read off the teaser that holds the link and no other's."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import islice
from urllib.parse import urljoin

from lxml import etree
from parsel import Selector

from crawler.dated import LONGEST_LINE, Span, begun_on, read_line
from crawler.frontier import Frontier
from crawler.known import Found
from crawler.published import read_iso
from crawler.site import Site

HIGHEST = 8  # elements from the link up; a teaser is a box in a box, not a page
MOST_OTHER_LINKS = 8  # a teaser links to a section, an author and a few tags; more is a menu: the block is the page
MOST_ELEMENTS = 100  # of a teaser: a picture in several sizes, a title, a lead, tags; more is a list, or a trap
MOST_LINKS = 4  # to one article that are looked at: picture, title, "more"
_NEVER = frozenset({"body", "html", "main", "form"})
_SILENT = frozenset({"script", "style", "noscript", "template", "svg", "iframe", "select"})
_IN_ATTRIBUTES = ("datetime", "content", "data-datetime", "data-time", "data-date", "title")
_TITLES = frozenset({"a", "h1", "h2", "h3", "h4", "h5", "h6"})  # a date among the words of a title is told, not given


def listing_dates(
    page: Selector, base: str, found: Mapping[str, Found], site: Site, frontier: Frontier, now: dt.datetime
) -> dict[str, Span | None]:
    """Return when each article of a listing page was published: by its own page, its teaser or its address."""
    printed = teaser_dates(page, base, site, now) if found else {}
    dates: dict[str, Span | None] = {}
    for id_, entry in found.items():
        known = frontier.article(site.name, id_)
        if known is not None and known.last_fetched is not None and known.published is not None:
            dates[id_] = Span(known.published, known.published)
        else:
            dates[id_] = printed.get(id_) or day_told(entry, site)
    return dates


def day_told(entry: Found, site: Site) -> Span | None:
    """Return when an article was published by its address, None where that tells no day."""
    day = site.begun(entry.url)
    return begun_on(*day, site.timezone) if day else None


def with_date(entry: Found, span: Span | None, since: dt.datetime | None, until: dt.datetime | None) -> Found:
    """Return an announced article with the date to go by until its own page gives one."""
    if entry.published is not None or span is None:
        return entry
    return replace(entry, published=span.as_published(since, until))


def stated_and_told(
    found: Mapping[str, Found], site: Site, since: dt.datetime | None, until: dt.datetime | None
) -> tuple[dict[str, Found], dict[str, Found]]:
    """Part what a feed or sitemap announces: with the dates that it states, else with those that addresses tell."""
    stated = {id_: entry for id_, entry in found.items() if entry.published is not None}
    told = {
        id_: with_date(entry, day_told(entry, site), since, until) for id_, entry in found.items() if id_ not in stated
    }
    return stated, told


def teaser_dates(page: Selector, base: str, site: Site, now: dt.datetime) -> dict[str, Span]:
    """Return by article id when a listing says that the article was published; without those it does not date.

    `now` is when the page was received. A teaser is the smallest block around the link that has a date and no link to
    another article: the date of a list, of the page's head or of a box is nobody's.
    """
    links = [
        (link, id_)
        for link in page.root.iter("a")
        if (href := link.get("href")) and (id_ := _article(href, base, site)) is not None
    ]
    reader = _Reader(_owners(links), now, site.timezone)
    dates: dict[str, Span] = {}
    looked_at: Counter[str] = Counter()
    for link, id_ in links:
        looked_at[id_] += 1
        if id_ not in dates and looked_at[id_] <= MOST_LINKS and (span := reader.date_around(link, id_)):
            dates[id_] = span
    return dates


def _article(href: str, base: str, site: Site) -> str | None:
    try:
        url = urljoin(base, href.strip())
        return site.article_id(url) if site.owns(url) else None
    except ValueError:  # "http://[" and the like
        return None


def _owners(links: list[tuple[etree._Element, str]]) -> dict[etree._Element, str | None]:
    """Return for each element around a link, and for the link, the one article it links to; None for several."""
    owners: dict[etree._Element, str | None] = {}
    for link, id_ in links:
        node: etree._Element | None = link
        while node is not None:
            if node not in owners:
                owners[node] = id_
            elif owners[node] in (id_, None):
                break  # so is all that is above
            else:
                owners[node] = None
            node = node.getparent()
    return owners


@dataclass(frozen=True, slots=True)
class _Reader:
    """One listing page, and where on it the articles are linked to."""

    owners: dict[etree._Element, str | None]
    now: dt.datetime
    timezone: str

    def date_around(self, link: etree._Element, id_: str) -> Span | None:
        """Climb from the link to the first block that has a date, as long as it is this article's alone."""
        block, inside, others = link, None, 0
        for _ in range(HIGHEST):
            if self.owners.get(block) != id_ or block.tag in _NEVER:
                return None
            beside = (child for child in block if child is not inside)
            new = [*islice((node for child in beside for node in child.iter(etree.Element)), MOST_ELEMENTS + 1)]
            others += sum(1 for node in new if node.tag == "a" and node not in self.owners)
            if others > MOST_OTHER_LINKS or len(new) > MOST_ELEMENTS:
                return None
            if span := self._first_date(block, new):
                return span
            parent = block.getparent()
            if parent is None:
                return None
            block, inside = parent, block
        return None

    def _first_date(self, block: etree._Element, inside: list[etree._Element]) -> Span | None:
        """Return the date of a block: that of a publication before that of a change."""
        found = [span for node in (block, *inside) for span in self._dates_of(node)]
        exact = (span for span in found if span.earliest == span.latest)
        return next(exact, found[0] if found else None)

    def _dates_of(self, node: etree._Element) -> Iterator[Span]:
        """Give the dates of one element: its attributes, its whole text, the lines that stand in it bare."""
        if node.tag in _SILENT:
            return
        for name in _IN_ATTRIBUTES:
            if (value := node.get(name)) and (span := self._attribute(value)):
                yield span
        if (text := _short_text(node)) and (span := self._line(node, text)):
            yield span
            return
        for line in (node.text, *(child.tail for child in node)):
            if line and line.strip() and (span := read_line(line, self.now, self.timezone)):
                yield span

    def _line(self, node: etree._Element, text: str) -> Span | None:
        told = node in self.owners or any(one.tag in _TITLES for one in (node, *islice(node.iterancestors(), HIGHEST)))
        return read_line(text, self.now, self.timezone, words_beside=not told)

    def _attribute(self, value: str) -> Span | None:
        moment = read_iso(value, self.timezone) if len(value) <= LONGEST_LINE and "-" in value else None
        if moment is not None:
            # by the same rules as what is printed
            return read_line(moment.strftime("%Y-%m-%d %H:%M"), self.now, "UTC")
        return read_line(value, self.now, self.timezone)


def _short_text(node: etree._Element) -> str | None:
    """Return the text of an element that has no more of it than a line; None for a longer one, and for a large one."""
    if len([*islice(node.iter(), MOST_ELEMENTS + 1)]) > MOST_ELEMENTS:
        return None
    parts, length = [], 0
    for part in node.itertext():
        length += len(part.strip())
        if length > LONGEST_LINE:
            return None
        parts.append(str(part))
    return " ".join(parts)
