"""The title of a page: the heading that says what the metadata call the title, or the heading above the body."""

from __future__ import annotations

import re
from itertools import chain, islice
from urllib.parse import urlsplit

from pipeline.parse.above import heading_above, line_above_date
from pipeline.parse.dom import Element, attribute, called, select
from pipeline.parse.layout import MAX_MATCHES, Reading
from pipeline.parse.opening import MIN_TITLE_WORDS
from pipeline.parse.texts import key
from pipeline.parse.trail import MAX_SECTION_WORDS
from pipeline.parse.tree import Tree

# a heading shares this much of its words with the title the metadata give, or it is another heading
MIN_TITLE_OVERLAP = 0.5
# elements around a heading that may be called the site's banner
MAX_AROUND = 2
_NO_TITLE = ("title", "html", "head", "body")
_SITE_TAIL = re.compile(
    r"\s(?:[|»·]\s+[^|»·]{2,60}"
    r"|[-–]\s+(?:báo|tạp chí|cổng thông tin|trang thông tin|liên đoàn lao động|\S+\.(?:vn|com|net|org))\b[^|]{0,60})$",
    re.I,
)
# what the names of portals and papers begin with: the end of a stated title that is no title itself
_OF_SITE = re.compile(
    r"(?:cổng|trang) thông tin|(?:báo|tạp chí|website|trang web|ủy ban|uỷ ban|liên đoàn lao động|sở|bộ) ", re.IGNORECASE
)
_OF_PORTAL = re.compile(r"(?:CỔNG|TRANG) (?:THÔNG TIN|TIN)|(?:WEBSITE|TRANG WEB) ")
_OF_PAGE = re.compile(r"(?:chi tiết (?:tin|bài viết|nội dung)|(?:nội dung|tin) chi tiết)\s?(?:$|[-|–])", re.IGNORECASE)
# what designs call the place of the site's own name
_SITE_NAMED = re.compile(r"(?:^|[\s_-])(?:site-?(?:title|name)|logo|brand|banner|masthead)", re.IGNORECASE)
# a box of related titles may stand between title and body, but no menu of the site
MIN_LINKS_OF_MENU = 8
# … and a few words in capitals above a small one are the site's name
MIN_LINKS_BELOW_CAPITALS = 3


def printed_title(page: Tree, stated: str, reading: Reading) -> str:
    """Return the heading that says what the metadata call the title, else the stated title without the site's name."""
    shown = [node for node in page.select("h1")[:MAX_MATCHES] if not _names_site(page, node, reading.begins)]
    shown = [node for node in shown if not _names_section(page, node, stated)]
    headings = [text for node in shown if (text := page.texts.of(node))]
    stated_words = set(stated.casefold().split())
    part = ""
    for heading in headings:
        words = set(heading.casefold().split())
        if stated_words and len(words & stated_words) >= MIN_TITLE_OVERLAP * len(words):
            if len(words) <= MAX_SECTION_WORDS and key(heading) not in key(stated):
                part = _part_of_title(page, key(stated), reading.begins)
            if part:  # "Hoạt động công đoàn" shares its words with half of the titles
                break
            reading.origin["title"] = f"{reading.layout}: h1"
            return _below_section(page, heading, shown, reading.begins) or _without_kicker(page, heading, stated)
    part = part or _part_of_title(page, key(stated), reading.begins)
    if part:
        reading.origin["title"] = f"{reading.layout}: a line of the stated title"
        return part
    found = _line_above(page, reading.begins, headings) if reading.begins is not None else None
    if found is not None:
        above, where = found
        reading.origin["title"] = f"{reading.layout}: {where}"
        return page.texts.at(above)
    # a long one may be a link, to the page itself
    if len(headings) == 1 and (not stated or len(headings[0].split()) > MAX_SECTION_WORDS):
        reading.origin["title"] = f"{reading.layout}: h1"
        return headings[0]
    return _without_site_name(stated)


def _line_above(page: Tree, body: int, headings: list[str]) -> tuple[int, str] | None:
    """Return the heading above the body, or where there is none below the menu, the line above the date."""
    heading = heading_above(page, body)
    if heading is not None and _names_site(page, page.texts.nodes[heading], None):
        heading = None
    below_menu = heading is not None and len(page.texts.links_between(heading, body)) < MIN_LINKS_OF_MENU
    if not below_menu and not headings and (line := line_above_date(page, body)) is not None:
        return line, "line above the date"
    return None if heading is None else (heading, "heading above the body")


def _below_section(page: Tree, heading: str, shown: list[Element], begins: int | None) -> str:
    """Return the last first-level heading above the body when `heading`, above it, is the name of a section: one that
    crumbs or a menu print too. Empty when there is none."""
    texts = page.texts
    if begins is None or len(texts.printed(key(heading))) < 2:  # the heading itself
        return ""
    numbers = [texts.number[node] for node in shown]
    later = [one for one in numbers if one < begins and key(texts.at(one)) != key(heading) and not texts.linked(one)]
    named = [text for one in later if len((text := texts.at(one)).split()) >= MIN_TITLE_WORDS]
    return named[-1] if named and numbers[0] < later[-1] and len(named[-1].split()) > len(heading.split()) else ""


def _without_kicker(page: Tree, heading: str, stated: str) -> str:
    """Return a heading without the kicker that stands in it, in an element of its own, before the stated title, or the
    badge behind it."""
    named = key(_without_site_name(stated))
    if not named or (not key(heading).startswith(named) and not key(heading).endswith(named)):
        return heading
    parts = page.texts.parts(page.texts.printed(key(heading))[0])
    rests = chain.from_iterable((" ".join(parts[at:]), " ".join(parts[:at])) for at in range(1, len(parts)))
    return next((rest for rest in rests if key(rest) == named), heading)


def _names_site(page: Tree, heading: Element, begins: int | None) -> bool:
    """Whether a heading is the site's name and not the article's: by what it links to, what it is called, what it says,
    or where it stands, with a menu and another heading between it and the body."""
    if _leads_home(page, heading) or any(map(_is_called_site, (heading, *islice(heading.iterancestors(), MAX_AROUND)))):
        return True
    texts, number = page.texts, page.texts.number[heading]
    text = texts.at(number)
    if _OF_PAGE.match(text) or (_OF_PORTAL.match(text) and text.isupper()):
        return True
    if begins is None or number > begins:
        return False
    links = texts.links_between(number, begins)
    in_capitals = text.isupper() and len(text.split()) <= MAX_SECTION_WORDS
    if len(links) < (MIN_LINKS_BELOW_CAPITALS if in_capitals else MIN_LINKS_OF_MENU):
        return False
    line = line_above_date(page, begins) if text.isupper() else None
    below_menu = line is not None and len(texts.links_between(number, line)) >= MIN_LINKS_OF_MENU
    return below_menu or heading_above(page, begins, links[-1]) is not None


def _names_section(page: Tree, heading: Element, stated: str) -> bool:
    """Whether a heading is the section's name: a link of few words, and no part of the title that the page states."""
    number = page.texts.number[heading]
    if not stated or not 0 < page.texts.letters(number) == page.texts.linked(number):
        return False
    text = page.texts.at(number)
    return len(text.split()) <= MAX_SECTION_WORDS and key(text) not in key(stated)


def _is_called_site(node: Element) -> bool:
    return node.tag != "body" and bool(_SITE_NAMED.search(called(node)))


def _leads_home(page: Tree, heading: Element) -> bool:
    """Whether a heading is the site's name: a link to its front page, and nothing else."""
    number = page.texts.number[heading]
    if page.texts.linked(number) < page.texts.letters(number):
        return False
    return any(urlsplit(attribute(link, "href")).path in ("", "/") for link in select(heading, "a[href]")[:1])


def _part_of_title(page: Tree, stated: str, beyond: int | None) -> str:
    """Return the longest line above the body that begins or ends the stated title; the rest of it names the site."""
    texts = page.texts
    found = ""
    for number in range(len(texts.nodes) if beyond is None else beyond):
        if not len(found) < texts.letters(number) <= len(stated) or texts.nodes[number].tag in _NO_TITLE:
            continue
        text = texts.at(number)
        part = stated.startswith(key(text)) or (stated.endswith(key(text)) and not _OF_SITE.match(text))
        part = part and not _names_site(page, texts.nodes[number], beyond)
        if part and len(text.split()) >= MIN_TITLE_WORDS and not texts.linked(number):
            found = max(found, text, key=len)
    return found


def _without_site_name(title: str) -> str:
    return _SITE_TAIL.sub("", title)
