"""The lexicon of units (`pipeline/lexicon/units.toml`), read once and folded to lower case."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class UnitLexicon:
    """What figures count or measure, and the words around a number that decide what it is."""

    money: Mapping[str, str]
    not_after_dong: frozenset[str]
    measures: frozenset[str]
    named_by: frozenset[str]
    named_after: frozenset[str]
    durations: frozenset[str]
    percents: frozenset[str]
    hedges: frozenset[str]
    hedges_after: frozenset[str]
    comparing: frozenset[str]
    multiple_after: frozenset[str]
    money_context: frozenset[str]
    series: frozenset[str]
    after_part: frozenset[str]
    each: frozenset[str]
    noun_classes: Mapping[str, frozenset[str]]
    classifiers: frozenset[str]
    stops: frozenset[str]
    neighbours: Mapping[str, frozenset[str]]
    refusals: Mapping[str, frozenset[str]]
    anniversaries_before: frozenset[str]
    anniversaries_after: frozenset[str]


@cache
def unit_lexicon() -> UnitLexicon:
    """Return the lexicon of units that ships with the package."""
    table = tomllib.loads((files("pipeline") / "lexicon" / "units.toml").read_text(encoding="utf-8"))
    contexts = table["contexts"]
    return UnitLexicon(
        money={word.casefold(): code for word, code in table["money"].items()},
        not_after_dong=_folded(table["not_money"]["after_dong"]),
        measures=_folded(table["measures"]["words"]),
        named_by=_folded(table["measures"]["named_by"]),
        named_after=_folded(table["measures"]["named_after"]),
        durations=_folded(table["durations"]["words"]),
        percents=_folded(table["percents"]["words"]),
        hedges=_folded(table["hedges"]["words"]),
        hedges_after=_folded(table["hedges"]["after"]),
        comparing=_folded(table["hedges"]["comparing"]),
        multiple_after=_folded(table["ratios"]["multiple_after"]),
        money_context=_folded(contexts["money"]),
        series=_folded(contexts["series"]),
        after_part=_folded(contexts["after_part"]),
        each=_folded(contexts["each"]),
        noun_classes=_classes_by_noun(table["nouns"]),
        classifiers=_folded(table["classifiers"]["words"]),
        stops=_folded(table["stops"]["words"]),
        neighbours={place: _folded(words) for place, words in table["neighbours"].items()},
        refusals={reason: _folded(words) for reason, words in table["refusals"].items()},
        anniversaries_before=_folded(table["anniversaries"]["before"]),
        anniversaries_after=_folded(table["anniversaries"]["after"]),
    )


def _folded(words: Iterable[str]) -> frozenset[str]:
    return frozenset(word.casefold() for word in words)


def _classes_by_noun(classes: Mapping[str, Iterable[str]]) -> dict[str, frozenset[str]]:
    nouns: dict[str, set[str]] = {}
    for name, words in classes.items():
        for word in words:
            nouns.setdefault(word.casefold(), set()).add(name)
    return {noun: frozenset(names) for noun, names in nouns.items()}
