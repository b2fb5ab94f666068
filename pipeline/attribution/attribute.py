"""Attribute movements and figures: by the sentence first, then by the sentences before it, then by the opening."""

from __future__ import annotations

import itertools
import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import Any, Final

from pipeline.attribution.actors import front_of
from pipeline.attribution.article import UNTOLD, ArticleSays, Told
from pipeline.attribution.days import Days, days_of
from pipeline.attribution.links import movement_of
from pipeline.attribution.mentions import Named
from pipeline.attribution.roles import Role, roles_of
from pipeline.attribution.said import Said
from pipeline.attribution.when import period_of
from pipeline.attribution.where import place_of
from pipeline.attribution.whose import organisation_of
from pipeline.records import BackReference, Figure, Movement, Sentence, Setting
from pipeline.syllables import Spelt

# "do Tổng LĐLĐ Việt Nam phát động", "được Công đoàn Viên chức Thành phố quan tâm triển khai"
_BY: Final = re.compile(r"[”\"’»]?(?:…|\.\.\.|,)?\s(?:cũng\s)?(?:do|được)\s(?:Ban Chấp hành |Ban Thường vụ )?$")
BY_CHARACTERS: Final = 40
BRACKET_CHARACTERS: Final = 120
# "700 người lao động được tư vấn": what somebody did for them
_UNDERGO: Final = re.compile(r"\s(?:[^\s\d.,;:()]{1,12}\s){0,6}được\b")
UNDERGO_CHARACTERS: Final = 80
_ONLY_SO: Final = ("có", "là", "với", "chiếm", "còn", "lên", "đạt", "gồm", "bao gồm", "nhận", "giá", "chi phí")
_AGE: Final = "tuổi"  # of a person, reported for nobody
_ACROSS: Final = ("tỉnh", "quốc gia", "nước", "địa phương")  # what is counted across provinces is in none of them


def attribute(
    text: str,
    sentences: Sequence[Sentence],
    movements: Sequence[Movement],
    back_references: Sequence[BackReference],
    figures: Sequence[Figure],
    setting: Setting,
    spelt: Spelt | None = None,
) -> tuple[tuple[Movement, ...], tuple[Figure, ...]]:
    """Return the movements and figures with what the text says they are reported for, and the rule that told.

    Linear in the length of the text. Nothing is guessed: what no rule tells stays None.

    Args:
        sentences: with their entities (`pipeline.entities.find_entities`).
        setting: day of publication and place of the dateline.
        spelt: the text, where others read its syllables too.
    """
    says = ArticleSays(text, sentences, [*movements, *back_references], setting)
    roles = {figure.start: role for figure, role in _roles(says, spelt or Spelt(text), figures)}
    return (
        tuple(_movement(says, movement) for movement in movements),
        tuple(_figure(says, figure, roles[figure.start]) for figure in figures),
    )


def _roles(says: ArticleSays, spelt: Spelt, figures: Sequence[Figure]) -> Iterator[tuple[Figure, Role]]:
    for number, group in itertools.groupby(figures, key=lambda figure: figure.sentence):
        together = list(group)
        yield from zip(together, roles_of(spelt, says.sentence(number), together), strict=True)


def _movement(says: ArticleSays, movement: Movement) -> Movement:
    said = says.sentence(movement.sentence)
    agent = _agent(says.text, said, movement)
    runs = Told(agent, "agent") if agent else _runs(says, said, movement)
    place = place_of(says, movement.sentence, movement.start, runs)
    return movement._replace(**_who_and_where(runs, place))


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
        return UNTOLD
    front_end = front_of(says.text, said.start, said.end)
    if movement.end <= front_end:
        after = said.organisations.first_within(front_end, said.end)
        return Told(after, "sentence") if after and after.start - front_end <= 1 else UNTOLD
    return organisation_of(says, movement.sentence, movement.start)


def _is_done(text: str, figure: Figure, role: Role) -> bool:
    """Whether the words beside a figure say that somebody did it, wants it or gave it, and not only that it is so."""
    if figure.kind == "duration":
        return False
    if _UNDERGO.match(text, figure.end, figure.end + UNDERGO_CHARACTERS):
        return True
    return role.name not in (None, "increase", "decrease") and (role.words or "").casefold() not in _ONLY_SO


def _is_ahead(says: ArticleSays, period: Told, days: Days) -> bool:
    """Whether a figure's own period begins after the day of publication: nobody has reached anything in it."""
    on = says.setting.on
    return on is not None and period.rule == "sentence" and days.start is not None and days.start > on


def _figure(says: ArticleSays, figure: Figure, role: Role) -> Figure:
    said, unit = says.sentence(figure.sentence), (figure.unit or "").casefold()
    aged = unit == _AGE
    runs = UNTOLD if aged else organisation_of(says, figure.sentence, figure.start)
    place = UNTOLD if aged or unit.startswith(_ACROSS) else place_of(says, figure.sentence, figure.start, runs)
    period = period_of(says, figure)
    movement, movement_rule = movement_of(says, said, figure)
    done = runs.rule != "opening" or movement is not None or _is_done(says.text, figure, role)
    if not done or (runs.rule == "line" and role.name is None and figure.kind in ("duration", "measure")):
        runs = UNTOLD
    days = days_of(says.text, period.named.start, period.named.end, says.setting.on) if period.named else None
    if days and period.named and _is_ahead(says, period, days) and role.name in (None, "result"):
        role = Role("target", period.named.text)
    return figure._replace(
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
