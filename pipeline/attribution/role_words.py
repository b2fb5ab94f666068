"""The words that tell a figure's role, read once from the lexicon."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.resources import files
from typing import Any, Final

import tomli

from pipeline.records import FigureKind, FigureRole
from pipeline.syllables import Syllables, name_key
from pipeline.trie import Trie

_FLAGS: Final = ("done", "yields", "close", "backs", "reaches", "ranged", "works")


@dataclass(frozen=True, slots=True)
class RoleWord:
    """A phrase before a figure; `within` is in syllables. What the flags mean is said in lexicon/roles.toml."""

    role: FigureRole | None
    within: int = 0
    kinds: frozenset[FigureKind] = frozenset()
    done: bool = False
    yields: bool = False
    close: bool = False
    backs: bool = False
    reaches: bool = False
    ranged: bool = False
    works: bool = False
    same: bool = False


@dataclass(frozen=True, slots=True)
class RoleLexicon:
    """All phrase tables; `lasting` are words of targets that hold over a semicolon, `momentary` for one figure."""

    words: Trie[RoleWord]
    reached: Trie[bool]
    targets: Trie[bool]
    within: int
    honours: tuple[str, ...]
    owed: frozenset[str]
    sums: frozenset[str]
    lasting: frozenset[str]
    momentary: frozenset[str]


def found(words: Trie[Any], text: str, line: Syllables) -> Iterator[tuple[int, int, Any]]:
    """Yield the phrases of a line, none overlapping: the syllable each begins at, how many it takes, its payload."""
    resume = 0
    for at in words.may_start(line):
        match = words.longest(text, line, at) if at >= resume else None
        if match is not None:
            yield at, match[0], match[1]
            resume = at + match[0]


@functools.cache
def role_lexicon() -> RoleLexicon:
    """Return the tables of lexicon/roles.toml."""
    table = tomli.loads(files("pipeline").joinpath("lexicon/roles.toml").read_text(encoding="utf-8"))
    words: Trie[RoleWord] = Trie(joints=" ,\u00a0")
    for role in table["role"]:
        flags = {flag: role.get(flag, False) for flag in _FLAGS}
        for phrase in role["before"]:
            words.add(name_key(phrase), RoleWord(role["name"], role["within"], frozenset(role["kinds"]), **flags))
    for group, word in (
        ("silent", RoleWord(None)),
        ("ends", RoleWord(None, done=True)),
        ("same", RoleWord(None, same=True)),
    ):
        for phrase in table[group]["words"]:
            words.add(name_key(phrase), word)
    share, targets = table["share_of_target"], table["targets"]
    return RoleLexicon(
        words,
        _flags(share["reached"]),
        _flags(share["target"]),
        share["within"],
        tuple(table["honours"]["units"]),
        _keys(table["owed"]["words"]),
        _keys(table["sums"]["words"]),
        frozenset(targets["lasting"]),
        frozenset(targets["momentary"]),
    )


def _keys(words: Iterable[str]) -> frozenset[str]:
    return frozenset(key for word in words for key in name_key(word))


def _flags(phrases: Iterable[str]) -> Trie[bool]:
    flags: Trie[bool] = Trie(joints=" \u00a0")
    for phrase in phrases:
        flags.add(name_key(phrase), True)
    return flags
