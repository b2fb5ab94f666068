"""Known misprints, mended on somebody's word (`pipeline/lexicon/corrections.toml`): what is printed, what is meant."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final

import tomli

from pipeline.figures.extraction import extract_figures
from pipeline.figures.plausibility import doubt
from pipeline.records import Figure, Sentence

FILE: Final = "pipeline/lexicon/corrections.toml"
KEYS: Final = ("site", "source_id", "printed", "meant", "says")
ArticleKey = tuple[str, str]


class CorrectionNotUnderstood(ValueError):
    """Corrections that cannot be applied; the message names the file, the entry and what is wrong."""


@dataclass(frozen=True, slots=True)
class Correction:
    """One misprint: the figure as printed, the figure that is meant, and who says so."""

    printed: str
    meant: Figure
    says: str

    def applied(self, figure: Figure) -> Figure:
        """Return the figure with what is meant in place of what is printed, which `printed_value` keeps."""
        meant = self.meant
        return figure._replace(
            value=meant.value,
            value_high=meant.value_high,
            denominator=meant.denominator,
            kind=meant.kind,
            unit=meant.unit,
            per=meant.per,
            doubt=doubt(meant.kind, meant.unit, meant.per, meant.value, meant.value_high, meant.denominator),
            printed_value=figure.value,
            correction=self.says,
        )


def corrected(
    figures: Iterable[Figure],
    site: str | None,
    source_id: str | None,
    known: Mapping[ArticleKey, tuple[Correction, ...]] | None = None,
) -> tuple[Figure, ...]:
    """Return the figures of an article with its known misprints mended.

    Args:
        site: the profile's name; an article without one has no corrections.
        source_id: the site's own number of the article.
        known: corrections by article, those that ship with the package if not given.
    """
    corrections = (corrections_at_hand() if known is None else known).get((site or "", source_id or ""), ())
    if not corrections:
        return tuple(figures)
    by_surface = {correction.printed: correction for correction in corrections}
    return tuple(
        by_surface[_spaced(figure.surface)].applied(figure) if _spaced(figure.surface) in by_surface else figure
        for figure in figures
    )


@cache
def corrections_at_hand() -> dict[ArticleKey, tuple[Correction, ...]]:
    """Return the corrections that ship with the package, by site and the site's own number of the article."""
    return read_corrections((files("pipeline") / "lexicon" / "corrections.toml").read_text(encoding="utf-8"))


def read_corrections(toml: str) -> dict[ArticleKey, tuple[Correction, ...]]:
    """Return the corrections of a TOML text, by article.

    Raises:
        CorrectionNotUnderstood: the text is no TOML or has other tables, an entry lacks a key or has another one, or
            its figure as printed or as meant is none.
    """
    found: dict[ArticleKey, tuple[Correction, ...]] = {}
    for number, entry in enumerate(_entries(toml), 1):
        if lacking := [key for key in KEYS if not isinstance(entry.get(key), str) or not entry[key].strip()]:
            raise CorrectionNotUnderstood(f"{FILE}, correction {number}: lacks {', '.join(lacking)} as a text")
        if others := set(entry) - set(KEYS):
            raise CorrectionNotUnderstood(f"{FILE}, correction {number}: has no use for {', '.join(sorted(others))}")
        key = (entry["site"], entry["source_id"])
        found[key] = (*found.get(key, ()), _of_entry(number, entry))
    return found


def _entries(toml: str) -> list[dict[str, Any]]:
    try:
        table = tomli.loads(toml)
    except tomli.TOMLDecodeError as error:
        raise CorrectionNotUnderstood(f"{FILE}: {error}; its first lines show an entry") from error
    found = table.pop("correction", [])
    if table or not isinstance(found, list):
        raise CorrectionNotUnderstood(
            f"{FILE}: {', '.join(sorted(table)) or 'correction'}: expected [[correction]] only"
        )
    return found


def _of_entry(number: int, entry: Mapping[str, Any]) -> Correction:
    _only_figure(number, "printed", entry["printed"])
    meant = _only_figure(number, "meant", entry["meant"])
    return Correction(_spaced(entry["printed"]), meant, entry["says"])


def _only_figure(number: int, name: str, written: str) -> Figure:
    """Return the figure that a text is; one with words around it, or more than one, is refused."""
    figures = extract_figures(written, [Sentence(0, 0, len(written), written, (), ())], ())
    if len(figures) != 1 or figures[0].surface != written.strip():
        raise CorrectionNotUnderstood(
            f"{FILE}, correction {number}: {name} {written!r} is not one figure with its unit"
        )
    return figures[0]


def _spaced(surface: str) -> str:
    """Return a surface with one plain space where any space is printed."""
    return " ".join(surface.split())
