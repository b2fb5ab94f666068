"""The publication date a page gives of itself: enough to know when a listing has come to articles too old to want.

The tables' dates are read by the pipeline, with more care; here a date that is not plain is no date.
"""

from __future__ import annotations

import datetime as dt
import html
import re
from zoneinfo import ZoneInfo

from lxml import etree

from crawler.page import LARGEST_PARSED, Page, selected, text_of
from crawler.site import Site

# Read off the bytes: most pages state their date so, and need not be parsed for it. A tag is a few hundred bytes.
_META = re.compile(
    rb"<meta\b(?=[^<>]{0,600}=[\"']?(?:article:published_time|datePublished)\b)[^<>]{0,600}\bcontent=[\"']?([^\"'>]{8,60})",
    re.I,
)
_JSON_LD = re.compile(rb'"datePublished"\s*:\s*"([^"]{8,40})"')
_PRINTED = re.compile(r"\b(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})\b")


def published_on(page: Page, site: Site) -> dt.datetime | None:
    """Return the date of an article's page: its metadata, else what the profile's `published` selectors find.

    UTC; a time without an offset is in the site's zone, a printed day without a time is its midnight.
    """
    for stated in (*_META.findall(page.body), *_JSON_LD.findall(page.body)):
        if date := read_iso(html.unescape(stated.decode("utf-8", "replace")), site.timezone):
            return date
    tried = [css for layout in site.layouts for css in layout.published]
    if not tried or len(page.body) > LARGEST_PARSED:
        return None
    # Mostly above the text: whatever comes later on the page, the first date of the first selector stays that
    root = None
    for root in page.growing():
        if date := _printed(root, tried[0], site):
            return date
    if root is None:
        return None
    return next((date for css in tried[1:] if (date := _printed(root, css, site))), None)


def _printed(root: etree._Element, css: str, site: Site) -> dt.datetime | None:
    return _printed_day(" ".join(map(text_of, selected(root, css))), site.timezone)


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
