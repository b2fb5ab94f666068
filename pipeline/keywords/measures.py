"""The formulae: each says whose it is. f, o and n are counts; logarithms of association and effect are to base 2."""

from __future__ import annotations

import math

# what Hardie (2014) puts for a count of nought under a logarithm
HALF_A_WORD = 0.5


def log_likelihood(both: float, first: float, second: float, total: float) -> float:
    """Return Dunning's G2 of a two by two table, 0 or more; 3.84, 6.63, 10.83 and 15.13 are p = .05, .01, .001, .0001.

    G2 = 2 · Σ o · ln(o / e) over the four cells, where e = row · column / total and a cell of nought adds nothing.
    T. Dunning, "Accurate methods for the statistics of surprise and coincidence", Computational Linguistics 19
    (1993) 61-74.

    Args:
        both: how often both things occur together.
        first: how often the first one occurs, with and without the second.
        second: how often the second one occurs.
        total: how many occurrences there are in all.
    """
    cells = (
        (both, first * second),
        (first - both, first * (total - second)),
        (second - both, (total - first) * second),
        (total - first - second + both, (total - first) * (total - second)),
    )
    summed = math.fsum(o * math.log(o * total / product) for o, product in cells if o > 0)
    return max(0.0, 2 * summed)  # independent tables come out at -1e-15


def pmi(both: float, first: float, second: float, total: float) -> float:
    """Return the pointwise mutual information log2(both · total / (first · second)): 0 by chance, above together.

    K. W. Church, P. Hanks, "Word association norms, mutual information, and lexicography", Computational Linguistics
    16 (1990) 22-29. It favours rare pairs: read it with a minimum count.
    """
    return math.log2(both * total / (first * second))


def log_ratio(count: float, total: float, other_count: float, other_total: float) -> float:
    """Return how many times a word's share doubles from the other part to this one: 1 is twice, -1 half as often.

    log2((count / total) / (other_count / other_total)), a count of nought taken as 0.5. A. Hardie, "Log Ratio: an
    informal introduction", CASS blog, Lancaster University (2014).
    """
    share = (count or HALF_A_WORD) / total
    other_share = (other_count or HALF_A_WORD) / other_total
    return math.log2(share / other_share)


def percent_difference(count: float, total: float, other_count: float, other_total: float) -> float:
    """Return %DIFF, how much larger a word's share is in this part, in per cent of its share in the other: 0 is equal.

    100 · (share - other share) / other share; infinite where the other part has none. C. Gabrielatos, A. Marchi,
    "Keyness: appropriate metrics and practical issues", CADS, Bologna (2012).
    """
    if not other_count:
        return math.inf
    return 100 * (count * other_total / (total * other_count) - 1)


def c_value(syllables: int, count: int, nested: int, longer: int) -> float:
    """Return the C-value of a phrase: how much it is a term of its own.

    log2 |a| · f(a), and for a phrase within longer ones log2 |a| · (f(a) - t(a) / c(a)), where c(a) is the number of
    longer candidates around it and t(a) its occurrences in them, each counted once. K. Frantzi, S. Ananiadou,
    H. Mima, "Automatic recognition of multi-word terms: the C-value/NC-value method", Int. J. on Digital Libraries 3
    (2000) 115-130. Theirs counts |a| in words; here it is in syllables, so that a term ranks the same whether the
    tagger keeps it whole or cuts it.
    """
    return math.log2(syllables) * (count - (nested / longer if longer else 0.0))
