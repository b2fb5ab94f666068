"""How much of a text is the body that it should be, by 4-grams of syllables.

A syllable is a run of letters and digits, NFC and case folded: Vietnamese writes each syllable apart, so no words need
cutting, and quotes, dashes, bullets and the "|" of table cells count for nothing. The 4-grams run over the whole text,
not line by line: extractors break lines in other places. They are compared as multisets: a caption that is given
three times is false twice or three times.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain, combinations

from pipeline.evaluate.scores import harmonic_mean

N = 4  # syllables a shingle
Shingles = Counter[tuple[str, ...]]

_SYLLABLE = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Overlap:
    """How many shingles of the body a text has, lacks, and has besides."""

    hits: int
    missed: int
    false: int

    @property
    def precision(self) -> float:
        """Share of the text that is body; 0 for no text at all."""
        return self.hits / max(1, self.hits + self.false)

    @property
    def recall(self) -> float:
        return self.hits / max(1, self.hits + self.missed)

    @property
    def f1(self) -> float:
        return harmonic_mean(self.precision, self.recall)


def syllables(text: str) -> list[str]:
    """Return the syllables of a text, NFC and case folded."""
    return _SYLLABLE.findall(unicodedata.normalize("NFC", text).casefold())


def shingles(words: list[str]) -> Shingles:
    """Return the multiset of n-grams; a text shorter than that is one shingle."""
    if len(words) < N:
        return Counter([tuple(words)] if words else [])
    return Counter(zip(*(words[start:] for start in range(N)), strict=False))


def body_overlap(body: Iterable[str], text: str, around: Iterable[str] = ()) -> Overlap:
    """Compare a text with the lines of the body it should hold.

    Args:
        body: the lines of the body, without title and lead.
        text: what a reader gives as the text of the article.
        around: title and lead, in the order of the page. An extractor may give them with the text or leave them
            out: they are neither hit nor false, nor are the shingles across the borders between them and the body.
    """
    want, got = shingles(syllables("\n".join(body))), shingles(syllables(text))
    hits = sum((want & got).values())
    false = got - want - _neutral([*map(syllables, around)], syllables("\n".join(body)))
    return Overlap(hits, sum((want - got).values()), sum(false.values()))


def _neutral(parts: list[list[str]], body: list[str]) -> Shingles:
    """Return the shingles of title and lead, and across their borders, whichever of them stand before the body."""
    total: Shingles = Counter()
    for size in range(1, len(parts) + 1):
        for given in combinations(parts, size):
            total |= shingles([*chain(*given), *body[: N - 1]])
    return total
