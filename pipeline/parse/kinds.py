"""What sort of page this is, told by its structure: an article, or one of the pages that are none."""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import urlsplit

from crawler.site import Site
from pipeline.parse.dom import Element, attribute, select, text_of
from pipeline.parse.metadata import is_address
from pipeline.parse.refusal import Reason
from pipeline.parse.tree import Tree

# what a page of titles is: no article, whatever it lists
LISTS: tuple[Reason, ...] = ("listing", "tag", "topic")

_NOT_FOUND = re.compile(
    r"\b404\b|not found|không tìm thấy|không tồn tại|đã bị (?:xóa|xoá|gỡ)|trang báo lỗi|page (?:is )?unavailable", re.I
)
_FRONT = re.compile(r"/?(?:(?:index|default|home|trang-chu)(?:\.\w{2,5})?/?)?", re.I)
_TAG = re.compile(r"/(?:tags?|tu-khoa|the)(?:/|$)|\.tag\b", re.I)
_TOPIC = re.compile(r"/(?:chu-de|chuyen-de|event|events|su-kien|dong-su-kien|topic|topics)(?:/|$|\.)|\.topic\b", re.I)
_TAG_HEADING = re.compile(r"(?:tags?|từ kh(?:óa|oá)|thẻ)\s*:", re.I)
_TOPIC_HEADING = re.compile(r"(?:chủ đề|chuyên đề|sự kiện|dòng sự kiện)\s*:", re.I)
_SUBSCRIBERS_ONLY = re.compile(
    r"(?:bài viết|nội dung|phần còn lại)[^.]{0,40} dành (?:riêng )?cho"
    r"[^.]{0,20} (?:thuê bao|vip|hội viên|người đăng ký|bạn đọc vip)"
    r"|(?:đăng nhập|đăng ký|mua gói|nạp tiền|trả phí)[^.]{0,40} để (?:đọc|xem) (?:tiếp|toàn bộ|đầy đủ|hết|trọn)",
    re.I,
)
_PAYWALL_NAMES = frozenset(
    ("paywall", "paywall-box", "box-paywall", "premium-content", "vip-content", "box-vip", "subscribe-wall")
)
# links to pages that look like articles: a slug of five words or more
_ARTICLE_LINK = re.compile(r"/[^/?#]*(?:[a-z0-9]+-){5,}[^/?#]*$", re.I)
# an article page shows 20 to 60 such links besides its text; a section page shows more of them than paragraphs
MIN_LISTED_LINKS = 15
# "not found" pages say little besides their menus; articles about lost things say more
MAX_WORDS_NOT_FOUND = 600
MAX_WORDS_BARE = 150
# letters that the shell of an application prints besides its menu: an imprint, "Đang tải …"
MAX_LETTERS_OF_SHELL = 400
_APPLICATION = (
    "[id=__next], [id=__nuxt], [id=__layout], [id=root], [id=app], [id=app-root], [id=___gatsby], [ng-version],"
    " app-root, [data-reactroot]"
)
MIN_TITLES_LISTED = 3
# a teaser opens with its headline, which is a link; paragraphs open so by exception
HEADLINE_WORDS = 5
MAX_HEADLINE_SHARE = 0.4
# words of running text in links, out of all words of the page
MIN_LISTING_LINK_SHARE = 0.5


def kind_by_address(url: str | None, site: Site | None) -> Reason | None:
    """Return why the address alone cannot be an article's, or None."""
    if url is None or not is_address(url):
        return None
    path = urlsplit(url).path
    if _FRONT.fullmatch(path) and not urlsplit(url).query:
        return "home"
    if site is not None and site.owns(url) and site.denies(url):
        return _listed_at(path) or "listing"
    return None


def listed_by(root: Element, url: str | None) -> Reason:
    """Return what a page of titles lists, by its address or its heading: those of a tag, a topic or a section."""
    heading = next((text_of(node) for node in select(root, "h1")[:1]), "")
    if _TAG_HEADING.match(heading):
        return "tag"
    if _TOPIC_HEADING.match(heading):
        return "topic"
    return (_listed_at(urlsplit(url).path) if url and is_address(url) else None) or "listing"


def _listed_at(path: str) -> Reason | None:
    return "tag" if _TAG.search(path) else "topic" if _TOPIC.search(path) else None


def is_shell(page: Tree) -> bool:
    """Whether a page is what an application is put into in the browser: no text, or an empty place for it beside the
    menu; one that lists titles is not."""
    texts = page.texts
    body = next((texts.number[node] for node in page.root if node.tag == "body"), 0)
    if not texts.letters(body):
        return True
    if texts.letters(body) - texts.linked(body) > MAX_LETTERS_OF_SHELL or not page.select(_APPLICATION):
        return False
    links = (one for one, node in enumerate(texts.nodes) if node.tag == "a")
    return sum(texts.words(one) > HEADLINE_WORDS for one in links) < MIN_TITLES_LISTED


def kind_by_structure(page: Tree, url: str | None = None) -> Reason:
    """Return what a page is that no layout reads as an article."""
    root = page.root
    title = " ".join(text_of(node) for node in select(root, "title, h1")[:2])
    words = page.texts.words(page.texts.number[root])
    says_so = _NOT_FOUND.search(title) or (words < MAX_WORDS_BARE and _NOT_FOUND.search(text_of(root)))
    if says_so and words < MAX_WORDS_NOT_FOUND:
        return "soft_404"
    if select(root, "input[type=password]") and words < 300:
        return "login"
    links = select(root, "a[href]")
    listed = {href for link in links if _ARTICLE_LINK.search(href := attribute(link, "href"))}
    linked_words = sum(len(text_of(link).split()) for link in links)
    if len(listed) >= MIN_LISTED_LINKS or (words > 50 and linked_words > MIN_LISTING_LINK_SHARE * words):
        return listed_by(root, url)
    return "not_article"


def is_stub(page: Tree, paid: bool) -> bool:
    """Whether a page of a few lines says that the rest is for subscribers."""
    return paid or bool(_PAYWALL_NAMES & page.names) or bool(_SUBSCRIBERS_ONLY.search(text_of(page.root)))


def is_list_of_links(root: Element, lines: Sequence[str]) -> bool:
    """Whether what was read as a body is teasers: lines that open with the words of a link."""
    headlines = {tuple(words[:HEADLINE_WORDS]) for link in select(root, "a[href]") if (words := text_of(link).split())}
    opened = sum(
        tuple(line.split()[:HEADLINE_WORDS]) in headlines for line in lines if len(line.split()) > HEADLINE_WORDS
    )
    return opened > MAX_HEADLINE_SHARE * max(1, len(lines))


_TITLE_NOT_FOUND = re.compile(
    # the number of the error stands alone: "Trao 404 suất quà Tết" is an article
    r"^404\s*(?:$|[-–|:.!])|[-–|:]\s*404$|\b(?:lỗi|error|http|page|trang)\s404\b"
    r"|not found|không tìm thấy trang|trang báo lỗi"
    r"|^(?:rất tiếc|xin lỗi|lỗi|thông báo)?[\s,:!.–-]*(?:trang|bài viết|nội dung|đường dẫn|liên kết|tin tức)"
    r"(?: (?:này|bạn|mà|đang|cần|tìm|kiếm|yêu|cầu|truy|cập|hiện))*"
    r" (?:không (?:còn )?tồn tại|không (?:được )?tìm thấy|(?:đã )?bị (?:xóa|xoá|gỡ)(?: bỏ)?)"
    r"(?: hoặc .{0,40})?[\s.!]*$",
    re.I,
)


def is_not_found(title: str) -> bool:
    """Whether a title says that there is no such page."""
    return len(title.split()) <= 16 and bool(_TITLE_NOT_FOUND.search(title))
