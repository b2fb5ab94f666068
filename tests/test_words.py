"""Titles, numbers and names of the unions kept whole, where the options of the annotation ask for it."""

from __future__ import annotations

import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_nlp import MOST_SECONDS, ODD_TEXTS, TEXT, stands_where_it_says, tokens_make_the_sentence
from underthesea.pipeline.word_tokenize import regex_tokenize
from word_marks import marked_sentences, word_f1

from pipeline.nlp import annotate, split_sentences, tag
from pipeline.nlp.patterns import PatternNotRead, pattern_for
from pipeline.nlp.reading import Reading
from pipeline.nlp.runtime import MOST_SENTENCES
from pipeline.records import Sentence

WHOLE: dict[str, Any] = {"tones": "as_trained", "titles": "whole", "numbers": "whole", "lexicon": "union"}
PIECES = (
    "Th.S", "Th S", "Thys", "Bs.", "30/4/2027", "12-13/9", "11:20", "6h30", "5h15'", "45m2", "1,5km", "98%", "-",
    "02-NQ/TW", "145/2020/NĐ-CP", "Q.1", "24h.vidu.vn", "công đoàn", " cơ sở", "Tổng ", "LĐLĐ Việt Nam", "CNVCLĐ",
    "CNVC-LĐ", "2.500", " ", "  ", "\u00a0", ".", ",", "\u0301", "Mái ấm ", "tháng công nhân",
)  # fmt: skip


def words_of(text: str, **options: Any) -> list[str]:
    (sentence,) = annotate((Sentence(0, 0, len(text), text, (), ()),), **options)
    tokens_make_the_sentence(text, sentence)
    return [token.text for token in sentence.tokens]


@pytest.mark.parametrize(
    ("options", "f1"),
    [
        ({}, 74.99),
        ({"titles": "whole"}, 75.62),
        ({"numbers": "whole"}, 86.19),
        ({"lexicon": "union"}, 81.83),
        (WHOLE, 94.52),
    ],
    ids=["none", "titles", "numbers", "lexicon", "all"],
)
def test_each_option_finds_more_of_the_words_marked_by_hand(options: dict[str, Any], f1: float) -> None:
    marked = list(marked_sentences())
    sentences = [Sentence(0, 0, len(text), text, (), ()) for text, _ in marked]
    found = [{(word.start, word.end) for word in one.tokens} for one in annotate(sentences, **options)]
    assert len(marked) == 134
    assert round(word_f1(found, [words for _, words in marked]), 2) == f1


@pytest.mark.parametrize(
    "whole",
    [
        *("30/4/2023", "12-13/9/2028", "01/2027", "2025-2030", "11:20", "8:05:30", "22h", "6h30", "5h15'"),
        *("3m2", "36,5°C", "98%", "10-15%", "1.200.000đ", "2.500kWh", "Q.1", "P.14"),
        *("02-NQ/TW", "35/HD-TLĐ", "145/2020/NĐ-CP", "50/2024/QH15", "08/TTr-CĐN", "12-CT/TW", "20-NQ/T.Ư"),
    ],
)
def test_a_date_a_time_a_number_with_its_unit_and_a_document_are_one_word(whole: str) -> None:
    assert whole in words_of(f"Tổ trưởng ghi {whole} vào sổ.", numbers="whole")


def test_a_quantity_kept_whole_is_a_numeral() -> None:
    text = "Lúc 6h30 ngày 12-13/9/2028, tổ nhận 45m2 và 98% theo 02-NQ/TW."
    (sentence,) = annotate(split_sentences(text, rules="press"), numbers="whole")
    said = {token.text: token.pos for token in sentence.tokens}
    assert [said[word] for word in ("6h30", "12-13/9/2028", "45m2", "98%")] == ["M"] * 4


@pytest.mark.parametrize("address", ["24h.com.vn", "http://vidu.vn/5m2", "5m@vidu.vn"])
def test_an_address_is_not_cut_at_a_number(address: str) -> None:
    assert words_of(f"Xem {address} nhé", numbers="whole") == words_of(f"Xem {address} nhé")


def test_a_title_keeps_its_full_stops_and_no_other_word_is_taken_for_one() -> None:
    assert "Th.S." in words_of("Th.S. Trần Khiêm dạy.", titles="whole")
    assert "Bs." in words_of("Ông Bs. Vũ Biếc khám.", titles="whole")
    assert words_of("Máy Thusa hỏng.") == ["Máy", "Thus", "a hỏng", "."]
    assert words_of("Máy Thusa hỏng.", titles="whole") == ["Máy", "Thusa", "hỏng", "."]


@pytest.mark.parametrize(
    "name",
    [
        *("Tổng Liên đoàn Lao động Việt Nam", "công đoàn cơ sở", "CÔNG ĐOÀN CƠ SỞ", "CNVCLĐ", "CBCCVCLĐ", "CNVC-LĐ"),
        *("Mái ấm Công đoàn", "Uỷ ban Kiểm tra", "Ủy ban Kiểm tra", "thoả ước lao động tập thể"),
    ],
)
def test_a_name_of_the_lexicon_is_one_word(name: str) -> None:
    assert name in words_of(f"Sáng nay, {name} được nhắc tới.", lexicon="union")


def test_a_name_written_with_capitals_is_none_without_them_or_across_a_mark() -> None:
    assert "Tháng Công nhân" in words_of("Mở đầu Tháng Công nhân bằng hội thao.", lexicon="union")
    assert "tháng công nhân" not in words_of("Có tháng công nhân nghỉ nhiều.", lexicon="union")
    assert "công đoàn" in words_of("Về công đoàn, cơ sở có lý.", lexicon="union")


def test_the_longest_name_is_taken_and_never_across_two_sentences() -> None:
    assert "Chủ tịch công đoàn cơ sở" in words_of("Bà là Chủ tịch công đoàn cơ sở may.", lexicon="union")
    first, second = annotate(split_sentences("Có công đoàn\ncơ sở mới"), lexicon="union")
    assert first.tokens[-1].text == "công đoàn"
    assert second.tokens[0].start == 13


@settings(max_examples=150)
@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join) | TEXT)
def test_with_all_options_no_character_is_lost_or_moved(text: str) -> None:
    sentences = split_sentences(text, rules="press")
    stands_where_it_says(text, sentences)
    for sentence in annotate(sentences, **WHOLE):
        tokens_make_the_sentence(text, sentence)


@pytest.mark.parametrize("text", ODD_TEXTS.values(), ids=ODD_TEXTS.keys())
def test_with_all_options_what_is_no_vietnamese_is_cut_without_loss(text: str) -> None:
    for sentence in annotate(split_sentences(text), **WHOLE):
        tokens_make_the_sentence(text, sentence)


@pytest.mark.parametrize("piece", ["1.", "1-", "1/AB-", "11:", "công đoàn ", "1,1", "Th.S"])
def test_with_all_options_time_is_linear_in_the_text(piece: str) -> None:
    text = piece * (60_000 // len(piece))
    began = time.process_time()
    annotate(split_sentences(text), **WHOLE)
    assert time.process_time() - began < MOST_SECONDS


def test_sentences_beyond_a_batch_and_after_forgetting_are_read_the_same() -> None:
    texts = [text for text, _ in marked_sentences()]
    many = texts * (MOST_SENTENCES // len(texts) + 2)
    said = annotate([Sentence(0, 0, len(text), text, (), ()) for text in many], **WHOLE)
    assert said[: len(texts)] == said[-len(texts) :] == annotate([said[at] for at in range(len(texts))], **WHOLE)


def test_words_that_someone_fixed_in_underthesea_do_not_leak_into_ours() -> None:
    text = "Sáng nay công đoàn cơ sở Sao Khê họp."
    before, pattern = tag([text]), regex_tokenize.patterns
    try:
        regex_tokenize.tokenize("x", fixed_words=["công đoàn cơ sở"])
        assert "công đoàn cơ sở" in regex_tokenize.tokenize(text)  # the leak: nothing was fixed in this call
        assert tag([text]) == before
    finally:
        regex_tokenize.patterns = pattern


def test_a_pattern_whose_titles_are_elsewhere_is_refused() -> None:
    with pytest.raises(PatternNotRead, match="has changed"):
        pattern_for(r"(\w+|\S)", Reading(titles="whole"))
