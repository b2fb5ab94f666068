"""Provinces of Vietnam before and since the merger of 1 July 2025: codes by name and day, and what became of each.

A code is scheme and number: "63-27" is Bắc Ninh among the 63 provinces until 30 June 2025, "34-24" the Bắc Ninh
among the 34 since then (which took in Bắc Giang, "63-24").
"""

from __future__ import annotations

import datetime as dt
import functools
import re
from dataclasses import dataclass
from importlib.resources import files
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import tomli

from pipeline.syllables import name_key

MERGER = dt.date(2025, 7, 1)
VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")

_TITLE = re.compile(r"^(?:tỉnh|thành\s+phố|thủ\s+đô|tp\b\.?)\s*", re.IGNORECASE)
_COMMUNES = ("phường", "xã", "thị trấn", "đặc khu")
_CITIES = ("Hà Nội", "Hải Phòng", "Huế", "Đà Nẵng", "Cần Thơ", "Hồ Chí Minh", "Thành phố Hồ Chí Minh")
_Index = dict[tuple[str, str], str | None]


class UnknownProvince(KeyError):
    """A code that is in neither scheme."""


@dataclass(frozen=True, slots=True)
class Province:
    """A province of one scheme. `merged_into` is the "34-…" code its area belongs to since July 2025."""

    code: str
    name: str
    merged_into: str
    aliases: tuple[str, ...] = ()


class Area(NamedTuple):
    """A district of the old scheme, or a ward, commune or special zone of the new one, with its province's code.

    `key` is what its name is compared by: the keys of its syllables, with a space between two.
    """

    province: str
    type: str
    name: str
    key: str


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


def province_title(name: str) -> str:
    """Return "thành phố" for one of the six cities that are provinces ("Huế" too, since 2025), else "tỉnh"."""
    return "thành phố" if name_key(name) in _cities() else "tỉnh"


def successor(code: str) -> str:
    """Return the "34-…" code for a code of either scheme: 63-24 (Bắc Giang) gives 34-24 (Bắc Ninh).

    Raises:
        UnknownProvince: no such code.
    """
    return _province(code).merged_into


def province_name(code: str) -> str:
    """Return the name of a province by its code of either scheme.

    Raises:
        UnknownProvince: no such code.
    """
    return _province(code).name


def _province(code: str) -> Province:
    province = _by_code().get(code)
    if province is None:
        raise UnknownProvince(f"{code!r} is no province code: expected one like 63-27 (old scheme) or 34-24 (new)")
    return province


def provinces() -> tuple[Province, ...]:
    """Return the 63 old provinces, then the 34 new ones."""
    return tuple(_by_code().values())


@functools.cache
def districts() -> tuple[Area, ...]:
    """Return the 696 districts, towns and cities under a province until 30 June 2025."""
    return _areas("districts.tsv")


@functools.cache
def communes_until_2025() -> tuple[Area, ...]:
    """Return the wards, communes and townships of the last years until 30 June 2025; "Phường 1" is named "1"."""
    return _areas("communes_until_2025.tsv")


@functools.cache
def communes() -> tuple[Area, ...]:
    """Return the 3,321 wards, communes and special zones since 1 July 2025."""
    return _areas("communes.tsv")


def province_codes(place: str, on: dt.date | None) -> tuple[str | None, str | None]:
    """Return the codes of a printed province under both schemes: "Bắc Giang" gives ("63-24", "34-24").

    Args:
        on: day of the text. Since July 2025 a name that both schemes have ("Bắc Ninh") is the new, larger province and
            has no code of the old scheme; without a day such a name has both codes.

    Returns:
        (None, None) for a place that is no province.
    """
    old, new = (
        names.get(name_key(place)) or names.get(name_key(_TITLE.sub("", place.strip(), count=1)))
        for names in (_old_names(), _new_names())
    )
    if on is not None and on >= MERGER and old and new and province_name(new) == province_name(old):
        return None, new
    return old, new


def area_province(type_word: str, name: str, on: dt.date | None) -> str | None:
    """Return the code of the only province that has an area of this type and name, else None: no guess.

    "63-27" for "huyện", "Lương Tài"; "63-66" for "xã", "Ea Kao". Communes of a text until June 2025 are those of
    then; of a later one today's, or else one of before; without a day a commune has no code.
    """
    key = type_word.casefold(), " ".join(name_key(name))
    if key[0] not in _COMMUNES:
        return _area_index().get(key)
    if on is None:
        return None
    since = _new_communes()
    return since[key] if on >= MERGER and key in since else _old_communes().get(key)


@functools.cache
def _by_code() -> dict[str, Province]:
    rows = _lexicon()
    old = [
        Province(f"63-{row['code']}", row["name"], f"34-{row['merged_into']}", tuple(row.get("aliases", ())))
        for row in rows["before_july_2025"]
    ]
    new = [Province(f"34-{row['code']}", row["name"], f"34-{row['code']}") for row in rows["since_july_2025"]]
    return {province.code: province for province in (*old, *new)}


@functools.cache
def _cities() -> frozenset[tuple[str, ...]]:
    return frozenset(map(name_key, _CITIES))


@functools.cache
def _old_names() -> dict[tuple[str, ...], str]:
    rows = _lexicon()["before_july_2025"]
    return {name_key(name): f"63-{row['code']}" for row in rows for name in (row["name"], *row.get("aliases", ()))}


@functools.cache
def _new_names() -> dict[tuple[str, ...], str]:
    """Names of the new scheme, and old ones by the province their area is in now."""
    old = {key: _by_code()[code].merged_into for key, code in _old_names().items()}
    return old | {name_key(row["name"]): f"34-{row['code']}" for row in _lexicon()["since_july_2025"]}


def _areas(name: str) -> tuple[Area, ...]:
    lines = files("pipeline").joinpath("lexicon", name).read_text(encoding="utf-8").splitlines()
    fields = "\t".join([line for line in lines if line and line[0] != "#"]).split("\t")
    names = fields[2::3]
    keys = [" ".join(name_key(name)) for name in names]
    return tuple(map(Area._make, zip(fields[::3], fields[1::3], names, keys, strict=True)))


@functools.cache
def _area_index() -> _Index:
    return _index(districts())


@functools.cache
def _old_communes() -> _Index:
    return _index(communes_until_2025())


@functools.cache
def _new_communes() -> _Index:
    return _index(communes())


def _index(areas: tuple[Area, ...]) -> _Index:
    """Areas by type and key of their name; None where two provinces have one of that name."""
    index: _Index = {}
    types = {area.type for area in areas}
    folded = {kind: kind.casefold() for kind in types}
    before = {kind: " ".join((*name_key(kind), "")) for kind in types}
    for province, kind, _, key in areas:
        its = folded[kind], key.removeprefix(before[kind])  # "Quận 3"
        if index.setdefault(its, province) != province:
            index[its] = None
    return index


@functools.cache
def _lexicon() -> dict[str, list[dict[str, Any]]]:
    return tomli.loads(files("pipeline").joinpath("lexicon/places.toml").read_text(encoding="utf-8"))
