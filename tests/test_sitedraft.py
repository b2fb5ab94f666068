"""A site that nobody has described gets a draft profile from a handful of requests, and the crawl works with it."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from newsserver import GATE, Answer, NewsServer, news_server

from crawler.run import crawl
from crawler.site import load_site
from pipeline.demo.newspaper import read_paper
from pipeline.demo.server import DemoNewspaper
from pipeline.sitedraft import Link, shapes_by_use

MOST_REQUESTS = 15


def drafted(url: str, folder: Path) -> subprocess.CompletedProcess[str]:
    words = ("sites", "new", url, "--into", folder / "sites", "--delay", "0", "--contact", "a@example.org")
    call = [sys.executable, "-m", "pipeline.cli", *map(str, words), "--corpus", str(folder / "corpus")]
    return subprocess.run(call, capture_output=True, text=True, timeout=120, check=False)


def refused(url: str, folder: Path) -> str:
    told = drafted(url, folder)
    assert told.returncode in (1, 2)
    assert not list(folder.glob("sites/*"))
    return told.stderr.strip().splitlines()[-1]


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
        (log,) = crawl(tmp_path / "corpus", [hurried], "a@example.org", tell=lambda _: None)
        assert log.new_articles >= 0.9 * len(online)


@pytest.mark.slow
def test_a_draft_is_never_written_over_another(tmp_path: Path) -> None:
    with DemoNewspaper() as newspaper:
        url = newspaper.origin("thudo") + "/"
        path = Path(drafted(url, tmp_path).stdout.strip())
        before = path.read_text(encoding="utf-8")
        again = drafted(url, tmp_path)
    assert again.returncode == 2
    assert "is there already" in again.stderr
    assert path.read_text(encoding="utf-8") == before


# --------------------------------------------------------------------------- a small portal, its ids in the query
def portal(server: NewsServer) -> None:
    numbers = range(41, 49)
    menu = '<nav><a href="/Default.aspx?tabid=7">Tin công đoàn</a></nav>'
    rows = "".join(
        f'<h3><a href="/Default.aspx?tabid=9&amp;ID={n}">Công đoàn xã Vĩnh Khê họp bàn lần thứ {n}</a></h3>'
        for n in numbers
    )
    listing = f"<html><head><title>Công đoàn Vĩnh Khê</title></head><body>{menu}{rows}</body></html>".encode()
    server.answers["/"] = server.answers["/Default.aspx?tabid=7"] = Answer(listing)
    for number in numbers:
        title = f"Công đoàn xã Vĩnh Khê họp bàn lần thứ {number}"
        lines = "".join(
            f"<p>Sáng nay, tổ công đoàn số {part} của xã đã bàn việc chăm lo đời sống đoàn viên, góp ý cho thỏa ước "
            f"lao động tập thể và bầu người đi dự hội nghị cấp trên vào tuần sau.</p>"
            for part in range(1, 6)
        )
        page = (
            f"<html><head><title>{title}</title></head><body>{menu}<h1>{title}</h1><div>22/09/2026 08:15</div>{lines}"
        )
        server.answers[f"/Default.aspx?tabid=9&ID={number}"] = Answer(f"{page}</body></html>".encode())


@pytest.mark.slow
def test_an_id_in_the_query_is_found(tmp_path: Path) -> None:
    with news_server() as server:
        portal(server)
        told = drafted(server.url("/"), tmp_path)
        assert told.returncode == 0, told.stderr
        site = load_site(Path(told.stdout.strip()))
        assert site.article_id(server.url("/Default.aspx?tabid=9&ID=47")) == "47"
        assert site.article_id(server.url("/Default.aspx?tabid=7")) is None
        assert site.start.sections == (server.url("/Default.aspx?tabid=7"),)
        assert (site.start.feeds, site.start.sitemaps, site.layouts) == ((), (), ())
        text = Path(told.stdout.strip()).read_text(encoding="utf-8")
        for said in ("the id is ID in the query", "no feed was found", "robots.txt names none", "no known family"):
            assert f"{said}" in text


def test_numbers_of_the_query_that_differ_are_part_of_the_identity() -> None:
    links = [Link(f"https://vinhkhe.example/?Def={n % 2}&ID={n}", "Một hai ba bốn năm") for n in range(6)]
    shape, _ = shapes_by_use(links)[0]
    found = re.match(shape.pattern("vinhkhe.example"), "https://www.vinhkhe.example/?Def=1&ID=2470&utm_source=x")
    assert found is not None
    assert found.groupdict() == {"id_def": "1", "id": "2470"}


# --------------------------------------------------------------------------- refusals
@pytest.mark.slow
def test_what_cannot_be_drafted_is_refused_in_one_line(tmp_path: Path) -> None:
    assert "not an http(s) address" in refused("ftp://vinhkhe.example/", tmp_path)
    assert "cannot be reached" in refused("http://127.0.0.1:9/", tmp_path)
    with news_server() as server:
        server.answers["/"] = Answer(b"<html><body><p>Trang dang xay dung</p></body></html>")
        assert "no article found" in refused(server.url("/"), tmp_path)
        server.answers["/"] = Answer(GATE)
        assert "gate page" in refused(server.url("/"), tmp_path)
        server.answers["/robots.txt"] = Answer(b"User-agent: *\nDisallow: /\n", content_type="text/plain")
        assert "robots.txt forbids it" in refused(server.url("/"), tmp_path)
        server.answers["/robots.txt"] = Answer(b"<html>Xin chao</html>")
        assert "what may be crawled is unknown" in refused(server.url("/"), tmp_path)
