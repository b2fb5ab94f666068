"""Amounts in words: numerals that count something, and vague amounts, both kept apart from the figures."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.figures import amounts_in_words, extract_figures
from pipeline.records import Sentence, WordedAmount

CASES = [
    json.loads(line)
    for line in (Path(__file__).parent / "cases" / "amounts_in_words.jsonl").read_text("utf-8").splitlines()
]
UNSAID = {"bound": None, "bound_kind": "exactly", "denominator": None}


def sentence_of(text: str) -> tuple[Sentence, ...]:
    return (Sentence(0, 0, len(text), text, (), ()),)


def as_case(amount: WordedAmount) -> dict[str, Any]:
    row = {name: getattr(amount, name) for name in ("surface", "value", "kind", "unit", *UNSAID)}
    unsaid = UNSAID | ({"bound_kind": "about"} if amount.vague else {})
    return {name: value for name, value in row.items() if name not in unsaid or unsaid[name] != value}


@pytest.mark.parametrize("case", CASES, ids=[case["text"][:60] for case in CASES])
def test_a_sentence_says_these_amounts_in_words(case: dict[str, Any]) -> None:
    amounts = amounts_in_words(case["text"], sentence_of(case["text"]), ())
    assert [as_case(amount) for amount in amounts if not amount.vague] == case["spelled_out"]
    assert [as_case(amount) for amount in amounts if amount.vague] == case["vague"]


@pytest.mark.parametrize("case", CASES, ids=[case["text"][:60] for case in CASES])
def test_no_amount_in_words_is_among_the_figures(case: dict[str, Any]) -> None:
    assert extract_figures(case["text"], sentence_of(case["text"]), ()) == ()


WORDS = st.one_of(
    st.sampled_from(["hàng", "vài", "một", "hai", "ba", "năm", "mười", "mươi", "mốt", "lăm", "trăm", "nghìn", "triệu"]),
    st.sampled_from(
        ["tỷ", "rưỡi", "linh", "lẻ", "phần", "trăm", "đồng", "người", "đoàn viên", "tháng", ",", ".", "Hai"]
    ),
)


@given(st.lists(WORDS, max_size=30))
@settings(max_examples=200)
def test_surfaces_are_where_they_say_and_do_not_overlap(words: list[str]) -> None:
    text = " ".join(words)
    end = 0
    for amount in amounts_in_words(text, sentence_of(text), ()):
        assert text[amount.start : amount.end] == amount.surface
        assert end <= amount.start
        end = amount.end
