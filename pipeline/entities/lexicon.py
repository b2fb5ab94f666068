"""The words of the grammar of names, read once from the lexicon."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.resources import files
from typing import Any, Final, Literal

import tomli

from pipeline.entities.phrases import Phrases
from pipeline.entities.words import AND_WORD
from pipeline.places import Area, communes, communes_until_2025, districts, provinces, successor
from pipeline.syllables import name_key, syllable_key

COUNTRY: Final = "Việt Nam"
CITY: Final = "Thành phố"  # one province has it in its name
_TRADES: Final = ("trades", "forms", "branches")
Tail = Literal["fixed", "brand", "tier", "own", "field", "union", "name", "fund"]
# headlines in capitals: a name ends before these as it does in running text
_LEXICON: Final = files("pipeline") / "lexicon"


@dataclass(frozen=True, slots=True)
class Head:
    """What an organisation's name begins with; `long` in full spelling.

    `lower`: also printed with a small letter; `small`: where what follows leaves no doubt.
    """

    long: str
    kind: str
    tail: Tail
    level: str | None
    lower: bool
    small: bool


@dataclass(frozen=True, slots=True)
class AreaType:
    """A type word: "tỉnh", "KCN". `tier` is the canonical word of an administrative tier, else None."""

    level: str
    tier: str | None
    long: str
    numbered: bool


@dataclass(frozen=True, slots=True)
class Lexicon:
    """All phrase tables; `gazetteer` has names by level: province, district, commune."""

    heads: Phrases[Head]
    scopes: Phrases[str]
    organs: Phrases[str]
    compounds: frozenset[tuple[str, ...]]
    fields: Phrases[str]
    trade_words: frozenset[str]
    linking: Phrases[str]
    long: Phrases[str]
    types: Phrases[AreaType]
    gazetteer: dict[str, Phrases[str]]
    countries: Phrases[str]
    regions: Phrases[str]
    ambiguous: Phrases[str]
    alone: Phrases[str]
    namesakes: Phrases[str]
    honorifics: Phrases[str]
    sure_honorifics: frozenset[str]
    of_address: frozenset[str]
    offices: Phrases[str]
    prefixes: frozenset[str]
    office_areas: Phrases[str]
    ends: Phrases[str]
    surnames: frozenset[str]
    weak_surnames: frozenset[str]
    middles: frozenset[str]
    bearers_of_names: frozenset[tuple[str, ...]]
    locatives: frozenset[str]
    plurals: frozenset[str]


@functools.cache
def lexicon() -> Lexicon:
    """Return the tables of the grammar."""
    organisations, fields = _table("organisations.toml"), _table("fields.toml")
    persons, areas = _table("persons.toml"), _table("areas.toml")
    names = areas["names"]
    return Lexicon(
        heads=Phrases(_heads(organisations["heads"])),
        scopes=_phrases(organisations["scopes"]["names"]),
        organs=_phrases(organisations["organs"]["names"]),
        compounds=frozenset(map(name_key, organisations["compounds"]["names"])),
        fields=_fields(
            [phrase for topic, phrases in fields.items() if topic not in ("linking", "long") for phrase in phrases]
        ),
        trade_words=_trade_words(fields),
        linking=_phrases(fields["linking"]),
        long=Phrases({**fields["long"], **areas["long"]}.items()),
        types=Phrases(_types(areas)),
        gazetteer=_gazetteer(),
        countries=_phrases(names["countries"]),
        regions=_phrases([*names["regions"], *names["cities"]]),
        ambiguous=_phrases(names["ambiguous"]),
        alone=_phrases(names["alone"]),
        namesakes=_phrases(names["namesakes"]),
        honorifics=_phrases([*persons["sure_honorifics"], *persons["honorifics"]]),
        sure_honorifics=frozenset(persons["sure_honorifics"]),
        of_address=_keys(persons["of_address"]),
        offices=_phrases(persons["offices"]),
        prefixes=_keys(persons["office_prefixes"]),
        office_areas=_phrases(persons["office_areas"]),
        ends=_phrases(_table("attribution.toml")["follows_a_name"]),
        surnames=_keys(persons["surnames"]),
        weak_surnames=_keys(persons["weak_surnames"]),
        middles=_keys(persons["middles"]),
        bearers_of_names=frozenset(map(name_key, persons["bearers_of_names"])),
        locatives=_keys(names["locatives"]),
        plurals=_keys(names["plurals"]),
    )


def _table(name: str) -> dict[str, Any]:
    return tomli.loads((_LEXICON / name).read_text(encoding="utf-8"))


def _phrases(names: list[str]) -> Phrases[str]:
    return Phrases(((name, name) for name in names), commas=any("," in name for name in names))


def _fields(names: list[str]) -> Phrases[str]:
    """ "Tài nguyên và Môi trường" is printed "Tài nguyên Môi trường" and "Tài nguyên - môi trường" too."""
    found = _phrases(names)
    for name in names:
        if " và " in name:
            found.add(name.replace(" và ", " "), name)
    return found


def _trade_words(fields: dict[str, list[str]]) -> frozenset[str]:
    """Return the words of trades, without those that also join sentences ("Nhà ở")."""
    joining = {name_key(phrase) for phrase in _table("attribution.toml")["follows_a_name"]}
    words = {key for topic in _TRADES for phrase in fields[topic] for key in name_key(phrase)}
    return frozenset(key for key in words if (key,) not in joining) | {AND_WORD}


def _keys(words: list[str]) -> frozenset[str]:
    return frozenset(syllable_key(word.rstrip(".")) for word in words)


def _heads(rows: list[dict[str, Any]]) -> list[tuple[str, Head]]:
    return [
        (
            name,
            Head(
                row.get("long") or re.sub(r" VN\Z", f" {COUNTRY}", name),
                row["kind"],
                row["tail"],
                row.get("level"),
                row.get("lower", False),
                row.get("small", False),
            ),
        )
        for row in rows
        for name in [*row["names"], *(_with_short_country(row["names"]) if row["tail"] == "fixed" else [])]
    ]


def _with_short_country(names: list[str]) -> list[str]:
    return [f"{name.removesuffix(COUNTRY)}VN" for name in names if name.endswith(f" {COUNTRY}")]


def _long_type(areas: dict[str, Any], word: str) -> str:
    return str(areas["long"].get(word.upper(), word.casefold()))


def _types(areas: dict[str, Any]) -> list[tuple[str, AreaType]]:
    return [
        (word, AreaType(row["level"], row.get("tier"), row.get("tier") or _long_type(areas, word), row["numbered"]))
        for row in areas["types"]
        for word in row["words"]
    ]


def _gazetteer() -> dict[str, Phrases[str]]:
    old = [
        (name, place.name.removeprefix(CITY).strip()) for place in provinces() for name in (place.name, *place.aliases)
    ]
    named = [area for area in (*communes(), *communes_until_2025()) if not area.name.isdecimal()]
    return {"province": Phrases(old), "district": _areas(districts()), "commune": _areas(named)}


def _areas(areas: Iterable[Area]) -> Phrases[str]:
    names: Phrases[str] = Phrases(())
    for area in areas:
        names.add_keys(area.key.split(" "), area.name)
    return names


@functools.cache
def provinces_of_areas() -> dict[str, frozenset[str]]:
    """Return the provinces of today ("34-24") in which there is, or was, a district or commune, by its `Area.key`."""
    found: dict[str, set[str]] = {}
    for area in (*districts(), *communes_until_2025(), *communes()):
        found.setdefault(area.key, set()).add(successor(area.province))
    return {name: frozenset(codes) for name, codes in found.items()}
