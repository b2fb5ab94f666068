"""Pages on the true DOM of the papers, with our own text: every field, every line, and what is refused."""

from __future__ import annotations

import datetime as dt
import json
import re
import sys
import tracemalloc
import unicodedata
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.gate import is_gate
from crawler.profile import Layout
from crawler.site import Site
from crawler.sites import Sites
from pipeline.clean import clean_page
from pipeline.parse import REASONS, PageNotUnderstood, parse_html, parse_text
from pipeline.records import Article

sys.path.insert(0, str(Path(__file__).parents[1] / "benchmarks"))
import fuzz_pages

PAGES = sorted((Path(__file__).parent / "pages").glob("*/*.html"))
FETCHED = dt.datetime(2026, 10, 1, tzinfo=dt.UTC)

PARAGRAPHS = [
    "Sáng 5/7, công đoàn khu công nghiệp Hà Lĩnh khai mạc hội thao với 28 đội và 640 vận động viên tham dự.",
    "Ban tổ chức cho biết quỹ thưởng năm nay là 418 triệu đồng, do công đoàn và doanh nghiệp cùng đóng góp.",
    "Đội bóng của Công ty Sao Khuê thắng trận mở màn trước sự cổ vũ của hơn 2.300 công nhân đến từ 12 phân xưởng.",
    "Hội thao kéo dài ba ngày, kết thúc bằng đêm văn nghệ và bữa cơm công đoàn dành cho toàn thể đoàn viên của khu.",
]


def page(body: str, head: str = "", title: str = "Hội thao công nhân Hà Lĩnh") -> str:
    return f"<html><head><meta charset='utf-8'><title>{title}</title>{head}</head><body>{body}</body></html>"


def article(extra: str = "", paragraphs: list[str] = PARAGRAPHS, title: str = "Hội thao công nhân Hà Lĩnh") -> str:
    body = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return page(f"<div><h1>{title}</h1><div class='noi-dung'>{body}{extra}</div></div>", title=title)


def read(html: str | bytes, url: str | None = None, site: Site | None = None) -> Article:
    return clean_page(parse_html(html, url, site, fetched_at=FETCHED), site)


def refusal(html: str | bytes, url: str | None = None, site: Site | None = None) -> PageNotUnderstood:
    with pytest.raises(PageNotUnderstood) as refused:
        parse_html(html, url, site, fetched_at=FETCHED)
    assert "\n" not in str(refused.value)
    assert refused.value.reason in REASONS
    return refused.value


@pytest.mark.parametrize("path", PAGES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_page_gives_exactly_the_expected_article(path: Path) -> None:
    expected: dict[str, Any] = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    site = Sites()[expected["site"]] if expected["site"] else None
    fetched_at = dt.datetime.fromisoformat(expected["fetched_at"])
    parsed = parse_html(path.read_bytes(), expected["url"], site, fetched_at=fetched_at)
    cleaned = clean_page(parsed, site)
    want = expected["article"]
    got = {
        "layout": cleaned.layout,
        "source_id": cleaned.source_id,
        "title": cleaned.title,
        "lead": cleaned.lead,
        "body": cleaned.text.split("\n")[1 + (cleaned.lead is not None) :],
        "authors": list(cleaned.authors),
        "place": cleaned.place,
        "section": cleaned.section,
        "tags": list(cleaned.tags),
        "captions": list(cleaned.captions),
        "published_at": cleaned.published_at and cleaned.published_at.isoformat(),
        "published_raw": cleaned.published_raw,
        "modified_at": cleaned.modified_at and cleaned.modified_at.isoformat(),
        "dropped": [line.line for line in cleaned.dropped],
    }
    assert got == want
    for found in ("title", "blocks", "published_at"):
        assert parsed.origin[found]


@pytest.mark.parametrize("site", list(Sites()), ids=lambda site: site.name)
def test_every_profile_says_which_values_nobody_has_checked(site: Site) -> None:
    assert not site.verified
    assert {"start.feeds", "start.sitemaps", "politeness"} <= set(site.unverified)


def test_the_number_in_the_address_is_the_article_whatever_the_host_and_suffix() -> None:
    laodong, thudo, nld = (Sites()[name] for name in ("laodong_vn", "laodongthudo_vn", "nld_com_vn"))
    for url in (
        "https://laodong.vn/cong-doan/vinh-khe-thi-dua-1812345.ldo",
        "http://www.laodong.vn/archived/vinh-khe-thi-dua-1812345.bld",
        "https://amp.laodong.vn/vinh-khe-thi-dua-1812345.ldo?utm_source=x#top",
    ):
        assert laodong.article_id(url) == "1812345"
    assert laodong.article_id("https://laodong.vn/tags/thi-dua-354795.ldo") is None
    assert thudo.article_id("https://tacnghiep.laodongthudo.vn/vinh-khe-201234.html") == "201234"
    assert thudo.article_id("https://laodongthudo.vn/apicenter@/print_article&i=201234") == "201234"
    assert thudo.article_id("https://laodongthudo.vn/widgets@/article_statistic&aid=MjAxMjM0") is None
    assert nld.article_id("https://nld.com.vn/ben-nam-196260401080512345.htm") == "196260401080512345"
    assert nld.article_id("https://nld.com.vn/cong-doan/ben-nam-20230919204751371.htm") == "20230919204751371"
    assert nld.article_id("https://nld.com.vn/lao-dong/cong-doan-cong-nhan.htm") is None
    for name, one, same in (
        ("congdoanvietnam_vn", "thoi-su/bai-32901.tld", "https://www.congdoanvietnam.vn/archived/bai-32901.tld"),
        ("laodongcongdoan_vn", "bai-51234.html", "https://bk.laodongcongdoan.vn/bai-51234.html?utm_medium=x"),
        ("laodongcongdoan_vn", "bai-51234.html", "https://laodongcongdoan.vn/apicenter@/print_article&i=51234"),
        ("cuocsongantoan_vn", "bai-30417.html", "http://cuocsongantoan.vn/apicenter@/print_article&i=30417"),
    ):
        site = Sites()[name]
        assert site.article_id(f"https://{site.hosts[0]}/{one}") == site.article_id(same) is not None
    for url in ("https://bk.laodongcongdoan.vn/tags/du-thao-6684.tag", "https://laodongcongdoan.vn/x/thi-dua.topic"):
        assert Sites()["laodongcongdoan_vn"].article_id(url) is None


@pytest.mark.parametrize("host", ["es.congdoanvietnam.vn", "news.laodong.vn", "ko.laodong.vn", "zh.laodong.vn"])
def test_machine_translated_editions_are_of_no_site(host: str) -> None:
    assert Sites().of_url(f"https://{host}/cong-doan/bai-32901.tld") is None


def test_of_a_whole_paper_only_its_union_and_labour_sections_are_wanted() -> None:
    laodong = Sites()["laodong_vn"].start
    assert laodong.wanted is not None
    for section in (*laodong.sections, "https://laodong.vn/ldld-vinh-khe"):
        assert re.search(laodong.wanted, f"{section}/bai-1812345.ldo")
    assert not re.search(laodong.wanted, "https://laodong.vn/bong-da/cong-doan-1812345.ldo")
    # no section stands in their addresses: nothing could be left out of a sitemap
    for name in ("laodongthudo_vn", "nld_com_vn", "laodongcongdoan_vn"):
        assert (Sites()[name].start.sitemaps, Sites()[name].start.robots_sitemaps) == ((), False)


def site_with(*layouts: Layout) -> Site:
    return Site(name="vi_du", title="Ví dụ", hosts=("vidu.example",), article=r".*-(?P<id>\d+)\.html", layouts=layouts)


ARTICLE_URL = "https://vidu.example/hoi-thao-cong-nhan-12.html"
# both read the page, and only one of them the subtitle
LAYOUT_2024 = Layout(name="2024", title=("h1",), lead=(".phu-de",), body=(".noi-dung",))
LAYOUT_2021 = Layout(name="2021", valid_until=dt.date(2023, 12, 31), title=("h1",), body=(".noi-dung",))
LAYOUT_2016 = Layout(name="2016", valid_until=dt.date(2018, 6, 30), title=("h1",), body=(".noi-dung",))


@pytest.mark.parametrize(
    ("captured", "layout"),
    [
        ("2026-10-01", "2024"),
        ("2024-01-01", "2024"),
        ("2023-12-31", "2021"),
        ("2021-08-02", "2021"),
        ("2018-06-30", "2016"),
    ],
)
def test_a_page_archived_in_2021_is_read_by_the_layout_of_2021(captured: str, layout: str) -> None:
    site = site_with(LAYOUT_2024, LAYOUT_2021, LAYOUT_2016)
    at = dt.datetime.fromisoformat(captured + "T12:00:00+07:00")
    page = parse_html(article(), ARTICLE_URL, site, fetched_at=at)
    assert page.layout == f"vi_du/{layout}"
    assert (page.source_id, page.origin["blocks"]) == ("12", f"vi_du/{layout}: .noi-dung")


def test_a_page_published_in_2021_is_read_by_the_layout_of_2021_where_todays_does_not_fit() -> None:
    redesigned = Layout(name="2024", title=("h1",), body=(".than-bai",))
    other = Layout(name="2022", valid_until=dt.date(2022, 12, 31), title=("h1",), lead=("p",), body=(".noi-dung",))
    site = site_with(redesigned, other, LAYOUT_2021.model_copy(update={"valid_until": dt.date(2021, 12, 31)}))
    published = '<meta property="article:published_time" content="2021-07-05T08:00:00+07:00">'
    html = article().replace("</head>", published + "</head>")
    assert parse_html(html, ARTICLE_URL, site, fetched_at=FETCHED).layout == "vi_du/2021"


def test_a_menu_in_an_element_of_a_broken_name_is_left_out() -> None:
    links = "".join(f'<a href="/{one}">Chuyện thứ {one} trong bản dài hơn một chút</a>' for one in range(9))
    assert read(article(f'<div">{links}</div>')).text.split("\n")[-4:] == PARAGRAPHS


def test_a_page_without_title_whose_author_is_nobody_is_refused_for_its_title() -> None:
    body = "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)
    html = f"<html><body><div class='author-name'>admin</div><div>{body}</div></body></html>"
    assert refusal(html).reason == "no_title"


def test_a_page_in_a_design_of_another_time_is_read_by_its_selectors() -> None:
    site = site_with(Layout(name="2024", title=("h1",), body=(".than-bai",)), LAYOUT_2021)
    assert parse_html(article(), ARTICLE_URL, site, fetched_at=FETCHED).layout == "vi_du/2021"


def test_a_layout_that_has_lost_its_body_gives_way_to_the_generic_one() -> None:
    html = article().replace("</h1>", "</h1><h2 class='sapo'>Hội thao công nhân mở màn với 28 đội bóng.</h2>")
    lost = Layout(name="cu", title=("h1",), lead=(".sapo",), body=(".than-bai",))
    site = Site(name="vi_du", title="Ví dụ", hosts=("vidu.example",), article=r".*-(?P<id>\d+)\.html", layouts=(lost,))
    read_back = read(html, "https://vidu.example/hoi-thao-cong-nhan-12.html", site)
    assert read_back.layout == "generic"
    assert read_back.text.split("\n")[-4:] == PARAGRAPHS


def test_a_page_with_a_video_and_a_lead_is_an_article_of_few_words() -> None:
    lead = "Hội thao công nhân mở màn với 28 đội bóng đến từ các phân xưởng của khu công nghiệp Hà Lĩnh."
    html = page(f"<h1>Hội thao công nhân</h1><h2 class='sapo'>{lead}</h2><video src='x.mp4'></video>")
    layout = Layout(name="video", title=("h1",), lead=(".sapo",), body=(".than-bai",))
    site = Site(
        name="vi_du", title="Ví dụ", hosts=("vidu.example",), article=r".*-(?P<id>\d+)\.html", layouts=(layout,)
    )
    assert read(html, "https://vidu.example/video-hoi-thao-12.html", site).text == f"Hội thao công nhân\n{lead}"


def test_the_body_of_an_unknown_site_keeps_boxed_parts_and_loses_links() -> None:
    rule = "Theo quy chế, mỗi đội có 12 người, tuổi từ 18 đến 55, là đoàn viên từ sáu tháng trở lên."
    boxed = f"<div class='hop'><p>{rule}</p></div>"
    link = "<p><a href='/x'>Sao Khuê thưởng 500 triệu đồng cho thợ giỏi</a></p>"
    html = article(paragraphs=[*PARAGRAPHS[:2], boxed, link, *PARAGRAPHS[2:]])
    lines = read(html).text.split("\n")
    assert lines[0] == "Hội thao công nhân Hà Lĩnh"
    assert rule in lines
    assert not any("500 triệu đồng" in line for line in lines)


def test_a_body_that_opens_with_lines_of_numbers_is_read_to_its_last_paragraph() -> None:
    lines = [
        "Giải đặc biệt: 280925",
        "Giải nhất: 07050. Giải nhì: 83577",
        "Giải ba: 23149 - 56536",
        "Giải tư: 72321 - 06443 - 52181 - 15306 - 28552 - 14683 - 01022",
        "Giải năm: 6472. Giải sáu: 2620 - 8900 - 1532",
        "Giải bảy: 790. Giải tám: 33",
        "Đoàn viên trúng thưởng mang phiếu và thẻ đoàn viên đến văn phòng Công đoàn Vĩnh Khê để nhận quà trong "
        "thời hạn ba mươi ngày kể từ hôm nay.",
    ]
    lead = "Công đoàn Vĩnh Khê công bố kết quả bốc thăm, mời đoàn viên đối chiếu với phiếu của mình."
    found = read(
        page(
            "<main><article><h1>Kết quả bốc thăm ngày hội đoàn viên</h1><time>18/03/2026 17:27</time>"
            f"<p class='sapo'><strong>{lead}</strong></p>"
            f"<div class='content'>{''.join(f'<p>{line}</p>' for line in lines)}</div></article></main>"
        )
    )
    assert found.text.split("\n")[1:] == [lead, *lines]


def test_elements_of_a_sites_own_making_are_blocks_like_any_other() -> None:
    body = "".join(f"<news-para>{paragraph}</news-para>" for paragraph in PARAGRAPHS)
    found = read(page(f"<news-page><h1>Hội thao công nhân Hà Lĩnh</h1><news-body>{body}</news-body></news-page>"))
    assert found.text.split("\n")[1:] == PARAGRAPHS


def test_a_text_between_line_breaks_has_its_captions_apart_and_a_sites_name_is_no_title() -> None:
    name, title = "Công đoàn Hà Lĩnh ngày nay", "Hội thao công nhân Hà Lĩnh"
    caption = "<img src=a.jpg><span class=ct>Đội bóng Sao Khuê trước giờ ra sân</span>"
    body = "<br><br>".join((PARAGRAPHS[0], PARAGRAPHS[1], caption, PARAGRAPHS[2], PARAGRAPHS[3]))
    found = read(
        page(
            f"<h1><a href='/'>{name}</a></h1><h3>{title}</h3><i>13/3/2026</i><div>{body}</div>",
            title=f"{name}: {title}",
        )
    )
    assert found.text.split("\n") == [title, *PARAGRAPHS]
    assert found.captions == ("Đội bóng Sao Khuê trước giờ ra sân",)


@pytest.mark.parametrize("printed", ["31/02/2026 10:00", "02/10/2026 09:00"])
def test_a_date_that_cannot_be_is_not_taken_from_elsewhere(printed: str) -> None:
    found = read(article().replace("</h1>", f"</h1><span class='date'>{printed}</span>"))
    assert found.published_at is None
    assert any(line.line == printed and "not the publication date" in line.reason for line in found.dropped)


def test_linked_data_with_a_stray_quote_still_gives_the_date() -> None:
    broken = (
        '<script type="application/ld+json">{"@type":"NewsArticle","headline":"Thi "Bàn tay vàng"",'
        '"datePublished":"2026-03-09T14:05:00+07:00","author":{"name":"A"}}</script>'
    )
    html = article().replace("</head>", broken + "</head>")
    assert read(html).published_at == dt.datetime(2026, 3, 9, 14, 5, tzinfo=dt.timezone(dt.timedelta(hours=7)))
    assert read(html).title == "Hội thao công nhân Hà Lĩnh"


def test_a_date_after_the_capture_is_refused_and_kept_in_dropped() -> None:
    html = article().replace("</h1>", "</h1><div class='ngaydang'>12/12/2031 08:00</div>")
    read_back = read(html)
    assert read_back.published_at is None
    assert any(
        line.line == "12/12/2031 08:00" and "after the page was fetched" in line.reason for line in read_back.dropped
    )


def test_a_day_without_time_is_midnight_and_says_so() -> None:
    html = article().replace("</head>", '<meta name="pubdate" content="2026-07-05"></head>')
    parsed = parse_html(html, None, None, fetched_at=FETCHED)
    assert parsed.published_at is not None
    assert parsed.published_at.isoformat() == "2026-07-05T00:00:00+07:00"
    assert parsed.origin["published_at"] == "pubdate (day only)"


def test_template_text_that_was_never_filled_in_is_no_text() -> None:
    text = read(
        article("<p>Phiên bản {{vm.version}} của {{ vm.name | date:'yyyy' }} đang được đội kỹ thuật kiểm tra.</p>")
    ).text
    assert "{{" not in text


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "windows-1258"])
def test_the_encoding_of_the_bytes_is_believed_not_the_declared_one(encoding: str) -> None:
    html = article().replace("charset='utf-8'", "charset='iso-8859-1'")
    body = to_windows_1258(html) if encoding == "windows-1258" else html.encode(encoding)
    assert read(body).text.split("\n")[1:] == PARAGRAPHS


def to_windows_1258(text: str) -> bytes:
    """The code page has base letters and combining tone marks."""
    written = b""
    for letter in unicodedata.normalize("NFC", text):
        try:
            written += letter.encode("windows-1258")
        except UnicodeEncodeError:
            base, *marks = unicodedata.normalize("NFD", letter)
            tones = [mark for mark in marks if mark in "\u0300\u0301\u0303\u0309\u0323"]
            others = [mark for mark in marks if mark not in tones]
            written += unicodedata.normalize("NFC", base + "".join(others)).encode("windows-1258")
            written += "".join(tones).encode("windows-1258")
    return written


@pytest.mark.parametrize("wrong", ["latin-1", "windows-1252"])
def test_text_encoded_once_too_often_is_repaired(wrong: str) -> None:
    twice = article().encode("utf-8").decode(wrong, errors="ignore" if wrong == "windows-1252" else "strict")
    if wrong == "latin-1":
        assert read(twice.encode("utf-8")).text.split("\n")[1:] == PARAGRAPHS
    else:
        # bytes that windows-1252 has no letter for are lost: half-repaired text is not passed on
        assert refusal(twice.encode("utf-8")).reason in ("undecodable", "not_text")


GATE = (
    b'<html><body><script>document.cookie="D1N=0123456789abcdef0123456789abcdef"+";'
    b' expires=Fri, 31 Dec 2099 23:59:59 GMT; path=/";window.location.reload(true);</script></body></html>'
)


@pytest.mark.parametrize(
    ("html", "reason"),
    [
        (b"", "empty"),
        (b"  \n\x00 ", "empty"),
        (GATE, "gate"),
        (b"<html><head><title>Just a moment...</title></head><body>Checking</body></html>", "gate"),
        (b"%PDF-1.7 ...", "not_text"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4, "not_text"),
        (bytes(range(1, 256)) * 40, "undecodable"),
        (b"<p>" + b"a" * 10_000_001, "too_long"),
        (page("<h1>404</h1><p>Không tìm thấy trang bạn yêu cầu.</p>", title="404 - Không tìm thấy"), "soft_404"),
        (page("<form><p>Đăng nhập</p><input name=u><input type=password name=p></form>", title="Đăng nhập"), "login"),
        (page("<p>Liên hệ tòa soạn qua thư điện tử.</p>", title="Liên hệ"), "not_article"),
        (page("", head='<meta property="article:published_time" content="2026-01-01T08:00:00+07:00">'), "no_body"),
    ],
    ids=lambda value: value if isinstance(value, str) and len(value) < 20 else "page",
)
def test_a_page_that_is_no_article_is_refused_with_its_reason(html: bytes | str, reason: str) -> None:
    assert refusal(html).reason == reason


def test_listings_and_front_pages_are_refused_by_structure_and_by_address() -> None:
    rows = "".join(
        f"<div><h3><a href='/cong-nhan-ha-linh-thi-dua-lap-thanh-tich-{number}.html'>Công nhân Hà Lĩnh lập thành tích"
        f" số {number}</a></h3><p>Tổ sản xuất số {number} hoàn thành kế hoạch trước hạn ba ngày.</p></div>"
        for number in range(30)
    )
    assert refusal(page(rows, title="Công đoàn")).reason == "listing"
    laodong = Sites()["laodong_vn"]
    assert refusal(article(), "https://laodong.vn/", laodong).reason == "home"
    assert refusal(article(), "https://laodong.vn/tags/thi-dua-354795.ldo", laodong).reason == "tag"


def test_teasers_with_their_headlines_in_links_are_a_listing_not_an_article() -> None:
    teasers = "".join(
        f'<div class="teaser"><h3><a href="/{number}">Công đoàn cơ sở số {number} ở Bình Khê mở lớp dạy nghề</a></h3>'
        f"<p>Lớp học thứ {number} mở vào tối thứ bảy cho thợ trẻ của các xưởng may, ai cũng được học không mất tiền, "
        "và được phát sách vở ngay buổi đầu.</p></div>"
        for number in range(1, 13)
    )
    assert refusal(page(f"<h1>Công đoàn</h1><div>{teasers}</div>", title="Công đoàn")).reason == "listing"


def test_an_article_that_calls_itself_the_front_page_is_still_an_article() -> None:
    canonical = '<link rel="canonical" href="https://vidu.example/">'
    published = '<meta property="article:published_time" content="2026-07-05">'
    assert read(article().replace("</head>", canonical + published + "</head>")).text.split("\n")[1:] == PARAGRAPHS


def test_a_refusal_names_the_layouts_that_were_tried_and_what_to_do() -> None:
    laodong = Sites()["laodong_vn"]
    url = "https://laodong.vn/cong-doan/vinh-khe-thi-dua-1812345.ldo"
    message = str(refusal(page("<h1>Vĩnh Khê thi đua</h1><p>Đang cập nhật.</p>"), url, laodong))
    assert message.startswith(url + ": ")
    assert "laodong_vn/2024: no body" in message
    assert message.endswith("add a layout to crawler/sites/laodong_vn.toml (`congdoan sites check laodong_vn`).")


def test_an_article_with_a_script_that_sets_a_cookie_is_no_gate() -> None:
    html = article("<script>document.cookie='a=b';window.location.reload();</script>")
    assert not is_gate(html.encode())
    assert is_gate(GATE)


def test_broken_markup_is_read_as_a_browser_would() -> None:
    html = article().replace("</p>", "").replace("</body></html>", "<div><p>").replace("<html>", "")
    assert read(html).text.split("\n")[1:] == PARAGRAPHS


# ------------------------------------------------------------------ what is broken or hostile
LINE = "<p>Tổ may số {} của xưởng Hà Lĩnh đề xuất một cách xếp vải mới, giúp cả chuyền làm nhanh hơn trước.</p>"


@pytest.mark.parametrize(
    ("html", "reason"),
    [
        ("<div>" * 10_000 + "Hà Lĩnh" + "</div>" * 10_000, "not_article"),
        ("<div>a " * 10_000 + "Hà Lĩnh", "no_title"),
        ("<table><tr><td>" * 5_000 + "x", "not_article"),
        ("<table><tr><td>a</td><td>b</td></tr></table>" * 5_000, "not_article"),
        ("<ul><li>" * 10_000 + "x", "not_article"),
        ("<a href='/a'><div>" * 1_500 + "x", "not_article"),
        ("<div " + " ".join(f"a{number}=1" for number in range(20_000)) + ">x</div>", "not_article"),
        ("<div class='sapo title date caption'>Ngày 03/09/2026 " * 3_000, "no_title"),
        ("<div><img src=a>" * 5_000 + "x", "not_article"),
        ("<p><strong>a b c</strong></p>" * 5_000, "not_article"),
        ("<script>" + "var a=1;" * 10_000 + "</script>", "empty"),
        ("<" * 300_000, "too_long"),
        ("<!--" * 100_000, "empty"),
        (b"<p>" + b"a" * 50_000_000, "too_long"),
    ],
    ids=lambda value: value if isinstance(value, str) and len(value) < 20 else "page",
)
@pytest.mark.timeout(60)
def test_markup_made_to_hurt_is_refused_in_bounded_time_and_memory(html: bytes | str, reason: str) -> None:
    url = "https://bao.example/tin-123.html"
    tracemalloc.start()
    refused = refusal(html, url)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert refused.reason == reason
    assert str(refused).startswith(f"{url}: ")
    assert peak < 250_000_000


@pytest.mark.parametrize(
    "script",
    [
        "[" * 100_000,
        "[" + '{"@type":"X"},' * 30_000 + "1]",
        '{"@graph":[' * 900,
        '{"@type":"NewsArticle","headline":"' * 9_000,
    ],
    ids=["deep", "wide", "graphs", "quotes"],
)
@pytest.mark.timeout(60)
def test_an_article_below_hostile_linked_data_is_read(script: str) -> None:
    html = article().replace("</head>", f'<script type="application/ld+json">{script}</script></head>')
    assert read(html).text.split("\n")[1:] == PARAGRAPHS


@pytest.mark.timeout(60)
def test_a_page_cut_off_and_one_of_a_thousand_paragraphs_are_read() -> None:
    long = article(paragraphs=[LINE.format(number) for number in range(1_000)])
    assert len(read(long).text.split("\n")) == 1_001
    assert len(read(long[:5_000]).text.split("\n")) > 20


@pytest.mark.timeout(60)
def test_a_line_printed_thirty_thousand_times_costs_no_more_than_as_many_lines() -> None:
    assert read(article(paragraphs=[LINE.format(7)] * 30_000)).text.count("\n") > 0


def test_an_address_that_is_none_is_named_and_hinders_nothing() -> None:
    assert read(article(), "http://[x").text.split("\n")[1:] == PARAGRAPHS
    assert str(refusal("<p>x", "http://[x")).startswith("http://[x: ")


@given(numbers=st.integers(min_value=0, max_value=10**9))
@settings(max_examples=60)
def test_pages_mutated_at_random_give_an_article_or_a_typed_refusal(numbers: int) -> None:
    page_bytes, url = fuzz_pages.spoilt(numbers, fuzz_pages.pages(shared=False))
    assert fuzz_pages.outcome(page_bytes, url, Sites()) in ("article", *REASONS)


@given(text=st.text(max_size=400), tags=st.lists(st.sampled_from(fuzz_pages.SOUP), max_size=30))
@settings(max_examples=60)
def test_any_text_between_any_tags_gives_an_article_or_a_typed_refusal(text: str, tags: list[str]) -> None:
    html = text.join(tags).encode("utf-8", errors="replace")
    assert fuzz_pages.outcome(html, None, Sites()) in ("article", *REASONS)


# ------------------------------------------------------------------ pages already turned into text
def test_a_text_has_title_date_and_lead_in_their_places() -> None:
    text = "\n".join(
        [
            "MỚI NHẤT",
            "Hội thao công nhân Hà Lĩnh",
            "",
            "HN LDO | 05/07/2026 11:20",
            *PARAGRAPHS,
            "Tin mới nhất",
            "Sao Khuê tuyển thợ",
        ]
    )
    parsed = parse_text(text, fetched_at=FETCHED)
    assert parsed.title == "Hội thao công nhân Hà Lĩnh"
    assert parsed.lead == PARAGRAPHS[0]
    assert parsed.published_at is not None
    assert parsed.published_at.isoformat() == "2026-07-05T11:20:00+07:00"
    assert parsed.published_raw == "HN LDO | 05/07/2026 11:20"
    assert clean_page(parsed).text.split("\n") == ["Hội thao công nhân Hà Lĩnh", *PARAGRAPHS]


def test_rows_between_bars_are_tables_boxed_paragraphs_or_related_titles() -> None:
    rows = ["| Khối | Sáng kiến |", "|---|---|", "| May mặc | 512 |"]
    boxed, related = f"| {PARAGRAPHS[1]} |", "| Tập huấn cho 4 người Phát huy vai trò cán bộ |"
    text = "\n".join(["Hội thao công nhân Hà Lĩnh", PARAGRAPHS[0], related, *rows, boxed, PARAGRAPHS[2]])
    cleaned = clean_page(parse_text(text, fetched_at=FETCHED))
    assert cleaned.text.split("\n")[1:] == [
        PARAGRAPHS[0],
        "Khối | Sáng kiến",
        "May mặc | 512",
        PARAGRAPHS[1],
        PARAGRAPHS[2],
    ]
    assert {line.line for line in cleaned.dropped} == {related, "--- | ---"}


def test_a_text_without_title_loses_no_line() -> None:
    cleaned = clean_page(parse_text("\n".join(PARAGRAPHS), fetched_at=FETCHED))
    assert cleaned.text.split("\n") == PARAGRAPHS
    assert cleaned.lead is None


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "empty"),
        (" \n\t\n", "empty"),
        ("công đoàn " * 250_000, "too_long"),
        ("0101 1010 9931 2231 " * 50, "not_text"),
        ("Trang chủ\nĐăng nhập\nTin mới nhất\n", "listing"),
        ("Vĩnh Khê", "too_short"),
    ],
)
def test_a_text_that_is_no_article_is_refused_with_its_reason(text: str, reason: str) -> None:
    with pytest.raises(PageNotUnderstood) as refused:
        parse_text(text, fetched_at=FETCHED)
    assert refused.value.reason == reason
