"""What a page of an unknown site says of its listings: menu, feeds and sitemaps."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from urllib.parse import urljoin, urlsplit, urlunsplit

from crawler.archive import Capture
from pipeline.parse import PageNotUnderstood, decode
from pipeline.parse.dom import Element, attribute, parse_document, select, text_of
from pipeline.sitedraft.addresses import Link

MAX_MENU_WORDS = 6
DEEPEST_SECTION = 5  # parts of a section's path
MOST_SECTIONS = 25  # a portal's menu can name hundreds of pages
_MENUS = ", ".join(
    (
        "nav a",
        "header a",
        *(f"[{kind}*={name}] a" for kind in ("class", "id") for name in ("menu", "Menu", "nav", "Nav")),
    )
)
_NO_SECTION = re.compile(
    r"\.(?:xml|rss|jpe?g|png|gif|pdf|docx?|xlsx?|mp4|zip)$|/(?:rss|feed|tags?|lien-he|contact|gioi-thieu|about|tim-kiem|search|login|"
    r"dang-nhap|amp|sitemap|wp-[a-z]+|van-ban[a-z-]*|video[a-z-]*|thu-vien[a-z-]*|hoi-dap|gop-y|so-do[a-z-]*|en|english|wps)(?:[/.]|$)",
    re.I,
)
_NO_NEWS = re.compile(
    r"\b(?:trang chủ|giới thiệu|liên hệ|văn bản|thủ tục|sơ đồ|lịch (?:công tác|làm việc)|hỏi đáp|góp ý|thư viện|video|"
    r"hình ảnh|đăng nhập|đăng ký|tìm kiếm|english|cơ cấu|tổ chức bộ máy|danh bạ|tài liệu|tài khoản|thư điện tử|rss|"
    r"quên mật khẩu)\b",
    re.I,
)
_NEWS = re.compile(
    r"\b(?:tin|hoạt động|công đoàn|sự kiện|phong trào|thời sự|đoàn viên|người lao động|chính sách|bài viết|thi đua|"
    r"việc làm)\b",
    re.I,
)
_UNION = re.compile(r"công đoàn|đoàn viên|lao động|phong trào|thi đua|cơ sở", re.I)
_FEEDLIKE = re.compile(r"\.rss$|/rss|/feed\b|rss\.(?:xml|aspx)$|feed\.xml$", re.I)
_NO_FEED = re.compile(r"/comments?/|/binh-luan/", re.I)
_MADE_BY_WORDPRESS = re.compile(rb"/wp-(?:content|includes|json)/")


def tree_of(capture: Capture) -> Element | None:
    """Return the page's tree, None where it cannot be read."""
    try:
        return parse_document(decode(capture.body, content_type=capture.content_type, where=capture.url))
    except PageNotUnderstood:
        return None


def links_of(capture: Capture, css: str = "a") -> tuple[Link, ...]:
    """Return the links of a page to its own host, www or not, in order, by the page's own scheme and host."""
    root = tree_of(capture)
    return tuple(own_links(root, capture.url, css)) if root is not None else ()


def own_links(root: Element, page: str, css: str) -> Iterator[Link]:
    """Give the links among the elements that a selector finds."""
    for node in select(root, css):
        if (url := address_of(node, root, page)) is not None:
            yield Link(url, text_of(node) or (attribute(node, "title") or _picture_text(node)))


def address_of(node: Element, root: Element, page: str) -> str | None:
    """Return the whole address of a link to the page's own host, None for any other and for scripts."""
    base = next((attribute(one, "href") for one in select(root, "base[href]")), "")
    try:
        # the tree has its bytes repaired, an address must not be: the attribute is taken as it is
        url = urljoin(urljoin(page, base), (node.get("href") or "").strip())
    except ValueError:
        return None
    return own_address_of(url, page)


def own_address_of(url: str, page: str) -> str | None:
    """Return an address by the scheme and host of a page, None where it is on another host (www or not is the same)."""
    try:
        parts, own = urlsplit(url), urlsplit(page)
    except ValueError:
        return None  # "http://[": no address
    if parts.scheme not in ("http", "https"):
        return None
    if parts.netloc.lower().removeprefix("www.") != own.netloc.lower().removeprefix("www."):
        return None
    return urlunsplit(parts._replace(scheme=own.scheme, netloc=own.netloc))


def _picture_text(node: Element) -> str:
    return next((text for picture in select(node, "img[alt]") if (text := attribute(picture, "alt"))), "")


def menu_links(capture: Capture) -> tuple[Link, ...]:
    """Return the links of the page's menu, without the front page; all its short links where it has no menu."""
    found = [*_short(links_of(capture, _MENUS), capture.url)]
    if not found:
        found = [link for link in _short(links_of(capture), capture.url) if _NEWS.search(link.text)]
    return tuple({link.url: link for link in reversed(found)}.values())[::-1]


def _short(links: Iterable[Link], page: str) -> Iterator[Link]:
    for link in links:
        url = link.url.split("#")[0]
        parts = urlsplit(url)
        if 0 < len(link.text.split()) <= MAX_MENU_WORDS and url != page and (parts.path.strip("/") or parts.query):
            yield Link(url, link.text)


def section_links(menu: Iterable[Link]) -> tuple[Link, ...]:
    """Return of a menu what may list news: what is named for unions first, then what is named for news."""
    may = [link for link in menu if _may_be_section(link)]
    may.sort(key=lambda link: (not _UNION.search(link.text), not _NEWS.search(link.text)))
    return tuple(may[:MOST_SECTIONS])


def _may_be_section(link: Link) -> bool:
    parts = urlsplit(link.url)
    steps = [step for step in parts.path.split("/") if step]
    return not (_NO_SECTION.search(parts.path) or _NO_NEWS.search(link.text) or len(steps) > DEEPEST_SECTION)


def feed_links(capture: Capture) -> tuple[str, ...]:
    """Return the addresses that a page names as feeds: in its head first."""
    stated = links_of(capture, "link[rel=alternate][type*=rss], link[rel=alternate][type*=atom]")
    linked = (link for link in links_of(capture) if _FEEDLIKE.search(urlsplit(link.url).path))
    return tuple(dict.fromkeys(link.url for link in (*stated, *linked) if not _NO_FEED.search(link.url)))


def usual_feed(capture: Capture) -> str:
    """Return where a feed usually is on a site of this making."""
    return urljoin(capture.url, "/feed/" if _MADE_BY_WORDPRESS.search(capture.body) else "/rss")


def usual_sitemap(capture: Capture) -> str:
    """Return where a sitemap usually is on a site of this making."""
    return urljoin(capture.url, "/wp-sitemap.xml" if _MADE_BY_WORDPRESS.search(capture.body) else "/sitemap.xml")
