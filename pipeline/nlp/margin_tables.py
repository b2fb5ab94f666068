"""The word segmenter's tables by margins: how much better a token goes on with a word than begins one.

A margin is one number where the exact tables have two, and may be summed in any order, so all templates that look at
the same thing from the same distance are one. Sums of margins are right but for roundings: `viterbi.DOUBT`.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.nlp.segmenter_tables import (
    AS_IS,
    DICTIONARIES,
    DIGIT,
    IN_DICTIONARY,
    LOWER,
    RUNS,
    TITLE,
    TITLES,
    family_of,
    looks_at,
)
from pipeline.nlp.tables import Tables
from pipeline.nlp.templates import Template

Margins = NDArray[np.float64]
Weights = NDArray[np.complex128]

# the columns of a table are its templates by their first token: from the second token before to the second behind
FIRSTS = range(-2, 3)
TITLE_RUNS = "titles"
TITLE_ROWS = 4  # no, before, after, yes


def margin_tables(exact: Tables, templates: Sequence[Template]) -> Tables:
    """Return margins from the tables of `segmenter_tables`.

    "as_is" and "lower" by the number of a syllable, "flags" by 2 * title case + digit, "edges" by BEFORE and AFTER, all
    with the columns of FIRSTS. RUNS by `ngrams` row, with what is said of the dictionary in those in small letters;
    TITLE_RUNS by TITLE_ROWS * row of the pair + row of the triple; their columns are in "….firsts".
    """
    arrays: dict[str, NDArray[Any]] = {}
    arrays |= _single(exact, [template for template in templates if template.width == 1])
    of_family: dict[str, list[Template]] = {}
    for template in templates:
        of_family.setdefault(family_of(template), []).append(template)
    for name, (width, lowered) in RUNS.items():
        in_dictionary = exact.arrays[f"{name}.in_dictionary"]
        margins = np.zeros((len(in_dictionary), len(FIRSTS)))
        own = _by_row(exact, name, of_family)
        margins[: len(own)] += own
        if lowered:
            margins += _by_row(exact, DICTIONARIES[width], of_family)[in_dictionary]
        arrays |= _with_firsts(name, margins)
    pairs, triples = (_by_row(exact, name, of_family) for name in TITLES.values())
    rows = product(range(TITLE_ROWS), repeat=2)
    arrays |= _with_firsts(TITLE_RUNS, np.array([pairs[pair] + triples[triple] for pair, triple in rows]))
    return Tables(arrays, {})


def _with_firsts(name: str, margins: Margins) -> dict[str, NDArray[Any]]:
    """Leave out the columns of which no template says anything."""
    used = np.flatnonzero(margins.any(axis=0))
    return {name: np.ascontiguousarray(margins[:, used]), f"{name}.firsts": used + FIRSTS.start}


def _single(exact: Tables, templates: Sequence[Template]) -> dict[str, Margins]:
    in_dictionary = exact.arrays["single.in_dictionary"].astype(np.int64)
    texts, others = iter(exact.arrays["single.by_token"]), iter(exact.arrays["single.flags"])
    arrays = {name: np.zeros((len(in_dictionary), len(FIRSTS))) for name in (AS_IS, LOWER)}
    arrays |= {"flags": np.zeros((4, len(FIRSTS))), "edges": np.zeros((2, len(FIRSTS)))}
    for template, edges in zip(templates, exact.arrays["single.edges"], strict=True):
        column, looked = FIRSTS.index(template.first), looks_at(template)
        margins = _margins(next(texts if looked in (AS_IS, LOWER) else others))
        arrays["edges"][:, column] += _margins(edges)
        if looked in (AS_IS, LOWER):
            arrays[looked][:, column] += margins
        elif looked == IN_DICTIONARY:
            arrays[LOWER][:, column] += margins[in_dictionary]
        elif looked == TITLE:
            arrays["flags"][:, column] += margins[[0, 0, 1, 1]]
        elif looked == DIGIT:
            arrays["flags"][:, column] += margins[[0, 1, 0, 1]]
    return arrays


def _by_row(exact: Tables, family: str, of_family: dict[str, list[Template]]) -> Margins:
    """Return the margins of a family of runs by row."""
    weights = exact.arrays[f"{family}.weights"]
    margins = np.zeros((weights.shape[1], len(FIRSTS)))
    for template, own in zip(of_family.get(family, []), weights, strict=True):
        margins[:, FIRSTS.index(template.first)] += _margins(own)
    return margins


def _margins(weights: Weights) -> Margins:
    margins: Margins = weights.imag - weights.real
    return margins
