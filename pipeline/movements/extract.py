"""Named movements of a text: names in quotes, names by their capitals, and names that everybody knows."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence

from pipeline.movements.heads import Head
from pipeline.movements.line import Line
from pipeline.movements.reader import Carried, Found, LineReader
from pipeline.movements.registry import Entry, Registry, load_registry
from pipeline.schema import Movement, MovementKind, Sentence


def extract_movements(text: str, sentences: Sequence[Sentence]) -> tuple[Movement, ...]:
    """Return every mention of a named movement, in reading order.

    `text[start:end] == surface`, without quotes and trigger word; no name crosses a line break. Back-references
    ("Phong trào này") and generic movements ("các phong trào thi đua yêu nước") are not mentions.
    """
    registry = load_registry()
    starts = [sentence.start for sentence in sentences]
    movements: list[Movement] = []
    carried = Carried()
    for start, end in _lines(text):
        line = Line.read(text, start, end, registry)
        reader = LineReader(line, registry, carried)
        for found in reader.found():
            number = sentences[max(0, bisect_right(starts, found.start) - 1)].number if sentences else 0
            movements.append(_movement(text, found, registry, number))
        carried = reader.carried()
    return tuple(movements)


def _lines(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for printed in text.split("\n"):
        if printed.strip():
            yield start, start + len(printed)
        start += len(printed) + 1


def _movement(text: str, found: Found, registry: Registry, sentence: int) -> Movement:
    surface = text[found.start : found.end]
    link = registry.link(surface)
    trigger = found.verdict.trigger
    return Movement(
        surface=surface,
        start=found.start,
        end=found.end,
        name=link.name,
        movement_id=link.movement_id,
        kind=_kind(trigger, link.entry),
        trigger=text[trigger.start : trigger.end] if trigger and trigger.word.role != "announcing" else None,
        sentence=sentence,
    )


def _kind(trigger: Head | None, entry: Entry | None) -> MovementKind:
    """The nearest trigger's kind; the registry's for a name known by itself."""
    if trigger is not None and trigger.word.role != "announcing" and trigger.word.kind is not None:
        return trigger.word.kind
    return entry.kind if entry is not None else "khac"
