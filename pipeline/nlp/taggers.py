"""Parts of speech and entities of many sentences at once: underthesea's taggers, their features as numbers."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from pipeline.nlp.clear_labels import ClearLabels
from pipeline.nlp.ngrams import UNKNOWN, Slots, find_rows, keys_of, mark_edges
from pipeline.nlp.padding import AFTER, BEFORE, FIRST_WORD, Padded, padded_words
from pipeline.nlp.tables import Tables
from pipeline.nlp.tagger_sums import Sums, add_weights
from pipeline.nlp.tagger_tables import POS, WORD
from pipeline.nlp.templates import Template, parse
from pipeline.nlp.tokens import Column
from pipeline.nlp.viterbi import best_labels

Numbers = NDArray[np.int64]
Rows = NDArray[np.int32]

_PADDING = 3  # words on either side that a template can see


def is_title(word: str) -> bool:
    """Whether underthesea calls a word title case: each of its syllables begins with a capital."""
    return bool(word) and all(syllable and syllable[0].istitle() for syllable in word.split(" "))


class Words:
    """Words numbered as they are first seen, from `FIRST_WORD` on.

    Their forms are numbered too: `forms[form]` is all that the models see of a word, its number in their tables and
    that of the same word in small letters, `UNKNOWN` for what they don't know, and whether it is in title case.
    """

    def __init__(self, known: Sequence[str]) -> None:
        """Make an empty list of words."""
        self._known = {word: place for place, word in enumerate(known, 1)}
        self.forget()

    def forget(self) -> None:
        """Empty the list."""
        self.spellings = [""] * FIRST_WORD
        self._numbers: dict[str, int] = {}
        self.forms = [(UNKNOWN, UNKNOWN, False)] * FIRST_WORD
        self._form_numbers: dict[tuple[int, int, bool], int] = {}
        self._form_of_word = Column()

    def number(self, word: str) -> int:
        """Return the number of a word, a new one if it was not seen before."""
        number = self._numbers.get(word)
        if number is None:
            number = self._numbers[word] = len(self.spellings)
            self.spellings.append(word)
        return number

    def forms_of(self, words: Numbers) -> Numbers:
        """Return the numbers of the forms of words."""
        new = self.spellings[len(self._form_of_word) :]
        self._form_of_word.extend([self._form(word) for word in new])
        return self._form_of_word.array()[words]

    def _form(self, word: str) -> int:
        known = self._known
        form = known.get(word, UNKNOWN), known.get(word.lower(), UNKNOWN), is_title(word)
        number = self._form_numbers.setdefault(form, len(self.forms))
        if number == len(self.forms):
            self.forms.append(form)
        return number


class Tagger:
    """One of underthesea's taggers; what it says of a form is worked out when the form is first seen."""

    def __init__(self, tables: Tables, words: Words, *, tagged: bool) -> None:
        """Make a tagger from its part of `tagger_tables`; `tagged`, if it is one that is given parts of speech."""
        self.labels = np.array(tables.texts["labels"], object)
        self._arrays = tables.arrays
        self._weights = tables.arrays["weights"]
        self._transitions = tables.arrays["transitions"]
        self._templates = [parse(name) for name in tables.texts["templates"]]
        self._pairs = Slots(tables.arrays["pairs.keys"], tables.arrays["pairs.slots"])
        self._sums = Sums(tables.arrays, self._templates, tagged=tagged)
        self._clear = ClearLabels(self._transitions)
        self._words = words
        self.forget()

    def forget(self) -> None:
        """Empty what was learnt of forms."""
        self._rows = np.zeros((len(self._templates), 4096), np.int32)
        self._rows[:, [BEFORE, AFTER]] = self._arrays["edges"]
        self._known = np.zeros(4096, np.int64)
        self._length = FIRST_WORD
        self._sums.forget()
        self._sums.learn(self._rows[:, :FIRST_WORD])

    def tag(self, forms: Numbers, counts: Numbers, tags: Numbers | None = None) -> Numbers:
        """Return the number of each word's label.

        Args:
            forms: numbers of the forms of the words of sentences laid end to end.
            counts: words of each sentence, none 0.
            tags: numbers of the words' parts of speech, for a tagger that looks at them.
        """
        self._learn()
        padded = padded_words(forms, counts, _PADDING)
        scores = self._sums.of(padded, counts, self._pairs_of(padded), _symbols(padded, tags))
        labels, doubtful = self._clear.of(scores, counts)
        if doubtful.any():
            some = np.repeat(doubtful, counts)
            labels[some] = self._exactly(forms[some], counts[doubtful], None if tags is None else tags[some])
        return labels

    def _exactly(self, forms: Numbers, counts: Numbers, tags: Numbers | None) -> Numbers:
        """Return the number of each word's label, with scores summed in underthesea's order."""
        rows = self._feature_rows(padded_words(forms, counts, _PADDING), tags)
        scores, buffer = np.zeros((2, len(forms), len(self.labels)))
        add_weights(scores, self._weights, rows, buffer)
        return best_labels(scores, counts, self._transitions)

    def _learn(self) -> None:
        first, end = self._length, len(self._words.forms)
        if first == end:
            return
        while end > len(self._known):
            self._known = np.concatenate((self._known, np.zeros_like(self._known)))
            self._rows = np.concatenate((self._rows, np.zeros_like(self._rows)), axis=1)
        known, lower, title = np.array(self._words.forms[first:end], np.int64).T
        for place, template in enumerate(self._templates):
            if template.function == "istitle":
                self._rows[place, first:end] = self._arrays["titles"][place][title]
            elif template.column == WORD and template.width == 1:
                self._rows[place, first:end] = self._arrays["single"][place][lower if template.function else known]
        self._known[first:end] = known
        self._sums.learn(self._rows[:, first:end])
        self._length = end

    def _feature_rows(self, padded: Padded, tags: Numbers | None) -> list[Rows]:
        """Return for each template that says anything which row of the weights each word has."""
        pairs, symbols, unfilled = self._pairs_of(padded), _symbols(padded, tags), _symbols(padded, None)
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

    def _pairs_of(self, padded: Padded) -> Numbers:
        """Return the `ngrams` row of the pair of words from each place on."""
        pairs = find_rows(self._pairs, keys_of(self._known[padded.words], 2))
        mark_edges(pairs, padded.before, padded.after, 2)
        return pairs


def _symbols(padded: Padded, tags: Numbers | None) -> Numbers:
    """Return what each place has for a part of speech: BEFORE, AFTER, the tag; where none are given, the first one."""
    symbols = np.minimum(padded.words, FIRST_WORD)
    if tags is not None:
        symbols[padded.at] = tags + FIRST_WORD
    return symbols


def _tag_rows(table: Rows, template: Template, symbols: Numbers, at: Numbers) -> Rows:
    chosen: Rows = table[symbols[at]] if template.width == 1 else table[symbols[at], symbols[at + 1]]
    return chosen
