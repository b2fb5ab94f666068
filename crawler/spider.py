"""The one spider: a site profile tells it where articles are announced, the frontier which of them to ask for."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import AsyncIterator, Iterable, Iterator
from http import HTTPStatus
from itertools import islice
from typing import Any, Self
from urllib.parse import urlsplit

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import DontCloseSpider
from scrapy.extensions.throttle import AutoThrottle
from scrapy.http import Response, TextResponse
from scrapy.robotstxt import RobotParser
from scrapy.utils.response import get_base_url

from crawler.advice import unreachable_advice
from crawler.choice import Choice
from crawler.fetching import LISTING_THEN, ArticleSpider
from crawler.known import Found, KnownArticle
from crawler.listing import LARGEST_LISTING_BYTES, ListingNotUnderstood, read_feed, read_links, read_sitemap, whole_day
from crawler.permission import ROBOTS_NAME
from crawler.robots import Robots
from crawler.siterun import SiteRun
from crawler.starts import base_of, listings_due
from crawler.teasers import listing_dates, stated_and_told, with_date
from crawler.topics import MOST_KNOWN, topics_in_turn, topics_on
from crawler.walk import Walk

LASTMOD_GRAIN = dt.timedelta(days=1)  # a sitemap's lastmod is often a day without a time
DEEPEST_SITEMAP = 3  # the protocol allows no index inside an index; a few sites have one, traps have no end
BATCH = 100  # articles asked for at a time when nothing else is under way


class NewsSpider(ArticleSpider):
    """Finds the articles of a site from robots.txt, sitemaps, feeds, sections and topics, and fetches each once.

    An article's links to others are not followed: related titles lead out of the sections that the profile names, and
    without end. What they lead to inside of them is announced elsewhere too; links to topics are followed.
    """

    name = "news"

    def __init__(self, run: SiteRun, **kwargs: Any) -> None:
        super().__init__(run, **kwargs)
        self._choice = Choice(run)
        self._rest = self._left()
        self._told_of_topics = False

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """Hear of robots.txt, and of the moments when nothing is under way."""
        spider = super().from_crawler(crawler, *args, **kwargs)
        crawler.signals.connect(spider.go_on, signal=signals.spider_idle)
        crawler.signals.connect(spider.slow_down, signal=signals.robots_parsed)
        return spider

    # ----------------------------------------------------------------- where the crawl begins
    async def start(self) -> AsyncIterator[Request]:
        """Give everything that may announce articles; the rest comes from the frontier when that is done."""
        self._choice.recall()
        await self._read_robots()
        if not self.run.ended:
            for request in self._announcements():
                request.meta["named"] = request.url
                self.run.shown[request.url] = 0  # until it shows some, which a broken one never does
                yield request

    def go_on(self) -> None:
        """Ask for the next batch of what is queued, then of what is due again, whenever nothing is under way.

        In batches, because a sitemap may announce a million articles and requests are held in memory.
        """
        batch = list(islice(self._rest, BATCH)) if not self.run.ended else []
        for request in batch:
            self.crawler.engine.crawl(request)
        if batch:
            raise DontCloseSpider

    def _left(self) -> Iterator[Request]:
        frontier, name, orders = self.run.frontier, self.site.name, self.run.orders
        last: KnownArticle | None = None
        while articles := frontier.waiting(name, self.run.clock.now(), last, BATCH):
            yield from self._requests(articles)
            if self.run.spent:
                return
            last = articles[-1]
        if not orders.sections:
            yield from self._topics()
        if orders.asks_again:
            yield from self._requests(frontier.due(name, self.run.log.started_at, orders.recheck_after))

    async def _read_robots(self) -> None:
        base = base_of(self.site)
        robots = self.crawler.get_downloader_middleware(Robots)
        if robots is None or await robots.robot_parser(Request(base)) is None:
            reason = self.run.last_silence or "its robots.txt could not be read"
            self.run.end("unreachable", unreachable_advice(urlsplit(base).netloc, reason))

    def slow_down(self, robotparser: RobotParser) -> None:
        """Keep the Crawl-delay of robots.txt where it is longer than the profile's."""
        delay = robotparser.crawl_delay(ROBOTS_NAME)
        throttle = self.crawler.get_extension(AutoThrottle)
        if delay is not None and throttle is not None:
            throttle.mindelay = max(throttle.mindelay, float(delay))

    def _announcements(self) -> Iterator[Request]:
        start = self.site.start
        if not self.run.orders.sections:
            named = self.run.sitemaps if start.robots_sitemaps else []
            for url in dict.fromkeys((*filter(self.site.crawls, named), *start.sitemaps)):
                yield self._ask(url, self.parse_sitemap)
            for url in start.feeds:
                yield self._ask(url, self.parse_feed)
        for section in listings_due(self.run, self.run.clock.now()):
            yield self._walk(section, Walk(section, None, start.items, start.paging.max_pages))

    def _topics(self) -> Iterator[Request]:
        """Give the topics whose turn it is, as long as articles may be fetched."""
        start = self.site.start
        for url in topics_in_turn(self.run):
            if self._choice.is_spent:
                return
            items, most_pages = start.topics.items or start.items, start.topics.max_pages
            yield self._walk(url, Walk(url, None, items, most_pages, is_topic=True))

    def _walk(self, url: str, walk: Walk) -> Request:
        run = self.run
        walk.known_before = run.frontier.start_walk(self.site.name, url, run.orders.since, run.clock.now())
        return self._ask(url, self.parse_listing, walk=walk)

    def _ask(self, url: str, callback: Any, **kwargs: Any) -> Request:
        return Request(
            url,
            callback,
            errback=self.unanswered,
            cb_kwargs=kwargs,
            priority=LISTING_THEN,
            meta={"verbatim_url": True},
        )

    # ----------------------------------------------------------------- announcements
    def parse_sitemap(self, response: Response, depth: int = 0) -> Iterator[Request]:
        """Queue a sitemap's articles; follow a sitemap index into the parts that may hold wanted ones."""
        if not self.received(response):
            return
        try:
            sitemap = read_sitemap(response.body, response.url, self.site.timezone)
        except ListingNotUnderstood as error:
            self.unread(error)
            return
        if sitemap.children and depth >= DEEPEST_SITEMAP:
            self.unread(ListingNotUnderstood(f"{response.url}: a sitemap index inside {DEEPEST_SITEMAP} others"))
            return
        read_at = response.meta["archived_at"]
        for child in sitemap.children:
            if self.site.crawls(child.url) and not self._known_part(child, read_at):
                yield self._ask(child.url, self.parse_sitemap, depth=depth + 1)
        listed = self.announced(filter(self._in_scope, sitemap.pages), response.url)
        self._note_shown(response, len(listed) + len(sitemap.children))
        whole_days = {id_: whole_day(found, self.site.timezone) for id_, found in listed.items()}
        self._discover_stated(whole_days, (response.url, read_at))
        self.run.frontier.note_sitemap(self.site.name, response.url, read_at)

    def _known_part(self, part: Found, now: dt.datetime) -> bool:
        """Whether a part of a sitemap index is older than wanted, or unchanged since it was last read."""
        if part.lastmod is None:
            return False
        read_at = self.run.frontier.sitemap_read(self.site.name, part.url)
        too_old = self._choice.since is not None and part.lastmod < self._choice.since
        unchanged = read_at is not None and part.lastmod + LASTMOD_GRAIN < read_at
        if unchanged:
            self.run.frontier.sitemap_unchanged(self.site.name, part.url, now)
            self.run.parts_unchanged += 1
        return too_old or unchanged

    def _in_scope(self, found: Found) -> bool:
        """Whether the profile wants an address that a sitemap or feed, which know no sections, announces."""
        wanted = self.site.start.wanted
        return wanted is None or re.search(wanted, found.url) is not None

    def parse_feed(self, response: Response) -> None:
        """Queue a feed's articles."""
        if not self.received(response):
            return
        try:
            entries = read_feed(response.body, response.url)
        except ListingNotUnderstood as error:
            self.unread(error)
            return
        listed = self.announced(filter(self._in_scope, entries), response.url)
        self._note_shown(response, len(listed))
        self._discover_stated(listed)

    def parse_listing(self, response: Response, walk: Walk) -> Iterator[Request]:
        """Queue a listing page's articles, and go on to the next page while there is something new."""
        if not self.received(response):
            return
        if not isinstance(response, TextResponse):
            self.unread(
                ListingNotUnderstood(f"{response.url}: no listing but {response.headers.get('Content-Type')!r}")
            )
            return
        if len(response.body) > LARGEST_LISTING_BYTES:
            self.unread(ListingNotUnderstood(f"{response.url}: no listing: it has {len(response.body):,} bytes"))
            return
        run, found = self.run, self._listed(response, walk)
        self._note_shown(response, len(found))
        base, now = get_base_url(response), response.meta["archived_at"]
        dates = listing_dates(response.selector, base, found, self.site, run.frontier, now)
        going_on = walk.goes_on([*found], self.site, run.frontier)
        new = self._discover(
            {id_: with_date(entry, dates[id_], self._choice.since, self._choice.until) for id_, entry in found.items()}
        )
        if walk.number == 1:
            run.frontier.note_listing(self.site.name, walk.section, new, run.clock.now())
        if not walk.is_topic:
            self._note_topics(response)
        known = (run.frontier.article(self.site.name, id_) for id_ in found)
        waiting = [article for article in known if article is not None and article.waits(run.clock.now())]
        probes = self._choice.probes(waiting, walk)
        yield from self._requests(waiting if probes is None else probes, probing=probes is not None)
        following = walk.page_after(response.selector, base, self.site)
        if going_on and walk.is_too_long and not walk.is_topic:
            run.warn(
                f"{walk.section} still shows unseen articles on page {walk.number}, the last that "
                f"start.paging.max_pages allows; raise it in the profile if the listing is not endless"
            )
        if not going_on or following is None or walk.is_past(self._choice.since, dates, self.site, run.frontier):
            run.frontier.end_walk(self.site.name, walk.section, run.orders.since)
        elif not self._choice.is_spent:
            walk.turn([*found])
            yield self._ask(following, self.parse_listing, walk=walk)

    def _listed(self, response: TextResponse, walk: Walk) -> dict[str, Found]:
        base, start, items = get_base_url(response), self.site.start, walk.items
        found = self.announced(self._scoped(read_links(response.selector, base, items), walk))
        if found or items is None or walk.number > 1:
            return found
        every = self.announced(self._scoped(read_links(response.selector, base, None), walk))
        if walk.is_topic and start.wanted is None:
            # All links of a page about anything lead anywhere
            if every and not self._told_of_topics:
                self._told_of_topics = True
                self.run.tell(
                    f"{self.site.name}: start.topics.items selects no article on {response.url}: nothing was taken "
                    f"from such topics. Mend it in the profile"
                )
            return {}
        if every and not walk.is_topic:
            self.run.warn_once(
                f"start.items selects no article on {response.url}: all links of the listings were read instead. "
                f"If the site was redesigned, mend start.items in its profile"
            )
        return every

    def _scoped(self, found: Iterable[Found], walk: Walk) -> Iterable[Found]:
        return filter(self._in_scope, found) if walk.is_topic else found

    # ----------------------------------------------------------------- topics
    def parse_article(self, response: Response, article: KnownArticle) -> None:
        """Read the links to topics off an article's page, besides all that is done with it."""
        super().parse_article(response, article)
        self._choice.learn(article.id)
        if response.status == HTTPStatus.OK and not response.meta["same_payload"]:
            self._note_topics(response)

    def _note_topics(self, response: Response) -> None:
        topics = topics_on(self.site, response.body, response.url)
        if topics:
            self.run.frontier.note_topics(self.site.name, topics, self.run.clock.now(), MOST_KNOWN)

    # ----------------------------------------------------------------- queue and requests
    def _discover_stated(self, found: dict[str, Found], sitemap: tuple[str, dt.datetime] | None = None) -> None:
        """Queue what a feed or sitemap announces, with the dates it states, else with those that addresses tell."""
        stated, told = stated_and_told(found, self.site, self._choice.since, self._choice.until)
        self._discover(stated, sitemap, stated=True)
        self._discover(told, sitemap)

    def _note_shown(self, response: Response, articles: int) -> None:
        """Note what a listing, feed or sitemap shows that the profile or robots.txt names, on its first page."""
        named = response.meta.get("named")
        if named is not None:
            self.run.shown[named] += articles

    def _discover(
        self, found: dict[str, Found], sitemap: tuple[str, dt.datetime] | None = None, *, stated: bool = False
    ) -> int:
        """Queue what is new among the articles and return how many those are."""
        self.run.listed += len(found)
        return len(self.run.frontier.add(self.site.name, found, self.run.clock.now(), sitemap, stated=stated))

    def _requests(self, articles: Iterable[KnownArticle], *, probing: bool = False) -> Iterator[Request]:
        """Give a request for each article that this run wants; `probing`: to try its number, whatever that says."""
        return map(self.article_request, self._choice.wanted(articles, probing=probing))
