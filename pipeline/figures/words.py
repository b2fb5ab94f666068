"""The words of a sentence as figures see them: digit groups, words and marks, and where each stands in the text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import accumulate, chain
from operator import attrgetter
from typing import Final, Generic, Literal, NamedTuple, TypeVar

WordKind = Literal["number", "word", "mark", "name", "foreign"]

# A hyphen inside a word belongs to it (CNVC-LĐ, bê-tông); separators inside digits do (12.370, 1,5).
# Digits of other scripts are one word of kind "foreign". White space belongs to what it follows. No word crosses it.
_WORD = re.compile(r"(?:[0-9]+(?:[.,][0-9]+)*|[^\W\d_]+(?:-[^\W\d_]+)*|[^\D0-9]+|\S)\s*")
_RUN = re.compile(r"\S+\s*")
_LETTER = re.compile(r"[^\W\d_]")
_DIGITS: Final = frozenset({"number", "foreign"})
_RUNS_REMEMBERED: Final = 1 << 15  # some 10 MB; a newspaper has some thousands beside its numbers
_LONGEST_REMEMBERED: Final = 32  # characters of a run; longer ones are addresses and noise


@dataclass(frozen=True, slots=True)
class Word:
    """One word, mark or digit group as printed; `folded` is lower case, `digits` says that it is digits of any script.

    `space` is the white space after it and `length` that of both, in characters. A movement's name is one word of kind
    "name", other stretches that are no figure one mark, both with `folded` empty. A word doesn't know its place: equal
    ones are one object, made once (`Line` knows).
    """

    text: str
    folded: str
    kind: WordKind
    space: int
    length: int
    digits: bool


class Line(NamedTuple):
    """The words of a sentence and where each starts, counted in the article's text; after them, where the line ends.

    `numbers` says which of the words are digits, of any script.
    """

    words: Sequence[Word]
    starts: Sequence[int]
    numbers: Sequence[int]

    def start(self, at: int) -> int:
        return self.starts[at]

    def end(self, at: int) -> int:
        """Return where the last word before words[at] ends."""
        return self.starts[at - 1] + len(self.words[at - 1].text)


class _Runs(dict[str, tuple[Word, ...]]):
    """The words of each run of signs without a space met so far: few runs are new, and making words is slow."""

    def __init__(self, after: str) -> None:
        """Remember runs that have this after them."""
        super().__init__()
        self._after = after

    def __missing__(self, run: str) -> tuple[Word, ...]:
        words = tuple([_word(printed) for printed in _WORD.findall(run + self._after)])
        if len(self) >= _RUNS_REMEMBERED:
            self.clear()
        if len(run) <= _LONGEST_REMEMBERED:
            self[run] = words
        return words


def _word(printed: str) -> Word:
    text = printed.rstrip()
    kind = _kind(text[0])
    return Word(text, text.casefold(), kind, len(printed) - len(text), len(printed), kind in _DIGITS)


def _kind(first: str) -> WordKind:
    if "0" <= first <= "9":
        return "number"
    if first.isdecimal():
        return "foreign"
    return "word" if _LETTER.match(first) else "mark"


_before_a_space: Final = _Runs(" ").__getitem__
_AS_PRINTED: Final = _Runs("")  # with the white space after them, whatever it is
_length = attrgetter("length")


def read_words(text: str) -> Sequence[Word]:
    """Cut a text into its words."""
    return read_line(text, 0).words


def read_line(text: str, offset: int) -> Line:
    """Cut a sentence into its words; `offset` is where the sentence starts in the article's text.

    The last word has one space after it, as if the sentence went on.
    """
    words = list(chain.from_iterable(map(_before_a_space, text.split(" "))))
    starts = list(accumulate(map(_length, words), initial=offset))
    if starts[-1] != offset + len(text) + 1:  # white space at the start, or more of it together than one space
        words = [word for run in _RUN.findall(f"{text} ") for word in _AS_PRINTED[run]]
        starts = list(accumulate(map(_length, words), initial=offset + len(text) - len(text.lstrip())))
    return line_of(words, starts)


def folded_words(phrase: str) -> list[str]:
    """Return the words of a phrase of a lexicon, folded, as `read_words` cuts them."""
    return [word.folded for run in phrase.split() for word in _before_a_space(run)]


def line_of(words: Sequence[Word], starts: Sequence[int]) -> Line:
    """Return a line, with its digits found among the words."""
    return Line(words, starts, [at for at, word in enumerate(words) if word.digits])


def glued(words: Sequence[Word], at: int) -> bool:
    """Whether the word is written right after the one before it, without a space."""
    return 0 < at < len(words) and not words[at - 1].space


def printed(words: Sequence[Word], start: int, end: int) -> str:
    """Return words as printed, with one space where any space was."""
    if end == start + 1:
        return words[start].text
    last = words[end - 1].text
    return "".join([f"{word.text} " if word.space else word.text for word in words[start : end - 1]]) + last


def uncapitalised(phrase: str) -> str:
    """Return a phrase from the beginning of a line without its capital; an acronym keeps it."""
    return phrase if phrase[:2].isupper() else phrase[:1].lower() + phrase[1:]


Found = TypeVar("Found")
NONE: Final[Mapping[str, int]] = {}


@dataclass(slots=True)
class _Node(Generic[Found]):
    """One step into phrases; `found` is what the longest phrase among the steps up to here gives."""

    found: Found
    following: dict[str, _Node[Found]] = field(default_factory=dict)


class Phrases:
    """A set of phrases, folded, found at or before a place in a sentence in time bound by the phrase's length.

    Most sets are only looked for from one side: each side is laid out when it is first asked for.
    """

    def __init__(self, phrases: Iterable[str]) -> None:
        self._entries = [(steps, len(steps)) for steps in map(folded_words, phrases)]

    @cached_property
    def _forward(self) -> dict[str, _Node[int]]:
        return _tree(self._entries, 0, lambda _, count: count)

    @cached_property
    def _backward(self) -> dict[str, _Node[int]]:
        return _tree([(steps[::-1], count) for steps, count in self._entries], 0, lambda _, count: count)

    def at(self, words: Sequence[Word], start: int) -> int:
        """Return how many words from `start` on make the longest phrase, 0 if none does; a mark is a word."""
        node = self._forward.get(words[start].folded) if 0 <= start < len(words) else None
        return 0 if node is None else _reached(node, words, start + 1, 1, len(words))

    def before(self, words: Sequence[Word], end: int) -> int:
        """Return how many words up to `end` (exclusive) make the longest phrase, 0 if none does."""
        node = self._backward.get(words[end - 1].folded) if end > 0 else None
        return 0 if node is None else _reached(node, words, end - 2, -1, -1)

    def openers(self) -> frozenset[str]:
        """Return the first words of the phrases."""
        return frozenset(self._forward)

    def __contains__(self, word: str) -> bool:
        """Whether one folded word is a phrase by itself."""
        node = self._forward.get(word)
        return node is not None and node.found == 1


class PhraseLists:
    """Lists of phrases that are found together: what stands at a place, by list the length of its longest phrase."""

    def __init__(self, lists: Mapping[str, Iterable[str]]) -> None:
        self._entries = [(folded_words(phrase), name) for name, phrases in lists.items() for phrase in phrases]

    @cached_property
    def _forward(self) -> dict[str, _Node[Mapping[str, int]]]:
        return _tree([(steps, {name: len(steps)}) for steps, name in self._entries], NONE, _joined)

    @cached_property
    def _backward(self) -> dict[str, _Node[Mapping[str, int]]]:
        return _tree([(steps[::-1], {name: len(steps)}) for steps, name in self._entries], NONE, _joined)

    def at(self, words: Sequence[Word], start: int) -> Mapping[str, int]:
        """Return the lists that have a phrase from `start` on, each with how many words make its longest."""
        node = self._forward.get(words[start].folded) if 0 <= start < len(words) else None
        return NONE if node is None else _reached(node, words, start + 1, 1, len(words))

    def before(self, words: Sequence[Word], end: int) -> Mapping[str, int]:
        """Return the lists that have a phrase up to `end` (exclusive), each with how many words make its longest."""
        node = self._backward.get(words[end - 1].folded) if end > 0 else None
        return NONE if node is None else _reached(node, words, end - 2, -1, -1)


def _joined(found: Mapping[str, int], also: Mapping[str, int]) -> Mapping[str, int]:
    return {**found, **also}


def _tree(
    entries: Iterable[tuple[list[str], Found]], nothing: Found, join: Callable[[Found, Found], Found]
) -> dict[str, _Node[Found]]:
    """Return the first steps of phrases; `join` puts what a phrase gives to what its beginnings give."""
    root = _Node(nothing)
    for steps, gives in sorted(entries, key=lambda entry: len(entry[0])):  # beginnings before what goes on from them
        node = root
        for step in steps:
            further = node.following.get(step)
            if further is None:
                further = node.following[step] = _Node(node.found)
            node = further
        node.found = join(node.found, gives)
    return root.following


def _reached(node: _Node[Found], words: Sequence[Word], place: int, step: int, stop: int) -> Found:
    """Return what is found by going on from a node with the words from `place` on, up to `stop` (exclusive)."""
    while place != stop and node.following:
        further = node.following.get(words[place].folded)
        if further is None:
            break
        node, place = further, place + step
    return node.found
