"""Six union portals that do not exist, each made like a kind that provinces run; every word of theirs is ours."""
# ruff: noqa: E501 - markup is easier to hold against a portal in its own long lines

from __future__ import annotations

import datetime as dt
import itertools
import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from html import escape

from newsserver import Answer, NewsServer

PER_PAGE = 6
STORIES = 24
VIETNAM = dt.timezone(dt.timedelta(hours=7))
_WHO = (
    "Công đoàn xã Vĩnh Khê",
    "Nghiệp đoàn bến cá Cửa Rạng",
    "Công đoàn Công ty May Hà Lĩnh",
    "LĐLĐ huyện Sơn Trà Hạ",
)
_DOES = ("bàn giao", "ký kết", "phát động", "sơ kết", "tổ chức")
_WHAT = ("nhà mái ấm cho đoàn viên", "thỏa ước lao động tập thể", "hội thi tay nghề thợ trẻ")
_FACTS = (
    "Tổ trưởng Đặng Thị Mơ kể rằng cả chuyền đã góp ý mười một lần trước khi bản cuối cùng được bỏ phiếu kín.",
    "Ban chấp hành thống nhất trích 42 triệu đồng từ quỹ tương trợ, phần còn lại do chủ xưởng và bà con góp thêm.",
    "Buổi chiều, các tổ chia nhau thăm 17 gia đình thợ nghèo ở xóm chài, mỗi nhà nhận một phần gạo và dầu ăn.",
    "Theo báo cáo đọc tại hội nghị, 318 đoàn viên mới đã được kết nạp kể từ đầu năm, vượt chỉ tiêu cấp trên giao.",
    "Ông Lý Văn Bền, chủ tịch công đoàn cơ sở, hứa sẽ đưa bữa ăn ca lên mức ba mươi nghìn đồng trước mùa mưa tới.",
    "Thợ máy Trần Hữu Khoan nhận bằng khen vì cách mài dao mới giúp máy cắt chạy lâu hơn hai ca mà không phải dừng.",
    "Lớp học buổi tối cho con công nhân sẽ mở lại vào thứ hai tuần sau ở nhà văn hóa, sách vở do thư viện cho mượn.",
)


@dataclass(frozen=True)
class Story:
    """An article of a portal; `number` is the newest's highest."""

    number: int
    section: int

    @property
    def title(self) -> str:
        who, does, what = [*itertools.product(_WHO, _DOES, _WHAT)][self.number * 7 % 60]
        return f"{who} {does} {what} lần thứ {self.number}"

    @property
    def lead(self) -> str:
        return f"Việc làm lần thứ {self.number} ấy kéo dài {self.number + 2} ngày và có mặt đông đủ các tổ, các chuyền."

    @property
    def lines(self) -> list[str]:
        return [f"Số {self.number}: {_FACTS[(self.number + step) % len(_FACTS)]}" for step in range(5)]

    @property
    def at(self) -> dt.datetime:
        return dt.datetime(2026, 8, 1, 8, 15, tzinfo=VIETNAM) + dt.timedelta(days=self.number, minutes=self.number)

    @property
    def author(self) -> str:
        return ("Thu Lan", "Minh Tuệ", "Hoài Nam")[self.number % 3]

    @property
    def slug(self) -> str:
        plain = unicodedata.normalize("NFD", self.title.lower().replace("đ", "d"))
        return re.sub(r"[^a-z0-9]+", "-", "".join(c for c in plain if not unicodedata.combining(c))).strip("-")


@dataclass
class Portal:
    """What a portal has put on a server: the path of each story, its sections, and the ids that they must be given."""

    name: str
    front: str
    sections: tuple[str, ...]
    path: Callable[[Story], str]
    id_of: Callable[[Story], str]
    stories: list[Story] = field(default_factory=list)


def stories(sections: int) -> list[Story]:
    """Return the stories of so many sections, newest first."""
    return [Story(number, number % sections) for number in range(STORIES, 0, -1)]


def pages_of(listed: Sequence[Story]) -> list[list[Story]]:
    """Return the pages of a listing."""
    return [list(listed[start : start + PER_PAGE]) for start in range(0, len(listed), PER_PAGE)]


def put(server: NewsServer, path: str, html: str, kind: str = "text/html; charset=utf-8", status: int = 200) -> None:
    """Answer a path with a text."""
    server.answers[path] = Answer(html.encode(), status=status, content_type=kind)


def links(chosen: Sequence[Story], path: Callable[[Story], str]) -> str:
    """Return a column of headlines."""
    return "".join(f'<li><a href="{escape(path(one))}">{one.title}</a></li>' for one in chosen)


# --------------------------------------------------------------------------- Liferay
def liferay(server: NewsServer) -> Portal:
    names = ("tin-cong-doan", "hoat-dong-co-so", "phong-trao-thi-dua")
    shown = ("Tin công đoàn", "Hoạt động cơ sở", "Phong trào thi đua")
    portlet = ("Qk7wXz", "Bm2nPv", "Zr8tLd")

    def path(one: Story) -> str:
        return f"/web/guest/{names[one.section]}/-/asset_publisher/{portlet[one.section]}/content/{one.slug}"

    def seen(one: Story) -> str:
        return path(one) + "?inheritRedirect=false&redirect=%2Fweb%2Fguest%2Fhome"

    every = stories(3)
    menu = "".join(
        f'<li><a href="/web/guest/{name}"><span>{text}</span></a></li>' for name, text in zip(names, shown, strict=True)
    )
    menu = (
        f'<li><a href="/web/guest/home">Trang chủ</a></li>{menu}<li><a href="/web/guest/gioi-thieu">Giới thiệu</a></li>'
    )
    menu += '<li><a href="/web/guest/lien-he">Liên hệ</a></li><li><a href="/web/en/home">English</a></li>'
    column = f'<div class="portlet-boundary xem-nhieu"><h2>Xem nhiều</h2><ul>{links(every[::7], seen)}</ul></div>'
    login = '<a href="/c/portal/login?p_l_id=20181">Đăng nhập</a>'

    def framed(title: str, inner: str) -> str:
        return (
            f'<!doctype html><html lang="vi-VN"><head><title>{title} - LĐLĐ tỉnh Vĩnh Khê</title></head><body class="guest-site">'
            f'<header id="banner"><div class="dong-ho">Thứ ba, 29/09/2026 10:20</div>{login}</header>'
            f'<nav id="navigation"><ul>{menu}</ul></nav><div id="content"><div class="columns-main">{inner}</div>{column}</div>'
            "<footer>LĐLĐ tỉnh Vĩnh Khê. Ghi rõ nguồn khi phát hành lại.</footer></body></html>"
        )

    for section, name in enumerate(names):
        listed = pages_of([one for one in every if one.section == section])
        for number, page in enumerate(listed, 1):
            own = f"/web/guest/{name}"
            cur = f"{own}?p_p_id=101_INSTANCE_{portlet[section]}&p_p_lifecycle=0&_101_INSTANCE_{portlet[section]}_cur="
            rows = "".join(
                f'<div class="asset-abstract"><h3 class="asset-title"><a href="{escape(seen(one))}"> {one.title} </a></h3>'
                f'<div class="asset-content"><div class="asset-summary">{one.lead}</div></div></div>'
                for one in page
            )
            turn = f'<li><a href="{escape(cur)}{number + 1}">Tiếp theo</a></li>' if number < len(listed) else ""
            pager = f'<ul class="pager lfr-pagination-buttons">{turn}</ul>'
            put(server, own if number == 1 else f"{cur}{number}", framed(shown[section], rows + pager))
    for one in every:
        body = "".join(f"<p>{line}</p>" for line in one.lines)
        inner = (
            f'<div class="breadcrumbs"><ul class="breadcrumb"><li><a href="/web/guest/home">Trang chủ</a></li>'
            f'<li><a href="/web/guest/{names[one.section]}">{shown[one.section]}</a></li></ul></div>'
            f'<h1 class="header-title"><span>{one.title}</span></h1><div class="metadata-publish-date">{one.at:%d/%m/%Y %H:%M}</div>'
            f'<div class="asset-content"><div class="journal-content-article"><p class="trich-yeu">{one.lead}</p>{body}'
            f'<p class="tac-gia">{one.author}</p></div></div>'
            f'<div class="tin-khac"><h4>Tin khác</h4><ul>{links([o for o in every if o.section == one.section][:4], seen)}</ul></div>'
        )
        put(server, path(one), framed(one.title, inner))
        server.answers[seen(one)] = server.answers[path(one)]
    put(server, "/web/guest/home", framed("Trang chủ", f'<div class="tin-moi"><ul>{links(every[:9], seen)}</ul></div>'))
    put(server, "/", "", status=302)
    server.answers["/"].headers["Location"] = "/web/guest/home"
    return Portal("liferay", "/", tuple(f"/web/guest/{name}" for name in names), path, lambda one: one.slug, every)


# --------------------------------------------------------------------------- WordPress
def wordpress(server: NewsServer) -> Portal:
    names, shown = ("hoat-dong", "chinh-sach"), ("Hoạt động công đoàn", "Chính sách mới")

    def path(one: Story) -> str:
        return f"/{one.at:%Y/%m/%d}/{one.slug}/"

    every = stories(2)
    menu = "".join(
        f'<li class="menu-item"><a href="/category/{name}/">{text}</a></li>'
        for name, text in zip(names, shown, strict=True)
    )
    aside = f'<aside class="widget-area"><section class="widget widget_recent_entries"><ul>{links(every[:5], path)}</ul></section>'
    aside += '<form action="/"><input name="s"></form><a href="/tag/mai-am/">mái ấm</a> <a href="/wp-login.php">Đăng nhập</a></aside>'

    def framed(title: str, inner: str) -> str:
        return (
            f'<!doctype html><html lang="vi"><head><title>{title} – Công đoàn Cửa Rạng</title><meta property="og:site_name" content="Công đoàn '
            'Cửa Rạng"><link rel="alternate" type="application/rss+xml" href="/feed/"><link rel="alternate" type="application/rss+xml" '
            'href="/comments/feed/"><link rel="stylesheet" href="/wp-content/themes/que/style.css"></head><body class="wp">'
            f'<nav class="main-navigation"><ul>{menu}<li><a href="/gioi-thieu/">Giới thiệu</a></li></ul></nav>'
            f'<main class="site-main">{inner}</main>{aside}</body></html>'
        )

    for section, name in enumerate(names):
        listed = pages_of([one for one in every if one.section == section])
        for number, page in enumerate(listed, 1):
            rows = "".join(
                f'<article class="post-{100 + one.number} post type-post"><h2 class="entry-title"><a href="{path(one)}" rel="bookmark">'
                f'{one.title}</a></h2><div class="entry-summary"><p>{one.lead}</p><a class="more-link" href="{path(one)}">Đọc tiếp</a></div>'
                "</article>"
                for one in page
            )
            turns = "".join(
                f'<span class="page-numbers current">{n}</span>' if n == number
                else f'<a class="page-numbers" href="/category/{name}/{f"page/{n}/" if n > 1 else ""}">{n}</a>'
                for n in range(1, len(listed) + 1)
            )  # fmt: skip
            own = f"/category/{name}/" if number == 1 else f"/category/{name}/page/{number}/"
            put(
                server,
                own,
                framed(shown[section], rows + f'<nav class="pagination"><div class="nav-links">{turns}</div></nav>'),
            )
    for one in every:
        body = "".join(f"<p>{line}</p>" for line in one.lines)
        inner = (
            f'<article class="post-{100 + one.number} post type-post"><header class="entry-header"><h1 class="entry-title">{one.title}</h1>'
            f'<div class="entry-meta"><time class="entry-date published" datetime="{one.at.isoformat()}">{one.at:%d/%m/%Y}</time> '
            f'<span class="byline"><span class="author vcard"><a href="/author/bbt/">{one.author}</a></span></span></div></header>'
            f'<div class="entry-content"><p class="sapo">{one.lead}</p>{body}<figure class="wp-caption"><img src="/a.jpg" alt="">'
            f'<figcaption class="wp-caption-text">Quang cảnh lần thứ {one.number}. Ảnh: {one.author}</figcaption></figure></div>'
            '<footer class="entry-footer"><a href="/tag/mai-am/" rel="tag">mái ấm</a></footer></article>'
        )
        put(server, path(one), framed(one.title, inner))
    put(server, "/", framed("Trang chủ", f'<div class="moi"><ul>{links(every[:8], path)}</ul></div>'))
    items = "".join(
        f"<item><title>{one.title}</title><link>{server.url(path(one))}</link></item>" for one in every[:10]
    )
    put(
        server,
        "/feed/",
        f'<?xml version="1.0"?><rss version="2.0"><channel><title>t</title>{items}</channel></rss>',
        "application/rss+xml",
    )
    maps = f"<sitemap><loc>{server.url('/wp-sitemap-posts-post-1.xml')}</loc></sitemap>"
    space = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
    put(
        server,
        "/wp-sitemap.xml",
        f'<?xml version="1.0"?><sitemapindex {space}>{maps}</sitemapindex>',
        "application/xml",
    )
    every_url = "".join(f"<url><loc>{server.url(path(one))}</loc></url>" for one in every)
    put(
        server,
        "/wp-sitemap-posts-post-1.xml",
        f'<?xml version="1.0"?><urlset {space}>{every_url}</urlset>',
        "application/xml",
    )
    robots = f"User-agent: *\nDisallow: /wp-admin/\nSitemap: {server.url('/wp-sitemap.xml')}\n"
    put(server, "/robots.txt", robots, "text/plain")
    return Portal(
        "wordpress",
        "/",
        tuple(f"/category/{name}/" for name in names),
        path,
        lambda one: f"{one.at:%Y-%m-%d}-{one.slug}",
        every,
    )


# --------------------------------------------------------------------------- SharePoint, ids begin anew in each list
def aspnet(server: NewsServer) -> Portal:
    names, shown = ("TinHoatDong", "DoiSongDoanVien"), ("Tin hoạt động", "Đời sống đoàn viên")
    every = stories(2)

    def path(one: Story) -> str:
        return f"/noidung/tintuc/Lists/{names[one.section]}/View_Detail.aspx?ItemID={(one.number + 1) // 2}"

    menu = "".join(
        f'<td><a href="/noidung/tintuc/Lists/{name}/View.aspx">{text}</a></td>'
        for name, text in zip(names, shown, strict=True)
    )

    def framed(inner: str) -> str:
        return (
            "<html><head><title>Công đoàn ngành Cảng cá</title></head><body><form action='./View.aspx'><input type='hidden' name='__VIEWSTATE' "
            f"value='d2hx'><table id='tblMenu' class='mnuTop'><tr><td><a href='/'>Trang chủ</a></td>{menu}<td><a href='/vanban/View.aspx'>Văn bản"
            f"</a></td></tr></table><table class='khung'><tr><td class='cotgiua'>{inner}</td><td class='cotphai'><ul class='tinnong'>"
            f"{links(every[:4], path)}</ul></td></tr></table></form></body></html>"
        )

    for section, name in enumerate(names):
        listed = pages_of([one for one in every if one.section == section])
        own = f"/noidung/tintuc/Lists/{name}/View.aspx"
        for number, page in enumerate(listed, 1):
            rows = "".join(
                f"<tr><td class='o-tin'><a class='tieude-tin' href='{path(one)}'>{one.title}</a><div class='trich'>{one.lead}</div></td></tr>"
                for one in page
            )
            turns = " ".join(f"<a href='{own}?Page={n}'>{n}</a>" for n in range(1, len(listed) + 1) if n != number)
            put(
                server,
                own if number == 1 else f"{own}?Page={number}",
                framed(f"<table>{rows}</table><div class='trang'>{turns}</div>"),
            )
    for one in every:
        body = "".join(f"<p>{line}</p>" for line in one.lines)
        put(
            server,
            path(one),
            framed(
                f"<div class='ctieude'>{one.title}</div><div class='cngay'>Ngày đăng: {one.at:%d/%m/%Y %H:%M}</div><div class='ctrich'>{one.lead}"
                f"</div><div class='cnoidung'>{body}</div><div class='ctacgia'>{one.author}</div>"
                f"<div class='tincu'>Tin cũ hơn<ul>{links(every[20:23], path)}</ul></div>"
            ),
        )
    put(server, "/", framed(f"<ul class='moinhat'>{links(every[:8], path)}</ul>"))
    sections = tuple(f"/noidung/tintuc/Lists/{name}/View.aspx" for name in names)
    return Portal("aspnet", "/", sections, path, lambda one: f"{names[one.section]}-{(one.number + 1) // 2}", every)


# --------------------------------------------------------------------------- tabid portal, its pager a script
def tabid(server: NewsServer) -> Portal:
    every = stories(2)
    shown = ("Tin công đoàn", "Thời sự lao động")

    def path(one: Story) -> str:
        return f"/Default.aspx?tabid={20 + one.section}&ID={one.number + 4}&CateID={7 + one.section}"

    menu = "".join(f'<li><a href="/Default.aspx?tabid={10 + n}">{text}</a></li>' for n, text in enumerate(shown))

    def framed(title: str, inner: str) -> str:
        return (
            f'<html><head><title>{title}</title><base href="{server.url("/")}"></head><body><div id="header"><span class="lblDate">Hôm nay, 29/09/2026'
            f'</span></div><div class="menu-ngang"><ul>{menu}<li><a href="/Default.aspx?tabid=30">Liên hệ</a></li></ul></div>'
            f'<div id="ctl00_Left" class="cot-trai"><ul>{links(every[2:7], path)}</ul></div><div id="ctl00_Content" class="noi-dung">{inner}</div>'
            "</body></html>"
        )

    for section, text in enumerate(shown):
        first = [one for one in every if one.section == section][:8]
        rows = "".join(
            f'<div class="tin"><a class="lnkTitle" href="{escape(path(one))}">{one.title}</a><br>{one.lead}</div>'
            for one in first
        )
        turn = """<div class="phan-trang"><a href="javascript:__doPostBack('ctl00$pager','2')">2</a></div>"""
        put(server, f"/Default.aspx?tabid={10 + section}", framed(text, rows + turn))
    for one in every:
        body = "".join(f"<p>{line}</p>" for line in one.lines)
        inner = (
            f'<span id="ctl00_lblTitle" class="lblTitle">{one.title}</span><br><span class="lblNgay">({one.at:%d/%m/%Y})</span>'
            f'<div class="lblMoTa">{one.lead}</div><div class="lblNoiDung">{body}</div><div class="lblTacGia">{one.author}</div>'
        )
        put(server, path(one), framed(one.title, inner))
    put(server, "/", framed("Công đoàn Hà Lĩnh", f'<ul class="noi-bat">{links(every[:8], path)}</ul>'))
    put(server, "/robots.txt", "User-agent: *\nCrawl-delay: 0.1\nDisallow: /Admin/\n", "text/plain")
    return Portal(
        "tabid",
        "/",
        tuple(f"/Default.aspx?tabid={10 + n}" for n in range(2)),
        path,
        lambda one: str(one.number + 4),
        every,
    )


# --------------------------------------------------------------------------- slug and a small number, pages by name
def slugs(server: NewsServer) -> Portal:
    names, shown = ("tin-tuc", "guong-sang"), ("Tin tức", "Gương sáng đoàn viên")
    every = stories(2)

    def path(one: Story) -> str:
        return f"/vi/{names[one.section]}/{one.slug}-{one.number + 6}.html"

    menu = "".join(f'<li><a href="/vi/{name}.html">{text}</a></li>' for name, text in zip(names, shown, strict=True))
    menu += '<li><a href="/vi/thu-vien-anh/">Thư viện ảnh</a></li><li><a href="/vi/tim-kiem.html">Tìm kiếm</a></li>'

    def framed(title: str, inner: str) -> str:
        return (
            f'<!doctype html><html lang="vi"><head><title>{title}</title><meta property="og:site_name" content="Công đoàn Sơn Trà Hạ"></head><body>'
            f'<div class="top-menu"><ul>{menu}</ul></div><div class="row"><div class="col-md-16 main">{inner}</div><div class="col-md-8"><div '
            f'class="block-hot"><ul>{links(every[:3], path)}</ul></div><div class="block-view"><ul>{links(every[-4:], path)}</ul></div></div></div>'
            '<div class="foot"><a href="/vi/rss.xml">RSS</a></div></body></html>'
        )

    for section, name in enumerate(names):
        listed = pages_of([one for one in every if one.section == section])
        for number, page in enumerate(listed, 1):
            rows = "".join(
                f'<div class="news_item"><a href="{path(one)}" title="{one.title}"><img src="/a.jpg" alt=""></a><h3><a href="{path(one)}">{one.title}'
                f'</a></h3><p class="gioi-thieu">{one.lead}</p></div>'
                for one in page
            )
            turn = (
                f'<li class="next"><a href="/vi/{name}/trang-{number + 1}.html">Trang sau</a></li>'
                if number < len(listed)
                else ""
            )
            own = f"/vi/{name}.html" if number == 1 else f"/vi/{name}/trang-{number}.html"
            put(
                server,
                own,
                framed(
                    shown[section],
                    f'{rows}<ul class="pagination"><li class="active"><a href="{own}">{number}</a></li>{turn}</ul>',
                ),
            )
    for one in every:
        body = "".join(f"<p>{line}</p>" for line in one.lines)
        inner = (
            f'<ol class="breadcrumb"><li><a href="/">Trang chủ</a></li><li><a href="/vi/{names[one.section]}.html">{shown[one.section]}</a></li></ol>'
            f'<div class="news_detail"><h1 class="title">{one.title}</h1><span class="ngay-dang">{one.at:%H:%M} | {one.at:%d/%m/%Y}</span>'
            f'<div class="hometext">{one.lead}</div><div class="detail-body">{body}<div class="tin-lien-quan"><a href="{path(every[9])}">{every[9].title}'
            f'</a></div></div><div class="tac-gia">{one.author}</div><div class="in-bai"><a href="/print{path(one)}">In bài</a></div></div>'
        )
        put(server, path(one), framed(one.title, inner))
    put(server, "/", framed("Trang nhất", f'<div class="tin-dau"><ul>{links(every[:8], path)}</ul></div>'))
    items = "".join(
        f"<item><title>{one.title}</title><link>{server.url(path(one))}</link></item>" for one in every[:10]
    )
    put(
        server,
        "/vi/rss.xml",
        f'<?xml version="1.0"?><rss version="2.0"><channel><title>t</title>{items}</channel></rss>',
        "application/rss+xml",
    )
    return Portal(
        "slugs", "/", tuple(f"/vi/{name}.html" for name in names), path, lambda one: str(one.number + 6), every
    )


# --------------------------------------------------------------------------- "/-/" and two numbers, the second a section's
def dashes(server: NewsServer) -> Portal:
    names, shown = ("tin-hoat-dong", "nguoi-lao-dong"), ("Tin hoạt động", "Người lao động")
    every = stories(2)

    def path(one: Story) -> str:
        return f"/{names[one.section]}/-/chi-tiet/{one.slug}-{one.number + 1180}-{3 + one.section}"

    menu = "".join(
        f'<a class="dropdown-item" href="/{name}">{text}</a>' for name, text in zip(names, shown, strict=True)
    )

    def framed(title: str, inner: str) -> str:
        return (
            f'<!doctype html><html><head><title>{title} | Công đoàn Bình Khê</title></head><body><nav class="navbar">{menu}</nav><section class="trai">'
            f'{inner}</section><section class="phai"><div class="doc-nhieu"><ul>{links(every[1:30:6], path)}</ul></div></section></body></html>'
        )

    for section, name in enumerate(names):
        listed = pages_of([one for one in every if one.section == section])
        for number, page in enumerate(listed, 1):
            rows = "".join(
                f'<div class="card-tin"><h4><a href="{path(one)}">{one.title}</a></h4><p>{one.lead}</p></div>'
                for one in page
            )
            turns = "".join(f'<a href="/{name}?start={(n - 1) * PER_PAGE}">{n}</a>' for n in range(2, len(listed) + 1))
            own = f"/{name}" if number == 1 else f"/{name}?start={(number - 1) * PER_PAGE}"
            put(server, own, framed(shown[section], f'<div class="ds">{rows}</div><div class="so-trang">{turns}</div>'))
    for one in every:
        body = "<br><br>".join(one.lines)
        inner = (
            f'<h2 class="ten-bai">{one.title}</h2><p class="thoi-gian">Thứ tư, {one.at:%d-%m-%Y | %H:%M}</p><div class="bai-viet"><div '
            f'class="tom-tat"><strong>{one.lead}</strong></div><div class="toan-van">{body}</div></div><p class="but-danh"><b>{one.author}</b></p>'
        )
        put(server, path(one), framed(one.title, inner))
    put(server, "/", framed("Trang chủ", f'<ul class="moi">{links(every[:10], path)}</ul>'))
    return Portal("dashes", "/", tuple(f"/{name}" for name in names), path, lambda one: str(one.number + 1180), every)
