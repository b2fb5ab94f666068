"""Names of their own: forms, trades and kinds of schools, capitalised words, numbers, then perhaps an area."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from pipeline.entities.areas import Area, area_at, capital_run, person_cut, starts_person
from pipeline.entities.body_areas import follows, is_second_half, second_area
from pipeline.entities.lexicon import Head, lexicon
from pipeline.entities.words import AND, AND_WORD, COMMA, DASH, DOT, HYPHEN, SLASH, SPACE, Words
from pipeline.syllables import name_key, syllable_key

LONGEST_TRADE: Final = 8  # words in small letters between the legal form and the name
LONGEST_NAME: Final = 24  # words of a company's name; the longest seen has 19
_BRANCH_OFFICE: Final = syllable_key("chi")  # "chi nhánh tỉnh X"
_COMPANY_FORMS: Final = ("Công ty Cổ phần", "Công ty TNHH", "Công ty TNHH Một thành viên")
_PART: Final = syllable_key("miền")
_PARTS: Final = frozenset(name_key("Bắc Trung Nam Tây"))
_COMPANY: Final = "company"
_SHORT: Final = ("school", "press", "hospital")
_VIETNAMESE: Final = re.compile(
    r"(?:[bcdđghklmnpqrstvx]|ch|gh|gi|kh|ng|ngh|nh|ph|qu|th|tr)?[^\W\d_bcdđfghjklmnpqrstvwxz]{1,3}(?:ch|c|m|nh|ng|n|p|t)?"
)
_FORMS: Final = frozenset(
    {"cổ phần", "cp", "tnhh", "mtv", "một thành viên", "hai thành viên", "trách nhiệm hữu hạn", "th"}
    | {"tiểu học", "mầm non", "thcs", "thpt", "trung học cơ sở", "trung học phổ thông", "mẫu giáo", "đa khoa"}
)


def name_after(
    words: Words, first: int, tail: int, head: Head, *, bearer: bool, begins_body: Callable[[Words, int], bool]
) -> tuple[int, Area | None] | None:
    """Return where the name of its own that follows a head ends, and the area that ends it; None without a name.

    Args:
        first: the head's first word, `tail` the one after the head.
        bearer: an office stands before, so that the last words may be a person's name.
        begins_body: whether another body's name begins at a word.
    """
    at, telling, after_field, run_first = tail, False, False, tail
    formed = head.long in _COMPANY_FORMS or (head.kind == "company" and words.caps[first])
    if formed and follows(words, at) and not words.caps[at]:
        at = run_first = small_trade_end(words, at) or at
    area: Area | None = None
    limit = min(words.count, first + LONGEST_NAME)
    while at < limit:
        step = _joint(words, at, first=at == tail, after_field=after_field, begins_body=begins_body)
        if step is None:
            break
        area = _chain_area(words, step, bearer, head, telling)
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
    whole = _whole_end(words, head, tail, run_first, at, area) if telling else None
    if whole is None or whole > at:
        return None if whole is None else (whole, None)
    if tail - first == 1 and at - tail == 1 and head.kind in _SHORT and not words.figure(tail):
        return None  # a head of one word and the only word after it are another name: "Trường Sơn"
    if area is None:
        at = _without_person(words, head, max(run_first, tail), tail, at, bearer)
    return at, area


def _joint(
    words: Words, at: int, *, first: bool, after_field: bool, begins_body: Callable[[Words, int], bool]
) -> int | None:
    """Return the word at which the name goes on past the gap before `at`, or None where the name has ended."""
    gap = words.gaps[at]
    if at in words.short and not first and words.caps[at + 1] and _goes_on(words, at + 1):
        return at + 1
    if gap == SPACE:
        if words.keys[at] != AND_WORD or words.caps[at]:
            return at
        field = lexicon().fields.longest(words, at + 1) if follows(words, at + 1) else None
        joined = field and after_field and words.caps[at + 1] and not begins_body(words, at + 1)
        return at + 1 if joined else None
    if first:
        return None
    if gap in (HYPHEN, AND):
        return at if words.caps[at] or words.figure(at) else None
    if gap == DOT:
        return at
    if gap == SLASH:
        return at if words.figure(at) and words.figure(at - 1) else None
    if gap in (DASH, COMMA) and words.caps[at]:
        field = lexicon().fields.longest(words, at)
        if field:
            return at if after_field or gap == DASH else None
        return at if gap == DASH and is_second_half(words, at) else None
    return None


def _goes_on(words: Words, at: int) -> bool:
    """Whether a name may go on at a word behind an abbreviation in brackets: with no office, person or verb."""
    lex = lexicon()
    return not (lex.offices.longest(words, at) or lex.heads.longest(words, at) or words.keys[at] in lex.surnames)


def _chain_area(words: Words, at: int, bearer: bool, head: Head, telling: bool) -> Area | None:
    """Return the area that ends a name; a tier alone only for public bodies: "Bệnh viện Đa khoa tỉnh"."""
    if words.keys[at] not in lexicon().types.first or not (telling or head.kind in ("school", "hospital", "facility")):
        return None
    area = area_at(words, at, bare=head.kind not in ("company", "bank", "cooperative"), bearer=bearer)
    if area is None or area.type is None:
        return None
    if area.name == area.last and words.caps[at] and not words.shouted:
        return None
    return second_area(words, area, bearer) if area.type.tier else area


def _piece(words: Words, at: int, telling: bool) -> tuple[int, bool] | None:
    """Return where the next piece of a name ends and whether it is a phrase of the lexicon."""
    lex = lexicon()
    field = lex.fields.longest(words, at)
    if field and (words.caps[at] or field[1][0].islower()):
        return field[0], True
    if field and _leads_on(words, field[0], telling):
        return field[0], True  # "công ty may Việt Tiến", "Công ty Thoát nước đô thị TP.HCM"
    linking = lex.linking.longest(words, at) if not words.caps[at] else None
    if linking:
        end = linking[0]
        if words.keys[at] == _BRANCH_OFFICE and area_at(words, end) is not None:
            return end, True
        figure = end < words.count and (words.figure(end) or words.caps[end])
        return (end + 1, False) if figure and words.gaps[end] == SPACE and words.keys[at] != AND_WORD else None
    if telling and words.keys[at] == _PART and at + 1 < words.count and words.keys[at + 1] in _PARTS:
        return at + 2, False  # "Tổng công ty Điện lực miền Bắc"
    if words.figure(at):
        short = words.ends[at] - words.starts[at] <= 3
        return (at + 1, False) if short and (telling or _numbered(words, at)) else None
    if words.gaps[at] == DOT and telling:
        return at + 1, False  # "Co.opmart"
    if not words.caps[at] or ((telling or words.shouted) and _ends_name(words, at)):
        return None
    return (capital_run(words, at), False) if words.shouted else (at + 1, False)


def _leads_on(words: Words, at: int, telling: bool) -> bool:
    """Whether a name goes on behind a field in small letters: a capital, or an area once something has been named."""
    if at >= words.count or words.gaps[at] != SPACE:
        return False
    if not telling:
        return words.caps[at]
    area = area_at(words, at)
    return area is not None and area.type is not None and area.type.tier is not None


def small_trade_end(words: Words, at: int) -> int | None:
    """Return where words of trades in small letters end, before a name: "phát triển hạ tầng | Vĩnh Khê"."""
    end = at
    while end < words.count and end - at < LONGEST_TRADE and not words.caps[end]:
        if words.gaps[end] != SPACE and (words.gaps[end] not in (DASH, COMMA) or end == at):
            return None
        if words.keys[end] not in lexicon().trade_words:
            return None
        end += 1
    named = at < end < words.count and words.gaps[end] == SPACE and words.caps[end]
    return end if named and not lexicon().countries.longest(words, end) else None


def _whole_end(words: Words, head: Head, tail: int, run_first: int, at: int, area: Area | None) -> int | None:
    """Return where the name that seems to end at a word really ends; None where it is half a name."""
    short = tail < at and at - run_first <= 1 and area is None and head.kind == _COMPANY
    further = _past_small_letters(words, at, field=at == run_first) if short else at
    return None if further == at and is_half(words, tail, run_first, at, area) else further


def _past_small_letters(words: Words, at: int, *, field: bool) -> int | None:
    """Return where a name ends that goes on in small letters: "Công ty Vận tải | dầu khí Việt Nam"; else `at`.

    None where a field alone goes on in words that we don't know: "Công ty Xổ số | điện toán …". No name is better
    than half a name.
    """
    if at >= words.count or words.gaps[at] != SPACE or words.caps[at] or words.shouted or words.figure(at):
        return at
    ended = lexicon().ends.longest(words, at) is not None
    if ended and words.keys[at] != AND_WORD:
        return at
    end = at
    while end < words.count and end - at < LONGEST_TRADE and not words.caps[end] and words.gaps[end] == SPACE:
        if words.keys[end] not in lexicon().trade_words:
            break
        end += 1
    joined = at + 1 if words.keys[at] == AND_WORD else at
    if joined < end < words.count and words.gaps[end] == SPACE and words.caps[end]:
        return capital_run(words, end)
    return None if field and not ended else at


def _numbered(words: Words, at: int) -> bool:
    """Whether a number may be a name by itself: "Trường Tiểu học 1", "Lữ đoàn 168", not "khách sạn 21 phòng"."""
    if at + 1 < words.count and words.gaps[at + 1] == SLASH and words.figure(at + 1):
        return True
    following = at + 1 < words.count and words.gaps[at + 1] == SPACE and not words.caps[at + 1]
    return words.caps[at - 1] or not following or lexicon().ends.longest(words, at + 1) is not None


def is_half(words: Words, tail: int, run_first: int, last: int, area: Area | None) -> bool:
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
    if (word.isupper() and len(word) > 1) or not _VIETNAMESE.fullmatch(word.casefold()):
        return False
    return lexicon().ends.longest(words, last) is None


def _ends_name(words: Words, at: int) -> bool:
    lex = lexicon()
    if words.shouted:
        return lex.ends.longest(words, at) is not None
    return lex.offices.longest(words, at) is not None


def _is_form(words: Words, first: int, last: int) -> bool:
    """Whether a piece is a legal form that names nobody: "Cổ phần", "TNHH"."""
    return words.printed(first, last).casefold() in _FORMS


def _without_person(words: Words, head: Head, first: int, tail: int, last: int, bearer: bool) -> int:
    """Cut a person's name off the last run of capitals, which starts at `first` or after it."""
    start = last
    while start > first and words.caps[start - 1] and (start == last or words.gaps[start] == SPACE):
        start -= 1
    whole = start == first > tail and bearer
    if whole and head.kind not in ("school", "hospital") and starts_person(words, start, last):
        return start
    return person_cut(words, start, last, bearer=bearer)
