"""Signatures: what candidates for near copies are found by. One pass over a text, whatever the corpus.

Two kinds of keys: 32 bands of 4 of a MinHash, which texts share that are alike as a whole; and anchors, which a text
shares with each piece cut out of it. Beside them a bitmap on which all shingles are marked, which says of most pairs
that only share a phrase that they are no copies, without their texts. Measured with `benchmarks/reprints.py`.
"""

from __future__ import annotations

import itertools
import os
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from pipeline.reprints.shingles import Hashes, Shingled

BANDS, ROWS = 32, 4
BITMAP = 2048  # bits: of 500 shingles without a like in the other text 400 show; with half as many bits 300
DIGITS = 16  # of a text's digest, in hex: they are its name here
LEAST_SHINGLES = 20  # shorter texts are alike by their formulas alone: they get no keys and are nobody's reprint

Bits = npt.NDArray[np.uint8]

_ORDERS = BANDS * ROWS
# Each order is h(x) = (a x + b) mod 2^32 of the shingles' hashes. The factors are odd and of full length: with short
# ones the sums hardly ever wrap round, and all orders are one.
_SEEDS = np.random.default_rng(20231122)
_FACTORS = _SEEDS.integers(1 << 31, 1 << 32, _ORDERS, dtype=np.uint32) | np.uint32(1)
_TERMS = _SEEDS.integers(0, 1 << 32, _ORDERS, dtype=np.uint32)
_BAND_FACTORS = _SEEDS.integers(1 << 63, (1 << 64) - 1, ROWS, dtype=np.uint64) | np.uint64(1)
_TAKEN_AT_ONCE = 100_000
_GATHERED_AT_ONCE = 10_000
_SHINGLES_AT_ONCE = 128  # their 128 x 128 products stay in the cache, and malloc need not ask for pages


class Signature(NamedTuple):
    """Of one text: how many distinct shingles it has, its 32 bands, its anchors, and the bits of its shingles."""

    size: int
    bands: Hashes
    anchors: Hashes
    bitmap: Bits


_NONE = Signature(0, np.zeros(BANDS, np.uint32), np.empty(0, np.uint32), np.zeros(BITMAP // 8, np.uint8))


def signature(text: str) -> Signature:
    """Return the signature of a text; of a short one it is empty."""
    shingled = Shingled.of(text)
    size = shingled.distinct.size
    if size < LEAST_SHINGLES:
        return _NONE
    return Signature(size, _bands(shingled.distinct), shingled.anchors(), _bitmap(shingled.distinct))


def signatures(texts: Sequence[str]) -> list[Signature]:
    """Return the signature of each text: the work that is handed out to processes."""
    return [signature(text) for text in texts]


def _bands(shingles: Hashes) -> Hashes:
    smallest = np.full(_ORDERS, (1 << 32) - 1, np.uint32)
    for at in range(0, shingles.size, _SHINGLES_AT_ONCE):
        orders = shingles[at : at + _SHINGLES_AT_ONCE, None] * _FACTORS
        orders += _TERMS
        np.minimum(smallest, orders.min(axis=0), out=smallest)
    mixed = (smallest.reshape(BANDS, ROWS).astype(np.uint64) * _BAND_FACTORS).sum(axis=1, dtype=np.uint64)
    bands: Hashes = (mixed >> np.uint64(32)).astype(np.uint32)
    return bands


def _bitmap(shingles: Hashes) -> Bits:
    """Return BITMAP bits, packed, of which those are set on which a shingle falls."""
    bits = np.zeros(BITMAP, bool)
    bits[shingles % BITMAP] = True
    return np.packbits(bits)


@dataclass(frozen=True)
class Signatures:
    """The signatures of many texts. Texts go by the first 64 bits of their digest, ascending.

    Attributes:
        names: (n,) the texts.
        sizes: (n,) distinct shingles; 0 for a short text.
        bands: (n, BANDS).
        anchors: those of all texts one after the other; those of text i are anchors[offsets[i]:offsets[i + 1]].
        offsets: (n + 1,).
        bitmaps: (n, BITMAP / 8).
    """

    names: npt.NDArray[np.uint64]
    sizes: npt.NDArray[np.uint32]
    bands: Hashes
    anchors: Hashes
    offsets: npt.NDArray[np.int64]
    bitmaps: Bits

    @classmethod
    def of(cls, named: Iterable[tuple[int, Signature]]) -> Signatures:
        """Put signatures together; of texts with the same name one is taken."""
        ordered = sorted(dict(named).items())
        lengths = [one.anchors.size for _, one in ordered]
        return cls(
            np.array([name for name, _ in ordered], np.uint64),
            np.array([one.size for _, one in ordered], np.uint32),
            np.array([one.bands for _, one in ordered], np.uint32).reshape(-1, BANDS),
            np.concatenate([np.empty(0, np.uint32), *(one.anchors for _, one in ordered)]),
            np.array([0, *itertools.accumulate(lengths)], np.int64),
            np.array([one.bitmap for _, one in ordered], np.uint8).reshape(-1, BITMAP // 8),
        )

    def positions(self, names: npt.NDArray[np.uint64]) -> npt.NDArray[np.int64]:
        """Return where texts stand here; -1 for one that doesn't."""
        if not self.names.size:
            return np.full(names.size, -1)
        at = np.searchsorted(self.names, names).clip(max=self.names.size - 1)
        return np.where(self.names[at] == names, at, -1)

    def take(self, positions: npt.NDArray[np.int64]) -> Signatures:
        """Return some of the signatures, in any order and as often as they are asked for."""
        lengths = np.diff(self.offsets)[positions]
        offsets = np.concatenate([[0], np.cumsum(lengths)])
        anchors = np.empty(offsets[-1], np.uint32)
        for first in range(0, positions.size, _TAKEN_AT_ONCE):  # where they stand takes four times what they do
            some = slice(first, first + _TAKEN_AT_ONCE)
            start, end = offsets[first], offsets[first : first + _TAKEN_AT_ONCE + 1][-1]
            moved = self.offsets[positions[some]] - offsets[:-1][some]
            anchors[start:end] = self.anchors[np.arange(start, end) + np.repeat(moved, lengths[some])]
        return Signatures(
            self.names[positions],
            self.sizes[positions],
            self.bands[positions],
            anchors,
            offsets,
            self.bitmaps[positions],
        )

    def shared_at_most(self, some: npt.NDArray[np.int32], others: npt.NDArray[np.int32]) -> npt.NDArray[np.int64]:
        """Return how many shingles the texts of each pair can share, given by their positions: no pair shares more.

        Each bit that one text alone has is of a shingle, or more of them, that the other has not.
        """
        here, there = self.bitmaps[some].view(np.uint64), self.bitmaps[others].view(np.uint64)
        lacking = np.bitwise_count(here & ~there).sum(axis=1, dtype=np.int64)
        missing = np.bitwise_count(there & ~here).sum(axis=1, dtype=np.int64)
        most: npt.NDArray[np.int64] = np.minimum(self.sizes[some] - lacking, self.sizes[others] - missing)
        return most

    @classmethod
    def together(cls, several: Sequence[Signatures], only: npt.NDArray[np.uint64] | None = None) -> Signatures:
        """Return the signatures of all, or only those of some names; of texts with the same name one is taken."""
        ends = itertools.accumulate((some.offsets[-1] for some in several), initial=0)
        all_ = cls(
            np.concatenate([np.empty(0, np.uint64), *(some.names for some in several)]),
            np.concatenate([np.empty(0, np.uint32), *(some.sizes for some in several)]),
            np.concatenate([np.empty((0, BANDS), np.uint32), *(some.bands for some in several)]),
            np.concatenate([np.empty(0, np.uint32), *(some.anchors for some in several)]),
            np.concatenate([[0], *(some.offsets[1:] + end for some, end in zip(several, ends, strict=False))]),
            np.concatenate([np.empty((0, BITMAP // 8), np.uint8), *(some.bitmaps for some in several)]),
        )
        names, first = np.unique(all_.names, return_index=True)
        return all_.take(first if only is None else first[np.isin(names, only)])

    def save(self, path: Path, version: str) -> None:
        """Write them to a file, whole or not at all."""
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_suffix(".new")
        with fresh.open("wb") as file:
            np.savez(
                file,
                version=np.array(version),
                **{name: getattr(self, name) for name in _STORED},
            )
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)

    @classmethod
    def load(cls, path: Path, version: str) -> Signatures:
        """Return those in a file, or none where it is missing, damaged or of another version: they are made again."""
        try:
            with np.load(path, allow_pickle=False) as file:
                if str(file["version"]) == version:
                    return cls(**{name: file[name] for name in _STORED})
        except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
            pass
        return cls.of(())


_STORED = [field.name for field in fields(Signatures)]


class Gathered:
    """Signatures as they come: one by one they take three times the memory that many have together."""

    def __init__(self) -> None:
        self._many: list[Signatures] = []
        self._last: list[tuple[int, Signature]] = []

    def add(self, name: int, one: Signature) -> None:
        """Take in the signature of a text."""
        self._last.append((name, one))
        if len(self._last) == _GATHERED_AT_ONCE:
            self._many.append(Signatures.of(self._last))
            self._last = []

    def all(self) -> Signatures:
        """Return those that came."""
        return Signatures.together([*self._many, Signatures.of(self._last)])


def name_of(digest: str) -> int:
    """Return the name that a text goes by here, of its digest in hex."""
    return int(digest[:DIGITS], 16)
