"""The publication date a page gives of itself: enough to know when a listing has come to articles too old to want.

The tables' dates are read by the pipeline, with more care; here a date that is not plain is no date.
"""

from __future__ import annotations

import datetime as dt
import re
from zoneinfo import ZoneInfo

from lxml import etree

from crawler.page import selected, text_of
from crawler.site import Site

_META = 'meta[property="article:published_time"]::attr(content), meta[itemprop="datePublished"]::attr(content)'
_JSON_LD = 'script[type="application/ld+json"]::text'
_IN_JSON_LD = re.compile(r'"datePublished"\s*:\s*"([^"]{8,40})"')
_PRINTED = re.compile(r"\b(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})\b")


def published_on(page: etree._Element, site: Site) -> dt.datetime | None:
    """Return the date of an article's page: its metadata, else what the profile's `published` selectors find.

    UTC; a time without an offset is in the site's zone, a printed day without a time is its midnight.
    """
    stated = [str(value) for value in selected(page, _META)]
    for script in selected(page, _JSON_LD):
        stated += _IN_JSON_LD.findall(str(script))
    for text in stated:
        if date := read_iso(text, site.timezone):
            return date
    for layout in site.layouts:
        for css in layout.published:
            if date := _printed_day(" ".join(map(text_of, selected(page, css))), site.timezone):
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
