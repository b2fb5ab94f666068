"""robots.txt of each host, read again every day: a crawl may wait for its hours, and go on, for weeks."""

from __future__ import annotations

import datetime as dt
from urllib.parse import urlsplit

from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.http import Request
from scrapy.robotstxt import RobotParser

from crawler.advice import unreachable_advice
from crawler.siterun import SiteRun

ROBOTS_LAST = dt.timedelta(hours=24)  # RFC 9309: a copy should not be used for longer


class Robots(RobotsTxtMiddleware):
    """Forgets what a host allowed after ROBOTS_LAST. A robots.txt that cannot be read again ends the run.

    A request that was held back in a pause goes out by the rules of before; those after it by the new ones.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._read_at: dict[str, dt.datetime] = {}

    async def robot_parser(self, request: Request) -> RobotParser | None:
        run: SiteRun = self.crawler.spider.run  # type: ignore[union-attr]
        host, now = urlsplit(request.url).netloc, run.clock.now()
        again = now - self._read_at.setdefault(host, now) >= ROBOTS_LAST
        if again:
            self._read_at[host] = now
            self._parsers.pop(host, None)
        parser = await super().robot_parser(request)
        if again and parser is None:  # Scrapy would take it that all is allowed
            run.end("unreachable", unreachable_advice(host, run.last_silence or "its robots.txt could not be read"))
        return parser
