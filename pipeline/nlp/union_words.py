"""Names of union bodies, posts and works held together as one word each, whatever the segmenter made of them."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from pipeline.nlp.tokens import Column, Tokens
from pipeline.nlp.tones import old_style

_FILE = Path(__file__).parents[1] / "lexicon" / "union_words.txt"


@dataclass(slots=True)
class _Node:
    """What may follow the syllables read so far, and the names that end here: the places of each one's capitals."""

    next: dict[str, _Node] = field(default_factory=dict)
    ends: list[tuple[int, ...]] = field(default_factory=list)


class UnionWords:
    """Finds the longest names in tokens, from left to right; tokens are learnt when first seen."""

    def __init__(self) -> None:
        """Read the lexicon."""
        self._root = _lexicon()
        self.forget()

    def forget(self) -> None:
        """Empty what was learnt of tokens."""
        self._keys: list[str] = []
        self._begins_name = Column()

    def hold(self, begins: NDArray[np.bool_], tokens: Tokens, spellings: Sequence[str]) -> None:
        """Make each name one word in `begins`, which says of each token whether it begins a word."""
        new = [_key(token) for token in spellings[len(self._keys) :]]
        self._keys += new
        self._begins_name.extend([key in self._root.next for key in new])
        texts_end = np.cumsum(tokens.counts)
        behind = 0
        places = np.flatnonzero(self._begins_name.array()[tokens.numbers])
        limits = texts_end[np.searchsorted(texts_end, places, side="right")]
        numbers = tokens.numbers.tolist()
        for at, limit in zip(places.tolist(), limits.tolist(), strict=True):
            end = self._end(numbers, at, limit, spellings) if at >= behind else None
            if end is None:
                continue
            behind = end
            begins[at] = True
            begins[at + 1 : end] = False
            begins[end : min(end + 1, limit)] = True

    def _end(self, numbers: Sequence[int], at: int, limit: int, spellings: Sequence[str]) -> int | None:
        """Return where the longest name that starts at a token ends."""
        node, end = self._root, None
        for place in range(at, limit):
            following = node.next.get(self._keys[numbers[place]])
            if following is None:
                break
            node = following
            if any(all(_is_capital(spellings[numbers[at + one]]) for one in capitals) for capitals in node.ends):
                end = place + 1
        return end


@functools.cache
def _lexicon() -> _Node:
    root = _Node()
    for line in _FILE.read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            continue
        node, syllables = root, line.split(" ")
        for syllable in syllables:
            node = node.next.setdefault(_key(syllable), _Node())
        node.ends.append(tuple(place for place, syllable in enumerate(syllables) if _is_capital(syllable)))
    return root


def _key(syllable: str) -> str:
    return old_style(syllable.lower())


def _is_capital(syllable: str) -> bool:
    return syllable[:1].isupper()
