"""Provinces of Vietnam before and since the merger of 1 July 2025: codes by name and day, and what became of each.

A code is scheme and number: "63-27" is Bắc Ninh among the 63 provinces until 30 June 2025, "34-24" the Bắc Ninh
among the 34 since then (which took in Bắc Giang, "63-24").
"""

from __future__ import annotations

import datetime as dt
import functools
import re
import tomllib
from dataclasses import dataclass
from importlib.resources import files

from pipeline.syllables import name_key, syllables
from pipeline.trie import Trie

MERGER = dt.date(2025, 7, 1)

_TITLE = re.compile(r"^(?:tỉnh|thành\s+phố|thủ\s+đô|tp\b\.?)\s*", re.IGNORECASE)
# a ward, street, school or company may bear the name of a province
_NAMESAKE = re.compile(
    r"\b(?:phường|xã|thị trấn|huyện|quận|thôn|ấp|đường|(?<!thành )phố|cầu|sông|chợ|trường|THPT|công ty|nhà máy"
    r"|khách sạn|ông|bà|anh|chị|KCN|khu công nghiệp)\s+(?:\S+\s+)?$",
    re.IGNORECASE,
)


class UnknownProvince(KeyError):
    """A code that is in neither scheme."""


@dataclass(frozen=True, slots=True)
class Province:
    """A province of one scheme. `merged_into` is the "34-…" code its area belongs to since July 2025."""

    code: str
    name: str
    merged_into: str


@dataclass(frozen=True, slots=True)
class ProvinceMention:
    """A province named in a text: text[start:end], "tỉnh" and "thành phố" left out; resolve `place` with a day."""

    start: int
    end: int
    place: str


def province_code(place: str, on: dt.date | None) -> str | None:
    """Return the code of the province that a printed place is, under the scheme in force on that day.

    Args:
        place: "Bắc Ninh", "tỉnh Bắc Ninh", "TP.HCM", "Huế".
        on: day of the text. A name of the old scheme printed since 1 July 2025 gives the province it was merged into.

    Returns:
        None for a place that is no province, and without a day: the same name may stand for two areas. No guess.
    """
    if on is None:
        return None
    names = _old_names() if on < MERGER else _new_names()
    key = name_key(place)
    return names.get(key) or names.get(name_key(_TITLE.sub("", place.strip(), count=1)))


def successor(code: str) -> str:
    """Return the "34-…" code for a code of either scheme: 63-24 (Bắc Giang) gives 34-24 (Bắc Ninh).

    Raises:
        UnknownProvince: no such code.
    """
    province = _by_code().get(code)
    if province is None:
        raise UnknownProvince(f"{code!r} is no province code: expected one like 63-27 (old scheme) or 34-24 (new)")
    return province.merged_into


def province_name(code: str) -> str:
    """Return the name of a province by its code of either scheme.

    Raises:
        UnknownProvince: no such code.
    """
    province = _by_code().get(code)
    if province is None:
        raise UnknownProvince(f"{code!r} is no province code: expected one like 63-27 (old scheme) or 34-24 (new)")
    return province.name


def provinces() -> tuple[Province, ...]:
    """Return the 63 old provinces, then the 34 new ones."""
    return tuple(_by_code().values())


def find_province(text: str) -> ProvinceMention | None:
    """Return the first province named in a running text, or None.

    Names must be printed with capitals ("hòa bình" is peace), and not as the name of a ward, street or company.
    """
    line = syllables(text)
    for index, syllable in enumerate(line):
        if not text[syllable.start].isupper():
            continue
        match = _trie().longest(text, line, index)
        if match is None:
            continue
        end = line[index + match[0] - 1].end
        names = line[index : index + match[0]]
        capitals = all(text[name.start].isupper() for name in names)
        if capitals and not _NAMESAKE.search(text[max(0, syllable.start - 30) : syllable.start]):
            return ProvinceMention(syllable.start, end, text[syllable.start : end])
    return None


@functools.cache
def _by_code() -> dict[str, Province]:
    rows = _lexicon()
    old = [Province(f"63-{row['code']}", row["name"], f"34-{row['merged_into']}") for row in rows["before_july_2025"]]
    new = [Province(f"34-{row['code']}", row["name"], f"34-{row['code']}") for row in rows["since_july_2025"]]
    return {province.code: province for province in (*old, *new)}


@functools.cache
def _old_names() -> dict[tuple[str, ...], str]:
    rows = _lexicon()["before_july_2025"]
    return {name_key(name): f"63-{row['code']}" for row in rows for name in (row["name"], *row.get("aliases", ()))}


@functools.cache
def _new_names() -> dict[tuple[str, ...], str]:
    """Names of the new scheme, and old ones by the province their area is in now."""
    old = {key: _by_code()[code].merged_into for key, code in _old_names().items()}
    return old | {name_key(row["name"]): f"34-{row['code']}" for row in _lexicon()["since_july_2025"]}


@functools.cache
def _trie() -> Trie[str]:
    names: Trie[str] = Trie(joints=" \u00a0-–.")
    for key, code in _old_names().items():
        names.add(key, code)
    return names


@functools.cache
def _lexicon() -> dict[str, list[dict[str, str]]]:
    return tomllib.loads(files("pipeline").joinpath("lexicon/places.toml").read_text(encoding="utf-8"))
