"""Words of many sentences at once: underthesea's word segmenter, its features as numbers."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.nlp.ngrams import ROW_FIRST, ROW_UNKNOWN, UNKNOWN, Slots, find_rows, keys_of, mark_edges
from pipeline.nlp.padding import AFTER, BEFORE, FIRST_WORD, Padded, padded_words
from pipeline.nlp.segmenter_tables import (
    AS_IS,
    DICTIONARIES,
    DIGIT,
    IN_DICTIONARY,
    LOWER,
    RUNS,
    SINGLE,
    TITLE,
    TITLES,
    family_of,
    looks_at,
)
from pipeline.nlp.tables import Tables
from pipeline.nlp.templates import Template, parse
from pipeline.nlp.tokens import Tokens
from pipeline.nlp.viterbi import best_of_two

Numbers = NDArray[np.int64]
Weights = NDArray[np.complex128]

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

    weights: Weights  # [template of one token, token]
    as_is: Numbers  # number among the model's syllables
    lower: Numbers  # the same, in small letters
    title: NDArray[np.bool_]
    length: int


class Segmenter:
    """Finds which tokens begin a word. Tokens are learnt when they are first seen; `forget` empties what was learnt."""

    def __init__(self, tables: Tables, seen_as: Callable[[str], str] = str) -> None:
        """Make a segmenter from `segmenter_tables`.

        Args:
            seen_as: how the model sees a token; as it is, unless told otherwise.
        """
        self._seen_as = seen_as
        self._transitions = tables.arrays["transitions"]
        self._templates = [parse(name) for name in tables.texts["templates"]]
        self._number = {syllable: place for place, syllable in enumerate(tables.texts["syllables"], 1)}
        self._single = tables.under("single").arrays
        self._slots = {name: Slots(tables.arrays[f"{name}.keys"], tables.arrays[f"{name}.rows"]) for name in RUNS}
        families = (*RUNS, *TITLES.values(), *DICTIONARIES.values())
        self._weights = {name: tables.arrays[f"{name}.weights"] for name in families}
        self._in_dictionary = {name: tables.arrays[f"{name}.in_dictionary"] for name in RUNS}
        self._plan = _plan(self._templates)
        self.forget()

    def forget(self) -> None:
        """Empty what was learnt of tokens."""
        size = 4096
        self._seen = _Seen(
            np.zeros((len(self._single["edges"]), size), np.complex128),
            np.zeros(size, np.int64),
            np.zeros(size, np.int64),
            np.zeros(size, np.bool_),
            FIRST_WORD,
        )
        self._seen.weights[:, [BEFORE, AFTER]] = self._single["edges"]

    def begins_word(self, tokens: Tokens, spellings: Sequence[str]) -> NDArray[np.bool_]:
        """Return for each token whether it begins a word; the first of a sentence does, whatever the model says."""
        if not len(tokens.numbers):
            return np.zeros(0, np.bool_)
        self._learn(spellings)
        counts = tokens.counts[tokens.counts > 0]
        begins = ~best_of_two(self._scores(tokens.numbers, counts), counts, self._transitions)
        begins[np.cumsum(counts) - counts] = True
        return begins

    def _learn(self, spellings: Sequence[str]) -> None:
        """Work out the features of tokens that were not seen before."""
        new = list(map(self._seen_as, spellings[self._seen.length :]))
        if not new:
            return
        first, end = self._seen.length, len(spellings)
        self._make_room(end)
        seen, number = self._seen, self._number
        lowered = [token.lower() for token in new]
        seen.as_is[first:end] = [number.get(token, UNKNOWN) for token in new]
        seen.lower[first:end] = [number.get(token, UNKNOWN) for token in lowered]
        seen.title[first:end] = [is_title(token) for token in new]
        flags = {
            DIGIT: np.array([is_digit(token) for token in new], np.int64),
            TITLE: seen.title[first:end].astype(np.int64),
            IN_DICTIONARY: self._single["in_dictionary"][seen.lower[first:end]].astype(np.int64),
        }
        columns = {AS_IS: seen.as_is[first:end], LOWER: seen.lower[first:end]}
        texts, others = iter(self._single["by_token"]), iter(self._single["flags"])
        single = (looks_at(template) for template in self._templates if template.width == 1)
        for row, looked in zip(seen.weights, single, strict=True):
            row[first:end] = next(texts)[columns[looked]] if looked in columns else next(others)[flags[looked]]
        seen.length = end

    def _make_room(self, end: int) -> None:
        seen = self._seen
        while end > len(seen.as_is):
            seen.weights = np.concatenate((seen.weights, np.zeros_like(seen.weights)), axis=1)
            seen.as_is = np.concatenate((seen.as_is, np.zeros_like(seen.as_is)))
            seen.lower = np.concatenate((seen.lower, np.zeros_like(seen.lower)))
            seen.title = np.concatenate((seen.title, np.zeros_like(seen.title)))

    def _scores(self, numbers: Numbers, counts: Numbers) -> Weights:
        """Return each token's two scores: the weights of its features, added in the order of the templates."""
        padded = padded_words(numbers, counts, _PADDING)
        rows = self._rows(padded)
        taken = {name: weights.take(rows[name], axis=1, mode="clip") for name, weights in self._weights.items()}
        taken[SINGLE] = self._seen.weights.take(padded.words, axis=1, mode="clip")
        size = len(padded.words) - 2 * _PADDING
        total = np.zeros(size, np.complex128)
        for family, place, first in self._plan:
            total += taken[family][place, _PADDING + first : _PADDING + first + size]
        return total[padded.at - _PADDING]

    def _rows(self, padded: Padded) -> dict[str, Numbers]:
        """Return for each family of templates which row of its weights each padded place has."""
        seen = self._seen
        as_is, lower, title = seen.as_is[padded.words], seen.lower[padded.words], seen.title[padded.words]
        rows = {}
        for name, (width, lowered) in RUNS.items():
            found = find_rows(self._slots[name], keys_of(lower if lowered else as_is, width))
            mark_edges(found, padded.before, padded.after, width)
            if lowered:
                rows[DICTIONARIES[width]] = self._in_dictionary[name][found]
                found[found >= self._weights[name].shape[1]] = ROW_UNKNOWN
            rows[name] = found
        titles = title
        for width, name in TITLES.items():
            titles = titles[:-1] & title[width - 1 :]
            rows[name] = np.where(titles, ROW_FIRST, ROW_UNKNOWN)
            mark_edges(rows[name], padded.before, padded.after, width)
        return rows


def _plan(templates: list[Template]) -> list[tuple[str, int, int]]:
    """Return for each template its family, its place among that family's weights, and the first token it looks at."""
    taken: dict[str, int] = {}
    plan = []
    for template in templates:
        family = family_of(template)
        place = taken[family] = taken.get(family, -1) + 1
        plan.append((family, place, template.first))
    return plan
