"""What the words around a number say: that it is a label, a date, an ordinal, an anniversary, and no figure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from pipeline.figures.lexicon import UnitLexicon
from pipeline.figures.units import Unit
from pipeline.figures.words import Word, glued

OPENING_QUOTES: Final = frozenset("\"“‘'«")
DASHES: Final = frozenset("-–—~÷")
LABEL_REASONS: Final[tuple[str, ...]] = ("ordinal", "rank", "document", "name", "address", "year")
FIRST_YEAR, LAST_YEAR = 1500, 2100  # a bare whole number between them is read as a year
CELEBRATED_WORDS: Final = 40  # back from a second anniversary to the word that celebrates the first
JOINING: Final = frozenset({"và", ",", "-", "–"})
HOURS: Final = frozenset({"giờ", "g"})
LAST_HOUR: Final = 24
LAST_DAY: Final = 31
MONTHS: Final = 13  # the last one is the thirteenth month's pay, "lương tháng 13"
LARGEST_BODY: Final = 999  # "Ban 389", "Đội 113"
ARTICLES_OF_LAW: Final = frozenset({"điều", "khoản", "mục", "điểm", "chương"})
LABEL_DIGITS: Final = 4  # a label has at most so many digits, and no dot: "Đề án 1006", but "1.006 người"


@dataclass(frozen=True, slots=True)
class Reading:
    """A number read in its place: words[start:end] is the amount, `unit` what follows it if anything does.

    `plain` says that the amount is one undotted whole number without a scale word.
    """

    words: Sequence[Word]
    start: int
    end: int
    value: Decimal
    plain: bool
    unit: Unit | None

    @property
    def before(self) -> str:
        return self.words[self.start - 1].folded if self.start else ""

    @property
    def after(self) -> str:
        """The word after amount and unit, folded."""
        at = self.unit.end if self.unit else self.end
        return self.words[at].folded if at < len(self.words) else ""

    @property
    def leading_zero(self) -> bool:
        return self.words[self.start].text.startswith("0")

    def unit_is(self, *kinds: str) -> bool:
        return self.unit is not None and self.unit.kind in kinds


def refusal(reading: Reading, lexicon: UnitLexicon) -> str | None:
    """Return why a number is no figure by the words around it, None if they don't say so."""
    rules: tuple[Callable[[Reading, UnitLexicon], str | None], ...] = (
        _quoted_or_glued,
        _account,
        _anniversary,
        _part_of_date,
        _part_of_day,
        _period,
        _label,
        _soft_label,
        _year,
        _named,
    )
    return next((reason for rule in rules if (reason := rule(reading, lexicon))), None)


def _quoted_or_glued(reading: Reading, lexicon: UnitLexicon) -> str | None:
    """Refuse “3 tại chỗ”, Z755, COVID-19, 5S: what is glued to a number and is no unit makes it a name."""
    words, start = reading.words, reading.start
    if (
        glued(words, reading.end)
        and words[reading.end].kind == "word"
        and (reading.unit is None or reading.unit_is("count"))
    ):
        return "name"
    if start == 0:
        return None
    before = words[start - 1]
    if before.text in OPENING_QUOTES and glued(words, start):
        return "name"
    if not glued(words, start):
        return None
    if before.kind == "word" and before.folded not in lexicon.money:
        return "name"
    if before.text == "/" and _after_a_count(reading, lexicon):
        return None
    if before.text in "-–_/+" and start > 1 and glued(words, start - 1) and words[start - 2].kind != "mark":
        return "name"
    if before.text in ".,'" and (start == 1 or words[start - 2].kind != "word"):
        return "separators"
    return None


def _after_a_count(reading: Reading, lexicon: UnitLexicon) -> bool:
    """Whether the slash parts two counts: "9.876 đoàn viên/10.230 CNVCLĐ"."""
    counted = reading.unit is not None and reading.unit.kind == "count" and reading.unit.known
    return counted and lexicon.nouns.before(reading.words, reading.start - 1) > 0


def _account(reading: Reading, lexicon: UnitLexicon) -> str | None:
    accounts, start = lexicon.refusals["account"], reading.start
    named = accounts.before(reading.words, start)
    if not named and reading.before in {":", ".", "số"}:
        named = accounts.before(reading.words, start - 1)
    if named and not reading.unit_is("money", "percent"):
        return "account"
    side_by_side = reading.start > 0 and reading.words[reading.start - 1].kind == "number" and reading.plain
    return "account" if side_by_side and not _year_like(reading.words[reading.start - 1]) else None


def _anniversary(reading: Reading, lexicon: UnitLexicon) -> str | None:
    if reading.unit is None or reading.unit.name.casefold() != "năm" or not reading.plain:
        return None
    words, lists = reading.words, lexicon.anniversaries
    if any(lists["celebrating"].before(words, at) for at in range(reading.start, max(0, reading.start - 4), -1)):
        return "anniversary"
    if reading.before in JOINING and _celebrated_before(reading, lexicon):
        return "anniversary"
    follows = lists["after"].at(words, reading.unit.end)
    if not follows or lists["not_after"].at(words, reading.unit.end):
        return None
    capital = words[reading.unit.end].text[0].isupper()
    marked = any(lists["before"].before(words, at) for at in range(reading.start, max(0, reading.start - 2), -1))
    return "anniversary" if capital or marked or lists["surely_after"].at(words, reading.unit.end) else None


def _celebrated_before(reading: Reading, lexicon: UnitLexicon) -> bool:
    """Whether the sentence celebrates another anniversary before: "kỷ niệm 134 năm Ngày sinh … và 55 năm thực hiện"."""
    celebrating = lexicon.anniversaries["celebrating"]
    start = max(0, reading.start - CELEBRATED_WORDS)
    return any(celebrating.at(reading.words, at) for at in range(start, reading.start))


def _part_of_date(reading: Reading, lexicon: UnitLexicon) -> str | None:
    if not reading.plain or (reading.leading_zero and reading.unit_is("money")):
        return None
    if reading.value <= LAST_DAY and reading.end < len(reading.words) and reading.words[reading.end].folded == "tết":
        return "date"  # "28 tết"
    each = reading.start > 1 and reading.words[reading.start - 2].folded in lexicon.each
    if (
        reading.before in lexicon.neighbours["days"]
        and reading.value <= LAST_DAY
        and not each
        and not reading.unit_is("money", "percent")
    ):
        return "date"
    if reading.before == "tháng" and reading.value <= MONTHS and not each and not reading.unit_is("money", "percent"):
        return "date"
    if reading.before == "năm" and not each and _year_like(reading.words[reading.start]):
        return "year"
    if reading.unit is None or reading.unit.kind != "duration":
        return None
    following = reading.words[reading.unit.end] if reading.unit.end < len(reading.words) else None
    if reading.unit.name.casefold() == "tháng" and following is not None and following.kind == "number":
        return "date"
    if (
        reading.unit.name == "năm"
        and following is not None
        and _year_like(following)
        and reading.before not in lexicon.neighbours["spans"]
    ):
        return "ordinal"
    return None


def _part_of_day(reading: Reading, lexicon: UnitLexicon) -> str | None:
    """Refuse "lúc 7 giờ", "đến 17 giờ", "8 giờ sáng", but not "kéo dài từ 3 - 4 giờ", "8 giờ/ngày"."""
    if reading.unit is None or reading.unit.name not in HOURS or reading.value > LAST_HOUR or reading.unit.per:
        return None
    if reading.unit.name == "g":
        return _hour_in_grams(reading, lexicon)
    words, near = reading.words, lexicon.neighbours
    following = words[reading.unit.end] if reading.unit.end < len(words) else None
    if near["parts_of_day"].at(words, reading.unit.end) or (following is not None and following.kind == "number"):
        return "time"
    if reading.after == "ngày" and _digit_at(words, reading.unit.end + 1):
        return "time"
    if reading.value != reading.value.to_integral_value():
        return None
    if reading.start == 0 and reading.after == ",":
        return "time"
    if words[reading.start + 1].text in DASHES:
        return None
    count = near["hours"].before(words, reading.start)
    if count:
        lasting = reading.start > count and words[reading.start - count - 1].folded in near["lasting"]
        return None if lasting else "time"
    return "time" if reading.value > 12 and reading.before in near["late_hours"] else None


def _hour_in_grams(reading: Reading, lexicon: UnitLexicon) -> str | None:
    """Refuse "12 g khuya", "đến gần 22 g": southern papers write the hour with a g."""
    start = reading.start - lexicon.hedges.before(reading.words, reading.start)
    hour = lexicon.neighbours["parts_of_day"].at(reading.words, reading.end + 1)
    return "time" if hour or lexicon.neighbours["hours"].before(reading.words, start) else None


def _digit_at(words: Sequence[Word], at: int) -> bool:
    return at < len(words) and words[at].text[0].isdecimal()


def _period(reading: Reading, lexicon: UnitLexicon) -> str | None:
    """Refuse "6 tháng đầu năm", a part of a year; "14 ngày đầu" is a span."""
    if (
        reading.unit is None
        or reading.unit.kind != "duration"
        or reading.after not in lexicon.neighbours["period_parts"]
    ):
        return None
    end = reading.unit.end + 1
    of_year = end < len(reading.words) and reading.words[end].folded == "năm"
    return "period" if of_year or reading.unit.name in {"tháng", "quý"} else None


def _label(reading: Reading, lexicon: UnitLexicon) -> str | None:
    first = reading.words[reading.start]
    if not reading.plain or len(first.text) > LABEL_DIGITS or reading.unit_is("money", "percent", "measure"):
        return None
    if lexicon.refusals["counting"].before(reading.words, reading.start):
        return None
    reasons = ("ordinal",) if reading.unit_is("duration") else LABEL_REASONS
    if reading.unit is None or not reading.unit.known:
        reasons += ("caption",)
    for reason in reasons:
        count = lexicon.refusals[reason].before(reading.words, reading.start)
        if count and not _each_before(reading, count, lexicon) and (reason != "year" or _year_like(first)):
            return reason
    return None


def _each_before(reading: Reading, count: int, lexicon: UnitLexicon) -> bool:
    """Whether the label word itself is one of many: "mỗi khóa 15 buổi"."""
    at = reading.start - count - 1
    return at >= 0 and reading.words[at].folded in lexicon.each


def _soft_label(reading: Reading, lexicon: UnitLexicon) -> str | None:
    """Refuse "đợt 2", "tổ 3", "số 82": a small number after a word that is numbered more often than counted."""
    if not reading.plain or reading.unit_is("money", "percent", "measure"):
        return None
    if reading.unit is not None and reading.unit.kind == "duration" and not _digit_at(reading.words, reading.unit.end):
        return None
    if lexicon.refusals["counting"].before(reading.words, reading.start):
        return None
    if reading.before == "số":
        return "name"
    if reading.unit is not None and reading.unit.name in ARTICLES_OF_LAW and _digit_at(reading.words, reading.unit.end):
        return "document"  # "khoản 1, 2 điều 5"
    if reading.value <= LARGEST_BODY and _names_body(reading, lexicon):
        return "name"
    if reading.leading_zero or reading.value > 99:
        return None
    known = reading.unit is not None and reading.unit.known
    lists = ["soft_ordinal"] + ["soft_twelve"] * (reading.value <= 12) + ["soft_body"] * (not known)
    for name in lists:
        count = lexicon.refusals[name].before(reading.words, reading.start)
        if count and not _counts_each(reading, count, lexicon):
            return "ordinal"
    return None


def _names_body(reading: Reading, lexicon: UnitLexicon) -> bool:
    """Whether the number is a body's: "Ban 389 Quốc gia"; a lower-case noun that the lexicon has is counted."""
    if not lexicon.refusals["body_999"].before(reading.words, reading.start):
        return False
    following = reading.words[reading.end] if reading.end < len(reading.words) else None
    if following is None or following.kind != "word" or (reading.unit is not None and not following.text.istitle()):
        return False
    return reading.unit is None or following.text.istitle()


def _counts_each(reading: Reading, count: int, lexicon: UnitLexicon) -> bool:
    """Whether a label word is counted itself ("mỗi tổ 3 …", "2 tổ 5 …") or people follow ("tổ 3 người")."""
    at = reading.start - count - 1
    if _each_before(reading, count, lexicon) or (at >= 0 and reading.words[at].kind == "number"):
        return True
    return lexicon.refusals["people_after"].at(reading.words, reading.end) > 0


def _year(reading: Reading, lexicon: UnitLexicon) -> str | None:
    """Refuse an undotted number that looks like a year, unless a hedge or a verb of giving shows a count."""
    if (
        not reading.plain
        or not _year_like(reading.words[reading.start])
        or reading.unit_is("money", "percent", "measure")
    ):
        return None
    if reading.unit is not None and (
        reading.before in lexicon.hedges or reading.before in lexicon.neighbours["counts"]
    ):
        return None
    return "year"


def _named(reading: Reading, lexicon: UnitLexicon) -> str | None:
    """Refuse "đường dây 220 kV", "gian hàng 0 đồng": the number names the thing."""
    if reading.unit is None:
        return None
    if reading.unit.kind == "money" and reading.value == 0:
        return "name"
    if reading.unit.name.casefold() in lexicon.ranks:
        given = reading.before in lexicon.neighbours["counts"] or reading.before in lexicon.hedges
        return None if given or not reading.before else "rank"
    if reading.unit.name.casefold() in lexicon.named_by and reading.before in lexicon.named_after:
        return "name"
    return None


def _year_like(word: Word) -> bool:
    return (
        word.kind == "number"
        and len(word.text) == LABEL_DIGITS
        and word.text.isdecimal()
        and FIRST_YEAR <= int(word.text) <= LAST_YEAR
    )


def year_like(word: Word) -> bool:
    """Whether a word is a bare number between 1500 and 2100."""
    return _year_like(word)
