"""The revisions of an article: its distinct contents, in the order they were captured, however they came in."""

from __future__ import annotations

import datetime as dt
import itertools
import unicodedata
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import pandas as pd
import pytest
from vinhkhe import (
    DAY_1,
    FACTS,
    HTML,
    SITE,
    Answered,
    archive,
    article_page,
    page,
    url_of,
    write_profile,
)

from crawler.archive import Capture
from crawler.sites import Sites
from pipeline.addresses import article_id
from pipeline.build import build
from pipeline.captures import Edition, packed, read_capture
from pipeline.check import problems
from pipeline.query import open_corpus
from pipeline.records import Article
from pipeline.redirects import no_more
from pipeline.revisions import chain, difference, gone_at
from pipeline.schema import DroppedRow


def edition(hour: int, text: str) -> Edition:
    article = Article(url_of(7), SITE, "7", "2026", "Tựa", None, text, (), None, None, (), (), None, None, None, ())
    at = DAY_1 + dt.timedelta(hours=hour)
    own = article_id(SITE, "7")
    digest = f"digest of {text}"
    return Edition(own, SITE, "7", url_of(7), at, None, digest, packed(article), "a.warc.gz", hour, f"<{hour}>")


def test_equal_neighbours_are_one_revision_and_a_content_that_comes_back_is_another() -> None:
    done = chain([], [edition(1, "A"), edition(2, "A"), edition(3, "B"), edition(4, "A")])
    assert [(row.revision, row.text, row.capture_offset) for row in done.rows()] == [
        (1, "A", 1),
        (2, "B", 3),
        (3, "A", 4),
    ]
    assert [(row.capture_offset, row.stage, row.reason) for row in done.unchanged] == [(2, "clean", "unchanged")]
    assert done.unchanged[0].detail == f"same content as revision 1 of {article_id(SITE, '7')}"


@pytest.mark.parametrize("order", list(itertools.permutations(range(4))))
def test_the_order_of_arrival_does_not_matter(order: tuple[int, ...]) -> None:
    editions = [edition(1, "A"), edition(2, "B"), edition(3, "B"), edition(4, "C")]
    assert chain([], [editions[at] for at in order]) == chain([], editions)


def test_known_revisions_are_gone_on_from() -> None:
    known = chain([], [edition(1, "A"), edition(2, "B")]).rows()
    at_once = chain([], [edition(1, "A"), edition(2, "B"), edition(3, "B"), edition(4, "C")])
    later = chain(known, [edition(3, "B"), edition(4, "C")])
    assert (later.rows(), later.unchanged) == (at_once.rows(), at_once.unchanged)


def test_a_revision_says_which_lines_went_and_came() -> None:
    (_, second) = chain([], [edition(1, "Tựa\nmột\nhai"), edition(2, "Tựa\nmột\nba\nbốn")]).rows()
    assert second.changed == "- hai\n+ ba\n+ bốn"
    assert difference(second, second) == ""


def test_gone_is_the_first_refusal_after_the_article_was_last_seen() -> None:
    noon = DAY_1 + dt.timedelta(hours=9)
    before, after, later = (noon + dt.timedelta(hours=hours) for hours in (-1, 1, 2))
    assert gone_at(noon, [before]) is None  # it came back
    assert gone_at(noon, [later, before, after]) == after
    assert gone_at(noon, []) is None


# --------------------------------------------------------------------------- what is an edit, and what is not
class Paper:
    """One article of a paper in all the dresses that it may come in from one day to the next."""

    title = "Tổ thợ nề Cầu Rạng giữ nghề qua ba mùa mưa"
    lead = "Một lớp nghề mở giữa mùa xây giữ chân được ba mươi thợ trẻ ở lại với xã."
    paragraphs = FACTS[:5]
    caption = "Thợ trẻ trát tường nhà văn hóa xã."
    modified = "2026-09-01T08:00:00+07:00"

    def __init__(self, **dress: str) -> None:
        self.dress = dress

    def html(self) -> bytes:
        paid = f"<a href='https://ban-hang.example/'><img src='{self.dress.get('advertisement')}'></a><ins>…</ins>"
        related = self.dress.get("related", "Thợ hàn thi tay nghề")
        half = len(self.paragraphs) // 2
        body = [
            *(f"<p>{text}</p>" for text in self.paragraphs[:half]),
            f"<script>var seen = {self.dress.get('counter', '12')};</script>",
            f"<div class='ads'>{paid}<script>show()</script></div>" if "advertisement" in self.dress else "",
            *(f"<p>{text}</p>" for text in self.paragraphs[half:]),
            f'<figure><img src="a.jpg?v={self.dress.get("counter", "12")}">',
            f"<figcaption>{self.caption}</figcaption></figure>",
            f'<p><strong>Tin liên quan</strong></p><ul><li><a href="/b-{len(related)}.html">{related}</a></li></ul>',
        ]
        tags = self.dress.get("tags", "thợ nề,nghề").split(",")
        page = (
            "<!doctype html><html lang=vi><head><meta charset=utf-8>"
            f"<title>{self.title}</title><meta property='og:type' content='article'>"
            f"<meta property='article:published_time' content='2026-08-31T09:15:00+07:00'>"
            f"<meta property='article:modified_time' content='{self.modified}'></head><body>"
            f"<nav><a href='/'>Trang chủ</a> <a class='chuyen-muc' href='/cong-doan/'>Công đoàn</a></nav>"
            f"<article><h1 class='ten-bai'>{self.title}</h1>"
            f"<div class='luot-xem'>{self.dress.get('counter', '12')} lượt xem</div>"
            f"<div class='binh-luan'>{self.dress.get('comments', '3')} bình luận</div>"
            f"<span>{self.dress.get('ago', '2 giờ trước')}</span>"
            f"<p class='sa-po'>{self.lead}</p><div class='than-bai'>{''.join(body)}</div>"
            f"<div class='the'>{''.join(f'<a href=/the/{tag}>{tag}</a>' for tag in tags)}</div></article>"
            f"<aside><h3>Đọc nhiều</h3><a href='/c.html'>{self.dress.get('popular', 'Chuyện ở chợ')}</a>"
            f"<span>{self.dress.get('ago', '2 giờ trước')}</span></aside></body></html>"
        )
        return unicodedata.normalize(
            self.dress.get("form", "NFC"), page.replace("><", self.dress.get("gap", "><"))
        ).encode()


def read(paper: Paper, url: str, sites: Sites, at: dt.datetime = DAY_1) -> Edition:
    capture = Capture(url, "x", at, 200, HTML, (), paper.html(), "response", "a.warc.gz", 0, f"<{at}>")
    found = read_capture(capture, sites)
    assert isinstance(found, Edition), found
    return found


COSMETIC = [
    {"advertisement": "giam-gia.gif"},
    {"counter": "48.112"},
    {"comments": "57"},
    {"ago": "3 ngày trước"},
    {"related": "Xe buýt đón thợ sớm hơn mười phút"},
    {"popular": "Bến cá đông trở lại sau bão"},
    {"tags": "nghề,thợ nề"},
    {"gap": ">\n\t  <"},
    {"form": "NFD"},
]
KNOWN, UNKNOWN = url_of(7), "https://bao-khac.example/xa-hoi/to-tho-ne-cau-rang-giu-nghe-20260901.html"


@pytest.fixture
def sites(tmp_path: Path) -> Sites:
    return Sites((write_profile(tmp_path / "sites"),))


@pytest.mark.parametrize("url", [KNOWN, UNKNOWN], ids=["known site", "unknown host"])
@pytest.mark.parametrize("dress", COSMETIC, ids=lambda dress: next(iter(dress)))
def test_a_cosmetic_change_is_no_revision(sites: Sites, url: str, dress: dict[str, str]) -> None:
    before, after = read(Paper(), url, sites), read(Paper(**dress), url, sites, DAY_1 + dt.timedelta(days=1))
    assert after.article.text == before.article.text
    assert after.article.captions == before.article.captions
    done = chain([], [before, after])
    assert len(done.rows()) == 1
    assert [row.reason for row in done.unchanged] == ["unchanged"]


EDITS = [
    ("title", "Tổ thợ nề Cầu Rạng giữ nghề qua bốn mùa mưa", "+ Tổ thợ nề Cầu Rạng giữ nghề qua bốn mùa mưa"),
    ("lead", "Một lớp nghề giữ chân được bốn mươi thợ.", "+ Một lớp nghề giữ chân được bốn mươi thợ."),
    ("paragraphs", [*FACTS[:4], "Tổ nhận thêm 12 triệu đồng."], "+ Tổ nhận thêm 12 triệu đồng."),
    ("paragraphs", FACTS[1:5], f"- {FACTS[0]}"),
    ("caption", "Thợ trẻ lát nền nhà văn hóa xã.", "+ caption: Thợ trẻ lát nền nhà văn hóa xã."),
]


@pytest.mark.parametrize("url", [KNOWN, UNKNOWN], ids=["known site", "unknown host"])
@pytest.mark.parametrize(("part", "now", "said"), EDITS, ids=lambda value: value if isinstance(value, str) else "")
def test_an_edit_is_a_revision_that_says_what_changed(
    sites: Sites, url: str, part: str, now: str | list[str], said: str
) -> None:
    page = Paper()
    setattr(page, part, now)
    two_days = dt.timedelta(days=2)
    done = chain([], [read(Paper(), url, sites), read(page, url, sites, DAY_1 + two_days)])
    assert [row.changed is None for row in done.rows()] == [True, False]
    assert said in str(done.rows()[1].changed)
    again = chain(done.rows(), [read(page, url, sites, DAY_1 + 2 * two_days)])
    assert again.rows() == done.rows()
    back = chain(done.rows(), [read(Paper(), url, sites, DAY_1 + 2 * two_days)])
    assert len(back.rows()) == 3


def test_an_edit_names_the_new_modification_date_with_what_changed(sites: Sites) -> None:
    page = Paper()
    page.lead = "Một lớp nghề giữ chân được bốn mươi thợ."
    page.modified = "2026-09-01T20:30:00+07:00"
    done = chain([], [read(Paper(), KNOWN, sites), read(page, KNOWN, sites, DAY_1 + dt.timedelta(days=2))])
    assert "- modified: 2026-09-01T01:00:00Z\n+ modified: 2026-09-01T13:30:00Z" in str(done.rows()[1].changed)


def test_a_new_modification_date_on_the_same_content_is_no_edit(sites: Sites) -> None:
    looks = []
    for day in range(5):
        page, at = Paper(), DAY_1 + dt.timedelta(days=day)
        page.modified = (at - dt.timedelta(seconds=20)).isoformat()
        looks.append(read(page, KNOWN, sites, at))
    assert len(chain([], looks).rows()) == 1


# --------------------------------------------------------------------------- gone, and back again
FRONT = "https://bao-khac.example/"
NOT_FOUND = page("Trang bạn tìm không tồn tại hoặc đã bị xóa", ["Mời bạn đọc quay về trang chủ để xem tin mới. " * 3])
MOVED = "https://bao-khac.example/xa-hoi/mot-tua-khac-han-ve-cho-que-99887766.html"
UNKNOWN_ID = "https://bao-khac.example/xa-hoi/bai-so-12345678.html"

NO_MORE = {
    "404": Answered("", b"<h1>404</h1>", 404),
    "410": Answered("", b"", 410),
    "not found with 200": Answered("", NOT_FOUND),
    "front page": Answered("", b"", 302, location="/"),
    "front page by its file": Answered("", b"", 301, location="/trang-chu.html"),
    "another article": Answered("", b"", 301, location="/xa-hoi/mot-tua-khac-han-ve-cho-que-99887766.html"),
}
STILL = {
    "500": Answered("", b"oops", 500),
    "another dress": Answered("", b"", 301, location="https://m.{host}/doi-song/{name}"),
    "a slash": Answered("", b"", 301, location="{path}/"),
    "off the site": Answered("", b"", 302, location="https://quang-cao.example/"),
    "nowhere": Answered("", b"", 302, location="http://[x"),
}
HOSTS = {"known site": "https://tin.vinhkhe.vn/xa-hoi/bai-so-12345678.html", "unknown host": UNKNOWN_ID}


def answered(url: str, answer: Answered) -> Answered:
    parts = urlsplit(url)
    where = answer.location.replace("{host}", parts.netloc).replace("{path}", parts.path)
    where = where.replace("{name}", parts.path.rpartition("/")[2])
    return replace(answer, url=url, location=where)


def built(corpus: Path, sites: Sites) -> dict[str, tuple[dict[str, object], list[str]]]:
    """Build; return by address the row of each article, and the texts of its revisions."""
    build(corpus, sites, workers=1)
    opened = open_corpus(corpus)
    assert list(problems(opened)) == []
    revisions = opened.revisions()
    return {
        row["url"]: (row, list(revisions["text"][revisions["article_id"] == row["article_id"]]))
        for row in opened.articles().to_dict("records")
    }


@pytest.mark.parametrize("host", HOSTS)
@pytest.mark.parametrize("what", [*NO_MORE, *STILL])
def test_which_answers_say_that_an_article_is_no_more(sites: Sites, host: str, what: str) -> None:
    url = HOSTS[host]
    said = answered(url, (NO_MORE | STILL)[what])
    headers = (("Location", said.location),) if said.location else ()
    found = read_capture(
        Capture(url, "x", DAY_1, said.status, HTML, headers, said.body, "response", "a", 0, "<1>"), sites
    )
    assert isinstance(found, DroppedRow)
    assert no_more([found], sites) == ([(url, DAY_1)] if what in NO_MORE else [])


@pytest.mark.slow
def test_what_is_no_more_is_kept_as_gone_and_live_again_when_it_is_back(tmp_path: Path, sites: Sites) -> None:
    answers = {url_of(1): NO_MORE["not found with 200"], url_of(2): NO_MORE["410"], UNKNOWN_ID: NO_MORE["front page"]}
    pages = [Answered(url, article_page(number, facts=1)) for number, url in enumerate(answers)]
    later = [answered(url, answer) for url, answer in answers.items()]
    for number, some in enumerate([pages, later, pages]):
        archive(tmp_path, DAY_1 + dt.timedelta(days=number), some)
        rows = built(tmp_path, sites)
        assert {url for url, (row, _) in rows.items() if not pd.isna(row["gone_at"])} == set(
            answers if number == 1 else ()
        )
        assert [len(texts) for _, texts in rows.values()] == [1, 1, 1]


def test_neither_a_redirect_nor_what_it_leads_to_is_an_edition_of_the_article(tmp_path: Path, sites: Sites) -> None:
    other, front = article_page(40), page("Trang nhất", [f"Tin {number}" for number in range(9)])
    archive(tmp_path, DAY_1, [Answered(UNKNOWN_ID, article_page(1)), Answered(MOVED, other)])
    later = [
        Answered(UNKNOWN_ID, b"", 301, location=MOVED),
        Answered(MOVED, other),
        Answered(UNKNOWN_ID, b"", 302, location=FRONT, minute=200),
        Answered(FRONT, front, minute=201),
    ]
    archive(tmp_path, DAY_1 + dt.timedelta(days=1), later)
    row, texts = built(tmp_path, sites)[UNKNOWN_ID]
    assert row["gone_at"] == DAY_1 + dt.timedelta(days=1)
    assert len(texts) == 1
    dropped = open_corpus(tmp_path).dropped()
    assert sorted(dropped["reason"]) == ["home", "http_301", "http_302", "unchanged"]
