"""Scores: what counts as found, missed and false, and the floors on our own pages."""

from __future__ import annotations

import datetime as dt
import json
import tomllib
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from disguised_pages import disguised

import pipeline
from crawler.sites import Sites
from pipeline.evaluate import NOTHING, Mark, Score, score_figures, score_movements
from pipeline.evaluate.expected import Expected, ExpectedNotUnderstood, read_expected
from pipeline.evaluate.fields import PageScore, score_page
from pipeline.evaluate.marks import figures_by_kind, movements_by_kind, right_units
from pipeline.evaluate.pages import ALL, ReaderResult, compare_readers, cpu_speeds
from pipeline.evaluate.readers import OURS, PEERS, PeerNotInstalled, Reader, Reading, our_reader, peer
from pipeline.evaluate.shingles import body_overlap, shingles, syllables

PAGES = Path(__file__).parent / "pages"
NOW = dt.datetime(2026, 11, 22, tzinfo=dt.UTC)
VIETNAM = dt.timezone(dt.timedelta(hours=7))


# --------------------------------------------------------------------------- movements and figures
def movement(surface: str, kind: str = "phong_trao", **more: object) -> Mark:
    return {"surface": surface, "kind": kind, **more}


def figure(surface: str, value: float, kind: str = "count", **more: object) -> Mark:
    return {"surface": surface, "value": value, "kind": kind, **more}


def test_a_name_counts_once_a_text_whatever_its_quotes_case_and_dashes() -> None:
    marked = [movement("Giỏi việc nước - Đảm việc nhà"), movement("Tổ xanh"), movement("Ba sạch")]
    found = [movement(name) for name in ("“giỏi việc nước, đảm việc nhà”", "Tổ xanh", "Tổ xanh", "Hội")]
    score = score_movements(marked, found)
    assert (score.hits, score.missed, score.false) == (2, ("ba sạch",), ("hội",))


def test_each_figure_counts_with_value_high_end_and_kind() -> None:
    marked = [figure("45", 45), figure("45", 45), figure("3-5", 3, value_high=5)]
    found = [figure("45", 45.0, value_high=None), figure("3", 3), figure("45", 45, "money")]
    score = score_figures(marked, found)
    assert (score.hits, len(score.missed), len(score.false)) == (1, 2, 2)


def test_a_hit_is_of_the_marked_kind_and_a_false_hit_of_the_kind_it_was_found_as() -> None:
    marked = [movement("Tổ xanh", "phong trào"), movement("Ba sạch", "cuộc vận động")]
    found = [movement("Tổ xanh", "khac"), movement("Hội", "chuong_trinh")]
    kinds = movements_by_kind(marked, found)
    assert kinds == {
        "phong_trao": Score(1, (), ()),
        "cuoc_van_dong": Score(0, ("ba sạch",), ()),
        "chuong_trinh": Score(0, (), ("hội",)),
    }
    assert figures_by_kind([figure("5%", 5, "percent")], [figure("5", 5)]) == {
        "count": Score(0, (), ("(5.0, None, 'count')",)),
        "percent": Score(0, ("(5.0, None, 'percent')",), ()),
    }


def test_open_marks_are_neither_hits_nor_misses_nor_false() -> None:
    marked = [movement("Tổ xanh", optional=True), movement("Ba sạch", region="caption"), {"surface": "Hội thao"}]
    assert score_movements(marked, [movement("Tổ xanh"), movement("Hội thao")]) == NOTHING
    neutral: list[Mark] = [{"surface": "22/09/2023"}]
    assert score_figures([figure("12 tổ", 12, region="meta")], [], neutral) == NOTHING
    assert score_figures([], [figure("22 09 2023", 22092023)], neutral) == NOTHING
    assert score_figures([], [figure("23", 23)], neutral).false == ("(23.0, None, 'count')",)


def test_a_unit_is_right_when_it_is_the_marked_one_or_two_words_of_it() -> None:
    marked = [figure("906", 906, unit="sáng kiến, đề tài"), figure("5", 5, unit="tổ"), figure("7", 7, unit="nhà")]
    found = [figure("906", 906, unit="sáng kiến"), figure("5", 5, unit="đội"), figure("8", 8, unit="nhà")]
    assert right_units(marked, found) == {"count": (1, 2)}


def test_precision_recall_and_f1() -> None:
    score = Score(3, ("a",), ("b", "c", "d")) + NOTHING
    assert (score.precision, score.recall) == (0.5, 0.75)
    assert score.f1 == 0.6
    assert NOTHING.f1 == 0.0


# --------------------------------------------------------------------------- body
BODY = ("Sáng nay, hội thao mở màn.", "Có 28 đội bóng tham dự.")
TITLE, LEAD = "Hội thao công nhân", "Hơn 300 thợ dự hội thao mở màn ở Hà Lĩnh."


def test_shingles_are_four_syllables_and_no_punctuation() -> None:
    assert syllables("“Lao động” – 2,5 tỉ | HÒA") == ["lao", "động", "2", "5", "tỉ", "hòa"]
    assert shingles(["a", "b", "c", "d", "e"]) == Counter([("a", "b", "c", "d"), ("b", "c", "d", "e")])
    assert shingles(["a", "b"]) == Counter([("a", "b")])


@pytest.mark.parametrize(
    "text",
    ["\n".join(BODY), " | ".join(BODY), "\n".join((TITLE, *BODY)), "\n".join((TITLE, LEAD, *BODY))],
    ids=["body", "in one line", "with title", "with title and lead"],
)
def test_a_text_is_all_body_with_or_without_title_and_lead_however_its_lines_are_broken(text: str) -> None:
    overlap = body_overlap(BODY, text, (TITLE, LEAD))
    assert (overlap.precision, overlap.recall, overlap.f1) == (1.0, 1.0, 1.0)


def test_what_is_printed_twice_is_false_once_and_what_is_left_out_is_missed() -> None:
    twice = body_overlap(BODY, "\n".join((*BODY, BODY[1])))
    assert (twice.missed, twice.false) == (0, 6)  # the line's three shingles and three across the border
    half = body_overlap(BODY, BODY[1])
    assert (half.hits, half.missed, half.false) == (3, 6, 0)
    lead_twice = body_overlap(BODY, "\n".join((LEAD, LEAD, *BODY)), (TITLE, LEAD))
    assert lead_twice.false == len(syllables(LEAD))
    assert body_overlap(BODY, "").f1 == 0.0


# --------------------------------------------------------------------------- expected JSON
ARTICLE: dict[str, Any] = {
    "title": TITLE,
    "lead": LEAD,
    "body": list(BODY),
    "published_at": "2026-03-09T00:30:00+07:00",
    "authors": ["Hoàng Nhiên", "Tạ Hà"],
    "section": "Công đoàn",
    "captions": ["Đội 7 ra sân."],
}
PAGE = (
    f"<html><body><h1>{TITLE}</h1><!-- x -->"
    f"<div class='b'><p>{BODY[0]}</p><p>Có 28 đội<br>bóng tham dự.</p></div></body></html>"
)


def expected(folder: Path, article: dict[str, Any] | None = None, **more: object) -> Expected:
    (folder / "trang.html").write_text(PAGE, encoding="utf-8")
    told = {"url": "https://halinh.example/a.html", "article": article or ARTICLE, **more}
    (folder / "trang.json").write_text(json.dumps(told), encoding="utf-8")
    (one,) = read_expected(folder, None, NOW)
    return one


def test_a_page_belongs_to_its_site_or_its_folder_or_its_host(tmp_path: Path) -> None:
    assert expected(tmp_path).group == "halinh.example"
    assert expected(tmp_path, site="laodong_vn").group == "laodong_vn"
    (tmp_path / "tap_chi").mkdir()
    expected(tmp_path / "tap_chi")
    assert [page.group for page in read_expected(tmp_path, None, NOW)] == ["tap_chi", "laodong_vn"]


def test_a_field_may_be_read_off_the_page_and_its_json_may_lie_elsewhere(tmp_path: Path) -> None:
    pages, answers = tmp_path / "pages", tmp_path / "answers"
    pages.mkdir()
    answers.mkdir()
    for name in ("trang", "khac"):
        (pages / f"{name}.html").write_text(PAGE, encoding="utf-8")
    told = {"article": {"title": {"xpath": "//h1"}, "body": {"xpath": "//div[@class='b']/p"}}}
    (answers / "trang.json").write_text(json.dumps(told), encoding="utf-8")
    (page,) = read_expected(pages, answers, NOW)
    assert (page.title, page.body, page.fetched_at) == (TITLE, BODY, NOW)
    assert page.judged == {"title", "body"}
    told["article"]["title"] = {"xpath": "//h2"}
    (answers / "trang.json").write_text(json.dumps(told), encoding="utf-8")
    with pytest.raises(ExpectedNotUnderstood, match=r"trang.json: article.title: the XPath selects no text .*//h2"):
        read_expected(pages, answers, NOW)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"published_at": "2026-03-09T00:30:00"}, "article.published_at = '2026-03-09T00:30:00': expected an offset"),
        ({"published_at": "hôm qua"}, "article.published_at = 'hôm qua': expected ISO 8601"),
        ({"body": "một dòng"}, "article.body: expected strings"),
        ({"lead": ["hai", "dòng"]}, "article.lead: expected a string"),
        ({"title": None}, "article.title: expected the title"),
        ({"body": {"xpath": "//p["}}, "article.body: expected"),
    ],
    ids=lambda value: str(value)[:30],
)
def test_a_wrong_expectation_is_refused_with_file_and_key(tmp_path: Path, change: dict[str, Any], said: str) -> None:
    with pytest.raises(ExpectedNotUnderstood) as refused:
        expected(tmp_path, ARTICLE | change)
    assert f"trang.json: {said}" in str(refused.value)


def test_a_folder_without_pages_and_a_page_without_json_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ExpectedNotUnderstood, match=r"no page \(.html\)"):
        read_expected(tmp_path, None, NOW)
    (tmp_path / "trang.html").write_text(PAGE, encoding="utf-8")
    with pytest.raises(ExpectedNotUnderstood, match=r"trang.json: No such file or directory; every page needs one"):
        read_expected(tmp_path, None, NOW)
    with pytest.raises(ExpectedNotUnderstood, match="with a JSON file of the same name in"):
        read_expected(tmp_path, tmp_path, NOW)


# --------------------------------------------------------------------------- fields
RIGHT = Reading(
    text="\n".join((TITLE, LEAD, *BODY)),
    title=TITLE,
    lead=LEAD,
    authors=("Tạ Hà", "HOÀNG NHIÊN"),
    sections=("Công đoàn",),
    captions=("Đội 7 ra sân.",),
    published_at=dt.datetime(2026, 3, 8, 17, 30, 42, tzinfo=dt.UTC),
    day=dt.date(2026, 3, 9),
)
LACKING = Reader("khác", "1", frozenset({"title", "date"}), lambda *_page: Reading())


def scored(
    folder: Path, article: dict[str, Any] | None = None, reader: Reader | None = None, **given: Any
) -> PageScore:
    return score_page(expected(folder, article), replace(RIGHT, **given), reader or our_reader(Sites()))


def test_a_reading_that_gives_all_misses_nothing(tmp_path: Path) -> None:
    score = scored(tmp_path)
    assert score.right == dict.fromkeys(("title", "lead", "date", "time", "authors", "section"), True)
    assert (score.captions, score.misses) == (Score(1, (), ()), ())


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"title": TITLE + " | Báo"}, "title"),
        ({"lead": None}, "lead"),
        ({"day": None}, "date"),
        ({"published_at": dt.datetime(2026, 3, 9, tzinfo=VIETNAM)}, "time"),
        ({"authors": ("Tạ Hà",)}, "authors"),
        ({"sections": ()}, "section"),
        ({"captions": ()}, "captions"),
        ({"refused": "no_body"}, "page"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_each_wrong_field_is_a_miss_that_says_what_came(tmp_path: Path, given: dict[str, Any], field: str) -> None:
    (miss,) = scored(tmp_path, **given).misses
    assert (miss.field, Path(miss.page).name) == (field, "trang.html")


def test_a_field_that_nobody_expects_is_not_judged_and_one_expected_to_be_absent_must_be(tmp_path: Path) -> None:
    assert scored(tmp_path, {"title": TITLE, "body": list(BODY)}).right == {"title": True}
    none = ARTICLE | {"lead": None, "section": None, "published_at": None, "authors": []}
    right = scored(tmp_path, none).right
    assert [name for name in right if not right[name]] == ["lead", "date", "time", "authors", "section"]


def test_of_a_reader_that_knows_no_lead_it_is_asked_whether_its_text_holds_it(tmp_path: Path) -> None:
    assert scored(tmp_path, reader=LACKING).right == {"title": True, "lead": True, "date": True}
    assert scored(tmp_path, reader=LACKING, text="\n".join(BODY)).right["lead"] is False
    assert "lead" not in scored(tmp_path, ARTICLE | {"lead": None}, LACKING).right


# --------------------------------------------------------------------------- readers
@pytest.mark.parametrize("name", PEERS)
@pytest.mark.filterwarnings("ignore:nltk is not installed:UserWarning")
def test_another_extractor_reads_the_page_or_says_what_to_install(name: str) -> None:
    (page,) = (page for page in measured_pages() if page.page.stem == "nhat-bao")
    try:
        reader = peer(name)
    except PeerNotInstalled as refusal:
        assert str(refusal) == f"{name} is not installed: pip install 'congdoan[eval]'"
        return
    reading = reader.read(page.content, page.url, page.fetched_at)
    assert reading.refused is None
    assert page.body[1] in reading.text
    assert reading.title
    for field, given in (("date", reading.day), ("authors", reading.authors)):
        assert bool(given) is (field in reader.gives)


def test_an_extractor_that_crashes_has_read_nothing_of_that_page() -> None:
    crashed = peer("trafilatura").read(None, None, NOW)  # type: ignore[arg-type]
    assert crashed.text == ""
    assert crashed.refused is not None


def test_speed_is_pages_a_cpu_second() -> None:
    pages = measured_pages()[:2]
    speeds = cpu_speeds(pages, [our_reader(Sites())], rounds=1)
    assert set(speeds) == {OURS}
    assert 1 < speeds[OURS] < 10_000


# --------------------------------------------------------------------------- floors on our own pages
def measured_pages() -> list[Expected]:
    return read_expected(PAGES, None, NOW)


def layout_of(page: Expected) -> str:
    return str(json.loads(page.page.with_suffix(".json").read_text(encoding="utf-8"))["article"]["layout"])


def test_our_pages_show_every_layout_at_least_twice() -> None:
    lexicon = Path(pipeline.__file__).parent / "lexicon" / "families.toml"
    families = tomllib.loads(lexicon.read_text(encoding="utf-8"))["layout"]
    known = [f"family/{family['name']}" for family in families]
    known += [f"{site.name}/{layout.name}" for site in Sites() for layout in site.layouts]
    shown = Counter(map(layout_of, measured_pages()))
    assert [layout for layout in known if shown[layout] < 2] == []
    assert shown["generic"] >= 51


@pytest.fixture(scope="module")
def results() -> dict[str, dict[str, ReaderResult]]:
    """Ours and trafilatura on our pages: those whose layout is known, those of unknown sites, and all of them without
    metadata and telling classes."""
    pages = measured_pages()
    readers = [our_reader(Sites()), peer("trafilatura")]
    parts = {
        "known": [page for page in pages if layout_of(page) != "generic"],
        "generic": [page for page in pages if layout_of(page) == "generic"],
        "disguised": [disguised(page) for page in pages],
    }
    return {name: {r.name: r for r in compare_readers(part, readers)} for name, part in parts.items()}


# Just below what was reached. The pages of pages/measured were written before anything was read of them, and their
# first run says more than these floors, since the rules were then mended with them in view: body F1 .996 where the
# layout is known; of unknown sites .926 on the first 19 (trafilatura .940), lead 7 of 19; on 14 more (`unknown`), read
# after the first had been mended, .973 (trafilatura .923), lead 14 of 14, title 13, date 14; on 8 more, kept back to
# the end, .998 (trafilatura .941), title 8 of 8, lead 7, date 8, authors 3, section 3; on 10 more (`portals`), read
# after all those, .989 (trafilatura .852), title 8 of 10, lead 8, date 8, authors 7 of 8, section 6 of 9.
FLOORS: dict[str, dict[str, float]] = {
    "known": {"body": 0.998, "title": 1.0, "lead": 1.0, "date": 1.0, "time": 1.0, "authors": 0.97, "section": 0.97},
    "generic": {
        "body": 0.995,
        "title": 1.0,
        "lead": 1.0,
        "date": 1.0,
        "time": 1.0,
        "authors": 0.85,
        "section": 0.85,
    },
    # the dates and sections of some are told by their metadata alone
    "disguised": {
        "body": 0.995,
        "title": 1.0,
        "lead": 0.99,
        "date": 0.96,
        "time": 0.88,
        "authors": 0.79,
        "section": 0.65,
    },
}


@pytest.mark.parametrize(("part", "field"), [(part, field) for part in FLOORS for field in FLOORS[part]])
def test_our_pages_are_read_above_the_floor(results: dict[str, dict[str, ReaderResult]], part: str, field: str) -> None:
    ours = results[part][OURS].groups[ALL]
    right, judged = ours.fields.get(field, (0, 1))
    reached = ours.f1 if field == "body" else right / judged
    assert reached >= FLOORS[part][field], [miss for miss in results[part][OURS].misses if miss.field == field]


@pytest.mark.parametrize("part", FLOORS)
def test_our_pages_are_read_better_than_by_the_best_general_extractor(
    results: dict[str, dict[str, ReaderResult]], part: str
) -> None:
    ours, other = (results[part][name].groups[ALL] for name in (OURS, "trafilatura"))
    assert ours.f1 > other.f1
    for field, (right, judged) in other.fields.items():
        assert ours.fields[field][0] / ours.fields[field][1] >= right / judged, field
