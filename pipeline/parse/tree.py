"""A page read once: its names and its texts, so that no question walks the page again."""

from __future__ import annotations

import functools

from pipeline.parse.dom import Element, remove, select, strip_never_read, text_of
from pipeline.parse.selectors import Called, asked_names, by_name
from pipeline.parse.texts import Texts

# a cell with more words, in several paragraphs, is a place on the page and not a value
MAX_WORDS_OF_CELL = 100
# tables of a page that are looked at: those that lay it out come first, and tables can be nested by the thousand
MAX_FRAMES = 100


class Tree:
    """A page whose names and texts are read once.

    Elements may be taken out after its names were read; it must not change after its texts were.
    """

    def __init__(self, root: Element) -> None:
        self.root = root
        self._parts: dict[str, bool] = {}

    def strip_unseen(self) -> None:
        """Take out what a reader does not see: scripts, styles, form controls, hidden elements."""
        strip_never_read(self.root)
        self._called = Called(self.root, seen_only=True)
        remove(self.root, self._called.hidden)

    @functools.cached_property
    def names(self) -> frozenset[str]:
        """Every class and id of the page."""
        return frozenset(" ".join((*self._called.classes, *self._called.ids)).split())

    @functools.cached_property
    def _called(self) -> Called:
        return Called(self.root)

    def select(self, css: str, part: Element | None = None) -> list[Element]:
        """Return the elements that a CSS selector finds in a part of the page or all of it, in document order.

        Nothing is searched for names that the page lacks, and few elements of a class are looked at one by one.
        """
        return self._called.find(css, self.root if part is None else part) if self.may_have(css) else []

    def may_have(self, css: str) -> bool:
        """Whether the page has every class, id and attribute, and every part of one, that some alternative of the
        selector asks for.

        True for the id of nothing that is the class of something: then the selector itself finds nothing.
        """
        for asked in asked_names(css):
            if (
                asked.names <= self.names
                and asked.attributes <= self._called.attributes
                and all(map(self._has_part, asked.parts))
            ):
                return True
        return False

    def some_may_have(self, selectors: tuple[str, ...]) -> list[str]:
        """Return those of several selectors, in their order, that `may_have` allows: most ask for a name that the page
        lacks, and are not looked at."""
        places = by_name(selectors)
        hit = {place for name in self.names & places.keys() for place in places[name]}
        return [css for place in sorted(hit.union(places[""])) if self.may_have(css := selectors[place])]

    def _has_part(self, part: str) -> bool:
        if part not in self._parts:
            self._parts[part] = part in self._all_names
        return self._parts[part]

    @functools.cached_property
    def _all_names(self) -> str:
        return " ".join(self.names)

    @functools.cached_property
    def texts(self) -> Texts:
        """The text of each element."""
        return Texts(self.root)


def take_place(page: Tree) -> str | None:
    """Take the place before a lead, where a page marks it as one (vnexpress), out of the page and return it."""
    stamps = page.select(".location-stamp")
    place = text_of(stamps[0]) if stamps else ""
    remove(page.root, stamps)
    return place or None


def open_frames(page: Tree) -> None:
    """Turn tables that lay out the page, as those of old portals do, into plain blocks; tables of data stay tables."""
    for table in select(page.root, "table")[:MAX_FRAMES]:
        rows = [*table.iterchildren("tr"), *(row for body in table.iterchildren("tbody") for row in body)]
        cells = [cell for row in rows for cell in row.iterchildren("td", "th")]
        if any(_is_place(page, cell) for cell in cells):
            for part in (table, *table.iterchildren("tbody"), *rows, *cells):
                part.tag = "div"


def _is_place(page: Tree, cell: Element) -> bool:
    words = page.texts.words(page.texts.number[cell])
    return words > MAX_WORDS_OF_CELL and len(select(cell, "p, div, br")) > 1
