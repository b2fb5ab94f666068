"""Many phrases at once, word by word, on the words of a sentence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final, Generic, TypeVar

from pipeline.entities.words import AND, COMMA, DASH, DOT, HYPHEN, SPACE, Words
from pipeline.syllables import KEYS, SYLLABLE

Payload = TypeVar("Payload")
_END: Final = ""  # no word has this key
_JOINTS: Final = frozenset({SPACE, DASH, HYPHEN, DOT, AND})


class Phrases(Generic[Payload]):
    """Phrases by the keys of their words; punctuation inside a phrase may differ from the lexicon's."""

    def __init__(self, rows: Iterable[tuple[str, Payload]], *, commas: bool = False) -> None:
        """A phrase that comes twice keeps its first payload; `commas`: it may have commas inside ("GS, TS")."""
        self._joints = _JOINTS | {COMMA} if commas else _JOINTS
        self.first: dict[str, Any] = {}
        for phrase, payload in rows:
            self.add(phrase, payload)

    def add(self, phrase: str, payload: Payload) -> None:
        """Add a phrase; a phrase without a word is none."""
        self.add_keys([KEYS[printed] for printed in SYLLABLE.findall(phrase)], payload)

    def add_keys(self, keys: Iterable[str], payload: Payload) -> None:
        """Add a phrase by the keys of its words."""
        node = self.first
        for key in keys:
            node = node.setdefault(key, {})
        if node is not self.first:
            node.setdefault(_END, payload)

    @classmethod
    def of_all(cls, tables: Iterable[Phrases[Any]]) -> Phrases[bool]:
        """Return a table in which a phrase starts wherever one of some tables has one."""
        both: Phrases[bool] = Phrases((), commas=True)
        for table in tables:
            _merge(both.first, table.first)
        return both

    def by_first_word(self) -> dict[str, list[Payload]]:
        """Return the payloads by the key of the first word of their phrases."""
        return {key: list(_payloads(node)) for key, node in self.first.items()}

    def all_at(self, words: Words, at: int) -> list[tuple[int, Payload]]:
        """Return the phrases that start at a word, shortest first: where each ends (exclusive), and its payload."""
        found: list[tuple[int, Payload]] = []
        keys, gaps = words.keys, words.gaps
        node = self.first.get(keys[at]) if at < words.count else None
        while node is not None:
            at += 1
            if _END in node:
                found.append((at, node[_END]))
            if at >= words.count or gaps[at] not in self._joints:
                break
            node = node.get(keys[at])
        return found

    def any_at(self, words: Words, at: int) -> bool:
        """Whether a phrase starts at a word."""
        keys, gaps = words.keys, words.gaps
        node = self.first.get(keys[at])
        while node is not None:
            if _END in node:
                return True
            at += 1
            if at >= words.count or gaps[at] not in self._joints:
                break
            node = node.get(keys[at])
        return False

    def longest(self, words: Words, at: int) -> tuple[int, Payload] | None:
        """Return the longest phrase that starts at a word, or None."""
        keys, gaps, count = words.keys, words.gaps, words.count
        node = self.first.get(keys[at]) if at < count else None
        found: tuple[int, Payload] | None = None
        while node is not None:
            at += 1
            if _END in node:
                found = at, node[_END]
            if at >= count or gaps[at] not in self._joints:
                break
            node = node.get(keys[at])
        return found


def _payloads(node: dict[str, Any]) -> Iterator[Any]:
    for key, after in node.items():
        if key == _END:
            yield after
        else:
            yield from _payloads(after)


def _merge(into: dict[str, Any], node: dict[str, Any]) -> None:
    """Add phrases to others, cut where one ends."""
    for key, after in node.items():
        if _END in after:
            into[key] = {_END: True}
        elif _END not in into.setdefault(key, {}):
            _merge(into[key], after)
