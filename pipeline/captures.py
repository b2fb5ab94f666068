"""From a captured response to a cleaned article, or to the reason why it is none."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from dataclasses import dataclass
from urllib.parse import urlsplit

from crawler.archive import Capture
from crawler.site import Site
from crawler.sites import Sites
from pipeline.clean import clean_page
from pipeline.parse import MAX_TEXT_BYTES, PageNotUnderstood, decode, parse_html, parse_text
from pipeline.schema import Article, DroppedRow

_GONE = (404, 410)


@dataclass(frozen=True, slots=True)
class Edition:
    """An article as one capture showed it. Editions of one article with equal digests are one revision."""

    article_id: str
    site: str
    source_id: str
    url: str
    fetched_at: dt.datetime
    digest: str
    article: Article
    capture_file: str
    capture_offset: int
    capture_id: str


def article_id(site: str, source_id: str) -> str:
    """Return the id of an article in the tables: 16 hex digits of a hash of its site and the site's own id."""
    return hashlib.sha256(f"{site}\n{source_id}".encode()).hexdigest()[:16]


def address(url: str, sites: Sites) -> tuple[str, str | None, Site | None]:
    """Return (site name, the site's own article id or None, profile or None) of a URL.

    Without a profile the site is the host with underscores and the id is the path with its query.
    """
    site = sites.of_url(url)
    if site is not None:
        return site.name, site.article_id(url), site
    parts = urlsplit(url)
    host = (parts.netloc or "imported").lower().removeprefix("www.")
    path = parts.path + (f"?{parts.query}" if parts.query else "")
    return "".join(letter if letter.isalnum() else "_" for letter in host), path, None


def read_capture(capture: Capture, sites: Sites) -> Edition | DroppedRow:
    """Parse and clean one captured response; a response that is no article becomes a row of `dropped`."""
    site_name, source_id, site = address(capture.url, sites)
    refusal = _refused_by_crawl(capture, source_id)
    if refusal is not None or source_id is None:
        return dropped(capture, site_name, "crawl", *(refusal or ("listing", None)))
    try:
        page = (
            parse_text(_text(capture), url=capture.url, fetched_at=capture.fetched_at)
            if (capture.content_type or "").startswith("text/plain")
            else parse_html(
                capture.body, capture.url, site, fetched_at=capture.fetched_at, content_type=capture.content_type
            )
        )
        article = clean_page(page, site)
    except PageNotUnderstood as refused:
        return dropped(capture, site_name, "parse", refused.reason, str(refused))
    return Edition(
        article_id=article_id(site_name, source_id),
        site=site_name,
        source_id=source_id,
        url=capture.url,
        fetched_at=capture.fetched_at,
        digest=_digest(article),
        article=article,
        capture_file=capture.file,
        capture_offset=capture.offset,
        capture_id=capture.record_id,
    )


def _text(capture: Capture) -> str:
    return decode(capture.body, content_type=capture.content_type, limit=MAX_TEXT_BYTES, where=capture.url)


def _refused_by_crawl(capture: Capture, source_id: str | None) -> tuple[str, str | None] | None:
    """Return (reason, detail) of a response that needs no parsing to be refused."""
    kind = (capture.content_type or "").split(";")[0].strip().lower()
    if capture.status in _GONE and source_id is not None:
        return "gone", f"HTTP {capture.status}"
    if capture.status != 200 and capture.kind == "response":
        return f"http_{capture.status}", None
    if urlsplit(capture.url).path == "/robots.txt":
        return "robots", None
    if kind.endswith("xml") and kind != "application/xhtml+xml":
        return "feed_or_sitemap", kind
    if kind and not kind.startswith("text/") and kind not in ("application/xhtml+xml", "application/octet-stream"):
        return "not_text", kind
    return None


def dropped(capture: Capture, site: str, stage: str, reason: str, detail: str | None) -> DroppedRow:
    """Return the `dropped` row of a capture."""
    return DroppedRow(
        url=capture.url,
        site=site,
        fetched_at=capture.fetched_at,
        stage=stage,
        reason=reason,
        detail=detail,
        capture_file=capture.file,
        capture_offset=capture.offset,
        capture_id=capture.record_id,
    )


def _digest(article: Article) -> str:
    """Return the SHA-256 of what a reader reads: title, lead, text and captions."""
    read = [article.title, article.lead, article.text, list(article.captions)]
    return hashlib.sha256(json.dumps(read, ensure_ascii=False).encode()).hexdigest()
