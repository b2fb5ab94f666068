"""Claims: which articles say different numbers of the same thing, and what a reprint repeats."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest

from crawler.sites import Sites
from pipeline.build import build
from pipeline.claims import by_thing, contradictory, possible
from pipeline.imports import import_files
from pipeline.query import Corpus, open_corpus

NOON = dt.datetime(2026, 9, 30, 5, tzinfo=dt.UTC)
ONE_ACCOUNT = "Năm 2025, LĐLĐ tỉnh Hà Trung kết nạp 5.320 đoàn viên."
ARTICLES = {
    "a": ("Hà Trung kết nạp đoàn viên", ONE_ACCOUNT, "Quỹ còn dư 17 triệu đồng."),
    "b": ("Nhìn lại một năm", "Năm 2025, LĐLĐ tỉnh Hà Trung kết nạp hơn 5.000 đoàn viên."),
    "c": ("Số liệu cuối năm", "Năm 2025, LĐLĐ tỉnh Hà Trung kết nạp 3.250 đoàn viên."),
    "d": ("Chuyện năm cũ", "Năm 2024, LĐLĐ tỉnh Hà Trung kết nạp 2.110 đoàn viên."),
    "g": ("Chỉ tiêu năm", "Năm 2025, LĐLĐ tỉnh Hà Trung phấn đấu kết nạp 4.000 đoàn viên."),
    "h": ("Chuyện tỉnh nhà", "Năm 2025, LĐLĐ tỉnh kết nạp 777 đoàn viên."),
    "e": ("Sông Trà đi đầu", "Năm 2025, LĐLĐ tỉnh Sông Trà kết nạp 9.400 đoàn viên."),
}
FILLING = (
    "Ban Thường vụ họp bàn cách làm trong phòng nhỏ cạnh bến đò, ai cũng kể chuyện đi từng xưởng.",
    "Tổ trưởng nào cũng có quyển sổ riêng ghi tên thợ mới, buổi tối đọc lại cho nhau nghe.",
    "Chị em khu trọ nấu nồi chè đỗ đen đãi khách, vừa ăn vừa hỏi về quyền lợi của người vào công đoàn.",
)


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    """A corpus of seven articles, one of which does not say whose it speaks of, and a reprint of the first."""
    folder = tmp_path_factory.mktemp("claims")
    texts = {id_: "\n".join(lines) for id_, lines in ARTICLES.items()}
    texts = {id_: f"{text}\n{FILLING[number % 3]}" for number, (id_, text) in enumerate(texts.items())}
    long = "\n".join([*ARTICLES["a"], *FILLING])
    texts |= {"a": long, "f": f"{long}\nToà soạn nhận thêm 40 lá thư."}
    rows = [json.dumps({"id": id_, "text": text}, ensure_ascii=False) for id_, text in texts.items()]
    (folder / "bài.jsonl").write_text("\n".join(rows), encoding="utf-8")
    import_files(folder / "corpus", [folder / "bài.jsonl"], NOON)
    build(folder / "corpus", Sites(()), workers=1)
    return open_corpus(folder / "corpus")


def test_articles_that_cannot_both_be_right_are_listed_with_their_sentences(told: Corpus) -> None:
    claims = told.claims()
    assert sorted(claims["value"]) == [3250, 5000, 5320]
    assert set(claims["unit"]) == {"đoàn viên"}
    assert set(claims["period"]) == {"năm 2025"}
    assert set(claims["articles"]) == {3}
    assert "Năm 2025, LĐLĐ tỉnh Hà Trung kết nạp 3.250 đoàn viên." in set(claims["sentence_text"])


def test_all_claims_of_named_and_dated_things_come_when_asked_for(told: Corpus) -> None:
    claims = told.claims(contradicting=False)
    assert sorted(claims["value"]) == [2110, 3250, 4000, 5000, 5320, 9400]
    assert len(told.claims(contradicting=False, reprints=True)) == 7
    assert told.claims(contradicting=False, site="khac").empty


def test_a_reprint_counts_once_when_asked_for_and_keeps_what_it_adds(told: Corpus) -> None:
    every = told.figures()["surface"].tolist()
    once = told.figures(reprints=False)["surface"].tolist()
    assert every.count("5.320 đoàn viên") == 2
    assert every.count("17 triệu đồng") == 2
    assert (once.count("5.320 đoàn viên"), once.count("17 triệu đồng"), once.count("40 lá thư")) == (1, 1, 1)
    assert len(told.figures(reprints=False, kind="money")) == 1


@pytest.mark.parametrize(
    ("value", "high", "bound_kind", "least", "most"),
    [
        (5320, None, "exactly", 5320, 5320),
        (10, 15, "exactly", 10, 15),
        (5000, None, "at_least", 5000, float("inf")),
        (5000, None, "at_most", float("-inf"), 5000),
        (100, None, "about", 90, 110),
        (-100, None, "about", -110, -90),
    ],
)
def test_a_hedge_leaves_open_what_it_says(
    value: float, high: float | None, bound_kind: str, least: float, most: float
) -> None:
    assert possible(value, high, bound_kind) == pytest.approx((least, most))


def row(article_id: str, value: float, **other: Any) -> dict[str, Any]:
    thing = {"kind": "count", "unit": "đoàn viên", "per": None, "movement_id": None, "place": None}
    body = {"organisation": "LĐLĐ tỉnh Hà Trung", "organisation_name": None, "role": None}
    claim = {**body, "period": "năm 2025", "published_at": NOON, "start": 0}
    return {
        **thing,
        **claim,
        "article_id": article_id,
        "value": value,
        "value_high": None,
        "bound_kind": "exactly",
    } | other


def test_parts_of_a_whole_in_one_article_contradict_nobody_who_names_one_of_them() -> None:
    (found,) = by_thing([row("a", 5320), row("a", 1200), row("b", 1200)]).values()
    assert not contradictory(found)
    (more,) = by_thing([row("a", 5320), row("a", 1200), row("c", 40)]).values()
    assert contradictory(more)


def test_a_target_an_increase_and_a_result_are_no_claims_of_one_thing() -> None:
    roles = ("target", "increase", "result", None)
    things = by_thing([row(str(number), number, role=role) for number, role in enumerate(roles)])
    assert sorted(len(found) for found in things.values()) == [1, 1, 2]


def test_two_spellings_of_one_organisation_claim_one_thing() -> None:
    name = "Liên đoàn Lao động tỉnh Hà Trung"
    short = row("a", 5320, organisation_name=name)
    (found,) = by_thing([short, row("b", 3250, organisation=name, organisation_name=name)]).values()
    assert contradictory(found)


def test_a_period_without_a_year_is_one_of_the_year_of_publication() -> None:
    before = row("a", 5, period="quý II", published_at=NOON.replace(year=2025))
    assert len(by_thing([before, row("b", 6, period="Quý II")])) == 2
    assert len(by_thing([row("a", 5, organisation="LĐLĐ  tỉnh Hà Trung"), row("b", 6)])) == 1
