"""The best labels of many sentences at once, bit for bit as underthesea_core finds them.

All sentences take a step together: tokens are laid out by their place in the sentence, longest sentences first. Sums
are made in the order of underthesea_core, and of two equal scores the label with the lower number wins, as there.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.int64]
Scores = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Steps:
    """Tokens of sentences laid end to end, in steps.

    `order[token]` is a token's place when all first tokens come first, then all second ones, …; step `t` is
    `begins[t]:begins[t + 1]` of these, its tokens in the same order of sentences as in the step before.
    """

    order: Numbers
    begins: list[int]


def steps_of(counts: Numbers) -> Steps:
    """Return the steps of sentences with so many tokens each; none of them 0."""
    ranks = np.empty(len(counts), np.int64)
    ranks[np.argsort(-counts, kind="stable")] = np.arange(len(counts))
    longest = int(counts.max())
    alive = len(counts) - np.searchsorted(np.sort(counts), np.arange(longest), side="right")
    begins = np.concatenate(([0], np.cumsum(alive)))
    first = np.cumsum(counts) - counts
    step = np.arange(int(counts.sum())) - np.repeat(first, counts)
    return Steps(begins[step] + np.repeat(ranks, counts), begins.tolist())


def best_labels(scores: Scores, counts: Numbers, transitions: Scores) -> Numbers:
    """Return the number of the best label of each token.

    Args:
        scores: of each token (sentences laid end to end) and label.
        counts: tokens of each sentence, none 0.
    """
    return best_and_near(scores, counts, transitions, 0.0)[0]


def best_and_near(scores: Scores, counts: Numbers, transitions: Scores, near: float) -> tuple[Numbers, Flags]:
    """Return what `best_labels` does, and the tokens at which a way with other labels leaves that comes so near.

    Every way that is not the best one leaves it somewhere, seen from the end.
    """
    steps = steps_of(counts)
    # a row a label, so that sums and maxima run along the tokens in memory: half the time of a row a token
    totals = np.empty(scores.shape[::-1])
    totals[:, steps.order] = scores.T
    begins, into = steps.begins, np.ascontiguousarray(transitions.T)
    for before, here, end in zip(begins, begins[1:], begins[2:], strict=False):
        previous = totals[:, before : before + end - here]
        totals[:, here:end] += (previous[:, None, :] + transitions[:, :, None]).max(axis=0)
    total = np.ascontiguousarray(totals.T)
    chosen = np.zeros(len(total), np.int64)
    last = steps.order[np.cumsum(counts) - 1]
    chosen[last] = total[last].argmax(axis=1)
    for before, here, end in reversed(list(zip(begins, begins[1:], begins[2:], strict=False))):
        same = slice(before, before + end - here)
        total[same] += into[chosen[here:end]]
        chosen[same] = total[same].argmax(axis=1)
    best = np.take_along_axis(total, chosen[:, None], axis=1)
    close = np.bincount(np.flatnonzero(total >= best - near) // total.shape[1]) > 1
    return np.take(chosen, steps.order), np.take(close, steps.order)
