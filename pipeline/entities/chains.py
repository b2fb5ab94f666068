"""Chains of areas ("xã X, huyện Y, tỉnh Z"), and the provinces that their ends, or the gazetteer, say they lie in."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Final

from pipeline.entities.areas import Area
from pipeline.entities.find import Mention
from pipeline.entities.lexicon import lexicon
from pipeline.entities.naming import area_level, area_name, full_name
from pipeline.entities.words import COMMA, OPEN, SPACE, Words
from pipeline.places import area_province, province_codes, successor

TIERS: Final = ("province", "district", "commune")
CITY: Final = "thành phố"
_DISTRICTS: Final = (CITY, "thị xã", "huyện", "quận")
_COMMUNES: Final = ("xã", "phường", "thị trấn", "đặc khu")
_CHAINED: Final = (COMMA, OPEN, SPACE)
Codes = tuple[str | None, str | None]  # of a province before July 2025 and since
_NO_CODES: Final[Codes] = (None, None)


def chained(words: Words, named: list[Mention]) -> list[Area | None]:
    """Return for each mention the wider area named right after it: "xã X, huyện Y, tỉnh Z" gives huyện Y for xã X."""
    wider: list[Area | None] = []
    for index, mention in enumerate(named):
        following = named[index + 1] if index + 1 < len(named) else None
        joined = following is not None and following.first == mention.last and words.gaps[mention.last] in _CHAINED
        area = following.area if following and joined and following.label == "LOC" else None
        own = area_level(words, mention.area) if mention.area else None
        level = area_level(words, area) if area else None
        wider.append(area if level in TIERS and (own not in TIERS or _wider(level, own)) else None)
    return wider


def _wider(level: str | None, own: str | None) -> bool:
    return level in TIERS and own in TIERS and TIERS.index(level or "") < TIERS.index(own or "")


def codes_of_chains(
    on: dt.date | None, words: Words, named: list[Mention], wider: list[Area | None]
) -> list[Codes | None]:
    """Return for each mention the codes of the wider area beside it, by whatever area ends the chain."""
    found: list[Codes | None] = [None] * len(named)
    own: Codes | None = None
    for index in range(len(named) - 1, -1, -1):
        found[index] = own if wider[index] is not None else None
        own = codes_of(on, words, named[index].area, found[index])
    return found


def codes_of(on: dt.date | None, words: Words, area: Area | None, wider: Codes | None) -> Codes:
    """Return the province codes of an area under both schemes, by the gazetteer or by the wider area beside it."""
    if area is None or area.name == area.last:
        return wider or _NO_CODES
    name = full_name(words, area.name, area.last)
    if area_level(words, area) == "province":
        return province_codes(name, on)
    if wider is not None and wider != _NO_CODES:
        return wider
    types = [area.type.tier] if area.type else _COMMUNES if area.level == "commune" else _DISTRICTS
    codes = {code for kind in types if kind and (code := area_province(kind, name, on))}
    if len(codes) == 1:
        return _both(codes.pop())
    return _province_at_end(on, words, area) if area.type is None else _NO_CODES


def _province_at_end(on: dt.date | None, words: Words, area: Area) -> Codes:
    """ "Khu kinh tế | Đông Nam Nghệ An": a name that no gazetteer has may end with its province's."""
    for at in range(area.name + 1, area.last):
        found = lexicon().gazetteer["province"].longest(words, at)
        if found and found[0] == area.last:
            return province_codes(full_name(words, at, area.last), on)
    return _NO_CODES


def _both(code: str) -> Codes:
    return (code, successor(code)) if code.startswith("63-") else (None, code)


def codes_of_whole(on: dt.date | None, whole: str) -> Codes:
    """Return the province codes of an area by its canonical name: "thị xã Sơn Tịnh"."""
    codes = province_codes(whole, on)
    if codes[1]:
        return codes
    kind = next((kind for kind in ("thị xã", "thị trấn", "đặc khu", CITY) if whole.startswith(kind)), "")
    kind = kind or whole.partition(" ")[0]
    code = area_province(kind, whole[len(kind) :].strip(), on)
    return _both(code) if code else _NO_CODES


def province_of(words: Words, area: Area | None, wider: Area | None) -> str | None:
    """Return the province among an area and the wider one beside it, in canonical spelling."""
    for one in (wider, area):
        if one is not None and one.name < one.last and area_level(words, one) == "province":
            return area_name(words, replace(one, level="province"))
    return None
