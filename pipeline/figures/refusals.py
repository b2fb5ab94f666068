"""What the words around a number say: that it is a label, a date, an ordinal, an anniversary, and no figure."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from pipeline.figures.calendar_numbers import anniversary, numbered_term, part_of_date, part_of_day, period, year
from pipeline.figures.in_place import Reading
from pipeline.figures.labels import account, label, named, quoted_or_glued, soft_label
from pipeline.figures.lexicon import UnitLexicon

# the first that refuses says why
RULES: Final[tuple[Callable[[Reading, UnitLexicon], str | None], ...]] = (
    quoted_or_glued,
    account,
    anniversary,
    part_of_date,
    part_of_day,
    period,
    numbered_term,
    label,
    soft_label,
    year,
    named,
)


def refusal(reading: Reading, lexicon: UnitLexicon) -> str | None:
    """Return why a number is no figure by the words around it, None if they don't say so."""
    return next((reason for rule in RULES if (reason := rule(reading, lexicon))), None)
