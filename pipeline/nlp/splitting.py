"""Sentences by underthesea's rules, going from mark to mark instead of from character to character."""

from __future__ import annotations

import re
from collections.abc import Iterator

_MARK = re.compile(r"[.?!]")
_MARKS = ".?!"
_BLANK = " \t\n\r"
_ELLIPSIS = 3  # full stops


class Splitter:
    """Splits as `underthesea.sent_tokenize` does, in time linear in the text."""

    def __init__(self, abbreviations: frozenset[str]) -> None:
        """Make a splitter that never ends a sentence at the full stop of one of these, in small letters."""
        self._abbreviations = abbreviations
        self._longest = max(map(len, abbreviations), default=0)

    def spans(self, text: str) -> Iterator[tuple[int, int]]:
        """Yield start and end of each sentence, without white space at its ends."""
        start = at = 0
        while (mark := _MARK.search(text, at)) is not None:
            end = self._end(text, mark.start())
            if end is None:
                at = _behind(text, mark.start(), ".")
                # of two full stops after an abbreviation the second is looked at too
                at = at if at - mark.start() >= _ELLIPSIS else mark.start() + 1
            else:
                yield from trimmed(text, start, end)
                start = at = _behind(text, end, _BLANK)
        yield from trimmed(text, start, len(text))

    def _end(self, text: str, mark: int) -> int | None:
        """Return the end of the sentence that ends with the mark; None if it goes on."""
        if text[mark] == ".":
            behind = _behind(text, mark, ".")
            if behind - mark >= _ELLIPSIS:
                follower = _behind(text, behind, " \t")
                return behind if follower == len(text) or text[follower].isupper() else None
            if self._goes_on(text, mark):
                return None
        return _behind(text, mark + 1, _MARKS)

    def _goes_on(self, text: str, dot: int) -> bool:
        """Whether a full stop is inside a number or ends an abbreviation."""
        if dot > 0 and text[dot - 1].isdigit() and text[dot + 1 : dot + 2].isdigit():
            return True
        first = dot
        while first > 0 and dot - first <= self._longest and (text[first - 1].isalnum() or text[first - 1] == "."):
            first -= 1
        return first < dot and text[first:dot].lower() in self._abbreviations


def _behind(text: str, at: int, characters: str) -> int:
    """Return the first place from `at` on with another character."""
    while at < len(text) and text[at] in characters:
        at += 1
    return at


def trimmed(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Give the place of text[start:end] without the blanks around it; nothing where it is all blanks."""
    piece = text[start:end]
    first = start + len(piece) - len(piece.lstrip())
    last = first + len(piece.strip())
    if last > first:
        yield first, last
