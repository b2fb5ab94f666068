"""Which numbers are hard to believe: beyond what their kind and unit can be (`pipeline/lexicon/limits.toml`)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any, Final

import tomli

from pipeline.figures.lexicon import unit_lexicon
from pipeline.figures.words import read_words
from pipeline.records import FigureKind

UNITS_AT_HAND: Final = 4_096  # of which the limit is remembered; an article has some dozens


@dataclass(frozen=True, slots=True)
class Limit:
    """What figures of a kind can be; empty `units`, `per` and `nouns` fit all.

    `units` are beginnings of units in whole syllables, `nouns` classes of the counted noun.
    """

    kind: FigureKind
    least: float
    most: float
    reason: str
    units: tuple[str, ...] = ()
    per: tuple[str, ...] = ()
    nouns: frozenset[str] = frozenset()

    def fits(self, kind: FigureKind, unit: str | None, per: str | None, nouns: frozenset[str]) -> bool:
        """Whether the limit is one for these figures; `nouns` are the classes of the unit's noun."""
        if kind != self.kind or (self.per and per not in self.per) or (self.nouns and not self.nouns & nouns):
            return False
        return not self.units or any(f"{unit} ".startswith(f"{beginning} ") for beginning in self.units)


def doubt(kind: FigureKind, unit: str | None, per: str | None, *numbers: float | None) -> str | None:
    """Return why one of the numbers (value, high end, denominator) is hard to believe, None if none is."""
    limit = _limit(kind, unit, per)
    for number in numbers:
        if number is None:
            continue
        if number < limit.least:
            return f"{number:.15g} is below {limit.least:.15g}: {limit.reason}"
        if number > limit.most:
            return f"{number:.15g} is above {limit.most:.15g}: {limit.reason}"
    return None


@cache
def limits() -> tuple[Limit, ...]:
    """Return the limits that ship with the package, in their order.

    Raises:
        ValueError: a kind has no limit that fits all of its figures.
    """
    table = tomli.loads((files("pipeline") / "lexicon" / "limits.toml").read_text(encoding="utf-8"))
    found = tuple(_of_entry(entry) for entry in table["limit"])
    general = {limit.kind for limit in found if not (limit.units or limit.per or limit.nouns)}
    if lacking := {limit.kind for limit in found} - general:
        raise ValueError(f"lexicon/limits.toml: no limit for all figures of kind {', '.join(sorted(lacking))}")
    return found


def _of_entry(entry: dict[str, Any]) -> Limit:
    return Limit(
        kind=entry["kind"],
        least=float(entry["least"]),
        most=float(entry["most"]),
        reason=entry["reason"],
        units=tuple(entry.get("units", ())),
        per=tuple(entry.get("per", ())),
        nouns=frozenset(entry.get("nouns", ())),
    )


@lru_cache(maxsize=UNITS_AT_HAND)
def _limit(kind: FigureKind, unit: str | None, per: str | None) -> Limit:
    """Return the first limit that fits."""
    nouns = _classes(unit) if kind == "count" and unit else frozenset()
    return next(limit for limit in limits() if limit.fits(kind, unit, per, nouns))


def _classes(unit: str) -> frozenset[str]:
    """Return the classes of the longest noun that a unit begins with."""
    lexicon, words = unit_lexicon(), read_words(unit)
    return lexicon.classes(words[: lexicon.nouns.at(words, 0)])
