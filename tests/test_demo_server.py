"""The demo newspaper answers over HTTP as the two real papers do."""

from __future__ import annotations

import gzip
import http.client
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from parsel import Selector

from crawler.sites import Sites
from pipeline.demo.newspaper import PAPERS, problems
from pipeline.demo.server import GATE_COOKIE, DemoNewspaper, demo_sites
from tests.demo_papers import BODY_LINES, COUNT, FIRST, write_papers


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_papers(tmp_path_factory.mktemp("papers"))


@pytest.fixture
def newspaper(folder: Path) -> Iterator[DemoNewspaper]:
    with DemoNewspaper(folder=folder) as newspaper:
        yield newspaper


class Reply:
    """An answer as it came over the wire."""

    def __init__(self, newspaper: DemoNewspaper, paper: str, path: str, method: str = "GET", **headers: str) -> None:
        connection = http.client.HTTPConnection(newspaper.origin(paper).removeprefix("http://"), timeout=10)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path.removeprefix(newspaper.origin(paper)) or "/", headers=named)
        answer = connection.getresponse()
        self.status, self.headers, self.body = answer.status, answer.headers, answer.read()
        connection.close()

    @property
    def page(self) -> Selector:
        return Selector(self.body.decode())


def lines(page: Selector, css: str) -> list[str]:
    return [" ".join("".join(found.css("::text").getall()).split()) for found in page.css(css)]


def article_links(page: Selector) -> list[int]:
    items = page.css(".articles article a.link-title, .bx-cat-content .article a.article-link")
    links = (found.attrib["href"] for found in items)
    return [int(found[1]) for link in links if (found := re.search(r"-(\d+)\.(?:ldo|html)", link))]


def test_the_tiny_papers_of_these_tests_are_right(folder: Path) -> None:
    assert [problems(paper, folder) for paper in PAPERS] == [[], []]


def test_an_article_of_thoibao_has_the_dom_of_laodong_vn(newspaper: DemoNewspaper) -> None:
    reply = Reply(newspaper, "thoibao", newspaper.url("thoibao", 1510901))
    html, page = reply.body.decode(), reply.page
    assert lines(page, "article.article-detail h1.title") == ['Bài số 1510901 về "Tổ xanh" & bạn']
    assert lines(page, ".art-info .authors") == ["Hoàng Nhiên - Đức Vịnh"]
    assert lines(page, ".art-info .time") == ["Thứ năm, 10/09/2026 08:05 (GMT+7)"]
    assert lines(page, "div.chappeau > p") == ["Vĩnh Khê - Sa pô của bài 1510901."]
    assert lines(page, "div#gallery-ctt figcaption.image-caption") == ["Chú thích ảnh. Ảnh: Minh Tuệ"]
    assert lines(page, ".lst-tags a") == ["Thi đua", "Tổ xanh"]
    assert lines(page, ".blk-cung-chuyen-muc .vinhet-01") == ["Cùng chuyên mục", "Tin nổi bật", "Gợi ý dành cho bạn"]
    assert page.css("div[articleid]::attr(articleid)").get() == "1510901"
    assert [len(page.css(css)) for css in (".tin-lien-quan article", ".box-binh-luan", ".box-right-articles")] == [
        2,
        1,
        1,
    ]
    assert "{{vm.currentDate | date:'yyyy'}}" in html
    assert "</p></div>" not in html and "</li>" not in html and "</head>" not in html and "\n" not in html
    kinds = [part["@type"] for part in json.loads(page.css("script[type*=ld]::text").get() or "")]
    assert kinds == ["BreadcrumbList", "NewsArticle", "Organization"]


def test_an_article_of_thudo_has_the_dom_of_mastercms(newspaper: DemoNewspaper) -> None:
    page = Reply(newspaper, "thudo", newspaper.url("thudo", 210901)).page
    assert lines(page, "h1.article-detail-title") == ['Bài số 210901 về "Tổ xanh" & bạn']
    assert lines(page, ".article-detail .article-date")[0] == "08:05 | 10/09/2026"
    assert lines(page, "div.article-detail-desc") == ["(LĐTS) Sa pô của bài 210901."]
    assert lines(page, "ul.breadcrumb.active") == ["Công đoàn"]
    assert len(page.css("ul.breadcrumb")) > 5
    assert len(page.css("div.__MASTERCMS_CONTENT table.__MB_ARTICLE_A a")) == 2
    assert lines(page, "table.MASTERCMS_TPL_TABLE tr:last-child td") == ["Chú thích ảnh. Ảnh: Minh Tuệ"]
    assert lines(page, "p[align=right] strong") == ["Hoàng Nhiên - Đức Vịnh"]
    assert lines(Reply(newspaper, "thudo", "/x-210902.html").page, ".article-detail-author") == [
        "Hoàng Nhiên - Đức Vịnh"
    ]
    assert lines(page, ".bx-cat-name") == ["Có thể bạn quan tâm", "Nên xem", "Tin khác", "Cùng chuyên mục"]
    assert re.search(r"^Công đoàn \d\d/09/2026 08:05$", lines(page, ".article-detail-other .article-info")[0])
    assert page.css("input[name=__printURL]::attr(value)").get() == newspaper.url("thudo", 210901)


def test_body_blocks_are_printed_in_order(newspaper: DemoNewspaper) -> None:
    page = Reply(newspaper, "thoibao", newspaper.url("thoibao", 1510901)).page
    # the paragraph before a figure has no end tag, so an old parser has the figure inside it
    page.css("#gallery-ctt figure").drop()
    printed = [*lines(page, "#gallery-ctt p, #gallery-ctt li, #gallery-ctt tr, #gallery-ctt .art-box p")]
    assert printed[1:] == [line.replace(" | ", "") if "|" in line else line for line in BODY_LINES]
    assert printed[0] == "Câu đầu của bài 1510901 nói về Tổ xanh."
    assert page.css("#gallery-ctt p a::attr(href)").re(r"/tags/to-xanh-\d+\.ldo") != []


def test_an_article_is_there_under_every_address_of_its_id(newspaper: DemoNewspaper) -> None:
    own = Reply(newspaper, "thoibao", newspaper.url("thoibao", 1510901)).body
    for path in ("/archived/khac-1510901.ldo", "/cong-doan/bai-so-0-1510901.bld", "/xa-hoi/a-1510901.ldo?utm_source=x"):
        assert Reply(newspaper, "thoibao", path).body == own
    amp = Reply(newspaper, "thoibao", "/amp/cong-doan/bai-so-0-1510901.ldo")
    assert amp.page.css("link[rel=canonical]::attr(href)").get() == newspaper.url("thoibao", 1510901)
    printed = Reply(newspaper, "thudo", "/apicenter@/print_article&i=210901").page
    assert lines(printed, ".__MB_CONTENT_FOR_PRINTER h1") == ['Bài số 210901 về "Tổ xanh" & bạn']
    assert "Tin khác" not in "".join(printed.css("::text").getall())


def test_listings_of_thoibao_never_end_and_those_of_thudo_do(newspaper: DemoNewspaper) -> None:
    first = article_links(Reply(newspaper, "thoibao", "/cong-doan").page)
    assert first == [1510907, 1510906, 1510905, 1510904, 1510903]
    assert article_links(Reply(newspaper, "thoibao", "/cong-doan?page=2").page) == [1510902, 1510901]
    assert article_links(Reply(newspaper, "thoibao", "/cong-doan?page=1337").page) == first
    assert article_links(Reply(newspaper, "thudo", "/cong-doan&s_cond=&BRSR=4").page) == [210903, 210902, 210901]
    assert article_links(Reply(newspaper, "thudo", "/cong-doan&s_cond=&BRSR=8").page) == []


@pytest.mark.parametrize(
    ("paper", "path"),
    [
        ("thoibao", "/tags/to-xanh-123456.ldo"),
        ("thoibao", "/event/thi-dua-123456.ldo"),
        ("thoibao", "/events.ldo"),
        ("thoibao", "/rss"),
        ("thudo", "/tags/to-xanh-123456.tag"),
        ("thudo", "/chuyen-de/thi-dua.topic"),
        ("thudo", "/nhip-tho-thanh-son.media"),
    ],
)
def test_there_are_pages_that_are_no_articles(newspaper: DemoNewspaper, paper: str, path: str) -> None:
    reply = Reply(newspaper, paper, path)
    assert (reply.status, reply.page.css("[articleid], .__MASTERCMS_CONTENT").getall()) == (200, [])


def test_feeds_and_sitemaps_name_every_article(newspaper: DemoNewspaper) -> None:
    online = COUNT - 1
    for paper, feed, sitemap in (
        ("thoibao", "/rss/cong-doan.rss", "/sitemap/2026-09.xml"),
        ("thudo", "/rss_feed/", "/sitemap-article-2026-09.xml"),
    ):
        robots = Reply(newspaper, paper, "/robots.txt").body.decode()
        assert f"Sitemap: {newspaper.origin(paper)}/sitemap.xml" in robots
        index = Selector(Reply(newspaper, paper, "/sitemap.xml").body.decode(), type="xml")
        index.remove_namespaces()
        assert newspaper.origin(paper) + sitemap in index.css("sitemap loc::text").getall()
        children = Selector(Reply(newspaper, paper, sitemap).body.decode(), type="xml")
        children.remove_namespaces()
        assert len(set(children.css("url loc::text").getall())) == online
        items = Selector(Reply(newspaper, paper, feed).body.decode(), type="xml")
        assert len(set(items.css("item link::text").getall())) == online


@pytest.mark.parametrize("paper", PAPERS)
def test_what_is_known_is_not_sent_again(newspaper: DemoNewspaper, paper: str) -> None:
    url = newspaper.url(paper, FIRST[paper])
    reply = Reply(newspaper, paper, url)
    tag, modified = reply.headers["ETag"], reply.headers["Last-Modified"]
    assert (reply.status, modified) == (200, "Thu, 10 Sep 2026 01:05:00 GMT")
    known = Reply(newspaper, paper, url, If_None_Match=tag)
    assert (known.status, known.body, known.headers["ETag"]) == (304, b"", tag)
    assert Reply(newspaper, paper, url, If_Modified_Since=modified).status == 304
    assert Reply(newspaper, paper, url, If_None_Match='"other"', If_Modified_Since=modified).status == 200
    assert [asked.status for asked in newspaper.asked(paper)] == [200, 304, 304, 200]
    for since, status in (
        ("no date", 200),
        ("Thu, 10 Sep 2026 01:05:00 -0000", 304),
        ("Thu, 10 Sep 2026 01:04:59 GMT", 200),
    ):
        assert Reply(newspaper, paper, url, If_Modified_Since=since).status == status


def test_pages_are_compressed_for_who_takes_it(newspaper: DemoNewspaper) -> None:
    url = newspaper.url("thudo", 210901)
    plain, packed = Reply(newspaper, "thudo", url), Reply(newspaper, "thudo", url, Accept_Encoding="gzip, deflate")
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.body) == plain.body
    assert packed.headers["ETag"] != plain.headers["ETag"]
    assert Reply(newspaper, "thudo", url, Accept_Encoding="gzip", If_None_Match=packed.headers["ETag"]).status == 304


def test_head_gives_the_head_alone(newspaper: DemoNewspaper) -> None:
    url = newspaper.url("thoibao", 1510901)
    head, whole = Reply(newspaper, "thoibao", url, "HEAD"), Reply(newspaper, "thoibao", url)
    assert (head.status, head.body) == (200, b"")
    assert head.headers["Content-Length"] == str(len(whole.body))


@pytest.mark.parametrize("paper", PAPERS)
def test_an_unknown_address_gets_the_sites_own_page(newspaper: DemoNewspaper, paper: str) -> None:
    for path in (
        "/khong-co",
        "/a/b/c/d",
        "/bai-nao-do-1510999.ldo",
        "/bai-nao-do-210999.html",
        "/%ff",
        "/cong-doan?page=x",
    ):
        reply = Reply(newspaper, paper, path)
        assert (reply.status, len(reply.page.css("a[href]")) > 10) == (404, True)


@pytest.mark.parametrize(("paper", "gone"), [("thoibao", 410), ("thudo", 404)])
def test_the_second_day_has_a_new_an_edited_and_no_vanished_article(
    newspaper: DemoNewspaper, paper: str, gone: int
) -> None:
    urls = [newspaper.url(paper, FIRST[paper] + number) for number in range(COUNT)]
    first_day = [Reply(newspaper, paper, url) for url in urls]
    assert [reply.status for reply in first_day] == [200] * 7 + [404]
    newspaper.set_day(2)
    second_day = [
        Reply(newspaper, paper, url, If_None_Match=before.headers.get("ETag") or '""')
        for url, before in zip(urls, first_day, strict=True)
    ]
    assert [reply.status for reply in second_day] == [304, 304, 200, gone, 304, 304, 304, 200]
    assert "Câu mới của ngày thứ hai." in second_day[2].body.decode()
    assert second_day[2].headers["Last-Modified"] == "Fri, 25 Sep 2026 02:00:00 GMT"
    listed = article_links(Reply(newspaper, paper, "/cong-doan").page)
    assert listed[0] == FIRST[paper] + 7
    assert FIRST[paper] + 3 not in listed


def test_it_is_an_hour_after_the_newest_article(newspaper: DemoNewspaper) -> None:
    reply = Reply(newspaper, "thoibao", "/")
    assert reply.headers["Date"] == "Wed, 16 Sep 2026 02:05:00 GMT"
    assert lines(reply.page, ".today") == ["Thứ tư, 16/09/2026"]


def test_the_gate_answers_200_with_a_script_until_its_cookie_comes(folder: Path) -> None:
    with DemoNewspaper(folder=folder, gate=True) as newspaper:
        url = newspaper.url("thoibao", 1510901)
        gate = Reply(newspaper, "thoibao", url)
        assert (gate.status, b"document.cookie" in gate.body, len(gate.body) < 300) == (200, True, True)
        assert Reply(newspaper, "thoibao", url, Cookie="=".join(GATE_COOKIE)).page.css("h1.title")
        assert Reply(newspaper, "thoibao", "/robots.txt").body.startswith(b"User-agent")
        assert Reply(newspaper, "thoibao", "/sitemap.xml").body.startswith(b"<?xml")
    with DemoNewspaper(folder=folder, gate=True, gate_robots=True) as newspaper:
        assert b"document.cookie" in Reply(newspaper, "thoibao", "/robots.txt").body


def test_requests_are_counted_by_paper_path_and_status(newspaper: DemoNewspaper) -> None:
    Reply(newspaper, "thoibao", "/cong-doan", User_Agent="congdoan-test")
    Reply(newspaper, "thudo", "/khong-co")
    assert [asked.path for asked in newspaper.asked("thoibao")] == ["/cong-doan"]
    assert newspaper.asked("thoibao")[0].user_agent == "congdoan-test"
    assert [asked.path for asked in newspaper.asked(status=404)] == ["/khong-co"]
    assert len(newspaper.asked(path=r"/c.*")) == 1
    newspaper.forget_asked()
    assert newspaper.asked() == []


def test_the_papers_come_back_on_the_ports_asked_for(folder: Path) -> None:
    with DemoNewspaper(folder=folder) as first:
        ports = {paper: int(origin.rpartition(":")[2]) for paper, origin in first.origins.items()}
        with pytest.raises(OSError, match="in use"):
            DemoNewspaper(folder=folder, ports={"thudo": ports["thudo"]})
    with DemoNewspaper(folder=folder, ports=ports) as second:
        assert second.origins == first.origins


def test_the_profiles_fit_the_served_addresses(newspaper: DemoNewspaper, tmp_path: Path) -> None:
    demo_sites(newspaper.origins, tmp_path)
    sites = Sites((tmp_path,))
    thoibao, thudo = sites["thoibao"], sites["thudo"]
    own = newspaper.url("thoibao", 1510901)
    assert thoibao.article_id(own) == "1510901"
    for path in ("/amp/cong-doan/bai-so-0-1510901.ldo", "/cong-doan/bai-so-0-1510901.bld?utm_source=x"):
        assert thoibao.article_url(newspaper.origin("thoibao") + path) == own
    assert thoibao.article_id(newspaper.origin("thoibao") + "/tags/to-xanh-1234567.ldo") is None
    assert thudo.article_id(newspaper.url("thudo", 210901)) == "210901"
    assert thudo.article_id(newspaper.origin("thudo") + "/apicenter@/print_article&i=210901") is None
    for site in (thoibao, thudo):
        for url in (*site.start.sections, *site.start.feeds, *site.start.sitemaps):
            assert Reply(newspaper, site.name, url).status == 200
