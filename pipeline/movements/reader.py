"""Reads one line of a text from left to right and finds the names of movements in it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple

from pipeline.movements.heads import announces, announces_directly
from pipeline.movements.line import MAX_HEAD_DISTANCE, MAX_NAME_CHARACTERS, Line, count_syllables
from pipeline.movements.quotes import Quoted
from pipeline.movements.registry import Entry, Registry
from pipeline.movements.unquoted import (
    could_tell,
    is_doubtful,
    listed_end,
    no_name,
    telling_end,
    tells_itself,
    unquoted_end,
)
from pipeline.movements.verdict import (
    LIST_WORDS,
    LISTED,
    SILENT,
    Verdict,
    connects,
    is_broadcast,
    joins,
    judged,
    passes_over,
    shares,
)

MIN_LOWER_SYLLABLES = 3  # "hai giỏi" in lower case may be any two good ones
NO_TRIGGER = "no trigger"
MAX_LIST_LEAD = 80  # characters from "phong trào" to the "như" that announces a list
MAX_OPENER_SYLLABLES = 4  # "Thực hiện tốt các | chương trình"
MAX_COUNT = 16  # characters of a number before a name
MIN_UNKNOWN_SYLLABLES = 3  # of an unquoted item of a list: "các cuộc vận động …; Cán bộ, công chức" is no name yet
MAX_INSIDE_SYLLABLES = 20  # of a name after a trigger within its quotes; longer ones are titles of reports

_BULLET = re.compile(r"\s*(?P<sign>[-–—+*•·▪►✓]|\d{1,2}[.)]|[a-zđ][.)])?\s*[“\"‘']?", re.IGNORECASE)
# “Xuân nghĩa tình - Tết sẻ chia”: how every union names its New Year programme
_NEW_YEAR = re.compile(r"(?:Tết|Xuân)\b.*[-–—,]\s*(?:Xuân|Tết)\b", re.IGNORECASE)
_TRIGGER_INSIDE = re.compile(r"(?:phong trào(?: thi đua)?|cuộc vận động|chương trình)[:\s]+(?=\S+\s+\S)", re.IGNORECASE)
# a number right before a name
_COUNTED = re.compile(r"\b\d[\d.,]*\s+$")
_OPENING = ("“", '"', "‘", "«")
_LIST_LEAD = re.compile(r":|\b(?:như|gồm)\b")
_PLURAL = re.compile(r"\b(?:các|những|nhiều|hai|ba|bốn)\s*$", re.IGNORECASE)
_THEME_JOINT = re.compile(r"\s*[-–—]\s*")
_THEME_YEAR = re.compile(r"Xuân(?:\s+năm)?\s+(?:19|20)\d\d\b")


@dataclass(frozen=True, slots=True)
class Carried:
    """A trigger that announced names on the lines after it, and whether these lines bear list signs ("-", "1.").

    `direct`: it announced them so clearly that they need no quotes.
    """

    verdict: Verdict = SILENT
    signed: bool | None = None
    direct: bool = False


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


class LineReader:
    """Reads one line from left to right; `carried` is the verdict of a line before that ended in "phong trào:"."""

    def __init__(self, line: Line, registry: Registry, carried: Carried) -> None:
        self._line = line
        self._registry = registry
        self._carried = carried
        self._last: Found | None = None  # the name or quoted passage before this place
        self._in_list = False
        self._refused: list[Found] = []
        self.bare: list[Bare] = []
        self._passages: dict[int, list[Quoted]] = {}
        for passage in line.passages:
            self._passages.setdefault(line.index_at(passage.start), []).append(passage)

    def found(self) -> list[Found]:
        """Return the candidates of the line: movements in reading order, then what was refused and why."""
        movements: list[Found] = []
        resume = 0
        for index in self._places():
            if index < resume:
                continue
            named = self._quoted_at(index) or self._known_at(index) or self._unknown_at(index)
            if named is not None:
                self._last = named
                movements.append(named)
                resume = max(index + 1, self._line.index_at(named.end))
        return [*movements, *self._refused]

    def carried(self) -> Carried:
        """Return what the next line's list item inherits: the trigger of "Các phong trào tiêu biểu:" or of the list."""
        line = self._line
        printed = line.text[line.start : line.end].rstrip()
        if printed.endswith(":"):
            head = line.head_before(line.end, line.start)
            tail = "" if head is None else line.text[head.end : line.end]
            if head is not None and head.word.role == "trigger" and announces(tail):
                return Carried(Verdict(trigger=head, adjacent=True), direct=announces_directly(tail))
            return Carried()
        goes_on = self._in_list and (self._carried.signed or not printed.endswith("."))
        return self._carried if goes_on else Carried()

    def _places(self) -> Iterator[int]:
        """Yield the syllables at which a name can begin: in quotes, as a known name does, or with a capital letter."""
        line, passages, text = self._line, self._passages, self._line.text
        known = self._registry.names(marked=line.marked)
        firsts = known.firsts
        syllables = line.syllables
        last = len(syllables) - 1
        triggered = bool(line.heads) or self._carried.verdict is not SILENT
        ends = {head.end for head in line.heads}
        before = line.start
        for index, (start, end, key) in enumerate(syllables):
            if (
                (key in firsts and known.may_start(key, syllables[index + 1].key if index < last else None))
                or index in passages
                or (text[start].isupper() and (could_tell(key) or (triggered and self._may_begin(index, before, ends))))
            ):
                yield index
            before = end

    def _may_begin(self, index: int, before: int, ends: set[int]) -> bool:
        """Say whether what stands before a capital letter can introduce a name: a trigger, a sign, "như", "và"."""
        line = self._line
        if before in ends or line.text[before : line.syllables[index].start].strip(" \u00a0"):
            return True
        return index == 0 or line.syllables[index - 1].key in LIST_WORDS

    def _inherits(self, gap: str) -> bool:
        """Say whether the line is one more item of the list that a line before announced."""
        if self._carried.verdict is SILENT:
            return False
        bullet = _BULLET.fullmatch(gap)
        if bullet is None:
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
            self._refused.append(read)
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
            if verdict is SILENT and passage.defect is None and self._is_title(start, end):
                verdict = Verdict(trigger=line.head_before(start, passage.start), adjacent=True)
        entry = None if line.is_no_name(start, end) else self._registry.find(line.text[start:end])
        read = Found(start, end, passage.outer_start, passage.outer_end, verdict, entry)
        return read._replace(refusal=self._refusal(read, lost=passage.defect is not None))

    def _is_title(self, start: int, end: int) -> bool:
        """Say whether what follows a trigger within the quotes is written as a name: “Phong trào Ba đảm đang”."""
        first = self._line.text[start]
        return (first.isupper() or first.isdigit()) and count_syllables(
            self._line.text[start:end]
        ) <= MAX_INSIDE_SYLLABLES

    def _refusal(self, read: Found, *, lost: bool) -> str | None:
        """Judge a quoted passage by the words before it, then by what the registry knows, then by its own words.

        `lost`: one of its quotes is missing.
        """
        line, verdict = self._line, read.verdict
        if (reason := line.is_no_name(read.start, read.end)) is not None:
            return reason
        if verdict.trigger is not None:
            return self._refusal_after_trigger(read)
        if verdict.refusal is not None:
            stays = read.entry is not None and read.entry.alone and not verdict.excludes_known(quoted=True)
            return None if stays else verdict.refusal.word.reason
        if _COUNTED.search(line.text, max(line.start, read.outer_start - MAX_COUNT), read.outer_start) is not None:
            return "counted"  # 500 “Túi An sinh Công đoàn”: the thing, not the movement
        if read.entry is not None:
            return NO_TRIGGER if read.entry.triggered else None
        name = line.text[read.start : read.end]
        if verdict.listed:
            return None if name[0].isupper() else "in passing"
        if lost or not name[0].isupper():
            return NO_TRIGGER  # “Chiến dịch này …, he said: a quotation that nobody closed
        return None if _NEW_YEAR.match(name) is not None or tells_itself(name) else NO_TRIGGER

    def _refusal_after_trigger(self, read: Found) -> str | None:
        if read.entry is not None:
            return None
        if self._is_word(read):
            return "in passing"
        trigger = read.verdict.trigger
        is_programme = trigger is not None and trigger.word.kind == "chuong_trinh"
        return "broadcast" if is_programme and is_broadcast(self._line.text, read.outer_end, self._line.end) else None

    def _is_word(self, read: Found) -> bool:
        """Say whether quotes hold a word in passing: "chiến dịch xử lý “điểm nóng”", "chương trình “thử”"."""
        name, trigger = self._line.text[read.start : read.end], read.verdict.trigger
        if not name[0].islower():
            return False
        announced = trigger is not None and trigger.word.role == "announcing"
        return not read.verdict.adjacent or announced or count_syllables(name) == 1

    def _known_at(self, index: int) -> Found | None:
        """A name of the registry without quotes: after a trigger, in a list, or where it can be nothing else."""
        line = self._line
        known = line.known(self._registry, index)
        if known is None:
            return None
        length, entry = known
        if self._follows_trigger_inside(index, length, entry):
            return None  # "chiến dịch Giờ Trái đất": the trigger is no part of the name
        start, end = line.syllables[index].start, line.syllables[index + length - 1].end
        around = self._refused_around(start)
        if around is not None and end >= around.end and start == around.start:
            return None
        verdict = self._verdict(start, quoted=False)
        if not entry.alone and line.text[end : end + 2].strip()[:1] in _OPENING:
            return None  # chương trình hiến máu “…”: what the quoted name is about
        if verdict.trigger is None:
            reason = self._no_known(entry, index, length, verdict)
            if reason is not None or around is not None:
                self._refused.append(Found(start, end, start, end, verdict, entry, reason or "within quotes"))
                return None
            verdict = SILENT
        if entry.themed:
            end = self._with_theme(end)
        return Found(start, end, start, end, verdict, entry)

    def _follows_trigger_inside(self, index: int, length: int, entry: Entry) -> bool:
        """Say whether a known name begins with a trigger and is known without it too."""
        line = self._line
        trigger = line.trigger_at(line.syllables[index].start)
        if trigger is None:
            return False
        for after in range(index + 1, index + length):
            if line.syllables[after - 1].end == trigger.end:
                rest = line.known(self._registry, after)
                return rest is not None and rest[1] is entry
        return False

    def _no_known(self, entry: Entry, index: int, length: int, verdict: Verdict) -> str | None:
        """Return why a known name that no trigger introduces is no movement here, or None."""
        if verdict.refusal is not None and verdict.excludes_known(quoted=False):
            return verdict.refusal.word.reason
        return None if entry.alone and self._marked(entry, index, length) else "in passing"

    def _unknown_at(self, index: int) -> Found | None:
        """A name that only its capitals mark: after a trigger, or one that tells itself what it is."""
        line = self._line
        start = line.syllables[index].start
        if not line.text[start].isupper():
            return None
        verdict = self._verdict(start, quoted=False)
        if (end := telling_end(line, index)) is not None:
            return self._telling(start, end, verdict)
        if verdict.trigger is None or line.text[line.syllables[index].end : line.end].lstrip()[:1] in _OPENING:
            return None
        reason = "trigger" if line.trigger_at(start) else no_name(line, index)
        end = None if reason else self._item_end(index, verdict)
        if end is None and reason is None:
            end, reason = self._bare_end(index, verdict)
        if end is not None and line.text[end : end + 2].strip()[:1] in _OPENING:
            reason = reason or "before quotes"  # "như: Thông điệp “A”": the word for what is quoted
        if end is None or reason is not None or not self._stands_alone(verdict, line.text[start:end]):
            bound = end or line.syllables[index].end
            self._refused.append(Found(start, bound, start, bound, verdict, None, reason or "not like a name"))
            return None
        return Found(start, end, start, end, verdict, None)

    def _bare_end(self, index: int, verdict: Verdict) -> tuple[int | None, str | None]:
        """Return where a name without quotes seems to end, and a reason where it may go on: other printings tell."""
        end = unquoted_end(self._line, index, self._line.end)
        doubtful = end is None or is_doubtful(self._line, index, end)
        if end is not None and doubtful and self._line.text[end : end + 1] == "," and self._opens_sentence(verdict):
            doubtful = False
        self.bare.append(Bare(self._line, index, verdict, None if doubtful else end))
        return end, "end unknown" if doubtful else None

    def _opens_sentence(self, verdict: Verdict) -> bool:
        """ "Theo chương trình Mẹ đỡ đầu, nữ công lo …": the comma ends what opens the sentence, and the name."""
        line, trigger = self._line, verdict.trigger
        opener = -1 if trigger is None else line.index_at(trigger.start) - 1
        earliest = opener - MAX_OPENER_SYLLABLES
        while opener > max(0, earliest) and not line.begins_sentence(line.syllables[opener].start):
            opener -= 1
        if opener < 0 or not line.begins_sentence(line.syllables[opener].start):
            return False
        return line.begins("openers", opener)

    def _telling(self, start: int, end: int, verdict: Verdict) -> Found | None:
        """A name that tells itself what it is, unless it is an award's or a contest's, or part of what was refused."""
        refusal = verdict.refusal.word.reason if verdict.refusal and verdict.excludes_known(quoted=False) else None
        if refusal is None and verdict.trigger is None and self._refused_around(start) is not None:
            refusal = "within quotes"
        found = Found(start, end, start, end, verdict if verdict.trigger else SILENT, None, refusal)
        if refusal is None:
            return found
        self._refused.append(found)
        return None

    def _item_end(self, index: int, verdict: Verdict) -> int | None:
        """Return where an item of "các cuộc vận động A, b; C", "phong trào như: A, b; C" ends, None outside lists."""
        trigger, start = verdict.trigger, self._line.syllables[index].start
        if trigger is None:
            return None
        last = min(start, trigger.end + MAX_LIST_LEAD)
        announced = _LIST_LEAD.search(self._line.text, trigger.end, last) if trigger.end < start else None
        if announced is None and not self._is_plural(trigger.start):
            return None
        return listed_end(self._line, index)

    def _verdict(self, position: int, *, quoted: bool) -> Verdict:
        """Say what the words before a name make of it; without quotes only the words right before it count."""
        line, last = self._line, self._last
        since = self._since(position)
        near = max(since, position - MAX_HEAD_DISTANCE)
        if near == since:
            gap = line.text[near:position]
            if last is not None and last.outer_end == since and joins(gap):
                known = quoted and last.is_movement and last.entry is not None and last.outer_start < last.start
                return LISTED if known and last.verdict is SILENT else last.verdict
            if last is None and (quoted or self._carried.direct) and self._inherits(gap):
                return self._carried.verdict
        head = line.head_before(position, since)
        verdict = SILENT if head is None else judged(head, line.text[head.end : position], quoted=quoted)
        if head is not None and verdict.refusal is not None:
            runs = line.head_before(head.start, since)
            if runs is not None and runs.word.role == "trigger":
                between = line.text[runs.end : head.start]
                if passes_over(head, line.text[head.end : position], between):
                    return Verdict(trigger=runs, adjacent=True)
        if verdict is not SILENT:
            return verdict
        refused = head is not None and head.word.role == "refusal"
        if quoted and near == since and not refused and last is not None and last.is_movement:
            gap = line.text[near:position]
            if shares(gap) or connects(gap):
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
        capitals = [line.capitalised(index + offset) for offset in range(length)]
        if any(capitals[1:]) or not capitals[0] or not line.begins_sentence(line.syllables[index].start):
            return any(capitals)
        # "Tháng công nhân năm nay", "Mái ấm công đoàn (…)" at the beginning of a sentence: what is held each year
        after = index + length
        told = after < len(line.syllables) and (line.gap(after).strip() == "(" or line.begins("held", after))
        return length >= MIN_LOWER_SYLLABLES and told

    def _with_theme(self, end: int) -> int:
        """Take in the theme of the year: "Tết Sum vầy - Xuân bình an", "Chuyến xe Công đoàn - Xuân 2025"."""
        line = self._line
        joint = _THEME_JOINT.match(line.text, end, line.end)
        if joint is None:
            return end
        if (year := _THEME_YEAR.match(line.text, joint.end(), line.end)) is not None:
            return year.end()
        return unquoted_end(line, line.index_at(joint.end()), line.end) or end

    def _is_plural(self, trigger: int) -> bool:
        return _PLURAL.search(self._line.text[max(0, trigger - 8) : trigger]) is not None

    def _stands_alone(self, verdict: Verdict, name: str) -> bool:
        """A list goes on with an unquoted name only in "các phong trào A, B" or "phong trào như A, B"."""
        if self._last is None or verdict.trigger is None or verdict is not self._last.verdict:
            return True
        trigger, text = verdict.trigger, self._line.text
        announced = _LIST_LEAD.search(text, trigger.end, trigger.end + MAX_LIST_LEAD) is not None
        return (self._is_plural(trigger.start) or announced) and count_syllables(name) >= MIN_UNKNOWN_SYLLABLES


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """Leave out white space, punctuation and stray quotes at both ends of a name."""
    stray = " \t\u00a0,.;:…-–—“”\"‘’'«»"
    inside = text[start:end]
    return start + len(inside) - len(inside.lstrip(stray)), start + len(inside.rstrip(stray))
