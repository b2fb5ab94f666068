"""The words of a sentence as figures see them: digit groups, words and marks, each with its place in the text."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

WordKind = Literal["number", "word", "mark"]

# A hyphen inside a word belongs to it (CNVC-LĐ, bê-tông); separators inside digits do (12.370, 1,5).
_WORD = re.compile(r"(?P<number>[0-9]+(?:[.,][0-9]+)*)|(?P<word>[^\W\d_]+(?:-[^\W\d_]+)*)|(?P<mark>\S)")


@dataclass(frozen=True, slots=True)
class Word:
    """One word, mark or digit group; `start` and `end` count in the article's text, `folded` is lower case."""

    text: str
    folded: str
    start: int
    end: int
    kind: WordKind


def read_words(text: str, offset: int) -> tuple[Word, ...]:
    """Cut a sentence into its words; `offset` is where the sentence starts in the article's text."""
    return tuple(_words(text, offset))


def _words(text: str, offset: int) -> Iterator[Word]:
    for found in _WORD.finditer(text):
        kind: WordKind = "number" if found["number"] else "word" if found["word"] else "mark"
        written = found.group()
        yield Word(written, written.casefold(), found.start() + offset, found.end() + offset, kind)


def glued(words: Sequence[Word], at: int) -> bool:
    """Whether the word is written right after the one before it, without a space."""
    return 0 < at < len(words) and words[at - 1].end == words[at].start


def longest_phrase(words: Sequence[Word], at: int, phrases: Container[str], max_words: int) -> int:
    """Return how many words from `at` make the longest of the phrases, 0 if none does; marks count as words."""
    folded: list[str] = []
    longest = 0
    for index in range(at, min(at + max_words, len(words))):
        folded.append(words[index].folded)
        if _joined(folded) in phrases:
            longest = len(folded)
    return longest


def phrase_before(words: Sequence[Word], at: int, phrases: Container[str], max_words: int) -> int:
    """Return how many words up to `at` (exclusive) make the longest of the phrases, 0 if none does."""
    for count in range(min(max_words, at), 0, -1):
        if _joined([word.folded for word in words[at - count : at]]) in phrases:
            return count
    return 0


def _joined(folded: Sequence[str]) -> str:
    return " ".join(folded).replace(" ,", ",").replace(" / ", "/").replace("° c", "°c")
