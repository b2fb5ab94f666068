"""The days that a printed period is; a relative one is counted from the day of publication."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from dataclasses import dataclass
from typing import Final

_YEARS: Final = re.compile(r"(?<![0-9])(?:19|20)[0-9]{2}(?![0-9])")
_DATES: Final = re.compile(r"(?<![0-9])([0-9]{1,2})[./-]([0-9]{1,2})(?:[./-]([0-9]{4}))?(?![0-9])")
_DAY_ALONE: Final = re.compile(r"từ ngày ([0-9]{1,2})(?![0-9./-])")
_MONTHS: Final = re.compile(r"tháng ([0-9]{1,2})(?: ?[/-] ?| năm )([0-9]{4})")
_NUMBER: Final = re.compile(r"[0-9]{1,2}(?![0-9])")
_QUARTER: Final = re.compile(r"quý ([ivx]{1,3}|[1-4])(?!\w)")
_COUNTED: Final = re.compile(r"(?:(\d{1,2})|(hai|ba|bốn|năm|sáu|bảy|tám|chín|mười một|mười)) tháng")
_ROMAN: Final = {"i": 1, "ii": 2, "iii": 3, "iv": 4}
_WORDS: Final = ("một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín", "mười", "mười một")
_SCHOOL_YEAR: Final = ((9, 1), (8, 31))  # from the first of September, by the Ministry's calendar
_THEMED: Final = {"tháng công nhân": 5, "tháng thanh niên": 3}  # months that are named every year
_VAGUE: Final = ("đầu năm", "giữa năm", "cuối năm")
# no days that a calendar tells: "tuần đầu của Tháng Thanh niên", "học kỳ I"
_PART: Final = ("tuần ", "ngày đầu", "ngày cuối", *("nửa đầu tháng", "nửa cuối tháng", "nửa đầu của"), "học kỳ")
_UNTIL_MONTH: Final = re.compile(r"tính (?:đến|tới) (đầu|giữa|cuối|hết) tháng ([0-9]{1,2})(?: |$)")
_UNTIL: Final = re.compile(r"(?:đến|tới)(?: hết| cuối)?\s$", re.IGNORECASE)
_UNTIL_CHARACTERS: Final = 12


@dataclass(frozen=True, slots=True)
class Days:
    """First and last day, inclusive. `start` is None for a count up to a day ("tính đến hết năm 2024")."""

    start: dt.date | None
    end: dt.date


def days_of(text: str, start: int, end: int, published: dt.date | None) -> Days | None:
    """Return the days that the period text[start:end] is; a relative one counts from the day of publication.

    None where neither the period nor a day of publication tells: "nhiệm kỳ qua", "năm qua" in an undated text,
    "đầu năm 2024", "học kỳ I", which are no days in particular.
    """
    printed = " ".join(text[start:end].casefold().split())
    if printed.startswith(_PART):
        return None
    month = _UNTIL_MONTH.match(printed)
    if month:
        return _until_end_of(month[2], published) if month[1] in ("cuối", "hết") else None
    until = bool(_UNTIL.search(text, max(0, start - _UNTIL_CHARACTERS), start))
    if printed.startswith(_VAGUE) and _YEARS.search(printed):
        ends = printed.startswith("cuối") and until
        return _until(_dated(printed, published)) if ends else None
    days = _dated(printed, published) or (_relative(printed, published) if published else None)
    return _until(days) if until else days


def _until(days: Days | None) -> Days | None:
    return Days(None, days.end) if days else None


def _until_end_of(month: str, published: dt.date | None) -> Days | None:
    """Return the days up to the end of the newest such month that had begun."""
    first = _date(("1", month, ""), published)
    months = _months(first.year, first.month, first.month) if first else None
    return _until(months)


def _dated(printed: str, published: dt.date | None) -> Days | None:
    if printed.startswith(("từ đầu năm", "từ nay")):
        return _since_new_year_or_now(printed, published)
    if printed.startswith(("từ ", "đến ", "tới ", "tính ")) and "đầu năm" not in printed:
        return _from_and_until(printed, published)
    years = [int(year) for year in _YEARS.findall(printed)]
    if not years or years[-1] < years[0]:
        return None
    if printed.startswith("năm học"):
        (first_month, first_day), (last_month, last_day) = _SCHOOL_YEAR
        return Days(dt.date(years[0], first_month, first_day), dt.date(years[-1], last_month, last_day))
    if len(years) > 1:
        return Days(dt.date(years[0], 1, 1), dt.date(years[-1], 12, 31))
    return _of_year(printed, years[0])


def _since_new_year_or_now(printed: str, published: dt.date | None) -> Days | None:
    """Return the days of "từ đầu năm 2019 đến nay", "từ đầu năm đến ngày 19.11", "từ nay đến cuối năm 2018"."""
    years, dates = _YEARS.findall(printed), _DATES.findall(printed)
    if printed.startswith("từ nay"):
        return _ordered(published, dt.date(int(years[0]), 12, 31)) if published else None
    last = _date(dates[-1], published) if dates else published
    if last is None:
        return None
    return _ordered(dt.date(int(years[0]) if years and not dates else last.year, 1, 1), last)


def _from_and_until(printed: str, published: dt.date | None) -> Days | None:
    """Return the days of "từ năm 2014 (đến nay)", "từ ngày 1/3 đến ngày 30/6/2024", "tính đến hết ngày 10.10"."""
    last: dt.date | None = published if printed.endswith(" nay") else None
    dates, months, years = _DATES.findall(printed), _MONTHS.findall(printed), _YEARS.findall(printed)
    if dates and not months:
        last = _date(dates[-1], published)
        alone = _DAY_ALONE.match(printed)  # "từ ngày 3 đến ngày 6/8"
        day, month, year = dates[0]
        first = _date((alone[1] if alone else day, month, year or (str(last.year) if last else "")), published)
        return _ordered(None if len(dates) == 1 and not alone else first, last)
    if months:
        spans = [_months(int(year), int(month), int(month)) for month, year in months]
        first_span, last_span = spans[0], spans[-1]
        last = last or (last_span.end if last_span and len(spans) > 1 else None)
        last = last or (published if len(spans) == 1 else None)
        return _ordered(first_span.start, last) if first_span else None
    if len(years) > 1:
        return _ordered(dt.date(int(years[0]), 1, 1), dt.date(int(years[1]), 12, 31))
    begun = _of_year(printed.removeprefix("từ "), int(years[0])) if years else None
    return _ordered(begun.start if begun else None, last or published) if begun else None


def _ordered(first: dt.date | None, last: dt.date | None) -> Days | None:
    return Days(first, last) if last is not None and (first is None or first <= last) else None


def _date(printed: tuple[str, str, str], published: dt.date | None) -> dt.date | None:
    """Return a printed day; without its year it is the newest up to the publication."""
    day, month, year = int(printed[0]), int(printed[1]), printed[2]
    if not year and published is None:
        return None
    tried = [int(year)] if year else [published.year, published.year - 1] if published else []
    for candidate in tried:
        if not (1 <= month <= 12 and 1 <= day <= calendar.monthrange(candidate, month)[1]):
            return None
        found = dt.date(candidate, month, day)
        if year or published is None or found <= published:
            return found
    return None


def _of_year(printed: str, year: int) -> Days | None:
    """Return the part of a year: a quarter, a month, the first or last months, half of it, or all."""
    quarter = _QUARTER.match(printed)
    if quarter:
        number = _ROMAN.get(quarter[1], int(quarter[1]) if quarter[1].isdecimal() else 0)
        return _months(year, 3 * number - 2, 3 * number) if number else None
    themed = next((month for name, month in _THEMED.items() if printed.startswith(name)), None)
    if themed:
        return _months(year, themed, themed)
    last = "cuối năm" in printed
    if printed.startswith("nửa"):
        return _months(year, 7, 12) if last else _months(year, 1, 6)
    if printed.startswith("tháng"):
        count = _NUMBER.search(printed)
        return _months(year, int(count[0]), int(count[0])) if count else None
    counted = _COUNTED.match(printed)
    if counted:
        months = int(counted[1]) if counted[1] else _WORDS.index(counted[2]) + 1
        return _months(year, 13 - months, 12) if last else _months(year, 1, months)
    return Days(dt.date(year, 1, 1), dt.date(year, 12, 31))


def _months(year: int, first: int, last: int) -> Days | None:
    if not 1 <= first <= last <= 12:
        return None
    return Days(dt.date(year, first, 1), dt.date(year, last, calendar.monthrange(year, last)[1]))


def _relative(printed: str, published: dt.date) -> Days | None:
    year = published.year
    if printed in ("đầu năm đến nay", "đầu năm tới nay"):
        return Days(dt.date(year, 1, 1), published)
    if printed in ("năm nay", "năm ngoái"):
        return _of_year("", year - (printed == "năm ngoái"))
    if printed in ("tháng này", "tháng trước"):
        return _of_month(published, back=0 if printed == "tháng này" else 1)
    if printed.endswith("qua"):
        return _past(printed, published)
    if printed.endswith(" năm ngoái"):
        return _of_year(printed, year - 1)
    if printed.startswith(("quý", "nửa")) or " tháng " in f" {printed} ":
        # the newest such part that had begun: in January "6 tháng cuối năm" is last year's
        parts = (_of_year(printed, year), _of_year(printed, year - 1))
        return next((part for part in parts if part and part.start and part.start <= published), None)
    return None


def _of_month(published: dt.date, *, back: int) -> Days | None:
    month = published.year * 12 + published.month - 1 - back
    return _months(month // 12, month % 12 + 1, month % 12 + 1)


def _past(printed: str, published: dt.date) -> Days | None:
    """Return the days of "5 năm qua", "3 tháng qua", up to the day of publication; "năm qua" may be either year."""
    *count, unit = printed.removesuffix(" qua").split()
    number = " ".join(count)
    if unit not in ("năm", "tháng") or not (number.isdecimal() or number in _WORDS):
        return None
    months = (int(number) if number.isdecimal() else _WORDS.index(number) + 1) * (12 if unit == "năm" else 1)
    total = published.year * 12 + published.month - 1 - months
    day = min(published.day, calendar.monthrange(total // 12, total % 12 + 1)[1])
    return Days(dt.date(total // 12, total % 12 + 1, day), published)
