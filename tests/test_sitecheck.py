"""A profile is tried on pages of its site, archived or live, and each selector that no longer matches is named."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from command import called
from newsserver import GATE
from vinhkhe import HTML

from crawler.archive import ArchiveWriter, Capture, Exchange
from crawler.profile import Layout
from crawler.site import Site, SiteProfileInvalid, load_site
from crawler.sites import Sites
from pipeline.demo.server import DemoNewspaper, demo_sites
from pipeline.parse import parse_html
from pipeline.sitecheck import NothingToCheck, Sample, SiteReport, check_profile, report_lines, report_values, sample

SITES = Path(__file__).parents[1] / "crawler" / "sites"
PAGES = Path(__file__).parent / "pages"


def stored(site: str) -> Iterator[tuple[str, bytes, dt.datetime]]:
    """Give (address, page, time of the capture) of our own pages of a site."""
    for path in sorted((PAGES / site).glob("*.html")):
        told: dict[str, Any] = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
        yield told["url"], path.read_bytes(), dt.datetime.fromisoformat(told["fetched_at"])


def capture(url: str, body: bytes, at: dt.datetime, **more: Any) -> Capture:
    values: dict[str, Any] = {"status": 200, "content_type": HTML, "headers": (), "kind": "response"} | more
    return Capture(url=url, site="", fetched_at=at, body=body, file="", offset=0, record_id="", **values)


def captures(site: str) -> list[Capture]:
    return [capture(*page) for page in stored(site)]


def tried(site: Site, *pages: Capture, listings: tuple[Capture, ...] = ()) -> SiteReport:
    return check_profile(site, Sample(pages, listings))


def archived(corpus: Path, site: str) -> Path:
    with ArchiveWriter(corpus, site, "eigen") as writer:
        for url, body, at in stored(site):
            writer.write_response(Exchange(url, at, headers=[("Content-Type", HTML)]), body)
    return corpus


def with_layout(site: Site, **changed: object) -> Site:
    first, *others = site.layouts
    return site.model_copy(update={"layouts": (first.model_copy(update=changed), *others)})


# --------------------------------------------------------------------------- the report
@pytest.mark.parametrize("site", list(Sites()), ids=lambda site: site.name)
def test_every_shipped_profile_fits_our_pages_of_its_site(site: Site) -> None:
    report = tried(site, *captures(site.name))
    assert report.pages >= 2
    assert {field.name for field in report.fields if field.given < report.pages} <= {"lead"}
    assert (report.refused, report.not_counted) == ({}, {})


def test_a_selector_that_no_longer_matches_is_named_though_the_generic_way_still_reads_the_page() -> None:
    site = with_layout(Sites()["nld_com_vn"], body=("div.than-bai-moi",), drop=())
    report = tried(site, *captures(site.name))
    (body,) = report.too_few
    assert (body.name, body.given, body.by_profile, body.pages) == ("body", 3, 1, 3)
    assert report.read_by == {"family/vccorp": 2, "nld_com_vn/2020": 1}
    assert list(report_lines(report))[-1] == (
        "nld_com_vn: body on 1 of 3 pages, expected 97% (layout 2023: div.than-bai-moi matches 0 of 3). "
        "If the site was redesigned, add a layout to its profile, nld_com_vn.toml"
    )


def test_a_layout_is_tried_on_pages_of_its_time_only() -> None:
    laodong = Sites()["laodong_vn"]
    report = tried(laodong, *captures("laodong_vn"))
    counts = {(count.layout, count.css): (count.matched, count.pages) for count in report.selectors}
    assert counts["2024", ".art-body"] == (2, 4)
    assert counts["2020", ".article-content"] == (2, 2)
    recent = [one for one in captures("laodong_vn") if one.fetched_at.year == 2026]
    lines = list(report_lines(tried(laodong, *recent)))
    assert lines[0] == "laodong_vn: 2 article pages, fetched 2026-10-01"
    assert "layout 2020: 0 pages of its time" in lines
    assert "  body          2 of 2  .art-body" in lines


def test_gates_and_missing_pages_do_not_count_against_a_profile() -> None:
    site = Sites()["laodong_vn"]
    at = dt.datetime(2026, 10, 2, tzinfo=dt.UTC)
    gates = [capture(f"https://laodong.vn/cong-doan/bai-{1812600 + number}.ldo", GATE, at) for number in range(3)]
    empty = capture("https://laodong.vn/cong-doan/bai-1812700.ldo", b"<h1>V</h1><p>Sap co.</p>", at)
    report = tried(site, *captures("laodong_vn"), *gates, empty)
    assert (report.pages, report.not_counted, report.refused) == (5, {"gate": 3}, {"not_article": 1})
    assert [field.name for field in report.too_few] == ["title", "lead", "date", "body"]
    with pytest.raises(NothingToCheck, match="laodong_vn: no article page to try the profile on; gate 3"):
        tried(site, *gates)


def test_a_selector_may_give_strings_where_a_line_is_read_and_nowhere_else(tmp_path: Path) -> None:
    page = (
        b'<html><head><meta name="tieu-de" content="Ten bai trong dau trang"></head><body><time class="ngay" '
        b'data-luc="2026-09-22T08:15:00+07:00">Thu ba</time><p data-ten="Minh Tue" class="bt">.</p><div class="than">'
        b"<p>" + b"mot hai ba bon nam sau bay tam chin muoi " * 3 + b"</p></div></body></html>"
    )
    layout = Layout(
        name="2026",
        title=("meta[name=tieu-de]::attr(content)",),
        body=("div.than",),
        authors=("p.bt::attr(data-ten)",),
        published=("time.ngay::attr(data-luc)",),
    )
    site = Sites()["laodong_vn"].model_copy(update={"layouts": (layout,)})
    one = capture("https://laodong.vn/cong-doan/bai-1812600.ldo", page, dt.datetime(2026, 10, 2, tzinfo=dt.UTC))
    read = parse_html(one.body, one.url, site, fetched_at=one.fetched_at)
    assert (read.title, read.authors) == ("Ten bai trong dau trang", ("Minh Tue",))
    assert read.published_at == dt.datetime(2026, 9, 22, 1, 15, tzinfo=dt.UTC)
    report = tried(site, one)
    assert {(count.part, count.matched) for count in report.selectors} == {
        *(("title", 1), ("published", 1), ("body", 1), ("authors", 1))
    }
    profile = tmp_path / "laodong_vn.toml"
    text = (SITES / "laodong_vn.toml").read_text(encoding="utf-8")
    profile.write_text(text.replace('"#gallery-ctt.art-body"', '"div.art-body::text"'), encoding="utf-8")
    with pytest.raises(SiteProfileInvalid, match=r"layouts\.0\.body.*without ::text and ::attr\(\)"):
        load_site(profile)


def test_the_newest_capture_of_each_article_is_taken_and_nothing_else() -> None:
    site = Sites()["laodong_vn"]
    at = dt.datetime(2026, 10, 1, tzinfo=dt.UTC)

    def seen(id_: int, days: int, **more: Any) -> Capture:
        url = f"https://laodong.vn/cong-doan/bai-{id_}.ldo"
        return capture(url, str(days).encode(), at + dt.timedelta(days=days), **more)

    others = [
        seen(1800099, 9, status=404),
        seen(1800099, 9, kind="revisit"),
        seen(1800099, 9, content_type="image/png"),
        capture("https://news.laodong.vn/cong-doan/bai-1800099.ldo", b"", at),
    ]
    many = [seen(1800000 + number, number % 7) for number in range(50)]
    listings = [capture("https://laodong.vn/cong-doan", body, at) for body in (b"alt", b"neu")]
    chosen = sample([seen(1800001, 8), *others, *listings, *many, seen(1800003, 12), seen(1800003, 11)], site, 3)
    assert [one.body for one in chosen.pages] == [b"6", b"8", b"12"]
    assert [one.body for one in chosen.listings] == [b"neu"]


def test_the_selector_of_listed_articles_is_tried_on_the_sections() -> None:
    site = Sites()["nld_com_vn"]
    link = '<a class="{}" data-linktype="newsdetail" href="/bai-19626040108051234{}.htm">Bài</a>'
    zone = '<input id="hdZoneId" value="1961014">'
    at = dt.datetime(2026, 10, 1, tzinfo=dt.UTC)

    def section(css: str) -> Capture:
        rows = "".join(link.format(css, number) for number in range(3))
        return capture("https://nld.com.vn/lao-dong.htm", f"<body>{zone}{rows}</body>".encode(), at)

    fitting = tried(site, *captures("nld_com_vn"), listings=(section("box-category-link-title"),))
    assert fitting.fits
    assert (
        "section https://nld.com.vn/lao-dong.htm: 3 articles by start.items, 3 in all; "
        "https://nld.com.vn/timelinelist/1961014/2.htm"
    ) in list(report_lines(fitting))
    lost = tried(site, *captures("nld_com_vn"), listings=(section("ten-moi"),))
    assert not lost.fits
    assert list(report_lines(lost))[-1].startswith("nld_com_vn: start.items finds no article on any section")


def test_start_addresses_that_are_gone_empty_gated_or_forbidden_need_a_person() -> None:
    site = Sites()["laodong_vn"]
    at = dt.datetime(2026, 10, 1, tzinfo=dt.UTC)
    sections, (feed,), (sitemap,) = site.start.sections, site.start.feeds, site.start.sitemaps
    listed = b'<a href="/cong-doan/bai-1812600.ldo">Bai</a>'
    index = b'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><sitemap><loc>https://laodong.vn/s-1.xml</loc></sitemap></sitemapindex>'
    rules = b"User-agent: *\nCrawl-delay: 7\nDisallow: /viec-lam\n"
    answers = (
        capture(sections[0], listed, at),
        capture(sections[1], b"", at, status=404),
        capture(sections[2], b"", at, status=301, headers=(("Location", "/"),)),
        capture(sections[3], GATE, at),
        capture(feed, b"<rss version='2.0'><channel><title>t</title></channel></rss>", at),
        capture(sitemap, index, at),
        capture("https://laodong.vn/robots.txt", rules, at, content_type="text/plain"),
    )
    report = check_profile(site, Sample(tuple(captures("laodong_vn")), (answers[0],), answers), live=True)
    assert [(one.said, one.wrong) for one in report.starts] == [
        ("1 articles", False),
        ("answered with 404", True),
        ("leads to https://laodong.vn/", True),
        ("a gate page", True),
        ("no answer came", True),
        ("0 articles", True),
        ("an index of 1 parts", False),
    ]
    assert report.robots.said.startswith("forbids 1 of ")
    assert report.robots.forbidden == ("https://laodong.vn/viec-lam",)
    assert report.robots.said.endswith("; asks for 7 s between requests, the profile waits 3")
    lines = list(report_lines(report))
    assert f"section {sections[1]}: answered with 404  LOOK" in lines
    assert not report.fits
    values = json.loads(json.dumps(report_values(report)))
    assert (values["needs_person"], values["too_few"], values["robots"]["wrong"]) == (True, [], True)
    unknown = (capture("https://laodong.vn/robots.txt", b"<html>Xin chao</html>", at),)
    stopped = check_profile(site, Sample(tuple(captures("laodong_vn")), (), unknown))
    assert (stopped.robots.said, stopped.fits) == ("answered with an HTML page: what is allowed is unknown", False)
    commented = (capture("https://laodong.vn/robots.txt", b"# ask <bientap@vidu.vn>\nUser-agent: *\nDisallow:\n", at),)
    assert check_profile(site, Sample(tuple(captures("laodong_vn")), (), commented)).robots.said.startswith(
        "allows all"
    )
    missing = (capture("https://laodong.vn/robots.txt", b"", at, status=404),)
    assert check_profile(site, Sample(tuple(captures("laodong_vn")), (), missing)).fits


def test_an_old_layout_that_matches_nothing_on_pages_of_its_time_is_named() -> None:
    site = Sites()["laodong_vn"]
    lost = dict.fromkeys(("title", "lead", "body", "published"), ("div.khong-con",))
    empty: dict[str, tuple[str, ...]] = dict.fromkeys(("drop", "captions", "authors", "section", "tags"), ())
    old = site.layouts[1].model_copy(update={**lost, **empty})
    report = tried(site.model_copy(update={"layouts": (site.layouts[0], old)}), *captures("laodong_vn"))
    assert report_values(report)["unmatched_layouts"] == ["2020"]
    assert "layout 2020: 2 pages of its time, and not one selector matches" in list(report_lines(report))


# --------------------------------------------------------------------------- the command
def test_the_command_tries_a_profile_on_an_archive_or_a_warc_file(tmp_path: Path) -> None:
    corpus = archived(tmp_path / "corpus", "laodongthudo_vn")
    done = called("sites", "check", "laodongthudo_vn", "--archive", corpus, "--corpus", tmp_path / "leer")
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout.startswith("laodongthudo_vn: 3 article pages, fetched 2022-02-01 to 2026-10-01\n")
    assert "  title  by the profile 3 of 3 (100%), in all 3 of 3 (100%), expected 99%\n" in done.stdout
    assert "  lead   by the profile 2 of 3 (67%), in all 2 of 3 (67%), expected 80%  TOO FEW\n" in done.stdout
    (warc,) = corpus.rglob("*.warc.gz")
    again = called("sites", "check", "laodongthudo_vn", "--archive", warc, "--pages", "1")
    assert (again.returncode, again.stderr) == (0, "")
    assert again.stdout.startswith("laodongthudo_vn: 1 article pages, fetched 2026-10-01\n")


def test_the_command_says_when_there_is_nothing_to_try_a_profile_on(tmp_path: Path) -> None:
    corpus = archived(tmp_path / "corpus", "laodongthudo_vn")
    for folder in (corpus, tmp_path / "nirgends"):
        done = called("sites", "check", "nld_com_vn", "--corpus", folder)
        assert (done.returncode, done.stdout) == (1, "")
        assert done.stderr == (
            f"congdoan: {folder}: no article page of nld_com_vn in it; fetch some with "
            "`congdoan crawl nld_com_vn --max-pages 20`, or try the live site with --live\n"
        )
    with ArchiveWriter(corpus, "nld_com_vn", "eigen") as writer:
        at = dt.datetime(2026, 10, 1, tzinfo=dt.UTC)
        writer.write_response(
            Exchange("https://nld.com.vn/lao-dong.htm", at, headers=[("Content-Type", HTML)]), b"<p>Moi</p>"
        )
    told = called("sites", "check", "nld_com_vn", "--corpus", corpus)
    assert told.returncode == 1
    assert told.stdout == (
        "section https://nld.com.vn/lao-dong.htm: 0 articles by start.items, 0 in all; no second page\n"
        "section https://nld.com.vn/lao-dong.htm: 0 articles  LOOK\n"
        "5 of 6 start addresses are not among the pages tried, such as https://nld.com.vn/lao-dong/cong-doan-cong-nhan.htm\n"
    )
    both = called("sites", "check", "nld_com_vn", "--archive", corpus, "--live")
    assert (both.returncode, both.stdout) == (2, "")


@pytest.fixture
def newspaper() -> Iterator[DemoNewspaper]:
    with DemoNewspaper() as paper:
        yield paper


@pytest.mark.slow
def test_the_live_site_is_asked_for_a_few_pages_and_none_is_kept(newspaper: DemoNewspaper, tmp_path: Path) -> None:
    profiles, corpus = tmp_path / "profiles", tmp_path / "corpus"
    demo_sites(newspaper.origins, profiles)
    order = ("--live", "--pages", "6", "--sites", profiles, "--corpus", corpus, "--contact", "ban@vinhkhe.vn")
    done = called("sites", "check", "thoibao", *order)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.startswith("thoibao: 6 article pages, fetched ")
    assert "  read by: thoibao/2026 6\n" in done.stdout
    assert sorted(path.name for path in corpus.iterdir()) == ["contact.txt", "crawl.lock", "requests.json"]
    asked = [one.path for one in newspaper.asked("thoibao")]
    (counted,) = json.loads((corpus / "requests.json").read_text(encoding="utf-8")).values()
    assert [*counted.values()] == [len(asked)]
    assert asked[0] == "/robots.txt"
    assert sum(path.endswith(".ldo") for path in asked) == 6
    assert len(asked) < 20
    assert not any("sitemap" in path for path in asked)

    profile = profiles / "thoibao.toml"
    profile.write_text(profile.read_text(encoding="utf-8").replace("div.chappeau", "div.sa-po"), encoding="utf-8")
    broken = called("sites", "check", "thoibao", *order)
    assert broken.returncode == 1
    assert broken.stdout.splitlines()[-1].startswith(
        "thoibao: lead on 0 of 6 pages, expected 80% (layout 2026: div.sa-po matches 0 of 6). If the site"
    )


@pytest.mark.slow
def test_a_live_site_behind_a_gate_is_left_alone_and_the_operator_told(tmp_path: Path) -> None:
    with DemoNewspaper(gate=True) as newspaper:
        demo_sites(newspaper.origins, tmp_path / "profiles")
        order = (
            "--live",
            "--sites",
            tmp_path / "profiles",
            "--corpus",
            tmp_path / "corpus",
            "--contact",
            "a@vinhkhe.vn",
        )
        done = called("sites", "check", "thoibao", *order)
        feed, section = (newspaper.origin("thoibao") + path for path in ("/rss/cong-doan.rss", "/cong-doan"))
    assert done.returncode == 1
    lines = done.stdout.splitlines()
    assert {"robots.txt allows all that was tried", f"feed {feed}: 7 articles"} < set(lines)
    assert f"section {section}: a gate page  LOOK" in lines
    assert "answers with a gate" in done.stderr
    assert done.stderr.splitlines()[-1].endswith(": no article page of thoibao was received")
