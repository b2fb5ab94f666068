"""The fields of a page of unknown design, by what Vietnamese papers have in common."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.parse.body import find_body
from pipeline.parse.dates import find_date
from pipeline.parse.dom import select
from pipeline.parse.layout import MAX_MATCHES, Reading, families
from pipeline.parse.tree import Texts, Tree, key, open_frames
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
MAX_ELEMENTS_OF_LINE = 18
MAX_LETTERS_OF_LINE = 600
# elements with a date's class that are looked at, of each class, and the letters of one: the byline beside it counts
MAX_DATES = 3
MAX_LETTERS_OF_DATE = 300

_HOME = ("trangchủ", "trangnhất", "home", "tintức")
_SITE_TAIL = re.compile(
    r"\s+(?:[|»·]\s+[^|»·]{2,60}"
    r"|[-–]\s+(?:báo|tạp chí|cổng thông tin|trang thông tin|liên đoàn lao động|\S+\.(?:vn|com|net|org))\b[^|]{0,60})$",
    re.I,
)


def read_generic(page: Tree, metadata: Reading) -> Reading:
    """Read the body by trafilatura and the fields by what Vietnamese papers have in common."""
    reading = Reading("generic")
    open_frames(page)
    find_body(page, metadata.title, metadata.lead, reading)
    reading.title = printed_title(page, metadata.title, reading)
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


def _is_section(text: str, title: str) -> bool:
    return len(text.split()) <= MAX_SECTION_WORDS and key(text) not in (*_HOME, key(title))


def printed_title(page: Tree, stated: str, reading: Reading) -> str:
    """Return the heading that says what the metadata call the title, else the stated title without the site's name."""
    headings = [text for node in page.select("h1")[:MAX_MATCHES] if (text := page.texts.of(node))]
    stated_words = set(stated.casefold().split())
    for heading in headings:
        words = set(heading.casefold().split())
        if stated_words and len(words & stated_words) >= MIN_TITLE_OVERLAP * len(words):
            reading.origin["title"] = f"{reading.layout}: h1"
            return heading
    wanted = key(stated)
    for node in page.select("h2, h3, [class*=title], [class*=tieude], [class*=tieu-de]"):
        number = page.texts.number[node]
        if not 0 < page.texts.letters(number) <= len(wanted):
            continue
        text = page.texts.at(number)
        if len(text.split()) >= MIN_TITLE_WORDS and wanted.startswith(key(text)):
            reading.origin["title"] = f"{reading.layout}: {node.tag} that begins the stated title"
            return text
    if stated:
        return _without_site_name(stated)
    if len(headings) == 1:
        reading.origin["title"] = f"{reading.layout}: h1"
        return headings[0]
    return ""


def printed_lead(page: Tree, stated: str, body: tuple[Block, ...]) -> tuple[str, str]:
    """Return the lead as the page prints it, and where it was found; ("", "") when it prints none.

    A description in the metadata is a lead only when the page shows it: many sites put there the start of the body or a
    sentence for search engines.
    """
    start = key(stated)[:LEAD_PREFIX]
    if not stated:
        return _lead_by_class(page, body)
    if body and start and key(body[0].text).startswith(start):
        return _lead_set_apart(page, body[0])
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


def _lead_set_apart(page: Tree, first: Block) -> tuple[str, str]:
    """Return the first line of the body when the page marks it as the lead."""
    wanted = key(first.text)
    for css in families().lead:
        numbers = (page.texts.number[node] for node in page.select(css))
        if any(page.texts.letters(one) == len(wanted) and key(page.texts.at(one)) == wanted for one in numbers):
            return first.text, css
    return "", ""


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


def dates_shown(page: Tree, title: str) -> Iterator[str]:
    """Give the texts that may be the publication date: places with a date's class, then those near the title.

    The clock in a site's header, and dates of other articles in its margins, are left out.
    """
    texts = page.texts
    for css in families().published:
        for node in page.select(css)[:MAX_DATES]:
            number = texts.number[node]
            if 0 < texts.letters(number) <= MAX_LETTERS_OF_DATE and not texts.in_margin(number):
                yield texts.at(number)
    yield from _dated_near(page, title)


def _dated_near(page: Tree, title: str) -> list[str]:
    """Return the short texts with a date, nearest to the title first."""
    texts, wanted = page.texts, key(title)
    last = max((number for number in range(len(texts.nodes)) if _is_title(texts, number, wanted)), default=None)
    if last is None:
        return []
    around = range(max(0, last - MAX_ELEMENTS_TO_DATE), min(len(texts.nodes), last + MAX_ELEMENTS_TO_DATE + 1))
    short = [one for one in around if _is_short(texts, one) and not texts.in_margin(one)]
    dated = {one: text for one in short if find_date(text := texts.at(one))}
    # what is around the date line (the whole article, on a plain page) has the same date in it and much else
    smallest = [one for one in dated if not any(one != other and texts.contains(one, other) for other in dated)]
    return [dated[number] for number in sorted(smallest, key=lambda number: abs(number - last))]


def _is_title(texts: Texts, number: int, wanted: str) -> bool:
    alike = texts.letters(number) == len(wanted) > 0 and _is_short(texts, number)
    return alike and texts.nodes[number].tag != "title" and key(texts.at(number)) == wanted


def _is_short(texts: Texts, number: int) -> bool:
    """Whether an element holds a line at most."""
    few = texts.end[number] - number <= MAX_ELEMENTS_OF_LINE and len(texts.nodes[number]) <= MAX_PARTS_OF_LINE
    return few and texts.letters(number) <= MAX_LETTERS_OF_LINE


def _texts(page: Tree, css: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for node in page.select(css)[:MAX_MATCHES] if (text := page.texts.of(node))))


def _without_site_name(title: str) -> str:
    return _SITE_TAIL.sub("", title)
