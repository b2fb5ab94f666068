"""Names that tell themselves what they are, with neither trigger nor registry: “Tháng Thanh niên”, “Tết … - Xuân …”."""

from __future__ import annotations

import functools
from collections.abc import Sequence

from pipeline.movements.heads import boundary
from pipeline.movements.line import Line
from pipeline.movements.lists import MAX_LISTED_SYLLABLES
from pipeline.movements.unquoted import (
    DASHES,
    MAX_UNQUOTED_SYLLABLES,
    continues,
    is_doubtful,
    unquoted_end,
)
from pipeline.movements.words import movement_words
from pipeline.syllables import name_key

MAX_TELLING_SYLLABLES = 8  # “Tháng …” with more is a sentence
MAX_WELFARE_SYLLABLES = 2  # between "Mái ấm" and "Công đoàn": "Mái ấm tình thương Công đoàn"
MAX_SEASON_SYLLABLES = 4  # of each half of "Tết nghĩa tình - Xuân gắn kết"

_UNION = name_key("công đoàn")


def tells_itself(name: str) -> bool:
    """Say whether a quoted name needs no trigger: “Tháng …”, “Chiến dịch …”, “Học tập và làm theo …”."""
    key = name_key(name)
    if any(key[: len(opening)] == opening for opening in _phrases("telling_openings")):
        return len(key) <= MAX_LISTED_SYLLABLES
    if not 2 < len(key) <= MAX_TELLING_SYLLABLES or key[1].isdecimal():
        return False
    return any(key[: len(beginning)] == beginning for beginning in _phrases("telling_beginnings"))


def could_tell(key: str) -> bool:
    """Say whether a name that tells itself what it is may begin with the syllable of this key."""
    return key in _telling_firsts()


def may_tell(keys: Sequence[str]) -> list[int]:
    """Return the places among the keys of a line's syllables at which such a name may begin."""
    firsts = _telling_firsts()
    return [at for at, key in enumerate(keys) if key in firsts]


def telling_end(line: Line, first: int) -> int | None:
    """Return where a name ends that needs neither quotes nor a trigger nor a registry.

    A themed month or week ("Tháng Thanh niên", "Tuần lễ Áo dài"), the month of an action ("Tháng hành động vì trẻ em"),
    what a union gives ("Chợ Tết Công đoàn"), a New Year programme ("Tết nghĩa tình - Xuân gắn kết").
    """
    if line.syllables.keys[first] not in _telling_firsts() or line.capitals or not line.marked:
        return None
    return _action_end(line, first) or _month_end(line, first) or _welfare_end(line, first) or _season_end(line, first)


@functools.cache
def _telling_firsts() -> frozenset[str]:
    return frozenset(name_key(phrase)[0] for phrase in ("tháng", "tuần", "tết", "xuân", *movement_words().welfare))


@functools.cache
def _phrases(name: str) -> tuple[tuple[str, ...], ...]:
    phrases: tuple[str, ...] = tuple(getattr(movement_words(), name))
    return tuple(name_key(phrase) for phrase in phrases)


def _month_end(line: Line, first: int) -> int | None:
    second = first + 1
    if line.word(first) not in ("Tháng", "Tuần") or second >= len(line.syllables):
        return None
    if line.word(first) == "Tuần" and line.word(second) != "lễ":
        return None
    named = second + 1 if line.word(second) == "lễ" else second
    if named >= len(line.syllables) or line.begins("organisations", named):
        return None
    if not line.capitalised(named):
        return _lower_month_end(line, first, named)
    if name_key(line.word(named)) in boundary("months") or line.word(named).isupper():
        return None
    return unquoted_end(line, first, line.end)


def _lower_month_end(line: Line, first: int, named: int) -> int | None:
    """ "lễ tổng kết Tháng công nhân": within a sentence the capital of "Tháng" alone tells a themed month."""
    start = line.syllables.starts[first]
    if line.begins_sentence(start) or line.begins("months", named) or line.begins("stops", named):
        return None
    if not line.word(named).isalpha() or line.gap(named).strip(" \u00a0"):
        return None
    end = unquoted_end(line, first, line.end)
    return None if end is None or is_doubtful(line, first, end) else end


def _action_end(line: Line, first: int) -> int | None:
    """ "Tháng hành động về an toàn, vệ sinh lao động": what it is for begins with "về", "vì" or "phòng"."""
    keys = line.syllables.keys[first : first + 6]
    if keys[:3] != list(name_key("tháng hành động")) or not line.capitalised(first):
        return None
    told = 5 if keys[3:5] == list(name_key("quốc gia")) else 3
    if len(keys) > told and line.word(first + told).isupper() and line.word(first + told) not in ("VÌ", "VỀ"):
        return _abbreviated_end(line, first + told)
    if len(keys) <= told or (keys[told],) not in {name_key(word) for word in ("về", "vì", "phòng")}:
        return None
    after = first + told + 1
    last = min(len(line.syllables), first + MAX_UNQUOTED_SYLLABLES + 1)
    while after < last and (continues(line, after) or _is_paired(line, after)):
        after += 1
    return line.syllables.ends[after - 1] if first + told + 1 < after < last or after == len(line.syllables) else None


def _abbreviated_end(line: Line, index: int) -> int:
    """ "Tháng hành động AT-VSLĐ": the abbreviation and what a dash joins to it."""
    while index + 1 < len(line.syllables) and line.gap(index + 1) == "-" and line.word(index + 1).isupper():
        index += 1
    return line.syllables.ends[index]


def _is_paired(line: Line, index: int) -> bool:
    """Say whether the comma before the index stands within a fixed phrase: "phòng, chống"."""
    if line.gap(index).strip() != ",":
        return False
    return any(
        tuple(line.syllables.keys[index - taken : index - taken + len(pair)]) == pair
        for pair in _phrases("comma_pairs")
        for taken in range(1, len(pair))
    )


def _welfare_end(line: Line, first: int) -> int | None:
    if not line.capitalised(first):
        return None
    keys = line.syllables.keys[first : first + 8]
    for phrase in _phrases("welfare"):
        if tuple(keys[: len(phrase)]) != phrase:
            continue
        for union in range(len(phrase), len(phrase) + MAX_WELFARE_SYLLABLES + 1):
            if tuple(keys[union : union + 2]) == _UNION:
                last = first + union + 1
                spaced = all(not line.gap(index).strip(" \u00a0") for index in range(first + 1, last + 1))
                return line.syllables.ends[last] if spaced else None
    return None


def _season_end(line: Line, first: int) -> int | None:
    if line.word(first) not in ("Tết", "Xuân") or line.begins("new_years", first + 1):
        return None
    for index in range(first + 2, min(first + 2 + MAX_SEASON_SYLLABLES, len(line.syllables) - 1)):
        gap = line.gap(index).strip(" \u00a0")
        if gap:
            second = line.word(index) in ("Xuân", "Tết") and not line.begins("new_years", index + 1)
            return unquoted_end(line, index, line.end) if gap in DASHES and second else None
    return None
