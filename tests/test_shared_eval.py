"""`congdoan eval` on the real pages and marked texts of the shared folder: floors, and the same score as theirs."""

from __future__ import annotations

import datetime as dt
import json
import runpy
from pathlib import Path

import pytest

from crawler.sites import Sites
from pipeline.document import read_input, to_json
from pipeline.evaluate import score_figures, score_movements
from pipeline.evaluate.expected import Expected, read_expected
from pipeline.evaluate.gold import score_gold
from pipeline.evaluate.pages import ALL, ReaderResult, compare_readers
from pipeline.evaluate.readers import OURS, our_reader, peer
from pipeline.inputs import Input, read_inputs

pytestmark = pytest.mark.shared

SHARED = Path(__file__).parents[2] / "shared"
# where a person found each field of the six real articles; their text stays where it is
EXPECTED = Path(__file__).parent / "shared_pages"
NOW = dt.datetime(2026, 11, 22, tzinfo=dt.UTC)
# reached on 2026-11-22: all but one author ("Theo" before the name)
FLOORS = {"title": 6, "lead": 6, "date": 6, "time": 6, "authors": 5, "section": 6}
# body F1: these pages were seen while the rules were written
LEAST_F1 = 0.998


@pytest.fixture(scope="module")
def results() -> dict[str, ReaderResult]:
    pages = read_expected(SHARED / "pages", EXPECTED, NOW)
    return {result.name: result for result in compare_readers(pages, [our_reader(Sites()), peer("trafilatura")])}


def test_six_real_articles_are_measured(results: dict[str, ReaderResult]) -> None:
    assert [results[name].groups[ALL].pages for name in results] == [6, 6]


@pytest.mark.parametrize("field", FLOORS)
def test_a_field_of_real_articles_is_right_above_the_floor(results: dict[str, ReaderResult], field: str) -> None:
    right, judged = results[OURS].groups[ALL].fields[field]
    assert judged == 6
    assert right >= FLOORS[field], [miss for miss in results[OURS].misses if miss.field == field]


def test_the_body_of_each_real_article_is_read_better_than_by_the_best_general_extractor(
    results: dict[str, ReaderResult],
) -> None:
    ours, other = (results[name].groups for name in (OURS, "trafilatura"))
    assert {group: totals.f1 >= max(LEAST_F1, other[group].f1) for group, totals in ours.items()} == dict.fromkeys(
        ours, True
    )
    assert ours[ALL].f1 > other[ALL].f1
    assert ours[ALL].captions.f1 == 1.0


@pytest.mark.parametrize("name", ["real", "composed"])
def test_the_score_of_marked_texts_is_theirs(name: str) -> None:
    gold = SHARED / "gold" / f"{name}.jsonl"
    theirs = runpy.run_path(str(SHARED / "score.py"))
    rows = [row for row in read_inputs(gold) if isinstance(row, Input)]
    predicted = {row.id: json.loads(to_json(read_input(row, Sites(), NOW))) for row in rows}
    ours = score_gold(gold, Sites(), NOW)
    want = theirs["score"](theirs["read"](gold), predicted)
    for part in ("movements", "figures"):
        reached = ours.kinds[part][ALL]
        got = {"hit": reached.hits, "missed": len(reached.missed), "false": len(reached.false)}
        assert got == {key: want[part][key] for key in got}
    right, of = ours.all_units
    assert round(right / of, 4) == want["unit_accuracy"]
    assert f"{len(ours.all_traps.fallen_into)}/{ours.all_traps.of}" == want["traps_fallen_into"]


def test_the_score_of_wrong_answers_is_theirs_too() -> None:
    gold = SHARED / "gold" / "composed.jsonl"
    theirs = runpy.run_path(str(SHARED / "score.py"))
    for row in theirs["read"](gold):
        # each second mark is lost, what is marked as no figure is taken for one, open marks are found
        traps = [{"surface": trap["surface"], "value": 7, "kind": "count"} for trap in row["not_figures"]]
        got = {"movements": [*row["movements"][::2], {"surface": "Hội thao", "kind": "khac"}]}
        excused = [{"surface": one["surface"], "value": 1, "kind": "count"} for one in row["neutral"]]
        got["figures"] = row["figures"][::2] + traps + excused
        want = theirs["score"]([row], {row["id"]: got})
        for part, score in (("movements", score_movements), ("figures", score_figures)):
            reached = score(row[part], got[part], row["neutral"])
            counts = (reached.hits, len(reached.missed), len(reached.false))
            assert counts == tuple(want[part][name] for name in ("hit", "missed", "false")), (row["id"], part)


def test_expected_fields_are_where_a_person_found_them() -> None:
    pages: list[Expected] = read_expected(SHARED / "pages", EXPECTED, NOW)
    lines = {page.page.name.split("_article")[0]: (len(page.body), len(page.captions)) for page in pages}
    assert lines == {
        "laodong.vn__1432162.transcribed-excerpt.html": (21, 1),
        "mastercms_suckhoeviet.org.vn__6316.transcribed-excerpt.html": (5, 0),
        "tracking_news__cafef": (9, 1),
        "tracking_news__nld": (19, 2),
        "tracking_news__tuoitre": (26, 2),
        "tracking_news__vnexpress": (28, 2),
    }
