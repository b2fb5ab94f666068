"""Back-references ("Phong trào này", "gọi tắt là Cuộc vận động") and the names that they stand for."""

from __future__ import annotations

import functools
import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field

from pipeline.movements.candidates import Found
from pipeline.movements.heads import Head, boundary
from pipeline.movements.line import Line
from pipeline.movements.words import movement_words
from pipeline.syllables import name_key

MAX_DISTANCE = 1_500  # characters back to the name that is referred to: some five paragraphs

_SHORT = re.compile(r"(?:gọi|viết) (?:tắt )?là:?\s*[“\"‘']?$", re.IGNORECASE)
_PLURAL = re.compile(r"\b(?:các|những|nhiều|mọi|hai|ba|bốn)\s*$", re.IGNORECASE)
_LONG_FORMS = {"cvđ": "cuộc vận động", "pttđ": "phong trào"}
_NOUNS = {"phong_trao": "phong trào", "cuoc_van_dong": "cuộc vận động", "chuong_trinh": "chương trình"}
_NOUN_SYLLABLES = 2  # "phong trào" of "phong trào thi đua yêu nước"

Noun = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reference:
    """Words that stand for a name before them; `found` is that name, `refusal` says why it is not known."""

    start: int
    end: int
    found: Found | None
    refusal: str | None = None


@dataclass(slots=True)
class Antecedents:
    """The names that a text has printed so far, by the noun that introduces them; read line by line."""

    _named: dict[Noun, list[Found]] = field(default_factory=dict)
    _short: dict[Noun, Found] = field(default_factory=dict)
    _newest: Found | None = None

    def read(self, line: Line, movements: Sequence[Found]) -> list[Reference]:
        """Return the back-references of a line, whose names are `movements`, in reading order."""
        if not line.heads and not movements:
            return []
        introducing = {found.verdict.trigger for found in movements}
        starts = [found.start for found in movements]
        references: list[Reference] = []
        read = 0
        for head in line.heads:
            before = bisect_right(starts, head.start)
            for found in movements[read:before]:
                self._name(line.text, found)
            read = max(read, before)
            within = before > 0 and head.start < movements[before - 1].end
            if head.word.role != "trigger" or head in introducing or within:
                continue
            reference = self._reference(line, head)
            if reference is not None:
                references.append(reference)
        for found in movements[read:]:
            self._name(line.text, found)
        return references

    def _name(self, text: str, found: Found) -> None:
        noun = _noun_of(text, found)
        self._newest = found
        if noun is None:
            return
        before = self._named.get(noun, [])
        listed = (
            before and before[-1].verdict.trigger is not None and before[-1].verdict.trigger is found.verdict.trigger
        )
        self._named[noun] = [*before, found] if listed else [found]

    def _reference(self, line: Line, head: Head) -> Reference | None:
        noun = _noun(line.text[head.start : head.end])
        if _SHORT.search(line.text, max(line.start, head.start - 24), head.start) is not None:
            if self._newest is not None and _is_near(self._newest, head):
                self._short[noun] = self._newest
            return Reference(head.start, head.end, self._newest)
        end = _demonstrative_end(line, head)
        plural = _PLURAL.search(line.text, max(line.start, head.start - 8), head.start) is not None
        if end is not None:
            return self._resolved(noun, head, end, plural)
        goes_on = _goes_on(line, head)
        # a capital within a sentence says that the short name is meant, whatever follows
        stands = line.text[head.start].isupper() and not (goes_on and line.begins_sentence(head.start))
        if noun in self._short and stands and not plural:
            return Reference(head.start, head.end, self._short[noun])
        if goes_on and not plural:
            self._named.pop(noun, None)  # "phong trào đọc sách": another one, without a name
        return None

    def _resolved(self, noun: Noun, head: Head, end: int, plural: bool) -> Reference:
        named = [found for found in self._named.get(noun, ()) if _is_near(found, head)]
        if not named:
            return Reference(head.start, end, None, "no name before")
        if plural or len(named) > 1:
            return Reference(head.start, end, None, "several names before")
        return Reference(head.start, end, named[0])


def _is_near(found: Found, head: Head) -> bool:
    return head.start - found.end <= MAX_DISTANCE


def _noun(printed: str) -> Noun:
    key = name_key(_LONG_FORMS.get(printed.casefold(), printed))
    return key[:_NOUN_SYLLABLES]


def _noun_of(text: str, found: Found) -> Noun | None:
    trigger = found.verdict.trigger
    if trigger is not None and trigger.word.role == "trigger":
        return _noun(text[trigger.start : trigger.end])
    kind = trigger.word.kind if trigger is not None else found.entry.kind if found.entry is not None else None
    return name_key(_NOUNS[kind])[:_NOUN_SYLLABLES] if kind in _NOUNS else None


def _demonstrative_end(line: Line, head: Head) -> int | None:
    """Return where "này", "nói trên" … after the trigger ends; "trên địa bàn" is no demonstrative."""
    first = line.index_at(head.end)
    for phrase in _demonstratives():
        after = first + len(phrase)
        if tuple(line.syllables.keys[first:after]) != phrase:
            continue
        if line.gap(first).strip(" \u00a0"):
            return None
        ends = after >= len(line.syllables) or bool(line.gap(after).strip(" \u00a0")) or line.begins("stops", after)
        return line.syllables.ends[after - 1] if ends or phrase != _ABOVE else None
    return None


_ABOVE = name_key("trên")


@functools.cache
def _demonstratives() -> tuple[tuple[str, ...], ...]:
    return tuple(name_key(phrase) for phrase in movement_words().demonstratives)


def _goes_on(line: Line, head: Head) -> bool:
    """Say whether the noun goes on after the trigger ("phong trào đọc sách") and does not stand for itself."""
    after = line.index_at(head.end)
    if after >= len(line.syllables) or line.text[head.end : line.syllables.starts[after]].strip(" \u00a0"):
        return False
    word = (line.syllables.keys[after],)
    return not line.begins("stops", after) and word not in boundary("clause", marked=line.marked)
