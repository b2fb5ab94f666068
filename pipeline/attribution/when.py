"""When a figure is reported for: the period beside it, before it, or in front of the sentences before."""

from __future__ import annotations

import re
from typing import Final

from pipeline.attribution.article import UNTOLD, ArticleSays, Told
from pipeline.attribution.mentions import Named
from pipeline.attribution.periods import FRONT_CHARACTERS
from pipeline.attribution.said import Said
from pipeline.attribution.small_letters import of_small_letters
from pipeline.records import Figure

_YEAR_IN_FRONT: Final = re.compile(
    r"\b(?:so với|cùng kỳ)\s(?:cùng kỳ )?"
    r"((?:học kỳ [IV12]{1,2} )?năm (?:học )?(?:19|20)[0-9]{2}(?:\s?[-–]\s?(?:19|20)[0-9]{2})?)"
    r"\s\((?:hơn |gần |khoảng |trên )?$"
)
COMPARED_CHARACTERS: Final = 64
# "…; dịp Tết Nguyên đán tặng 776 phần quà": another time than that of the sentence before
_OWN_TIME: Final = of_small_letters(r"\bdịp\s(?:tết|lễ|kỷ niệm|ngày|tháng)\b")
_OCCASION: Final = "dịp"
OWN_TIME_CHARACTERS: Final = 120
_AHEAD: Final = re.compile(r"\b(?:phấn đấu|mục tiêu|sẽ|dự kiến|chỉ tiêu|hướng tới)\b", re.IGNORECASE)
AHEAD_CHARACTERS: Final = 400
BRACKET_CHARACTERS: Final = 120
AFTER_CHARACTERS: Final = 60  # between a figure and the period after it
_IN: Final = re.compile(r"\b(?:trong|của|giai đoạn)(?: cả)?\s$")
_OTHER: Final = re.compile(r",|\bvà\b")
_BESIDE: Final = re.compile(r"\s(?:(?:trong|vào|hồi|của)\s)?(?:cả\s)?|\s?\(")  # nothing else between figure and period
# "còn 0,9% (năm học 2020-2021 là 3%)": the period of the next figure
_OF_THE_NEXT: Final = re.compile(r"(?::\s?|,?\s(?:là|chỉ|còn|đạt|có|chiếm|ở mức)\s)[^()]{0,60}[0-9]")
_OF_A_PLAN: Final = re.compile(r"%\s(?:so với\s)?(?:kế hoạch|chỉ tiêu|dự toán|nghị quyết|KH)\s(?:của\s)?(?:cả\s)?$")
PLAN_CHARACTERS: Final = 40
_TIMES: Final = re.compile(r"\b(?:gấp|lần|so với|hơn|bằng|mức)\b")


def period_of(says: ArticleSays, figure: Figure) -> Told:
    """Return the period before a figure in its clause, or right after it, or in front of the sentence before."""
    said = says.sentence(figure.sentence)
    named = _compared(says.text, said, figure) or _period_in_sentence(says.text, said, figure)
    if named:
        return Told(named, "sentence")
    if said.periods.all or said.timed:
        return UNTOLD
    if _has_own_time(says.small, max(said.start, figure.start - OWN_TIME_CHARACTERS), figure.start):
        return UNTOLD
    for before in says.earlier(figure.sentence):
        if before.periods.all:
            only = before.periods.only()
            told = (
                only
                and only.start - before.start <= FRONT_CHARACTERS
                and not _AHEAD.search(says.text, before.start, min(before.end, before.start + AHEAD_CHARACTERS))
            )
            return Told(only, "line") if told else UNTOLD
    return UNTOLD


def _period_in_sentence(text: str, said: Said, figure: Figure) -> Named | None:
    """Return the period of the sentence that a figure is of: the one beside it, before it, or after it."""
    if not said.periods.all:
        return None
    after = _period_after(text, said, figure)
    if after and _BESIDE.fullmatch(text, figure.end, after.start):
        return after
    return _period_before(text, said, figure) or after


def _has_own_time(small: str, start: int, end: int) -> bool:
    """Whether small[start:end], in small letters, tells an occasion of its own, as few sentences do."""
    return _OCCASION in small[start:end] and _OWN_TIME.search(small, start, end) is not None


def _compared(text: str, said: Said, figure: Figure) -> Named | None:
    """Return the year that a figure in brackets is compared with: "tăng 2,1% so với năm 2014 (516.483 người)"."""
    if text[figure.end : figure.end + 1] != ")":
        return None
    year = _YEAR_IN_FRONT.search(text, max(said.start, figure.start - COMPARED_CHARACTERS), figure.start)
    if year is None:
        return None
    return Named(year.start(1), year.end(1), year[1], year[1])


def _period_before(text: str, said: Said, figure: Figure) -> Named | None:
    """Return the last period before a figure in its clause, or the one in front of the sentence."""
    count = said.periods.before(figure.start)
    last = next((one for one in said.periods.all[max(0, count - 2) : count][::-1] if _holds(text, one, figure)), None)
    if last is None:
        return None
    if last.start >= said.clause(figure.start)[0]:
        return last
    return last if count == 1 and last.start - said.start <= FRONT_CHARACTERS else None


def _holds(text: str, period: Named, figure: Figure) -> bool:
    """Whether a period before a figure is still its own: not that of a plan, nor one inside brackets that have closed.

    "đạt 73% kế hoạch năm 2014, chi trả 910 tỷ đồng", "(năm 2022: 12 vụ), làm 3 người": but "dân số (năm 2016) là …".
    """
    if _OF_A_PLAN.search(text, max(0, period.start - PLAN_CHARACTERS), period.start):
        return False
    opened = text.rfind("(", max(0, period.start - BRACKET_CHARACTERS), period.start)
    closed = text.find(")", opened, figure.start) if opened >= 0 else -1
    alone = closed == period.end and opened == period.start - 1
    return closed < period.end or alone


def _period_after(text: str, said: Said, figure: Figure) -> Named | None:
    """Return the period that follows a figure: "có 120 sáng kiến trong năm 2023"."""
    after = said.periods.first_within(figure.end, said.clause(figure.start)[1])
    if after is None:
        return None
    if _BESIDE.fullmatch(text, figure.end, after.start):
        bracketed = text.startswith("(", after.start - 1)
        return None if bracketed and _OF_THE_NEXT.match(text, after.end, said.end) else after
    if said.periods.only_within(figure.end, said.clause(figure.start)[1]) is None:
        return None
    between = text[figure.end : min(after.start, figure.end + AFTER_CHARACTERS + 1)]
    if len(between) > AFTER_CHARACTERS or _TIMES.search(between) or between.endswith("("):
        return None
    return after if _IN.search(between) or not _OTHER.search(between) else None
