"""A line of a text as the extraction reads it: its syllables, its triggers and refusals, its quoted passages."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from typing import NamedTuple

from pipeline.movements.heads import Head, boundary, heads_of
from pipeline.movements.quotes import Quoted, quoted_passages
from pipeline.movements.registry import Entry, Registry
from pipeline.syllables import SYLLABLE, Spelt, Syllables

MAX_NAME_SYLLABLES = 60
MAX_NAME_CHARACTERS = 600  # 60 syllables of 7 letters, with their separators
MAX_HEAD_DISTANCE = 240  # characters between a head and its name: 30 syllables of 8

_MARKED = re.compile("[\u00c0-\u024f\u1ea0-\u1ef9]")
# the capital letters of Vietnamese, as part of a character class; its blocks of Unicode mix them with small ones
CAPITALS = "A-Z" + "".join(
    letter for letter in map(chr, (*range(0xC0, 0x250), *range(0x1EA0, 0x1EFA))) if letter.isupper()
)
_SENTENCE_GAP = re.compile(rf"[.!?…]\s+[{CAPITALS}“\"]")
_SENTENCE_START = re.compile(r"(?:^|[.!?…]\s+|[-•*+–—|>]\s+|:\s*)[“\"‘']?$")


class Line(NamedTuple):
    """One line of `text`; all offsets count in the whole text.

    `marked` is False for a line typed without Vietnamese marks, `capitals` True for one that is all capital letters.
    """

    text: str
    start: int
    end: int
    syllables: Syllables
    heads: list[Head]
    passages: list[Quoted]
    marked: bool
    capitals: bool

    @classmethod
    def read(cls, spelt: Spelt, start: int, end: int) -> Line:
        """Read text[start:end], a line without a line break; its quoted passages may miss a quote."""
        text, read = spelt.text, spelt.within(start, end)
        marked = _MARKED.search(text, start, end) is not None
        heads = heads_of(text, read, marked=marked)
        passages = quoted_passages(text, start, end)
        return cls(text, start, end, read, heads, passages, marked, text[start:end].isupper())

    def head_before(self, position: int, since: int) -> Head | None:
        """Return the nearest trigger or refusal that ends in [since, position]."""
        if not self.heads:
            return None
        index = bisect_right(self.heads, position, key=lambda head: head.end) - 1
        if index < 0:
            return None
        head = self.heads[index]
        return head if head.start >= since and position - head.end <= MAX_HEAD_DISTANCE else None

    def trigger_at(self, position: int) -> Head | None:
        """Return the trigger that begins at the position."""
        head = self._head_at(position)
        return head if head is not None and head.word.role == "trigger" else None

    def refusal_at(self, position: int) -> str | None:
        """Return the reason of the refusal that begins at the position: "Quỹ", "Giải thưởng"."""
        head = self._head_at(position)
        return head.word.reason if head is not None else None

    def _head_at(self, position: int) -> Head | None:
        index = bisect_left(self.heads, position, key=lambda head: head.start)
        head = self.heads[index] if index < len(self.heads) else None
        return head if head is not None and head.start == position else None

    def index_at(self, position: int) -> int:
        """Return the index of the first syllable that starts at or after the position."""
        return bisect_left(self.syllables.starts, position)

    def word(self, index: int) -> str:
        """Return the syllable at the index as printed."""
        return self.text[self.syllables.starts[index] : self.syllables.ends[index]]

    def gap(self, index: int) -> str:
        """Return what stands between the syllable before the index and the one at it."""
        return self.text[self.syllables.ends[index - 1] : self.syllables.starts[index]]

    def capitalised(self, index: int) -> bool:
        return self.text[self.syllables.starts[index]].isupper()

    def begins(self, boundary_name: str, index: int) -> bool:
        """Say whether a phrase of the lexicon's list, of one or two syllables, stands at the index."""
        phrases = boundary(boundary_name, marked=self.marked)
        key = tuple(self.syllables.keys[index : index + 2])
        return key[:1] in phrases or key in phrases

    def known_places(self, registry: Registry, first: int, last: int) -> list[int]:
        """Return the few places from one syllable up to another, exclusive, at which a name known in full may start."""
        return [first + at for at in registry.names(marked=self.marked).may_start(self.syllables.part(first, last))]

    def known(self, registry: Registry, index: int) -> tuple[int, Entry] | None:
        """Return the longest known name that starts at the index: how many syllables it takes, and its entry."""
        return registry.names(marked=self.marked).longest(self.text, self.syllables, index)

    def begins_sentence(self, position: int) -> bool:
        """Say whether a capital letter at the position says nothing, as at the start of a sentence or list item."""
        return _SENTENCE_START.search(self.text[max(self.start, position - 4) : position]) is not None

    def is_no_name(self, start: int, end: int) -> str | None:
        """Return why a quoted passage is more than a name: several sentences, or more syllables than names have."""
        if end - start > MAX_NAME_CHARACTERS:
            return "too long"
        count = self.index_at(end) - self.index_at(start)
        if count == 0:
            return "empty"
        if count > MAX_NAME_SYLLABLES:
            return "too long"
        return "several sentences" if ends_sentence(self.text, start, end) else None


def ends_sentence(text: str, start: int, end: int) -> bool:
    """Say whether a sentence ends within text[start:end]; the dot of "TP. HCM" ends none."""
    return any(text[gap.start() - 1].islower() or text[gap.start() - 1] in '”")' for gap in _gaps(text, start, end))


def _gaps(text: str, start: int, end: int) -> list[re.Match[str]]:
    return [gap for gap in _SENTENCE_GAP.finditer(text, start, end) if gap.start() > start]


def count_syllables(text: str) -> int:
    """Return how many syllables a stretch of text has."""
    return len(SYLLABLE.findall(text))
