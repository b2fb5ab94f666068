"""The tree of an HTML page: the only door to lxml and parsel in reading pages."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from typing import cast

from lxml import etree
from parsel import Selector
from parsel.csstranslator import HTMLTranslator

from pipeline.repair import repair_line

Element = etree._Element

HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
# elements that begin and end a line
BREAKING = HEADINGS | frozenset(
    (
        *("address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details", "div", "dl", "dt"),
        *("fieldset", "figcaption", "figure", "footer", "form", "header", "hr", "li", "main", "nav", "ol", "p", "pre"),
        *("section", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul"),
    )
)

# a cell with more words, in several paragraphs, is a place on the page and not a value
MAX_WORDS_OF_CELL = 100
# tables of a page that are looked at: those that lay it out come first, and tables can be nested by the thousand
MAX_FRAMES = 100

_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")

# never text of the page; JSON-LD is read before these go
_UNSEEN = "style, script, noscript, template, svg, iframe, object, select, option, button, textarea, zone"
_HIDDEN = "[hidden], [style*='display:none'], [style*='display: none'], .d-none"
_KEPT_SCRIPT = 'script[type="application/ld+json"]'


def parse_document(text: str) -> Element | None:
    """Return the root of the page's tree, or None when there is none. Broken HTML is mended as a browser would."""
    root = Selector(text=_writable(text), type="html", huge_tree=True).root
    return root if isinstance(root, etree._Element) else None


@functools.cache
def _xpath(css: str) -> etree.XPath:
    return etree.XPath(HTMLTranslator().css_to_xpath(css))


def select(node: Element, css: str) -> list[Element]:
    """Return the elements below `node` that a CSS selector finds, in document order."""
    found = _xpath(css)(node)
    return [element for element in cast(list[object], found) if isinstance(element, etree._Element)]


def select_strings(node: Element, css: str) -> list[str]:
    """Return the strings that a CSS selector with ::text or ::attr() finds below `node`, each a repaired line."""
    found = _xpath(css)(node)
    return [line for text in cast(list[object], found) if isinstance(text, str) and (line := repair_line(text))]


def text_of(node: Element) -> str:
    """Return the whole text of an element as one repaired line; parts on lines of their own are kept apart."""
    pieces: list[str] = []
    for event, element in events(node):
        breaks = element.tag in BREAKING or element.tag == "br"
        if event == "start":
            pieces += (" " if breaks else "", element.text or "" if isinstance(element.tag, str) else "")
        else:
            pieces += (" " if breaks else "", element.tail or "" if element is not node else "")
    return repair_line("".join(pieces))


def events(node: Element) -> etree.iterwalk:
    """Walk over "start" and "end" of an element and all in it, however deep they are nested."""
    return etree.iterwalk(node, events=("start", "end"))


def cut_subtree(walk: etree.iterwalk) -> None:
    """Leave out what is inside the element whose start the walk gave last."""
    walk.skip_subtree()


def attribute(node: Element, name: str) -> str:
    """Return an attribute as one repaired line, empty when absent."""
    value = node.get(name)
    return repair_line(value) if value else ""


def remove(node: Element) -> None:
    """Take an element out of its tree; the text after it stays."""
    parent = node.getparent()
    if parent is None:
        return
    if node.tail:
        before = node.getprevious()
        if before is not None:
            before.tail = _writable((before.tail or "") + node.tail)
        else:
            parent.text = _writable((parent.text or "") + node.tail)
    parent.remove(node)


def _writable(text: str) -> str:
    # the parser lets control characters in (&#1;) that the tree takes from nobody else
    return _NOT_XML.sub("", text)


def strip_unseen(root: Element) -> None:
    """Remove what a reader does not see: scripts, styles, form controls, hidden elements, comments."""
    for css in (_UNSEEN, _HIDDEN):
        for node in select(root, css):
            remove(node)
    for place in select(root, ".location-stamp"):
        place.tail = " - " + _writable(place.tail or "").lstrip()  # vnexpress draws the dash of its datelines in CSS
    for comment in [node for node in root.iter() if not isinstance(node.tag, str)]:
        remove(comment)


def open_frames(root: Element) -> None:
    """Turn tables that lay out the page, as those of old portals do, into plain blocks; tables of data stay tables."""
    for table in select(root, "table")[:MAX_FRAMES]:
        rows = [*table.iterchildren("tr"), *(row for body in table.iterchildren("tbody") for row in body)]
        cells = [cell for row in rows for cell in row.iterchildren("td", "th")]
        if any(
            len(text_of(cell).split()) > MAX_WORDS_OF_CELL and len(select(cell, "p, div, br")) > 1 for cell in cells
        ):
            for part in (table, *table.iterchildren("tbody"), *rows, *cells):
                part.tag = "div"


def linked_data(root: Element) -> list[str]:
    """Return the text of every JSON-LD script of the page."""
    return ["".join(cast(Iterator[str], node.itertext())) for node in select(root, _KEPT_SCRIPT)]


def contains(outer: Element, inner: Element) -> bool:
    """Whether `inner` is `outer` or lies in it."""
    return inner is outer or any(ancestor is outer for ancestor in inner.iterancestors())


def markup(root: Element) -> str:
    """Return the tree as HTML text."""
    return str(etree.tostring(root, encoding="unicode", method="html"))


def parse_xml(text: str) -> Element:
    """Return the root of a well-formed XML text."""
    return etree.fromstring(text.encode("utf-8"), etree.XMLParser(resolve_entities=False, no_network=True))
