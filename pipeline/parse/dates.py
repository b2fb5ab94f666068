"""Publication dates, as Vietnamese papers print them. The day comes before the month."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable

VIETNAM = dt.timezone(dt.timedelta(hours=7), "+07")
# the first Vietnamese newspaper went online in 1997
EARLIEST_YEAR = 1995
# a site's clock, or a page scheduled for tomorrow
LATEST_AFTER_CAPTURE = dt.timedelta(days=1)

_CLOCK = r"(?:\s?(?:[:hg]|giờ)\s?(?P<minute>\d{2})(?:'|\s?phút)?|\s?(?:h|giờ)(?!\s?\d))"
_TIME = (
    rf"(?P<hour>\d{{1,2}}){_CLOCK}(?:\s?:?\s?(?P<second>\d{{2}})(?:\.\d+|\sgiây)?(?![\d/.-]))?"
    r"\s*(?P<half>AM|PM|(?:SA|CH|sáng|trưa|chiều|tối)\b)?"
)
_DAY = r"(?P<day>\d{1,2})\s?[/.·–-]\s?(?P<month>\d{1,2})\s?[/.·–-]\s?(?P<year>\d{4})"
_DAY_IN_WORDS = r"(?P<day>\d{1,2}) tháng (?P<month>\d{1,2})(?: năm|,)? (?P<year>\d{4})"
_BETWEEN = r"[\s,;|()·•@~/–—-]{0,5}(?:vào lúc|lúc|tại|ngày|at|t(?=\d))?\s*"
_WEEKDAY = r"(?:thứ\s?(?:hai|ba|tư|năm|sáu|bảy|bẩy|[2-7])|chủ\s?nhật|t[2-7]\b|cn\b)"
_ON_DAY = rf"(?:{_WEEKDAY}[\s,:|-]*)?(?:ngày\s*)?"
_ZONE = r"(?:\s*\(?\s*(?:GMT|UTC)?\s*(?P<zone>[+-](?:1[0-4]|0?\d)(?::?[0-5]\d)?(?!\d)|Z\b)\)?)?"
# of dates that machines write: what follows GMT or UTC there is the offset, and none is Greenwich
_STATED_ZONE = r"(?:\s*\(?(?:GMT|UTC)?\s*(?P<zone>[+-](?:1[0-4]|0?\d)(?::?[0-5]\d)?(?!\d)|(?:Z|GMT|UTC)\b)\)?)?"
_MONTHS = {
    "một": 1,
    "hai": 2,
    "ba": 3,
    "tư": 4,
    "năm": 5,
    "sáu": 6,
    "bảy": 7,
    "tám": 8,
    "chín": 9,
    "mười": 10,
    "giêng": 1,
    "bốn": 4,
    "mười một": 11,
    "mười hai": 12,
    "chạp": 12,
    "jan": 1,
    "feb": 2,
    "mar": 3,
    "apr": 4,
    "may": 5,
    "jun": 6,
    "jul": 7,
    "aug": 8,
    "sep": 9,
    "oct": 10,
    "nov": 11,
    "dec": 12,
}
# the longest first: "mười hai" begins with "mười"
_VIETNAMESE = "|".join(sorted((name for name in _MONTHS if not name.isascii() or name in ("hai", "ba")), key=len)[::-1])
_ENGLISH = "(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)"
_MAY_HAVE_TIME = "(?:" + _BETWEEN + _TIME + _ZONE + ")?"
_MAY_HAVE_STATED_TIME = "(?:" + _BETWEEN + _TIME + _STATED_ZONE + ")?"
_NOT_IN_NUMBER = r"(?<![\d/.:-])"
_YEAR = re.compile(r"\d{4}")
_TH = r"(?:st|nd|rd|th)?"
_FORMS = tuple(
    re.compile(_NOT_IN_NUMBER + form, re.IGNORECASE)
    for form in (
        r"(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2})(?:[T ]" + _TIME + _STATED_ZONE + r")?(?!\d)",
        _DAY + _BETWEEN + _TIME + _ZONE,
        _DAY_IN_WORDS + _BETWEEN + _TIME + _ZONE,
        _TIME + _BETWEEN + _ON_DAY + _DAY + _ZONE,
        _TIME + _BETWEEN + _ON_DAY + _DAY_IN_WORDS + _ZONE,
        r"(?P<year>\d{4})[/.](?P<month>\d{2})[/.](?P<day>\d{2})(?!\d)" + _MAY_HAVE_TIME,
        _DAY + r"(?![\d/.-])",
        _DAY_IN_WORDS,
        # as WordPress and others print them: "4 Tháng Năm, 2023", "Th5 4, 2023", "16 thg 10, 2025", "May 4, 2023"
        r"(?P<day>\d{1,2}) tháng (?P<word>" + _VIETNAMESE + r"),? (?P<year>\d{4})" + _MAY_HAVE_TIME,
        r"tháng (?P<word>" + _VIETNAMESE + r") (?P<day>\d{1,2}), (?P<year>\d{4})" + _MAY_HAVE_TIME,
        r"th(?:áng )?(?P<month>\d{1,2}) (?P<day>\d{1,2}), (?P<year>\d{4})" + _MAY_HAVE_TIME,
        r"(?P<day>\d{1,2}) t(?:hg |h|hg)?(?P<month>\d{1,2}),? (?P<year>\d{4})" + _MAY_HAVE_TIME,
        rf"(?P<word>{_ENGLISH})[a-z]{{0,6}}\.? (?P<day>\d{{1,2}}){_TH},? (?P<year>\d{{4}})" + _MAY_HAVE_STATED_TIME,
        rf"(?P<day>\d{{1,2}}){_TH}[ /-](?P<word>{_ENGLISH})[a-z]{{0,6}}\.?,?[ /-](?P<year>\d{{4}})"
        + _MAY_HAVE_STATED_TIME,
    )
)


MONTHS_OF_YEAR = 12
# dates that are American for certain, to one that cannot be: the clock in the header may be set by another program
MAX_SHARE_AGAINST = 3
_SLASHED = re.compile(r"(?<![\d/])(\d{1,2})/(\d{1,2})/\d{4}(?![\d/])")
_AMERICAN = re.compile(r"(?<![\d/])(\d{1,2})/(\d{1,2})/\d{4} (\d{1,2}):\d{2}:\d{2} [AP]M\b")
_SHORT_YEAR = re.compile(_NOT_IN_NUMBER + r"\d{1,2}([/.-])\d{1,2}\1\d{2}(?![\d/.-])")

# words that may stand beside a date on a date line: an author, an agency, a section
MAX_WORDS_BESIDE_DATE = 8
_BESIDE = re.compile(
    rf"\(?\bGMT\s*[+-]?\d*(?::\d+)?\)?|\bLDO\b|{_WEEKDAY}\b"
    # counters and buttons on the line
    r"|(?:số )?lượt (?:xem|đọc)\s?:?\s?[\d.,]{0,12}|[\d.,]{1,12}\s(?:lượt (?:xem|đọc)|bình luận)"
    r"|(?:cỡ|phông) chữ\s?:?(?:\s?[Aa][+-]?(?=\W|$)){0,4}|\b(?:chia sẻ|in (?:bài|tin|trang)|gửi email)\b",
    re.IGNORECASE,
)
_DAY_LINE = re.compile(
    rf"\(?(?:{_WEEKDAY}|(?:ngày|đăng ngày|ngày đăng|cập nhật) ?:?)?[ ,]{{0,3}}(?:ngày )?"
    r"(?:\d{1,2}[/.-]\d{1,2}[/.-]\d{4}|\d{1,2} tháng \d{1,2} năm \d{4})\)?",
    re.IGNORECASE,
)
_CLOSING = re.compile(r"\(?[A-ZĐ][^\d,.:;]{1,40}, ngày \d{1,2}(?: tháng \d{1,2} năm |[/.-]\d{1,2}[/.-])\d{4}\.?\)?")
_WITHOUT_YEAR = re.compile(
    rf"(?:đăng|cập nhật|đăng lúc|cập nhật lúc|ngày đăng)?\s?:?\s?(?:{_WEEKDAY},? )?"
    r"(?:\d{1,2}[/-]\d{1,2},?(?: -| \|)? \d{1,2}[:h]\d{2}|\d{1,2}[:h]\d{2},?(?: -| \|)? \d{1,2}[/-]\d{1,2})",
    re.IGNORECASE,
)
_PUBLISHED = re.compile(
    r"\(?(?:(?:ngày|thời gian|giờ)\s)?"
    r"(?:đăng|đưa|cập nhật|xuất bản|phát sóng|phát hành|viết|tạo|gửi|posted|published)\b",
    re.IGNORECASE,
)

# seconds and milliseconds since 1970, of this century
_SECONDS, _MILLISECONDS = (10**9, 10**10), (10**12, 10**13)


class DateRefused(ValueError):
    """A date that is none, or cannot be the publication date of the page; the message says why."""


class ImpossibleDate(DateRefused):
    """A date that no calendar has (31 February), or that is after the capture."""


def read_date(
    written: str, *, fetched_at: dt.datetime, zone: dt.tzinfo = VIETNAM, month_first: bool = False
) -> dt.datetime:
    """Return the moment a written date stands for, aware; a day alone is its midnight.

    "04/02/2026 08:30 (GMT+7)" is 4 February. Without an offset the time is that of `zone`. With AM and PM only the
    afternoon hours below 13 are moved: some papers print "14:05 PM".

    Args:
        month_first: "5/3/2024" is 3 May: what `puts_month_first` says of the page.

    Raises:
        DateRefused: no date in it, an impossible one, before 1995, or more than a day after `fetched_at`.
    """
    found = _written_in(written)
    if found is None and (short := find_short_year(written)):
        raise DateRefused(f"{short!r} has a year of two digits: it may be the day")
    if found is None:
        raise DateRefused(f"no date in {written[:60]!r}")
    try:
        parts = found.groupdict()
        if month_first and parts.get("month"):
            parts["day"], parts["month"] = parts["month"], parts["day"]
        moment = _moment(parts, zone)
    except ValueError as error:
        raise ImpossibleDate(f"no such date: {found[0]!r} ({error})") from error
    if moment.year < EARLIEST_YEAR:
        raise DateRefused(f"{found[0]!r} is before {EARLIEST_YEAR}, when no paper was online")
    if moment > fetched_at + LATEST_AFTER_CAPTURE:
        raise ImpossibleDate(f"{found[0]!r} is after the page was fetched ({fetched_at:%d/%m/%Y})")
    return moment


def puts_month_first(written: str, page: Callable[[], str]) -> bool:
    """Whether a date is written in the American way, as systems with American settings do ("06/19/2025 - 09:15").

    A 13th of the month or later says so, its own or those of the other dates of the page where hardly any is against
    it. With AM and PM and seconds ("5/3/2024 3:30:00 PM", ASP.NET) numbers without a leading zero do too: who asks for
    the Vietnamese order also asks for two digits.
    """
    own = _SLASHED.search(written)
    if own is None or int(own[1]) > MONTHS_OF_YEAR:
        return False
    if int(own[2]) > MONTHS_OF_YEAR:
        return True
    american = _AMERICAN.search(written)
    form = _AMERICAN if american else _SLASHED
    numbers = [(int(one[1]), int(one[2])) for one in form.finditer(page())]
    against = sum(first > MONTHS_OF_YEAR for first, _ in numbers)
    said = sum(second > MONTHS_OF_YEAR >= first for first, second in numbers)
    unpadded = american is not None and not any(part.startswith("0") for part in american.groups())
    return said > MAX_SHARE_AGAINST * against or (unpadded and not against)


def counted_moment(value: str | float) -> str:
    """Return the moment that a number of seconds or milliseconds counts to (ISO), empty where it counts to none."""
    number = int(value) if isinstance(value, str) and value.isascii() and value.isdecimal() else value
    if not isinstance(number, int | float):
        return ""
    if _MILLISECONDS[0] <= number < _MILLISECONDS[1]:
        number /= 1000
    return dt.datetime.fromtimestamp(number, dt.UTC).isoformat() if _SECONDS[0] <= number < _SECONDS[1] else ""


def is_written_in_utc(written: str) -> bool:
    """Whether a date is written with the time of Greenwich."""
    found = _written_in(written)
    offset = _offset(found.groupdict().get("zone")) if found is not None else None
    return offset is not None and not offset.utcoffset(None)


def has_time(written: str) -> bool:
    """Whether the written date has a time of day."""
    found = _written_in(written)
    return found is not None and found.groupdict().get("hour") is not None


def find_date(line: str) -> str | None:
    """Return the date with a time of day written in a line, or None."""
    found = _written_in(line)
    return found[0].strip() if found is not None and found.groupdict().get("hour") is not None else None


def find_day(line: str) -> str | None:
    """Return the date written in a line, with its time of day where there is one, or None."""
    found = _written_in(line)
    return found[0].strip() if found is not None else None


def find_short_year(line: str) -> str | None:
    """Return the date with a year of two digits that a line gives, or None."""
    found = _SHORT_YEAR.search(line)
    return found[0] if found is not None else None


def is_date_line(line: str, *, near_title: bool = False) -> bool:
    """Whether a line is there to give a date: nothing else in it, or a date with its time after a few words.

    "Hội Đoàn thể 27/11/2025 19:14" stands below a listed title. Near an article's title a few words may follow the
    date too; in a body they are an agenda ("8h30 ngày 5/6/2021: khai mạc").
    """
    if _DAY_LINE.fullmatch(line):
        return True
    date = find_date(line)
    if date is None or line.endswith((";", ".")):
        return False
    after = _BESIDE.sub(" ", line[line.index(date) + len(date) :]).strip(" |,-–()·•")
    few = len(beside_date(line).split()) <= MAX_WORDS_BESIDE_DATE
    return few and (near_title or not after)


def is_marked_day(line: str) -> bool:
    """Whether a line says that it gives the day of publication ("Ngày đăng: 12/06/2023 - Lượt xem: 96")."""
    marked = _PUBLISHED.match(line) is not None and find_day(line) is not None
    return marked and len(beside_date(line).split()) <= MAX_WORDS_BESIDE_DATE


def is_closing_formula(line: str) -> bool:
    """Whether a line is the place and day above those who sign a text ("Hòa Trung, ngày 12 tháng 4 năm 2016")."""
    return _CLOSING.fullmatch(line) is not None


def is_dated_without_year(line: str) -> bool:
    """Whether a line says by day and month alone when its article was published or edited ("Cập nhật: 27/05 14:10")."""
    return _WITHOUT_YEAR.fullmatch(line) is not None


def beside_date(line: str) -> str:
    """Return what a date line has besides its date: an author, an agency, a section."""
    beside = " ".join(_BESIDE.sub(" ", line.replace(find_day(line) or "", " ")).strip(" |,-–()·•").split())
    return f"{beside})" if beside.count("(") > beside.count(")") else beside  # "Vi Lam (tổng hợp)"


def _written_in(text: str) -> re.Match[str] | None:
    """Return the date of the first form that is in a text; every form has a year of four digits."""
    if not _YEAR.search(text):
        return None
    return next((match for form in _FORMS if (match := form.search(text))), None)


def _moment(parts: dict[str, str | None], zone: dt.tzinfo) -> dt.datetime:
    hour = int(parts.get("hour") or 0)
    half = (parts.get("half") or "").upper()
    if half in ("PM", "CH", "CHIỀU", "TỐI") and hour < 12:
        hour += 12
    if half == "TRƯA" and hour < 10:
        hour += 12
    if half in ("AM", "SA", "SÁNG") and hour == 12:
        hour = 0
    month = int(parts.get("month") or _MONTHS.get((parts.get("word") or "").casefold(), 0))
    day = dt.datetime(int(parts["year"] or 0), month, int(parts["day"] or 0), tzinfo=zone)
    moment = day.replace(hour=hour, minute=int(parts.get("minute") or 0), second=int(parts.get("second") or 0))
    offset = _offset(parts.get("zone"))
    return moment if offset is None else moment.replace(tzinfo=offset).astimezone(zone)


def _offset(written: str | None) -> dt.timezone | None:
    if not written:
        return None
    if written.upper() in ("Z", "GMT", "UTC"):
        return dt.UTC
    sign = -1 if written[0] == "-" else 1
    digits = written[1:].replace(":", "")
    hours, minutes = (int(digits), 0) if len(digits) <= 2 else (int(digits[:-2]), int(digits[-2:]))
    return dt.timezone(sign * dt.timedelta(hours=hours, minutes=minutes))
