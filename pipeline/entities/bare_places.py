"""Places without a type word: names of the gazetteer, places in a chain of places, streets behind their number."""

from __future__ import annotations

from typing import Final

from pipeline.entities.areas import LONGEST_NAME, LONGEST_PERSON, Area, all_caps, is_surname
from pipeline.entities.lexicon import lexicon, provinces_of_areas
from pipeline.entities.words import BREAK, COLON, COMMA, DASH, HYPHEN, OPEN, SLASH, SPACE, Words
from pipeline.places import province_codes
from pipeline.syllables import name_key

LONGEST_SIGN: Final = 4  # letters
_CITY_SIGN: Final = "TP"  # "TPHCM - …" is a dateline
_DAY: Final = "Ngày"  # "Ngày Nhà giáo Việt Nam" is no country
_LIVING: Final = frozenset(name_key("ở quê"))
_DWELLING: Final = frozenset(name_key("ở quê tại trú"))
_OF_STATES: Final = frozenset(map(name_key, ("tổng thống", "thủ tướng", "ngoại trưởng", "đại sứ")))
_SITED: Final = frozenset(name_key("tại trú"))
_GROUPS: Final = frozenset(
    map(name_key, ("học sinh", "sinh viên", "giáo viên", "công nhân", "ngư dân", "nông dân", "người dân", "đồng bào"))
)
_NUMBERED: Final = frozenset(name_key("số chỉ sở nhà"))  # "số 12", "địa chỉ 12", "trụ sở 12"
_HO_CHI_MINH: Final = name_key("Hồ Chí Minh")  # the person, unless a type word stands before


def bare_place_at(words: Words, at: int) -> Area | None:
    """Return the country, region, province or (after a word like "tại") district named at a word without a type."""
    lex = lexicon()
    if not words.caps[at]:  # of all these only regions are printed so: "miền Trung", "châu Âu"
        found = lex.regions.longest(words, at)
        return (
            Area(at, at, found[0], "region", None) if found and _stands_alone(words, at, found[0], "region") else None
        )
    for level, names in (("country", lex.countries), ("region", lex.regions), ("province", lex.gazetteer["province"])):
        found = names.longest(words, at)
        if found and _stands_alone(words, at, found[0], level):
            return Area(at, at, found[0], level, None)
    if _is_address(words, at):
        return Area(at, at, words.run(at, LONGEST_NAME), "street", None)
    if _is_unknown_place(words, at):
        return Area(at, at, words.run(at, 9), "unknown", None)
    found = lex.gazetteer["district"].longest(words, at)
    if found and all_caps(words, at, found[0]) and words.run(at, 9) <= found[0]:
        if not (_after_locative(words, at) or _heads_line(words, at, found[0]) or _in_province(words, found[0])):
            return _before_its_province(words, at, "district")
        return Area(at, at, found[0], "district", None)
    return _before_its_province(words, at, "commune") or _known_commune(words, at)


def chained_place_at(words: Words, at: int, *, after_place: bool) -> Area | None:
    """Return the place named without a type in a chain of places: "ấp 4, | Lương Hòa", "tại | Cẩm Hà, Hội An".

    Args:
        after_place: a place ends right before, and a comma stands between.
    """
    end = words.run(at, 9)
    if not 2 <= end - at <= 3 or words.shouted:
        return None
    gazetteer = lexicon().gazetteer
    if after_place:
        for level in ("district", "commune"):
            found = gazetteer[level].longest(words, at)
            if found and found[0] == end:
                return Area(at, at, end, level, None)
    located = at > 0 and words.gaps[at] == SPACE and words.keys[at - 1] in _DWELLING
    if not (located or after_place) or end >= words.count or words.gaps[end] != COMMA:
        return None
    wider = [found for level in ("district", "province") if (found := gazetteer[level].longest(words, end))]
    person = words.keys[at] in lexicon().surnames and end - at == 3
    whole = any(found[0] == words.run(end, 9) for found in wider)
    return Area(at, at, end, "unknown", None) if whole and not person else None


def _stands_alone(words: Words, at: int, end: int, level: str) -> bool:
    """Whether the name is a place here: printed with capitals, and neither part of a longer name nor a person's."""
    lex = lexicon()
    regional = level == "region" and not words.caps[at] and all_caps(words, at + 1, end)  # "miền Trung", "châu Âu"
    if not regional and not (all_caps(words, at, end) or _mixed_case_name(words, at, end)):
        return False
    if _is_sign(words, at, end):
        return False
    inside = at > 1 and words.caps[at - 1] and words.gaps[at] in (SPACE, HYPHEN) and not words.shouted
    if inside and words.keys[at - 1] not in lex.locatives:
        return False
    if level == "country" and _names_day(words, at):
        return False
    alone = lex.alone.longest(words, at)
    if alone and alone[0] == end and tuple(words.keys[max(at - 2, 0) : at]) in _OF_STATES:
        return words.gaps[at] == SPACE  # "Tổng thống Mỹ | Donald Trump"
    if alone and alone[0] == end:
        inner = at > 0 and words.gaps[at] in (SPACE, COMMA)
        return words.run(at, 9) == end and (inner or _after_locative(words, at))
    ambiguous = lex.ambiguous.longest(words, at)
    if (ambiguous and ambiguous[0] == end) or tuple(words.keys[at:end]) == _HO_CHI_MINH:
        return False if ambiguous is None else _after_locative(words, at) and words.run(at, 9) <= end
    if words.shouted or end >= words.count or words.gaps[end] != SPACE or not words.caps[end]:
        return True
    run = words.run(at, 9)
    return not (is_surname(words, at) and 3 <= run - at <= LONGEST_PERSON and level == "province")


def _is_sign(words: Words, at: int, end: int) -> bool:
    """Whether initials in front of a sentence are its paper's sign: "TTH - Ngày 8/1, …", "(ĐN)- …"."""
    if at or end != 1 or end >= words.count or words.gaps[end] not in (DASH, HYPHEN, BREAK):
        return False
    printed = words.printed(at, end)
    return printed.isupper() and len(printed) <= LONGEST_SIGN and not printed.startswith(_CITY_SIGN)


def _names_day(words: Words, at: int) -> bool:
    for back in range(1, LONGEST_NAME + 1):
        if at - back < 0 or words.gaps[at - back + 1] != SPACE:
            return False
        if words.printed(at - back, at - back + 1) == _DAY:
            return True
    return False


def _mixed_case_name(words: Words, at: int, end: int) -> bool:
    """Names of regions have small letters inside: "Đồng bằng sông Cửu Long"."""
    return words.caps[at] and words.caps[end - 1] and end - at > 3


def _in_province(words: Words, at: int) -> bool:
    """Whether the province follows: "Quỳnh Lưu (Nghệ An)"."""
    return (
        at < words.count and words.gaps[at] == OPEN and lexicon().gazetteer["province"].longest(words, at) is not None
    )


def _before_its_province(words: Words, at: int, level: str) -> Area | None:
    """Return the district or commune that its own province follows: "sinh 1981, | Thanh Trì, Hà Nội"."""
    end = words.run(at, 9)
    if words.shouted or not 2 <= end - at <= 3 or end >= words.count or words.gaps[end] not in (COMMA, OPEN):
        return None
    lex = lexicon()
    found = lex.gazetteer[level].longest(words, at)
    if not found or found[0] != end or (at and words.caps[at - 1] and words.gaps[at] in (SPACE, HYPHEN)):
        return None
    if level == "commune" and at and words.gaps[at] == SPACE and not _after_locative(words, at):
        return None  # "cầu đường sắt Bình Lợi (TP.HCM)"
    kind = lex.types.longest(words, end)
    start = kind[0] if kind and kind[1].level == "province" else end
    province = lex.gazetteer["province"].longest(words, start)
    if province is None or words.run(start, 9) > province[0]:
        return None
    its = provinces_of_areas().get(" ".join(words.keys[at:end]), frozenset())
    return Area(at, at, end, level, None) if province_codes(province[1], None)[1] in its else None


def _known_commune(words: Words, at: int) -> Area | None:
    """Return the commune named without a type after "tại" or "trú", if nothing else begins there."""
    if not at or words.gaps[at] != SPACE or words.keys[at - 1] not in _SITED or words.shouted or not words.caps[at]:
        return None
    end, lex = words.run(at, 9), lexicon()
    found = lex.gazetteer["commune"].longest(words, at)
    tables = (lex.heads, lex.organs, lex.offices, lex.types, lex.ambiguous)
    if not found or found[0] != end or end - at < 2 or any(table.longest(words, at) for table in tables):
        return None
    whole = end >= words.count or words.gaps[end] != SPACE or lex.ends.longest(words, end) is not None
    return Area(at, at, end, "commune", None) if whole else None


def _is_unknown_place(words: Words, at: int) -> bool:
    """Whether two or three capitals after "ở" or "quê" are a place that no gazetteer knows: "ở An Lạc Trung"."""
    if not at or words.keys[at - 1] not in _LIVING or words.gaps[at] != SPACE or words.shouted or not words.caps[at]:
        return False
    end, lex = words.run(at, 9), lexicon()
    tables = (lex.heads, lex.organs, lex.fields, lex.offices, lex.types, lex.countries, lex.regions, lex.ambiguous)
    if not 2 <= end - at <= 3 or any(table.longest(words, at) for table in tables):
        return False
    whole = end >= words.count or words.gaps[end] != SPACE or lex.ends.longest(words, end) is not None
    return whole and not lex.gazetteer["province"].longest(words, at)


def _is_address(words: Words, at: int) -> bool:
    """Whether capitals behind a house number are a street: "số 66/2, Lê Thị Riêng, phường …", "(98 Tô Ngọc Vân"."""
    if (
        at < 1
        or not words.caps[at]
        or words.shouted
        or not words.figure(at - 1)
        or words.gaps[at] not in (SPACE, COMMA)
    ):
        return False
    first = at - 1
    while first > 0 and words.gaps[first] == SLASH and words.figure(first - 1):
        first -= 1
    numbered = first > 0 and words.keys[first - 1] in _NUMBERED and words.gaps[first] == SPACE
    if not (numbered or (words.gaps[first] == OPEN and words.gaps[at] == SPACE)):
        return False
    end = words.run(at, LONGEST_NAME)
    if lexicon().heads.longest(words, at):
        return False
    return end - at >= 2 and (end >= words.count or words.gaps[end] not in (SPACE, DASH))


def _heads_line(words: Words, at: int, end: int) -> bool:
    """Whether the name opens a headline: "Thanh Trì: Tập huấn …"."""
    return at == 0 and end < words.count and words.gaps[end] == COLON and end >= 2


def _after_locative(words: Words, at: int) -> bool:
    if not at:
        return False
    if words.gaps[at] in (OPEN, COMMA, COLON, BREAK):
        return words.gaps[at] == OPEN
    if words.gaps[at] != SPACE:
        return False
    return words.keys[at - 1] in lexicon().locatives or tuple(words.keys[max(at - 2, 0) : at]) in _GROUPS
