"""The section of an article, by the way that leads to it: crumbs, or a link above the title."""

from __future__ import annotations

import re
from collections import Counter
from itertools import islice, takewhile

from pipeline.furniture import is_single_line
from pipeline.furniture_rules import opens, shipped
from pipeline.parse.dates import find_day
from pipeline.parse.dom import Element, has_text, text_of
from pipeline.parse.texts import Texts, key
from pipeline.parse.tree import Tree

MAX_SECTION_WORDS = 6
# elements above the title that hold its crumbs; the widest way seen is 30
MAX_ELEMENTS_ABOVE = 60
# more links on the way are a menu, unless the page calls them crumbs
MAX_STEPS, MAX_CRUMBS = 2, 5
MAX_ELEMENTS_BETWEEN_STEPS = 8
# letters of a whole way, and signs that part a menu as well as a way
MAX_LETTERS_OF_WAY = 120
# elements above the title among which its section stands alone, as a link
MAX_ELEMENTS_TO_SECTION = 10
MAX_DEPTH = 6
MAX_LINKS_ASKED = 100
_HOST = re.compile(r"(?:https?:)?//([^/?#\s]{1,250})", re.IGNORECASE)
_ARROWS = frozenset(("›", "»", ">", "/", "→", "|", "-"))
_BARS = frozenset(("/", "|", "-"))
_PARTING = " ›»>/→|-–"
# what systems call the page of any article, and the words before the way to it
_NO_SECTION = re.compile(
    r"chi tiết\b|.{0,12}\bchi tiết$|(?:bạn đang (?:ở|xem)|you are here)\b|[^:]{0,60}:$|[\W\d_]{1,60}$"
    r"|(?:chưa (?:được )?phân loại|uncategori[sz]ed|không phân loại)$"
    r"|(?:tất cả|all)(?: (?:các )?(?:bài viết|bài|tin|tin tức|posts))?$"
    r"|(?:thể loại|chuyên mục|danh mục|categor(?:y|ies))$"
    r"|(?:posts?|articles?|blog)$|[‹«<←]|(?:quay lại|trở (?:lại|về))\b"
    r"|(?:liên hệ|góp ý|sơ đồ (?:site|trang|website)|english|tiếng việt|rss)$",
    re.IGNORECASE,
)
_SUFFIX = re.compile(r"(?:\.\w{2,5}|/)$")
HOME = frozenset(("trangchủ", "trangnhất", "home", "homepage", "trangchinh", "trangchính"))


def is_section(text: str, title: str) -> bool:
    """Whether a text may be a section's name: few words, neither the front page's name nor the title."""
    return 0 < len(text.split()) <= MAX_SECTION_WORDS and not names_no_section(text, title) and not find_day(text)


def names_no_section(text: str, title: str) -> bool:
    """Whether a text is what stands in the place of a section's name: the front page, the title, "Chưa phân loại"."""
    is_title = len(text.split()) > MAX_SECTION_WORDS and key(title).startswith(key(text))
    return is_title or key(text) in (*HOME, key(title)) or bool(_NO_SECTION.match(text))


def section_above(page: Tree, title: int, host: str) -> str:
    """Return the section that crumbs or a link above the title name, empty when there are none.

    Args:
        host: of the page's address, empty when it is not known.
    """
    texts = page.texts
    said = texts.at(title)
    first = max(0, title - MAX_ELEMENTS_ABOVE)
    links = [one for one in range(first, title) if texts.nodes[one].tag == "a" and texts.letters(one)]
    links = [one for one in links if not in_menu(texts, one) and texts.nodes[one].get("rel") != "author"]
    home = next((one for one in reversed(links) if key(texts.at(one)) in HOME and _leads_on(texts.nodes[one])), None)
    if home is None:
        return _link_right_above(page, links, title, host)
    beyond = _end_of_way(texts, home, links)
    steps = [one for one in links if home < one < beyond]
    named = [text for one in steps if is_section(text := texts.at(one), said)]
    if len(steps) > (MAX_CRUMBS if _is_named_crumb(texts.nodes[home]) else MAX_STEPS):  # a menu
        return _link_right_above(page, links, title, host)
    if named:
        return _written_last(texts, home, steps[-1], said) or named[-1]
    return _step_without_link(texts, home, title, said)


def _written_last(texts: Texts, home: int, last: int, said: str) -> str:
    """Return the step that a way prints behind its last link, empty when there is none but the title, cut perhaps."""
    holder = next(one for one in texts.nodes[home].iterancestors() if texts.contains(texts.number[one], last))
    number = texts.number[holder]
    text = (texts.parts(number) or [""])[-1].strip(_PARTING) if texts.letters(number) <= MAX_LETTERS_OF_WAY else ""
    is_title = key(said).startswith(key(text)) or text.endswith(("…", "..."))
    return text if not is_title and key(text) != key(texts.at(last)) and is_section(text, said) else ""


def _end_of_way(texts: Texts, home: int, links: list[int]) -> int:
    """Return the number after the smallest element that holds the front page's link and another one below it."""
    for around in islice(texts.nodes[home].iterancestors(), MAX_DEPTH):
        beyond = texts.end[texts.number[around]]
        if any(home < one < beyond for one in links):
            return beyond
    return len(texts.nodes)


def step_below(page: Tree, title: int, outer: str) -> str:
    """Return the one step of the way that follows the section `outer`, empty when there is none: metadata often name
    the outer section, where the page prints the way to the inner one as well."""
    texts = page.texts
    links = [one for one in range(max(0, title - MAX_ELEMENTS_ABOVE), title) if texts.nodes[one].tag == "a"]
    links = [one for one in links if texts.letters(one) and not in_menu(texts, one)]
    at = next((place for place, one in reversed([*enumerate(links)]) if key(texts.at(one)) == key(outer)), None)
    if at is None and links and _is_named_crumb(texts.nodes[links[-1]]) and key(outer) in key(texts.at(links[-1])):
        return texts.at(links[-1])  # its full name
    if at is None or len(links) != at + 2 or links[at + 1] - links[at] > MAX_ELEMENTS_BETWEEN_STEPS:
        return ""
    step, inner = (texts.nodes[one] for one in links[at:])
    text, below_home = texts.of(inner), at > 0 and key(texts.at(links[at - 1])) in HOME
    outside = _SUFFIX.sub("", step.get("href") or "")
    leads_there = below_home or (len(outside) > 1 and (inner.get("href") or "").startswith(outside))
    beside = step.getparent() is inner.getparent() or _holder_of_item(step) is _holder_of_item(inner)
    leads_there = leads_there or (beside and _is_named_crumb(step))
    marked = any("active" in names_of(around) for around in (step, *islice(step.iterancestors(), 1)))
    return text if leads_there and not marked and is_section(text, texts.at(title)) else ""


def _holder_of_item(link: Element) -> Element | None:
    """Return the list that a link is an item of."""
    item = link.getparent()
    return item.getparent() if item is not None and item.tag == "li" else item


def _leads_on(home: Element) -> bool:
    """Whether something parts the front page's link from the next as crumbs are parted: an arrow, a list, a <nav>."""
    listed = any(around.tag in ("li", "nav", "ol", "dd") for around in islice(home.iterancestors(), MAX_DEPTH))
    around = home.getparent()
    following = home.getnext()
    if following is None and around is not None and around.tag in ("td", "span"):
        following = around.getnext()
    parted = following is not None and (_is_drawn(following) or text_of(following) in _ARROWS)
    return listed or parted or _is_named_crumb(home) or bool((home.tail or "").strip())


def _is_drawn(node: Element) -> bool:
    """Whether an element is the drawing of an arrow."""
    return node.tag in ("img", "i", "span") and not has_text(node)


def in_menu(texts: Texts, number: int) -> bool:
    """Whether a link is one of a menu or a margin; a <nav> of a few links is the way to the page."""
    for around in islice(texts.nodes[number].iterancestors(), MAX_DEPTH) if texts.in_margin(number) else ():
        named = names_of(around)
        if "crumb" in named:
            return False
        if around.tag == "nav":
            called = "menu" in named or "navigation" in named or around.get("role") == "navigation"
            of_site = any(one.tag == "header" for one in around.iterancestors()) and not _is_in_article(around)
            return called or of_site or sum(1 for _ in around.iter("a")) > MAX_STEPS + 1
    return texts.in_margin(number)


def _is_in_article(node: Element) -> bool:
    return any(one.tag in ("article", "main") for one in node.iterancestors())


def _is_named_crumb(link: Element) -> bool:
    return any("crumb" in names_of(around) for around in islice(link.iterancestors(), MAX_DEPTH))


def names_of(node: Element) -> str:
    """Return what a page calls an element, for designs, for readers of the screen and for machines, case folded."""
    return " ".join(node.get(name) or "" for name in ("class", "id", "aria-label", "itemtype", "typeof")).casefold()


def _step_without_link(texts: Texts, home: int, title: int, said: str) -> str:
    """Return the last crumb after the front page's that is no link."""
    steps = [text for number in texts.lines(texts.end[home], title) if is_section(text := texts.at(number), said)]
    return steps[-1] if 0 < len(steps) <= MAX_STEPS else ""


def _link_right_above(page: Tree, links: list[int], title: int, host: str) -> str:
    """Return the link above the title that stands by itself or in a list of few, not in a menu."""
    texts = page.texts
    said = texts.at(title)
    for number in reversed([one for one in links if title - one <= MAX_ELEMENTS_TO_SECTION]):
        text = texts.at(number)
        widget = is_single_line(text) and opens(text, shipped()) is None
        if (texts.nodes[number].get("href") or "") in ("/", "./"):  # the site's name
            continue
        if is_section(text, said) and not widget and _is_of_site(texts, number, host):
            listed = any(around.tag == "li" for around in islice(texts.nodes[number].iterancestors(), MAX_DEPTH))
            most = MAX_STEPS if listed or _is_second(texts, number, title) else 1
            beside = _links_around(texts, number, title)
            few = beside <= most
            return text if few or _is_step(texts, texts.nodes[number], links=beside) else ""
    return ""


def _is_second(texts: Texts, number: int, title: int) -> bool:
    """Whether a link right above the title follows another one, and both are all that their element says: an outer
    section and its inner one."""
    link, around = texts.nodes[number], texts.nodes[number].getparent()
    before = link.getprevious()
    if around is None or before is None or before.tag != "a" or link.getnext() is not None:
        return False
    holder = texts.number[around]
    alone = texts.linked(holder) == texts.letters(holder) and next(texts.lines(texts.end[holder], title), None) is None
    tab = "active" in names_of(before)
    return alone and not tab and is_section(texts.of(before), "")


def _is_step(texts: Texts, link: Element, links: int) -> bool:
    """Whether an arrow parts a link from the one before it, or a bar where they are no more than a way has."""
    before = link.getprevious()
    if before is None:
        return False
    if _is_drawn(before) and not (before.tail or "").strip():
        outer = before.getprevious()
        return links <= MAX_STEPS and outer is not None and outer.tag == "a" and not (outer.tail or "").strip()
    marks = _ARROWS if links <= MAX_STEPS + 1 else _ARROWS - _BARS
    return any(
        (between or "").strip() in marks for between in (before.tail or " ", texts.of(before)) if between.strip()
    )


def _is_of_site(texts: Texts, number: int, own: str) -> bool:
    """Whether a link leads to a page of the same site: to a path, to its host, or where that is not known to the host
    that most of the first links name."""
    host = _host(texts.nodes[number])
    if not host or host == own:
        return True
    links = islice((node for node in texts.nodes if node.tag == "a"), MAX_LINKS_ASKED)
    return Counter(map(_host, links)).most_common(1)[0][0] == host or (not own and _is_named_crumb(texts.nodes[number]))


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
