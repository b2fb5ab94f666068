"""Key phrases, collocations and key words: values worked out by hand, and the same by counting one by one."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable
from itertools import pairwise

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.keywords import PartEmpty, Sentences, TokensAtFault, collocations, key_phrases, keyness, tallies
from pipeline.keywords.measures import c_value, log_likelihood, log_ratio, percent_difference, pmi
from pipeline.keywords.tallies import Tally

Tagged = tuple[str, str]

# a fund, a house and their common name, in sentences of an invented paper
HOMES = [
    *["Nhà/N Mái_ấm/N Công_đoàn/N"] * 3,
    *["quỹ/N mái_ấm/N công_đoàn/N ,/CH"] * 2,
    *["có/V mái_ấm/N công_đoàn/N ở/E Cầu_Rạng/Np"] * 4,
]


def tagged(sentence: str) -> list[Tagged]:
    """Read "phong_trào/N thi_đua/V ./CH"."""
    words = [word.rpartition("/") for word in sentence.split()]
    return [(word.replace("_", " "), tag) for word, _, tag in words]


def opened(sentences: list[tuple[str, list[Tagged]]], at_once: int = 1000) -> Sentences:
    """Return what opens sentences with their articles, so many in a batch."""
    table = pa.table(
        {
            "article_id": pa.array([article for article, _ in sentences], pa.string()),
            "tokens": pa.array([[word for word, _ in words] for _, words in sentences], pa.list_(pa.string())),
            "pos": pa.array([[tag for _, tag in words] for _, words in sentences], pa.list_(pa.string())),
        }
    )
    return lambda: table.to_batches(max_chunksize=at_once)


def articles(*texts: list[str]) -> Sentences:
    return opened([(f"a{number}", tagged(text)) for number, lines in enumerate(texts) for text in lines])


# ------------------------------------------------------------------------------------------------------- the formulae
def test_the_log_likelihood_of_a_table_by_hand() -> None:
    # cells 10, 10, 20, 60 against 6, 14, 24, 56 expected
    by_hand = 2 * (10 * math.log(10 / 6) + 10 * math.log(10 / 14) + 20 * math.log(20 / 24) + 60 * math.log(60 / 56))
    assert log_likelihood(10, 20, 30, 100) == pytest.approx(by_hand)
    assert by_hand == pytest.approx(4.473, abs=5e-4)
    assert log_likelihood(6, 20, 30, 100) == pytest.approx(0, abs=1e-12)
    assert log_likelihood(0, 20, 30, 100) == pytest.approx(
        2 * (20 * math.log(1 / 0.7) + 30 * math.log(30 / 24) + 50 * math.log(50 / 56))
    )


def test_association_and_effect_by_hand() -> None:
    assert pmi(8, 16, 32, 1024) == 4  # 8 · 1024 / (16 · 32) = 16
    assert log_ratio(20, 1000, 5, 1000) == 2
    assert log_ratio(20, 2000, 5, 1000) == 1
    assert log_ratio(0, 1000, 8, 1000) == -4  # nought is half a word
    assert percent_difference(20, 1000, 5, 1000) == pytest.approx(300)
    assert percent_difference(5, 1000, 20, 1000) == pytest.approx(-75)
    assert percent_difference(5, 1000, 0, 1000) == math.inf


def test_the_c_value_by_hand() -> None:
    assert c_value(4, 5, 0, 0) == 10
    assert c_value(8, 11, 5, 1) == 18
    assert c_value(3, 984, 26, 5) == pytest.approx(1551.36, abs=0.01)


@given(st.integers(0, 50), st.integers(0, 50), st.integers(0, 50), st.integers(0, 500))
def test_the_log_likelihood_is_never_negative_and_knows_no_sides(both: int, a: int, b: int, neither: int) -> None:
    first, second, total = both + a, both + b, both + a + b + neither
    if not total:
        return
    value = log_likelihood(both, first, second, total)
    assert value >= 0
    assert value == pytest.approx(log_likelihood(both, second, first, total), abs=1e-9)
    assert value == pytest.approx(log_likelihood(neither, total - first, total - second, total), abs=1e-9)


# ---------------------------------------------------------------------------------------------------------- key phrases
def test_a_phrase_within_longer_ones_counts_for_what_it_is_by_itself() -> None:
    found = key_phrases(articles(HOMES), min_count=2)
    # of 9 times, 5 in two longer phrases: log2(4) · (9 - 5/2)
    assert [(phrase.phrase, phrase.count, phrase.nested, phrase.longer) for phrase in found] == [
        ("mái ấm công đoàn", 9, 5, 2),
        ("Nhà mái ấm công đoàn", 3, 0, 0),
        ("quỹ mái ấm công đoàn", 2, 0, 0),
        ("Nhà mái ấm", 3, 3, 1),
        ("quỹ mái ấm", 2, 2, 1),
    ]
    values = [13, math.log2(5) * 3, math.log2(5) * 2, 0, 0]
    assert [phrase.c_value for phrase in found] == pytest.approx(values)
    assert [(phrase.words, phrase.syllables) for phrase in found[:2]] == [(2, 4), (3, 5)]


def test_a_phrase_begins_with_a_noun_and_ends_at_stop_words_numbers_punctuation_and_the_sentence() -> None:
    lines = [
        "phát_động/V phong_trào/N thi_đua/V của/E công_nhân/N lao_động/N",
        "công_nhân/N lao_động/N 12/N phong_trào/N thi_đua/V ,/CH lao_động/N",
        "ngày/N hội/N Nguyễn_Văn_Tạo/Np nói/V về/E phong_trào/N thi_đua/V",
    ]
    found = key_phrases(articles(lines * 2), min_count=2)
    assert {phrase.phrase for phrase in found} == {"phong trào thi đua", "công nhân lao động", "hội Nguyễn Văn Tạo"}


def test_verbs_are_left_out_on_demand() -> None:
    lines = ["hội_nghị/N tổng_kết/V năm/N", "tai_nạn/N lao_động/N nghiêm_trọng/A"] * 2
    with_verbs = {phrase.phrase for phrase in key_phrases(articles(lines), min_count=2)}
    assert with_verbs - {phrase.phrase for phrase in key_phrases(articles(lines), min_count=2, verbs=False)} == {
        "hội nghị tổng kết"
    }


def test_one_phrase_whatever_the_case_the_tone_style_and_the_cut() -> None:
    lines = [
        *["văn_hoá/N công_sở/N"] * 2,
        *["Văn_hóa/N công_sở/N"] * 3,
        *["văn_hóa_công_sở/N"] * 2,
    ]
    (phrase,) = key_phrases(articles(lines), min_count=2)
    assert (phrase.phrase, phrase.count, phrase.syllables) == ("Văn hóa công sở", 7, 4)


def test_phrases_of_a_thousand_words_end_at_the_longest() -> None:
    line = " ".join(["dài/N"] * 1000)
    found = key_phrases(articles([line]), min_count=2, longest=5)
    assert [phrase.words for phrase in found if phrase.nested == 0] == [5]
    assert max(phrase.words for phrase in found) == 5


# --------------------------------------------------------------------------------------------------------- collocations
def test_neighbours_are_counted_in_a_table_of_all_pairs() -> None:
    lines = [
        *["phong_trào/N thi_đua/V"] * 3,
        "phong_trào/N của/E thợ/N",
        "thi_đua/V giỏi/A ,/CH phong_trào/N thi_đua/V",
    ]
    (pair,) = collocations(articles(lines), min_count=3)
    # pairs: 3, then "phong trào của", "của thợ", then "thi đua giỏi", "phong trào thi đua": 7, and none over the comma
    assert (pair.first, pair.second, pair.count) == ("phong trào", "thi đua", 4)
    assert (pair.count_first, pair.count_second, pair.expected) == (5, 4, pytest.approx(20 / 7))
    assert pair.pmi == pytest.approx(math.log2(4 * 7 / 20))
    assert pair.log_likelihood == pytest.approx(log_likelihood(4, 5, 4, 7))


def test_a_window_reaches_over_stop_words_and_not_over_punctuation() -> None:
    lines = ["trao/V cho/E thợ/N quà/N", "trao/V ,/CH quà/N", "thợ/N ơi/I nghỉ/V đi/V đã/R"] * 2
    near = collocations(articles(lines), window=1, min_count=2)
    wide = collocations(articles(lines), window=3, min_count=2)
    assert {(pair.first, pair.second) for pair in near} == {("thợ", "quà")}
    assert {(pair.first, pair.second) for pair in wide} >= {("trao", "thợ"), ("trao", "quà"), ("thợ", "nghỉ")}
    assert all(pair.count == 2 for pair in wide)


def test_the_company_of_one_word_whatever_its_spelling() -> None:
    lines = ["hoà_giải/V tranh_chấp/N", "hòa_giải/V viên/N", "quà/N tết/N"] * 2
    found = collocations(articles(lines), word="HOÀ GIẢI", min_count=2, by="pmi")
    assert [(pair.first, pair.second) for pair in found] == [("hoà giải", "tranh chấp"), ("hoà giải", "viên")]
    assert collocations(articles(lines), word="không đâu", min_count=2) == []


# -------------------------------------------------------------------------------------------------------------- keyness
def test_words_of_one_part_against_the_other() -> None:
    part_a = articles(["máu/N", "hiến/V máu/N của/E"], ["máu/N nhà/N ./CH"])
    part_b = articles(["nhà/N của/E"], ["nhà/N nhà/N máu/N"])
    found = {word.word: word for word in keyness(part_a, part_b, min_count=1, min_articles=1, min_log_likelihood=0)}
    blood = found["máu"]  # 3 of 6 words, 1 of 5
    assert (blood.count_a, blood.count_b, blood.articles_a, blood.articles_b) == (3, 1, 2, 1)
    assert (blood.per_million_a, blood.per_million_b) == (500_000, 200_000)
    assert blood.log_ratio == pytest.approx(math.log2(2.5))
    assert blood.percent_difference == pytest.approx(150)
    assert blood.log_likelihood == pytest.approx(log_likelihood(3, 6, 4, 11))
    assert found["nhà"].log_ratio < 0
    assert set(found) == {"máu", "nhà", "hiến"}  # "của" is in the totals, and no key word


def test_a_word_of_a_single_article_and_one_that_chance_explains_are_no_key_words() -> None:
    part_a = articles(["máu/N " * 30], ["nhà/N"], ["nhà/N"])
    part_b = articles(["nhà/N " * 30], ["nhà/N"])
    assert [word.word for word in keyness(part_a, part_b)] == ["nhà"]
    assert [word.word for word in keyness(part_a, part_b, min_articles=1, by="log_ratio")] == ["máu", "nhà"]
    assert keyness(part_a, part_b, min_log_likelihood=1000) == []


def test_an_article_in_two_batches_is_one_article() -> None:
    rows = [("x", tagged("máu/N nhà/N")), ("x", tagged("máu/N")), ("x", tagged("quà/N máu/N")), ("y", tagged("máu/N"))]
    for at_once in (1, 2, 3, 4):
        (blood,) = keyness(opened(rows, at_once), articles(["nhà/N"]), min_count=3, min_log_likelihood=0)
        assert (blood.count_a, blood.articles_a) == (4, 2)


# ----------------------------------------------------------------------------------------- counted one by one, and bad
WORDS = st.sampled_from([*map(tuple, tagged("nhà_mới/N Thợ_nề/N thợ_nề/V giỏi/A của/E ,/CH An/Np 7/N"))])
CORPUS = st.lists(st.tuples(st.sampled_from(["x", "y", "z"]), st.lists(WORDS, max_size=8)), max_size=12).map(sorted)
CONTENT = ("N", "V", "A", "Np")


def is_content(word: Tagged) -> bool:
    return word[1] in CONTENT and word[0] != "7"


@given(CORPUS, st.integers(1, 5))
@settings(max_examples=80)
def test_phrases_are_what_is_found_by_looking_at_every_run(
    corpus: list[tuple[str, list[Tagged]]], at_once: int
) -> None:
    runs: Counter[tuple[str, ...]] = Counter()
    for _, words in corpus:
        for start in range(len(words)):
            for end in range(start + 1, min(len(words), start + 3) + 1):
                run = words[start:end]
                if all(map(is_content, run)) and run[0][1] in ("N", "Np"):
                    runs[tuple(word.lower() for word, _ in run)] += 1
    expected = {" ".join(run): n for run, n in runs.items() if n > 1 and len(" ".join(run).split()) > 2}
    found = key_phrases(opened(corpus, at_once), min_count=2, longest=3, top=None)
    assert {phrase.phrase.lower(): phrase.count for phrase in found} == expected
    assert all(0 <= phrase.nested <= phrase.count for phrase in found)
    assert all(phrase.c_value >= 0 for phrase in found)
    assert found == key_phrases(opened(corpus), min_count=2, longest=3, top=None)
    assert found == sorted(found, key=lambda phrase: (-phrase.c_value, phrase.phrase))


@given(CORPUS, st.integers(1, 4), st.integers(1, 5))
@settings(max_examples=80)
def test_pairs_are_what_is_found_by_looking_at_every_two_words(
    corpus: list[tuple[str, list[Tagged]]], window: int, at_once: int
) -> None:
    pairs: Counter[tuple[str, str]] = Counter()
    total = 0
    for _, words in corpus:
        for start, first in enumerate(words):
            for end in range(start + 1, min(len(words), start + window + 1)):
                if any(word == "," for word, _ in words[start : end + 1]):
                    continue
                total += 1
                if is_content(first) and is_content(words[end]):
                    pairs[first[0].lower(), words[end][0].lower()] += 1
    found = collocations(opened(corpus, at_once), window=window, min_count=1, top=None)
    for pair in found:
        assert pair.count == pairs[pair.first.lower(), pair.second.lower()]
        assert pair.count > pair.expected
        assert pair.pmi > 0
        assert pair.expected * total == pytest.approx(pair.count_first * pair.count_second)
    assert found == collocations(opened(corpus), window=window, min_count=1, top=None)
    assert all(a.log_likelihood >= b.log_likelihood for a, b in pairwise(found))


@given(CORPUS, CORPUS, st.integers(1, 5))
@settings(max_examples=80)
def test_key_words_are_what_is_counted_word_by_word(
    part_a: list[tuple[str, list[Tagged]]], part_b: list[tuple[str, list[Tagged]]], at_once: int
) -> None:
    def counted(part: list[tuple[str, list[Tagged]]]) -> tuple[Counter[str], dict[str, set[str]]]:
        told = [(article, word[0].lower()) for article, words in part for word in words if is_content(word)]
        return Counter(word for _, word in told), {word: {a for a, other in told if other == word} for _, word in told}

    (counts_a, in_a), (counts_b, in_b) = counted(part_a), counted(part_b)
    if not all(any(word != "," for _, words in part for word, _ in words) for part in (part_a, part_b)):
        with pytest.raises(PartEmpty):
            keyness(opened(part_a), opened(part_b))
        return
    found = keyness(opened(part_a, at_once), opened(part_b), min_count=1, min_articles=1, min_log_likelihood=0)
    assert {word.word.lower() for word in found} == {*counts_a, *counts_b}
    for word in found:
        key = word.word.lower()
        assert (word.count_a, word.count_b) == (counts_a[key], counts_b[key])
        assert (word.articles_a, word.articles_b) == (len(in_a.get(key, ())), len(in_b.get(key, ())))


@given(st.lists(st.lists(st.integers(0, 20), max_size=30), max_size=10), st.integers(1, 4))
def test_a_tally_that_is_added_up_early_counts_the_same(batches: list[list[int]], at_least: int) -> None:
    import numpy as np

    tally = Tally()
    kept = tallies.MERGED_AT
    tallies.MERGED_AT = 3
    try:
        for batch in batches:
            tally.add(np.array(batch, dtype=np.int64))
        numbers, counts = tally.at_least(at_least)
    finally:
        tallies.MERGED_AT = kept
    expected = Counter(number for batch in batches for number in batch)
    assert dict(zip(numbers.tolist(), counts.tolist(), strict=True)) == {
        number: count for number, count in expected.items() if count >= at_least
    }


@pytest.mark.parametrize(
    "ask",
    [
        lambda: key_phrases(articles(HOMES), min_count=1),
        lambda: key_phrases(articles(HOMES), longest=0),
        lambda: collocations(articles(HOMES), window=0),
        lambda: collocations(articles(HOMES), by="luck"),  # type: ignore[arg-type]
        lambda: keyness(articles(HOMES), articles(HOMES), by="luck"),  # type: ignore[arg-type]
    ],
)
def test_numbers_and_measures_that_make_no_sense_are_refused(ask: Callable[[], object]) -> None:
    with pytest.raises(ValueError, match=r" (or more|or pmi|or log_ratio), not "):
        ask()


def test_a_sentence_without_a_tag_for_each_token_is_named() -> None:
    table = pa.table({"article_id": ["x", "y"], "tokens": [["a"], ["a", "b"]], "pos": [["N"], ["N"]]})
    with pytest.raises(TokensAtFault, match="article y: a sentence has 2 tokens"):
        key_phrases(table.to_batches)


def test_odd_tokens_and_no_tokens_are_counted_or_passed_over() -> None:
    odd = ["😀", "\x00", "a" * 100_000, "\u0301", "ﷺ", "工会", "COVID-19", "_"]
    rows = [("x", [(word, "N") for word in odd]), ("x", []), ("y", [("工会", "N")] * 3)]
    assert key_phrases(opened(rows), min_count=2) == []
    pairs = collocations(opened(rows), min_count=1)  # 工会 工会 is expected 9/4 times, and stands there twice
    assert {(pair.first, pair.second) for pair in pairs} == {("ﷺ", "工会"), ("工会", "COVID-19")}
    assert key_phrases(opened([])) == []
    assert collocations(opened([])) == []
