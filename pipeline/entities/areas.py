"""Places: a type word and a name ("tỉnh Bắc Ninh", "KCN Phố Nối A", "ấp 3"), or a name of the gazetteer alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from pipeline.entities.lexicon import AreaType, lexicon
from pipeline.entities.words import DASH, DOT, HYPHEN, SPACE, STOP, Words
from pipeline.syllables import name_key, syllable_key

LONGEST_NAME: Final = 5  # words; "Krông Pắc", "Quảng Ninh", "Cách Mạng Tháng Tám"
LONGEST_PERSON: Final = 5
WEAK_PERSON: Final = 4  # with a surname that places begin with too: "Hà Quang Vinh"
LONGEST_ROAD: Final = 4  # characters of a road's number: "quốc lộ 1K"
SHOUTED_NAME: Final = 2  # words taken for a name in a headline in capitals, where nothing says where it ends
DOTTED: Final = frozenset({"TP", "Tp", "T.P", "P", "Q", "H", "TX", "TT", "KCN", "KP", "Tx"})
_ABBREVIATED: Final = frozenset({"q", "p", "h", "tt", "tx"})  # only "Q.1", "P. Tân Mai", "TX. Sơn Tịnh"
_COUNTED: Final = syllable_key("tổ")  # "tổ 51", not "tổ May"
_COMMON: Final = frozenset(name_key("hồ bản khối biển bon"))  # with a capital they begin sentences and surnames
_SOCIETY: Final = name_key("xã hội")  # in a headline in capitals
_TP: Final = "tp"  # "Khu công nghệ cao TP.HCM"


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


def starts_person(words: Words, first: int, last: int, *, bearer: bool = False) -> bool:
    """Whether the run itself is a person's name and no place's: "UBND tỉnh | Nguyễn Hoài Nam".

    Args:
        bearer: an office stands before, so that a surname that places begin with too will do.
    """
    lex = lexicon()
    if first == last or lex.namesakes.longest(words, first) is not None:
        return False
    if words.keys[first] in lex.surnames:
        return 3 <= last - first <= LONGEST_PERSON
    weak = bearer and words.keys[first] in lex.weak_surnames and words.keys[first + 1] in lex.middles
    return weak and 3 <= last - first <= WEAK_PERSON


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
    region = lexicon().regions.longest(words, at)
    if region and not all_caps(words, at, region[0]):
        return None  # "các tỉnh Đồng bằng sông Cửu Long"
    known = _known_end(words, at, kind)
    if known is not None and kind.level == "province":
        return known
    run = capital_run(words, at)
    if known is not None:
        rest = run - known
        longer = rest > 0 and not words.shouted
        return run if longer and not (rest >= 2 and is_surname(words, known)) else known
    if bearer and starts_person(words, at, words.run(at, 9), bearer=True):
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


def is_surname(words: Words, at: int) -> bool:
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


def all_caps(words: Words, first: int, last: int) -> bool:
    return all(words.caps[first:last])
