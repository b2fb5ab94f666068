"""Attribute movements and figures: by the sentence first, then by the sentences before it, then by the opening."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final, NamedTuple

from pipeline.attribution.article import ArticleSays
from pipeline.attribution.periods import days_of
from pipeline.attribution.roles import role_of
from pipeline.attribution.said import Mentions, Named, Said
from pipeline.schema import AttributionRule, BackReference, Figure, Movement, Sentence, Setting

_LINKING: Final = re.compile(
    r"(?:trong|từ|hưởng ứng|thuộc|thực hiện|tham gia|qua|của)(?: khuôn khổ)?"
    r"(?: các| phong trào| cuộc vận động| chương trình| thi đua){0,3}\s*[\"“'‘]?$"
)
LINK_CHARACTERS: Final = 60  # how far back the linking word before a movement is looked for
# "do Tổng LĐLĐ Việt Nam phát động", "được Công đoàn Viên chức Thành phố quan tâm triển khai"
_BY: Final = re.compile(r"[”\"’»]?,?\s(?:cũng\s)?(?:do|được)\s(?:Ban Chấp hành |Ban Thường vụ )?$")
BY_CHARACTERS: Final = 40


class Told(NamedTuple):
    """What was found, and by which rule; both None where the text does not say."""

    named: Named | None
    rule: AttributionRule | None


# a paper's opening that names a ministry or a company does not make it the subject of all that follows
_NOT_THROUGHOUT: Final = frozenset(
    {"state", "party", "company", "cooperative", "school", "hospital", "facility", "bank", "press", "fund"}
)
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
    return (
        tuple(_movement(says, movement) for movement in movements),
        tuple(_figure(says, figure) for figure in figures),
    )


def _movement(says: ArticleSays, movement: Movement) -> Movement:
    said = says.sentence(movement.sentence)
    agent = _agent(says.text, said, movement)
    runs = Told(agent, "agent") if agent else _told(says, movement.sentence, movement.start, _organisations)
    place = _place(says, movement.sentence, movement.start)
    organisation, area = runs.named, place.named
    return replace(
        movement,
        organisation=organisation.text if organisation else None,
        organisation_name=organisation.name if organisation else None,
        organisation_rule=runs.rule,
        place=area.text if area else None,
        place_rule=place.rule,
        province_63=area.province_63 if area else None,
        province_34=area.province_34 if area else None,
    )


def _agent(text: str, said: Said, movement: Movement) -> Named | None:
    """Return the organisation that "do … phát động" or "được … triển khai" after a name gives."""
    at = bisect_left(said.organisations.starts, movement.end)
    if at == len(said.organisations.all):
        return None
    first = said.organisations.all[at]
    near = first.start - movement.end <= BY_CHARACTERS
    return first if near and _BY.fullmatch(text, movement.end, first.start) else None


def _figure(says: ArticleSays, figure: Figure) -> Figure:
    said = says.sentence(figure.sentence)
    runs = _told(says, figure.sentence, figure.start, _organisations)
    place = _place(says, figure.sentence, figure.start)
    period = _period(says, figure)
    movement, movement_rule = _movement_of(says, said, figure)
    days = days_of(says.text, period.named.start, period.named.end, says.setting.on) if period.named else None
    role, role_words = role_of(says.text, said, figure)
    organisation, area = runs.named, place.named
    return replace(
        figure,
        movement_id=movement,
        movement_rule=movement_rule,
        organisation=organisation.text if organisation else None,
        organisation_name=organisation.name if organisation else None,
        organisation_rule=runs.rule,
        place=area.text if area else None,
        place_rule=place.rule,
        province_63=area.province_63 if area else None,
        province_34=area.province_34 if area else None,
        period=period.named.text if period.named else None,
        period_rule=period.rule,
        period_start=days.start if days else None,
        period_end=days.end if days else None,
        role=role,
        role_words=role_words,
    )


def _organisations(said: Said) -> Mentions:
    return said.organisations


def _areas(said: Said) -> Mentions:
    return said.areas


def _told(says: ArticleSays, number: int, start: int, mentions: Callable[[Said], Mentions]) -> Told:
    """Return the organisation before a place in its sentence, or of the sentences before, or of the opening.

    A sentence that names another one only after the place leaves it open: the text speaks of that one by now.
    """
    said = says.sentence(number)
    own = mentions(said)
    if own.all:
        named = said.last_before(own, start)
        return Told(named, "sentence") if named else _UNTOLD
    for before in says.earlier(number):
        if mentions(before).all:
            only = mentions(before).only()
            return Told(only, "line") if only else _UNTOLD
    opening = says.opening(mentions.__name__, mentions)
    elsewhere = mentions is _organisations and said.areas.all  # "Riêng xã …": what follows is that place's own
    fits = opening and opening.kind not in _NOT_THROUGHOUT and not elsewhere
    return Told(opening, "opening") if fits else _UNTOLD


def _place(says: ArticleSays, number: int, start: int) -> Told:
    """Return the area of a figure or movement: the only one of its sentence, else as `_told`, else the dateline's."""
    only = says.sentence(number).areas.only()
    if only is not None:
        return Told(only, "sentence")
    told = _told(says, number, start, _areas)
    if told.named or says.sentence(number).areas.all:
        return told
    dateline = says.dateline()
    return Told(dateline, "dateline") if dateline else _UNTOLD


def _period(says: ArticleSays, figure: Figure) -> Told:
    said = says.sentence(figure.sentence)
    named = said.periods.only() or said.last_before(said.periods, figure.start)
    if named:
        return Told(named, "sentence")
    if said.periods.all:
        return _UNTOLD
    for before in says.earlier(figure.sentence):
        if before.periods.all:
            only = before.periods.only()
            return Told(only, "line") if only else _UNTOLD
    return _UNTOLD


def _movement_of(says: ArticleSays, said: Said, figure: Figure) -> tuple[str | None, AttributionRule | None]:
    """Return the only movement named before the figure in its clause, or the only one linked to it after it."""
    clause_start, clause_end = said.clause(figure.start)
    before = said.movements.within(clause_start, figure.start)
    if before:
        if len({movement.name for movement in before}) > 1:
            return None, None
        named = any(movement.start not in says.referring for movement in before)
        return before[0].name, "sentence" if named else "back_reference"
    after = said.movements.within(figure.end, clause_end)
    if len({movement.name for movement in after}) != 1:
        return None, None
    first = after[0].start
    linked = _LINKING.search(says.text[max(figure.end, first - LINK_CHARACTERS) : first])
    return (after[0].name, "linked") if linked else (None, None)
