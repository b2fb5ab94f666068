"""Measured on the real pages and texts of the project's shared folder; their words are not ours and stay there."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest

from crawler.sites import Sites
from pipeline.clean import clean_page
from pipeline.parse import PageNotUnderstood, parse_html, parse_text
from pipeline.records import Article
from pipeline.repair import repair_line

pytestmark = pytest.mark.shared

SHARED = Path(__file__).parents[2] / "shared"
FETCHED = dt.datetime(2026, 11, 22, tzinfo=dt.UTC)

# lines of the gold texts; a change that loses one line of an article fails
MIN_BODY_RECALL = 1.0
MIN_DROP_RECALL = 0.97
MIN_META_RECALL = 0.93
# captions without a mark cannot be told from paragraphs in a text
MIN_CAPTION_RECALL = 0.8


def stored(name: str) -> bytes:
    return next((SHARED / "pages").glob(name)).read_bytes()


def read(name: str) -> Article:
    body = stored(name)
    page = parse_html(body, None, None, fetched_at=FETCHED)
    site = Sites().of_url(page.url) if page.url else None
    if site is not None:
        page = parse_html(body, page.url, site, fetched_at=FETCHED)
    return clean_page(page, site)


def seed(name: str) -> str:
    return next((SHARED / "seeds").glob(name)).read_text(encoding="utf-8")


def gold_rows() -> list[dict[str, Any]]:
    return [
        json.loads(line)
        for name in ("real.jsonl", "composed.jsonl")
        for line in (SHARED / "gold" / name).read_text(encoding="utf-8").splitlines()
    ]


def test_the_first_seed_has_title_date_lead_and_caption_and_no_masthead() -> None:
    text = seed("000*")
    printed = [repair_line(line) for line in text.splitlines() if line.strip()]
    article = clean_page(parse_text(text, fetched_at=FETCHED))
    assert article.published_raw == printed[3]
    assert article.published_at is not None
    assert article.published_at.isoformat() == "2023-09-22T11:20:00+07:00"
    assert (article.title, article.lead) == (printed[2], printed[4])
    assert article.captions == (printed[5],)
    # masthead above, "Tin mới nhất" and "Gợi ý dành cho bạn" below
    assert article.text.split("\n") == [printed[2], printed[4], *printed[6:-2]]


def test_the_second_seed_ends_with_its_last_paragraph() -> None:
    text = seed("004*")
    printed = [repair_line(line) for line in text.splitlines() if line.strip()]
    article = clean_page(parse_text(text, fetched_at=FETCHED))
    assert article.authors == (printed[6],)
    assert article.text.split("\n") == [printed[0], *printed[2:6]]
    assert len(article.dropped) == len(printed) - 5


@pytest.mark.parametrize(
    ("name", "layout", "published", "section", "lines", "captions"),
    [
        ("laodong*1432162*", "laodong_vn/2024", "2024-12-09T08:00:00+07:00", "Dinh dưỡng", 23, 1),
        ("mastercms*", "family/mastercms", "2023-07-05T07:18:00+07:00", "Khỏe - Đẹp", 7, 0),
        ("*nld_article*", "nld_com_vn/2023", "2026-03-07T08:06:00+07:00", "Kinh tế", 21, 2),
        ("*tuoitre_article*", "family/vccorp", "2026-03-07T08:01:00+07:00", "Kinh doanh", 28, 2),
        ("*vnexpress_article*", "family/vnexpress", "2026-03-07T00:05:00+07:00", "Phân tích", 30, 2),
        ("*cafef_article*", "family/vccorp", "2026-03-07T09:40:00+07:00", "Bất động sản", 11, 1),
    ],
)
def test_a_real_page_gives_title_lead_whole_body_date_and_section(
    name: str, layout: str, published: str, section: str, lines: int, captions: int
) -> None:
    article = read(name)
    text = article.text.split("\n")
    assert (article.layout, article.section) == (layout, section)
    assert article.published_at is not None and article.published_at.isoformat() == published
    assert article.lead is not None and text[1] == article.lead and text.count(article.lead) == 1
    assert (len(text), len(article.captions)) == (lines, captions)
    for furniture in ("{{", "Ảnh:", "Tin liên quan", "Bình luận", "Cùng chuyên mục", "Đọc tiếp", "TIN MỚI", "(NLĐO)"):
        assert furniture not in article.text


@pytest.mark.parametrize(
    ("name", "url", "reason"),
    [
        ("d1n*", "https://laodong.vn/cong-doan/vi-du-1234134.ldo", "gate"),
        ("*nld_list*", "https://nld.com.vn/kinh-te.htm", "listing"),
        ("*nld_list*", None, "listing"),
        ("*home_2021.repaired*", "https://laodong.vn/", "home"),
        ("*home_2021.mojibake*", None, "home"),
        ("*home_2021.repaired*", "https://laodong.vn/tin-moi", "listing"),
    ],
)
def test_a_real_page_that_is_no_article_is_refused(name: str, url: str | None, reason: str) -> None:
    site = Sites().of_url(url) if url else None
    with pytest.raises(PageNotUnderstood) as refused:
        parse_html(stored(name), url, site, fetched_at=FETCHED)
    assert refused.value.reason == reason


@pytest.mark.parametrize("name", ["laodong*1432162*", "*nld_article*", "*tuoitre_article*", "*vnexpress_*", "*cafef_*"])
def test_the_generic_way_reads_the_same_article_where_no_family_is_known(name: str) -> None:
    body = stored(name)
    for marker in (b'data-role="content"', b"art-body", b"fck_detail"):
        body = body.replace(marker, b"x-y")
    generic = clean_page(parse_html(body, None, None, fetched_at=FETCHED))
    family = read(name)
    assert generic.layout == "generic"
    assert generic.text == family.text
    assert (generic.title, generic.lead, generic.published_at) == (family.title, family.lead, family.published_at)
    assert (generic.authors, generic.captions) == (family.authors, family.captions)


def test_gold_texts_lose_their_furniture_and_no_line_of_the_article() -> None:
    lines = dict.fromkeys(("body", "drop", "caption", "meta"), 0)
    right = dict.fromkeys(lines, 0)
    for row in gold_rows():
        kept = clean_page(parse_text(row["text"], fetched_at=FETCHED)).text.split("\n")
        marked = {repair_line(line): "drop" for line in row["body_lines_to_drop"]}
        marked |= {repair_line(line): "caption" for line in row["captions"]}
        marked |= {repair_line(line): "meta" for line in row["meta_lines"]}
        for line in filter(None, map(repair_line, row["text"].split("\n"))):
            kind = marked.get(line, "body")
            # a dateline may have been taken off the front
            is_kept = any(line == one or (len(one) > 30 and line.endswith(one)) for one in kept)
            lines[kind] += 1
            right[kind] += is_kept is (kind == "body")
    share = {kind: right[kind] / lines[kind] for kind in lines}
    assert lines == {"body": 169, "drop": 67, "caption": 16, "meta": 15}
    assert share["body"] >= MIN_BODY_RECALL
    assert share["drop"] >= MIN_DROP_RECALL
    assert share["caption"] >= MIN_CAPTION_RECALL
    assert share["meta"] >= MIN_META_RECALL
