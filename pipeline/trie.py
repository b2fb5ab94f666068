"""Many phrases looked for at once, syllable by syllable; the longest one that starts at a place is found."""

from __future__ import annotations

from collections.abc import Container, Sequence
from typing import Generic, TypeVar

from pipeline.syllables import Syllable

Payload = TypeVar("Payload")


class _Node(Generic[Payload]):
    __slots__ = ("after", "payload")

    def __init__(self) -> None:
        self.after: dict[str, _Node[Payload]] = {}
        self.payload: Payload | None = None


class Trie(Generic[Payload]):
    """Phrases by the keys of their syllables. `joints` are the characters allowed between two syllables."""

    def __init__(self, joints: str) -> None:
        self._root: _Node[Payload] = _Node()
        self._joints = frozenset(joints)

    def add(self, key: Sequence[str], payload: Payload) -> None:
        """Add a phrase; one added later under the same key replaces it."""
        node = self._root
        for syllable in key:
            further = node.after.get(syllable)
            if further is None:
                further = node.after[syllable] = _Node()
            node = further
        node.payload = payload

    @property
    def firsts(self) -> Container[str]:
        """The keys that any phrase begins with: no phrase starts at another syllable."""
        return self._root.after

    def may_start(self, key: str, after: str | None) -> bool:
        """Say whether a phrase may start at a syllable, by its key and that of the syllable after it."""
        node = self._root.after.get(key)
        return node is not None and (node.payload is not None or after in node.after)

    def longest(self, text: str, line: Sequence[Syllable], first: int) -> tuple[int, Payload] | None:
        """Return the longest phrase that starts at line[first]: how many syllables it takes, and its payload."""
        node = self._root.after.get(line[first].key)
        if node is None:
            return None
        found = None if node.payload is None else (1, node.payload)
        for index in range(first + 1, len(line)):
            node = node.after.get(line[index].key)
            if node is None or not self._joined(text, line[index - 1].end, line[index].start):
                break
            if node.payload is not None:
                found = index + 1 - first, node.payload
        return found

    def _joined(self, text: str, end: int, start: int) -> bool:
        return start - end <= _LONGEST_JOINT and self._joints.issuperset(text[end:start])


_LONGEST_JOINT = 4  # characters; " –  " is the longest seen between two words of one name
