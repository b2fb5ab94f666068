"""Template text that cleaning let through: lines that recur across the articles of one site, found in its own corpus.

Nothing is removed here. Each finding is a proposal to the operator, with counts, places and examples; what a sentence
of the articles could be is left out, with the reason.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, fields
from typing import Literal

from pipeline.furniture import MAX_LINE_CHARACTERS, is_prose
from pipeline.furniture_rules import line_key
from pipeline.repair import composed

# Template text stands on every page of a section or a year: far more articles than a phrase or a series of reports has.
# A hundredth of the articles still finds what one section prints; five keep a small corpus from finding coincidences.
MIN_SHARE = 0.01
MIN_ARTICLES = 5
# A whole sentence that recurs is more often the articles' own (the introduction of a series, a sponsor's line): it must
# be on more of them …
MIN_PROSE_SHARE = 0.03
MIN_PROSE_ARTICLES = 8
# … and, where authors are known, under as many names: a series has one or two authors
MIN_PROSE_AUTHORS = 3
# Furniture stands above the first paragraph or below the last. Subheads and phrases ("Theo đó,") stand anywhere, and
# only now and then open or close a text.
MIN_EDGE_SHARE = 0.8
# a sentence counts as standing at the edge with one more sentence beyond it: two lines of an imprint
MAX_PROSE_BEYOND = 1
MIN_PROSE_EDGE_SHARE = 0.9
# the heading of a box is followed by titles of other articles; half, because some of these are not in the corpus
MIN_TITLES_BELOW = 0.5
# a line in the middle of a block of furniture stands next to it nearly always
MIN_BESIDE_SHARE = 0.8
# a title shorter than this is a word that lines may hold by chance
MIN_TITLE_CHARACTERS = 12
MAX_TITLE_CHARACTERS = 300
EXAMPLES = 3
LEFT_OUT = 20

# 4 MB of counters; with a million different lines one in two shares its counter, which only costs a second look
_COUNTERS = 1 << 20
_TITLE = "\x00"
_DIGITS = re.compile(r"\d+")
_SPECIAL = re.compile(r"[\\.^$*+?{}\[\]|()]")
# what closes an interview or a letter belongs to it, on however many pages it stands
_OF_THE_ARTICLE = re.compile(
    r"(?:xin )?(?:chân thành |trân trọng )?c[ảá]m ơn\b.{1,60}|trân trọng[!.]?|(?:kính )?thưa .{1,40}|"
    r"phóng viên.{0,10}|pv.{0,6}",
    re.IGNORECASE,
)

Kind = Literal["headings", "inside", "lines", "patterns"]


class NoArticles(ValueError):
    """There is nothing to learn from: no article of the site is in the tables."""


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


@dataclass(frozen=True, slots=True)
class Recurring:
    """A line that recurs. `articles` counts each article once; the places add up to it.

    `titles_below`: articles in which the next line is the title of another article. `kind` is the key of [furniture] it
    is proposed for and `rule` what to write there; both None, with the reason, for a line that is left out.
    """

    line: str
    articles: int
    share: float
    lead: int
    top: int
    between: int
    bottom: int
    titles_below: int
    first: dt.date | None
    last: dt.date | None
    examples: tuple[Example, ...]
    kind: Kind | None = None
    rule: str | None = None
    left_out: str | None = None


@dataclass(frozen=True, slots=True)
class Findings:
    """What recurs among so many articles: proposals by falling count, and what was left out, with the reason."""

    articles: int
    proposed: tuple[Recurring, ...]
    left_out: tuple[Recurring, ...]


def recurring_lines(read: Callable[[], Iterable[Printed]], *, min_share: float = MIN_SHARE) -> Findings:
    """Find the lines that recur across the articles of one site.

    Args:
        read: gives all articles of the site; called twice. Memory does not grow with them, but for 100 bytes a title.
        min_share: share of the articles that a line must stand on.

    Raises:
        NoArticles: `read` gives none.
    """
    counters, titles, articles = _count(read())
    if not articles:
        raise NoArticles("no article to learn from")
    least = max(MIN_ARTICLES, round(min_share * articles))
    tallies: dict[str, _Tally] = {}
    for article in read():
        _tally(article, tallies, titles, lambda shape: counters[_slot(shape)] >= least)
    often = {shape: tally for shape, tally in tallies.items() if tally.articles >= least}
    return _judged(often, articles)


# ------------------------------------------------------------------------------------------------ counting
@dataclass(slots=True)
class _Tally:
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
        text = text.replace(named, _TITLE)
    return text if lead or is_prose(line) else _DIGITS.sub("0", text)


def _template(line: str, title: str) -> str:
    """Return a printed line with the article's own title taken out."""
    if len(title) < MIN_TITLE_CHARACTERS:
        return line
    return re.sub(re.escape(title), _TITLE, line, flags=re.IGNORECASE)


def _slot(shape: str) -> int:
    return int.from_bytes(hashlib.blake2b(shape.encode(), digest_size=4).digest(), "big") % _COUNTERS


def _title_mark(title: str) -> int:
    return int.from_bytes(hashlib.blake2b(composed(title).casefold().encode(), digest_size=8).digest(), "big")


def _count(articles: Iterable[Printed]) -> tuple[array[int], set[int], int]:
    counters = array("I", bytes(array("I").itemsize * _COUNTERS))
    titles: set[int] = set()
    counted = 0
    for article in articles:
        counted += 1
        titles.add(_title_mark(article.title))
        for slot in {_slot(shape) for shape in _shapes(article).values()}:
            counters[slot] += 1
    return counters, titles, counted


def _lines(article: Printed) -> Iterator[tuple[int, str]]:
    """Give lead (as number -1) and body lines; those that no rule can match are passed over."""
    for number, line in enumerate((article.lead or "", *article.lines), -1):
        if 0 < len(line) <= MAX_LINE_CHARACTERS:
            yield number, line


def _shapes(article: Printed) -> dict[int, str]:
    return {number: _shape(line, article.title, lead=number < 0) for number, line in _lines(article)}


def _tally(article: Printed, tallies: dict[str, _Tally], titles: set[int], recurs: Callable[[str], bool]) -> None:
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
        tally = tallies.get(shapes[number]) or _Tally(line, _template(line, article.title), is_prose(line))
        tallies[shapes[number]] = tally
        _note(tally, article, line)
        _note_place(tally, number, sentences, often)
        tally.is_title += number in named
        tally.titles_below += number >= 0 and number + 1 in named
        beside = {shapes[near] for near in (number - 1, number + 1) if number >= 0 and near >= 0 and near in often}
        tally.beside.update(one for one in beside if one in tally.beside or len(tally.beside) < EXAMPLES * 4)


def _note(tally: _Tally, article: Printed, line: str) -> None:
    tally.articles += 1
    tally.varies = tally.varies or composed(line).casefold() != composed(tally.printed).casefold()
    if article.day is not None:
        tally.first = min(tally.first or article.day, article.day)
        tally.last = max(tally.last or article.day, article.day)
    if len(tally.authors) < MIN_PROSE_AUTHORS:
        tally.authors.update(article.authors)
    if len(tally.examples) < EXAMPLES:
        tally.examples.append(Example(article.article_id, article.url, line))


def _note_place(tally: _Tally, number: int, sentences: list[int], often: set[int]) -> None:
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


# ------------------------------------------------------------------------------------------------ judging
def _judged(tallies: dict[str, _Tally], articles: int) -> Findings:
    kinds: dict[str, Kind] = {}
    reasons: dict[str, str] = {}
    for shape, tally in tallies.items():
        reason = _why_not(tally, articles)
        if reason is None:
            kinds[shape] = _kind(shape, tally)
        else:
            reasons[shape] = reason
    _add_neighbours(tallies, kinds, reasons, articles)
    proposed = [_finding(tallies[shape], articles, kind=kind) for shape, kind in kinds.items()]
    left_out = [_finding(tallies[shape], articles, reason=reason) for shape, reason in reasons.items()]
    return Findings(articles, tuple(_by_count(proposed)), tuple(_by_count(left_out)[:LEFT_OUT]))


def _why_not(tally: _Tally, articles: int) -> str | None:
    """Return why a recurring line is not proposed, None when it is."""
    never = _why_never(tally, articles)
    if never is not None:
        return never
    if tally.prose:
        edge = min(tally.at_edge, tally.lead + tally.top + tally.bottom) / tally.articles
        return None if edge >= MIN_PROSE_EDGE_SHARE else "a sentence that stands among the paragraphs"
    if tally.titles_below >= MIN_TITLES_BELOW * tally.articles:
        return None
    at_edge = (tally.lead + tally.top + tally.bottom) / tally.articles
    return None if at_edge >= MIN_EDGE_SHARE else "stands among the paragraphs, as a subhead or a phrase does"


def _why_never(tally: _Tally, articles: int) -> str | None:
    """Return why a line is not furniture whatever stands around it."""
    if 2 * tally.is_title >= tally.articles:
        return "the title of an article; add the heading above it"
    if _OF_THE_ARTICLE.fullmatch(tally.printed):
        return "thanks and addresses of an interview or a letter"
    if tally.prose and tally.articles < max(MIN_PROSE_ARTICLES, MIN_PROSE_SHARE * articles):
        return "a sentence, on too few articles for a template"
    if tally.prose and 0 < len(tally.authors) < MIN_PROSE_AUTHORS:
        return "a sentence of one or two authors: a series or a column"
    return None


def _add_neighbours(tallies: dict[str, _Tally], kinds: dict[str, Kind], reasons: dict[str, str], articles: int) -> None:
    """Propose what stands next to proposed lines nearly always: the other lines of a block."""
    grown = True
    while grown:
        grown = False
        for shape in list(reasons):
            tally = tallies[shape]
            near = max((count for one, count in tally.beside.items() if one in kinds), default=0)
            if near >= MIN_BESIDE_SHARE * tally.articles and _why_never(tally, articles) is None:
                del reasons[shape]
                kinds[shape] = _kind(shape, tally)
                grown = True


def _kind(shape: str, tally: _Tally) -> Kind:
    if tally.titles_below >= MIN_TITLES_BELOW * tally.articles and not tally.varies:
        return "inside" if tally.between > tally.articles * (1 - MIN_EDGE_SHARE) else "headings"
    exact = not tally.varies and _TITLE not in shape and line_key(tally.printed) != ""
    return "lines" if exact else "patterns"


def _finding(tally: _Tally, articles: int, *, kind: Kind | None = None, reason: str | None = None) -> Recurring:
    counted = {one.name: getattr(tally, one.name) for one in fields(Recurring) if hasattr(tally, one.name)}
    counted |= {"line": tally.printed, "share": tally.articles / articles, "examples": tuple(tally.examples)}
    rule = _pattern(tally) if kind == "patterns" else tally.printed
    return Recurring(**counted, kind=kind, rule=rule if kind else None, left_out=reason)


def _pattern(tally: _Tally) -> str:
    """Return the regular expression that a line of this shape matches, whatever its numbers and the article's title."""
    literal = _SPECIAL.sub(lambda special: "\\" + special[0], tally.template)
    numbered = literal if tally.prose else _DIGITS.sub(lambda _: r"\d+", literal)
    return numbered.replace(_TITLE, f".{{1,{MAX_TITLE_CHARACTERS}}}")


def _by_count(found: list[Recurring]) -> list[Recurring]:
    return sorted(found, key=lambda one: (-one.articles, one.line))
