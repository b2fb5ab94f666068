"""Questions to the figures as claims: which articles claim different numbers of one thing, what a reprint repeats."""

from __future__ import annotations

import abc
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import astuple, dataclass, fields
from itertools import combinations
from typing import Any, Final

import pandas as pd

from pipeline.parts import Part, part
from pipeline.tables import VIETNAM

ABOUT: Final = 0.1  # how far the number may be from what "khoảng", "gần" say, as a share of it
# figures that an article repeats from the one that it reprints
REPEATED: Final = """SELECT f.article_id, f.start FROM figures f JOIN articles a USING (article_id)
    WHERE a.reprint_of IS NOT NULL AND EXISTS (
        SELECT 1 FROM figures o WHERE o.article_id = a.reprint_of AND o.kind = f.kind AND o.value = f.value
        AND o.value_high IS NOT DISTINCT FROM f.value_high AND lower(o.unit) IS NOT DISTINCT FROM lower(f.unit)
        AND o.per IS NOT DISTINCT FROM f.per AND o.denominator IS NOT DISTINCT FROM f.denominator)"""
_DATED_CLAIMS: Final = """SELECT f.*, a.title, a.url FROM figures f JOIN articles a USING (article_id)
    WHERE f.period IS NOT NULL AND coalesce(f.movement_id, f.organisation, f.place) IS NOT NULL
    AND (f.organisation IS NULL OR f.organisation_name IS NOT NULL)
    AND article_id IN ({articles}) ORDER BY f.published_at, f.article_id, f.start"""
_YEAR: Final = re.compile(r"(?:19|20)[0-9]{2}")


@dataclass(frozen=True, slots=True)
class Thing:
    """What a claim is about: claims of one thing can contradict each other.

    `role` is what the number says of it other than what came out (target, increase, cost, …), None for a result and
    where the text doesn't tell: a target and a result are two things. `organisation` is the canonical name.
    """

    kind: str
    unit: str | None
    per: str | None
    role: str | None
    movement_id: str | None
    organisation: str | None
    place: str | None
    period: str


@dataclass(frozen=True, slots=True)
class Claim:
    """One number that one article claims; `low` and `high` are what its range and hedge leave possible."""

    article_id: str
    start: int
    low: float
    high: float
    row: dict[str, Any]

    def agrees_with(self, other: Claim) -> bool:
        """Whether both can be true."""
        return self.low <= other.high and other.low <= self.high


class ClaimQuestions(abc.ABC):
    """What a corpus answers about the claims of its figures; the corpus gives the rows."""

    @abc.abstractmethod
    def batches(self, query: Part) -> Iterator[Any]:
        """Yield the rows of one SELECT as Arrow batches, in the order of the tables."""

    def claims(self, *, contradicting: bool = True, reprints: bool = False, **of: Any) -> pd.DataFrame:
        """Return the figures about things that a text dates and names, one row a figure, those of one thing together.

        A thing is what is counted or measured, in which role (a target is no result), of which movement, organisation
        and place, in which period; figures whose text gives no period, or none of the three, or an organisation
        without saying whose it is ("LĐLĐ tỉnh"), are left out. Two articles contradict each other when no number of
        one can be any number of the other; a hedge leaves open what it says, "khoảng" and "gần" a tenth.

        Args:
            contradicting: only things of which at least two articles contradict each other.
            reprints: whether articles with an earlier one's text count as articles of their own.
            of: the part of the corpus, as in `pipeline.parts`: site="laodong_vn", month="2026-09", …

        Returns:
            The columns of `Thing`, `articles` (how many claim something of it), then those of the figure and its
            article; things with most articles first.

        Raises:
            QueryRefused: a part that is not understood.
        """
        articles = part(of, reprints=reprints)
        query = Part(_DATED_CLAIMS.format(articles=articles.query), articles.values)
        rows = (row for batch in self.batches(query) for row in batch.to_pylist())
        things = [
            (thing, found) for thing, found in by_thing(rows).items() if not contradicting or contradictory(found)
        ]
        things.sort(key=lambda each: -len({claim.article_id for claim in each[1]}))
        return _frame(things)


def by_thing(rows: Iterable[dict[str, Any]]) -> dict[Thing, list[Claim]]:
    """Put figures, as rows of the table, under the thing that each is about."""
    found: dict[Thing, list[Claim]] = defaultdict(list)
    for row in rows:
        low, high = possible(row["value"], row["value_high"], row["bound_kind"])
        found[_thing(row)].append(Claim(row["article_id"], row["start"], low, high, row))
    return dict(found)


def possible(value: float, value_high: float | None, bound_kind: str) -> tuple[float, float]:
    """Return the least and the most that a number can be, given its range and what its hedge means."""
    top = value if value_high is None else value_high
    match bound_kind:
        case "at_least":
            return value, float("inf")
        case "at_most":
            return float("-inf"), top
        case "about":
            return value - abs(value) * ABOUT, top + abs(top) * ABOUT
        case _:
            return value, top


def contradictory(claims: Sequence[Claim]) -> bool:
    """Whether two articles share no number that both can mean."""
    by_article: dict[str, list[Claim]] = defaultdict(list)
    for claim in claims:
        by_article[claim.article_id].append(claim)
    distinct = {tuple(sorted((c.low, c.high) for c in found)): found for found in by_article.values()}
    return any(
        not any(one.agrees_with(other) for one in first for other in second)
        for first, second in combinations(distinct.values(), 2)
    )


def _thing(row: dict[str, Any]) -> Thing:
    """Return what a figure is about; a period without a year is one of the year of publication."""
    period = row["period"].casefold()
    if not _YEAR.search(period) and row["published_at"] is not None:
        period = f"{period}, {row['published_at'].astimezone(VIETNAM).year}"
    return Thing(
        kind=row["kind"],
        unit=_folded(row["unit"]),
        per=row["per"],
        role=None if row["role"] == "result" else row["role"],
        movement_id=row["movement_id"],
        organisation=_folded(row["organisation_name"]),
        place=_folded(row["place"]),
        period=period,
    )


def _folded(name: str | None) -> str | None:
    return None if name is None else " ".join(name.casefold().split())


def _frame(things: Iterable[tuple[Thing, Sequence[Claim]]]) -> pd.DataFrame:
    shown = ("value", "value_high", "bound", "bound_kind", "denominator", "doubt", "surface", "sentence_text")
    told = ("site", "published_at", "article_id", "title", "url", "sentence", "start", "end")
    names = [spec.name for spec in fields(Thing)]
    rows = [
        (*astuple(thing), len({claim.article_id for claim in found}), *(claim.row[name] for name in (*shown, *told)))
        for thing, found in things
        for claim in found
    ]
    frame = pd.DataFrame(rows, columns=[*names, "articles", *shown, *told])
    frame["published_at"] = pd.to_datetime(frame["published_at"], utc=True).dt.tz_convert(VIETNAM.key)
    return frame
