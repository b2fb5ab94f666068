"""Characters put right, and text in right Vietnamese never touched."""

from __future__ import annotations

import json
import unicodedata
from pathlib import Path

import ftfy.bad_codecs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.clean import clean_page
from pipeline.demo.newspaper import PAPERS, read_paper
from pipeline.records import Block, Page
from pipeline.repair import composed, is_mojibake, old_font, repair_line, repair_mojibake

SHARED = Path(__file__).parents[2] / "shared"
TEXTS = [article.text(day) for paper in PAPERS for article in read_paper(paper) for day in (1,)]
LINES = sorted({line for text in TEXTS for line in text.split("\n")})
LONG = [line for line in LINES if len(line) > 120]
LETTERS = st.sampled_from("aàáảãạăằâấđeèêệiìoòôốơờuùưừyỳbcghknmtvxAÀĐÊÔƠƯỨ0123456789 .,;:-–“”\"'()/%\u00a0\n")

# The same sentence as old files have it: fonts of TCVN3 (ABC), fonts of VNI, and what comes out of converted files.
TCVN3 = [
    "C«ng ®oµn khu c«ng nghiÖp tÆng quµ cho c«ng nh©n",
    "Héi thao c«ng nh©n viªn chøc",
    "công đoμn vμ người lao động dự hội thao, t−ợng đμi",
]
VNI = ["Coâng ñoaøn khu coâng nghieäp taëng quaø cho coâng nhaân", "Hoäi thao coâng nhaân vieân chöùc lao ñoäng"]


# ------------------------------------------------------------------------------------------------ what must not change
def test_the_texts_of_the_demo_are_right_as_they_are() -> None:
    assert len(LINES) > 500
    for line in LINES:
        assert repair_line(line) == line
        assert repair_mojibake(line) == line
        assert old_font(line) is None
    for text in TEXTS:
        assert repair_mojibake(text) == text


@given(st.lists(st.sampled_from(LINES), min_size=1, max_size=6), st.data())
def test_a_right_text_is_never_touched_whatever_its_lines(lines: list[str], data: st.DataObject) -> None:
    text = "\n".join(lines)
    start = data.draw(st.integers(0, len(text)))
    assert repair_mojibake(text[start:]) == text[start:]
    assert all(old_font(line) is None for line in lines)


@given(st.text(LETTERS, max_size=300))
def test_no_row_of_vietnamese_letters_looks_like_a_western_reading(text: str) -> None:
    assert repair_mojibake(text) == text
    assert composed(repair_line(text)) == repair_line(text)


def test_capitals_before_a_hard_blank_are_no_damage() -> None:
    shouted = "ĐÃ\u00a0TRAO QUÀ, ĐÃ\u00a0XÂY NHÀ, ĐÃ\u00a0MỞ LỚP"
    assert repair_mojibake(shouted) == shouted
    assert repair_line(shouted) == shouted.replace("\u00a0", " ")


@pytest.mark.parametrize(
    "printed", ["hoà thuận ở Thuỷ Hoà", "hòa thuận ở Thủy Hòa", "qùy, quỳ, Khoẻ, khỏe, loà xoà, hoè, khoé"]
)
def test_tone_marks_stay_where_they_are_printed(printed: str) -> None:
    assert repair_line(printed) == printed
    assert repair_line(unicodedata.normalize("NFD", printed)) == printed
    assert old_font(printed) is None


@pytest.mark.parametrize(
    "line",
    [
        "El Niño và La Niña là gì?",
        "Đội tuyển gặp São Tomé, Curaçao và Åland",
        "Máy đo bụi mịn 2,5 µm của hãng Größe GmbH",
        "Sổ tay “Việc làm®” in lần hai, © 2026 Nhà in Sao Khuê",
        "Thuê thợ tiện, thợ hàn: 10×20 mét vuông nhà xưởng",
        "«Bữa cơm Công đoàn» và «Mái ấm Công đoàn»",
        "Müller và Söhne",
    ],
)
def test_foreign_names_signs_and_formulas_are_no_old_font(line: str) -> None:
    assert old_font(line) is None


# ------------------------------------------------------------------------------------------------ what is mended
@given(st.sampled_from(LONG), st.sampled_from(["latin-1", "sloppy-windows-1252"]))
def test_what_a_western_encoding_made_of_a_text_is_undone_exactly(line: str, encoding: str) -> None:
    ftfy.bad_codecs.ok()
    broken = line.encode().decode(encoding)
    assert repair_mojibake(broken) == line
    assert repair_mojibake(f"<p>{broken}</p>\n{line}") == f"<p>{line}</p>\n{line}"


@given(st.sampled_from(LONG), st.integers(0, 200))
def test_a_reading_that_lost_a_byte_is_left_alone(line: str, place: int) -> None:
    broken = line.encode().decode("latin-1")
    lossy = broken.replace("\u00a0", " ").replace("\u0083", "?")
    lossy = lossy[: place % len(lossy)] + "\ufffd" + lossy[place % len(lossy) :]
    assert repair_mojibake(lossy) == lossy
    assert is_mojibake(lossy)


def test_half_of_a_page_may_be_broken() -> None:
    whole, broken = LONG[0], LONG[1].encode().decode("latin-1")
    assert repair_mojibake(f"{whole}\n{broken}\r\n<b>{broken}</b>") == f"{whole}\n{LONG[1]}\r\n<b>{LONG[1]}</b>"


@given(st.text(max_size=80))
def test_repairing_twice_is_repairing_once(text: str) -> None:
    once = repair_line(text)
    assert repair_line(once) == once
    assert once == " ".join(once.split())
    assert not set(once) & set("\u00ad\u200b\u200c\u200d\u2060\ufeff\u00a0")


def test_layers_of_entities_and_templates_end() -> None:
    assert repair_line("&amp;amp;nbsp;Sao&amp;nbsp;Khuê") == "Sao Khuê"
    for line in ("&" + "amp;" * 200_000 + "lt;", "{" * 200_000 + "a" + "}" * 200_000):
        once = repair_line(line)
        assert repair_line(once) == once


# ------------------------------------------------------------------------------------------------ what is dropped
@pytest.mark.parametrize(("line", "font"), [*((line, "TCVN3") for line in TCVN3), *((line, "VNI") for line in VNI)])
def test_letters_of_an_old_font_are_dropped_with_the_reason(line: str, font: str) -> None:
    assert old_font(line) == font
    right = "Sáng 5/7, công đoàn khu công nghiệp Hà Lĩnh khai mạc hội thao với 28 đội."
    page = Page(None, None, None, "text", "Hội thao", line, (Block(line), Block(right)))
    cleaned = clean_page(page)
    assert cleaned.text == f"Hội thao\n{right}"
    assert {dropped.line: dropped.reason for dropped in cleaned.dropped} == {line: f"letters of an old font ({font})"}


@pytest.mark.shared
def test_no_line_of_a_published_text_is_taken_for_an_old_font_or_damage() -> None:
    rows = [row for name in ("real", "composed") for row in (SHARED / f"gold/{name}.jsonl").read_text().splitlines()]
    texts = [json.loads(row)["text"] for row in rows]
    texts += [file.read_text(encoding="utf-8") for file in sorted(SHARED.glob("seeds/*.txt"))]
    texts += (SHARED / "gold/duckling_vi.jsonl").read_text(encoding="utf-8").splitlines()
    assert len(texts) > 250
    assert [line for text in texts for line in text.split("\n") if old_font(line)] == []
    assert all(repair_mojibake(text) == text for text in texts)


@pytest.mark.shared
def test_a_published_page_that_was_misread_is_restored() -> None:
    broken, repaired = (
        (SHARED / f"pages/laodong.vn__home_2021.{state}.html").read_text(encoding="utf-8")
        for state in ("mojibake", "repaired")
    )
    assert is_mojibake(broken)
    mended = repair_mojibake(broken)
    assert not is_mojibake(mended)
    assert mended == repaired
