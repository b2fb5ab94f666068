"""Scores against marked texts: what counts as found, missed and false."""

from __future__ import annotations

from pipeline.evaluate import NOTHING, Mark, Score, score_figures, score_movements


def test_a_name_counts_once_a_text_whatever_its_quotes_case_and_dashes() -> None:
    marked = [{"surface": "Giỏi việc nước - Đảm việc nhà"}, {"surface": "Tổ xanh"}, {"surface": "Ba sạch"}]
    found = [
        {"surface": "“giỏi việc nước, đảm việc nhà”"},
        {"surface": "Tổ xanh"},
        {"surface": "Tổ xanh"},
        {"surface": "Hội"},
    ]
    score = score_movements(marked, found)
    assert (score.hits, score.missed, score.false) == (2, ("ba sạch",), ("hội",))


def test_each_figure_counts_with_value_high_end_and_kind() -> None:
    marked = [
        {"value": 45, "kind": "count"},
        {"value": 45, "kind": "count"},
        {"value": 3, "value_high": 5, "kind": "count"},
    ]
    found: list[Mark] = [
        {"value": 45.0, "value_high": None, "kind": "count"},
        {"value": 3, "kind": "count"},
        {"value": 45, "kind": "money"},
    ]
    score = score_figures(marked, found)
    assert (score.hits, len(score.missed), len(score.false)) == (1, 2, 2)


def test_precision_recall_and_f1() -> None:
    score = Score(3, ("a",), ("b", "c", "d")) + NOTHING
    assert (score.precision, score.recall) == (0.5, 0.75)
    assert score.f1 == 0.6
    assert NOTHING.f1 == 0.0
