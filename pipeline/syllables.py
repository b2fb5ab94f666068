"""How names are compared: syllable by syllable, whatever their case, tone placement, dashes, commas and quotes."""

from __future__ import annotations

import functools
import re
import unicodedata
from typing import NamedTuple

SYLLABLE = re.compile(r"[^\W_]+")

_TONES = "\u0300\u0301\u0303\u0309\u0323"  # grave, acute, tilde, hook above, dot below
_WRITTEN_WITH_Y = re.compile(r"[hklmstv]y")  # kỹ/kĩ, lý/lí, tỷ/tỉ: two spellings of one syllable
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
    marks = unicodedata.normalize("NFD", folded)
    tone = "".join(mark for mark in marks if mark in _TONES)
    bare = unicodedata.normalize("NFC", "".join(mark for mark in marks if mark not in _TONES))
    if _WRITTEN_WITH_Y.fullmatch(bare):
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
_KEYS = _Keys()
_new = tuple.__new__


def syllables(text: str, start: int = 0, end: int | None = None) -> list[Syllable]:
    """Return the syllables of text[start:end] in reading order, with their offsets in `text`."""
    found = SYLLABLE.finditer(text, start, len(text) if end is None else end)
    return [_new(Syllable, (*match.span(), _KEYS[match[0]])) for match in found]


def name_key(name: str) -> tuple[str, ...]:
    """Return what a whole name is compared by: the keys of its syllables; "&" is read as "và"."""
    return tuple(syllable_key(match[0]) for match in SYLLABLE.finditer(name.replace("&", " và ")))


def unmarked_key(name: str) -> tuple[str, ...]:
    """Return what a name is compared by in a text that was typed without marks: "Lao dong gioi" for Lao động giỏi."""
    return name_key(without_diacritics(name.casefold()))


def without_diacritics(key: str) -> str:
    """Return a syllable key without any mark, "đ" as "d": what is left when a typist missed the marks."""
    return "".join(mark for mark in unicodedata.normalize("NFD", key) if not unicodedata.combining(mark)).replace(
        "đ", "d"
    )
