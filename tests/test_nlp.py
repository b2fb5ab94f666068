"""Sentences, words and entities stand where they say they stand, whatever the text."""

from __future__ import annotations

import json
import unicodedata
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from cpu_time import is_within
from hypothesis import given, settings
from hypothesis import strategies as st
from underthesea import sent_tokenize
from vinhkhe import FACTS

from pipeline.demo.newspaper import PAPERS, read_paper
from pipeline.nlp import MAX_TAGGED_CHARACTERS, NotText, Rules, annotate, models, split_sentences, tag
from pipeline.nlp.tones import old_style
from pipeline.records import Entity, Sentence

# what Vietnamese news is written with, what comes in with it, and what underthesea rewrites (tones, Đ, dashes)
LETTERS = "aăâbcdđeêghiklmnoôơpqrstuưvxyàáảãạằắẳẵặềếểễệìíỉĩịòóỏõọồốổỗộùúủũụừứửữựÀÁĂĐÐ"
MARKS = " .,;:!?()[]\"“”‘’'-–—…/\\|*%+=<>@#&0123456789\t\u00a0\u200b\u2028\ufeff\x0b\x0c\x85日🙂"
TEXT = st.text(st.sampled_from(LETTERS + MARKS + "\n"), max_size=120).map(
    lambda text: unicodedata.normalize("NFC", text)
)


def stands_where_it_says(text: str, sentences: tuple[Sentence, ...]) -> None:
    """Fail unless all offsets slice to what they name, in reading order, and nothing but white space is left out."""
    assert [sentence.number for sentence in sentences] == list(range(len(sentences)))
    at = 0
    for sentence in sentences:
        assert text[at : sentence.start].strip() == ""
        assert text[sentence.start : sentence.end] == sentence.text
        assert "\n" not in sentence.text
        at = sentence.end
    assert text[at:].strip() == ""


def tokens_make_the_sentence(text: str, sentence: Sentence) -> None:
    at = sentence.start
    for token in sentence.tokens:
        assert text[at : token.start].strip() == ""
        assert text[token.start : token.end] == token.text
        assert token.pos
        at = token.end
    assert text[at : sentence.end].strip() == ""
    starts = {token.start for token in sentence.tokens}
    ends = {token.end for token in sentence.tokens}
    for entity in sentence.entities:
        assert text[entity.start : entity.end] == entity.text
        assert entity.start in starts
        assert entity.end in ends


@settings(max_examples=150)
@given(TEXT)
def test_any_text_is_cut_without_losing_or_moving_a_character(text: str) -> None:
    sentences = split_sentences(text)
    stands_where_it_says(text, sentences)
    for sentence in annotate(sentences):
        tokens_make_the_sentence(text, sentence)


@pytest.mark.parametrize("paper", PAPERS)
def test_the_demo_articles_are_cut_without_losing_or_moving_a_character(paper: str) -> None:
    for article in read_paper(paper)[::4]:
        text = article.text()
        sentences = annotate(split_sentences(text))
        stands_where_it_says(text, sentences)
        for sentence in sentences:
            tokens_make_the_sentence(text, sentence)


def test_sentences_end_at_full_stops_and_at_line_ends() -> None:
    text = "Tựa không có dấu chấm\nÔng Nam nhận 1.250 suất quà. Bà Hoa nhận 2,5 triệu đồng!\n\nHết"
    assert [sentence.text for sentence in split_sentences(text)] == [
        "Tựa không có dấu chấm",
        "Ông Nam nhận 1.250 suất quà.",
        "Bà Hoa nhận 2,5 triệu đồng!",
        "Hết",
    ]


def test_words_of_several_syllables_are_one_token() -> None:
    (sentence,) = annotate(split_sentences("Công nhân nhà máy Sao Khê giảm gần 1,1 triệu kWh điện."))
    words = [token.text for token in sentence.tokens]
    assert words[:2] == ["Công nhân", "nhà máy"]
    assert "1,1" in words
    assert words[-1] == "."
    assert [token.pos for token in sentence.tokens if token.text == "Công nhân"] == ["N"]


def test_words_keep_their_printed_spelling() -> None:
    # underthesea writes "hoà" as "hòa"; the table must not
    (sentence,) = annotate(split_sentences("Tổ hoà giải hòa thuận."))
    assert "".join(token.text for token in sentence.tokens).replace(" ", "") == "Tổhoàgiảihòathuận."


def test_entities_name_people_and_places() -> None:
    (sentence,) = annotate(split_sentences("Ông Nguyễn Văn Nam đến Hà Nội."))
    assert Entity(4, 18, "PER", "Nguyễn Văn Nam") in sentence.entities
    assert Entity(23, 29, "LOC", "Hà Nội") in sentence.entities


def test_offsets_count_in_the_text_not_in_the_sentence() -> None:
    text = "Một câu trước.\nÔng Nguyễn Văn Nam đến."
    entity = annotate(split_sentences(text))[1].entities[0]
    assert text[entity.start : entity.end] == entity.text == "Nguyễn Văn Nam"


def test_a_sentence_longer_than_the_limit_is_tagged_in_pieces() -> None:
    text = " ".join(FACTS[0].rstrip(".") for _ in range(MAX_TAGGED_CHARACTERS // len(FACTS[0]) + 20))
    (sentence,) = annotate(split_sentences(text))
    assert len(sentence.text) > MAX_TAGGED_CHARACTERS
    tokens_make_the_sentence(text, sentence)


def test_a_word_without_any_white_space_is_cut_all_the_same() -> None:
    text = "a" * (MAX_TAGGED_CHARACTERS + 5)
    (sentence,) = annotate(split_sentences(text))
    tokens_make_the_sentence(text, sentence)


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_words_stand_where_they_are_printed_composed_or_not(form: str) -> None:
    text = unicodedata.normalize(form, "Tổ thợ nề Sao Khê đón bà Hoà Thị Biếc.")
    (sentence,) = annotate(split_sentences(text))
    tokens_make_the_sentence(text, sentence)
    assert unicodedata.normalize("NFC", sentence.entities[-1].text) == "Hoà Thị Biếc"


def test_text_that_is_not_composed_is_read_as_the_composed_one() -> None:
    for fact in FACTS:
        composed, apart = (annotate(split_sentences(unicodedata.normalize(form, fact))) for form in ("NFC", "NFD"))
        said = [[(token.text, token.pos) for token in sentence.tokens] for sentence in composed]
        assert said == [
            [(unicodedata.normalize("NFC", token.text), token.pos) for token in sentence.tokens] for sentence in apart
        ]


ODD_TEXTS = {
    "half of a surrogate pair": "Công đoàn \ud800 Vĩnh Khê \udfff.",
    "marks without a letter": "\u0301\u0323 ạ\u0301\u0302\u0323 \u0301",
    "more letters than were written": "क़ख़ \u0958\u0959 \ufb1d",
    "control characters": "a\x00b \x1b[1m\x07 c\r\x0b\x0cd\x1c\x1de\x7f",
    "emoji": "Chúc mừng 🎉👩\u200d🏭🇻🇳 ngày hội 1️⃣",
    "other scripts": "工会 рабочие العمال 노동자 עובדים ไทย ᄒ\u1161\u11ab",
    "no white space but no-break ones": "Công\u00a0đoàn\u202fcơ\u2007sở",
    "from right to left": "\u202eđoàn\u202c Công",
    "only marks": "?!.;…“”(((",
    "letters of other letters": "ðoàn Ðảng ﬁ ǆ ß İ ı",
}


@pytest.mark.parametrize("text", ODD_TEXTS.values(), ids=ODD_TEXTS.keys())
def test_what_is_no_vietnamese_is_cut_without_losing_or_moving_a_character(text: str) -> None:
    sentences = annotate(split_sentences(text))
    stands_where_it_says(text, sentences)
    for sentence in sentences:
        tokens_make_the_sentence(text, sentence)


@settings(max_examples=150)
@given(st.text(st.characters(exclude_categories=()), max_size=60))
def test_any_characters_at_all_are_cut_without_losing_or_moving_one(text: str) -> None:
    sentences = annotate(split_sentences(text))
    stands_where_it_says(text, sentences)
    for sentence in sentences:
        tokens_make_the_sentence(text, sentence)


@pytest.mark.parametrize("nothing", [None, b"C\xc3\xb4ng \xc4\x91o\xc3\xa0n", 7])
def test_what_is_no_text_is_refused_in_one_line(nothing: object) -> None:
    for refuse in (split_sentences, lambda text: tag([text])):
        with pytest.raises(NotText, match="a text is wanted, not") as refusal:
            refuse(nothing)  # type: ignore[arg-type, no-untyped-call]
        assert "\n" not in str(refusal.value)


# CPU seconds on two busy cores; the slowest takes 4, and each took minutes or more where time was quadratic
MOST_SECONDS = 25
LONG_TEXTS = {
    "a letter 10 MB long": "a" * 10_000_000,
    "900,000 characters without a full stop": " ".join([fact.rstrip(".").replace(".", "") for fact in FACTS])
    * (900_000 // sum(map(len, FACTS))),
    "an address that ends in exclamation marks": "http://" + "!" * 50_000,
    "letters and dots": "ab." * 15_000,
    "dashes": "+-" * 25_000,
    "marks upon marks": "a" + "\u0301\u0323" * 15_000,
    "open brackets": "http://(" + "(a" * 25_000,
}


@pytest.mark.parametrize("text", LONG_TEXTS.values(), ids=LONG_TEXTS.keys())
def test_long_texts_take_time_linear_in_their_length(text: str) -> None:
    readings: list[list[Sentence]] = []
    assert is_within(MOST_SECONDS, lambda: readings.append(annotate(split_sentences(text))))
    sentences = readings[-1]
    stands_where_it_says(text, sentences)
    for sentence in sentences[:50]:
        tokens_make_the_sentence(text, sentence)


def test_tones_as_trained_find_a_word_whatever_style_it_is_printed_in() -> None:
    # the dictionary that the segmenter was trained with has "thuỷ thủ", "hoà giải", "xoá bỏ"
    for new, old in (("Bộ thủy sản xóa bỏ lệ phí.", "Bộ thuỷ sản xoá bỏ lệ phí."), ("Tổ hòa giải.", "Tổ hoà giải.")):
        said = []
        for text in (new, old):
            (sentence,) = annotate(split_sentences(text), tones="as_trained")
            tokens_make_the_sentence(text, sentence)
            said.append([(token.start, token.end) for token in sentence.tokens])
        assert said[0] == said[1]


@pytest.mark.parametrize(
    ("printed", "seen"),
    [
        ("hòa", "hoà"),
        ("HÓA", "HOÁ"),
        ("Thủy", "Thuỷ"),
        ("quý", "quý"),
        ("hoàn", "hoàn"),
        ("khỏe", "khoẻ"),
        ("toàn", "toàn"),
    ],
)
def test_the_old_style_carries_the_tone_on_the_second_vowel(printed: str, seen: str) -> None:
    assert old_style(printed) == seen


SENTENCES = [
    json.loads(line) for line in (Path(__file__).parent / "cases" / "sentences.jsonl").read_text("utf-8").splitlines()
]


@pytest.mark.parametrize(
    "case",
    [
        pytest.param(case, marks=[pytest.mark.xfail(reason=case["fails"])] if "fails" in case else [], id=case["text"])
        for case in SENTENCES
    ],
)
def test_the_rules_of_the_press_end_a_sentence_where_a_reader_would(case: dict[str, Any]) -> None:
    assert [sentence.text for sentence in split_sentences(case["text"], rules="press")] == case["sentences"]


@pytest.mark.parametrize(("rules", "f1"), [("underthesea", 59.59), ("press", 98.88)])
def test_sentences_of_our_own_cases_are_found_as_well_as_is_written_in_the_readme(rules: Rules, f1: float) -> None:
    hits = found = right = 0
    for case in SENTENCES:
        ours = [sentence.text for sentence in split_sentences(case["text"], rules=rules)]
        hits += (Counter(ours) & Counter(case["sentences"])).total()
        found, right = found + len(ours), right + len(case["sentences"])
    assert len(SENTENCES) == 500
    assert round(200 * hits / (found + right), 2) == f1


def test_the_rules_of_the_press_are_off_unless_asked_for() -> None:
    text = "1. Thay che chắn."
    assert [sentence.text for sentence in split_sentences(text)] == sent_tokenize(text) == ["1.", "Thay che chắn."]


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("quán nhỏ. nước lèo ngon lắm! mai lại đến", ["quán nhỏ.", "nước lèo ngon lắm!", "mai lại đến"]),
        ("cười hihi. trên lầu vui", ["cười hihi.", "trên lầu vui"]),
        ("Gọi tel. số 5, tr. 12, v.v. rồi về.", ["Gọi tel. số 5, tr. 12, v.v. rồi về."]),
        ("Chúng tôi gặp anh. ở xã bên, và. cô chủ.", ["Chúng tôi gặp anh. ở xã bên, và. cô chủ."]),  # names left out
        ("“Bao giờ?” chị hỏi.", ["“Bao giờ?” chị hỏi."]),
    ],
)
def test_the_rules_of_the_press_read_texts_in_small_letters(text: str, sentences: list[str]) -> None:
    assert [sentence.text for sentence in split_sentences(text, rules="press")] == sentences


@settings(max_examples=200)
@given(TEXT | st.text(st.sampled_from('aT1 .?!…"“”(-\n\u00a0'), max_size=60))
def test_the_rules_of_the_press_lose_and_move_no_character(text: str) -> None:
    stands_where_it_says(text, split_sentences(text, rules="press"))


@pytest.mark.parametrize("piece", ["A. ", 'a" . ', "TS. ", "1. ", "!“ ", ". - ", "(.", "N.V.T. ", "hihi. ", "a. "])
def test_the_rules_of_the_press_take_time_linear_in_the_text(piece: str) -> None:
    text = piece * (300_000 // len(piece))
    assert is_within(MOST_SECONDS, lambda: split_sentences(text, rules="press"))


def test_sentences_of_many_articles_are_annotated_as_one_by_one() -> None:
    sentences = split_sentences("\n".join(FACTS))
    together = annotate(sentences)
    assert together == tuple(one for sentence in sentences for one in annotate((sentence,)))


def test_nothing_is_no_sentence() -> None:
    assert split_sentences("") == split_sentences(" \n\n ") == ()
    assert annotate(()) == ()


def test_the_models_are_named_with_their_version() -> None:
    assert models().startswith("underthesea 9.")
