"""What a tagger says of one sentence; the fast and the plain path give the same record."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Depth = Literal["words", "pos", "entities"]


@dataclass(frozen=True, slots=True)
class Tagged:
    """The words of a sentence in order, one entry a word in every list.

    `words` are as the models see them, respelt and with one space between syllables; `starts` and `ends` are where
    they stand in the sentence as given, end exclusive. `pos` and `entities` (B-PER, I-PER, … or O) are empty when they
    were not asked for.
    """

    words: list[str]
    starts: list[int]
    ends: list[int]
    pos: list[str]
    entities: list[str]
