"""The fields of a page of unknown design, by what Vietnamese papers have in common."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from urllib.parse import urlsplit

from pipeline.furniture import is_prose
from pipeline.parse.above import (
    MIN_LEAD_WORDS,
    attributes,
    captions_above,
    dates_near,
    heading_above,
    lead_above,
    title_at,
)
from pipeline.parse.body import MIN_TITLE_WORDS, find_body
from pipeline.parse.dom import Element, attribute, select
from pipeline.parse.layout import MAX_MATCHES, Reading, families
from pipeline.parse.tree import Tree, key, open_frames
from pipeline.schema import Block

# a heading shares this much of its words with the title the metadata give, or it is another heading
MIN_TITLE_OVERLAP = 0.5
MAX_SECTION_WORDS = 6
# paragraphs that an article has, its lead among them, when the first of them may be the lead
MIN_BLOCKS_BELOW_LEAD = 3
# characters of a metadata description that must agree with a printed lead: descriptions are cut at 100 to 160
LEAD_PREFIX = 50
# elements with a date's class that are looked at, of each class, and the letters of one: the byline beside it counts
MAX_DATES = 3
MAX_LETTERS_OF_PARAGRAPH = 3_000
MAX_LETTERS_OF_DATE = 300

_NO_TITLE = ("title", "html", "head", "body")
_HOME = ("trangchủ", "trangnhất", "home")
_SITE_TAIL = re.compile(
    r"\s(?:[|»·]\s+[^|»·]{2,60}"
    r"|[-–]\s+(?:báo|tạp chí|cổng thông tin|trang thông tin|liên đoàn lao động|\S+\.(?:vn|com|net|org))\b[^|]{0,60})$",
    re.I,
)


def read_generic(page: Tree, metadata: Reading) -> Reading:
    """Read the body by trafilatura and the fields by what Vietnamese papers have in common."""
    reading = Reading("generic")
    open_frames(page)
    reading.begins = find_body(page, metadata.title, metadata.lead, reading)
    reading.title = printed_title(page, metadata.title, reading)
    _read_above(page, metadata, reading)
    shared = families()
    for what, selectors in (("authors", shared.authors), ("tags", shared.tags)):
        css, texts = next(((css, texts) for css in selectors if (texts := _texts(page, css))), ("", ()))
        if texts:
            setattr(reading, what, texts)
            reading.origin[what] = f"generic: {css}"
    for css in shared.section:
        text = next(iter(_texts(page, css)[-1:]), "")
        if text and _is_section(text, reading.title):
            reading.section, reading.origin["section"] = text, f"generic: {css}"
            break
    return reading


def _read_above(page: Tree, metadata: Reading, reading: Reading) -> None:
    """Read the lead and what else stands between title and body into `reading`.

    The lead is the prose there, else what the metadata describe the article with, else a first paragraph in bold.
    """
    body = reading.begins
    title = title_at(page.texts, reading.title, body) if body is not None else None
    if body is not None and title is not None:
        reading.lead, found = lead_above(page, title, body), "between title and body"
        reading.captions = tuple(dict.fromkeys((*captions_above(page, title, body), *reading.captions)))
    if not reading.lead:
        reading.lead, found = printed_lead(page, metadata.lead, reading.blocks)
    if not reading.lead and body is not None and _opens_in_bold(page, body, reading.blocks):
        reading.lead, found = reading.blocks[0].text, "first paragraph, in bold"
        reading.blocks = reading.blocks[1:]
    if reading.lead:
        reading.origin["lead"] = f"generic: {found}"


def _opens_in_bold(page: Tree, body: int, blocks: tuple[Block, ...]) -> bool:
    """Whether the first paragraph, and not the second, is set in bold; a question in bold opens an interview."""
    if len(blocks) < MIN_BLOCKS_BELOW_LEAD or not is_prose(blocks[0].text, MIN_LEAD_WORDS) or not page.texts.bold(body):
        return False
    second = key(blocks[1].text)
    following = range(page.texts.end[body], len(page.texts.nodes))
    below = next((one for one in following if page.texts.letters(one) == len(second)), None)
    return not blocks[0].text.endswith("?") and (below is None or not page.texts.bold(below))


def _is_section(text: str, title: str) -> bool:
    return len(text.split()) <= MAX_SECTION_WORDS and key(text) not in (*_HOME, key(title))


def printed_title(page: Tree, stated: str, reading: Reading) -> str:
    """Return the heading that says what the metadata call the title, else the stated title without the site's name."""
    shown = [node for node in page.select("h1")[:MAX_MATCHES] if not _leads_home(page, node)]
    headings = [text for node in shown if (text := page.texts.of(node))]
    stated_words = set(stated.casefold().split())
    for heading in headings:
        words = set(heading.casefold().split())
        if stated_words and len(words & stated_words) >= MIN_TITLE_OVERLAP * len(words):
            reading.origin["title"] = f"{reading.layout}: h1"
            return heading
    part = _part_of_title(page, key(stated), reading.begins)
    if part:
        reading.origin["title"] = f"{reading.layout}: a line of the stated title"
        return part
    above = heading_above(page, reading.begins) if reading.begins is not None else ""
    if above and not stated_words & set(above.casefold().split()):
        reading.origin["title"] = f"{reading.layout}: heading above the body"
        return above
    if not stated and len(headings) == 1:
        reading.origin["title"] = f"{reading.layout}: h1"
        return headings[0]
    return _without_site_name(stated)


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
        part = stated.startswith(key(text)) or stated.endswith(key(text))
        if part and len(text.split()) >= MIN_TITLE_WORDS and not texts.linked(number):
            found = max(found, text, key=len)
    return found


def printed_lead(page: Tree, stated: str, body: tuple[Block, ...]) -> tuple[str, str]:
    """Return the lead as the page prints it, and where it was found; ("", "") when it prints none.

    A description in the metadata is a lead only when the page shows it: many sites put there the start of the body or a
    sentence for search engines.
    """
    start = key(stated)[:LEAD_PREFIX]
    if not stated:
        return _lead_by_class(page, body)
    if body and start and key(body[0].text).startswith(start):
        return _lead_set_apart(page, body)
    texts = page.texts
    for css in families().lead:
        for node in page.select(css)[:MAX_MATCHES]:
            text = texts.of(node)
            if start and key(text).startswith(start):
                return text, css
    longest = 2 * len(stated) + LEAD_PREFIX
    numbers = [texts.number[node] for node in select(page.root, "h2, h3, p, strong, div, span")]
    short = [number for number in numbers if len(start) <= texts.letters(number) <= longest]
    printed = [(text, str(texts.nodes[one].tag)) for one in short if key(text := texts.at(one)).startswith(start)]
    # the smallest element that begins so: a larger one holds more than the lead
    return min(printed, key=lambda one: len(one[0]), default=("", ""))


def _lead_set_apart(page: Tree, body: tuple[Block, ...]) -> tuple[str, str]:
    """Return the first line of the body when the page marks it as the lead, or sets it apart from the other lines."""
    texts, wanted = page.texts, key(body[0].text)
    printed = texts.printed(wanted)
    for css in families().lead:
        if {texts.number[node] for node in page.select(css)} & set(printed):
            return body[0].text, css
    below = {len(line): line for block in body[1:] if is_prose(block.text) and (line := key(block.text))}
    if printed and not any(below.get(texts.letters(one)) == key(texts.at(one)) for one in _beside(page, printed[0])):
        return body[0].text, "an element of its own above the body"
    return "", ""


def _beside(page: Tree, number: int) -> Iterator[int]:
    """Give the elements beside one that are no longer than a paragraph."""
    numbers = (page.texts.number[node] for node in page.texts.nodes[number].itersiblings())
    return (one for one in islice(numbers, MAX_MATCHES) if page.texts.letters(one) <= MAX_LETTERS_OF_PARAGRAPH)


def _lead_by_class(page: Tree, body: tuple[Block, ...]) -> tuple[str, str]:
    """Return the first text with a lead's class that is not in a margin, not in a link and not in the body."""
    texts = page.texts
    known = {key(block.text) for block in body}
    for css in families().lead:
        for node in page.select(css)[:MAX_MATCHES]:
            number = texts.number[node]
            if texts.words(number) >= MIN_LEAD_WORDS and not texts.linked(number) and not texts.in_margin(number):
                text = texts.at(number)
                return ("", "") if key(text) in known else (text, css)
    return "", ""


def dates_shown(page: Tree, reading: Reading) -> Iterator[str]:
    """Give the texts that may be the publication date: places with a date's class, then those near the title.

    The clock in a site's header, and dates of other articles in its margins, are left out.
    """
    texts = page.texts
    for css in families().published:
        for node in page.select(css)[:MAX_DATES]:
            number = texts.number[node]
            if not texts.in_margin(number) and texts.letters(number) <= MAX_LETTERS_OF_DATE:
                yield from attributes(texts, number)
                yield texts.at(number)
    beyond = len(texts.nodes) if reading.begins is None else reading.begins
    title = title_at(texts, reading.title, beyond)
    if title is not None:
        yield from dates_near(page, title, reading.begins)


def _texts(page: Tree, css: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for node in page.select(css)[:MAX_MATCHES] if (text := page.texts.of(node))))


def _without_site_name(title: str) -> str:
    return _SITE_TAIL.sub("", title)
