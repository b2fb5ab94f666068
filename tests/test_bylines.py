"""The forms in which papers name who wrote, on a page of unknown design: as its last line, and beside its date."""

from __future__ import annotations

import datetime as dt

import pytest
from plain_article import BODY, TITLE

from pipeline.document import analyze

FORMS = (
    "Trần Mộc Miên",
    "Bởi Trần Mộc Miên",
    "Viết bởi Trần Mộc Miên",
    "By Trần Mộc Miên",
    "Người viết bài: Trần Mộc Miên",
    "Người đưa tin: Trần Mộc Miên",
    "Người gửi: Trần Mộc Miên",
    "T/h: Trần Mộc Miên",
    "Trần Mộc Miên thực hiện",
    "Trần Mộc Miên ghi",
    "Trần Mộc Miên (tổng hợp)",
    "Trần Mộc Miên./.",
    "Trần Mộc Miên - TTVHTT",
    "Trần Mộc Miên – Báo Phù Sa",
    "Trần Mộc Miên – Phó Chủ tịch LĐLĐ huyện",
    "Trần Mộc Miên (LĐLĐ huyện Phù Sa)",
    "Tin và ảnh: Trần Mộc Miên - Ban Tuyên giáo",
)


def page(beside: str = "", last: str = "") -> str:
    """Return a page; `beside` follows its date, `last` the last paragraph."""
    paragraphs = "".join(f"<p>{line}</p>" for line in (*BODY, *filter(None, (last,))))
    return (
        f"<html><head><title>{TITLE} - Báo Phù Sa</title></head><body><nav class='menu'><a href='/'>Trang chủ</a>"
        f"<a href='/nghiep-doan'>Nghiệp đoàn</a></nav><h1>{TITLE}</h1><div class='x1'>{beside}</div>"
        f"<div class='x2'>{paragraphs}</div></body></html>"
    )


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("place", ["last line", "last line, bold", "beside the date", "behind the date"])
def test_the_author_is_read_whatever_the_form(form: str, place: str) -> None:
    shown = {
        "last line": page("12/03/2020 10:20", form),
        "last line, bold": page("12/03/2020 10:20", f"<b>{form}</b>"),
        "beside the date": page(f"<span>{form}</span> <span>12/03/2020 10:20</span>"),
        "behind the date": page(f"12/03/2020 10:20 | {form}"),
    }
    article = analyze(html=shown[place], url="https://baophusa.example/nghiep-doan/ben-xe-77213.html").article
    assert article.authors == ("Trần Mộc Miên",)
    assert article.text == "\n".join((TITLE, *BODY))
    assert article.published_at == dt.datetime(2020, 3, 12, 10, 20, tzinfo=dt.timezone(dt.timedelta(hours=7)))


def test_a_line_of_who_posted_does_not_hide_the_date() -> None:
    posted = "Đăng lúc: Thứ năm - 12/03/2020 10:20 - Người đăng bài viết: Trần Mộc Miên"
    article = analyze(html=page(posted), url="https://baophusa.example/nghiep-doan/ben-xe-77213.html").article
    assert article.published_at == dt.datetime(2020, 3, 12, 10, 20, tzinfo=dt.timezone(dt.timedelta(hours=7)))
    assert article.authors == ("Trần Mộc Miên",)
