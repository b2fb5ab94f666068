"""What a reader reads on an article's page, as a digest: an advertisement or a counter more is not a change.

Only for the frontier, which learns from it how often pages change. Revisions are told apart by the pipeline, with more
care.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator

from lxml import etree

from crawler.page import Page, drop, selected, text_of
from crawler.profile import Layout
from crawler.site import Site

SHORTEST_PARAGRAPH = 60  # characters; what is shorter outside of a known layout is mostly a menu, a title, a counter
FEWEST_CHARACTERS = 200  # read without a layout; with less the page shows its text in another way
_NEVER_READ = ("script", "style", "noscript", "iframe", "form", "template")
_NO_TEXT = ("nav", "aside", "footer", "header", "a")  # a paragraph in these is no part of an article


def content_digest(page: Page, site: Site) -> str | None:
    """Return the digest of title, lead and text by the first layout that finds title and text, else of the paragraphs.

    None where neither gives a text. What no reader reads is taken out of the page: read everything else off it before.
    """
    root = page.root
    for unread in [*root.iter(*_NEVER_READ)]:
        drop(unread)
    for layout in site.layouts:
        read = _by_layout(root, layout)
        if read is not None:
            return _digest(read)
    paragraphs = [text for text in map(text_of, _paragraphs(root)) if len(text) >= SHORTEST_PARAGRAPH]
    if sum(map(len, paragraphs)) < FEWEST_CHARACTERS:
        return None
    return _digest([*map(text_of, selected(root, "h1")), *paragraphs])


def _paragraphs(page: etree._Element) -> Iterator[etree._Element]:
    for paragraph in page.iter("p"):
        if next(paragraph.iterancestors(*_NO_TEXT), None) is None:
            yield paragraph


def _by_layout(page: etree._Element, layout: Layout) -> list[str] | None:
    title, text = _first(page, layout.title), _first(page, layout.body)
    if title is None or text is None:
        return None
    if not isinstance(text, str):
        for dropped in _all(text, layout.drop):
            drop(dropped)
    lead = _first(page, layout.lead)
    read = [text_of(found) for found in (title, lead, text) if found is not None]
    return read if all(read) else None


def _all(node: etree._Element, tried: Iterable[str]) -> Iterator[etree._Element]:
    for css in tried:
        yield from (found for found in selected(node, css) if not isinstance(found, str))


def _first(page: etree._Element, tried: Iterable[str]) -> etree._Element | str | None:
    for css in tried:
        if found := selected(page, css):
            first: etree._Element | str = found[0]
            return first
    return None


def _digest(read: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(read).encode("utf-8", "surrogatepass")).hexdigest()
