"""One crawl of the speed benchmark in a process of its own; prints pages, CPU seconds and peak megabytes as JSON.

python benchmarks/crawl_once.py ours|plain|bare|reading HOST CORPUS [--sitemap] [--refresh] [--max-pages N]
"""

from __future__ import annotations

import argparse
import json
import resource
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import scrapy
from scrapy.crawler import AsyncCrawlerProcess

from crawler.orders import Orders
from crawler.profile import Layout, Paging, Politeness, Start
from crawler.run import crawl
from crawler.site import Site

CONCURRENCY = 16


def profile(host: str, *, has_sitemap: bool) -> Site:
    """Return the newspaper's profile, with a layout as every profile has."""
    return Site(
        name="bigpaper",
        title="Báo Vĩnh Khê",
        hosts=(host,),
        article=r"^https?://[^/]+/tin/bai-(?P<id>\d+)\.html$",
        address=f"http://{host}/tin/bai-{{id}}.html",
        start=Start(
            sections=() if has_sitemap else (f"http://{host}/tin",),
            sitemaps=(f"http://{host}/sitemap.xml",) if has_sitemap else (),
            robots_sitemaps=False,
            paging=Paging(template="{section}?page={n}", max_pages=10_000),
        ),
        # a profile may not ask for so many at once; this is our own server
        politeness=Politeness(delay=0, timeout=30).model_copy(update={"concurrency": CONCURRENCY}),
        layouts=(
            Layout(
                name="2026",
                title=("h1.title",),
                lead=("div.lead",),
                body=("div.body",),
                drop=("aside",),
                published=("span.date",),
            ),
        ),
    )


class PlainSpider(scrapy.Spider):
    """Follows the listings and counts the articles."""

    name = "plain"
    reads = False

    def __init__(self, host: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.start_urls = [f"http://{host}/tin"]
        self.outcome: dict[str, int] = kwargs["outcome"]

    def parse(self, response: Any) -> Iterator[Any]:
        for href in response.css("article a::attr(href)").getall():
            yield response.follow(href, self.parse_article)
        for href in response.css("a.next::attr(href)").getall():
            yield response.follow(href)

    def parse_article(self, response: Any) -> None:
        self.outcome["pages"] += 1
        if self.reads:
            response.css("h1.title").xpath("string(.)").get()
            response.css("div.body p").xpath("string(.)").getall()


class ReadingSpider(PlainSpider):
    """Reads title and text, too, and throws them away."""

    reads = True


def plain(spider: type[PlainSpider], host: str, *, reactor: bool) -> int:
    """Crawl with Scrapy's defaults but the same delay, concurrency and log level; return the pages."""
    outcome = {"pages": 0}
    process = AsyncCrawlerProcess(
        {
            "TWISTED_REACTOR_ENABLED": reactor,
            "CONCURRENT_REQUESTS": CONCURRENCY,
            "CONCURRENT_REQUESTS_PER_DOMAIN": CONCURRENCY,
            "DOWNLOAD_DELAY": 0,
            "LOG_LEVEL": "WARNING",
            "TELNETCONSOLE_ENABLED": False,
        }
    )
    process.crawl(spider, host=host, outcome=outcome)
    process.start()
    return outcome["pages"]


def main() -> None:
    """Crawl once."""
    arguments = argparse.ArgumentParser()
    arguments.add_argument("way", choices=("ours", "plain", "bare", "reading"))
    arguments.add_argument("host")
    arguments.add_argument("corpus", type=Path)
    arguments.add_argument("--sitemap", action="store_true")
    arguments.add_argument("--refresh", action="store_true")
    arguments.add_argument("--max-pages", type=int)
    options = arguments.parse_args()
    before = _spent()
    if options.way == "ours":
        site = profile(options.host, has_sitemap=options.sitemap)
        orders = Orders(refresh=options.refresh, max_pages=options.max_pages)
        logs = crawl(options.corpus, [site], "hoa@vd.example", orders)
        pages = logs[0].articles
    else:
        spider = ReadingSpider if options.way == "reading" else PlainSpider
        pages = plain(spider, options.host, reactor=options.way != "bare")
    used = resource.getrusage(resource.RUSAGE_SELF)
    print(json.dumps({"pages": pages, "cpu": _spent() - before, "megabytes": used.ru_maxrss / 1024}))


def _spent() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    main()
