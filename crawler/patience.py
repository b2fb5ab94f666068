"""Between the requests: the turn to ask, and the wait that a site asks for with 429 or 503 and Retry-After."""

from __future__ import annotations

import asyncio
import time
from http import HTTPStatus

from scrapy import Spider
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.retry import RetryMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Request, Response

from crawler.archive import read_runs
from crawler.manners import DayCount, Hours, requests_today, seconds_to_wait
from crawler.middlewares import SiteMiddleware
from crawler.settings import RETRIES
from crawler.site import Site
from crawler.siterun import REFRESH_EVERY

BUSY = (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE)
LONGEST_WAIT = 600.0  # seconds a Retry-After may ask for; a site that wants more is left for this run
LONGEST_WAITING = 3600.0  # seconds of such waits in one run
UNSAID_WAIT = 10  # delays of the profile that a 429 without Retry-After is answered with
ONE_LOOK = 0.5  # seconds between two looks at whether the run was stopped meanwhile


class Turns(SiteMiddleware):
    """Holds a request back while the site wants quiet, and for good outside its hours and over its requests a day."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._quiet_until = 0.0  # of time.monotonic()
        self._waited = 0.0  # seconds, at the site's word
        self._today: DayCount | None = None

    async def process_request(self, request: Request) -> None:  # noqa: ARG002 - Scrapy's signature
        run = self._run
        while (left := self._quiet_until - time.monotonic()) > 0 and not run.ended:
            await asyncio.sleep(min(left, ONE_LOOK))
        if not run.ended:
            self._take_turn()
        if run.ended:
            raise IgnoreRequest("the run has ended")

    def _take_turn(self) -> None:
        """Count one more request, or end the run where none may go out now."""
        run, now, polite = self._run, self._run.clock(), self._run.site.politeness
        if polite.hours is not None and not Hours.read(polite.hours).hold(now, run.site.timezone):
            run.end("outside_hours", outside_hours(run.site))
        if polite.requests_a_day is None or run.ended:
            return
        if self._today is None:
            earlier = [log for log in read_runs(run.corpus) if log.run_id != run.log.run_id]
            self._today = requests_today(earlier, run.site.name, now, run.site.timezone, unwritten=REFRESH_EVERY)
        if self._today.at(now) >= polite.requests_a_day:
            run.end("day_spent", day_spent(run.site, self._today.requests))
        else:
            self._today.add(now)

    def hear(self, request: Request, response: Response) -> None:
        """Keep quiet for as long as a 429 or 503 asks for."""
        stated = response.headers.get("Retry-After")
        seconds = seconds_to_wait(stated.decode("latin-1"), self._run.clock()) if stated else None
        if seconds is not None:
            self._wait(seconds, response.status, last=request.meta.get("retry_times", 0) >= RETRIES)
        elif response.status == HTTPStatus.TOO_MANY_REQUESTS:
            self._wait(UNSAID_WAIT * self._run.site.politeness.delay, response.status, last=False)

    def _wait(self, seconds: float, status: int, *, last: bool) -> None:
        """Leave the site alone for so long; for the rest of the run where it wants too much or `last` did not help."""
        self._waited += seconds
        if last or seconds > LONGEST_WAIT or self._waited > LONGEST_WAITING:
            self._run.end("asked_to_wait", asked_to_wait(self._run.site, status, seconds))
        self._quiet_until = max(self._quiet_until, time.monotonic() + seconds)


class Retries(RetryMiddleware):
    """Asks again after silences and passing errors, and after 429 and 503 no sooner than the site says."""

    def process_response(
        self,
        request: Request,
        response: Response,
        spider: Spider | None = None,  # noqa: ARG002 - Scrapy's signature
    ) -> Request | Response:
        turns = self.crawler.get_downloader_middleware(Turns) if response.status in BUSY else None
        if isinstance(turns, Turns):
            turns.hear(request, response)
        return super().process_response(request, response)


def outside_hours(site: Site) -> str:
    """Return the line for a site that is asked at some hours only."""
    return f"by its profile it is asked at {site.politeness.hours} ({site.timezone}) only; the next crawl goes on then"


def day_spent(site: Site, requests: int) -> str:
    """Return the line for a site that had all its requests for today."""
    return (
        f"{requests} requests were sent today and politeness.requests_a_day of the profile allows "
        f"{site.politeness.requests_a_day}; the crawl of tomorrow goes on from here"
    )


def asked_to_wait(site: Site, status: int, seconds: float) -> str:
    """Return the line for a site that wants to be left alone."""
    return (
        f"{site.hosts[0]} answers {status} and asks to wait {seconds:.0f} s; it is left for this run. The next one "
        f"goes on from here; if this comes back, raise politeness.delay in the profile"
    )
