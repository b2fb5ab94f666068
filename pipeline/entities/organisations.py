"""Organisations: a head ("LĐLĐ", "Sở", "Công ty TNHH") and what may follow it, by the grammar of its kind."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Final

from pipeline.entities.areas import Area, area_at, capital_run, person_cut
from pipeline.entities.body_areas import area_after, follows, is_area_name, past_country, second_area
from pipeline.entities.body_fields import (
    in_compound,
    in_small_letters,
    is_acronym,
    more_scopes,
    of_all,
    scope_or_field,
    unknown_field,
)
from pipeline.entities.lexicon import Head, lexicon
from pipeline.entities.own_names import is_half, name_after
from pipeline.entities.words import AND, AND_WORD, COMMA, DASH, HYPHEN, SPACE, Words
from pipeline.syllables import name_key, syllable_key

DEEPEST: Final = 6  # bodies inside bodies ("CĐCS | Văn phòng | Sở Y tế") and in a list that shares an area
LONG_FIELD: Final = 3  # words of a field that is told in small letters too
_BRANCH: Final = syllable_key("ngành")
_LEVELS: Final = syllable_key("cấp")  # "các cấp | công đoàn tỉnh Kiên Giang" are many
_MEMBER: Final = syllable_key("viên")  # "Tỉnh ủy | viên"
_TIER_WORDS: Final = frozenset(name_key("thành thị quận huyện xã phường tỉnh"))
_CENTRAL: Final = list(name_key("Trung ương"))
# organs of a body: without the body or its area they are nobody's ("Ban Kiểm tra gồm 3 đồng chí")
INNER: Final = frozenset(
    ["Ban", "Phòng", "Đội", "Khoa", "Ủy ban", "Văn phòng", "Cơ quan", "Hội đồng", "Vụ", "Trạm", "Phòng Giao dịch"]
)
_OFFICE: Final = "Cơ quan"
_BANK: Final = "bank"
_SPACED: Final = re.compile(r"[”\"’'»]?\s")
_JOINING_TIERS: Final = ("tier", "own", "union")


@dataclass(frozen=True, slots=True)
class Organisation:
    """Words first to last (exclusive); `tail` starts after the head. `body` is what it is part of, `area` where."""

    first: int
    tail: int
    last: int
    head: Head
    area: Area | None = None
    body: Organisation | None = None


def may_open(words: Words, at: int) -> bool:
    """Whether a word can open the name of an organisation."""
    return words.keys[at] in lexicon().heads.first or is_bank(words, at)


def is_bank(words: Words, at: int) -> bool:
    """Whether a word by itself says that it names a bank: "PVcomBank"."""
    return words.keys[at].endswith(_BANK)


def organisation_at(words: Words, at: int, *, bearer: bool = False, depth: int = 0) -> Organisation | None:
    """Return the organisation whose name starts at a word, or None.

    Args:
        bearer: an office stands before it, so that its last words may be a person's name.
    """
    lex = lexicon()
    if not may_open(words, at) or depth > DEEPEST or in_compound(words, at):
        return None
    if words.keys[at] not in lex.heads.first:
        return _bank(words, at, bearer, depth)
    organ = lex.organs.longest(words, at)
    nobody = False
    for tail, head in reversed(lex.heads.all_at(words, at)):
        # "CÔNG ĐOÀN CƠ SỞ" that names nobody is no "Công đoàn" of the name "Cơ sở"
        if (organ and organ[0] >= tail) or (nobody and head.kind == "union"):
            continue
        nobody = nobody or head.kind == "union"
        if not words.caps[at] and not (head.lower or in_small_letters(words, at, tail, head)):
            continue
        found = _read(words, Organisation(at, tail, tail, head), bearer, depth)
        if found is not None and (words.caps[at] or head.lower or head.tail != "tier" or _is_named(found.area)):
            return found
    return None


def _bank(words: Words, at: int, bearer: bool, depth: int) -> Organisation | None:
    """A bank that is told by its name of one word: "PVcomBank"."""
    name = words.printed(at, at + 1)
    if not words.caps[at] or not words.keys[at].endswith(_BANK) or len(name) <= len(_BANK) or words.shouted:
        return None
    return _brand(
        words, Organisation(at, at + 1, at + 1, Head(name, "bank", "brand", None, False, False)), bearer, depth
    )


def _is_named(area: Area | None) -> bool:
    return area is not None and area.name < area.last and (area.type is not None or area.level != "unknown")


def _read(words: Words, found: Organisation, bearer: bool, depth: int) -> Organisation | None:
    """Read what follows a head, past an abbreviation in brackets where the name goes on behind it."""
    reader, tail = _READERS[found.head.tail], found.tail
    if tail in words.short:
        whole = reader(words, replace(found, tail=tail + 1, last=tail + 1), bearer, depth)
        if whole is not None and whole.last > tail + 1:
            return whole
    return reader(words, found, bearer, depth)


def _fixed(_words: Words, found: Organisation, _bearer: bool, _depth: int) -> Organisation | None:
    return found


def _brand(words: Words, found: Organisation, bearer: bool, _depth: int) -> Organisation | None:
    """A short name that everybody knows, with a place or branch after it: "Vietcombank Lạc Giang"."""
    end = found.tail
    if not all(words.caps[found.first : end]):
        return None
    branch = lexicon().fields.longest(words, end) if follows(words, end) else None
    if branch and branch[1] == "Chi nhánh" and follows(words, branch[0]):
        end = branch[0]
        area = area_after(words, end, bearer, bare=False)
        if area is not None:
            return replace(found, last=area.last, area=area)
    if follows(words, end) and words.caps[end] and not lexicon().fields.longest(words, end):
        end = person_cut(words, end - 1, capital_run(words, end), bearer=bearer)
    short = found.head.long == "PC"
    return None if short and end == found.tail else replace(found, last=end)


def _tier(words: Words, found: Organisation, bearer: bool, depth: int) -> Organisation | None:
    """An area must follow, or "Việt Nam"; in a list the last body's area is every body's ("HĐND, UBND tỉnh")."""
    at = past_country(words, found.tail)
    area = area_after(words, at, bearer)
    if area is not None and _names_tiers(words, area):
        return None
    if area is not None and not (area.level == "unknown" and is_half(words, area.name, area.name, area.last, None)):
        return replace(found, last=area.last, area=area)
    if at > found.tail:
        return replace(found, last=at)
    shared = _shared_area(words, at, bearer, depth)
    return replace(found, last=at, area=shared) if shared else None


def _names_tiers(words: Words, area: Area) -> bool:
    """Whether all bodies of several tiers are meant: "LĐLĐ huyện, thành, thị"."""
    if area.name < area.last or area.last >= words.count or words.gaps[area.last] != COMMA or words.caps[area.last]:
        return False
    return words.keys[area.last] in _TIER_WORDS


def _own(words: Words, found: Organisation, bearer: bool, _depth: int) -> Organisation | None:
    """The tier is in the head; an area may follow: "Tỉnh ủy", "Thành ủy Hải Phòng"."""
    if follows(words, found.tail) and words.keys[found.tail] == _MEMBER:
        return None
    area = area_after(words, found.tail, bearer, bare=False)
    return found if area is None else replace(found, last=area.last, area=area)


def _field(words: Words, found: Organisation, bearer: bool, depth: int) -> Organisation | None:
    """A field of work or a scope, then perhaps an area, a body or a name: "Ban Nữ công LĐLĐ tỉnh X"."""
    at = found.tail
    if not follows(words, at):
        return None
    end = scope_or_field(words, at)
    if end is None and is_acronym(words, at):
        end = at + 1
    if end is None and words.caps[found.first] and found.head.lower:
        small = lexicon().fields.longest(words, at)
        end = small[0] if small and small[0] - at >= LONG_FIELD else None  # "Trung tâm giới thiệu việc làm"
    if end is None:
        body = organisation_at(words, at, bearer=bearer, depth=depth + 1) if words.caps[at] else None
        if body is not None and body.head.kind == "union" and found.head.long == _OFFICE:
            return None  # "cơ quan | LĐLĐ tỉnh"
        if body is not None and body.head.tail != "name":
            return replace(found, last=body.last, body=body, area=body.area)
        unknown = unknown_field(words, found.tail, bearer)
        if unknown is not None:
            return replace(found, last=unknown[0], area=unknown[1])
        return _name(words, found, bearer, depth) if found.head.lower or found.head.long == "Chi nhánh" else None
    return _after_field(words, found, end, bearer, depth)


def _union(words: Words, found: Organisation, bearer: bool, depth: int) -> Organisation | None:
    """A branch, a scope, a body, an area or a name: "Công đoàn ngành Y tế X", "CĐCS Công ty X", "CĐ xã X"."""
    at = found.tail
    if not follows(words, at):
        return _shared_body(words, found, bearer, depth)
    if words.keys[at] == _BRANCH:
        end = scope_or_field(words, at + 1) if follows(words, at + 1) else None
        trade = lexicon().fields.longest(words, at + 1) if end is None and follows(words, at + 1) else None
        if trade is not None:  # "công đoàn ngành giáo dục Hà Nội"
            whole = _after_field(words, found, trade[0], bearer, depth)
            return whole if whole and (words.caps[found.first] or whole.body or _is_named(whole.area)) else None
        return _after_field(words, found, end, bearer, depth) if end else None
    if not found.head.lower or words.caps[found.first]:
        end = scope_or_field(words, at)
        if end is not None and not _begins_body(words, at, end):
            return _after_field(words, found, end, bearer, depth)
        small = lexicon().fields.longest(words, at) if not words.caps[at] else None
        named = _after_field(words, found, small[0], bearer, depth) if small else None
        if named is not None and _is_named(named.area):
            return named  # "Công đoàn giáo dục tỉnh Sơn La"
    body = organisation_at(words, at, bearer=bearer, depth=depth + 1)
    if body is not None:
        return replace(found, last=body.last, body=body, area=body.area)
    area = area_at(words, at, bare=True, bearer=bearer)
    many = found.first > 0 and words.keys[found.first - 1] == _LEVELS
    one = words.caps[found.first] or (_is_named(area) and not many)
    if area is not None and area.type is not None and area.type.tier and one:
        return replace(found, last=second_area(words, area, bearer).last, area=area)
    trade = lexicon().fields.longest(words, at)
    before_name = trade is not None and trade[0] < words.count and words.caps[trade[0]]
    if not words.caps[found.first] or not (words.caps[at] or before_name) or lexicon().heads.longest(words, at):
        return _shared_body(words, found, bearer, depth)
    return _name(words, found, bearer, depth)


def _name(words: Words, found: Organisation, bearer: bool, _depth: int) -> Organisation | None:
    """A name of its own: "Công ty TNHH Điện tử Sao Khê"."""
    named = name_after(words, found.first, found.tail, found.head, bearer=bearer, begins_body=_other_body)
    return replace(found, last=named[0], area=named[1]) if named else None


def _fund(words: Words, found: Organisation, bearer: bool, depth: int) -> Organisation | None:
    """A fund by its name in quotes, or one that everybody knows: "Quỹ “Vì người nghèo” huyện Vĩnh Khê"."""
    end = words.quoted_end(found.tail)
    if end is None and found.tail - found.first == 1:
        return _name(words, found, bearer, depth)
    last = end or found.tail
    if last < words.count and _SPACED.fullmatch(words.text, words.ends[last - 1], words.starts[last]):
        area = area_at(words, last, bare=True, bearer=bearer)
        if area is not None and area.type is not None and area.type.tier:
            return replace(found, last=area.last, area=area)
    return replace(found, last=last)


_READERS: Final = {
    "fixed": _fixed,
    "brand": _brand,
    "tier": _tier,
    "own": _own,
    "field": _field,
    "union": _union,
    "name": _name,
    "fund": _fund,
}


def _begins_body(words: Words, at: int, end: int) -> bool:
    """Whether what reads as a field is the head of a body: "Công đoàn | Trường Cao đẳng nghề …"."""
    heads = lexicon().heads.all_at(words, at)
    branch = past_country(words, end) > end  # "Công đoàn Điện lực Việt Nam"
    return any(
        head.kind in ("school", "company", "hospital") and tail >= end and not (branch and head.tail == "tier")
        for tail, head in heads
    )


def _after_field(words: Words, found: Organisation, end: int, bearer: bool, depth: int) -> Organisation | None:
    end = _more_fields(words, end)
    if of_all(words, end):
        return None
    area = area_after(words, end, bearer)
    if area is not None:
        return replace(found, last=more_scopes(words, area.last), area=area)
    if follows(words, end):
        body = organisation_at(words, end, bearer=bearer, depth=depth + 1)
        if body is not None and (words.caps[end] or found.head.kind == "union"):
            return replace(found, last=body.last, body=body, area=body.area)
    country = past_country(words, end)
    inner = found.head.long in INNER and country == end and words.keys[end - 2 : end] != _CENTRAL
    if country == end and is_half(words, found.tail, found.tail, end, None):
        unknown = unknown_field(words, found.tail, bearer)
        return replace(found, last=unknown[0], area=unknown[1]) if unknown else None
    return None if inner else replace(found, last=country)


def _more_fields(words: Words, end: int) -> int:
    """Go on over "… và Y tế", "… - Pháp luật", "… Trung ương" while fields follow each other."""
    fields = lexicon().fields
    while end < words.count and words.gaps[end] in (SPACE, DASH, HYPHEN, AND):
        at = end + 1 if words.keys[end] == AND_WORD else end
        found = fields.longest(words, at) if at < words.count and words.caps[at] else None
        if found is None or (at > end and (words.gaps[at] != SPACE or _other_body(words, at))):
            break
        if at == end and words.gaps[at] == SPACE and (found[0] == at + 1 or is_area_name(words, at)):
            break  # "Sở Y tế | Đồng Nai" names no copper
        end = found[0]
    return end


def _other_body(words: Words, at: int) -> bool:
    """Whether what reads as one more field is another body: "Sở Tài chính và | Công an tỉnh"."""
    head = lexicon().heads.longest(words, at)
    return head is not None and organisation_at(words, at, depth=DEEPEST) is not None


def _shared_area(words: Words, at: int, bearer: bool, depth: int) -> Area | None:
    """Return the area of the next body in a list of bodies: "HĐND, UBND tỉnh", "UBND - Ủy ban MTTQ xã X"."""
    following = _next_in_list(words, at)
    if following is None or not words.caps[following]:
        return None
    body = organisation_at(words, following, bearer=bearer, depth=depth + 1)
    return body.area if body and body.head.tail in _JOINING_TIERS else None


def _shared_body(words: Words, found: Organisation, bearer: bool, depth: int) -> Organisation | None:
    """ "Đảng ủy, HĐND, UBND xã X": a party body at the head of such a list is the area's too."""
    if found.head.kind != "party":
        return None
    area = _shared_area(words, found.tail, bearer, depth)
    return replace(found, area=area) if area else None


def _next_in_list(words: Words, at: int) -> int | None:
    if at >= words.count:
        return None
    if words.gaps[at] in (COMMA, DASH, HYPHEN):
        return at
    joined = words.gaps[at] == SPACE and words.keys[at] == AND_WORD and follows(words, at + 1)
    return at + 1 if joined else None
