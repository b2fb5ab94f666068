"""What a reader reads on an article's page, as a digest: an advertisement or a counter more is not a change.

Only for the frontier, which learns from it how often pages change. Revisions are told apart by the pipeline, with more
care.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator

from parsel import Selector

from crawler.site import Layout, Site

SHORTEST_PARAGRAPH = 60  # characters; what is shorter outside of a known layout is mostly a menu, a title, a counter
FEWEST_CHARACTERS = 200  # read without a layout; with less the page shows its text in another way
_NEVER_READ = "script, style, noscript, iframe, form, template"
_PARAGRAPHS = "//p[not(ancestor::nav or ancestor::aside or ancestor::footer or ancestor::header or ancestor::a)]"


def content_digest(page: Selector, site: Site) -> str | None:
    """Return the digest of title, lead and text by the first layout that finds title and text, else of the paragraphs.

    None where neither gives a text. What no reader reads is taken out of the page: read everything else off it before.
    """
    for unread in page.css(_NEVER_READ):
        unread.drop()
    for layout in site.layouts:
        read = _by_layout(page, layout)
        if read is not None:
            return _digest(read)
    paragraphs = [text for text in _texts(page.xpath(_PARAGRAPHS)) if len(text) >= SHORTEST_PARAGRAPH]
    if sum(map(len, paragraphs)) < FEWEST_CHARACTERS:
        return None
    return _digest([*_texts(page.css("h1")), *paragraphs])


def _by_layout(selector: Selector, layout: Layout) -> list[str] | None:
    title, text = _first(selector, layout.title), _first(selector, layout.body)
    if title is None or text is None:
        return None
    for css in layout.drop:
        for dropped in text.css(css):
            if dropped.root.getparent() is not None:
                dropped.drop()
    read = [*_texts([title]), *_texts(found for found in [_first(selector, layout.lead)] if found), *_texts([text])]
    return read if all(read) else None


def _first(selector: Selector, tried: Iterable[str]) -> Selector | None:
    for css in tried:
        found = selector.css(css)
        if found:
            return found[0]
    return None


def _texts(found: Iterable[Selector]) -> Iterator[str]:
    for node in found:
        # "::text" and "::attr()" select strings
        written = node.root if isinstance(node.root, str) else node.xpath("string(.)").get()
        yield " ".join(str(written or "").split())


def _digest(read: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(read).encode("utf-8", "surrogatepass")).hexdigest()
