"""What the words around a number say: that it is a label, a date, an ordinal, an anniversary, and no figure."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from pipeline.figures.calendar_numbers import anniversary, numbered_term, part_of_date, part_of_day, period, year
from pipeline.figures.in_place import Reading
from pipeline.figures.labels import account, label, named, quoted_or_glued, soft_label
from pipeline.figures.lexicon import UnitLexicon

Rule = Callable[[Reading, UnitLexicon], str | None]

# what a rule is about: any number, a plain one, or one with a unit that time or amounts ("12 g") are given in
ANY, PLAIN, TIMED = "any", "plain", "timed"
# the first that refuses says why
RULES: Final[tuple[tuple[Rule, str], ...]] = (
    (quoted_or_glued, ANY),
    (account, ANY),
    (anniversary, TIMED),
    (part_of_date, PLAIN),
    (part_of_day, TIMED),
    (period, TIMED),
    (numbered_term, ANY),
    (label, PLAIN),
    (soft_label, PLAIN),
    (year, PLAIN),
    (named, ANY),
)
RULES_OF: Final[dict[tuple[bool, bool], tuple[Rule, ...]]] = {
    (plain, timed): tuple(rule for rule, about in RULES if about == ANY or (plain if about == PLAIN else timed))
    for plain in (False, True)
    for timed in (False, True)
}


def refusal(reading: Reading, lexicon: UnitLexicon) -> str | None:
    """Return why a number is no figure by the words around it, None if they don't say so."""
    for rule in RULES_OF[reading.plain, reading.unit_is("duration", "measure")]:
        if reason := rule(reading, lexicon):
            return reason
    return None
