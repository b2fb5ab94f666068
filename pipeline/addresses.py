"""Whose an address is: its site, the site's own id of the article, and the id that the article has in the tables."""

from __future__ import annotations

import hashlib
import re
from urllib.parse import urlsplit

from crawler.archive import site_of_host
from crawler.site import Site
from crawler.sites import Sites

_WITHOUT_HOST = "imported"
_PLAIN_HOST = re.compile(r"[a-z0-9.:-]{1,80}")


def article_id(site: str, source_id: str) -> str:
    """Return the id of an article in the tables: 16 hex digits of a hash of its site and the site's own id."""
    return hashlib.sha256(f"{site}\n{source_id}".encode()).hexdigest()[:16]


def address(url: str, sites: Sites) -> tuple[str, str | None, Site | None]:
    """Return (site name, the site's own article id or None, profile or None) of a URL.

    Without a profile the site is the host with underscores and the id is the path with its query. What is no URL at
    all (imports hold anything) is of the site "imported" and no article.
    """
    try:
        site = sites.of_url(url)
        parts = urlsplit(url)
    except ValueError:  # "http://[x": urllib refuses some brackets and characters
        return _WITHOUT_HOST, None, None
    if site is not None:
        return site.name, site.article_id(url), site
    path = parts.path + (f"?{parts.query}" if parts.query else "")
    return _site_without_profile(parts.netloc), path, None


def site_name(url: str, sites: Sites) -> str:
    """Return the site of a URL, as `address` does; it depends on the URL's host alone."""
    try:
        site = sites.of_url(url)
        return site.name if site is not None else _site_without_profile(urlsplit(url).netloc)
    except ValueError:
        return _WITHOUT_HOST


def _site_without_profile(host: str) -> str:
    """Return a name that may be part of a file name, whatever stands in a URL; two hosts never share one."""
    host = host.lower().removeprefix("www.")
    name = site_of_host(host)
    # no folder of that name: readers take digits for a number, and nothing for null
    if _PLAIN_HOST.fullmatch(host) and name and not name.isdecimal():
        return name
    return (
        f"{name[:40]}_{hashlib.sha256(host.encode('utf-8', 'surrogatepass')).hexdigest()[:8]}"
        if host
        else _WITHOUT_HOST
    )
