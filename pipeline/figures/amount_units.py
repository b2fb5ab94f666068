"""What an amount is of: the unit after it, the currency before it, a bare scale that is a sum by its context."""

from __future__ import annotations

from decimal import Decimal
from typing import Final, NamedTuple

from pipeline.amounts import NUMERALS, AmountNotUnderstood, parse_amount
from pipeline.figures.amount_spans import Amount, AmountReader
from pipeline.figures.in_place import OPENING_QUOTES
from pipeline.figures.units import Unit, read_unit, unknown_unit
from pipeline.figures.words import glued, read_words

THOUSANDS: Final = 3  # decimals that look like a group of thousands
HUNDRED: Final = Decimal(100)
TENS: Final = frozenset({"mười", "mươi"})
RUPEES: Final = "rs"
CODE_LETTERS: Final = 3  # of an ISO 4217 code
CENT_WORDS: Final = 3  # of the number of coins: "bốn mươi hai"
SPLIT_UNITS: Final = frozenset({"m", "kg", "km"})  # "1m65", "3kg5"
BILLION_WORDS: Final = frozenset({"tỉ", "tỷ"})
MONEY_CONTEXT_WORDS: Final = 8  # words back in which "tiền", "hỗ trợ", … make a bare "5 triệu" a sum
MEAN_WORDS: Final = 6  # back from a number to "bình quân"
CURRENCY_MARKS: Final = frozenset({"$", "€", "£"})


class Currency(NamedTuple):
    """A currency, ISO 4217, that is written before its number: it starts at words[start]."""

    code: str
    start: int


class UnitReader(AmountReader):
    """Reads what amounts are of."""

    def _unit_after(self, amount: Amount) -> Unit | None:
        if before := self._currency_before(amount.start):
            return Unit("money", before.code, amount.end)
        at = amount.end
        if at < len(self.words) and self.words[at].kind != "word":
            at = self._after_spelling(amount)
            if named := self._movement_at(at):
                return Unit("count", named, amount.end)
        unit = read_unit(self.words, at, self.lexicon)
        if unit is None and self._takes_noun(amount.start):
            unit = unknown_unit(self.words, at, self.lexicon.function_words)
        return self._as_money(amount, unit)

    def _after_spelling(self, amount: Amount) -> int:
        """Return where the unit starts: after what spells the amount out, "12 (mười hai) tháng", or its bracket."""
        at = amount.end
        following = self._mark(at)
        if following == ")" and self._spelled_before_bracket(amount.start):
            return at + 1
        if following == "(" and self._word(at + 1) in NUMERALS:
            closing = next((i for i in range(at + 1, min(at + 6, len(self.words))) if self._mark(i) == ")"), None)
            return at if closing is None else closing + 1
        return at

    def _takes_noun(self, start: int) -> bool:
        """Whether what stands before a number says that what follows is counted: "đối với 7 …"."""
        start -= self.lexicon.hedges.before(self.words, start)
        return self._word(start - 1) in self.lexicon.neighbours["takes_noun"]

    def _movement_at(self, at: int) -> str | None:
        """Return the movement's name that is counted: "trao 750 “Túi An sinh Công đoàn”"."""
        if at >= len(self.words):
            return None
        at += self.words[at].text in OPENING_QUOTES
        return self.words[at].text if at < len(self.words) and self.words[at].kind == "name" else None

    def _currency_before(self, start: int) -> Currency | None:
        """Return the currency written before a number: "$25.000", "VND1000", "EUR 20", "Rs. 20"."""
        at = start - 1
        if at < 0:
            return None
        if self.words[at].text == "." and self._word(at - 1) == RUPEES and glued(self.words, at):
            at -= 1
        code = self.lexicon.currencies.get(self.words[at].folded)
        if code is None or (self._number(at - 1) and not glued(self.words, start)):
            return None
        word = self._word(at)
        coded = word == RUPEES or (len(word) == CODE_LETTERS and self.words[at].text.isupper())
        marked = self._mark(at) in CURRENCY_MARKS and not self._number(at - 1)
        return Currency(code, at) if marked or coded or (word and glued(self.words, start)) else None

    def _spelled_before_bracket(self, start: int) -> bool:
        return self._mark(start - 1) == "(" and self._word(start - 2) in NUMERALS

    def _as_money(self, amount: Amount, unit: Unit | None) -> Unit | None:
        """Return VND for a bare scale that is a sum: "19 tỷ", "hỗ trợ 5 triệu", "500 nghìn/suất"."""
        if not amount.scaled or (unit is not None and unit.known):
            return unit
        if self._mark(amount.end) == "/":
            return self._rate_of_bare(amount)
        bare = Unit("money", "VND", amount.end)
        if self.lexicon.money_after.at(self.words, amount.end):
            return bare
        if any(word.folded in BILLION_WORDS for word in self.words[amount.start : amount.end]):
            return bare
        if unit is not None:
            return unit
        context = self.words[max(0, amount.start - MONEY_CONTEXT_WORDS) : amount.start]
        return bare if any(word.folded in self.lexicon.money_context for word in context) else None

    def _rate_of_bare(self, amount: Amount) -> Unit | None:
        count = read_unit(self.words, amount.end + 1, self.lexicon)
        if count is None:
            return None
        per = count.name if count.per is None else f"{count.name}/{count.per}"
        return Unit("money", "VND", count.end, per=per)

    def _glued_rest(self, amount: Amount, unit: Unit) -> Decimal | None:
        """Return what "1m65", "3kg5" say after the unit, in the unit: the digits are its decimals."""
        at = unit.end
        if unit.name not in SPLIT_UNITS or unit.end != amount.end + 1 or not amount.plain or not self._number(at):
            return None
        digits = self.words[at].text
        if not glued(self.words, at) or not glued(self.words, at - 1) or not digits.isdecimal() or len(digits) > 2:
            return None
        return Decimal(digits).scaleb(-len(digits))

    def _cents(self, at: int) -> tuple[Decimal, int] | None:
        """Read the small coins after a sum of foreign money, "2 đô la và 23 xen": how many, and where they end."""
        at += self._word(at) == "và"
        end = at
        while end < at + CENT_WORDS and (self._number(end) or self._word(end) in NUMERALS or self._word(end) in TENS):
            end += 1
        if end == at or not self.lexicon.coins.at(self.words, end):
            return None
        try:
            count = parse_amount(self._written(at, end))
        except AmountNotUnderstood:
            return None
        return (count, end + 1) if count < HUNDRED else None

    def _averaged(self, start: int) -> bool:
        """Whether a mean is announced some words before: "bình quân mỗi xã đạt 17,6 tiêu chí"."""
        return any(
            self.lexicon.around["averages"].before(self.words, at) for at in range(start, start - MEAN_WORDS, -1)
        )

    def _in_parts(self, amount: Amount, unit: Unit, low: Decimal) -> bool:
        """Whether a count or a sum has decimals that it cannot have: "1,000 phần quà", "2,5 đồng".

        A price per measure has some ("1.864,44 đồng/kWh"), and so has a mean ("17,6 tiêu chí/xã").
        """
        if unit.kind not in ("count", "money"):
            return False
        decimals = self.words[amount.start].text.partition(",")[2]
        if not amount.scaled and len(decimals) == THOUSANDS:
            return True
        if unit.kind == "count":
            return low != low.to_integral_value() and not (unit.per or self._averaged(amount.start))
        if unit.name != "VND" or low == low.to_integral_value():
            return False
        return unit.per is None or "measures" not in self.lexicon.counted.at(read_words(unit.per), 0)

    def _multiple(self, amount: Amount, unit: Unit) -> bool:
        """ "gấp 1,5 lần", a multiple, from "tổ chức 3 lần", which counts occasions."""
        if unit.name != "lần":
            return False
        near = self.words[max(0, amount.start - 3) : amount.start]
        compared = any(word.folded in self.lexicon.multiple_after for word in near)
        compared = compared or self.lexicon.multiple_before.at(self.words, unit.end) > 0
        return compared or amount.value != amount.value.to_integral_value()
