"""The tree of an HTML page: the only door to lxml and parsel in reading pages."""

from __future__ import annotations

import functools
import re
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from typing import cast

from lxml import etree
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

# the parser's time grows with the square of an element's attributes, and a picture written into its tag has no blanks
MAX_WORDS_OF_TAG = 500
MAX_LETTERS_OF_TAG = 4_000  # a shorter one is not counted
_LONG_TAG = re.compile(rf"<([a-zA-Z][a-zA-Z0-9]{{0,20}})\s[^<>]{{{MAX_LETTERS_OF_TAG},}}+")
_CONTROLS = bytes((*range(9), 11, 12, *range(14, 32)))

# never text of the page; JSON-LD is read before these go
_UNSEEN = (
    *("style", "script", "noscript", "template", "svg", "iframe", "object", "select", "option", "button", "textarea"),
    *("zone", "amp-ad", "amp-embed", "amp-auto-ads"),
)
_HIDDEN_CLASSES = frozenset(
    ("d-none", "hide-accessible", "element-invisible", "visually-hidden", "screen-reader-text", "sr-only", "skip-link")
)
# what remove() calls an element on its way out
_GONE = "congdoan-gone"
_LINKED_DATA = "application/ld+json"
_CUSTOM = etree.XPath("//*[contains(name(), '-')]")


def parse_document(text: str) -> Element | None:
    """Return the root of the page's tree, or None when there is none. Broken HTML is mended as a browser would.

    Comments and processing instructions are left out; elements nested more than 2,048 deep come out side by side.
    """
    text = text.strip()
    if _may_have_long_tag(text):
        text = _LONG_TAG.sub(_bare_tag, text)
    markup = text.encode("utf-8", errors="replace").translate(None, _CONTROLS)
    parser = etree.HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True)
    try:
        return etree.fromstring(markup or b"<html/>", parser)
    except etree.XMLSyntaxError:
        return None


def _may_have_long_tag(text: str) -> bool:
    """Whether more letters than a tag is counted from stand somewhere without a "<" between: from one "<" on to the
    last that is near enough, which few steps of a page are."""
    at = -1
    while len(text) - at > MAX_LETTERS_OF_TAG + 1:
        at = text.rfind("<", at + 1, at + MAX_LETTERS_OF_TAG + 2)
        if at < 0:
            return True
    return False


def _bare_tag(tag: re.Match[str]) -> str:
    return f"<{tag[1]}" if len(tag[0].split(None, MAX_WORDS_OF_TAG)) > MAX_WORDS_OF_TAG else tag[0]


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
    if not len(node):
        return repair_line(node.text or "")
    pieces: list[str] = []
    for event, element in events(node):
        breaks = element.tag in BREAKING or element.tag == "br"
        if event == "start":
            pieces += (" " if breaks else "", element.text or "" if isinstance(element.tag, str) else "")
        else:
            pieces += (" " if breaks else "", element.tail or "" if element is not node else "")
    return repair_line("".join(pieces))


def events(node: Element, tag: str | None = None) -> etree.iterwalk:
    """Walk over "start" and "end" of an element and all in it, or of those of one tag, however deep they are nested."""
    return etree.iterwalk(node, events=("start", "end"), tag=tag)


def cut_subtree(walk: etree.iterwalk) -> None:
    """Leave out what is inside the element whose start the walk gave last."""
    walk.skip_subtree()


def attribute(node: Element, name: str) -> str:
    """Return an attribute as one repaired line, empty when absent."""
    value = node.get(name)
    return repair_line(value) if value else ""


def remove(root: Element, nodes: Iterable[Element]) -> None:
    """Take elements out of the tree below `root`; the text after each stays. All go in one walk."""
    away = [node for node in nodes if node is not root]
    for node in away:
        node.tag = _GONE
    if away:
        etree.strip_elements(root, _GONE, with_tail=False)


@contextmanager
def taken_out(root: Element, nodes: Iterable[Element]) -> Iterator[None]:
    """For a moment leave elements out of the tree below `root`, the text after each in its place; none in another.

    A copy of the tree without them says the same, but that of a page as long as a book is another twenty megabytes.
    """
    gaps: list[tuple[Element, Element]] = []
    try:
        for node in nodes:
            around = node.getparent()
            if node is not root and around is not None:
                gap = node.makeelement(_GONE)
                gap.tail = node.tail
                around.replace(node, gap)
                gaps.append((gap, node))
        yield
    finally:
        for gap, node in gaps:
            around = gap.getparent()
            if around is not None:
                around.replace(gap, node)


def strip_never_read(root: Element) -> None:
    """Remove what no browser shows as text: scripts, styles, form controls."""
    etree.strip_elements(root, *_UNSEEN, with_tail=False)


def name_custom_elements(root: Element) -> None:
    """Turn elements of a site's own making (`<news-body>`) into plain blocks, which they are to a reader."""
    for node in cast(list[Element], _CUSTOM(root)):
        if not str(node.tag).startswith("amp-"):
            node.tag = "div"


def called(node: Element) -> str:
    """Return what a design calls an element: its classes and its id."""
    return f"{node.get('class') or ''} {node.get('id') or ''}"


def hides_called(classes: str) -> bool:
    """Whether one of the classes of an element hides it, as those of common designs do."""
    return not _HIDDEN_CLASSES.isdisjoint(classes.split())


def hides(style: str) -> bool:
    """Whether the style of an element hides it."""
    return "display" in style and "display:none" in style.replace(" ", "")


def linked_data(root: Element) -> list[str]:
    """Return the text of every JSON-LD script of the page."""
    return [
        "".join(cast(Iterator[str], node.itertext()))
        for node in root.iter("script")
        if node.get("type") == _LINKED_DATA
    ]


def has_text(node: Element) -> bool:
    """Whether anything but blanks is in an element."""
    return any(not str(text).isspace() for text in node.itertext())


def outermost(root: Element, wanted: Collection[Element]) -> list[Element]:
    """Return of the wanted elements below `root` those that lie in no other, in document order."""
    found: list[Element] = []
    walk = etree.iterwalk(root, events=("start",))
    for _, node in walk if wanted else ():
        if node in wanted and node is not root:
            found.append(node)
            walk.skip_subtree()
    return found


def markup(root: Element) -> str:
    """Return the tree as HTML text."""
    return str(etree.tostring(root, encoding="unicode", method="html"))
