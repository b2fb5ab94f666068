"""Movements and figures of `extract` against hand-marked texts, by kind."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from crawler.sites import Sites
from pipeline.document import read_input, to_json
from pipeline.evaluate.marks import Mark, figures_by_kind, is_open, movements_by_kind, right_units
from pipeline.evaluate.scores import NOTHING, Score
from pipeline.inputs import NotImported, read_inputs
from pipeline.parse import PageNotUnderstood

TOTAL = "all"
UNSAID = "not said"  # of a non-figure whose mark does not say why it is none
_PARTS = ("movements", "figures")
_NEEDED = ("id", *_PARTS)
_MARKED = (*_PARTS, "neutral", "not_figures")


class GoldNotUnderstood(ValueError):
    """A file of marked texts that cannot be scored; the message names file, line and what was expected."""


@dataclass(frozen=True, slots=True)
class Traps:
    """Marked non-figures: how many, and those that were taken for figures, as "text: surface"."""

    of: int = 0
    fallen_into: tuple[str, ...] = ()

    def __add__(self, other: Traps) -> Traps:
        return Traps(self.of + other.of, self.fallen_into + other.fallen_into)


@dataclass(frozen=True, slots=True)
class GoldScore:
    """What was reached on marked texts. `kinds` gives a score by part (movements, figures) and kind, and for all.

    `traps` gives by reason ("why" of the mark) the marked non-figures: how many there are, and those that were taken
    for figures, each as text and surface. `units` gives by kind how many units of found figures are right, of how many.
    `refused` are the texts that could not be read at all: their marks are all missed.
    """

    texts: int
    kinds: dict[str, dict[str, Score]]
    units: dict[str, tuple[int, int]]
    traps: dict[str, Traps]
    refused: tuple[str, ...]

    @property
    def all_units(self) -> tuple[int, int]:
        """How many units are right, of how many."""
        return sum(right for right, _ in self.units.values()), sum(of for _, of in self.units.values())

    @property
    def all_traps(self) -> Traps:
        return sum(self.traps.values(), Traps())


def score_gold(path: Path, sites: Sites, fetched_at: dt.datetime) -> GoldScore:
    """Read every marked text of a JSON Lines file as `congdoan extract` does, and score what it gives.

    Raises:
        GoldNotUnderstood: naming file, line and what was expected.
        NotImported: no such file.
    """
    marked = [*_rows(path)]
    found, refused = _predictions(path, sites, fetched_at)
    kinds: dict[str, dict[str, Score]] = {part: {} for part in _PARTS}
    units: dict[str, tuple[int, int]] = {}
    traps: dict[str, Traps] = {}
    for row in marked:
        got = found.get(str(row["id"]), {"movements": [], "figures": []})
        _add(kinds["movements"], movements_by_kind(row["movements"], got["movements"], row.get("neutral", ())))
        _add(kinds["figures"], figures_by_kind(row["figures"], got["figures"], row.get("neutral", ())))
        for kind, (right, of) in right_units(row["figures"], got["figures"]).items():
            units[kind] = (units.get(kind, (0, 0))[0] + right, units.get(kind, (0, 0))[1] + of)
        for why, found_traps in _traps(row, got["figures"]).items():
            traps[why] = traps.get(why, Traps()) + found_traps
    for part in kinds.values():
        part[TOTAL] = sum(part.values(), NOTHING)
    return GoldScore(len(marked), kinds, units, dict(sorted(traps.items())), refused)


def _rows(path: Path) -> Iterator[Mapping[str, Any]]:
    try:
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise GoldNotUnderstood(f"{path}: {error}; give a JSON Lines file of marked texts") from error
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except json.JSONDecodeError as error:
            raise GoldNotUnderstood(f"{path}:{number}: no JSON: {error}") from error
        if wrong := _wrong(row):
            raise GoldNotUnderstood(f"{path}:{number}: {wrong}; CONTRIBUTING.md says what a marked text has")
        yield row


def _wrong(row: object) -> str | None:
    """Say what a row lacks, or None: marks that are open questions need no value."""
    if not isinstance(row, dict):
        return "no object"
    if lacking := [name for name in _NEEDED if name not in row]:
        return f"lacks {', '.join(lacking)}"
    for part in _MARKED:
        for number, mark in enumerate(row.get(part, ())):
            if not isinstance(mark, dict) or not isinstance(mark.get("surface"), str):
                return f"{part}[{number}] lacks surface"
            if part == "figures" and not is_open(mark) and not isinstance(mark.get("value"), int | float):
                return f"{part}[{number}] lacks value, a number"
    return None


def _predictions(
    path: Path, sites: Sites, fetched_at: dt.datetime
) -> tuple[dict[str, Mapping[str, Any]], tuple[str, ...]]:
    found: dict[str, Mapping[str, Any]] = {}
    refused: list[str] = []
    for document in read_inputs(path):
        if isinstance(document, NotImported):
            refused.append(str(document))
            continue
        try:
            found[document.id] = json.loads(to_json(read_input(document, sites, fetched_at)))
        except PageNotUnderstood as refusal:
            refused.append(f"{document.where}: {refusal.reason}: {refusal.detail}")
    return found, tuple(refused)


def _add(total: dict[str, Score], more: Mapping[str, Score]) -> None:
    for kind, score in more.items():
        total[kind] = total.get(kind, NOTHING) + score


def _traps(row: Mapping[str, Any], figures: Iterable[Mark]) -> dict[str, Traps]:
    """Return the marked non-figures of a text by their reason."""
    surfaces = {figure["surface"].strip() for figure in figures}
    found: dict[str, Traps] = {}
    for trap in row.get("not_figures", ()):
        surface, why = trap["surface"].strip(), str(trap.get("why") or UNSAID)
        fallen = (f"{row['id']}: {surface}",) if surface in surfaces else ()
        found[why] = found.get(why, Traps()) + Traps(1, fallen)
    return found
