"""A page, parsed once at most for all that the crawl reads off it, by lxml alone: parsel's objects cost as much again.

CSS is parsel's, with "::text" and "::attr()".
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, cached_property
from typing import Any

from lxml import etree
from parsel.csstranslator import HTMLTranslator

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

    def beginning(self, most: int) -> etree._Element:
        """Return the root of the page up to the last tag that ends within so many bytes."""
        return _parsed(self.body[: self.body.rfind(b">", 0, most) + 1])


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
