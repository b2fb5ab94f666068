"""What the reading of a line finds: candidates for names of movements, and what a line leaves to the next."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from pipeline.movements.line import Line
from pipeline.movements.registry import Entry
from pipeline.movements.verdict import SILENT, Verdict

NO_TRIGGER = "no trigger"  # the refusal of a quoted name that lacks nothing else


@dataclass(frozen=True, slots=True)
class Carried:
    """A trigger that announced names on the lines after it, and whether these lines bear list signs ("-", "1.").

    `direct`: it announced them so clearly that they need no quotes.
    """

    verdict: Verdict = SILENT
    signed: bool | None = None
    direct: bool = False


NOTHING = Carried()


class Found(NamedTuple):
    """A candidate in a line; outer_start and outer_end take in its quotes. It is a movement unless it has a refusal."""

    start: int
    end: int
    outer_start: int
    outer_end: int
    verdict: Verdict
    entry: Entry | None
    refusal: str | None = None

    @property
    def is_movement(self) -> bool:
        return self.refusal is None


class Bare(NamedTuple):
    """A name without quotes after its trigger; `first` is its first syllable's index, `end` where it surely ends."""

    line: Line
    first: int
    verdict: Verdict
    end: int | None
