"""Fetch articles: what the site answers, and what that means to the frontier and to the run."""

from __future__ import annotations

import datetime as dt
import logging
import sqlite3
from collections.abc import Iterable
from http import HTTPStatus
from typing import Any, Self
from urllib.parse import urlsplit

from scrapy import Request, Spider, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from twisted.python.failure import Failure

from crawler.archive import ArchiveUnwritable
from crawler.arrivals import Arrived, note_page
from crawler.gate import gate_of, is_gate
from crawler.known import Found, KnownArticle
from crawler.listing import LONGEST_ADDRESS, ListingNotUnderstood, articles_among, led_away
from crawler.middlewares import what_is_wrong, why_unanswered
from crawler.replay import GONE
from crawler.siterun import SiteRun

log = logging.getLogger(__name__)  # a spider's own logger has the site's name, and no way into crawl.log

# Higher goes first: an article that is known goes before the search for more, a recheck after everything new.
ARTICLE_FIRST, LISTING_THEN, RECHECK_LAST = 20, 10, 0


class ArticleSpider(Spider):
    """A spider that knows how to ask for an article, anew or again; what it asks for is its subclass's affair."""

    name = "articles"

    def __init__(self, run: SiteRun, **kwargs: Any) -> None:
        super().__init__(name=run.site.name, **kwargs)
        self.run = run
        self.site = run.site

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """Hear of what breaks in the callbacks too."""
        spider = super().from_crawler(crawler, *args, **kwargs)
        crawler.signals.connect(spider.broken, signal=signals.spider_error)
        return spider

    def article_request(self, article: KnownArticle) -> Request:
        headers = {}
        if article.state == "fetched":
            headers = {"If-None-Match": article.etag, "If-Modified-Since": article.last_modified}
            headers = {name: value for name, value in headers.items() if value} or {"Cache-Control": "max-age=0"}
        return Request(
            article.url,
            self.parse_article,
            errback=self.unanswered,
            headers=headers,
            cb_kwargs={"article": article},
            priority=RECHECK_LAST if article.state == "fetched" else ARTICLE_FIRST,
            meta={"known": article, "verbatim_url": True},
            dont_filter=True,  # the frontier knows better
        )

    def parse_article(self, response: Response, article: KnownArticle) -> None:
        """Note in the frontier what the site answered; the page itself is in the archive already."""
        run, now = self.run, response.meta["archived_at"]
        if response.status in GONE:
            run.answered()
            run.count(gone=int(article.state != "gone"))
            run.frontier.gone(self.site.name, article.id, now)
        elif response.status == HTTPStatus.NOT_MODIFIED or response.meta["same_payload"]:
            run.answered()
            run.count(not_modified=1, fetched=int(response.meta["same_payload"]))
            run.unchanged += int(response.meta["same_payload"])
            run.frontier.not_modified(self.site.name, article.id, now)
        elif self.received(response):
            self._arrived(response, article, now)
        elif not is_gate(response.body):  # behind a gate the article stays as it was, to be asked for again
            run.frontier.failed(self.site.name, article.id, now)

    def _arrived(self, response: Response, article: KnownArticle, now: dt.datetime) -> None:
        frontier, site = self.run.frontier, self.site.name
        self.run.answered()
        id_ = self.site.article_id(response.url)
        if id_ != article.id:  # redirected to the front page or to another article: this one is no more
            frontier.gone(site, article.id, now)
            self.run.count(gone=int(article.state != "gone"))
        if id_ is None:
            return
        known = article if id_ == article.id else frontier.article(site, id_)
        new = known is None or known.last_fetched is None
        self.run.count(articles=1, new_articles=int(new))
        archived = response.meta["archived"]
        self.run.unchanged += note_page(
            *(self.run.corpus, self.site, frontier, id_, known),
            Arrived(
                url=response.url,
                body=response.body,
                at=now,
                etag=_header(response, "ETag"),
                last_modified=_header(response, "Last-Modified"),
                payload=response.meta["payload_digest"],
                archived=f"{archived.file}:{archived.offset}",
            ),
        )

    # ----------------------------------------------------------------- announcements
    def announced(self, found: Iterable[Found], list_url: str | None = None) -> dict[str, Found]:
        """Return the articles among addresses, and count those that are none for their length.

        `list_url` is the sitemap or feed they are from: then it is told when most of them lead to other hosts.
        """
        entries = list(found)
        overlong = sum(len(entry.url) > LONGEST_ADDRESS for entry in entries)
        if overlong:
            log.warning("%d addresses of more than %d characters left out", overlong, LONGEST_ADDRESS)
            self.run.overlong += overlong
        elsewhere = led_away(self.site, entries) if list_url else None
        if elsewhere:
            self.run.warn(f"{list_url}: {elsewhere}")
        return articles_among(self.site, entries)

    # ----------------------------------------------------------------- answers and silences
    def received(self, response: Response) -> bool:
        """Count an answer; whether it is a page (200 and no gate)."""
        gate = gate_of(response.body, response.status)
        if gate is not None:
            log.warning("%s: status %d, a gate: %s", response.url, response.status, gate)
            self.run.gated(gate)
            return False
        if response.status != HTTPStatus.OK:
            log.warning("%s: status %d", response.url, response.status)
            own = self._is_pages_own(response.meta)
            self.run.refused(urlsplit(response.url).netloc, str(response.status), is_pages_own=own)
            return False
        self.run.silences_in_a_row = 0
        self.run.count(fetched=1)
        return True

    def unread(self, error: ListingNotUnderstood) -> None:
        self.run.count(errors=1)
        self.run.warn(str(error))

    def unanswered(self, failure: Failure) -> None:
        """Note a request without an answer. What was never sent (off the hosts, forbidden by robots) is no error."""
        error, request = failure.value, failure.request  # type: ignore[attr-defined]
        if self.run.ended or error is None or isinstance(error, ArchiveUnwritable):
            return
        article: KnownArticle | None = request.cb_kwargs.get("article")
        if article is not None:
            self.run.frontier.failed(self.site.name, article.id, self.run.clock.now())
        host, wrong, own = urlsplit(request.url).netloc, what_is_wrong(error), self._is_pages_own(request.meta)
        if wrong is not None:
            log.warning("%.300s: %s", request.url, wrong)
            self.run.refused(host, f"with {wrong}", is_pages_own=own)
        elif isinstance(error, IgnoreRequest):
            self.run.forbidden += 1
        else:
            reason = why_unanswered(error, self.site.politeness.timeout)
            log.warning("%.300s: no answer: %s", request.url, reason)
            self.run.unanswered(host, reason, is_pages_own=own)

    def _is_pages_own(self, meta: dict[str, Any]) -> bool:
        """Whether a failure tells of its article, not of the site.

        So it is where the article failed in an earlier run, or the site gave others since it was first asked for:
        what fails is asked for again after all else, so that a site's few broken pages come last, one after the other.
        """
        known: KnownArticle | None = meta.get("known")
        return known is not None and (
            known.tries > 0 or self.run.answers > meta.get("answers_before", self.run.answers)
        )

    def broken(self, failure: Failure, response: Response | None) -> None:
        """Note an answer that our own code could not read: Scrapy would log it and finish with a smile."""
        self.run.count(errors=1)
        if isinstance(failure.value, sqlite3.Error):
            self.run.end("unwritable", f"cannot write the frontier: {failure.value}; free some space and run it again")
        elif not self.run.broken:
            where = response.url if response is not None else "the start of the crawl"
            self.run.warn(f"reading {where} broke ({failure.value!r}); crawl.log says where, the page is archived")
        self.run.broken = True


def _header(response: Response, name: str) -> str | None:
    value = response.headers.get(name)
    return value.decode("latin-1") if value else None
