"""Texts as 5-syllable shingles, hashed: what two articles are compared by.

Case, punctuation, the style of tones (hoà, hòa) and y for i make no difference.
"""

from __future__ import annotations

import hashlib
import itertools
import re
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from pipeline.spelling import spelling

Hashes = npt.NDArray[np.uint32]

SHINGLE = 5  # syllables
ANCHOR_EVERY = 16  # shingles: of a line, the one with the smallest hash and about each sixteenth are anchors

_NO_LETTER = re.compile(r"[\W_]+")
_CODES_REMEMBERED = 1 << 17
_NO_SYLLABLE = 0  # a dash or quotes between blanks
_FACTOR = np.uint64(0x9E3779B97F4A7C15)
_MIX = np.uint64(0xBF58476D1CE4E5B9)


class _Codes(dict[str, int]):
    """The 64-bit code of each printed syllable met so far, with what stands at it; the same in every process."""

    def __missing__(self, printed: str) -> int:
        if len(self) == _CODES_REMEMBERED:
            self.clear()
        letters = printed if printed.isalnum() else _NO_LETTER.sub("", printed)
        key = spelling(letters).encode("utf-8", "surrogatepass")
        code = int.from_bytes(hashlib.blake2b(key, digest_size=8).digest()) if key else _NO_SYLLABLE
        self[printed] = code
        return code


_CODES = _Codes()


@dataclass(frozen=True)
class Shingled:
    """A text's syllables as codes. `ends` are where its lines end among them."""

    codes: npt.NDArray[np.uint64]
    ends: npt.NDArray[np.int64]

    @classmethod
    def of(cls, text: str) -> Shingled:
        """Read a text."""
        lines = [line.split() for line in text.split("\n")]
        printed = list(itertools.chain.from_iterable(lines))
        codes = np.fromiter(map(_CODES.__getitem__, printed), np.uint64, len(printed))
        are_syllables = codes != _NO_SYLLABLE
        count = np.concatenate([[0], np.cumsum(are_syllables)])
        return cls(codes[are_syllables], count[np.cumsum([len(line) for line in lines])])

    @cached_property
    def hashes(self) -> Hashes:
        """The hashes of the shingles in reading order; they run across lines."""
        count = self.codes.size - SHINGLE + 1
        if count < 1:
            return np.empty(0, np.uint32)
        mixed = np.zeros(count, np.uint64)
        for at in range(SHINGLE):
            mixed = mixed * _FACTOR + self.codes[at : at + count]
        return (((mixed ^ (mixed >> np.uint64(31))) * _MIX) >> np.uint64(32)).astype(np.uint32)

    @cached_property
    def distinct(self) -> Hashes:
        """The distinct hashes, ascending."""
        return _distinct(self.hashes)

    @cached_property
    def lines(self) -> list[tuple[int, int]]:
        """Start and end, among the syllables, of the lines that are long enough for a shingle."""
        starts = [0, *self.ends[:-1].tolist()]
        return [(start, end) for start, end in zip(starts, self.ends.tolist(), strict=True) if end - start >= SHINGLE]

    def anchors(self) -> Hashes:
        """Return distinct shingles that stand for their lines wherever these are printed, ascending.

        Which of a line's shingles are anchors depends on the line alone, so a text and a part of it share some.
        """
        if not self.lines:
            return np.empty(0, np.uint32)
        hashes = self.hashes
        whole = np.zeros(hashes.size, bool)  # shingles that lie in one line
        bounds = np.array([(start, end - SHINGLE + 1) for start, end in self.lines])
        for start, end in bounds.tolist():
            whole[start:end] = True
        # reduceat takes pairs of bounds; every second answer is of what lies between two lines
        marks = np.append(hashes, np.uint32(0))
        smallest = np.minimum.reduceat(marks, bounds.ravel())[::2]
        sampled = hashes[whole & (hashes % ANCHOR_EVERY == 0)]
        return _distinct(np.concatenate([smallest, sampled]))

    def line_anchors(self, start: int, end: int) -> Hashes:
        """Return the anchors of one of `lines`."""
        own = self.hashes[start : end - SHINGLE + 1]
        return np.append(own[own % ANCHOR_EVERY == 0], own.min())

    def without(self, left_out: set[bytes]) -> Shingled:
        """Return the text without some of its lines, given by what `line_name` says of them."""
        kept, lengths, start = [], [], 0
        for end in self.ends.tolist():
            if self.line_name(start, end) not in left_out:
                kept.append(self.codes[start:end])
                lengths.append(end - start)
            start = end
        codes = np.concatenate(kept) if kept else np.empty(0, np.uint64)
        return Shingled(codes, np.cumsum(np.array(lengths, np.int64)))

    def line_name(self, start: int, end: int) -> bytes:
        """Return what is equal for equal lines."""
        return self.codes[start:end].tobytes()


def _distinct(hashes: Hashes) -> Hashes:
    """Return what `np.unique` does, which takes ten times as long for few numbers."""
    ordered = np.sort(hashes)
    distinct: Hashes = ordered[np.append(np.ones(min(ordered.size, 1), bool), ordered[1:] != ordered[:-1])]
    return distinct
