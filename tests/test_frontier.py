"""The frontier remembers each article once, however often and under whatever address it is found."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from crawler.archive import ArchiveWriter, Exchange
from crawler.frontier import Frontier
from crawler.known import Fetched, Found, body_digest
from crawler.listing import articles_among
from crawler.reconcile import reconcile
from crawler.site import Site

NOON = dt.datetime(2026, 9, 22, 5, 0, tzinfo=dt.UTC)
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
SITE = Site(
    name="vinhkhe",
    title="Báo Vĩnh Khê",
    hosts=("vinhkhe.vn", "www.vinhkhe.vn"),
    aliases=("amp.vinhkhe.vn",),
    article=r"^https?://[^/]+/(?:(?:[a-z-]+/)?(?P<slug>[a-z-]+)-|apicenter@/print_article&i=)(?P<id>\d+)(?:\.(?:ldo|bld))?",
    address="https://vinhkhe.vn/cong-doan/bai-{id}.ldo",
    deny=(r"/tags/",),
)


def fetched(frontier: Frontier, id_: str, when: dt.datetime, etag: str | None = '"a"') -> None:
    frontier.fetched("vinhkhe", id_, Fetched(f"https://vinhkhe.vn/{id_}", when, digest="d", etag=etag))


def test_all_addresses_of_an_article_are_one_article(tmp_path: Path) -> None:
    addresses = (
        "http://vinhkhe.vn/cong-doan/bai-1510231.ldo",
        "https://www.vinhkhe.vn/archived/bai-1510231.bld?utm_source=x#top",
        "https://amp.vinhkhe.vn/bai-1510231.ldo",
        "https://vinhkhe.vn/apicenter@/print_article&i=1510231",
        "https://vinhkhe.vn/tags/cong-doan-99.ldo",
        "https://elsewhere.vn/cong-doan/bai-77.ldo",
    )
    found = articles_among(SITE, tuple(Found(url) for url in addresses))
    assert {id_: entry.url for id_, entry in found.items()} == {
        "1510231": "https://vinhkhe.vn/cong-doan/bai-1510231.ldo"
    }
    with Frontier(tmp_path) as frontier:
        assert [article.id for article in frontier.add("vinhkhe", found, NOON)] == ["1510231"]
        assert frontier.add("vinhkhe", found, NOON) == []
        assert frontier.add("thanhson", found, NOON)[0].state == "queued"


def test_what_is_queued_waits_until_it_is_fetched_or_gone(tmp_path: Path) -> None:
    with Frontier(tmp_path) as frontier:
        frontier.add("vinhkhe", {id_: Found(f"https://vinhkhe.vn/{id_}") for id_ in "1234"}, NOON)
        fetched(frontier, "1", NOON)
        frontier.gone("vinhkhe", "2", NOON)
        frontier.failed("vinhkhe", "3", NOON)
    with Frontier(tmp_path) as frontier:  # another process
        assert [(article.id, article.state) for article in frontier.waiting("vinhkhe", NOON)] == [
            ("3", "failed"),
            ("4", "queued"),
        ]


def days_of_failure(frontier: Frontier, days: int) -> list[int]:
    """Refresh once a day while the article "1" only fails; return the days on which it was asked for."""
    asked = []
    for day in range(days):
        now = NOON + day * DAY
        if [*frontier.waiting("vinhkhe", now), *frontier.due("vinhkhe", now)]:
            frontier.failed("vinhkhe", "1", now)
            asked.append(day)
    return asked


def test_an_article_that_always_fails_is_asked_for_ever_more_seldom_and_never_lost(tmp_path: Path) -> None:
    with Frontier(tmp_path) as frontier:
        frontier.add("vinhkhe", {"1": Found("https://vinhkhe.vn/1")}, NOON)
        assert days_of_failure(frontier, 120) == [0, 1, 2, 3, 4, 7, 14, 43, 72, 101]
        known = frontier.article("vinhkhe", "1")
        assert known is not None
        assert (known.state, known.tries, known.next_visit) == ("failed", 10, NOON + 130 * DAY)
        fetched(frontier, "1", NOON + 130 * DAY)
        known = frontier.article("vinhkhe", "1")
        assert known is not None
        assert (known.state, known.tries) == ("fetched", 0)


def test_a_recheck_that_always_fails_is_tried_ever_more_seldom_until_the_page_answers(tmp_path: Path) -> None:
    with Frontier(tmp_path) as frontier:
        fetched(frontier, "1", NOON - 30 * DAY)
        # by the word of its feed it changed: no reason to ask a broken page every time
        frontier.add("vinhkhe", {"1": Found("https://vinhkhe.vn/1", lastmod=NOON - HOUR)}, NOON)
        assert days_of_failure(frontier, 60) == [0, 1, 2, 3, 4, 7, 14, 43]
        late = NOON + 60 * DAY
        assert [*frontier.due("vinhkhe", late, DAY)] == []
        assert [article.id for article in frontier.due("vinhkhe", late, dt.timedelta(0))] == ["1"]  # all, at once
        frontier.not_modified("vinhkhe", "1", late)
        known = frontier.article("vinhkhe", "1")
        assert known is not None
        assert known.tries == 0


def test_a_failed_recheck_leaves_the_article_fetched(tmp_path: Path) -> None:
    with Frontier(tmp_path) as frontier:
        fetched(frontier, "1", NOON)
        frontier.failed("vinhkhe", "1", NOON)
        known = frontier.article("vinhkhe", "1")
        assert known is not None
        assert known.state == "fetched"


def test_only_what_was_last_asked_long_enough_ago_is_due(tmp_path: Path) -> None:
    with Frontier(tmp_path) as frontier:
        fetched(frontier, "1", NOON - 2 * DAY)
        fetched(frontier, "2", NOON - HOUR)
        fetched(frontier, "3", NOON - 3 * DAY)
        frontier.not_modified("vinhkhe", "3", NOON - HOUR)
        assert [article.id for article in frontier.due("vinhkhe", NOON, DAY)] == ["1"]
        assert [article.id for article in frontier.due("vinhkhe", NOON, dt.timedelta(0))] == ["1", "2", "3"]


def test_what_a_sitemap_says_has_changed_is_due_at_once(tmp_path: Path) -> None:
    with Frontier(tmp_path) as frontier:
        fetched(frontier, "1", NOON - 2 * HOUR, etag=None)
        frontier.add("vinhkhe", {"1": Found("https://vinhkhe.vn/1", lastmod=NOON - HOUR)}, NOON)
        assert [article.id for article in frontier.due("vinhkhe", NOON, 30 * DAY)] == ["1"]


def test_what_is_gone_or_fails_and_is_announced_under_another_address_is_asked_for_there(tmp_path: Path) -> None:
    with Frontier(tmp_path) as frontier:
        fetched(frontier, "1", NOON - 5 * DAY)
        frontier.gone("vinhkhe", "1", NOON - HOUR)
        frontier.add("vinhkhe", {"2": Found("https://vinhkhe.vn/cu-2")}, NOON - DAY)
        frontier.failed("vinhkhe", "2", NOON - HOUR)
        fetched(frontier, "3", NOON - HOUR)
        frontier.add("vinhkhe", {id_: Found(f"https://vinhkhe.vn/moi-{id_}") for id_ in "123"}, NOON)
        assert [article.url for article in frontier.due("vinhkhe", NOON)] == ["https://vinhkhe.vn/moi-1"]
        assert [article.url for article in frontier.waiting("vinhkhe", NOON)] == ["https://vinhkhe.vn/moi-2"]
        third = frontier.article("vinhkhe", "3")
        assert third is not None
        assert third.url == "https://vinhkhe.vn/3"  # where it was read it is asked for again


def test_by_order_all_articles_are_asked_again_however_old_and_without_validators(tmp_path: Path) -> None:
    with Frontier(tmp_path) as frontier:
        fetched(frontier, "1", NOON - 100 * DAY, etag=None)
        fetched(frontier, "2", NOON - 5 * DAY, etag=None)
        fetched(frontier, "3", NOON - 3 * DAY)
        frontier.gone("vinhkhe", "3", NOON - 12 * HOUR)  # it has a turn of its own
        assert [article.id for article in frontier.due("vinhkhe", NOON, 6 * HOUR)] == ["1", "2"]


def test_known_dates_decide_whether_an_article_is_wanted(tmp_path: Path) -> None:
    found = {
        "1": Found("https://vinhkhe.vn/1", published=NOON),
        "2": Found("https://vinhkhe.vn/2", lastmod=NOON),
        "3": Found("https://vinhkhe.vn/3"),
    }
    with Frontier(tmp_path) as frontier:
        first, second, third = frontier.add("vinhkhe", found, NOON)
    assert [article.outside(NOON + HOUR, None) for article in (first, second, third)] == [True, True, False]
    # changed on a day says nothing of whether it was published before it
    assert [article.outside(None, NOON) for article in (first, second, third)] == [True, False, False]
    assert not first.outside(NOON, NOON + HOUR)


def test_a_walk_that_was_broken_off_is_walked_again_as_deep(tmp_path: Path) -> None:
    listing, september = "https://vinhkhe.vn/cong-doan", dt.date(2026, 9, 1)
    with Frontier(tmp_path) as frontier:
        assert frontier.start_walk("vinhkhe", listing, None, NOON) is None
        assert frontier.start_walk("vinhkhe", listing, None, NOON + HOUR) is None  # the first never ended
        frontier.end_walk("vinhkhe", listing, september)
        assert frontier.start_walk("vinhkhe", listing, None, NOON + DAY) is None  # deeper than September
        frontier.end_walk("vinhkhe", listing, None)
        assert frontier.start_walk("vinhkhe", listing, None, NOON + 2 * DAY) == NOON + 2 * DAY
        assert frontier.start_walk("vinhkhe", listing, september, NOON + 3 * DAY) == NOON + 2 * DAY
        frontier.end_walk("vinhkhe", listing, september)
        assert frontier.start_walk("vinhkhe", listing, None, NOON + 4 * DAY) == NOON + 4 * DAY


def test_a_lost_frontier_is_read_back_from_the_archive(tmp_path: Path) -> None:
    body = '<meta property="article:published_time" content="2026-09-20T08:00:00+07:00"><h1>Công đoàn</h1>'.encode()
    gate = b'<html><script>document.cookie="A=1";location.reload()</script></html>'
    with ArchiveWriter(tmp_path, "vinhkhe", "r1") as archive:
        url = "https://vinhkhe.vn/cong-doan/bai-{}.ldo"
        archive.write_response(Exchange(url.format(1), NOON, headers=[("ETag", '"a"')]), body)
        archive.write_response(Exchange(url.format(2), NOON, status=404, reason="Not Found"), b"")
        archive.write_response(Exchange(url.format(3), NOON), gate)
        archive.write_not_modified(Exchange(url.format(1), NOON + HOUR))
        archive.write_response(Exchange("https://vinhkhe.vn/cong-doan", NOON), body)
    with ArchiveWriter(tmp_path, "imported", "i1") as archive:
        archive.write_resource(url.format(4), "text/html", body, NOON)
        archive.write_resource("https://elsewhere.vn/cong-doan/bai-5.ldo", "text/html", body, NOON)
    with Frontier(tmp_path) as frontier:
        assert reconcile(tmp_path, SITE, frontier) == 2
        assert reconcile(tmp_path, SITE, frontier) == 0
        known = frontier.article("vinhkhe", "1")
        assert known is not None
        assert (known.state, known.etag, known.digest) == ("fetched", '"a"', body_digest(body))
        assert (known.last_fetched, known.last_checked) == (NOON, NOON + HOUR)
        assert known.published == dt.datetime(2026, 9, 20, 1, 0, tzinfo=dt.UTC)
        states = {id_: article.state for id_ in "2345" if (article := frontier.article("vinhkhe", id_))}
        assert states == {"2": "gone", "4": "fetched"}
