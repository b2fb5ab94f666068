"""Words of many sentences at once: underthesea's word segmenter, its features as numbers."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.nlp.exact_scores import ExactScores
from pipeline.nlp.margin_tables import FIRSTS, TITLE_ROWS, TITLE_RUNS
from pipeline.nlp.ngrams import ROW_FIRST, ROW_UNKNOWN, UNKNOWN, Slots, find_rows, keys_of, mark_edges
from pipeline.nlp.padding import AFTER, BEFORE, FIRST_WORD, Padded, padded_words
from pipeline.nlp.segmenter_tables import AS_IS, DIGIT, LOWER, RUNS, TITLE, TITLES
from pipeline.nlp.tables import Tables
from pipeline.nlp.tokens import Tokens
from pipeline.nlp.two_labels import best_of_two, second_of_two

Numbers = NDArray[np.int64]
Margins = NDArray[np.float64]
Flags = NDArray[np.bool_]

_PADDING = 2  # tokens on either side that a template can see
_INTEGER = re.compile(r"[+-]?[0-9]+\Z")
_TOO_LARGE = 1 << 31
# small letters whose capitals came with Unicode 16 and 17, which underthesea_core 3.3.2 knows and Python 3.11 does not
_NEW_SMALL_LETTERS = frozenset(
    "\u019b\u0264\u1c8a\ua7cd\ua7cf\ua7d3\ua7d5\ua7db"
    + "".join(map(chr, (*range(0x10D70, 0x10D86), *range(0x16EBB, 0x16ED4))))
)


def is_title(token: str) -> bool:
    """Whether underthesea_core takes a token for title case: it does not begin with a small letter.

    In the one token that may hold a space ("Th S") neither part does.
    """
    return all(part[:1] == part[:1].upper() and part[:1] not in _NEW_SMALL_LETTERS for part in token.split(" "))


def is_digit(token: str) -> bool:
    """Whether underthesea_core reads a token as a number: a 32-bit integer in ASCII."""
    return _INTEGER.match(token) is not None and -_TOO_LARGE <= int(token) < _TOO_LARGE


@dataclass(slots=True)
class _Seen:
    """What the features say of each token seen so far, by its number."""

    margins: Margins  # [token, FIRSTS], of all templates of one token
    as_is: Numbers  # number among the model's syllables
    lower: Numbers  # the same, in small letters
    title: Flags
    digit: Flags
    length: int = FIRST_WORD

    @classmethod
    def none(cls, size: int, edges: Margins) -> _Seen:
        """Return room for so many tokens, with what stands before and behind a sentence."""
        margins = np.zeros((size, len(FIRSTS)))
        margins[[BEFORE, AFTER]] = edges
        numbers, flags = (np.zeros((2, size), kind) for kind in (np.int64, np.bool_))
        return cls(margins, *numbers, *flags)


class Segmenter:
    """Finds which tokens begin a word. Tokens are learnt when they are first seen; `forget` empties what was learnt."""

    def __init__(self, tables: Tables, seen_as: Callable[[str], str] = str) -> None:
        """Make a segmenter from `segmenter_tables` ("exact") and `margin_tables` ("margins").

        Args:
            seen_as: how the model sees a token; as it is, unless told otherwise.
        """
        exact = tables.under("exact")
        self._seen_as = seen_as
        self._transitions = exact.arrays["transitions"]
        self._number = {syllable: place for place, syllable in enumerate(exact.texts["syllables"], 1)}
        self._slots = {name: Slots(exact.arrays[f"{name}.keys"], exact.arrays[f"{name}.rows"]) for name in RUNS}
        self._exact_scores = ExactScores(exact)
        self._margins = tables.under("margins").arrays
        self._firsts = {name: self._margins[f"{name}.firsts"].tolist() for name in (*RUNS, TITLE_RUNS)}
        self.forget()

    def forget(self) -> None:
        """Empty what was learnt of tokens."""
        self._seen = _Seen.none(4096, self._margins["edges"])

    def begins_word(self, tokens: Tokens, spellings: Sequence[str]) -> Flags:
        """Return for each token whether it begins a word; the first of a sentence does, whatever the model says."""
        if not len(tokens.numbers):
            return np.zeros(0, np.bool_)
        self._learn(spellings)
        counts = tokens.counts[tokens.counts > 0]
        padded = padded_words(tokens.numbers, counts, _PADDING)
        goes_on, doubtful = second_of_two(self._sums(padded), counts, self._transitions)
        if doubtful.any():
            some = np.repeat(doubtful, counts)
            goes_on[some] = self._exactly(tokens.numbers[some], counts[doubtful])
        goes_on[np.cumsum(counts) - counts] = False
        return ~goes_on

    def _exactly(self, numbers: Numbers, counts: Numbers) -> Flags:
        padded = padded_words(numbers, counts, _PADDING)
        seen = self._seen
        columns = {AS_IS: seen.as_is, LOWER: seen.lower, TITLE: seen.title, DIGIT: seen.digit}
        of_place = {name: column[padded.words].astype(np.int64) for name, column in columns.items()}
        scores = self._exact_scores.of(padded, of_place, self._runs(padded), _PADDING)
        return best_of_two(scores, counts, self._transitions)

    def _learn(self, spellings: Sequence[str]) -> None:
        """Work out the features of tokens that were not seen before."""
        new = list(map(self._seen_as, spellings[self._seen.length :]))
        if not new:
            return
        self._make_room(len(spellings))
        seen, number, own = self._seen, self._number, slice(self._seen.length, len(spellings))
        seen.as_is[own] = [number.get(token, UNKNOWN) for token in new]
        seen.lower[own] = [number.get(token.lower(), UNKNOWN) for token in new]
        seen.title[own] = [is_title(token) for token in new]
        seen.digit[own] = [is_digit(token) for token in new]
        flags = self._margins["flags"][2 * seen.title[own] + seen.digit[own]]
        seen.margins[own] = self._margins[AS_IS][seen.as_is[own]] + self._margins[LOWER][seen.lower[own]] + flags
        seen.length = len(spellings)

    def _make_room(self, end: int) -> None:
        seen = self._seen
        if end <= len(seen.as_is):
            return
        more = _Seen.none(max(end, 2 * len(seen.as_is)), self._margins["edges"])
        for name in ("margins", "as_is", "lower", "title", "digit"):
            getattr(more, name)[: seen.length] = getattr(seen, name)[: seen.length]
        more.length = seen.length
        self._seen = more

    def _sums(self, padded: Padded) -> Margins:
        """Return by how much each token rather goes on with a word than begins one, but for roundings."""
        runs = self._runs(padded)
        pairs, triples = (runs[name] for name in TITLES.values())
        runs[TITLE_RUNS] = TITLE_ROWS * pairs[: len(triples)] + triples
        size = len(padded.words) - 2 * _PADDING
        total = np.zeros(size)
        taken = [(list(FIRSTS), self._seen.margins.take(padded.words, axis=0, mode="clip"))]
        for name, firsts in self._firsts.items():
            taken.append((firsts, self._margins[name].take(runs[name], axis=0, mode="clip")))
        for firsts, margins in taken:
            for column, first in enumerate(firsts):
                total += margins[_PADDING + first : _PADDING + first + size, column]
        return total[padded.at - _PADDING]

    def _runs(self, padded: Padded) -> dict[str, Numbers]:
        """Return by family of templates of several tokens the row of the run from each padded place on."""
        seen = self._seen
        as_is, lower, title = seen.as_is[padded.words], seen.lower[padded.words], seen.title[padded.words]
        rows = {}
        for name, (width, lowered) in RUNS.items():
            rows[name] = find_rows(self._slots[name], keys_of(lower if lowered else as_is, width))
            mark_edges(rows[name], padded.before, padded.after, width)
        titles = title
        for width, name in TITLES.items():
            titles = titles[:-1] & title[width - 1 :]
            rows[name] = np.where(titles, ROW_FIRST, ROW_UNKNOWN)
            mark_edges(rows[name], padded.before, padded.after, width)
        return rows
