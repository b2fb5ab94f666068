"""Hits, misses and false hits, added up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from typing import Any


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
        return harmonic_mean(self.precision, self.recall)

    def __add__(self, other: Score) -> Score:
        return Score(self.hits + other.hits, self.missed + other.missed, self.false + other.false)


NOTHING = Score(0, (), ())


def harmonic_mean(precision: float, recall: float) -> float:
    """Return F1, 0 where both are 0."""
    both = precision + recall
    return 2 * precision * recall / both if both else 0.0


def compare(marked: Iterable[Hashable], found: Iterable[Hashable], say: Callable[[Any], str] = str) -> Score:
    """Compare two multisets; `say` writes a key for the lists of what was missed and false."""
    want, got = Counter(marked), Counter(found)
    hits = sum((want & got).values())
    return Score(hits, tuple(map(say, (want - got).elements())), tuple(map(say, (got - want).elements())))
