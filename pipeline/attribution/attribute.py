"""Attribute movements and figures: by the sentence first, then by the sentences before it, then by the opening."""

from __future__ import annotations

import itertools
import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, Final, NamedTuple

from pipeline.attribution.actors import front_of
from pipeline.attribution.article import NATIONWIDE, ArticleSays
from pipeline.attribution.days import days_of
from pipeline.attribution.roles import Role, roles_of
from pipeline.attribution.said import Mentions, Named, Said
from pipeline.records import AttributionRule, BackReference, Figure, Movement, Sentence, Setting

_LINKING: Final = re.compile(
    r"(?:trong|từ|hưởng ứng|thuộc|thực hiện|tham gia|đăng ký|qua|của)(?: khuôn khổ)?"
    r"(?: các| phong trào| cuộc vận động| chương trình| thi đua){0,3}\s*[\"“'‘]?$"
)
LINK_CHARACTERS: Final = 60  # how far back the linking word before a movement is looked for
# "94 sáng kiến từ phong trào …", "14.377 công đoàn cơ sở đăng ký …": nothing but the noun and the link stands between
CLOSE_CHARACTERS: Final = 40
_PARTED: Final = re.compile(r"[,;:()\d]|\b(?:và|được|đã|cho)\b")
# "do Tổng LĐLĐ Việt Nam phát động", "được Công đoàn Viên chức Thành phố quan tâm triển khai"
_BY: Final = re.compile(r"[”\"’»]?(?:…|\.\.\.|,)?\s(?:cũng\s)?(?:do|được)\s(?:Ban Chấp hành |Ban Thường vụ )?$")
BY_CHARACTERS: Final = 40
# "Tính đến nay, …", "Sáng 20/11, …", "Hiện có …": a sentence with a time of its own
_NOW: Final = re.compile(
    r"\b(?:đến nay|hiện|hiện nay|hôm|sáng|chiều|tối|ngày \d{1,2}|vừa qua|mới đây|sau|trước đó|trước đây|sắp tới)\b",
    re.IGNORECASE,
)
FRONT_CHARACTERS: Final = 48  # of a sentence in which its own time stands
_AHEAD: Final = re.compile(r"\b(?:phấn đấu|mục tiêu|sẽ|dự kiến|chỉ tiêu|hướng tới)\b", re.IGNORECASE)
AHEAD_CHARACTERS: Final = 400
_NEXT: Final = re.compile(r"(?:,| và|, và)\s(?:hơn |gần |khoảng |trên )?")
_WENT_TO: Final = re.compile(r"(?<![0-9.,])[0-9][0-9.,]{0,20}\s[^;,()]{1,60}\s(?:cho|tại|ở)\s$")
_GOES_TO: Final = re.compile(r"(?<![0-9.,])[0-9][0-9.,]{0,20}\s[^;,()0-9]{1,40}\s(?:cho|tại|ở)\s")
GOES_TO_CHARACTERS: Final = 80
_ORGANISERS: Final = re.compile(r"\W{0,3}(?:Ban tổ chức|Ban Tổ chức|Ban giám khảo|Ban Giám khảo)\b")
BRACKET_CHARACTERS: Final = 120
AFTER_CHARACTERS: Final = 60  # between a figure and the period after it
_IN: Final = re.compile(r"\b(?:trong|của|giai đoạn)(?: cả)?\s$")
_OTHER: Final = re.compile(r",|\bvà\b")
_BESIDE: Final = re.compile(r"\s(?:(?:trong|vào|hồi|của)\s)?(?:cả\s)?|\s?\(")  # nothing else between figure and period
_OF_A_PLAN: Final = re.compile(r"%\s(?:so với\s)?(?:kế hoạch|chỉ tiêu|dự toán|nghị quyết|KH)\s(?:của\s)?(?:cả\s)?$")
PLAN_CHARACTERS: Final = 40
# "toàn huyện có 18 xã …", "Ngoài ra, hơn 100 doanh nghiệp …": whom the article opened with does not act there
_ALL_AREA: Final = re.compile(r"\btoàn (?:tỉnh|huyện|quận|xã|phường|thị xã|thành phố|tỉnh thành)\b", re.IGNORECASE)
ALL_AREA_CHARACTERS: Final = 160
_COUNTED_ACT: Final = re.compile(
    r"[\s(–-]{0,4}(?:\w{1,8}(?:\s\w{1,8}){0,3},\s)?(?:hiện |đã |còn |cũng ){0,2}(?:có )?(?:hơn |gần |khoảng |trên )?"
    r"[0-9][0-9.,]{0,9}(?:/[0-9]{1,6})?\s"
    r"(?:doanh nghiệp|công ty|cty|DN|nhà máy|hộ|xã|phường|huyện|quận|tỉnh|địa phương)\b",
    re.IGNORECASE,
)
_TOGETHER: Final = re.compile(r",\s(?:và\s)?|\s(?:và|cùng|cùng với)\s")
MANY: Final = 3  # organisations named together, of whom none is the one that a figure is reported for
_TIMES: Final = re.compile(r"\b(?:gấp|lần|so với|hơn|bằng|mức)\b")
_AGE: Final = "tuổi"  # of a person, reported for nobody
_ACROSS: Final = ("tỉnh", "quốc gia", "nước", "địa phương")  # what is counted across provinces is in none of them


class Told(NamedTuple):
    """What was found, and by which rule; both None where the text does not say."""

    named: Named | None
    rule: AttributionRule | None


_UNTOLD: Final = Told(None, None)


def attribute(
    text: str,
    sentences: Sequence[Sentence],
    movements: Sequence[Movement],
    back_references: Sequence[BackReference],
    figures: Sequence[Figure],
    setting: Setting,
) -> tuple[tuple[Movement, ...], tuple[Figure, ...]]:
    """Return the movements and figures with what the text says they are reported for, and the rule that told.

    Linear in the length of the text. Nothing is guessed: what no rule tells stays None.

    Args:
        sentences: with their entities (`pipeline.entities.find_entities`).
        setting: day of publication and place of the dateline.
    """
    says = ArticleSays(text, sentences, [*movements, *back_references], setting)
    roles = {figure.start: role for figure, role in _roles(says, figures)}
    return (
        tuple(_movement(says, movement) for movement in movements),
        tuple(_figure(says, figure, roles[figure.start]) for figure in figures),
    )


def _roles(says: ArticleSays, figures: Sequence[Figure]) -> Iterator[tuple[Figure, Role]]:
    for number, group in itertools.groupby(figures, key=lambda figure: figure.sentence):
        together = list(group)
        yield from zip(together, roles_of(says.text, says.sentence(number), together), strict=True)


def _movement(says: ArticleSays, movement: Movement) -> Movement:
    said = says.sentence(movement.sentence)
    agent = _agent(says.text, said, movement)
    runs = Told(agent, "agent") if agent else _runs(says, said, movement)
    place = _place(says, movement.sentence, movement.start, runs)
    return replace(movement, **_who_and_where(runs, place))


def _who_and_where(runs: Told, place: Told) -> dict[str, Any]:
    """Return the fields of organisation and place that movements and figures share."""
    organisation, area = runs.named, place.named
    return {
        "organisation": organisation.text if organisation else None,
        "organisation_name": organisation.name if organisation and organisation.told else None,
        "organisation_rule": runs.rule,
        "place": area.text if area else None,
        "place_rule": place.rule,
        "province_63": area.province_63 if area else None,
        "province_34": area.province_34 if area else None,
    }


def _agent(text: str, said: Said, movement: Movement) -> Named | None:
    """Return the organisation that "do … phát động" or "được … triển khai" after a name gives."""
    at = bisect_left(said.organisations.starts, movement.end)
    if at == len(said.organisations.all):
        return None
    first = said.organisations.all[at]
    near = first.start - movement.end <= BY_CHARACTERS
    return first if near and _BY.fullmatch(text, movement.end, first.start) else None


def _runs(says: ArticleSays, said: Said, movement: Movement) -> Told:
    """Return who runs a movement: after one in front of the sentence ("Hưởng ứng “…”, LĐLĐ tỉnh X …"), else before.

    Nobody runs one in brackets, where it only explains another word.
    """
    opened = says.text.rfind("(", max(said.start, movement.start - BRACKET_CHARACTERS), movement.start)
    if opened >= 0 and ")" not in says.text[opened : movement.start]:
        return _UNTOLD
    front_end = front_of(says.text, said.start, said.end)
    if movement.end <= front_end:
        after = said.organisations.first_within(front_end, said.end)
        return Told(after, "sentence") if after and after.start - front_end <= 1 else _UNTOLD
    return _organisation(says, movement.sentence, movement.start)


def _figure(says: ArticleSays, figure: Figure, role: Role) -> Figure:
    said, unit = says.sentence(figure.sentence), (figure.unit or "").casefold()
    aged = unit == _AGE
    runs = _UNTOLD if aged else _organisation(says, figure.sentence, figure.start)
    place = _UNTOLD if aged or unit.startswith(_ACROSS) else _place(says, figure.sentence, figure.start, runs)
    period = _period(says, figure)
    movement, movement_rule = _movement_of(says, said, figure)
    days = days_of(says.text, period.named.start, period.named.end, says.setting.on) if period.named else None
    return replace(
        figure,
        **_who_and_where(runs, place),
        movement_id=movement,
        movement_rule=movement_rule,
        period=period.named.text if period.named else None,
        period_rule=period.rule,
        period_start=days.start if days else None,
        period_end=days.end if days else None,
        role=role.name,
        role_words=role.words,
    )


def _organisation(says: ArticleSays, number: int, start: int) -> Told:
    """Return who acts or reports: before a place in its sentence, else in the sentences before, else in the opening.

    A sentence that names another one only after the place leaves it open: the text speaks of that one by now.
    """
    said = says.sentence(number)
    if said.law:
        return _UNTOLD
    if said.organisations.all:
        named = said.last_before(said.organisations, start)
        named = _leading(says.text, said.organisations, named) if named else None
        return Told(named, "sentence") if named else _UNTOLD
    if NATIONWIDE.search(says.text, said.start, said.end):
        return _UNTOLD
    earlier = () if _ORGANISERS.match(says.text, said.start, said.end) else says.earlier(number)
    for before in earlier:
        if before.organisations.all:
            only = before.organisations.only()
            return Told(only, "line") if only else _UNTOLD
    opening = says.opening_organisation
    if opening is None or said.areas.all:  # "Riêng xã …": what follows is that place's own
        return _UNTOLD
    front = max(said.start, start - ALL_AREA_CHARACTERS)
    others = _ALL_AREA.search(says.text, front, start) or _COUNTED_ACT.match(says.text, said.start, said.end)
    return Told(opening, "opening") if said.others <= {opening.name} and not others else _UNTOLD


def _leading(text: str, named: Mentions, last: Named) -> Named | None:
    """Return the first of two that are named together ("Sở Y tế và LĐLĐ tỉnh X trao …"); of more, none."""
    last_at = bisect_left(named.starts, last.start)
    for at in range(last_at, last_at - MANY, -1):
        if not at or not _TOGETHER.fullmatch(text, named.all[at - 1].end, named.all[at].start):
            return named.all[at] if last_at - at < MANY - 1 else None
    return None


def _place(says: ArticleSays, number: int, start: int, runs: Told) -> Told:
    """Return the area of a figure or movement.

    It is that in the name of who acts, the only one of the sentence, the last before the place, that of the sentences
    before, of the opening or of the dateline, whichever there is first.
    """
    said = says.sentence(number)
    if said.law:
        return _UNTOLD
    if said.areas.all:
        own = runs.rule == "sentence" and runs.named and said.areas.first_within(runs.named.start, runs.named.end)
        area = own or said.areas.only() or said.last_before(said.areas, start)
        if area and area is not own and _of_the_one_before(says.text, said, area, start):
            area = _behind(says.text, said, start)
        return Told(area, "sentence") if area and not _of_another(says.text, said, area, start) else _UNTOLD
    if said.elsewhere or NATIONWIDE.search(says.text, said.start, said.end):
        return _UNTOLD
    for before in says.earlier(number):
        if before.areas.all:
            only = before.areas.only()
            passing = only is not None and only.venue and only.start - before.start > FRONT_CHARACTERS
            return Told(only, "line") if only and not passing else _UNTOLD
    opening = says.opening_area
    if opening is not None:
        elsewhere = runs.named is not None and runs.named.province_34 not in (None, opening.province_34)
        return _UNTOLD if elsewhere or not says.speaks_of(opening, number) else Told(opening, "opening")
    return Told(says.dateline, "dateline") if says.dateline else _UNTOLD


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


def _of_another(text: str, said: Said, area: Named, start: int) -> bool:
    """Whether an area in brackets is of an organisation before the one that a place is about: "A (quận B) …, C …"."""
    bracketed = text[area.start - 1 : area.start] == "(" and text[area.end : area.end + 1] == ")"
    return bracketed and said.organisations.first_within(area.end, start) is not None


def _period(says: ArticleSays, figure: Figure) -> Told:
    """Return the period before a figure in its clause, or right after it, or in front of the sentence before."""
    said = says.sentence(figure.sentence)
    after = _period_after(says.text, said, figure)
    beside = after if after and _BESIDE.fullmatch(says.text, figure.end, after.start) else None
    named = beside or _period_before(says.text, said, figure) or after
    if named:
        return Told(named, "sentence")
    if said.periods.all or _NOW.search(says.text, said.start, min(said.end, said.start + FRONT_CHARACTERS)):
        return _UNTOLD
    for before in says.earlier(figure.sentence):
        if before.periods.all:
            only = before.periods.only()
            told = (
                only
                and only.start - before.start <= FRONT_CHARACTERS
                and not _AHEAD.search(says.text, before.start, min(before.end, before.start + AHEAD_CHARACTERS))
            )
            return Told(only, "line") if told else _UNTOLD
    return _UNTOLD


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
        return after
    if said.periods.only_within(figure.end, said.clause(figure.start)[1]) is None:
        return None
    between = text[figure.end : min(after.start, figure.end + AFTER_CHARACTERS + 1)]
    if len(between) > AFTER_CHARACTERS or _TIMES.search(between) or between.endswith("("):
        return None
    return after if _IN.search(between) or not _OTHER.search(between) else None


def _movement_of(says: ArticleSays, said: Said, figure: Figure) -> tuple[str | None, AttributionRule | None]:
    """Return the movement that a figure is linked to close behind it, else the only one named before it in its clause.

    With none before it, the only one after it in the clause, when it is linked to it however far.
    """
    clause_start, clause_end = said.clause(figure.start)
    after = said.movements.only_within(figure.end, clause_end)
    if after is not None and not _LINKING.search(
        says.text[max(figure.end, after.start - LINK_CHARACTERS) : after.start]
    ):
        after = None
    if said.movements.first_within(clause_start, figure.start):
        between = says.text[figure.end : after.start] if after else ""
        if after and len(between) <= CLOSE_CHARACTERS and not _PARTED.search(between):
            return after.name, "linked"
        before = said.movements.only_within(clause_start, figure.start)
        if before is None:
            return None, None
        return before.name, "back_reference" if before.start in says.referring else "sentence"
    return (after.name, "linked") if after else (None, None)
