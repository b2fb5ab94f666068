"""One document through every stage: what `analyze` returns and `extract` prints."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace

import pytest
from vinhkhe import DAY_2, FACTS, SITE, article_page, url_of

from crawler.sites import Sites
from pipeline.document import analyze, read_article, read_articles, read_input, to_json
from pipeline.inputs import Input
from pipeline.parse import PageNotUnderstood

TEXT = "Tổ thợ nề giữ nghề\n" + "\n".join(FACTS)
CONTRACT = [
    *("id", "url", "title", "lead", "text", "authors", "place", "published_at", "section", "tags", "captions"),
    *("kind", "origin", "dropped", "movements", "back_references", "figures", "spelled_out", "vague"),
    "caption_figures",
]
MOVEMENT = {"surface", "start", "end", "name", "movement_id", "kind", "trigger", "sentence"}
FIGURE = {"surface", "start", "end", "value", "value_high", "kind", "unit", "bound", "per", "denominator", "sentence"}


def test_the_object_has_the_fields_of_the_contract() -> None:
    row = json.loads(to_json(analyze(TEXT, id="bài 1")))
    assert list(row) == CONTRACT
    assert row["id"] == "bài 1"
    assert all(set(movement) >= MOVEMENT for movement in row["movements"])
    assert all(set(figure) >= FIGURE | {"movement_id"} for figure in row["figures"])


def test_the_object_says_what_form_the_article_has_and_where_each_field_was_found() -> None:
    title, paragraphs = "Tổ thợ nề giữ nghề", "".join(f"<p>{fact}</p>" for fact in FACTS)
    page = f"<html><head><title>{title}</title></head><body><h1>{title}</h1>{paragraphs}</body></html>"
    row = json.loads(to_json(analyze(html=page)))
    assert row["kind"] == "article"
    assert row["origin"]["title"] == "generic: h1"
    assert row["origin"]["blocks"] == "generic: trafilatura"


def test_offsets_slice_to_the_surface_and_sentences_stand_in_the_text() -> None:
    row = json.loads(to_json(analyze(TEXT)))
    mentions = row["movements"] + row["figures"]
    assert len(row["movements"]) >= 3
    assert len(row["figures"]) >= 15
    for mention in mentions:
        assert row["text"][mention["start"] : mention["end"]] == mention["surface"]
        assert mention["surface"] in mention["sentence"]
        assert mention["sentence"] in row["text"]


def test_whole_numbers_are_written_without_a_point() -> None:
    line = to_json(analyze("Tổ thợ nề giữ nghề\nTổ làm lợi 221,5 tỉ đồng, giảm 2,6% hàng phải sửa."))
    assert '"value": 221500000000,' in line
    assert '"value": 2.6,' in line


def test_tokens_come_when_asked_for() -> None:
    assert analyze(TEXT).sentences[0].tokens == ()
    assert analyze(TEXT, tokens=True).sentences[0].tokens[0].text == "Tổ"


def test_sentences_end_and_words_hold_together_as_the_press_writes_them() -> None:
    document = analyze("Tin mới\n1. ThS. Lê Thị Mai họp công đoàn cơ sở lúc 6h30. Hết.", tokens=True)
    assert [sentence.text for sentence in document.sentences[-2:]] == [
        "1. ThS. Lê Thị Mai họp công đoàn cơ sở lúc 6h30.",
        "Hết.",
    ]
    words = [token.text for token in document.sentences[-2].tokens]
    assert {"ThS.", "công đoàn cơ sở", "6h30"} <= set(words)


def test_articles_read_together_are_what_each_is_by_itself() -> None:
    articles = [
        analyze(text).article
        for text in (
            "Ninh Khê - LĐLĐ tỉnh Hà Trung trao quà.\nCông đoàn KCN tỉnh dự.",
            "Không gì\nKhông.",
            TEXT,
            "LĐLĐ tỉnh họp.\nBà Lê Thị Mai, Chủ tịch LĐLĐ tỉnh Lạc Giang, chủ trì.",
        )
    ]
    assert read_articles(articles) == [read_article(article, tokens=True) for article in articles]
    assert read_articles([]) == []


def test_a_page_is_read_by_the_profile_of_the_address_it_gives_itself(sites: Sites) -> None:
    page = article_page(1).replace(b"<head>", f'<head><link rel=canonical href="{url_of(1)}">'.encode())
    document = read_input(Input("a", "a.html", "html", page), sites, DAY_2)
    assert (document.article.site, document.article.layout) == (SITE, f"{SITE}/2026")
    assert document.article.published_at == dt.datetime(2026, 8, 31, 2, 15, tzinfo=dt.UTC)


@pytest.mark.parametrize("address", ["http://[x", "javascript:alert(1)", "https://a:99999/x-1.html"])
def test_an_impossible_address_in_a_page_does_no_harm(sites: Sites, address: str) -> None:
    page = article_page(1).replace(b"<head>", f'<head><link rel=canonical href="{address}">'.encode())
    assert read_input(Input("a", "a.html", "html", page), sites, DAY_2).article.title.endswith("số 1")


@pytest.mark.parametrize("given", [{}, {"text": "a", "html": "b"}])
def test_either_a_text_or_a_page_is_read(given: dict[str, str]) -> None:
    with pytest.raises(TypeError, match="either a text or html="):
        analyze(**given)  # type: ignore[arg-type]


@pytest.mark.parametrize("given", [{"text": ""}, {"html": ""}, {"html": b"\x89PNG\r\n"}])
def test_nothing_to_read_is_refused(given: dict[str, str]) -> None:
    with pytest.raises(PageNotUnderstood):
        analyze(**given)  # type: ignore[arg-type]


def test_figures_of_captions_come_apart_and_count_in_their_caption() -> None:
    captions = ("Trao 45 suất quà cho thợ mới. Ảnh 1", "Tổ hàn Sao Khê năm 2026")
    article = replace(analyze(TEXT).article, captions=captions)
    (figure,) = json.loads(to_json(read_article(article)))["caption_figures"]
    assert (figure["caption"], figure["surface"], figure["value"]) == (0, "45 suất quà", 45)
    assert captions[0][figure["start"] : figure["end"]] == figure["surface"]
