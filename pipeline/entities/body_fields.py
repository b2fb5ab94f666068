"""The field of work behind a head ("Sở | Y tế", "Cục | ĐTNĐ"), and heads in small letters that a field tells."""

from __future__ import annotations

from typing import Final

from pipeline.entities.areas import Area, area_at, capital_run
from pipeline.entities.body_areas import follows, past_country
from pipeline.entities.lexicon import Head, lexicon
from pipeline.entities.words import AND, AND_WORD, SPACE, Words
from pipeline.syllables import syllable_key

LONGEST_FIELD: Final = 10  # words of a field that no lexicon has
_ACRONYM: Final = range(3, 9)  # letters
_ALL: Final = syllable_key("các")


def in_compound(words: Words, at: int) -> bool:
    """Whether a small letter begins no head but the second half of a word: "trụ | sở UBND"."""
    if words.caps[at] or not at or words.gaps[at] != SPACE:
        return False
    return (words.keys[at - 1], words.keys[at]) in lexicon().compounds


def in_small_letters(words: Words, at: int, tail: int, head: Head) -> bool:
    """Whether a field or an abbreviation tells that a head in small letters is one: "cục Đường bộ", "cục ATLĐ"."""
    if not head.small or not follows(words, tail):
        return False
    if head.tail == "tier":
        return tail > at + 1  # "công an huyện Vĩnh Khê", not "thuế GTGT"
    if not words.caps[tail]:
        return False
    known = lexicon().fields.longest(words, tail) is not None
    if head.kind == "press":
        unknown = capital_run(words, tail) - tail > 1 and not lexicon().countries.longest(words, tail)
        return known or unknown  # "báo Người Đưa Tin"
    return known or (head.kind == "state" and is_acronym(words, tail))


def is_acronym(words: Words, at: int) -> bool:
    """Whether a field of work is printed by its initials: "Cục ĐTNĐVN"; in a headline in capitals none is told."""
    printed = words.printed(at, at + 1)
    return not words.shouted and len(printed) in _ACRONYM and printed.isalpha() and printed.isupper()


def scope_or_field(words: Words, at: int) -> int | None:
    lex = lexicon()
    scope = lex.scopes.longest(words, at)
    field = lex.fields.longest(words, at) if words.caps[at] or (scope and scope[0] > at + 1) else None
    ends = [found[0] for found in (scope, field) if found]
    if not ends or (not words.caps[at] and scope is None):
        return None
    return max(ends)


def of_all(words: Words, at: int) -> bool:
    """Whether bodies of several areas are meant: "Sở Y tế | các tỉnh"."""
    if not follows(words, at) or words.keys[at] != _ALL or not follows(words, at + 1):
        return False
    return words.keys[at + 1] in lexicon().types.first


def more_scopes(words: Words, end: int) -> int:
    """Go on over "Khu kinh tế Nghi Sơn | và các KCN"."""
    if end + 1 < words.count and words.keys[end] == AND_WORD and words.gaps[end] == SPACE and not words.caps[end + 1]:
        scope = lexicon().scopes.longest(words, end + 1) if follows(words, end + 1) else None
        return scope[0] if scope and scope[0] > end + 2 else end
    return end


def unknown_field(words: Words, at: int, bearer: bool) -> tuple[int, Area | None] | None:
    """Return where a name ends whose field no lexicon has, and its area, which tells: "Cục Bảo tồn … tỉnh Hà Trung"."""
    lex = lexicon()
    if not words.caps[at] or words.shouted:
        return None
    for end in range(at + 1, min(at + LONGEST_FIELD, words.count)):
        if words.gaps[end] not in (SPACE, AND):
            return None
        country = past_country(words, end)
        if country > end:
            return country, None
        area = area_at(words, end, bearer=bearer)
        if area is not None and area.type is not None and area.type.tier and end > at + 1:
            return area.last, area
        stops = lex.ends.longest(words, end) is not None and words.keys[end] != AND_WORD
        if stops or lex.offices.longest(words, end) or (words.caps[end] and lex.heads.longest(words, end)):
            return None
    return None
