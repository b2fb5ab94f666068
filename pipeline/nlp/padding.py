"""Sentences laid end to end with what stands before and behind each, so that features see past its ends."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.int64]

# numbers of what stands before and behind a sentence; numbers of words (or tokens) follow
BEFORE, AFTER, FIRST_WORD = 0, 1, 2


@dataclass(frozen=True, slots=True)
class Padded:
    """Words with so many BEFOREs and AFTERs around each sentence.

    `at` is where each word is in `words`; `before` and `after` are where the BEFOREs and AFTERs are.
    """

    words: Numbers
    at: Numbers
    before: Numbers
    after: Numbers


def padded_words(words: Numbers, counts: Numbers, padding: int) -> Padded:
    """Return words laid end to end, so many each sentence (none 0), with `padding` on either side of each sentence."""
    sentences = np.arange(len(counts))
    at = np.arange(len(words)) + np.repeat(padding + 2 * padding * sentences, counts)
    ends = np.cumsum(counts) + 2 * padding * sentences + padding
    steps = np.arange(padding)[:, None]
    before, after = (ends - counts - 1 - steps).ravel(), (ends + steps).ravel()
    padded = np.empty(len(words) + 2 * padding * len(counts), np.int64)
    padded[at], padded[before], padded[after] = words, BEFORE, AFTER
    return Padded(padded, at, before, after)
