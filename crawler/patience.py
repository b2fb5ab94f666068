"""Between the requests: the turn to ask, and the wait that a site asks for with 429 or 503 and Retry-After."""

from __future__ import annotations

import asyncio
import datetime as dt
import time
from dataclasses import dataclass
from functools import cached_property
from http import HTTPStatus
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from scrapy import Spider
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.retry import RetryMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Request, Response

from crawler.advice import asked_to_wait, clock_stands, day_spent, outside_hours
from crawler.manners import Hours, day_of, midnight_after, seconds_to_wait
from crawler.middlewares import SiteMiddleware
from crawler.notes import Code
from crawler.settings import RETRIES

BUSY = (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE)
LONGEST_WAIT = 600.0  # seconds a Retry-After may ask for; a site that wants more is left for this run
LONGEST_WAITING = 3600.0  # seconds of such waits in one run
UNSAID_WAIT = 10  # delays of the profile that a 429 without Retry-After is answered with
ONE_LOOK = 0.5  # seconds between two looks at whether the run was stopped meanwhile
PAUSE_LOOK = 2.0  # seconds between two looks at the clock in a pause
LONGEST_PAUSE = 25 * 3600.0  # seconds slept in one pause; hours and days come back every 24, 25 where summer time ends


@dataclass(frozen=True, slots=True)
class Pause:
    """Why no request may go out now, and when one may again."""

    code: Code
    line: str  # of a run that ends on it
    why: str  # of one that waits
    until: dt.datetime


class Turns(SiteMiddleware):
    """Holds a request back while the site wants quiet, outside its hours, and over its requests a day.

    A run that is not to wait for the hours or for tomorrow ends instead.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._quiet_until = 0.0  # of time.monotonic()
        self._waited = 0.0  # seconds, at the site's word
        self._paused = 0.0  # seconds of the pause under way, as slept, whatever the clock says

    @cached_property
    def _hours(self) -> Hours | None:
        hours = self._run.site.politeness.hours
        return Hours.read(hours) if hours is not None else None

    async def process_request(self, request: Request) -> None:
        run = self._run
        while (left := self._quiet_until - time.monotonic()) > 0 and not run.ended:
            await asyncio.sleep(min(left, ONE_LOOK))
        host = urlsplit(request.url).netloc.lower()
        while not run.ended and (pause := self._pause(host)) is not None:
            await self._sit_out(pause)
        if run.ended:
            raise IgnoreRequest("the run has ended")
        self._go_on()
        run.ledger.add(host, day_of(run.clock.now(), run.site.timezone), run.site.politeness.requests_a_day)

    def _pause(self, host: str) -> Pause | None:
        """Return what keeps a request from going out to the host now."""
        run, now, zone, polite = self._run, self._run.clock.now(), self._run.site.timezone, self._run.site.politeness
        if self._hours is not None and not self._hours.hold(now, zone):
            why = f"it is asked at {polite.hours} ({zone}) only"
            return Pause(Code.OUTSIDE_HOURS, outside_hours(run.site), why, self._hours.opening(now, zone))
        sent = run.ledger.sent(host, day_of(now, zone))
        if polite.requests_a_day is not None and sent >= polite.requests_a_day:
            why = f"{host} was sent {sent} requests today, and its profile allows {polite.requests_a_day}"
            return Pause(Code.DAY_SPENT, day_spent(run.site, host, sent), why, midnight_after(now, zone))
        return None

    async def _sit_out(self, pause: Pause) -> None:
        """Wait a little for the end of a pause; end the run where it is not to wait, or where no wait ever ends."""
        run = self._run
        if not run.orders.wait:
            run.end(pause.code, pause.line)
            return
        if run.paused_until is None:
            until = pause.until.astimezone(ZoneInfo(run.site.timezone))
            run.tell(f"{run.site.name}: paused until {until:%d/%m/%Y %H:%M}: {pause.why}. Ctrl-C ends the crawl")
        run.paused_until = pause.until
        # Looked at again and again: a clock that jumps is believed at once, and one that stands still not for ever
        seconds = min(max((pause.until - run.clock.now()).total_seconds(), 0.0), PAUSE_LOOK) or ONE_LOOK
        self._paused += seconds
        if self._paused > LONGEST_PAUSE:
            run.end(Code.CLOCK, clock_stands(run.site, run.clock.now(), LONGEST_PAUSE / 3600))
        else:
            await run.clock.rest(seconds)

    def _go_on(self) -> None:
        run = self._run
        if run.paused_until is not None:
            run.tell(f"{run.site.name}: goes on")
        run.paused_until, self._paused = None, 0.0

    def hear(self, request: Request, response: Response) -> None:
        """Keep quiet for as long as a 429 or 503 asks for."""
        stated = response.headers.get("Retry-After")
        seconds = seconds_to_wait(stated.decode("latin-1"), self._run.clock.now()) if stated else None
        if seconds is not None:
            self._wait(seconds, response.status, last=request.meta.get("retry_times", 0) >= RETRIES)
        elif response.status == HTTPStatus.TOO_MANY_REQUESTS:
            self._wait(UNSAID_WAIT * self._run.site.politeness.delay, response.status, last=False)

    def _wait(self, seconds: float, status: int, *, last: bool) -> None:
        """Leave the site alone for so long; for the rest of the run where it wants too much or `last` did not help."""
        self._waited += seconds
        if last or seconds > LONGEST_WAIT or self._waited > LONGEST_WAITING:
            line = asked_to_wait(self._run.site, status, seconds)
            self._run.end(Code.ASKED_TO_WAIT, line)
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
