"""Numbers that are hard to believe are kept and flagged; known misprints are mended on somebody's word, visibly."""

from __future__ import annotations

from importlib.resources import files

import pytest

from pipeline.check import unused_corrections
from pipeline.document import read_article
from pipeline.figures import corrected, extract_figures
from pipeline.figures.corrections import CorrectionNotUnderstood, corrections_at_hand, read_corrections
from pipeline.figures.plausibility import doubt, limits
from pipeline.query import Corpus
from pipeline.records import Article, Figure, Sentence

MISPRINT = """
[[correction]]
site = "tin_vinhkhe_vn"
source_id = "7"
printed = "221.532 tỉ đồng"
meant = "221,532 tỉ đồng"
says = "đính chính của tòa soạn, số báo sau"
"""


def figures_of(text: str) -> tuple[Figure, ...]:
    return extract_figures(text, (Sentence(0, 0, len(text), text, (), ()),), ())


@pytest.mark.parametrize(
    ("text", "value", "why"),
    [
        ("Toàn quốc có 640 tỉnh, thành phố tham gia.", 640, "above 64: Vietnam never had more than 64 provinces"),
        ("Tiền lương 13 tỷ đồng/người/tháng.", 13e9, "above 1000000000: a wage"),
        ("Mỗi suất 5 triệu tỉ đồng/suất.", 5e15, "a scale word may be wrong"),
        ("Quỹ thu 22 triệu tỉ đồng.", 22e15, "more than Vietnam earns in a year"),
        ("Phát 35 đồng tiền thưởng.", 35, "below 100: below the smallest banknote"),
        ("Tăng 96.500% so với cùng kỳ.", 96500, "a comma may be lost"),
        ("Cụ đã 972 tuổi vẫn làm việc.", 972, "nobody grew older than 122"),
        ("Thợ làm 85 giờ/ngày.", 85, "a day has 24 hours"),
        ("Có 72 triệu đoàn viên công đoàn.", 72e6, "53 million workers"),
        ("Mảnh vườn rộng 900 triệu km2.", 900e6, "more than the earth's surface"),
    ],
)
def test_a_number_beyond_its_limit_is_kept_and_flagged_with_the_reason(text: str, value: float, why: str) -> None:
    (figure,) = figures_of(text)
    assert figure.value == value
    assert figure.doubt is not None
    assert why in figure.doubt


@pytest.mark.parametrize(
    "text",
    [
        "34/34 tỉnh, thành phố gửi báo cáo, 63 tỉnh cũ đã gộp.",
        "Thu nhập 10,4 triệu đồng/người/tháng, thưởng cao nhất 1,2 tỷ đồng/người.",
        "Cả nước có 11,2 triệu đoàn viên công đoàn, 125.000 công đoàn cơ sở.",
        "Giải ngân 120.000 tỷ đồng, lãi 0,03%/ngày, tăng 300%.",
        "Lò giếng ở mức -280m, lò nung 1.600 độ C.",
        "Tổ làm 48 giờ/tuần, cụ 104 tuổi còn khỏe, giảm 3 điểm phần trăm.",
    ],
)
def test_what_newspapers_report_is_not_doubted(text: str) -> None:
    figures = figures_of(text)
    assert figures
    assert [figure.doubt for figure in figures] == [None] * len(figures)


def test_the_ends_of_a_range_and_the_denominator_are_looked_at_too() -> None:
    assert doubt("duration", "tuổi", None, 18, 350) == "350 is above 130: nobody grew older than 122"
    (figure,) = figures_of("Độ tuổi từ 18 đến 350 tuổi.")
    assert figure.doubt == "350 is above 130: nobody grew older than 122"


def test_each_limit_runs_upwards_and_says_why() -> None:
    assert all(limit.least < limit.most and limit.reason for limit in limits())
    assert len({(limit.kind, limit.units, limit.per, limit.nouns) for limit in limits()}) == len(limits())


def article(site: str | None, source_id: str | None) -> Article:
    text = "Sáng kiến nở hoa\nHội đồng báo giá trị làm lợi 221.532  tỉ đồng và 12.370 sáng kiến."
    return Article(
        url=None,
        site=site,
        source_id=source_id,
        layout="",
        title="Sáng kiến nở hoa",
        lead=None,
        text=text,
        authors=(),
        place=None,
        section=None,
        tags=(),
        captions=(),
        published_at=None,
        published_raw=None,
        modified_at=None,
        dropped=(),
    )


def test_a_known_misprint_is_mended_and_what_is_printed_stays() -> None:
    printed = read_article(article("tin_vinhkhe_vn", "7")).figures
    mended = corrected(printed, "tin_vinhkhe_vn", "7", read_corrections(MISPRINT))
    assert [(f.value, f.printed_value, f.correction) for f in mended] == [
        (221_532_000_000, 221_532_000_000_000, "đính chính của tòa soạn, số báo sau"),
        (12_370, None, None),
    ]
    assert [figure.surface for figure in mended] == [figure.surface for figure in printed]


@pytest.mark.parametrize(("site", "source_id"), [("tin_vinhkhe_vn", "8"), ("bao_khac_vn", "7"), (None, None)])
def test_a_misprint_of_one_article_is_no_misprint_of_another(site: str | None, source_id: str | None) -> None:
    figures = read_article(article(site, source_id)).figures
    assert corrected(figures, site, source_id, read_corrections(MISPRINT)) == figures


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("says", "", "correction 1: lacks says as a text"),
        ("printed", "hai trăm tỉ", "correction 1: printed 'hai trăm tỉ' is not one figure"),
        ("meant", "1 tỉ đồng và 2 tỉ đồng", "is not one figure with its unit"),
        ("meant", "hơn 1 tỉ đồng", "is not one figure with its unit"),
    ],
)
def test_a_correction_that_cannot_be_applied_is_refused_by_its_number(key: str, value: str, said: str) -> None:
    lines = [f'{key} = "{value}"' if line.startswith(f"{key} =") else line for line in MISPRINT.splitlines()]
    with pytest.raises(CorrectionNotUnderstood, match=said):
        read_corrections("\n".join(lines))


@pytest.mark.parametrize(
    ("toml", "said"),
    [
        ("correction = [", "corrections.toml: .*; its first lines show an entry"),
        (MISPRINT.replace("[[correction]]", "[[corrections]]"), "corrections: expected"),
        (f"{MISPRINT}reason = 'dấu chấm'", "correction 1: has no use for reason"),
        (MISPRINT.replace('"7"', "7"), "correction 1: lacks source_id as a text"),
    ],
)
def test_a_file_of_corrections_that_is_not_understood_is_refused_in_one_line(toml: str, said: str) -> None:
    with pytest.raises(CorrectionNotUnderstood, match=said):
        read_corrections(toml)


def test_the_entry_that_the_file_shows_can_be_pasted_below_it() -> None:
    shipped = (files("pipeline") / "lexicon" / "corrections.toml").read_text("utf-8")
    _, _, entry = shipped.partition("#\n")
    shown = "\n".join(line.removeprefix("#") for line in entry.splitlines() if line.startswith("#"))
    assert ("laodong_vn", "1432162") in read_corrections(f"{shipped}\n{shown}")


def test_a_correction_that_mends_nothing_is_named(corpus: Corpus) -> None:
    ((site, source_id),) = corpus.sql("SELECT site, source_id FROM articles ORDER BY article_id LIMIT 1").fetchall()
    misprint = MISPRINT.replace("tin_vinhkhe_vn", site)
    (said,) = unused_corrections(corpus, read_corrections(misprint.replace('"7"', f'"{source_id}"')))
    assert f"article {source_id} of {site} prints no figure '221.532 tỉ đồng'" in said
    assert list(unused_corrections(corpus, read_corrections(misprint.replace('"7"', '"no such"')))) == []


def test_the_corrections_that_ship_are_understood() -> None:
    assert all(correction.says for found in corrections_at_hand().values() for correction in found)
