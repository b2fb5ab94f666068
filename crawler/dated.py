"""Dates as listings print them beside a link: "08:49 | 06/08/2021", "Thứ hai, 09/12/2024 08:00 (GMT+7)", "2 giờ trước".

A line counts only when it is there to give a date: a date inside a sentence is the sentence's, not the article's.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from dataclasses import dataclass
from zoneinfo import ZoneInfo

EARLIEST = dt.datetime(1995, 1, 1, tzinfo=dt.UTC)  # before the first Vietnamese newspaper was online (1997)
LATEST_AFTER_READING = dt.timedelta(days=1)  # a site's clock may be wrong; a date later than that is no publication
LONGEST_LINE = 80  # characters; a weekday, a date with its time and the name of a section have fewer
LONGEST_WRITTEN = 400  # characters with the blanks of its HTML
MOST_WORDS_BESIDE = 5  # a section's or an author's name beside a date with its time: "Hội đoàn thể 27/11/2025 19:14"
# Papers take an article's number from the moment it is begun, and publish it an hour or a weekend later
BEGUN_BEFORE = dt.timedelta(days=4)

_MINUTE, _HOUR, _DAY = dt.timedelta(minutes=1), dt.timedelta(hours=1), dt.timedelta(days=1)
_UNITS = {
    "phút": _MINUTE,
    "giờ": _HOUR,
    "tiếng": _HOUR,
    "ngày": _DAY,
    "tuần": 7 * _DAY,
    "tháng": 31 * _DAY,
    "năm": 366 * _DAY,
}
_AGO = re.compile(rf"(?:khoảng |hơn )?(\d{{1,3}}) ({'|'.join(_UNITS)}) trước")
_JUST_NOW = re.compile(r"(?:vừa xong|mới đây|vừa đăng)")
_TIME = r"(?P<hour>\d{1,2})\s?[:hg]\s?(?P<minute>\d{2})(?::\d{2}(?:\.\d+)?)?(?:\s?(?P<half>am|pm|sa|ch)\b)?"
_CALENDAR = re.compile(
    r"(?<![\d/.-])(?:(?P<day>\d{1,2})(?:\s?[/.-]\s?|\s?tháng\s)(?P<month>\d{1,2})(?:\s?[/.-]\s?|,?\s?(?:năm\s)?)(?P<year>\d{4})"
    r"|(?P<iso>\d{4}-\d{2}-\d{2}))(?![\d/-])"
)
_NEAR = re.compile(r"\b(?P<word>hôm nay|hôm qua)\b")
_CLOCK = re.compile(rf"(?<![\d/.:-]){_TIME}(?!\d)")
# what stands beside a date and says nothing about it
_BESIDE = re.compile(
    r"\b(?:thứ (?:hai|ba|tư|năm|sáu|bảy|[2-7])|chủ nhật|ngày đăng|đăng ngày|đăng lúc|ngày|vào lúc|lúc|ldo)\b"
    r"|\(?\b(?:gmt|utc)\s?(?:[+-]\s?\d{1,2}(?::?\d{2})?)?\)?|[+-]\d{2}:\d{2}\b"
)
_OF_A_CHANGE = re.compile(r"\b(?:cập nhật|sửa|chỉnh sửa|updated?)\b")
_PUNCTUATION = " \t|,;:()[]–—-•·/"


@dataclass(frozen=True, slots=True)
class Span:
    """The first and the last moment at which an article may have been published, aware; the same where it is known."""

    earliest: dt.datetime
    latest: dt.datetime

    def as_published(self, since: dt.datetime | None, until: dt.datetime | None) -> dt.datetime | None:
        """Return the moment to take for its publication, None where the span does not say enough.

        A span that is wholly older than `since`, or wholly at or after `until`, is known to be that; another must be
        one moment. Who wants an article of a border day gets it, and learns its date from its page.
        """
        if since is not None and self.latest < since:
            return self.latest
        if until is not None and self.earliest >= until:
            return self.earliest
        return self.latest if self.earliest == self.latest else None


def read_line(line: str, now: dt.datetime, timezone: str, *, words_beside: bool = False) -> Span | None:
    """Return when an article was published by a line of its teaser; None where the line gives no date.

    `now` is when the listing was received. A day without a time is its midnight; a date "cập nhật" is the latest that
    the publication can be. `words_beside`: the name of a section or an author may stand beside a date with its time.
    Refused are dates before EARLIEST and after `now`, days without a year, two dates in a line.
    """
    if len(line) > LONGEST_WRITTEN:
        return None
    text = " ".join(unicodedata.normalize("NFC", line).casefold().split())
    if not text or len(text) > LONGEST_LINE:
        return None
    return _ago(text.strip(_PUNCTUATION), now) or _on_a_day(text, now, ZoneInfo(timezone), words_beside)


def begun_on(year: str, month: str, day: str, timezone: str) -> Span | None:
    """Return when an article was published whose number tells the day on which it was begun ("26", "03", "07")."""
    try:
        number = int(year) + (2000 if len(year) == 2 else 0)
        begun = dt.datetime(number, int(month), int(day), tzinfo=ZoneInfo(timezone))
        return Span(begun, begun + BEGUN_BEFORE)
    except (ValueError, OverflowError):
        return None


def _ago(text: str, now: dt.datetime) -> Span | None:
    if _JUST_NOW.fullmatch(text):
        return Span(now - _HOUR, now)
    match = _AGO.fullmatch(text)
    if match is None:
        return None
    # Papers round up, down or to the nearest: a unit to either side
    number, unit = int(match[1]), _UNITS[match[2]]
    try:
        span = Span(now - (number + 1) * unit, now - max(number - 1, 0) * unit)
    except OverflowError:
        return None
    return None if span.latest < EARLIEST else Span(max(span.earliest, EARLIEST), span.latest)


def _on_a_day(text: str, now: dt.datetime, zone: ZoneInfo, words_beside: bool) -> Span | None:
    days = [*_CALENDAR.finditer(text), *_NEAR.finditer(text)]
    if len(days) != 1:
        return None
    (day,) = days
    rest = text[: day.start()] + " " + text[day.end() :].removeprefix("t")  # 2024-12-09T08:00
    clock = _CLOCK.search(rest)
    if clock is not None:
        rest = rest[: clock.start()] + " " + rest[clock.end() :]
    of_a_change = _OF_A_CHANGE.search(rest)
    rest = _BESIDE.sub(" ", _OF_A_CHANGE.sub(" ", rest))
    words = [word for word in rest.split() if word.strip(_PUNCTUATION)]
    if words and not (words_beside and clock and len(words) <= MOST_WORDS_BESIDE and not rest.rstrip().endswith(".")):
        return None
    moment = _moment(day, clock, now, zone)
    if moment is None or not EARLIEST <= moment <= now + LATEST_AFTER_READING:
        return None
    return Span(EARLIEST if of_a_change else moment, moment)


def _moment(day: re.Match[str], clock: re.Match[str] | None, now: dt.datetime, zone: ZoneInfo) -> dt.datetime | None:
    parts = day.groupdict()
    hour, minute, half = (int(clock["hour"]), int(clock["minute"]), clock["half"]) if clock else (0, 0, None)
    if half in ("pm", "ch") and hour < 12:
        hour += 12
    try:
        if "word" in parts:
            date = now.astimezone(zone).date() - (_DAY if parts["word"] == "hôm qua" else 0 * _DAY)
        elif parts["iso"]:
            date = dt.date.fromisoformat(parts["iso"])
        else:
            date = dt.date(int(parts["year"]), int(parts["month"]), int(parts["day"]))
        return dt.datetime.combine(date, dt.time(hour, minute), zone)
    except (ValueError, OverflowError):
        return None
