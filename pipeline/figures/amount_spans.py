"""Find the amounts among the words of a sentence: where digits, space groups and scale words begin and end."""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache
from typing import Final, NamedTuple

from pipeline.amounts import HALF, SCALES, SHORT_DIGITS, AmountNotUnderstood, parse_amount, parse_digits
from pipeline.figures.lexicon import UnitLexicon
from pipeline.figures.words import Line, glued

SCALE_WORDS: Final = frozenset(SCALES) - {"mươi", "chục"}
GLUED_SCALES: Final = frozenset({"k", "tr"})
MINUS_SIGNS: Final = frozenset({"-", "−"})
ONE: Final = Decimal(1)
LARGEST_FACTOR: Final = Decimal(10) ** 15  # "triệu tỉ": its product with short digits is exact in any arithmetic
SCALES_REMEMBERED: Final = 256  # ways to write scale words; a corpus has some dozens
LAST_DAY, LAST_MONTH = 31, 12
MAX_GROUPS: Final = 10  # of three digits after the first: beyond them the amount is beyond 10^30


class Refused(NamedTuple):
    """A number that is no figure: words[start:end] and why."""

    start: int
    end: int
    reason: str


class Amount(NamedTuple):
    """words[start:end] written as digits with scale words.

    `number` is what stands before the first scale word, `scale` what the scale words multiply it by, None in a
    pile-up; `plain` says that it is one undotted whole number.
    """

    start: int
    end: int
    value: Decimal
    number: Decimal
    scale: Decimal | None
    plain: bool

    @property
    def scaled(self) -> bool:
        return self.value is not self.number and self.value != self.number


@lru_cache(maxsize=SCALES_REMEMBERED)
def scale_of(written: str) -> Decimal:
    """Return what scale words multiply by: 10^12 for "nghìn tỉ"."""
    return parse_amount(f"1 {written}")


class AmountReader:
    """Reads amounts and looks at the words around them; a place outside the sentence holds nothing."""

    def __init__(self, line: Line, lexicon: UnitLexicon) -> None:
        self.words = line.words
        self.numbers = line.numbers
        self.lexicon = lexicon
        self._days = lexicon.neighbours["dates"]

    def _amount(self, at: int) -> Amount | Refused:
        """Read digits, space groups, scale words and their pile-ups: "93 418", "24 tỷ 675 triệu", "2 tỉ rưỡi"."""
        digits_end = self._grouped(at) if self._number(at + 1) else at + 1
        scaled = digits_end < len(self.words) and self.words[digits_end].folded in SCALE_WORDS
        end = self._scales_end(digits_end) if scaled else digits_end
        if end > digits_end and self._number(end):
            return Refused(at, end + 1, "separators")  # "1 triệu 200 người": of what scale are the 200?
        text = self.words[at].text
        written = text if digits_end == at + 1 else "".join([word.text for word in self.words[at:digits_end]])
        try:
            number = parse_digits(written)
            value, scale = (number, ONE) if end == digits_end else self._multiplied(number, at, digits_end, end)
        except AmountNotUnderstood as refusal:
            if refusal.too_large:
                return Refused(at, end, "too large")
            return Refused(at, end, "date" if self._dotted_date(at) else "separators")
        if at > 1 and self.words[at - 1].text in MINUS_SIGNS and self._signed(at):
            return Amount(at - 1, end, value.copy_negate(), number.copy_negate(), scale, plain=False)
        return Amount(at, end, value, number, scale, plain=end == at + 1 and text.isdecimal())

    def _scales_end(self, at: int) -> int:
        """Return where the scale words from a place on end, with the numbers between them and "rưỡi" after them."""
        while self._scale(at):
            at += 1
            if self._word(at) == HALF:
                return at + 1
            if self._number(at) and self._scale(at + 1):
                at += 1
        return at

    def _shared_scale(self, start: int, end: int) -> Decimal | None:
        """Return what scale words multiply by, None in a pile-up."""
        if any(word.kind == "number" or word.folded == HALF for word in self.words[start:end]):
            return None
        return scale_of(self._written(start, end))

    def _multiplied(self, number: Decimal, at: int, start: int, end: int) -> tuple[Decimal, Decimal | None]:
        """Return the value of an amount whose scale words are words[start:end], and what they multiply by."""
        scale = self._shared_scale(start, end)
        exact = scale is not None and scale <= LARGEST_FACTOR and start == at + 1
        if scale is not None and exact and len(self.words[at].text) <= SHORT_DIGITS:
            return number * scale, scale
        return parse_amount(self._written(at, end)), scale

    def _dotted_date(self, at: int) -> bool:
        """Whether "20.4" is a day, by the word before it."""
        day, dot, month = self.words[at].text.partition(".")
        if not dot or not day.isdecimal() or not month.isdecimal() or len(day) > 2 or len(month) > 2:
            return False
        return 0 < int(day) <= LAST_DAY and 0 < int(month) <= LAST_MONTH and self._word(at - 1) in self._days

    def _grouped(self, at: int) -> int:
        """Return the end of digits grouped by spaces: one to three digits, then groups of exactly three."""
        end = at + 1
        first = self.words[at].text
        if len(first) > 3 or not first.isdecimal() or first.startswith("0"):
            return end
        while self._number(end) and len(self.words[end].text) == 3 and self.words[end].text.isdecimal():
            if self.words[end - 1].space != 1 or end - at > MAX_GROUPS:
                break
            end += 1
        return at + 1 if self._number(end) else end

    def _signed(self, at: int) -> bool:
        """Whether the minus before a number is glued to it alone, and does not follow a number ("10 -15")."""
        return not self._number(at - 2) and glued(self.words, at) and not glued(self.words, at - 1)

    def _scale(self, at: int) -> bool:
        word = self.words[at].folded if at < len(self.words) else ""
        if word not in SCALE_WORDS:
            return False
        if word in GLUED_SCALES:
            return glued(self.words, at)
        return not self.lexicon.not_scales.at(self.words, at)

    def _written(self, start: int, end: int) -> str:
        return " ".join(word.text for word in self.words[start:end])

    def _number(self, at: int) -> bool:
        return 0 <= at < len(self.words) and self.words[at].kind == "number"

    def _word(self, at: int) -> str:
        return self.words[at].folded if 0 <= at < len(self.words) and self.words[at].kind == "word" else ""

    def _mark(self, at: int) -> str:
        return self.words[at].text if 0 <= at < len(self.words) and self.words[at].kind == "mark" else ""
