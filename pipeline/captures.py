"""From a captured response to a cleaned article, or to the reason why it is none."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import pickle
from dataclasses import fields
from operator import attrgetter
from typing import NamedTuple

from crawler.archive import Capture
from crawler.gate import is_gate
from crawler.sites import Sites
from pipeline.addresses import address, article_id
from pipeline.clean import clean_page
from pipeline.language import foreign_language
from pipeline.parse import MAX_TEXT_BYTES, PageNotUnderstood, decode, parse_html, parse_text
from pipeline.records import Article
from pipeline.schema import DroppedRow, RevisionRow

_GONE = (404, 410)
_LANGUAGES = ("vi",)  # of pages of sites without a profile
_OF_ARTICLES = [own.name for own in fields(Article) if own.name != "dropped"]
_values = attrgetter(*_OF_ARTICLES)


class Edition(NamedTuple):
    """An article as one capture showed it. Editions of one article with equal digests are one revision.

    It goes from process to process, by way of a file, and few of them read the article: for the others that is bytes.
    """

    article_id: str
    site: str
    source_id: str
    url: str
    fetched_at: dt.datetime
    published_at: dt.datetime | None
    digest: str
    packed: bytes
    capture_file: str
    capture_offset: int
    capture_id: str

    @property
    def article(self) -> Article:
        """The article, made anew at every call; what was dropped of its page is not kept."""
        return Article(dropped=(), **dict(zip(_OF_ARTICLES, pickle.loads(self.packed), strict=True)))  # noqa: S301


def packed(article: Article) -> bytes:
    """Return an article as an edition holds it."""
    return pickle.dumps(_values(article), pickle.HIGHEST_PROTOCOL)


def read_capture(capture: Capture, sites: Sites) -> Edition | DroppedRow:
    """Parse and clean one captured response; a response that is no article becomes a row of `dropped`.

    So does an article in a language that the site's profile does not name (`languages`), such as a machine
    translation at an address that does not give it away.
    """
    site_name, source_id, site = address(capture.url, sites)
    refusal = _refused_by_crawl(capture, source_id)
    if refusal is not None or source_id is None:
        return dropped(capture, site_name, "crawl", *(refusal or _no_article(capture)))
    try:
        page = (
            parse_text(_text(capture), url=capture.url, fetched_at=capture.fetched_at)
            if _kind(capture) == "text/plain"
            else parse_html(
                capture.body, capture.url, site, fetched_at=capture.fetched_at, content_type=capture.content_type
            )
        )
        article = clean_page(page, site)
    except PageNotUnderstood as refused:
        return dropped(capture, site_name, "parse", refused.reason, refused.detail)
    foreign = foreign_language(article.text, site.languages if site else _LANGUAGES)
    if foreign is not None:
        return dropped(capture, site_name, "clean", "other_language", foreign)
    return Edition(
        article_id=article_id(site_name, source_id),
        site=site_name,
        source_id=source_id,
        url=capture.url,
        fetched_at=capture.fetched_at,
        published_at=article.published_at,
        digest=_digest(article),
        packed=packed(article),
        capture_file=capture.file,
        capture_offset=capture.offset,
        capture_id=capture.record_id,
    )


def _text(capture: Capture) -> str:
    return decode(capture.body, content_type=capture.content_type, limit=MAX_TEXT_BYTES, where=capture.url)


def _kind(capture: Capture) -> str:
    return (capture.content_type or "").split(";")[0].strip().lower()


def _refused_by_crawl(capture: Capture, source_id: str | None) -> tuple[str, str | None] | None:
    """Return (reason, detail) of a response that needs no parsing to be refused."""
    kind = _kind(capture)
    if capture.status in _GONE and source_id is not None:
        return "gone", f"HTTP {capture.status}"
    if capture.status != 200 and capture.kind == "response":
        return f"http_{capture.status}", capture.redirect_target
    if capture.url.endswith("/robots.txt"):
        return "robots", None
    if kind.endswith("xml") and kind != "application/xhtml+xml":
        return "feed_or_sitemap", kind
    if kind and not kind.startswith("text/") and kind not in ("application/xhtml+xml", "application/octet-stream"):
        return "not_text", kind
    return None


def _no_article(capture: Capture) -> tuple[str, str]:
    if is_gate(capture.body):
        return "gate", "a page that lets no reader on, at an address of no article"
    return "listing", "no article has this address"


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


def dropped_edition(shown: Edition | RevisionRow, stage: str, reason: str, detail: str) -> DroppedRow:
    """Return the `dropped` row of a capture that was read as an article and is no revision of it."""
    return DroppedRow(
        url=shown.url,
        site=shown.site,
        fetched_at=shown.fetched_at,
        stage=stage,
        reason=reason,
        detail=detail,
        capture_file=shown.capture_file,
        capture_offset=shown.capture_offset,
        capture_id=shown.capture_id,
    )


def _digest(article: Article) -> str:
    """Return the SHA-256 of what a reader reads: title, lead, text and captions."""
    read = [article.title, article.lead, article.text, list(article.captions)]
    return hashlib.sha256(json.dumps(read, ensure_ascii=False).encode()).hexdigest()
