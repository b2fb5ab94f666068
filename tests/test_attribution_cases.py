"""Figures of texts of our making, each with whom, where, when and as what it is reported; all is read as marked."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest

from pipeline.document import analyze
from pipeline.records import Figure

MARKED = Path(__file__).parent / "cases" / "attribution.jsonl"
CASES = [json.loads(line) for line in MARKED.read_text(encoding="utf-8").splitlines()]
FIELDS = ("organisation", "place", "days", "role", "movement")


def read(case: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return what is read of each figure of a case, by its surface."""
    day = dt.datetime.combine(dt.date.fromisoformat(case["published"]), dt.time(9, 30))
    title, *lines = case["text"].split("\n") if "\n" in case["text"] else ("Tin vắn", case["text"])
    document = analyze(
        "\n".join((title, f"{day:%d/%m/%Y %H:%M}", *lines)), fetched_at=dt.datetime(2030, 1, 1, tzinfo=dt.UTC)
    )
    names = {movement.movement_id: movement.name for movement in document.movements}
    return {figure.surface: fields(figure, names) for figure in document.figures}


def fields(figure: Figure, names: dict[str, str]) -> dict[str, Any]:
    begun, ended = figure.period_start, figure.period_end
    return {
        "organisation": figure.organisation,
        "place": figure.place,
        "days": [begun.isoformat() if begun else None, ended.isoformat()] if ended else None,
        "role": figure.role,
        "movement": names[figure.movement_id] if figure.movement_id else None,
    }


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['form']}: {case['text'][:60]}")
def test_a_figure_is_reported_for_whom_the_text_says(case: dict[str, Any]) -> None:
    found = read(case)
    assert set(found) >= {figure["surface"] for figure in case["figures"]}
    wrong = {
        (figure["surface"], name): (figure[name], found[figure["surface"]][name])
        for figure in case["figures"]
        for name in FIELDS
        if found[figure["surface"]][name] != figure[name]
    }
    assert not wrong


def test_enough_is_marked() -> None:
    assert len(CASES) >= 60
    forms = {case["form"] for case in CASES}
    assert {"theo", "hai chấm", "cho biết", "theo huyện", "trong đó", "so với", "giai đoạn", "bảng"} <= forms
