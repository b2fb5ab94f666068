"""The role of a figure in its clause: result, target, share of a target, increase, decrease, cost or support."""

from __future__ import annotations

import functools
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any, Final, NamedTuple

from pipeline.attribution.said import Said
from pipeline.records import Figure, FigureRole
from pipeline.syllables import Syllable, name_key, syllables, syllables_within
from pipeline.trie import Trie

WINDOW: Final = 320  # characters before a figure in which its words are looked for: 40 syllables of 8
AFTER: Final = 80  # characters after a percentage in which its target is looked for
REACHED_WITHIN: Final = 3  # syllables between "đạt" and its percentage: "đạt tỷ lệ trên"
TARGET_WITHIN: Final = 6  # syllables after a percentage that name its target: "chỉ tiêu được giao"
BETWEEN: Final = 14  # syllables between two figures of a series
_SERIES: Final = re.compile(r",|\||/|:|\bvà\b|\bcùng\b|\bcho\b|\bvới\b|\btrong đó\b")
_OF_A_SERIES: Final[Mapping[str | None, frozenset[str]]] = {
    "result": frozenset({"money", "count", "percent", "ratio", "measure"}),
    "support": frozenset({"money", "count"}),
    "target": frozenset({"money", "count", "percent", "ratio", "measure"}),
}
_WHOLE: Final = 100.0  # per cent; what is "đạt" beyond it can only be of a target


class Role(NamedTuple):
    """A role and the words that decided, as printed; both None where no word says."""

    name: FigureRole | None
    words: str | None


_UNTOLD: Final = Role(None, None)


@dataclass(frozen=True, slots=True)
class _Word:
    role: FigureRole | None
    within: int
    kinds: frozenset[str]
    done: bool = False
    yields: bool = False


@dataclass(frozen=True, slots=True)
class _Lexicon:
    words: Trie[_Word]
    reached: Trie[bool]
    targets: Trie[bool]
    within: int
    honours: tuple[str, ...]


def roles_of(text: str, said: Said, figures: Sequence[Figure]) -> Iterator[Role]:
    """Yield the role of each figure of a sentence, in reading order; of none where no word beside it says.

    In a series ("kết nạp 120 đoàn viên, 98 đảng viên") the figure before tells.
    """
    if said.law:
        yield from (_UNTOLD for _ in figures)
        return
    before: Figure | None = None
    told, line = _UNTOLD, syllables(text, said.start, said.end)
    for figure in figures:
        clause_start, _ = said.clause(figure.start)
        if before is None or before.end < clause_start:
            told, since = _UNTOLD, clause_start
        else:
            since = _past_share(text, before)
        since = text.rfind("|", since, figure.start) + 1 or since  # a cell of a table speaks for itself
        told = _role(text, said, line, figure, told, since)
        before = figure
        yield told


def _past_share(text: str, figure: Figure) -> int:
    """Return where a figure ends, with what a percentage is of: "đạt 127% kế hoạch đề ra, …"."""
    if figure.kind != "percent":
        return figure.end
    after = syllables(text, figure.end, figure.end + AFTER)[:TARGET_WITHIN]
    found = [after[at + taken - 1].end for at, taken, _ in _found(_lexicon().targets, text, after)]
    return found[-1] if found else figure.end


def _role(text: str, said: Said, line: Sequence[Syllable], figure: Figure, told: Role, since: int) -> Role:
    """Return the role of a figure; `told` is that of the figure that ends at `since`, or of none in the clause."""
    clause_start, clause_end = said.clause(figure.start)
    in_clause = syllables_within(text, line, max(clause_start, figure.start - WINDOW), figure.start)
    own = [syllable for syllable in in_clause if syllable.start >= since and not said.in_movement(syllable.start)]
    nearest, spoken = _nearest(text, figure, own, told if told.name == "target" else _UNTOLD)
    if nearest.name != "target":
        share = _share_of_target(text, figure, in_clause, clause_end)
        if share is not None:
            return Role("share_of_target", share)
    serial = figure.kind in _OF_A_SERIES.get(told.name, ())
    goes_on = not spoken and serial and since == max(since, figure.start - WINDOW)
    found = told if goes_on and len(own) <= BETWEEN and _SERIES.search(text, since, figure.start) else nearest
    honour = found.name == "support" and (figure.unit or "").casefold().startswith(_lexicon().honours)
    return Role("result", found.words) if honour else found


def _nearest(text: str, figure: Figure, before: Sequence[Syllable], aim: Role) -> tuple[Role, bool]:
    """Return the role that the nearest word before a figure tells, and whether any word of a role is there."""
    nearest, spoken = aim, False
    for at, taken, word in _found(_lexicon().words, text, before):
        end = at + taken
        spoken = True
        # "phấn đấu kết nạp", "tổng kinh phí thực hiện": a target or a cost goes on over the verbs of results
        goes_over = ("target", "cost", "support") if word.yields else ("target", "cost")
        aimed_at = nearest.name in goes_over and word.role == "result" and not word.done
        if word.role is None and word.done:
            nearest = _UNTOLD
        if word.role and len(before) - end <= word.within and figure.kind in word.kinds and not aimed_at:
            nearest = Role(word.role, text[before[at].start : before[end - 1].end])
    return nearest, spoken


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
    at, firsts = 0, words.firsts
    while at < len(line):
        match = words.longest(text, line, at) if line[at].key in firsts else None
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
                name_key(phrase),
                _Word(
                    role["name"],
                    role["within"],
                    frozenset(role["kinds"]),
                    *(role.get(k, False) for k in ("done", "yields")),
                ),
            )
    for phrase in table["silent"]["words"]:
        words.add(name_key(phrase), _Word(None, 0, frozenset()))
    for phrase in table["ends"]["words"]:
        words.add(name_key(phrase), _Word(None, 0, frozenset(), done=True))
    share = table["share_of_target"]
    return _Lexicon(
        words, _flags(share["reached"]), _flags(share["target"]), share["within"], tuple(table["honours"]["units"])
    )


def _flags(phrases: Iterable[str]) -> Trie[bool]:
    flags: Trie[bool] = Trie(joints=" \u00a0")
    for phrase in phrases:
        flags.add(name_key(phrase), True)
    return flags
