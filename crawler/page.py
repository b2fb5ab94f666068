"""A page, parsed once at most for all that the crawl reads off it, by lxml alone: parsel's objects cost as much again.

CSS is parsel's, with "::text" and "::attr()".
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache, cached_property
from typing import Any

from lxml import etree
from parsel.csstranslator import HTMLTranslator

LARGEST_PARSED = 10_000_000  # bytes; of a larger page the pipeline reads nothing either
FIRST_PART = 16_000  # bytes; the parts double from there, so that looking at each costs no more than parsing
_TRANSLATOR = HTMLTranslator()
_STRING = etree.XPath("string(.)", smart_strings=False)


class Page:
    """The bytes of a page; it is parsed when something asks for `root`, and once."""

    def __init__(self, body: bytes) -> None:
        self.body = body

    @cached_property
    def root(self) -> etree._Element:
        """The root element. What is no UTF-8 is U+FFFD there; an empty body is an empty page."""
        return _parsed(self.body)

    def growing(self) -> Iterator[etree._Element]:
        """Give the root while ever more of the page is parsed, the whole last: for what mostly stands near its top."""
        body = self.body.replace(b"\x00", b"")
        parser = etree.HTMLPullParser(events=("start",), tag="html", recover=True, encoding="utf-8", huge_tree=True)
        root: etree._Element | None = None
        at, size = 0, FIRST_PART
        while at < len(body):
            parser.feed(body[at : at + size])
            at, size = at + size, 2 * size
            for _, started in parser.read_events():
                root = started if root is None and isinstance(started, etree._Element) else root
            if root is not None:
                yield root


def _parsed(body: bytes) -> etree._Element:
    plain = body.decode("utf-8", errors="replace").strip().replace("\x00", "").encode() or b"<html/>"
    parser = etree.HTMLParser(recover=True, encoding="utf-8", huge_tree=True)
    root = etree.fromstring(plain, parser)
    return etree.fromstring(b"<html/>", parser) if root is None else root  # comments alone have no root


def selected(node: etree._Element, css: str) -> list[Any]:
    """Return what a selector of the profile finds inside a node: elements, or strings for "::text" and "::attr()"."""
    return list(_compiled(css)(node))


@cache  # selectors come from profiles, not from pages: they are few
def _compiled(css: str) -> Callable[[etree._Element], Any]:
    return etree.XPath(_TRANSLATOR.css_to_xpath(css), smart_strings=False)


def text_of(found: etree._Element | str) -> str:
    """Return the text of what was selected, with runs of white space as one space."""
    return " ".join((found if isinstance(found, str) else str(_STRING(found))).split())


def drop(node: etree._Element) -> None:
    """Take a node out of its page, but not the text that follows it."""
    parent = node.getparent()
    if parent is None:
        return
    if node.tail:
        before = node.getprevious()
        if before is None:
            parent.text = (parent.text or "") + node.tail
        else:
            before.tail = (before.tail or "") + node.tail
    parent.remove(node)
