"""Where article pages show what takes a line: date, author, section; and captions."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence

from pipeline.parse.dates import DateRefused, find_date, read_date
from pipeline.parse.dom import Element, attribute, text_of
from pipeline.parse.layout import families
from pipeline.parse.texts import key
from pipeline.sitedraft.samples import Sample, elements, first_line, smallest, ways_on
from pipeline.sitedraft.text_places import says_title, title_nodes
from pipeline.sitedraft.ways import names_of

MAX_LINE_WORDS = 8  # of an author or a section
MAX_DATE_LENGTH = 80  # characters of a line that holds a date: a weekday, an author, a section beside it

_AUTHOR = re.compile(r"author|tac-?gia|but-?danh|nguoi-?viet|byline|ky-ten|nguon", re.I)
_CRUMB = re.compile(r"breadcrumb|bread-crumb|crumb|duong-?dan|pathway|site-?map-?path", re.I)
_CAPTION = re.compile(r"caption|chu-?thich|anh-?chu", re.I)
_DAY = dt.timedelta(days=1)


# --------------------------------------------------------------------------- date
def _dated(one: Sample) -> list[Element]:
    """Return the smallest elements of a line that show a day, in the order of the page."""
    return smallest([node for node in elements(one.root) if _moment(text_of(node), one) is not None])


def _clock(samples: Sequence[Sample]) -> frozenset[str]:
    """Return the dates that all pages show alike: the clock in a site's header."""
    shown = [{text_of(node) for node in _dated(one)} for one in samples]
    return frozenset(set.intersection(*shown)) if len(shown) > 1 else frozenset()


def _date_nodes(one: Sample, clock: frozenset[str]) -> list[Element]:
    """Return where the page shows the day it was published; the first date after its title where nothing says that."""
    nodes = [node for node in _dated(one) if text_of(node) not in clock]
    published = one.page.published_at
    today = {at.date() for text in clock if (at := _moment(text, one)) is not None}
    if published is not None and published.date() not in today:
        return [node for node in nodes if (at := _moment(text_of(node), one)) and abs(at - published) < _DAY]
    order = {node: number for number, node in enumerate(one.root.iter())}
    title = min((order[node] for node in title_nodes(one)), default=0)
    return sorted((node for node in nodes if order[node] > title), key=lambda node: order[node])[:1]


def _moment(written: str, one: Sample) -> dt.datetime | None:
    if not written or len(written) > MAX_DATE_LENGTH or not any(map(str.isdigit, written)):
        return None
    try:
        return read_date(written, fetched_at=one.capture.fetched_at)
    except DateRefused:
        return None


def date_ways(samples: Sequence[Sample]) -> list[str]:
    """Return the selectors of the day of publication; the clock in a site's header is none."""
    clock = _clock(samples)
    right = {id(one): {text_of(node) for node in _date_nodes(one, clock)} for one in samples}
    return ways_on(
        samples, lambda one: _date_nodes(one, clock), lambda one, css: first_line(one, css) in right[id(one)]
    )


# --------------------------------------------------------------------------- author, section, captions
def author_ways(samples: Sequence[Sample]) -> list[str]:
    """Return the selectors of the author."""
    return ways_on(samples, _author_nodes, _says_author)


def _author_nodes(one: Sample) -> list[Element]:
    names = {key(author) for author in one.page.authors}
    nodes = [node for node in elements(one.root) if key(text_of(node)) in names] if names else []
    return nodes or [node for node in elements(one.root) if _AUTHOR.search(" ".join(names_of(node)))]


def _says_author(one: Sample, css: str) -> bool:
    said = first_line(one, css)
    names = {key(author) for author in one.page.authors}
    if key(said) in names:
        return True
    named = any(_AUTHOR.search(name) for name in css.split())
    return named and 0 < len(said.split()) <= MAX_LINE_WORDS and find_date(said) is None and not says_title(one, css)


def section_ways(samples: Sequence[Sample], sections: set[str]) -> list[str]:
    """Return the selector of the last step of a page's path that is named like a section of the menu."""
    crumbs = dict.fromkeys(
        node.tag + name
        for one in samples
        for node in elements(one.root)
        for name in names_of(node)
        if _CRUMB.search(name)
    )
    ends = ("a:last-of-type", "li:last-child a", "a:last-child", "li:nth-last-child(2) a", "a:nth-last-of-type(2)")
    ways = [f"{crumb} {end}" for crumb in crumbs for end in ends]
    right = {css: sum(key(first_line(one, css)) in sections for one in samples) for css in ways}
    best = max(right, key=lambda css: (right[css], -len(css)), default=None)
    return [best] if best and right[best] * 2 > len(samples) else []


def caption_ways(samples: Sequence[Sample]) -> list[str]:
    """Return what is named a caption on these pages, then what any site's captions are known by."""
    own = (
        str(node.tag) + name
        for one in samples
        for node in elements(one.root)
        for name in names_of(node)
        if _CAPTION.search(name) and text_of(node) and not attribute(node, "content")
    )
    return [*dict.fromkeys(own), *families().captions]
