"""The pages of the project's own making, read: those of the demo newspaper and those of tests/pages."""

from __future__ import annotations

import datetime as dt
import functools
import json
import tempfile
import urllib.request
from pathlib import Path

from crawler.site import Site
from crawler.sites import Sites
from pipeline.demo.newspaper import PAPERS
from pipeline.demo.server import DemoNewspaper, demo_sites
from pipeline.parse import PageNotUnderstood, parse_html
from pipeline.records import Page

FETCHED_AT = dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC)
PAGES = Path(__file__).parent / "pages"


@functools.cache
def demo_pages() -> tuple[tuple[Page, Site], ...]:
    """Return every article page of the demo newspaper's first day, as its press serves it on loopback."""
    read: list[tuple[Page, Site]] = []
    with DemoNewspaper() as newspaper, tempfile.TemporaryDirectory() as folder:
        demo_sites(newspaper.origins, Path(folder))
        sites = Sites((Path(folder),))
        for paper in PAPERS:
            for article in newspaper.papers[paper]:
                if article.on_line(1):
                    url = newspaper.url(paper, article.id)
                    with urllib.request.urlopen(url, timeout=10) as answer:  # noqa: S310 - our own server on loopback
                        page = parse_html(answer.read(), url, sites[paper], fetched_at=FETCHED_AT)
                    read.append((page, sites[paper]))
    return tuple(read)


@functools.cache
def stored_pages() -> tuple[tuple[Page, Site | None], ...]:
    """Return the articles among tests/pages, by the profile of their site where they have one."""
    sites = Sites()
    read: list[tuple[Page, Site | None]] = []
    for path in sorted(PAGES.rglob("*.html")):
        expected = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
        url = expected.get("url")
        site = sites.of_url(url) if url else None
        try:
            read.append((parse_html(path.read_bytes(), url, site, fetched_at=FETCHED_AT), site))
        except PageNotUnderstood:
            continue  # pages of other kinds are among them
    return tuple(read)
