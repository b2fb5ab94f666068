"""What is taken out of an article and what stays. A line that merely contains furniture's words stays."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.sites import Sites
from pipeline.clean import clean_page
from pipeline.parse import PageNotUnderstood, parse_text
from pipeline.records import Article, Block, Page
from pipeline.repair import repair_line, repair_mojibake

FETCHED = dt.datetime(2026, 10, 1, tzinfo=dt.UTC)
FIRST = "Sáng 5/7, công đoàn khu công nghiệp Hà Lĩnh khai mạc hội thao với 28 đội và 640 vận động viên tham dự."
SECOND = "Quỹ thưởng năm nay là 418 triệu đồng, do công đoàn và doanh nghiệp cùng đóng góp trong ba năm liền."
THIRD = "Hội thao kéo dài ba ngày, kết thúc bằng đêm văn nghệ và bữa cơm công đoàn dành cho toàn thể đoàn viên của khu."
LONG = f"{FIRST} {SECOND} {THIRD}"


def page(*lines: str | Block, title: str = "Hội thao công nhân Hà Lĩnh", lead: str | None = None) -> Page:
    blocks = tuple(line if isinstance(line, Block) else Block(line) for line in lines)
    return Page(url=None, site=None, source_id=None, layout="text", title=title, lead=lead, blocks=blocks)


def body(article: Article) -> list[str]:
    return article.text.split("\n")[1:]


def reasons(article: Article) -> dict[str, str]:
    return {line.line: line.reason for line in article.dropped}


@pytest.mark.parametrize(
    "heading",
    [
        "Có thể bạn quan tâm",
        "NÊN XEM",
        "Tin khác:",
        "Cùng chuyên mục",
        "Tin mới nhất",
        "» Đọc nhiều",
        "Bình luận (0)",
        "Các tin đã đưa",
    ],
)
def test_a_heading_below_the_article_takes_all_that_follows_with_it(heading: str) -> None:
    cleaned = clean_page(
        page(
            FIRST,
            SECOND,
            heading,
            "Sao Khuê thưởng 17.496 suất cơm",
            "Công đoàn 27/11/2025 19:14",
            "Bến Nam có thêm nhà trẻ",
        )
    )
    assert body(cleaned) == [FIRST, SECOND]
    assert reasons(cleaned)["Bến Nam có thêm nhà trẻ"] == f"under {heading!r}"


def test_teasers_under_a_heading_go_with_their_titles() -> None:
    teaser = "Một tổ may ở Vĩnh Khê vượt kế hoạch tháng trước tám ngày nhờ bộ gá mới."
    cleaned = clean_page(page(FIRST, SECOND, "Cùng chuyên mục", "Tổ may số 4", teaser, "Tổ cắt số 2", teaser.upper()))
    assert body(cleaned) == [FIRST, SECOND]


def test_a_box_between_paragraphs_ends_where_the_article_goes_on() -> None:
    cleaned = clean_page(page(FIRST, "Tin liên quan", "Bến Nam có thêm nhà trẻ", "Xem thêm", SECOND, THIRD))
    assert body(cleaned) == [FIRST, SECOND, THIRD]


def test_a_box_below_ends_only_at_paragraphs_too_long_for_teasers() -> None:
    assert body(clean_page(page(FIRST, "Nên xem", "Bến Nam có thêm nhà trẻ", LONG))) == [FIRST, LONG]
    assert body(clean_page(page(FIRST, "Nên xem", "Bến Nam có thêm nhà trẻ", THIRD, SECOND))) == [FIRST, THIRD, SECOND]
    assert body(clean_page(page(FIRST, "Nên xem", "Bến Nam có thêm nhà trẻ", THIRD))) == [FIRST]


def test_short_paragraphs_after_a_box_are_the_article_again() -> None:
    short = [f"Ông Khương Duy nói rằng tổ {number} đã làm xong phần việc được giao trong tuần." for number in range(4)]
    cleaned = clean_page(page(FIRST, "Có thể bạn quan tâm", "Bến Nam có thêm nhà trẻ", *short))
    assert body(cleaned) == [FIRST, *short]


def test_a_menu_item_above_the_first_paragraph_opens_no_box() -> None:
    short = "Ông Khương Duy nói rằng tổ đã làm xong phần việc được giao trong tuần."
    assert body(clean_page(page("Bình luận", short, lead=FIRST))) == [FIRST, short]
    assert body(clean_page(page("Tin khác", "Bến Nam có thêm nhà trẻ", lead=FIRST))) == [FIRST]


@pytest.mark.parametrize(
    "sentence",
    [
        "Bạn đọc xem thêm kết quả của hội thao ở bảng tin khác của khu công nghiệp.",
        "Bình luận về trận đấu, ông Khương Duy cho rằng đội Sao Khuê chơi hay hơn.",
        "Tin mới nhất từ ban tổ chức cho biết trận chung kết lùi lại một ngày.",
        "Chia sẻ với công nhân, công đoàn tặng 34 suất quà.",
        "Nguồn thu của công đoàn tăng 12%.",
        "Theo kế hoạch, công đoàn sẽ xây 34 căn nhà.",
        "Gợi ý của công nhân được ghi lại.",
        "Phóng viên: Cảm ơn bà đã trò chuyện.",
        "Ảnh của chị Vi Lam đoạt giải nhất.",
        "Tin khác của McLam ở xưởng làm cả tổ vui.",
        "- Thương nặng: 604 người, bớt 09 người.",
        "Mô hình 5S được nhân rộng ở 12 xưởng",
        "Nhiều việc làm thiết thực",
    ],
)
def test_a_line_of_the_article_stays(sentence: str) -> None:
    assert body(clean_page(page(FIRST, sentence, SECOND))) == [FIRST, sentence, SECOND]


@pytest.mark.parametrize(
    "line",
    [
        "| Phát huy vai trò cán bộ công đoàn Tập huấn tài chính cho 4 người |",
        "![]() |",
        "-->",
        "aa",
        "TIN CÙNG CHỦ ĐỀThêm nhà trẻ ở Bến Nam",
        "Tin liên quanThêm nhà trẻ ở Bến Nam",
        "Mục lục",
        "Đăng ký nhận bản tin",
        "Tags: thi đua, Hà Lĩnh",
        "Từ khóa: hội thao",
        "#HaLinh #CongDoan",
        ">> Sao Khuê tuyển thợ",
        "Theo dõi Lao động Thành Sơn trên",
        "Chia sẻ Zalo Facebook",
        "Hotline: 0900 000 000",
        "Giấy phép số 1/GP-TTĐT do Sở cấp ngày 1/1/2026",
        "© 2026 Lao động Thành Sơn",
        "https://thanhson.example/bai-1.html",
        "Nghe đọc bài 0:00 / 0:00",
        "Trang 1 2 3 ... 9",
        "Công đoàn 27/11/2025 19:14",
        "📸 Một số hình ảnh tại hội thao.",
    ],
)
def test_a_line_of_furniture_goes_wherever_it_stands(line: str) -> None:
    assert body(clean_page(page(FIRST, line, SECOND))) == [FIRST, SECOND]


@pytest.mark.parametrize(
    "caption",
    [
        "Đội bóng Sao Khuê nhận cúp. Ảnh: Vi Lam",
        "Đội bóng Sao Khuê nhận cúp - Ảnh: V.L.",
        "Đội bóng Sao Khuê nhận cúp (Ảnh: Vi Lam)",
        "Công nhân trong giờ nghỉ (Ảnh minh hoạ)",
        "Ảnh minh họa.",
        "Quang cảnh buổi lễ",
        "Cổ động viên trên khán đài. Ảnh: Vi Lam/TTXVN",
        "Hội thao công nhân Hà Lĩnh - Ảnh 1.",
        "Đồ họa: Vi Lam",
    ],
)
def test_a_marked_caption_is_kept_apart(caption: str) -> None:
    cleaned = clean_page(page(FIRST, caption, SECOND))
    assert body(cleaned) == [FIRST, SECOND]
    assert cleaned.captions == (caption,)


def test_a_caption_without_mark_is_known_when_printed_twice() -> None:
    cleaned = clean_page(page(FIRST, "Chị em tổ cắt nhận quà.", "Chị em tổ cắt nhận quà.", SECOND))
    assert body(cleaned) == [FIRST, SECOND]
    assert cleaned.captions == ("Chị em tổ cắt nhận quà.",)


@pytest.mark.parametrize(
    ("byline", "authors"),
    [
        ("Vi Lam", ("Vi Lam",)),
        ("TẠ HÀ", ("TẠ HÀ",)),
        ("H.Lan", ("H.Lan",)),
        ("T.H", ("T.H",)),
        ("Vi Lam (tổng hợp)", ("Vi Lam",)),
        ("AN KHUÊ - MINH TUỆ", ("AN KHUÊ", "MINH TUỆ")),
        ("Tin, ảnh: Khương Duy", ("Khương Duy",)),
        ("Bài và ảnh: Khương Duy", ("Khương Duy",)),
    ],
)
def test_the_last_line_with_names_only_is_the_byline(byline: str, authors: tuple[str, ...]) -> None:
    cleaned = clean_page(page(FIRST, SECOND, byline))
    assert body(cleaned) == [FIRST, SECOND]
    assert cleaned.authors == authors


def test_a_byline_does_not_replace_the_authors_the_page_names() -> None:
    assert clean_page(replace(page(FIRST, "Vi Lam"), authors=("Khương Duy",))).authors == ("Khương Duy",)


def test_the_last_line_of_an_interview_is_no_byline() -> None:
    last = "Phóng viên: Cảm ơn bà đã trò chuyện."
    assert body(clean_page(page(FIRST, last))) == [FIRST, last]


@pytest.mark.parametrize("source", ["Nguồn: Thành Sơn Online", "(Theo Nhật báo Hà Lĩnh)", "Theo TTXVN"])
def test_a_source_line_at_the_end_goes(source: str) -> None:
    assert body(clean_page(page(FIRST, SECOND, source))) == [FIRST, SECOND]


@pytest.mark.parametrize(
    ("lead", "text", "place"),
    [
        ("(LĐTĐ) Sáng 5/7, hội thao khai mạc.", "Sáng 5/7, hội thao khai mạc.", None),
        ("(NLĐO)- Hội thao khai mạc.", "Hội thao khai mạc.", None),
        ("(Chinhphu.vn) - Hội thao khai mạc.", "Hội thao khai mạc.", None),
        ("TTTĐ - Hội thao khai mạc.", "Hội thao khai mạc.", None),
        ("Lâm Đồng - Hội thao khai mạc.", "Hội thao khai mạc.", "Lâm Đồng"),
        ("Cà Mau: Hội thao khai mạc.", "Hội thao khai mạc.", "Cà Mau"),
        ("Hà Nội: - 24 đội dự hội thao.", "24 đội dự hội thao.", "Hà Nội"),
        ("TTXVN/Hà Nội - Hội thao khai mạc.", "Hội thao khai mạc.", "Hà Nội"),
        ("(TTXVN/Hà Nội) Hội thao khai mạc.", "Hội thao khai mạc.", "Hà Nội"),
        ("Biên Hòa - Hội thao khai mạc.", "Hội thao khai mạc.", "Biên Hòa"),
        ("Thuận An – Sáng nay, hội thao khai mạc.", "Sáng nay, hội thao khai mạc.", "Thuận An"),
        ("Xuân Lộc (Đồng Nai): Hội thao khai mạc.", "Hội thao khai mạc.", "Xuân Lộc"),
        ("Đồng Nai Online - Hội thao khai mạc.", "Hội thao khai mạc.", None),
        ("Hà Nội: điểm đến của công nhân.", "Hà Nội: điểm đến của công nhân.", None),
        ("Kết quả: Hội thao có 28 đội.", "Kết quả: Hội thao có 28 đội.", None),
        ("TPHCM - Hội thao khai mạc.", "Hội thao khai mạc.", "TPHCM"),
        ("TP.HCM - Hội thao khai mạc.", "Hội thao khai mạc.", "TP.HCM"),
        ("TP. Cần Thơ – Hội thao khai mạc.", "Hội thao khai mạc.", "TP. Cần Thơ"),
        ("Bà Rịa - Vũng Tàu - Hội thao khai mạc.", "Hội thao khai mạc.", "Bà Rịa - Vũng Tàu"),
        ("Thừa Thiên-Huế - Hội thao khai mạc.", "Hội thao khai mạc.", "Thừa Thiên-Huế"),
        ("Lâm Đồng -Hội thao khai mạc.", "Hội thao khai mạc.", "Lâm Đồng"),
        ("HUẾ – Hội thao khai mạc.", "Hội thao khai mạc.", "HUẾ"),
        ("(NLĐO) - Hà Nội - Hội thao khai mạc.", "Hội thao khai mạc.", "Hà Nội"),
        ("Hà Nội - Hải Phòng là tuyến đường dài.", "Hà Nội - Hải Phòng là tuyến đường dài.", None),
        ("Thuận An - Dĩ An là tuyến xe mới.", "Thuận An - Dĩ An là tuyến xe mới.", None),
        ("Bà Rịa - Vũng Tàu là tỉnh cũ.", "Bà Rịa - Vũng Tàu là tỉnh cũ.", None),
        ("Đinh Thảo Vy - Chủ tịch công đoàn - phát biểu.", "Đinh Thảo Vy - Chủ tịch công đoàn - phát biểu.", None),
        ("(28 đội) tham dự hội thao.", "(28 đội) tham dự hội thao.", None),
    ],
)
def test_the_dateline_goes_and_its_place_stays(lead: str, text: str, place: str | None) -> None:
    cleaned = clean_page(page(FIRST, lead=lead))
    assert (cleaned.lead, cleaned.place) == (text, place)


def test_a_profile_may_know_datelines_of_places_that_nobody_lists() -> None:
    site = Sites()["laodong_vn"]
    assert clean_page(page(FIRST, lead="Vĩnh Khê - Hội thao khai mạc."), site).place == "Vĩnh Khê"
    named = clean_page(page(FIRST, lead="Nguyễn Thảo Vy - Chủ tịch công đoàn - phát biểu."), site)
    assert named.place is None


def test_title_and_lead_are_printed_once() -> None:
    lead = "Hội thao có 640 vận động viên."
    cleaned = clean_page(page("Hội thao công nhân Hà Lĩnh", lead, "hoi thao cong nhan ha linh", FIRST, lead=lead))
    assert cleaned.text.split("\n") == ["Hội thao công nhân Hà Lĩnh", lead, FIRST]


def test_numbers_keep_their_digits_and_lose_only_doubled_blanks() -> None:
    printed = "Có 12.370\u00a0 sáng kiến, làm lợi 221,532 \u00a0tỉ đồ\u00adng; đạt\u200b 127%."
    assert repair_line(printed) == "Có 12.370 sáng kiến, làm lợi 221,532 tỉ đồng; đạt 127%."
    assert repair_line("R&amp;D &ldquo;Sao&nbsp;Khuê&rdquo; AT&T") == "R&D “Sao Khuê” AT&T"
    assert repair_line("Co\u0302ng đoa\u0300n") == "Công đoàn"
    assert repair_line("© {{vm.currentDate | date:'yyyy'}} Báo") == "© Báo"


def test_text_that_went_through_a_western_encoding_is_repaired_exactly() -> None:
    assert repair_mojibake(LONG.encode().decode("latin-1")) == LONG
    assert repair_mojibake(LONG) == LONG


PIECES = st.sampled_from(
    [
        FIRST,
        SECOND,
        THIRD,
        LONG,
        "Nên xem",
        "Tin liên quan",
        "Xem thêm",
        "Vi Lam",
        "Theo TTXVN",
        "Ảnh: Vi Lam",
        "| a b |",
        "aa",
        "Bến Nam có thêm nhà trẻ",
        "(LĐTĐ) Sáng nay hội thao khai mạc ở Hà Lĩnh.",
        "Hà Nội - Hội thao khai mạc.",
        "Công đoàn 27/11/2025 19:14",
        "Hội thao công nhân Hà Lĩnh",
        "- 12 đội",
        "a | b",
        "Bình luận (0)",
        "(",
        "{{x}}",
        "&amp;lt;b&gt;",
        "Kết luận",
        "MENU",
    ]
)
LINES = st.lists(st.one_of(PIECES, st.text(max_size=40)), max_size=14)


@given(lines=LINES, lead=st.one_of(st.none(), PIECES))
def test_cleaning_twice_is_cleaning_once(lines: list[str], lead: str | None) -> None:
    once = clean_page(page(*lines, lead=lead))
    again = clean_page(replace(page(*body_blocks(once)), title=once.title, lead=once.lead))
    assert again.text == once.text


@given(lines=LINES)
def test_a_cleaned_text_given_as_text_is_clean(lines: list[str]) -> None:
    try:
        once = clean_page(parse_text("\n".join(lines), fetched_at=FETCHED))
        again = clean_page(parse_text(once.text, fetched_at=FETCHED))
    except PageNotUnderstood:
        return
    assert again.text == once.text


@given(lines=LINES)
def test_every_line_is_kept_or_dropped_with_a_reason(lines: list[str]) -> None:
    cleaned = clean_page(page(*lines))
    kept = cleaned.text.split("\n")
    dropped = {line.line for line in cleaned.dropped}
    for line in lines:
        repaired = repair_line(line)
        assert not repaired or repaired in dropped or any(repaired.endswith(one) for one in kept)
    assert all(line.reason for line in cleaned.dropped)


def body_blocks(article: Article) -> list[Block]:
    lines = article.text.split("\n")[1 + (article.lead is not None) :]
    return [Block(line) for line in lines]
