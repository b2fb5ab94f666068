"""Reading a page of a design nobody described: its metadata, trafilatura's finding of the body, and what Vietnamese
papers have in common. trafilatura says where the body is; its lines are read off the page itself, so that boxed
parts and captions are told apart."""

from __future__ import annotations

import re

from pipeline.parse.dates import find_date
from pipeline.parse.dom import Element, contains, select, text_of
from pipeline.parse.layout import Reading, families, read_body
from pipeline.parse.unknown import main_blocks
from pipeline.schema import Block, DroppedLine

# of trafilatura's words, the share that the container must hold: a lower one lost whole sections on test pages
MIN_HELD_SHARE = 0.95
# a heading shares this much of its words with the title the metadata give, or it is another heading
MIN_TITLE_OVERLAP = 0.5
MIN_TITLE_WORDS = 4
# characters of a metadata description that must agree with a printed lead: descriptions are cut at 100 to 160
LEAD_PREFIX = 50
# a line with a larger share of its characters in links is a link, not prose
MAX_LINKED_SHARE = 0.8

LINK_REASON = "a link among the paragraphs"

# elements between the title and its date line; the widest seen is 14
MAX_ELEMENTS_TO_DATE = 40
MAX_PARTS_OF_LINE = 6

_MARGIN = re.compile(
    r"(?:^|[\s_-])(?:site-?header|top-?bar|mast-?head|footer|sidebar-?right|menu|related|lien-?quan|tin-?khac|clock|dong-?ho)",
    re.I,
)
_KEY = re.compile(r"\W+")
_SITE_TAIL = re.compile(
    r"\s+(?:[|»·]\s+[^|»·]{2,60}"
    r"|[-–]\s+(?:báo|tạp chí|cổng thông tin|trang thông tin|liên đoàn lao động|\S+\.(?:vn|com|net|org))\b[^|]{0,60})$",
    re.I,
)


def key(text: str) -> str:
    """Return the letters and digits of a text, case folded: what makes two printings of a line the same line."""
    return _KEY.sub("", text.casefold())


def read_generic(root: Element, metadata: Reading) -> Reading:
    """Read the body by trafilatura and the fields by what Vietnamese papers have in common."""
    reading = Reading("generic")
    _read_body(root, reading)
    reading.title = printed_title(root, metadata.title, reading)
    shared = families()
    for what, selectors in (("authors", shared.authors), ("tags", shared.tags)):
        texts = _texts(root, selectors)
        if texts:
            setattr(reading, what, texts)
            reading.origin[what] = "generic"
    return reading


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
    if body and start and key(body[0].text).startswith(start):
        return "", ""
    for css in families().lead:
        for node in select(root, css):
            text = text_of(node)
            if start and key(text).startswith(start):
                return text, css
    if not start:
        return "", ""
    for node in select(root, "h2, h3, p, strong, div, span"):
        text = text_of(node)
        if key(text).startswith(start) and len(text) <= 2 * len(stated) + LEAD_PREFIX:
            return text, str(node.tag)
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
    return [nodes[number] for number in sorted(near, key=lambda number: abs(number - titles[-1]))]


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


def _read_body(root: Element, reading: Reading) -> None:
    found = main_blocks(root)
    if not found:
        return
    container = _holding(root, found)
    reading.origin["blocks"] = "generic: trafilatura"
    if container is None:
        reading.blocks = found
        return
    shared = families()
    read_body(container, shared.drop, shared.captions, reading)
    printed = reading.blocks
    wanted = {key(block.text) for block in found}
    matched = [number for number, block in enumerate(printed) if key(block.text) in wanted]
    if not matched:
        reading.blocks = found
        return
    linked = _linked_lines(container)
    kept: list[Block] = []
    for number, block in enumerate(printed):
        if not matched[0] <= number <= matched[-1]:
            continue
        if number not in matched and key(block.text) in linked:
            reading.dropped = (*reading.dropped, DroppedLine(block.text, LINK_REASON))
            continue
        kept.append(block)
    reading.blocks = tuple(kept)


def _holding(root: Element, found: tuple[Block, ...]) -> Element | None:
    """Return the smallest element that holds nearly all of the found lines."""
    wanted = {key(block.text): len(block.text) for block in found if len(block.text) > 20}
    holders = [node for node in root.iter() if isinstance(node.tag, str) and key(text_of(node)) in wanted]
    if not holders:
        return None
    total = sum(wanted.values())
    best = root
    for node in holders[0].iterancestors():
        held = {key(text_of(one)) for one in holders if contains(node, one)}
        if sum(wanted[one] for one in held) >= MIN_HELD_SHARE * total:
            best = node
            break
    return None if best is root else best


def _linked_lines(container: Element) -> frozenset[str]:
    lines = set()
    for node in select(container, "p, li, h2, h3, h4, div, td"):
        text = key(text_of(node))
        linked = sum(len(key(text_of(link))) for link in select(node, "a"))
        if text and linked > MAX_LINKED_SHARE * len(text):
            lines.add(text)
    for link in select(container, "a"):
        lines.add(key(text_of(link)))
    return frozenset(lines)


def _texts(root: Element, selectors: tuple[str, ...]) -> tuple[str, ...]:
    for css in selectors:
        texts = tuple(dict.fromkeys(text for node in select(root, css) if (text := text_of(node))))
        if texts:
            return texts
    return ()


def _without_site_name(title: str) -> str:
    return _SITE_TAIL.sub("", title)
