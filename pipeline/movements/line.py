"""A line of a text as the extraction reads it: its syllables, its triggers and refusals, its quoted passages."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass

from pipeline.movements.heads import Head, announces, boundary, heads_of
from pipeline.movements.quotes import Quoted, quoted_passages
from pipeline.movements.registry import Registry
from pipeline.syllables import SYLLABLE, Syllable, name_key, syllables

MAX_NAME_SYLLABLES = 60
MAX_NAME_CHARACTERS = 600  # 60 syllables of 7 letters, with their separators
MAX_UNQUOTED_SYLLABLES = 15  # of an unknown name without quotes; longer ones are sentences
MAX_HEAD_DISTANCE = 240  # characters between a head and its name: 30 syllables of 8

_SEPARATOR = re.compile(r"\s(?:và|hoặc|cùng)$", re.IGNORECASE)
_ITEM_START = re.compile(r"[;,:]\s*(?=[A-ZÀ-ỸĐ])")
_SPEECH = re.compile(r"[.!?…]\s+[A-ZÀ-ỸĐ“\"]")
_SENTENCE_START = re.compile(r"(?:^|[.!?…]\s+|[-•*+–—|>]\s+|:\s*)[“\"‘']?$")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of `text`; all offsets count in the whole text."""

    text: str
    start: int
    end: int
    syllables: list[Syllable]
    heads: list[Head]
    passages: list[Quoted]

    @classmethod
    def read(cls, text: str, start: int, end: int, registry: Registry) -> Line:
        """Read text[start:end], a line without a line break; quotes that miss their other half are given bounds."""
        read = syllables(text, start, end)
        bare = cls(text, start, end, read, heads_of(text, read), [])
        bounded = [bare.bounded(passage, registry) for passage in quoted_passages(text, start, end)]
        whole = sorted((passage for passage in bounded if passage is not None), key=lambda p: p.outer_start)
        return cls(text, start, end, read, bare.heads, whole)

    def head_before(self, position: int, since: int) -> Head | None:
        """Return the nearest trigger or refusal that ends in [since, position]."""
        index = bisect_right(self.heads, position, key=lambda head: head.end) - 1
        if index < 0:
            return None
        head = self.heads[index]
        return head if head.start >= since and position - head.end <= MAX_HEAD_DISTANCE else None

    def index_at(self, position: int) -> int:
        """Return the index of the first syllable that starts at or after the position."""
        return bisect_left(self.syllables, position, key=lambda syllable: syllable.start)

    def word(self, index: int) -> str:
        """Return the syllable at the index as printed."""
        syllable = self.syllables[index]
        return self.text[syllable.start : syllable.end]

    def begins_sentence(self, position: int) -> bool:
        """Say whether a capital letter at the position says nothing, as at the start of a sentence or list item."""
        return _SENTENCE_START.search(self.text[max(self.start, position - 4) : position]) is not None

    def unquoted_end(self, first: int, limit: int) -> int | None:
        """Return where an unknown name without quotes ends that begins with the capitalised syllable at `first`.

        None when it does not read like a name: one syllable, too long, an abbreviation, an organisation, a description.
        """
        if first >= len(self.syllables) or not self._capitalised(first):
            return None
        if any(self._begins(other, first) for other in ("organisations", "unions", "descriptions")):
            return None
        if self.word(first).isupper() and len(self.word(first)) > 1:
            return None
        after = first + 1
        last = min(len(self.syllables), first + MAX_UNQUOTED_SYLLABLES + 1)
        while after < last and self.syllables[after].end <= limit and self._continues(after):
            after += 1
        length = after - first
        return self.syllables[after - 1].end if 2 <= length <= MAX_UNQUOTED_SYLLABLES else None

    def month_end(self, first: int) -> int | None:
        """Return where a themed month or week ends that no registry knows: "Tháng Thanh niên", "Tuần lễ Áo dài"."""
        second = first + 1
        if self.word(first) not in ("Tháng", "Tuần") or second >= len(self.syllables):
            return None
        if self.word(first) == "Tuần" and self.word(second) != "lễ":
            return None
        named = second + 1 if self.word(second) == "lễ" else second
        if named >= len(self.syllables) or not self._capitalised(named) or self._begins("organisations", named):
            return None
        if name_key(self.word(named)) in boundary("months") or self.word(named).isupper():
            return None
        return self.unquoted_end(first, self.end)

    def bounded(self, passage: Quoted, registry: Registry) -> Quoted | None:
        """Give a passage that lost a quote the bound it must have had, or None where nothing tells."""
        if passage.defect is None:
            return passage
        if passage.defect == "no closing":
            end = self._lost_end(passage, registry)
            return None if end is None else Quoted(passage.outer_start, passage.start, end, end, "no closing")
        start = self._lost_start(passage, registry)
        return None if start is None else Quoted(start, start, passage.end, passage.outer_end, "no opening")

    def reads_like_speech(self, start: int, end: int) -> bool:
        """Say whether a quoted passage is more than a name: several sentences, or more syllables than names have."""
        if end - start > MAX_NAME_CHARACTERS:
            return True
        count = self.index_at(end) - self.index_at(start)
        return not 0 < count <= MAX_NAME_SYLLABLES or _SPEECH.search(self.text, start, end) is not None

    def _capitalised(self, index: int) -> bool:
        return self.word(index)[0].isupper()

    def _begins(self, boundary_name: str, index: int) -> bool:
        """Say whether a phrase of the lexicon's list, of one or two syllables, stands at the index."""
        key = tuple(syllable.key for syllable in self.syllables[index : index + 2])
        return not boundary(boundary_name).isdisjoint((key[:1], key))

    def _continues(self, index: int) -> bool:
        gap = self.text[self.syllables[index - 1].end : self.syllables[index].start]
        word = self.word(index)
        if gap.strip(" \u00a0"):
            return gap.strip() in ("-", "–", "—") and self._capitalised(index)
        if self._capitalised(index):
            return not self._begins("organisations", index)
        return not self._begins("stops", index) and not word[0].isdigit()

    def _lost_end(self, passage: Quoted, registry: Registry) -> int | None:
        first = self.index_at(passage.start)
        known = registry.longest(self.text, self.syllables, first)
        if known is not None:
            return self.syllables[first + known[0] - 1].end
        if passage.end < self.end:  # the next item's quote opens there
            if self.reads_like_speech(passage.start, passage.end):
                return None
            inside = self.text[passage.start : passage.end]
            return passage.start + len(_SEPARATOR.sub("", inside.rstrip(" \t\u00a0,;:")).rstrip(" \t\u00a0,;:"))
        return self.unquoted_end(first, passage.end)

    def _lost_start(self, passage: Quoted, registry: Registry) -> int | None:
        after = self.index_at(passage.end)
        earliest = max(self.index_at(passage.start), after - MAX_NAME_SYLLABLES)
        for index in range(earliest, after):
            known = registry.longest(self.text, self.syllables, index)
            if known is not None and index + known[0] == after:
                return self.syllables[index].start
        head = self.head_before(passage.end, passage.start)
        if head is not None and head.word.role != "trigger":
            return None
        since = head.end if head is not None else passage.start
        announced = max(self.text.rfind(":", since, passage.end), self.text.rfind(" như ", since, passage.end) + 3)
        if head is not None and announced > since and announces(self.text[since : announced + 1]):
            since = announced + 1
        if head is None and (separated := _ITEM_START.search(self.text, since, passage.end)) is not None:
            since = separated.end()
        first = self.index_at(since)
        if first >= after or (head is None and passage.start == self.start):
            return None
        start = self.syllables[first].start
        return start if self._capitalised(first) and not self.reads_like_speech(start, passage.end) else None


def count_syllables(text: str) -> int:
    """Return how many syllables a stretch of text has."""
    return sum(1 for _ in SYLLABLE.finditer(text))
