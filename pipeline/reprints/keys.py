"""The keys of articles, by which candidates meet: the bands and anchors of their signatures, each with who has it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.reprints.shingles import ANCHOR_EVERY, Hashes
from pipeline.reprints.signatures import BANDS, Signatures

Numbers = npt.NDArray[np.int32]
KeyCodes = npt.NDArray[np.uint64]

ANCHOR = np.uint64(BANDS << 32)  # keys from here on are anchors, smaller ones bands

_KEYS_AT_ONCE = 1 << 19  # each takes 100 bytes for the while, and three times that where a dozen articles share it
_MOST_PARTS = 32  # of the anchors: for each part all of them are looked through
_BAND = np.uint64(32)  # bits: the number of a band stands above its hash
# Keys that are looked for are marked by their low bits: with so many places for each, few others are on a mark.
_PLACES_A_KEY = 64
_MOST_PLACES = 1 << 24
_LOOKED_AT_ONCE = 1 << 20


@dataclass(frozen=True, slots=True)
class Keyed:
    """Some keys of some articles, one row a key: the articles' numbers and the numbers of their sites beside them.

    The rows of a key are in the order of its articles.
    """

    keys: KeyCodes
    articles: Numbers
    sites: Numbers

    def take(self, rows: npt.NDArray[np.int64] | npt.NDArray[np.bool_]) -> Keyed:
        """Return some rows, by number or by a mask."""
        return Keyed(self.keys[rows], self.articles[rows], self.sites[rows])

    def having(self, keys: KeyCodes) -> npt.NDArray[np.bool_]:
        """Return which rows are of one of some keys."""
        found: npt.NDArray[np.bool_] = pc.is_in(pa.array(self.keys), pa.array(keys)).to_numpy(zero_copy_only=False)
        return found

    def by_key(self) -> Keyed:
        """Return the rows in the order of their keys."""
        return self.take(np.argsort(self.keys, kind="stable"))

    def parts(self) -> Iterator[Keyed]:
        """Yield the rows about _KEYS_AT_ONCE at a time; all of a key are in one part."""
        parts = 1 + self.keys.size // _KEYS_AT_ONCE
        yield from (self.take(_are_in_part(self.keys, part, parts)) for part in range(parts))


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys of articles, given by their signatures with their numbers and sites; short texts have none.

    Laid out, a key takes four times the memory that it has in its signature. So they are laid out in parts, or only
    those that are looked for.
    """

    signatures: Signatures
    numbers: Numbers
    sites: Numbers

    def parts(self) -> Iterator[Keyed]:
        """Yield all keys, about _KEYS_AT_ONCE at a time; all rows of a key are in one part."""
        long = np.flatnonzero(self.signatures.sizes)
        numbers, sites = self.numbers[long], self.sites[long]
        at_once = max(1, _KEYS_AT_ONCE // max(1, long.size))
        for first in range(0, BANDS, at_once):
            bands = np.arange(first, min(first + at_once, BANDS), dtype=np.uint64)
            keys = self.signatures.bands[long, first : first + at_once] + (bands << _BAND)
            yield Keyed(keys.ravel(), np.repeat(numbers, bands.size), np.repeat(sites, bands.size))
        anchors = self.signatures.anchors
        parts = min(1 + anchors.size // _KEYS_AT_ONCE, _MOST_PARTS)
        owners = np.repeat(np.arange(self.numbers.size, dtype=np.int32), np.diff(self.signatures.offsets))
        for part in range(parts):
            own = np.flatnonzero(_are_in_part(anchors, part, parts))
            of = owners[own]
            yield Keyed(anchors[own] + ANCHOR, self.numbers[of], self.sites[of])

    def laid_out(self) -> Keyed:
        """Return all keys: for few articles."""
        return together(self.parts())

    def of(self, articles: Numbers) -> KeyCodes:
        """Return the keys of some of the articles."""
        some = np.flatnonzero(np.isin(self.numbers, articles))
        return Keys(self.signatures.take(some), self.numbers[some], self.sites[some]).laid_out().keys

    def having(self, wanted: KeyCodes) -> Keyed:
        """Return all rows of some keys; the other keys are not laid out."""
        bands, anchors = self.signatures.bands.ravel(), self.signatures.anchors
        of_bands = _likely(bands, wanted[wanted < ANCHOR])
        of_anchors = _likely(anchors, wanted[wanted >= ANCHOR])
        band = (of_bands % BANDS).astype(np.uint64) << _BAND
        laid_out = np.concatenate([bands[of_bands] + band, anchors[of_anchors] + ANCHOR])
        owner = np.searchsorted(self.signatures.offsets, of_anchors, side="right") - 1
        owners = np.concatenate([of_bands // BANDS, owner])
        rows = Keyed(laid_out, self.numbers[owners], self.sites[owners])
        return rows.take(rows.having(wanted) & (self.signatures.sizes[owners] > 0))


def together(parts: Iterable[Keyed]) -> Keyed:
    """Return the rows of all parts."""
    some = list(parts)
    return Keyed(
        np.concatenate([part.keys for part in some]),
        np.concatenate([part.articles for part in some]),
        np.concatenate([part.sites for part in some]),
    )


def _are_in_part(hashes: Hashes | KeyCodes, part: int, parts: int) -> npt.NDArray[np.bool_]:
    """Return which hashes are in one of some parts, all about as large: nearly all anchors end in the same bits."""
    are: npt.NDArray[np.bool_] = hashes // hashes.dtype.type(ANCHOR_EVERY) % hashes.dtype.type(parts) == part
    return are


def _likely(hashes: Hashes, wanted: KeyCodes) -> npt.NDArray[np.int64]:
    """Return where hashes stand that have the low bits of a wanted key: all that are one, and few others."""
    places = 1 << min(_PLACES_A_KEY * wanted.size, _MOST_PLACES).bit_length()
    marks, mask = np.zeros(places, bool), np.uint32(places - 1)
    marks[wanted.astype(np.uint32) & mask] = True
    found = [
        first + np.flatnonzero(marks[hashes[first : first + _LOOKED_AT_ONCE] & mask])
        for first in range(0, hashes.size, _LOOKED_AT_ONCE)
    ]
    return np.concatenate([np.empty(0, np.int64), *found])
