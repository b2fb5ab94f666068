"""What a page of an unknown site says of its listings: menu, feeds, and how a section goes on."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from urllib.parse import urljoin, urlsplit

from crawler.archive import Capture
from pipeline.parse import PageNotUnderstood, decode
from pipeline.parse.dom import Element, attribute, parse_document, select, text_of
from pipeline.sitedraft.addresses import Link

MAX_MENU_WORDS = 6
DEEPEST_SECTION = 3  # parts of a section's path
_MENUS = "nav a, header a, [class*=menu] a, [id*=menu] a, [class*=nav] a"
_NO_SECTION = re.compile(
    r"\.(?:xml|rss|jpe?g|png|gif|pdf|docx?|xlsx?|mp4|zip)$|/(?:rss|tags?|lien-he|gioi-thieu|tim-kiem|search|login|dang-nhap|amp)\b",
    re.I,
)
_FEEDLIKE = re.compile(r"\.rss$|/rss|/feed\b|rss\.(?:xml|aspx)$|feed\.xml$", re.I)
_TURN = re.compile(r"^(?P<before>\D*)(?P<n>\d{1,6})(?P<after>\D*)$")


def tree_of(capture: Capture) -> Element | None:
    """Return the page's tree, None where it cannot be read."""
    try:
        return parse_document(decode(capture.body, content_type=capture.content_type, where=capture.url))
    except PageNotUnderstood:
        return None


def links_of(capture: Capture, css: str = "a") -> tuple[Link, ...]:
    """Return the links of a page to its own host, in order."""
    root = tree_of(capture)
    return tuple(_own(root, capture.url, css)) if root is not None else ()


def _own(root: Element, page: str, css: str) -> Iterator[Link]:
    for node in select(root, css):
        try:
            url = urljoin(page, (attribute(node, "href") or "").strip())
            same = urlsplit(url).netloc.lower() == urlsplit(page).netloc.lower()
        except ValueError:
            continue  # "http://[": no address
        if same and urlsplit(url).scheme in ("http", "https"):
            yield Link(url, text_of(node) or (attribute(node, "title") or ""))


def menu_links(capture: Capture) -> tuple[str, ...]:
    """Return the addresses of the page's menu that may be sections, without the front page."""
    found = (link for link in links_of(capture, _MENUS) if 0 < len(link.text.split()) <= MAX_MENU_WORDS)
    addresses = dict.fromkeys(link.url.split("#")[0] for link in found)
    return tuple(url for url in addresses if _may_be_section(url))


def _may_be_section(url: str) -> bool:
    parts = urlsplit(url)
    steps = [step for step in parts.path.split("/") if step]
    if _NO_SECTION.search(parts.path) or len(steps) > DEEPEST_SECTION:
        return False
    return bool(steps or parts.query)


def feed_links(capture: Capture) -> tuple[str, ...]:
    """Return the addresses that a page names as feeds: in its head first."""
    stated = links_of(capture, "link[rel=alternate][type*=rss], link[rel=alternate][type*=atom]")
    linked = (link for link in links_of(capture) if _FEEDLIKE.search(urlsplit(link.url).path))
    return tuple(dict.fromkeys(link.url for link in (*stated, *linked)))


def paging_of(section: str, links: Iterable[Link]) -> tuple[str, int | None] | None:
    """Return (template of page N, page size where pages go by offset) from a section's pager; None without one."""
    turns: dict[tuple[str, str], set[int]] = {}
    for link in links:
        rest = link.url.removeprefix(section.rstrip("/"))
        if rest != link.url and (found := _TURN.match(rest)) and not link.may_be_headline:
            turns.setdefault((found["before"], found["after"]), set()).add(int(found["n"]))
    for (before, after), numbers in sorted(turns.items(), key=lambda one: -len(one[1])):
        later = sorted(number for number in numbers if number > 1)
        if not later or "{" in before + after or "}" in before + after:
            continue
        if section.endswith("/") and not before.startswith("/"):
            continue  # the pager's address is not the section's with something behind it
        start = "{section}" + (before.removeprefix("/") if section.endswith("/") else before)
        if later[0] == 2:
            return start + "{n}" + after, None
        if all(number % later[0] == 0 for number in later):
            return start + "{offset}" + after, later[0]
    return None
