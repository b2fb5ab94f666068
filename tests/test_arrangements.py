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


@pytest.mark.parametrize(
    "title",
    ["Cổng thông tin điện tử Công đoàn Nậm Pố chính thức ra mắt", "Chi tiết bài thi đoạt giải Nhất về an toàn điện"],
)
def test_an_article_about_a_portal_has_a_title(title: str) -> None:
    assert read(f"<h1>{title}</h1>{BODY}", f"<title>{title} - Báo Nậm Pố</title>").title == title


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
        ("<p>Được gửi bởi bbt vào T7, 09/13/2025 - 09:15</p>", "2025-09-13T09:15"),  # Drupal
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


def test_a_day_alone_right_above_the_title_dates_the_article() -> None:
    assert day_and_time(dated("", above=f"{MENU}<h2>Thứ Bảy, 6 tháng 9, 2025</h2>")) == "2025-09-06T00:00"


def test_vietnamese_time_that_is_stated_as_that_of_greenwich_is_told_by_the_page() -> None:
    stated = '<meta property="article:published_time" content="2025-09-06T09:15:00Z">'
    shown = f"<h1>{TITLE}</h1><p>{{}}</p><p>{LEAD}</p><div>{TEXT}</div>"
    assert day_and_time(read(shown.format("06/09/2025 09:15"), stated)) == "2025-09-06T09:15"
    assert day_and_time(read(shown.format("06/09/2025 16:15"), stated)) == "2025-09-06T16:15"
    assert day_and_time(read(shown.format("06/09/2025"), stated)) == "2025-09-06T16:15"


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


def test_what_the_site_says_of_itself_is_no_lead() -> None:
    own = "Nơi gặp gỡ và chia sẻ thông tin của đoàn viên công đoàn các bản vùng cao huyện Nậm Pố."
    head = f'<meta name="description" content="{own}">'
    body = f"<h1>{TITLE}</h1><div>{BYLINE}</div>{TEXT}"
    assert read(body, head, f"<p class='description'>{own}</p>{MENU}").lead is None
    assert read(body + f"<footer><p>{own}</p></footer>", head).lead is None


def test_the_caption_of_a_picture_above_the_lead_is_a_caption() -> None:
    caption = "Anh Lò Văn Sơ kiểm tra mối hàn cuối cùng trước giờ thông xe."
    picture = f"<div><img src='a.jpg'><span>{caption}</span></div>"
    article = read(f"<h1>{TITLE}</h1><div>{BYLINE}</div>{picture}<p>{LEAD}</p><div>{TEXT}</div>")
    assert (article.lead, article.captions, article.text.split("\n")[2:]) == (LEAD, (caption,), PARAGRAPHS)


def test_a_lead_beside_a_picture_is_one_where_there_is_no_other() -> None:
    beside = f"<div><img src='a.jpg'>{LEAD}</div>"
    article = read(f"<h1>{TITLE}</h1><div>{BYLINE}</div>{beside}<div>{TEXT}</div>")
    assert (article.lead, article.captions) == (LEAD, ())


def test_headings_for_screen_readers_are_not_seen() -> None:
    unseen = "<h2 class='hide-accessible'>Chi tiết tin - Công đoàn huyện Nậm Pố</h2>"
    article = read(f"{unseen}<div>{TITLE}</div>{BODY}", "<title>Chi tiết tin - Công đoàn huyện Nậm Pố</title>")
    assert article.title == TITLE


def test_a_table_of_contents_leaves_its_headings_in_the_text() -> None:
    toc = "<div class='toc'><a href='#a'>Tìm sắt ở đâu ra</a><a href='#b'>Ai nấu cơm cho thợ</a></div>"
    text = f"{TEXT}<h2 id='a'>Tìm sắt ở đâu ra</h2>{BLOCKS}<h2 id='b'>Ai nấu cơm cho thợ</h2>{TEXT}"
    lines = read(f"<h1>{TITLE}</h1><div>{BYLINE}</div><p>{LEAD}</p><div>{toc}{text}</div>").text.split("\n")
    assert [lines.count(heading) for heading in ("Tìm sắt ở đâu ra", "Ai nấu cơm cho thợ")] == [1, 1]


@pytest.mark.parametrize(
    "signed",
    [
        f"<p>{AUTHOR}</p>",
        f"<p><b>Bài, ảnh: {AUTHOR}</b></p>",
        f"<p>Tác giả bài viết: {AUTHOR}</p>",
        f"<p>{AUTHOR} (TTXVN)</p>",
        f"<p>{AUTHOR}/VOV-Tây Bắc</p>",
        f"<p align='right'>Luật gia {AUTHOR}</p>",
        f"<p class='rteright'><b>Theo {AUTHOR}</b> / <i>Tạp chí Cầu đường</i></p>",
        f"<p>Theo {AUTHOR} (Tạp chí Cầu đường)</p>",
        f"<p>{AUTHOR} – Công đoàn huyện Nậm Pố</p>",
    ],
)
def test_an_author_is_a_name_and_nothing_else(signed: str) -> None:
    posted = "<p>09:15 06/09/2025</p><span class='author-name'>admin</span>"
    article = read(f"<h1>{TITLE}</h1>{posted}<p>{LEAD}</p><div>{TEXT}{signed}</div>")
    assert (article.authors, article.text.split("\n")[2:]) == ((AUTHOR,), PARAGRAPHS)


@pytest.mark.parametrize(
    ("above", "url"),
    [
        ("<div class='ten-muc category'>Đời sống</div>", None),
        ("<h2>Đời sống</h2>", None),
        ("<a href='/'>Trang chủ</a> <img src='ar.gif'> <a href='/tin'>Tin tức</a> <img> <a>Đời sống</a>", None),
        ("<a href='/kinh-te'>Kinh tế</a><em>›</em><a href='/doi-song'>Đời sống</a>", None),
        ("<a href='/xa-hoi'>Xã hội</a> <a class='sub' href='/doi-song'>Đời sống</a>", None),
        ("<div class='cate'><a href='/xa-hoi'>Xã hội</a><a href='/xa-hoi/doi-song'>Đời sống</a></div>", None),
        (
            "<div><a href='/doi-song/'>Đời sống</a></div><div class='sub-cate'><a href='/doi-song/nha-tro'>Nhà trọ</a> "
            "<a href='/doi-song/bep'>Bếp</a> <a href='/doi-song/cho'>Chợ</a></div>",
            None,
        ),
        ("<b>Đời sống</b>", None),
        (
            "<ol class='breadcrumb'><li class='active'>Bạn đang ở:</li><li><a href='/'>Trang chủ</a></li>"
            "<li><a href='/doi-song'>Đời sống</a></li></ol>",
            None,
        ),
        ("<ul class='breadcrumb'><li><a class='active' href='#'>Chi tiết tin</a></li></ul><h2>Đời sống</h2>", None),
        ("", "https://bao.example.vn/muc-Đời sống/cau-treo.html"),
    ],
)
def test_the_section_is_told_by_what_leads_to_the_article(above: str, url: str | None) -> None:
    article = read(f"<div>{above}</div><h1>{TITLE}</h1>{BODY}", url=url)
    assert (article.section, bool(article.origin["section"])) == ("Đời sống", True)


@pytest.mark.parametrize(
    "label",
    [
        "<div class='label'>Chuyên mục:</div><div><a href='/c/1'>Đời sống</a>, <a href='/c/2'>Việc làm</a></div>",
        "<span>Đăng ngày 06/09/2025 | Thể loại: <a href='/c/1'>Đời sống</a></span>",
        "<span>Nhãn: <a href='/search/label/a'>Đời sống</a>, <a href='/search/label/b'>thợ hàn</a></span>",
    ],
)
def test_the_section_is_the_link_that_a_label_names(label: str) -> None:
    assert read(f"<h1>{TITLE}</h1>{BODY}<footer-line>{label}</footer-line>").section == "Đời sống"
    column = (
        "<b>CHUYÊN MỤC</b><br><a href='/c/3'>Tin tỉnh</a><br><a href='/c/4'>Tin xã</a><br><a href='/c/5'>Nữ công</a>"
    )
    assert read(f"<div>{column}</div><div><h1>{TITLE}</h1>{BODY}</div>").section is None


@pytest.mark.parametrize(
    ("way", "section"),
    [
        (
            "<div class='crumb'><a href='/xa-hoi.htm'>Xã hội</a><a href='/xa-hoi/nha-tro.htm'>Nhà trọ</a></div>",
            "Nhà trọ",
        ),
        ("<nav><a href='/'>Trang chủ</a> / <a href='/m/1'>Xã hội</a> / <a href='/m/9'>Nhà trọ</a></nav>", "Nhà trọ"),
        # categories of equal rank; sections of the whole site; the outer one is where the reader is
        ("<ul class='cats'><li><a href='/c/2'>Xã hội</a></li><li><a href='/c/5'>Thể thao</a></li></ul>", "Xã hội"),
        (
            "<ul class='crumbs'><li><a href='/1'>Xã hội</a><li><a href='/2'>Y tế</a><li><a href='/3'>Luật</a></ul>",
            "Xã hội",
        ),
        (
            "<ul class='crumbs'><li class='active'><a href='/xa-hoi'>Xã hội</a></li>"
            "<li><a href='/xa-hoi/tro'>Nhà trọ</a></li></ul>",
            "Xã hội",
        ),
    ],
)
def test_where_metadata_name_the_outer_section_the_page_may_lead_to_the_inner_one(way: str, section: str) -> None:
    stated = "<meta property='article:section' content='Xã hội'>"
    assert read(f"<div>{way}</div><h1>{TITLE}</h1>{BODY}", stated).section == section


def test_the_active_item_of_the_menu_is_the_section() -> None:
    menu = "<ul class='menu'><li><a href='/a'>Thời sự</a></li><li class='active'><a href='/b'>Đời sống</a></li></ul>"
    assert read(f"<h1>{TITLE}</h1>{BODY}", above=menu).section == "Đời sống"


def test_paragraphs_among_tables_without_a_name_are_found_below_a_long_menu() -> None:
    # no extractor finds the text: its menu is no list, and blank lines stand between the paragraphs
    menu = "".join(f"<tr><td>• <a href='/m{one}'>Mục {one}</a></td></tr>" for one in range(20))
    text = "<div>&nbsp;</div>".join(f"<div><span>{paragraph}</span></div>" for paragraph in PARAGRAPHS)
    cell = f"<div>{TITLE}</div><div>{BYLINE}</div><div>{LEAD}</div><div>{text}</div>"
    html = f"<table><tr><td><table>{menu}</table></td><td>{cell}</td></tr></table>"
    article = read(html, "<title>Trang chủ - Chi tiết tin</title>", above="")
    assert (article.title, article.lead, article.text.split("\n")[2:]) == (TITLE, LEAD, PARAGRAPHS)


def test_a_site_in_capitals_above_the_menu_is_no_title() -> None:
    menu = "".join(f"<div><a href='/m{one}'>Mục thứ {one}</a></div>" for one in range(12))
    above = f"<h1>LIÊN ĐOÀN LAO ĐỘNG HUYỆN NẬM PỐ</h1>{menu}"
    for head in ("", "<title>Liên đoàn Lao động huyện Nậm Pố</title>"):
        assert read(f"<div>{TITLE}</div>{BODY}", head, above).title == TITLE


def test_a_heading_that_links_to_the_section_is_no_title() -> None:
    above = "<h1 class='ten'><a href='/doi-song/'>Đời sống - Lao động</a></h1>"
    article = read(f"{above}<div class='t'>{TITLE}</div>{BODY}", f"<title>{TITLE}</title>")
    assert (article.title, article.section) == (TITLE, "Đời sống - Lao động")
    own = f"<h1><a href='/tin/cau-treo.html'>{TITLE}</a></h1>"
    for head in HEADS.values():
        assert read(f"{own}{BODY}", head).title == TITLE


def test_a_first_paragraph_of_its_own_class_is_the_lead() -> None:
    text = "".join(f"<p class='pBody'>{paragraph}</p>" for paragraph in PARAGRAPHS)
    lines = f"<p class='pTitle'>{TITLE}</p><p class='pHead'>{LEAD}</p>{text}"
    cut = f"<meta property='og:title' content='{TITLE[:34]}'>"
    for head, above in ((HEADS["the article's title"], ""), (cut, f"<h1>{TITLE}</h1><div>{BYLINE}</div>")):
        article = read(f"{above}<div>{lines}</div>", head)
        assert (article.title, article.lead, article.text.split("\n")[2:]) == (TITLE, LEAD, PARAGRAPHS)


def test_links_to_other_articles_below_the_lead_are_no_part_of_it() -> None:
    links = (
        "<br><a href='/x7'>&gt;&gt; Công nhân mỏ được khám miễn phí</a><br><a href='/x8'>&gt;&gt; Hội thao mở màn</a>"
    )
    article = read(f"<h1>{TITLE}</h1><div>{BYLINE}</div><h2>{LEAD}{links}</h2><div>{TEXT}</div>")
    assert (article.lead, article.text.split("\n")[2:]) == (LEAD, PARAGRAPHS)


@pytest.mark.parametrize(
    "named",
    [
        "<div><b>TS. HOÀNG MINH QUẾ</b><br><i>Trưởng Khoa Cầu đường, Trường Đại học Nậm Pố</i></div>",
        "<p><b>Hoàng Minh Quế</b></p><p>Phó Trưởng Ban Tuyên giáo, Công đoàn huyện Nậm Pố</p>",
        "<p>Hoàng Minh Quế</p>",
    ],
)
def test_an_author_and_their_office_may_stand_above_the_lead(named: str) -> None:
    head = f"<div>09:15, ngày 06-09-2025</div><h3><span>{TITLE}</span></h3>{named}<div>{LEAD}</div>"
    article = read(f"<div>{head}<div>{TEXT}</div></div>", f"<title>{TITLE} - Tạp chí Nậm Pố</title>")
    assert article.authors in ((AUTHOR,), (AUTHOR.upper(),))
    assert (article.lead, article.text.split("\n")[2:]) == (LEAD, PARAGRAPHS)


def test_paragraphs_without_an_element_between_empty_ones_are_of_the_body() -> None:
    bare = "<p></p>".join(PARAGRAPHS[:3])
    text = f"<div>{LEAD}</div><div><img src='a.jpg'></div>{bare}<p>{PARAGRAPHS[3]}</p>{PARAGRAPHS[4]}<p></p>"
    article = read(f"<h1>{TITLE}</h1><div>{BYLINE}</div><div>{text}</div>")
    assert (article.lead, article.text.split("\n")[2:]) == (LEAD, PARAGRAPHS)


def test_of_several_days_the_one_of_publication_is_taken() -> None:
    days = (
        "<dl><dd>Được tạo ngày Thứ năm, 04 Tháng 9 2025</dd><dd>Lần cập nhật cuối ngày 08 Tháng 9 2025</dd>"
        "<dd>Được đăng ngày Thứ bảy, 06 Tháng 9 2025</dd></dl>"
    )
    article = read(f"<h1>{TITLE}</h1>{days}<p>{LEAD}</p><div>{TEXT}</div>")
    assert day_and_time(article) == "2025-09-06T00:00"


def test_buttons_between_date_and_title_are_no_menu() -> None:
    buttons = "".join(f"<a class='{one}'>{one}</a>" for one in ("Chia sẻ", "Email", "In", "Lưu"))
    dated = f"<div><span>06/09/2025 09:15 GMT+7</span>{buttons}</div>"
    article = read(f"{dated}<h1>{TITLE}</h1><p>{LEAD}</p><div>{TEXT}</div>")
    assert day_and_time(article) == "2025-09-06T09:15"


def test_vietnamese_time_stated_as_that_of_greenwich_is_told_by_what_the_page_shows_below_its_source() -> None:
    head = "<meta property='article:published_time' content='2025-09-06T09:15:00Z'>"
    below = f"<p>{AUTHOR}</p><p><a href='https://vatlieu.example.vn'>Vật liệu</a></p><p>- 09:15 06/09/2025</p>"
    article = read(f"<h1>{TITLE}</h1><p>{LEAD}</p><div>{TEXT}{below}</div>", head)
    assert day_and_time(article) == "2025-09-06T09:15"
    assert article.authors == (AUTHOR,)


@pytest.mark.parametrize(
    ("posted", "signed"),
    [
        ("<div>Người đăng: <span class='author-name'>Công đoàn Nậm Pố</span></div>", f"<p>Tin, ảnh: {AUTHOR}</p>"),
        ("<span class='author-name'>Ban Tuyên giáo</span>", f"<p align='right'>Theo {AUTHOR}/Báo Nậm Pố</p>"),
        (
            "<span class='author-name'>CĐ Nậm Pố</span>",
            f"<p align='right'>{AUTHOR}</p><p align='right'>(qm@namp.vn)</p>",
        ),
        (f"<span class='author-name'>{AUTHOR} thực hiện</span>", ""),
    ],
)
def test_the_person_who_signs_is_the_author_and_not_the_office_that_posts(posted: str, signed: str) -> None:
    article = read(f"<h1>{TITLE}</h1><p>09:15 06/09/2025</p>{posted}<p>{LEAD}</p><div>{TEXT}{signed}</div>")
    assert (article.authors, article.text.split("\n")[2:]) == ((AUTHOR,), PARAGRAPHS)


@pytest.mark.parametrize("stated", ["Báo Nậm Pố", "baonampo", "Nậm Pố"])
def test_what_metadata_give_as_an_author_may_be_the_site(stated: str) -> None:
    head = f'<script type="application/ld+json">{{"@type": "NewsArticle", "author": {{"name": "{stated}"}}}}</script>'
    page = f"<h1>{TITLE}</h1><p>09:15 06/09/2025</p><p>{LEAD}</p><div>{TEXT}<p>{AUTHOR}</p></div>"
    assert read(page, head, url="https://www.baonampo.example.vn/cau-treo-7.html").authors == (AUTHOR,)


def test_metadata_may_name_the_first_of_several_authors() -> None:
    head = f'<script type="application/ld+json">{{"@type": "NewsArticle", "author": {{"name": "{AUTHOR}"}}}}</script>'
    byline = f"<div><a href='/t/1'>{AUTHOR}</a> - <a href='/t/2'>Lò Thị Ín</a></div><div>09:15 06/09/2025</div>"
    assert read(f"<h1>{TITLE}</h1>{byline}<p>{LEAD}</p><div>{TEXT}</div>", head).authors == (AUTHOR, "Lò Thị Ín")


def test_a_picture_before_the_body_of_a_known_system_has_its_caption_and_each_its_credit() -> None:
    first = "<figure><img src='a.jpg'><figcaption>Cầu treo sáng thông xe. Ảnh: Tạ Hà</figcaption></figure>"
    second = (
        "<figure><img src='b.jpg'><figcaption><p>Anh Sơ hàn mối cuối cùng</p></figcaption>"
        "<div class='cr'><p>ẢNH: LÒ THỊ ÍN</p></div></figure>"
    )
    head = f"<h1 data-role='title'>{TITLE}</h1><div data-role='publishdate'>06/09/2025 09:15</div>"
    lead = f"<div><h2 data-role='sapo'>{LEAD}</h2>{first}</div>"
    article = read(f"{head}{lead}<div data-role='content'>{TEXT}{second}<p>{PARAGRAPHS[0]}</p></div>")
    captions = ("Cầu treo sáng thông xe. Ảnh: Tạ Hà", "Anh Sơ hàn mối cuối cùng ẢNH: LÒ THỊ ÍN")
    assert (article.lead, article.captions) == (LEAD, captions)


def test_an_office_may_sign_in_the_place_of_an_author() -> None:
    below = "<div class='tac-gia'>Ban Tuyên giáo - Nữ công</div>"
    article = read(f"<h1>{TITLE}</h1><p>09:15 06/09/2025</p><p>{LEAD}</p><div>{TEXT}</div>{below}")
    assert article.authors == ("Ban Tuyên giáo - Nữ công",)
