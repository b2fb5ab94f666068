"""The grammar of written Vietnamese amounts: digits, scale words, spelled-out numerals. Pure and exact."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal, localcontext
from itertools import pairwise
from typing import Final

MAX_DIGITS: Final = 48  # characters of one digit group: 30 digits, their dots, eight decimals; longer runs are noise
SHORT_DIGITS: Final = 12  # digits that are surely below 10^30 and exact in any arithmetic here
MAX_WORDS: Final = 32  # words of one amount; the longest spelled-out number below 10^30 is shorter
MAX_AMOUNT: Final = Decimal(10) ** 30  # single units; beyond it nothing that a newspaper counts
EXACT_DIGITS: Final = 200  # significant digits of the arithmetic: no accepted amount is ever rounded

SCALES: Final[dict[str, Decimal]] = {
    "chục": Decimal(10),
    "mươi": Decimal(10),
    "trăm": Decimal(100),
    "nghìn": Decimal(1_000),
    "ngàn": Decimal(1_000),
    "k": Decimal(1_000),
    "vạn": Decimal(10_000),
    "triệu": Decimal(1_000_000),
    "tr": Decimal(1_000_000),
    "tỉ": Decimal(1_000_000_000),
    "tỷ": Decimal(1_000_000_000),
}
NUMERALS: Final[dict[str, Decimal]] = {
    word: Decimal(value)
    for value, words in enumerate(
        ("không", "một mốt", "hai", "ba", "bốn tư", "năm lăm nhăm", "sáu", "bảy bẩy", "tám", "chín")
    )
    for word in words.split()
}
COMMA: Final = "phẩy"
HALF: Final = "rưỡi"
ZERO_TENS: Final = frozenset({"linh", "lẻ"})
MINUS: Final = frozenset({"-", "−", "âm"})

# Vietnamese: a dot (or one space) groups thousands, a comma opens decimals.
_DIGITS = re.compile(r"(?:[0-9]+|[1-9][0-9]{0,2}(?:\.[0-9]{3})+)(?:,[0-9]+)?")
_GLUED = re.compile(r"(?<![0-9.,])([0-9.,]+)(k|tr)")
_SPACED_GROUPS = re.compile(r"(?<![0-9.,])[1-9][0-9]{0,2}(?:[ \u00a0\u2009\u202f][0-9]{3})+(?![0-9])")


class AmountNotUnderstood(ValueError):
    """A written amount that the grammar refuses; the message says why. `too_large`: it is beyond 10^30, or endless."""

    def __init__(self, written: str, reason: str, *, too_large: bool = False) -> None:
        self.written = written
        self.reason = reason
        self.too_large = too_large
        super().__init__(f"{written[:60]!r}: {reason}")


def parse_amount(written: str) -> Decimal:
    """Return the number that a written Vietnamese amount stands for, in single units.

    A dot groups thousands and a comma opens decimals, the other way round from
    English: "1.250" is one thousand two hundred and fifty.

    Args:
        written: digits, scale words or numerals, NFC: "696.948", "232,3", "01 triệu",
            "4,5 nghìn tỉ", "24 tỷ 675 triệu", "2 tỉ rưỡi", "hai mươi mốt".

    Returns:
        An exact decimal, never in thousands or millions: "1,2 triệu" gives 1200000.

    Raises:
        AmountNotUnderstood: the separators break the rule ("1,250.5"), a word is no
            scale word or numeral, a part may mean two things ("1 triệu 200"), or the
            amount is beyond 10^30. No English reading is tried: a wrong number is
            worse than a missing one.
    """
    words = _words(written)
    negative = bool(words) and words[0] in MINUS
    with localcontext() as exact:
        exact.prec = EXACT_DIGITS
        amount = _value(words[1:] if negative else words, written)
        if amount >= MAX_AMOUNT:
            raise AmountNotUnderstood(written, "beyond 10^30", too_large=True)
        return -amount if negative else amount


def _words(written: str) -> list[str]:
    """Split an amount into digit groups and folded words; "mười" becomes "một mươi", "93 418" one group."""
    if len(written) > MAX_DIGITS * MAX_WORDS:
        raise AmountNotUnderstood(written, f"longer than {MAX_DIGITS * MAX_WORDS} characters", too_large=True)
    joined = _SPACED_GROUPS.sub(lambda found: re.sub(r"\s", "", found.group()), written.casefold())
    words: list[str] = []
    for word in joined.split():
        if word[0] in MINUS and len(word) > 1:
            words.append(word[0])
            word = word[1:]
        if glued := _GLUED.fullmatch(word):
            words += [glued[1], glued[2]]
        elif word == "mười":
            words += ["một", "mươi"]
        else:
            words.append(word)
    if ("mươi", "năm") in pairwise(words):
        raise AmountNotUnderstood(written, "after mươi five is lăm, and năm are years")
    if any(one in SCALES and SCALES.get(one) == SCALES.get(next_one) for one, next_one in pairwise(words)):
        raise AmountNotUnderstood(written, "a scale word twice")
    if len(words) > MAX_WORDS:
        raise AmountNotUnderstood(written, f"more than {MAX_WORDS} words", too_large=True)
    return words


def _value(words: Sequence[str], written: str) -> Decimal:
    """Return the value of the words: what stands before the largest scale times that scale, plus what follows."""
    if not words:
        raise AmountNotUnderstood(written, "no number before a scale word")
    scales = [SCALES[word] for word in words if word in SCALES]
    if not scales:
        return _leaf(words, written)
    largest = max(scales)
    at = max(index for index, word in enumerate(words) if SCALES.get(word) == largest)
    if COMMA in words[:at] and largest < SCALES["nghìn"]:
        raise AmountNotUnderstood(written, "tens or hundreds after phẩy")
    count = _value(words[:at], written)
    return count * largest + _remainder(words[at + 1 :], count, largest, written)


def _leaf(words: Sequence[str], written: str) -> Decimal:
    if len(words) > 2 and words[1] == COMMA:
        return _leaf(words[:1], written) + _decimals(words[2:], written)
    if len(words) != 1:
        raise AmountNotUnderstood(written, "two numbers side by side")
    word = words[0]
    return NUMERALS[word] if word in NUMERALS else parse_digits(word)


def _decimals(words: Sequence[str], written: str) -> Decimal:
    """Return what is read out after "phẩy", digit by digit: "hai phẩy hai lăm"."""
    digits = "".join(str(NUMERALS[word]) if word in NUMERALS else word for word in words)
    if not digits.isdecimal() or not digits.isascii() or len(digits) > MAX_DIGITS:
        raise AmountNotUnderstood(written, "no digits after phẩy")
    return Decimal(digits).scaleb(-len(digits))


def parse_digits(written: str) -> Decimal:
    """Return the number of one digit group ("12.370", "221,532", "05"); refuse what breaks the separators' rule."""
    if len(written) <= SHORT_DIGITS and written.isascii() and written.isdecimal():
        return Decimal(written)
    if len(written) > MAX_DIGITS:
        raise AmountNotUnderstood(written, f"longer than {MAX_DIGITS} characters", too_large=True)
    if not _DIGITS.fullmatch(written):
        raise AmountNotUnderstood(written, "not digits grouped by dots with decimals after a comma")
    number = Decimal(written.replace(".", "").replace(",", "."))
    if number >= MAX_AMOUNT:
        raise AmountNotUnderstood(written, "beyond 10^30", too_large=True)
    return number


def _remainder(words: Sequence[str], count: Decimal, scale: Decimal, written: str) -> Decimal:
    """Return what follows a scale word: "675 triệu" after "24 tỷ", "rưỡi", "lẻ năm"; refuse a shortened one."""
    if not words:
        return Decimal(0)
    if list(words) == [HALF]:
        return scale / 2
    if count != count.to_integral_value():
        raise AmountNotUnderstood(written, "a decimal before a scale word and a further number after it")
    explicit = words[0] in ZERO_TENS or words[0] == "không"
    rest = _value(words[1:] if words[0] in ZERO_TENS else _without_empty_hundreds(words), written)
    if rest != rest.to_integral_value() or rest >= scale:
        raise AmountNotUnderstood(written, "the parts do not go down in size")
    has_scale = any(word in SCALES for word in words)
    if not explicit and _shortened(rest, scale, has_scale):
        raise AmountNotUnderstood(written, "a shortened last part may mean two things")
    return rest


def _without_empty_hundreds(words: Sequence[str]) -> Sequence[str]:
    """Drop "không trăm [linh]" and "không nghìn": a place that is spelled out as empty."""
    while len(words) > 2 and words[0] == "không" and words[1] in SCALES:
        words = words[3:] if words[2] in ZERO_TENS else words[2:]
    return words


def _shortened(rest: Decimal, scale: Decimal, has_scale: bool) -> bool:
    """Whether the part may stand for a multiple of the next scale: "1 triệu 2", "một trăm hai", "3 tỷ 200"."""
    if scale == 10:
        return False
    return rest < 10 or (scale > 1000 and not has_scale) or (scale > 1000 and rest < 1000)
