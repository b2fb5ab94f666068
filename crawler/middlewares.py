"""What stands between the spider and the network: own hosts only, robots.txt read with care, everything archived."""

from __future__ import annotations

import datetime as dt
from http import HTTPStatus
from typing import Any, Self
from urllib.parse import urlsplit

from scrapy.crawler import Crawler
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadConnectionRefusedError,
    DownloadTimeoutError,
    IgnoreRequest,
)
from scrapy.http import Headers, Request, Response
from scrapy.utils.sitemap import sitemap_urls_from_robots

from crawler.archive import ArchiveUnwritable
from crawler.siterun import SiteRun, robots_advice

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
ROBOTS_BEGINNING = 2048  # bytes looked at to tell HTML from rules


def why_unanswered(error: BaseException, timeout: float) -> str:
    """Return in words why a request got no answer."""
    if isinstance(error, CannotResolveHostError):
        return "its name is not known (no network, or a wrong host name)"
    if isinstance(error, DownloadConnectionRefusedError):
        return "it refuses connections"
    if isinstance(error, DownloadTimeoutError):
        return f"it did not answer within {timeout:g} s"
    return f"the connection broke ({error})"


class _Middleware:
    """A downloader middleware that knows its site's run."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    @property
    def _run(self) -> SiteRun:
        run: SiteRun = self._crawler.spider.run  # type: ignore[union-attr]
        return run


class OwnHosts(_Middleware):
    """Refuses every request, redirects too, that leaves the profile's hosts; and all once the run has ended."""

    def process_request(self, request: Request) -> Response | None:
        if self._run.ended:
            raise IgnoreRequest("the run has ended")
        if self._run.site.crawls(request.url):
            if urlsplit(request.url).hostname in LOOPBACK:
                request.meta["proxy"] = None  # no proxy of the environment knows this machine's own servers
            return None
        if urlsplit(request.url).path == "/robots.txt":
            return Response(request.url, status=503)  # sent to another host: as good as unreadable
        raise IgnoreRequest(f"{request.url} is not on the site's hosts")


def is_html(body: bytes) -> bool:
    """Whether an answer to robots.txt is a page instead of rules."""
    beginning = body[:ROBOTS_BEGINNING].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return beginning.startswith(b"<") or b"<html" in beginning or b"<script" in beginning


class RobotsReader(_Middleware):
    """Reads robots.txt before Scrapy does, as RFC 9309 says: 4xx allows all, 5xx forbids all.

    HTML in its place allows nothing either, unless the profile says otherwise; Scrapy alone would take it for rules.
    """

    def process_response(self, request: Request, response: Response) -> Response:
        if urlsplit(request.url).path != "/robots.txt" or not request.meta.get("dont_obey_robotstxt"):
            return response
        if 400 <= response.status < 500:
            return response.replace(body=b"")
        if response.status >= 500:
            return self._unknown(response, f"answered with {response.status}")
        if is_html(response.body):
            return self._unknown(response, "answered with an HTML page")
        self._run.sitemaps += sitemap_urls_from_robots(response.body, base_url=response.url)
        return response

    def process_exception(self, request: Request, exception: Exception) -> None:  # noqa: ARG002 - Scrapy's signature
        self._run.last_silence = why_unanswered(exception, self._run.site.politeness.timeout)

    def _unknown(self, response: Response, what: str) -> Response:
        run = self._run
        if run.site.politeness.robots_unknown == "crawl":
            return response.replace(body=b"")
        run.end("robots_unknown", robots_advice(response.url, run.site, what))
        return response.replace(body=b"User-agent: *\nDisallow: /\n")


class Archiving(_Middleware):
    """Nearest to the network: counts what goes out, and archives what comes in before anybody reads it."""

    def process_request(self, request: Request) -> None:  # noqa: ARG002 - Scrapy's signature
        self._run.count(requests=1)

    def process_response(self, request: Request, response: Response) -> Response:
        run, now = self._run, dt.datetime.now(dt.UTC)
        run.count(bytes=len(response.body))
        try:
            if response.status == HTTPStatus.NOT_MODIFIED:
                refers_to = request.meta.get("last_fetched")
                run.archive.write_not_modified(request.url, _pairs(response.headers), now, refers_to)
            else:
                run.archive.write_response(
                    request.url,
                    response.status,
                    _reason(response.status),
                    _pairs(response.headers),
                    response.body,
                    now,
                    _pairs(request.headers),
                )
        except ArchiveUnwritable as error:
            run.end("unwritable", str(error))
            raise
        request.meta["archived_at"] = now
        return response


def _pairs(headers: Headers) -> list[tuple[str, str]]:
    # latin-1 carries every byte through
    many: list[tuple[Any, Any]] = [(name, value) for name, values in headers.items() for value in values]
    return [(name.decode("latin-1"), value.decode("latin-1")) for name, value in many]


def _reason(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Unknown"
