"""A site is asked when, how often and how slowly it wants, over HTTP on loopback and with the clock in our hand."""

from __future__ import annotations

import asyncio
import datetime as dt
import gzip
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from email.utils import format_datetime
from pathlib import Path
from typing import BinaryIO
from zoneinfo import ZoneInfo

import pytest
from crawling import crawl_one, standing
from newsserver import GATE, Answer, NewsServer, article_html, news_server

from crawler.archive import RunLog
from crawler.clock import Clock
from crawler.ledger import BLOCK, LedgerDamaged, RequestLedger
from crawler.lock import CorpusBusy, corpus_lock
from crawler.manners import Hours, seconds_to_wait
from crawler.profile import Politeness
from crawler.site import SiteProfileInvalid, load_site

ZONE = "Asia/Ho_Chi_Minh"
NOON = dt.datetime(2026, 11, 22, 5, 0, tzinfo=dt.UTC)  # 12:00 in Vietnam
ARTICLE = "/cong-doan/bai-1.ldo"


@pytest.fixture
def paper() -> Iterator[NewsServer]:
    with news_server() as server:
        server.publish(1)
        yield server


def crawl_at(corpus: Path, paper: NewsServer, now: dt.datetime = NOON, **politeness: object) -> RunLog:
    site = paper.site(politeness={"delay": 0, "timeout": 5} | politeness)
    return crawl_one(corpus, site, clock=standing(now))


def busy(paper: NewsServer, times: int, status: str, retry_after: str) -> None:
    """Answer the article with "busy" so many times."""
    page = article_html(1)

    def answer(out: BinaryIO) -> None:
        if paper.times_asked()[ARTICLE] > times:
            out.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n" % len(page) + page)
        else:
            out.write(f"HTTP/1.1 {status}\r\nContent-Length: 0\r\nRetry-After: {retry_after}\r\n\r\n".encode())

    paper.raw[ARTICLE] = answer


# --------------------------------------------------------------------------- 429, 503
@pytest.mark.parametrize("status", ["429 Too Many Requests", "503 Service Unavailable"])
@pytest.mark.parametrize("retry_after", ["1", format_datetime(NOON + dt.timedelta(seconds=1), usegmt=True)])
def test_the_site_is_left_alone_as_long_as_it_asks(
    paper: NewsServer, tmp_path: Path, status: str, retry_after: str
) -> None:
    paper.publish(2)
    busy(paper, 1, status, retry_after)
    asked_at: list[tuple[float, str]] = []
    paper.on_request = lambda path: asked_at.append((time.monotonic(), path))
    run = crawl_at(tmp_path, paper)
    assert (run.articles, run.errors, run.finish_reason) == (2, 0, "finished")
    refused = next(index for index, (_, path) in enumerate(asked_at) if path == ARTICLE)
    assert asked_at[refused + 1][0] - asked_at[refused][0] >= 1  # nothing else of the site was asked for meanwhile


def test_a_site_that_wants_a_long_rest_is_left_for_this_run(paper: NewsServer, tmp_path: Path) -> None:
    busy(paper, 1, "429 Too Many Requests", "86400")
    run = crawl_at(tmp_path, paper)
    assert (run.articles, run.finish_reason, run.failed) == (0, "asked_to_wait", False)
    assert run.warnings == (
        f"{paper.host} answers 429 and asks to wait 86400 s; it is left for this run. The next one goes on from here; "
        "if this comes back, raise politeness.delay in the profile",
    )
    assert paper.times_asked() == {ARTICLE: 1}
    assert crawl_at(tmp_path, paper).new_articles == 1


def test_a_site_that_still_wants_to_wait_after_all_waits_is_left(paper: NewsServer, tmp_path: Path) -> None:
    busy(paper, 99, "503 Service Unavailable", "0")
    run = crawl_at(tmp_path, paper)
    assert (run.finish_reason, paper.times_asked()) == ("asked_to_wait", {ARTICLE: 3})


def test_a_robots_txt_that_is_too_often_asked_for_allows_nothing(paper: NewsServer, tmp_path: Path) -> None:
    paper.answers["/robots.txt"] = Answer(status=429)
    assert crawl_at(tmp_path, paper).finish_reason == "robots_unknown"
    assert set(paper.asked) == {"/robots.txt"}


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("120", 120.0),
        (" 0 ", 0.0),
        ("Sun, 22 Nov 2026 05:01:30 GMT", 90.0),
        ("Sun, 22 Nov 2026 04:00:00 GMT", 0.0),
        ("9" * 400, 999_999_999.0),
        ("-5", None),
        ("bald", None),
        ("", None),
    ],
)
def test_a_retry_after_is_a_number_or_a_date(header: str, seconds: float | None) -> None:
    assert seconds_to_wait(header, NOON) == seconds


# --------------------------------------------------------------------------- hours
def test_outside_its_hours_a_site_is_not_asked_at_all(paper: NewsServer, tmp_path: Path) -> None:
    run = crawl_at(tmp_path, paper, NOON, hours="22:00-06:00")
    assert (run.finish_reason, run.failed, run.requests) == ("outside_hours", False, 0)
    assert run.warnings == (
        "by its profile it is asked at 22:00-06:00 (Asia/Ho_Chi_Minh) only; the next crawl goes on then",
    )
    assert paper.asked == []
    night = NOON + dt.timedelta(hours=11)
    assert crawl_at(tmp_path, paper, night, hours="22:00-06:00").articles == 1


def test_a_crawl_stops_when_the_hours_end_and_goes_on_the_next_night(paper: NewsServer, tmp_path: Path) -> None:
    paper.publish(*range(2, 12))
    clock = iter(NOON + dt.timedelta(hours=17, minutes=minute) for minute in range(1_000))  # from 05:00 on
    site = paper.site(politeness=Politeness(delay=0, hours="22:00-05:20"))
    run = crawl_one(tmp_path, site, clock=Clock(lambda: next(clock)))
    assert run.finish_reason == "outside_hours"
    assert 0 < run.requests < 20
    rest = crawl_at(tmp_path, paper, NOON + dt.timedelta(days=1, hours=11), hours="22:00-05:20")
    assert run.articles + rest.articles == 11
    assert set(paper.times_asked().values()) == {1}


@pytest.mark.parametrize(
    ("hours", "inside", "outside"),
    [("22:00-06:00", "22:00 23:59 00:00 05:59", "06:00 21:59 12:00"), ("08:30-17:00", "08:30 16:59", "08:29 17:00")],
)
def test_hours_hold_by_the_clocks_of_the_site(hours: str, inside: str, outside: str) -> None:
    for times, expected in ((inside, True), (outside, False)):
        for text in times.split():
            now = dt.datetime.fromisoformat(f"2026-11-22T{text}:00+07:00").astimezone(dt.UTC)
            assert Hours.read(hours).hold(now, ZONE) is expected


# --------------------------------------------------------------------------- requests a day
def test_no_more_requests_a_day_than_allowed_over_all_runs(paper: NewsServer, tmp_path: Path) -> None:
    paper.publish(*range(2, 22))
    run = crawl_at(tmp_path, paper, requests_a_day=10)
    assert (run.finish_reason, run.failed, run.requests) == ("day_spent", False, 10)
    assert run.warnings[0].startswith(f"{paper.host} was sent 10 requests today and politeness.requests_a_day of the")
    assert crawl_at(tmp_path, paper, NOON + dt.timedelta(hours=11), requests_a_day=10).requests == 0
    assert len(paper.asked) == 10
    tomorrow = NOON + dt.timedelta(hours=12)  # 00:00 in Vietnam
    assert crawl_at(tmp_path, paper, tomorrow, requests_a_day=10).requests == 10
    assert set(paper.times_asked().values()) == {1}


def test_a_host_is_counted_over_all_profiles_with_robots_retries_and_redirects(
    paper: NewsServer, tmp_path: Path
) -> None:
    paper.publish(1, 2)
    paper.answers[ARTICLE] = Answer(status=500, validators=False)
    paper.answers["/cong-doan/bai-2.ldo"] = Answer(status=301, headers={"Location": paper.url("/cong-doan/bai-3.ldo")})
    paper.publish(3, listed=False)
    first = crawl_at(tmp_path, paper)  # a profile without a cap
    asked = len(paper.asked)
    assert first.requests == asked == 8  # robots.txt, two listing pages, three tries, a redirect and its end
    with RequestLedger(tmp_path) as ledger:
        assert ledger.sent(paper.host, dt.date(2026, 11, 22)) == asked
    other = paper.site(name="thanhson", politeness={"delay": 0, "requests_a_day": asked + 2})
    run = crawl_one(tmp_path, other, clock=standing(NOON))
    assert (run.finish_reason, run.requests) == ("day_spent", 2)
    assert run.warnings[0].startswith(f"{paper.host} was sent {asked + 2} requests today")


def test_what_is_asked_on_behalf_of_a_corpus_counts_to_its_day_and_waits_for_its_crawl(
    paper: NewsServer, tmp_path: Path
) -> None:
    corpus, folder = tmp_path / "corpus", tmp_path / "elsewhere"
    site = paper.site(politeness={"delay": 0, "requests_a_day": 3})

    def tried() -> RunLog:
        return crawl_one(folder, site, max_pages=1, on_behalf_of=corpus, clock=standing(NOON))

    assert tried().requests == 3  # robots.txt, a listing, the article
    assert (tried().finish_reason, len(paper.asked)) == ("day_spent", 3)
    assert crawl_at(corpus, paper, requests_a_day=4).requests == 1
    with corpus_lock(corpus), pytest.raises(CorpusBusy, match="corpus is being crawled by process"):
        tried()
    assert len(paper.asked) == 4


def test_a_killed_run_is_counted_rather_too_much_than_too_little(tmp_path: Path) -> None:
    today = dt.date(2026, 11, 22)
    killed = RequestLedger(tmp_path)
    killed.add("vinhkhe.vn", today, most=100)
    killed.add("vinhkhe.vn", today, most=100)
    assert killed.sent("vinhkhe.vn", today) == 2
    with RequestLedger(tmp_path) as ledger:  # the next process
        assert ledger.sent("vinhkhe.vn", today) == BLOCK
        for _ in range(100 - BLOCK):
            ledger.add("vinhkhe.vn", today, most=100)
        assert RequestLedger(tmp_path).sent("vinhkhe.vn", today) == 100
    with RequestLedger(tmp_path) as ledger:
        ledger.add("vinhkhe.vn", today + dt.timedelta(days=1))
    assert (
        RequestLedger(tmp_path).sent("vinhkhe.vn", today + dt.timedelta(days=1)) == 1
    )  # what was not sent is given back


def test_a_count_that_cannot_be_read_is_one_line_and_a_way_out(tmp_path: Path) -> None:
    (tmp_path / "requests.json").write_text("[3]", encoding="utf-8")
    with pytest.raises(LedgerDamaged, match=r"requests\.json: not the requests .* remove it"):
        RequestLedger(tmp_path)


# --------------------------------------------------------------------------- pauses
@dataclass
class Hands:
    """A clock in our hand: it goes on by a second a look and by all that is slept, or jumps."""

    now: dt.datetime = NOON
    slept: float = 0.0
    stands: bool = False

    def look(self) -> dt.datetime:
        self.now += dt.timedelta(seconds=0 if self.stands else 1)
        return self.now

    async def rest(self, seconds: float) -> None:
        await asyncio.sleep(0)
        self.slept += seconds
        if not self.stands:
            self.now += dt.timedelta(seconds=seconds)


def crawl_long(corpus: Path, paper: NewsServer, hands: Hands, **politeness: object) -> tuple[RunLog, list[str]]:
    told: list[str] = []
    site = paper.site(politeness={"delay": 0, "timeout": 5} | politeness)
    return crawl_one(corpus, site, told, wait=True, clock=Clock(hands.look, hands.rest)), told


def test_a_crawl_that_waits_pauses_until_the_hours_begin_and_says_when(paper: NewsServer, tmp_path: Path) -> None:
    hands, at = Hands(), []
    paper.on_request = lambda _path: at.append(hands.now)
    run, told = crawl_long(tmp_path, paper, hands, hours="22:00-06:00")
    assert (run.finish_reason, run.articles, run.warnings) == ("finished", 1, ())
    assert told == [
        "vinhkhe: paused until 22/11/2026 22:00: it is asked at 22:00-06:00 (Asia/Ho_Chi_Minh) only. "
        "Ctrl-C ends the crawl",
        "vinhkhe: goes on",
    ]
    assert at[0] >= dt.datetime(2026, 11, 22, 15, 0, tzinfo=dt.UTC)
    assert hands.slept > 4 * 3600


def test_a_crawl_that_waits_pauses_when_the_hours_end_and_goes_on_the_next_night(
    paper: NewsServer, tmp_path: Path
) -> None:
    paper.publish(*range(2, 12))
    hands, at = Hands(NOON - dt.timedelta(hours=6, seconds=15)), []  # 15 seconds before 06:00
    paper.on_request = lambda _path: at.append(hands.now.astimezone(ZoneInfo(ZONE)))
    run, told = crawl_long(tmp_path, paper, hands, hours="22:00-06:00")
    assert (run.finish_reason, run.articles) == ("finished", 11)
    assert {moment.hour for moment in at} == {5, 22}
    assert [line.split(":")[1][:13] for line in told] == [" paused until", " goes on"]
    assert set(paper.times_asked().values()) == {1}


def test_a_crawl_that_waits_spends_the_requests_of_many_days(paper: NewsServer, tmp_path: Path) -> None:
    paper.publish(*range(2, 22))
    hands, days = Hands(), Counter()
    paper.on_request = lambda _path: days.update([hands.now.astimezone(ZoneInfo(ZONE)).date()])
    run, told = crawl_long(tmp_path, paper, hands, requests_a_day=10)
    assert (run.finish_reason, run.articles) == ("finished", 21)
    assert max(days.values()) == 10
    assert len(days) == 3
    assert told[0].startswith("vinhkhe: paused until 23/11/2026 00:00: " + paper.host + " was sent 10 requests today")


@pytest.mark.parametrize(
    ("new", "ended"),
    [
        (Answer(b"User-agent: *\nDisallow: /cong-doan/\n", content_type="text/plain"), "finished"),
        (Answer(b"<html>Xin loi</html>"), "robots_unknown"),
    ],
)
def test_a_crawl_of_many_days_reads_robots_txt_again_each_day(
    paper: NewsServer, tmp_path: Path, new: Answer, ended: str
) -> None:
    paper.publish(*range(2, 31))
    hands = Hands()

    def change_on_the_third_day(_path: str) -> None:
        if hands.now >= NOON + dt.timedelta(days=2):
            paper.answers["/robots.txt"] = new

    paper.on_request = change_on_the_third_day
    run, _ = crawl_long(tmp_path, paper, hands, requests_a_day=10)
    assert run.finish_reason == ended
    assert run.articles < 30  # what was forbidden meanwhile is not asked for
    assert paper.asked.count("/robots.txt") == 3  # at the start, and each time that 24 hours were over


def test_a_clock_that_jumps_into_the_hours_ends_the_pause(paper: NewsServer, tmp_path: Path) -> None:
    hands = Hands()

    async def jump(seconds: float) -> None:
        await asyncio.sleep(0)
        hands.slept += seconds
        # first a day back, then into the night
        hands.now += dt.timedelta(days=-1) if hands.slept < 5 else dt.timedelta(hours=11 + 24 * 3)

    site = paper.site(politeness={"delay": 0, "hours": "22:00-06:00"})
    run = crawl_one(tmp_path, site, wait=True, clock=Clock(hands.look, jump))
    assert (run.finish_reason, run.articles) == ("finished", 1)
    assert hands.slept < 10


def test_a_clock_that_stands_still_does_not_hold_a_crawl_for_ever(paper: NewsServer, tmp_path: Path) -> None:
    run, told = crawl_long(tmp_path, paper, Hands(stands=True), hours="22:00-06:00")
    assert (run.finish_reason, run.failed, run.requests) == ("clock", True, 0)
    assert "waited 25 hours for the hours of vinhkhe, and by the clock it is only 22/11/2026 05:00 UTC" in told[1]


@pytest.mark.parametrize(
    ("now", "opens"), [("21:59", "22T22:00"), ("22:00", "23T22:00"), ("05:00", "22T22:00"), ("23:30", "23T22:00")]
)
def test_hours_open_once_a_day(now: str, opens: str) -> None:
    moment = dt.datetime.fromisoformat(f"2026-11-22T{now}:00+07:00").astimezone(dt.UTC)
    assert Hours.read("22:00-06:00").opening(moment, ZONE).isoformat() == f"2026-11-{opens}:00+07:00"


# --------------------------------------------------------------------------- the operator's own header
def test_the_operators_cookie_and_header_go_out_and_are_written_nowhere(paper: NewsServer, tmp_path: Path) -> None:
    paper.publish(2, 3)
    paper.answers[ARTICLE].headers = {"Set-Cookie": "phien=khoa-cua-toi; Path=/", "X-Ban": "the-cua-toi"}
    paper.answers["/cong-doan/bai-2.ldo"] = Answer(status=500, validators=False)
    paper.answers["/cong-doan/bai-3.ldo"] = Answer(status=302, headers={"Location": "http://127.0.0.1:9/"})
    run = crawl_at(tmp_path, paper, headers={"X-Ban-Doc": "the-cua-toi"}, cookies={"phien": "khoa-cua-toi"})
    assert (run.articles, run.errors) == (1, 1)
    assert paper.headers_seen["X-Ban-Doc"] == {"the-cua-toi"}
    assert paper.cookies == {"phien=khoa-cua-toi"}
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert {"crawl.log", "frontier.sqlite", "requests.json"} <= {path.name for path in files}
    for path in files:
        written = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        assert b"cua-toi" not in written, path


def test_a_gate_that_the_operators_cookie_opens_no_longer_says_so(paper: NewsServer, tmp_path: Path) -> None:
    paper.answers[ARTICLE] = Answer(GATE)
    stale = crawl_at(tmp_path, paper, cookies={"phien": "khoa-cua-toi"})
    assert stale.finish_reason == "gated"
    assert "the cookie or header in the profile opens it no longer: renew it" in stale.warnings[0]
    none = crawl_at(tmp_path, paper)
    assert "put a cookie of your own browser" in none.warnings[0]
    assert "answers with a gate (a cookie script) instead of articles" in none.warnings[0]


_PROFILE = """
name = "vinhkhe"
title = "Báo Vĩnh Khê"
hosts = ["vinhkhe.vn"]
article = '^.*-(?P<id>\\d+)\\.html$'
[politeness]
"""


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ('hours = "22-6"', r'politeness.hours = \'22-6\': expected hours of the day such as "22:00-06:00"'),
        ('hours = "06:00-06:00"', "politeness.hours = '06:00-06:00': expected hours"),
        ("requests_a_day = 0", "politeness.requests_a_day = 0: expected"),
        ('headers = {User-Agent = "Mozilla"}', "expected names of headers other than .*, not 'User-Agent'"),
        ('headers = {X-A = "b\\r\\nHost: c"}', "expected one line of ASCII as the value of X-A"),
        ('headers = {"X A" = "b"}', "expected names of headers"),
    ],
)
def test_wrong_manners_in_a_profile_are_refused(tmp_path: Path, line: str, expected: str) -> None:
    path = tmp_path / "vinhkhe.toml"
    path.write_text(_PROFILE + line, encoding="utf-8")
    with pytest.raises(SiteProfileInvalid, match=expected):
        load_site(path)
