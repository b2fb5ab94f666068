"""Parts of speech and entities of many sentences at once: underthesea's taggers, their features as numbers."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from pipeline.nlp.ngrams import UNKNOWN, Slots, find_rows, keys_of, mark_edges
from pipeline.nlp.padding import AFTER, BEFORE, FIRST_WORD, Padded, padded_words
from pipeline.nlp.tables import Tables
from pipeline.nlp.tagger_tables import POS, WORD
from pipeline.nlp.templates import Template, parse
from pipeline.nlp.viterbi import best_labels

Numbers = NDArray[np.int64]
Rows = NDArray[np.int32]
Scores = NDArray[np.float64]

_PADDING = 3  # words on either side that a template can see
# words whose scores are summed at once: these and the row added to them stay in the processor's cache
_BLOCK = 1024
# a template that says something of fewer words than this is added to these alone
_FEW = 0.3


def is_title(word: str) -> bool:
    """Whether underthesea calls a word title case: each of its syllables begins with a capital."""
    return bool(word) and all(syllable and syllable[0].istitle() for syllable in word.split(" "))


class Words:
    """Words numbered as they are first seen, from `FIRST_WORD` on; and which of those that the models know they are."""

    def __init__(self, known: Sequence[str]) -> None:
        """Make an empty list of words."""
        self._known = {word: place for place, word in enumerate(known, 1)}
        self.forget()

    def forget(self) -> None:
        """Empty the list."""
        self.spellings = ["", ""]
        self._numbers: dict[str, int] = {}

    def number(self, word: str) -> int:
        """Return the number of a word, a new one if it was not seen before."""
        number = self._numbers.get(word)
        if number is None:
            number = self._numbers[word] = len(self.spellings)
            self.spellings.append(word)
        return number

    def known_number(self, word: str) -> int:
        """Return the word's number in the tables, or `UNKNOWN`."""
        return self._known.get(word, UNKNOWN)


class Tagger:
    """One of underthesea's taggers; what it says of a word is worked out when the word is first seen."""

    def __init__(self, tables: Tables, words: Words) -> None:
        """Make a tagger from its part of `tagger_tables`."""
        self.labels = np.array(tables.texts["labels"], object)
        self._arrays = tables.arrays
        self._weights = tables.arrays["weights"]
        self._transitions = tables.arrays["transitions"]
        self._templates = [parse(name) for name in tables.texts["templates"]]
        self._pairs = Slots(tables.arrays["pairs.keys"], tables.arrays["pairs.slots"])
        self._words = words
        self.forget()

    def forget(self) -> None:
        """Empty what was learnt of words."""
        self._rows = np.zeros((len(self._templates), 4096), np.int32)
        self._rows[:, [BEFORE, AFTER]] = self._arrays["edges"]
        self._known = np.zeros(4096, np.int64)
        self._length = FIRST_WORD

    def tag(self, words: Numbers, counts: Numbers, tags: Numbers | None = None) -> Numbers:
        """Return the number of each word's label.

        Args:
            words: numbers of the words of sentences laid end to end.
            counts: words of each sentence, none 0.
            tags: numbers of the words' parts of speech, for a tagger that looks at them.
        """
        self._learn()
        rows = self._feature_rows(padded_words(words, counts, _PADDING), tags)
        scores = np.zeros((len(words), len(self.labels)))
        buffer = np.empty((_BLOCK, len(self.labels)))
        for first in range(0, len(scores), _BLOCK):
            self._add(scores[first : first + _BLOCK], [row[first : first + _BLOCK] for row in rows], buffer)
        return best_labels(scores, counts, self._transitions)

    def _add(self, scores: Scores, rows: list[Rows], buffer: Scores) -> None:
        """Add the weights of each feature, in the order of the templates."""
        size = len(scores)
        for row in rows:
            some = np.flatnonzero(row)
            if len(some) > _FEW * size:
                scores += np.take(self._weights, row, axis=0, out=buffer[:size], mode="clip")
            elif len(some):
                scores[some] += self._weights[row[some]]

    def _learn(self) -> None:
        first, end = self._length, len(self._words.spellings)
        if first == end:
            return
        while end > len(self._known):
            self._known = np.concatenate((self._known, np.zeros_like(self._known)))
            self._rows = np.concatenate((self._rows, np.zeros_like(self._rows)), axis=1)
        new = self._words.spellings[first:end]
        known = np.array([self._words.known_number(word) for word in new])
        lower = np.array([self._words.known_number(word.lower()) for word in new])
        title = np.array([is_title(word) for word in new], np.int64)
        for place, template in enumerate(self._templates):
            if template.function == "istitle":
                self._rows[place, first:end] = self._arrays["titles"][place][title]
            elif template.column == WORD and template.width == 1:
                self._rows[place, first:end] = self._arrays["single"][place][lower if template.function else known]
        self._known[first:end] = known
        self._length = end

    def _feature_rows(self, padded: Padded, tags: Numbers | None) -> list[Rows]:
        """Return for each template that says anything which row of the weights each word has."""
        pairs = find_rows(self._pairs, keys_of(self._known[padded.words], 2))
        mark_edges(pairs, padded.before, padded.after, 2)
        unfilled = np.minimum(padded.words, FIRST_WORD)
        symbols = unfilled
        if tags is not None:
            symbols = unfilled.copy()
            symbols[padded.at] = tags + FIRST_WORD
        rows, pair = [], 0
        for place, template in enumerate(self._templates):
            at = padded.at + template.first
            if template.column != WORD:
                column = symbols if template.column == POS else unfilled
                rows.append(_tag_rows(self._arrays[f"columns.{place}.rows"], template, column, at))
            elif template.width == 1:
                rows.append(self._rows[place][padded.words[at]])
            else:
                rows.append(self._arrays["pairs.rows"][pair][pairs[at]])
                pair += 1
        return rows


def _tag_rows(table: Rows, template: Template, symbols: Numbers, at: Numbers) -> Rows:
    chosen: Rows = table[symbols[at]] if template.width == 1 else table[symbols[at], symbols[at + 1]]
    return chosen
