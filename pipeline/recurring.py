"""Template text that cleaning let through: lines that recur across the articles of one site, found in its own corpus.

Nothing is removed here. Each finding is a proposal to the operator, with counts, places and examples; what a sentence
of the articles could be is left out, with the reason.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields
from typing import Literal

from pipeline.furniture_rules import line_key
from pipeline.tallies import DIGITS, MAX_AUTHORS, TITLE, Example, Printed, Tally, count_lines, slot_of, tally_lines

# Template text stands on every page of a section or a year: far more articles than a phrase or a series of reports has.
# A hundredth of the articles still finds what one section prints; five keep a small corpus from finding coincidences.
MIN_SHARE = 0.01
MIN_ARTICLES = 5
# A whole sentence that recurs is more often the articles' own (the introduction of a series, a sponsor's line): it must
# be on more of them …
MIN_PROSE_SHARE = 0.03
MIN_PROSE_ARTICLES = 8
# … and, where authors are known, under as many names: a series has one or two authors
MIN_PROSE_AUTHORS = MAX_AUTHORS
# Furniture stands above the first paragraph or below the last. Subheads and phrases ("Theo đó,") stand anywhere, and
# only now and then open or close a text.
MIN_EDGE_SHARE = 0.8
MIN_PROSE_EDGE_SHARE = 0.9
# the heading of a box is followed by titles of other articles; half, because some of these are not in the corpus
MIN_TITLES_BELOW = 0.5
# a line in the middle of a block of furniture stands next to it nearly always
MIN_BESIDE_SHARE = 0.8
MAX_TITLE_CHARACTERS = 300
LEFT_OUT = 20

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
    counters, titles, articles = count_lines(read())
    if not articles:
        raise NoArticles("no article to learn from")
    least = max(MIN_ARTICLES, round(min_share * articles))
    tallies: dict[str, Tally] = {}
    for article in read():
        tally_lines(article, tallies, titles, lambda shape: counters[slot_of(shape)] >= least)
    often = {shape: tally for shape, tally in tallies.items() if tally.articles >= least}
    return _judged(often, articles)


def _judged(tallies: dict[str, Tally], articles: int) -> Findings:
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


def _why_not(tally: Tally, articles: int) -> str | None:
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


def _why_never(tally: Tally, articles: int) -> str | None:
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


def _add_neighbours(tallies: dict[str, Tally], kinds: dict[str, Kind], reasons: dict[str, str], articles: int) -> None:
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


def _kind(shape: str, tally: Tally) -> Kind:
    if tally.titles_below >= MIN_TITLES_BELOW * tally.articles and not tally.varies:
        return "inside" if tally.between > tally.articles * (1 - MIN_EDGE_SHARE) else "headings"
    exact = not tally.varies and TITLE not in shape and line_key(tally.printed) != ""
    return "lines" if exact else "patterns"


def _finding(tally: Tally, articles: int, *, kind: Kind | None = None, reason: str | None = None) -> Recurring:
    counted = {one.name: getattr(tally, one.name) for one in fields(Recurring) if hasattr(tally, one.name)}
    counted |= {"line": tally.printed, "share": tally.articles / articles, "examples": tuple(tally.examples)}
    rule = _pattern(tally) if kind == "patterns" else tally.printed
    return Recurring(**counted, kind=kind, rule=rule if kind else None, left_out=reason)


def _pattern(tally: Tally) -> str:
    """Return the regular expression that a line of this shape matches, whatever its numbers and the article's title."""
    literal = _SPECIAL.sub(lambda special: "\\" + special[0], tally.template)
    numbered = literal if tally.prose else DIGITS.sub(lambda _: r"\d+", literal)
    return numbered.replace(TITLE, f".{{1,{MAX_TITLE_CHARACTERS}}}")


def _by_count(found: list[Recurring]) -> list[Recurring]:
    return sorted(found, key=lambda one: (-one.articles, one.line))
