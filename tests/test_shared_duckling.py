"""The published Vietnamese cases of numbers, sums and dates: all are read right, or listed with why not.

The cases are a third party's and stay in the shared folder; this file names them by their line.
"""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from pipeline.amounts import AmountNotUnderstood, parse_amount
from pipeline.figures import amounts_in_words, extract_figures, refused_numbers
from pipeline.records import Figure, Sentence, WordedAmount

pytestmark = pytest.mark.shared

CASES = Path(__file__).parents[2] / "shared" / "gold" / "duckling_vi.jsonl"
BOUNDS = {"max": "at_most", "min": "at_least"}
DATES = {"date", "ordinal", "year"}

BARE_SCALE = "a scale word alone is vague in print ('trăm thứ việc'), and the grammar never makes a number of it"
NO_WHOLE_PART = "Vietnamese print does not drop the zero; a comma glued to digits ends the word before it"
ENGLISH_LETTER = "M and G after a number are metres, grams and firms (1,2m; 3M) in print, never million and billion"
BARE_COIN = "xu and xen alone are coins of any currency; no sum in base units follows from them"
NO_COIN_NAMED = "a bare number after a sum is the next thing counted; taking it for coins would be a guess"
SPOKEN_COMMA = "a comma or dot spelled out between digits is dictation; print has '2,23'"
COMPARISON = (
    "'ít hơn', 'cao hơn' say by how much in the news ('nhiều hơn 300 người so với kỳ trước'), which is no bound"
)
SPAN = "'N ngày tới', 'N năm qua' are spans, which the marked texts count as durations; no date is printed"
ONE = "'một' alone is an article more often than a number, and is left out of what is read in words"
# line of the file, from 1 as an editor counts → why our reading is the better one
LISTED = {
    19: BARE_SCALE,
    24: NO_WHOLE_PART,
    **dict.fromkeys((29, 35, 37, 41, 43), ENGLISH_LETTER),
    **dict.fromkeys((63, 64), BARE_COIN),
    **dict.fromkeys((72, 92, 93), NO_COIN_NAMED),
    **dict.fromkeys((73, 74, 113), SPOKEN_COMMA),
    **dict.fromkeys((115, 116, 122, 127), COMPARISON),
    125: ONE,
    **dict.fromkeys(range(213, 224), SPAN),
}


def rows(*dimensions: str) -> list[Any]:
    lines = CASES.read_text("utf-8").splitlines() if CASES.is_file() else []
    cases = [(number, json.loads(line)) for number, line in enumerate(lines, 1)]
    return [pytest.param(n, case, id=f"{n}: {case['text']}") for n, case in cases if case.get("dim") in dimensions]


def read(text: str) -> list[Figure | WordedAmount]:
    sentences = (Sentence(0, 0, len(text), text, (), ()),)
    return [*extract_figures(text, sentences, ()), *amounts_in_words(text, sentences, ())]


def number_agrees(case: dict[str, Any]) -> bool:
    try:
        return parse_amount(case["text"]) == Decimal(str(case["value"]))
    except AmountNotUnderstood:
        return False


def sum_agrees(case: dict[str, Any]) -> bool:
    low, high = case["value"] if isinstance(case["value"], list) else (case["value"], None)
    found = read(case["text"])
    if len(found) != 1 or found[0].kind != "money" or found[0].value != low:
        return False
    value_high = found[0].value_high if isinstance(found[0], Figure) else None
    return value_high == high and found[0].bound_kind == BOUNDS.get(case["kind"], found[0].bound_kind)


def is_no_figure(case: dict[str, Any]) -> bool:
    text = case["text"]
    refused = refused_numbers(text, (Sentence(0, 0, len(text), text, (), ()),), ())
    return not read(text) and {number.reason for number in refused} <= DATES


@pytest.mark.parametrize(("line", "case"), rows("number"))
def test_a_published_number_is_read_right_or_listed(line: int, case: dict[str, Any]) -> None:
    assert number_agrees(case) is (line not in LISTED)


@pytest.mark.parametrize(("line", "case"), rows("money"))
def test_a_published_sum_is_read_right_or_listed(line: int, case: dict[str, Any]) -> None:
    assert sum_agrees(case) is (line not in LISTED)


@pytest.mark.parametrize(("line", "case"), rows("date", "ordinal"))
def test_a_published_date_is_no_figure_or_listed(line: int, case: dict[str, Any]) -> None:
    assert is_no_figure(case) is (line not in LISTED)


def test_the_list_is_of_cases_that_are_there() -> None:
    assert (len(rows("number")), len(rows("money")), len(rows("date", "ordinal"))) == (53, 71, 105)
    assert set(LISTED) <= {param.values[0] for param in rows("number", "money", "date")}
