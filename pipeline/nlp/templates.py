"""Feature templates as underthesea writes them: "T[-1,0].lower" is the words before and here, joined, lower-cased."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import repeat

import numpy as np
from numpy.typing import NDArray

from pipeline.nlp.crfsuite import Model, ModelNotRead

_WRITTEN = re.compile(r"T\[(-?\d+)(?:,(-?\d+))?\](?:\[(\d+)\])?(?:\.(\w+))?")
BEFORE, AFTER = "BOS", "EOS"  # the value of a template that reaches before the first or behind the last word


@dataclass(frozen=True, slots=True)
class Template:
    """A feature: `width` words from `first` on (0 is here), of one column, joined by spaces, through a function."""

    name: str
    first: int
    width: int
    column: int
    function: str | None


def parse(name: str) -> Template:
    """Return a template from its written form.

    Raises:
        ModelNotRead: a form that underthesea 9 does not use.
    """
    match = _WRITTEN.fullmatch(name)
    if match is None:
        raise ModelNotRead(f"underthesea has a feature template {name!r} that is not understood")
    first, last, column, function = match.groups()
    width = int(last) - int(first) + 1 if last else 1
    return Template(name, int(first), width, int(column or 0), function)


def rows_of(model: Model, templates: Sequence[Template], texts: Sequence[str]) -> NDArray[np.int32]:
    """Return the model's rows by template and text, both in their order; 0 where the model knows nothing."""
    rows = np.zeros((len(templates), len(texts)), np.int32)
    for own, template in zip(rows, templates, strict=True):
        own[:] = np.fromiter(map(model.rows.get(template.name, {}).get, texts, repeat(0)), np.int32, len(texts))
    return rows


def known_values(model: Model, templates: Iterable[Template]) -> list[str]:
    """Return the texts of which the model knows one of these features, sorted. BOS and EOS are left out."""
    return sorted(set[str]().union(*(model.rows.get(template.name, {}) for template in templates)) - {BEFORE, AFTER})
