"""The best labels of many sentences at once, where no other labels come near; and the sentences where some do.

Scores that are right but for roundings are enough to say so. Transitions are worth little beside what most words say
for one label: such a word has it whatever stands beside it, and what lies between two of them is a problem of its own.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pipeline.nlp.two_labels import doubt_of
from pipeline.nlp.viterbi import best_and_near

Numbers = NDArray[np.int64]
Scores = NDArray[np.float64]
Flags = NDArray[np.bool_]

# where transitions are worth more, next to no word has its label whatever stands beside it: those of parts of speech
# are worth up to 7, and settle 55 % of the words; those of entities up to 20
_TOO_MUCH = 10.0


class ClearLabels:
    """Finds them for the labels of one tagger."""

    def __init__(self, transitions: Scores) -> None:
        """Work out what the labels beside a word can be worth.

        Args:
            transitions: from each label (row) to the next (column).
        """
        self._transitions = transitions
        # [a label, another]: by how much the way through the other can be the better one, by the transitions alone;
        # at the ends of a sentence there are none
        before = (transitions[:, None, :] - transitions[:, :, None]).max(axis=0)
        behind = (transitions.T[:, None, :] - transitions.T[:, :, None]).max(axis=0)
        self._worth = np.maximum(before, 0) + np.maximum(behind, 0)

    def of(self, scores: Scores, counts: Numbers) -> tuple[Numbers, Flags]:
        """Return the best label of each token, and the sentences (one flag each) in which others come near.

        Args:
            scores: of each token (sentences laid end to end) and label.
            counts: tokens of each sentence, none 0.
        """
        doubt = doubt_of(counts)
        if self._worth.max() > _TOO_MUCH:
            labels, near = best_and_near(scores, counts, self._transitions, doubt)
        else:
            labels, near = self._settled(scores, np.cumsum(counts), doubt)
        return labels, np.logical_or.reduceat(near, np.cumsum(counts) - counts)

    def _settled(self, scores: Scores, ends: Numbers, doubt: float) -> tuple[Numbers, Flags]:
        """Return what `best_and_near` does; first those that have their label whatever stands beside them."""
        labels: Numbers = scores.argmax(axis=1)
        best = np.take_along_axis(scores, labels[:, None], axis=1)
        rivals = np.flatnonzero(scores + self._worth[labels] >= best - doubt) // scores.shape[1]  # each its own too
        open_ = np.flatnonzero(np.bincount(rivals) > 1)
        near = np.zeros(len(labels), np.bool_)
        if len(open_):
            labels[open_], near[open_] = self._between(scores, labels, open_, ends, doubt)
        return labels, near

    def _between(
        self, scores: Scores, labels: Numbers, open_: Numbers, ends: Numbers, doubt: float
    ) -> tuple[Numbers, Flags]:
        """Return the labels of tokens that are open, and where others come near; `labels` are those of the others."""
        own = scores[open_]
        begins_sentence = np.zeros(len(labels) + 1, np.bool_)
        begins_sentence[0] = begins_sentence[ends] = True
        # runs of tokens that are open, by the places in `open_` at which they begin and end
        begins = np.flatnonzero((np.diff(open_, prepend=-2) > 1) | begins_sentence[open_])
        lengths = np.diff(begins, append=len(open_))
        last = begins + lengths - 1
        led = begins[~begins_sentence[open_[begins]]]
        own[led] += self._transitions[labels[open_[led] - 1]]
        followed = last[~begins_sentence[open_[last] + 1]]
        own[followed] += self._transitions.T[labels[open_[followed] + 1]]
        return best_and_near(own, lengths, self._transitions, doubt)
