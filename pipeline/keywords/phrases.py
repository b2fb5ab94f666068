"""Key phrases: the noun phrases that are terms of the corpus, ranked by C-value."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from pipeline.keywords.measures import c_value
from pipeline.keywords.tallies import Tally, counts_by_key
from pipeline.keywords.words import NAME, VERB, Flags, Integers, Sentences, Vocabulary, Words, words_of

# "nhà mới", "xe đạp": two syllables are a word rather than a term
MIN_SYLLABLES = 3
LONGEST = 6  # words; longer runs are names of events, found through their parts

_Keys = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class KeyPhrase:
    """A phrase, how often it occurs, how often of that within the `longer` longer candidates, and its C-value."""

    phrase: str
    words: int
    syllables: int
    count: int
    nested: int
    longer: int
    c_value: float


@dataclass(frozen=True, slots=True)
class _Level:
    """Runs of so many words that are frequent, in rising order of `packed`: number of the run without its last word,
    times the size of the vocabulary, plus the last word. A run's number is its place."""

    packed: Integers
    counts: Integers

    def numbers(self, packed: Integers) -> Integers:
        """Return the numbers of runs, -1 for those that are not frequent."""
        if not len(self.packed):
            return np.full(len(packed), -1, dtype=np.int64)
        places = np.minimum(np.searchsorted(self.packed, packed), len(self.packed) - 1)
        return np.where(self.packed[places] == packed, places, -1)


@dataclass(frozen=True, slots=True)
class _Counting:
    """What stays the same from pass to pass."""

    sentences: Sentences
    vocabulary: Vocabulary
    min_count: int
    verbs: bool

    def may_follow(self, words: Words) -> Flags:
        return words.is_content if self.verbs else words.is_content & (words.word_class != VERB)


def key_phrases(
    sentences: Sentences, *, min_count: int = 3, longest: int = LONGEST, verbs: bool = True, top: int | None = 100
) -> list[KeyPhrase]:
    """Return the phrases of highest C-value, equals by spelling.

    A candidate is a noun and what follows it without a gap, nouns, verbs and adjectives, of three syllables or more:
    "phong trào thi đua", "đoàn viên công đoàn". Stop words and punctuation end it. A name of one word (a person, a
    place) is none.

    The sentences are read once for the words and once for each length: of the runs of n words only those are counted
    whose first n - 1 words and whose last word are frequent. The memory is that of these, not of the corpus.

    Args:
        min_count: a phrase, as the tagger cut it, occurs so often; at least 2.
        longest: words in the longest candidate.
        verbs: whether a verb may follow ("hội nghị tổng kết"); without, nouns and adjectives only.
        top: how many; None for all.

    Raises:
        ValueError: `min_count` under 2 or `longest` under 1.
        TokensAtFault: a sentence has not one tag a token.
    """
    if min_count < 2 or longest < 1:
        raise ValueError(f"min_count is 2 or more and longest 1 or more, not {min_count} and {longest}")
    counting = _Counting(sentences, Vocabulary(), min_count, verbs)
    nouns, frequent, names = _frequent_words(counting)
    levels = [nouns]
    while len(levels) < longest and len(levels[-1].packed):
        levels.append(_longer_runs(counting, levels, frequent))
    counts = {run: count for run, count in _candidates(levels, len(names)).items() if len(run) > 1 or not names[run[0]]}
    return _ranked(counts, counting.vocabulary)[:top]


def _frequent_words(counting: _Counting) -> tuple[_Level, Flags, Flags]:
    """Return the frequent nouns, which begin phrases, which words may follow, and which are mostly names."""
    vocabulary = counting.vocabulary
    nouns = following = names = np.zeros(0, dtype=np.int64)
    for words in words_of(counting.sentences, vocabulary, first_pass=True):
        nouns = counts_by_key(words.key[words.is_noun], nouns, len(vocabulary))
        following = counts_by_key(words.key[counting.may_follow(words)], following, len(vocabulary))
        names = counts_by_key(words.key[words.word_class == NAME], names, len(vocabulary))
    keys = np.flatnonzero(nouns >= counting.min_count)
    return _Level(keys, nouns[keys]), following >= counting.min_count, 2 * names > nouns


def _longer_runs(counting: _Counting, levels: list[_Level], frequent: Flags) -> _Level:
    """Return the frequent runs of one word more than those of the last level."""
    size = len(counting.vocabulary)
    tally = Tally()
    for words in words_of(counting.sentences, counting.vocabulary):
        joins = counting.may_follow(words) & frequent[words.key]
        joins[1:] &= words.sentence[1:] == words.sentence[:-1]
        joins[:1] = False
        begin, last, packed = np.flatnonzero(words.is_noun), 0, np.zeros(0, dtype=np.int64)
        numbers = levels[0].numbers(words.key[begin])
        for last, level in enumerate([*levels[1:], None], 1):
            goes_on = (numbers >= 0) & (begin + last < len(words.key))
            begin, numbers = begin[goes_on], numbers[goes_on]
            joined = joins[begin + last]
            begin, numbers = begin[joined], numbers[joined]
            packed = numbers * size + words.key[begin + last]
            if level is not None:
                numbers = level.numbers(packed)
        tally.add(packed)
    return _Level(*tally.at_least(counting.min_count))


def _candidates(levels: list[_Level], size: int) -> dict[_Keys, int]:
    """Return the counts of all frequent runs by their words."""
    counts: dict[_Keys, int] = {}
    shorter: list[_Keys] = []
    for depth, level in enumerate(levels):
        packed = level.packed.tolist()
        runs: list[_Keys] = [(*(shorter[number // size] if depth else ()), number % size) for number in packed]
        counts.update(zip(runs, level.counts.tolist(), strict=True))
        shorter = runs
    return counts


def _ranked(counts: dict[_Keys, int], vocabulary: Vocabulary) -> list[KeyPhrase]:
    """Return all candidates as phrases, ways to cut the same phrase as one, by falling C-value."""
    ways: dict[str, list[_Keys]] = defaultdict(list)
    for keys in counts:
        text = " ".join(vocabulary.spellings[key] for key in keys)
        if text.count(" ") + 1 >= MIN_SYLLABLES:
            ways[text].append(keys)
    text_of = {keys: text for text, runs in ways.items() for keys in runs}
    total = {text: sum(counts[keys] for keys in runs) for text, runs in ways.items()}
    nested: Counter[str] = Counter()
    longer: Counter[str] = Counter()
    shown = vocabulary.shown()
    phrases = []
    # from the longest, so that the occurrences of a phrase in longer ones are known before it is counted in shorter
    for text in sorted(ways, key=lambda text: (-text.count(" "), text)):
        # a word may be tagged as a noun in the phrase and as a verb by itself: then more are nested than there are
        within = min(nested[text], total[text])
        for part in {text_of[keys] for run in ways[text] for keys in _parts(run) if keys in text_of} - {text}:
            nested[part] += total[text] - within
            longer[part] += 1
        syllables = text.count(" ") + 1
        value = c_value(syllables, total[text], within, longer[text])
        _, printed, keys = max((counts[run], " ".join(shown[key] for key in run), run) for run in ways[text])
        phrases.append(KeyPhrase(printed, len(keys), syllables, total[text], within, longer[text], value))
    return sorted(phrases, key=lambda phrase: (-phrase.c_value, phrase.phrase))


def _parts(run: _Keys) -> Iterator[_Keys]:
    for start in range(len(run)):
        for end in range(start + 1, len(run) + 1):
            if end - start < len(run):
                yield run[start:end]
