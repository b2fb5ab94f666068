"""What one sentence says: its organisations, areas and periods, where they stand and under which name."""

from __future__ import annotations

import functools
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from pipeline.attribution.actors import acts, is_cut, is_of_all_the_country, says_what_a_law_says
from pipeline.attribution.periods import is_timed, period_spans
from pipeline.attribution.subjects import levels_in
from pipeline.entities import named_bodies_and_areas
from pipeline.places import province_codes
from pipeline.records import BackReference, Entity, Movement, Sentence

CLAUSE_END: Final = ";"
# where a person comes from or lives is not where anything is reported for: "chị Mai, quê ở xã Lam Sa"
_HOME: Final = re.compile(
    r"\b(?:quê|quê ở|quê quán|quê gốc|trú tại|trú ở|ngụ|ngụ tại|thợ \w{1,8} ở|sống ở)\s$", re.IGNORECASE
)
HOME_CHARACTERS: Final = 44
# "quê Khe Bạc (Hà Trung)", where no gazetteer knows Khe Bạc
_FROM: Final = re.compile(r"\b(?:quê|trú|ngụ)(?:\s[^\W\d_]{1,8}){1,4}(?:,\s|\s\()$")
_AGED: Final = re.compile(r"\btuổi,(?: [^(),;]{1,30},)? ở\s$")  # "(35 tuổi, ở Hà Tĩnh)"
AGED_CHARACTERS: Final = 48
_WIDER: Final = re.compile(r",?\s\(?")  # between an area and the wider one: "Khe Bạc (Hà Trung)"
# "Khe Bạc, Nậm Tra và | xã Lam Sa": the last one of a list whose others no gazetteer knows
_ALSO: Final = re.compile(r"[A-ZĐ][^\W\d_]{0,7}(?P<end>) và\s$")
ALSO_CHARACTERS: Final = 13
# "tại TP HCM và các tỉnh lân cận" is no one place
_AND_OTHERS: Final = re.compile(
    r"(?:,| và)\s(?:các|một số|nhiều|những) (?:tỉnh|thành phố|huyện|quận|địa phương|vùng)\b"
)
_AT: Final = re.compile(r"\b(?:tại|ở)\s$", re.IGNORECASE)
AT_CHARACTERS: Final = 5
_ALL_LEVELS: Final = re.compile(r"\bcác cấp\s$", re.IGNORECASE)  # "các cấp | Công đoàn TP Hà Nội" act together
ALL_LEVELS_CHARACTERS: Final = 9
# the end of a name that only a fuller text would tell whose it is: "Liên đoàn Lao động tỉnh"
_TIERS: Final = ("tỉnh", "huyện", "quận", "thị xã", "thành phố", "xã", "phường", "thị trấn")
# "Quỹ Vì người nghèo": every province, district and commune has one
_ANY_FUND: Final = re.compile(r"(?:Ban vận động )?Quỹ \w+(?: [^\W\dA-ZĐ]\w*){1,8}")
# "Công ty Điện lực Hà Trung", "Công đoàn Công ty Môi trường đô thị TP Hà Trung": an area in what a company is called
_COMPANY: Final = re.compile(r"\b(?:công ty|cty|tập đoàn|điện lực)\b", re.IGNORECASE)
_AREA_LEVELS: Final = ("province", "district", "commune")
_COMMUNES: Final = ("xã ", "phường ", "thị trấn ")


@dataclass(frozen=True, slots=True)
class Named:
    """An organisation, area or period as a sentence prints it; `name` is the canonical name of the first two.

    The codes are those of the province, before and since July 2025, where they are known. `venue`: an area where
    something takes place ("tại Hà Nội"), which is not always what is spoken of, `around`: a wider one. `told`: the
    article says whose body it is; "LĐLĐ tỉnh" in a text that names no province has no name that another could share.
    """

    start: int
    end: int
    text: str
    name: str
    province_63: str | None = None
    province_34: str | None = None
    kind: str | None = None
    venue: bool = False
    around: bool = False
    told: bool = True

    @property
    def is_commune(self) -> bool:
        """Whether it is an area of the lowest tier."""
        return self.text.casefold().startswith(_COMMUNES)

    def is_brand(self, firms: Iterable[str]) -> bool:
        """Whether it is what one of the firms is called: "Công đoàn Than Hạ Sơn" beside "Công ty Than Hạ Sơn"."""
        if self.text.casefold().startswith(_TIERS) or province_codes(self.text, None)[1]:
            return False
        return any(firm.endswith(f" {self.text}") for firm in firms)


class Mentions:
    """The mentions of one kind in a sentence, in reading order."""

    __slots__ = ("_alike", "_ends", "all", "starts")

    @classmethod
    def of(cls, mentions: Iterable[Named]) -> Mentions:
        """Return the mentions; most sentences have none of a kind."""
        some = list(mentions)
        return cls(some) if some else _NONE

    def __init__(self, mentions: Iterable[Named]) -> None:
        self.all = tuple(sorted(mentions, key=lambda mention: (mention.start, mention.end)))
        self.starts = tuple(mention.start for mention in self.all)
        self._ends = tuple(mention.end for mention in self.all)
        # for each, up to which one all that follow have its name
        self._alike = [len(self.all)] * len(self.all)
        for at in range(len(self.all) - 2, -1, -1):
            same = self.all[at].name == self.all[at + 1].name
            self._alike[at] = self._alike[at + 1] if same else at + 1

    def before(self, start: int) -> int:
        """Return how many mentions end at or before a place."""
        return bisect_right(self._ends, start)

    def first_within(self, start: int, end: int) -> Named | None:
        """Return the first mention inside text[start:end]."""
        first = bisect_left(self.starts, start)
        return self.all[first] if first < bisect_right(self._ends, end) else None

    def only_within(self, start: int, end: int) -> Named | None:
        """Return the first mention inside text[start:end], if all in it share its name."""
        first, last = bisect_left(self.starts, start), bisect_right(self._ends, end)
        return self.all[first] if first < last <= self._alike[first] else None

    def only(self) -> Named | None:
        """Return the first mention, if all share its name."""
        return self.all[0] if self.all and self._alike[0] == len(self.all) else None


_NONE: Final = Mentions(())


@dataclass(frozen=True, slots=True)
class Said:
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
    def read(cls, text: str, small: str, sentence: Sentence, movements: Sequence[Movement | BackReference]) -> Said:
        """Read a sentence that has its entities; `small` is the text in small letters, `movements` are its own."""
        known = {entity.start: entity for entity in sentence.entities if entity.label in ("ORG", "LOC")}
        bodies = [one for one in known.values() if one.label == "ORG"]
        areas = Mentions.of(_areas(text, sentence))
        return cls(
            sentence.start,
            sentence.end,
            (sentence.start, *_clause_ends(text, sentence), sentence.end),
            Mentions.of(_organisations(text, small, sentence, bodies)),
            Mentions.of(_levels(text, small, sentence)),
            areas,
            Mentions.of(_periods(text, small, sentence)),
            Mentions.of(Named(m.start, m.end, m.surface, m.movement_id) for m in movements),
            frozenset(one.name for one in bodies if one.name and is_told(one.name) and one.kind != "fund"),
            tuple((one.start, one.end) for one in sentence.entities),
            says_what_a_law_says(small, sentence.start, sentence.end),
            not areas.all and any(_spans(entity) for entity in sentence.entities),
            is_of_all_the_country(small, sentence.start, sentence.end),
            is_timed(small, sentence.start, sentence.end),
        )

    def clause(self, start: int) -> tuple[int, int]:
        """Return where the clause of a place begins and ends: semicolons part clauses."""
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
    return name is not None and not name.casefold().endswith(_TIERS)


def _is_whole(body: Entity) -> bool:
    """Whether an organisation is named in full, or told in full by the article."""
    if body.kind == "fund" and _ANY_FUND.fullmatch(body.name or body.text):
        return False
    told = is_told(body.name) and bool(body.province_63 or body.province_34)
    return told or _parts(body.text)[0]


@functools.lru_cache(maxsize=4096)
def _parts(printed: str) -> tuple[bool, tuple[tuple[int, int], ...]]:
    """Return whether a printed organisation is named in full, and where areas stand in its name."""
    bodies, areas = named_bodies_and_areas(printed, 0, len(printed))
    return (0, len(printed)) in bodies, tuple(areas)


def _clause_ends(text: str, sentence: Sentence) -> Iterator[int]:
    """Yield where the clauses of a sentence end that others follow."""
    at = text.find(CLAUSE_END, sentence.start, sentence.end)
    while at >= 0:
        yield at + 1
        at = text.find(CLAUSE_END, at + 1, sentence.end)


def _organisations(text: str, small: str, sentence: Sentence, bodies: Sequence[Entity]) -> Iterator[Named]:
    """Return those of the bodies that act in a sentence or report."""
    by_start = {one.start: one for one in bodies}
    for start, end in acts(text, small, sentence, [(one.start, one.end) for one in bodies]):
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
    for start, end in levels_in(text, small, sentence.start, sentence.end):
        yield Named(start, end, text[start:end], text[start:end].casefold(), told=False)


def _areas(text: str, sentence: Sentence) -> Iterator[Named]:
    """Yield the areas of a sentence but those where a person comes from, and names that are cut."""
    names, ends = {entity.start for entity in sentence.entities}, {entity.end for entity in sentence.entities}
    persons = {entity.end for entity in sentence.entities if entity.label == "PER"}
    home_end = venue_end = -1
    for entity in sentence.entities:
        for start, end in _spans(entity):
            lives = text.startswith("(", start - 1) and start - 2 in persons
            if lives or _is_home(text, sentence, home_end, start):
                home_end = end
                continue
            if is_cut(text, end, names) or _AND_OTHERS.match(text, end, sentence.end):
                continue
            also = _ALSO.search(text, max(sentence.start, start - ALSO_CHARACTERS), start)
            if also and also.end("end") not in ends:
                continue
            printed = text[start:end]
            venue = bool(_AT.search(text, max(sentence.start, start - AT_CHARACTERS), start))
            around = venue_end >= 0 and _WIDER.fullmatch(text, venue_end, start) is not None
            venue_end = end if venue or around else -1
            codes = entity.province_63, entity.province_34
            if entity.label == "LOC":
                name = entity.name or printed
            else:  # inside an organisation's name, whose codes are those of the whole body
                own = province_codes(printed, None)
                name, codes = printed, own if own[1] else codes
            yield Named(start, end, printed, name, *codes, venue=venue, around=around)


def _is_home(text: str, sentence: Sentence, home_end: int, start: int) -> bool:
    """Whether a person lives in the area that starts there, or comes from it; `home_end`: where the last such ends."""
    chained = home_end >= 0 and _WIDER.fullmatch(text, home_end, start)
    return bool(
        chained
        or _HOME.search(text, max(sentence.start, start - HOME_CHARACTERS), start)
        or _FROM.search(text, max(sentence.start, start - HOME_CHARACTERS), start)
        or _AGED.search(text, max(sentence.start, start - AGED_CHARACTERS), start)
    )


def _spans(entity: Entity) -> list[tuple[int, int]]:
    """Return where an entity names areas: itself, or inside the name of an organisation."""
    if entity.label == "LOC":
        return [(entity.start, entity.end)] if entity.level in _AREA_LEVELS else []
    if entity.label != "ORG" or _COMPANY.search(entity.text):
        return []
    return [(entity.start + start, entity.start + end) for start, end in _parts(entity.text)[1]]


def _periods(text: str, small: str, sentence: Sentence) -> Iterator[Named]:
    for start, end in period_spans(text, small, sentence.start, sentence.end):
        yield Named(start, end, text[start:end], text[start:end])
