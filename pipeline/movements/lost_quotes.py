"""Quotes that miss their other half: where the name in them must begin or end."""

from __future__ import annotations

import re

from pipeline.movements.heads import announces
from pipeline.movements.line import CAPITALS, MAX_NAME_SYLLABLES, Line, count_syllables
from pipeline.movements.quotes import Quoted
from pipeline.movements.registry import Registry
from pipeline.movements.unquoted import unquoted_end

MAX_BROKEN_SYLLABLES = 12  # of a name whose closing quote stands on the next line

_SEPARATOR = re.compile(r"\s(?:và|hoặc|cùng)$", re.IGNORECASE)
_ITEM_START = re.compile(rf"[;,:]\s*(?=[{CAPITALS}])")
_SENTENCE_SIGN = re.compile(r"[.!?…;:]")


def with_whole_quotes(line: Line, registry: Registry) -> Line:
    """Return the line with each quoted passage whole; those whose lost bound nothing tells are left out."""
    if all(passage.defect is None for passage in line.passages):
        return line
    bounded = [_bounded(line, passage, registry) for passage in line.passages]
    whole = [passage for passage in bounded if passage is not None]
    return line._replace(passages=sorted(whole, key=lambda passage: passage.outer_start))


def _bounded(line: Line, passage: Quoted, registry: Registry) -> Quoted | None:
    """Give a passage that lost a quote the bound it must have had, or None where nothing tells."""
    if passage.defect is None:
        return passage
    if passage.defect == "no closing":
        end = _lost_end(line, passage, registry)
        return None if end is None else Quoted(passage.outer_start, passage.start, end, end, "no closing")
    start = _lost_start(line, passage, registry)
    return None if start is None else Quoted(start, start, passage.end, passage.outer_end, "no opening")


def _lost_end(line: Line, passage: Quoted, registry: Registry) -> int | None:
    first = line.index_at(passage.start)
    known = line.known(registry, first) if first < len(line.syllables) else None
    if known is not None:
        return line.syllables.ends[first + known[0] - 1]
    if passage.end < line.end:  # the next item's quote opens there
        if line.is_no_name(passage.start, passage.end) is not None:
            return None
        inside = line.text[passage.start : passage.end]
        return passage.start + len(_SEPARATOR.sub("", inside.rstrip(" \t\u00a0,;:")).rstrip(" \t\u00a0,;:"))
    rest = line.text[passage.start : line.end].rstrip()
    if count_syllables(rest) <= MAX_BROKEN_SYLLABLES and _SENTENCE_SIGN.search(rest) is None:
        return passage.start + len(rest)  # the line breaks within the name
    return unquoted_end(line, first, passage.end)


def _lost_start(line: Line, passage: Quoted, registry: Registry) -> int | None:
    after = line.index_at(passage.end)
    earliest = max(line.index_at(passage.start), after - MAX_NAME_SYLLABLES)
    for index in line.known_places(registry, earliest, after):
        known = line.known(registry, index)
        if known is not None and index + known[0] == after:
            return line.syllables.starts[index]
    head = line.head_before(passage.end, passage.start)
    if head is not None and head.word.role != "trigger":
        return None
    since = head.end if head is not None else passage.start
    announced = max(line.text.rfind(":", since, passage.end), line.text.rfind(" như ", since, passage.end) + 3)
    if head is not None and announced > since and announces(line.text[since : announced + 1]):
        since = announced + 1
    if head is None and (separated := _ITEM_START.search(line.text, since, passage.end)) is not None:
        since = separated.end()
    first = line.index_at(since)
    if first >= after or (head is None and passage.start == line.start):
        return None
    start = line.syllables.starts[first]
    return start if line.capitalised(first) and line.is_no_name(start, passage.end) is None else None
