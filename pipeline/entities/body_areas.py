"""The area that a body's name ends with: "tỉnh Bắc Ninh", "Bắc Ninh", "khu vực V"."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from pipeline.entities.areas import Area, area_at, capital_run, person_cut, starts_person
from pipeline.entities.lexicon import lexicon
from pipeline.entities.words import DASH, SPACE, Words
from pipeline.syllables import name_key

COUNTRY: Final = name_key("Việt Nam")
COUNTRY_SHORT: Final = "VN"
_REGION: Final = name_key("khu vực")


def follows(words: Words, at: int) -> bool:
    """Whether a word follows after a space."""
    return at < words.count and words.gaps[at] == SPACE


def past_country(words: Words, at: int) -> int:
    """Return the word after "Việt Nam" where that follows, else `at`."""
    if not follows(words, at) or not words.caps[at]:
        return at
    if words.printed(at, at + 1) == COUNTRY_SHORT:
        return at + 1
    return at + 2 if tuple(words.keys[at : at + 2]) == COUNTRY else at


def area_after(words: Words, at: int, bearer: bool, *, bare: bool = True) -> Area | None:
    """Return the area that follows a body: with a type word, of the gazetteer, or a name unknown to it."""
    if not follows(words, at) or lexicon().heads.longest(words, at):
        return None
    if tuple(words.keys[at : at + 2]) == _REGION:
        return _region(words, at, bearer)
    area = area_at(words, at, bare=bare, bearer=bearer)
    if area is not None:
        return second_area(words, area, bearer) if area.type is not None and area.type.tier else None
    if words.shouted and lexicon().ends.longest(words, at):
        return None
    if not words.caps[at] or past_country(words, at) > at:
        return None
    for level in ("province", "district"):
        found = lexicon().gazetteer[level].longest(words, at)
        if found and all(words.caps[at : found[0]]):
            return Area(at, at, found[0], level, None)
    run = capital_run(words, at)
    if lexicon().offices.longest(words, at) or (bearer and _person_run(words, at, run)):
        return None
    return Area(at, at, person_cut(words, at, run, bearer=bearer), "unknown", None)


def _region(words: Words, at: int, bearer: bool) -> Area | None:
    """ "khu vực Vĩnh Khê - Đông Lũng", "khu vực V": the area of an office that serves several districts."""
    name = at + 2
    if not follows(words, name) or not words.caps[name]:
        return None
    end = person_cut(words, name, capital_run(words, name), bearer=bearer)
    if end < words.count and words.gaps[end] == DASH and words.caps[end] and is_second_half(words, end):
        end = capital_run(words, end)
    return Area(at, name, end, "region", None)


def _person_run(words: Words, at: int, run: int) -> bool:
    return starts_person(words, at, run, bearer=True) or (run - at == 2 and words.keys[at] in lexicon().surnames)


def second_area(words: Words, area: Area, bearer: bool) -> Area:
    """Take in the wider area that follows without a comma: "huyện Vĩnh Khê tỉnh Hà Trung"."""
    if area.name == area.last or not follows(words, area.last):
        return area
    wider = area_at(words, area.last, bearer=bearer)
    return replace(area, last=wider.last) if wider and wider.type and wider.type.tier else area


def is_area_name(words: Words, at: int) -> bool:
    """Whether a name of the gazetteer starts at a word."""
    return any(names.longest(words, at) for names in lexicon().gazetteer.values())


def is_second_half(words: Words, at: int) -> bool:
    """Whether a capital after a dash goes on the name ("Luxshare - ICT"), and is no office, body, person or place."""
    lex = lexicon()
    if lex.offices.longest(words, at) or lex.heads.longest(words, at) or lex.types.longest(words, at):
        return False
    return words.keys[at] not in lex.surnames and not lex.honorifics.longest(words, at)
