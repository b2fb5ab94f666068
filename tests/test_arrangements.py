"""Title, lead, author and date of pages of unknown design, in the orders and places in which papers set them."""

from __future__ import annotations

import datetime as dt

import pytest

from pipeline.clean import clean_page
from pipeline.parse import parse_html
from pipeline.records import Article

FETCHED = dt.datetime(2026, 11, 1, 6, 40, tzinfo=dt.UTC)
TITLE = "Người thợ hàn và chiếc cầu treo bản Nậm Pố"
LEAD = "Sau mười một tháng làm ngoài giờ, tổ thợ hàn của anh Lò Văn Sơ đã nối lại hai bờ suối bằng sắt vụn xin được."
AUTHOR = "Hoàng Minh Quế"
PARAGRAPHS = [
    "Sáng 4/9, chiếc cầu dài 38 m ở bản Nậm Pố đón chuyến xe máy đầu tiên, sau gần một năm tổ thợ hàn làm không công.",
    "Anh Lò Văn Sơ, 41 tuổi, kể rằng ý định nảy ra hôm con gái anh phải nghỉ học vì nước lớn. Hôm sau anh rủ thêm bốn"
    " người cùng xưởng.",
    "Sắt làm cầu phần lớn là phế liệu của nhà máy thủy điện, được công đoàn nhà máy xin giám đốc cho, chừng 6,2 tấn.",
    "Công đoàn cơ sở góp 45 triệu đồng tiền que hàn, dầu và gạo. Người trong bản nấu cơm, mỗi tối hai nhà thay nhau.",
    "Cầu chịu được 1,5 tấn, theo người kiểm định của sở. Từ nay 74 học sinh không phải đi vòng bốn cây số.",
]
TEXT = "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)
BLOCKS = "".join(f"<div>{paragraph}</div>" for paragraph in PARAGRAPHS)
BROKEN = "<br><br>".join(PARAGRAPHS)
BYLINE = f"<span>{AUTHOR}</span> <span>09:15 06/09/2025</span>"
MENU = "".join(f'<a href="/muc-{one}">{one}</a> ' for one in ("Thời sự", "Công đoàn", "Đời sống", "Văn hóa"))
LONG_MENU = MENU + "".join(f'<a href="/{one}">Mục thứ {one} của báo</a> ' for one in range(12))
RELATED = (
    '<div><h3>Tin cùng chuyên mục</h3><ul><li><a href="/x1">Công nhân mỏ được khám miễn phí</a> 02/09/2025</li>'
    '<li><a href="/x2">Hội thao công nhân mở màn với 28 đội</a> 01/09/2025</li></ul></div>'
    "<div>Cơ quan của Liên đoàn. Giấy phép số 12/GP</div>"
)
HEADS = {
    "no metadata": "",
    "the article's title": f"<title>{TITLE} - Báo Nậm Pố</title>",
    "the paper's title": "<title>Báo Nậm Pố</title>",
}
ARRANGEMENTS = {
    "lead, by-line, body apart": f"<h1>{TITLE}</h1><p>{LEAD}</p><div>{BYLINE}</div><div>{TEXT}</div>",
    "by-line, lead, body apart": f"<h1>{TITLE}</h1><div>{BYLINE}</div><p>{LEAD}</p><div>{TEXT}</div>",
    "all paragraphs of one element": f"<h1>{TITLE}</h1><p>{LEAD}</p><p>{BYLINE}</p>{TEXT}",
    "author and date below the lead": f"<h1>{TITLE}</h1><p>{LEAD}</p><p>{AUTHOR}</p><p>09:15 06/09/2025</p>{TEXT}",
    "by-line between lead and text": f"<h1>{TITLE}</h1><p>{LEAD}</p><div>{BYLINE}</div>{TEXT}",
    "a bold lead above the by-line": f"<h1>{TITLE}</h1><p><b>{LEAD}</b></p><p>{BYLINE}</p>{TEXT}",
    "a picture below the date": f"<h1>{TITLE}</h1><p>{LEAD}</p><div>{AUTHOR}</div><div>09:15 06/09/2025</div>"
    f"<figure><img src='a.jpg'><figcaption>Cầu treo sáng thông xe</figcaption></figure><div>{TEXT}</div>",
    "the lead is a heading": f"<h1>{TITLE}</h1><h2>{LEAD}</h2><div>{BYLINE}</div>{TEXT}",
    "no heading at all": f"<div>{TITLE}</div><div>{BYLINE}</div><div>{LEAD}</div><div>{TEXT}</div>",
    "paragraphs are blocks": f"<h1>{TITLE}</h1><div>{BYLINE}</div><div>{LEAD}</div><div>{BLOCKS}</div>",
    "a bold lead between line breaks": f"<h1>{TITLE}</h1><div>{BYLINE}</div><div><b>{LEAD}</b><br><br>{BROKEN}</div>",
    "text between line breaks": f"<h1>{TITLE}</h1><div>{BYLINE}</div><div>{LEAD}</div><div>{BROKEN}</div>",
    "title and lead in a header": f"<header><h1>{TITLE}</h1><p>{BYLINE}</p><p>{LEAD}</p></header>{TEXT}",
    "a bold lead in the body": f"<h1>{TITLE}</h1><div>{BYLINE}</div><div><p><b>{LEAD}</b></p>{TEXT}</div>",
    "a slanted lead": f"<h1>{TITLE}</h1><div>{BYLINE}</div><div><em>{LEAD}</em></div><div>{TEXT}</div>",
    "author and date below the text": f"<h1>{TITLE}</h1><div>{LEAD}</div><div>{TEXT}<p>{AUTHOR}</p></div>"
    "<div>Ngày đăng: 06/09/2025 09:15</div>",
    "a menu between head and text": f"<h1>{TITLE}</h1><div>{LEAD}</div><div>{AUTHOR} • 09:15 06/09/2025</div>"
    f"<div>{MENU}</div><div>{TEXT}</div>",
}


def read(arranged: str, head: str = "", above: str = MENU, url: str | None = None) -> Article:
    html = f"<html><head><meta charset='utf-8'>{head}</head><body>{above}<div>{arranged}</div>{RELATED}</body></html>"
    return clean_page(parse_html(html, url, None, fetched_at=FETCHED))


def day_and_time(article: Article) -> str | None:
    return article.published_at.isoformat()[:16] if article.published_at else None


@pytest.mark.parametrize("head", HEADS)
@pytest.mark.parametrize("arranged", ARRANGEMENTS)
def test_an_article_is_read_in_whatever_order_its_parts_stand(arranged: str, head: str) -> None:
    article = read(ARRANGEMENTS[arranged], HEADS[head])
    assert (article.title, article.lead) == (TITLE, LEAD)
    assert article.text.split("\n")[2:] == PARAGRAPHS
    assert (article.authors, day_and_time(article)) == ((AUTHOR,), "2025-09-06T09:15")


@pytest.mark.parametrize("head", HEADS)
@pytest.mark.parametrize("text", [TEXT, f"<div>{TEXT}</div>"])
def test_the_first_of_paragraphs_that_are_alike_is_no_lead(text: str, head: str) -> None:
    article = read(f"<h1>{TITLE}</h1><div>{BYLINE}</div>{text}", HEADS[head])
    assert (article.title, article.lead, article.text.split("\n")[1:]) == (TITLE, None, PARAGRAPHS)


BODY = f"<div>{BYLINE}</div><p>{LEAD}</p><div>{TEXT}</div>"


@pytest.mark.parametrize(
    ("above", "arranged"),
    [
        ('<h1><a href="/">BÁO NẬM PỐ</a></h1>', f"<h2>{TITLE}</h2>"),
        ("<h1 class='site-title'><a href='/'><img></a><span>CÔNG ĐOÀN HUYỆN NẬM PỐ</span></h1>", f"<h3>{TITLE}</h3>"),
        ("<h1>CỔNG THÔNG TIN ĐIỆN TỬ NẬM PỐ</h1>", f"<div class='tieude'>{TITLE}</div>"),
        (f"<h1>Công đoàn các khu công nghiệp Nậm Pố</h1>{LONG_MENU}", f"<h2>{TITLE}</h2>"),
        (f"<h1>Công đoàn các khu công nghiệp Nậm Pố</h1>{LONG_MENU}<h2>Tin hoạt động</h2>", f"<h3>{TITLE}</h3>"),
        ("<h1>TRANG TIN NẬM PỐ</h1>", f"<div><b>{TITLE}</b></div>"),
    ],
)
def test_the_name_of_the_site_is_no_title(above: str, arranged: str) -> None:
    for head in ("", "<title>Cổng thông tin điện tử Nậm Pố - Tin hoạt động</title>", "<title>Chi tiết tin</title>"):
        assert read(arranged + BODY, head, above + MENU).title == TITLE


def test_a_related_box_between_title_and_text_leaves_the_title_what_it_is() -> None:
    box = "".join(f'<a href="/{one}">Tin liên quan số {one} của bài này</a>' for one in range(10))
    assert read(f"<h1>{TITLE}</h1><div>{box}</div>{BODY}").title == TITLE


def dated(shown: str, above: str = MENU, below: str = "", url: str | None = None) -> Article:
    return read(f"<h1>{TITLE}</h1>{shown}<p>{LEAD}</p><div>{TEXT}</div>{below}", above=above, url=url)


@pytest.mark.parametrize(
    ("shown", "moment"),
    [
        ("<p>Thứ Bảy, ngày 06/09/2025 09:15 AM (GMT+7)</p>", "2025-09-06T09:15"),
        ("<p>Thứ 7, ngày 6 tháng 9 năm 2025 - 09:15 | Lượt xem: 203 | Cỡ chữ: A- A A+</p>", "2025-09-06T09:15"),
        ("<p><i></i> 06.09.2025 <i></i> 9h15'</p>", "2025-09-06T09:15"),
        ("<p><span>09:15</span> | <span>06/09/2025</span> | <span>12 bình luận</span></p>", "2025-09-06T09:15"),
        ("<p><span>Hoàng Minh Quế</span><time>06/09/2025</time><span>4 phút đọc</span></p>", "2025-09-06T00:00"),
        ("<p>Ngày đăng: 06/09/2025</p><p>Ngày cập nhật: 08/09/2025 10:00</p>", "2025-09-06T00:00"),
        ("<p>Cập nhật: 08/09/2025 10:00</p><p>Đăng ngày: 06/09/2025</p>", "2025-09-06T00:00"),
        ("<p>Ngày đăng: 06/09/2025 09:15 - Cập nhật: 08/09/2025 10:00</p>", "2025-09-06T09:15"),
        ("<p>Cập nhật lúc 09:15, Thứ Bảy, 06/09/2025</p>", "2025-09-06T09:15"),
        (
            '<time class="updated" datetime="2025-09-08T10:00:00+07:00"></time><p>06/09/2025 09:15</p>',
            "2025-09-06T09:15",
        ),
        ("<p>(Ngày cập nhật: 9/6/2025 9:15:00 AM)</p>", "2025-09-06T09:15"),
        ("<p>06/09/2025</p><p>Sự kiện mở lúc 9h15 ngày 07/09/2025</p>", "2025-09-06T00:00"),
    ],
)
def test_the_date_beside_the_title_is_read(shown: str, moment: str) -> None:
    assert day_and_time(dated(shown)) == moment


CLOCK = "<div class='date'>Chủ nhật, 01/11/2026 13:40</div>"


@pytest.mark.parametrize(
    ("above", "below", "moment"),
    [
        (CLOCK + MENU, "<p>Ngày đăng: 06/09/2025 09:15</p>", "2025-09-06T09:15"),
        (CLOCK + MENU, "", None),
        (f"<time datetime='2026-11-01T13:40'>13:40</time>{MENU}", "", None),
        (MENU + "<div>09:15 06/09/2025</div>", "", "2025-09-06T09:15"),
        (MENU, "<ol><li><cite>Ba</cite> <time>07/09/2025 lúc 8:00</time><p>Cảm ơn anh.</p></li></ol>" * 2, None),
        (MENU, "<ul><li><a href='/y'>Bếp ăn ca đêm có thêm món</a> <span>06/09/2025 09:15</span></li></ul>", None),
    ],
)
def test_the_clock_of_the_site_and_the_dates_of_others_are_no_date(above: str, below: str, moment: str | None) -> None:
    assert day_and_time(dated("", above, below)) == moment


def test_where_a_page_shows_no_date_the_day_in_its_address_is_one() -> None:
    for path in ("/2025/09/06/cau-treo.html", "/cau-treo-20250906091512345.htm", "/2025-09-06/cau-treo"):
        article = dated("", url=f"https://bao.example.vn{path}")
        assert (day_and_time(article), article.origin["published_at"]) == ("2025-09-06T00:00", "address (day only)")
    for path in (
        "/cau-treo-202509.html",
        "/cau-treo-19620250906123.htm",
        "/20251506/cau-treo",
        "/cau-treo-2025090.html",
    ):
        assert dated("", url=f"https://bao.example.vn{path}").published_at is None


def test_american_dates_are_told_by_the_others_of_the_page() -> None:
    others = "<ul><li><a href='/y'>Bếp ăn ca đêm có thêm món mới</a> <i>({} 9:00:00 AM)</i></li></ul>"
    shown = "<p>(Ngày cập nhật: 10/09/2025 03:30:00 PM)</p>"
    assert day_and_time(dated(shown, below=others.format("10/13/2025"))) == "2025-10-09T15:30"
    assert day_and_time(dated(shown, below=others.format("13/10/2025"))) == "2025-09-10T15:30"
    assert day_and_time(dated(shown)) == "2025-09-10T15:30"
    assert day_and_time(dated("<p>9/13/2025 3:30:00 PM</p>")) == "2025-09-13T15:30"


def test_a_year_of_two_digits_is_refused_with_its_reason() -> None:
    article = dated("<p>09:15 06/09/25</p>")
    assert article.published_at is None
    [why] = [line.reason for line in article.dropped if line.line == "09:15 06/09/25" and "two digits" in line.reason]
    assert why.startswith("not the publication date")
