"""Which movement, organisation, place and period a figure is reported for: rules that look at its own sentence only."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from pipeline.schema import Movement, Sentence

_UPPER: Final = "A-ZÀ-ÖØ-ÝĂĐĨŨƠƯẠẢẤẦẨẪẬẮẰẲẴẶẸẺẼẾỀỂỄỆỈỊỌỎỐỒỔỖỘỚỜỞỠỢỤỦỨỪỬỮỰỲỴỶỸ"
_NAME: Final = rf"[{_UPPER}][\w&.-]{{0,30}}(?<![.-])"
_PROPER: Final = rf"{_NAME}(?:[ \u00a0]{{1,2}}(?:-[ ])?{_NAME}){{0,6}}"
_AREA: Final = r"(?:tỉnh|thành phố|TP\.?|huyện|quận|thị xã|thị trấn|xã|phường|đặc khu)"

_PLACE: Final = re.compile(rf"(?<!\w)(?:{_AREA}|Tỉnh|Thành phố|Huyện|Quận|Thị xã|Xã|Phường)[ \u00a0]{{0,2}}{_PROPER}")
_BODY: Final = "|".join(
    head.replace(" ", "[ ]")
    for head in (
        "Tổng Liên đoàn Lao động|Tổng LĐLĐ|Liên đoàn Lao động|LĐLĐ|Công đoàn cơ sở|Công đoàn ngành|Công đoàn|CĐCS|CĐ",
        "Nghiệp đoàn|Hội Liên hiệp Phụ nữ|Hội Phụ nữ|Hội Nông dân|Hội Cựu chiến binh|Hội Chữ thập đỏ|Ủy ban MTTQ",
        "Ủy ban nhân dân|UBND|MTTQ|Đoàn Thanh niên|Công ty cổ phần|Công ty TNHH MTV|Công ty TNHH|Công ty|Tập đoàn",
        "Tổng công ty|Nhà máy|Bệnh viện|Trường Tiểu học|Trường Trung học|Trường Đại học|Trường Cao đẳng|Trường Mầm non",
        "Trường THPT|Trường THCS|Trường|Sở|Ngân hàng",
    )
)
_INSIDE: Final = rf"(?:Khu công nghiệp|Khu kinh tế|các Khu công nghiệp|các KCN|Viên chức|Việt Nam|{_AREA})".replace(
    " ", "[ ]"
)
# A head alone ("công đoàn", "công ty") names nobody: a proper name must follow.
_ORGANISATION: Final = re.compile(
    rf"(?<!\w)(?<!Ấm )(?<!ấm )(?:{_BODY})(?:[ \u00a0]{_INSIDE}){{0,2}}[ \u00a0]{_PROPER}(?:[ ]{_AREA}[ ]{_PROPER})?"
)
_YEAR: Final = r"(?:19|20)[0-9]{2}"
_PERIOD: Final = re.compile(
    rf"""(?<!\w)(?i:
    (?:nhiệm[ ]kỳ|giai[ ]đoạn|năm[ ]học|thời[ ]kỳ|chặng|kỳ)[ ]{_YEAR}[ ]?[-–][ ]?{_YEAR}
    |(?:[0-9]{{1,2}}[ ]tháng|nửa|quý[ ][IVX0-9]{{1,3}})(?:[ ](?:đầu|cuối)[ ]năm)?[ ,]{{0,2}}(?:năm[ ])?{_YEAR}
    |[0-9]{{1,2}}[ ]tháng[ ](?:đầu|cuối)[ ]năm
    |tháng[ ][0-9]{{1,2}}(?:[ ]?[/-][ ]?{_YEAR}|[ ]năm[ ]{_YEAR})
    |quý[ ](?:[IVX]{{1,3}}|[1-4])
    |năm[ ]{_YEAR}(?:[ ]?[-–][ ]?{_YEAR})?
    |[0-9]{{1,2}}[ ]năm[ ]qua
    |năm[ ](?:qua|nay|ngoái)
    |nhiệm[ ]kỳ[ ]qua
    )(?!\w)""",
    re.VERBOSE,
)
_LINKING: Final = re.compile(
    r"(?:trong|từ|hưởng ứng|thuộc|thực hiện|tham gia|qua|của)(?: khuôn khổ)?"
    r"(?: các| phong trào| cuộc vận động| chương trình| thi đua){0,3}\s*[\"“'‘]?$"
)
CLAUSE_ENDS: Final = ";"
LINK_CHARACTERS: Final = 60  # how far back the linking word before a movement is looked for


@dataclass(frozen=True, slots=True)
class Attribution:
    """What one figure is reported for; None where its sentence does not say. All but `movement_id` as printed."""

    movement_id: str | None
    organisation: str | None
    place: str | None
    period: str | None


def attribute(text: str, sentence: Sentence, start: int, end: int, movements: Sequence[Movement]) -> Attribution:
    """Return what the figure text[start:end] of a sentence is reported for; `movements` are the sentence's own."""
    printed = text[sentence.start : sentence.end]
    figure_start, figure_end = start - sentence.start, end - sentence.start
    return Attribution(
        movement_id=_movement(text, sentence, start, end, movements),
        organisation=_nearest(printed, _ORGANISATION, figure_start, figure_end, only_before=True),
        place=_nearest(printed, _PLACE, figure_start, figure_end),
        period=_nearest(printed, _PERIOD, figure_start, figure_end),
    )


def _movement(text: str, sentence: Sentence, start: int, end: int, movements: Sequence[Movement]) -> str | None:
    """Return the only movement named before the figure in its clause, or the only one linked to it after it."""
    clause_start = text.rfind(CLAUSE_ENDS, sentence.start, start) + 1 or sentence.start
    clause_end = text.find(CLAUSE_ENDS, end, sentence.end)
    clause_end = sentence.end if clause_end < 0 else clause_end
    before = {m.movement_id for m in movements if clause_start <= m.start and m.end <= start}
    if before:
        return before.pop() if len(before) == 1 else None
    after = [m for m in movements if end <= m.start and m.end <= clause_end]
    if len({m.movement_id for m in after}) != 1:
        return None
    link = text[max(end, after[0].start - LINK_CHARACTERS) : after[0].start]
    return after[0].movement_id if _LINKING.search(link) else None


def _nearest(printed: str, pattern: re.Pattern[str], start: int, end: int, only_before: bool = False) -> str | None:
    """Return the only match of the sentence, else the last one before the figure in its clause, else None.

    With `only_before` a match after the figure does not count: what follows a sum is who gets it.
    """
    found = [match for match in pattern.finditer(printed) if not (match.start() < end and match.end() > start)]
    if only_before:
        found = [match for match in found if match.end() <= start]
    if len({match.group() for match in found}) == 1:
        return found[0].group()
    clause_start = printed.rfind(CLAUSE_ENDS, 0, start) + 1
    before = [match for match in found if clause_start <= match.start() and match.end() <= start]
    return before[-1].group() if before else None
