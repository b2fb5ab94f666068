"""What a hostile or broken site sends ends in a counted, explained outcome, within bounded time and memory."""

from __future__ import annotations

import datetime as dt
import gzip
import ipaddress
import ssl
import threading
import time
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

import pytest
from crawling import crawl_one, standing
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from newsserver import Answer, NewsServer, article_html, news_server

from crawler.archive import Capture, archive_files, read_captures, verify
from crawler.clock import Clock
from crawler.listing import LONGEST_ADDRESS
from crawler.payload import LARGEST_BODY_BYTES, inflated
from crawler.permission import LARGEST_ROBOTS_BYTES
from crawler.profile import Paging, Politeness, Start
from crawler.settings import MOST_REDIRECTS
from crawler.site import Site

XML = "application/xml"
PATIENCE = 0.5  # seconds the crawler waits where no answer comes, or none that ends


@pytest.fixture
def paper() -> Iterator[NewsServer]:
    with news_server() as server:
        server.publish(1)
        yield server


def site_of(paper: NewsServer, *, timeout: float = 10, **more: object) -> Site:
    return paper.site(**{"politeness": Politeness(delay=0, timeout=timeout), "address": None} | more)


def log_of(corpus: Path) -> str:
    return (corpus / "crawl.log").read_text(encoding="utf-8")


def captures(corpus: Path) -> list[Capture]:
    return [capture for file in archive_files(corpus) for capture in read_captures(corpus, file)]


def articles(corpus: Path, site: Site) -> dict[str | None, bytes]:
    return {
        site.article_id(capture.url): capture.body
        for capture in captures(corpus)
        if capture.status == 200 and site.article_id(capture.url)
    }


def writes(data: bytes) -> Callable[[BinaryIO], None]:
    return lambda out: out.write(data) and out.flush()


def head(length: int | str, status: str = "200 OK", more: str = "") -> bytes:
    return f"HTTP/1.1 {status}\r\nContent-Type: text/html\r\nContent-Length: {length}\r\n{more}\r\n".encode()


# --------------------------------------------------------------------------- listings without end
def test_a_listing_with_ever_new_articles_ends_at_the_profiles_last_page(paper: NewsServer, tmp_path: Path) -> None:
    pages = iter(range(1_000_000))

    def calendar(out: BinaryIO) -> None:
        page = next(pages)
        body = (
            f'<a href="/ngay-{page + 100}.ldo">Ngày</a><div class="sau"><a href="/lich?{page}">Sau</a></div>'.encode()
        )
        out.write(head(len(body)) + body)
        paper.publish(page + 100, listed=False)

    paper.raw["/lich"] = calendar
    paging = Paging(next="div.sau a", max_pages=20)
    run = crawl_one(tmp_path, site_of(paper, start=Start(sections=(paper.url("/lich"),), paging=paging)))
    assert paper.asked.count("/lich") == 20
    assert run.finish_reason == "finished"
    assert run.warnings[0].startswith(f"{paper.url('/lich')} still shows unseen articles on page 20")


def test_a_calendar_without_articles_is_left_at_once(paper: NewsServer, tmp_path: Path) -> None:
    paper.raw["/lich"] = writes(head(46) + b'<div class="sau"><a href="/lich?x">Sau</a></div>'[:46])
    start = Start(sections=(paper.url("/lich"),), paging=Paging(next="div.sau a"))
    run = crawl_one(tmp_path, site_of(paper, start=start))
    assert paper.asked.count("/lich") == 1
    assert "not one article was found" in run.warnings[0]


def test_a_listing_larger_than_any_is_an_error_in_words(paper: NewsServer, tmp_path: Path) -> None:
    paper.answers["/cong-doan"] = Answer(b"<h3><a href=/cong-doan/bai-1.ldo>B</a></h3>" * 120_000)
    run = crawl_one(tmp_path, site_of(paper))
    assert (run.articles, run.errors) == (0, 1)
    assert f"{paper.url('/cong-doan')}: no listing: it has 5,160,000 bytes" in run.warnings


@pytest.mark.parametrize("trap", [b"<div><a href=/cong-doan/bai-1.ldo>", b"<a href=/cong-doan/bai-1.ldo>x</a><i>1</i>"])
def test_links_to_one_article_without_end_are_read_in_the_length_of_the_page(
    paper: NewsServer, tmp_path: Path, trap: bytes
) -> None:
    paper.answers["/cong-doan"] = Answer(b"<html>" + trap * 30_000)  # some minutes, were each read with all around it
    run = crawl_one(tmp_path, site_of(paper))
    assert (run.articles, run.errors, run.finish_reason) == (1, 0, "finished")


def test_a_pager_that_leads_in_a_circle_ends(paper: NewsServer, tmp_path: Path) -> None:
    paper.publish(2, listed=False)
    page = '<a href="/cong-doan/bai-{}.ldo">B</a><div class="sau"><a href="/trang-{}">Sau</a></div>'
    paper.answers |= {"/trang-1": Answer(page.format(1, 2).encode()), "/trang-2": Answer(page.format(2, 1).encode())}
    start = Start(sections=(paper.url("/trang-1"),), paging=Paging(next="div.sau a"))
    assert crawl_one(tmp_path, site_of(paper, start=start)).articles == 2
    paper.asked.clear()
    crawl_one(tmp_path, site_of(paper, start=start))
    assert paper.asked == ["/robots.txt", "/trang-1"]


def test_sitemaps_inside_sitemaps_without_end_are_left(paper: NewsServer, tmp_path: Path) -> None:
    numbers = iter(range(1_000_000))

    def index(out: BinaryIO) -> None:
        child = f"<sitemap><loc>{paper.url(f'/map.xml?{next(numbers)}')}</loc></sitemap>"
        body = f"<sitemapindex>{child}</sitemapindex>".encode()
        out.write(head(len(body)) + body)

    paper.raw["/map.xml"] = index
    run = crawl_one(tmp_path, site_of(paper, start=Start(sitemaps=(paper.url("/map.xml"),))))
    assert (paper.asked.count("/map.xml"), run.errors) == (4, 1)
    assert "a sitemap index inside 3 others" in run.warnings[0]


# --------------------------------------------------------------------------- addresses
def test_an_article_that_redirects_for_ever_is_an_error_in_words(paper: NewsServer, tmp_path: Path) -> None:
    paper.publish(2)
    paper.answers["/cong-doan/bai-2.ldo"] = Answer(status=302, headers={"Location": "/cong-doan/bai-2.ldo"})
    run = crawl_one(tmp_path, site_of(paper))
    assert (run.articles, run.errors, run.finish_reason) == (1, 1, "finished")
    assert paper.times_asked()["/cong-doan/bai-2.ldo"] == MOST_REDIRECTS + 1
    assert "/cong-doan/bai-2.ldo: redirects without end" in log_of(tmp_path)


@pytest.mark.parametrize("location", ["http://[", "/" + "a" * 300_000, "javascript:alert(1)", "//", ""])
def test_a_redirect_to_no_address_is_an_error(paper: NewsServer, tmp_path: Path, location: str) -> None:
    if len(location) > 60_000:  # more than HTTP clients take of a head: an address short of that
        location = location[:5_000]
    paper.publish(2)
    paper.raw["/cong-doan/bai-2.ldo"] = writes(head(0, "302 Found", f"Location: {location}\r\n"))
    run = crawl_one(tmp_path, site_of(paper))
    assert (run.articles, run.errors + run.gone, run.finish_reason) == (1, 1, "finished")


def test_addresses_of_300_kilobytes_are_left_out_and_counted(paper: NewsServer, tmp_path: Path) -> None:
    paper.listed.append("/cong-doan/" + "bai-" * 75_000 + "9.ldo")
    run = crawl_one(tmp_path, site_of(paper))
    assert (run.articles, run.errors) == (1, 0)
    assert run.warnings[0].endswith(f"they are longer than {LONGEST_ADDRESS} characters")


def test_a_sitemap_of_other_hosts_is_said_and_none_of_them_asked(paper: NewsServer, tmp_path: Path) -> None:
    with news_server() as other:
        urls = [other.url("/cong-doan/bai-7.ldo"), other.url("/cong-doan/bai-8.ldo"), paper.listed[0], "http://[", ""]
        urlset = "".join(f"<url><loc>{url}</loc></url>" for url in urls)
        paper.answers["/map.xml"] = Answer(f"<urlset>{urlset}</urlset>".encode(), content_type=XML)
        run = crawl_one(tmp_path, site_of(paper, start=Start(sitemaps=(paper.url("/map.xml"),))))
        assert other.asked == []
    assert (run.articles, run.errors) == (1, 0)
    assert "2 of 3 addresses are on other hosts and were left out" in run.warnings[0]


# --------------------------------------------------------------------------- bodies
def drips(beginning: bytes, drop: bytes) -> Callable[[BinaryIO], None]:
    def drip(out: BinaryIO) -> None:
        out.write(beginning)
        try:
            while True:
                out.write(drop)
                out.flush()
                time.sleep(0.05)
        except OSError:
            return

    return drip


@pytest.mark.parametrize(
    ("beginning", "drop"),
    [pytest.param(head(1_000), b".", id="body"), pytest.param(b"HTTP/1.1 200 OK\r\n", b"X-A: b\r\n", id="head")],
)
def test_an_answer_that_only_drips_is_given_up(
    paper: NewsServer, tmp_path: Path, beginning: bytes, drop: bytes
) -> None:
    paper.publish(2)
    paper.raw["/cong-doan/bai-2.ldo"] = drips(beginning, drop)
    run = crawl_one(tmp_path, site_of(paper, timeout=PATIENCE))
    assert (run.articles, run.errors, run.finish_reason) == (1, 1, "finished")
    assert "no answer: it did not answer in full within 0.5 s" in log_of(tmp_path)


def test_a_gzip_bomb_is_not_unpacked(paper: NewsServer, tmp_path: Path) -> None:
    paper.publish(2)
    bomb = gzip.compress(bytes(2 * LARGEST_BODY_BYTES))
    paper.answers["/cong-doan/bai-2.ldo"] = Answer(bomb, headers={"Content-Encoding": "gzip"})
    run = crawl_one(tmp_path, site_of(paper))
    assert (run.articles, run.errors, run.finish_reason) == (1, 1, "finished")
    assert "bai-2.ldo: pages that unpack to more than any page" in log_of(tmp_path)
    sizes = [len(capture.body) for capture in captures(tmp_path) if "bai-2" in capture.url]
    assert sizes == [len(bomb)]  # archived as it came, and read back no larger


def test_a_bomb_in_an_archive_stays_packed_within_bounded_memory() -> None:
    bomb = gzip.compress(bytes(20 * LARGEST_BODY_BYTES), compresslevel=1)
    tracemalloc.start()
    assert inflated(bomb, "gzip") is None
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 3 * LARGEST_BODY_BYTES


def test_an_endless_body_is_cut_off(paper: NewsServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crawler.settings.LARGEST_ANSWER_BYTES", 1_000_000)

    def endless(out: BinaryIO) -> None:
        out.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\n\r\n")
        try:
            while True:
                out.write(b"<p>" * 10_000)
        except OSError:
            return

    paper.publish(2)
    paper.raw["/cong-doan/bai-2.ldo"] = endless
    run = crawl_one(tmp_path, site_of(paper))
    assert (run.articles, run.errors, run.finish_reason) == (1, 1, "finished")
    assert "bai-2.ldo: pages too large to be any" in log_of(tmp_path)


@pytest.mark.parametrize(
    ("answer", "wrong"),
    [
        (head(5_000) + article_html(2), "pages that break off before their end"),
        (
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n20\r\n" + article_html(2)[:32] + b"\r\n",
            "pages that break off before their end",
        ),
        (head("viele") + article_html(2), "what is not HTTP"),
        (b"ICY 200 OK\r\n\r\n<h1>Radio</h1>", "what is not HTTP"),
        (b"", "no answer: the connection broke"),
        (head(3, more="Content-Encoding: gzip\r\n") + b"\x00\x01\x02", "pages packed in a way that cannot be undone"),
    ],
)
def test_a_broken_answer_is_an_error_and_no_page(paper: NewsServer, tmp_path: Path, answer: bytes, wrong: str) -> None:
    paper.publish(2)
    paper.raw["/cong-doan/bai-2.ldo"] = writes(answer)
    site = site_of(paper)
    run = crawl_one(tmp_path, site)
    assert (run.articles, run.errors, run.finish_reason) == (1, 1, "finished")
    assert f"bai-2.ldo: {wrong}" in log_of(tmp_path)
    assert verify(tmp_path) == []
    del paper.raw["/cong-doan/bai-2.ldo"]
    assert crawl_one(tmp_path, site).new_articles == 1  # and is asked for again


@pytest.mark.parametrize("answer", [b"", head(0, "500 Oh")], ids=["silent", "500"])
def test_a_few_broken_pages_among_many_are_no_reason_to_leave_a_site(
    paper: NewsServer, tmp_path: Path, answer: bytes
) -> None:
    paper.publish(*range(2, 42))
    for id_ in range(3, 42, 3):
        paper.raw[f"/cong-doan/bai-{id_}.ldo"] = writes(answer)
    # all at once, as a sitemap gives them: what failed is asked for again when all else is done, 13 in a row
    urls = "".join(f"<url><loc>{paper.url(path)}</loc></url>" for path in paper.listed)
    paper.answers["/sitemap.xml"] = Answer(f"<urlset>{urls}</urlset>".encode(), content_type="application/xml")
    paper.answers["/cong-doan"] = Answer(b"<html></html>")
    start = Start(sections=(paper.url("/cong-doan"),), sitemaps=(paper.url("/sitemap.xml"),))
    site = site_of(paper, start=start)
    run = crawl_one(tmp_path, site)
    assert (run.new_articles, run.errors, run.finish_reason) == (28, 13, "finished")
    # only they are left: they are known for broken
    again = crawl_one(tmp_path, site)
    assert (again.new_articles, again.errors, again.finish_reason) == (0, 13, "finished")


def test_links_are_asked_for_as_a_browser_writes_them(paper: NewsServer, tmp_path: Path) -> None:
    links = ("/tin/ b\xe0i vi\u1ebft-2.ldo", "/tin/b\x01i-3.ldo", "/tin/%zz-4.ldo?q=\u0111", "http://[::1/bai-5.ldo")
    anchors = "".join(f'<a class="link-title" href="{link}">x</a>' for link in links)
    paper.answers["/cong-doan"] = Answer(f"<meta charset=utf-8>{anchors}".encode())
    run = crawl_one(tmp_path, site_of(paper, article=r"^https?://[^/]+/tin/[^/?]*-(?P<id>\d+)\.ldo"))
    asked = sorted(path for path in paper.asked if path.startswith("/tin"))
    assert asked == ["/tin/%20b%C3%A0i%20vi%E1%BA%BFt-2.ldo", "/tin/%zz-4.ldo", "/tin/b%01i-3.ldo"]
    assert (run.gone, run.errors) == (3, 0)


def test_a_content_length_that_is_too_small_harms_only_its_own_page(paper: NewsServer, tmp_path: Path) -> None:
    paper.publish(2, 3)
    paper.raw["/cong-doan/bai-2.ldo"] = writes(head(20) + article_html(2))
    site = site_of(paper)
    run = crawl_one(tmp_path, site)
    assert (run.articles, run.errors, run.finish_reason) == (2, 1, "finished")
    assert articles(tmp_path, site) == {"1": article_html(1), "3": article_html(3)}


def test_a_page_that_only_claims_to_be_packed_is_taken_as_it_is(paper: NewsServer, tmp_path: Path) -> None:
    paper.answers["/cong-doan/bai-1.ldo"] = Answer(article_html(1), headers={"Content-Encoding": "gzip"})
    run = crawl_one(tmp_path, site_of(paper))
    assert (run.articles, run.errors) == (1, 0)
    assert articles(tmp_path, site_of(paper))["1"] == article_html(1)


@pytest.mark.parametrize(
    ("charset", "encoding"),
    [("utf-8", "utf-16"), ("windows-1258", "utf-8"), ("utf-8", "cp1258"), ("x-vps-viet", "utf-8"), ("", "utf-8-sig")],
)
def test_pages_in_mixed_encodings_are_kept_byte_for_byte(
    paper: NewsServer, tmp_path: Path, charset: str, encoding: str
) -> None:
    article = "<h1>Lao động</h1><p>Công đoàn cơ sở.</p>".encode(encoding, errors="replace") + b"\xff\xfe\x00\x81"
    kind = f"text/html; charset={charset}"
    paper.answers["/cong-doan/bai-1.ldo"] = Answer(article, content_type=kind)
    listing = '<a href="/cong-doan/bai-1.ldo">Bài</a>\x00'.encode() + b"\xff\xfe\x81"
    paper.answers["/cong-doan"] = Answer(listing, content_type=kind)
    run = crawl_one(tmp_path, site_of(paper))
    assert (run.articles, run.errors, run.finish_reason) == (1, 0, "finished")
    assert articles(tmp_path, site_of(paper))["1"] == article


# --------------------------------------------------------------------------- robots.txt, sitemaps, feeds
def test_of_a_huge_robots_txt_the_beginning_is_read(paper: NewsServer, tmp_path: Path) -> None:
    paper.publish(2)
    rules = b"User-agent: *\nDisallow: /cong-doan/bai-2.ldo\n" + b"Disallow: /cam/thu-muc-nao-do/\n" * 320_000
    assert len(rules) > 9_900_000
    paper.answers["/robots.txt"] = Answer(rules, content_type="text/plain")
    run = crawl_one(tmp_path, site_of(paper))
    assert paper.times_asked() == {"/cong-doan/bai-1.ldo": 1}
    assert f"only the first {LARGEST_ROBOTS_BYTES:,} are read" in run.warnings[0]


def test_a_robots_txt_that_is_a_bomb_stops_the_crawl(paper: NewsServer, tmp_path: Path) -> None:
    bomb = gzip.compress(bytes(2 * LARGEST_BODY_BYTES))
    paper.answers["/robots.txt"] = Answer(bomb, headers={"Content-Encoding": "gzip"})
    run = crawl_one(tmp_path, site_of(paper))
    assert (run.finish_reason, run.articles) == ("unreachable", 0)
    assert "its robots.txt could not be read" in run.warnings[0]


_LAUGHS = b'<!DOCTYPE a [<!ENTITY a "ha">' + b"".join(
    f'<!ENTITY {b} "{f"&{a};" * 50}">'.encode() for a, b in zip("abcdef", "bcdefg", strict=True)
)


@pytest.mark.parametrize(
    ("feed", "found", "errors"),
    [
        (b'<rss version="2.0"><channel><item><link>{}</link></item><item><link>{', 1, 0),
        (b'<rss version="2.0"><channel><item><title>A & B < C</title><link>{}</link></item></chan>', 1, 0),
        (b'\xef\xbb\xbf\n\n<?xml version="1.0" encoding="utf-16"?><rss><channel><item><link>{}</link></item>', 1, 0),
        (b"<html><body>404</body></html>", 0, 1),
        (b"", 0, 1),
        (b'<rss version="2.0"><channel><item><link>http://[</link></item></channel></rss>', 0, 0),
        (
            _LAUGHS + b']><rss version="2.0"><channel><title>&g;</title><item><link>{}</link></item></channel></rss>',
            1,
            0,
        ),
    ],
)
def test_a_broken_feed_gives_what_it_holds_or_an_error(
    paper: NewsServer, tmp_path: Path, feed: bytes, found: int, errors: int
) -> None:
    body = feed.replace(b"{}", paper.url("/cong-doan/bai-1.ldo").encode())
    paper.answers["/tin.rss"] = Answer(body, content_type=XML)
    run = crawl_one(tmp_path, site_of(paper, start=Start(feeds=(paper.url("/tin.rss"),))))
    assert (run.articles, run.errors, run.finish_reason) == (found, errors, "finished")


# --------------------------------------------------------------------------- clocks that jump
@pytest.mark.parametrize("years", [-10, 10])
def test_a_clock_that_was_years_off_loses_no_article_and_asks_for_none_twice(
    paper: NewsServer, tmp_path: Path, years: int
) -> None:
    now = dt.datetime.now(dt.UTC)
    wrong = now.replace(year=now.year + years, day=1)
    site = site_of(paper)
    crawl_one(tmp_path, site, clock=standing(wrong))
    paper.publish(2, 3)
    run = crawl_one(tmp_path, site, refresh=True, clock=standing(now))
    assert (run.new_articles, run.errors, run.finish_reason) == (2, 0, "finished")
    assert sorted(articles(tmp_path, site)) == ["1", "2", "3"]
    paper.publish(4)
    run = crawl_one(tmp_path, site, clock=standing(now))
    assert (run.new_articles, run.warnings) == (1, ())
    assert {path: count for path, count in paper.times_asked().items() if "bai-1" not in path} == {
        f"/cong-doan/bai-{id_}.ldo": 1 for id_ in (2, 3, 4)
    }


def test_a_clock_that_runs_backwards_during_a_crawl_harms_nothing(paper: NewsServer, tmp_path: Path) -> None:
    paper.publish(*range(2, 12))
    now, ticks = dt.datetime.now(dt.UTC), iter(range(10_000))
    site = site_of(paper)
    run = crawl_one(tmp_path, site, clock=Clock(lambda: now - dt.timedelta(hours=next(ticks))))
    assert (run.new_articles, run.errors, run.finish_reason) == (11, 0, "finished")
    assert verify(tmp_path) == []
    assert crawl_one(tmp_path, site).new_articles == 0


# --------------------------------------------------------------------------- the way there
def _certificate(folder: Path) -> Path:
    """Write key and self-signed certificate of a server on loopback."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([])
    now = dt.datetime.now(dt.UTC)
    alternative = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    builder = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    builder = builder.not_valid_before(now).not_valid_after(now + dt.timedelta(days=1))
    certificate = builder.add_extension(alternative, critical=True).sign(key, hashes.SHA256())
    pem = serialization.Encoding.PEM
    key_pem = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path = folder / "server.pem"
    path.write_bytes(key_pem + certificate.public_bytes(pem))
    return path


def test_a_self_signed_certificate_is_refused_unless_the_profile_takes_it(paper: NewsServer, tmp_path: Path) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(_certificate(tmp_path))
    paper.socket = context.wrap_socket(paper.socket, server_side=True)
    start = Start(sections=(f"https://{paper.host}/cong-doan",))
    run = crawl_one(tmp_path / "a", site_of(paper, start=start))
    assert (run.finish_reason, run.articles) == ("unreachable", 0)
    assert "its TLS certificate or handshake is not to be trusted" in run.warnings[0]
    assert "politeness.verify_tls = false" in run.warnings[0]
    known_better = Politeness(delay=0, timeout=5, verify_tls=False)
    assert crawl_one(tmp_path / "b", site_of(paper, start=start, politeness=known_better)).articles == 1


def test_a_server_that_speaks_no_tls_is_named(paper: NewsServer, tmp_path: Path) -> None:
    start = Start(sections=(f"https://{paper.host}/cong-doan",))
    run = crawl_one(tmp_path, site_of(paper, start=start))
    assert run.finish_reason == "unreachable"
    assert "its TLS certificate or handshake" in run.warnings[0]


def test_a_name_that_nobody_knows_is_one_line(tmp_path: Path) -> None:
    site = Site(
        name="thanhson",
        title="Báo Thành Sơn",
        hosts=("thanhson.invalid",),
        article=r"^.*-(?P<id>\d+)\.html$",
        start=Start(sections=("http://thanhson.invalid/tin",)),
        politeness=Politeness(delay=0, timeout=5),
    )
    run = crawl_one(tmp_path, site)
    assert (run.finish_reason, run.failed) == ("unreachable", True)
    (line,) = run.warnings
    assert line.startswith("thanhson.invalid cannot be reached: its name is not known")


def test_a_server_that_stays_silent_is_left(tmp_path: Path) -> None:
    with news_server() as paper:
        release = threading.Event()
        paper.raw["/robots.txt"] = lambda _out: release.wait(200) and None
        run = crawl_one(tmp_path, site_of(paper, timeout=PATIENCE))
        release.set()
    assert (run.finish_reason, run.failed) == ("unreachable", True)
    assert "it did not answer in full within 0.5 s" in run.warnings[0]
