"""What is right of a page, field by field. All is compared in syllables: quotes, dashes and case make no difference.

- body: 4-gram shingles of all the text that a reader gives (see `shingles`); title and lead are neither hit nor false.
- title, section: equal. Of several sections that a reader offers one must be the expected one.
- lead: equal, and none where the page has none. Of readers that know no lead it is asked whether their text holds it,
  on the pages that have one: who takes their text loses it otherwise. A description among their metadata is no text.
- date: the day of publication in Vietnam, and none where the page has none. time: to the minute.
- authors: all of them and no others, in any order; paper, office and remark after a name ("(tổng hợp)") do not count.
- captions: each line given apart from the text.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from pipeline.evaluate.expected import Expected
from pipeline.evaluate.readers import Reader, Reading
from pipeline.evaluate.scores import NOTHING, Score, compare
from pipeline.evaluate.shingles import Overlap, body_overlap, syllables
from pipeline.furniture import person_of
from pipeline.tables import VIETNAM

FIELDS = ("title", "lead", "date", "time", "authors", "section")
_NAMED_IN_JSON = {"date": "published_at", "time": "published_at"}
_SHOWN = 160  # characters of a value in the list of misses


@dataclass(frozen=True, slots=True)
class Miss:
    """A field that a reader got wrong, or a page it did not take for an article."""

    page: str
    field: str
    expected: str
    got: str


@dataclass(frozen=True, slots=True)
class PageScore:
    """One reading beside what was expected. `right` has the fields that were judged."""

    body: Overlap
    right: dict[str, bool]
    captions: Score
    misses: tuple[Miss, ...]


def score_page(expected: Expected, reading: Reading, reader: Reader) -> PageScore:
    """Compare one reading with what was expected of the page."""
    around = [expected.title, *([expected.lead] if expected.lead else [])]
    body = body_overlap(expected.body, reading.text, around)
    right = {name: _is_right(name, expected, reading, reader) for name in FIELDS if _judged(name, expected, reader)}
    captions = NOTHING
    if "captions" in expected.judged and "captions" in reader.gives:
        captions = compare(map(_key, expected.captions), map(_key, reading.captions))
    return PageScore(body, right, captions, (*_misses(expected, reading, body, right, captions),))


def _judged(name: str, expected: Expected, reader: Reader) -> bool:
    if _NAMED_IN_JSON.get(name, name) not in expected.judged:
        return False
    if name == "lead" and "lead" not in reader.gives:
        return expected.lead is not None
    return name in reader.gives


def _is_right(name: str, expected: Expected, reading: Reading, reader: Reader) -> bool:
    match name:
        case "title":
            return _key(reading.title) == _key(expected.title)
        case "lead" if "lead" in reader.gives:
            return _key(reading.lead) == _key(expected.lead)
        case "lead":
            return f" {_key(expected.lead)} " in f" {_key(reading.text)} "
        case "date":
            return reading.day == _day(expected.published_at)
        case "time":
            return _minute(reading.published_at) == _minute(expected.published_at)
        case "authors":
            return _persons(reading.authors) == _persons(expected.authors)
        case _:
            sections = [_key(section) for section in reading.sections]
            return _key(expected.section) in sections if expected.section else not sections


def _misses(
    expected: Expected, reading: Reading, body: Overlap, right: dict[str, bool], captions: Score
) -> Iterable[Miss]:
    page = str(expected.page)
    if reading.refused:
        yield Miss(page, "page", "an article", reading.refused)
    if body.missed or body.false:
        yield Miss(page, "body", f"{body.hits + body.missed} shingles", f"{body.missed} missed, {body.false} false")
    given = {
        "title": (expected.title, reading.title),
        "lead": (expected.lead, reading.lead),
        "date": (_day(expected.published_at), reading.day),
        "time": (expected.published_at, reading.published_at),
        "authors": (expected.authors, reading.authors),
        "section": (expected.section, reading.sections),
    }
    for name, is_right in right.items():
        if not is_right:
            want, got = given[name]
            yield Miss(page, name, _shown(want), _shown(got))
    if captions.missed or captions.false:
        yield Miss(page, "captions", _shown(expected.captions), _shown(reading.captions))


def _persons(authors: Iterable[str]) -> set[str]:
    return {_key(person_of(author)) for author in authors}


def _key(text: str | None) -> str:
    return " ".join(syllables(text or ""))


def _day(instant: dt.datetime | None) -> dt.date | None:
    return instant.astimezone(VIETNAM).date() if instant else None


def _minute(instant: dt.datetime | None) -> dt.datetime | None:
    return instant.astimezone(dt.UTC).replace(second=0, microsecond=0) if instant else None


def _shown(value: object) -> str:
    if isinstance(value, tuple):
        value = "; ".join(value)
    text = "none" if value is None or value == "" else str(value)
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"
