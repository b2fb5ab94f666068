"""Offices of persons: "Chủ tịch LĐLĐ tỉnh", before the name or after it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from pipeline.entities.lexicon import lexicon
from pipeline.entities.words import COMMA, DASH, OPEN, SPACE, Words
from pipeline.syllables import name_key, syllable_key

COPULA_WORDS: Final = 6  # "được bầu giữ chức vụ Chủ tịch"
_COPULAS: Final = frozenset(name_key("là làm chức vụ"))
_PROVINCE: Final = syllable_key("tỉnh")
LONGEST_OFFICE: Final = 60  # words; "Phó Bí thư …, Chủ tịch …, Trưởng đoàn …" is seen with 30
LONGEST_TASK: Final = 5  # words
_CENTRAL: Final = name_key("Trung ương")
_ORGANS: Final = (name_key("Văn phòng"), name_key("Thanh tra"))  # "Chánh | Văn phòng", not "Trưởng | Công an"
_OF: Final = syllable_key("của")
REACH: Final = 8  # words before a body in which its bearer's office is looked for
_AFTER: Final = (DASH, COMMA, OPEN)


def office_start(words: Words, at: int) -> int | None:
    """Return where the office phrase that starts at a word ends ("nguyên Phó Chủ tịch | LĐLĐ tỉnh"), or None."""
    lex = lexicon()
    while at < words.count and words.keys[at] in lex.prefixes and at + 1 < words.count and words.gaps[at + 1] == SPACE:
        found = lex.offices.longest(words, at)
        if found:
            return found[0]
        at += 1
    found = lex.offices.longest(words, at)
    return found[0] if found else None


def is_borne(words: Words, at: int) -> bool:
    """Whether an office stands before a word, with nothing but spaces between: a person may be named next."""
    offices, keys, gaps = lexicon().offices, words.keys, words.gaps
    for before in range(at - 1, max(at - REACH, 0) - 1, -1):
        if gaps[before + 1] != SPACE:
            return False
        if keys[before] in offices.first and offices.longest(words, before):
            return True
    return False


def in_office(words: Words, at: int) -> bool:
    """Whether a word is inside the name of an office: "Trưởng | Ban", "Viện trưởng | Viện"."""
    if not at or words.gaps[at] != SPACE:
        return False
    found = lexicon().offices.longest(words, at - 1)
    if found is None or found[0] <= at or _is_central(words, at):
        return False
    return found[0] == at + 1 or tuple(words.keys[at : found[0]]) in _ORGANS


def _is_central(words: Words, at: int) -> bool:
    """Whether a board of the party is named whole, and the office is in it: "Trưởng | Ban Tổ chức Trung ương"."""
    field = lexicon().fields.longest(words, at + 1) if at + 1 < words.count else None
    return field is not None and tuple(words.keys[field[0] : field[0] + 2]) == _CENTRAL


def offices_of(
    words: Words, persons: Sequence[tuple[int, int]], bodies: Mapping[int, int]
) -> dict[tuple[int, int], tuple[int, int]]:
    """Return the office of each person that has one, as spans of words.

    Args:
        persons: spans of the names, in reading order.
        bodies: for each organisation and place, the word it starts at and the one it ends before.
    """
    starts = [first for first, _ in persons]
    found: dict[tuple[int, int], tuple[int, int]] = {}
    taken = 0
    for index, (first, last) in enumerate(persons):
        limit = min(starts[index + 1] if index + 1 < len(persons) else words.count, last + LONGEST_OFFICE)
        office = _office_after(words, last, limit, bodies)
        if office is not None:
            found[(first, last)] = office
            taken = office[1]
            continue
        before = _office_before(words, first, max(taken, persons[index - 1][1] if index else 0), bodies)
        if before is not None:
            found[(first, last)] = before
    return found


def _office_after(words: Words, at: int, limit: int, bodies: Mapping[int, int]) -> tuple[int, int] | None:
    if at >= limit:
        return None
    gap, start = words.gaps[at], at
    copula = _copula(words, at, limit)
    if copula is not None and gap in (SPACE, COMMA, DASH):
        start, gap = copula, DASH
    if gap not in _AFTER or office_start(words, start) is None:
        return None
    end = _office_end(words, start, limit, bodies)
    # the office before the next person is the next one's: "ông A, Chủ tịch LĐLĐ tỉnh Lê Văn B"
    return (start, end) if end < limit or limit >= words.count or gap != COMMA or words.gaps[limit] != SPACE else None


def _copula(words: Words, at: int, limit: int) -> int | None:
    """Return the word after "là", "khi đó là", "được bầu giữ chức"."""
    for end in range(at, min(at + COPULA_WORDS, limit - 1)):
        if words.keys[end] in _COPULAS and words.gaps[end + 1] == SPACE and office_start(words, end + 1) is not None:
            return end + 1
        if words.caps[end] or (end > at and words.gaps[end] != SPACE):
            return None
    return None


def _office_before(words: Words, at: int, floor: int, bodies: Mapping[int, int]) -> tuple[int, int] | None:
    """Return the office that ends right before a name, or before its honorific: "Chủ tịch X, ông | Lê Văn B"."""
    ends = {at}
    for back in (1, 2):
        if at - back >= floor and lexicon().honorifics.longest(words, at - back):
            ends.add(at - back)
    for start in range(max(floor, at - LONGEST_OFFICE), at):
        if office_start(words, start) is None:
            continue
        end = _office_end(words, start, at, bodies)
        title = lexicon().honorifics.longest(words, start)
        if title and title[0] == end:  # "kỹ sư Lê Văn A": a title alone
            continue
        if end in ends and words.gaps[end] in ((SPACE,) if end == at else (SPACE, COMMA, DASH)):
            return start, end
    return None


def _office_end(words: Words, start: int, limit: int, bodies: Mapping[int, int]) -> int:
    """Return where an office ends: phrase, field, body, and further offices joined by commas."""
    end = min(office_start(words, start) or start, limit)
    while end < limit:
        gap = words.gaps[end]
        if gap == SPACE or (gap == DASH and _qualifier(words, end)):
            step = bodies.get(end) or _qualifier(words, end) or _more_office(words, end) or _task(words, end, bodies)
        elif gap == COMMA:
            step = office_start(words, end)
        else:
            break
        if step is None or step > limit:
            break
        end = step
    return end


def _task(words: Words, at: int, bodies: Mapping[int, int]) -> int | None:
    """Return where a body ends that follows the task of an office: "nhân viên | văn thư UBND phường X"."""
    ends = lexicon().ends
    for end in range(at, min(at + LONGEST_TASK, words.count)):
        if words.gaps[end] != SPACE:
            return None
        if end > at and end in bodies:
            return bodies[end]
        if words.caps[end] or (words.keys[end] != _OF and ends.longest(words, end)):
            return None
    return None


def _more_office(words: Words, at: int) -> int | None:
    """ "Chủ tịch kiêm Giám đốc", "Giáo viên, Tổ trưởng …" """
    return office_start(words, at) if words.caps[at] else None


def _qualifier(words: Words, at: int) -> int | None:
    """Return where the words end that say which office: "Trưởng ban | Nữ công", "Giám đốc | Nhân sự"."""
    lex = lexicon()
    found = lex.office_areas.longest(words, at) or lex.organs.longest(words, at)
    if found:
        return found[0]
    if words.keys[at] == _PROVINCE and not words.caps[at]:
        return at + 1
    field = lex.fields.longest(words, at) if words.caps[at] else None
    return field[0] if field else None
