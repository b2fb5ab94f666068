"""Named movements of a text: names in quotes, names by their capitals, and names that everybody knows."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from pipeline.movements.heads import Head, announces, leads_in, tells_itself
from pipeline.movements.keys import name_key
from pipeline.movements.line import MAX_HEAD_DISTANCE, Line, count_syllables
from pipeline.movements.quotes import Quoted
from pipeline.movements.registry import Entry, Registry, load_registry
from pipeline.schema import Movement, MovementKind, Sentence

MAX_REFUSAL_SYLLABLES = 8  # between "chủ đề" and the quote it refuses: "chủ đề của tháng năm nay là"
MAX_SHARE_SYLLABLES = 10  # “A” của ngành giáo dục, “B” của ngành y tế
MAX_HOLDER_SYLLABLES = 6  # “A”; khối văn phòng có “B”

# between two items of one list
_JOINT = re.compile(
    r"(?:\s|[,;:/+&•·–—-]|\.\.\.|…)*(?:(?:và|hoặc|hay|cùng|cùng với|với)\b)?\s*"
    r"(?:(?:đặc biệt|nhất|tiêu biểu|điển hình)\s+là\s*)?",
    re.IGNORECASE,
)
_ASIDE = re.compile(r"\([^()]{0,120}\)|\bnăm (?:học )?\d{4}(?:\s*[-–]\s*\d{4})?|\blần thứ \w+", re.IGNORECASE)
_SHARE = re.compile(r"\s*(?:của|trong|ở|tại|do|cho|dành cho|đối với)\b.*(?:[,;]|\bvà)\s*$", re.IGNORECASE | re.DOTALL)
_HOLDER = re.compile(r"\s*[,;].*\b(?:có|là|với|thì có)\s*$", re.IGNORECASE | re.DOTALL)
_SENTENCE_END = re.compile(r"[.!?](?:\s|$)")
_BULLET = re.compile(r"\s*(?P<sign>[-–—+*•·▪►✓]|\d{1,2}[.)]|[a-zđ][.)])?\s*[“\"‘']?", re.IGNORECASE)
# “Xuân nghĩa tình - Tết sẻ chia”: how every union names its New Year programme
_NEW_YEAR = re.compile(r"(?:Tết|Xuân)\b.*[-–—,]\s*(?:Xuân|Tết)\b", re.IGNORECASE)
_TRIGGER_INSIDE = re.compile(r"(?:phong trào(?: thi đua)?|cuộc vận động|chương trình)[:\s]+(?=\S+\s+\S)", re.IGNORECASE)
_OPENING = ("“", '"', "‘", "«")
_PLURAL = re.compile(r"\b(?:các|những|nhiều)\s*$", re.IGNORECASE)
_THEME_JOINT = re.compile(r"\s*[-–—]\s*")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the words before a name say it is: a movement (`trigger`), something else (`refusal`), or nothing."""

    trigger: Head | None = None
    refusal: Head | None = None
    adjacent: bool = False  # nothing stands between head and name

    @property
    def hard(self) -> bool:
        """An award, contest or work by this name: refused even where the registry knows the name."""
        reason = self.refusal.word.reason if self.refusal else None
        return self.adjacent and reason in ("award", "contest", "work")


_SILENT = Verdict()


@dataclass(frozen=True, slots=True)
class Carried:
    """A trigger that announced names on the lines after it, and whether these lines bear list signs ("-", "1.")."""

    verdict: Verdict = _SILENT
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
        reader = _Reader(line, registry, carried)
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


class _Reader:
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
                return Carried(Verdict(trigger=head))
            return Carried()
        goes_on = self._in_list and (self._carried.signed or not printed.endswith("."))
        return self._carried if goes_on else Carried()

    def _inherits(self, gap: str) -> bool:
        """Say whether the line is one more item of the list that a line before announced."""
        bullet = _BULLET.fullmatch(gap)
        if bullet is None or self._carried.verdict is _SILENT:
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
        start, end = _trimmed(line.text, passage.start, passage.end)
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
            return True
        if read.verdict.refusal is not None:
            return read.entry is not None and read.entry.alone and not read.verdict.hard
        if read.entry is not None or _NEW_YEAR.match(self._line.text, read.start, read.end) is not None:
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
        if refused is not None and end >= _trimmed(line.text, refused.start, refused.end)[1] and start == refused.start:
            return None
        verdict = self._verdict(start, quoted=False)
        if not entry.alone and line.text[end : end + 2].strip()[:1] in _OPENING:
            return None  # chương trình hiến máu “…”: what the quoted name is about
        if verdict.trigger is None:
            if verdict.hard or refused is not None or not (entry.alone and self._marked(entry, index, length)):
                return None
            verdict = _SILENT
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
        verdict = _SILENT
        if end is None:
            verdict = self._verdict(start, quoted=False)
            if verdict.trigger is None or (self._in_prose_list(start) and not self._plural(verdict.trigger)):
                return None
            end = line.unquoted_end(index, line.end)
        return None if end is None else Found(start, end, start, end, verdict, None, True)

    def _verdict(self, position: int, *, quoted: bool) -> Verdict:
        """Say what the words before a name make of it; without quotes only the words right before it count."""
        line, last = self._line, self._last
        since = self._since(position)
        near = max(since, position - MAX_HEAD_DISTANCE)
        gap = line.text[near:position]
        if near == since:
            if last is not None and last.outer_end == since and _joins(gap):
                return last.verdict
            if last is None and self._inherits(gap):
                return self._carried.verdict
        head = line.head_before(position, since)
        verdict = _SILENT if head is None else _judged(head, line.text[head.end : position], quoted=quoted)
        if verdict is not _SILENT:
            return verdict
        refused = head is not None and head.word.role == "refusal"
        if quoted and near == since and not refused and last is not None and last.is_movement and _shares(gap):
            return last.verdict
        return _SILENT

    def _since(self, position: int) -> int:
        """Words before the last name or quote belong to that one."""
        if self._last is None:
            return self._line.start
        return self._last.outer_end if self._last.outer_end <= position else self._last.start

    def _refused_around(self, position: int) -> Found | None:
        last = self._last
        return last if last is not None and not last.is_movement and last.start <= position < last.end else None

    def _marked(self, entry: Entry, index: int, length: int) -> bool:
        """Say whether something tells the name from the same words in passing: a capital that is not the sentence's."""
        if entry.lower:
            return True
        line = self._line
        capitals = [line.word(index + offset)[0].isupper() for offset in range(length)]
        return any(capitals[1:]) or (capitals[0] and not line.begins_sentence(line.syllables[index].start))

    def _with_theme(self, end: int) -> int:
        """Take in the theme of the year: "Tết Sum vầy - Xuân bình an"."""
        line = self._line
        joint = _THEME_JOINT.match(line.text, end, line.end)
        if joint is None:
            return end
        return line.unquoted_end(line.index_at(joint.end()), line.end) or end

    def _in_prose_list(self, position: int) -> bool:
        return self._last is not None and self._last.is_movement and self._last.outer_end == self._since(position)

    def _plural(self, trigger: Head) -> bool:
        return _PLURAL.search(self._line.text[max(0, trigger.start - 8) : trigger.start]) is not None


def _judged(head: Head, tail: str, *, quoted: bool) -> Verdict:
    if head.word.role == "trigger" or (quoted and head.word.role == "quoted only"):
        near = announces(tail) and (quoted or not tail.strip() or leads_in(tail))
        return Verdict(trigger=head) if near else _SILENT
    if head.word.role == "announcing":
        return Verdict(trigger=head) if quoted and not tail.strip() else _SILENT
    if head.word.role != "refusal" or _SENTENCE_END.search(tail) or count_syllables(tail) > MAX_REFUSAL_SYLLABLES:
        return _SILENT
    return Verdict(refusal=head, adjacent=not tail.strip(" :“\"‘'"))


def _joins(gap: str) -> bool:
    """Say whether two names with these characters between them are items of one list."""
    return _JOINT.fullmatch(_ASIDE.sub("", gap)) is not None


def _shares(gap: str) -> bool:
    """“A” của ngành giáo dục, “B”; “A”; khối văn phòng có “B”: the second shares the first one's trigger."""
    if _SENTENCE_END.search(gap):
        return False
    words = count_syllables(gap)
    return (words <= MAX_SHARE_SYLLABLES and _SHARE.fullmatch(gap) is not None) or (
        words <= MAX_HOLDER_SYLLABLES and _HOLDER.fullmatch(gap) is not None
    )


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """Leave out white space, punctuation and stray quotes at both ends of a name."""
    stray = " \t\u00a0,.;:…-–—“”\"‘’'«»"
    inside = text[start:end]
    return start + len(inside) - len(inside.lstrip(stray)), start + len(inside.rstrip(stray))
