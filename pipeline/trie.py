"""Many phrases looked for at once, syllable by syllable; the longest one that starts at a place is found."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Generic, TypeVar

from pipeline.syllables import Syllables

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

    def may_start(self, line: Syllables) -> list[int]:
        """Return the few places of a line at which a phrase may start, by the keys of two syllables."""
        firsts, keys = self._root.after, line.keys
        places = [at for at, key in enumerate(keys) if key in firsts]
        following = [*keys[1:], ""]  # no key is empty
        return [at for at in places if following[at] in (node := firsts[keys[at]]).after or node.payload is not None]

    def longest(self, text: str, line: Syllables, first: int) -> tuple[int, Payload] | None:
        """Return the longest phrase that starts at a place of a line: how many syllables it takes, and its payload."""
        keys = line.keys
        node = self._root.after.get(keys[first])
        if node is None:
            return None
        found = None if node.payload is None else (1, node.payload)
        for index in range(first + 1, len(keys)):
            node = node.after.get(keys[index])
            if node is None or not self._joined(text, line.ends[index - 1], line.starts[index]):
                break
            if node.payload is not None:
                found = index + 1 - first, node.payload
        return found

    def _joined(self, text: str, end: int, start: int) -> bool:
        return start - end <= _LONGEST_JOINT and self._joints.issuperset(text[end:start])


_LONGEST_JOINT = 4  # characters; " –  " is the longest seen between two words of one name
