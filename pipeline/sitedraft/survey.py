"""What to ask a site for, from answer to answer: front page, listings and lists, articles, a second page."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

from crawler.archive import Capture
from crawler.heard import Heard
from crawler.listing import ListingNotUnderstood, read_feed
from crawler.site import Site
from pipeline.parse import PageNotUnderstood
from pipeline.parse.dom import select, text_of
from pipeline.parse.metadata import site_name
from pipeline.sitedraft.addresses import Form, Link, forms_by_use
from pipeline.sitedraft.identity import Identity, identity_of
from pipeline.sitedraft.listings import (
    feed_links,
    links_of,
    menu_links,
    own_address_of,
    section_links,
    tree_of,
    usual_feed,
    usual_sitemap,
)
from pipeline.sitedraft.paging import Turn, guessed_turn, leads_on, turn_of
from pipeline.sitedraft.samples import Sample, sample_of

MOST_REQUESTS = 12  # of one draft, robots.txt among them
SECTIONS, ARTICLES, SECOND_TRY = 2, 3, 2  # pages asked for
MIN_LISTED = 3  # articles that a page links to when it is a section
_HOME = re.compile(
    r"^(?:trang chủ|trang nhất|home(?:page)?)\b\W*|\W{0,9}\b(?:trang chủ|trang nhất|home(?:page)?)$", re.I
)
_ON_TO_ARTICLE = re.compile(r"\b(?:xem|đọc|chi tiết|tiếp|more|details?)\b", re.I)


def name_of(host: str) -> str:
    """Return the profile's name for a host: "www.congdoan.vn" is "congdoan_vn"."""
    return re.sub(r"[^a-z0-9]+", "_", host.lower().removeprefix("www.")).strip("_")


class Survey:
    """Asks a site in rounds, each chosen from the answers before, at most MOST_REQUESTS in all.

    A crawl calls it with what was heard so far; when it gives no more addresses the survey is over.
    """

    def __init__(self, url: str) -> None:
        self.url = url if urlsplit(url).path else f"{url}/"
        self.heard = Heard()
        self.menu: tuple[Link, ...] = ()
        self.sections: tuple[Link, ...] = ()
        self.feeds: tuple[str, ...] = ()
        self.sitemaps: tuple[str, ...] = ()
        self.form: Form | None = None
        self.identity: Identity | None = None
        self.articles: tuple[str, ...] = ()
        self.samples: list[Sample] = []
        self.unread: dict[str, str] = {}
        self.turn: Turn | None = None
        self.turned: Capture | None = None
        self._asked: set[str] = set()
        self._rounds = self._ask()

    def __call__(self, heard: Heard) -> Sequence[str]:
        """Return the next addresses to ask for; none when all is asked or the requests are used up."""
        self.heard = heard
        for urls in self._rounds:
            room = MOST_REQUESTS - heard.requests
            fresh = [url for url in dict.fromkeys(urls) if url not in self._asked][: max(0, room)]
            self._asked.update(fresh)
            if fresh:
                return fresh
        return ()

    @property
    def front(self) -> Capture | None:
        """The page given, None where it was not answered with one."""
        return next(iter(self.heard.pages((self.url,))), None)

    @property
    def listings(self) -> list[Capture]:
        """The sections asked for that came."""
        return self.heard.pages([link.url for link in self.sections[:SECTIONS]])

    def _ask(self) -> Iterator[Sequence[str]]:
        yield (self.url,)
        front = self.front
        if front is None:
            return
        self.menu = menu_links(front)
        self.sections = section_links(self.menu)
        self.feeds = feed_links(front)[:1] or (usual_feed(front),)
        named = (own for url in self.heard.sitemaps if (own := own_address_of(url, front.url)))
        self.sitemaps = tuple(named)[:1] or (usual_sitemap(front),)
        yield (*(link.url for link in self.sections[:SECTIONS]), *self.feeds, *self.sitemaps)
        forms = forms_by_use(self._links(front))
        for number, (form, links) in enumerate(forms[:2]):
            self._take(form, links, front)
            self.articles = _spread(self._known(), SECOND_TRY if number else ARTICLES)
            self.turn = self._turn(front)
            yield (*self.articles, *((self.turn.second,) if self.turn else ()))
            self.samples = self._read()
            if self.samples or not any(url in self.heard.answers for url in self.articles):
                break  # where none was answered (robots.txt forbids them, say) another form would fare no better
        yield from self._try_turns(front)

    def _try_turns(self, front: Capture) -> Iterator[Sequence[str]]:
        """Look at the second page that was asked for; where it shows nothing new ask for the one that is usual."""
        self.turned = self._turned()
        if self.turned is None and self.samples:
            listing = next((one for one in (*self.listings, front) if self.listed(one)), None)
            self.turn = guessed_turn(listing) if listing else None
            yield (self.turn.second,) if self.turn else ()
            self.turned = self._turned()

    # ----------------------------------------------------------------- articles
    def listed(self, capture: Capture) -> set[str]:
        """Return the identities of the articles that a page links to."""
        if self.identity is None:
            return set()
        return {id_ for link in links_of(capture) if (id_ := self.identity.id_of(link.url))}

    def _take(self, form: Form, links: Sequence[Link], front: Capture) -> None:
        headlines = {link.url for link in self._links(front) if link.may_be_headline}
        seen = (link for page in (front, *self.listings) for link in links_of(page))
        others = {
            link.url
            for link in (*self.menu, *seen)
            if link.text and not (link.may_be_headline or _ON_TO_ARTICLE.search(link.text))
        }
        parts = urlsplit(front.url)
        self.form = form
        self.identity = identity_of(form, links, sorted(others - headlines), f"{parts.scheme}://{parts.netloc}")

    def _links(self, front: Capture) -> list[Link]:
        links = [link for page in (*self.listings, front) for link in links_of(page)]
        return [*links, *(link for url in self.feeds for link in self.entries(url))]

    def entries(self, feed: str) -> tuple[Link, ...]:
        """Return the links of a feed; none where what came is no feed."""
        for capture in self.heard.pages((feed,)):
            try:
                found = read_feed(capture.body, capture.url)
            except ListingNotUnderstood:
                return ()  # an address that looks like a feed's and is a page: no feed to name
            own = (own_address_of(one.url, self.front.url if self.front else feed) for one in found)
            return tuple(Link(url, "", announced=True) for url in own if url)
        return ()

    def _known(self) -> tuple[Link, ...]:
        """Return the article links of the listings, those of the front page where no listing has any."""
        links = self.identity.links if self.identity else ()
        of_listings = {link.url.split("#")[0] for page in self.listings for link in links_of(page)}
        return tuple(link for link in links if link.url in of_listings) or links

    def _read(self) -> list[Sample]:
        headlines = {link.url: link.text for link in (self.identity.links if self.identity else ())}
        read = []
        for url in self.articles:
            for one in self._page(url):
                try:
                    read.append(sample_of(one, headlines.get(url, ""), self.site()))
                except PageNotUnderstood as refusal:
                    self.unread[url] = refusal.reason
        return read

    def _page(self, url: str) -> list[Capture]:
        return self.heard.pages((url,))

    def site(self) -> Site:
        """Return what is known of the site as a profile without layouts."""
        front = self.front
        host = urlsplit(front.url if front else self.url).netloc.lower()
        pattern = self.identity.pattern if self.identity else "^(?P<id>(?!))"
        return Site(name=name_of(host), title=self.title, hosts=(host,), article=pattern)

    @property
    def title(self) -> str:
        """The site's name as its front page gives it, without "Trang chủ"; its host where it gives none."""
        front = self.front
        root = tree_of(front) if front else None
        named = site_name(root) if root is not None else ""
        if root is not None and not named:
            named = next((text_of(node) for node in select(root, "title")), "")
        return _HOME.sub("", named).strip() or urlsplit(self.url).netloc

    # ----------------------------------------------------------------- the second page of a listing
    def _turn(self, front: Capture) -> Turn | None:
        listings = [one for one in (*self.listings, front) if len(self.listed(one)) >= MIN_LISTED]
        return next((turn for one in listings if (turn := turn_of(one))), None)

    def _turned(self) -> Capture | None:
        """Return the second page, None where it did not come or shows no article that no first page shows."""
        if self.turn is None or self.front is None:
            return None
        known = {id_ for one in (*self.listings, self.front) for id_ in self.listed(one)}
        new = (one for one in self._page(self.turn.second) if self.listed(one) - known)
        return next((one for one in new if leads_on(self.turn, self._turned_from(self.front), one)), None)

    def _turned_from(self, front: Capture) -> Capture:
        """Return the listing that the second page is of."""
        return next((one for one in self.listings if (turn := turn_of(one)) and turn == self.turn), front)


def _spread(links: Sequence[Link], number: int) -> tuple[str, ...]:
    """Choose so many from first to last: the newest, and those further down, which may be of an older design."""
    if len(links) <= number:
        return tuple(link.url for link in links)
    step = (len(links) - 1) / max(1, number - 1)
    return tuple(links[round(step * place)].url for place in range(number))
