"""The listings that a run begins at: those of the profile or of the operator's orders, in a refresh the ones due."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from urllib.parse import urljoin, urlsplit

from crawler.site import Site
from crawler.siterun import SiteRun


def base_of(site: Site) -> str:
    """Return the address of the host that is asked first."""
    start = site.start
    for url in (*start.sections, *start.feeds, *start.sitemaps):
        return urljoin(url, "/")
    return f"https://{site.hosts[0]}/"


def listings_due(run: SiteRun, now: dt.datetime) -> list[str]:
    """Return the listings to read: all, but in a refresh only those that have probably news, and at least one."""
    sections, orders, frontier, site = [*_sections(run)], run.orders, run.frontier, run.site.name
    if not orders.refresh or orders.recheck_after is not None or orders.sections:
        return sections
    due = [section for section in sections if frontier.listing_due(site, section, now)]
    return due or sorted(sections, key=lambda section: frontier.listing_read(site, section) or now)[:1]


def _sections(run: SiteRun) -> Iterator[str]:
    """Give the sections to walk: all of the profile, or those ordered, in the profile or not."""
    if not run.orders.sections:
        yield from run.site.start.sections
    for wanted in run.orders.sections:
        path = "/" + urlsplit(wanted).path.strip("/")
        same = [url for url in run.site.start.sections if _bare(urlsplit(url).path) == _bare(path)]
        yield same[0] if same else urljoin(base_of(run.site), path)


def _bare(path: str) -> str:
    """Return a section's path without slashes and suffix: "/cong-doan.htm" is "cong-doan"."""
    return path.strip("/").rpartition(".")[0] or path.strip("/")
