"""A newspaper of many days on loopback, whose clock is stepped, and the real crawler refreshing from it once a day.

Real are the HTTP, the crawl with all that belongs to it, the frontier, the policy and the archive; only the clock is
played: it jumps from one refresh to the next, and goes on SECONDS_A_REQUEST with each request. The pages have no ETag
and no Last-Modified, and a counter of readers that is another one each time, as on the worst of the real sites.
"""

from __future__ import annotations

import datetime as dt
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from crawling import crawl_one
from newsserver import served

from crawler.archive import RunLog
from crawler.clock import Clock
from crawler.profile import Layout, Paging, Politeness, Start
from crawler.site import Site

BEGIN = dt.datetime(2026, 1, 5, 22, 0, tzinfo=dt.UTC)  # the hour of the daily refresh: five in the morning in Vietnam
DAY, HOUR = dt.timedelta(days=1), dt.timedelta(hours=1)
SECONDS_A_REQUEST = 2
LISTINGS = ("cong-doan", "viec-lam", "doi-song", "phap-luat", "thi-dua", "xa-hoi")
PER_PAGE = 20
EDITED_SOON, EDITED_LATER, DELETED = 0.06, 0.01, 0.005  # shares of the articles
SOON, LATER = dt.timedelta(days=2), dt.timedelta(days=60)


@dataclass(slots=True)
class Story:
    """One article of the newspaper, and what the crawler was answered when it asked for it."""

    id: int
    listing: str
    published: dt.datetime
    edited: dt.datetime | None
    deleted: dt.datetime | None
    served: list[dt.datetime] = field(default_factory=list)
    refused: list[dt.datetime] = field(default_factory=list)

    @property
    def path(self) -> str:
        return f"/{self.listing}/bai-{self.id}.html"

    def is_online(self, now: dt.datetime) -> bool:
        return self.published <= now and not self.is_deleted(now)

    def is_deleted(self, now: dt.datetime) -> bool:
        return self.deleted is not None and self.deleted <= now

    def is_edited(self, now: dt.datetime) -> bool:
        return self.edited is not None and self.edited <= now

    def changed(self, now: dt.datetime) -> dt.datetime:
        return self.edited if self.edited is not None and self.edited <= now else self.published


def write_stories(days: int, a_day: int, seed: int) -> list[Story]:
    """Return the articles of all days, oldest first, with what will befall them."""
    chance = random.Random(seed)
    stories = []
    for number in range(days * a_day):
        published = BEGIN + DAY * (number // a_day) - DAY * chance.random()
        fate, after = chance.random(), chance.random()
        edited = deleted = None
        if fate < EDITED_SOON:
            edited = published + SOON * after
        elif fate < EDITED_SOON + EDITED_LATER:
            edited = published + SOON + (LATER - SOON) * after
        if chance.random() < DELETED:
            deleted = published + LATER * chance.random()
        stories.append(Story(100_000 + number, chance.choice(LISTINGS), published, edited, deleted))
    return sorted(stories, key=lambda story: story.published)


class SteppedNews(ThreadingHTTPServer):
    """Serves the stories as they are at `now`; each request moves `now` on a little."""

    daemon_threads = True

    def __init__(self, stories: list[Story], has_sitemap: bool) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.stories = stories
        self.by_path = {story.path: story for story in stories}
        self.has_sitemap = has_sitemap
        self.now = BEGIN
        self.asked: Counter[str] = Counter()

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def clock(self) -> dt.datetime:
        """Return the time as the newspaper and the crawler have it."""
        return self.now

    def online(self) -> list[Story]:
        """Return the stories that can be read now, newest first."""
        return [story for story in reversed(self.stories) if story.is_online(self.now)]

    def answer(self, address: str) -> tuple[int, str, str]:
        """Return status, content type and body; notes what was asked for."""
        self.now += dt.timedelta(seconds=SECONDS_A_REQUEST)
        parts = urlsplit(address)
        story = self.by_path.get(parts.path)
        if story is not None:
            return self._story(story)
        if parts.path == "/robots.txt":
            self.asked["robots"] += 1
            named = f"Sitemap: {self.origin}/sitemap.xml\n" if self.has_sitemap else ""
            return 200, "text/plain", f"User-agent: *\nAllow: /\n{named}"
        if parts.path == "/sitemap.xml" and self.has_sitemap:
            self.asked["sitemap"] += 1
            return 200, "application/xml", self._sitemap()
        if parts.path.strip("/") in LISTINGS:
            self.asked["listing"] += 1
            return 200, "text/html", self._listing(parts.path.strip("/"), int(parse_qs(parts.query).get("p", ["1"])[0]))
        return 404, "text/html", "<h1>404</h1>"

    def _story(self, story: Story) -> tuple[int, str, str]:
        self.asked["article"] += 1
        if not story.is_online(self.now):
            story.refused.append(self.now)
            return 404, "text/html", "<h1>404</h1>"
        story.served.append(self.now)
        more = "<p>Đính chính: tổ được nêu trong bài là tổ hàn số 2, không phải tổ hàn số 1.</p>"
        return (
            200,
            "text/html",
            (
                f'<html><head><meta property="article:published_time" content="{story.published.isoformat()}"></head>'
                f"<body><h1>Chuyện tổ {story.id}</h1><span>{self.asked['article']} lượt xem</span>"
                f'<div class="than-bai"><p>Tổ số {story.id} giữ nhịp sản xuất suốt quý.</p>'
                f"{more if story.is_edited(self.now) else ''}</div></body></html>"
            ),
        )

    def _listing(self, name: str, number: int) -> str:
        listed = [story for story in self.online() if story.listing == name]
        start = (number - 1) * PER_PAGE
        shown = listed[start : start + PER_PAGE] or listed[:PER_PAGE]
        links = "".join(f'<h3><a class="tin" href="{story.path}">Tổ {story.id}</a></h3>' for story in shown)
        return f"<html><body>{links}</body></html>"

    def _sitemap(self) -> str:
        urls = "".join(
            f"<url><loc>{self.origin}{story.path}</loc><lastmod>{story.changed(self.now).isoformat()}</lastmod></url>"
            for story in self.online()
        )
        return f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{urls}</urlset>'

    def site(self) -> Site:
        """Return its profile."""
        return Site(
            name="nhip_xuong",
            title="Nhịp Xưởng",
            hosts=(self.origin.removeprefix("http://"),),
            article=r"^https?://[^/]+/[a-z-]+/bai-(?P<id>\d+)\.html$",
            start=Start(
                sections=tuple(f"{self.origin}/{name}" for name in LISTINGS),
                items="a.tin",
                paging=Paging(template="{section}?p={n}"),
            ),
            layouts=(Layout(name="2026", title=("h1",), body=("div.than-bai",)),),
            politeness=Politeness(delay=0),
        )


class _Handler(BaseHTTPRequestHandler):
    server: SteppedNews
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # head and body in one packet
    disable_nagle_algorithm = True

    def log_message(self, format: str, *args: object) -> None:
        pass

    def do_GET(self) -> None:
        status, kind, text = self.server.answer(self.path)
        body = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@dataclass(frozen=True, slots=True)
class Played:
    """What a newspaper of many days was to the crawler."""

    stories: tuple[Story, ...]
    refreshes: tuple[dt.datetime, ...]
    asked: Counter[str]
    runs: tuple[RunLog, ...]


def play(corpus: Path, days: int, a_day: int, *, has_sitemap: bool, seed: int = 7) -> Iterator[Played]:
    """Refresh once a day for so many days, and give what is known after each."""
    refreshes: list[dt.datetime] = []
    runs: list[RunLog] = []
    with served(SteppedNews(write_stories(days, a_day, seed), has_sitemap)) as news:
        for day in range(days):
            news.now = BEGIN + DAY * day
            refreshes.append(news.now)
            runs.append(crawl_one(corpus, news.site(), refresh=True, clock=Clock(news.clock)))
            yield Played(tuple(news.stories), tuple(refreshes), news.asked, tuple(runs))


# --------------------------------------------------------------------------- what came of it
IN_TIME = dt.timedelta(days=3)  # to find an edit
FRESH = dt.timedelta(days=7)  # the age to which edits are to be found in time
DELETION_IN_TIME = dt.timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Tally:
    """What one way of looking again found, of what there was to find, and what it asked for."""

    new: int
    new_found: int
    edits: int
    edits_found: int
    late_edits: int
    late_edits_found: int
    deletions: int
    deletions_found: int
    requests: int


def tally_of(played: Played) -> Tally:
    """Count what the crawler found.

    New: what could be read at the refresh after its publication, found when it was fetched in that refresh. Edits:
    those of an article under a week old that came after its first fetch, and IN_TIME or longer before the end, found
    when the article was fetched within IN_TIME. Late edits: the others, found when fetched at all.
    Deletions: those after the first fetch and DELETION_IN_TIME or longer before the end, found when asked for within
    DELETION_IN_TIME.
    """
    ends = played.refreshes[-1]
    new = [story for story in played.stories if _first_refresh(story, played) is not None]
    edited = [story for story in new if story.edited and _fetched_before(story, story.edited)]
    fresh = [one for one in edited if one.edited - one.published < FRESH and one.edited <= ends - IN_TIME]
    late = [one for one in edited if one.edited - one.published >= FRESH and one.edited <= ends]
    deleted = [
        one
        for one in new
        if one.deleted and _fetched_before(one, one.deleted) and one.deleted <= ends - DELETION_IN_TIME
    ]
    return Tally(
        new=len(new),
        new_found=sum(_found_new(story, played) for story in new),
        edits=len(fresh),
        edits_found=sum(_asked_within(one.served, one.edited, IN_TIME) for one in fresh),
        late_edits=len(late),
        late_edits_found=sum(_asked_within(one.served, one.edited, ends - BEGIN + DAY) for one in late),
        deletions=len(deleted),
        deletions_found=sum(_asked_within(one.refused, one.deleted, DELETION_IN_TIME) for one in deleted),
        requests=sum(played.asked.values()),
    )


def _first_refresh(story: Story, played: Played) -> dt.datetime | None:
    """Return the refresh after its publication if the story can be read then."""
    first = next((when for when in played.refreshes if when >= story.published), None)
    return first if first is not None and story.is_online(first + HOUR) else None


def _found_new(story: Story, played: Played) -> bool:
    first = _first_refresh(story, played)
    return first is not None and bool(story.served) and story.served[0] < first + DAY


def _fetched_before(story: Story, when: dt.datetime) -> bool:
    return bool(story.served) and story.served[0] < when


def _asked_within(times: list[dt.datetime], since: dt.datetime | None, wait: dt.timedelta) -> bool:
    return since is not None and any(since <= when <= since + wait for when in times)


def requests_of_everything(played: Played) -> int:
    """Return what it costs to ask for every known article at every refresh, with the same reading of the listings."""
    known = sum(
        sum(story.published <= when and not any(at < when for at in story.refused) for story in played.stories)
        for when in played.refreshes
    )
    return known + sum(count for kind, count in played.asked.items() if kind != "article")


def requests_of_never_again(played: Played) -> int:
    """Return what it costs to fetch each article once, with the same reading of the listings."""
    fetched = sum(bool(story.served) for story in played.stories)
    return fetched + sum(count for kind, count in played.asked.items() if kind != "article")
