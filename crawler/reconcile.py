"""Bring the frontier up to what the archive holds: after a kill, an import, or the loss of the frontier itself."""

from __future__ import annotations

import logging
from pathlib import Path

from crawler.archive import Capture, TornRecord, archive_files, mend, read_captures
from crawler.content import content_digest
from crawler.frontier import Found, Frontier, body_digest
from crawler.gate import is_gate
from crawler.page import Page
from crawler.published import published_on
from crawler.site import Site

log = logging.getLogger(__name__)

GONE = (404, 410)
IMPORTED = "imported"  # the folder of pages that others collected; any site may be among them


def reconcile(corpus: Path, site: Site, frontier: Frontier) -> int:
    """Note in the frontier every capture of the site that it does not know; return how many files were read.

    A file that a killed run left torn is cut back to its last whole record. Call it under the crawl's lock.
    """
    read = 0
    for file in archive_files(corpus):
        folder, size = file.parts[-2], (corpus / file).stat().st_size
        if folder not in (site.name, IMPORTED) or frontier.size_read(site.name, str(file)) == size:
            continue
        if folder == site.name and (cut := mend(corpus, file)):
            log.warning(cut)
        try:
            for capture in read_captures(corpus, file):
                _note(site, frontier, capture)
        except TornRecord as torn:
            log.warning("%s", torn)
            if torn.resumes_at is None:
                continue  # an import that was killed, or is still at work: read again next time
        frontier.note_read(site.name, str(file), (corpus / file).stat().st_size)
        read += 1
    return read


def note_run(corpus: Path, run_id: str, site: Site, frontier: Frontier) -> None:
    """Note that the frontier knows all that this run archived. Only after every answer has been read."""
    for file in archive_files(corpus):
        if file.parts[-2] == site.name and file.name.startswith(f"{run_id}-"):
            frontier.note_read(site.name, str(file), (corpus / file).stat().st_size)


def _note(site: Site, frontier: Frontier, capture: Capture) -> None:
    id_ = site.article_id(capture.url)
    if id_ is None or not site.owns(capture.url):
        return
    known = frontier.article(site.name, id_)
    if known and known.last_checked and known.last_checked >= capture.fetched_at:
        return
    if capture.kind == "revisit":
        frontier.not_modified(site.name, id_, capture.fetched_at)
    elif capture.status in GONE:
        frontier.add(site.name, {id_: Found(site.article_url(capture.url))}, capture.fetched_at)
        frontier.gone(site.name, id_, capture.fetched_at)
    elif capture.status == 200 and not is_gate(capture.body):
        headers = {name.lower(): value for name, value in capture.headers}
        page = Page(capture.body)
        frontier.fetched(
            site.name,
            id_,
            site.article_url(capture.url),
            capture.fetched_at,
            digest=body_digest(capture.body),
            etag=headers.get("etag"),
            last_modified=headers.get("last-modified"),
            published=published_on(page, site),
            content=content_digest(page, site),
        )
