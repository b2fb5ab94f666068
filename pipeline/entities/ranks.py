"""What a body is, at which level it stands, and which body is above it."""

from __future__ import annotations

from typing import Final

from pipeline.entities.body_areas import COUNTRY
from pipeline.entities.chains import TIERS
from pipeline.entities.naming import area_level, body_name
from pipeline.entities.organisations import INNER, Organisation
from pipeline.entities.words import Words

_UNION: Final = "Liên đoàn Lao động"
_TOP_UNION: Final = "Tổng Liên đoàn Lao động Việt Nam"
_COUNCIL: Final = "Ủy ban nhân dân"
_WORKPLACES: Final = ("company", "bank", "school", "hospital", "cooperative", "press")


def kind_of(body: Organisation) -> str:
    """Return what a body is; an organ is what its body is: "Ban Nữ công LĐLĐ tỉnh" is a union's."""
    return kind_of(body.body) if body.body is not None and body.head.long in INNER else body.head.kind


def level_of(words: Words, body: Organisation) -> str | None:
    """Return the tier that a body is of, "base" for that of one workplace; None where its name does not say."""
    if body.head.level is not None:
        return body.head.level
    if body.body is not None and _is_base(body, body.body):
        return "base"
    if body.area is not None:
        return area_level(words, body.area)
    if body.body is not None:
        return level_of(words, body.body)
    country = tuple(words.keys[body.last - 2 : body.last]) == COUNTRY
    return "central" if country and body.head.kind in ("union", "state", "front", "association", "youth") else None


def _is_base(body: Organisation, of: Organisation) -> bool:
    """Whether a union, party or youth body is that of one workplace."""
    return body.head.kind == "union" or (body.head.kind in ("party", "youth") and of.head.kind in _WORKPLACES)


def parent_of(words: Words, body: Organisation, level: str | None, province: str | None) -> str | None:
    """Return the body that a body is part of, or the union above it; None where the text does not say."""
    if body.body is not None:
        return body_name(words, body.body)
    if body.head.kind == "union" and body.head.long != _TOP_UNION:
        if level == "central" or (level == "province" and body.head.long == _UNION):
            return _TOP_UNION
        return f"{_UNION} {province}" if province and level in TIERS else None
    if body.head.long == "Sở" and province:
        return f"{_COUNCIL} {province}"
    return None
