"""What a tagger's features say of each word, summed in whatever order is quick: right but for roundings.

The features of one word are summed when its form is first seen, and those of parts of speech, or of columns that are
never filled in, once for all that can stand there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.nlp.padding import AFTER, BEFORE, FIRST_WORD, Padded
from pipeline.nlp.tagger_tables import POS, WORD
from pipeline.nlp.templates import Template

Numbers = NDArray[np.int64]
Rows = NDArray[np.int32]
Scores = NDArray[np.float64]

# words whose scores are summed at once: these and the row added to them stay in the processor's cache
BLOCK = 1024
# rows of weights that say something of fewer words than this are added to these alone
_FEW = 0.3


class Sums:
    """Sums the weights of one tagger."""

    def __init__(self, arrays: Mapping[str, NDArray[Any]], templates: Sequence[Template], *, tagged: bool) -> None:
        """Make it from a part of `tagger_tables`.

        Args:
            tagged: whether it is given parts of speech; else their column is not filled in.
        """
        self._weights, self._pair_rows = arrays["weights"], arrays["pairs.rows"]
        self._single: dict[int, list[int]] = {}  # templates of one word, by its place
        for place, one in enumerate(templates):
            if one.column == WORD and one.width == 1:
                self._single.setdefault(one.first, []).append(place)
        self._pairs = [one for one in templates if one.column == WORD and one.width > 1]
        columns = [
            (one, self._weights[arrays[f"columns.{place}.rows"]])
            for place, one in enumerate(templates)
            if one.column != WORD
        ]
        self._reach = max((max(-one.first, one.first + one.width - 1) for one, _ in columns), default=0)
        of_tags = [(one, weights) for one, weights in columns if tagged and one.column == POS]
        unfilled = [(one, weights) for one, weights in columns if not (tagged and one.column == POS)]
        self._of_tags = _pair_tables(of_tags)
        self._unfilled = _by_edges(unfilled, self._reach, self._weights.shape[1])
        self.forget()

    def forget(self) -> None:
        """Empty what was learnt of forms."""
        self._of_form = {first: np.zeros((0, self._weights.shape[1])) for first in self._single}
        self._length = 0

    def learn(self, rows: Rows) -> None:
        """Sum the weights of the next forms of words.

        Args:
            rows: by template of one word and form, the row of the weights; 0 says nothing.
        """
        begin, self._length = self._length, self._length + rows.shape[1]
        buffer = np.empty((rows.shape[1], self._weights.shape[1]))
        for first, places in self._single.items():
            table = self._of_form[first]
            if self._length > len(table):
                more = np.zeros((self._length, self._weights.shape[1]))
                table = self._of_form[first] = np.concatenate((table, more))
            add_weights(table[begin : self._length], self._weights, [rows[place] for place in places], buffer)

    def of(self, padded: Padded, counts: Numbers, pairs: Numbers, symbols: Numbers) -> Scores:
        """Return the score of each word (sentences laid end to end) and label.

        Args:
            padded: forms, with what stands before and behind each sentence.
            counts: words of each sentence.
            pairs: of the pair of words from each padded place on, its `ngrams` row.
            symbols: what each padded place has for a part of speech.
        """
        gathered = [(table, padded.words[padded.at + first]) for first, table in self._of_form.items()]
        gathered.append((self._unfilled, _edges(counts, self._reach)))
        for first, table in self._of_tags.items():
            side = len(table)
            pair = symbols[padded.at + first] * side + symbols[padded.at + first + 1]
            gathered.append((table.reshape(side * side, -1), pair))
        some = [own[pairs[padded.at + one.first]] for own, one in zip(self._pair_rows, self._pairs, strict=True)]
        scores = np.zeros((len(padded.at), self._weights.shape[1]))
        buffer = np.empty((BLOCK, scores.shape[1]))
        for begin in range(0, len(scores), BLOCK):
            here = slice(begin, begin + BLOCK)
            own = scores[here]
            for table, places in gathered:
                own += np.take(table, places[here], axis=0, out=buffer[: len(own)], mode="clip")
            add_weights(own, self._weights, [row[here] for row in some], buffer)
        return scores


def add_weights(scores: Scores, weights: Scores, rows: Sequence[Rows], buffer: Scores) -> None:
    """Add to the scores of some words the weights of each feature, given by their rows, one feature after the other.

    Args:
        buffer: room for as many words.
    """
    size = len(scores)
    for row in rows:
        some = np.flatnonzero(row)
        if len(some) > _FEW * size:
            scores += np.take(weights, row, axis=0, out=buffer[:size], mode="clip")
        elif len(some):
            scores[some] += weights[row[some]]


def _pair_tables(columns: Sequence[tuple[Template, Scores]]) -> dict[int, Scores]:
    """Return by first place what all templates of one column say of two symbols that follow each other."""
    pairs: dict[int, Scores] = {}
    for one, weights in sorted(columns, key=lambda column: -column[0].width):
        if one.width > 1:
            first, said = one.first, weights
        elif one.first in pairs or one.first - 1 not in pairs:
            first, said = one.first, np.repeat(weights[:, None, :], len(weights), axis=1)
        else:  # as the second of the two
            first, said = one.first - 1, np.repeat(weights[None, :, :], len(weights), axis=0)
        pairs[first] = pairs[first] + said if first in pairs else said
    return pairs


def _by_edges(columns: Sequence[tuple[Template, Scores]], reach: int, labels: int) -> Scores:
    """Return what templates of columns that are not filled in say, by `_edges`."""
    table = np.zeros(((reach + 1) ** 2, labels))
    for code, own in enumerate(table):
        before, after = divmod(code, reach + 1)
        for one, weights in columns:
            places = range(one.first, one.first + one.width)
            own += weights[tuple(BEFORE if at < -before else AFTER if at > after else FIRST_WORD for at in places)]
    return table


def _edges(counts: Numbers, reach: int) -> Numbers:
    """Return for each word how many stand before and behind it in its sentence, as one number; no more than `reach`."""
    before = np.arange(int(counts.sum())) - np.repeat(np.cumsum(counts) - counts, counts)
    after = np.repeat(counts, counts) - before - 1
    edges: Numbers = np.minimum(before, reach) * (reach + 1) + np.minimum(after, reach)
    return edges
