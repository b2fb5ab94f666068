"""The draft: what the pages showed, and what it is unsure of."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from crawler.archive import Capture
from crawler.site import Layout
from pipeline.parse import PageNotUnderstood, parse_html
from pipeline.parse.dom import select
from pipeline.parse.layout import families
from pipeline.parse.metadata import site_name
from pipeline.schema import Page
from pipeline.sitedraft.addresses import ArticleShape
from pipeline.sitedraft.listings import links_of, paging_of, tree_of

MIN_LISTED = 3  # articles that a page links to when it is a section


class DraftRefused(RuntimeError):
    """No draft can be written; the message says why."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A profile in the making. `unsure` gives for a key why its value may be wrong."""

    title: str
    host: str
    article: str
    sections: tuple[str, ...]
    feeds: tuple[str, ...]
    sitemaps: tuple[str, ...]
    paging: tuple[str, int | None] | None
    layout: Layout | None
    unsure: dict[str, str]


def read_article(capture: Capture) -> Page | None:
    """Return the page read without a profile, None when it is no article."""
    try:
        return parse_html(
            capture.body, capture.url, None, fetched_at=capture.fetched_at, content_type=capture.content_type
        )
    except PageNotUnderstood:
        return None


def draft_site(
    front: Capture,
    listings: Sequence[Capture],
    menu: Sequence[str],
    articles: Sequence[Capture],
    shape: ArticleShape,
    feeds: Sequence[str],
    sitemaps: Sequence[str],
) -> Draft:
    """Write a draft from a page, some of its sections, and article pages of one form.

    Raises:
        DraftRefused: none of the pages reads as an article.
    """
    host = urlsplit(front.url).netloc.lower()
    read = [(capture, page) for capture in articles if (page := read_article(capture))]
    if not read:
        raise DraftRefused(
            f"{front.url}: no article found: none of {len(articles)} pages that it leads to reads as one"
        )
    pattern = shape.pattern(host)
    seen, sections = _sections(pattern, front, listings, menu)
    paging = next((found for one in seen if (found := paging_of(one.url, links_of(one)))), None)
    root = tree_of(front)
    title = (site_name(root) if root is not None else "") or host
    layout = _layout(read)
    listing = sum(one is not front for one in seen)
    unsure = _doubts(shape, len(read), listing, len(sections), paging, layout, feeds, sitemaps)
    return Draft(title, host, pattern, sections, tuple(feeds), tuple(sitemaps), paging, layout, unsure)


def _sections(
    pattern: str, front: Capture, listings: Sequence[Capture], menu: Sequence[str]
) -> tuple[list[Capture], tuple[str, ...]]:
    """Return the pages that list articles, and the sections: the menu without pages seen to list none."""
    counts = {one.url: len({link.url for link in links_of(one) if re.match(pattern, link.url)}) for one in listings}
    listing = [one for one in listings if counts[one.url] >= MIN_LISTED]
    chosen = tuple(url for url in menu if counts.get(url, MIN_LISTED) >= MIN_LISTED and not re.match(pattern, url))
    return listing or [front], chosen or (front.url,)


def _layout(read: Sequence[tuple[Capture, Page]]) -> Layout | None:
    """Return the family's layout that read most pages, with the selectors that find something on one of them."""
    names = [page.layout for _, page in read if page.layout.startswith("family/")]
    if not names:
        return None
    name = max(names, key=names.count)
    family = next(layout for layout in families().layouts if f"family/{layout.name}" == name)
    roots = [root for capture, _ in read if (root := tree_of(capture)) is not None]

    def found(part: str) -> tuple[str, ...]:
        return tuple(css for css in getattr(family, part) if any(select(root, css) for root in roots))

    parts = {
        part: found(part)
        for part in ("title", "lead", "body", "drop", "captions", "authors", "published", "section", "tags")
    }
    if not parts["title"] or not parts["body"]:
        return None
    return Layout.model_validate({"name": family.name, "verified": False} | parts)


def _doubts(
    shape: ArticleShape,
    read: int,
    seen: int,
    sections: int,
    paging: tuple[str, int | None] | None,
    layout: Layout | None,
    feeds: Sequence[str],
    sitemaps: Sequence[str],
) -> dict[str, str]:
    where = (
        f"the id is {shape.id_name} in the query"
        if shape.names
        else f"the id is taken to have {shape.digits} or {shape.digits + 1} digits; old articles may have fewer"
    )
    doubts = {
        "article": f"induced from links that led to {read} pages that read as articles; {where}",
        "start.sections": f"{sections}, the menu's; {seen} looked at and found to list articles",
        "start.feeds": "read, with articles in them" if feeds else "no feed was found",
        "start.sitemaps": "named in robots.txt, not read" if sitemaps else "robots.txt names none",
        "start.paging": "from a section's pager; its end was not tried" if paging else "no pager was understood",
        "layouts": f"the {layout.name} family's selectors that matched {read} pages"
        if layout
        else "no known family: pages are read the generic way; describe the design here",
    }
    if shape.names and len(shape.names) > 1:
        doubts["article"] += "; other numbers of the query differ too and were made part of it"
    return doubts
