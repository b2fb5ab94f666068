"""What one sentence says: its organisations, areas and periods, where they stand and under which name."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from pipeline.attribution.periods import period_spans
from pipeline.entities import named_bodies_and_areas
from pipeline.places import province_codes
from pipeline.schema import BackReference, Entity, Movement, Sentence

CLAUSE_END: Final = re.compile(";")
# what stands right before one who receives: "trao cho LĐLĐ tỉnh X 500 triệu đồng" is not what X reports
RECEIVING: Final = re.compile(r"\b(?:cho|tặng|hỗ trợ|giúp|giúp đỡ|ủng hộ)(?: các| những| toàn thể)?\s$", re.IGNORECASE)
RECEIVING_CHARACTERS: Final = 20
# a law or decree names who made it, which is nobody that a figure is reported for
_MADE_BY: Final = re.compile(
    r"(?:nghị định|quyết định|nghị quyết|chỉ thị|thông tư|công văn|kết luận|quy định|kế hoạch|hướng dẫn)"
    r"\s[^.;,()]{0,60}của\s(?:Thủ tướng\s|Ban Chấp hành\s|Bộ trưởng\s)?$",
    re.IGNORECASE,
)
MADE_BY_CHARACTERS: Final = 100
_SAYS: Final = re.compile(
    r"\b(?:cho biết|cho hay|nói|thông tin|báo cáo|khẳng định|chia sẻ|nhấn mạnh|đánh giá|thông báo|phát biểu)\b"
)
SPOKEN_CHARACTERS: Final = 160  # between an office and the word that says its holder speaks
OFFICE_CHARACTERS: Final = 240  # between a person and the office
# those who came to a meeting are counted there, not reported for
_ATTENDING: Final = re.compile(r"\b(?:tham dự|dự|sự có mặt|đón tiếp|chứng kiến)\b", re.IGNORECASE)
ATTENDING_CHARACTERS: Final = 80  # of the front of a sentence
_BRACKETED: Final = re.compile(r"\([^()]{0,200}\)")
# "Đại hội … lần thứ X, nhiệm kỳ 2018 - 2023": the term is part of a name
_IN_A_NAME: Final = re.compile(r"(?:(?:lần thứ|khóa|khoá)\s\w{1,8}|Đại hội[^.;()]{0,60}),?\s\(?$", re.IGNORECASE)
IN_A_NAME_CHARACTERS: Final = 80
# the end of a name that only a fuller text would tell whose it is: "Liên đoàn Lao động tỉnh"
_TIERS: Final = ("tỉnh", "huyện", "quận", "thị xã", "thành phố", "xã", "phường", "thị trấn")


@dataclass(frozen=True, slots=True)
class Named:
    """An organisation, area or period as a sentence prints it; `name` is the canonical name of the first two.

    The codes are those of the province, before and since July 2025, where they are known.
    """

    start: int
    end: int
    text: str
    name: str
    province_63: str | None = None
    province_34: str | None = None
    kind: str | None = None


class Mentions:
    """The mentions of one kind in a sentence, in reading order."""

    def __init__(self, mentions: Iterable[Named]) -> None:
        self.all = tuple(sorted(mentions, key=lambda mention: (mention.start, mention.end)))
        self.starts = tuple(mention.start for mention in self.all)
        self._ends = tuple(mention.end for mention in self.all)
        # how many, from the first on, have the first one's name
        self.same = next((n for n, mention in enumerate(self.all) if mention.name != self.all[0].name), len(self.all))

    def before(self, start: int) -> int:
        """Return how many mentions end at or before a place."""
        return bisect_right(self._ends, start)

    def within(self, start: int, end: int) -> tuple[Named, ...]:
        """Return the mentions inside text[start:end]."""
        return self.all[bisect_left(self.starts, start) : bisect_right(self._ends, end)]

    def only(self) -> Named | None:
        """Return the mention whose name all share."""
        return self.all[0] if self.all and self.same == len(self.all) else None


@dataclass(frozen=True, slots=True)
class Said:
    """One sentence, looked through once; nothing outside the sentence is looked at."""

    start: int
    end: int
    clause_ends: tuple[int, ...]
    organisations: Mentions
    areas: Mentions
    periods: Mentions
    movements: Mentions

    @classmethod
    def read(cls, text: str, sentence: Sentence, movements: Sequence[Movement | BackReference]) -> Said:
        """Read a sentence that has its entities; `movements` are its own."""
        bodies, areas = named_bodies_and_areas(text, sentence.start, sentence.end)
        ends = [found.end() for found in CLAUSE_END.finditer(text, sentence.start, sentence.end)]
        known = {entity.start: entity for entity in sentence.entities if entity.label in ("ORG", "LOC")}
        return cls(
            sentence.start,
            sentence.end,
            (sentence.start, *ends, sentence.end),
            Mentions(_organisations(text, sentence, bodies)),
            Mentions(_area(text, start, end, known.get(start)) for start, end in areas),
            Mentions(_periods(text, sentence)),
            Mentions(Named(m.start, m.end, m.surface, m.movement_id) for m in movements),
        )

    def clause(self, start: int) -> tuple[int, int]:
        """Return where the clause of a place begins and ends: semicolons part clauses."""
        at = bisect_right(self.clause_ends, start)
        return self.clause_ends[at - 1], self.clause_ends[min(at, len(self.clause_ends) - 1)]

    def last_before(self, mentions: Mentions, start: int) -> Named | None:
        """Return the nearest mention before a place in its clause, or the only one before it in the sentence.

        What follows a sum is who gets it, so a mention after the place does not count.
        """
        count = mentions.before(start)
        if not count:
            return None
        in_clause = mentions.starts[count - 1] >= self.clause(start)[0]
        return mentions.all[count - 1] if in_clause or count <= mentions.same else None


def _organisations(text: str, sentence: Sentence, bodies: Sequence[tuple[int, int]]) -> Iterable[Named]:
    """Yield the organisations that act or report: named in full, or told in full by the article.

    Not those that receive, that came to a meeting, that stand in brackets, that made a law, or that a person only has
    an office in: those report where the person speaks.
    """
    if _ATTENDING.search(text, sentence.start, min(sentence.end, sentence.start + ATTENDING_CHARACTERS)):
        return
    whole = dict(bodies)
    told = {entity.start: entity for entity in sentence.entities if entity.label == "ORG"}
    aside = [
        *_silent_offices(text, sentence),
        *(m.span() for m in _BRACKETED.finditer(text, sentence.start, sentence.end)),
    ]
    for start in sorted(whole.keys() | told.keys()):
        entity = told.get(start)
        if start not in whole and not (entity and _is_told(entity)):
            continue
        end = whole.get(start) or (entity.end if entity else start)
        if any(first <= start < last for first, last in aside) or _acts_not(text, sentence, start):
            continue
        codes = (entity.province_63, entity.province_34, entity.kind) if entity else (None, None, None)
        yield Named(start, end, text[start:end], (entity.name if entity else None) or text[start:end], *codes)


def _acts_not(text: str, sentence: Sentence, start: int) -> bool:
    """Whether the words before an organisation say that it receives, or made a law."""
    receives = RECEIVING.search(text, max(sentence.start, start - RECEIVING_CHARACTERS), start)
    return bool(receives or _MADE_BY.search(text, max(sentence.start, start - MADE_BY_CHARACTERS), start))


def _silent_offices(text: str, sentence: Sentence) -> Iterable[tuple[int, int]]:
    """Yield where the offices stand of persons who are not said to speak."""
    for person in sentence.entities:
        if person.label != "PER" or person.office is None:
            continue
        first = text.find(person.office, max(sentence.start, person.start - OFFICE_CHARACTERS), sentence.end)
        if first < 0:
            continue
        last = max(person.end, first + len(person.office))
        if not _SAYS.search(text, last, min(sentence.end, last + SPOKEN_CHARACTERS)):
            yield first, first + len(person.office)


def _periods(text: str, sentence: Sentence) -> Iterable[Named]:
    for start, end in period_spans(text, sentence.start, sentence.end):
        if not _IN_A_NAME.search(text, max(sentence.start, start - IN_A_NAME_CHARACTERS), start):
            yield Named(start, end, text[start:end], text[start:end])


def _is_told(entity: Entity) -> bool:
    """Whether the article told what a short name stands for: "LĐLĐ tỉnh", in a text that names one province."""
    if entity.name is None or entity.name.casefold().endswith(_TIERS):
        return False
    return bool(entity.province_63 or entity.province_34)


def _area(text: str, start: int, end: int, entity: Entity | None) -> Named:
    printed = text[start:end]
    if entity is not None and entity.label == "LOC":
        return Named(start, end, printed, entity.name or printed, entity.province_63, entity.province_34)
    # inside an organisation's name, whose codes are those of the whole body
    return Named(start, end, printed, printed, *province_codes(printed, None))
