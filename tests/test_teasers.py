"""The date beside a link on a listing is read where it is given, and not where it is told."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from parsel import Selector

from crawler.dated import EARLIEST, Span, begun_on, read_line
from crawler.site import Site
from crawler.teasers import teaser_dates

ZONE = "Asia/Ho_Chi_Minh"
HERE = ZoneInfo(ZONE)
NOW = dt.datetime(2026, 9, 22, 4, 20, tzinfo=dt.UTC)  # 11:20 in Vietnam
BASE = "https://vinhkhe.vn/cong-doan"
SITE = Site(
    name="vinhkhe",
    title="Báo Vĩnh Khê",
    hosts=("vinhkhe.vn",),
    article=r"^https://vinhkhe\.vn/bai-(?P<id>\d+)$",
)


def at(*parts: int) -> Span:
    moment = dt.datetime(*parts, tzinfo=HERE)  # type: ignore[misc, arg-type]
    return Span(moment, moment)


def ago(**more: int) -> dt.datetime:
    return NOW - dt.timedelta(**more)


def dates_on(html: str) -> dict[str, Span]:
    return teaser_dates(Selector(text=f"<html><body>{html}</body></html>"), BASE, SITE, NOW)


# --------------------------------------------------------------------------- lines
@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("08:49 | 06/08/2021", at(2021, 8, 6, 8, 49)),
        ("Thứ hai, 09/12/2024 08:00 (GMT+7)", at(2024, 12, 9, 8)),
        ("Thứ bảy, 7/3/2026, 00:05 (GMT+7)", at(2026, 3, 7, 0, 5)),
        ("Thứ bảy, 07/03/2026 - 08:07", at(2026, 3, 7, 8, 7)),
        ("07-03-2026 - 00:01 AM", at(2026, 3, 7, 0, 1)),
        ("LDO | 22/09/2023 11:20", at(2023, 9, 22, 11, 20)),
        ("27/11/2025", at(2025, 11, 27)),
        ("(23:25, 05/07/2016)", at(2016, 7, 5, 23, 25)),
        ("Chủ nhật, ngày 5 tháng 7 năm 2026", at(2026, 7, 5)),
        ("Ngày đăng: 5.7.2023", at(2023, 7, 5)),
        ("2026-03-07T08:06:00", at(2026, 3, 7, 8, 6)),
        ("Hôm nay, 08:49", at(2026, 9, 22, 8, 49)),
        ("hôm qua", at(2026, 9, 21)),
        ("2 giờ trước", Span(ago(hours=3), ago(hours=1))),
        ("15 phút trước", Span(ago(minutes=16), ago(minutes=14))),
        ("3 ngày trước", Span(ago(days=4), ago(days=2))),
        ("2 tuần trước", Span(ago(weeks=3), ago(weeks=1))),
        ("1 tháng trước", Span(ago(days=62), NOW)),
        ("Vừa xong", Span(ago(hours=1), NOW)),
        ("Cập nhật: 08:30 05/07/2023", Span(EARLIEST, at(2023, 7, 5, 8, 30).latest)),
        # what is no date, no possible one, or more than one
        ("22/10/2026", None),
        ("05/07/1989", None),
        ("31/02/2023", None),
        ("09/12", None),
        ("09/12/24", None),
        ("01/07/2026 - 05/07/2026", None),
        ("Hội nghị ngày 05/07/2023", None),
        ("Hạn nộp: 05/07/2023", None),
        ("Quyết định số 12/07/2023/QĐ", None),
        ("900 năm trước", None),
        ("tin trong ngày", None),
        ("", None),
    ],
)
def test_a_line_is_a_date_when_it_says_nothing_else(line: str, expected: Span | None) -> None:
    assert read_line(line, NOW, ZONE) == expected


def test_a_section_may_stand_beside_a_date_with_its_time() -> None:
    assert read_line("Hội đoàn thể 27/11/2025 19:14", NOW, ZONE) is None
    assert read_line("Hội đoàn thể 27/11/2025 19:14", NOW, ZONE, words_beside=True) == at(2025, 11, 27, 19, 14)
    assert read_line("Hội đoàn thể 27/11/2025", NOW, ZONE, words_beside=True) is None
    told = "Khai mạc lúc 19:14 ngày 27/11/2025 tại hội trường xã Vĩnh Khê."
    assert read_line(told, NOW, ZONE, words_beside=True) is None


@given(st.text(max_size=60))
@settings(max_examples=50)
def test_no_line_breaks_the_reading_and_no_date_is_out_of_the_possible(line: str) -> None:
    for text in (line, f"{line} 05/07/2023", f"{line} trước"):
        span = read_line(text, NOW, ZONE, words_beside=True)
        assert span is None or EARLIEST <= span.earliest <= span.latest <= NOW + dt.timedelta(days=1)


def test_a_span_decides_only_what_it_is_sure_of() -> None:
    midnight = dt.datetime(2026, 9, 20, tzinfo=HERE)
    hour = dt.timedelta(hours=1)
    across = Span(midnight - hour, midnight + hour)
    assert across.as_published(None, None) is None
    assert across.as_published(midnight, None) is None
    assert across.as_published(None, midnight) is None
    assert across.as_published(midnight + 2 * hour, None) == across.latest
    assert across.as_published(None, midnight - hour) == across.earliest
    assert Span(midnight, midnight).as_published(None, None) == midnight


def test_the_day_in_an_address_is_that_on_which_the_article_was_begun() -> None:
    assert begun_on("26", "03", "07", ZONE) == begun_on("2026", "3", "7", ZONE)
    span = begun_on("26", "03", "07", ZONE)
    assert span is not None
    assert span.earliest == dt.datetime(2026, 3, 7, tzinfo=HERE)
    assert span.latest > span.earliest + dt.timedelta(days=1)
    assert begun_on("26", "13", "07", ZONE) is None


# --------------------------------------------------------------------------- teasers
@pytest.mark.parametrize(
    "teaser",
    [
        '<li><a href="/bai-1">Bài</a> <span>09/12/2024</span></li>',
        '<li><a href="/bai-1">Bài</a> (09/12/2024)</li>',
        '<li><span class="d">09/12/2024</span><a href="/bai-1">Bài</a></li>',
        '<li><a href="/bai-1"><b>Bài</b><i>09/12/2024</i></a></li>',
        '<article><a href="/bai-1"><img></a><div><h3><a href="/bai-1#top">Bài</a></h3><p>Lời dẫn.</p></div>'
        '<div><a href="/viec-lam">Việc làm</a> <span>00:00</span> | <span>09/12/2024</span></div></article>',
        '<article><a href="/bai-1">Bài</a><time datetime="2024-12-09T00:00:00+07:00">2 năm trước</time></article>',
        '<article><a href="/bai-1">Bài</a><span class="time-ago" title="2024-12-09T00:00:00"></span></article>',
        "<article><a href='/bai-1'>Bài</a><p>Cập nhật 10/12/2024</p><p>Thứ hai, 09/12/2024 00:00 (GMT+7)</p></article>",
        "<div><div><a href='/bai-1'>Bài</a></div><p>Hội đoàn thể 09/12/2024 00:00</p></div>",
        # a day in the title is what the article tells
        "<li><h3><a href='/bai-1'>Đại hội 8h30 ngày 05/07/2023</a></h3><em>09/12/2024</em></li>",
        "<li><a href='/bai-1'>Bài</a><p>Ngày 05/07/2023, Công đoàn xã Vĩnh Khê họp.</p><em>09/12/2024</em></li>",
    ],
)
def test_the_date_of_a_teaser_is_its_articles(teaser: str) -> None:
    other = '<li><a href="/bai-2">Bài khác</a></li>'
    assert dates_on(f"<p>Chủ nhật, 22/09/2026</p><ul>{teaser}{other}</ul>") == {"1": at(2024, 12, 9)}


@pytest.mark.parametrize(
    "page",
    [
        # of the page's head, of a list, between two articles
        '<p>22/09/2026 11:20</p><ul><li><a href="/bai-1">B</a></li><li><a href="/bai-2">B</a></li></ul>',
        '<h3>09/12/2024</h3><ul><li><a href="/bai-1">B</a></li><li><a href="/bai-2">B</a></li></ul>',
        '<p><a href="/bai-1">B</a> 09/12/2024 <a href="/bai-2">B</a> 08/12/2024</p>',
        # the only article on a page: its teaser has no date, the head of the page has
        '<div><nav>22/09/2026 11:20 <a href="/a">A</a><a href="/b">B</a><a href="/c">C</a><a href="/d">D</a>'
        '<a href="/e">E</a><a href="/f">F</a><a href="/g">G</a><a href="/h">H</a><a href="/i">I</a></nav>'
        '<ul><li><a href="/bai-1">B</a></li></ul></div>',
        '22/09/2026 11:20<ul><li><a href="/bai-1">B</a></li></ul>',
        '<ul><li><a href="/bai-1">Đại hội 8h30 05/07/2023</a></li></ul>',
        '<li><a href="/bai-1">B</a><script>09/12/2024</script></li>',
        '<li><a href="http://[">B</a><a href="https://khac.vn/bai-1">B</a> 09/12/2024</li>',
    ],
)
def test_a_date_that_is_not_one_teasers_is_nobodys(page: str) -> None:
    assert dates_on(page) == {}


def test_the_dates_of_a_table_of_articles_are_each_its_rows() -> None:
    row = '<tr><td>{0}/09/2026</td><td><a href="/bai-{0}">Bài {0}</a></td></tr>'
    dates = dates_on(f"<table>{''.join(row.format(day) for day in range(1, 21))}</table>")
    assert dates == {str(day): at(2026, 9, day) for day in range(1, 21)}


def test_a_deep_page_of_many_articles_is_read_once_through() -> None:
    link = '<div><div><a href="/bai-{}">Bài</a><i>09/12/2024</i></div></div>'
    deep = "<div>" * 150 + "".join(link.format(id_) for id_ in range(3_000)) + "</div>" * 150
    assert len(dates_on(deep)) == 3_000
