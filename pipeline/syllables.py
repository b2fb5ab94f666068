"""How names are compared: syllable by syllable, whatever their case, tone placement, dashes, commas and quotes."""

from __future__ import annotations

import functools
import re
import unicodedata
from bisect import bisect_left
from collections.abc import Sequence
from itertools import accumulate, compress

SYLLABLE = re.compile(r"[^\W_]+")

_TONES = "\u0300\u0301\u0303\u0309\u0323"  # grave, acute, tilde, hook above, dot below
_WITHOUT_TONES = dict.fromkeys(map(ord, _TONES))
_WRITTEN_WITH_Y = frozenset(f"{letter}y" for letter in "hklmstv")  # kỹ/kĩ, lý/lí, tỷ/tỉ: two spellings of one syllable
_ETH = "ð"  # printed for "đ" by keyboards and fonts of the 1990s: "LÐLÐ tỉnh", "Ðảng"
_NUMERALS = {"một": "1", "hai": "2", "ba": "3", "bốn": "4", "sáu": "6"}  # not "năm": it is also the year


class Syllables:
    """The syllables of a stretch of text in reading order, in columns: by which key each is compared, where it stands.

    A syllable is a run of letters or digits; its offsets count in the whole text.
    """

    __slots__ = ("ends", "keys", "starts")

    def __init__(self, keys: list[str], starts: list[int], ends: list[int]) -> None:
        self.keys, self.starts, self.ends = keys, starts, ends

    def __len__(self) -> int:
        return len(self.keys)

    def part(self, first: int, last: int) -> Syllables:
        """Return those from one place up to another, exclusive."""
        return Syllables(self.keys[first:last], self.starts[first:last], self.ends[first:last])

    def only(self, these: Sequence[bool]) -> Syllables:
        """Return those of which it is said that they count."""
        return Syllables([*compress(self.keys, these)], [*compress(self.starts, these)], [*compress(self.ends, these)])


@functools.lru_cache(maxsize=1 << 16)
def syllable_key(printed: str) -> str:
    """Return what a syllable is compared by: "HOÀ" and "Hòa" are one, so are "kỹ" and "kĩ", "01", "1" and "một"."""
    folded = unicodedata.normalize("NFC", printed).casefold().replace(_ETH, "đ")
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
_key_of = KEYS.__getitem__
_PARTED = re.compile(f"({SYLLABLE.pattern})")
_LONGEST_CUT_WHOLE = 200_000  # characters; the syllables of all of them take 6 MB


def syllables(text: str, start: int = 0, end: int | None = None) -> Syllables:
    """Return the syllables of text[start:end], with their offsets in `text`."""
    return _of_pieces(_PARTED.split(text[start:end]), start)


def _of_pieces(pieces: list[str], start: int) -> Syllables:
    """Return the syllables of what stands before the first one, the first one, what stands between, …, from `start`."""
    ends = list(accumulate(map(len, pieces), initial=start))
    return Syllables(list(map(_key_of, pieces[1::2])), ends[1:-1:2], ends[2::2])


def syllables_within(text: str, line: Syllables, start: int, end: int) -> Syllables:
    """Return what `syllables` does for a part of a line whose syllables are given; one that is cut has another key."""
    first = bisect_left(line.ends, start)
    last = bisect_left(line.starts, end, first)
    if first < last and (line.starts[first] < start or line.ends[last - 1] > end):
        return syllables(text, start, end)
    return line.part(first, last)


class Spelt:
    """A text and its syllables, which are cut once, when they are first asked for."""

    def __init__(self, text: str) -> None:
        self.text = text

    @functools.cached_property
    def pieces(self) -> list[str]:
        """What stands before the first syllable of the text, the first syllable, what stands between, …."""
        return _PARTED.split(self.text)

    @functools.cached_property
    def all(self) -> Syllables:
        """All syllables of the text."""
        return _of_pieces(self.pieces, 0)

    @property
    def is_long(self) -> bool:
        """Whether the text is so long that all of its syllables are too many to be held at once."""
        return len(self.text) > _LONGEST_CUT_WHOLE

    def within(self, start: int, end: int) -> Syllables:
        """Return the syllables of a part of the text."""
        if self.is_long:
            return syllables(self.text, start, end)
        return syllables_within(self.text, self.all, start, end)


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
