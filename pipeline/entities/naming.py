"""Canonical names: abbreviations in full, words of headlines in small letters, one spelling of each body and area."""

from __future__ import annotations

from typing import Final

from pipeline.entities.areas import DOTTED, Area
from pipeline.entities.lexicon import lexicon
from pipeline.entities.organisations import Organisation
from pipeline.entities.words import AND, COMMA, DASH, DOT, HYPHEN, STOP, Words
from pipeline.places import province_title

_JOINTS: Final = {DASH: " - ", HYPHEN: "-", COMMA: ", ", AND: " & ", DOT: "."}


def full_name(words: Words, first: int, last: int, *, fields: bool = False) -> str:
    """Return words first to last in canonical spelling.

    Args:
        fields: fields of work too are spelled as in the lexicon ("Giao thông Vận tải"); names of their own are not.
    """
    parts: list[str] = []
    at = first
    while at < last:
        if at in words.short:  # "Quỹ Tấm lòng vàng (TLV) Lao Động"
            at += 1
            continue
        end, name = _spelled(words, at, last, fields=fields or words.shouted)
        if parts:
            parts.append(_joint(words, at))
        parts.append(name)
        at = end
    return "".join(parts)


def area_name(words: Words, area: Area) -> str:
    """Return an area in canonical spelling, its type word in small letters: "tỉnh Bắc Ninh", "thành phố Vinh"."""
    name = full_name(words, area.name, area.last)
    if area.type is None or area.first == area.name:
        if area.level == "province" and name:
            return f"{province_title(name)} {name}"
        return f"{area.type.tier} {name}" if area.type and area.type.tier and name else name
    return f"{area.type.long} {name}".rstrip()


def area_level(words: Words, area: Area) -> str | None:
    """Return the tier of an area; a city that is no province's is a district's, "thành phố" alone may be either."""
    if area.type is None:
        known = lexicon().gazetteer["province"].longest(words, area.name)
        return "province" if area.level == "province" or (known and known[0] == area.last) else _known(area.level)
    if area.type.tier == "thành phố":
        if area.name == area.last:
            return None
        found = lexicon().gazetteer["province"].longest(words, area.name)
        return "province" if found and found[0] == area.last else "district"
    return _known(area.level)


def body_name(words: Words, body: Organisation) -> str:
    """Return an organisation's name in canonical spelling, without what only its article says."""
    area, fields = body.area, body.head.tail in ("field", "union") and body.body is None
    untyped = area is not None and area.type is None and area.level == "province" and area.first > body.tail
    if area is not None and body.last == area.last and (untyped or (area.type is None and area.first == body.tail)):
        before = full_name(words, body.tail, area.first, fields=fields)
        place = full_name(words, area.name, area.last) if body.head.tail == "own" else area_name(words, area)
        return f"{body.head.long} {before}".rstrip() + f" {place}"
    tail = full_name(words, body.tail, body.last, fields=fields)
    if not tail:
        return body.head.long
    joint = _joint(words, body.tail)
    return f"{body.head.long}{joint}{tail}"


def _known(level: str) -> str | None:
    return None if level in ("unknown", "region") else level


def _spelled(words: Words, at: int, last: int, *, fields: bool) -> tuple[int, str]:
    """Return where the phrase at a word ends, and its canonical spelling."""
    lex = lexicon()
    for table in (lex.long, lex.gazetteer["province"]):
        found = table.longest(words, at)
        if found and found[0] <= last and words.caps[found[0] - 1]:
            return found
    head = lex.heads.longest(words, at)
    if head and head[0] <= last and words.caps[at]:
        return head[0], head[1].long
    for table in (lex.fields, lex.scopes) if fields else ():
        found = table.longest(words, at)
        if found and found[0] <= last and found[0] > at + 1:
            return found
    kind = lex.types.longest(words, at)
    if kind and kind[0] <= last and kind[1].tier and (kind[0] < last or at + 1 == last):
        return kind[0], kind[1].long
    if words.shouted:
        field = lex.fields.longest(words, at)
        if field and field[0] <= last:
            return field
        return at + 1, words.printed(at, at + 1).capitalize()
    return at + 1, words.printed(at, at + 1)


def _joint(words: Words, at: int) -> str:
    if words.gaps[at] in (DOT, STOP) and words.printed(at - 1, at) in DOTTED:
        return " "
    return _JOINTS.get(words.gaps[at], " ")
