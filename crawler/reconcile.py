"""Bring the frontier up to what the archive holds: after a kill, an import, or the loss of the frontier itself."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from pathlib import Path
from typing import get_args

from crawler.archive import IMPORTED, Capture, TornRecord, archive_files, mend, read_captures, read_runs
from crawler.arrivals import Arrived, note_page
from crawler.frontier import Frontier
from crawler.gate import is_gate
from crawler.known import Found, State
from crawler.replay import GONE, REDIRECTS, Replay
from crawler.site import Site

log = logging.getLogger(__name__)


def reconcile(corpus: Path, site: Site, frontier: Frontier) -> int:
    """Note in the frontier every capture of the site that it does not know; return how many files were read.

    One that knows nothing of the site at all was lost: then the listings and sitemaps are read again too. A file that a
    killed run left torn is cut back to its last whole record. Call it under the crawl's lock.
    """
    read = 0
    lost = not any(frontier.count(site.name, state) for state in get_args(State))
    replay = Replay(site, frontier, {run.run_id: run for run in read_runs(corpus) if run.site == site.name})
    articles = _Articles(corpus, site, frontier)
    for file in archive_files(corpus):
        folder, size = file.parts[-2], (corpus / file).stat().st_size
        if folder not in (site.name, IMPORTED) or frontier.size_read(site.name, str(file)) == size:
            continue
        if folder == site.name and (cut := mend(corpus, file)):
            log.warning(cut)
        replays = lost and folder == site.name
        if replays:
            replay.begin(file.name.rpartition("-")[0])
        try:
            for capture in read_captures(corpus, file):
                id_ = articles.note(capture)
                if replays:
                    replay.note(capture, id_)
        except TornRecord as torn:
            log.warning("%s", torn)
            if torn.resumes_at is None:
                continue  # an import that was killed, or is still at work: read again next time
        frontier.note_read(site.name, str(file), (corpus / file).stat().st_size)
        read += 1
    replay.end()
    return read


def note_run(corpus: Path, run_id: str, site: Site, frontier: Frontier) -> None:
    """Note that the frontier knows all that this run archived. Only after every answer has been read."""
    for file in archive_files(corpus):
        if file.parts[-2] == site.name and file.name.startswith(f"{run_id}-"):
            frontier.note_read(site.name, str(file), (corpus / file).stat().st_size)


@dataclass(slots=True)
class _Articles:
    """Notes in the frontier what the site answered when it was asked for an article, as the crawl notes it."""

    corpus: Path
    site: Site
    frontier: Frontier
    _led: dict[str, str] = field(default_factory=dict)  # by the address that a redirect named: the article asked for

    def note(self, capture: Capture) -> str | None:
        """Note a capture; return the article that was asked for, None where that is none of the site."""
        site = self.site
        id_ = site.article_id(capture.url) if site.owns(capture.url) else None
        asked_for = self._led.pop(capture.url, id_)
        if asked_for is not None and capture.kind == "response" and capture.status in REDIRECTS:
            if (target := capture.redirect_target) is not None:
                self._led[target] = asked_for
            return asked_for
        if asked_for not in (None, id_) and (capture.status in GONE or _is_page(capture)):
            self._note_gone(str(asked_for), capture)  # it leads to another page: this one is no more
        if id_ is not None and self._is_news(id_, capture):
            self._note_answer(id_, capture)
        return asked_for

    def _is_news(self, id_: str, capture: Capture) -> bool:
        known = self.frontier.article(self.site.name, id_)
        return known is None or known.last_checked is None or known.last_checked < capture.fetched_at

    def _note_gone(self, id_: str, capture: Capture) -> None:
        if self._is_news(id_, capture):
            self.frontier.gone(self.site.name, id_, capture.fetched_at)

    def _note_answer(self, id_: str, capture: Capture) -> None:
        frontier, site = self.frontier, self.site
        if capture.kind == "revisit":
            frontier.not_modified(site.name, id_, capture.fetched_at)
        elif capture.status in GONE:
            frontier.add(site.name, {id_: Found(site.article_url(capture.url))}, capture.fetched_at)
            frontier.gone(site.name, id_, capture.fetched_at)
        elif _is_page(capture):
            self._note_page(id_, capture)

    def _note_page(self, id_: str, capture: Capture) -> None:
        headers = {name.lower(): value for name, value in capture.headers}
        note_page(
            *(self.corpus, self.site, self.frontier, id_, self.frontier.article(self.site.name, id_)),
            Arrived(
                url=capture.url,
                body=capture.body,
                at=capture.fetched_at,
                etag=headers.get("etag"),
                last_modified=headers.get("last-modified"),
                payload=capture.payload,
                archived=f"{capture.file}:{capture.offset}",
            ),
        )


def _is_page(capture: Capture) -> bool:
    return capture.kind != "revisit" and capture.status == 200 and not is_gate(capture.body)
