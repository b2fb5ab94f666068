"""Counting the lines of a site's articles: how often each recurs, where it stands and what stands beside it."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from pipeline.furniture import MAX_LINE_CHARACTERS, is_prose
from pipeline.repair import composed

# a title shorter than this is a word that lines may hold by chance
MIN_TITLE_CHARACTERS = 12
EXAMPLES = 3
# authors of a line that are told apart
MAX_AUTHORS = 3
# a sentence counts as standing at the edge with one more sentence beyond it: two lines of an imprint
MAX_PROSE_BEYOND = 1

# 4 MB of counters; with a million different lines one in two shares its counter, which only costs a second look
_COUNTERS = 1 << 20
# what stands in a shape for the article's own title
TITLE = "\x00"
DIGITS = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Printed:
    """An article as it was kept: its lead, and the lines of its body in reading order."""

    article_id: str
    url: str | None
    title: str
    lead: str | None
    lines: tuple[str, ...]
    authors: tuple[str, ...] = ()
    day: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Example:
    """An article on which a line stands, as printed there."""

    article_id: str
    url: str | None
    printed: str


@dataclass(slots=True)
class Tally:
    """What is counted of one line; bounded, whatever the number of articles."""

    printed: str
    template: str
    prose: bool
    articles: int = 0
    lead: int = 0
    top: int = 0
    between: int = 0
    bottom: int = 0
    at_edge: int = 0
    titles_below: int = 0
    is_title: int = 0
    varies: bool = False
    first: dt.date | None = None
    last: dt.date | None = None
    authors: set[str] = field(default_factory=set)
    examples: list[Example] = field(default_factory=list)
    beside: Counter[str] = field(default_factory=Counter)


def _shape(line: str, title: str, *, lead: bool = False) -> str:
    """Return a line with what differs from page to page taken out: case, the article's own title, numbers.

    The numbers of a sentence stay: what is reported every day ("Giá gạo ở Hà Lĩnh hôm nay là …") differs in them alone.
    """
    text = composed(line).casefold()
    named = title.casefold()
    if len(named) >= MIN_TITLE_CHARACTERS and named in text and text != named:
        text = text.replace(named, TITLE)
    return text if lead or is_prose(line) else DIGITS.sub("0", text)


def _template(line: str, title: str) -> str:
    """Return a printed line with the article's own title taken out."""
    if len(title) < MIN_TITLE_CHARACTERS:
        return line
    return re.sub(re.escape(title), TITLE, line, flags=re.IGNORECASE)


def slot_of(shape: str) -> int:
    return int.from_bytes(hashlib.blake2b(shape.encode(), digest_size=4).digest(), "big") % _COUNTERS


def _title_mark(title: str) -> int:
    return int.from_bytes(hashlib.blake2b(composed(title).casefold().encode(), digest_size=8).digest(), "big")


def count_lines(articles: Iterable[Printed]) -> tuple[array[int], set[int], int]:
    counters = array("I", bytes(array("I").itemsize * _COUNTERS))
    titles: set[int] = set()
    counted = 0
    for article in articles:
        counted += 1
        titles.add(_title_mark(article.title))
        for slot in {slot_of(shape) for shape in _shapes(article).values()}:
            counters[slot] += 1
    return counters, titles, counted


def _lines(article: Printed) -> Iterator[tuple[int, str]]:
    """Give lead (as number -1) and body lines; those that no rule can match are passed over."""
    for number, line in enumerate((article.lead or "", *article.lines), -1):
        if 0 < len(line) <= MAX_LINE_CHARACTERS:
            yield number, line


def _shapes(article: Printed) -> dict[int, str]:
    return {number: _shape(line, article.title, lead=number < 0) for number, line in _lines(article)}


def tally_lines(article: Printed, tallies: dict[str, Tally], titles: set[int], recurs: Callable[[str], bool]) -> None:
    """Count the recurring lines of one article, each at its first place."""
    own = _title_mark(article.title)
    shapes = _shapes(article)
    often = {number for number, shape in shapes.items() if recurs(shape)}
    if not often:
        return
    named = {
        number
        for number, line in _lines(article)
        if number >= 0 and (mark := _title_mark(line)) in titles and mark != own
    }
    sentences = [number for number, line in enumerate(article.lines) if number not in named and is_prose(line)]
    seen: set[str] = set()
    for number in sorted(often):
        if shapes[number] in seen:
            continue
        seen.add(shapes[number])
        line = article.lead or "" if number < 0 else article.lines[number]
        tally = tallies.get(shapes[number]) or Tally(line, _template(line, article.title), is_prose(line))
        tallies[shapes[number]] = tally
        _note(tally, article, line)
        _note_place(tally, number, sentences, often)
        tally.is_title += number in named
        tally.titles_below += number >= 0 and number + 1 in named
        beside = {shapes[near] for near in (number - 1, number + 1) if number >= 0 and near >= 0 and near in often}
        tally.beside.update(one for one in beside if one in tally.beside or len(tally.beside) < EXAMPLES * 4)


def _note(tally: Tally, article: Printed, line: str) -> None:
    tally.articles += 1
    tally.varies = tally.varies or composed(line).casefold() != composed(tally.printed).casefold()
    if article.day is not None:
        tally.first = min(tally.first or article.day, article.day)
        tally.last = max(tally.last or article.day, article.day)
    if len(tally.authors) < MAX_AUTHORS:
        tally.authors.update(article.authors)
    if len(tally.examples) < EXAMPLES:
        tally.examples.append(Example(article.article_id, article.url, line))


def _note_place(tally: Tally, number: int, sentences: list[int], often: set[int]) -> None:
    """Count the place: above the first or below the last sentence of the article's own, or between."""
    own = [place for place in sentences if place not in often]
    before = sum(place < number for place in sentences)
    after = sum(place > number for place in sentences)
    if number < 0:
        tally.lead += 1
    elif not own or number > own[-1]:
        tally.bottom += 1
    elif number < own[0]:
        tally.top += 1
    else:
        tally.between += 1
    tally.at_edge += number < 0 or min(before, after) <= MAX_PROSE_BEYOND
