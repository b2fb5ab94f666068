"""Requests go where news is likely: fresh pages soon, changing ones often, old ones seldom, all within a month."""

from __future__ import annotations

import datetime as dt
import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.frontier import Frontier
from crawler.known import Fetched, Found
from crawler.revisit import (
    AFTER_GONE,
    EDIT_WINDOW,
    FIRST_DAYS,
    LONGEST,
    SOONEST,
    Habits,
    Look,
    born,
    is_trusted,
    listing_due,
    news_rate,
    next_visit,
    next_visit_of_gone,
)

NOON = dt.datetime(2026, 9, 22, 5, 0, tzinfo=dt.UTC)
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
SITE = "vinhkhe"
OLD_SCHEMA = """
CREATE TABLE articles(
    site TEXT NOT NULL, id TEXT NOT NULL, url TEXT NOT NULL, state TEXT NOT NULL DEFAULT 'queued',
    etag TEXT, last_modified TEXT, digest TEXT, first_seen TEXT NOT NULL, last_fetched TEXT, last_checked TEXT,
    published TEXT, lastmod TEXT, tries INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (site, id)) WITHOUT ROWID;
CREATE TABLE walks(
    site TEXT NOT NULL, listing TEXT NOT NULL, covered_since TEXT, started_at TEXT,
    PRIMARY KEY (site, listing)) WITHOUT ROWID;
CREATE TABLE sitemaps(
    site TEXT NOT NULL, url TEXT NOT NULL, read_at TEXT NOT NULL, PRIMARY KEY (site, url)) WITHOUT ROWID;
"""


def fetched(frontier: Frontier, id_: str, when: dt.datetime, content: str = "c", **more: object) -> None:
    page = Fetched(f"https://vinhkhe.vn/{id_}", when, digest=content, etag='"a"', content=content)
    frontier.fetched(SITE, id_, replace(page, **more))  # type: ignore[arg-type]


def due(frontier: Frontier, now: dt.datetime) -> list[str]:
    return [article.id for article in frontier.due(SITE, now)]


# --------------------------------------------------------------------------- the policy
def test_a_fresh_article_is_looked_at_again_within_hours() -> None:
    assert 2 * HOUR < next_visit(NOON, NOON + HOUR / 2, Habits()) - NOON < 8 * HOUR


def test_looks_come_when_the_edit_window_has_closed_and_once_more_in_the_first_week() -> None:
    quiet = Habits(hours=(1e9,) * 6)
    assert next_visit(NOON, NOON + 10 * HOUR, quiet) == NOON + EDIT_WINDOW
    assert next_visit(NOON, NOON + EDIT_WINDOW, quiet) == NOON + FIRST_DAYS
    assert next_visit(NOON, NOON + FIRST_DAYS, quiet) == NOON + FIRST_DAYS + LONGEST


def test_an_old_article_is_looked_at_once_a_month() -> None:
    assert next_visit(NOON - 400 * DAY, NOON, Habits()) == NOON + LONGEST


def test_a_page_that_keeps_changing_is_looked_at_more_often_the_more_it_was_seen_to() -> None:
    visits = [
        next_visit(NOON - 100 * DAY, NOON, Habits(), changes=changes, watched=1000.0) for changes in (0, 1, 3, 30)
    ]
    assert visits == sorted(visits, reverse=True)
    assert visits[0] == NOON + LONGEST
    assert visits[-1] < NOON + 4 * DAY


def test_a_site_that_corrects_its_articles_late_is_looked_at_late() -> None:
    habits = Habits()
    for number in range(300):
        look = Look(NOON, NOON + 3 * DAY, NOON + 6 * DAY, changed=number % 2 == 0)
        habits = habits.learned(look)
    assert next_visit(NOON, NOON + 3 * DAY, Habits()) == NOON + FIRST_DAYS
    assert next_visit(NOON, NOON + 3 * DAY, habits) < NOON + 4 * DAY


def test_a_change_is_learned_where_it_was_likely() -> None:
    habits = Habits().learned(Look(NOON, NOON, NOON + DAY, changed=True))
    assert habits.hours == (6.0, 18.0, 0.0, 0.0, 0.0, 0.0)
    assert sum(habits.changes) == pytest.approx(1.0)
    assert habits.changes[0] > habits.changes[1] > 0


@given(
    age=st.floats(0, 5000),
    changes=st.integers(0, 50),
    watched=st.floats(0, 5000),
    edits=st.lists(st.booleans(), max_size=30),
)
def test_a_visit_is_never_too_soon_nor_too_late(age: float, changes: int, watched: float, edits: list[bool]) -> None:
    habits, look = Habits(), NOON + age * HOUR
    for changed in edits:
        habits = habits.learned(Look(NOON, NOON + HOUR, NOON + 50 * HOUR, changed))
    visit = next_visit(NOON, look, habits, changes=changes, watched=watched)
    assert look + SOONEST <= visit <= look + LONGEST
    if look + SOONEST < NOON + EDIT_WINDOW:
        assert visit <= NOON + EDIT_WINDOW


def test_an_article_from_the_future_is_as_old_as_its_first_sight() -> None:
    assert born(NOON + 90 * DAY, NOON) == NOON
    assert born(NOON - DAY, NOON) == NOON - DAY
    assert born(None, NOON) == NOON


def test_a_gone_article_is_asked_for_ever_more_seldom() -> None:
    waits = [next_visit_of_gone(NOON, times) - NOON for times in (1, 2, 3, 4, 5)]
    assert waits == [*AFTER_GONE, AFTER_GONE[-1]]
    assert waits == sorted(waits)


def test_a_quiet_listing_waits_for_the_day_and_a_busy_one_does_not() -> None:
    busy, quiet = news_rate(None, 24, 24.0), news_rate(None, 1, 24.0)
    assert listing_due(busy, NOON - HOUR, NOON)
    assert not listing_due(quiet, NOON - HOUR, NOON)
    assert listing_due(quiet, NOON - DAY, NOON)
    assert listing_due(None, None, NOON)
    for _ in range(7):
        busy = news_rate(busy, 0, 24.0)
    assert not listing_due(busy, NOON - HOUR, NOON)
    assert listing_due(busy, NOON - DAY, NOON)


def test_a_listing_that_never_says_anything_first_is_read_every_third_day() -> None:
    rate = news_rate(None, 0, 24.0)
    for _ in range(13):
        assert listing_due(rate, NOON - DAY, NOON)
        rate = news_rate(rate, 0, 24.0)
    assert not listing_due(rate, NOON - DAY, NOON)
    assert listing_due(rate, NOON - 3 * DAY, NOON)
    assert listing_due(news_rate(rate, 1, 72.0), NOON - DAY, NOON)


# --------------------------------------------------------------------------- the frontier's memory of it
def test_the_frontier_learns_from_each_look(tmp_path: Path) -> None:
    with Frontier(tmp_path) as frontier:
        for id_ in ("still", "moving"):
            fetched(frontier, id_, NOON, published=NOON - 10 * DAY)
        frontier.not_modified(SITE, "still", NOON + 10 * DAY)
        for day in range(1, 11):
            fetched(frontier, "moving", NOON + day * DAY, content=f"c{day}")
        moving, still = frontier.article(SITE, "moving"), frontier.article(SITE, "still")
    assert moving is not None
    assert still is not None
    assert (moving.changes, moving.watched) == (10, 240.0)
    assert (still.changes, still.watched) == (0, 240.0)
    assert moving.next_visit is not None
    assert moving.next_visit < NOON + 13 * DAY
    assert still.next_visit == NOON + 10 * DAY + LONGEST


def test_the_likeliest_news_is_asked_for_first(tmp_path: Path) -> None:
    with Frontier(tmp_path) as frontier:
        fetched(frontier, "old", NOON - 90 * DAY, published=NOON - 400 * DAY)
        fetched(frontier, "fresh", NOON - DAY, published=NOON - DAY - HOUR)
        fetched(frontier, "announced", NOON - 2 * HOUR, published=NOON - 40 * DAY)
        frontier.add(SITE, {"announced": Found("https://vinhkhe.vn/a", lastmod=NOON - HOUR)}, NOON)
        assert due(frontier, NOON) == ["announced", "fresh", "old"]


def test_another_advertisement_is_no_change(tmp_path: Path) -> None:
    with Frontier(tmp_path) as frontier:
        fetched(frontier, "1", NOON, content="c", digest="with advertisement 1")
        fetched(frontier, "1", NOON + HOUR, content="c", digest="with advertisement 2")
        known = frontier.article(SITE, "1")
    assert known is not None
    assert (known.changes, known.watched, known.digest) == (0, 1.0, "with advertisement 2")


def test_a_gone_article_comes_up_again_and_is_live_when_it_is_back(tmp_path: Path) -> None:
    with Frontier(tmp_path) as frontier:
        fetched(frontier, "1", NOON - 100 * DAY)
        frontier.gone(SITE, "1", NOON)
        assert due(frontier, NOON + HOUR) == []
        assert due(frontier, NOON + DAY) == ["1"]
        frontier.failed(SITE, "1", NOON + DAY)
        frontier.gone(SITE, "1", NOON + DAY)
        assert due(frontier, NOON + 3 * DAY) == []
        assert due(frontier, NOON + 9 * DAY) == ["1"]
        fetched(frontier, "1", NOON + 9 * DAY)
        known = frontier.article(SITE, "1")
    assert known is not None
    assert (known.state, known.times_gone, known.changes) == ("fetched", 0, 0)


# --------------------------------------------------------------------------- sitemaps
MAP = "https://vinhkhe.vn/map.xml"


def list_all(frontier: Frontier, ids: range, lastmod: dict[int, dt.datetime], now: dt.datetime) -> None:
    found = {str(id_): Found(f"https://vinhkhe.vn/{id_}", lastmod=lastmod.get(id_, NOON - 50 * DAY)) for id_ in ids}
    frontier.add(SITE, found, now, sitemap=(MAP, now))
    frontier.note_sitemap(SITE, MAP, now)


def earn_trust(frontier: Frontier, ids: range) -> None:
    """Announce a change of three articles and find it each time."""
    list_all(frontier, ids, {}, NOON - 40 * DAY)
    for id_ in ids:
        fetched(frontier, str(id_), NOON - 40 * DAY)
    list_all(frontier, ids, dict.fromkeys(range(3), NOON - 39 * DAY), NOON - 38 * DAY)
    assert due(frontier, NOON - 38 * DAY)[:3] != []
    for id_ in range(3):
        fetched(frontier, str(id_), NOON - 38 * DAY, content="edited")


def test_the_word_of_a_sitemap_is_taken_when_it_has_proved_good(tmp_path: Path) -> None:
    ids = range(200)
    with Frontier(tmp_path) as frontier:
        list_all(frontier, ids, {}, NOON - 40 * DAY)
        for id_ in ids:
            fetched(frontier, str(id_), NOON - 40 * DAY)
        assert len(due(frontier, NOON)) == 200  # nothing proved yet
        earn_trust(frontier, ids)
        list_all(frontier, ids, {7: NOON - HOUR}, NOON)
        asked = due(frontier, NOON)
        audits = {id_ for id_ in asked if id_ != "7"}
        assert "7" in asked
        assert 0 < len(audits) < 12
        list_all(frontier, range(100), {}, NOON + HOUR)  # the others are listed no more
        assert set(due(frontier, NOON + HOUR)) >= {str(id_) for id_ in range(100, 200)}
        found_out = next(iter(audits))
        fetched(frontier, found_out, NOON + HOUR, content="edited in silence")
        assert len(due(frontier, NOON + 2 * HOUR)) > 150


def test_a_sitemap_that_is_read_no_more_answers_for_nothing(tmp_path: Path) -> None:
    with Frontier(tmp_path) as frontier:
        earn_trust(frontier, range(200))
        list_all(frontier, range(200), {}, NOON)
        assert len(due(frontier, NOON)) < 12
        frontier.sitemap_unchanged(SITE, MAP, NOON + 5 * DAY)
        assert len(due(frontier, NOON + 5 * DAY)) < 12
        assert len(due(frontier, NOON + 9 * DAY)) == 200


def test_trust_is_earned_and_lost() -> None:
    assert not is_trusted(0, 0)
    assert is_trusted(3, 0)
    assert not is_trusted(20, 1)
    assert is_trusted(50, 1)


# --------------------------------------------------------------------------- older files
def test_a_frontier_of_the_first_version_opens_and_knows_when_to_look(tmp_path: Path) -> None:
    rows = [("fresh", NOON - HOUR, NOON - 3 * HOUR), ("old", NOON - DAY, NOON - 90 * DAY)]
    base = sqlite3.connect(tmp_path / "frontier.sqlite")
    base.executescript(OLD_SCHEMA)
    for id_, checked, published in rows:
        times = [when.strftime("%Y-%m-%dT%H:%M:%S.%f+00:00") for when in (checked, published)]
        base.execute(
            "INSERT INTO articles(site, id, url, state, first_seen, last_fetched, last_checked, published)"
            " VALUES ('vinhkhe', ?, 'https://vinhkhe.vn/', 'fetched', ?, ?, ?, ?)",
            (id_, times[0], times[0], *times),
        )
    base.execute("INSERT INTO walks VALUES ('vinhkhe', 'l', '0001-01-01', NULL)")
    base.execute("INSERT INTO sitemaps VALUES ('vinhkhe', 'm', '2026-09-01T00:00:00.000000+00:00')")
    base.commit()
    base.close()
    for _ in range(2):
        with Frontier(tmp_path) as frontier:
            visits = {
                id_: article.next_visit for id_, *_ in rows if (article := frontier.article(SITE, id_)) is not None
            }
            assert frontier.start_walk(SITE, "l", None, NOON) == NOON
            assert frontier.listing_due(SITE, "l", NOON)
            assert frontier.sitemap_read(SITE, "m") == dt.datetime(2026, 9, 1, tzinfo=dt.UTC)
        assert visits == {"fresh": NOON - 3 * HOUR + EDIT_WINDOW, "old": NOON - DAY + LONGEST}
