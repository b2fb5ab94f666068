"""Where a figure or a movement is reported for: in its sentence, in those before, in the opening or dateline."""

from __future__ import annotations

import re
from bisect import bisect_left
from typing import Final

from pipeline.attribution.article import UNTOLD, ArticleSays, Told
from pipeline.attribution.mentions import Named
from pipeline.attribution.said import Said

_NEXT: Final = re.compile(r"(?:,| và|, và)\s(?:hơn |gần |khoảng |trên )?")
# between an area and a figure of its own: "trong đó khu vực B có 900 …", "huyện C: 12 …"
_HAS: Final = re.compile(r"(?:\s(?:hiện |đã )?(?:có|đạt)|:)\s(?:hơn |gần |khoảng |trên )?")
_LISTED: Final = re.compile(r"(?:,| và|, và)\s")
_WENT_TO: Final = re.compile(r"(?<![0-9.,])[0-9][0-9.,]{0,20}\s[^;,()]{1,60}\s(?:cho|tại|ở)\s$")
_GOES_TO: Final = re.compile(r"(?<![0-9.,])[0-9][0-9.,]{0,20}\s[^;,()0-9]{1,40}\s(?:cho|tại|ở)\s")
GOES_TO_CHARACTERS: Final = 80
# "Tổng LĐLĐ Việt Nam", "Bộ Y tế": what such a body gives or counts is of no place that the article opened with.
# "Ủy ban MTTQ Việt Nam" may be short for a commune's
_CENTRAL_HEADS: Final = ("Bộ ", "Chính phủ", "Quốc hội", "Trung ương ", "T.Ư ", "Ban Bí thư")
_CENTRAL_ENDS: Final = (" Việt Nam", " Trung ương", " T.Ư", " TW")
_FRONT: Final = ("MTTQ", "Mặt trận")
# "Sở Nội vụ", "Công an tỉnh": what a body of the province counts is of no district or commune
_OF_PROVINCE: Final = re.compile(r"\b(?:Sở|Tỉnh ủy|Tỉnh uỷ|Tỉnh đoàn)\b| tỉnh$")
# "toàn tỉnh có …" in an article about a district or commune
_WHOLE: Final = re.compile(
    r"\b(?:toàn|cả|trong|trên địa bàn|khắp) (?:toàn )?(?P<tier>tỉnh|huyện|quận|thị xã|thành phố)(?! (?-i:[A-ZĐ]))",
    re.IGNORECASE,
)
WHOLE_CHARACTERS: Final = 160
_PASSIVE: Final = (" được ", " do ")
_LOCAL_KINDS: Final = frozenset({"company", "cooperative", "school", "hospital", "facility"})  # "Công ty X Việt Nam"
PASSING_CHARACTERS: Final = 48  # in front of a sentence, where a venue is more than one in passing


def place_of(says: ArticleSays, number: int, start: int, runs: Told) -> Told:
    """Return the area of a figure or movement.

    It is that in the name of who acts, the only one of the sentence, the last before the place, that of the sentences
    before, of the opening or of the dateline, whichever there is first.
    """
    said = says.sentence(number)
    if said.law:
        return UNTOLD
    if said.areas.all:
        own = runs.rule == "sentence" and runs.named and said.areas.first_within(runs.named.start, runs.named.end)
        area = _right_before(says.text, said, start) or own or said.areas.only() or _last_before(says.text, said, start)
        if area and area is not own and _of_the_one_before(says.text, said, area, start):
            area = _behind(says.text, said, start)
        if area and area is not own and _is_of_a_body_before(said, area, runs):
            return UNTOLD
        if area is None or _of_another(says.text, said, area, start) or _is_part(says.text, area.end, start, area):
            return UNTOLD
        return Told(area, "sentence")
    if said.elsewhere or said.nationwide or _is_central(says.text, runs.named):
        return UNTOLD
    for before in says.earlier(number):
        if before.areas.all:
            only = before.areas.only()
            passing = only is not None and only.venue and only.start - before.start > PASSING_CHARACTERS
            passing = passing or (only is not None and _is_part(says.text, said.start, start, only))
            return Told(only, "line") if only and not passing else UNTOLD
    return UNTOLD if says.is_title(number) else _of_article(says, number, start, runs)


def _right_before(text: str, said: Said, start: int) -> Named | None:
    """Return the area right before a figure: "LĐLĐ tỉnh A quản lý …, trong đó khu vực B có | 900 công đoàn cơ sở"."""
    count = said.areas.before(start)
    area = said.areas.all[count - 1] if count else None
    return area if area and _HAS.fullmatch(text, area.end, start) and not _is_listed(text, said, count - 1) else None


def _last_before(text: str, said: Said, start: int) -> Named | None:
    """Return the last area before a place, of an address its first part; none where several are listed."""
    area = said.last_before(said.areas, start)
    if area is None:
        return None
    at = bisect_left(said.areas.starts, area.start)
    while at and said.areas.all[at].wider:
        at -= 1
    return None if _is_listed(text, said, at) else said.areas.all[at]


def _is_listed(text: str, said: Said, at: int) -> bool:
    """Whether an area is the last of a list: "tại các xã A, B và C, mỗi hộ được …"."""
    if not at:
        return False
    area, before = said.areas.all[at], said.areas.all[at - 1]
    return area.level == before.level and _LISTED.fullmatch(text, before.end, area.start) is not None


def _of_article(says: ArticleSays, number: int, start: int, runs: Told) -> Told:
    """Return the area of the opening or the dateline."""
    opening = says.opening_area
    if opening is not None:
        return (
            UNTOLD
            if _is_of_elsewhere(runs.named, opening)
            or _is_part(says.text, says.sentence(number).start, start, opening)
            or not says.speaks_of(opening, number)
            else Told(opening, "opening")
        )
    dateline = says.dateline
    return UNTOLD if dateline is None or _is_of_elsewhere(runs.named, dateline) else Told(dateline, "dateline")


def _is_of_elsewhere(body: Named | None, area: Named) -> bool:
    """Whether a body is of another province than an area, or of the province where the area is part of it."""
    if body is None:
        return False
    wider = _OF_PROVINCE.search(body.text) is not None and area.is_part
    return wider or body.province_34 not in (None, area.province_34)


def _is_part(text: str, first: int, start: int, area: Named) -> bool:
    """Whether text[first:start] speaks of all of a province or district that an area is only part of."""
    if not area.is_part:
        return False
    whole = _WHOLE.search(text, max(first, start - WHOLE_CHARACTERS), start)
    return whole is not None and (whole["tier"].casefold() == "tỉnh" or area.is_commune)


def _is_central(text: str, body: Named | None) -> bool:
    """Whether the body that acts is one of all the country: not "dự án được Tổng LĐLĐ Việt Nam xây dựng"."""
    if body is None or body.province_34 or body.kind in _LOCAL_KINDS:
        return False
    if text.endswith(_PASSIVE, 0, body.start):
        return False
    if body.name.startswith(_CENTRAL_HEADS):
        return True
    return body.name.endswith(_CENTRAL_ENDS) and not any(front in body.name for front in _FRONT)


def _of_the_one_before(text: str, said: Said, area: Named, start: int) -> bool:
    """Whether an area is where the figure before goes: "90 tấn cho tỉnh A và | 20 tấn cho tỉnh B"."""
    if area.end > start or not _NEXT.fullmatch(text, area.end, start):
        return False
    return bool(_WENT_TO.search(text, max(said.start, area.start - GOES_TO_CHARACTERS), area.start))


def _behind(text: str, said: Said, start: int) -> Named | None:
    """Return the area that a figure goes to, named behind it in the same way."""
    at = bisect_left(said.areas.starts, start)
    area = said.areas.all[at] if at < len(said.areas.all) else None
    return area if area and _GOES_TO.fullmatch(text, start, area.start) else None


def _is_of_a_body_before(said: Said, area: Named, runs: Told) -> bool:
    """Whether a district or commune is in the name of one body, and a later one acts: "CĐ xã A có …, CĐ ngành có …"."""
    if not area.is_part or runs.rule != "sentence" or runs.named is None or area.end > runs.named.start:
        return False
    body = said.last_before(said.organisations, runs.named.start)
    return body is not None and body.start < area.start and area.end <= body.end


def _of_another(text: str, said: Said, area: Named, start: int) -> bool:
    """Whether an area in brackets is of an organisation before the one that a place is about: "A (quận B) …, C …"."""
    bracketed = text[area.start - 1 : area.start] == "(" and text[area.end : area.end + 1] == ")"
    return bracketed and said.organisations.first_within(area.end, start) is not None
