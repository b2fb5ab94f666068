"""What is known to be in a demo article: its movements and figures, read from `<id>.json`; see data/demo/FORMAT.md."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

from pipeline.records import FigureKind, MovementKind


class DemoArticleInvalid(ValueError):
    """An article or truth file that cannot be used; the message names file and line."""


@dataclass(frozen=True, slots=True)
class TrueMovement:
    """A movement mention that the text holds, `surface` as printed."""

    surface: str
    name: str
    kind: MovementKind


@dataclass(frozen=True, slots=True)
class TrueFigure:
    """A reported quantity that the text holds, in base units; fields as in `pipeline.records.Figure`."""

    surface: str
    value: float
    value_high: float | None
    kind: FigureKind
    unit: str | None
    bound: str | None
    per: str | None
    denominator: float | None


@dataclass(frozen=True, slots=True)
class Truth:
    """What a truth file tells, of both days; nothing of day 2 for an article that is never edited."""

    movements: tuple[TrueMovement, ...]
    figures: tuple[TrueFigure, ...]
    movements_day_2: tuple[TrueMovement, ...]
    figures_day_2: tuple[TrueFigure, ...]


def read_truth(path: Path, *, edited: bool) -> Truth:
    """Read a truth file, which has the keys of day 2 exactly when its article is edited.

    Raises:
        DemoArticleInvalid: naming the file, the entry and what was expected.
    """
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise DemoArticleInvalid(f"{path}: missing; an article has its truth beside it") from None
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise DemoArticleInvalid(f"{path}: not JSON in UTF-8: {error}") from error
    names = {"movements", "figures"} | ({"movements_day_2", "figures_day_2"} if edited else set())
    if not isinstance(told, dict) or told.keys() != names:
        raise DemoArticleInvalid(f"{path}: expected an object with the keys {', '.join(sorted(names))}")
    return Truth(
        movements=_true_movements(path, told, "movements"),
        figures=_true_figures(path, told, "figures"),
        movements_day_2=_true_movements(path, told, "movements_day_2") if edited else (),
        figures_day_2=_true_figures(path, told, "figures_day_2") if edited else (),
    )


def _true_movements(path: Path, told: Mapping[str, Any], name: str) -> tuple[TrueMovement, ...]:
    kinds = get_args(MovementKind)
    for number, mention in _mentions(path, told, name, {"surface": str, "name": str, "kind": str}):
        if mention["kind"] not in kinds:
            raise DemoArticleInvalid(
                f"{path}: {name}[{number}].kind = {mention['kind']!r}: expected {' | '.join(kinds)}"
            )
    return tuple(TrueMovement(**mention) for mention in told[name])


def _true_figures(path: Path, told: Mapping[str, Any], name: str) -> tuple[TrueFigure, ...]:
    number_type, text, kinds = (int, float), (str, type(None)), get_args(FigureKind)
    types = {
        "surface": str,
        "value": number_type,
        "value_high": (*number_type, type(None)),
        "kind": str,
        "unit": text,
        "bound": text,
        "per": text,
        "denominator": (*number_type, type(None)),
    }
    for number, figure in _mentions(path, told, name, types):
        where = f"{path}: {name}[{number}] {figure['surface']!r}"
        if figure["kind"] not in kinds:
            raise DemoArticleInvalid(f"{where}: kind = {figure['kind']!r}: expected {' | '.join(kinds)}")
        if figure["kind"] == "money" and not re.fullmatch(r"[A-Z]{3}", figure["unit"] or ""):
            raise DemoArticleInvalid(f"{where}: unit = {figure['unit']!r}: expected VND, USD, …")
        if figure["value_high"] is not None and figure["value_high"] <= figure["value"]:
            raise DemoArticleInvalid(f"{where}: value_high = {figure['value_high']}: expected more than value")
    return tuple(TrueFigure(**figure) for figure in told[name])


def _mentions(
    path: Path, told: Mapping[str, Any], name: str, types: Mapping[str, Any]
) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield the numbered entries of one list of the truth file, each with exactly these fields of these types."""
    if not isinstance(told[name], list):
        raise DemoArticleInvalid(f"{path}: {name}: expected a list")
    for number, entry in enumerate(told[name]):
        if not isinstance(entry, dict) or entry.keys() != types.keys():
            raise DemoArticleInvalid(f"{path}: {name}[{number}]: expected exactly the fields {', '.join(types)}")
        for field, expected in types.items():
            if not isinstance(entry[field], expected) or isinstance(entry[field], bool):
                raise DemoArticleInvalid(f"{path}: {name}[{number}].{field} = {entry[field]!r}: wrong type")
        yield number, entry
