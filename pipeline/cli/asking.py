"""The pages that a draft profile is written from: asked for politely, a handful, kept nowhere."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

from crawler.archive import Capture, archive_files, read_captures
from crawler.gate import is_gate
from crawler.listing import ListingNotUnderstood, read_feed
from crawler.site import Politeness, Site, Start
from crawler.siterun import gate_advice
from pipeline.cli import crawl
from pipeline.sitedraft import (
    Draft,
    DraftRefused,
    Link,
    draft_site,
    feed_links,
    links_of,
    menu_links,
    name_of,
    read_article,
    shapes_by_use,
)

SECTIONS, FEEDS, ARTICLES = 3, 2, 3  # pages asked for, besides robots.txt and the page given
FORMS = 2  # forms of addresses of which articles are asked for, until one reads as an article
_NO_ARTICLE = "^(?P<id>(?!))"  # matches nothing: all that is asked for is asked for as a listing


class Asking:
    """Asks one site for pages through the crawl's own engine, into a corpus of its own."""

    def __init__(self, corpus: Path, url: str, host: str, delay: float, contact: str) -> None:
        self.corpus, self.host, self.delay, self.contact = corpus, host, delay, contact
        self.url = url if urlsplit(url).path else f"{url}/"

    def draft(self) -> Draft:
        """Ask for the page, some of its sections and feeds, and articles that they lead to."""
        front = self._front()
        menu, named = menu_links(front), feed_links(front)
        asked = tuple(dict.fromkeys((*menu[:SECTIONS], *named[:FEEDS])))
        answers = self._answers(asked)
        listings = [answers[url] for url in menu[:SECTIONS] if url in answers]
        feeds = {url: entries for url in named[:FEEDS] if url in answers and (entries := self._entries(answers[url]))}
        links = [link for page in (*listings, front) for link in links_of(page)]
        links += [link for entries in feeds.values() for link in entries]
        forms = shapes_by_use(links)
        if not forms:
            raise DraftRefused(
                f"{self.url}: no article found: no link shows a headline and has a number in its address"
            )
        for shape, urls in forms[: FORMS - 1]:
            articles = [*self._answers(urls[:ARTICLES]).values()]
            if any(read_article(one) for one in articles):
                return draft_site(front, listings, menu, articles, shape, tuple(feeds), self._sitemaps())
        shape, urls = forms[:FORMS][-1]
        articles = [*self._answers(urls[:ARTICLES]).values()]
        return draft_site(front, listings, menu, articles, shape, tuple(feeds), self._sitemaps())

    def _front(self) -> Capture:
        answers = self._answers((self.url,))
        if self.url not in answers:
            raise DraftRefused(self._why_none())
        return answers[self.url]

    def _why_none(self) -> str:
        for capture in self._captures():
            if capture.url == self.url:
                to = next((value for key, value in capture.headers if key.lower() == "location"), "")
                leads = f", which leads to {to}; give that address" if to else ""
                return f"{self.url}: answered with status {capture.status}{leads}"
        return f"{self.url}: not asked for: robots.txt forbids it"

    def _answers(self, urls: tuple[str, ...]) -> dict[str, Capture]:
        """Ask for addresses of the site; give the answers with status 200 by address.

        Raises:
            DraftRefused: robots.txt is unknown, the site cannot be reached, or it shows a gate.
        """
        wanted = tuple(url for url in urls if urlsplit(url).netloc.lower() == self.host)
        site = Site(
            name=name_of(self.host),
            title=self.host,
            hosts=(self.host,),
            article=_NO_ARTICLE,
            start=Start(sections=wanted),
            politeness=Politeness(delay=self.delay),
        )
        log = crawl.ask(self.corpus, site, self.contact) if wanted else None
        if log and log.failed:
            raise DraftRefused(log.warnings[0] if log.warnings else f"{self.host}: {log.finish_reason}")
        answers = {one.url: one for one in self._captures() if one.url in wanted and one.status == 200}
        if any(is_gate(one.body) for one in answers.values()):
            raise DraftRefused(gate_advice(site))
        return answers

    def _captures(self) -> list[Capture]:
        return [one for file in archive_files(self.corpus) for one in read_captures(self.corpus, file)]

    def _sitemaps(self) -> tuple[str, ...]:
        robots = next((one for one in self._captures() if urlsplit(one.url).path == "/robots.txt"), None)
        lines = robots.body.decode("utf-8", errors="replace").splitlines() if robots and robots.status == 200 else []
        named = [line.split(":", 1)[1].strip() for line in lines if line.lower().lstrip().startswith("sitemap:")]
        return tuple(dict.fromkeys(url for url in named if urlsplit(url).netloc.lower() == self.host))

    def _entries(self, capture: Capture) -> tuple[Link, ...]:
        try:
            found = read_feed(capture.body, capture.url)
        except ListingNotUnderstood:
            return ()  # an address that looks like a feed's and is a page: no feed to name
        return tuple(Link(one.url, "", announced=True) for one in found if urlsplit(one.url).netloc == self.host)
