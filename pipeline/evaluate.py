"""Measure extraction against marked texts: precision, recall and F1 of movements and figures.

A movement is a hit when its surface is the marked one but for case, quotes, dashes, commas and spaces; each distinct
name counts once a text. A figure is a hit when value, value_high and kind agree; each occurrence counts.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

_NOT_IN_A_KEY = re.compile(r"[\"“”‘’'«»,.;:!–—\-\s]+")

Mark = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Score:
    """Hits, misses and false hits, and what they were."""

    hits: int
    missed: tuple[str, ...]
    false: tuple[str, ...]

    @property
    def precision(self) -> float:
        return self.hits / max(1, self.hits + len(self.false))

    @property
    def recall(self) -> float:
        return self.hits / max(1, self.hits + len(self.missed))

    @property
    def f1(self) -> float:
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0

    def __add__(self, other: Score) -> Score:
        return Score(self.hits + other.hits, self.missed + other.missed, self.false + other.false)


NOTHING = Score(0, (), ())


def score_movements(marked: Iterable[Mark], found: Iterable[Mark]) -> Score:
    """Compare the movements of one text; each distinct name counts once."""
    return _score(set(map(_movement_key, marked)), set(map(_movement_key, found)), str)


def score_figures(marked: Iterable[Mark], found: Iterable[Mark]) -> Score:
    """Compare the figures of one text; each occurrence counts."""
    return _score(list(map(_figure_key, marked)), list(map(_figure_key, found)), repr)


def _score(marked: Iterable[Hashable], found: Iterable[Hashable], say: Callable[[Any], str]) -> Score:
    want, got = Counter(marked), Counter(found)
    hits = sum((want & got).values())
    return Score(hits, tuple(map(say, (want - got).elements())), tuple(map(say, (got - want).elements())))


def _movement_key(mark: Mark) -> str:
    surface = unicodedata.normalize("NFC", mark["surface"]).casefold()
    return " ".join(_NOT_IN_A_KEY.sub(" ", surface).split())


def _figure_key(mark: Mark) -> tuple[float, float | None, str]:
    high = mark.get("value_high")
    return round(float(mark["value"]), 6), None if high is None else round(float(high), 6), mark["kind"]
