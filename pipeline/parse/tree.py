"""A page read once: its names and its texts, so that no question walks the page again."""

from __future__ import annotations

import functools
from collections.abc import Iterable

from cssselect.parser import Attrib, Class, CombinedSelector, Hash, parse
from lxml import etree

from pipeline.parse.dom import Element, select
from pipeline.parse.texts import Texts

# a cell with more words, in several paragraphs, is a place on the page and not a value
MAX_WORDS_OF_CELL = 100
# tables of a page that are looked at: those that lay it out come first, and tables can be nested by the thousand
MAX_FRAMES = 100

_CLASSES = etree.XPath("//@class", smart_strings=False)
_IDS = etree.XPath("//@id", smart_strings=False)


class Tree:
    """A page whose unseen parts are gone: its names and its texts are read once, and it must not change after that."""

    def __init__(self, root: Element) -> None:
        self.root = root
        self._parts: dict[str, bool] = {}

    @functools.cached_property
    def names(self) -> frozenset[str]:
        """Every class and id of the page."""
        return frozenset(" ".join((*_strings(_CLASSES(self.root)), *_strings(_IDS(self.root)))).split())

    def select(self, css: str) -> list[Element]:
        """Return the elements that a CSS selector finds, in document order; no search for classes the page lacks."""
        return select(self.root, css) if self.may_have(css) else []

    def may_have(self, css: str) -> bool:
        """Whether the page has every class and id, and every part of one, that some alternative of the selector asks
        for.

        True for the id of nothing that is the class of something: then the selector itself finds nothing.
        """
        return any(whole <= self.names and all(map(self._has_part, parts)) for whole, parts in asked_names(css))

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


def _strings(found: object) -> Iterable[str]:
    return (value for value in found if isinstance(value, str)) if isinstance(found, list) else ()


@functools.cache
def asked_names(css: str) -> tuple[tuple[frozenset[str], frozenset[str]], ...]:
    """Return, for each alternative of a selector, the classes and ids that an element and those around it must have,
    and the parts of classes and ids ("[class*=sapo]")."""
    return tuple(
        (frozenset(name for name, whole in asked if whole), frozenset(name for name, whole in asked if not whole))
        for selector in parse(css)
        for asked in (_asked(selector.parsed_tree),)
    )


def _asked(part: object) -> set[tuple[str, bool]]:
    """Return the names that a part of a selector asks for, each with whether it is whole."""
    if isinstance(part, CombinedSelector):
        return _asked(part.selector) | _asked(part.subselector)
    own: set[tuple[str, bool]] = set()
    if isinstance(part, Class):
        own = {(part.class_name, True)}
    elif isinstance(part, Hash):
        own = {(part.id, True)}
    elif isinstance(part, Attrib) and part.attrib in ("class", "id") and part.operator == "*=" and part.value:
        own = {(str(part.value.value), False)}
    inner = getattr(part, "selector", None)
    return own | _asked(inner) if inner is not None else own
