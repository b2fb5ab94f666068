"""The words of lexicon/movement_words.toml, by what they tell about a name near them."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files

import tomli


@dataclass(frozen=True, slots=True)
class MovementWords:
    """The lexicon of the extraction; lexicon/movement_words.toml says what each list is for."""

    triggers: Mapping[str, Sequence[str]]
    announcing: Mapping[str, Sequence[str]]
    refusals: Mapping[str, Sequence[str]]
    boundaries: Mapping[str, Sequence[str]]
    abbreviations: Mapping[str, str]
    quoted_only: Sequence[str]
    plain: Sequence[str]
    subjects: frozenset[str]
    not_subjects: Sequence[str]
    telling_beginnings: Sequence[str]
    telling_openings: Sequence[str]
    welfare: Sequence[str]
    comma_pairs: Sequence[str]
    given_things: Sequence[str]
    giving_verbs: Sequence[str]
    connecting: Sequence[str]
    building: Sequence[str]
    broadcast: Sequence[str]
    demonstratives: Sequence[str]


@functools.cache
def movement_words() -> MovementWords:
    """Return the lexicon that comes with the package."""
    read = tomli.loads(files("pipeline").joinpath("lexicon/movement_words.toml").read_text(encoding="utf-8"))
    return MovementWords(
        triggers=read["triggers"],
        announcing=read["announcing"],
        refusals=read["refusals"],
        boundaries=read["boundaries"],
        abbreviations=read["abbreviations"],
        quoted_only=read["quoted_only"]["words"],
        plain=read["plain"]["words"],
        subjects=frozenset(read["subjects"]["words"]),
        not_subjects=read["subjects"]["unless"],
        telling_beginnings=read["telling"]["beginnings"],
        telling_openings=read["telling"]["openings"],
        welfare=read["telling"]["welfare"],
        comma_pairs=read["telling"]["comma_pairs"],
        given_things=read["given"]["things"],
        giving_verbs=read["given"]["verbs"],
        connecting=read["lists"]["connecting"],
        building=read["lists"]["building"],
        broadcast=read["broadcast"]["words"],
        demonstratives=read["references"]["demonstratives"],
    )
