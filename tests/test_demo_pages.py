"""Every served page of the demo newspaper, crawled and read, gives exactly the article it was printed from."""

from __future__ import annotations

import datetime as dt
import re
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from crawler.orders import Orders
from crawler.run import crawl
from crawler.sites import Sites
from pipeline.clean import clean_page
from pipeline.demo.articles import DemoArticle
from pipeline.demo.newspaper import PAPERS, read_paper, read_sections
from pipeline.demo.server import DemoNewspaper, demo_sites
from pipeline.parse import parse_html
from pipeline.records import Article

FETCHED_AT = dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC)
ARTICLES = [
    pytest.param(article, day, id=f"{paper}-{article.id}-day{day}")
    for paper in PAPERS
    for article in read_paper(paper)
    for day in (1, 2)
    if article.on_line(day) and (day == 1 or article.day == 2 or article.second)
]
GONE_STATUS = {"thoibao": 410, "thudo": 404}


@pytest.fixture(scope="module")
def on_day() -> Iterator[dict[int, DemoNewspaper]]:
    with DemoNewspaper(day=1) as first, DemoNewspaper(day=2) as second:
        yield {1: first, 2: second}


@pytest.fixture(scope="module")
def sites_on_day(on_day: dict[int, DemoNewspaper], tmp_path_factory: pytest.TempPathFactory) -> dict[int, Sites]:
    sites = {}
    for day, newspaper in on_day.items():
        directory = tmp_path_factory.mktemp("sites")
        demo_sites(newspaper.origins, directory)
        sites[day] = Sites((directory,))
    return sites


def read_served(newspaper: DemoNewspaper, sites: Sites, article: DemoArticle) -> Article:
    url = newspaper.url(article.paper, article.id)
    with urllib.request.urlopen(url, timeout=10) as answer:  # noqa: S310 - our own server on loopback
        page = parse_html(answer.read(), url, sites[article.paper], fetched_at=FETCHED_AT)
    return clean_page(page, sites[article.paper])


@pytest.mark.parametrize(("article", "day"), ARTICLES)
def test_a_page_gives_exactly_its_article(
    article: DemoArticle, day: int, on_day: dict[int, DemoNewspaper], sites_on_day: dict[int, Sites]
) -> None:
    read = read_served(on_day[day], sites_on_day[day], article)
    assert read.text.split("\n") == article.text(day).split("\n")
    assert (read.title, read.lead) == (article.title, article.lead)
    assert read.captions == article.edition(day).captions
    assert read.authors == article.authors
    assert read.place == article.dateline
    assert read.tags == article.tags
    assert read.section == read_sections(article.paper)[article.section]
    assert (read.site, read.source_id) == (article.paper, str(article.id))
    assert read.published_at == article.published
    assert read.layout == f"{article.paper}/2026"
    # MasterCMS pages don't say when they were edited
    assert read.modified_at == (article.changed(day) if article.paper == "thoibao" else None)


@pytest.mark.slow
def test_the_real_crawler_fetches_each_article_once_and_the_next_day_only_what_changed(tmp_path: Path) -> None:
    with DemoNewspaper() as newspaper:
        demo_sites(newspaper.origins, tmp_path / "sites")
        sites = Sites((tmp_path / "sites",))
        papers = [sites[paper] for paper in PAPERS]
        crawl(tmp_path / "corpus", papers, "demo@example.org")
        for paper in PAPERS:
            online = {article.id for article in newspaper.papers[paper] if article.on_line(1)}
            assert article_requests(newspaper, paper) == dict.fromkeys(online, 200)
        newspaper.set_day(2)
        newspaper.forget_asked()
        crawl(tmp_path / "corpus", papers, "demo@example.org", Orders(recheck_after=dt.timedelta(0)))
        for paper in PAPERS:
            expected = {article.id: expected_status(article) for article in newspaper.papers[paper]}
            assert article_requests(newspaper, paper) == expected


def expected_status(article: DemoArticle) -> int:
    """What a refresh on day 2 is answered for an article, when it was fetched on day 1 where it was there."""
    if article.gone_on_day_2:
        return GONE_STATUS[article.paper]
    return 200 if article.day == 2 or article.second else 304


def article_requests(newspaper: DemoNewspaper, paper: str) -> dict[int, int]:
    """The statuses by article id; an article asked for twice fails the test."""
    asked = newspaper.asked(paper, path=r"/(?!tags/).*-\d{6,7}\.(?:ldo|bld|html).*")
    numbers = [int(re.findall(r"-(\d{6,7})\.", one.path)[-1]) for one in asked]
    assert sorted(numbers) == sorted(set(numbers))
    return dict(zip(numbers, (one.status for one in asked), strict=True))
