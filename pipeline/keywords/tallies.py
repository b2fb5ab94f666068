"""Counting what is too many to hold one by one: numbers come in batches, equal ones are added up again and again."""

from __future__ import annotations

import numpy as np

from pipeline.keywords.words import Integers

# distinct numbers held before they are added up: 4 million take 64 MB, and as much again while they are sorted
MERGED_AT = 4_000_000


class Tally:
    """How often each number was given; the memory is that of the distinct numbers, 16 bytes each."""

    def __init__(self) -> None:
        self._numbers: list[Integers] = []
        self._counts: list[Integers] = []
        self._merged = 0
        self._held = 0

    def add(self, numbers: Integers) -> None:
        """Count each of the numbers once more."""
        distinct, counts = np.unique(numbers, return_counts=True)
        self._numbers.append(distinct)
        self._counts.append(counts.astype(np.int64))
        self._held += len(distinct)
        # doubling: numbers that stay distinct are not sorted again at each batch
        if self._held > max(MERGED_AT, 2 * self._merged):
            self._merge()

    def at_least(self, count: int) -> tuple[Integers, Integers]:
        """Return the numbers that were given so often, in rising order, and how often."""
        self._merge()
        kept = self._counts[0] >= count
        return self._numbers[0][kept], self._counts[0][kept]

    def _merge(self) -> None:
        numbers = np.concatenate([np.zeros(0, dtype=np.int64), *self._numbers])
        counts = np.concatenate([np.zeros(0, dtype=np.int64), *self._counts])
        order = np.argsort(numbers, kind="stable")
        numbers, counts = numbers[order], counts[order]
        firsts = np.flatnonzero(np.concatenate([[True], numbers[1:] != numbers[:-1]])) if len(numbers) else order
        self._numbers = [numbers[firsts]]
        self._counts = [np.add.reduceat(counts, firsts) if len(firsts) else counts]
        self._merged = self._held = len(firsts)


def counts_by_key(numbers: Integers, so_far: Integers, size: int) -> Integers:
    """Add the occurrences of small numbers (0 to size - 1) to an array that grows with the vocabulary."""
    counts = np.bincount(numbers, minlength=size).astype(np.int64)
    counts[: len(so_far)] += so_far
    return counts
