"""Many phrases looked for at once, syllable by syllable; the longest one that starts at a place is found."""

from __future__ import annotations

from collections.abc import Sequence
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
            node = node.after.setdefault(syllable, _Node())
        node.payload = payload

    def longest(self, text: str, line: Sequence[Syllable], first: int) -> tuple[int, Payload] | None:
        """Return the longest phrase that starts at line[first]: how many syllables it takes, and its payload."""
        found: tuple[int, Payload] | None = None
        node = self._root
        for index in range(first, len(line)):
            step = node.after.get(line[index].key)
            if step is None or (index > first and not self._joined(text, line[index - 1].end, line[index].start)):
                break
            node = step
            if node.payload is not None:
                found = index + 1 - first, node.payload
        return found

    def _joined(self, text: str, end: int, start: int) -> bool:
        return start - end <= _LONGEST_JOINT and self._joints.issuperset(text[end:start])


_LONGEST_JOINT = 4  # characters; " –  " is the longest seen between two words of one name
