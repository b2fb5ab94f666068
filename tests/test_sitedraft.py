"""A site that nobody has described gets a draft profile from a handful of requests, and the crawl works with it."""

from __future__ import annotations

import datetime as dt
import json
import re
import time
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess
from typing import NamedTuple

import pytest
from click.testing import CliRunner
from command import called
from crawling import crawl_one
from newsserver import GATE, Answer, NewsServer, news_server
from portals import STORIES, VIETNAM, Portal, aspnet, dashes, liferay, slugs, tabid, wordpress
from vinhkhe import HTML

from crawler.archive import Capture
from crawler.heard import Heard
from crawler.site import Site, load_site
from pipeline.cli.sites import command as sites_command
from pipeline.demo.newspaper import read_paper
from pipeline.demo.server import DemoNewspaper
from pipeline.parse import parse_html
from pipeline.sitedraft import MOST_REQUESTS, Identity, Link, forms_by_use, identity_of
from pipeline.sitedraft.addresses import Form
from pipeline.sitedraft.design import design_of
from pipeline.sitedraft.paging import leads_on, turn_of
from pipeline.sitedraft.samples import sample_of
from pipeline.sitedraft.topics import topics_of


def drafted(url: str, folder: Path) -> CompletedProcess[str]:
    order = ("--into", folder / "sites", "--delay", "0", "--corpus", folder / "corpus")
    return called("sites", "new", url, *order, "--contact", "a@example.org")


def refused(url: str, folder: Path) -> str:
    told = drafted(url, folder)
    assert told.returncode in (1, 2)
    assert not list(folder.glob("sites/*"))
    return told.stderr.strip().splitlines()[-1].removeprefix("congdoan: ")


# --------------------------------------------------------------------------- the demo newspaper as unknown sites
@pytest.mark.slow
@pytest.mark.parametrize(
    ("paper", "feed", "section", "template", "family"),
    [
        ("thoibao", "/rss/home.rss", "/cong-doan", "{section}?page={n}", "laodong"),
        ("thudo", "/rss_feed/", "/cong-doan/hoat-dong", "{section}&s_cond=&BRSR={offset}", "mastercms"),
    ],
)
def test_a_draft_of_a_demo_paper_finds_most_of_its_articles(
    paper: str, feed: str, section: str, template: str, family: str, tmp_path: Path
) -> None:
    with DemoNewspaper() as newspaper:
        origin = newspaper.origin(paper)
        told = drafted(f"{origin}/", tmp_path)
        assert told.returncode == 0, told.stderr
        assert len(newspaper.asked()) <= MOST_REQUESTS
        path = Path(told.stdout.strip())
        assert f"congdoan sites check {path.stem} --live --sites {path.parent}" in " ".join(told.stderr.split())
        site = load_site(path)
        assert (origin + feed in site.start.feeds, origin + section in site.start.sections) == (True, True)
        assert site.start.sitemaps == (f"{origin}/sitemap.xml",)
        assert (site.start.paging.template, site.layouts[0].name) == (template, family)
        assert not site.verified
        assert "article" in site.unverified
        online = [article for article in read_paper(paper) if article.on_line(1)]
        press = newspaper._servers[paper].press
        assert {site.article_id(origin + press.article_path(one)) for one in online} == {str(one.id) for one in online}
        hurried = site.model_copy(update={"politeness": site.politeness.model_copy(update={"delay": 0})})
        log = crawl_one(tmp_path / "corpus", hurried)
        assert log.new_articles >= 0.9 * len(online)


def test_a_draft_is_never_written_over_another(tmp_path: Path) -> None:
    with news_server() as server:
        slugs(server)
        path = Path(drafted(server.url("/"), tmp_path).stdout.strip())
        before = path.read_text(encoding="utf-8")
        server.asked.clear()
        again = drafted(server.url("/"), tmp_path)
        assert server.asked == []
    assert again.returncode == 2
    assert "is there already" in again.stderr
    assert path.read_text(encoding="utf-8") == before


# --------------------------------------------------------------------------- portals of six makings
class Expected(NamedTuple):
    """What a draft of a portal must hold; `found` is how many of its articles a crawl by it must bring."""

    make: Callable[[NewsServer], Portal]
    items: str
    paging: dict[str, object]
    body: str
    published: str
    found: int = STORIES


EXPECTED = (
    Expected(
        liferay, "#content h3 > a", {"next": ".pager li:last-child a"}, "div.asset-content", "div.metadata-publish-date"
    ),
    Expected(
        wordpress,
        "h2.entry-title a",
        {"template": "{section}page/{n}/", "first": 2},
        "div.entry-content",
        "time.published",
    ),
    Expected(aspnet, "td.o-tin a", {"template": "{section}?Page={n}", "first": 2}, "div.cnoidung", "div.cngay"),
    # its pager is a script: the first pages of two sections are all that can be listed
    Expected(tabid, "div.tin a", {}, "div.lblNoiDung", "span.lblNgay", found=16),
    Expected(slugs, "div.main h3 > a", {"next": "li.next a"}, "div.detail-body", "span.ngay-dang"),
    Expected(
        dashes,
        "div.card-tin a",
        {"template": "{section}?start={offset}", "page_size": 6},
        "div.toan-van",
        "p.thoi-gian",
    ),
)


@pytest.mark.slow
@pytest.mark.parametrize("expected", EXPECTED, ids=lambda one: one.make.__name__)
def test_a_drafted_portal_is_crawled_checked_and_read_without_a_change_to_the_draft(
    expected: Expected, tmp_path: Path
) -> None:
    order = ["--corpus", str(tmp_path / "corpus"), "--contact", "a@example.org"]
    with news_server() as server:
        portal = expected.make(server)
        told = CliRunner().invoke(
            sites_command, ["new", server.url(portal.front), "--into", str(tmp_path / "sites"), "--delay", "0", *order]
        )
        assert told.exit_code == 0, told.output
        asked, server.asked = server.asked, []
        assert len(asked) <= MOST_REQUESTS
        assert asked.count("/robots.txt") == 1
        assert f": {len(asked)} requests sent, robots.txt among them" in told.stderr
        site = load_site(Path(told.stdout.strip()))
        assert not site.verified
        assert {"article", "deny", "start.items", "start.paging", "layouts"} < set(site.unverified)
        assert {server.url(path) for path in portal.sections} == set(site.start.sections)
        assert {site.article_id(server.url(portal.path(one))) for one in portal.stories} == {
            portal.id_of(one) for one in portal.stories
        }
        assert site.start.items == expected.items
        assert site.start.paging.model_dump(exclude_unset=True) == expected.paging
        (layout,) = site.layouts
        assert (layout.body, layout.published) == ((expected.body,), (expected.published,))
        assert_all_read(server, portal, site)
        log = crawl_one(tmp_path / "corpus", site)
        assert (log.new_articles, log.gone, log.finish_reason) == (expected.found, 0, "finished")
        assert log.errors <= len(portal.sections)  # the page after the last of each section
        checked = CliRunner().invoke(
            sites_command,
            ["check", site.name, "--live", "--pages", "4", "--json", "--sites", str(tmp_path / "sites"), *order],
        )
        report = json.loads(checked.stdout)
        assert (checked.exit_code, report["needs_person"], report["read_by"]) == (0, False, {f"{site.name}/2026": 4})
        assert {field["name"]: (field["by_profile"], field["pages"]) for field in report["fields"]} == dict.fromkeys(
            ("title", "lead", "date", "body"), (4, 4)
        )
        assert {one["url"] for one in report["starts"] if one["articles"]} >= set(site.start.sections)


def assert_all_read(server: NewsServer, portal: Portal, site: Site) -> None:
    """Pages of the portal that the draft did not see, too, give what they print and nothing beside it."""
    for one in portal.stories[::3]:
        body = server.answers[portal.path(one)].body
        page = parse_html(body, server.url(portal.path(one)), site, fetched_at=dt.datetime(2026, 10, 1, tzinfo=dt.UTC))
        assert (page.title, page.lead, page.layout) == (one.title, one.lead, f"{site.name}/2026")
        assert page.published_at is not None
        assert page.published_at.astimezone(VIETNAM).date() == one.at.date()
        assert [block.text for block in page.blocks] == one.lines
        assert page.authors == (one.author,)


def test_each_line_of_a_draft_says_what_it_rests_on(tmp_path: Path) -> None:
    with news_server() as server:
        tabid(server)
        text = Path(drafted(server.url("/"), tmp_path).stdout.strip()).read_text(encoding="utf-8")
    for said in (
        "from 16 links with 16 ids; 3 of 3 that were asked for read as articles; the id is ID in the query; "
        "tabid, cateid differ too and were taken to say where it is shown",
        "no feed was found (/rss was tried)",
        "robots.txt names none, nor is there one at the usual place",
        "on 2 listing pages it finds 11 of 11 articles that are not in the columns, and no column of 3 article pages",
        "tabid=10&page=2) and showed no new article: the first pages alone are read",
        "read by it: title 3, lead 3, date 3, body 3",
        'title = ["span.lblTitle"]  # unsure: on 3 of 3 pages',
        "# robots.txt asks for 0.1 s between requests",
        "delay = 0.1",
        "# login and accounts: by habit, none seen",
    ):
        assert said in text


@pytest.mark.parametrize(
    ("paths", "others", "ids"),
    [
        (("/tin-{}.html", 7, 12, 134), ("/trang-2.html",), ("7", "12", "134")),
        (("/vi/cong-doan-xa-ta-hop-n{}.html", 7112, 9001, 12001), ("/vi/tin-c12.html",), ("7112", "9001", "12001")),
        (("/tin/-/{}", 12, 220, 333), (), ("12", "220", "333")),
        (("/tin-tuc/tabid/5/ArticleID/{}/Default.aspx", 9, 10, 11), (), ("9", "10", "11")),
        (("/tin/{}/cong-doan-xa-ta-hop.html", 501, 702, 3333), ("/tin/trang-2.html",), ("501", "702", "3333")),
        (("/{}-cong-doan-xa-ta-hop.html", 501, 702, 3333), ("/gioi-thieu.html",), ("501", "702", "3333")),
        (("/?p={}", 12, 13, 14), ("/?page_id=2",), ("12", "13", "14")),
        (("/tin.aspx?ItemID={}&Page=2", 2, 3, 4), (), ("2", "3", "4")),
        (("/cong-doan-xa-ta-hop-{}/", "mot", "hai", "nam-2024"), ("/gioi-thieu/", "/tin-tuc/"), None),
        (("/2024/09/12/cong-doan-xa-ta-hop-{}", "mot", "hai"), ("/2024/09",), None),
    ],
)  # fmt: skip
def test_the_part_of_an_address_that_tells_articles_apart_is_found(
    paths: tuple[str | int, ...], others: tuple[str, ...], ids: tuple[str, ...] | None
) -> None:
    origin = "https://vinhkhe.example"
    links = [Link(origin + str(paths[0]).format(n), f"Công đoàn xã ta bàn việc {n} của tổ") for n in paths[1:]]
    form, met = forms_by_use(links)[0]
    identity = identity_of(form, met, [origin + path for path in others], origin)
    slugs_of = [link.url.rstrip("/").rsplit("/", 1)[1] for link in links]
    days = ["2024-09-12-"] if form.dated else [""]
    assert identity.ids == (ids or tuple(days[0] + slug for slug in slugs_of))
    for path in others:
        assert identity.id_of(origin + path) is None
    assert identity.id_of(links[0].url.replace("https://", "http://www.") + "#tin") == identity.ids[0]


def test_numbers_of_the_query_that_differ_are_part_of_the_identity_unless_headlines_say_otherwise() -> None:
    def identity(*links: tuple[str, str]) -> Identity:
        form, met = forms_by_use([Link(f"https://vinhkhe.example/{query}", text) for query, text in links])[0]
        return identity_of(form, met, (), "https://vinhkhe.example")

    both = identity(*((f"?Def={n % 2}&ID={n}", f"Một hai ba bốn năm {n}x") for n in range(6)))
    assert both.id_of("https://www.vinhkhe.example/?Def=1&ID=2470&utm_source=x") == "1-2470"
    assert "def of the query differ too and were made part of it" in both.why
    menus = identity(*((f"?catid={n % 2}&ID={n}", f"Một hai ba bốn năm {n}x") for n in range(6)))
    assert menus.id_of("https://vinhkhe.example/?ID=2470&catid=3") == "2470"
    lists = identity(*((f"?catid={n % 2}&ID={n // 2}", f"Một hai ba bốn năm {n}x") for n in range(6)))
    assert lists.id_of("https://vinhkhe.example/?catid=3&ID=2") == "3-2"


def listing(url: str, pager: str) -> Capture:
    at = dt.datetime(2026, 10, 1, tzinfo=dt.UTC)
    body = f"<html><body><h3><a href='/x'>Công đoàn xã ta họp bàn</a></h3>{pager}</body></html>".encode()
    return Capture(f"https://vinhkhe.example{url}", "x", at, 200, HTML, (), body, "response", "", 0, "")


@pytest.mark.parametrize(
    ("section", "second", "third", "paging"),
    [
        ("/tin", "/tin?page=2", "/tin?page=3", {"template": "{section}?page={n}", "first": 2}),
        ("/tin", "/tin?page=1", "/tin?page=2", {"template": "{section}?page={n}", "first": 1}),
        ("/tin/", "/tin/page/2/", "/tin/page/3/", {"template": "{section}page/{n}/", "first": 2}),
        ("/tin", "/tin&BRSR=15", "/tin&BRSR=30", {"template": "{section}&BRSR={offset}", "page_size": 15}),
        ("/d.aspx?tab=7", "/d.aspx?p=2&tab=7", "/d.aspx?p=3&tab=7", {"template": "{section}&p={n}", "first": 2}),
        ("/tin.html", "/tin/trang-2.html", "/tin/trang-3.html", {"next": ".current + a"}),
        ("/tin", "javascript:trang(2)", "javascript:trang(3)", None),
    ],
)
def test_a_pager_gives_the_way_to_the_second_page(
    section: str, second: str, third: str, paging: dict[str, object] | None
) -> None:
    pager = f'<div><span class="current">1</span><a href="{second}">2</a><a href="{third}">3</a></div>'
    turn = turn_of(listing(section, pager))
    assert (turn.paging.model_dump(exclude_unset=True) if turn else None) == paging


def test_a_link_that_leads_back_from_page_two_is_no_way_on() -> None:
    first = listing("/tin.html", '<ul class="pager"><li><a href="/tin/trang-2.html">Sau</a></li></ul>')
    turn = turn_of(first)
    assert turn is not None
    assert turn.paging.next == ".pager li:last-child a"
    back = '<ul class="pager"><li><a href="/tin/trang-3.html">Sau</a></li><li><a href="/tin.html">Đầu</a></li></ul>'
    on = '<ul class="pager"><li><a href="/tin.html">Trước</a></li><li><a href="/tin/trang-3.html">Sau</a></li></ul>'
    assert not leads_on(turn, first, listing("/tin/trang-2.html", back))
    assert leads_on(turn, first, listing("/tin/trang-2.html", on))


def test_what_is_no_article_is_denied_unless_it_hits_one() -> None:
    article = "https://vinhkhe.example/thu-vien-tin/cong-doan-xa-ta-hop-{}.html"
    form, met = forms_by_use([Link(article.format(n), "Công đoàn xã ta họp bàn") for n in (501, 502)])[0]
    identity = identity_of(form, met, (), "https://vinhkhe.example")
    assert identity.id_of(article.format(503)) == "503"
    for path in ("en/tin-cong-doan-504.html", "tags/cong-doan-505.html", "tim-kiem/tin-506.html", "tin/trang-2.html"):
        assert identity.id_of(f"https://vinhkhe.example/{path}") is None


def test_topics_are_drafted_where_pages_link_to_some_that_are_named_for_unions() -> None:
    article = "https://vinhkhe.example/tin/cong-doan-xa-{}.html"
    form = Form(place="end", mark="-", suffix=".html")
    links = [Link(article.format(number), "Công đoàn xã họp bàn việc mới") for number in (501, 502)]
    identity = identity_of(form, links, (), "https://vinhkhe.example")
    seen = [f"https://vinhkhe.example/{path}" for path in ("tags/cong-doan-co-so", "Chu-de/bong-da", article[25:])]
    pattern, why = topics_of(seen, (), identity, "vinhkhe.example")
    assert pattern is not None
    assert why == "1 of 2 linked to are named for unions; not asked"
    found = [
        f"https://www.vinhkhe.example/{path}" for path in ("tags/tro-giup-doan-vien-9.tag?page=2", "vi/tags/thi-dua")
    ]
    assert all(re.match(pattern, url) for url in found)
    for path in ("tags/bong-da/cong-doan", "tin/lao-dong-505.html", "tin?back=/tags/cong-doan"):
        assert not re.match(pattern, f"https://vinhkhe.example/{path}")
    assert topics_of(seen[1:], (), identity, "vinhkhe.example")[0] is None
    assert topics_of(seen, ["https://vinhkhe.example/tags/lao-dong/"], identity, "vinhkhe.example")[0] is None


def test_a_section_may_be_given_and_comes_first(tmp_path: Path) -> None:
    with news_server() as server:
        portal = slugs(server)
        told = drafted(server.url(portal.sections[1]), tmp_path)
        site = load_site(Path(told.stdout.strip()))
        assert site.start.sections[0] == server.url(portal.sections[1])
        assert site.article_id(server.url(portal.path(portal.stories[5]))) == portal.id_of(portal.stories[5])


def test_a_pause_that_robots_asks_for_is_kept_and_drafted(tmp_path: Path) -> None:
    with news_server() as server:
        tabid(server)
        began = time.monotonic()
        told = drafted(server.url("/"), tmp_path)
        took = time.monotonic() - began
        (counted,) = json.loads((tmp_path / "corpus/requests.json").read_text(encoding="utf-8")).values()
        assert [*counted.values()] == [len(server.asked)]
        # AutoThrottle varies a pause between half of it and one and a half
        assert took > 0.05 * (len(server.asked) - 2)
        assert load_site(Path(told.stdout.strip())).politeness.delay == 0.1


@pytest.mark.shared
def test_a_layout_guessed_without_its_family_reads_the_real_pages_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    pages = Path(__file__).parents[2] / "shared" / "pages"
    site = Site(name="x", title="X", hosts=("x.example",), article=r".*-(?P<id>\d+)\.html")
    at = dt.datetime(2026, 10, 20, tzinfo=dt.UTC)
    alike = 0
    for path in (*sorted(pages.glob("*article*.html")), *sorted(pages.glob("*transcribed*.html"))):
        capture = Capture(
            "https://x.example/bai-12345.html", "x", at, 200, HTML, (), path.read_bytes(), "response", "", 0, ""
        )
        sample = sample_of(capture, "", site)
        with monkeypatch.context() as patch:
            patch.setattr("pipeline.sitedraft.design._family_of", lambda _samples: None)
            guessed = design_of([sample], (), site)
        assert guessed.layout is not None, path.name
        own = parse_html(
            capture.body, capture.url, site.model_copy(update={"layouts": (guessed.layout,)}), fetched_at=at
        )
        known = sample.page
        assert (own.layout, known.layout.split("/")[0]) == ("x/2026", "family")
        assert (own.title, own.lead, own.published_at, own.blocks) == (
            *(known.title, known.lead, known.published_at, known.blocks),
        )
        alike += 1
    assert alike == 6


# --------------------------------------------------------------------------- refusals
def test_what_cannot_be_drafted_is_refused_in_one_line(tmp_path: Path) -> None:
    assert "not an http(s) address" in refused("ftp://vinhkhe.example/", tmp_path)
    assert "it refuses connections" in refused("http://127.0.0.1:9/", tmp_path)
    with news_server() as server:
        assert "its TLS certificate or handshake" in refused(server.url("/").replace("http:", "https:"), tmp_path)
        assert refused(server.url("/khong-co"), tmp_path) == f"{server.url('/khong-co')}: answered with status 404"
        server.answers["/"] = Answer(b"<html><body><p>Trang dang xay dung</p></body></html>")
        assert "no article found: no link shows a headline" in refused(server.url("/"), tmp_path)
        server.answers["/"] = Answer(status=302, headers={"Location": "http://tin.vinhkhe.example/"})
        assert "it leads to http://tin.vinhkhe.example/, another host; give that address" in refused(
            server.url("/"), tmp_path
        )
        server.answers["/"] = Answer(GATE)
        assert "answers with a gate" in refused(server.url("/"), tmp_path)


def test_addresses_that_are_none_cost_nothing_but_themselves(tmp_path: Path) -> None:
    with news_server() as server:
        portal = slugs(server)
        front = server.answers["/"].body.replace(
            b"<body>", b'<body><a href="http://[">Mot hai ba bon nam</a><a href="?a[]=%ff&\x01">Mot hai ba bon nam</a>'
        )
        server.answers["/"] = Answer(front)
        robots = b"User-agent: *\nAllow: /\nSitemap: http://[\nSitemap: https://khac.example/sitemap.xml\n"
        server.answers["/robots.txt"] = Answer(robots, content_type="text/plain")
        told = drafted(server.url("/"), tmp_path)
        assert told.returncode == 0, told.stderr
        site = load_site(Path(told.stdout.strip()))
        assert site.start.sitemaps == ()
        assert {site.article_id(server.url(portal.path(one))) for one in portal.stories} >= {"7", "30"}


def test_a_survey_that_breaks_is_told(tmp_path: Path) -> None:
    def broken(_heard: Heard) -> tuple[str, ...]:
        raise ZeroDivisionError("wrong in our own code")

    with news_server() as server:
        log = crawl_one(tmp_path, server.site(), questions=broken)
    assert (log.finish_reason, log.failed) == ("failed", True)
    assert log.warnings[0] == "choosing what to ask next broke: ZeroDivisionError('wrong in our own code')"


def test_what_robots_forbids_is_not_asked_for_and_said(tmp_path: Path) -> None:
    with news_server() as server:
        portal = slugs(server)
        server.answers["/robots.txt"] = Answer(b"User-agent: *\nDisallow: /vi/*/\n", content_type="text/plain")
        assert refused(server.url("/"), tmp_path).endswith("; 3 × robots.txt forbids it")
        assert not {portal.path(one) for one in portal.stories} & {*server.asked}
        server.answers["/robots.txt"] = Answer(b"User-agent: *\nDisallow: /\n", content_type="text/plain")
        server.asked.clear()
        assert refused(server.url("/"), tmp_path) == f"{server.url('/')}: not asked for: robots.txt forbids it"
        assert server.asked == ["/robots.txt"]
        server.answers["/robots.txt"] = Answer(b"<html>Xin chao</html>")
        assert "what may be crawled is unknown" in refused(server.url("/"), tmp_path)


def test_pages_that_are_no_articles_are_counted_by_reason(tmp_path: Path) -> None:
    with news_server() as server:
        portal = slugs(server)
        for one in portal.stories:
            server.answers[portal.path(one)] = Answer(b"<html><body><p>Bai dang duoc cap nhat</p></body></html>")
        assert refused(server.url("/"), tmp_path).endswith("; 2 × not_article")
        assert len(server.asked) <= MOST_REQUESTS


def test_a_gate_before_the_articles_ends_the_survey(tmp_path: Path) -> None:
    with news_server() as server:
        portal = slugs(server)
        for one in portal.stories:
            server.answers[portal.path(one)] = Answer(GATE)
        assert "answers with a gate" in refused(server.url("/"), tmp_path)
        assert len(server.asked) <= MOST_REQUESTS
