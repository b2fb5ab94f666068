"""Pairs of articles that share keys, and what these weigh; more pairs than fit in memory are on the disk."""

from __future__ import annotations

import itertools
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from pipeline.reprints.keys import Numbers

_PAIRS_IN_MEMORY = 1 << 23  # 12 bytes each
_PAIRS_AT_ONCE = 1 << 21  # summed up, which takes 50 bytes each
_LATER = 32  # bits: the number of the later article stands above that of the earlier one


@dataclass(frozen=True, slots=True)
class Pairs:
    """Pairs of articles, each once, by later and then by earlier article, with what the keys weigh that they share."""

    both: npt.NDArray[np.int64]
    weights: npt.NDArray[np.int32]

    @classmethod
    def of(cls, later: Numbers, earlier: Numbers, weights: npt.NDArray[np.int32]) -> Pairs:
        """Put pairs in order; of those that are there more than once the weights are summed up."""
        return cls._summed((later.astype(np.int64) << _LATER) + earlier, weights)

    @classmethod
    def joined(cls, several: Sequence[Pairs]) -> Pairs:
        """Return the pairs of all, each with what it weighs in all."""
        return cls._summed(
            np.concatenate([np.empty(0, np.int64), *(some.both for some in several)]),
            np.concatenate([np.empty(0, np.int32), *(some.weights for some in several)]),
        )

    @classmethod
    def _summed(cls, both: npt.NDArray[np.int64], weights: npt.NDArray[np.int32]) -> Pairs:
        if not both.size:
            return cls(both, weights)
        order = np.argsort(both)
        both = both[order]
        first = np.flatnonzero(np.append(True, both[1:] != both[:-1]))
        return cls(both[first], np.add.reduceat(weights[order], first, dtype=np.int32))

    @property
    def later(self) -> Numbers:
        """The later article of each pair."""
        return (self.both >> _LATER).astype(np.int32)

    @property
    def earlier(self) -> Numbers:
        """The earlier article of each pair."""
        return (self.both & ((1 << _LATER) - 1)).astype(np.int32)

    def of_later(self, first: int, end: int) -> Pairs:
        """Return the pairs whose later article has a number from `first` on, and before `end`."""
        start, stop = np.searchsorted(self.both, [first << _LATER, end << _LATER])
        return Pairs(self.both[start:stop], self.weights[start:stop])

    def take(self, which: npt.NDArray[np.bool_]) -> Pairs:
        """Return some of the pairs."""
        return Pairs(self.both[which], self.weights[which])


class Met:
    """Takes in pairs as they meet, and gives those that weigh enough in all.

    Args:
        articles: how many there are.
        spill: a folder for pairs that do not fit in memory; that of the machine for such files when absent.
    """

    def __init__(self, articles: int, spill: str | None) -> None:
        self._articles, self._spill = articles, spill
        self._several: list[Pairs] = []
        self._count = 0

    def add(self, pairs: Pairs) -> None:
        """Take in pairs.

        Raises:
            OSError: the disk is full or not writable.
        """
        self._count += pairs.both.size
        if self._count > _PAIRS_IN_MEMORY:
            pairs = Pairs(self._on_disk(pairs.both), self._on_disk(pairs.weights))
        self._several.append(pairs)

    def _on_disk(self, values: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """Return the same values from a file without a name, which is gone when they are no longer used."""
        if not values.size:
            return values
        with tempfile.TemporaryFile(dir=self._spill) as file:
            values.tofile(file)
            return np.memmap(file, values.dtype, "r", shape=values.shape)

    def weighing(self, least: npt.NDArray[np.floating[Any]]) -> Pairs:
        """Return the pairs that weigh at least what is asked of their later article."""
        steps = 1 + self._count // _PAIRS_AT_ONCE
        ends = np.linspace(0, self._articles, steps + 1).astype(int).tolist()
        heavy = []
        for first, end in itertools.pairwise(ends):
            pairs = Pairs.joined([some.of_later(first, end) for some in self._several])
            heavy.append(pairs.take(pairs.weights >= least[pairs.later]))
        return Pairs.joined(heavy)
