"""Reads one line of a text from left to right and finds the names of movements in it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from pipeline.movements.heads import announces, tells_itself
from pipeline.movements.line import MAX_HEAD_DISTANCE, MAX_NAME_CHARACTERS, Line, count_syllables
from pipeline.movements.quotes import Quoted
from pipeline.movements.registry import Entry, Registry
from pipeline.movements.verdict import SILENT, Verdict, joins, judged, shares
from pipeline.syllables import name_key

MIN_LOWER_SYLLABLES = 3  # "hai giỏi" in lower case may be any two good ones
MAX_LIST_LEAD = 80  # characters from "phong trào" to the "như" that announces a list
MIN_UNKNOWN_SYLLABLES = 3  # of an unquoted item of a list: "các cuộc vận động …; Cán bộ, công chức" is no name yet

_BULLET = re.compile(r"\s*(?P<sign>[-–—+*•·▪►✓]|\d{1,2}[.)]|[a-zđ][.)])?\s*[“\"‘']?", re.IGNORECASE)
# “Xuân nghĩa tình - Tết sẻ chia”: how every union names its New Year programme
_NEW_YEAR = re.compile(r"(?:Tết|Xuân)\b.*[-–—,]\s*(?:Xuân|Tết)\b", re.IGNORECASE)
_TRIGGER_INSIDE = re.compile(r"(?:phong trào(?: thi đua)?|cuộc vận động|chương trình)[:\s]+(?=\S+\s+\S)", re.IGNORECASE)
_OPENING = ("“", '"', "‘", "«")
_LIST_LEAD = re.compile(r":|\b(?:như|gồm)\b")
_PLURAL = re.compile(r"\b(?:các|những|nhiều)\s*$", re.IGNORECASE)
_THEME_JOINT = re.compile(r"\s*[-–—]\s*")
_THEME_YEAR = re.compile(r"Xuân(?:\s+năm)?\s+(?:19|20)\d\d\b")


@dataclass(frozen=True, slots=True)
class Carried:
    """A trigger that announced names on the lines after it, and whether these lines bear list signs ("-", "1.")."""

    verdict: Verdict = SILENT
    signed: bool | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """A name in a line; outer_start and outer_end take in its quotes."""

    start: int
    end: int
    outer_start: int
    outer_end: int
    verdict: Verdict
    entry: Entry | None
    is_movement: bool


class LineReader:
    """Reads one line from left to right; `carried` is the verdict of a line before that ended in "phong trào:"."""

    def __init__(self, line: Line, registry: Registry, carried: Carried) -> None:
        self._line = line
        self._registry = registry
        self._carried = carried
        self._last: Found | None = None  # the name or quoted passage before this place
        self._in_list = False
        self._passages: dict[int, list[Quoted]] = {}
        for passage in line.passages:
            self._passages.setdefault(line.index_at(passage.start), []).append(passage)

    def found(self) -> Iterator[Found]:
        """Yield the mentions of the line in reading order."""
        index = 0
        while index < len(self._line.syllables):
            named = self._quoted_at(index) or self._known_at(index) or self._unknown_at(index)
            if named is None:
                index += 1
                continue
            self._last = named
            yield named
            index = max(index + 1, self._line.index_at(named.end))

    def carried(self) -> Carried:
        """Return what the next line's list item inherits: the trigger of "Các phong trào tiêu biểu:" or of the list."""
        line = self._line
        printed = line.text[line.start : line.end].rstrip()
        if printed.endswith(":"):
            head = line.head_before(line.end, line.start)
            if head is not None and head.word.role == "trigger" and announces(line.text[head.end : line.end]):
                return Carried(Verdict(trigger=head, adjacent=True))
            return Carried()
        goes_on = self._in_list and (self._carried.signed or not printed.endswith("."))
        return self._carried if goes_on else Carried()

    def _inherits(self, gap: str) -> bool:
        """Say whether the line is one more item of the list that a line before announced."""
        bullet = _BULLET.fullmatch(gap)
        if bullet is None or self._carried.verdict is SILENT:
            return False
        signed = bullet["sign"] is not None
        if self._carried.signed not in (None, signed):
            return False
        self._carried = replace(self._carried, signed=signed)
        self._in_list = True
        return True

    def _quoted_at(self, index: int) -> Found | None:
        for passage in self._passages.get(index, ()):
            read = self._quoted(passage)
            if read.is_movement:
                return read
            self._last = read
        return None

    def _quoted(self, passage: Quoted) -> Found:
        line = self._line
        start, end = passage.start, passage.end
        if end - start <= MAX_NAME_CHARACTERS:
            start, end = _trimmed(line.text, start, end)
        verdict = self._verdict(passage.outer_start, quoted=True)
        if (inside := _TRIGGER_INSIDE.match(line.text, start, end)) is not None:
            start = inside.end()
        entry = None if line.reads_like_speech(start, end) else self._registry.find(line.text[start:end])
        read = Found(start, end, passage.outer_start, passage.outer_end, verdict, entry, False)
        return replace(read, is_movement=self._is_movement(read))

    def _is_movement(self, read: Found) -> bool:
        """Judge a quoted passage by the words before it, then by what the registry knows, then by its own words."""
        if self._line.reads_like_speech(read.start, read.end):
            return False
        if read.verdict.trigger is not None:
            # a word in quotes within a sentence: "chiến dịch xử lý “điểm nóng”" names nothing
            in_passing = not read.verdict.adjacent and self._line.text[read.start].islower()
            return read.entry is not None or not in_passing
        if read.verdict.refusal is not None:
            return read.entry is not None and read.entry.alone and not read.verdict.excludes_known(quoted=True)
        if read.entry is not None:
            return not read.entry.triggered
        if _NEW_YEAR.match(self._line.text, read.start, read.end) is not None:
            return True
        return tells_itself(name_key(self._line.text[read.start : read.end]))

    def _known_at(self, index: int) -> Found | None:
        """A name of the registry without quotes: after a trigger, in a list, or where it can be nothing else."""
        line = self._line
        known = self._registry.longest(line.text, line.syllables, index)
        if known is None:
            return None
        length, entry = known
        start, end = line.syllables[index].start, line.syllables[index + length - 1].end
        refused = self._refused_around(start)
        if refused is not None and end >= refused.end and start == refused.start:
            return None
        verdict = self._verdict(start, quoted=False)
        if not entry.alone and line.text[end : end + 2].strip()[:1] in _OPENING:
            return None  # chương trình hiến máu “…”: what the quoted name is about
        if verdict.trigger is None:
            if (
                verdict.excludes_known(quoted=False)
                or refused is not None
                or not (entry.alone and self._marked(entry, index, length))
            ):
                return None
            verdict = SILENT
        if entry.themed:
            end = self._with_theme(end)
        return Found(start, end, start, end, verdict, entry, True)

    def _unknown_at(self, index: int) -> Found | None:
        """A name that only its capitals mark: after a trigger, or a themed month."""
        line = self._line
        start = line.syllables[index].start
        if not line.text[start].isupper():
            return None
        end = line.month_end(index)
        verdict = SILENT
        if end is None:
            verdict = self._verdict(start, quoted=False)
            end = line.unquoted_end(index, line.end) if verdict.trigger else None
            if end is not None and not self._stands_alone(verdict, line.text[start:end]):
                return None
        return None if end is None else Found(start, end, start, end, verdict, None, True)

    def _verdict(self, position: int, *, quoted: bool) -> Verdict:
        """Say what the words before a name make of it; without quotes only the words right before it count."""
        line, last = self._line, self._last
        since = self._since(position)
        near = max(since, position - MAX_HEAD_DISTANCE)
        gap = line.text[near:position]
        if near == since:
            if last is not None and last.outer_end == since and joins(gap):
                return last.verdict
            if last is None and self._inherits(gap):
                return self._carried.verdict
        head = line.head_before(position, since)
        verdict = SILENT if head is None else judged(head, line.text[head.end : position], quoted=quoted)
        if verdict is not SILENT:
            return verdict
        refused = head is not None and head.word.role == "refusal"
        if quoted and near == since and not refused and last is not None and last.is_movement and shares(gap):
            return last.verdict
        return SILENT

    def _since(self, position: int) -> int:
        """Words before the last name or quote belong to that one."""
        if self._last is None:
            return self._line.start
        return self._last.outer_end if self._last.outer_end <= position else self._last.outer_start

    def _refused_around(self, position: int) -> Found | None:
        last = self._last
        return last if last is not None and not last.is_movement and last.start <= position < last.end else None

    def _marked(self, entry: Entry, index: int, length: int) -> bool:
        """Say whether something tells the name from the same words in passing: a capital that is not the sentence's."""
        if entry.lower and length >= MIN_LOWER_SYLLABLES:
            return True
        line = self._line
        capitals = [line.word(index + offset)[0].isupper() for offset in range(length)]
        return any(capitals[1:]) or (capitals[0] and not line.begins_sentence(line.syllables[index].start))

    def _with_theme(self, end: int) -> int:
        """Take in the theme of the year: "Tết Sum vầy - Xuân bình an", "Chuyến xe Công đoàn - Xuân 2025"."""
        line = self._line
        joint = _THEME_JOINT.match(line.text, end, line.end)
        if joint is None:
            return end
        if (year := _THEME_YEAR.match(line.text, joint.end(), line.end)) is not None:
            return year.end()
        return line.unquoted_end(line.index_at(joint.end()), line.end) or end

    def _stands_alone(self, verdict: Verdict, name: str) -> bool:
        """A list goes on with an unquoted name only in "các phong trào A, B" or "phong trào như A, B"."""
        if self._last is None or verdict.trigger is None or verdict is not self._last.verdict:
            return True
        trigger, text = verdict.trigger, self._line.text
        plural = _PLURAL.search(text[max(0, trigger.start - 8) : trigger.start]) is not None
        announced = _LIST_LEAD.search(text, trigger.end, trigger.end + MAX_LIST_LEAD) is not None
        return (plural or announced) and count_syllables(name) >= MIN_UNKNOWN_SYLLABLES


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """Leave out white space, punctuation and stray quotes at both ends of a name."""
    stray = " \t\u00a0,.;:…-–—“”\"‘’'«»"
    inside = text[start:end]
    return start + len(inside) - len(inside.lstrip(stray)), start + len(inside.rstrip(stray))
