"""The words of a sentence as figures see them: digit groups, words and marks, each with its place in the text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

WordKind = Literal["number", "word", "mark", "name"]

# A hyphen inside a word belongs to it (CNVC-LĐ, bê-tông); separators inside digits do (12.370, 1,5).
# Digits of other scripts are one mark.
_WORD = re.compile(r"(?P<number>[0-9]+(?:[.,][0-9]+)*)|(?P<word>[^\W\d_]+(?:-[^\W\d_]+)*)|(?P<mark>[^\D0-9]+|\S)")


class Word(NamedTuple):
    """One word, mark or digit group; `start` and `end` count in the article's text, `folded` is lower case.

    A movement's name is one word of kind "name", other stretches that are no figure one mark, both with `folded` empty.
    """

    text: str
    folded: str
    start: int
    end: int
    kind: WordKind


def read_words(text: str, offset: int) -> Iterator[Word]:
    """Cut a sentence into its words; `offset` is where the sentence starts in the article's text."""
    for found in _WORD.finditer(text):
        written, kind = found[0], found.lastgroup
        start = found.start() + offset
        # the pattern's three groups are the kinds, and one of them always matches
        yield Word(written, written.casefold(), start, start + len(written), kind)  # type: ignore[arg-type]


def glued(words: Sequence[Word], at: int) -> bool:
    """Whether the word is written right after the one before it, without a space."""
    return 0 < at < len(words) and words[at - 1].end == words[at].start


def printed(words: Sequence[Word], start: int, end: int) -> str:
    """Return words as printed, with one space where any space was."""
    return "".join(
        words[index].text if index == start or glued(words, index) else f" {words[index].text}"
        for index in range(start, end)
    )


def uncapitalised(phrase: str) -> str:
    """Return a phrase from the beginning of a line without its capital; an acronym keeps it."""
    return phrase if phrase[:2].isupper() else phrase[:1].lower() + phrase[1:]


@dataclass(slots=True)
class _Node:
    """One step into a phrase; `ends` says that a phrase may stop here."""

    following: dict[str, _Node] = field(default_factory=dict)
    ends: bool = False


class Phrases:
    """A set of phrases, folded, found at or before a place in a sentence in time bound by the phrase's length."""

    def __init__(self, phrases: Iterable[str]) -> None:
        self._forward, self._backward = _Node(), _Node()
        for phrase in phrases:
            steps = [word.folded for word in read_words(phrase, 0)]
            _grow(self._forward, steps)
            _grow(self._backward, steps[::-1])

    def at(self, words: Sequence[Word], start: int) -> int:
        """Return how many words from `start` on make the longest phrase, 0 if none does; a mark is a word."""
        return _longest(self._forward, words, start, 1, len(words)) if 0 <= start < len(words) else 0

    def before(self, words: Sequence[Word], end: int) -> int:
        """Return how many words up to `end` (exclusive) make the longest phrase, 0 if none does."""
        return _longest(self._backward, words, end - 1, -1, -1) if end > 0 else 0

    def __contains__(self, word: str) -> bool:
        """Whether one folded word is a phrase by itself."""
        node = self._forward.following.get(word)
        return node is not None and node.ends


def _grow(node: _Node, steps: Sequence[str]) -> None:
    for step in steps:
        node = node.following.setdefault(step, _Node())
    node.ends = True


def _longest(node: _Node, words: Sequence[Word], place: int, step: int, stop: int) -> int:
    """Return how many words from `place` on, in steps of 1 or -1 up to `stop` (exclusive), make the longest phrase."""
    longest = count = 0
    while place != stop:
        found = node.following.get(words[place].folded)
        if found is None:
            break
        count += 1
        if found.ends:
            longest = count
        node, place = found, place + step
    return longest
