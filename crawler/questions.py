"""A spider that asks for a few pages, each choice made from the answers before; robots.txt is asked for once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from scrapy import Request
from scrapy.exceptions import DontCloseSpider, IgnoreRequest
from scrapy.http import Response
from scrapy.robotstxt import RobotParser
from twisted.python.failure import Failure

from crawler.archive import Capture
from crawler.fetching import LISTING_THEN
from crawler.heard import Heard
from crawler.middlewares import what_is_wrong, why_unanswered
from crawler.permission import ROBOTS_NAME
from crawler.siterun import SiteRun
from crawler.spider import NewsSpider


class QuestionSpider(NewsSpider):
    """Asks what the questions of its orders want to know, until there are no more; the frontier learns nothing."""

    name = "questions"

    def __init__(self, run: SiteRun, **kwargs: Any) -> None:
        super().__init__(run, **kwargs)
        self.heard = Heard()

    def _announcements(self) -> Iterator[Request]:
        return iter(())

    def slow_down(self, robotparser: RobotParser) -> None:
        """Keep the Crawl-delay, and remember it."""
        super().slow_down(robotparser)
        delay = robotparser.crawl_delay(ROBOTS_NAME)
        self.heard.crawl_delay = float(delay) if delay is not None else self.heard.crawl_delay

    def go_on(self) -> None:
        """Put the next questions whenever the last ones are answered."""
        questions = self.run.orders.questions
        if self.run.ended or questions is None:
            return
        self.heard.sitemaps = tuple(dict.fromkeys(self.run.sitemaps))
        self.heard.requests = self.run.log.requests
        try:
            urls = questions(self.heard)
        except Exception as error:  # Scrapy would log it and finish with a smile
            self.run.broken = True
            self.run.end("failed", f"choosing what to ask next broke: {error!r}")
            raise
        for url in urls:
            request = Request(
                url,
                self.answered,
                errback=self.unheard,
                cb_kwargs={"asked": url},
                priority=LISTING_THEN,
                meta={"verbatim_url": True},
                dont_filter=True,
            )
            self.crawler.engine.crawl(request)
        if urls:
            raise DontCloseSpider

    def answered(self, response: Response, asked: str) -> None:
        """Keep an answer, whatever its status; a gate is counted."""
        self.received(response)
        kind = response.headers.get("Content-Type")
        self.heard.answers[asked] = Capture(
            url=response.url,
            site=self.site.name,
            fetched_at=response.meta["archived_at"],
            status=response.status,
            content_type=kind.decode("latin-1") if kind else None,
            headers=(),
            body=response.body,
            kind="response",
            file="",
            offset=0,
            record_id="",
        )

    def unheard(self, failure: Failure) -> None:
        """Keep in words why no answer came."""
        self.unanswered(failure)
        error, request = failure.value, failure.request  # type: ignore[attr-defined]
        asked = request.cb_kwargs["asked"]
        if error is not None and not isinstance(error, IgnoreRequest):
            said = what_is_wrong(error) or why_unanswered(error, self.site.politeness.timeout)
        elif self.site.crawls(request.url):
            said = (what_is_wrong(error) if error else None) or "robots.txt forbids it"
        else:
            said = f"it leads to {request.url}, another host"
        self.heard.silences[asked] = said
