"""The section of an article, by the way that leads to it: crumbs, a line above the title, the menu."""

from __future__ import annotations

import re
from collections import Counter
from itertools import islice, takewhile
from urllib.parse import urlsplit

from pipeline.furniture import is_single_line
from pipeline.furniture_rules import opens, shipped
from pipeline.parse.dates import find_day
from pipeline.parse.dom import HEADINGS, Element, has_text
from pipeline.parse.metadata import is_address
from pipeline.parse.tree import Texts, Tree, key

MAX_SECTION_WORDS = 6
# elements above the title that hold its crumbs; the widest way seen is 30
MAX_ELEMENTS_ABOVE = 60
# more links on the way are a menu, unless the page calls them crumbs
MAX_STEPS, MAX_CRUMBS = 2, 5
# elements above the title among which its section stands alone, as a link
MAX_ELEMENTS_TO_SECTION = 10
# … and as a heading
MAX_ELEMENTS_TO_HEADING = 20
MAX_DEPTH = 6
MAX_LETTERS_OF_LINE = 80
MAX_LINKS_ASKED = 100
_HOST = re.compile(r"(?:https?:)?//([^/?#\s]{1,250})", re.IGNORECASE)
_NAMED = re.compile(r"(?:chuyên mục|danh mục|thể loại|mục)\s?:?\s(?P<section>[^:|]{2,60})", re.IGNORECASE)
_CATEGORY = re.compile(
    r"(?:^|[\s_-])(?:lbl)?(?:cat|cate|category|chuyen-?muc|section-name)(?:$|[\s_-]|name|title)", re.IGNORECASE
)
_ARROWS = frozenset(("›", "»", ">", "/", "→", "|", "-"))
_SUFFIX = re.compile(r"\.\w{2,5}$")
_ACTIVE = ", ".join(
    f"{around} {marked}"
    for around in ("nav", "[class*=menu]", "[id*=menu]")
    for marked in (
        "li.active > a",
        "a.active",
        "li.current > a",
        "li.current-menu-item > a",
        "a[aria-current]",
        "a.selected",
    )
)
_PAGES = frozenset(("chitiếttin", "chitiếtbàiviết", "tinchitiết", "nộidungchitiết", "chitiết"))
_NO_SECTIONS = frozenset(("bàiviết", "chitiết", "blog", "post", "article", "news"))
_HOME = frozenset(("trangchủ", "trangnhất", "home", "homepage", "trangchinh", "trangchính"))


def is_section(text: str, title: str) -> bool:
    """Whether a text may be a section's name: few words, neither the front page's name nor the title."""
    named = key(text) not in (*_HOME, *_PAGES, key(title)) and not find_day(text)
    return named and 0 < len(text.split()) <= MAX_SECTION_WORDS


def section_above(page: Tree, title: int) -> str:
    """Return the section that crumbs or a link above the title name, empty when there are none."""
    texts = page.texts
    said = texts.at(title)
    first = max(0, title - MAX_ELEMENTS_ABOVE)
    links = [one for one in range(first, title) if texts.nodes[one].tag == "a" and texts.letters(one)]
    links = [one for one in links if not _in_menu(texts, one)]
    home = next((one for one in reversed(links) if key(texts.at(one)) in _HOME and _leads_on(texts.nodes[one])), None)
    if home is None:
        return _link_right_above(page, links, title, said)
    steps = [one for one in links if one > home]
    named = [text for one in steps if is_section(text := texts.at(one), said)]
    if len(steps) > (MAX_CRUMBS if _is_named_crumb(texts.nodes[home]) else MAX_STEPS):
        return ""
    return named[-1] if named else _step_without_link(texts, home, title, said)


def _leads_on(home: Element) -> bool:
    """Whether something parts the front page's link from the next as crumbs are parted: an arrow, a list, a <nav>."""
    listed = any(around.tag in ("li", "nav", "ol") for around in islice(home.iterancestors(), MAX_DEPTH))
    following = home.getnext()
    drawn = following is not None and following.tag in ("img", "i", "span") and not has_text(following)
    return listed or drawn or bool((home.tail or "").strip())


def _in_menu(texts: Texts, number: int) -> bool:
    """Whether a link is one of a menu or a margin; a <nav> of a few links is the way to the page."""
    for around in islice(texts.nodes[number].iterancestors(), MAX_DEPTH) if texts.in_margin(number) else ():
        named = _names_of(around)
        if "crumb" in named:
            return False
        if around.tag == "nav":
            return "menu" in named or sum(1 for _ in around.iter("a")) > MAX_STEPS + 1
    return texts.in_margin(number)


def _is_named_crumb(link: Element) -> bool:
    return any("crumb" in _names_of(around) for around in islice(link.iterancestors(), MAX_DEPTH))


def _names_of(node: Element) -> str:
    return " ".join(node.get(name) or "" for name in ("class", "id", "aria-label")).casefold()


def _step_without_link(texts: Texts, home: int, title: int, said: str) -> str:
    """Return the last crumb after the front page's that is no link."""
    steps = [text for number in texts.lines(texts.end[home], title) if is_section(text := texts.at(number), said)]
    return steps[-1] if 0 < len(steps) <= MAX_STEPS else ""


def _link_right_above(page: Tree, links: list[int], title: int, said: str) -> str:
    """Return the link above the title that stands by itself or in a list of few, not in a menu."""
    texts = page.texts
    for number in reversed([one for one in links if title - one <= MAX_ELEMENTS_TO_SECTION]):
        text = texts.at(number)
        widget = is_single_line(text) and opens(text, shipped()) is None
        if is_section(text, said) and not widget and _is_of_site(texts, number):
            listed = any(around.tag == "li" for around in islice(texts.nodes[number].iterancestors(), MAX_DEPTH))
            few = _links_around(texts, number, title) <= (MAX_STEPS if listed else 1)
            return text if few or _is_step(texts, texts.nodes[number]) else ""
    return ""


def section_named(page: Tree, title: int) -> str:
    """Return the section that a line of the page names as such ("Chuyên mục: Đời sống"), nearest to the title first."""
    texts = page.texts
    lines = [one for one in texts.lines(0, len(texts.nodes)) if texts.letters(one) <= MAX_LETTERS_OF_LINE]
    for number in sorted(lines, key=lambda one: abs(one - title)):
        found = _NAMED.fullmatch(texts.at(number))
        if found and not texts.in_margin(number) and is_section(found["section"], texts.at(title)):
            return found["section"]
    return ""


def _is_step(texts: Texts, link: Element) -> bool:
    """Whether an arrow or a bar parts a link from the one before it."""
    before = link.getprevious()
    if before is None:
        return False
    return any(
        (between or "").strip() in _ARROWS for between in (before.tail or " ", texts.of(before)) if between.strip()
    )


def _is_of_site(texts: Texts, number: int) -> bool:
    """Whether a link leads to a page of the same site: to a path, or to the host that most of the first links name."""
    host = _host(texts.nodes[number])
    if not host:
        return True
    links = islice((node for node in texts.nodes if node.tag == "a"), MAX_LINKS_ASKED)
    return Counter(map(_host, links)).most_common(1)[0][0] in ("", host)


def _host(link: Element) -> str:
    found = _HOST.match((link.get("href") or "").strip())
    return found[1].casefold() if found else ""


def _links_around(texts: Texts, number: int, title: int) -> int:
    """Return how many links are in the largest element around one that holds not the title too."""
    outer = number
    for around in islice(texts.nodes[number].iterancestors(), MAX_DEPTH):
        if texts.contains(texts.number[around], title):
            break
        outer = texts.number[around]
    inside = range(outer, texts.end[outer])
    beside = 0
    if outer == number:  # links side by side, with no element of their own around them
        node = texts.nodes[number]
        either_way = (node.itersiblings(preceding=True), node.itersiblings())
        beside = sum(
            1 for way in either_way for _ in takewhile(lambda one: one.tag == "a", islice(way, MAX_LINKS_ASKED))
        )
    return beside + sum(texts.nodes[one].tag == "a" and texts.letters(one) > 0 for one in inside)


def section_set_above(page: Tree, title: int) -> str:
    """Return the line right above the title that is set as a heading, or that the page calls a category, empty when
    there is none."""
    texts = page.texts
    lines = texts.lines(max(0, title - MAX_ELEMENTS_TO_HEADING), title)
    above = [one for one in lines if not texts.contains(one, title)]
    if not above or texts.in_margin(above[-1]):
        return ""
    text, node = texts.at(above[-1]), texts.nodes[above[-1]]
    named = _CATEGORY.search(" ".join(map(_names_of, (node, *islice(node.iterancestors(), 1), *node))))
    set_apart = node.tag in HEADINGS or named
    return text if set_apart and is_section(text, texts.at(title)) else ""


def section_in_address(page: Tree, address: str | None) -> str:
    """Return what a menu calls the first part of the page's address ("/doi-song/…"), empty when none does."""
    path = urlsplit(address).path if address and is_address(address) else ""
    first = path.strip("/").partition("/")[0] if path.strip("/").count("/") else ""
    if not first:
        return ""
    for node in page.texts.nodes:
        if node.tag == "a" and _path_of(node) == first and is_section(text := page.texts.of(node), ""):
            return text if key(text) not in _NO_SECTIONS else ""
    return ""


def _path_of(link: Element) -> str:
    """Return the only part of the path that a link leads to, without its suffix; empty when there are several."""
    href = link.get("href") or ""
    return _SUFFIX.sub("", urlsplit(href).path.strip("/")) if href.startswith("/") or is_address(href) else ""


def section_marked(page: Tree) -> str:
    """Return the last item of a menu that is marked as the one the reader is in, empty when none is."""
    for node in reversed(page.select(_ACTIVE)[:MAX_LINKS_ASKED]):
        text = page.texts.of(node)
        if is_section(text, "") and not is_single_line(text) and page.texts.linked(page.texts.number[node]):
            return text
    return ""
