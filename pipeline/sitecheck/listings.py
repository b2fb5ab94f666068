"""Whether a profile finds the articles on its site's sections: `start.items`, and how a section goes on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from parsel import Selector
from w3lib.html import get_base_url

from crawler.archive import Capture
from crawler.listing import articles_among, next_page, read_links, zone_of
from crawler.site import Site
from pipeline.parse import PageNotUnderstood, decode


@dataclass(frozen=True, slots=True)
class ListingCount:
    """Articles that a section's first page links to: among the links of `start.items`, and among all its links.

    `second` is the address of its second page, None where the profile finds none.
    """

    url: str
    by_items: int
    linked: int
    second: str | None


def check_listing(site: Site, capture: Capture) -> ListingCount:
    """Count the articles on the first page of a section; one that cannot be read has none."""
    try:
        text = decode(capture.body, content_type=capture.content_type, where=capture.url)
    except PageNotUnderstood:
        return ListingCount(capture.url, 0, 0, None)
    selector, base, paging = Selector(text=text, type="html"), get_base_url(text, capture.url), site.start.paging
    by_items, linked = (
        len(articles_among(site, read_links(selector, base, items))) for items in (site.start.items, None)
    )
    second = next_page(selector, base, paging, capture.url, 2, zone_of(selector, paging))
    return ListingCount(capture.url, by_items, linked, second)


def items_lost(listings: Sequence[ListingCount]) -> bool:
    """Whether the sections link to articles and `start.items` finds none of them, on any."""
    return any(listing.linked for listing in listings) and not any(listing.by_items for listing in listings)


def listing_lines(listings: Sequence[ListingCount]) -> Iterator[str]:
    """Give a line a section."""
    for listing in listings:
        goes_on = listing.second or "no second page"
        yield f"section {listing.url}: {listing.by_items} articles by start.items, {listing.linked} in all; {goes_on}"
