"""The word segmenter's scores as underthesea sums them: bit for bit, for the few sentences that turn on a rounding."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
from numpy.typing import NDArray

from pipeline.nlp.ngrams import ROW_UNKNOWN
from pipeline.nlp.padding import AFTER, BEFORE, Padded
from pipeline.nlp.segmenter_tables import (
    AS_IS,
    DICTIONARIES,
    IN_DICTIONARY,
    LOWER,
    RUNS,
    SINGLE,
    TITLES,
    family_of,
    looks_at,
)
from pipeline.nlp.tables import Tables
from pipeline.nlp.templates import Template, parse

Numbers = NDArray[np.int64]
Weights = NDArray[np.complex128]


class ExactScores:
    """Both labels' scores of each token: the first label's are the real part, the second's the imaginary."""

    def __init__(self, tables: Tables) -> None:
        """Make it from `segmenter_tables`."""
        self._templates = [parse(name) for name in tables.texts["templates"]]
        self._single = tables.under(SINGLE).arrays
        families = (*RUNS, *TITLES.values(), *DICTIONARIES.values())
        self._weights = {name: tables.arrays[f"{name}.weights"] for name in families}
        self._in_dictionary = {name: tables.arrays[f"{name}.in_dictionary"] for name in RUNS}
        self._plan = list(_plan(self._templates))

    def of(self, padded: Padded, columns: dict[str, Numbers], runs: dict[str, Numbers], padding: int) -> Weights:
        """Return the weights of each token's features, added in the order of the templates.

        Args:
            columns: by AS_IS, LOWER, DIGIT and TITLE what each padded place is.
            runs: by family the `ngrams` row of the run from each padded place on.
        """
        rows = dict(runs)
        for name, (width, lowered) in RUNS.items():
            if lowered:
                rows[DICTIONARIES[width]] = self._in_dictionary[name][runs[name]]
                rows[name] = np.where(runs[name] < self._weights[name].shape[1], runs[name], ROW_UNKNOWN)
        taken = {name: weights.take(rows[name], axis=1) for name, weights in self._weights.items()}
        taken[SINGLE] = np.array(list(self._single_weights(padded, columns)))
        size = len(padded.words) - 2 * padding
        total = np.zeros(size, np.complex128)
        for family, place, first in self._plan:
            total += taken[family][place, padding + first : padding + first + size]
        return total[padded.at - padding]

    def _single_weights(self, padded: Padded, columns: dict[str, Numbers]) -> Iterator[Weights]:
        """Yield the weights of each template of one token, for each padded place."""
        looked_at = {**columns, IN_DICTIONARY: self._single["in_dictionary"][columns[LOWER]].astype(np.int64)}
        texts, others = iter(self._single["by_token"]), iter(self._single["flags"])
        single = [looks_at(template) for template in self._templates if template.width == 1]
        for looked, edges in zip(single, self._single["edges"], strict=True):
            weights: Weights = next(texts if looked in (AS_IS, LOWER) else others)[looked_at[looked]]
            weights[padded.before], weights[padded.after] = edges[BEFORE], edges[AFTER]
            yield weights


def _plan(templates: Iterable[Template]) -> Iterator[tuple[str, int, int]]:
    """Yield for each template its family, its place among that family's weights, and the first token it looks at."""
    taken: dict[str, int] = {}
    for template in templates:
        family = family_of(template)
        place = taken[family] = taken.get(family, -1) + 1
        yield family, place, template.first
