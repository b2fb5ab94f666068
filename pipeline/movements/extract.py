"""Named movements of a text: names in quotes, names by their capitals, and names that everybody knows."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from pipeline.movements.candidates import NO_TRIGGER, NOTHING, Bare, Found
from pipeline.movements.composed import Composed
from pipeline.movements.heads import Head
from pipeline.movements.line import Line
from pipeline.movements.lost_quotes import with_whole_quotes
from pipeline.movements.reader import LineReader
from pipeline.movements.references import Antecedents, Reference
from pipeline.movements.registry import Entry, Registry, load_registry
from pipeline.movements.unquoted import MIN_COMMON_SYLLABLES, common_name
from pipeline.records import BackReference, Movement, MovementKind, Sentence
from pipeline.syllables import Spelt

MIN_PRINTINGS = 2  # of a name without quotes that end a doubt; more of them correct an end


@dataclass(frozen=True, slots=True)
class RefusedName:
    """A candidate of a text that is no movement, and why; offsets count in the text."""

    surface: str
    start: int
    end: int
    reason: str


@dataclass(frozen=True, slots=True)
class MovementReading:
    """All that was read about movements in a text, each in reading order."""

    movements: tuple[Movement, ...]
    back_references: tuple[BackReference, ...]
    refused: tuple[RefusedName, ...]


def extract_movements(text: str, sentences: Sequence[Sentence]) -> tuple[Movement, ...]:
    """Return every mention of a named movement, in reading order.

    `text[start:end] == surface`, without quotes and trigger word; no name crosses a line break. Back-references
    ("Phong trào này") and generic movements ("các phong trào thi đua yêu nước") are not mentions.
    """
    return read_movements(text, sentences).movements


def read_movements(
    text: str, sentences: Sequence[Sentence], registry: Registry | None = None, spelt: Spelt | None = None
) -> MovementReading:
    """Return the movements of a text, what refers back to them, and what was refused with the reason.

    The text may be in NFC or NFD; offsets count in it as it was given.

    Args:
        registry: another than the package's.
        spelt: the text, where others read its syllables too.
    """
    reader = _TextReader(spelt or Spelt(text), sentences, load_registry() if registry is None else registry)
    reader.read()
    return MovementReading(
        tuple(reader.movements),
        tuple(reader.back_references),
        tuple(sorted(reader.refused, key=lambda name: name.start)),
    )


class _TextReader:
    """Reads a text line by line and turns what is found into records."""

    def __init__(self, given: Spelt, sentences: Sequence[Sentence], registry: Registry) -> None:
        self._given = given.text
        self._composed = Composed.of(given.text)
        self._spelt = given if self._composed.text is given.text else Spelt(self._composed.text)
        self._sentences = sentences
        self._starts = [sentence.start for sentence in sentences]
        self._registry = registry
        self.movements: list[Movement] = []
        self.back_references: list[BackReference] = []
        self.refused: list[RefusedName] = []

    def read(self) -> None:
        antecedents, carried = Antecedents(), NOTHING
        bare: list[Bare] = []
        untold: list[Found] = []
        for start, end in _lines(self._composed.text):
            line = with_whole_quotes(Line.read(self._spelt, start, end), self._registry)
            reader = LineReader(line, self._registry, carried)
            candidates = reader.found()
            carried = reader.carried()
            named = [found for found in candidates if found.is_movement]
            self.movements.extend(map(self._movement, named))
            for reference in antecedents.read(line, named):
                self._refer(reference)
            bare.extend(reader.bare)
            untold.extend(found for found in candidates if found.refusal == NO_TRIGGER)
            starts = [found.start for found in named]
            for found in candidates:
                if found.refusal is not None and not _overlaps(found, named, starts):
                    self._refuse(found.start, found.end, found.refusal)
        self._repeated(bare)
        self._named_elsewhere(untold)
        self._cut_off()

    def _repeated(self, bare: Sequence[Bare]) -> None:
        """Take the names without quotes whose end only other printings tell: what all of them share."""
        alike: dict[tuple[str, ...], list[Bare]] = {}
        for name in bare:
            key = tuple(name.line.syllables.keys[name.first : name.first + MIN_COMMON_SYLLABLES])
            alike.setdefault(key, []).append(name)
        taken: dict[int, Movement] = {}
        for names in alike.values():
            places = common_name([(name.line, name.first) for name in names]) if len(names) > 1 else ()
            for name, (start, end) in zip(names, places, strict=False):
                # two printings may be of two names; a third says which end is the name's
                if name.end is None or (name.end != end and len(names) > MIN_PRINTINGS):
                    movement = self._movement(Found(start, end, start, end, name.verdict, None))
                    taken[movement.start] = movement
        self._take(taken)

    def _named_elsewhere(self, untold: Sequence[Found]) -> None:
        """Take the quoted names that only miss a trigger, where the text names the same movement with one."""
        named = {movement.movement_id for movement in self.movements}
        movements = (self._movement(found._replace(refusal=None)) for found in untold) if named else ()
        self._take({movement.start: movement for movement in movements if movement.movement_id in named})

    def _take(self, movements: Mapping[int, Movement]) -> None:
        """Put movements, by their starts, in the places of what was read or refused there."""
        if movements:
            stay = [movement for movement in self.movements if movement.start not in movements]
            self.movements = sorted([*stay, *movements.values()], key=lambda movement: movement.start)
            self.refused = [refused for refused in self.refused if refused.start not in movements]

    def _cut_off(self) -> None:
        """Refuse what a line breaks off (“Trung thành, sá) of a name that the text prints whole elsewhere."""
        whole = sorted({movement.surface.casefold() for movement in self.movements})
        stay: list[Movement] = []
        for movement in self.movements:
            begun = movement.surface.casefold()
            index = bisect_right(whole, begun)
            after = whole[index : index + 1]
            ends_line = self._given[movement.end : movement.end + 1] in ("", "\n")
            if ends_line and after and after[0].startswith(begun) and self._registry.find(movement.surface) is None:
                self.refused.append(RefusedName(movement.surface, movement.start, movement.end, "cut off"))
            else:
                stay.append(movement)
        self.movements = stay

    def _movement(self, found: Found) -> Movement:
        start, end = self._composed.span(found.start, found.end)
        link = self._registry.link(self._composed.text[found.start : found.end])
        trigger = found.verdict.trigger
        return Movement(
            surface=self._given[start:end],
            start=start,
            end=end,
            name=link.name,
            movement_id=link.movement_id,
            kind=_kind(trigger, link.entry),
            trigger=self._printed(trigger) if trigger and trigger.word.role != "announcing" else None,
            sentence=self._number(start),
        )

    def _refer(self, reference: Reference) -> None:
        if reference.found is None:
            self._refuse(reference.start, reference.end, reference.refusal or "no name before")
            return
        start, end = self._composed.span(reference.start, reference.end)
        named = self._movement(reference.found)
        self.back_references.append(
            BackReference(
                surface=self._given[start:end],
                start=start,
                end=end,
                name=named.name,
                movement_id=named.movement_id,
                kind=named.kind,
                named_at=named.start,
                sentence=self._number(start),
            )
        )

    def _refuse(self, start: int, end: int, reason: str) -> None:
        first, last = self._composed.span(start, end)
        self.refused.append(RefusedName(self._given[first:last], first, last, reason))

    def _printed(self, head: Head) -> str:
        start, end = self._composed.span(head.start, head.end)
        return self._given[start:end]

    def _number(self, start: int) -> int:
        sentences = self._sentences
        return sentences[max(0, bisect_right(self._starts, start) - 1)].number if sentences else 0


def _lines(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for printed in text.split("\n"):
        if printed.strip():
            yield start, start + len(printed)
        start += len(printed) + 1


def _overlaps(found: Found, named: Sequence[Found], starts: Sequence[int]) -> bool:
    """Say whether a candidate shares characters with one of the names, which are in order and apart."""
    last = bisect_left(starts, found.end) - 1
    return last >= 0 and named[last].end > found.start


def _kind(trigger: Head | None, entry: Entry | None) -> MovementKind:
    """The nearest trigger's kind; the registry's for a name known by itself, or only announced ("thi đua “…”")."""
    if trigger is None or trigger.word.kind is None:
        return entry.kind if entry is not None else "khac"
    if trigger.word.role == "announcing" and entry is not None:
        return entry.kind
    return trigger.word.kind
