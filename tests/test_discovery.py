"""What listings say of dates and topics steers a crawl over real HTTP: a back-fill costs what it brings."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from cpu_time import is_within
from crawling import crawl_one, standing
from newsserver import Answer, NewsServer, article_html, served

from crawler.archive import archive_files, read_captures
from crawler.numbering import Numbering
from crawler.profile import Paging, Start, Topics
from crawler.site import Site
from crawler.topics import topics_on

YEAR = [dt.date(2025, 9, 1) + dt.timedelta(days=day) for day in range(365)]  # one article a day, ids from 1000
MARCH = (dt.date(2026, 3, 1), dt.date(2026, 3, 31))
MIDNIGHT = "T00:00:00+07:00"


class Paper(NewsServer):
    """Shows on page N of /cong-doan what `page` gives for N: lines of HTML."""

    page: Callable[[int], str] = staticmethod(lambda _number: "")

    def listing(self, number: int) -> Answer:
        return Answer(f"<html><body>{self.page(number)}</body></html>".encode(), validators=False)


@pytest.fixture
def paper() -> Iterator[Paper]:
    with served(Paper()) as server:
        yield server


def archived(corpus: Path, site: Site) -> list[str]:
    captures = [capture for file in archive_files(corpus) for capture in read_captures(corpus, file)]
    return sorted(id_ for capture in captures if capture.status == 200 and (id_ := site.article_id(capture.url)))


def teaser(id_: int, date: str = "", slug: str = "bai") -> str:
    return f'<article><a class="link-title" href="/cong-doan/{slug}-{id_}.ldo">Bài {id_}</a><p>{date}</p></article>'


def newest_first(printed: Callable[[dt.date], str], per_page: int = 20) -> Callable[[int], str]:
    """Return pages of a listing of YEAR, past whose end the newest are shown again."""
    teasers = [teaser(1000 + number, printed(day)) for number, day in enumerate(YEAR)][::-1]

    def page(number: int) -> str:
        shown = teasers[(number - 1) * per_page : number * per_page] or teasers[:per_page]
        return "<p>22/09/2026 11:20</p>" + "".join(shown)

    return page


def publish_year(paper: Paper) -> None:
    for number, day in enumerate(YEAR):
        paper.publish(1000 + number, published=f"{day}{MIDNIGHT}")


def ids_of(first: dt.date, last: dt.date) -> list[str]:
    return [str(1000 + number) for number, day in enumerate(YEAR) if first <= day <= last]


# --------------------------------------------------------------------------- back-fill by date
def test_a_back_fill_of_one_month_costs_the_pages_up_to_there_and_the_months_articles(
    paper: Paper, tmp_path: Path
) -> None:
    publish_year(paper)
    paper.page = newest_first(lambda day: f"Hội đoàn thể {day:%d/%m/%Y} 08:49")
    since, until = MARCH
    run = crawl_one(tmp_path, paper.site(), since=since, until=until)
    wanted = ids_of(since, until)
    assert archived(tmp_path, paper.site()) == wanted
    pages_up_to_there = (len(ids_of(since, YEAR[-1])) + 19) // 20 + 1  # the last shows that all is older
    assert paper.asked.count("/cong-doan") == pages_up_to_there == 11
    assert run.requests == 1 + pages_up_to_there + len(wanted)  # robots.txt too: 43; without the dates 253
    # what was passed by is known: without dates it is fetched
    crawl_one(tmp_path, paper.site(), max_pages=2)
    assert len(archived(tmp_path, paper.site())) == len(wanted) + 2
    assert set(paper.times_asked().values()) == {1}


def test_without_any_dates_the_numbers_of_a_few_articles_tell_which_are_newer(paper: Paper, tmp_path: Path) -> None:
    publish_year(paper)
    paper.page = newest_first(lambda _day: "")
    since, until = MARCH
    wanted = ids_of(since, until)
    run = crawl_one(tmp_path, paper.site(), since=since, until=until)
    assert {*wanted} <= {*archived(tmp_path, paper.site())}
    assert run.requests < 140  # 253 when each article is asked for its date
    assert set(paper.times_asked().values()) == {1}
    # what was passed by is fetched when it is wanted
    crawl_one(tmp_path, paper.site())
    assert archived(tmp_path, paper.site()) == ids_of(YEAR[0], YEAR[-1])


def test_dates_at_the_ends_of_the_calendar_are_no_reason_to_break() -> None:
    numbering = Numbering(dt.datetime(2026, 4, 1, tzinfo=dt.UTC))
    for id_, date in (
        ("12", dt.datetime.min),
        ("13", dt.datetime.max),
        ("ab", dt.datetime.max),
        ("11", dt.datetime.max),
    ):
        numbering.learn(id_, date.replace(tzinfo=dt.UTC))
    assert not numbering.grows


@pytest.mark.parametrize("numbers", ["backwards", "mixed"])
def test_numbers_that_do_not_grow_with_time_cost_requests_and_no_article(
    paper: Paper, tmp_path: Path, numbers: str
) -> None:
    days = {
        (2000 - place if numbers == "backwards" else 1000 + place * 173 % 365): day for place, day in enumerate(YEAR)
    }
    for id_, day in days.items():
        paper.publish(id_, published=f"{day}{MIDNIGHT}")
    teasers = [teaser(id_) for id_ in sorted(days, key=lambda id_: days[id_], reverse=True)]
    paper.page = lambda number: "".join(teasers[(number - 1) * 20 : number * 20] or teasers[:20])
    since, until = MARCH
    crawl_one(tmp_path, paper.site(), since=since, until=until)
    wanted = {str(id_) for id_, day in days.items() if since <= day <= until}
    assert wanted <= {*archived(tmp_path, paper.site())}


def test_an_address_that_tells_its_day_is_a_date_where_the_listing_prints_none(paper: Paper, tmp_path: Path) -> None:
    paths = {day: f"/tin-196{day:%y%m%d}080512345.htm" for day in YEAR}
    for day, path in paths.items():
        paper.answers[path] = Answer(article_html(1, published=f"{day}{MIDNIGHT}"))
    links = [f'<h3><a href="{path}">Tin</a></h3>' for path in paths.values()][::-1]
    paper.page = lambda number: "".join(links[(number - 1) * 20 : number * 20] or links[:20])
    pattern = r"^https?://[^/]+/tin-(?=196(?P<year>\d{2})(?P<month>\d{2})(?P<day>\d{2}))(?P<id>196\d{15})\.htm$"
    site = paper.site(article=pattern, address=None)
    since, until = MARCH
    crawl_one(tmp_path, site, since=since, until=until)
    got = [f"20{id_[3:5]}-{id_[5:7]}-{id_[7:9]}" for id_ in archived(tmp_path, site)]
    wanted = [f"{day}" for day in YEAR if since <= day <= until]
    assert set(wanted) <= set(got)
    assert len(got) <= len(wanted) + 5  # begun in the last days of February: their own pages have to say
    assert paper.asked.count("/cong-doan") <= 13


def test_a_pinned_old_teaser_stops_no_walk(paper: Paper, tmp_path: Path) -> None:
    publish_year(paper)
    pages = newest_first(lambda day: f"{day:%d/%m/%Y}")
    paper.publish(1, 2, published=f"2019-05-01{MIDNIGHT}")
    pinned = teaser(1, "01/05/2019") + teaser(2, "02/05/2019")
    paper.page = lambda number: pinned + pages(number)
    since, until = MARCH
    crawl_one(tmp_path, paper.site(), since=since, until=until)
    assert archived(tmp_path, paper.site()) == ids_of(since, until)
    assert paper.asked.count("/cong-doan") == 11


def test_the_only_dated_teaser_of_a_page_does_not_speak_for_the_others(paper: Paper, tmp_path: Path) -> None:
    publish_year(paper)
    paper.publish(1, published=f"2019-05-01{MIDNIGHT}")
    pages = newest_first(lambda _day: "")
    paper.page = lambda number: teaser(1, "01/05/2019") + pages(number)
    crawl_one(tmp_path, paper.site(), since=dt.date(2026, 8, 1))
    assert set(archived(tmp_path, paper.site())) >= set(ids_of(dt.date(2026, 8, 1), YEAR[-1]))
    assert paper.asked.count("/cong-doan") <= 5  # the pages of August, and what the pages of articles say of July


def test_the_date_on_an_articles_page_wins_over_its_teasers(paper: Paper, tmp_path: Path) -> None:
    paper.publish(1, published=f"2026-03-10{MIDNIGHT}")
    paper.publish(2, published=f"2025-01-10{MIDNIGHT}")
    paper.page = lambda _number: teaser(1, "11/03/2026") + teaser(2, "12/03/2026")
    crawl_one(tmp_path, paper.site(), since=MARCH[0])
    paper.asked.clear()
    # the first was read on 10 March: what its teaser says of the 11th is no reason to ask again, nor to stop
    paper.page = lambda number: teaser(1, "01/01/2020") + (teaser(3, "01/01/2020") if number == 2 else "")
    paper.publish(3)
    crawl_one(tmp_path, paper.site(), since=dt.date(2026, 2, 1))
    assert paper.asked.count("/cong-doan") == 2
    assert "/cong-doan/bai-3.ldo" not in paper.asked


def test_what_a_feed_states_is_better_than_what_a_listing_prints(paper: Paper, tmp_path: Path) -> None:
    paper.publish(1, 2)
    paper.page = lambda _number: teaser(1, "01/01/2019") + teaser(2, "02/01/2019")
    site = paper.site()
    crawl_one(tmp_path, site, since=MARCH[0])
    assert paper.times_asked() == {}
    item = (
        f"<item><link>{paper.url('/cong-doan/bai-1.ldo')}</link><pubDate>Tue, 10 Mar 2026 01:00:00 GMT</pubDate></item>"
    )
    feed = f'<rss version="2.0"><channel>{item}</channel></rss>'.encode()
    paper.answers["/home.rss"] = Answer(feed, content_type="application/xml")
    fed = site.start.model_copy(update={"feeds": (paper.url("/home.rss"),)})
    crawl_one(tmp_path, site.model_copy(update={"start": fed}), since=MARCH[0])
    assert archived(tmp_path, site) == ["1"]


def test_impossible_dates_are_no_reason_to_leave_an_article_out(paper: Paper, tmp_path: Path) -> None:
    paper.publish(1, 2, 3, published=f"2026-03-10{MIDNIGHT}")
    paper.page = lambda _number: teaser(1, "10/03/2099") + teaser(2, "10/03/1926") + teaser(3, "31/02/2026")
    crawl_one(tmp_path, paper.site(), since=MARCH[0], until=MARCH[1])
    assert archived(tmp_path, paper.site()) == ["1", "2", "3"]


def test_hours_ago_decide_for_what_is_certain_and_the_page_for_the_rest(paper: Paper, tmp_path: Path) -> None:
    paper.publish(1, 2, 3)
    paper.page = lambda _number: teaser(1, "5 phút trước") + teaser(2, "9 ngày trước") + teaser(3, "2 năm trước")
    today = dt.datetime.now(dt.UTC).date()
    crawl_one(tmp_path, paper.site(), since=today - dt.timedelta(days=9), until=today - dt.timedelta(days=3))
    assert archived(tmp_path, paper.site()) == ["2"]


# --------------------------------------------------------------------------- topics
TOPICS = Topics(address=r"^https?://[^/]+/(?:tags|chu-de)/[a-z0-9-]*cong-doan")


def with_topics(paper: Paper, **more: object) -> Site:
    start = Start(sections=(paper.url("/cong-doan"),), paging=Paging(template="{section}?page={n}"))
    topics = Topics.model_validate(TOPICS.model_dump() | more)
    return paper.site(start=start.model_copy(update={"topics": topics}))


def tagged(id_: int, *topics: str) -> Answer:
    links = "".join(f'<a class="tag" href="{topic}">Chủ đề</a>' for topic in topics)
    return Answer(article_html(id_).replace(b"</body>", links.encode() + b"</body>"))


def test_a_page_of_openings_without_end_costs_no_more_than_its_length(paper: Paper) -> None:
    link = b'<a class="tag" href="/tags/to-cong-doan-7.ldo">'
    site, page = with_topics(paper), b"<a " * 100_000 + link
    assert [*topics_on(site, page, paper.url("/"))] == [paper.url("/tags/to-cong-doan-7.ldo")]
    assert is_within(10.0, lambda: topics_on(site, page, paper.url("/")))  # when each is read to the end: some minutes


def test_topics_that_listings_and_articles_link_to_are_walked_as_listings(paper: Paper, tmp_path: Path) -> None:
    paper.publish(1, *range(10, 15))
    paper.answers["/cong-doan/bai-1.ldo"] = tagged(
        1, "/tags/to-cong-doan-7.ldo?utm_source=x#top", "/tags/bong-da-8.ldo"
    )
    paper.page = lambda _number: '<a href="/chu-de/dai-hoi-cong-doan">C</a>' + teaser(1)
    paper.answers["/tags/to-cong-doan-7.ldo"] = Answer((teaser(10) + teaser(11)).encode())
    paper.answers["/tags/to-cong-doan-7.ldo?page=2"] = Answer((teaser(12) + teaser(10)).encode())
    paper.answers["/tags/to-cong-doan-7.ldo?page=3"] = Answer((teaser(10) + teaser(11)).encode())
    paper.answers["/chu-de/dai-hoi-cong-doan"] = Answer((teaser(1) + teaser(13) + teaser(1, slug="bai-moi")).encode())
    run = crawl_one(tmp_path, with_topics(paper))
    assert archived(tmp_path, with_topics(paper)) == ["1", "10", "11", "12", "13"]
    assert all(paper.asked.count(f"/cong-doan/bai-{id_}.ldo") == 1 for id_ in (1, 10, 11, 12, 13))
    assert paper.asked.count("/tags/to-cong-doan-7.ldo") == 3  # the third shows nothing unseen
    assert "/tags/bong-da-8.ldo" not in paper.asked
    assert (run.errors, run.finish_reason) == (0, "finished")
    # known to the end by now: one look each
    paper.asked.clear()
    crawl_one(tmp_path, with_topics(paper))
    assert sorted(path for path in paper.asked if path.startswith(("/tags/", "/chu-de/"))) == [
        "/chu-de/dai-hoi-cong-doan",
        "/tags/to-cong-doan-7.ldo",
    ]


def test_a_run_reads_a_few_topics_new_ones_first_and_then_the_longest_unread(paper: Paper, tmp_path: Path) -> None:
    paper.publish(1)
    first = [f"/tags/cong-doan-{number}.ldo" for number in range(1, 6)]
    paper.page = lambda _number: "".join(f"<a href='{path}'>C</a>" for path in first) + teaser(1)
    for path in [*first, "/tags/cong-doan-9.ldo"]:
        paper.answers[path] = Answer(teaser(1).encode())
    site = with_topics(paper, a_run=2)
    turns: list[list[str]] = []
    told: list[str] = []
    for run in range(5):
        if run == 3:
            first.append("/tags/cong-doan-9.ldo")
        paper.asked.clear()
        crawl_one(tmp_path, site, told)
        turns.append(sorted({path[-5] for path in paper.asked if path.startswith("/tags/")}))
    assert turns == [["1", "2"], ["3", "4"], ["1", "5"], ["2", "9"], ["3", "4"]]
    assert told[0] == "vinhkhe: 2 of 5 topics are read in this run, the others in the next ones " + (
        "(start.topics.a_run in the profile)"
    )


def test_a_refresh_reads_a_topic_again_when_it_may_have_news(paper: Paper, tmp_path: Path) -> None:
    paper.publish(1, 2)
    paper.page = lambda _number: "<a href='/tags/cong-doan-1.ldo'>C</a>" + teaser(1)
    paper.answers["/tags/cong-doan-1.ldo"] = Answer(teaser(2).encode(), validators=False)
    now = dt.datetime(2026, 9, 22, 4, tzinfo=dt.UTC)
    asked = []
    for hours in (0, 1, 2, 30):
        moment = now + dt.timedelta(hours=hours)
        paper.asked.clear()
        crawl_one(tmp_path, with_topics(paper), refresh=True, clock=standing(moment))
        asked.append("/tags/cong-doan-1.ldo" in paper.asked)
    # the second look tells how often it has news; then it is left for a day
    assert asked == [True, True, False, True]


def test_a_topic_that_does_not_answer_does_not_stand_in_the_way_of_others(paper: Paper, tmp_path: Path) -> None:
    paper.publish(1, 2)
    paper.page = lambda _number: (
        "<a href='/tags/cong-doan-1.ldo'>C</a><a href='/tags/cong-doan-2.ldo'>C</a>" + teaser(1)
    )
    paper.answers["/tags/cong-doan-2.ldo"] = Answer(teaser(2).encode())
    site = with_topics(paper, a_run=1)
    for _ in range(2):
        crawl_one(tmp_path, site)
    assert archived(tmp_path, site) == ["1", "2"]


def test_a_topic_without_end_is_left_at_its_last_page_and_its_first_is_read_next_time(
    paper: Paper, tmp_path: Path
) -> None:
    numbers = iter(range(100, 10_000))

    def endless(path: str) -> None:
        if path.startswith("/tags/"):
            id_ = next(numbers)
            paper.publish(id_)
            paper.answers["/tags/cong-doan-7.ldo"] = Answer(teaser(id_).encode(), validators=False)

    paper.publish(1)
    paper.page = lambda _number: "<a href='/tags/cong-doan-7.ldo'>C</a>" + teaser(1)
    paper.on_request = endless
    run = crawl_one(tmp_path, with_topics(paper, max_pages=4))
    assert paper.asked.count("/tags/cong-doan-7.ldo") == 4
    assert (run.articles, run.finish_reason, run.warnings) == (5, "finished", ())


def test_of_a_topic_only_what_the_profile_wants_is_taken(paper: Paper, tmp_path: Path) -> None:
    paper.publish(1, 2)
    paper.answers["/the-thao/bai-3.ldo"] = Answer(article_html(3))
    paper.page = lambda _number: "<a href='/tags/cong-doan-7.ldo'>C</a>" + teaser(1)
    paper.answers["/tags/cong-doan-7.ldo"] = Answer((teaser(2) + '<a href="/the-thao/bai-3.ldo">T</a>').encode())
    site = with_topics(paper)
    wanted = site.start.model_copy(update={"wanted": "/cong-doan/"})
    site = site.model_copy(update={"start": wanted, "address": None})
    crawl_one(tmp_path, site)
    assert archived(tmp_path, site) == ["1", "2"]


def test_a_topic_page_that_its_selector_does_not_fit_gives_nothing_and_says_so(paper: Paper, tmp_path: Path) -> None:
    paper.publish(1, 2)
    paper.page = lambda _number: "<a href='/tags/cong-doan-7.ldo'>C</a>" + teaser(1)
    paper.answers["/tags/cong-doan-7.ldo"] = Answer(teaser(2).encode())
    told: list[str] = []
    run = crawl_one(tmp_path, with_topics(paper, items="div.topic a"), told)
    assert archived(tmp_path, with_topics(paper)) == ["1"]
    topic = paper.url("/tags/cong-doan-7.ldo")
    assert told == [
        f"vinhkhe: start.topics.items selects no article on {topic}: nothing was taken from such topics. "
        "Mend it in the profile"
    ]
    assert run.warnings == ()


def test_the_sections_ordered_are_walked_without_topics(paper: Paper, tmp_path: Path) -> None:
    paper.publish(1)
    paper.page = lambda _number: "<a href='/tags/cong-doan-7.ldo'>C</a>" + teaser(1)
    crawl_one(tmp_path, with_topics(paper), sections=("cong-doan",))
    assert "/tags/cong-doan-7.ldo" not in paper.asked


def test_an_articles_links_to_others_are_not_followed(paper: Paper, tmp_path: Path) -> None:
    paper.publish(1, 2)
    paper.answers["/cong-doan/bai-1.ldo"] = Answer(article_html(1, '<a href="/cong-doan/bai-2.ldo">Liên quan</a>'))
    paper.page = lambda _number: teaser(1)
    crawl_one(tmp_path, with_topics(paper))
    assert archived(tmp_path, paper.site()) == ["1"]


# --------------------------------------------------------------------------- listings that never end
def test_an_archive_by_day_is_read_past_days_without_articles(paper: Paper, tmp_path: Path) -> None:
    """Eight days and then emptiness without end; on the fourth and fifth day nothing was published."""
    for day in range(1, 60):
        following = f'<a class="hom-truoc" href="/ngay-{day + 1}">Hôm trước</a>'
        published = day <= 8 and day not in (4, 5)
        paper.answers[f"/ngay-{day}"] = Answer(((teaser(day) if published else "") + following).encode())
        paper.publish(day)
    start = Start(sections=(paper.url("/ngay-1"),), paging=Paging(next="a.hom-truoc", gaps=2))
    crawl_one(tmp_path, paper.site(start=start))
    assert archived(tmp_path, paper.site()) == ["1", "2", "3", "6", "7", "8"]
    assert "/ngay-11" in paper.asked
    assert "/ngay-12" not in paper.asked


def test_pages_that_repeat_ids_under_other_addresses_end_the_walk(paper: Paper, tmp_path: Path) -> None:
    paper.publish(1, 2)
    paper.page = lambda number: teaser(1, slug=f"bai-{number}") + teaser(2, slug=f"tin-{number}")
    crawl_one(tmp_path, paper.site(address=paper.url("/cong-doan/bai-{id}.ldo")))
    assert paper.asked.count("/cong-doan") == 2
    assert paper.times_asked() == {"/cong-doan/bai-1.ldo": 1, "/cong-doan/bai-2.ldo": 1}


def test_pages_that_are_shuffled_at_each_request_end_and_give_each_article_once(paper: Paper, tmp_path: Path) -> None:
    ids = list(range(100, 130))
    paper.publish(*ids)
    # every page shows ten, and the order moves by seven with each request
    paper.page = lambda number: "".join(teaser(ids[(number * 7 + place) % 30]) for place in range(10))
    run = crawl_one(tmp_path, paper.site())
    assert set(paper.times_asked().values()) == {1}
    assert run.finish_reason == "finished"
    assert archived(tmp_path, paper.site()) == [str(id_) for id_ in ids]
    assert paper.asked.count("/cong-doan") <= 6


def test_articles_that_move_to_the_next_page_while_it_is_read_are_not_missed(paper: Paper, tmp_path: Path) -> None:
    ids = list(range(100, 130))[::-1]
    paper.publish(*range(100, 200))

    def one_more(path: str) -> None:
        if path == "/cong-doan":
            ids.insert(0, ids[0] + 1)

    paper.on_request = one_more
    paper.page = lambda number: "".join(teaser(id_) for id_ in ids[(number - 1) * 10 : number * 10])
    crawl_one(tmp_path, paper.site())
    assert set(archived(tmp_path, paper.site())) >= {str(id_) for id_ in range(100, 131)}


def test_a_page_parameter_without_end_is_bounded_and_the_operator_is_told(paper: Paper, tmp_path: Path) -> None:
    paper.page = lambda number: teaser(1000 + number)
    paper.publish(*range(1000, 1100))
    told: list[str] = []
    start = Start(sections=(paper.url("/cong-doan"),), paging=Paging(template="{section}?page={n}", max_pages=7))
    run = crawl_one(tmp_path, paper.site(start=start), told)
    assert paper.asked.count("/cong-doan") == 7
    (line,) = told
    assert line == (
        f"vinhkhe: {paper.url('/cong-doan')} still shows unseen articles on page 7, the last that "
        "start.paging.max_pages allows; raise it in the profile if the listing is not endless"
    )
    assert run.warnings == (line.removeprefix("vinhkhe: "),)
