"""A crawl over real HTTP finds every article once, keeps what it got, and goes on after any end."""

from __future__ import annotations

import datetime as dt
import fcntl
import gzip
import os
import random
import signal
import socket
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from command import called
from crawling import CONTACT, crawl_one, standing
from newsserver import GATE, Answer, NewsServer, article_html, news_server

from crawler.archive import ArchiveUnwritable, Capture, archive_files, read_captures, read_runs, verify
from crawler.lock import CorpusBusy
from crawler.notes import Code
from crawler.profile import Paging, Politeness, Start
from crawler.run import crawl
from crawler.settings import ContactMissing
from crawler.site import Site
from crawler.spider import BATCH

AT_ONCE = dt.timedelta(0)
XML = "application/xml"
RSS = "<rss version='2.0'><channel><title>Tin</title></channel></rss>"


@pytest.fixture
def paper() -> Iterator[NewsServer]:
    with news_server() as server:
        yield server


def captures(corpus: Path) -> list[Capture]:
    return [capture for file in archive_files(corpus) for capture in read_captures(corpus, file)]


def archived_articles(corpus: Path, site: Site) -> list[str]:
    return sorted(
        id_
        for capture in captures(corpus)
        if capture.status == 200 and (id_ := site.article_id(capture.url)) is not None
    )


# --------------------------------------------------------------------------- discovery
def test_a_listing_without_end_is_read_to_its_end(paper: NewsServer, tmp_path: Path) -> None:
    paper.publish(*range(1000, 1012))
    run = crawl_one(tmp_path, paper.site())
    assert archived_articles(tmp_path, paper.site()) == [str(id_) for id_ in range(1000, 1012)]
    assert (run.articles, run.new_articles, run.errors, run.finish_reason) == (12, 12, 0, "finished")
    assert paper.asked.count("/cong-doan") == 4  # three pages and the one that only repeats
    assert run.requests == len(paper.asked)
    assert run.warnings == ()


def test_the_next_crawl_stops_at_the_first_page_of_known_articles(paper: NewsServer, tmp_path: Path) -> None:
    paper.publish(*range(1000, 1012))
    crawl_one(tmp_path, paper.site())
    paper.publish(1012)
    paper.asked.clear()
    run = crawl_one(tmp_path, paper.site())
    assert (run.new_articles, run.articles) == (1, 1)
    assert paper.asked == ["/robots.txt", "/cong-doan", "/cong-doan/bai-1012.ldo", "/cong-doan"]


def test_articles_are_found_by_feed_and_by_every_kind_of_sitemap(paper: NewsServer, tmp_path: Path) -> None:
    paper.publish(1, 2, 3, 4, 5, listed=False)
    item = "<item><title>Bài</title><link>{}</link><pubDate>Tue, 22 Sep 2026 04:20:00 GMT</pubDate></item>"
    feed = item.format(paper.url("/cong-doan/bai-1.ldo")) + item.format("http://elsewhere.vn/cong-doan/bai-9.ldo")
    urlset = '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" {}>{}</urlset>'
    news = "<news:news><news:publication_date>2026-09-22</news:publication_date></news:news>"
    news_ns = 'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'
    url = "<url><loc>{}</loc>{}</url>"
    index = (
        '<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
        f"<sitemap><loc>{paper.url('/part.xml.gz')}</loc></sitemap></sitemapindex>"
    )
    part = urlset.format("", url.format(paper.url("/cong-doan/bai-2.ldo"), ""))
    paper.answers |= {
        "/robots.txt": Answer(f"User-agent: *\nDisallow:\nSitemap: {paper.url('/index.xml')}\n".encode()),
        "/home.rss": Answer(f'<rss version="2.0"><channel>{feed}</channel></rss>'.encode(), content_type=XML),
        "/index.xml": Answer(index.encode(), content_type=XML),
        "/part.xml.gz": Answer(gzip.compress(part.encode()), content_type="application/gzip"),
        "/news.xml": Answer(urlset.format(news_ns, url.format(paper.url("/cong-doan/bai-3.ldo"), news)).encode()),
    }
    start = Start(feeds=(paper.url("/home.rss"),), sitemaps=(paper.url("/news.xml"),))
    run = crawl_one(tmp_path, paper.site(start=start))
    assert archived_articles(tmp_path, paper.site()) == ["1", "2", "3"]
    assert run.errors == 0


def test_a_pager_is_followed_by_its_link_and_never_off_the_hosts(paper: NewsServer, tmp_path: Path) -> None:
    paper.publish(1, 2, listed=False)
    page = '<a href="/cong-doan/bai-{}.ldo">Bài</a><div class="paging"><a href="{}">Sau</a></div>'
    paper.answers["/tin"] = Answer(page.format(1, "/tin&BRSR=14").encode())
    paper.answers["/tin&BRSR=14"] = Answer(page.format(2, "http://127.0.0.2:1/tin").encode())
    start = Start(sections=(paper.url("/tin"),), paging=Paging(next="div.paging a:last-child"))
    assert crawl_one(tmp_path, paper.site(start=start)).errors == 0
    assert archived_articles(tmp_path, paper.site()) == ["1", "2"]


def test_a_zone_of_the_first_page_builds_the_next(paper: NewsServer, tmp_path: Path) -> None:
    paper.publish(1, 2, 3, listed=False)
    link = '<a href="/cong-doan/bai-{}.ldo">Bài</a>'
    paper.answers["/lao-dong.htm"] = Answer(b'<input id="hdZoneId" value="1961014">' + link.format(1).encode())
    paper.answers["/timelinelist/1961014/2.htm"] = Answer(link.format(2).encode())
    paper.answers["/timelinelist/1961014/3.htm"] = Answer(link.format(2).encode())
    template = paper.url("/timelinelist/{zone}/{n}.htm")
    start = Start(sections=(paper.url("/lao-dong.htm"),), paging=Paging(template=template, zone="input#hdZoneId"))
    crawl_one(tmp_path, paper.site(start=start))
    assert archived_articles(tmp_path, paper.site()) == ["1", "2"]
    assert "/timelinelist/1961014/3.htm" in paper.asked


def test_only_the_sections_ordered_are_walked(paper: NewsServer, tmp_path: Path) -> None:
    paper.publish(1)
    paper.answers["/viec-lam"] = Answer(b'<a href="/cong-doan/bai-2.ldo">B</a>')
    paper.publish(2, listed=False)
    crawl_one(tmp_path, paper.site(), sections=("viec-lam/",))
    assert archived_articles(tmp_path, paper.site()) == ["2"]


def test_aliases_of_an_article_are_fetched_once(paper: NewsServer, tmp_path: Path) -> None:
    paper.publish(7)
    host = f"localhost:{paper.server_address[1]}"
    paper.listed += ["/archived/bai-7.bld", "/cong-doan/bai-7.ldo?utm_source=x", f"http://{host}/bai-7.ldo#binh-luan"]
    crawl_one(tmp_path, paper.site())
    assert paper.times_asked() == {"/cong-doan/bai-7.ldo": 1}


def test_of_what_a_sitemap_announces_only_the_wanted_is_fetched(paper: NewsServer, tmp_path: Path) -> None:
    paper.publish(1, listed=False)
    paper.answers["/the-thao/bai-2.ldo"] = Answer(article_html(2))
    urls = "".join(
        f"<url><loc>{paper.url(path)}</loc></url>" for path in ("/cong-doan/bai-1.ldo", "/the-thao/bai-2.ldo")
    )
    paper.answers["/map.xml"] = Answer(f"<urlset>{urls}</urlset>".encode(), content_type=XML)
    start = Start(sitemaps=(paper.url("/map.xml"),), wanted="/cong-doan/")
    crawl_one(tmp_path, paper.site(start=start, address=None))
    assert archived_articles(tmp_path, paper.site()) == ["1"]


def test_a_part_of_a_sitemap_is_read_again_only_when_it_changed(paper: NewsServer, tmp_path: Path) -> None:
    paper.publish(1, 2, listed=False)
    noon = dt.datetime(2026, 9, 22, 5, 0, tzinfo=dt.UTC)
    parts = "".join(
        f"<sitemap><loc>{paper.url(path)}</loc><lastmod>{day}</lastmod></sitemap>"
        for path, day in (("/old.xml", "2026-01-31"), ("/new.xml", "2026-09-22"))
    )
    entry = "<urlset><url><loc>{}</loc></url></urlset>"
    paper.answers |= {
        "/index.xml": Answer(f"<sitemapindex>{parts}</sitemapindex>".encode(), content_type=XML),
        "/old.xml": Answer(entry.format(paper.url("/cong-doan/bai-1.ldo")).encode(), content_type=XML),
        "/new.xml": Answer(entry.format(paper.url("/cong-doan/bai-2.ldo")).encode(), content_type=XML),
    }
    site = paper.site(start=Start(sitemaps=(paper.url("/index.xml"),)))
    crawl_one(tmp_path, site, clock=standing(noon))
    assert archived_articles(tmp_path, site) == ["1", "2"]
    for days, asked in (
        (0.1, ["/robots.txt", "/index.xml", "/new.xml"]),
        (2, ["/robots.txt", "/index.xml", "/new.xml"]),
    ):
        paper.asked.clear()
        run = crawl_one(tmp_path, site, clock=standing(noon + dt.timedelta(days=days)))
        assert (paper.asked, run.warnings) == (asked, ())
    paper.asked.clear()
    quiet = crawl_one(tmp_path, site, clock=standing(noon + dt.timedelta(days=3)))
    assert (paper.asked, quiet.warnings) == (["/robots.txt", "/index.xml"], ())  # no news is no alarm


def test_a_redesigned_listing_is_read_by_all_its_links_and_said_so(paper: NewsServer, tmp_path: Path) -> None:
    paper.publish(1, 2)
    start = Start(sections=(paper.url("/cong-doan"),), items="div.box a")
    run = crawl_one(tmp_path, paper.site(start=start))
    assert run.articles == 2
    assert run.warnings[0].startswith(f"start.items selects no article on {paper.url('/cong-doan')}")


# --------------------------------------------------------------------------- limits
def test_a_walk_stops_where_the_articles_are_older_than_wanted(paper: NewsServer, tmp_path: Path) -> None:
    paper.publish(*range(100, 130), published="2026-03-01T08:00:00+07:00")
    paper.publish(*range(200, 206), published="2026-09-22T08:00:00+07:00")
    run = crawl_one(tmp_path, paper.site(), since=dt.date(2026, 9, 1))
    assert set(archived_articles(tmp_path, paper.site())) >= {str(id_) for id_ in range(200, 206)}
    assert paper.asked.count("/cong-doan") <= 4  # of eight
    assert run.finish_reason == "finished"
    crawl_one(tmp_path, paper.site())
    assert len(archived_articles(tmp_path, paper.site())) == 36


def test_articles_known_to_be_outside_the_dates_are_not_asked_for(paper: NewsServer, tmp_path: Path) -> None:
    paper.publish(1, 2, 3, listed=False)
    url = "<url><loc>{}</loc><lastmod>{}</lastmod></url>"
    entries = [
        ("/cong-doan/bai-1.ldo", "2026-08-31"),
        ("/cong-doan/bai-2.ldo", "2026-09-01"),
        ("/cong-doan/bai-3.ldo", ""),
    ]
    urlset = "".join(url.format(paper.url(path), day) for path, day in entries)
    paper.answers["/map.xml"] = Answer(f"<urlset>{urlset}</urlset>".encode(), content_type=XML)
    site = paper.site(start=Start(sitemaps=(paper.url("/map.xml"),)))
    crawl_one(tmp_path, site, since=dt.date(2026, 9, 1))
    assert archived_articles(tmp_path, site) == ["2", "3"]


def test_no_more_pages_are_fetched_than_ordered_and_the_rest_comes_later(paper: NewsServer, tmp_path: Path) -> None:
    paper.publish(*range(1000, 1012))
    run = crawl_one(tmp_path, paper.site(), max_pages=3)
    assert (run.articles, run.finish_reason) == (3, "max_pages")
    crawl_one(tmp_path, paper.site())
    assert len(archived_articles(tmp_path, paper.site())) == 12
    assert set(paper.times_asked().values()) == {1}


# --------------------------------------------------------------------------- manners
def test_what_robots_txt_forbids_is_not_asked_for(paper: NewsServer, tmp_path: Path) -> None:
    paper.publish(1)
    paper.answers["/cam/bai-2.ldo"] = Answer(article_html(2))
    paper.listed.append("/cam/bai-2.ldo")
    paper.answers["/robots.txt"] = Answer(b"User-agent: congdoan\nDisallow: /cam/\n", content_type="text/plain")
    run = crawl_one(tmp_path, paper.site(address=None))
    assert archived_articles(tmp_path, paper.site()) == ["1"]
    assert "/cam/bai-2.ldo" not in paper.asked
    assert run.errors == 0
    (agent,) = paper.agents
    assert agent.startswith("congdoan/")
    assert CONTACT in agent


@pytest.mark.parametrize(
    "robots", [Answer(b"<html><body>Trang ch\xe1\xbb\xa7</body></html>"), Answer(GATE), Answer(status=503)]
)
def test_a_page_in_place_of_robots_txt_stops_the_crawl(paper: NewsServer, tmp_path: Path, robots: Answer) -> None:
    paper.publish(1)
    paper.answers["/robots.txt"] = robots
    told: list[str] = []
    run = crawl_one(tmp_path, paper.site(), told)
    assert (run.finish_reason, run.articles, run.failed) == ("robots_unknown", 0, True)
    assert set(paper.asked) == {"/robots.txt"}
    (line,) = told
    assert "/robots.txt is answered with" in line
    assert 'politeness.robots_unknown = "crawl"' in line


def test_the_delay_of_robots_txt_is_kept(paper: NewsServer, tmp_path: Path) -> None:
    paper.publish(1)
    paper.answers["/robots.txt"] = Answer(b"User-agent: *\nCrawl-delay: 0.4\n", content_type="text/plain")
    run = crawl_one(tmp_path, paper.site())
    assert run.articles == 1
    assert run.finished_at is not None
    # four requests; the first two go out before the delay is in force, and half of it is left to chance
    assert run.finished_at - run.started_at > dt.timedelta(seconds=0.4)


def test_the_profile_may_say_to_crawl_without_robots_txt(paper: NewsServer, tmp_path: Path) -> None:
    paper.publish(1)
    paper.answers["/robots.txt"] = Answer(b"<html><body>Trang</body></html>")
    politeness = Politeness(delay=0, robots_unknown="crawl")
    assert crawl_one(tmp_path, paper.site(politeness=politeness)).articles == 1


def test_a_crawl_without_a_contact_is_refused(paper: NewsServer, tmp_path: Path) -> None:
    for contact in ("", " ", "a\r\nX-Injected: 1"):
        with pytest.raises(ContactMissing):
            crawl(tmp_path, [paper.site()], contact)
    assert paper.asked == []


def test_a_proxy_of_the_environment_is_no_way_to_this_machine(
    paper: NewsServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    monkeypatch.delenv("no_proxy", raising=False)
    paper.publish(1)
    assert crawl_one(tmp_path, paper.site()).articles == 1


def test_redirects_off_the_hosts_are_not_followed(paper: NewsServer, tmp_path: Path) -> None:
    with news_server() as other:
        other.publish(1)
        paper.publish(1)
        paper.answers["/cong-doan/bai-1.ldo"] = Answer(
            status=302, headers={"Location": other.url("/cong-doan/bai-1.ldo")}
        )
        crawl_one(tmp_path, paper.site())
        assert other.asked == []
    assert [capture.status for capture in captures(tmp_path) if "bai-1" in capture.url] == [302]


# --------------------------------------------------------------------------- gates, errors, silence
def test_a_gate_is_counted_and_the_article_asked_for_again(paper: NewsServer, tmp_path: Path) -> None:
    paper.publish(1, 2)
    paper.answers["/cong-doan/bai-2.ldo"] = Answer(GATE)
    run = crawl_one(tmp_path, paper.site())
    assert (run.articles, run.gated, run.finish_reason) == (1, 1, "finished")
    assert GATE in [capture.body for capture in captures(tmp_path)]
    paper.publish(2, listed=False)
    run = crawl_one(tmp_path, paper.site())
    assert (run.new_articles, run.gated) == (1, 0)


def test_many_gates_stop_the_crawl_with_a_way_out(paper: NewsServer, tmp_path: Path) -> None:
    paper.publish(*range(1000, 1030))
    for path in paper.listed:
        paper.answers[path] = Answer(GATE)
    told: list[str] = []
    run = crawl_one(tmp_path, paper.site(), told)
    assert (run.finish_reason, run.gated, run.articles) == ("gated", 5, 0)
    assert [line for line in told if "[politeness.cookies]" in line and paper.host in line]
    assert sum(paper.times_asked().values()) == 5


def test_the_operators_cookie_goes_out_and_not_into_the_archive(paper: NewsServer, tmp_path: Path) -> None:
    paper.publish(1)
    crawl_one(tmp_path, paper.site(politeness={"delay": 0, "cookies": {"D1N": "cua-toi"}}))
    assert paper.cookies == {"D1N=cua-toi"}
    for file in archive_files(tmp_path):
        assert b"cua-toi" not in gzip.decompress((tmp_path / file).read_bytes())


def test_a_failing_page_is_tried_again_and_then_left_for_the_next_crawl(paper: NewsServer, tmp_path: Path) -> None:
    paper.publish(1, 2)
    paper.answers["/cong-doan/bai-2.ldo"] = Answer(status=503, validators=False)
    run = crawl_one(tmp_path, paper.site())
    assert (run.articles, run.errors) == (1, 1)
    assert paper.times_asked()["/cong-doan/bai-2.ldo"] == 3
    paper.publish(2, listed=False)
    assert crawl_one(tmp_path, paper.site()).new_articles == 1


@pytest.mark.parametrize(
    ("status", "reason", "said"),
    [
        (403, "gated", "answers with a gate (a refusal (401, 403 or 451))"),
        (500, "refused", "answers 500 to everything."),
    ],
)
def test_a_site_that_refuses_everything_is_left_alone(
    paper: NewsServer, tmp_path: Path, status: int, reason: str, said: str
) -> None:
    paper.publish(*range(1000, 1040))
    crawl_one(tmp_path, paper.site(), max_pages=1)
    for path in paper.listed:
        paper.answers[path] = Answer(status=status, validators=False)
    told: list[str] = []
    run = crawl_one(tmp_path, paper.site(), told)
    assert (run.finish_reason, run.failed) == (reason, True)
    assert run.errors + run.gated in (10, 11)  # a page may be under way when the tenth answer comes
    assert told[0].startswith(f"vinhkhe: {paper.host} {said}")


def test_a_large_sitemap_is_fetched_batch_by_batch(paper: NewsServer, tmp_path: Path) -> None:
    paper.publish(*range(1000, 1000 + 2 * BATCH + 1), listed=False)
    urls = "".join(f"<url><loc>{paper.url(path)}</loc></url>" for path in paper.answers if path.endswith(".ldo"))
    paper.answers["/map.xml"] = Answer(f"<urlset>{urls}</urlset>".encode(), content_type=XML)
    run = crawl_one(tmp_path, paper.site(start=Start(sitemaps=(paper.url("/map.xml"),))))
    assert run.articles == 2 * BATCH + 1
    assert set(paper.times_asked().values()) == {1}


def test_an_unreachable_host_is_one_line_and_the_other_site_goes_on(paper: NewsServer, tmp_path: Path) -> None:
    paper.publish(1, 2, 3)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        nobody = f"127.0.0.1:{free.getsockname()[1]}"
    away = Site(
        name="thanhson",
        title="Báo Thành Sơn",
        hosts=(nobody,),
        article=r"^.*-(?P<id>\d+)\.html$",
        start=Start(sections=(f"http://{nobody}/tin",)),
        politeness=Politeness(delay=0, timeout=5),
    )
    told: list[str] = []
    lost, found = crawl(tmp_path, [away, paper.site()], CONTACT, tell=told.append)
    assert (lost.finish_reason, lost.failed, lost.fetched) == ("unreachable", True, 0)
    assert (found.finish_reason, found.articles) == ("finished", 3)
    (line,) = told
    assert line.startswith(f"thanhson: {nobody} cannot be reached: it refuses connections.")
    assert lost.warnings == (line.removeprefix("thanhson: "),)


def test_a_redesigned_site_does_not_finish_with_a_smile(paper: NewsServer, tmp_path: Path) -> None:
    paper.answers["/cong-doan"] = Answer(b'<a href="/moi/bai/1">B</a>')
    told: list[str] = []
    run = crawl_one(tmp_path, paper.site(), told)
    assert (run.finish_reason, run.failed, run.brought_nothing) == ("finished", False, True)
    assert "not one article was found" in run.warnings[0]
    assert told == [f"vinhkhe: {run.warnings[0]}"]


@pytest.mark.parametrize(
    ("robots", "code", "told"), [(b"Disallow: /", 1, "robots.txt forbids all"), (b"Allow: /", 0, "")]
)
def test_the_command_that_brings_nothing_exits_1_for_cron(
    paper: NewsServer, tmp_path: Path, robots: bytes, code: int, told: str
) -> None:
    paper.publish(1)
    paper.answers["/robots.txt"] = Answer(b"User-agent: *\n" + robots + b"\n", content_type="text/plain")
    profile = (
        'name = "vinhkhe"\ntitle = "Vinh Khe"\n'
        f"hosts = ['{paper.host}']\narticle = '{paper.site().article}'\n"
        f'[start]\nsections = ["http://{paper.host}/cong-doan"]\n[politeness]\ndelay = 0\n'
    )
    (tmp_path / "vinhkhe.toml").write_text(profile, encoding="utf-8")
    options = ("--sites", tmp_path, "--corpus", tmp_path / "corpus", "--contact", CONTACT)
    done = called("crawl", "vinhkhe", *options)
    assert done.returncode == code, done.stderr
    assert told in done.stderr


@pytest.mark.parametrize(
    "gone", [Answer(RSS.encode(), content_type=XML), Answer(b"", status=404)], ids=["empty", "404"]
)
def test_a_feed_or_listing_that_dries_up_is_noted_though_others_bring_articles(
    paper: NewsServer, tmp_path: Path, gone: Answer
) -> None:
    paper.publish(1, 2)
    items = "".join(f"<item><link>{paper.url(path)}</link></item>" for path in paper.listed)
    paper.answers["/rss"] = Answer(RSS.replace("</channel>", f"{items}</channel>").encode(), content_type=XML)
    paper.answers["/doi-song"] = Answer(b"<p>")  # a section that has not begun
    sections = (paper.url("/cong-doan"), paper.url("/doi-song"))
    paging = Paging(template="{section}?page={n}")
    site = paper.site(start=Start(sections=sections, feeds=(paper.url("/rss"),), paging=paging))
    run = crawl_one(tmp_path, site)
    assert (run.articles, run.warnings) == (2, ())
    assert dict(run.shown) == {sections[0]: 2, sections[1]: 0, paper.url("/rss"): 2}
    paper.answers["/rss"] = gone
    paper.publish(3)
    run = crawl_one(tmp_path, site)
    assert run.articles == 1
    assert [(note.code, note.line.split(";")[0]) for note in run.notes] == [
        (Code.DRIED_UP, f"{paper.url('/rss')} showed 2 articles before and shows none now"),
        (Code.DRIED_UP, f"{sections[1]} shows no article, and showed none before"),
    ]


# --------------------------------------------------------------------------- refresh
def test_a_refresh_fetches_in_full_only_what_is_new_or_changed(paper: NewsServer, tmp_path: Path) -> None:
    paper.publish(*range(1000, 1008))
    crawl_one(tmp_path, paper.site())
    paper.publish(1008)
    paper.answers["/cong-doan/bai-1003.ldo"] = Answer(article_html(1003, "Đã sửa."))
    del paper.answers["/cong-doan/bai-1004.ldo"]
    paper.asked.clear()
    paper.answered.clear()
    run = crawl_one(tmp_path, paper.site(), recheck_after=AT_ONCE)
    assert (run.articles, run.new_articles, run.not_modified, run.gone) == (2, 1, 6, 1)
    in_full = [path for path, status in paper.answered if status == 200 and path.endswith(".ldo")]
    assert sorted(in_full) == ["/cong-doan/bai-1003.ldo", "/cong-doan/bai-1008.ldo"]
    assert set(paper.times_asked().values()) == {1}
    kinds = [capture.kind for capture in captures(tmp_path)]
    assert kinds.count("revisit") == 6
    paper.asked.clear()
    again = crawl_one(tmp_path, paper.site(), recheck_after=AT_ONCE)
    assert (again.articles, again.not_modified, again.gone) == (0, 8, 0)
    assert "/cong-doan/bai-1004.ldo" not in paper.asked


def test_an_article_that_now_leads_to_the_front_page_is_gone(paper: NewsServer, tmp_path: Path) -> None:
    paper.publish(1, 2)
    paper.answers["/"] = Answer(b"<h1>Trang nh\xe1\xba\xa5t</h1>")
    crawl_one(tmp_path, paper.site())
    paper.answers["/cong-doan/bai-1.ldo"] = Answer(status=301, headers={"Location": "/"}, validators=False)
    assert crawl_one(tmp_path, paper.site(), recheck_after=AT_ONCE).gone == 1


def test_a_refresh_keeps_to_the_dates_and_sections_of_the_last_crawl(paper: NewsServer, tmp_path: Path) -> None:
    paper.publish(1, published="2026-03-01T08:00:00+07:00")
    paper.publish(2)
    paper.answers["/viec-lam"] = Answer(b'<a href="/cong-doan/bai-3.ldo">B</a>')
    paper.publish(3, listed=False)
    site = paper.site(start=Start(sections=(paper.url("/cong-doan"), paper.url("/viec-lam"))))
    crawl_one(tmp_path, site, sections=("cong-doan",), since=dt.date(2026, 9, 1))
    crawl_one(tmp_path, site, recheck_after=AT_ONCE)
    assert "/viec-lam" not in paper.asked
    crawl_one(tmp_path, site)
    assert "/viec-lam" in paper.asked


def test_known_articles_are_left_alone_unless_a_recheck_is_ordered(paper: NewsServer, tmp_path: Path) -> None:
    paper.publish(1, 2)
    crawl_one(tmp_path, paper.site())
    for recheck_after in (None, dt.timedelta(days=1)):
        crawl_one(tmp_path, paper.site(), recheck_after=recheck_after)
    assert set(paper.times_asked().values()) == {1}


# --------------------------------------------------------------------------- ends of every kind
_CRAWL = """
import sys
from pathlib import Path
from crawler.run import crawl
from crawler.site import Site
crawl(Path(sys.argv[1]), [Site.model_validate_json(sys.argv[2])], "ban@vinhkhe.vn")
"""


def start_crawl(corpus: Path, site: Site) -> subprocess.Popen[str]:
    command = [sys.executable, "-W", "error", "-c", _CRAWL, str(corpus), site.model_dump_json()]
    return subprocess.Popen(command, stderr=subprocess.PIPE, text=True)


def signal_after(paper: NewsServer, corpus: Path, requests: int, number: int, seconds: float = 0) -> tuple[int, str]:
    """Start a crawl and send it a signal so long after its n-th request came in; return its exit code and stderr."""
    running: list[subprocess.Popen[str]] = []

    def strike(_path: str) -> None:
        if len(paper.asked) == requests and not seconds:
            running[0].send_signal(number)
        elif len(paper.asked) == requests:
            threading.Timer(seconds, running[0].send_signal, (number,)).start()

    paper.on_request = strike
    running.append(start_crawl(corpus, paper.site()))
    _, stderr = running[0].communicate(timeout=60)
    paper.on_request = None
    return running[0].returncode, stderr


KILLS = 20
EACH_SIZE = 10  # articles that are new before each crawl: 200 in all, so that no crawl is idle when it is killed


@pytest.mark.slow
def test_crawls_killed_at_20_random_moments_lose_nothing_and_take_nothing_twice(
    paper: NewsServer, tmp_path: Path
) -> None:
    """At a random request, and a random while after it: in mid-answer, in mid-record, in mid-note."""
    chance, site = random.Random(20260922), paper.site()
    published = range(1000, 1000 + KILLS * EACH_SIZE)
    for number in range(KILLS):
        paper.publish(*published[number * EACH_SIZE : (number + 1) * EACH_SIZE])
        paper.asked.clear()
        after = chance.uniform(0, 0.03)
        code, _ = signal_after(paper, tmp_path, chance.randint(1, EACH_SIZE - 2), signal.SIGKILL, seconds=after)
        assert code == -signal.SIGKILL
    run = crawl_one(tmp_path, site)
    assert run.finish_reason == "finished"
    archived = Counter(archived_articles(tmp_path, site))
    assert sorted(archived) == sorted(str(id_) for id_ in published)
    assert max(archived.values()) == 1
    assert verify(tmp_path) == []
    reasons = [log.finish_reason for log in read_runs(tmp_path)]
    assert len(reasons) == KILLS + 1
    assert reasons.count(None) > KILLS / 2, "a machine may be slow to kill, and meet some on their way out"
    assert set(reasons) == {None, "finished"}


@pytest.mark.slow
def test_a_torn_record_of_a_killed_crawl_is_fetched_again(paper: NewsServer, tmp_path: Path) -> None:
    paper.publish(*range(1000, 1006))
    signal_after(paper, tmp_path, 5, signal.SIGKILL)
    path = tmp_path / archive_files(tmp_path)[0]
    os.truncate(path, path.stat().st_size - 11)
    crawl_one(tmp_path, paper.site())
    assert archived_articles(tmp_path, paper.site()) == [str(id_) for id_ in range(1000, 1006)]
    assert verify(tmp_path) == []


@pytest.mark.slow
def test_ctrl_c_stops_gently_and_the_next_crawl_goes_on(paper: NewsServer, tmp_path: Path) -> None:
    paper.publish(*range(1000, 1020))
    code, stderr = signal_after(paper, tmp_path, 8, signal.SIGINT)
    assert code == 0
    assert stderr.startswith("Stopping after the pages under way")
    assert "Traceback" not in stderr
    (stopped,) = read_runs(tmp_path)
    assert (stopped.finish_reason, stopped.failed) == ("stopped", False)
    assert 0 < stopped.articles < 20
    crawl_one(tmp_path, paper.site())
    assert archived_articles(tmp_path, paper.site()) == [str(id_) for id_ in range(1000, 1020)]
    assert set(paper.times_asked().values()) == {1}


@pytest.mark.slow
def test_a_second_ctrl_c_stops_at_once(paper: NewsServer, tmp_path: Path) -> None:
    paper.publish(*range(1000, 1010))
    running: list[subprocess.Popen[str]] = []

    def strike(_path: str) -> None:
        if len(paper.asked) == 5:
            paper.delay = 200  # the page under way would take long
            running[0].send_signal(signal.SIGINT)

    paper.on_request = strike
    running.append(start_crawl(tmp_path, paper.site()))
    first = running[0].stderr
    assert first is not None
    assert first.readline().startswith("Stopping after the pages under way")
    running[0].send_signal(signal.SIGINT)
    _, stderr = running[0].communicate(timeout=100)
    assert stderr == "Stopped at once; the next crawl goes on from here\n"
    paper.on_request, paper.delay = None, 0
    crawl_one(tmp_path, paper.site())
    assert archived_articles(tmp_path, paper.site()) == [str(id_) for id_ in range(1000, 1010)]


def test_two_crawls_do_not_meet_on_one_corpus(paper: NewsServer, tmp_path: Path) -> None:
    with (tmp_path / "crawl.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        lock.write("process 4711 since 2026-09-22 04:20:00 UTC")
        lock.flush()
        with pytest.raises(CorpusBusy, match="is being crawled by process 4711 since 2026-09-22"):
            crawl_one(tmp_path, paper.site())
    assert crawl_one(tmp_path, paper.site()).finish_reason == "finished"


def test_an_unwritable_archive_stops_the_crawl_with_one_line(paper: NewsServer, tmp_path: Path) -> None:
    paper.publish(1)
    (tmp_path / "archive").write_text("a file where the folder should be")
    with pytest.raises(ArchiveUnwritable, match=r"^cannot write .*archive.*What is archived is kept"):
        crawl_one(tmp_path, paper.site())
    assert paper.asked == []
