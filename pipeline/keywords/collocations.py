"""Collocations: words that stand together more often than chance has it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from pipeline.keywords.measures import log_likelihood, pmi
from pipeline.keywords.tallies import Tally, counts_by_key
from pipeline.keywords.words import BREAK, Flags, Integers, Sentences, Vocabulary, Words, words_of

Association = Literal["log_likelihood", "pmi"]


@dataclass(frozen=True, slots=True)
class Collocation:
    """Two words in this order, how often together, how often each in its place of a pair, and how often by chance."""

    first: str
    second: str
    count: int
    count_first: int
    count_second: int
    expected: float
    pmi: float
    log_likelihood: float


@dataclass(frozen=True, slots=True)
class _Pairs:
    """All pairs of words at one distance: the keys of both, and whether each names something."""

    first: Integers
    second: Integers
    first_counts: Flags
    second_counts: Flags


def collocations(
    sentences: Sentences,
    *,
    word: str | None = None,
    window: int = 1,
    min_count: int = 5,
    by: Association = "log_likelihood",
    top: int | None = 100,
) -> list[Collocation]:
    """Return the pairs of words that attract each other most, equals by spelling.

    Both are nouns, verbs or adjectives of one sentence, the first before the second, no punctuation between them.
    Pairs with a stop word make no collocation and count in the total of all pairs.

    The sentences are read twice; the memory is that of the distinct pairs of words that are frequent enough.

    Args:
        word: only pairs with this word, as the tagger cuts it, whatever its case and tone style.
        window: how far the second word may stand from the first; 1 is next to it.
        min_count: a pair occurs so often; PMI means nothing for rare ones.
        by: what they are ranked by.
        top: how many; None for all.

    Raises:
        ValueError: a `window` or `min_count` under 1, or an unknown measure.
        TokensAtFault: a sentence has not one tag a token.
    """
    if window < 1 or min_count < 1:
        raise ValueError(f"window and min_count are 1 or more, not {window} and {min_count}")
    if by not in ("log_likelihood", "pmi"):
        raise ValueError(f"by is log_likelihood or pmi, not {by!r}")
    vocabulary = Vocabulary()
    frequent = _frequent(sentences, vocabulary, window, min_count)
    size = len(vocabulary)
    firsts, seconds = np.zeros(size, dtype=np.int64), np.zeros(size, dtype=np.int64)
    total, tally = 0, Tally()
    for words in words_of(sentences, vocabulary):
        for distance in range(1, window + 1):
            pairs = _pairs(words, distance)
            total += len(pairs.first)
            firsts = counts_by_key(pairs.first[pairs.first_counts], firsts, size)
            seconds = counts_by_key(pairs.second[pairs.second_counts], seconds, size)
            both = pairs.first_counts & pairs.second_counts & frequent[pairs.first] & frequent[pairs.second]
            tally.add(pairs.first[both] * size + pairs.second[both])
    packed, counts = tally.at_least(min_count)
    if word is not None:
        number = vocabulary.number(word)
        ours = (packed // size == number) | (packed % size == number)
        packed, counts = packed[ours], counts[ours]
    shown = vocabulary.shown()
    found = [
        _collocation(shown, pair // size, pair % size, count, firsts, seconds, total)
        for pair, count in zip(packed.tolist(), counts.tolist(), strict=True)
    ]
    attracted = [pair for pair in found if pair.count > pair.expected]
    return sorted(attracted, key=lambda pair: (-float(getattr(pair, by)), pair.first, pair.second))[:top]


def _frequent(sentences: Sentences, vocabulary: Vocabulary, window: int, min_count: int) -> Flags:
    """Return which words can be in a pair that occurs so often: one occurrence is in as many pairs as the window."""
    counts = np.zeros(0, dtype=np.int64)
    for words in words_of(sentences, vocabulary, first_pass=True):
        counts = counts_by_key(words.key[words.is_content], counts, len(vocabulary))
    return counts * window >= min_count


def _pairs(words: Words, distance: int) -> _Pairs:
    """Return the pairs of words at a distance, in one sentence and with no punctuation in between."""
    clause = words.sentence + np.cumsum(words.word_class == BREAK)
    is_word = words.word_class != BREAK
    # sentence and breaks only rise, so equal sums mean the same sentence and no break between
    together = (clause[:-distance] == clause[distance:]) & is_word[:-distance] & is_word[distance:]
    return _Pairs(
        words.key[:-distance][together],
        words.key[distance:][together],
        words.is_content[:-distance][together],
        words.is_content[distance:][together],
    )


def _collocation(
    shown: list[str], first: int, second: int, count: int, firsts: Integers, seconds: Integers, total: int
) -> Collocation:
    count_first, count_second = int(firsts[first]), int(seconds[second])
    return Collocation(
        first=shown[first],
        second=shown[second],
        count=count,
        count_first=count_first,
        count_second=count_second,
        expected=count_first * count_second / total,
        pmi=pmi(count, count_first, count_second, total),
        log_likelihood=log_likelihood(count, count_first, count_second, total),
    )
