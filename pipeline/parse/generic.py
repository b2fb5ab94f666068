"""The fields of a page of unknown design, by what Vietnamese papers have in common."""

from __future__ import annotations

import re

from pipeline.parse.body import find_body, key
from pipeline.parse.dates import find_date
from pipeline.parse.dom import Element, contains, open_frames, select, text_of
from pipeline.parse.layout import Reading, families
from pipeline.schema import Block

# a heading shares this much of its words with the title the metadata give, or it is another heading
MIN_TITLE_OVERLAP = 0.5
MIN_TITLE_WORDS = 4
MIN_LEAD_WORDS = 10
MAX_SECTION_WORDS = 6
# characters of a metadata description that must agree with a printed lead: descriptions are cut at 100 to 160
LEAD_PREFIX = 50
# elements between the title and its date line; the widest seen is 14
MAX_ELEMENTS_TO_DATE = 40
MAX_PARTS_OF_LINE = 6

_HOME = ("trangchủ", "trangnhất", "home", "tintức")
_MARGIN = re.compile(
    r"(?:^|[\s_-])(?:site-?header|top-?bar|mast-?head|footer|sidebar-?right|menu|related|lien-?quan|tin-?khac|clock|dong-?ho)",
    re.I,
)
_SITE_TAIL = re.compile(
    r"\s+(?:[|»·]\s+[^|»·]{2,60}"
    r"|[-–]\s+(?:báo|tạp chí|cổng thông tin|trang thông tin|liên đoàn lao động|\S+\.(?:vn|com|net|org))\b[^|]{0,60})$",
    re.I,
)


def read_generic(root: Element, metadata: Reading) -> Reading:
    """Read the body by trafilatura and the fields by what Vietnamese papers have in common."""
    reading = Reading("generic")
    open_frames(root)
    find_body(root, metadata.title, metadata.lead, reading)
    reading.title = printed_title(root, metadata.title, reading)
    shared = families()
    for what, selectors in (("authors", shared.authors), ("tags", shared.tags)):
        texts = _texts(root, selectors)
        if texts:
            setattr(reading, what, texts)
            reading.origin[what] = "generic"
    sections = (text for css in shared.section for text in _texts(root, (css,))[-1:])
    reading.section = next((text for text in sections if _is_section(text, reading.title)), "")
    return reading


def _is_section(text: str, title: str) -> bool:
    return len(text.split()) <= MAX_SECTION_WORDS and key(text) not in (*_HOME, key(title))


def printed_title(root: Element, stated: str, reading: Reading) -> str:
    """Return the heading that says what the metadata call the title, else the stated title without the site's name."""
    headings = [text for node in select(root, "h1") if (text := text_of(node))]
    stated_words = set(stated.casefold().split())
    for heading in headings:
        words = set(heading.casefold().split())
        if stated_words and len(words & stated_words) >= MIN_TITLE_OVERLAP * len(words):
            reading.origin["title"] = f"{reading.layout}: h1"
            return heading
    for node in select(root, "h2, h3, [class*=title], [class*=tieude], [class*=tieu-de]"):
        text = text_of(node)
        if len(text.split()) >= MIN_TITLE_WORDS and key(stated).startswith(key(text)):
            reading.origin["title"] = f"{reading.layout}: {node.tag} that begins the stated title"
            return text
    if stated:
        return _without_site_name(stated)
    if len(headings) == 1:
        reading.origin["title"] = f"{reading.layout}: h1"
        return headings[0]
    return ""


def printed_lead(root: Element, stated: str, body: tuple[Block, ...]) -> tuple[str, str]:
    """Return the lead as the page prints it, and where it was found; ("", "") when it prints none.

    A description in the metadata is a lead only when the page shows it: many sites put there the start of the body or a
    sentence for search engines.
    """
    start = key(stated)[:LEAD_PREFIX]
    if not stated:
        return _lead_by_class(root, body)
    if body and start and key(body[0].text).startswith(start):
        return _lead_set_apart(root, body[0])
    for css in families().lead:
        for node in select(root, css):
            text = text_of(node)
            if start and key(text).startswith(start):
                return text, css
    longest = 2 * len(stated) + LEAD_PREFIX
    texts = [(text_of(node), str(node.tag)) for node in select(root, "h2, h3, p, strong, div, span")]
    printed = [(text, tag) for text, tag in texts if len(text) <= longest and key(text).startswith(start)]
    # the smallest element that begins so: a larger one holds more than the lead
    return min(printed, key=lambda one: len(one[0]), default=("", ""))


def _lead_set_apart(root: Element, first: Block) -> tuple[str, str]:
    """Return the first line of the body when the page marks it as the lead."""
    for css in families().lead:
        if any(key(text_of(node)) == key(first.text) for node in select(root, css)):
            return first.text, css
    return "", ""


def _lead_by_class(root: Element, body: tuple[Block, ...]) -> tuple[str, str]:
    """Return the first text with a lead's class that is not in a margin, not in a link and not in the body."""
    known = {key(block.text) for block in body}
    for css in families().lead:
        for node in select(root, css):
            text = text_of(node)
            in_link = any(step.tag == "a" for step in node.iterancestors()) or bool(select(node, "a"))
            if len(text.split()) >= MIN_LEAD_WORDS and not in_link and not _is_margin(node):
                return ("", "") if key(text) in known else (text, css)
    return "", ""


def dates_shown(root: Element, title: str) -> tuple[str, ...]:
    """Return the texts that may be the publication date: places with a date's class, then those near the title.

    The clock in a site's header, and dates of other articles in its margins, are left out.
    """
    shared = families()
    marked = [node for css in shared.published for node in select(root, css)[:3] if not _is_margin(node)]
    return tuple(dict.fromkeys(text for node in (*marked, *_dated_near(root, title)) if (text := text_of(node))))


def _dated_near(root: Element, title: str) -> list[Element]:
    """Return the short elements with a date, nearest to the title first."""
    nodes = [node for node in root.iter() if isinstance(node.tag, str)]
    wanted = key(title)
    short = {number: text for number, node in enumerate(nodes) if (text := _short_text(node))}
    titles = [number for number, text in short.items() if nodes[number].tag != "title" and key(text) == wanted]
    if not titles:
        return []
    dated = [number for number, text in short.items() if find_date(text) and not _is_margin(nodes[number])]
    near = [number for number in dated if abs(number - titles[-1]) <= MAX_ELEMENTS_TO_DATE]
    # what is around the date line (the whole article, on a plain page) has the same date in it and much else
    smallest = [one for one in near if not any(contains(nodes[one], nodes[other]) for other in near if other != one)]
    return [nodes[number] for number in sorted(smallest, key=lambda number: abs(number - titles[-1]))]


def _short_text(node: Element) -> str:
    """Return the text of an element that holds a line at most, else nothing."""
    return text_of(node) if len(node) <= MAX_PARTS_OF_LINE and len(list(node.iter())) <= 3 * MAX_PARTS_OF_LINE else ""


def _is_margin(node: Element) -> bool:
    for step in (node, *node.iterancestors()):
        if step.tag in ("footer", "aside", "nav"):
            return True
        if _MARGIN.search(f"{step.get('class') or ''} {step.get('id') or ''}"):
            return True
    return False


def _texts(root: Element, selectors: tuple[str, ...]) -> tuple[str, ...]:
    for css in selectors:
        texts = tuple(dict.fromkeys(text for node in select(root, css) if (text := text_of(node))))
        if texts:
            return texts
    return ()


def _without_site_name(title: str) -> str:
    return _SITE_TAIL.sub("", title)
