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
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from pipeline.reprints.shingles import Hashes, Shingled

BANDS, ROWS = 32, 4
BITMAP = 2048  # bits: of 500 shingles that another text of 500 has not 350 show; with half as many bits 240
DIGITS = 16  # of a text's digest, in hex: they are its name here
LEAST_SHINGLES = 20  # shorter texts are alike by their formulas alone: they get no keys and are nobody's reprint

Bits = npt.NDArray[np.uint8]
Names = npt.NDArray[np.uint64]

_ORDERS = BANDS * ROWS
# Each order is h(x) = (a x + b) mod 2^32 of the shingles' hashes. The factors are odd and of full length: with short
# ones the sums hardly ever wrap round, and all orders are one.
_SEEDS = np.random.default_rng(20231122)
_FACTORS = _SEEDS.integers(1 << 31, 1 << 32, _ORDERS, dtype=np.uint32) | np.uint32(1)
_TERMS = _SEEDS.integers(0, 1 << 32, _ORDERS, dtype=np.uint32)
_BAND_FACTORS = _SEEDS.integers(1 << 63, (1 << 64) - 1, ROWS, dtype=np.uint64) | np.uint64(1)
_TAKEN_AT_ONCE = 20_000
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

    names: Names
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

    def positions(self, names: Names) -> npt.NDArray[np.int64]:
        """Return where texts stand here; -1 for one that doesn't."""
        return _positions(self.names, names)

    def take(self, positions: npt.NDArray[np.int64]) -> Signatures:
        """Return some of the signatures, in any order and as often as they are asked for."""
        return _picked([self], positions)

    def without_bitmaps(self) -> Signatures:
        """Return the same with bitmaps of no bits: half the memory of what is taken of it."""
        return replace(self, bitmaps=self.bitmaps[:, :0])

    def shared_at_most(self, some: npt.NDArray[np.int64], others: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """Return how many shingles the texts of each pair can share, given by their positions: no pair shares more.

        Each bit that one text alone has is of a shingle, or more of them, that the other has not.
        """
        here, there = self.bitmaps[some].view(np.uint64), self.bitmaps[others].view(np.uint64)
        lacking = np.bitwise_count(here & ~there).sum(axis=1, dtype=np.int64)
        missing = np.bitwise_count(there & ~here).sum(axis=1, dtype=np.int64)
        most: npt.NDArray[np.int64] = np.minimum(self.sizes[some] - lacking, self.sizes[others] - missing)
        return most

    @classmethod
    def together(cls, several: Sequence[Signatures], only: Names | None = None) -> Signatures:
        """Return the signatures of all, or of some names, which ascend; of several of one name one is taken."""
        names, first = np.unique(np.concatenate([some.names for some in several]), return_index=True)
        return _picked(several, first if only is None else first[_positions(only, names) >= 0])

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


def _positions(names: Names, some: Names) -> npt.NDArray[np.int64]:
    """Return where some names stand among names that ascend; -1 for one that doesn't."""
    if not names.size:
        return np.full(some.size, -1)
    at = np.searchsorted(names, some).clip(max=names.size - 1)
    return np.where(names[at] == some, at, -1)


def _picked(several: Sequence[Signatures], rows: npt.NDArray[np.int64]) -> Signatures:
    """Return some rows of several that are thought of as one after the other, without putting them so."""
    lengths = np.concatenate([np.diff(some.offsets) for some in several])[rows]
    offsets = np.concatenate([[0], np.cumsum(lengths)])
    names, sizes = np.empty(rows.size, np.uint64), np.empty(rows.size, np.uint32)
    bands, anchors = np.empty((rows.size, BANDS), np.uint32), np.empty(offsets[-1], np.uint32)
    bitmaps = np.empty((rows.size, several[0].bitmaps.shape[1]), np.uint8)
    starts = itertools.accumulate((some.names.size for some in several), initial=0)
    for some, start in zip(several, starts, strict=False):
        own = np.flatnonzero((rows >= start) & (rows < start + some.names.size))
        for at in range(0, own.size, _TAKEN_AT_ONCE):  # where anchors stand takes four times what they do
            here = own[at : at + _TAKEN_AT_ONCE]
            there = rows[here] - start
            names[here], sizes[here] = some.names[there], some.sizes[there]
            bands[here], bitmaps[here] = some.bands[there], some.bitmaps[there]
            anchors[_runs(offsets[here], lengths[here])] = some.anchors[_runs(some.offsets[there], lengths[here])]
    return Signatures(names, sizes, bands, anchors, offsets, bitmaps)


def _runs(starts: npt.NDArray[np.int64], lengths: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Return the numbers from each start on, as many as are asked for of each, one run after the other."""
    ends = np.cumsum(lengths)
    return np.repeat(starts - ends + lengths, lengths) + np.arange(ends[-1])


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

    def given_up(self) -> list[Signatures]:
        """Return those that came, in pieces, and hold them no longer."""
        pieces = [*self._many, Signatures.of(self._last)]
        self._many, self._last = [], []
        return pieces


def name_of(digest: str) -> int:
    """Return the name that a text goes by here, of its digest in hex."""
    return int(digest[:DIGITS], 16)
