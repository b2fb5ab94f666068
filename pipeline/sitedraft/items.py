"""The selector of teasers: the links of the listing itself, told from those of the columns beside it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from crawler.archive import Capture
from pipeline.parse.dom import Element, select, text_of
from pipeline.sitedraft.addresses import MIN_HEADLINE_WORDS
from pipeline.sitedraft.identity import Identity
from pipeline.sitedraft.listings import address_of, tree_of
from pipeline.sitedraft.ways import ways_to

SHARE_OF_A_COLUMN = 0.5  # of the other pages that have a link too; boxes of related articles differ from page to page
MIN_ITEMS = 3  # articles on a page of a listing; fewer are no evidence
# share of the listing's own articles that a selector must find: a lead story often has a design of its own
MIN_FOUND = 0.8
MOST_OTHERS = 0.1  # share of what it finds that may be of the columns beside: pinned articles stay on every page


@dataclass(frozen=True, slots=True)
class Items:
    """The selector of the teasers on `pages` listing pages, and what speaks for it; `css` None where nothing does."""

    css: str | None
    why: str


@dataclass(frozen=True, slots=True)
class _Page:
    root: Element
    ids: dict[Element, str]

    def found(self, css: str) -> set[str]:
        """Return the articles that a selector finds, as the crawl does: in the elements or themselves."""
        return {self.ids[node] for node in self.links(css)}

    def links(self, css: str) -> list[Element]:
        """Return the links to articles that a selector finds."""
        nodes = (link for node in select(self.root, css) for link in _links_in(node))
        return [node for node in nodes if node in self.ids]


def items_of(listings: Sequence[Capture], articles: Sequence[Capture], identity: Identity) -> Items:
    """Find the selector on pages of listings; article pages have the same columns beside their text.

    A link that at least half of the other pages have too is of a column; the rest of a listing's links are its own.
    """
    pages = [page for one in listings if (page := _read(one, identity))]
    margins = [page for one in articles if (page := _read(one, identity))]
    seen = Counter(id_ for page in (*pages, *margins) for id_ in set(page.ids.values()))
    enough = 1 + max(1, (len(pages) + len(margins) - 1) * SHARE_OF_A_COLUMN)
    column = {id_ for id_, number in seen.items() if number >= enough}
    told = [(page, set(page.ids.values()) - column) for page in pages]
    told = [(page, mine) for page, mine in told if len(mine) >= MIN_ITEMS]
    if not told:
        return Items(None, "no listing page shows articles of its own: all links are read")
    ways = dict.fromkeys(
        css for page, mine in told for node, id_ in page.ids.items() if id_ in mine for css in ways_to(node)
    )
    fitting = [(worth, css) for css in ways if (worth := _worth(css, told, margins, column)) is not None]
    if not fitting:
        return Items(None, "no selector tells the listing's links from the columns beside: all links are read")
    css = min(
        fitting, key=lambda one: (-one[0], not _shows_headlines(one[1], told), _others(one[1], told), len(one[1]))
    )[1]
    found = sum(len(page.found(css) & mine) for page, mine in told)
    whole = sum(len(mine) for _, mine in told)
    said = f"on {len(told)} listing pages it finds {found} of {whole} articles that are not in the columns"
    return Items(css, f"{said}, and no column of {len(margins)} article pages" if column else f"{said}; no column seen")


def _read(capture: Capture, identity: Identity) -> _Page | None:
    root = tree_of(capture)
    if root is None:
        return None
    ids = {}
    for node in select(root, "a[href]"):
        url = address_of(node, root, capture.url)
        if url and (id_ := identity.id_of(url)):
            ids[node] = id_
    return _Page(root, ids)


def _shows_headlines(css: str, told: Sequence[tuple[_Page, set[str]]]) -> bool:
    """Whether most links found show a headline, not a picture or "Xem tiếp"."""
    links = [link for page, _ in told for link in page.links(css)]
    return 2 * sum(len(text_of(link).split()) >= MIN_HEADLINE_WORDS for link in links) > len(links)


def _others(css: str, told: Sequence[tuple[_Page, set[str]]]) -> int:
    """Count the links found that lead to no article, in tenths of all found: a teaser has few, a whole column many."""
    every = [link for page, _ in told for node in select(page.root, css) for link in _links_in(node)]
    articles = sum(len(page.links(css)) for page, _ in told)
    return round(10 * (len(every) - articles) / len(every)) if every else 0


def _links_in(node: Element) -> list[Element]:
    return [node] if node.tag == "a" else select(node, "a")


def _worth(
    css: str, told: Sequence[tuple[_Page, set[str]]], margins: Sequence[_Page], column: set[str]
) -> float | None:
    """Return the share of the listings' own articles that a selector finds, None where it finds too few or a column.

    The newest articles are in the listing and in a column: a column betrays itself on article pages, and by being found
    on every listing page.
    """
    here = [page.found(css) for page, _ in told]
    found = sum(len(ids & mine) for ids, (_, mine) in zip(here, told, strict=True))
    own = sum(len(mine) for _, mine in told)
    beside = max((len(page.found(css) & column) for page in margins), default=0)
    always = set.intersection(*here) & column if len(here) > 1 else set()
    if found < MIN_FOUND * own or beside + len(always) > MOST_OTHERS * found:
        return None
    return round(found / own, 2)
