"""Which movement, organisation, place and period a figure is reported for: rules that look at its own sentence only."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from pipeline.entities import named_bodies_and_areas
from pipeline.schema import Movement, Sentence

_YEAR: Final = r"(?:19|20)[0-9]{2}"
_PERIOD: Final = re.compile(
    rf"""(?<!\w)(?<!sinh[ ])(?i:
    (?:nhiệm[ ]kỳ|giai[ ]đoạn|năm[ ]học|thời[ ]kỳ|chặng|kỳ)[ ]{_YEAR}[ ]?[-–][ ]?{_YEAR}
    |(?:[0-9]{{1,2}}[ ]tháng|nửa|quý[ ][IVX0-9]{{1,3}})(?:[ ](?:đầu|cuối)[ ]năm)?[ ,/]{{0,2}}(?:năm[ ])?{_YEAR}
    |[0-9]{{1,2}}[ ]tháng[ ](?:đầu|cuối)[ ]năm
    |tháng[ ][0-9]{{1,2}}(?:[ ]?[/-][ ]?{_YEAR}|[ ]năm[ ]{_YEAR})
    |quý[ ](?:[IVX]{{1,3}}|[1-4])
    |năm[ ]{_YEAR}(?:[ ]?[-–][ ]?{_YEAR})?
    |[0-9]{{1,2}}[ ]năm[ ]qua
    |năm[ ](?:qua|nay|ngoái)
    |nhiệm[ ]kỳ[ ]qua
    )(?!\w)""",
    re.VERBOSE,
)
_LINKING: Final = re.compile(
    r"(?:trong|từ|hưởng ứng|thuộc|thực hiện|tham gia|qua|của)(?: khuôn khổ)?"
    r"(?: các| phong trào| cuộc vận động| chương trình| thi đua){0,3}\s*[\"“'‘]?$"
)
CLAUSE_END: Final = re.compile(";")
LINK_CHARACTERS: Final = 60  # how far back the linking word before a movement is looked for


@dataclass(frozen=True, slots=True)
class Attribution:
    """What one figure is reported for; None where its sentence does not say. All but `movement_id` as printed."""

    movement_id: str | None
    organisation: str | None
    place: str | None
    period: str | None


@dataclass(frozen=True, slots=True)
class Mentions:
    """The mentions of one kind in a sentence, in reading order; `starts` and `ends` count in the article's text.

    `same` says how many of them, from the first on, have the first one's name.
    """

    starts: tuple[int, ...]
    ends: tuple[int, ...]
    names: tuple[str, ...]
    same: int

    @classmethod
    def of(cls, mentions: Iterable[tuple[int, int, str]]) -> Mentions:
        rows = sorted(mentions)
        names = tuple(row[2] for row in rows)
        same = next((index for index, name in enumerate(names) if name != names[0]), len(names))
        return cls(tuple(row[0] for row in rows), tuple(row[1] for row in rows), names, same)

    def before(self, start: int) -> int:
        """Return how many mentions end at or before a place."""
        return bisect_right(self.ends, start)

    def within(self, start: int, end: int) -> tuple[str, ...]:
        return self.names[bisect_left(self.starts, start) : bisect_right(self.ends, end)]


class SentenceAttribution:
    """The rules for one sentence, its mentions looked up once: `of(start, end)` answers for one figure."""

    def __init__(self, text: str, sentence: Sentence, movements: Sequence[Movement]) -> None:
        """`movements` are the sentence's own; nothing outside the sentence is looked at."""
        self._text = text
        self._movements = Mentions.of((m.start, m.end, m.movement_id) for m in movements)
        self._clause_ends = [sentence.start, *self._places(CLAUSE_END, sentence).ends, sentence.end]
        bodies, areas = named_bodies_and_areas(text, sentence.start, sentence.end)
        self._organisations = Mentions.of((start, end, text[start:end]) for start, end in bodies)
        self._areas = Mentions.of((start, end, text[start:end]) for start, end in areas)
        self._periods = self._places(_PERIOD, sentence)

    def of(self, start: int, end: int) -> Attribution:
        """Return what the figure text[start:end] is reported for."""
        return Attribution(
            movement_id=self._movement(start, end),
            organisation=self._last_before(self._organisations, start),
            place=self._only(self._areas) or self._last_before(self._areas, start),
            period=self._only(self._periods) or self._last_before(self._periods, start),
        )

    def _places(self, pattern: re.Pattern[str], sentence: Sentence) -> Mentions:
        found = pattern.finditer(self._text, sentence.start, sentence.end)
        return Mentions.of((*match.span(), match.group()) for match in found)

    def _clause(self, start: int) -> tuple[int, int]:
        at = bisect_right(self._clause_ends, start)
        return self._clause_ends[at - 1], self._clause_ends[min(at, len(self._clause_ends) - 1)]

    def _movement(self, start: int, end: int) -> str | None:
        """Return the only movement named before the figure in its clause, or the only one linked to it after it."""
        clause_start, clause_end = self._clause(start)
        before = set(self._movements.within(clause_start, start))
        if before:
            return before.pop() if len(before) == 1 else None
        after = set(self._movements.within(end, clause_end))
        if len(after) != 1:
            return None
        first = self._movements.starts[bisect_left(self._movements.starts, end)]
        linked = _LINKING.search(self._text[max(end, first - LINK_CHARACTERS) : first])
        return after.pop() if linked else None

    def _only(self, mentions: Mentions) -> str | None:
        """Return the name that all mentions of the sentence share."""
        return mentions.names[0] if mentions.names and mentions.same == len(mentions.names) else None

    def _last_before(self, mentions: Mentions, start: int) -> str | None:
        """Return the nearest mention before the figure in its clause, or the only one before it in the sentence.

        What follows a sum is who gets it, so a mention after the figure does not count.
        """
        count = mentions.before(start)
        if not count:
            return None
        in_clause = mentions.starts[count - 1] >= self._clause(start)[0]
        return mentions.names[count - 1] if in_clause or count <= mentions.same else None
