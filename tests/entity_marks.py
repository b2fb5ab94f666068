"""Sentences with their names marked by hand: [P person], [O organisation], [L place], <office of a person>."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

CASES = Path(__file__).parent / "cases" / "entities.jsonl"
LABELS = {"P": "PER", "O": "ORG", "L": "LOC"}
Span = tuple[int, int, str]


@dataclass(frozen=True)
class Marked:
    """A sentence without its marks, and what they said: (start, end, label), and (start, end) of offices."""

    text: str
    names: frozenset[Span]
    offices: frozenset[tuple[int, int]]


def read_marks(marked: str) -> Marked:
    """Read one marked sentence."""
    text, at = "", 0
    names: set[Span] = set()
    offices: set[tuple[int, int]] = set()
    name, office = ("", 0), 0
    while at < len(marked):
        sign = marked[at]
        if sign == "[":
            name, at = (LABELS[marked[at + 1]], len(text)), at + 2
        elif sign == "]":
            names.add((name[1], len(text), name[0]))
        elif sign == "<":
            office = len(text)
        elif sign == ">":
            offices.add((office, len(text)))
        else:
            text += sign
        at += 1
    return Marked(text, frozenset(names), frozenset(offices))


def marked_sentences(part: str) -> list[Marked]:
    """Return the sentences of one part: A was developed on, B is for the score only, C to F were written later."""
    rows = [json.loads(line) for line in CASES.read_text("utf-8").splitlines()]
    return [read_marks(row["marked"]) for row in rows if row["part"] == part]
