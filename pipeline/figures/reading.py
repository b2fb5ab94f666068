"""Read the numbers of one sentence: amounts with scale words, ranges and ratios, each with its unit or its refusal."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Final, NamedTuple

from pipeline.amounts import AmountNotUnderstood, parse_amount
from pipeline.figures.amount_spans import Amount, Refused
from pipeline.figures.amount_units import HUNDRED, UnitReader
from pipeline.figures.in_place import DASHES, in_place, year_like
from pipeline.figures.refusals import refusal
from pipeline.figures.units import Unit, read_unit
from pipeline.figures.words import glued, printed
from pipeline.records import FigureKind

OF_ALL: Final = frozenset({("số",), ("tổng", "số")})  # "2/3 số công nhân", "1/3 tổng số lao động"
OTHER_SCRIPT: Final = "other script"
UP_TO: Final = frozenset({"đến", "tới"})
SEPARATORS: Final = DASHES | UP_TO | {"và"}
MAX_SCALED: Final = Decimal(1000)  # "900 - 2 triệu" has no shared scale; "600.000 - 1 triệu" needs none


class Quantity(NamedTuple):
    """A number that may be a figure: words[start:end] with its unit; kind None when nothing says what it counts.

    `known` is False when it counts a noun that the lexicon does not have, `scaled` True when scale words are written.
    """

    start: int
    end: int
    value: Decimal
    high: Decimal | None
    denominator: Decimal | None = None
    kind: FigureKind | None = None
    unit: str | None = None
    per: str | None = None
    known: bool = True
    scaled: bool = False


class NumberReader(UnitReader):
    """Reads the numbers of one sentence from left to right, each with its unit."""

    def read(self) -> Iterator[Quantity | Refused]:
        """Yield every number of the sentence once, as part of a quantity or refused with a reason."""
        done = 0
        for at in self.numbers:
            if at >= done:
                found = self._read_at(at)
                yield found
                done = found.end

    def _read_at(self, at: int) -> Quantity | Refused:
        if self.words[at].kind == "foreign":
            return Refused(at, at + 1, OTHER_SCRIPT)
        if at < 2 and self._list_number(at):
            return Refused(at, at + 1, "list number")
        if self._number(at + 2) and self._mark(at + 1) == "/":
            return self._ratio(at)
        amount = self._amount(at)
        if isinstance(amount, Refused):
            return amount
        return self._with_unit(amount)

    def _with_unit(self, amount: Amount) -> Quantity | Refused:
        """Return an amount with its unit, and the second one where both make a range."""
        unit = self._unit_after(amount)
        return self._range(amount, unit) or self._judged(amount, unit, amount.value, None)

    def _judged(
        self, amount: Amount, unit: Unit | None, low: Decimal, high: Decimal | None, end: int | None = None
    ) -> Quantity | Refused:
        """Return the quantity unless the words around it refuse it."""
        end = amount.end if end is None else end
        reading = in_place(self.words, amount.start, end, amount.value, amount.plain, unit, self.lexicon)
        reason = refusal(reading, self.lexicon)
        if unit is None:
            return (
                Refused(amount.start, end, reason)
                if reason
                else Quantity(amount.start, end, low, high, scaled=amount.scaled)
            )
        multiple = self._multiple(amount, unit)
        if reason is None and not multiple and self._in_parts(amount, unit, low):
            reason = "separators"  # nobody counts 1,250 people or pays 2,500 đồng: an English thousand, or a misprint
        if reason is not None:
            return Refused(amount.start, unit.end if unit.kind == "duration" else end, reason)
        if (rest := self._glued_rest(amount, unit)) is not None:
            low, end = low + rest, end + 2
        if unit.name in self.lexicon.cents and high is None and (cents := self._cents(unit.end)) is not None:
            low, end = low + cents[0] / HUNDRED, cents[1]
        before = self._currency_before(amount.start) if unit.kind == "money" else None
        start = before.start if before else amount.start
        kind: FigureKind = "ratio" if multiple else unit.kind
        bracketed = self._mark(end) == ")"
        surface_end = end if bracketed else max(end, unit.end if unit.surface_end is None else unit.surface_end)
        return Quantity(start, surface_end, low, high, None, kind, unit.name, unit.per, unit.known, amount.scaled)

    def _between(self, start: int) -> bool:
        """Whether "giữa" before an amount makes "và" after it the middle of a range: "giữa 1.000 và 2.000 đồng"."""
        return self._word(start - 1) == "giữa"

    def _range(self, low: Amount, low_unit: Unit | None) -> Quantity | Refused | None:
        """Read "1–3 triệu đồng", "5%-15%", "từ 10 đến 15 người"; None if no second number follows."""
        own_end = low.end if low_unit is None else max(low.end, low_unit.end)
        if not (self._may_separate(low.end) or self._may_separate(own_end)):
            return None
        between = self._between(low.start)
        own_unit = None if self._separator(low.end, between=between) else low_unit
        at = low.end if own_unit is None else own_end
        separator = self._separator(at, between=between)
        second = at + 1 + self.lexicon.hedges.at(self.words, at + 1)  # "từ 7 đến trên 10 triệu đồng"
        second += self._word(second) in self.lexicon.currencies and glued(self.words, second + 1)
        if separator is None or not self._number(second):
            return None
        high = self._amount(second)
        if isinstance(high, Refused):
            return Refused(low.start, high.end, "separators")
        high_unit = self._unit_after(high)
        if own_unit is not None and not self._may_end(low, own_unit, high_unit, separator):
            return None
        return self._joined(low, high, own_unit, high_unit, separator)

    def _may_end(self, low: Amount, unit: Unit, high_unit: Unit | None, separator: str) -> bool:
        """Whether a second number may end a range that began with a unit of its own: "từ 5 người đến 10 người"."""
        if high_unit is not None and not _same_unit(unit, high_unit):
            return False
        return unit.kind != "count" or (separator != "-" and self._word(low.start - 1) in {"từ", "giữa"})

    def _joined(
        self, low: Amount, high: Amount, low_unit: Unit | None, high_unit: Unit | None, separator: str
    ) -> Quantity | Refused | None:
        unit = high_unit or (low_unit._replace(end=high.end, surface_end=None) if low_unit else None)
        dashed = separator == "-"
        if self._dated(low, high, dashed, unit):
            return Refused(low.start, high.end, "date" if not year_like(self.words[low.start]) else "period")
        value = _low_end(low, high, low_unit is not None)
        if unit is None and high.scaled:
            unit = Unit("money", "VND", high.end)
        if value is None or value >= high.value:
            if low_unit is not None:
                return None
            if dashed:
                return Refused(low.start, high.end, "date")
            # "từ 20 đến 5 người": a digit is missing, or too many
            return Refused(low.start, high.end, "separators") if self._word(low.start - 1) == "từ" else None
        if unit is None:
            return Refused(low.start, high.end, "separators")
        return self._judged(low._replace(plain=low.plain and high.plain), unit, value, high.value, high.end)

    def _dated(self, low: Amount, high: Amount, dashed: bool, unit: Unit | None) -> bool:
        if year_like(self.words[low.start]) and year_like(self.words[high.start]) and low.plain and high.plain:
            return True
        small = low.plain and high.plain and low.value <= 31 and high.value <= 12
        return dashed and small and (self._word(low.start - 1) in self.lexicon.neighbours["days"] or unit is None)

    def _ratio(self, at: int) -> Quantity | Refused:
        """Read "14/19 tiêu chí"; refuse what may be a date ("31/10"), a class ("thương binh 2/4") or a map scale."""
        end = at + 3
        if self._mark(end) == "/" and self._number(end + 1):
            return Refused(at, end + 2, "date")
        try:
            numerator, denominator = parse_amount(self.words[at].text), parse_amount(self.words[at + 2].text)
        except AmountNotUnderstood:
            return Refused(at, end, "separators")
        counted = end + self._word_count(end, OF_ALL)
        fraction = numerator < denominator and self._fraction_before(at)
        unit = read_unit(self.words, counted, self.lexicon)
        if unit is None or not (unit.kind == "count" or unit.name == "điểm") or not (unit.known or fraction):
            unit = self._unit_before_bracket(at, end)
        plain = Amount(at, end, numerator, numerator, Decimal(1), plain=True)
        reading = in_place(self.words, at, end, numerator, True, unit, self.lexicon)
        share = fraction or (counted > end and unit is not None and numerator < denominator)  # "2/3 số công nhân"
        reason = refusal(reading, self.lexicon) or (None if share else self._no_ratio(plain, denominator, unit))
        if reason:
            return Refused(at, end, reason)
        name, per, surface_end = (unit.name, unit.per, max(end, unit.end)) if unit else (None, None, end)
        return Quantity(at, surface_end, numerator, None, denominator, "ratio", name, per)

    def _fraction_before(self, at: int) -> bool:
        """Whether what stands before "1/3" makes a share of it: "chiếm gần 1/3"."""
        return self.lexicon.around["fractions"].before(self.words, at) > 0

    def _unit_before_bracket(self, at: int, end: int) -> Unit | None:
        """Return the noun that a ratio in brackets is of: "100% công đoàn cơ sở (25/25)"."""
        if self._mark(at - 1) != "(" or self._mark(end) != ")":
            return None
        count = self.lexicon.nouns.before(self.words, at - 1)
        return Unit("count", printed(self.words, at - 1 - count, at - 1), end) if count else None

    def _named_in_capitals(self, at: int) -> bool:
        """Whether a word with a capital that does not begin the sentence stands before a place: "Mega 6/45"."""
        return at > 1 and self.words[at - 1].kind == "word" and self.words[at - 1].text.istitle()

    def _no_ratio(self, amount: Amount, denominator: Decimal, unit: Unit | None) -> str | None:
        numerator, before = amount.value, self._word(amount.start - 1)
        if numerator > denominator or denominator == 0:
            return "date"
        date_like = 0 < numerator <= 31 and denominator <= 12
        if date_like and before in self.lexicon.neighbours["dates"]:
            return "date"
        if unit is not None:
            return None
        if before in {"lệ", "loại", "hạng"}:
            return "name"
        if date_like and before not in {"đạt", "được"}:
            return "date"
        return "name" if self._named_in_capitals(amount.start) else None

    def _word_count(self, at: int, phrases: frozenset[tuple[str, ...]]) -> int:
        """Return how many words of the longest of the phrases stand here."""
        return max((len(phrase) for phrase in phrases if self._words(at, len(phrase)) == phrase), default=0)

    def _words(self, at: int, count: int) -> tuple[str, ...]:
        return tuple(self._word(index) for index in range(at, at + count))

    def _list_number(self, at: int) -> bool:
        """Whether the sentence starts with "1. ", "2) ", "3- ", "(4) "."""
        first = at == 0 or (at == 1 and self._mark(0) == "(")
        if (
            not first
            or not self.words[at].text.isdecimal()
            or len(self.words[at].text) > 2
            or not glued(self.words, at + 1)
        ):
            return False
        return self._mark(at + 1) in {".", ")", "-", "/"} and not self._number(at + 2) and not glued(self.words, at + 2)

    def _may_separate(self, at: int) -> bool:
        return at < len(self.words) and self.words[at].folded in SEPARATORS

    def _separator(self, at: int, *, between: bool) -> str | None:
        if self._mark(at) in DASHES:
            return "-"
        if between and self._word(at) == "và":
            return "và"
        return self._word(at) if self._word(at) in UP_TO else None


def _same_unit(low: Unit, high: Unit) -> bool:
    """Whether both ends have one unit, said in full at the second: "6 tháng đến 36 tháng tuổi"."""
    return f"{high.name} ".startswith(f"{low.name} ")


def _low_end(low: Amount, high: Amount, has_unit: bool) -> Decimal | None:
    """Return the low end with the scale that both ends share, None if it may mean two things."""
    if low.scaled or has_unit or not high.scaled:
        return low.value
    if low.value < high.number and high.scale is not None:
        return low.value * high.scale
    return low.value if low.value >= MAX_SCALED else None
