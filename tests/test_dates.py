"""How papers print the time of publication. Each form says where it was seen."""

from __future__ import annotations

import datetime as dt

import pytest

from pipeline.parse.dates import DateRefused, find_date, has_time, is_date_line, read_date

FETCHED = dt.datetime(2026, 11, 22, 5, 0, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("Thứ hai, 09/12/2024 08:00 (GMT+7)", "2024-12-09T08:00:00+07:00"),  # laodong.vn
        ("BN LDO | 22/09/2023 11:20", "2023-09-22T11:20:00+07:00"),  # laodong.vn as text
        ("04/02/2026 08:30 (GMT+7)", "2026-02-04T08:30:00+07:00"),  # congdoanvietnam.vn
        ("08:49 | 06/08/2021", "2021-08-06T08:49:00+07:00"),  # laodongthudo.vn
        ("14:30, Thứ Tư ngày 20 tháng 12 năm 2023", "2023-12-20T14:30:00+07:00"),
        ("08h15 thứ 3, 05/03/2024", "2024-03-05T08:15:00+07:00"),
        ("Hội Đoàn thể 27/11/2025 19:14", "2025-11-27T19:14:00+07:00"),  # laodongthudo.vn, listings
        ("07/03/2026 08:06 GMT+7", "2026-03-07T08:06:00+07:00"),  # nld.com.vn
        ("Minh Khuê07/03/2026 08:06 GMT+73 bình luận", "2026-03-07T08:06:00+07:00"),  # elements without a blank
        ("19/08/2026 · 19:20", "2026-08-19T19:20:00+07:00"),
        ("14 giờ 30 phút, ngày 03/02/2026", "2026-02-03T14:30:00+07:00"),
        ("4 Tháng Năm, 2023", "2023-05-04T00:00:00+07:00"),  # WordPress
        ("Tháng Mười Hai 14, 2023", "2023-12-14T00:00:00+07:00"),  # WordPress
        ("Th5 4, 2023", "2023-05-04T00:00:00+07:00"),  # WordPress
        ("May 4, 2023 9:15 am", "2023-05-04T09:15:00+07:00"),
        ("16 thg 10, 2025", "2025-10-16T00:00:00+07:00"),
        ("2025/10/16 07:15", "2025-10-16T07:15:00+07:00"),
        ("Mon, 05 May 2025 08:00:00 +0700", "2025-05-05T08:00:00+07:00"),
        ("Thứ bảy, 7/3/2026, 00:05 (GMT+7)", "2026-03-07T00:05:00+07:00"),  # vnexpress
        ("Thứ bảy, 07/03/2026 - 08:07", "2026-03-07T08:07:00+07:00"),  # dantri
        ("07/03/2026 08:52 (GMT+07:00)", "2026-03-07T08:52:00+07:00"),  # vietnamnet
        ("07-03-2026 - 00:01 AM", "2026-03-07T00:01:00+07:00"),  # cafef
        ("07-03-2026 - 14:01 PM", "2026-03-07T14:01:00+07:00"),  # cafef
        ("07-03-2026 - 02:01 PM", "2026-03-07T14:01:00+07:00"),
        ("18:30, 04/05/2020", "2020-05-04T18:30:00+07:00"),  # baochinhphu
        ("18:30 - 04/05/2020", "2020-05-04T18:30:00+07:00"),  # thanhnien
        ("THỨ BA, 26/12/2017 08:58:40", "2017-12-26T08:58:40+07:00"),  # baohaiduong
        ("(23:25, 05/07/2016)", "2016-07-05T23:25:00+07:00"),  # congdoangdvn.org.vn
        ("15:04 Thứ sáu, ngày 05/06/2020", "2020-06-05T15:04:00+07:00"),
        ("8h30 ngày 5/6/2021", "2021-06-05T08:30:00+07:00"),
        ("2026-03-07T08:40:59+07:00", "2026-03-07T08:40:59+07:00"),
        ("2026-03-07T00:01:00", "2026-03-07T00:01:00+07:00"),  # cafef's metadata: no offset
        ("2026-03-07T00:01:00Z", "2026-03-07T07:01:00+07:00"),
        ("2026-03-07T08:40:59.123+0700", "2026-03-07T08:40:59+07:00"),
        ("2026-03-07", "2026-03-07T00:00:00+07:00"),
        ("ngày 20 tháng 7 năm 2020", "2020-07-20T00:00:00+07:00"),
        ("T2, 09/12/2024 08:00", "2024-12-09T08:00:00+07:00"),
        ("Đăng lúc: Thứ năm - 12/12/2024 02:15 - Người đăng bài viết: admin", "2024-12-12T02:15:00+07:00"),  # NukeViet
        ("Cập nhật: 14:05' ngày 12/12/2024", "2024-12-12T14:05:00+07:00"),
        ("12 tháng 6, 2025 lúc 3:40 chiều", "2025-06-12T15:40:00+07:00"),  # WordPress
        ("4 Tháng Năm, 2025 Tại 9:17 sáng", "2025-05-04T09:17:00+07:00"),  # WordPress, comments
        ("12/06/2025 12:30 trưa", "2025-06-12T12:30:00+07:00"),
        ("09:15 Chủ nhật 08/12/2024", "2024-12-08T09:15:00+07:00"),  # no afternoon (CH) in "Chủ"
        ("9h, 12/06/2025", "2025-06-12T09:00:00+07:00"),
        ("12/06/2025 @ 09:15", "2025-06-12T09:15:00+07:00"),
        ("12/06/2025 // 09:15", "2025-06-12T09:15:00+07:00"),
        ("12 Th6 2025", "2025-06-12T00:00:00+07:00"),
        ("12-Jun-2025", "2025-06-12T00:00:00+07:00"),
        ("12th June 2025", "2025-06-12T00:00:00+07:00"),
        ("2025.06.12 09:15", "2025-06-12T09:15:00+07:00"),
        ("Thu, 12 Jun 2025 02:15:00 GMT", "2025-06-12T09:15:00+07:00"),
        ("Thu Jun 12 2025 09:15:00 GMT+0700 (Indochina Time)", "2025-06-12T09:15:00+07:00"),
        ("2025-06-12 02:15:00 UTC", "2025-06-12T09:15:00+07:00"),
    ],
)
def test_a_printed_date_is_read_day_first_in_vietnamese_time(written: str, moment: str) -> None:
    assert read_date(written, fetched_at=FETCHED).isoformat() == moment


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("Minh Khuê", "no date"),
        ("31/02/2020 10:00", "no such date"),
        ("15/13/2020 10:00", "no such date"),
        ("01/01/1990 08:00", "before 1995"),
        ("25/11/2026 08:00", "after the page was fetched"),
        ("09:15 12/06/25", "a year of two digits"),
        ("24:00 12/06/2025", "no such date"),
    ],
)
def test_what_is_no_publication_date_is_refused_with_its_reason(written: str, why: str) -> None:
    with pytest.raises(DateRefused, match=why):
        read_date(written, fetched_at=FETCHED)


def test_tomorrow_is_allowed_for_pages_published_ahead_of_our_clock() -> None:
    assert read_date("23/11/2026 08:00", fetched_at=FETCHED).day == 23


@pytest.mark.parametrize(
    "line",
    [
        "Hội Đoàn thể 27/11/2025 19:14",
        "08:49 | 06/08/2021",
        "Thứ Bảy, 23/06/2018",
        "Thứ Hai, ngày 4 tháng 3 năm 2024",
        "(05/07/2016)",
        "Ngày đăng: 5/7/2026",
    ],
)
def test_a_line_that_only_gives_a_date_is_a_date_line(line: str) -> None:
    assert is_date_line(line)


@pytest.mark.parametrize(
    "line",
    [
        "8h30 ngày 5/6/2021: khai mạc đại hội",
        "Hội thao khai mạc lúc 8h30 ngày 5/6/2021.",
        "Sinh ngày 5/6/1990 tại Hà Lĩnh",
    ],
)
def test_a_line_of_an_agenda_is_no_date_line(line: str) -> None:
    assert not is_date_line(line)


def test_a_day_is_told_from_a_moment() -> None:
    assert has_time("07/03/2026 08:06 GMT+7")
    assert not has_time("07/03/2026")
    assert find_date("Vi Lam - 07/03/2026 08:06") == "07/03/2026 08:06"
    assert find_date("trong hai ngày 21 và 22/6/2018") is None


@pytest.mark.parametrize(
    "line", ["đạt 12.370 sáng kiến", "221,532 tỉ đồng", "số 736/QĐ-UBND", "tỉ số 3:20", "0236.000.0000"]
)
def test_numbers_of_a_text_are_no_dates(line: str) -> None:
    assert find_date(line) is None
