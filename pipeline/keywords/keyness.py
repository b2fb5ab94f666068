"""Keyness: the words that one part of the corpus uses more, or less, than another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from pipeline.keywords.measures import log_likelihood, log_ratio, percent_difference
from pipeline.keywords.tallies import counts_by_key
from pipeline.keywords.words import BREAK, Integers, Sentences, Vocabulary, Words, words_of

KeyMeasure = Literal["log_likelihood", "log_ratio"]
# p < 0.001 at one degree of freedom; with thousands of words tested, 0.05 would be met by chance by one in twenty
MIN_LOG_LIKELIHOOD = 10.83


@dataclass(frozen=True, slots=True)
class KeyWord:
    """A word with its occurrences and articles in both parts; `log_ratio` above 0: more in part a, under 0: in b."""

    word: str
    count_a: int
    count_b: int
    articles_a: int
    articles_b: int
    per_million_a: float
    per_million_b: float
    log_likelihood: float
    log_ratio: float
    percent_difference: float


@dataclass(frozen=True, slots=True)
class _Counts:
    """Occurrences and articles by key, and all words of a part."""

    occurrences: Integers
    articles: Integers
    total: int


class PartEmpty(ValueError):
    """A part without any word: nothing can be compared with it."""


def keyness(
    part_a: Sentences,
    part_b: Sentences,
    *,
    min_count: int = 5,
    min_articles: int = 2,
    min_log_likelihood: float = MIN_LOG_LIKELIHOOD,
    by: KeyMeasure = "log_likelihood",
    top: int | None = 100,
) -> list[KeyWord]:
    """Return the words whose share differs most between two parts, equals by spelling.

    Nouns, verbs and adjectives, as a share of all words of their part. Ranked by log_ratio, the words of part a come
    first and those of b last; then set `min_log_likelihood` for what may not be chance.

    Each part is read once; the memory is that of the vocabulary.

    Args:
        min_count: occurrences in both parts together.
        min_articles: articles in both parts together; a word of one article says what that is about, not the part.
        min_log_likelihood: words that chance may explain are left out; 10.83 is p < .001.
        by: what they are ranked by.
        top: how many; None for all.

    Raises:
        PartEmpty: a part has no words.
        ValueError: an unknown measure.
        TokensAtFault: a sentence has not one tag a token.
    """
    if by not in ("log_likelihood", "log_ratio"):
        raise ValueError(f"by is log_likelihood or log_ratio, not {by!r}")
    vocabulary = Vocabulary()
    a, b = _counts(part_a, vocabulary, "a"), _counts(part_b, vocabulary, "b")
    size = len(vocabulary)
    a, b = _widened(a, size), _widened(b, size)
    kept = (a.occurrences + b.occurrences >= min_count) & (a.articles + b.articles >= min_articles)
    shown = vocabulary.shown()
    found = [_key_word(shown[key], key, a, b) for key in np.flatnonzero(kept).tolist()]
    surprising = [word for word in found if word.log_likelihood >= min_log_likelihood]
    return sorted(surprising, key=lambda word: (-float(getattr(word, by)), word.word))[:top]


def _counts(part: Sentences, vocabulary: Vocabulary, name: str) -> _Counts:
    occurrences, articles = np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    total = 0
    open_article, open_keys = "", np.zeros(0, dtype=np.int64)
    for words in words_of(part, vocabulary, first_pass=True):
        size = len(vocabulary)
        content = words.is_content
        occurrences = counts_by_key(words.key[content], occurrences, size)
        total += int(np.count_nonzero(words.word_class != BREAK))
        pairs = np.unique(words.article[content] * size + words.key[content])
        # the first article may have begun in the batch before: its words of there are not counted twice
        begun = _continued(words, open_article)
        pairs = pairs[~((pairs // size == begun) & np.isin(pairs % size, open_keys))]
        articles = counts_by_key(pairs % size, articles, size)
        open_article, open_keys = _last_article(words, pairs, size, open_article, open_keys)
    if not total:
        raise PartEmpty(f"part {name} has no words: no article is in it, or none with sentences")
    return _Counts(occurrences, articles, total)


def _continued(words: Words, open_article: str) -> int:
    """Return the number here of the article that the batch before ended in, -1 if it does not go on."""
    if len(words.article) and words.article_ids[int(words.article[0])] == open_article:
        return int(words.article[0])
    return -1


def _last_article(
    words: Words, pairs: Integers, size: int, open_article: str, open_keys: Integers
) -> tuple[str, Integers]:
    """Return the article that a batch ends in, and all its keys so far."""
    if not len(words.article):
        return open_article, open_keys
    last = int(words.article[-1])
    keys = pairs[pairs // size == last] % size
    name = words.article_ids[last]
    return name, np.concatenate([open_keys, keys]) if name == open_article else keys


def _widened(counts: _Counts, size: int) -> _Counts:
    """Return the counts with a place for each word of the other part too."""
    nothing = np.zeros(0, dtype=np.int64)
    return _Counts(
        counts_by_key(nothing, counts.occurrences, size), counts_by_key(nothing, counts.articles, size), counts.total
    )


def _key_word(word: str, key: int, a: _Counts, b: _Counts) -> KeyWord:
    count_a, count_b = int(a.occurrences[key]), int(b.occurrences[key])
    return KeyWord(
        word=word,
        count_a=count_a,
        count_b=count_b,
        articles_a=int(a.articles[key]),
        articles_b=int(b.articles[key]),
        per_million_a=count_a * 1e6 / a.total,
        per_million_b=count_b * 1e6 / b.total,
        log_likelihood=log_likelihood(count_a, a.total, count_a + count_b, a.total + b.total),
        log_ratio=log_ratio(count_a, a.total, count_b, b.total),
        percent_difference=percent_difference(count_a, a.total, count_b, b.total),
    )
