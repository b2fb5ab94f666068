"""Written Vietnamese amounts stand for one number, or are refused."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest
from cpu_time import is_within
from hypothesis import given
from hypothesis import strategies as st

from pipeline.amounts import MAX_AMOUNT, AmountNotUnderstood, parse_amount

CASES = [
    json.loads(line) for line in (Path(__file__).parent / "cases" / "amounts.jsonl").read_text("utf-8").splitlines()
]
READ = [case for case in CASES if "value" in case]
REFUSED = [case for case in CASES if "refused" in case]
MAX_SECONDS = 2.0  # for the longest input below; a backtracking grammar takes minutes


def written_with_dots(amount: Decimal) -> str:
    """Write a number as Vietnamese newspapers do: dots group thousands, a comma opens decimals."""
    whole, _, decimals = f"{amount.copy_abs():f}".partition(".")
    grouped = f"{int(whole):,}".replace(",", ".")
    return ("-" if amount < 0 else "") + grouped + (f",{decimals}" if decimals else "")


@pytest.mark.parametrize("case", READ, ids=[case["written"] for case in READ])
def test_a_written_amount_stands_for_one_number(case: dict[str, str]) -> None:
    assert parse_amount(case["written"]) == Decimal(case["value"])


@pytest.mark.parametrize("case", REFUSED, ids=[case["written"] for case in REFUSED])
def test_an_amount_that_may_mean_two_things_is_refused(case: dict[str, str]) -> None:
    with pytest.raises(AmountNotUnderstood, match=case["refused"]):
        parse_amount(case["written"])


@given(st.decimals(min_value=-(10**29), max_value=10**29, places=3, allow_nan=False, allow_infinity=False))
def test_any_number_survives_writing_and_reading(amount: Decimal) -> None:
    assert parse_amount(written_with_dots(amount)) == amount


@given(st.integers(min_value=0, max_value=999_999), st.sampled_from(["nghìn", "ngàn", "triệu", "tỉ", "tỷ"]))
def test_a_scale_word_multiplies_what_stands_before_it(count: int, scale: str) -> None:
    size = {"nghìn": 3, "ngàn": 3, "triệu": 6, "tỉ": 9, "tỷ": 9}[scale]
    assert parse_amount(f"{count} {scale}") == Decimal(count) * 10**size


@given(st.text(alphabet="0123456789., triệutỷnghìk-", max_size=60))
def test_any_text_gives_a_number_within_bounds_or_a_refusal(written: str) -> None:
    try:
        amount = parse_amount(written)
    except AmountNotUnderstood:
        return
    assert amount.copy_abs() < MAX_AMOUNT


@pytest.mark.parametrize(
    "written", ["1" * 10_000, "1." * 1_000_000, "triệu " * 300_000, "một " * 400_000], ids=lambda w: w[:8]
)
def test_an_endless_amount_is_refused_at_once(written: str) -> None:
    def refuse() -> None:
        with pytest.raises(AmountNotUnderstood):
            parse_amount(written)

    assert is_within(MAX_SECONDS, refuse)
