"""What lines of a page are held against: the shipped lists (`lexicon/furniture.toml`) and those of a site's profile."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from importlib import resources
from typing import Literal

import tomli

from crawler.site import Site
from pipeline.repair import composed
from pipeline.syllables import SYLLABLE, name_key, syllable_key

# the longest heading on the lists has 79 characters and 18 words; longer lines are not looked up
MAX_HEADING_CHARACTERS = 160
MAX_HEADING_WORDS = 25

_COUNT = re.compile(r"\s?\(\s?\d{0,9}\s?\)?$")
# of a pattern: an escape, a set, how often, or one character
_ATOM = re.compile(r"\\(?:u[0-9a-f]{4}|.)|\[(?:\\.|[^\]\\])*\]?|(?:[*+?]|\{[\d,]{1,9}\})[?+]?|.", re.DOTALL)
_AROUND = " \t:»>›|*#-–•▪.…+[]"


@dataclass(frozen=True, slots=True, eq=False)
class Rules:
    """Everything a line is held against: headings and lines by `line_key`, patterns compiled, names by `name_key`.

    Where all that is asked is whether one of many patterns matches, they are one pattern: that is quicker to ask, and a
    fifth of the time to compile. `own` are those of the site's profile; each of `captions` has beside it what whatever
    it matches has in it: a line without need not be searched.
    """

    below: frozenset[str]
    inside: frozenset[str]
    below_patterns: re.Pattern[str]
    inside_patterns: re.Pattern[str]
    lines: frozenset[str]
    beside: frozenset[str]
    patterns: re.Pattern[str]
    own: re.Pattern[str]
    beside_patterns: re.Pattern[str]
    captions: tuple[tuple[re.Pattern[str], str], ...]
    bylines: tuple[re.Pattern[str], ...]
    credits: re.Pattern[str]
    sources: tuple[re.Pattern[str], ...]
    datelines: tuple[re.Pattern[str], ...]
    agencies: tuple[str, ...]
    without_dash: frozenset[str]
    not_agencies: frozenset[str]
    desks: tuple[str, ...]
    offices: tuple[str, ...]
    places: frozenset[tuple[str, ...]]


@functools.cache
def shipped() -> Rules:
    """The rules that come with the package."""
    table = tomli.loads(resources.files("pipeline").joinpath("lexicon/furniture.toml").read_text(encoding="utf-8"))
    listed: dict[str, list[str]] = {}
    for group in table["seen"]:
        for kind in group.keys() - {"where"}:
            listed.setdefault(kind, []).extend(group[kind])
    names = table["names"]
    return Rules(
        below=_keys(listed["below"]),
        inside=_keys(listed["inside"]),
        below_patterns=_joined(listed["below_patterns"]),
        inside_patterns=_joined(listed["inside_patterns"]),
        lines=_keys(listed["lines"]),
        beside=_keys(listed["beside"]),
        patterns=_joined(listed["patterns"], re.IGNORECASE),
        own=_joined(()),
        beside_patterns=_joined(listed["beside_patterns"], re.IGNORECASE),
        captions=tuple((re.compile(pattern), always_in(pattern)) for pattern in listed["captions"]),
        bylines=_compiled(listed["bylines"], re.IGNORECASE),
        credits=_joined(listed["credits"], re.IGNORECASE),
        sources=_compiled(listed["sources"], re.IGNORECASE),
        datelines=(),
        agencies=tuple(sorted(names["agencies"], key=len, reverse=True)),
        without_dash=frozenset(names["without_dash"]),
        not_agencies=frozenset(names["not_agencies"]),
        desks=tuple(names["desks"]),
        offices=tuple(names["offices"]),
        places=frozenset(name_key(place) for place in names["places"]),
    )


@functools.lru_cache(maxsize=64)
def rules_for(site: Site | None) -> Rules:
    """Return the shipped rules with those of a site's profile added."""
    rules = shipped()
    if site is None:
        return rules
    own = site.furniture
    return replace(
        rules,
        below=rules.below | _keys(own.headings),
        inside=rules.inside | _keys(own.inside),
        lines=rules.lines | _keys(own.lines),
        own=_joined(own.patterns, re.IGNORECASE),
        datelines=_compiled(own.datelines),
    )


def opens(line: str, rules: Rules) -> Literal["below", "inside"] | None:
    """Return which kind of box a line is the heading of, None for any other line."""
    key = line_key(line)
    if not key:
        return None
    plain = " ".join(line.casefold().strip(_AROUND).split())
    if key in rules.below or rules.below_patterns.fullmatch(plain):
        return "below"
    known = key in rules.inside or rules.inside_patterns.fullmatch(plain) is not None
    return "inside" if known else None


@functools.lru_cache(maxsize=4096)
def line_key(line: str) -> str:
    """Return what makes two printings of a heading the same: case folded, tone placement evened ("Từ khoá", "Từ khóa"),
    no count, colon, bracket, arrow or star around it. A line too long for a heading has the key "".
    """
    if len(line) > MAX_HEADING_CHARACTERS or line.count(" ") >= MAX_HEADING_WORDS:
        return ""
    bare = _COUNT.sub("", line.strip(_AROUND)).strip(" :")
    return SYLLABLE.sub(lambda syllable: syllable_key(syllable[0]), " ".join(composed(bare).casefold().split()))


def always_in(pattern: str) -> str:
    """Return the longest run of characters that whatever matches a pattern has in it, of those outside its groups."""
    runs, depth = [""], 0
    for atom in _ATOM.findall(pattern):
        if atom in "()":
            depth += 1 if atom == "(" else -1
            runs.append("")
        elif depth == 0 and atom == "|":
            return ""
        elif depth == 0 and atom[0] in "*?{":
            runs[-1:] = [runs[-1][:-1], ""]
        elif depth == 0 and (atom[0] in "+[^$." or (atom[0] == "\\" and atom[1].isalnum())):
            runs.append("")
        elif depth == 0:
            runs[-1] += atom[-1]
    return max(runs, key=len)


def _keys(lines: list[str] | tuple[str, ...]) -> frozenset[str]:
    return frozenset(line_key(line) for line in lines)


def _compiled(patterns: Iterable[str], flags: int = 0) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(pattern, flags) for pattern in patterns)


def _joined(patterns: Iterable[str], flags: int = 0) -> re.Pattern[str]:
    """Return one pattern that matches wherever one of these does."""
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns) or r"(?!)", flags)
