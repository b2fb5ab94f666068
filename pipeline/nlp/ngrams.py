"""Runs of two or three words looked up by number, many at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.int64]

# numbers of words in the lists of words that the models know; a word that they do not know is never part of a run
UNKNOWN = 0
# rows of a run's features: not known, reaching before the sentence, behind it; then one row a known run
ROW_UNKNOWN, ROW_BEFORE, ROW_AFTER, ROW_FIRST = 0, 1, 2, 3
_WORD_BITS = 20  # three words fit into 63 bits; the models know 40,000 words
MOST_WORDS = 1 << _WORD_BITS
_NO_KEY = -1
# odd numbers that spread a key's bits to the top ones (golden ratio; xxHash's second prime)
_FACTORS = (np.uint64(0x9E3779B97F4A7C15), np.uint64(0xC2B2AE3D27D4EB4F))
_MOST_PUSHES = 500  # of a key after the other, before the slots are held to be too few


@dataclass(frozen=True, slots=True)
class Slots:
    """Keys in two tables: each key stands at its place in one of them (cuckoo hashing), `rows` beside it."""

    keys: Numbers
    rows: Numbers


def key_of(words: Sequence[int]) -> int:
    """Return the key of a run of word numbers, each under `MOST_WORDS`."""
    key = 0
    for word in words:
        key = key << _WORD_BITS | word
    return key


def keys_of(words: Numbers, width: int) -> Numbers:
    """Return the key of the run of `width` words from each word on; `width - 1` shorter than `words`."""
    last = len(words) - width + 1
    keys = words[:last]
    for step in range(1, width):
        keys = keys << _WORD_BITS | words[step : step + last]
    return keys


def find_rows(slots: Slots, keys: Numbers) -> Numbers:
    """Return the row of each key, or `ROW_UNKNOWN`. Eight times as fast as a search in sorted keys."""
    sizes = slots.keys.shape[1]
    first, second = _hashed(keys, 0, sizes), _hashed(keys, 1, sizes)
    hits = slots.keys[0].take(first) == keys, slots.keys[1].take(second) == keys
    rows: Numbers = slots.rows[0].take(first) * hits[0] + slots.rows[1].take(second) * hits[1]
    return rows


def slots_of(keys: Sequence[int]) -> Slots:
    """Return slots in which the i-th of some distinct keys has row `ROW_FIRST + i`."""
    size = 1 << max(4, (len(keys) * 3 // 2).bit_length())
    while True:
        held = _placed(np.array(keys, np.int64), size)
        if held is not None:
            break
        size *= 2
    chosen, rows = np.full((2, size), _NO_KEY), np.zeros((2, size), np.int64)
    for side, side_held in enumerate(held):
        for place, key in side_held.items():
            chosen[side, place], rows[side, place] = keys[key], ROW_FIRST + key
    return Slots(chosen, rows)


def _placed(keys: Numbers, size: int) -> list[dict[int, int]] | None:
    """Return by side which key each place holds; None when they do not fit. A new key pushes an old one over."""
    places = [_hashed(keys, side, size).tolist() for side in (0, 1)]
    held: list[dict[int, int]] = [{}, {}]
    for key in range(len(keys)):
        homeless, side = key, 0
        for _ in range(_MOST_PUSHES):
            place = places[side][homeless]
            pushed = held[side].get(place)
            held[side][place] = homeless
            if pushed is None:
                break
            homeless, side = pushed, 1 - side
        else:
            return None
    return held


def _hashed(keys: Numbers, side: int, size: int) -> Numbers:
    shift = np.uint64(64 - (size - 1).bit_length())
    return (keys.view(np.uint64) * _FACTORS[side] >> shift).view(np.int64)


def mark_edges(rows: Numbers, before: Numbers, after: Numbers, width: int) -> None:
    """Set the rows of runs over an edge of their sentence; a run over both is one before it.

    Args:
        rows: of the run from each word on.
        before, after: where the words stand that are before and behind a sentence.
    """
    rows[after - (width - 1)] = ROW_AFTER
    rows[before] = ROW_BEFORE
