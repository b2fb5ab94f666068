"""Article pages to guess a layout from, and selectors that lead to the same thing on each of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import escape

from crawler.archive import Capture
from crawler.site import Site
from pipeline.parse import PageNotUnderstood, decode, parse_html
from pipeline.parse.dom import Element, parse_document, select, text_of
from pipeline.parse.tree import Tree
from pipeline.records import Page
from pipeline.sitedraft.ways import is_bare, ways_to

MOST_SELECTORS = 2  # of a part: the second stands in where the first finds nothing


@dataclass(frozen=True, slots=True)
class Sample:
    """An article page as read without a profile, its tree, and the headline that led to it ("" where none did)."""

    capture: Capture
    page: Page
    root: Element
    headline: str


def sample_of(capture: Capture, headline: str, site: Site) -> Sample:
    """Return the page read without a layout. Of the site only names are known.

    Raises:
        PageNotUnderstood: it is no article.
    """
    page = _parsed_or_named(capture, headline, site)
    root = parse_document(decode(capture.body, content_type=capture.content_type, where=capture.url))
    if root is None:
        raise PageNotUnderstood("empty", "no markup in the page", capture.url)
    Tree(root).strip_unseen()
    return Sample(capture, page, root, headline)


def parsed(capture: Capture, site: Site, body: str | bytes | None = None) -> Page:
    return parse_html(
        body or capture.body, capture.url, site, fetched_at=capture.fetched_at, content_type=capture.content_type
    )


def _parsed_or_named(capture: Capture, headline: str, site: Site) -> Page:
    """Return the page read; one whose title is the portal's own name goes by the headline that led to it."""
    try:
        return parsed(capture, site)
    except PageNotUnderstood as refusal:
        text = decode(capture.body, content_type=capture.content_type, where=capture.url)
        if refusal.reason != "no_title" or not headline:
            raise
        named = re.sub(r"(?is)<title\b.*?</title>", lambda _: f"<title>{escape(headline)}</title>", text, count=1)
        return parsed(capture, site, named)


def ways_on(
    samples: Sequence[Sample],
    nodes_of: Callable[[Sample], Iterable[Element]],
    is_right: Callable[[Sample, str], bool],
    cost: Callable[[Sample, str], int] = lambda _one, _css: 0,
) -> list[str]:
    """Return the selectors that are right on most pages, the best first; of equals those that `cost` least.

    Those that are right on every page come alone; else one after another, until each page that can be read is.
    """
    tried = dict.fromkeys(css for one in samples for node in nodes_of(one) for css in ways_to(node))
    right = {
        css: frozenset(n for n, one in enumerate(samples) if is_right(one, css)) for css in (*tried, *_bare(tried))
    }
    costs = {css: sum(cost(one, css) for one in samples) for css in right if right[css]}
    order = sorted(costs, key=lambda css: (-len(right[css]), costs[css], " " in css, is_bare(css), len(css)))
    chosen: list[str] = []
    covered: frozenset[int] = frozenset()
    for css in order:
        if right[css] - covered and len(chosen) < MOST_SELECTORS:
            chosen.append(css)
            covered |= right[css]
    return chosen


def _bare(tried: Iterable[str]) -> tuple[str, ...]:
    tags = {css.rpartition(" ")[2].split(".")[0].split("#")[0].split("[")[0] for css in tried}
    return tuple(tag for tag in ("h1", "time", "article") if tag in tags)


def first_line(one: Sample, css: str) -> str:
    """Return the first text that a selector finds, "" for none."""
    return next((text for node in select(one.root, css) if (text := text_of(node))), "")


def smallest(nodes: list[Element]) -> list[Element]:
    """Return the nodes that hold none of the others."""
    holding = {ancestor for node in nodes for ancestor in node.iterancestors()}
    return [node for node in nodes if node not in holding]


def elements(root: Element) -> Iterator[Element]:
    """Give all that is below the page's body."""
    return (
        node for node in root.iter() if isinstance(node.tag, str) and node.tag not in ("html", "head", "body", "title")
    )
