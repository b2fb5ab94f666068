"""Where a text stands in the corpus, whatever its case and tone style; typed without marks, whatever the marks."""

from __future__ import annotations

import itertools
import re
import string
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from pipeline.parts import QueryRefused
from pipeline.spelling import Spelled, as_text, has_marks, search_key, spelled

_PLAIN = re.compile(r"[a-z0-9 ]+")
_OPEN_SYLLABLE = re.compile("[hklmstv]i")
# of Unicode: the letters of ASCII, those composed with marks, and the signs for Kelvin and Ångström
_LATIN_BLOCKS = (range(0x41, 0x7B), range(0xC0, 0x250), range(0x1E00, 0x1F00), range(0x212A, 0x212C))


@dataclass(frozen=True, slots=True)
class Sought:
    """What is looked for: keys of syllables that follow each other, and whether their marks count."""

    keys: tuple[str, ...]
    marks: bool


def sought(text: str, marks: bool | None = None) -> Sought:
    """Return what a typed text looks for.

    Args:
        text: "Hoà Bình" finds "hòa bình", "HÒA - BÌNH", and not "hoa binh"; "hoa binh" finds all of these.
        marks: whether the marks count; None: they do if any are typed.

    Raises:
        NotText: None, bytes or another thing that is no text.
        QueryRefused: no letter or digit in it.
    """
    with_marks = has_marks(as_text(text)) if marks is None else marks
    keys = tuple(search_key(text, marks=with_marks).split())
    if not keys:
        raise QueryRefused("there is no letter or digit to search for")
    return Sought(keys, with_marks)


def candidate_pattern(wanted: Sought) -> str | None:
    """Return a regular expression of RE2 that every sentence with the text matches, as it is printed.

    None where the letters are not plain Latin ones: then each sentence is looked at.
    """
    bare = search_key(" ".join(wanted.keys), marks=False)
    if _PLAIN.fullmatch(bare) is None:
        return None
    return r"[^\pL\pN]+".join(map(_printed, bare.split()))


def _printed(syllable: str) -> str:
    """Return what matches a syllable however it is printed: composed or not, in small letters or capitals."""
    letters = _printed_letters()
    kinds = [letters.get(letter, letter) for letter in syllable]
    if _OPEN_SYLLABLE.fullmatch(syllable):
        kinds[1] = letters["i"] + letters["y"]
    return "".join(rf"[{kind}][\x{{300}}-\x{{36f}}]*" if kind.isalpha() else kind for kind in kinds)


@lru_cache
def _printed_letters() -> dict[str, str]:
    """Return the letters that are printed for each plain one, with any mark."""
    found: dict[str, str] = dict.fromkeys(string.ascii_lowercase, "")
    for code in itertools.chain.from_iterable(_LATIN_BLOCKS):
        plain = search_key(chr(code), marks=False)
        if plain in found:
            found[plain] += chr(code)
    return found


def find(wanted: Sought, text: str) -> Iterator[tuple[int, int]]:
    """Yield start and end of each place in a text, in reading order; two places do not overlap."""
    found: list[Spelled] = spelled(text, marks=wanted.marks)
    keys = [syllable.key for syllable in found]
    length, place = len(wanted.keys), 0
    while place + length <= len(keys):
        if tuple(keys[place : place + length]) == wanted.keys:
            yield found[place].start, found[place + length - 1].end
            place += length
        else:
            place += 1


def hits(wanted: Sought, batches: Iterable[Any]) -> Iterator[dict[str, Any]]:
    """Yield one row a place: the columns of the sentence, and surface, start and end in `articles.text`.

    Batches have the columns `sentence_text` and `sentence_start` besides those that are passed on.
    """
    for batch in batches:
        for row in batch.to_pylist():
            offset, text = row.pop("sentence_start"), row["sentence_text"]
            for start, end in find(wanted, text):
                yield {**row, "surface": text[start:end], "start": offset + start, "end": offset + end}
