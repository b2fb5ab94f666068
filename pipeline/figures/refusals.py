"""What the words around a number say: that it is a label, a date, an ordinal, an anniversary, and no figure."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from typing import Final

from pipeline.figures.calendar_numbers import anniversary, numbered_term, part_of_date, part_of_day, period, year
from pipeline.figures.in_place import FACTS, Fact, Reading
from pipeline.figures.labels import account, label, named, quoted_or_glued, soft_label, torn
from pipeline.figures.lexicon import UnitLexicon

Rule = Callable[[Reading, UnitLexicon], str | None]

# the first that refuses says why; each is asked only about the numbers of which all these facts are true
RULES: Final[tuple[tuple[Rule, frozenset[Fact]], ...]] = (
    (quoted_or_glued, frozenset({"glued"})),
    (torn, frozenset({"labelled"})),
    (account, frozenset({"labelled"})),
    (anniversary, frozenset({"timed"})),
    (part_of_date, frozenset({"plain"})),
    (part_of_day, frozenset({"timed"})),
    (period, frozenset({"timed"})),
    (numbered_term, frozenset({"counted"})),
    (label, frozenset({"plain", "counted", "labelled"})),
    (soft_label, frozenset({"plain", "counted"})),
    (year, frozenset({"plain", "counted"})),
    (named, frozenset()),
)
RULES_OF: Final[dict[tuple[bool, ...], tuple[Rule, ...]]] = {
    facts: tuple(
        rule for rule, about in RULES if about <= {name for name, holds in zip(FACTS, facts, strict=True) if holds}
    )
    for facts in product((False, True), repeat=len(FACTS))
}


def refusal(reading: Reading, lexicon: UnitLexicon) -> str | None:
    """Return why a number is no figure by the words around it, None if they don't say so."""
    for rule in RULES_OF[reading.facts()]:
        if reason := rule(reading, lexicon):
            return reason
    return None
