"""Names in running text, left to right: places, organisations, persons with their offices. Linear in the text."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Literal

from pipeline.entities.areas import LONGEST_NAME, Area, area_at, is_plural, listed_name_end
from pipeline.entities.bare_places import bare_place_at, chained_place_at
from pipeline.entities.lexicon import lexicon
from pipeline.entities.offices import in_office, is_borne, office_start, offices_of
from pipeline.entities.organisations import Organisation, is_bank, may_open, organisation_at
from pipeline.entities.persons import name_after_honorific, person_end
from pipeline.entities.phrases import Phrases
from pipeline.entities.words import AND_WORD, COLON, COMMA, SPACE, Words
from pipeline.syllables import name_key

Label = Literal["PER", "ORG", "LOC"]


@dataclass(frozen=True, slots=True)
class Mention:
    """Words first to last (exclusive) of a sentence; what else is known by kind."""

    first: int
    last: int
    label: Label
    area: Area | None = None
    organisation: Organisation | None = None
    office: tuple[int, int] | None = None


def mentions(words: Words) -> list[Mention]:
    """Return the names of a sentence in reading order; none overlaps another."""
    found: list[Mention] = []
    at, starts, opening, organs = 0, _starting_keys(), _opening_phrases(), lexicon().organs
    keys, caps, last = words.keys, words.caps, words.count - 1
    while at <= last:
        # most words that could begin a name go on as no name does
        if caps[at]:
            begins = (at < last and caps[at + 1]) or opening.any_at(words, at) or is_bank(words, at)
        else:
            begins = keys[at] in starts and opening.any_at(words, at)
        if not begins:
            at += 1
            continue
        if _bears_name(words, at):
            at = words.run(at, LONGEST_NAME)
            continue
        organ = organs.longest(words, at)
        named = _named_at(words, at, found[-1] if found else None, organ=organ is not None)
        if named is None:
            at = organ[0] if organ else at + 1
            continue
        found.extend(named)
        at = named[-1].last
    return _with_offices(words, found)


def named_bodies_and_areas(text: str, start: int, end: int) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    """Return where organisations and areas of text[start:end] are named in full, those inside organisations too.

    "LĐLĐ tỉnh" alone names nobody here; an area is a province, district or commune, with its type word if printed.
    """
    words = Words(text, start, end)
    bodies: list[tuple[int, int]] = []
    areas: list[tuple[int, int]] = []
    for mention in mentions(words):
        area = mention.area
        whole = area is None or (area.name < area.last and area.first < mention.last)
        if mention.organisation is not None and whole and not _is_bare(mention.organisation):
            bodies.append((words.starts[mention.first], words.end_of(mention.first, mention.last)))
        if area is not None and whole and _is_administrative(area) and area.last <= mention.last:
            areas.append((words.starts[area.first], words.ends[area.last - 1]))
    return bodies, areas


def _is_bare(body: Organisation) -> bool:
    """Whether only the article says whose body it is: "Tỉnh ủy", "UBND" in a list."""
    return body.head.tail in ("tier", "own") and body.last == body.tail


def _is_administrative(area: Area) -> bool:
    return area.type.tier is not None if area.type else area.level in ("province", "district")


@functools.cache
def _starting_keys() -> frozenset[str]:
    """Return the words with a small letter that a name or an honorific may begin with."""
    lex = lexicon()
    lower = {key for key, heads in lex.heads.by_first_word().items() if any(head.lower or head.small for head in heads)}
    return frozenset({*lower, *lex.types.first, *lex.honorifics.first, *name_key("miền châu")})


@functools.cache
def _opening_phrases() -> Phrases[bool]:
    """Return what a name begins with, or an honorific before one, that does not begin with two capitals."""
    lex = lexicon()
    places = (lex.types, lex.countries, lex.regions, lex.gazetteer["province"], lex.gazetteer["district"])
    return Phrases.of_all((*places, lex.heads, lex.organs, lex.honorifics))


def _named_at(words: Words, at: int, before: Mention | None, *, organ: bool) -> list[Mention] | None:
    places = _places_at(words, at, before)
    if places:
        return places
    body = _body_at(words, at)
    if body is not None:
        return [Mention(at, body.last, "ORG", organisation=body, area=body.area)]
    honorific = name_after_honorific(words, at)
    if honorific is not None:
        person = _person_after(words, *honorific)
        if person is not None:
            return [person]
    inside = at and words.caps[at - 1] and words.gaps[at] == SPACE
    if not words.caps[at] or (inside and not (before and before.last == at) and not is_borne(words, at)):
        return None
    head = lexicon().heads.longest(words, at)
    if organ or office_start(words, at) is not None or (head and head[0] > at + 1 and not words.shouted):
        return None  # "Đoàn Thanh niên" is nobody's name
    end = person_end(words, at, sure=False, expected=_expected(words, at, before))
    return [Mention(at, end, "PER")] if end is not None else None


def _body_at(words: Words, at: int) -> Organisation | None:
    if not may_open(words, at) or in_office(words, at):  # most words open no organisation, whatever stands before
        return None
    return organisation_at(words, at, bearer=is_borne(words, at))


def _bears_name(words: Words, at: int) -> bool:
    """Whether something named after a person stands before: "Giải thưởng | Nguyễn Văn Linh"."""
    if not at or not words.caps[at] or words.gaps[at] != SPACE or words.keys[at] not in lexicon().surnames:
        return False
    bearers = lexicon().bearers_of_names
    return (words.keys[at - 1],) in bearers or tuple(words.keys[max(at - 2, 0) : at]) in bearers


def _expected(words: Words, at: int, before: Mention | None) -> bool:
    """Whether a person is likely here: after an office, or next in a list of persons."""
    if before is not None and before.label == "PER":
        listed = words.gaps[at] == COMMA and before.last == at
        joined = words.keys[at - 1] == AND_WORD and before.last == at - 1
        if listed or joined:
            return True
    return is_borne(words, at)


def _person_after(words: Words, at: int, sure: bool) -> Mention | None:
    """Return the person after an honorific, unless an organisation or a place stands there."""
    if organisation_at(words, at) is not None or lexicon().offices.longest(words, at):
        return None
    if bare_place_at(words, at) is not None and not _is_addressed(words, at):
        return None
    end = person_end(words, at, sure=sure, expected=True)
    return Mention(at, end, "PER") if end is not None else None


def _is_addressed(words: Words, at: int) -> bool:
    """Whether one person is addressed right before a word: "chị | Huế", not "các chị | Hà Nội"."""
    lex = lexicon()
    if not at or words.gaps[at] != SPACE or words.keys[at - 1] not in lex.of_address:
        return False
    return at < 2 or words.gaps[at - 1] != SPACE or words.keys[at - 2] not in lex.plurals | lex.of_address


def _places_at(words: Words, at: int, before: Mention | None) -> list[Mention] | None:
    lex = lexicon()
    if words.keys[at] in lex.types.first:
        area = area_at(words, at, bearer=is_borne(words, at))
        if area is not None:
            if area.type and area.type.tier and is_plural(words, at) and not words.figure(area.name):
                return _listed(words, area)
            return [Mention(area.first, area.last, "LOC", area=area)]
        announced = _announced(words, at)
        if announced:
            return announced
    chained = before is not None and before.label == "LOC" and before.last == at and words.gaps[at] == COMMA
    place = bare_place_at(words, at) or chained_place_at(words, at, after_place=chained)
    return [Mention(at, place.last, "LOC", area=place)] if place else None


def _announced(words: Words, at: int) -> list[Mention] | None:
    """Return the areas that a colon announces: "tại các thôn: Kim Khê, Hạ Khê và Vĩnh Khê"."""
    found = lexicon().types.longest(words, at)
    if found is None or not is_plural(words, at):
        return None
    start, kind = found
    if start >= words.count or words.gaps[start] != COLON or not (kind.tier or kind.level == "hamlet"):
        return None
    end = listed_name_end(words, start)
    if end is None or organisation_at(words, start) or lexicon().offices.longest(words, start):
        return None
    return _listed(words, Area(at, start, end, kind.level, kind))


def _listed(words: Words, area: Area) -> list[Mention]:
    """Return the areas that share a plural type word: "ba xã Hòa Lợi, Hòa Tân và Hòa Phú", each without it."""
    level = area.level
    found = [Mention(area.name, area.last, "LOC", area=Area(area.name, area.name, area.last, level, area.type))]
    at = area.last
    while at < words.count:
        start = at
        if words.gaps[at] == SPACE and words.keys[at] == AND_WORD:
            start = at + 1
        elif words.gaps[at] != COMMA:
            break
        end = listed_name_end(words, start)
        if end is None or organisation_at(words, start) is not None:
            break
        found.append(Mention(start, end, "LOC", area=Area(start, start, end, level, area.type)))
        at = end
    return found


def _with_offices(words: Words, found: list[Mention]) -> list[Mention]:
    persons = [(mention.first, mention.last) for mention in found if mention.label == "PER"]
    if not persons:
        return found
    bodies = {mention.first: mention.last for mention in found if mention.label != "PER"}
    offices = offices_of(words, persons, bodies)
    return [
        Mention(one.first, one.last, one.label, office=offices[(one.first, one.last)])
        if one.label == "PER" and (one.first, one.last) in offices
        else one
        for one in found
    ]
