"""Sentences with their names marked by hand: [P person], [O organisation], [L place], <office of a person>."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, NamedTuple

CASES = Path(__file__).parent / "cases" / "entities.jsonl"
LABELS = {"P": "PER", "O": "ORG", "L": "LOC"}
Span = tuple[int, int, str]


class Canonical(NamedTuple):
    """What an organisation or a place is called wherever it is printed, its kind, level and its province's codes."""

    name: str
    kind: str
    level: str | None
    province_63: str | None
    province_34: str | None


@dataclass(frozen=True)
class Marked:
    """A sentence without its marks, and what they said: (start, end, label), and (start, end) of offices.

    `canonical` says of organisations and places what they are, where that was marked too.
    """

    text: str
    names: frozenset[Span]
    offices: frozenset[tuple[int, int]]
    canonical: Mapping[Span, Canonical] = field(default_factory=dict)


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
    return [_with_canonical(read_marks(row["marked"]), row) for row in rows if row["part"] == part]


def _with_canonical(marked: Marked, row: dict[str, Any]) -> Marked:
    """Give a sentence what "canonical" lists of its organisations and places, in reading order."""
    if "canonical" not in row:
        return marked
    spans = sorted(span for span in marked.names if span[2] != "PER")
    named = (Canonical(*fields) for fields in row["canonical"])
    return replace(marked, canonical=dict(zip(spans, named, strict=True)))
