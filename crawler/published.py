"""The publication date a page gives of itself: enough to know when a listing has come to articles too old to want.

The tables' dates are read by the pipeline, with more care; here a date that is not plain is no date.
"""

from __future__ import annotations

import datetime as dt
import re
from zoneinfo import ZoneInfo

from parsel import Selector

from crawler.site import Site

_META = 'meta[property="article:published_time"]::attr(content), meta[itemprop="datePublished"]::attr(content)'
_IN_JSON_LD = re.compile(r'"datePublished"\s*:\s*"([^"]{8,40})"')
_PRINTED = re.compile(r"\b(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})\b")


def parsed(body: bytes) -> Selector:
    """Return a page parsed, once for all that is read off it here."""
    return Selector(text=body.decode("utf-8", errors="replace"))


def published_on(page: Selector, site: Site) -> dt.datetime | None:
    """Return the date of an article's page: its metadata, else what the profile's `published` selectors find.

    UTC; a time without an offset is in the site's zone, a printed day without a time is its midnight.
    """
    stated = page.css(_META).getall()
    for script in page.css('script[type="application/ld+json"]::text').getall():
        stated += _IN_JSON_LD.findall(script)
    for text in stated:
        if date := read_iso(text, site.timezone):
            return date
    for layout in site.layouts:
        for css in layout.published:
            # "::attr()" selects strings, which have no text of their own
            texts = [str(node.get() if "::" in css else node.xpath("string(.)").get()) for node in page.css(css)]
            if date := _printed_day(" ".join(texts), site.timezone):
                return date
    return None


def read_iso(text: str, timezone: str) -> dt.datetime | None:
    """Return an ISO 8601 (W3C) date in UTC; None when it is none."""
    try:
        date = dt.datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    if date.tzinfo is None:
        date = date.replace(tzinfo=ZoneInfo(timezone))
    try:
        return date.astimezone(dt.UTC)
    except OverflowError:  # the year 1 or 9999
        return None


def _printed_day(text: str, timezone: str) -> dt.datetime | None:
    match = _PRINTED.search(text)
    if match is None:
        return None
    day, month, year = (int(number) for number in match.groups())
    try:
        return dt.datetime(year, month, day, tzinfo=ZoneInfo(timezone)).astimezone(dt.UTC)
    except (ValueError, OverflowError):
        return None
