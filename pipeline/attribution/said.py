"""What one sentence says: its organisations, areas and periods, where they stand and under which name."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from pipeline.attribution.actors import acts, is_of_all_the_country, says_what_a_law_says
from pipeline.attribution.areas import area_spans, areas_of, name_parts
from pipeline.attribution.marks import Marked
from pipeline.attribution.mentions import NONE, TIERS, Mentions, Named
from pipeline.attribution.periods import is_timed, period_spans
from pipeline.attribution.subjects import levels_in, short_bodies
from pipeline.records import BackReference, Entity, Movement, Sentence

CLAUSE_END: Final = ";"
_ALL_LEVELS: Final = re.compile(r"\bcác cấp\s$", re.IGNORECASE)  # "các cấp | Công đoàn TP Hà Nội" act together
ALL_LEVELS_CHARACTERS: Final = 9
# "Quỹ Vì người nghèo": every province, district and commune has one
_ANY_FUND: Final = re.compile(r"(?:Ban vận động )?Quỹ \w+(?: [^\W\dA-ZĐ]\w*){1,8}")


class Said(NamedTuple):
    """One sentence, looked through once; nothing outside the sentence is looked at.

    `others` are the names of all organisations but funds of which the article says whose they are, also where they do
    not act; `names` is where bodies, persons and areas are named: words there say nothing else ("Trường ĐH Xây dựng").
    `levels`: all levels of a union that act together, whoever they are. `law`: it tells what a law says. `elsewhere`:
    of areas it only names those where persons live. `nationwide`: it speaks of all the country. `timed`: it opens with
    a time of its own, be it a period or not.
    """

    start: int
    end: int
    clause_ends: tuple[int, ...]
    organisations: Mentions
    levels: Mentions
    areas: Mentions
    periods: Mentions
    movements: Mentions
    others: frozenset[str]
    names: tuple[tuple[int, int], ...]
    law: bool
    elsewhere: bool
    nationwide: bool
    timed: bool

    @classmethod
    def read(
        cls, text: str, small: str, sentence: Sentence, movements: Sequence[Movement | BackReference], marked: Marked
    ) -> Said:
        """Read a sentence that has its entities; most sentences have little of what is looked for.

        Args:
            small: the text in small letters.
            movements: those of the sentence.
            marked: the sentences of the text in which there may be anything of a kind.
        """
        start, end, entities = sentence.start, sentence.end, sentence.entities
        known = {entity.start: entity for entity in entities if entity.label in ("ORG", "LOC")}
        bodies = [one for one in known.values() if one.label == "ORG"]
        short = dict(short_bodies(small, start, end)) if start in marked.short else {}
        areas = Mentions.of(areas_of(text, sentence)) if entities else NONE
        return cls(
            start,
            end,
            (start, *_clause_ends(text, sentence), end),
            Mentions.of(_organisations(text, small, sentence, bodies, short)) if bodies or short else NONE,
            Mentions.of(_levels(text, small, sentence)) if start in marked.levels else NONE,
            areas,
            Mentions.of(_periods(text, small, sentence)) if start in marked.periods else NONE,
            Mentions.of(Named(m.start, m.end, m.surface, m.movement_id) for m in movements) if movements else NONE,
            frozenset(one.name for one in bodies if one.name and is_told(one.name) and one.kind != "fund"),
            tuple([(one.start, one.end) for one in entities]),
            start in marked.laws and says_what_a_law_says(small, start, end),
            not areas.all and any(area_spans(entity) for entity in entities),
            start in marked.countries and is_of_all_the_country(small, start, end),
            is_timed(small, start, end),
        )

    def clause(self, start: int) -> tuple[int, int]:
        """Return where the clause of a place begins and ends: semicolons part clauses."""
        if len(self.clause_ends) == 2 and start < self.end:  # as in most sentences
            return self.start, self.end
        at = bisect_right(self.clause_ends, start)
        return self.clause_ends[at - 1], self.clause_ends[min(at, len(self.clause_ends) - 1)]

    def in_movement(self, at: int) -> bool:
        """Whether a place is inside a movement's name."""
        count = bisect_right(self.movements.starts, at)
        return bool(count) and at < self.movements.all[count - 1].end

    def in_name(self, at: int) -> bool:
        """Whether a place is inside the name of a body, a person or an area."""
        count = bisect_right(self.names, (at, self.end))
        return bool(count) and at < self.names[count - 1][1]

    def last_before(self, mentions: Mentions, start: int) -> Named | None:
        """Return the nearest mention before a place in its clause, or the only one before it in the sentence.

        What follows a sum is who gets it, so a mention after the place does not count.
        """
        count = mentions.before(start)
        if not count:
            return None
        in_clause = mentions.starts[count - 1] >= self.clause(start)[0]
        return mentions.all[count - 1] if in_clause else mentions.only_within(self.start, start)


def is_told(name: str | None) -> bool:
    """Whether a name says whose body it is: not "Liên đoàn Lao động tỉnh", of a text that names two provinces."""
    return name is not None and not name.casefold().endswith(TIERS)


def _is_whole(body: Entity) -> bool:
    """Whether an organisation is named in full, or told in full by the article."""
    if body.kind == "fund" and _ANY_FUND.fullmatch(body.name or body.text):
        return False
    told = is_told(body.name) and bool(body.province_63 or body.province_34)
    return told or name_parts(body.text)[0]


def _clause_ends(text: str, sentence: Sentence) -> Iterator[int]:
    """Yield where the clauses of a sentence end that others follow."""
    at = text.find(CLAUSE_END, sentence.start, sentence.end)
    while at >= 0:
        yield at + 1
        at = text.find(CLAUSE_END, at + 1, sentence.end)


def _organisations(
    text: str, small: str, sentence: Sentence, bodies: Sequence[Entity], short: Mapping[int, int]
) -> Iterator[Named]:
    """Return those of the bodies that act in a sentence or report; `short` are unions called by their kind alone."""
    by_start = {one.start: one for one in bodies}
    spans = {**short, **{one.start: one.end for one in bodies}}
    for start, end in acts(text, small, sentence, sorted(spans.items())):
        if start not in by_start:
            yield Named(start, end, text[start:end], small[start:end], kind="union", told=False)
            continue
        body = by_start[start]
        together = _ALL_LEVELS.search(text, max(sentence.start, start - ALL_LEVELS_CHARACTERS), start)
        start = together.start() if together else start
        printed = text[start:end]
        codes = body.province_63, body.province_34
        if len(bodies) > 1 and printed == body.text and not is_told(printed):
            printed = _fullest(body, bodies)
        yield Named(start, end, printed, body.name or printed, *codes, kind=body.kind, told=_is_whole(body))


def _fullest(body: Entity, bodies: Sequence[Entity]) -> str:
    """Return the longest print of a body in its sentence: "UBND tỉnh" beside "UBND tỉnh Hà Trung"."""
    if not is_told(body.name):
        return body.text
    return max((one.text for one in bodies if one.name == body.name), key=len)


def _levels(text: str, small: str, sentence: Sentence) -> Iterator[Named]:
    """Return "các cấp công đoàn", which no canonical name has."""
    for start, end in levels_in(small, sentence.start, sentence.end):
        yield Named(start, end, text[start:end], text[start:end].casefold(), told=False)


def _periods(text: str, small: str, sentence: Sentence) -> Iterator[Named]:
    for start, end in period_spans(text, small, sentence.start, sentence.end):
        yield Named(start, end, text[start:end], text[start:end])
