"""Reads one line of a text from left to right and finds the names of movements in it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from pipeline.movements.candidates import NOTHING, Bare, Carried, Found
from pipeline.movements.heads import announces, announces_directly
from pipeline.movements.known_names import end_with_theme, follows_trigger_inside, refusal_without_trigger
from pipeline.movements.line import MAX_HEAD_DISTANCE, MAX_NAME_CHARACTERS, Line, count_syllables
from pipeline.movements.lists import announces_list, item_end, opens_sentence
from pipeline.movements.quoted_names import after_trigger_inside, is_given, is_title, refusal, trimmed
from pipeline.movements.quotes import Quoted
from pipeline.movements.registry import Registry
from pipeline.movements.telling import could_tell, may_tell, telling_end
from pipeline.movements.unquoted import is_doubtful, is_feast, no_name, unquoted_end
from pipeline.movements.verdict import (
    LIST_WORDS,
    LISTED,
    SILENT,
    Verdict,
    connects,
    joins,
    judged,
    passes_over,
    shares,
)

MIN_UNKNOWN_SYLLABLES = 3  # of an unquoted item of a list: "các cuộc vận động …; Cán bộ, công chức" is no name yet

_BULLET = re.compile(r"\s*(?P<sign>[-–—+*•·▪►✓]|\d{1,2}[.)]|[a-zđ][.)])?\s*[“\"‘']?", re.IGNORECASE)
_OPENING = ("“", '"', "‘", "«")


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
            return NOTHING
        goes_on = self._in_list and (self._carried.signed or not printed.endswith("."))
        return self._carried if goes_on else NOTHING

    def _places(self) -> list[int]:
        """Return the syllables at which a name can begin: in quotes, as a known name does, or with a capital letter."""
        line, text = self._line, self._line.text
        places = {
            *line.known_places(self._registry, 0, len(line.syllables)),
            *(index for index in self._passages if index < len(line.syllables)),
        }
        if line.heads or self._carried.verdict is not SILENT:
            capitals = [index for index, start in enumerate(line.syllables.starts) if text[start].isupper()]
            places.update(self._introduced(capitals))
        else:
            telling = may_tell(line.syllables.keys)
            places.update(index for index in telling if line.capitalised(index))
        return sorted(places)

    def _introduced(self, capitals: Iterable[int]) -> Iterator[int]:
        """Yield those of the capitalised syllables at which a name can begin where a trigger is near.

        It can after a trigger, a sign, "như" or "và", and where its first word may tell that it is one.
        """
        text, syllables = self._line.text, self._line.syllables
        keys, starts, ends = syllables.keys, syllables.starts, syllables.ends
        after_heads = {head.end for head in self._line.heads}
        for index in capitals:
            if (
                not index
                or keys[index - 1] in LIST_WORDS
                or ends[index - 1] in after_heads
                or text[ends[index - 1] : starts[index]].strip(" \u00a0")
                or could_tell(keys[index])
            ):
                yield index

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
            start, end = trimmed(line.text, start, end)
        verdict = self._verdict(passage.outer_start, quoted=True)
        if (inside := after_trigger_inside(line.text, start, end)) is not None:
            start = inside
            if verdict is SILENT and passage.defect is None and is_title(line.text, start, end):
                verdict = Verdict(trigger=line.head_before(start, passage.start), adjacent=True)
        no_name = line.is_no_name(start, end)
        entry = None if no_name else self._registry.find(line.text[start:end])
        read = Found(start, end, passage.outer_start, passage.outer_end, verdict, entry)
        return read._replace(refusal=no_name or refusal(line, read, lost=passage.defect is not None))

    def _known_at(self, index: int) -> Found | None:
        """A name of the registry without quotes: after a trigger, in a list, or where it can be nothing else."""
        line = self._line
        known = line.known(self._registry, index)
        if known is None:
            return None
        length, entry = known
        if follows_trigger_inside(line, self._registry, index, length, entry):
            return None  # "chiến dịch Giờ Trái đất": the trigger is no part of the name
        start, end = line.syllables.starts[index], line.syllables.ends[index + length - 1]
        around = self._refused_around(start)
        if around is not None and end >= around.end and start == around.start:
            return None
        verdict = self._verdict(start, quoted=False)
        if not entry.alone and line.text[end : end + 2].strip()[:1] in _OPENING:
            return None  # chương trình hiến máu “…”: what the quoted name is about
        if verdict.trigger is None:
            reason = refusal_without_trigger(line, entry, index, length, verdict)
            if reason is not None or around is not None:
                self._refused.append(Found(start, end, start, end, verdict, entry, reason or "within quotes"))
                return None
            verdict = SILENT
        if entry.themed:
            end = end_with_theme(line, end)
        return Found(start, end, start, end, verdict, entry)

    def _unknown_at(self, index: int) -> Found | None:
        """A name that only its capitals mark: after a trigger, or one that tells itself what it is."""
        line = self._line
        start = line.syllables.starts[index]
        if not line.text[start].isupper():
            return None
        verdict = self._verdict(start, quoted=False)
        if (end := telling_end(line, index)) is not None:
            return self._telling(start, end, verdict)
        if verdict.trigger is None or line.text[line.syllables.ends[index] : line.end].lstrip()[:1] in _OPENING:
            return None
        reason = "trigger" if line.trigger_at(start) else no_name(line, index)
        end = None if reason else item_end(line, index, verdict)
        if end is None and reason is None:
            end, reason = self._bare_end(index, verdict)
        if end is not None and is_feast(line, index, end):
            reason = reason or "a feast"
        if end is not None and line.text[end : end + 2].strip()[:1] in _OPENING:
            reason = reason or "before quotes"  # "như: Thông điệp “A”": the word for what is quoted
        if end is None or reason is not None or not self._stands_alone(verdict, line.text[start:end]):
            bound = end or line.syllables.ends[index]
            self._refused.append(Found(start, bound, start, bound, verdict, None, reason or "not like a name"))
            return None
        return Found(start, end, start, end, verdict, None)

    def _bare_end(self, index: int, verdict: Verdict) -> tuple[int | None, str | None]:
        """Return where a name without quotes seems to end, and a reason where it may go on: other printings tell."""
        end = unquoted_end(self._line, index, self._line.end)
        doubtful = end is None or is_doubtful(self._line, index, end)
        if (
            end is not None
            and doubtful
            and self._line.text[end : end + 1] == ","
            and opens_sentence(self._line, verdict.trigger)
        ):
            doubtful = False
        self.bare.append(Bare(self._line, index, verdict, None if doubtful else end))
        return end, "end unknown" if doubtful else None

    def _telling(self, start: int, end: int, verdict: Verdict) -> Found | None:
        """A name that tells itself what it is, unless it is an award's or a contest's, or part of what was refused."""
        trigger = self._line.trigger_at(start)
        if trigger is not None and trigger.end >= end:
            return None  # phát động Tháng cao điểm “Vì người nghèo”: the word for what is quoted
        refusal = verdict.refusal.word.reason if verdict.refusal and verdict.excludes_known(quoted=False) else None
        if refusal is None and verdict.trigger is None and self._refused_around(start) is not None:
            refusal = "within quotes"
        if refusal is None and verdict.trigger is None and is_given(self._line, start, start):
            refusal = "given"
        found = Found(start, end, start, end, verdict if verdict.trigger else SILENT, None, refusal)
        if refusal is None:
            return found
        self._refused.append(found)
        return None

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

    def _stands_alone(self, verdict: Verdict, name: str) -> bool:
        """A list goes on with an unquoted name only in "các phong trào A, B" or "phong trào như A, B"."""
        if self._last is None or verdict.trigger is None or verdict is not self._last.verdict:
            return True
        trigger = verdict.trigger
        announced = announces_list(self._line.text, trigger, self._line.end)
        return announced and count_syllables(name) >= MIN_UNKNOWN_SYLLABLES
