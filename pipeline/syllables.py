"""How names are compared: syllable by syllable, whatever their case, tone placement, dashes, commas and quotes."""

from __future__ import annotations

import functools
import re
import unicodedata
from bisect import bisect_left
from collections.abc import Sequence
from itertools import accumulate
from operator import attrgetter
from typing import NamedTuple

SYLLABLE = re.compile(r"[^\W_]+")

_TONES = "\u0300\u0301\u0303\u0309\u0323"  # grave, acute, tilde, hook above, dot below
_WITHOUT_TONES = dict.fromkeys(map(ord, _TONES))
_WRITTEN_WITH_Y = frozenset(f"{letter}y" for letter in "hklmstv")  # kỹ/kĩ, lý/lí, tỷ/tỉ: two spellings of one syllable
_NUMERALS = {"một": "1", "hai": "2", "ba": "3", "bốn": "4", "sáu": "6"}  # not "năm": it is also the year


class Syllable(NamedTuple):
    """A run of letters or digits; `key` is what it is compared by."""

    start: int
    end: int
    key: str


@functools.lru_cache(maxsize=1 << 16)
def syllable_key(printed: str) -> str:
    """Return what a syllable is compared by: "HOÀ" and "Hòa" are one, so are "kỹ" and "kĩ", "01", "1" and "một"."""
    folded = unicodedata.normalize("NFC", printed).casefold()
    if folded.isdecimal():
        return folded.lstrip("0") or "0"
    if folded in _NUMERALS:
        return _NUMERALS[folded]
    bare, tone = folded, ""
    if not folded.isascii():
        marks = unicodedata.normalize("NFD", folded)
        tone = "".join([mark for mark in marks if mark in _TONES])
        bare = unicodedata.normalize("NFC", marks.translate(_WITHOUT_TONES))
    if bare in _WRITTEN_WITH_Y:
        bare = bare[0] + "i"
    return bare + tone


class _Keys(dict[str, str]):
    """The key of each syllable met so far: a look-up costs a third of a cached call."""

    def __missing__(self, printed: str) -> str:
        key = syllable_key(printed)
        if len(self) < _KEYS_REMEMBERED:
            self[printed] = key
        return key


_KEYS_REMEMBERED = 1 << 16
KEYS = _Keys()
_new, _key_of, _start_of, _end_of = tuple.__new__, KEYS.__getitem__, attrgetter("start"), attrgetter("end")
_PARTED = re.compile(f"({SYLLABLE.pattern})")
_LONGEST_CUT_WHOLE = 200_000  # characters; the syllables of all of them take 6 MB


def syllables(text: str, start: int = 0, end: int | None = None) -> list[Syllable]:
    """Return the syllables of text[start:end] in reading order, with their offsets in `text`."""
    pieces = _PARTED.split(text[start:end])  # what stands between, a syllable, what stands between, …
    ends = list(accumulate(map(len, pieces), initial=start))
    return [_new(Syllable, row) for row in zip(ends[1::2], ends[2::2], map(_key_of, pieces[1::2]), strict=False)]


def syllables_within(text: str, line: Sequence[Syllable], start: int, end: int) -> list[Syllable]:
    """Return what `syllables` does for a part of a line whose syllables are given; one that is cut has another key."""
    first = bisect_left(line, start, key=_end_of)
    found = list(line[first : bisect_left(line, end, lo=first, key=_start_of)])
    if found and (found[0].start < start or found[-1].end > end):
        return syllables(text, start, end)
    return found


class Spelt:
    """A text and its syllables, which are cut once, when they are first asked for."""

    def __init__(self, text: str) -> None:
        self.text = text

    @functools.cached_property
    def _all(self) -> list[Syllable]:
        return syllables(self.text)

    def within(self, start: int, end: int) -> list[Syllable]:
        """Return the syllables of a part of the text, in reading order."""
        if len(self.text) > _LONGEST_CUT_WHOLE:
            return syllables(self.text, start, end)
        return syllables_within(self.text, self._all, start, end)


def name_key(name: str) -> tuple[str, ...]:
    """Return what a whole name is compared by: the keys of its syllables; "&" is read as "và"."""
    return tuple([KEYS[printed] for printed in SYLLABLE.findall(name.replace("&", " và "))])


def unmarked_key(name: str) -> tuple[str, ...]:
    """Return what a name is compared by in a text that was typed without marks: "Lao dong gioi" for Lao động giỏi."""
    return name_key(without_diacritics(name.casefold()))


def without_diacritics(key: str) -> str:
    """Return a syllable key without any mark, "đ" as "d": what is left when a typist missed the marks."""
    if key.isascii():
        return key
    bare = [mark for mark in unicodedata.normalize("NFD", key) if not unicodedata.combining(mark)]
    return "".join(bare).replace("đ", "d")
