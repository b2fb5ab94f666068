"""The role of a figure in its clause: result, target, share of a target, increase, decrease, cost or support."""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any, Final

from pipeline.attribution.said import Said
from pipeline.schema import Figure, FigureRole
from pipeline.syllables import Syllable, name_key, syllables
from pipeline.trie import Trie

WINDOW: Final = 160  # characters before a figure in which its words are looked for: 20 syllables of 8
AFTER: Final = 80  # characters after a percentage in which its target is looked for
REACHED_WITHIN: Final = 3  # syllables between "đạt" and its percentage: "đạt tỷ lệ trên"
_WHOLE: Final = 100.0  # per cent; what is "đạt" beyond it can only be of a target


@dataclass(frozen=True, slots=True)
class _Word:
    role: FigureRole | None
    within: int
    kinds: frozenset[str]
    done: bool = False


@dataclass(frozen=True, slots=True)
class _Lexicon:
    words: Trie[_Word]
    reached: Trie[bool]
    targets: Trie[bool]
    within: int


def role_of(text: str, said: Said, figure: Figure) -> tuple[FigureRole | None, str | None]:
    """Return the role of a figure and the words that decided, as printed; None where no word beside it says."""
    clause_start, clause_end = said.clause(figure.start)
    before = syllables(text, max(clause_start, figure.start - WINDOW), figure.start)
    share = _share_of_target(text, figure, before, clause_end)
    if share is not None:
        return "share_of_target", share
    nearest: tuple[FigureRole | None, str | None] = (None, None)
    for at, taken, word in _found(_lexicon().words, text, before):
        end = at + taken
        aimed_at = nearest[0] == "target" and word.role == "result" and not word.done
        if len(before) - end <= word.within and figure.kind in word.kinds and not aimed_at:
            nearest = word.role, text[before[at].start : before[end - 1].end]
    return nearest


def _share_of_target(text: str, figure: Figure, before: Sequence[Syllable], clause_end: int) -> str | None:
    """Return the words by which a percentage is what was reached of a target."""
    if figure.kind != "percent":
        return None
    lexicon = _lexicon()
    reached = [
        (at, taken)
        for at, taken, _ in _found(lexicon.reached, text, before)
        if len(before) - at - taken <= REACHED_WITHIN
    ]
    if not reached:
        return None
    at, taken = reached[-1]
    said = text[before[at].start : before[at + taken - 1].end]
    after = syllables(text, figure.end, min(clause_end, figure.end + AFTER))[: lexicon.within]
    for target, length, _ in _found(lexicon.targets, text, after):
        return f"{said} … {text[after[target].start : after[target + length - 1].end]}"
    return f"{said} (> 100%)" if figure.value > _WHOLE else None


def _found(words: Trie[Any], text: str, line: Sequence[Syllable]) -> Iterable[tuple[int, int, Any]]:
    at = 0
    while at < len(line):
        match = words.longest(text, line, at)
        if match is None:
            at += 1
            continue
        yield at, match[0], match[1]
        at += match[0]


@functools.cache
def _lexicon() -> _Lexicon:
    table = tomllib.loads(files("pipeline").joinpath("lexicon/roles.toml").read_text(encoding="utf-8"))
    words: Trie[_Word] = Trie(joints=" ,\u00a0")
    for role in table["role"]:
        for phrase in role["before"]:
            words.add(
                name_key(phrase), _Word(role["name"], role["within"], frozenset(role["kinds"]), role.get("done", False))
            )
    for phrase in table["silent"]["words"]:
        words.add(name_key(phrase), _Word(None, 0, frozenset()))
    share = table["share_of_target"]
    return _Lexicon(words, _flags(share["reached"]), _flags(share["target"]), share["within"])


def _flags(phrases: Iterable[str]) -> Trie[bool]:
    flags: Trie[bool] = Trie(joints=" \u00a0")
    for phrase in phrases:
        flags.add(name_key(phrase), True)
    return flags
