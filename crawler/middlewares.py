"""What stands between the spider and the network: own hosts only, robots.txt read with care, everything archived."""

from __future__ import annotations

import ssl
import zlib
from collections.abc import Iterator
from contextlib import suppress
from http import HTTPStatus
from typing import Self
from urllib.parse import urlsplit

from aiohttp import ClientResponseError
from scrapy import Spider
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.redirect import RedirectMiddleware
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
)
from scrapy.http import Headers, Request, Response
from scrapy.responsetypes import responsetypes
from scrapy.utils.sitemap import sitemap_urls_from_robots

from crawler.advice import robots_advice
from crawler.archive import ArchiveUnwritable, Exchange, payload_digest
from crawler.known import KnownArticle
from crawler.listing import LONGEST_ADDRESS
from crawler.payload import Bomb, inflate
from crawler.permission import LARGEST_ROBOTS_BYTES, allows_all, why_unknown
from crawler.siterun import SiteRun

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


class AnswerUnusable(IgnoreRequest):
    """The site answered, with something that is no page; the message says what in a few words."""


def what_is_wrong(error: BaseException) -> str | None:
    """Return in words what is wrong with an answer that did come; None for a request that got no answer."""
    if isinstance(error, AnswerUnusable):
        return str(error)
    if isinstance(error, ResponseDataLossError):
        return "pages that break off before their end"
    if isinstance(error, DownloadCancelledError):
        return "pages too large to be any"
    if isinstance(error.__cause__, ClientResponseError):
        return "what is not HTTP"  # a status line, headers or chunks that cannot be read
    return None


def why_unanswered(error: BaseException, timeout: float) -> str:
    """Return in words why a request got no answer."""
    if isinstance(error, CannotResolveHostError):
        return "its name is not known (no network, or a wrong host name)"
    if _is_of_tls(error):
        return (
            "its TLS certificate or handshake is not to be trusted; where you know better, set "
            "politeness.verify_tls = false in the profile"
        )
    if isinstance(error, DownloadConnectionRefusedError):
        return "it refuses connections"
    if isinstance(error, DownloadTimeoutError):
        return f"it did not answer in full within {timeout:g} s"
    return f"the connection broke ({' '.join(str(error).split())})"


def _is_of_tls(error: BaseException | None) -> bool:
    """Whether an error comes from TLS, by its causes."""
    while error is not None:
        if isinstance(error, ssl.SSLError | ssl.CertificateError):
            return True
        error = error.__cause__ or error.__context__
    return False


class SiteMiddleware:
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


class OwnHosts(SiteMiddleware):
    """Refuses every request, redirects too, that leaves the profile's hosts; and all once the run has ended."""

    def process_request(self, request: Request) -> Response | None:
        if self._run.ended:
            raise IgnoreRequest("the run has ended")
        if len(request.url) > LONGEST_ADDRESS:
            raise AnswerUnusable(f"redirects to addresses longer than {LONGEST_ADDRESS} characters")
        if self._run.site.crawls(request.url):
            if urlsplit(request.url).hostname in LOOPBACK:
                request.meta["proxy"] = None  # no proxy of the environment knows this machine's own servers
            return None
        if urlsplit(request.url).path == "/robots.txt":
            return Response(request.url, status=503)  # sent to another host: as good as unreadable
        raise IgnoreRequest(f"{request.url} is not on the site's hosts")


def _named_sitemaps(robots: bytes, url: str) -> Iterator[str]:
    """Give the sitemaps that robots.txt names; a line with what is no address ("http://[") costs itself only."""
    for line in robots.splitlines():
        with suppress(ValueError):
            yield from sitemap_urls_from_robots(line, base_url=url)


class RobotsReader(SiteMiddleware):
    """Reads robots.txt before Scrapy does, as RFC 9309 says: 4xx allows all, 5xx forbids all.

    HTML in its place allows nothing either, unless the profile says otherwise; Scrapy alone would take it for rules.
    """

    def process_response(self, request: Request, response: Response) -> Response:
        if urlsplit(request.url).path != "/robots.txt" or not request.meta.get("dont_obey_robotstxt"):
            return response
        if allows_all(response.status):
            return response.replace(body=b"")
        if (instead := why_unknown(response.status, response.body)) is not None:
            return self._unknown(response, instead)
        if len(response.body) > LARGEST_ROBOTS_BYTES:
            beyond = (
                f"{response.url} has {len(response.body):,} bytes; only the first {LARGEST_ROBOTS_BYTES:,} are read"
            )
            self._run.warn(beyond)
            response = response.replace(body=response.body[:LARGEST_ROBOTS_BYTES].rpartition(b"\n")[0])
        self._run.sitemaps += _named_sitemaps(response.body, response.url)
        return response

    def process_exception(self, request: Request, exception: Exception) -> None:  # noqa: ARG002 - Scrapy's signature
        self._run.last_silence = why_unanswered(exception, self._run.site.politeness.timeout)

    def _unknown(self, response: Response, what: str) -> Response:
        run = self._run
        if run.site.politeness.robots_unknown == "crawl":
            return response.replace(body=b"")
        run.end("robots_unknown", robots_advice(response.url, run.site, what))
        return response.replace(body=b"User-agent: *\nDisallow: /\n")


class Redirects(RedirectMiddleware):
    """Follows redirects, and says in our words when they do not end."""

    def process_response(
        self,
        request: Request,
        response: Response,
        spider: Spider | None = None,  # noqa: ARG002 - Scrapy's signature
    ) -> Request | Response:
        try:
            return super().process_response(request, response)
        except IgnoreRequest as error:
            raise AnswerUnusable("redirects without end") from error
        except ValueError as error:
            raise AnswerUnusable("redirects to what is no address") from error


class Unpacking:
    """Undoes gzip and deflate up to LARGEST_BODY_BYTES, and takes markup that only claims to be packed as it is."""

    def process_response(self, request: Request, response: Response) -> Response:  # noqa: ARG002 - Scrapy's signature
        claimed = b",".join(response.headers.getlist("Content-Encoding")).decode("latin-1").lower().split(",")
        encodings = [name for encoding in claimed if (name := encoding.strip()) not in ("", "identity")]
        if not encodings:
            return response
        body = response.body
        try:
            for encoding in reversed(encodings):
                body = inflate(body, encoding)
        except Bomb as error:
            raise AnswerUnusable("pages that unpack to more than any page") from error
        except zlib.error as error:
            if not response.body.lstrip().startswith(b"<"):
                raise AnswerUnusable("pages packed in a way that cannot be undone") from error
            body = response.body
        del response.headers["Content-Encoding"]
        kind = responsetypes.from_args(headers=response.headers, url=response.url, body=body)
        return response.replace(cls=kind, body=body)


class Archiving(SiteMiddleware):
    """Nearest to the network: counts what goes out, and archives what comes in before anybody reads it."""

    def process_request(self, request: Request) -> None:
        request.meta.setdefault("answers_before", self._run.answers)
        self._run.count(requests=1)

    def process_response(self, request: Request, response: Response) -> Response:
        run, now = self._run, self._run.clock.now()
        run.count(bytes=len(response.body))
        known: KnownArticle | None = request.meta.get("known")
        payload = payload_digest(response.body)
        same = _is_same(known, request, response, payload)
        last = known.last_fetched if known else None
        exchange = Exchange(
            request.url, now, response.status, _reason(response.status), self._kept(response), self._sent(request)
        )
        try:
            if response.status == HTTPStatus.NOT_MODIFIED:
                archived = run.archive.write_not_modified(exchange, last)
            elif same:
                archived = run.archive.write_same_payload(exchange, payload, last)
            else:
                archived = run.archive.write_response(exchange, response.body, payload)
        except ArchiveUnwritable as error:
            run.end("unwritable", str(error))
            raise
        request.meta.update(payload_digest=payload, same_payload=same, archived=archived, archived_at=now)
        return response

    def _sent(self, request: Request) -> list[tuple[str, str]]:
        """Return the headers of a request without those that the operator was given: they are secrets."""
        own = {name.lower() for name, _ in self._run.site.politeness.headers}
        return [pair for pair in _pairs(request.headers) if pair[0].lower() not in own]

    def _kept(self, response: Response) -> list[tuple[str, str]]:
        """Return the headers of an answer without what tells an operator's own secret: a session that is set anew."""
        polite = self._run.site.politeness
        secrets = [value for _, value in (*polite.cookies, *polite.headers)]
        if not secrets:
            return _pairs(response.headers)
        return [
            (name, value)
            for name, value in _pairs(response.headers)
            if name.lower() != "set-cookie" and not any(secret and secret in value for secret in secrets)
        ]


def _is_same(known: KnownArticle | None, request: Request, response: Response, payload: str) -> bool:
    """Whether a page came as it was last archived, byte for byte. One that was gone is archived in full: it is back."""
    if known is None or known.state != "fetched" or request.url != known.url:
        return False
    return response.status == HTTPStatus.OK and known.payload == payload


def _pairs(headers: Headers) -> list[tuple[str, str]]:
    # latin-1 carries every byte through
    return [(name.decode("latin-1"), value.decode("latin-1")) for name in headers for value in headers.getlist(name)]


def _reason(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Unknown"
