"""How the results of `congdoan eval` are shown: a table for a person, a record for a program."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from rich.table import Table

from pipeline.evaluate import Score
from pipeline.evaluate.fields import FIELDS
from pipeline.evaluate.gold import TOTAL, GoldScore
from pipeline.evaluate.pages import ReaderResult, Totals

_NONE = "–"  # a field that a reader does not give, or that is judged on none of the pages


def pages_table(results: Sequence[ReaderResult]) -> Table:
    """Return one table: all pages first, then by site; in each, a row a reader."""
    table = Table(title="Pages: body by 4-grams of syllables, fields as shares of pages that are right")
    for name in ("site", "extractor", "pages", "body P", "body R", "body F1", *FIELDS, "captions F1", "pages/CPU s"):
        table.add_column(name, justify="left" if name in ("site", "extractor") else "right")
    for group in results[0].groups:
        for number, result in enumerate(results):
            totals = result.groups[group]
            speed = result.pages_per_cpu_second if group == "all" else None
            table.add_row(
                group if number == 0 else "",
                result.name,
                str(totals.pages),
                *(f"{value:.3f}" for value in (totals.precision, totals.recall, totals.f1)),
                *(_share(totals, name) for name in FIELDS),
                _captions(totals.captions),
                f"{speed:.0f}" if speed else "",
                end_section=number == len(results) - 1,
            )
    return table


def pages_record(results: Sequence[ReaderResult], absent: Sequence[str], misses: bool) -> dict[str, Any]:
    """Return what the table shows, and more digits, as plain data."""
    readers = {
        result.name: {
            "version": result.version,
            "pages_per_cpu_second": result.pages_per_cpu_second,
            "groups": {group: _totals_record(totals) for group, totals in result.groups.items()},
            **({"misses": [asdict(miss) for miss in result.misses]} if misses else {}),
        }
        for result in results
    }
    return {"readers": readers, "not_installed": list(absent)}


def gold_table(path: str, part: str, score: GoldScore) -> Table:
    """Return a table of one part of a file of marked texts: a row a kind, and one for all."""
    table = Table(title=f"{path}: {part} of {score.texts} texts", caption=_caption(part, score))
    table.add_column("kind")
    for name in ("hits", "missed", "false", "precision", "recall", "F1"):
        table.add_column(name, justify="right")
    if part == "figures":
        table.add_column("units right", justify="right")
    for kind, reached in score.kinds[part].items():
        counts = (reached.hits, len(reached.missed), len(reached.false))
        shares = (reached.precision, reached.recall, reached.f1)
        units = [_units(score, kind)] if part == "figures" else []
        table.add_row(kind, *map(str, counts), *(f"{share:.3f}" for share in shares), *units)
    return table


def traps_table(path: str, score: GoldScore) -> Table:
    """Return a table of the marked non-figures by the reason that they are none."""
    table = Table(title=f"{path}: what is no figure, in {score.texts} texts")
    table.add_column("why")
    for name in ("marked", "taken for figures"):
        table.add_column(name, justify="right")
    for why, traps in (*score.traps.items(), ("all", score.all_traps)):
        table.add_row(why, str(traps.of), str(len(traps.fallen_into)))
    return table


def gold_record(score: GoldScore, parts: Sequence[str], misses: bool) -> dict[str, Any]:
    """Return what the tables of a file show, as plain data."""
    record: dict[str, Any] = {"texts": score.texts, "refused": list(score.refused)}
    for part in parts:
        record[part] = {kind: _score_record(reached, misses) for kind, reached in score.kinds[part].items()}
    if "figures" in parts:
        right, of = score.all_units
        record["unit_accuracy"] = round(right / max(1, of), 4)
        record["traps"] = {
            "fallen_into": len(score.all_traps.fallen_into),
            "of": score.all_traps.of,
            "by_reason": {why: {"fallen_into": len(t.fallen_into), "of": t.of} for why, t in score.traps.items()},
        }
    return record


def _caption(part: str, score: GoldScore) -> str | None:
    if part != "figures":
        return None
    right, of = score.all_units
    traps = f"traps fallen into: {len(score.all_traps.fallen_into)} of {score.all_traps.of}"
    return f"units right: {right} of {of}; {traps}"


def _units(score: GoldScore, kind: str) -> str:
    right, of = score.units.get(kind, (0, 0)) if kind != TOTAL else score.all_units
    return f"{right} of {of}" if of else _NONE


def _share(totals: Totals, name: str) -> str:
    if name not in totals.fields:
        return _NONE
    right, judged = totals.fields[name]
    return f"{right / judged:.1%}" if judged != right else "100%"


def _captions(score: Score) -> str:
    return f"{score.f1:.3f}" if score.hits or score.missed or score.false else _NONE


def _totals_record(totals: Totals) -> dict[str, Any]:
    return {
        "pages": totals.pages,
        "refused": totals.refused,
        "body": {name: round(getattr(totals, name), 4) for name in ("precision", "recall", "f1")},
        **{name: {"right": right, "of": judged} for name, (right, judged) in totals.fields.items()},
        "captions": _score_record(totals.captions, misses=False),
    }


def _score_record(score: Score, misses: bool) -> dict[str, Any]:
    record: dict[str, Any] = {
        "hits": score.hits,
        "missed": len(score.missed),
        "false": len(score.false),
        **{name: round(getattr(score, name), 4) for name in ("precision", "recall", "f1")},
    }
    return record | ({"missed_marks": score.missed, "false_marks": score.false} if misses else {})
