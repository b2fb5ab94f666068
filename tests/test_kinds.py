"""What kind of page a page is: each kind on two designs, named in `articles.kind` or refused with that reason."""

from __future__ import annotations

import datetime as dt

import pytest

from crawler.sites import Sites
from pipeline.clean import clean_page
from pipeline.parse import PageNotUnderstood, parse_html

FETCHED = dt.datetime(2026, 10, 1, tzinfo=dt.UTC)
TITLE = "Đội bốc xếp cảng Bến Nam học bơi"
LEAD = "Sáu mươi bốn công nhân bốc xếp ở cảng Bến Nam học bơi mỗi tối thứ năm, không phải trả một đồng nào."
PARAGRAPHS = [
    "Lớp học mở từ tháng ba, sau khi một người trượt chân ngã khỏi cầu tàu và được đồng đội kéo lên kịp thời.",
    "Công đoàn cảng thuê bể bơi của trường nghề, mỗi buổi hai tiếng, chi hết 38 triệu đồng cho cả khóa học.",
    "Ông Đinh Văn Khả, 51 tuổi, người lớn tuổi nhất lớp, nói ông sợ nước suốt hai mươi năm làm nghề bốc xếp.",
    "Đến cuối tháng tám, cả lớp đều bơi được 50 mét, riêng tổ của ông Khả có ba người đăng ký học cứu hộ.",
    "Cảng sẽ mở thêm lớp cho 120 công nhân đội xe nâng và đội sửa chữa trước khi mùa mưa bão bắt đầu.",
]
DATED = '<meta property="article:published_time" content="2026-09-03T07:30:00+07:00">'


def paragraphs(lines: list[str]) -> str:
    return "".join(f"<p>{line}</p>" for line in lines)


def laodong(body: str, head: str = DATED, title: str = TITLE, lead: str = LEAD) -> str:
    """A page of laodong.vn's design."""
    return (
        f"<html><head><meta charset=utf-8><title>{title}</title>{head}</head><body><article class='article-detail'>"
        f"<h1 class=title>{title}</h1><p class='art-info'><span class=time>Thứ năm, 03/09/2026 07:30 (GMT+7)</span></p>"
        f"<div class=chappeau><p>{lead}</p></div><div class=art-body>{body}</div></article></body></html>"
    )


def unknown(body: str, head: str = DATED, title: str = TITLE, lead: str = LEAD) -> str:
    """A page of a design that nobody described."""
    return (
        f"<html><head><meta charset=utf-8><title>{title}</title>{head}</head><body><nav><a href=/>Trang chủ</a></nav>"
        f"<main><h1>{title}</h1><p class=mo-dau>{lead}</p><section class=bai>{body}</section></main>"
        "<footer>Bến Nam điện tử</footer></body></html>"
    )


LAODONG_URL = "https://laodong.vn/cong-doan/boc-xep-hoc-boi-1812777.ldo"
UNKNOWN_URL = "https://bennam.example/tin-tuc/boc-xep-hoc-boi-77.html"

PICTURES = "".join(
    f"<figure><img src={number}.jpg><figcaption>Buổi học thứ {number} ở bể bơi của trường nghề.</figcaption></figure>"
    f"<p>{PARAGRAPHS[number % 5]}</p>"
    for number in range(6)
)
QUESTIONS = "".join(
    f"<p><strong>{question}</strong></p><p>{answer}</p>"
    for question, answer in zip(
        ["Vì sao cảng mở lớp bơi?", "Ai dạy các anh?", "Học xong thì làm gì?"], PARAGRAPHS[:3], strict=True
    )
)
ASKED = "".join(
    f"<p>PV: {question}</p><p>Ông Khả: {answer}</p>"
    for question, answer in zip(
        ["Vì sao ông đi học bơi ở tuổi này?", "Ai dạy ông?", "Ông có khuyên ai học không?"], PARAGRAPHS[:3], strict=True
    )
)
TICKER = "".join(f"<p>{8 + number}h{15 + number}: {line}</p>" for number, line in enumerate(PARAGRAPHS))
DOCUMENT = paragraphs(
    [
        "LIÊN ĐOÀN LAO ĐỘNG TỈNH VĨNH KHÊ - CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Số: 217/KH-LĐLĐ, Vĩnh Khê, ngày 3 tháng 9 năm 2026",
        *PARAGRAPHS,
    ]
)


def linked(data: str) -> str:
    return f'<script type="application/ld+json">{data}</script>'


FILM = linked('[{"@type":"NewsArticle","datePublished":"2026-09-03"},{"@type":"VideoObject"}]')
LIVE = linked('{"@type":"LiveBlogPosting","datePublished":"2026-09-03T07:30:00"}')
FEW = paragraphs(PARAGRAPHS[:2])
ALL = paragraphs(PARAGRAPHS)


@pytest.mark.parametrize(
    ("kind", "html", "url"),
    [
        ("article", laodong(ALL), LAODONG_URL),
        ("article", unknown(ALL), UNKNOWN_URL),
        ("emagazine", laodong(f"<div class=e-magazine>{ALL}</div>"), LAODONG_URL),
        ("emagazine", unknown(ALL), "https://bennam.example/emagazine/boc-xep-hoc-boi-77.html"),
        ("photo_story", laodong(PICTURES), LAODONG_URL),
        ("photo_story", unknown(PICTURES, title=f"[Chùm ảnh] {TITLE}"), UNKNOWN_URL),
        ("video", laodong(FEW, head=DATED + FILM), LAODONG_URL),
        ("video", unknown(f"<video src=x.mp4></video>{FEW}"), UNKNOWN_URL),
        ("interview", laodong(QUESTIONS), LAODONG_URL),
        ("interview", unknown(ASKED), UNKNOWN_URL),
        ("live", laodong(ALL, head=LIVE), LAODONG_URL),
        ("live", unknown(TICKER), UNKNOWN_URL),
        ("document", laodong(DOCUMENT), LAODONG_URL),
        ("document", unknown(DOCUMENT), "https://bennam.example/van-ban/ke-hoach-217.html"),
    ],
)
def test_an_article_says_which_form_it_has(kind: str, html: str, url: str) -> None:
    site = Sites().of_url(url)
    article = clean_page(parse_html(html, url, site, fetched_at=FETCHED), site)
    assert article.kind == kind
    assert article.layout == ("laodong_vn/2024" if site else "generic")
    assert (article.lead, article.text.split("\n")[:2]) == (LEAD, [article.title, LEAD])


def test_an_article_with_a_film_or_a_question_in_it_is_an_article() -> None:
    film = laodong(f"<video src=x.mp4></video>{ALL}{ALL}", head=DATED + FILM)
    question = laodong(f"<h2>Vì sao cảng mở lớp bơi?</h2>{ALL}")
    for html in (film, question):
        assert parse_html(html, LAODONG_URL, Sites()["laodong_vn"], fetched_at=FETCHED).kind == "article"


TEASERS = "".join(
    f"<div class=tin><h3><a href='/cong-doan-ben-nam-mo-lop-hoc-boi-{number}.html'>Công đoàn Bến Nam mở lớp học bơi thứ"
    f" {number}</a></h3><p>Lớp thứ {number} có mười hai người của đội xe nâng.</p></div>"
    for number in range(20)
)
ROWS = "<ul>" + TEASERS.replace("<div class=tin>", "<li>").replace("</div>", "</li>") + "</ul>"
WALL = "<form action=/login><h2>Đăng nhập</h2><input name=u><input type=password name=p></form>"
PAID = linked('{"@type":"NewsArticle","isAccessibleForFree":"False","headline":"Học bơi"}')


def listing(body: str, heading: str) -> str:
    return (
        f"<html><head><meta charset=utf-8><title>{heading}</title></head><body><h1>{heading}</h1>{body}</body></html>"
    )


WEATHER = "".join(f"<p>Vùng {number}: có mây</p><p>{20 + number} độ</p>" for number in range(25)) + ALL + ALL


@pytest.mark.parametrize(
    ("reason", "html", "url"),
    [
        ("listing", listing(TEASERS, "Công đoàn"), "https://bennam.example/cong-doan"),
        ("listing", listing(ROWS, "Tìm kiếm"), "https://vinhkhe.example/tim-kiem?q=boi"),
        ("listing", listing(WEATHER + TEASERS, "Kinh doanh"), "https://bennam.example/kinh-doanh.htm"),
        ("tag", listing(TEASERS, "học bơi"), "https://bennam.example/tag/hoc-boi/"),
        ("tag", listing(ROWS, "Từ khóa: học bơi"), "https://vinhkhe.example/tu-khoa/hoc-boi"),
        ("tag", laodong(ALL), "https://laodong.vn/tags/hoc-boi-354795.ldo"),
        ("topic", listing(TEASERS, "Chủ đề: An toàn ở cảng"), "https://bennam.example/x"),
        ("topic", listing(ROWS, "An toàn ở cảng"), "https://vinhkhe.example/chuyen-de/an-toan-o-cang.html"),
        ("topic", laodong(ALL), "https://laodong.vn/event/an-toan-354795.ldo"),
        ("soft_404", listing("<p>Không tìm thấy trang bạn yêu cầu.</p>", "Lỗi 404"), UNKNOWN_URL),
        ("soft_404", laodong("", title="Không tìm thấy trang", lead=""), LAODONG_URL),
        ("soft_404", laodong(ALL, title="404 - Báo Bến Nam", lead=""), LAODONG_URL),
        ("soft_404", laodong(ALL, title="Báo Bến Nam: Lỗi 404", lead=""), LAODONG_URL),
        ("login", listing(WALL, "Đăng nhập"), "https://bennam.example/thanh-vien"),
        ("login", f"<html><body><div class=box>{WALL}<p>Mời đoàn viên đăng nhập.</p></div></body></html>", UNKNOWN_URL),
        ("paywall", unknown(FEW, head=DATED + PAID), UNKNOWN_URL),
        ("paywall", laodong(FEW + "<div class=box-vip>Dành cho bạn đọc VIP</div>"), LAODONG_URL),
        ("paywall", unknown(FEW + "<p>Vui lòng đăng nhập tài khoản VIP để đọc tiếp bài viết này.</p>"), UNKNOWN_URL),
    ],
)
def test_what_is_no_article_is_refused_by_its_kind(reason: str, html: str, url: str) -> None:
    with pytest.raises(PageNotUnderstood) as refused:
        parse_html(html, url, Sites().of_url(url), fetched_at=FETCHED)
    assert refused.value.reason == reason
    assert str(refused.value).startswith(url + ": ")


@pytest.mark.parametrize(
    "title", ["Trao 404 suất quà cho đoàn viên", "404 người học bơi ở cảng", "Kíp xe số 404 về nhất"]
)
def test_a_title_that_counts_to_404_is_of_an_article(title: str) -> None:
    page = parse_html(laodong(ALL, title=title), LAODONG_URL, Sites().of_url(LAODONG_URL), fetched_at=FETCHED)
    assert page.title == title


def test_a_whole_article_that_is_marked_as_paid_for_is_an_article() -> None:
    assert parse_html(unknown(ALL, head=DATED + PAID), UNKNOWN_URL, None, fetched_at=FETCHED).kind == "article"


PICTURES = "".join(
    f"<figure><img src='{number}.jpg'><figcaption>Tổ lặn thứ {number} tập thở bằng ống trong hồ của cảng, buổi tối"
    f" ngày {number} tháng 9.</figcaption></figure>"
    for number in range(1, 10)
)


def test_a_photo_story_is_told_by_its_captions_alone() -> None:
    html = unknown(f"<p>09:15 06/09/2026</p>{PICTURES}")
    page = parse_html(html, UNKNOWN_URL, None, fetched_at=FETCHED)
    assert (page.kind, len(page.captions)) == ("photo_story", 9)
    assert page.published_at is not None


def test_a_document_is_told_by_its_letterhead_though_it_ends_with_a_date() -> None:
    letterhead = ("LIÊN ĐOÀN LAO ĐỘNG CẢNG BẾN NAM", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Số: 12/KH-LĐLĐ")
    opening = "".join(f"<p>{line}</p>" for line in (*letterhead, "Bến Nam, ngày 3 tháng 9 năm 2026"))
    assert parse_html(unknown(opening + ALL), UNKNOWN_URL, None, fetched_at=FETCHED).kind == "document"


def test_a_page_of_scripts_alone_is_empty_and_says_what_to_do() -> None:
    html = "<html><head><title>Bến Nam</title></head><body><div id=app></div><script>go()</script></body></html>"
    with pytest.raises(PageNotUnderstood, match="made in the browser") as refused:
        parse_html(html, UNKNOWN_URL, None, fetched_at=FETCHED)
    assert refused.value.reason == "empty"
