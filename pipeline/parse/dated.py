"""Where a page of unknown design shows its date: near the title, in a place with a date's class, below the body.

The clock in a site's header, and the dates of other articles and of comments, are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from urllib.parse import urlsplit

from pipeline.parse.above import MAX_ELEMENTS_TO_DATE, MAX_LETTERS_OF_LINE, title_at
from pipeline.parse.body import article_lines, end_of_body
from pipeline.parse.dates import (
    beside_date,
    counted_moment,
    find_day,
    find_short_year,
    has_time,
    is_closing_formula,
    is_date_line,
    is_marked_day,
)
from pipeline.parse.dom import attribute
from pipeline.parse.layout import Reading, families
from pipeline.parse.metadata import is_address
from pipeline.parse.texts import Texts
from pipeline.parse.tree import Tree

MAX_WORDS_BESIDE_DATE = 8
# elements with a date's class that are looked at, of each class, and the letters of one: the byline beside it counts
MAX_DATES = 3
MAX_LETTERS_OF_DATE = 300
# elements below the body among which it may be dated
MAX_ELEMENTS_BELOW = 12
# a link below the body that leads to the paper where it was printed first, and to no other article
MAX_WORDS_OF_SOURCE = 3
# lines at the end of a body that may date it
MAX_LINES_OF_END = 4
# links between a date and the title below it when the date is the clock in the header: crumbs have two
LINKS_OF_MENU = 3
# elements between a title and the day alone above it: more may hold the clock in the header
MAX_ELEMENTS_BETWEEN = 12

# where designs keep the moment for scripts, and what parts an author, a date and a counter on one line
_DATA = ("data-time", "data-date", "data-datetime", "data-timestamp")
_BARS = re.compile(r"[|•·]")
_DASH = re.compile(r" [-–] ")
_UPDATE = re.compile(r"cập nhật|chỉnh sửa|sửa (?:đổi )?lần|\b(?:last )?(?:updated|modified)\b", re.IGNORECASE)
_COMMENTS = re.compile(r"bình luận|ý kiến|comment|phản hồi", re.IGNORECASE)
_BEGUN = re.compile(r"(?:được|ngày|khởi) tạo\b|\bcreated\b", re.IGNORECASE)
_PUBLISH_FIELD = re.compile(r"publish|post(?:ed)?_?-?date|distribution_?-?date|ngay_?-?(?:dang|xuat)", re.IGNORECASE)
_NAMED_LATER = re.compile(r"updated|modified", re.IGNORECASE)
_NAMED_FIRST = re.compile(r"publish|create|posted", re.IGNORECASE)
# "/2025/06/12/", "-20250612", "/2025-06-12": a day of this century, and no more digits than a time of day after it
_IN_ADDRESS = re.compile(
    r"(?<!\d)(?P<year>20\d\d)(?P<parting>[/_-]?)(?P<month>0[1-9]|1[0-2])(?P=parting)(?P<day>0[1-9]|[12]\d|3[01])"
    r"(?=\d{4}(?:\d{2}(?:\d{3})?)?(?:\D|$)|\D|$)"
)


def dates_shown(page: Tree, reading: Reading) -> Iterator[tuple[str, str]]:
    """Give the texts that may be the publication date, the likeliest first, each with the place it was found in."""
    texts = page.texts
    body = reading.begins
    title = reading.titled
    if title is None:
        title = title_at(texts, reading.title, len(texts.nodes) if body is None else body)
    above = title if title is not None else body
    below = end_of_body(texts, reading)
    if title is not None:
        yield from ((text, "below the title") for text in _below_title(texts, title, body))
    yield from ((text, "where the page shows a date") for text in _by_class(page, above, below))
    if above is not None:
        yield from ((text, "above the title") for text in _above_title(texts, above))
    yield from ((text, "kept in a field of a form") for text in _in_fields(page))
    yield from ((text, "at the end of the body") for text in _at_end_of_body(reading))
    if below is not None:
        yield from ((text, "below the body") for text in _below_body(texts, below))
        yield from ((text, "stated below the body") for text in _stated_below(page, below))


def day_in_address(address: str | None) -> str | None:
    """Return the day (ISO) that an address names, as papers whose links begin or end with it do, or None."""
    found = _IN_ADDRESS.search(urlsplit(address).path) if address and is_address(address) else None
    return f"{found['year']}-{found['month']}-{found['day']}" if found else None


def _below_title(texts: Texts, title: int, body: int | None) -> list[str]:
    """Return the dates from the title down to the body, nearest first; then when it was begun, and last edited."""
    last = title + MAX_ELEMENTS_TO_DATE if body is None else min(body, texts.end[title] + 2 * MAX_ELEMENTS_TO_DATE)
    beyond = min(last + 1, len(texts.nodes))
    stated = [
        (written, _rank(texts, number, "")) for number in range(title, beyond) for written in _stated(texts, number)
    ]
    shown = [
        (text, _rank(texts, number, text))
        for number in texts.lines(texts.end[title], beyond)
        for text in _date_in(texts, number)
    ]
    return [text for text, _ in sorted((*stated, *shown), key=lambda one: one[1])]


def _rank(texts: Texts, number: int, text: str) -> int:
    """Return 0 for a date that may be the publication's, 1 for that of the first draft, 2 for that of a later edit."""
    named = texts.nodes[number].get("class") or texts.nodes[number].get("itemprop") or ""
    if _UPDATE.search(text) or (_NAMED_LATER.search(named) and not _NAMED_FIRST.search(named)):
        return 2
    return int(bool(_BEGUN.search(text)))


def _by_class(page: Tree, above: int | None, below: int | None) -> Iterator[str]:
    """Give what stands in places with a date's class: those of the article, as far as it is known where that is."""
    texts = page.texts
    beyond = len(texts.nodes) if below is None else below + MAX_ELEMENTS_BELOW
    for css in families().published:
        for node in page.select(css)[:MAX_DATES]:
            number = texts.number[node]
            if texts.in_margin(number) or texts.letters(number) > MAX_LETTERS_OF_DATE or number > beyond:
                continue
            if above is None or number > above or not _is_in_header(texts, number, above):
                yield from _stated(texts, number)
                yield texts.at(number)


def _above_title(texts: Texts, title: int) -> Iterator[str]:
    """Give the dates above the title, nearest first, up to the menu: a day alone only right above it."""
    for number in reversed(list(texts.lines(max(0, title - MAX_ELEMENTS_TO_DATE), title))):
        if _is_in_header(texts, number, title):
            return
        if not texts.in_margin(number):
            beside = title - texts.end[number] <= MAX_ELEMENTS_BETWEEN and not texts.links_between(number, title)
            yield from (text for text in _date_in(texts, number) if beside or has_time(text))


def _is_in_header(texts: Texts, number: int, title: int) -> bool:
    """Whether a menu stands between an element and the title below it: a date there is the clock of the site."""
    return len(texts.links_between(number, title)) >= LINKS_OF_MENU


def _below_body(texts: Texts, below: int) -> Iterator[str]:
    """Give the date lines right below the body; those in a list are of other articles and of comments."""
    for number in texts.lines(below, min(len(texts.nodes), below + MAX_ELEMENTS_BELOW)):
        listed = next(texts.nodes[number].iterancestors("li"), None) is not None
        titled = 2 * texts.linked(number) > texts.letters(number) and texts.words(number) > MAX_WORDS_OF_SOURCE
        if listed or titled or _COMMENTS.search(texts.at(number)):
            return
        yield from (text for text in _date_in(texts, number) if _gives_date(text))


def _in_fields(page: Tree) -> Iterator[str]:
    """Give the dates of publication that fields unseen by readers keep for scripts (`<input type="hidden">`)."""
    for node in page.select("input[type=hidden][value]"):
        if _PUBLISH_FIELD.search(f"{node.get('id') or ''} {node.get('name') or ''}"):
            yield from filter(find_day, (attribute(node, "value"),))


def _at_end_of_body(reading: Reading) -> Iterator[str]:
    """Give the date lines among the last of the body, as old pages print them beside the author; last ones first."""
    if reading.begins is None:
        return
    for block in reversed(article_lines(reading.blocks)[-MAX_LINES_OF_END:]):
        if len(block.text) <= MAX_LETTERS_OF_DATE and _gives_date(block.text):
            yield block.text


def _gives_date(text: str) -> bool:
    parts = (text, *(part.strip() for part in _BARS.split(text)))
    return is_date_line(text, near_title=True) or any(map(is_marked_day, parts)) or is_closing_formula(text)


def _stated_below(page: Tree, below: int) -> Iterator[str]:
    """Give what is marked as the date of publication further down, in the foot of the article and in no comment."""
    texts = page.texts
    for node in page.select("[itemprop=datePublished], time.published, abbr.published")[:MAX_DATES]:
        number = texts.number[node]
        commented = any(_COMMENTS.search(one.get("class") or one.get("id") or "") for one in node.iterancestors())
        if number >= below and not texts.in_margin(number) and not commented:
            yield from _stated(texts, number)
            yield texts.at(number)


def _stated(texts: Texts, number: int) -> Iterator[str]:
    """Give the date that an element states for machines, or when it is pointed at ("3 năm trước")."""
    node = texts.nodes[number]
    dated = "date" in f"{node.get('property') or ''}{node.get('itemprop') or ''}".casefold()
    said = node.get("title") if node.tag in ("abbr", "time", "span") else None
    pointed = said if node.tag == "abbr" or (said and find_day(said)) else None
    kept = next(filter(None, map(node.get, _DATA)), None)
    counted = counted_moment(kept) if kept else ""
    yield from filter(None, (node.get("datetime"), node.get("content") if dated else None, pointed, counted))


def _date_in(texts: Texts, number: int) -> Iterator[str]:
    """Give the date of a line, with the few words beside it; of a day of publication and one of an edit the first."""
    if texts.letters(number) > MAX_LETTERS_OF_LINE:
        return
    text = _dated_part(texts, number)
    if not find_day(text):
        if find_short_year(text) and len(text.split()) <= MAX_WORDS_BESIDE_DATE:
            yield text  # to be refused, with the reason
        return
    parts = _BARS.split(text)
    dated = [part for part in parts if find_day(part)] if len(parts) > 1 else parts
    if len(dated) > 1:  # "Cập nhật: 10:00 17/9/2022 | Đăng: 09:14 16/9/2022"
        text = next((part for part in dated if not _UPDATE.search(part)), text)
    edited = _UPDATE.search(text)
    if edited and find_day(text[: edited.start()]):
        text = text[: edited.start()]
    few = (part for part in _narrowed(text) if len(beside_date(part).split()) <= MAX_WORDS_BESIDE_DATE)
    yield from islice(few, 1)


def _dated_part(texts: Texts, number: int) -> str:
    """Return the smallest part of a line with the whole date: an author, a section or a button may stand beside it, and
    no blank between ("05/09/20264 phút đọc")."""
    inside, text = number, texts.at(number)
    for one in range(number + 1, texts.end[number]):
        if texts.contains(inside, one) and find_day(part := texts.at(one)) and has_time(part) >= has_time(text):
            inside, text = one, part
    return text


def _narrowed(text: str) -> Iterator[str]:
    """Give a line with a date, then the part of it between bars, and between dashes where its time stays with it."""
    yield text
    part = next((part for part in _BARS.split(text) if find_day(part)), text)
    yield part
    inner = next((one for one in _DASH.split(part) if find_day(one)), part)
    if has_time(inner) or not has_time(part):
        yield inner
