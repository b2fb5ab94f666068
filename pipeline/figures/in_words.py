"""Amounts in words: numerals that are spelled out and count something, and vague ones ("hàng nghìn công nhân")."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import cache
from typing import Final

from pipeline.amounts import COMMA, HALF, NUMERALS, SCALES, ZERO_TENS, AmountNotUnderstood, parse_amount
from pipeline.figures.amount_spans import Amount
from pipeline.figures.bounds import read_bound
from pipeline.figures.lexicon import UnitLexicon, unit_lexicon
from pipeline.figures.reading import NumberReader, Quantity
from pipeline.figures.visible import Names, visible_words
from pipeline.records import Movement, Sentence, WordedAmount

LONGEST_NUMERAL: Final = 16  # words; "chín trăm chín mươi chín triệu …" down to the units of thousands
NEVER_FIRST: Final = frozenset({"không", "mốt", "lăm", "nhăm", "tư", "bẩy"})  # not, mode, advise, …: no numerals alone
OPENING: Final = (frozenset(NUMERALS) | {"mười"}) - NEVER_FIRST
NUMERAL_WORDS: Final = frozenset(NUMERALS) | frozenset(SCALES) - {"k", "tr"} | ZERO_TENS | {"mười", HALF, COMMA}
LABELS: Final = 100  # below it a numeral may name one of several: "tổ hai", "lần thứ mười hai"
VAGUE_SCALES: Final = frozenset(SCALES) - {"k", "tr", "mươi"}
PARTS: Final = "phần"  # "hai phần ba", but "ba mươi phần trăm"


def amounts_in_words(
    text: str, sentences: Sequence[Sentence], movements: Sequence[Movement]
) -> tuple[WordedAmount, ...]:
    """Return the amounts in words of a text that count or measure something, in reading order, not overlapping.

    "Một" alone is an article more often than a number and is left out, as are numerals with nothing to count.
    """
    return worded_amounts(text, sentences, Names(movements))


def worded_amounts(text: str, sentences: Sequence[Sentence], names: Names) -> tuple[WordedAmount, ...]:
    """Return what `amounts_in_words` does, by the names of a text's movements."""
    lexicon = unit_lexicon()
    return tuple(
        amount
        for sentence in sentences
        if not NUMERAL_WORDS.isdisjoint(sentence.text.casefold().split())
        for amount in _of_sentence(text, sentence, names, lexicon)
    )


def _of_sentence(text: str, sentence: Sentence, names: Names, lexicon: UnitLexicon) -> Iterator[WordedAmount]:
    line, _ = visible_words(text, sentence, names)
    for quantity, vague in WordedReader(line, lexicon).amounts():
        if quantity.kind is None or quantity.unit is None:
            continue
        start, end = line.start(quantity.start), line.end(quantity.end)
        bound, bound_kind = read_bound(line.words, quantity.start, quantity.end, lexicon)
        yield WordedAmount(
            surface=text[start:end],
            start=start,
            end=end,
            value=float(quantity.value),
            kind=quantity.kind,
            unit=quantity.unit,
            bound=bound,
            bound_kind="about" if vague else bound_kind,
            denominator=None if quantity.denominator is None else float(quantity.denominator),
            vague=vague,
            sentence=sentence.number,
        )


@cache
def _openers() -> frozenset[str]:
    """Return the words that any amount in words begins with, folded."""
    return OPENING | unit_lexicon().vague_openers


class WordedReader(NumberReader):
    """Reads numerals as NumberReader reads digits: what follows is the unit, what stands around may refuse them."""

    def amounts(self) -> Iterator[tuple[Quantity, bool]]:
        """Yield each amount in words with its unit, and whether it is vague."""
        done = 0
        openers = _openers()
        for at in [at for at, word in enumerate(self.words) if word.folded in openers]:
            if at < done:
                continue
            vague = self._vague(at)
            amount = vague or self._spelled_out(at)
            if amount is None:
                continue
            found = self._fraction(amount) or self._with_unit(amount)
            done = amount.end
            if isinstance(found, Quantity) and self._is_known(found):
                yield found, vague is not None
                done = found.end

    def _vague(self, at: int) -> Amount | None:
        """Read "hàng trăm triệu", "vài chục": the scale words after a word that leaves their number open."""
        count = self.lexicon.vague.at(self.words, at)
        if not count or self._word(at - 1) in self.lexicon.not_vague_after:
            return None
        end = at + count
        while self._word(end) in VAGUE_SCALES:
            end += 1
        if end == at + count:
            return None
        try:
            value = parse_amount(f"một {self._written(at + count, end)}")
        except AmountNotUnderstood:
            return None
        return Amount(at, end, value, Decimal(1), value, plain=False)

    def _spelled_out(self, at: int, opening: frozenset[str] = OPENING) -> Amount | None:
        """Read the longest numeral that starts here: "một trăm hai mươi lăm", "hai triệu rưỡi"."""
        if self._word(at) not in opening or self._word(at - 1) in NUMERAL_WORDS or self._number(at - 1):
            return None
        if self.words[at].text[0].isupper() and at and self._capital(at + 1):
            return None  # a name: "Hai Bà Trưng"
        end = at + 1
        while end - at < LONGEST_NUMERAL and self._word(end) in NUMERAL_WORDS:
            end += 1
        for stop in range(end, at, -1):
            if stop == at + 1 and not self._counts_alone(at):
                return None
            try:
                value = parse_amount(self._written(at, stop))
            except AmountNotUnderstood:
                continue
            return Amount(at, stop, value, Decimal(1), None, plain=value < LABELS)
        return None

    def _counts_alone(self, at: int) -> bool:
        """Whether a numeral of one word is one: "năm" is the year, "một" an article, "ba mẹ" are parents."""
        word = self._word(at)
        if word == "năm":
            return self._word(at + 1) == "năm"
        return word != "một" and not self.lexicon.no_numerals.at(self.words, at)

    def _fraction(self, amount: Amount) -> Quantity | None:
        """Read "hai phần ba [số] công nhân"."""
        if self._word(amount.end) != PARTS:
            return None
        denominator = self._spelled_out(amount.end + 1, OPENING | {"tư"})
        if denominator is None or denominator.value in (100, 1000):
            return None
        over = denominator._replace(end=denominator.end + (self._word(denominator.end) == "số"))
        unit = self._unit_after(over)
        if unit is None or not unit.known or amount.value >= denominator.value:
            return None
        return Quantity(amount.start, unit.end, amount.value, None, denominator.value, "ratio", unit.name)

    def _is_known(self, found: Quantity) -> bool:
        """Whether the unit is one that the lexicon has: a numeral before an unknown word may be anything."""
        return found.kind is not None and (found.kind != "count" or found.known)

    def _capital(self, at: int) -> bool:
        return at < len(self.words) and self.words[at].text[0].isupper() and not self.words[at].text.isupper()
