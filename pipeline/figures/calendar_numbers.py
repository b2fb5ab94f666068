"""Numbers of the calendar and the clock: days, hours, years, periods, terms and anniversaries, which are no figures."""

from __future__ import annotations

from typing import Final

from pipeline.figures.in_place import DASHES, Reading, digit_at, year_like
from pipeline.figures.lexicon import UnitLexicon

CELEBRATED_WORDS: Final = 40  # back from a second anniversary to the word that celebrates the first
JOINING: Final = frozenset({"và", ",", "-", "–"})
PARTS_OF_YEAR: Final = frozenset({"tháng", "quý"})
ROMAN: Final = frozenset("IVX")
HOURS: Final = frozenset({"giờ", "g"})
LAST_HOUR: Final = 24
LAST_DAY: Final = 31
MONTHS: Final = 13  # the last one is the thirteenth month's pay, "lương tháng 13"


def anniversary(reading: Reading, lexicon: UnitLexicon) -> str | None:
    if (
        reading.unit is None
        or reading.unit.name.casefold() != "năm"
        or reading.value != reading.value.to_integral_value()
    ):
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


def part_of_date(reading: Reading, lexicon: UnitLexicon) -> str | None:
    words, before = reading.words, reading.before
    if reading.leading_zero and reading.unit_is("money"):
        return None
    if reading.end < len(words) and words[reading.end].folded == "tết" and reading.value <= LAST_DAY:
        return "date"  # "28 tết"
    if not (reading.start > 1 and words[reading.start - 2].folded in lexicon.each):
        last = MONTHS if before == "tháng" else LAST_DAY if before in lexicon.neighbours["days"] else None
        nights = reading.unit is not None and reading.unit.name == "đêm"  # "3 ngày 2 đêm"
        if last is not None and reading.value <= last and not nights and not reading.unit_is("money", "percent"):
            return "date"
        if before == "năm" and year_like(words[reading.start]):
            return "year"
    if reading.unit is None or reading.unit.kind != "duration":
        return None
    following = reading.words[reading.unit.end] if reading.unit.end < len(reading.words) else None
    if reading.unit.name.casefold() == "tháng" and following is not None and following.text.isdecimal():
        return "date"
    if (
        reading.unit.name == "năm"
        and following is not None
        and year_like(following)
        and reading.before not in lexicon.neighbours["spans"]
    ):
        return "ordinal"
    return None


def part_of_day(reading: Reading, lexicon: UnitLexicon) -> str | None:
    """Refuse "lúc 7 giờ", "đến 17 giờ", "8 giờ sáng", but not "kéo dài từ 3 - 4 giờ", "8 giờ/ngày"."""
    if reading.unit is None or reading.unit.name not in HOURS or reading.value > LAST_HOUR or reading.unit.per:
        return None
    if reading.unit.name == "g":
        return _hour_in_grams(reading, lexicon)
    words, near = reading.words, lexicon.neighbours
    following = words[reading.unit.end] if reading.unit.end < len(words) else None
    if lexicon.around["parts_of_day"].at(words, reading.unit.end) or (
        following is not None and following.kind == "number"
    ):
        return "time"
    if reading.after == "ngày" and digit_at(words, reading.unit.end + 1):
        return "time"
    if reading.value != reading.value.to_integral_value():
        return None
    if reading.start == 0 and reading.after == ",":
        return "time"
    if words[reading.start + 1].text in DASHES:
        return None
    count = lexicon.around["hours"].before(words, reading.start)
    if count:
        lasting = reading.start > count and words[reading.start - count - 1].folded in near["lasting"]
        return None if lasting else "time"
    return "time" if reading.value > 12 and reading.before in near["late_hours"] else None


def _hour_in_grams(reading: Reading, lexicon: UnitLexicon) -> str | None:
    """Refuse "12 g khuya", "đến gần 22 g": southern papers write the hour with a g."""
    start = reading.start - lexicon.hedges.before(reading.words, reading.start)
    hour = lexicon.around["parts_of_day"].at(reading.words, reading.end + 1)
    return "time" if hour or lexicon.around["hours"].before(reading.words, start) else None


def period(reading: Reading, lexicon: UnitLexicon) -> str | None:
    """Refuse "6 tháng đầu năm", "9 tháng năm 2024", parts of a year; "14 ngày đầu" is a span."""
    if reading.unit is None or reading.unit.kind != "duration":
        return None
    words, end = reading.words, reading.unit.end
    if reading.after in lexicon.neighbours["period_parts"]:
        of_year = end + 1 < len(words) and words[end + 1].folded == "năm"
        return "period" if of_year or reading.unit.name in PARTS_OF_YEAR else None
    end += reading.after == "của"
    dated = end + 1 < len(words) and words[end].folded == "năm" and year_like(words[end + 1])
    return "period" if dated and reading.unit.name in PARTS_OF_YEAR else None


def numbered_term(reading: Reading, lexicon: UnitLexicon) -> str | None:
    """Refuse "Hội nghị Trung ương 6 khóa XII": a meeting by its number in a numbered term."""
    if reading.unit is None or reading.unit.name.casefold() not in lexicon.terms:
        return None
    if reading.unit.end >= len(reading.words):
        return None
    following = reading.words[reading.unit.end]
    return "ordinal" if following.kind == "number" or set(following.text) <= ROMAN else None


def year(reading: Reading, lexicon: UnitLexicon) -> str | None:
    """Refuse an undotted number that looks like a year, unless a hedge or a verb of giving shows a count."""
    if not year_like(reading.words[reading.start]):
        return None
    if reading.unit is not None and (
        reading.before in lexicon.hedges or reading.before in lexicon.neighbours["counts"]
    ):
        return None
    return "year"
