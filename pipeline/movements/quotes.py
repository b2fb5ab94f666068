"""Quoted passages of a line: curly, straight, single, mixed and nested quotes, and those with one quote missing.

A quote's place tells more than its shape (“A“, ”B” and "C“ are printed every day): before a word and after a space it
opens, after a word and before a space it closes. Only where the place says nothing is the shape asked, and of straight
quotes every other one opens.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, NamedTuple

Defect = Literal["no opening", "no closing"]

# begins with all of its signs: nothing else is stopped at
_MARK = re.compile(r"[“”„‟\"«»″＂‘’‚‛'](?:(?<=‘)‘|(?<=’)’|(?<=')')?")
_OPENING_SHAPES = frozenset(("“", "„", "«", "‘", "‘‘", "‚"))
_APOSTROPHES = frozenset("'’‘‛")
_CLOSING_SHAPES = frozenset(("”", "»", "’", "’’"))
_SEPARATED = re.compile(r"(?:[,;:]|\b(?:và|hoặc|cùng))\s*$", re.IGNORECASE)


class Quoted(NamedTuple):
    """A passage in quotes. text[start:end] is its inside; `outer_start` and `outer_end` take in the quotes.

    With a `defect` one bound is only known to lie somewhere up to the neighbouring quote: `start` of a passage with
    no opening quote, `end` of one with no closing quote.
    """

    outer_start: int
    start: int
    end: int
    outer_end: int
    defect: Defect | None = None


@dataclass(slots=True)
class _Open:
    start: int
    inner_start: int
    first_inner: int | None = None


def quoted_passages(text: str, start: int, end: int) -> list[Quoted]:
    """Return the quoted passages of the line text[start:end], outermost ones before those inside them."""
    passages: list[Quoted] = []
    open_marks: list[_Open] = []
    last = start  # where the passage before ended: no missing quote is looked for before it
    for mark in _MARK.finditer(text, start, end):
        role = _role(text, start, end, mark, bool(open_marks))
        if role == "closes" and mark[0] in _APOSTROPHES and not open_marks:
            continue  # 5' or a stray apostrophe, hardly the end of a name
        if role == "opens":
            if open_marks and open_marks[-1].first_inner is None:
                open_marks[-1].first_inner = mark.start()
            open_marks.append(_Open(mark.start(), mark.end()))
        elif role == "closes":
            opened = open_marks.pop() if open_marks else None
            if opened is not None and _left_open(text, opened):
                passages.append(_unclosed(opened, end))
                opened = None
            if opened is None:
                passages.append(Quoted(last, last, mark.start(), mark.end(), "no opening"))
            else:
                passages.append(Quoted(opened.start, opened.inner_start, mark.start(), mark.end()))
            last = mark.end()
    passages.extend(_unclosed(opened, end) for opened in open_marks)
    return sorted(passages, key=lambda passage: passage.end if passage.defect == "no opening" else passage.start)


def _unclosed(opened: _Open, end: int) -> Quoted:
    limit = opened.first_inner if opened.first_inner is not None else end
    return Quoted(opened.start, opened.inner_start, limit, limit, "no closing")


def _left_open(text: str, opened: _Open) -> bool:
    """“A, “B”, C”: a quote that opens after a separator begins the next item, it is not inside the one before."""
    inner = opened.first_inner
    if inner is None:
        return False
    before = text[max(opened.inner_start, inner - 8) : inner]
    return _SEPARATED.search(before) is not None


def _role(text: str, start: int, end: int, mark: re.Match[str], is_open: bool) -> Literal["opens", "closes", "none"]:
    before = text[mark.start() - 1] if mark.start() > start else " "
    after = text[mark.end()] if mark.end() < end else " "
    if before.isalnum() and after.isalnum() and mark[0] in _APOSTROPHES:
        return "none"  # an apostrophe: K'Ho
    opens_here = (before.isspace() or before in "([:,;/-–—+|…") and (after.isalnum() or after in "#+")
    closes_here = not before.isspace() and not after.isalnum() and before not in "([:"
    if opens_here != closes_here:
        return "opens" if opens_here else "closes"
    if mark[0] in _OPENING_SHAPES:
        return "opens"
    if mark[0] in _CLOSING_SHAPES:
        return "closes"
    return "closes" if is_open else "opens"
