"""Where areas are named in a sentence: alone, or inside an organisation's name; not where persons live or work."""

from __future__ import annotations

import functools
import re
from collections.abc import Container, Iterator
from typing import Final

from pipeline.attribution.actors import is_cut, is_where_a_person_works
from pipeline.attribution.mentions import Named
from pipeline.entities import named_bodies_and_areas
from pipeline.places import province_codes
from pipeline.records import Entity, Sentence

# where a person comes from or lives is not where anything is reported for: "chị Mai, quê ở xã Lam Sa"
_HOME: Final = re.compile(
    r"\b(?:quê|quê ở|quê quán|quê gốc|trú tại|trú ở|ngụ|ngụ tại|thợ \w{1,8} ở|sống ở)\s$", re.IGNORECASE
)
HOME_CHARACTERS: Final = 44
# "quê Khe Bạc (Hà Trung)", where no gazetteer knows Khe Bạc
_FROM: Final = re.compile(r"\b(?:quê|trú|ngụ)(?:\s[^\W\d_]{1,8}){1,4}(?:,\s|\s\()$")
_AGED: Final = re.compile(r"\btuổi,(?: [^(),;]{1,30},)? ở\s$")  # "(35 tuổi, ở Hà Tĩnh)"
AGED_CHARACTERS: Final = 48
_WIDER: Final = re.compile(r",?\s\(?")  # between an area and the wider one: "Khe Bạc (Hà Trung)"
# "Khe Bạc, Nậm Tra và | xã Lam Sa": the last one of a list whose others no gazetteer knows; not "5 triệu USD và | …"
_ALSO: Final = re.compile(r"\b(?![A-ZĐ]{2})[A-ZĐ][^\W\d_]{0,7}(?P<end>) và\s$")
ALSO_CHARACTERS: Final = 13
# "tại TP HCM và các tỉnh lân cận" is no one place
_AND_OTHERS: Final = re.compile(
    r"(?:,| và)\s(?:các|một số|nhiều|những) (?:tỉnh|thành phố|huyện|quận|địa phương|vùng)\b"
)
_NUMBERED: Final = re.compile(r"(?:,| và)\s[0-9]{1,2}\b")  # "Quận 5, 6, 7"
_AT: Final = re.compile(r"\b(?:tại|ở)\s$", re.IGNORECASE)
AT_CHARACTERS: Final = 5
_BELONGS: Final = re.compile(r",?\s(?:thuộc|trực thuộc|của)\s")
# "Công ty Điện lực Hà Trung", "Công đoàn Công ty Môi trường đô thị TP Hà Trung": an area in what a company is called
_COMPANY: Final = re.compile(r"\b(?:công ty|cty|tập đoàn|điện lực)\b", re.IGNORECASE)
_AREA_LEVELS: Final = ("province", "district", "commune")
_COMMUNES: Final = ("xã ", "phường ", "thị trấn ")
_DISTRICTS: Final = ("huyện ", "quận ", "thị xã ")


def areas_of(text: str, sentence: Sentence) -> Iterator[Named]:
    """Yield the areas of a sentence but those where a person comes from, and names that are cut."""
    names, ends = {entity.start for entity in sentence.entities}, {entity.end for entity in sentence.entities}
    persons = {entity.end for entity in sentence.entities if entity.label == "PER"}
    home_end = venue_end = area_end = -1
    area_level: str | None = None
    in_body = False
    for entity in sentence.entities:
        for start, end in area_spans(entity):
            lives = start - 2 in persons and text[start - 2 : start] == " ("
            if lives or _works_there(text, persons, home_end, entity) or _is_home(text, sentence, home_end, start):
                home_end = end
                continue
            if is_cut(text, end, names) or _is_of_a_list(text, sentence, ends, start, end):
                continue
            printed = text[start:end]
            venue = bool(_AT.search(text, max(sentence.start, start - AT_CHARACTERS), start))
            around = venue_end >= 0 and _WIDER.fullmatch(text, venue_end, start) is not None
            venue_end = end if venue or around else -1
            codes, own = (entity.province_63, entity.province_34), province_codes(printed, None)
            level = _level(entity, printed, own[1])
            wider = _is_wider(area_level, level) and _WIDER.fullmatch(text, area_end, start) is not None
            of_body, in_body = wider and in_body, entity.label == "ORG"
            area_end, area_level = end, level
            # inside an organisation's name the entity's codes are those of the whole body
            name = entity.name or printed if entity.label == "LOC" else printed
            codes = own if entity.label == "ORG" and own[1] else codes
            area = Named(start, end, printed, name, *codes, venue=venue, around=around, level=level)
            yield area._replace(wider=wider, of_body=of_body) if wider else area


def _is_of_a_list(text: str, sentence: Sentence, ends: Container[int], start: int, end: int) -> bool:
    """Whether an area is one of several, of which the others are not named or known."""
    if _AND_OTHERS.match(text, end, sentence.end) or (text[end - 1].isdigit() and _NUMBERED.match(text, end)):
        return True
    also = _ALSO.search(text, max(sentence.start, start - ALSO_CHARACTERS), start)
    return also is not None and also.end("end") not in ends


def _works_there(text: str, persons: Container[int], home_end: int, entity: Entity) -> bool:
    """Whether the area is that of a body where a person works: "chị Hoa, Công đoàn xã Lam Sa, thuộc LĐLĐ huyện X"."""
    if entity.label != "ORG":
        return False
    chained = home_end >= 0 and _BELONGS.fullmatch(text, home_end, entity.start) is not None
    return chained or is_where_a_person_works(text, persons, entity.start, entity.end)


def _level(entity: Entity, printed: str, province: str | None) -> str | None:
    if entity.label == "LOC":
        return entity.level
    small = printed.casefold()
    if small.startswith(_COMMUNES):
        return "commune"
    if small.startswith(_DISTRICTS):
        return "district"
    return "province" if province or small.startswith("tỉnh ") else None


def _is_wider(before: str | None, level: str | None) -> bool:
    """Whether an area of a level is one that another may lie in."""
    if before not in _AREA_LEVELS or level not in _AREA_LEVELS:
        return False
    return _AREA_LEVELS.index(level) < _AREA_LEVELS.index(before)


def _is_home(text: str, sentence: Sentence, home_end: int, start: int) -> bool:
    """Whether a person lives in the area that starts there, or comes from it; `home_end`: where the last such ends."""
    chained = home_end >= 0 and _WIDER.fullmatch(text, home_end, start)
    return bool(
        chained
        or _HOME.search(text, max(sentence.start, start - HOME_CHARACTERS), start)
        or _FROM.search(text, max(sentence.start, start - HOME_CHARACTERS), start)
        or _AGED.search(text, max(sentence.start, start - AGED_CHARACTERS), start)
    )


def area_spans(entity: Entity) -> list[tuple[int, int]]:
    """Return where an entity names areas: itself, or inside the name of an organisation."""
    if entity.label == "LOC":
        return [(entity.start, entity.end)] if entity.level in _AREA_LEVELS else []
    if entity.label != "ORG" or _COMPANY.search(entity.text):
        return []
    return [(entity.start + start, entity.start + end) for start, end in name_parts(entity.text)[1]]


@functools.lru_cache(maxsize=4096)
def name_parts(printed: str) -> tuple[bool, tuple[tuple[int, int], ...]]:
    """Return whether a printed organisation is named in full, and where areas stand in its name."""
    bodies, areas = named_bodies_and_areas(printed, 0, len(printed))
    return (0, len(printed)) in bodies, tuple(areas)
