"""Numbers that are no figures, by what they are: five sentences of ours at least for each."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from pipeline.figures import amounts_in_words, extract_figures, refused_numbers
from pipeline.records import Movement, Sentence

ROWS = [line.split("\t") for line in (Path(__file__).parent / "cases" / "refusals.tsv").read_text("utf-8").splitlines()]
CASES = [pytest.param(*row[1:], id=f"{row[0]}: {row[3]}") for row in ROWS]
LEAST = 5


def one(text: str) -> tuple[Sentence, ...]:
    return (Sentence(0, 0, len(text), text, (), ()),)


@pytest.mark.parametrize(("reason", "number", "text"), CASES)
def test_a_number_of_this_sort_is_refused_with_its_reason(reason: str, number: str, text: str) -> None:
    start = text.index(number)
    end = start + len(number)
    assert not [f for f in extract_figures(text, one(text), ()) if f.start < end and start < f.end]
    reasons = {r.reason for r in refused_numbers(text, one(text), ()) if r.start < end and start < r.end}
    assert reason in reasons


def test_each_sort_has_five_sentences_at_least() -> None:
    assert min(Counter(row[0] for row in ROWS).values()) >= LEAST


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Chương trình “01 triệu sáng kiến” lan rộng.", "01 triệu sáng kiến"),
        ("Cuộc vận động “5 không 3 sạch” vào từng nhà.", "5 không 3 sạch"),
        ("Phong trào “3 nhất” của bộ đội được nhân lên.", "3 nhất"),
        ("Hưởng ứng “Ngày làm việc 8 giờ chất lượng”, thợ đến sớm.", "Ngày làm việc 8 giờ chất lượng"),
        ("Mô hình “1 cộng 1” giúp thợ mới.", "1 cộng 1"),
    ],
)
def test_digits_inside_the_name_of_a_movement_are_refused(text: str, name: str) -> None:
    start = text.index(name)
    movement = Movement(name, start, start + len(name), name, name, "phong_trao", None, 0)
    assert extract_figures(text, one(text), [movement]) == ()
    (refused,) = refused_numbers(text, one(text), [movement])
    assert (text[refused.start : refused.end], refused.reason) == (name, "movement name")


@pytest.mark.parametrize(
    ("text", "surface", "order"),
    [
        ("Hàng nghìn công nhân đến xem.", "Hàng nghìn công nhân", 1_000),
        ("Tiết kiệm hàng trăm triệu đồng.", "hàng trăm triệu đồng", 100_000_000),
        ("Vài chục thợ ở lại.", "Vài chục thợ", 10),
        ("Quỹ có hàng chục tỷ đồng.", "hàng chục tỷ đồng", 10_000_000_000),
        ("Mấy trăm hộ dân mất điện.", "Mấy trăm hộ dân", 100),
    ],
)
def test_a_vague_amount_is_no_figure_and_kept_apart(text: str, surface: str, order: float) -> None:
    assert extract_figures(text, one(text), ()) == ()
    (amount,) = amounts_in_words(text, one(text), ())
    assert (amount.surface, amount.value, amount.vague, amount.bound_kind) == (surface, order, True, "about")
