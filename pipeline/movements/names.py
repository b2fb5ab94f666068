"""What makes two printed names one: abbreviations, scope and year are how a name is printed, not what it is."""

from __future__ import annotations

import functools
import re

from pipeline.movements.words import movement_words
from pipeline.syllables import name_key

MIN_SYLLABLES_FOR_LOOSE = 6  # shorter names may differ by a small word only: "Hai không", "Hai không và một có"
MAX_WHEN = 3  # "lần thứ 18 năm 2026 (đợt 1)": what a name bears one after the other
MAX_SPELLINGS = 4  # of one name, with its abbreviations written out or not

_YEAR = r"(?:19|20)\d\d"
# "năm 2024", "lần thứ 17", "giai đoạn 2021 - 2025", "(2021-2025)": when a movement was held, not what it is called
_WHEN = re.compile(
    r"[\s,(–-]*\b(?:(?:năm(?: học)?|lần(?: thứ)?|đợt|giai đoạn|nhiệm kỳ)\s+[\dIVXLC][\dIVXLC/\s–-]*"
    rf"|tháng \d{{1,2}}/{_YEAR}|{_YEAR}(?:\s*[-–]\s*{_YEAR})?)\)?\s*$",
    re.IGNORECASE,
)
# whom a movement is for: "… trong nữ công nhân, viên chức, lao động"
_SCOPE = re.compile(
    r"\s+(?:trong|của)\s+(?:toàn\s+)?(?:các\s+)?"
    r"(?:nữ|công nhân|cán bộ|CN|CB|CCVC|đoàn viên|ĐV|nhà giáo|ngành|thanh niên)"
)
_EMULATION = re.compile(r"thi đua:?\s+(?=\S+\s+\S)", re.IGNORECASE)
_GROUPED = re.compile(r"\b(\d{1,3})\.000(\.000)?\b(?![.,]\d)")
_WORD = re.compile(r"[^\W\d_]+(?:-[A-ZĐ]+)*")
_SMALL = frozenset(key for word in ("và", "là", "của", "các", "những", "với", "trong", "về") for key in name_key(word))
_ONE = name_key("một")[0]
_SCALES = frozenset(key for word in ("trăm", "nghìn", "triệu", "tỉ") for key in name_key(word))
_THOUSAND = {name_key("ngàn")[0]: name_key("nghìn")[0]}
_SWAPPED = {name_key("đảm bảo"): name_key("bảo đảm")}


def without_when(name: str) -> str:
    """Return the name without the year, term or count at its end: “Tháng Công nhân năm 2021” is Tháng Công nhân."""
    for _ in range(MAX_WHEN):
        shorter = _WHEN.sub("", name.strip()).strip(" ,-–")
        if shorter == name:
            break
        name = shorter
    return name


def without_scope(name: str) -> str:
    """Return the name without whom it is for: “Lao động giỏi trong CNVCLĐ” is Lao động giỏi."""
    scope = _SCOPE.search(name)
    return name[: scope.start()] if scope else name


def without_emulation(name: str) -> str:
    """Return the name without "thi đua" before it: “Thi đua dạy tốt, học tốt” is Dạy tốt, học tốt."""
    return _EMULATION.sub("", name, count=1) if _EMULATION.match(name) else name


def printed_key(name: str) -> tuple[str, ...]:
    """Return what a name is compared by first: its syllables, abbreviations written out, "1.000.000" as 1 triệu."""
    grouped = _GROUPED.sub(lambda number: f"{number[1]} {'triệu' if number[2] else 'nghìn'}", name)
    return tuple(_THOUSAND.get(key, key) for key in name_key(_WORD.sub(_written_out, grouped)))


def loose_key(key: tuple[str, ...]) -> tuple[str, ...] | None:
    """Return the key of a long name without its small words ("và", "là", "một"), None for a short name."""
    if len(key) < MIN_SYLLABLES_FOR_LOOSE:
        return None
    kept = [
        syllable
        for index, syllable in enumerate(key)
        if syllable not in _SMALL and not (syllable == _ONE and not _SCALES.intersection(key[index + 1 : index + 2]))
    ]
    for index in range(len(kept) - 1):
        kept[index : index + 2] = _SWAPPED.get((kept[index], kept[index + 1]), kept[index : index + 2])
    return tuple(kept)


def spellings(name: str, whole: tuple[str, ...]) -> list[tuple[str, ...]]:
    """Return the syllable keys that a name is printed by in running text: written out, and with an abbreviation.

    Args:
        whole: the name's `printed_key`.
    """
    found = [name_key(name), whole]
    places = sorted({place for key in whole for place in _places_of_abbreviations().get(key, ())})
    found += [_abbreviated(whole, *_abbreviations()[place]) for place in places]
    return list(dict.fromkeys(found))[:MAX_SPELLINGS]


@functools.cache
def _abbreviations() -> tuple[tuple[str, tuple[str, ...]], ...]:
    return tuple((name_key(short)[0], name_key(long)) for short, long in movement_words().abbreviations.items())


@functools.cache
def _places_of_abbreviations() -> dict[str, list[int]]:
    """Return where in the list of abbreviations those stand whose words begin with a syllable."""
    places: dict[str, list[int]] = {}
    for place, (_, long) in enumerate(_abbreviations()):
        places.setdefault(long[0], []).append(place)
    return places


def _abbreviated(key: tuple[str, ...], short: str, long: tuple[str, ...]) -> tuple[str, ...]:
    for index in range(len(key) - len(long) + 1):
        if key[index : index + len(long)] == long:
            return (*key[:index], short, *key[index + len(long) :])
    return key


def _written_out(word: re.Match[str]) -> str:
    printed = word[0].replace("-", "")
    return movement_words().abbreviations.get(printed, word[0]) if printed.isupper() else word[0]
