"""The dateline before a lead or first paragraph: an agency's mark, a place."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipeline.furniture import Rules

# "(NLĐO)- ", "(Chinhphu.vn) - ", "(TTXVN/Vietnam+) "
_IN_BRACKETS = re.compile(r"\((?P<mark>[^\W\d_][\w.+&/ -]{1,24})\)\s*[-–—:]?\s*(?=\S)")
_DASH = re.compile(r"\s*[-–—]\s+(?=[\"“‘]?[^\W_])")
_ON_DATE = re.compile(r"(?:\w{1,6}\s+)?L[DĐ]O\s*\|\s*(?:\d{1,2}/\d{1,2}/\d{4}\s+\d{1,2}:\d{2}\s*)?")
MAX_MARK_WORDS = 3


@dataclass(frozen=True, slots=True)
class Dateline:
    """A line without its dateline; `marks` are the prefixes taken off, as printed."""

    text: str
    place: str | None
    marks: tuple[str, ...]


def split_dateline(line: str, rules: Rules) -> Dateline:
    """Take agency marks and a place off the front of a line. A place is only taken before a dash and a capital."""
    text, place = line, None
    marks: list[str] = []
    while True:
        cut, found = _prefix(text, rules)
        if not cut or not text[cut:].strip():
            return Dateline(text, place, tuple(marks))
        marks.append(text[:cut].strip())
        place = place or found
        text = text[cut:].lstrip()


def _prefix(text: str, rules: Rules) -> tuple[int, str | None]:
    """Return the length of the dateline at the front of the text, 0 for none, and the place in it."""
    for pattern in rules.datelines:
        found = pattern.match(text)
        if found and found.end():
            return found.end(), found.groupdict().get("place")
    bracketed = _IN_BRACKETS.match(text)
    if bracketed and len(bracketed["mark"].split()) <= MAX_MARK_WORDS and bracketed["mark"][0].isupper():
        return bracketed.end(), None
    dated = _ON_DATE.match(text)
    if dated:
        return dated.end(), None
    for agency in rules.agencies:
        if text.startswith(agency):
            dash = _DASH.match(text, len(agency))
            if dash:
                return dash.end(), None
    return _place(text, rules)


def _place(text: str, rules: Rules) -> tuple[int, str | None]:
    for dash in _DASH.finditer(text, 0, 40):
        name = text[: dash.start()].strip()
        following = text[dash.end() : dash.end() + 2].lstrip('"“‘')
        if name.casefold() in rules.places and (following[:1].isupper() or following[:1].isdigit()):
            # "Hà Nội - Hải Phòng" is a road, not a dateline
            road = any(text[dash.end() :].casefold().startswith(place) for place in rules.places)
            return (0, None) if road else (dash.end(), name)
    return 0, None
