"""What movements and figures are reported for, each with the rule that told; nothing is guessed."""

from __future__ import annotations

import datetime as dt
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.attribution import attribute
from pipeline.attribution.days import days_of
from pipeline.attribution.periods import period_spans
from pipeline.attribution.small_letters import in_small_letters, of_small_letters
from pipeline.document import analyze
from pipeline.entities import find_entities
from pipeline.figures import extract_figures
from pipeline.movements import read_movements
from pipeline.nlp import split_sentences
from pipeline.records import Figure, Movement, Setting

DAY = dt.datetime(2024, 8, 15, 9, 30, tzinfo=dt.UTC)
TITLE = "Tin từ các cấp công đoàn"


def figures_of(*lines: str) -> tuple[Figure, ...]:
    return analyze("\n".join((TITLE, *lines)), fetched_at=DAY).figures


def figure_of(*lines: str) -> Figure:
    (figure,) = figures_of(*lines)
    return figure


def mention_of(*lines: str) -> Movement:
    (movement,) = analyze("\n".join((TITLE, *lines)), fetched_at=DAY).movements
    return movement


# --------------------------------------------------------------------------- movements
def test_a_figure_is_reported_for_the_only_movement_before_it_in_its_clause() -> None:
    first, second = figures_of("Phong trào “Hai tốt” có 120 sáng kiến; phong trào “Xanh sạch” trồng 40 cây xanh.")
    assert first.movement_id != second.movement_id
    assert (first.movement_rule, second.movement_rule) == ("sentence", "sentence")


def test_two_movements_before_a_figure_leave_it_open() -> None:
    figure = figure_of("Phong trào “Hai tốt” và “Xanh sạch” có 120 sáng kiến.")
    assert (figure.movement_id, figure.movement_rule) == (None, None)


def test_a_movement_after_the_figure_counts_only_when_the_text_links_it() -> None:
    linked = figure_of("Có 120 sáng kiến từ phong trào “Hai tốt”.")
    assert linked.movement_rule == "linked"
    apart = figure_of("Có 120 sáng kiến, sau đó đơn vị phát động phong trào “Hai tốt”.")
    assert apart.movement_id is None


def test_words_that_refer_back_name_the_movement_too() -> None:
    figure = figure_of("Quận phát động phong trào “Hai tốt”. Phong trào này đã có 120 sáng kiến được công nhận.")
    (named,) = analyze("Tin\nQuận phát động phong trào “Hai tốt”.").movements
    assert (figure.movement_id, figure.movement_rule) == (named.movement_id, "back_reference")


# --------------------------------------------------------------------------- organisations and places
def test_organisation_place_and_period_are_as_printed_in_the_sentence() -> None:
    figure = figure_of("Trong 6 tháng đầu năm 2024, LĐLĐ tỉnh Hà Trung kết nạp 5.320 đoàn viên.")
    assert (figure.organisation, figure.organisation_rule) == ("LĐLĐ tỉnh Hà Trung", "sentence")
    assert figure.organisation_name == "Liên đoàn Lao động tỉnh Hà Trung"
    assert (figure.place, figure.place_rule) == ("tỉnh Hà Trung", "sentence")
    assert (figure.period, figure.period_rule) == ("6 tháng đầu năm 2024", "sentence")
    assert (figure.period_start, figure.period_end) == (dt.date(2024, 1, 1), dt.date(2024, 6, 30))


@pytest.mark.parametrize(
    ("sentence", "organisation"),
    [
        ("Phó Chủ tịch LĐLĐ tỉnh Đỗ Quang Khải cho biết có 120 sáng kiến.", "LĐLĐ tỉnh"),
        ("Bà Lê Thị Hiền, Chủ tịch LĐLĐ tỉnh Hà Trung, nói có 120 sáng kiến.", "LĐLĐ tỉnh Hà Trung"),
        ("Bà Lê Thị Hiền, Chủ tịch LĐLĐ tỉnh Hà Trung, cùng 120 đại biểu dâng hương.", None),
        ("Dự lễ có LĐLĐ tỉnh Hà Trung và 120 đại biểu.", None),
        ("Công ty TNHH Điện tử Sao Khê có 120 sáng kiến.", "Công ty TNHH Điện tử Sao Khê"),
        ("Sở Nội vụ đã nhận 120 hồ sơ.", "Sở Nội vụ"),
        ("Công ty May Hà Lĩnh đã nhận 120 hồ sơ.", "Công ty May Hà Lĩnh"),
        ("LĐLĐ tỉnh Hà Trung phối hợp mở 12 lớp.", "LĐLĐ tỉnh Hà Trung"),
        ("Đơn vị trao cho LĐLĐ tỉnh Hà Trung 500 triệu đồng.", None),
        ("Theo Nghị quyết số 12 của LĐLĐ tỉnh Hà Trung, các cơ sở đã mở 12 lớp.", None),
        ("Đơn vị (trực thuộc LĐLĐ tỉnh Hà Trung) đã mở 12 lớp.", None),
    ],
)
def test_an_organisation_is_who_acts_or_reports(sentence: str, organisation: str | None) -> None:
    assert figure_of(sentence).organisation == organisation


def test_a_body_that_only_its_readers_know_is_printed_without_a_name() -> None:
    figure = figure_of("LĐLĐ tỉnh đã mở 12 lớp.")
    assert (figure.organisation, figure.organisation_name, figure.organisation_rule) == ("LĐLĐ tỉnh", None, "sentence")


def test_the_sentences_before_in_the_paragraph_tell_who_acted() -> None:
    figure = figure_of("LĐLĐ tỉnh Hà Trung tổng kết nhiệm kỳ. Đã có 120 công đoàn cơ sở được thành lập.")
    assert (figure.organisation, figure.organisation_rule) == ("LĐLĐ tỉnh Hà Trung", "line")


def test_two_organisations_in_the_sentence_before_leave_it_open() -> None:
    figure = figure_of("LĐLĐ tỉnh Hà Trung và Sở Nội vụ ký kết. Đã có 120 công đoàn cơ sở được thành lập.")
    assert figure.organisation is None


def test_the_opening_tells_where_no_paragraph_does() -> None:
    lines = (
        "Tại Liên đoàn Lao động tỉnh Hà Trung, công tác thi đua được quan tâm.",
        "Phong trào được đông đảo người lao động hưởng ứng, ai cũng hăng hái.",
        "Đã có 120 sáng kiến được công nhận.",
    )
    figure = figure_of(*lines)
    assert (figure.organisation, figure.organisation_rule) == ("Liên đoàn Lao động tỉnh Hà Trung", "opening")
    assert (figure.place, figure.place_rule) == ("tỉnh Hà Trung", "opening")


def test_a_company_in_the_opening_does_not_report_all_that_follows() -> None:
    lines = ("Công ty TNHH Điện tử Sao Khê khai trương.", "Trời nắng đẹp.", "Đã có 120 sáng kiến được công nhận.")
    assert figure_of(*lines).organisation is None


def test_the_opening_is_silent_where_the_sentence_is_about_another_place() -> None:
    lines = ("Hội Nông dân xã Mường Tra họp.", "Trời nắng đẹp.", "Tỉnh Lào Cai còn 22.944 hộ nghèo.")
    figure = figure_of(*lines)
    assert (figure.organisation, figure.place, figure.province_34) == (None, "Tỉnh Lào Cai", "34-15")


def test_a_dateline_gives_place_and_province_of_both_schemes() -> None:
    document = analyze("Tin công đoàn\n15/08/2024 09:30\nBắc Giang - Phong trào “Hai tốt” có 120 sáng kiến.")
    (figure,), (movement,) = document.figures, document.movements
    told = ("Bắc Giang", "dateline", "63-24", "34-24")
    assert (figure.place, figure.place_rule, figure.province_63, figure.province_34) == told
    assert (movement.place, movement.place_rule, movement.province_63, movement.province_34) == told


@pytest.mark.parametrize(
    "text",
    [
        "Hà Nội - Phong trào “Hai tốt” có 120 sáng kiến.",
        "Bắc Giang - Công nhân cả nước đón năm mới.\nPhong trào “Hai tốt” có 120 sáng kiến.",
        "Bắc Giang - Tỉnh Nghệ An thi đua với tỉnh Lào Cai.\nTới nay phong trào “Hai tốt” có 120 sáng kiến.",
        "Bắc Giang - Phong trào “Hai tốt” lan rộng.\nTổng LĐLĐ Việt Nam công nhận 120 sáng kiến.",
    ],
)
def test_a_dateline_is_no_place_of_what_is_of_elsewhere_or_may_be_of_all_the_country(text: str) -> None:
    (figure,) = analyze("Tin công đoàn\n15/08/2024 09:30\n" + text).figures
    assert figure.place_rule != "dateline"


@pytest.mark.parametrize(
    "sentence",
    [
        "Các cấp hưởng ứng chương trình “Triệu sáng kiến” do Tổng LĐLĐ Việt Nam phát động.",
        "Chương trình “Triệu sáng kiến” được Tổng LĐLĐ Việt Nam quan tâm triển khai.",
    ],
)
def test_who_started_a_movement_runs_it(sentence: str) -> None:
    movement = mention_of("LĐLĐ tỉnh Hà Trung họp.", sentence)
    assert movement.organisation == "Tổng LĐLĐ Việt Nam"
    assert movement.organisation_name == "Tổng Liên đoàn Lao động Việt Nam"
    assert movement.organisation_rule == "agent"


def test_a_text_that_does_not_say_leaves_the_attribution_empty() -> None:
    figure = figure_of("Đã kết nạp 5.320 đoàn viên tại công đoàn các doanh nghiệp.")
    assert (figure.movement_id, figure.organisation, figure.place, figure.period) == (None, None, None, None)
    movement = mention_of("Phong trào “Hai tốt” lan rộng.")
    assert (movement.organisation, movement.place) == (None, None)


# --------------------------------------------------------------------------- periods
@pytest.mark.parametrize(
    ("printed", "start", "end"),
    [
        ("nhiệm kỳ 2018 - 2023", "2018-01-01", "2023-12-31"),
        ("năm học 2022-2023", "2022-09-01", "2023-08-31"),
        ("6 tháng đầu năm 2023", "2023-01-01", "2023-06-30"),
        ("6 tháng cuối năm 2023", "2023-07-01", "2023-12-31"),
        ("9 tháng đầu năm", "2024-01-01", "2024-09-30"),
        ("quý II/2023", "2023-04-01", "2023-06-30"),
        ("quý IV", "2023-10-01", "2023-12-31"),
        ("nửa đầu năm", "2024-01-01", "2024-06-30"),
        ("tháng 2/2024", "2024-02-01", "2024-02-29"),
        ("năm 2022", "2022-01-01", "2022-12-31"),
        ("năm 2021 - 2022", "2021-01-01", "2022-12-31"),
        ("năm nay", "2024-01-01", "2024-12-31"),
        ("năm ngoái", "2023-01-01", "2023-12-31"),
        ("5 năm qua", "2019-08-15", "2024-08-15"),
        ("3 tháng qua", "2024-05-15", "2024-08-15"),
        ("từ đầu năm đến nay", "2024-01-01", "2024-08-15"),
        ("tháng trước", "2024-07-01", "2024-07-31"),
        ("6 tháng đầu năm nay", "2024-01-01", "2024-06-30"),
        ("6 tháng đầu năm ngoái", "2023-01-01", "2023-06-30"),
        ("từ đầu năm 2022 đến nay", "2022-01-01", "2024-08-15"),
        ("từ đầu năm đến ngày 19.7", "2024-01-01", "2024-07-19"),
        ("từ nay đến cuối năm 2024", "2024-08-15", "2024-12-31"),
        ("từ ngày 3 đến ngày 6/8", "2024-08-03", "2024-08-06"),
        ("10 năm 2009-2019", "2009-01-01", "2019-12-31"),
        ("giai đoạn 5 năm (2013 - 2018)", "2013-01-01", "2018-12-31"),
    ],
)
def test_a_period_is_days_counted_from_the_publication_where_it_must_be(printed: str, start: str, end: str) -> None:
    text = f"Trong {printed}, có 120 sáng kiến."
    ((first, last),) = period_spans(text, in_small_letters(text), 0, len(text))
    days = days_of(text, first, last, DAY.date())
    assert days is not None
    assert (days.start, days.end) == (dt.date.fromisoformat(start), dt.date.fromisoformat(end))


@pytest.mark.parametrize("printed", ["nhiệm kỳ qua", "năm qua", "tháng qua"])
def test_a_period_that_may_be_two_is_printed_without_days(printed: str) -> None:
    text = f"Trong {printed}, có 120 sáng kiến."
    ((first, last),) = period_spans(text, in_small_letters(text), 0, len(text))
    assert days_of(text, first, last, DAY.date()) is None


def test_a_count_up_to_a_day_has_no_first_day() -> None:
    text = "Tính đến hết năm 2023, có 120 sáng kiến."
    ((first, last),) = period_spans(text, in_small_letters(text), 0, len(text))
    days = days_of(text, first, last, None)
    assert days is not None
    assert (days.start, days.end) == (None, dt.date(2023, 12, 31))


def test_the_term_in_the_name_of_a_congress_is_no_period_of_its_figures() -> None:
    figure = figure_of("Đại hội Công đoàn tỉnh lần thứ X, nhiệm kỳ 2018 - 2023 có 246 đại biểu.")
    assert figure.period is None


@given(st.text("0123456789 thángnămquýIVXđầucuối/-học kỳ", max_size=60), st.dates(min_value=dt.date(1950, 1, 1)))
def test_no_period_ends_before_it_begins(text: str, published: dt.date) -> None:
    for start, end in period_spans(text, in_small_letters(text), 0, len(text)):
        days = days_of(text, start, end, published)
        assert days is None or days.start is None or days.start <= days.end


# --------------------------------------------------------------------------- roles
@pytest.mark.parametrize(
    ("sentence", "role"),
    [
        ("Đã kết nạp 5.320 đoàn viên.", "result"),
        ("Các sáng kiến làm lợi 22,5 tỉ đồng.", "result"),
        ("Phấn đấu kết nạp 5.000 đoàn viên mới.", "target"),
        ("Mục tiêu là 5.000 đoàn viên mới.", "target"),
        ("Đã có 906 sáng kiến, vượt kế hoạch.", "result"),
        ("Thu ngân sách đạt 95% kế hoạch năm.", "share_of_target"),
        ("Đơn vị cập nhật hồ sơ (đạt 127%).", "share_of_target"),
        ("Tỷ lệ đoàn viên tham gia đạt 95%.", "result"),
        ("Số vụ tai nạn giảm 12% so với cùng kỳ.", "decrease"),
        ("Thu nhập bình quân tăng 8,5%.", "increase"),
        ("Số đoàn viên tăng lên 5.000 người.", "result"),
        ("Giảm nghèo bền vững cho 300 hộ dân.", None),
        ("Tổng kinh phí hơn 3,2 tỉ đồng.", "cost"),
        ("Hỗ trợ đoàn viên khó khăn 3,2 tỉ đồng.", "support"),
        ("Trao tặng 150 suất quà.", "support"),
        ("Nơi đây 300 hộ dân sống ven sông.", None),
    ],
)
def test_the_words_beside_a_figure_tell_its_role(sentence: str, role: str | None) -> None:
    figure = figure_of(sentence)
    assert (figure.role, figure.role_words is not None) == (role, role is not None)


# --------------------------------------------------------------------------- length
def calls(text: str) -> int:
    """Return how many functions are called to attribute what a text of one paragraph says."""
    sentences = split_sentences(text)
    found = find_entities(text, sentences, on=DAY.date(), place=None)
    named = [one._replace(entities=entities) for one, entities in zip(sentences, found, strict=True)]
    reading = read_movements(text, named)
    figures = extract_figures(text, named, reading.movements)
    assert figures
    count = 0

    def counted(_frame: object, event: str, _function: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(counted)
    try:
        attribute(text, named, reading.movements, reading.back_references, figures, Setting(DAY.date(), None))
    finally:
        sys.setprofile(before)
    return count


@pytest.mark.parametrize(
    "piece",
    [
        "có 120 sáng kiến, ",
        "LĐLĐ tỉnh Hà Trung có 120 sáng kiến, ",
        "LĐLĐ tỉnh Hà Trung trao 12 suất quà cho LĐLĐ tỉnh Đông Hạ; ",
        "phong trào “Hai tốt” và “Xanh sạch” trồng 40 cây, ",
        "năm 2023 so với năm 2022 có 120 sáng kiến, ",
        "Đã có 120 sáng kiến. LĐLĐ tỉnh Hà Trung họp. ",
        "ông Đỗ Quang Khải, Chủ tịch LĐLĐ tỉnh (cũ), nói có 12 người, ",
    ],
)
def test_a_text_four_times_as_long_takes_four_times_as_many_steps(piece: str) -> None:
    assert calls(piece * 400) < 4.6 * calls(piece * 100)


def test_a_pattern_that_capitals_would_keep_from_finding_anything_is_refused() -> None:
    assert of_small_letters(r"\btheo\S\W(?P<WHO>cđcs)").search(in_small_letters("THEO, CĐCS"))
    with pytest.raises(ValueError, match="has a capital one"):
        of_small_letters("CĐCS")


@pytest.mark.parametrize(
    "printed",
    [
        *(f"{count} tháng qua" for count in ["8", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín", "mười"]),
        *("từ năm 2020 đến nay", "đến hết ngày 30/6/2024", "tới hết ngày 30/6/2024", "tính đến 30/6/2024"),
        *("nhiệm kỳ 2018-2023", "giai đoạn 2016-2020", "thời kỳ 2016-2020", "chặng 2016-2020", "kỳ 2016-2020"),
        *("nửa đầu năm 2024", "quý II", "học kỳ I", "tuần đầu tháng 5/2024", "ngày đầu tháng 5/2024", "tháng 5/2024"),
        *("đầu năm 2024", "giữa năm 2024", "cuối năm 2024", "năm 2024", "năm ngoái", "tháng này"),
    ],
)
def test_a_period_is_found_whatever_it_begins_with(printed: str) -> None:
    text = f"Đơn vị {printed} có 120 sáng kiến."
    (span,) = period_spans(text, in_small_letters(text), 0, len(text))
    assert text[slice(*span)] == printed
