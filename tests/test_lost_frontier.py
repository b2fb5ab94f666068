"""A frontier that was lost is made again from the archive: the crawl goes on as if nothing had happened."""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections import Counter
from contextlib import closing
from pathlib import Path

import pytest
from crawling import crawl_one, standing
from newsserver import Answer, NewsServer, article_html, news_server
from stepped_news import Played, play, tally_of

from crawler.archive import archive_files, read_captures, verify
from crawler.frontier import Frontier
from crawler.known import KnownArticle
from crawler.profile import Start, Topics
from crawler.reconcile import reconcile
from crawler.site import Site

NOON = dt.datetime(2026, 9, 22, 5, 0, tzinfo=dt.UTC)
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)


def lose(corpus: Path) -> None:
    for file in corpus.glob("frontier.sqlite*"):
        file.unlink()


def known(corpus: Path, site: Site, *ids: int) -> list[KnownArticle | None]:
    with Frontier(corpus) as frontier:
        return [frontier.article(site.name, str(id_)) for id_ in ids]


def played(corpus: Path, days: int, *, lost_after: int | None, has_sitemap: bool) -> tuple[Played, Counter[str]]:
    """Play so many days; return all that came of them, and what was asked for after the day of the loss."""
    before: Counter[str] = Counter()
    for day, so_far in enumerate(play(corpus, days, 12, has_sitemap=has_sitemap, seed=5), 1):
        if day == 5:
            before = Counter(so_far.asked)
            if lost_after == day:
                lose(corpus)
    return so_far, so_far.asked - before


@pytest.mark.slow
@pytest.mark.parametrize("has_sitemap", [False, True], ids=["listings only", "sitemap with lastmod"])
def test_after_five_days_a_lost_frontier_costs_hardly_a_request(tmp_path: Path, has_sitemap: bool) -> None:
    whole, asked = played(tmp_path / "kept", 9, lost_after=None, has_sitemap=has_sitemap)
    again, asked_again = played(tmp_path / "lost", 9, lost_after=5, has_sitemap=has_sitemap)
    assert tally_of(again).new_found == tally_of(whole).new_found == tally_of(whole).new
    assert tally_of(again).edits_found == tally_of(whole).edits_found
    assert asked_again["listing"] <= asked["listing"] + 2
    assert 0.95 * asked["article"] <= asked_again["article"] <= 1.05 * asked["article"]
    assert [log.new_articles for log in again.runs] == [log.new_articles for log in whole.runs]


@pytest.fixture
def paper() -> NewsServer:  # type: ignore[misc]
    with news_server() as server:
        yield server


def test_the_same_bytes_are_a_revisit_after_the_loss_too(paper: NewsServer, tmp_path: Path) -> None:
    site = paper.site()
    paper.publish(1, 2, 3)
    paper.answers["/cong-doan/bai-1.ldo"].validators = False
    crawl_one(tmp_path, site, clock=standing(NOON))
    crawl_one(tmp_path, site, clock=standing(NOON + DAY), recheck_after=HOUR)
    before = known(tmp_path, site, 1, 2, 3)
    lose(tmp_path)
    again = crawl_one(tmp_path, site, clock=standing(NOON + 2 * DAY), recheck_after=HOUR)
    assert (again.not_modified, again.articles, again.new_articles) == (3, 0, 0)
    kinds = Counter(
        one.kind for file in archive_files(tmp_path) for one in read_captures(tmp_path, file) if ".ldo" in one.url
    )
    assert kinds == {"response": 3, "revisit": 6}
    assert verify(tmp_path) == []
    lose(tmp_path)
    with Frontier(tmp_path) as frontier:
        reconcile(tmp_path, site, frontier)
    for one, other in zip(before, known(tmp_path, site, 1, 2, 3), strict=True):
        assert one is not None
        assert other is not None
        assert (one.etag, one.payload, one.digest, one.archived) == (
            other.etag,
            other.payload,
            other.digest,
            other.archived,
        )
        assert other.payload is not None
        assert (other.last_checked, other.watched) == (NOON + 2 * DAY, 48.0)


def test_what_changed_vanished_and_led_elsewhere_is_known_again(paper: NewsServer, tmp_path: Path) -> None:
    site = paper.site()
    paper.publish(1, 2, 3, 4)
    paper.answers["/"] = Answer("<h1>Trang nhất</h1>".encode())
    crawl_one(tmp_path, site, clock=standing(NOON))
    text = "Tổ nề nhận thêm việc ở trường học, nhà trẻ và trạm xá của xã trong suốt mùa khô năm nay. " * 4
    paper.answers["/cong-doan/bai-1.ldo"] = Answer(f"<h1>Công đoàn</h1><p>{text}</p>".encode())
    paper.answers["/cong-doan/bai-2.ldo"] = Answer(status=410)
    paper.answers["/cong-doan/bai-3.ldo"] = Answer(status=301, headers={"Location": "/"})
    paper.answers["/cong-doan/bai-4.ldo"] = Answer(status=302, headers={"Location": "/cong-doan/bai-4.bld"})
    paper.answers["/cong-doan/bai-4.bld"] = Answer(b"<h1>Moved</h1>")
    crawl_one(tmp_path, site, clock=standing(NOON + DAY), recheck_after=HOUR)
    before = known(tmp_path, site, 1, 2, 3, 4)
    lose(tmp_path)
    with Frontier(tmp_path) as frontier:
        reconcile(tmp_path, site, frontier)
    after = known(tmp_path, site, 1, 2, 3, 4)
    assert [one.state for one in after if one] == ["fetched", "gone", "gone", "fetched"]
    assert [one and (one.changes, one.times_gone) for one in after] == [
        one and (one.changes, one.times_gone) for one in before
    ]
    assert [one and one.next_visit for one in after] == [one and one.next_visit for one in before]


def test_the_operators_dates_and_sections_outlive_the_frontier(paper: NewsServer, tmp_path: Path) -> None:
    site = paper.site()
    paper.publish(*range(1, 11), published="2026-09-20T08:00:00+07:00")
    paper.publish(*range(11, 41), published="2026-03-01T08:00:00+07:00", listed=False)
    paper.listed += [f"/cong-doan/bai-{id_}.ldo" for id_ in range(11, 41)]  # below the newer ones
    crawl_one(tmp_path, site, clock=standing(NOON), since=dt.date(2026, 9, 1))
    lose(tmp_path)
    paper.asked.clear()
    run = crawl_one(tmp_path, site, clock=standing(NOON + DAY), refresh=True)
    assert run.scope is not None
    assert run.scope.since == dt.date(2026, 9, 1)
    assert run.new_articles == 0
    assert paper.asked.count("/cong-doan") == 1


def rows(corpus: Path, statement: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(corpus / "frontier.sqlite")) as base:
        return base.execute(statement).fetchall()


def test_topics_printed_dates_and_failures_are_known_again(paper: NewsServer, tmp_path: Path) -> None:
    topics = Topics(address=r"^https?://[^/]+/tags/[a-z-]*cong-doan", a_run=2)
    start = Start(sections=(paper.url("/tin"),), items="article", topics=topics)
    site = paper.site(start=start, address=None)
    tags = "".join(f'<a href="/tags/cong-doan-{number}">T</a>' for number in range(1, 5))
    shown = "".join(
        f'<article><a href="/cong-doan/bai-{id_}.ldo">Bài</a><time>{id_:02}/09/2026 08:00</time></article>'
        for id_ in range(20, 10, -1)
    )
    paper.publish(*range(11, 21), listed=False)
    paper.answers["/tin"] = Answer(f"{tags}{shown}".encode(), validators=False)
    feed = "".join(
        f"<item><link>{paper.url(f'/cong-doan/bai-{id_}.ldo')}</link><pubDate>{date}</pubDate></item>"
        for id_, date in ((12, "Mon, 14 Sep 2026 08:00:00 +0700"), (30, "Mon, 14 Sep 2026 08:00:00 +0700"))
    )
    paper.answers["/rss"] = Answer(f'<rss version="2.0"><channel>{feed}</channel></rss>'.encode(), validators=False)
    site = site.model_copy(update={"start": start.model_copy(update={"feeds": (paper.url("/rss"),)})})
    paper.answers["/tags/cong-doan-1"] = Answer(f"<article>{shown}</article>".encode(), validators=False)
    paper.answers["/cong-doan/bai-20.ldo"] = Answer(status=500, validators=False)
    paper.answers["/cong-doan/bai-19.ldo"] = Answer(
        article_html(19, '<a href="/tags/bai-ca-cong-doan-9">T</a>'), validators=False
    )
    for day in range(2):
        crawl_one(tmp_path, site, clock=standing(NOON + day * DAY), since=dt.date(2026, 9, 15))
    learned = (
        "SELECT id, url, state, published, lastmod, tries, next_visit, first_seen FROM articles ORDER BY id",
        "SELECT url, asked_at, found_at FROM topics ORDER BY url",
        "SELECT listing, read_at, news FROM walks ORDER BY listing",
    )
    before = [rows(tmp_path, statement) for statement in learned]
    assert [len(found) for found in before] == [11, 5, 5]
    assert max(row[5] for row in before[0]) == 2  # type: ignore[type-var]
    lose(tmp_path)
    with Frontier(tmp_path) as frontier:
        reconcile(tmp_path, site, frontier)
    assert [rows(tmp_path, statement) for statement in learned] == before


def test_an_empty_corpus_and_logs_without_scope_are_no_hindrance(paper: NewsServer, tmp_path: Path) -> None:
    site = paper.site()
    paper.publish(1)
    crawl_one(tmp_path, site, clock=standing(NOON))
    (log,) = tmp_path.rglob("*.run.json")
    log.unlink()
    lose(tmp_path)
    assert crawl_one(tmp_path, site, clock=standing(NOON + DAY), refresh=True).new_articles == 0
