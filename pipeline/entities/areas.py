"""Places: a type word and a name ("tỉnh Bắc Ninh", "KCN Phố Nối A", "ấp 3"), or a name of the gazetteer alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from pipeline.entities.lexicon import AreaType, lexicon
from pipeline.entities.words import BREAK, COLON, COMMA, DASH, DOT, HYPHEN, OPEN, SLASH, SPACE, STOP, Words
from pipeline.syllables import name_key, syllable_key

LONGEST_NAME: Final = 5  # words; "Krông Pắc", "Quảng Ninh", "Cách Mạng Tháng Tám"
LONGEST_PERSON: Final = 5
LONGEST_ROAD: Final = 4  # characters of a road's number: "quốc lộ 1K"
SHOUTED_NAME: Final = 2  # words taken for a name in a headline in capitals, where nothing says where it ends
DOTTED: Final = frozenset({"TP", "Tp", "T.P", "P", "Q", "H", "TX", "TT", "KCN", "KP", "Tx"})
_ABBREVIATED: Final = frozenset({"q", "p", "h", "tt", "tx"})  # only "Q.1", "P. Tân Mai", "TX. Sơn Tịnh"
_COUNTED: Final = syllable_key("tổ")  # "tổ 51", not "tổ May"
_COMMON: Final = frozenset(name_key("hồ bản khối biển bon"))  # with a capital they begin sentences and surnames
_SOCIETY: Final = name_key("xã hội")  # in a headline in capitals
_DAY: Final = "Ngày"  # "Ngày Nhà giáo Việt Nam" is no country
_DWELLING: Final = frozenset(name_key("ở quê tại trú"))
_GROUPS: Final = frozenset(
    map(name_key, ("học sinh", "sinh viên", "giáo viên", "công nhân", "ngư dân", "nông dân", "người dân", "đồng bào"))
)
_LIVING: Final = frozenset(name_key("ở quê"))
_NUMBERED: Final = frozenset(name_key("số chỉ sở nhà"))  # "số 12", "địa chỉ 12", "trụ sở 12"
_TP: Final = "tp"  # "Khu công nghệ cao TP.HCM"
_HO_CHI_MINH: Final = name_key("Hồ Chí Minh")  # the person, unless a type word stands before


@dataclass(frozen=True, slots=True)
class Area:
    """Words first to last (exclusive); the name starts at word `name`, `name == last` for "tỉnh" alone."""

    first: int
    name: int
    last: int
    level: str
    type: AreaType | None


def area_at(words: Words, at: int, *, bare: bool = False, bearer: bool = False) -> Area | None:
    """Return the area whose type word starts at a word.

    Args:
        bare: a tier without a name is one too ("LĐLĐ tỉnh").
        bearer: an office stands before, so that a person's name may follow the area.
    """
    found = lexicon().types.longest(words, at)
    if found is None:
        return None
    end, kind = found
    body = lexicon().heads.longest(words, at)
    if not _is_type(words, at, end) or (body and body[0] > end):
        return None
    if end < words.count and (words.gaps[end] in (SPACE, HYPHEN) or _is_dotted(words, end)):
        last = _name_end(words, end, kind, bearer)
        if last is not None:
            return Area(at, end, last, kind.level, kind)
    return Area(at, end, end, kind.level, kind) if bare and kind.tier else None


def bare_place_at(words: Words, at: int) -> Area | None:
    """Return the country, region, province or (after a word like "tại") district named at a word without a type."""
    lex = lexicon()
    for level, names in (("country", lex.countries), ("region", lex.regions), ("province", lex.gazetteer["province"])):
        found = names.longest(words, at)
        if found and _stands_alone(words, at, found[0], level):
            return Area(at, at, found[0], level, None)
    if _is_address(words, at):
        return Area(at, at, words.run(at, LONGEST_NAME), "street", None)
    if _is_unknown_place(words, at):
        return Area(at, at, words.run(at, 9), "unknown", None)
    found = lex.gazetteer["district"].longest(words, at)
    if found and _all_caps(words, at, found[0]) and words.run(at, 9) <= found[0]:
        if not (_after_locative(words, at) or _heads_line(words, at, found[0]) or _in_province(words, found[0])):
            return None
        return Area(at, at, found[0], "district", None)
    return None


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


def is_plural(words: Words, at: int) -> bool:
    """Whether the type word at `at` stands for several areas: "các tỉnh", "hai huyện", "12 xã"."""
    if not at or words.gaps[at] != SPACE:
        return False
    if words.figure(at - 1):  # "12 xã", but "tổ 51 phường Minh Tân"
        return at < 2 or words.gaps[at - 1] != SPACE or words.keys[at - 2] not in lexicon().types.first
    return words.keys[at - 1] in lexicon().plurals


def listed_name_end(words: Words, at: int) -> int | None:
    """Return where the next name of a list of areas ends ("…, Hòa Tân, Hòa Phú"), or None."""
    if at >= words.count or not words.caps[at]:
        return None
    for names in lexicon().gazetteer.values():
        found = names.longest(words, at)
        if found and words.run(at, LONGEST_NAME) == found[0]:
            return found[0]
    end = words.run(at, LONGEST_NAME)
    return end if end - at <= 3 else None


def person_cut(words: Words, first: int, last: int, *, bearer: bool) -> int:
    """Return where a person's name begins in the run of capitals first to last, `last` when there is none.

    "huyện Vĩnh Khê | Phạm Văn Hợp": at a surname with one to four words after it, if an office stands before.
    """
    lex = lexicon()
    hero = lex.namesakes.longest(words, first)
    if hero and hero[0] == last:
        return last
    for at in range(first + 1, last - 1):
        left = last - at
        if left > LONGEST_PERSON:
            continue
        strong = words.keys[at] in lex.surnames
        if strong and words.keys[at + 1] in lex.middles and left >= 3:
            return at
        if bearer and (strong or (words.keys[at] in lex.weak_surnames and left >= 3)):
            return at
    return last


def starts_person(words: Words, first: int, last: int) -> bool:
    """Whether the run itself is a person's name and no place's: "UBND tỉnh | Nguyễn Hoài Nam"."""
    lex = lexicon()
    if first == last or lex.namesakes.longest(words, first) is not None:
        return False
    return words.keys[first] in lex.surnames and 3 <= last - first <= LONGEST_PERSON


def capital_run(words: Words, at: int, longest: int = LONGEST_NAME) -> int:
    """Return where a name of capitalised words ends; in a headline in capitals, after two words or before a verb."""
    end = words.run(at, longest)
    if not words.shouted:
        return end
    for index in range(at + 1, min(end, at + SHOUTED_NAME)):
        if lexicon().ends.longest(words, index):
            return index
    return min(end, at + SHOUTED_NAME)


def _is_type(words: Words, at: int, end: int) -> bool:
    key = words.keys[at]
    if end == at + 1 and key in _ABBREVIATED:
        return words.caps[at] and end < words.count and words.gaps[end] in (DOT, STOP)
    if key == _COUNTED and end == at + 1:
        return end < words.count and words.figure(end)
    if words.shouted or not words.caps[at]:
        return True
    return key not in lexicon().surnames and key not in _COMMON


def _is_dotted(words: Words, at: int) -> bool:
    """Whether the dot before a word ends an abbreviation ("TP. Vinh") and no sentence ("… của tỉnh. Các")."""
    return words.gaps[at] in (DOT, STOP) and words.text[words.starts[at - 1] : words.ends[at - 1]] in DOTTED


def _name_end(words: Words, at: int, kind: AreaType, bearer: bool) -> int | None:
    if words.figure(at):
        longest = LONGEST_ROAD if kind.level == "road" else 2
        numbered = kind.numbered and words.ends[at] - words.starts[at] <= longest
        return at + 1 if numbered and words.gaps[at] != HYPHEN else None
    if tuple(words.keys[at - 1 : at + 1]) == _SOCIETY:
        return None
    if not words.caps[at] or (kind.level != "zone" and _begins_body(words, at)):
        return None
    if kind.level == "zone":
        return _zone_end(words, at)
    known = _known_end(words, at, kind)
    if known is not None and kind.level == "province":
        return known
    run = capital_run(words, at)
    if known is not None:
        rest = run - known
        longer = rest > 0 and not words.shouted
        return run if longer and not (rest >= 2 and _surname(words, known)) else known
    if bearer and starts_person(words, at, words.run(at, 9)):
        return None
    run = person_cut(words, at, run, bearer=bearer)
    return run + 1 if kind.level == "hamlet" and _short_figure(words, run) else run


def _begins_body(words: Words, at: int) -> bool:
    """Whether a body's name begins; a head of one word may be half a name ("ấp Trường Giang")."""
    head = lexicon().heads.longest(words, at)
    return head is not None and (head[0] > at + 1 or words.run(at, LONGEST_NAME) != at + 2)


def _short_figure(words: Words, at: int) -> bool:
    """Whether a number ends a name: "ấp Trâm Vàng 2", not "thôn Hạ 120 hộ"."""
    if at >= words.count or words.gaps[at] != SPACE or not words.figure(at) or words.ends[at] - words.starts[at] > 2:
        return False
    return at + 1 >= words.count or words.gaps[at + 1] != SPACE


def _surname(words: Words, at: int) -> bool:
    return words.keys[at] in lexicon().surnames or words.keys[at] in lexicon().weak_surnames


def _known_end(words: Words, at: int, kind: AreaType) -> int | None:
    """Return where a name of the gazetteer ends, or the name of a hero that streets and wards bear."""
    lex = lexicon()
    tables = [lex.namesakes]
    if kind.level in lex.gazetteer:
        tables.append(lex.gazetteer[kind.level])
    if kind.tier == "thành phố":
        tables.append(lex.gazetteer["district"])
    ends = [found[0] for table in tables if (found := table.longest(words, at))]
    return max(ends, default=None)


def _zone_end(words: Words, at: int) -> int:
    """KCN names have letters and numbers after them, and dashes inside: "Yên Phong II-C", "Việt Nam - Singapore"."""
    city = lexicon().gazetteer["province"].longest(words, at + 1) if words.keys[at] == _TP else None
    end = city[0] if city else capital_run(words, at)
    while end < words.count:
        gap = words.gaps[end]
        if (gap == SPACE and words.figure(end) and len(words.keys[end]) == 1) or (gap == HYPHEN and words.caps[end]):
            end += 1
        elif gap == DASH and words.caps[end] and _joins(words, end):
            end = words.run(end, LONGEST_NAME)
        else:
            break
    return end


def _joins(words: Words, at: int) -> bool:
    lex = lexicon()
    return not (lex.offices.longest(words, at) or lex.heads.longest(words, at) or lex.types.longest(words, at))


def _all_caps(words: Words, first: int, last: int) -> bool:
    return all(words.caps[first:last])


def _stands_alone(words: Words, at: int, end: int, level: str) -> bool:
    """Whether the name is a place here: printed with capitals, and neither part of a longer name nor a person's."""
    lex = lexicon()
    regional = level == "region" and not words.caps[at] and _all_caps(words, at + 1, end)  # "miền Trung", "châu Âu"
    if not regional and not (_all_caps(words, at, end) or _mixed_case_name(words, at, end)):
        return False
    inside = at > 1 and words.caps[at - 1] and words.gaps[at] in (SPACE, HYPHEN) and not words.shouted
    if inside and words.keys[at - 1] not in lex.locatives:
        return False
    if level == "country" and _names_day(words, at):
        return False
    alone = lex.alone.longest(words, at)
    if alone and alone[0] == end:
        inner = at > 0 and words.gaps[at] in (SPACE, COMMA)
        return words.run(at, 9) == end and (inner or _after_locative(words, at))
    ambiguous = lex.ambiguous.longest(words, at)
    if (ambiguous and ambiguous[0] == end) or tuple(words.keys[at:end]) == _HO_CHI_MINH:
        return False if ambiguous is None else _after_locative(words, at) and words.run(at, 9) <= end
    if words.shouted or end >= words.count or words.gaps[end] != SPACE or not words.caps[end]:
        return True
    run = words.run(at, 9)
    return not (_surname(words, at) and 3 <= run - at <= LONGEST_PERSON and level == "province")


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
