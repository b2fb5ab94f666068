"""Sentences of our own with their words marked by hand: tests/cases/words.txt says how."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

Spans = set[tuple[int, int]]

FILE = Path(__file__).parent / "cases" / "words.txt"
_WORD = re.compile(r"[^ |]+")


def marked_sentences() -> Iterator[tuple[str, Spans]]:
    """Yield each sentence as printed with start and end of its words."""
    for line in FILE.read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            yield _read(line)


def _read(line: str) -> tuple[str, Spans]:
    gone = [place for place, mark in enumerate(line) if mark == "|"]
    words = [(word.start(), word.end()) for word in _WORD.finditer(line)]
    spans = {tuple(at - sum(place < at for place in gone) for at in word) for word in words}
    return line.replace("|", "").replace("_", " "), {(start, end) for start, end in spans}


def word_f1(found: list[Spans], right: list[Spans]) -> float:
    """Return the F1 of words over all sentences, in percent."""
    hits = sum(len(ours & theirs) for ours, theirs in zip(found, right, strict=True))
    return 200 * hits / (sum(map(len, found)) + sum(map(len, right)))
