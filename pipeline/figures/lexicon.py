"""The lexicon of units (`pipeline/lexicon/units.toml`), read once and folded to lower case."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final, get_args

import tomli

from pipeline.figures.words import PhraseLists, Phrases, Word, folded_words
from pipeline.records import BoundKind

BOUND_KINDS: Final[tuple[BoundKind, ...]] = get_args(BoundKind)


@dataclass(frozen=True, slots=True)
class UnitLexicon:
    """What figures count or measure, and the words around a number that decide what it is."""

    money: Phrases
    currencies: Mapping[str, str]
    coins: Phrases
    cents: frozenset[str]
    names_too: frozenset[str]
    counted: PhraseLists
    ranks: frozenset[str]
    named_by: frozenset[str]
    named_after: frozenset[str]
    percents: Phrases
    hedges: Phrases
    hedges_after: Phrases
    bound_kinds: Mapping[str, BoundKind]
    vague: Phrases
    vague_openers: frozenset[str]
    not_vague_after: frozenset[str]
    no_numerals: Phrases
    comparing: frozenset[str]
    multiple_after: frozenset[str]
    multiple_before: Phrases
    money_context: frozenset[str]
    money_after: Phrases
    series: Phrases
    after_part: Phrases
    each: frozenset[str]
    virtues: frozenset[str]
    named_numbers: Phrases
    terms: frozenset[str]
    nouns: Phrases
    noun_classes: Mapping[str, frozenset[str]]
    classifiers: frozenset[str]
    stops: frozenset[str]
    function_words: frozenset[str]
    heads: frozenset[str]
    places_in_short: frozenset[str]
    after_acronyms: Phrases
    activities: frozenset[str]
    not_after_activities: frozenset[str]
    not_scales: Phrases
    verbs_too: Phrases
    neighbours: Mapping[str, frozenset[str]]
    around: Mapping[str, Phrases]
    labels: PhraseLists
    people_after: Phrases
    anniversaries: Mapping[str, Phrases]

    def classes(self, words: Sequence[Word]) -> frozenset[str]:
        """Return the classes of a counted noun, none for a noun that the lexicon lacks."""
        return self.noun_classes.get(spelled(words), frozenset())


def spelled(words: Sequence[Word]) -> str:
    """Return words as keys of the lexicon: folded, one space between any two."""
    return words[0].folded if len(words) == 1 else " ".join([word.folded for word in words])


@cache
def unit_lexicon() -> UnitLexicon:
    """Return the lexicon of units that ships with the package."""
    table = tomli.loads((files("pipeline") / "lexicon" / "units.toml").read_text(encoding="utf-8"))
    contexts, hedges, measures = table["contexts"], table["hedges"], table["measures"]
    classes, vague = _classes_by_noun(table["nouns"]), Phrases(table["in_words"]["vague"])
    return UnitLexicon(
        money=Phrases(table["money"]),
        currencies={_key(word): code for word, code in table["money"].items()},
        coins=Phrases(table["cents"]["coins"]),
        cents=frozenset(table["cents"]["of"]),
        names_too=_words(table["not_money"]["names_too"]),
        counted=PhraseLists(
            {
                "nouns": classes,
                "not nouns": table["not_nouns"]["words"],
                "series": contexts["series"],
                "percents": table["percents"]["words"],
                "money": table["money"],
                "money all the same": table["money_all_the_same"]["words"],
                "not money": table["not_money"]["words"],
                "measures": measures["words"],
                "durations": table["durations"]["words"],
            }
        ),
        ranks=_words(measures["ranks"]),
        named_by=_words(measures["named_by"]),
        named_after=_words(measures["named_after"]),
        percents=Phrases(table["percents"]["words"]),
        hedges=Phrases(phrase for kind in BOUND_KINDS for phrase in hedges.get(kind, ())),
        hedges_after=Phrases(phrase for kind in BOUND_KINDS for phrase in hedges.get(f"after_{kind}", ())),
        bound_kinds=_bound_kinds(hedges),
        vague=vague,
        vague_openers=vague.openers(),
        not_vague_after=_words(table["in_words"]["not_vague_after"]),
        no_numerals=Phrases(table["in_words"]["no_numerals"]),
        comparing=_words(hedges["comparing"]),
        multiple_after=_words(table["ratios"]["multiple_after"]),
        multiple_before=Phrases(table["ratios"]["multiple_before"]),
        money_context=_words(contexts["money"]),
        money_after=Phrases(contexts["money_after"]),
        series=Phrases(contexts["series"]),
        after_part=Phrases(contexts["after_part"]),
        each=_words(contexts["each"]),
        virtues=_words(contexts["virtues"]),
        named_numbers=Phrases(contexts["named_numbers"]),
        terms=_words(contexts["terms"]),
        nouns=Phrases(classes),
        noun_classes=classes,
        classifiers=frozenset(_key(word) for word in table["classifiers"]["words"]),
        stops=_words(word for words in table["stops"].values() for word in words),
        function_words=_words(table["stops"]["function"]),
        heads=_words(table["complements"]["heads"]),
        places_in_short=frozenset(table["complements"]["places_in_short"]),
        after_acronyms=Phrases(table["complements"]["after_acronyms"]),
        activities=_words(table["complements"]["activities"]),
        not_after_activities=_words(table["complements"]["not_after_activities"]),
        verbs_too=Phrases(table["verbs_too"]["words"]),
        not_scales=Phrases(table["scales"]["not_scales"]),
        neighbours={name: _words(words) for name, words in table["neighbours"].items()},
        around=_lists(table["around"]),
        labels=PhraseLists(table["refusals"]),
        people_after=Phrases(table["people_after"]["words"]),
        anniversaries=_lists(table["anniversaries"]),
    )


def _key(phrase: str) -> str:
    return " ".join(folded_words(phrase))


def _bound_kinds(hedges: Mapping[str, Iterable[str]]) -> dict[str, BoundKind]:
    return {_key(word): kind for kind in BOUND_KINDS for key in (kind, f"after_{kind}") for word in hedges.get(key, ())}


def _words(words: Iterable[str]) -> frozenset[str]:
    """Return a list that is asked for one word at a time.

    Raises:
        ValueError: a phrase, which would never be found.
    """
    keys = frozenset(_key(word) for word in words)
    if phrases := [key for key in keys if " " in key]:
        raise ValueError(f"lexicon/units.toml: {', '.join(sorted(phrases))}: in a list of single words")
    return keys


def _lists(table: Mapping[str, Iterable[str]]) -> dict[str, Phrases]:
    return {name: Phrases(words) for name, words in table.items()}


def _classes_by_noun(classes: Mapping[str, Iterable[str]]) -> dict[str, frozenset[str]]:
    nouns: dict[str, set[str]] = {}
    for name, words in classes.items():
        for word in words:
            nouns.setdefault(_key(word), set()).add(name)
    return {noun: frozenset(names) for noun, names in nouns.items()}
