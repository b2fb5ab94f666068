"""Feeds, sitemaps and listings give addresses and dates, and say so when they are something else."""

from __future__ import annotations

import datetime as dt
import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st
from parsel import Selector

from crawler import listing
from crawler.known import Found
from crawler.listing import ListingNotUnderstood, next_page, read_feed, read_links, read_sitemap, zone_of
from crawler.page import Page
from crawler.profile import Layout, Paging
from crawler.published import published_on, read_iso
from crawler.site import Site

ZONE = "Asia/Ho_Chi_Minh"
URL = "https://vinhkhe.vn/map.xml"
SITE = Site(
    name="vinhkhe",
    title="Báo Vĩnh Khê",
    hosts=("vinhkhe.vn",),
    article=r"^https://vinhkhe\.vn/bai-(?P<id>\d+)$",
    layouts=(
        Layout(name="2024", title=("h1",), body=("div",), published=("span.ngay", "b.ngay::attr(data-ngay)")),
        Layout(name="2018", title=("h1",), body=("div",), published=("i.ngay",)),
    ),
)


def utc(*parts: int) -> dt.datetime:
    return dt.datetime(*parts, tzinfo=dt.UTC)  # type: ignore[misc, arg-type]


# --------------------------------------------------------------------------- sitemaps
def test_a_sitemap_gives_addresses_and_dates_and_not_its_pictures() -> None:
    xml = """<?xml version="1.0" encoding="UTF-8"?>
    <urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"
            xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">
      <url><loc> https://vinhkhe.vn/bai-1 </loc><lastmod>2026-09-22T11:20:00+07:00</lastmod>
        <image:image><image:loc>https://anh.vn/1.jpg</image:loc></image:image>
        <news:news><news:publication_date>2026-09-21</news:publication_date><news:title>Bài</news:title></news:news></url>
      <url><loc>/bai-2</loc></url>
      <url><lastmod>2026-09-22</lastmod></url>
    </urlset>"""
    sitemap = read_sitemap(xml.encode(), URL, ZONE)
    assert sitemap.children == ()
    assert sitemap.pages == (
        Found("https://vinhkhe.vn/bai-1", utc(2026, 9, 20, 17), utc(2026, 9, 22, 4, 20)),
        Found("https://vinhkhe.vn/bai-2"),
    )


def test_a_cut_sitemap_gives_what_it_holds() -> None:
    xml = b"<urlset><url><loc>https://vinhkhe.vn/bai-1</loc></url><url><loc>https://vinhkhe.vn/bai-2"
    assert [page.url for page in read_sitemap(xml, URL, ZONE).pages][:1] == ["https://vinhkhe.vn/bai-1"]


@pytest.mark.parametrize(
    "body",
    [b"", b"   ", b"<html><body>404</body></html>", b"\x1f\x8bjunk", b"plain text", b"<rss/>", bytes(range(256))],
)
def test_what_is_no_sitemap_is_refused(body: bytes) -> None:
    with pytest.raises(ListingNotUnderstood, match=f"^{URL}: no sitemap"):
        read_sitemap(body, URL, ZONE)


def test_a_sitemap_that_unpacks_without_end_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "LARGEST_SITEMAP_BYTES", 10_000)
    with pytest.raises(ListingNotUnderstood, match="more than 10,000 bytes unpacked"):
        read_sitemap(gzip.compress(b"<urlset>" + b" " * 1_000_000), URL, ZONE)


def test_a_sitemap_cannot_reach_for_files() -> None:
    xml = b'<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/hostname">]><urlset><url><loc>https://vinhkhe.vn/&f;</loc></url></urlset>'
    assert all(page.url in ("https://vinhkhe.vn/", URL) for page in read_sitemap(xml, URL, ZONE).pages)


# --------------------------------------------------------------------------- feeds
def test_a_feed_gives_addresses_and_dates() -> None:
    item = "<item><title>Bài</title><link>{}</link><pubDate>{}</pubDate></item>"
    items = item.format("https://vinhkhe.vn/bai-1", "Tue, 22 Sep 2026 11:20:00 +0700") + item.format(
        "/bai-2", "hôm qua"
    )
    rss = f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel>{items}</channel></rss>'
    assert read_feed(rss.encode(), "https://vinhkhe.vn/home.rss") == (
        Found("https://vinhkhe.vn/bai-1", utc(2026, 9, 22, 4, 20)),
        Found("https://vinhkhe.vn/bai-2"),
    )


@pytest.mark.parametrize("body", [b"", b"<html><body><p>404</p></body></html>", bytes(range(256))])
def test_what_is_no_feed_is_refused(body: bytes) -> None:
    with pytest.raises(ListingNotUnderstood, match="no RSS or Atom feed"):
        read_feed(body, "https://vinhkhe.vn/home.rss")


# --------------------------------------------------------------------------- listings
def test_links_are_those_the_profile_selects_else_all() -> None:
    page = Selector(
        '<div class="box"><h3><a href="/bai-1">B</a></h3></div><a class="t" href="bai-2">B</a><a href="http://[">B</a>'
    )
    base = "https://vinhkhe.vn/tin/"
    found = {items: [link.url for link in read_links(page, base, items)] for items in (None, "div.box", "a.t")}
    assert found == {
        None: ["https://vinhkhe.vn/bai-1", "https://vinhkhe.vn/tin/bai-2"],
        "div.box": ["https://vinhkhe.vn/bai-1"],
        "a.t": ["https://vinhkhe.vn/tin/bai-2"],
    }


@pytest.mark.parametrize(
    ("paging", "number", "expected"),
    [
        (Paging(template="{section}?page={n}"), 2, "https://vinhkhe.vn/tin?page=2"),
        (Paging(template="{section}?p={n}", first=1), 2, "https://vinhkhe.vn/tin?p=1"),
        (Paging(template="{section}&s_cond=&BRSR={offset}", page_size=14), 3, "https://vinhkhe.vn/tin&s_cond=&BRSR=28"),
        (Paging(template="/t/{zone}/{n}.htm", zone="input#z"), 2, "https://vinhkhe.vn/t/19/2.htm"),
        (Paging(template="/t/{zone}/{n}.htm", zone="#none"), 2, None),
        (Paging(next="a.sau"), 2, "https://vinhkhe.vn/tin&BRSR=14"),
        (Paging(next="a.sau::attr(href)"), 2, "https://vinhkhe.vn/tin&BRSR=14"),
        (Paging(next="a.none"), 2, None),
        (Paging(), 2, None),
    ],
)
def test_the_next_page_is_built_or_followed(paging: Paging, number: int, expected: str | None) -> None:
    page, section = (
        Selector('<input id="z" value=" 19 "><a class="sau" href="/tin&BRSR=14">Sau</a>'),
        "https://vinhkhe.vn/tin",
    )
    assert next_page(page, section, paging, section, number, zone_of(page, paging)) == expected


# --------------------------------------------------------------------------- dates
@pytest.mark.parametrize(
    ("page", "expected"),
    [
        ('<meta property="article:published_time" content="2026-09-22T11:20:00+07:00">', utc(2026, 9, 22, 4, 20)),
        ('<meta property="article:published_time" content="2026-09-22T11:20:00">', utc(2026, 9, 22, 4, 20)),
        (
            '<script type="application/ld+json">[{"datePublished" : "2026-09-22T11:20:00+07:00"}]</script>',
            utc(2026, 9, 22, 4, 20),
        ),
        ('<span class="ngay">07:18 | 05/07/2023</span>', utc(2023, 7, 4, 17)),
        ('<b class="ngay" data-ngay="5.7.2023">hôm nay</b>', utc(2023, 7, 4, 17)),
        ('<i class="ngay">Thứ ba, 31/12/2019</i>', utc(2019, 12, 30, 17)),
        ('<span class="ngay">31/02/2023</span>', None),
        ('<script type="application/ld+json">{"datePublished": "20\\x6 không rõ"}</script>', None),
        ("<p>Ngày 05/07/2023, Công đoàn xã Vĩnh Khê họp.</p>", None),
        ("", None),
    ],
)
def test_a_page_is_dated_by_its_metadata_or_its_profile_and_not_by_its_text(
    page: str, expected: dt.datetime | None
) -> None:
    assert published_on(Page(page.encode()), SITE) == expected


@given(st.binary(max_size=400))
def test_no_page_breaks_the_reading_of_its_date(body: bytes) -> None:
    read = published_on(Page(b'<meta property="article:published_time" content="' + body), SITE)
    assert read is None or read.tzinfo is not None


def test_dates_at_the_ends_of_time_are_none() -> None:
    assert read_iso("0001-01-01T00:00:00+07:00", ZONE) is None
    assert read_iso("hôm qua", ZONE) is None
