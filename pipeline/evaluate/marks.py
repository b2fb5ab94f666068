"""What counts as a found movement and a found figure; the same as in the score of the hand-marked texts.

A movement is a hit when its surface is the marked one but for case, quotes, dashes, commas and spaces; each distinct
name counts once a text. A figure is a hit when value, value_high and kind agree; each occurrence counts. Marks that
are optional, have no kind, or stand in a caption or byline are open: finding them is neither a hit nor false.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pipeline.evaluate.scores import NOTHING, Score, compare

Mark = Mapping[str, Any]
FigureKey = tuple[float, float | None, str]

_NOT_IN_A_KEY = re.compile(r"[\"“”‘’'«»,.;:!–—\-\s]+")
_NOT_ARTICLE = ("caption", "meta")
_KINDS = {"phong trào": "phong_trao", "cuộc vận động": "cuoc_van_dong", "chương trình": "chuong_trinh"}
_KNOWN_KINDS = (*_KINDS.values(), "khac")
_OWN_WORDS = 2  # syllables of a longer counted phrase that are enough for its unit


def is_open(mark: Mark) -> bool:
    """Whether a mark is neither hit nor miss."""
    return bool(mark.get("optional")) or "kind" not in mark or mark.get("region") in _NOT_ARTICLE


def score_movements(marked: Iterable[Mark], found: Iterable[Mark], neutral: Iterable[Mark] = ()) -> Score:
    """Compare the movements of one text; each distinct name counts once."""
    kinds = movements_by_kind(marked, found, neutral)
    return sum(kinds.values(), NOTHING)


def movements_by_kind(marked: Iterable[Mark], found: Iterable[Mark], neutral: Iterable[Mark] = ()) -> dict[str, Score]:
    """Compare by kind: a hit and a miss are of the marked kind, a false hit of the kind it was found as."""
    marks = [*marked]
    required = {name_key(mark["surface"]): _movement_kind(mark) for mark in marks if not is_open(mark)}
    allowed = {name_key(mark["surface"]) for mark in (*neutral, *filter(is_open, marks))}
    got = {name_key(mark["surface"]): _movement_kind(mark) for mark in found}
    keys = {key: kind for key, kind in got.items() if key in required or key not in allowed}
    return {
        kind: compare(
            [key for key, of in required.items() if of == kind],
            [key for key, of in keys.items() if required.get(key, of) == kind],
        )
        for kind in sorted({*required.values(), *(required.get(key, of) for key, of in keys.items())})
    }


def score_figures(marked: Iterable[Mark], found: Iterable[Mark], neutral: Iterable[Mark] = ()) -> Score:
    """Compare the figures of one text; each occurrence counts."""
    return sum(figures_by_kind(marked, found, neutral).values(), NOTHING)


def figures_by_kind(marked: Iterable[Mark], found: Iterable[Mark], neutral: Iterable[Mark] = ()) -> dict[str, Score]:
    """Compare by kind. A found figure with the digits of an open mark is not false."""
    marks, got = [*marked], [*found]
    want = [figure_key(mark) for mark in marks if not is_open(mark)]
    excused = {_digits(mark["surface"]) for mark in (*neutral, *marks) if is_open(mark)}
    extra = Counter(map(figure_key, got)) - Counter(want)
    false = [key for key, mark in _extras(got, extra) if _digits(mark.get("surface", "")) not in excused]
    hit = (Counter(want) & Counter(map(figure_key, got))).elements()
    keys = [*hit, *false]
    return {
        kind: compare([key for key in want if key[2] == kind], [key for key in keys if key[2] == kind], repr)
        for kind in sorted({key[2] for key in (*want, *keys)})
    }


def right_units(marked: Iterable[Mark], found: Iterable[Mark]) -> dict[str, tuple[int, int]]:
    """Return by kind how many of the figures found have the marked unit, and of how many."""
    units: dict[FigureKey, list[str]] = {}
    for mark in found:
        units.setdefault(figure_key(mark), []).append(name_key(mark.get("unit") or ""))
    counts: dict[str, tuple[int, int]] = {}
    for mark in marked:
        if is_open(mark) or figure_key(mark) not in units:
            continue
        is_right = any(_same_unit(unit, name_key(mark["unit"] or "")) for unit in units[figure_key(mark)])
        right, of = counts.get(mark["kind"], (0, 0))
        counts[mark["kind"]] = (right + is_right, of + 1)
    return counts


def name_key(surface: str) -> str:
    """Return a name without what does not make another name of it."""
    return " ".join(_NOT_IN_A_KEY.sub(" ", unicodedata.normalize("NFC", surface).casefold()).split())


def figure_key(mark: Mark) -> FigureKey:
    high = mark.get("value_high")
    return round(float(mark["value"]), 6), None if high is None else round(float(high), 6), mark["kind"]


def _extras(found: list[Mark], extra: Counter[FigureKey]) -> Iterator[tuple[FigureKey, Mark]]:
    """Yield the figures found more often than marked, the first occurrences."""
    left = Counter(extra)
    for mark in found:
        key = figure_key(mark)
        if left[key] > 0:
            left[key] -= 1
            yield key, mark


def _movement_kind(mark: Mark) -> str:
    """Return the kind as the tables name it; a kind of the marked texts that they have not is "khac"."""
    kind = str(mark.get("kind", "khac"))
    return kind if kind in _KNOWN_KINDS else _KINDS.get(kind, "khac")


def _same_unit(got: str, want: str) -> bool:
    return got == want or (len(got.split()) >= _OWN_WORDS and want.startswith(got + " "))


def _digits(surface: str) -> str:
    return re.sub(r"\D", "", surface)
