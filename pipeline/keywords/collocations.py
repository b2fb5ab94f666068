"""Collocations: words that stand together more often than chance has it."""

from __future__ import annotations

from collections.abc import Iterator
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


@dataclass(frozen=True, slots=True)
class _Counted:
    """How often words come first and second in pairs, by key; pairs in all; and how often frequent words do together.

    A pair's key is that of its first word times the number of all words, plus that of its second.
    """

    firsts: Integers
    seconds: Integers
    total: int
    together: Tally


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
    counted = _counted(sentences, vocabulary, frequent, window)
    number = None if word is None else vocabulary.number(word)
    attracted = [pair for pair in _found(counted, vocabulary, min_count, number) if pair.count > pair.expected]
    return sorted(attracted, key=lambda pair: (-float(getattr(pair, by)), pair.first, pair.second))[:top]


def _frequent(sentences: Sentences, vocabulary: Vocabulary, window: int, min_count: int) -> Flags:
    """Return which words can be in a pair that occurs so often: one occurrence is in as many pairs as the window."""
    counts = np.zeros(0, dtype=np.int64)
    for words in words_of(sentences, vocabulary, first_pass=True):
        counts = counts_by_key(words.key[words.is_content], counts, len(vocabulary))
    return counts * window >= min_count


def _counted(sentences: Sentences, vocabulary: Vocabulary, frequent: Flags, window: int) -> _Counted:
    """Count the pairs of words, and those of frequent words each by itself."""
    size = len(vocabulary)
    firsts, seconds = np.zeros(size, dtype=np.int64), np.zeros(size, dtype=np.int64)
    total, together = 0, Tally()
    for words in words_of(sentences, vocabulary):
        for distance in range(1, window + 1):
            pairs = _pairs(words, distance)
            total += len(pairs.first)
            firsts = counts_by_key(pairs.first[pairs.first_counts], firsts, size)
            seconds = counts_by_key(pairs.second[pairs.second_counts], seconds, size)
            both = pairs.first_counts & pairs.second_counts & frequent[pairs.first] & frequent[pairs.second]
            together.add(pairs.first[both] * size + pairs.second[both])
    return _Counted(firsts, seconds, total, together)


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


def _found(counted: _Counted, vocabulary: Vocabulary, min_count: int, word: int | None) -> Iterator[Collocation]:
    """Yield the pairs that occur so often, where a word's key is given only those with it."""
    shown, size = vocabulary.shown(), len(vocabulary)
    packed, counts = counted.together.at_least(min_count)
    if word is not None:
        ours = (packed // size == word) | (packed % size == word)
        packed, counts = packed[ours], counts[ours]
    for pair, count in zip(packed.tolist(), counts.tolist(), strict=True):
        first, second = divmod(pair, size)
        count_first, count_second = int(counted.firsts[first]), int(counted.seconds[second])
        yield Collocation(
            first=shown[first],
            second=shown[second],
            count=count,
            count_first=count_first,
            count_second=count_second,
            expected=count_first * count_second / counted.total,
            pmi=pmi(count, count_first, count_second, counted.total),
            log_likelihood=log_likelihood(count, count_first, count_second, counted.total),
        )
