"""Where articles are announced: feeds, sitemaps and listing pages. Bytes in, addresses out; nothing is fetched here."""

from __future__ import annotations

import calendar
import datetime as dt
import io
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

import feedparser
from lxml import etree
from parsel import Selector

from crawler.addresses import joined
from crawler.known import Found
from crawler.profile import Paging
from crawler.published import read_iso
from crawler.site import Site

# What servers and browsers take; the sitemap protocol allows 2,048 too. A longer one is a trap or a blob.
LONGEST_ADDRESS = 2_048
# The sitemap protocol allows 50 MB unpacked; twice that is no sitemap but a bomb.
LARGEST_SITEMAP_BYTES = 100_000_000
LARGEST_LISTING_BYTES = 5_000_000  # of a page; the largest that papers show have half a megabyte
MOST_FOREIGN = 0.5  # share of a sitemap's or feed's addresses on other hosts; partner papers make up a few


class ListingNotUnderstood(ValueError):
    """A feed or sitemap that cannot be read; the message says what it is instead."""


@dataclass(frozen=True, slots=True)
class Sitemap:
    """A sitemap read: further sitemaps with their time of change, and the addresses it lists itself."""

    children: tuple[Found, ...]
    pages: tuple[Found, ...]


def articles_among(site: Site, found: Iterable[Found]) -> dict[str, Found]:
    """Return the articles of this site by id, each with the one address it is fetched by; the first mention wins.

    Addresses over LONGEST_ADDRESS are left out.
    """
    articles: dict[str, Found] = {}
    for entry in found:
        if len(entry.url) > LONGEST_ADDRESS:
            continue
        id_ = site.article_id(entry.url)
        if id_ is None or not site.owns(entry.url) or id_ in articles:
            continue
        url = site.article_url(entry.url)
        if site.crawls(url):
            articles[id_] = Found(url, entry.published, entry.lastmod)
    return articles


def led_away(site: Site, found: Sequence[Found]) -> str | None:
    """Return in words that most addresses of a sitemap or feed are on hosts that are not the site's; else None.

    Then the site has moved, or the list is another paper's.
    """
    foreign = [entry.url for entry in found if not site.owns(entry.url)]
    if len(foreign) <= MOST_FOREIGN * len(found):
        return None
    return f"{len(foreign)} of {len(found)} addresses are on other hosts and were left out, such as {foreign[0]:.200}"


# --------------------------------------------------------------------------- feeds
def read_feed(body: bytes, url: str) -> tuple[Found, ...]:
    """Return the entries of an RSS or Atom feed.

    Raises:
        ListingNotUnderstood: it is no feed (an HTML page, say).
    """
    feed = feedparser.parse(io.BytesIO(body), sanitize_html=False)
    if not feed.get("version") and not feed.entries:
        raise ListingNotUnderstood(f"{url}: no RSS or Atom feed, it begins {body[:40]!r}")
    return tuple(
        # dict.get: feedparser's own gives the publication for a missing update, with a warning
        Found(address, *(_utc(dict.get(entry, key)) for key in ("published_parsed", "updated_parsed")))
        for entry in feed.entries
        if entry.get("link") and (address := joined(url, entry.link))
    )


def _utc(parsed: object) -> dt.datetime | None:
    # feedparser gives struct_time in UTC; out-of-range years come from feeds that print none
    if not isinstance(parsed, tuple):
        return None
    try:
        return dt.datetime.fromtimestamp(calendar.timegm(parsed), dt.UTC)
    except (ValueError, OverflowError):
        return None


# --------------------------------------------------------------------------- sitemaps
def read_sitemap(body: bytes, url: str, timezone: str) -> Sitemap:
    """Read a sitemap index, an urlset or a news sitemap, gzipped or not.

    Raises:
        ListingNotUnderstood: it is none of these, or larger than LARGEST_SITEMAP_BYTES.
    """
    xml = _unzipped(body, url)
    events = etree.iterparse(
        io.BytesIO(xml), events=("end",), recover=True, resolve_entities=False, no_network=True, remove_comments=True
    )
    children: list[Found] = []
    pages: list[Found] = []
    try:
        for _, element in events:
            name = etree.QName(element).localname
            if name in ("sitemap", "url"):
                entry = _sitemap_entry(element, url, timezone)
                if entry:
                    (children if name == "sitemap" else pages).append(entry)
                element.clear()
        root = etree.QName(events.root).localname if events.root is not None else ""
    except etree.XMLSyntaxError as error:
        raise ListingNotUnderstood(f"{url}: no sitemap: {error}") from error
    if root not in ("sitemapindex", "urlset"):
        raise ListingNotUnderstood(f"{url}: no sitemap, it begins {xml[:40]!r}")
    return Sitemap(tuple(children), tuple(pages))


def _unzipped(body: bytes, url: str) -> bytes:
    if not body.startswith(b"\x1f\x8b"):
        return body
    inflater = zlib.decompressobj(31)
    try:
        xml = inflater.decompress(body, LARGEST_SITEMAP_BYTES)
    except zlib.error as error:
        raise ListingNotUnderstood(f"{url}: no sitemap: {error}") from error
    if inflater.unconsumed_tail:
        raise ListingNotUnderstood(f"{url}: no sitemap: more than {LARGEST_SITEMAP_BYTES:,} bytes unpacked")
    return xml


def _sitemap_entry(element: etree._Element, base: str, timezone: str) -> Found | None:
    # Direct children: a picture in the entry has a loc of its own
    loc, lastmod = ((element.findtext(f"{{*}}{name}") or "").strip() for name in ("loc", "lastmod"))
    address = joined(base, loc) if loc else None
    if address is None:
        return None
    published = element.findtext(".//{*}publication_date") or ""
    return Found(address, read_iso(published, timezone), read_iso(lastmod, timezone))


def whole_day(found: Found, timezone: str) -> Found:
    """Return an entry whose lastmod is a day without a time with the last second of that day.

    A page may have changed until then; a day that is not over is in the future, and says nothing yet.
    """
    if found.lastmod is None or found.lastmod.astimezone(ZoneInfo(timezone)).time() != dt.time.min:
        return found
    return replace(found, lastmod=found.lastmod + dt.timedelta(days=1, seconds=-1))


# --------------------------------------------------------------------------- listing pages
def read_links(selector: Selector, base: str, items: str | None) -> Iterator[Found]:
    """Give the links of a listing page: those that `items` selects (itself or inside); all where it is None."""
    chosen = selector.css(items) if items else selector
    for href in chosen.xpath("descendant-or-self::a/@href").getall():
        if address := joined(base, href):
            yield Found(address)


def zone_of(selector: Selector, paging: Paging) -> str | None:
    """Return what the profile's `zone` selects on the first page: text, or the value of an input."""
    return _selected(selector, paging.zone, "value") if paging.zone else None


def next_page(selector: Selector, base: str, paging: Paging, section: str, number: int, zone: str | None) -> str | None:
    """Return the address of page `number` of a listing (the first page is 1), or None where it does not go on."""
    if paging.template:
        if paging.zone and not zone:
            return None
        n = number - 2 + paging.first
        offset = (n - 1) * paging.page_size
        return joined(base, paging.template.format(section=section, n=n, offset=offset, zone=zone))
    href = _selected(selector, paging.next, "href") if paging.next else None
    return joined(base, href) if href else None


def _selected(selector: Selector, css: str, attribute: str) -> str | None:
    found = selector.css(css)
    if not found:
        return None
    # "::text" and "::attr()" select strings; an element gives its attribute
    value = found[0].get() if "::" in css else found[0].attrib.get(attribute)
    return value.strip() if value and value.strip() else None
