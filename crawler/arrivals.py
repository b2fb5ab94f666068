"""An article's page as it arrives, from the site or read back from the archive, and what the frontier learns of it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from crawler.archive import capture_at
from crawler.content import content_digest
from crawler.frontier import Frontier
from crawler.known import Fetched, KnownArticle, body_digest
from crawler.page import LARGEST_PARSED, Page
from crawler.published import published_on
from crawler.site import Site


@dataclass(frozen=True, slots=True)
class Arrived:
    """A page received in full: `payload` is the archive's digest of it, `archived` its place, `<file>:<offset>`."""

    url: str
    body: bytes
    at: dt.datetime
    etag: str | None
    last_modified: str | None
    payload: str | None
    archived: str


def note_page(
    corpus: Path, site: Site, frontier: Frontier, id_: str, known: KnownArticle | None, arrived: Arrived
) -> bool:
    """Note an article's page in the frontier; return whether it came byte for byte as it was last fetched.

    `known` is what the frontier knew of the article before.
    """
    page, digest = Page(arrived.body), body_digest(arrived.body)
    published = published_on(page, site)  # before the comparison, which takes the page apart
    content, content_before = _compared(corpus, site, page, known, digest)
    fetched = Fetched(
        url=site.article_url(arrived.url),
        at=arrived.at,
        digest=digest,
        etag=arrived.etag,
        last_modified=arrived.last_modified,
        published=published,
        content=content,
        content_before=content_before,
        payload=arrived.payload,
        archived=arrived.archived,
    )
    frontier.fetched(site.name, id_, fetched)
    return known is not None and known.digest == digest


def _compared(
    corpus: Path, site: Site, page: Page, known: KnownArticle | None, digest: str
) -> tuple[str | None, str | None]:
    """Return the digests of what a reader reads on a page now and at its last fetching, where both are wanted.

    Nobody needs that of a page that is new or came as it was, and to find it a page must be parsed.
    """
    if known is None or known.last_fetched is None or len(page.body) > LARGEST_PARSED:
        return None, None
    if known.digest == digest:
        return known.content, known.content
    return content_digest(page, site), known.content or _content_archived(corpus, site, known)


def _content_archived(corpus: Path, site: Site, known: KnownArticle) -> str | None:
    """Return the digest of what a reader read on a page when it was archived, None where it cannot be read."""
    file, _, offset = (known.archived or "").rpartition(":")
    capture = capture_at(corpus, file, int(offset)) if file else None
    return content_digest(Page(capture.body), site) if capture is not None else None
