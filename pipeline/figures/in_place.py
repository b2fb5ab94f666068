"""A number in its place in a sentence, and what the rules that may refuse it ask about the words around it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Final, Literal, NamedTuple, get_args

from pipeline.figures.lexicon import UnitLexicon
from pipeline.figures.units import Unit
from pipeline.figures.words import Word

OPENING_QUOTES: Final = frozenset("\"“‘'«")
DASHES: Final = frozenset("-–—~÷")
FIRST_YEAR, LAST_YEAR = 1500, 2100  # a bare whole number between them is read as a year
YEAR_DIGITS: Final = 4
# plain: one undotted whole number; timed: with a unit that time is given in (hours in grams: "12 g khuya"); counted:
# not with a unit of its own; glued: to the word before or after it; labelled: a sign, a number, "số" or a phrase of the
# lists of refusing words stands before it
Fact = Literal["plain", "timed", "counted", "glued", "labelled"]
FACTS: Final[tuple[Fact, ...]] = get_args(Fact)
TIMED: Final = frozenset({"duration", "measure"})
NUMBERED: Final = "số"
PRICED: Final = frozenset({"money", "percent", "measure"})


class Reading(NamedTuple):
    """A number read in its place: words[start:end] is the amount, `unit` what follows it if anything does.

    `plain` says that the amount is one undotted whole number without a scale word, `before` is the word before it,
    folded, and `labels` are the lists of refusing words that have a phrase before it, each with its length in words.
    """

    words: Sequence[Word]
    start: int
    end: int
    value: Decimal
    plain: bool
    unit: Unit | None
    before: str
    labels: Mapping[str, int]

    @property
    def after(self) -> str:
        """The word after amount and unit, folded."""
        at = self.unit.end if self.unit else self.end
        return self.words[at].folded if at < len(self.words) else ""

    @property
    def leading_zero(self) -> bool:
        return self.words[self.start].text.startswith("0")

    def facts(self) -> tuple[bool, ...]:
        """Return which of FACTS are true of the number, in their order."""
        kind = None if self.unit is None else self.unit.kind
        glued_before = self.start > 0 and not self.words[self.start - 1].space
        glued_after = self.end < len(self.words) and not self.words[self.end - 1].space
        labelled = bool(self.labels) or (self.start > 0 and not self._after_a_word())
        return self.plain, kind in TIMED, kind not in PRICED, glued_before or glued_after, labelled

    def _after_a_word(self) -> bool:
        return self.before != NUMBERED and self.words[self.start - 1].kind == "word"

    def unit_is(self, *kinds: str) -> bool:
        return self.unit is not None and self.unit.kind in kinds


def in_place(
    words: Sequence[Word], start: int, end: int, value: Decimal, plain: bool, unit: Unit | None, lexicon: UnitLexicon
) -> Reading:
    """Return a number with what stands before it."""
    before = words[start - 1].folded if start else ""
    return Reading(words, start, end, value, plain, unit, before, lexicon.labels.before(words, start))


def year_like(word: Word) -> bool:
    """Whether a word is a bare number between 1500 and 2100."""
    return (
        word.kind == "number"
        and len(word.text) == YEAR_DIGITS
        and word.text.isdecimal()
        and FIRST_YEAR <= int(word.text) <= LAST_YEAR
    )


def digit_at(words: Sequence[Word], at: int) -> bool:
    """Whether a number, or a date or the like, stands at a place."""
    return at < len(words) and words[at].text[0].isdecimal()
