"""Periods as printed ("nhiệm kỳ 2018 - 2023", "6 tháng đầu năm"), and the days that they are."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

_YEAR: Final = r"(?:19|20)[0-9]{2}"
_PERIOD: Final = re.compile(
    rf"""(?<!\w)(?<!sinh[ ])(?i:
    (?:nhiệm[ ]kỳ|giai[ ]đoạn|năm[ ]học|thời[ ]kỳ|chặng|kỳ)[ ]{_YEAR}[ ]?[-–][ ]?{_YEAR}
    |(?:[0-9]{{1,2}}[ ]tháng|nửa|quý[ ][IVX0-9]{{1,3}})(?:[ ](?:đầu|cuối)[ ]năm)?[ ,/]{{0,2}}(?:năm[ ])?{_YEAR}
    |[0-9]{{1,2}}[ ]tháng[ ](?:đầu|cuối)[ ]năm
    |nửa[ ](?:đầu|cuối)[ ]năm
    |tháng[ ][0-9]{{1,2}}(?:[ ]?[/-][ ]?{_YEAR}|[ ]năm[ ]{_YEAR})
    |quý[ ](?:[IVX]{{1,3}}|[1-4])
    |năm[ ]{_YEAR}(?:[ ]?[-–][ ]?{_YEAR})?
    |[0-9]{{1,2}}[ ](?:năm|tháng)[ ]qua
    |(?:từ[ ])?đầu[ ]năm[ ](?:đến|tới)[ ]nay
    |năm[ ](?:qua|nay|ngoái)
    |(?:nhiệm[ ]kỳ|tháng|quý)[ ](?:qua|này|trước)
    )(?!\w)""",
    re.VERBOSE,
)
_YEARS: Final = re.compile(_YEAR)
_NUMBER: Final = re.compile(r"[0-9]{1,2}(?![0-9])")
_QUARTER: Final = re.compile(r"quý ([IVX]{1,3}|[1-4])(?!\w)", re.IGNORECASE)
_ROMAN: Final = {"i": 1, "ii": 2, "iii": 3, "iv": 4}
_SCHOOL_YEAR: Final = ((9, 1), (8, 31))  # from the first of September, by the Ministry's calendar
_UNTIL: Final = re.compile(r"(?:đến|tới)(?: hết| cuối)?\s$", re.IGNORECASE)
_UNTIL_CHARACTERS: Final = 12


@dataclass(frozen=True, slots=True)
class Days:
    """First and last day, inclusive. `start` is None for a count up to a day ("tính đến hết năm 2024")."""

    start: dt.date | None
    end: dt.date


def period_spans(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield where text[start:end] prints periods, in reading order."""
    for found in _PERIOD.finditer(text, start, end):
        yield found.span()


def days_of(text: str, start: int, end: int, published: dt.date | None) -> Days | None:
    """Return the days that the period text[start:end] is; a relative one counts from the day of publication.

    None where neither the period nor a day of publication tells: "nhiệm kỳ qua", "năm qua" in an undated text.
    """
    printed = " ".join(text[start:end].casefold().split())
    days = _dated(printed) or (_relative(printed, published) if published else None)
    if days is not None and _UNTIL.search(text, max(0, start - _UNTIL_CHARACTERS), start):
        return Days(None, days.end)
    return days


def _dated(printed: str) -> Days | None:
    years = [int(year) for year in _YEARS.findall(printed)]
    if not years or years[-1] < years[0]:
        return None
    if printed.startswith("năm học"):
        (first_month, first_day), (last_month, last_day) = _SCHOOL_YEAR
        return Days(dt.date(years[0], first_month, first_day), dt.date(years[-1], last_month, last_day))
    if len(years) > 1:
        return Days(dt.date(years[0], 1, 1), dt.date(years[-1], 12, 31))
    return _of_year(printed, years[0])


def _of_year(printed: str, year: int) -> Days | None:
    """Return the part of a year: a quarter, a month, the first or last months, half of it, or all."""
    quarter = _QUARTER.match(printed)
    if quarter:
        number = _ROMAN.get(quarter[1], int(quarter[1]) if quarter[1].isdecimal() else 0)
        return _months(year, 3 * number - 2, 3 * number) if number else None
    count = _NUMBER.search(printed)
    last = "cuối năm" in printed
    if printed.startswith("nửa"):
        return _months(year, 7, 12) if last else _months(year, 1, 6)
    if printed.startswith("tháng"):
        return _months(year, int(count[0]), int(count[0])) if count else None
    if count and f"{count[0]} tháng" in printed:
        months = int(count[0])
        return _months(year, 13 - months, 12) if last else _months(year, 1, months)
    return Days(dt.date(year, 1, 1), dt.date(year, 12, 31))


def _months(year: int, first: int, last: int) -> Days | None:
    if not 1 <= first <= last <= 12:
        return None
    return Days(dt.date(year, first, 1), dt.date(year, last, calendar.monthrange(year, last)[1]))


def _relative(printed: str, published: dt.date) -> Days | None:
    year = published.year
    if "đầu năm đến nay" in printed or "đầu năm tới nay" in printed:
        return Days(dt.date(year, 1, 1), published)
    if printed in ("năm nay", "năm ngoái"):
        return _of_year("", year - (printed == "năm ngoái"))
    if printed in ("tháng này", "tháng trước"):
        return _of_month(published, back=0 if printed == "tháng này" else 1)
    if printed.endswith("qua"):
        return _past(printed, published)
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
    count = _NUMBER.search(printed)
    if count is None:
        return None
    months = int(count[0]) * (12 if "năm" in printed else 1)
    total = published.year * 12 + published.month - 1 - months
    day = min(published.day, calendar.monthrange(total // 12, total % 12 + 1)[1])
    return Days(dt.date(total // 12, total % 12 + 1, day), published)
