"""The better of two labels for each token of many sentences: by margins, and by both scores where that is close.

The answers are those of underthesea_core: where a rounding could turn one, sums are made in its order, and of two equal
scores the first label wins, as there.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.int64]
Scores = NDArray[np.float64]

# margins and scores this close may be the other way round by roundings: 100 additions of weights under 10; and as many
# more in a way over all tokens, whose score and roundings grow with them, at 128 a token
_DOUBT, _DOUBT_A_SQUARE = 1e-6, 5e-14
# in `best_of_two`: whether the best way to the first and to the second label comes from the second
_FROM_FIRST, _STRAIGHT, _CROSSED, _FROM_SECOND = (False, False), (False, True), (True, False), (True, True)


def doubt_of(counts: Numbers) -> float:
    """Return how close scores of labels may be that could be the other way round by roundings.

    Args:
        counts: tokens of each sentence.
    """
    return _DOUBT + _DOUBT_A_SQUARE * int(counts.max()) ** 2


def second_of_two(margins: Scores, counts: Numbers, transitions: Scores) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Return for each token whether the second of two labels is the better one; and the sentences that are doubtful.

    The margin between the best ways to the two labels is that of the token before, shifted and kept between two
    bounds; mostly it lies beyond one of these, so that nothing before matters. Shifts and bounds of neighbours are put
    together, over twice as many tokens in each round, until every margin is known.

    Args:
        margins: of each token, sentences laid end to end: the second label's score less the first's, but for roundings.
        counts: tokens of each sentence, none 0.

    Returns:
        Of doubtful sentences (one flag each) a rounding may have turned a choice, so that `best_of_two` has to say.
    """
    (stay, go), (back, keep) = transitions.tolist()
    ends = np.cumsum(counts)
    last = ends - 1
    alike = stay + keep >= go + back
    total = _margins_of_ways(margins, counts, ends - counts, transitions)
    # from which margin on the best way to the first and to the second label comes from the second
    to_first, to_second = stay - back, go - keep
    chosen = total > max(to_first, to_second)
    open_ = ~chosen & (total > min(to_first, to_second))  # as the next token is, or as it is not
    chosen[last], open_[last] = total[last] > 0, False
    waiting, decided = np.flatnonzero(open_), np.flatnonzero(~open_)
    following = decided[np.searchsorted(decided, waiting)]
    chosen[waiting] = chosen[following] if alike else chosen[following] ^ ((following - waiting) & 1 == 1)
    doubt = doubt_of(counts)
    near = (np.abs(total - to_first) < doubt) | (np.abs(total - to_second) < doubt)
    near[last] |= np.abs(total[last]) < doubt
    doubtful = np.zeros(len(counts), np.bool_)
    doubtful[np.searchsorted(ends, np.flatnonzero(near), side="right")] = True
    return chosen, doubtful


def _margins_of_ways(margins: Scores, counts: Numbers, first: Numbers, transitions: Scores) -> Scores:
    """Return for each token by how much the best way to the second label is better than that to the first."""
    (stay, go), (back, keep) = transitions.tolist()
    alike = stay + keep >= go + back
    low, high = (margins + bound for bound in sorted((go - stay, keep - back)))
    shift = margins + (keep - stay if alike else go - back)
    odd = np.zeros(len(margins), np.bool_)
    if not alike:  # a margin falls as the one before it rises: every other one is turned round
        odd = (np.arange(len(margins)) - np.repeat(first, counts)) & 1 == 1
        low, high, shift = np.where(odd, -high, low), np.where(odd, -low, high), np.where(odd, -shift, shift)
    low[first] = high[first] = margins[first]
    open_, window = np.flatnonzero(low < high), 1
    while len(open_):
        before, least, most = open_ - window, low[open_], high[open_]
        own = shift[open_]
        reached = [np.minimum(np.maximum(bound[before] + own, least), most) for bound in (low, high)]
        shift[open_] += shift[before]
        low[open_], high[open_] = reached
        open_, window = open_[reached[0] < reached[1]], 2 * window
    total: Scores = np.where(odd, -low, low)
    return total


def best_of_two(scores: NDArray[np.complex128], counts: Numbers, transitions: Scores) -> NDArray[np.bool_]:
    """Return for each token whether the second of two labels is the better one.

    Args:
        scores: of each token, sentences laid end to end; the first label is the real part, the second the imaginary.
        counts: tokens of each sentence, none 0.
    """
    (stay, go), (back, keep) = transitions.tolist()
    firsts, seconds = scores.real.tolist(), scores.imag.tolist()
    chosen: list[bool] = []
    at = 0
    for count in counts.tolist():
        first, second = firsts[at], seconds[at]
        came: list[tuple[bool, bool]] = []
        for more, other in zip(firsts[at + 1 : at + count], seconds[at + 1 : at + count], strict=True):
            a, b, c, d = first + stay, second + back, first + go, second + keep
            if b > a:
                came.append(_FROM_SECOND if d > c else _CROSSED)
                first = b + more
            else:
                came.append(_STRAIGHT if d > c else _FROM_FIRST)
                first = a + more
            second = (d if d > c else c) + other
        labels = [second > first]
        for sources in reversed(came):
            labels.append(sources[labels[-1]])
        labels.reverse()
        chosen += labels
        at += count
    return np.array(chosen, np.bool_)
