"""Scrapy's settings for one site: polite, archiving, and quiet."""

from __future__ import annotations

from importlib import metadata
from typing import Any

from crawler.payload import LARGEST_BODY_BYTES
from crawler.permission import ROBOTS_NAME
from crawler.site import Site

LARGEST_ANSWER_BYTES = LARGEST_BODY_BYTES  # packed or unpacked
SLOWEST_DELAY = 60.0  # seconds; AutoThrottle goes no further however slow the site answers
RETRIES = 2  # after the first request: three in all
MOST_REDIRECTS = 5  # in a row; from http to https, to www and to the address with the new slug are three

_DOWNLOADER_MIDDLEWARES = {
    "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,  # knows no ports
    "scrapy.downloadermiddlewares.httpauth.HttpAuthMiddleware": None,  # no profile has a password
    "scrapy.downloadermiddlewares.stats.DownloaderStats": None,  # the run log counts
    "scrapy.downloadermiddlewares.httpcompression.HttpCompressionMiddleware": None,
    "scrapy.downloadermiddlewares.redirect.RedirectMiddleware": None,
    "scrapy.downloadermiddlewares.retry.RetryMiddleware": None,
    "crawler.middlewares.OwnHosts": 50,
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
    "crawler.middlewares.RobotsReader": 90,
    "crawler.robots.Robots": 100,
    "crawler.patience.Retries": 550,
    "crawler.middlewares.Unpacking": 590,
    "crawler.middlewares.Redirects": 600,
    "crawler.patience.Turns": 940,
    "crawler.middlewares.Archiving": 950,
}
_SPIDER_MIDDLEWARES = {
    "scrapy.spidermiddlewares.httperror.HttpErrorMiddleware": None,  # every status is looked at
    "scrapy.spidermiddlewares.metacopy.MetaCopyDetectionMiddleware": None,  # looks for an error of beginners
    "scrapy.spidermiddlewares.urllength.UrlLengthMiddleware": None,  # OwnHosts looks at the length
    "scrapy.spidermiddlewares.referer.RefererMiddleware": None,  # how we came to a page is nobody's business
    "scrapy.spidermiddlewares.depth.DepthMiddleware": None,  # listings are followed, each by its own rule
}


class ContactMissing(ValueError):
    """The crawl has no contact to name in its user agent."""


def user_agent(contact: str) -> str:
    """Return the user agent, which names the project and the operator's contact.

    Raises:
        ContactMissing: the contact is empty or not one line of printable characters.
    """
    if not contact.strip() or not contact.isprintable():
        raise ContactMissing("a crawl names a contact: an e-mail address or web page where a site can reach you")
    return f"congdoan/{metadata.version('congdoan')} (research corpus of union news; contact: {contact.strip()})"


def crawl_settings(site: Site, contact: str) -> dict[str, Any]:
    """Return the settings of one site's spider."""
    polite = site.politeness
    return {
        # asyncio alone: a process can crawl, build, and crawl again, which a Twisted reactor cannot
        "TWISTED_REACTOR_ENABLED": False,
        "USER_AGENT": user_agent(contact),
        "ROBOTSTXT_OBEY": True,
        "ROBOTSTXT_USER_AGENT": ROBOTS_NAME,
        "CONCURRENT_REQUESTS": polite.concurrency,
        "CONCURRENT_REQUESTS_PER_DOMAIN": polite.concurrency,
        "DOWNLOAD_DELAY": polite.delay,
        "DOWNLOAD_TIMEOUT": polite.timeout,
        "DOWNLOAD_MAXSIZE": LARGEST_ANSWER_BYTES,
        "DOWNLOAD_VERIFY_CERTIFICATES": polite.verify_tls,
        "AUTOTHROTTLE_ENABLED": True,
        "AUTOTHROTTLE_START_DELAY": polite.delay,
        "AUTOTHROTTLE_MAX_DELAY": max(SLOWEST_DELAY, polite.delay),
        "AUTOTHROTTLE_TARGET_CONCURRENCY": float(polite.concurrency),
        "RETRY_TIMES": RETRIES,
        "REDIRECT_MAX_TIMES": MOST_REDIRECTS,
        "HTTPERROR_ALLOW_ALL": True,
        "METAREFRESH_ENABLED": False,
        # Scrapy's own jar stays shut: a gate's cookie is not ours to take. The operator's go out as a header.
        "COOKIES_ENABLED": False,
        "DEFAULT_REQUEST_HEADERS": _headers(site),
        "DOWNLOADER_MIDDLEWARES": _DOWNLOADER_MIDDLEWARES,
        "SPIDER_MIDDLEWARES": _SPIDER_MIDDLEWARES,
        "TELNETCONSOLE_ENABLED": False,
        "REMOTE_CONTROL_ENABLED": False,
        "MEMUSAGE_ENABLED": False,
        "STATS_DUMP": False,
        # we yield no items; Scrapy would start so many workers for the output of each page, and 100 cost a third of all
        "CONCURRENT_ITEMS": 1,
        "LOG_VERSIONS": [],
    }


def _headers(site: Site) -> dict[str, str]:
    headers = {
        "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
        "Accept-Language": f"{','.join(site.languages)},en;q=0.3",
        "Accept-Encoding": "gzip, deflate",  # what every reader of the archive can undo
    }
    headers |= dict(site.politeness.headers)
    if site.politeness.cookies:
        headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in site.politeness.cookies)
    return headers
