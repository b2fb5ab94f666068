"""The section of an article of unknown design: by the way to it, by what names it, by the menu."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from urllib.parse import urlsplit

from pipeline.furniture import is_single_line
from pipeline.parse.body import end_of_body
from pipeline.parse.dates import find_day, is_date_line
from pipeline.parse.dom import HEADINGS, Element, select
from pipeline.parse.layout import MAX_MATCHES, Reading, families
from pipeline.parse.metadata import is_address
from pipeline.parse.texts import BOLD, Texts, key
from pipeline.parse.trail import MAX_STEPS, in_menu, is_section, names_of, section_above
from pipeline.parse.tree import Tree
from pipeline.parse.written_path import section_called, section_written

# elements above the title among which its section stands as a heading
MAX_ELEMENTS_TO_HEADING = 20
MAX_LETTERS_OF_LINE = 80
# elements above the title and below the body between which a label is the article's
MAX_ELEMENTS_ABOVE, MAX_ELEMENTS_BELOW = 20, 40
_LABEL = r"(?:chuyên mục|chuyên trang|danh mục|thể loại|mục|category|categories|posted in|filed under|đăng trong|nhãn)"
# a colon may lack where nothing else begins so: "MỤC LỤC"
_NAMED = re.compile(
    rf"(?:(?:chuyên mục|chuyên trang|posted in|filed under|đăng trong)\s?:?|{_LABEL}\s?:)\s(?P<section>[^:|]{{2,60}})",
    re.IGNORECASE,
)
_LABELLED = re.compile(rf"(?:^|[\s|·•,–-]){_LABEL}\s?:$|\b(?:posted in|filed under|đăng trong)$", re.IGNORECASE)
_CATEGORY = re.compile(
    r"(?:^|[\s_-])(?:lbl)?(?:cat|cate|category|chuyen-?muc|section-name)(?:$|[\s_-]|name|title)", re.IGNORECASE
)
_HEAD = re.compile(r"(?:^|[\s_-])(?:c_)?(?:head|heading|tieu-?de|title)(?:$|[\s_-])", re.IGNORECASE)
_SUFFIX = re.compile(r"\.\w{2,5}$")
# what designs call the item of a menu that the reader is in, itself or the element around its link
_ACTIVE = frozenset(
    (
        *("active", "actived", "is-active", "uk-active", "menu-active", "active-trail", "on", "act", "cur", "select"),
        *("current", "selected", "current-menu-item", "current_page_item", "current-menu-ancestor"),
        *("current-menu-parent", "current-post-ancestor"),
    )
)
_BARS = re.compile(r"[|•·]")
_SEGMENTS = re.compile(r"\s[|»·–-]\s")
_MENU = re.compile(r"menu|(?:^|[\s_-])nav")
MAX_STEPS_TO_MENU = 8
_NO_SECTIONS = frozenset(("bàiviết", "chitiết", "blog", "post", "article", "news"))


def read_section(page: Tree, address: str | None, title: int | None, reading: Reading) -> None:
    """Read the section into `reading`: by crumbs, by what names it, what stands above the title, the menu, the address.

    Args:
        title: the element that holds the title, None when it is not known.
    """
    if title is not None and (beside := section_labelled(page, title, title, reading.begins)):
        reading.section, reading.origin["section"] = beside, "generic: what is labelled as one below the title"
        return
    for css in families().section:
        node = next((node for node in reversed(page.select(css)[:MAX_MATCHES]) if page.texts.of(node)), None)
        text = (_heading_of_crumbs(page, node) or page.texts.of(node)) if node is not None else ""
        if text and is_section(text, reading.title):
            reading.section, reading.origin["section"] = text, f"generic: {css}"
            return
    for text, where in _told(page, address, title, reading):
        if text:
            reading.section, reading.origin["section"] = text, f"generic: {where}"
            return


def _heading_of_crumbs(page: Tree, step: Element) -> str:
    """Return of what is called crumbs and lists all subsections of a section below its name the one that is marked, or
    the heading; else empty."""
    around = next((one for one in step.iterancestors() if "crumb" in names_of(one)), None)
    heading = next(around.iter("h2", "h3", "h4"), None) if around is not None else None
    if around is None or heading is None or step in heading.iter() or not select(around, "li"):
        return ""
    marked = next((one for one in around.iter("a") if _is_marked(one) and one not in heading.iter()), heading)
    return page.texts.of(marked)


def _told(page: Tree, address: str | None, title: int | None, reading: Reading) -> Iterator[tuple[str, str]]:
    if title is not None:
        below = end_of_body(page.texts, reading)
        labelled = section_labelled(page, title - MAX_ELEMENTS_ABOVE, title, (below or title) + MAX_ELEMENTS_BELOW)
        yield labelled, "what is labelled as one"
        host = (urlsplit(address).hostname or "") if address and is_address(address) else ""
        yield section_above(page, title, host), "the way to the title"
        yield section_written(page, title), "the way to the title, as written"
        yield section_named(page, title), "the line that names it"
        yield only_category(page, title), "the only category that the page links to as one"
        yield section_marked_above(page, title), "the marked one of the links above the title"
        yield (
            section_called(page, title, reading.begins, end_of_body(page.texts, reading)),
            "what is called its category",
        )
        yield section_set_above(page, title), "the line above the title"
        yield section_beside_date(page, title), "beside the date above the title"
        yield section_below_title(page, title, reading.begins), "a link below the title that the menu has too"
        yield section_in_page_title(page, title), "the page's title, as a menu names it"
    yield section_marked(page), "the menu's active item"
    yield section_in_address(page, address), "the address, as a menu names it"
    if title is not None:
        yield section_headed(page, title), "the heading of the box that the article stands in"


def section_labelled(page: Tree, first: int, title: int, beyond: int | None) -> str:
    """Return the first link with a label before it ("Chuyên mục:") of the elements from `first` up to `beyond`."""
    texts = page.texts
    for number in range(max(0, first), min(len(texts.nodes), beyond or title)):
        if texts.nodes[number].tag != "a" or not texts.letters(number) or texts.in_margin(number):
            continue
        labelled = _LABELLED.search(texts.before(number)[-MAX_LETTERS_OF_LINE:]) or _is_category(texts.nodes[number])
        if labelled and is_section(text := texts.at(number), texts.at(title)):
            return text
    return ""


def _is_category(link: Element) -> bool:
    """Whether a link says of itself that it leads to the category of what it stands in, as WordPress's do, or is one of
    Blogger's labels."""
    around = link.getparent()
    labels = around is not None and "post-labels" in (around.get("class") or "").split()
    return labels or "category" in (link.get("rel") or "").split()


def only_category(page: Tree, title: int) -> str:
    """Return what the links below the title that say of themselves that they lead to a category call it, where all say
    the same."""
    texts = page.texts
    below = (one for one in range(title, len(texts.nodes)) if _is_category(texts.nodes[one]))
    named = {texts.at(one) for one in below if not texts.in_margin(one)}
    text = next(iter(named)) if len(named) == 1 else ""
    return text if text and is_section(text, texts.at(title)) else ""


def section_named(page: Tree, title: int) -> str:
    """Return the section that a line of the page names as such ("Chuyên mục: Đời sống"), nearest to the title first."""
    texts = page.texts
    lines = [one for one in texts.lines(0, len(texts.nodes)) if texts.letters(one) <= MAX_LETTERS_OF_LINE]
    for number in sorted(lines, key=lambda one: abs(one - title)):
        said = texts.at(number)
        parts = (said, *map(str.strip, _BARS.split(said))) if find_day(said) else (said,)
        found = next(filter(None, map(_NAMED.fullmatch, parts)), None)
        links = sum(texts.nodes[one].tag == "a" for one in range(number, texts.end[number])) if found else 0
        if found and links < 2 and not texts.in_margin(number) and is_section(found["section"], texts.at(title)):
            return found["section"]
    return ""


def section_set_above(page: Tree, title: int) -> str:
    """Return the line right above the title that is set as a heading, that the page calls a category or a link of its
    menu names as well, empty when there is none. Of two links on it the second is the inner section."""
    texts = page.texts
    lines = texts.lines(max(0, title - MAX_ELEMENTS_TO_HEADING), title)
    outside = (one for one in lines if not texts.contains(one, title))
    above = next(reversed([one for one in outside if not is_date_line(texts.at(one))]), None)
    if above is None or texts.in_margin(above):
        return ""
    node, linked = texts.nodes[above], texts.linked(above)
    inside = range(above, texts.end[above])
    links = [one for one in inside if linked == texts.letters(above) and texts.nodes[one].tag == "a"]
    if len(links) > MAX_STEPS:
        return _heading_of(texts, links)
    text = texts.at(links[-1] if links else above)
    named = _CATEGORY.search(" ".join(map(names_of, (node, *islice(node.iterancestors(), 1), *node))))
    listed = not linked and any(map(texts.linked, texts.printed(key(text))))
    return text if (node.tag in HEADINGS or named or listed) and is_section(text, texts.at(title)) else ""


def section_beside_date(page: Tree, title: int) -> str:
    """Return what stands beside the date on a line above the title, in an element of its own, and is a link of the menu
    as well; empty when nothing does."""
    texts = page.texts
    lines = texts.lines(max(0, title - MAX_ELEMENTS_TO_HEADING), title)
    dated = next((one for one in lines if texts.letters(one) <= MAX_LETTERS_OF_LINE and find_day(texts.at(one))), None)
    if dated is None or texts.in_margin(dated):
        return ""
    inside = (texts.at(one) for one in range(dated + 1, texts.end[dated]))
    named = (text for text in inside if text and is_section(text, texts.at(title)))
    elsewhere = (one for text in named for one in texts.printed(key(text)) if not texts.contains(dated, one))
    return next((texts.at(one) for one in elsewhere if texts.linked(one)), "")


def section_below_title(page: Tree, title: int, body: int | None) -> str:
    """Return the last link between title and body that a menu above the title has as well, empty when none is; more
    than an article has sections are a menu."""
    texts = page.texts
    named: list[str] = []
    for number in range(texts.end[title], texts.end[title] if body is None else body):
        if texts.nodes[number].tag != "a" or not texts.letters(number) or texts.in_margin(number):
            continue
        text = texts.at(number)
        listed = any(one < title and texts.nodes[one].tag == "a" for one in texts.printed(key(text)))
        if listed and is_section(text, texts.at(title)) and not is_single_line(text):
            named.append(text)
    return named[-1] if 0 < len(named) <= MAX_STEPS + 1 else ""


def section_headed(page: Tree, title: int) -> str:
    """Return the line right above the title that is in bold type or called a heading, and is all that a box or a cell
    holds beside the article; empty when there is none."""
    texts = page.texts
    lines = texts.lines(max(0, title - MAX_ELEMENTS_TO_HEADING), title)
    undated = (one for one in lines if not (texts.contains(one, title) or find_day(texts.at(one))))
    above = next(reversed([*undated]), None)
    if above is None or texts.in_margin(above) or texts.linked(above) or texts.letters(above) > MAX_LETTERS_OF_LINE:
        return ""
    text, node = texts.at(above), texts.nodes[above]
    called = any(_HEAD.search(names_of(one)) for one in (node, *islice(node.iterancestors(), 1), *node))
    headed = called or texts.wholly(above, BOLD)
    return text if headed and is_section(text, texts.at(title)) and not is_single_line(text) else ""


def _heading_of(texts: Texts, links: list[int]) -> str:
    """Return the link above a row of others whose addresses all go on from its own: a section, with its subsections."""
    before = [one for one in range(max(0, links[0] - MAX_ELEMENTS_TO_HEADING), links[0]) if texts.nodes[one].tag == "a"]
    if not before:
        return ""
    outer = _SUFFIX.sub("", texts.nodes[before[-1]].get("href") or "").rstrip("/")
    below = (texts.nodes[one].get("href") or "" for one in links)
    return texts.at(before[-1]) if len(outer) > 1 and all(href.startswith(outer) for href in below) else ""


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
    texts = page.texts
    for node in reversed(texts.nodes):
        if node.tag != "a" or not _is_marked(node):
            continue
        text = texts.of(node)
        listed = any(
            around.tag == "nav" or (around.tag != "body" and _MENU.search(names_of(around)))
            for around in islice(node.iterancestors(), MAX_STEPS_TO_MENU)
        )
        if listed and is_section(text, "") and not is_single_line(text):
            return text
    return ""


def section_marked_above(page: Tree, title: int) -> str:
    """Return the link right above the title, of a row of subsections or tabs, that is marked as the reader's place."""
    texts = page.texts
    for number in range(max(0, title - MAX_ELEMENTS_TO_HEADING), title):
        node = texts.nodes[number]
        if node.tag == "a" and _is_marked(node) and not in_menu(texts, number):
            text = texts.at(number)
            if is_section(text, texts.at(title)) and not is_single_line(text):
                return text
    return ""


def section_in_page_title(page: Tree, title: int) -> str:
    """Return the part of the page's title, between the article's and the site's, that is a link of the menu as well."""
    texts = page.texts
    written = next((texts.at(texts.number[node]) for node in page.root.iter("title")), "")
    for part in _SEGMENTS.split(written)[1:-1]:
        if is_section(part, texts.at(title)) and any(map(texts.linked, texts.printed(key(part)))):
            return part
    return ""


def _is_marked(link: Element) -> bool:
    """Whether a design or what it tells readers of the screen marks a link as that of the page's own place."""
    if link.get("aria-current") or link.get("aria-selected") == "true":
        return True
    around = link.getparent()
    listed = around.get("class") or "" if around is not None and around.tag in ("li", "td", "dd", "span") else ""
    return not _ACTIVE.isdisjoint(f"{link.get('class') or ''} {listed}".split())
