"""Organisations: a head ("LĐLĐ", "Sở", "Công ty TNHH") and what may follow it, by the grammar of its kind."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Final

from pipeline.entities.areas import Area, area_at, capital_run, person_cut, starts_person
from pipeline.entities.lexicon import Head, lexicon
from pipeline.entities.words import AND, AND_WORD, COMMA, DASH, DOT, HYPHEN, SLASH, SPACE, Words
from pipeline.syllables import name_key, syllable_key

DEEPEST: Final = 6  # bodies inside bodies ("CĐCS | Văn phòng | Sở Y tế") and in a list that shares an area
LONGEST_CHAIN: Final = 24  # words of a company's name; the longest seen has 19
_BRANCH: Final = syllable_key("ngành")
_COUNTRY: Final = name_key("Việt Nam")
_BRANCH_OFFICE: Final = syllable_key("chi")  # "chi nhánh tỉnh X"
_REGION: Final = name_key("khu vực")
_CENTRAL: Final = list(name_key("Trung ương"))
# organs of a body: without the body or its area they are nobody's ("Ban Kiểm tra gồm 3 đồng chí")
INNER: Final = frozenset(
    ["Ban", "Phòng", "Đội", "Khoa", "Ủy ban", "Văn phòng", "Cơ quan", "Hội đồng", "Vụ", "Trạm", "Phòng Giao dịch"]
)
_VIETNAMESE: Final = re.compile(
    r"(?:[bcdđghklmnpqrstvx]|ch|gh|gi|kh|ng|ngh|nh|ph|qu|th|tr)?[^\W\d_bcdđfghjklmnpqrstvwxz]{1,3}(?:ch|c|m|nh|ng|n|p|t)?"
)
_SHORT: Final = ("school", "press", "hospital")
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


def organisation_at(words: Words, at: int, *, bearer: bool = False, depth: int = 0) -> Organisation | None:
    """Return the organisation whose name starts at a word, or None.

    Args:
        bearer: an office stands before it, so that its last words may be a person's name.
    """
    lex = lexicon()
    if depth > DEEPEST or words.keys[at] not in lex.heads.first:
        return None
    organ = lex.organs.longest(words, at)
    for tail, head in reversed(lex.heads.all_at(words, at)):
        if organ and organ[0] >= tail:
            continue
        if not words.caps[at] and not head.lower:
            continue
        found = _READERS[head.tail](words, Organisation(at, tail, tail, head), bearer, depth)
        if found is not None:
            return found
    return None


def _fixed(_words: Words, found: Organisation, _bearer: bool, _depth: int) -> Organisation | None:
    return found


def _brand(words: Words, found: Organisation, bearer: bool, _depth: int) -> Organisation | None:
    """A short name that everybody knows, with a place or branch after it: "Vietcombank Lạc Giang"."""
    end = found.tail
    if not all(words.caps[found.first : end]):
        return None
    branch = lexicon().fields.longest(words, end) if _follows(words, end) else None
    if branch and branch[1] == "Chi nhánh" and _follows(words, branch[0]):
        end = branch[0]
    if _follows(words, end) and words.caps[end] and not lexicon().fields.longest(words, end):
        end = person_cut(words, end - 1, capital_run(words, end), bearer=bearer)
    short = found.head.long == "PC"
    return None if short and end == found.tail else replace(found, last=end)


def _tier(words: Words, found: Organisation, bearer: bool, depth: int) -> Organisation | None:
    """An area must follow, or "Việt Nam"; in a list the last body's area is every body's ("HĐND, UBND tỉnh")."""
    at = _past_country(words, found.tail)
    area = _area_after(words, at, bearer)
    if area is not None and not (area.level == "unknown" and _is_half(words, area.name, area.name, area.last, None)):
        return replace(found, last=area.last, area=area)
    if at > found.tail:
        return replace(found, last=at)
    shared = _shared_area(words, at, bearer, depth)
    return replace(found, last=at, area=shared) if shared else None


def _own(words: Words, found: Organisation, bearer: bool, _depth: int) -> Organisation | None:
    """The tier is in the head; an area may follow: "Tỉnh ủy", "Thành ủy Hải Phòng"."""
    area = _area_after(words, found.tail, bearer, bare=False)
    return found if area is None else replace(found, last=area.last, area=area)


def _field(words: Words, found: Organisation, bearer: bool, depth: int) -> Organisation | None:
    """A field of work or a scope, then perhaps an area, a body or a name: "Ban Nữ công LĐLĐ tỉnh X"."""
    at = found.tail
    if not _follows(words, at):
        return None
    end = _scope_or_field(words, at)
    if end is None:
        body = organisation_at(words, at, bearer=bearer, depth=depth + 1) if words.caps[at] else None
        if body is not None and body.head.tail != "name":
            return replace(found, last=body.last, body=body, area=body.area)
        return _chain(words, found, bearer) if found.head.lower or found.head.long == "Chi nhánh" else None
    return _after_field(words, found, end, bearer, depth)


def _union(words: Words, found: Organisation, bearer: bool, depth: int) -> Organisation | None:
    """A branch, a scope, a body, an area or a name: "Công đoàn ngành Y tế X", "CĐCS Công ty X", "CĐ xã X"."""
    at = found.tail
    if not _follows(words, at):
        return _shared_body(words, found, bearer, depth)
    if words.keys[at] == _BRANCH:
        end = _scope_or_field(words, at + 1) if _follows(words, at + 1) else None
        return _after_field(words, found, end, bearer, depth) if end else None
    if not found.head.lower or words.caps[found.first]:
        end = _scope_or_field(words, at)
        if end is not None and not _begins_body(words, at, end):
            return _after_field(words, found, end, bearer, depth)
    body = organisation_at(words, at, bearer=bearer, depth=depth + 1)
    if body is not None:
        return replace(found, last=body.last, body=body, area=body.area)
    area = area_at(words, at, bare=True, bearer=bearer)
    if area is not None and area.type is not None and area.type.tier and words.caps[found.first]:
        return replace(found, last=_second_area(words, area, bearer).last, area=area)
    trade = lexicon().fields.longest(words, at)
    before_name = trade is not None and trade[0] < words.count and words.caps[trade[0]]
    if not words.caps[found.first] or not (words.caps[at] or before_name) or lexicon().heads.longest(words, at):
        return _shared_body(words, found, bearer, depth)
    return _chain(words, found, bearer)


def _name(words: Words, found: Organisation, bearer: bool, _depth: int) -> Organisation | None:
    return _chain(words, found, bearer)


_READERS: Final = {
    "fixed": _fixed,
    "brand": _brand,
    "tier": _tier,
    "own": _own,
    "field": _field,
    "union": _union,
    "name": _name,
}


def _follows(words: Words, at: int) -> bool:
    return at < words.count and words.gaps[at] == SPACE


def _past_country(words: Words, at: int) -> int:
    follows = _follows(words, at) and tuple(words.keys[at : at + 2]) == _COUNTRY
    return at + 2 if follows and words.caps[at] else at


def _begins_body(words: Words, at: int, end: int) -> bool:
    """Whether what reads as a field is the head of a body: "Công đoàn | Trường Cao đẳng nghề …"."""
    heads = lexicon().heads.all_at(words, at)
    return any(head.kind in ("school", "company", "hospital") and tail >= end for tail, head in heads)


def _scope_or_field(words: Words, at: int) -> int | None:
    lex = lexicon()
    scope = lex.scopes.longest(words, at)
    field = lex.fields.longest(words, at) if words.caps[at] or (scope and scope[0] > at + 1) else None
    ends = [found[0] for found in (scope, field) if found]
    if not ends or (not words.caps[at] and scope is None):
        return None
    return max(ends)


def _after_field(words: Words, found: Organisation, end: int, bearer: bool, depth: int) -> Organisation | None:
    end = _more_fields(words, end)
    area = _area_after(words, end, bearer)
    if area is not None:
        return replace(found, last=_more_scopes(words, area.last), area=area)
    if _follows(words, end):
        body = organisation_at(words, end, bearer=bearer, depth=depth + 1)
        if body is not None and (words.caps[end] or found.head.kind == "union"):
            return replace(found, last=body.last, body=body, area=body.area)
    country = _past_country(words, end)
    inner = found.head.long in INNER and country == end and words.keys[end - 2 : end] != _CENTRAL
    return None if inner else replace(found, last=country)


def _more_scopes(words: Words, end: int) -> int:
    """Go on over "Khu kinh tế Nghi Sơn | và các KCN"."""
    if end + 1 < words.count and words.keys[end] == AND_WORD and words.gaps[end] == SPACE and not words.caps[end + 1]:
        scope = lexicon().scopes.longest(words, end + 1) if _follows(words, end + 1) else None
        return scope[0] if scope and scope[0] > end + 2 else end
    return end


def _is_area_name(words: Words, at: int) -> bool:
    return any(names.longest(words, at) for names in lexicon().gazetteer.values())


def _more_fields(words: Words, end: int) -> int:
    """Go on over "… và Y tế", "… - Pháp luật", "… Trung ương" while fields follow each other."""
    fields = lexicon().fields
    while end < words.count and words.gaps[end] in (SPACE, DASH, HYPHEN, AND):
        at = end + 1 if words.keys[end] == AND_WORD else end
        found = fields.longest(words, at) if at < words.count and words.caps[at] else None
        if found is None or (at > end and (words.gaps[at] != SPACE or _other_body(words, at))):
            break
        if at == end and words.gaps[at] == SPACE and (found[0] == at + 1 or _is_area_name(words, at)):
            break  # "Sở Y tế | Đồng Nai" names no copper
        end = found[0]
    return end


def _other_body(words: Words, at: int) -> bool:
    """Whether what reads as one more field is another body: "Sở Tài chính và | Công an tỉnh"."""
    head = lexicon().heads.longest(words, at)
    return head is not None and organisation_at(words, at, depth=DEEPEST) is not None


def _area_after(words: Words, at: int, bearer: bool, *, bare: bool = True) -> Area | None:
    """Return the area that follows a body: with a type word, of the gazetteer, or a name unknown to it."""
    if not _follows(words, at) or lexicon().heads.longest(words, at):
        return None
    if tuple(words.keys[at : at + 2]) == _REGION:
        return _region(words, at, bearer)
    area = area_at(words, at, bare=bare, bearer=bearer)
    if area is not None:
        return _second_area(words, area, bearer) if area.type is not None and area.type.tier else None
    if words.shouted and lexicon().ends.longest(words, at):
        return None
    if not words.caps[at] or _past_country(words, at) > at:
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
    if not _follows(words, name) or not words.caps[name]:
        return None
    end = person_cut(words, name, capital_run(words, name), bearer=bearer)
    if end < words.count and words.gaps[end] == DASH and words.caps[end] and _is_second_half(words, end):
        end = capital_run(words, end)
    return Area(at, name, end, "region", None)


def _person_run(words: Words, at: int, run: int) -> bool:
    return starts_person(words, at, run) or (run - at == 2 and words.keys[at] in lexicon().surnames)


def _second_area(words: Words, area: Area, bearer: bool) -> Area:
    """Take in the wider area that follows without a comma: "huyện Vĩnh Khê tỉnh Hà Trung"."""
    if area.name == area.last or not _follows(words, area.last):
        return area
    wider = area_at(words, area.last, bearer=bearer)
    return replace(area, last=wider.last) if wider and wider.type and wider.type.tier else area


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
    joined = words.gaps[at] == SPACE and words.keys[at] == AND_WORD and _follows(words, at + 1)
    return at + 1 if joined else None


def _chain(words: Words, found: Organisation, bearer: bool) -> Organisation | None:
    """Read a name of its own: forms, trades and kinds of schools, capitalised words, numbers, then an area."""
    at, telling, after_field, run_first = found.tail, False, False, found.tail
    area: Area | None = None
    limit = min(words.count, found.first + LONGEST_CHAIN)
    while at < limit:
        step = _joint(words, at, first=at == found.tail, after_field=after_field)
        if step is None:
            break
        area = _chain_area(words, step, bearer, found.head, telling)
        if area is not None:
            at, telling = area.last, True
            break
        piece = _piece(words, step, telling)
        if piece is None:
            break
        end, is_field = piece
        if is_field:
            run_first = end
        telling = telling or not is_field or not _is_form(words, step, end)
        at, after_field = end, is_field
    if not telling or _is_half(words, found.tail, run_first, at, area) or _is_word(words, found, at):
        return None
    if area is None:
        at = _without_person(words, found, run_first, at, bearer)
    return replace(found, last=at, area=area)


def _joint(words: Words, at: int, *, first: bool, after_field: bool) -> int | None:
    """Return the word at which the name goes on past the gap before `at`, or None where the name has ended."""
    gap = words.gaps[at]
    if gap == SPACE:
        if words.keys[at] != AND_WORD or words.caps[at]:
            return at
        field = lexicon().fields.longest(words, at + 1) if _follows(words, at + 1) else None
        joined = field and after_field and words.caps[at + 1] and not _other_body(words, at + 1)
        return at + 1 if joined else None
    if first:
        return None
    if gap in (HYPHEN, AND):
        return at if words.caps[at] or words.figure(at) else None
    if gap == DOT:
        tight = words.starts[at] - words.ends[at - 1] == 1
        return at if tight else None
    if gap == SLASH:
        return at if words.figure(at) and words.figure(at - 1) else None
    if gap in (DASH, COMMA) and words.caps[at]:
        field = lexicon().fields.longest(words, at)
        if field:
            return at if after_field or gap == DASH else None
        return at if gap == DASH and _is_second_half(words, at) else None
    return None


def _is_second_half(words: Words, at: int) -> bool:
    """Whether a capital after a dash goes on the name ("Luxshare - ICT"), and is no office, body, person or place."""
    lex = lexicon()
    if lex.offices.longest(words, at) or lex.heads.longest(words, at) or lex.types.longest(words, at):
        return False
    return words.keys[at] not in lex.surnames and not lex.honorifics.longest(words, at)


def _chain_area(words: Words, at: int, bearer: bool, head: Head, telling: bool) -> Area | None:
    """Return the area that ends a name; a tier alone only for public bodies: "Bệnh viện Đa khoa tỉnh"."""
    if words.keys[at] not in lexicon().types.first or not (telling or head.kind in ("school", "hospital", "facility")):
        return None
    area = area_at(words, at, bare=head.kind not in ("company", "bank", "cooperative"), bearer=bearer)
    if area is None or area.type is None:
        return None
    if area.name == area.last and words.caps[at] and not words.shouted:
        return None
    return _second_area(words, area, bearer) if area.type.tier else area


def _piece(words: Words, at: int, telling: bool) -> tuple[int, bool] | None:
    """Return where the next piece of a name ends and whether it is a phrase of the lexicon."""
    lex = lexicon()
    field = lex.fields.longest(words, at)
    if field and (words.caps[at] or field[1][0].islower()):
        return field[0], True
    if field and not telling and field[0] < words.count and words.gaps[field[0]] == SPACE and words.caps[field[0]]:
        return field[0], True  # "công ty may Việt Tiến"
    linking = lex.linking.longest(words, at) if not words.caps[at] else None
    if linking:
        end = linking[0]
        if words.keys[at] == _BRANCH_OFFICE and area_at(words, end) is not None:
            return end, True
        figure = end < words.count and (words.figure(end) or words.caps[end])
        return (end + 1, False) if figure and words.gaps[end] == SPACE and words.keys[at] != AND_WORD else None
    if words.figure(at):
        short = words.ends[at] - words.starts[at] <= 3
        return (at + 1, False) if short and (telling or _numbered(words, at)) else None
    if words.gaps[at] == DOT and telling:
        return at + 1, False  # "Co.opmart"
    if not words.caps[at] or ((telling or words.shouted) and _ends_name(words, at)):
        return None
    return (capital_run(words, at), False) if words.shouted else (at + 1, False)


def _numbered(words: Words, at: int) -> bool:
    """Whether a number may be a name by itself: "Trường Tiểu học 1", "Lữ đoàn 168", not "khách sạn 21 phòng"."""
    if at + 1 < words.count and words.gaps[at + 1] == SLASH and words.figure(at + 1):
        return True
    following = at + 1 < words.count and words.gaps[at + 1] == SPACE and not words.caps[at + 1]
    return words.caps[at - 1] or (words.ends[at] - words.starts[at] == 3 and not following)


def _is_half(words: Words, tail: int, run_first: int, last: int, area: Area | None) -> bool:
    """Whether a name of one capital goes on in small letters unknown to us: "Binh chủng Thông | tin liên lạc".

    No name is better than half a name. What is no Vietnamese syllable ("Canon") can't be half a word.
    """
    if area is not None or last - run_first != 1 or last >= words.count or words.gaps[last] != SPACE:
        return False
    before = last - 2
    if (
        words.caps[before]
        and words.gaps[before + 1] == SPACE
        and before > tail
        and not words.printed(before, last - 1).isupper()
    ):
        return False
    if words.shouted or words.caps[last] or words.figure(last) or words.figure(last - 1):
        return False
    word = words.printed(last - 1, last)
    if word.isupper() or not _VIETNAMESE.fullmatch(word.casefold()):
        return False
    return lexicon().ends.longest(words, last) is None


def _is_word(words: Words, found: Organisation, last: int) -> bool:
    """Whether a head of one word and the only word after it are another name: "Trường Sơn", "Đài Loan"."""
    return (
        found.tail - found.first == 1
        and last - found.tail == 1
        and found.head.kind in _SHORT
        and not words.figure(last - 1)
    )


def _ends_name(words: Words, at: int) -> bool:
    lex = lexicon()
    if words.shouted:
        return lex.ends.longest(words, at) is not None
    return lex.offices.longest(words, at) is not None


def _is_form(words: Words, first: int, last: int) -> bool:
    """Whether a piece is a legal form that names nobody: "Cổ phần", "TNHH"."""
    return words.printed(first, last).casefold() in _FORMS


_FORMS: Final = frozenset(
    {"cổ phần", "cp", "tnhh", "mtv", "một thành viên", "hai thành viên", "trách nhiệm hữu hạn", "th"}
    | {"tiểu học", "mầm non", "thcs", "thpt", "trung học cơ sở", "trung học phổ thông", "mẫu giáo", "đa khoa"}
)


def _without_person(words: Words, found: Organisation, run_first: int, last: int, bearer: bool) -> int:
    """Cut a person's name off the last run of capitals."""
    first = max(run_first, found.tail)
    start = last
    while start > first and words.caps[start - 1] and (start == last or words.gaps[start] == SPACE):
        start -= 1
    whole = start == run_first and run_first > found.tail and bearer
    if whole and found.head.kind not in ("school", "hospital") and starts_person(words, start, last):
        return start
    return person_cut(words, start, last, bearer=bearer)
