"""A refresh spends its requests where news is likely, and archives in full only what is new."""

from __future__ import annotations

import datetime as dt
import gzip
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from crawling import crawl_one, standing
from newsserver import Answer, NewsServer, article_html, news_server
from stepped_news import play, requests_of_everything, tally_of
from vinhkhe import DAY_1, SITE, Answered, archive, article_page, url_of, write_profile

from crawler.archive import (
    ArchiveWriter,
    Capture,
    Exchange,
    RunLog,
    archive_files,
    payload_digest,
    read_captures,
    verify,
)
from crawler.content import content_digest
from crawler.frontier import Frontier
from crawler.page import Page
from crawler.profile import Layout, Start
from crawler.reconcile import reconcile
from crawler.site import Site
from crawler.sites import Sites
from pipeline.build import build
from pipeline.check import problems
from pipeline.query import open_corpus

NOON = dt.datetime(2026, 9, 22, 5, 0, tzinfo=dt.UTC)
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
FIRST = "/cong-doan/bai-1.ldo"


@pytest.fixture
def paper() -> Iterator[NewsServer]:
    with news_server() as server:
        yield server


@dataclass
class Crawler:
    """Crawls one paper at the times it is told."""

    corpus: Path
    site: Site

    def at(self, when: dt.datetime, *, refresh: bool = True) -> RunLog:
        return crawl_one(self.corpus, self.site, refresh=refresh, clock=standing(when))

    def captures(self, path: str) -> list[Capture]:
        files = archive_files(self.corpus)
        return [one for file in files for one in read_captures(self.corpus, file) if one.url.endswith(path)]

    def state(self, id_: str) -> str | None:
        with Frontier(self.corpus) as frontier:
            known = frontier.article(self.site.name, id_)
            return known.state if known else None


# --------------------------------------------------------------------------- when
def test_a_refresh_asks_for_what_is_due_and_for_nothing_else(paper: NewsServer, tmp_path: Path) -> None:
    paper.publish(1, published="2026-09-22T11:20:00+07:00")  # 40 minutes before the first crawl
    paper.publish(2, published="2026-03-01T08:00:00+07:00")
    crawler = Crawler(tmp_path, paper.site())
    crawler.at(NOON, refresh=False)
    asked = {}
    for hours in (1, 8, 48, 72, 120, 200, 24 * 40):
        paper.asked.clear()
        crawler.at(NOON + hours * HOUR)
        asked[hours] = sorted(paper.times_asked())
    second = "/cong-doan/bai-2.ldo"
    old = {200: [], 24 * 40: [FIRST, second]}
    assert asked == {1: [], 8: [FIRST], 48: [FIRST], 72: [], 120: [FIRST]} | old


def test_a_quiet_listing_is_read_once_a_day_and_a_busy_one_every_hour(paper: NewsServer, tmp_path: Path) -> None:
    paper.publish(1)
    paper.answers["/quiet"] = Answer(b'<a href="/cong-doan/bai-9.ldo">B</a>')
    paper.publish(9, listed=False)
    site = paper.site(start=Start(sections=(paper.url("/cong-doan"), paper.url("/quiet"))))
    crawler = Crawler(tmp_path, site)
    for day in range(3):
        paper.publish(*range(100 + day * 40, 140 + day * 40))
        crawler.at(NOON + day * DAY)
    paper.asked.clear()
    run = crawler.at(NOON + 2 * DAY + HOUR)
    assert "/cong-doan" in paper.asked
    assert "/quiet" not in paper.asked
    assert run.warnings == ()
    crawler.at(NOON + 3 * DAY)
    assert "/quiet" in paper.asked


@pytest.mark.slow
@pytest.mark.parametrize("has_sitemap", [False, True], ids=["listings only", "sitemap with lastmod"])
def test_twelve_days_of_a_newspaper_cost_little_and_miss_nothing(tmp_path: Path, has_sitemap: bool) -> None:
    *_, played = play(tmp_path, 12, 12, has_sitemap=has_sitemap, seed=3)
    tally = tally_of(played)
    assert tally.new_found == tally.new >= 140
    assert tally.edits_found == tally.edits > 0
    assert tally.requests < requests_of_everything(played) / 2
    assert {log.finish_reason for log in played.runs} == {"finished"}
    assert {line for log in played.runs for line in log.warnings} == set()


# --------------------------------------------------------------------------- what is kept
def test_the_same_bytes_again_are_a_revisit_and_no_copy(paper: NewsServer, tmp_path: Path) -> None:
    paper.publish(1)
    paper.answers[FIRST].validators = False
    crawler = Crawler(tmp_path, paper.site())
    crawler.at(NOON)
    again = crawler.at(NOON + 3 * DAY)
    assert (again.not_modified, again.articles) == (1, 0)
    paper.answers[FIRST].body = article_html(1, "Đã sửa.")
    assert crawler.at(NOON + 40 * DAY).articles == 1
    assert crawler.at(NOON + 80 * DAY).not_modified == 1
    captures = crawler.captures(FIRST)
    assert [(one.kind, one.status) for one in captures] == [
        ("response", 200),
        ("revisit", 200),
        ("response", 200),
        ("revisit", 200),
    ]
    stored = b"".join(gzip.decompress((tmp_path / file).read_bytes()) for file in archive_files(tmp_path))
    assert stored.count(b"WARC-Profile: http://netpreserve.org/warc/1.1/revisit/identical-payload-digest") == 2
    digests = {payload_digest(gzip.compress(one, mtime=0)) for one in (article_html(1), article_html(1, "Đã sửa."))}
    assert all(stored.count(f"WARC-Payload-Digest: {digest}".encode()) == 2 for digest in digests)
    assert stored.count(f"WARC-Refers-To-Date: {NOON:%Y-%m-%dT%H:%M:%S.%fZ}".encode()) == 1
    assert verify(tmp_path) == []


def test_a_revisit_is_no_capture_of_the_tables(tmp_path: Path) -> None:
    sites = Sites((write_profile(tmp_path / "sites"),))
    archive(tmp_path, DAY_1, [Answered(url_of(1), article_page(1))])
    with ArchiveWriter(tmp_path, SITE, "20260903T030000-later") as writer:
        digest = payload_digest(article_page(1))
        writer.write_same_payload(Exchange(url_of(1), DAY_1 + 2 * DAY), digest, DAY_1)
    report = build(tmp_path, sites, workers=1)
    assert (report.captures, report.new_articles, report.dropped) == (1, 1, 0)
    assert list(problems(open_corpus(tmp_path))) == []


def test_a_lost_frontier_learns_its_looks_from_the_archive(paper: NewsServer, tmp_path: Path) -> None:
    paper.publish(1)
    paper.answers[FIRST].validators = False
    crawler = Crawler(tmp_path, paper.site())
    crawler.at(NOON)
    crawler.at(NOON + 3 * DAY)
    with Frontier(tmp_path) as frontier:
        before = frontier.article("vinhkhe", "1")
    for file in tmp_path.glob("frontier.sqlite*"):
        file.unlink()
    with Frontier(tmp_path) as frontier:
        reconcile(tmp_path, crawler.site, frontier)
        after = frontier.article("vinhkhe", "1")
    assert before is not None
    assert after is not None
    assert (after.last_checked, after.watched, after.content) == (before.last_checked, before.watched, before.content)
    assert after.next_visit == before.next_visit


# --------------------------------------------------------------------------- gone, back, moved
def test_an_article_that_comes_back_is_live_again_and_archived_in_full(paper: NewsServer, tmp_path: Path) -> None:
    paper.publish(1, 2)
    crawler = Crawler(tmp_path, paper.site())
    crawler.at(NOON)
    page = paper.answers[FIRST]
    paper.answers[FIRST] = Answer(status=410)
    assert crawler.at(NOON + 2 * DAY).gone == 1
    assert crawler.state("1") == "gone"
    paper.answers[FIRST] = page
    assert crawler.at(NOON + 3 * DAY).articles == 1
    assert crawler.state("1") == "fetched"
    assert [(one.kind, one.status) for one in crawler.captures(FIRST)] == [
        ("response", 200),
        ("response", 410),
        ("response", 200),
    ]


@pytest.mark.parametrize("target", ["/", "/cong-doan/bai-2.ldo"], ids=["front page", "another article"])
def test_an_article_that_leads_elsewhere_is_archived_counted_and_no_edition(
    paper: NewsServer, tmp_path: Path, target: str
) -> None:
    paper.publish(1, 2)
    paper.answers["/"] = Answer("<h1>Trang nhất</h1>".encode())
    crawler = Crawler(tmp_path, paper.site())
    crawler.at(NOON)
    with Frontier(tmp_path) as frontier:
        before = frontier.article("vinhkhe", "1")
    paper.answers[FIRST] = Answer(status=301, headers={"Location": target}, validators=False)
    assert crawler.at(NOON + 2 * DAY).gone == 1
    with Frontier(tmp_path) as frontier:
        after, other = frontier.article("vinhkhe", "1"), frontier.article("vinhkhe", "2")
    assert before is not None
    assert after is not None
    assert other is not None
    assert (after.state, after.digest, after.content) == ("gone", before.digest, before.content)
    assert other.state == "fetched"
    assert [one.status for one in crawler.captures(FIRST)] == [200, 301]


# --------------------------------------------------------------------------- what counts as a change
READER = Layout(name="2026", title=("h1",), lead=("p.sapo",), body=("div.bai",), drop=("div.lien-quan",))
PAGE = (
    "<h1>Tổ thợ nề giữ nghề</h1><p class=sapo>{lead}</p><div class=bai><p>{text}</p>"
    "<div class=lien-quan>{related}</div><script>var x = '{related}'</script></div><span>{related} lượt xem</span>"
)


def digest_of(site: Site, **words: str) -> str | None:
    parts = {"lead": "Một lớp nghề mở giữa mùa xây.", "text": "Lớp có hai mươi học viên.", "related": "12"}
    return content_digest(Page(PAGE.format(**(parts | words)).encode()), site)


def test_only_what_a_reader_reads_is_a_change() -> None:
    site = Site(name="a", title="A", hosts=("a.vn",), article=r"^.*-(?P<id>\d+)$", layouts=(READER,))
    assert digest_of(site) == digest_of(site, related="13")
    assert digest_of(site) is not None
    assert len({digest_of(site), digest_of(site, lead="Sửa."), digest_of(site, text="Sửa.")}) == 3


def test_without_a_layout_the_paragraphs_are_what_is_read() -> None:
    site = Site(name="a", title="A", hosts=("a.vn",), article=r"^.*-(?P<id>\d+)$")
    long = {"text": "Lớp có hai mươi học viên, phần đông là phụ hồ đã theo nghề nhiều năm ở các công trình. " * 4}
    assert digest_of(site) is None
    assert digest_of(site, **long) is not None
    assert digest_of(site, **long) == digest_of(site, related="13", **long)
    assert digest_of(site, **long) != digest_of(site, text=long["text"] + "Sửa.")
