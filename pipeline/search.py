"""Where a text stands in the corpus, whatever its case and tone style; typed without marks, whatever the marks."""

from __future__ import annotations

import itertools
import re
import string
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import pyarrow as pa

from pipeline.parts import QueryRefused
from pipeline.spelling import Spelled, as_text, has_marks, search_key, spelled

_LOOSE_MARKS = "".join(map(chr, range(0x300, 0x370)))
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
    syllables = _plain(wanted)
    return (
        None if syllables is None else r"[^\pL\pN]+".join(_printed(each, r"[\x{300}-\x{36f}]*") for each in syllables)
    )


def _plain(wanted: Sought) -> list[str] | None:
    """Return the bare letters of each syllable; None where they are not plain Latin ones."""
    bare = search_key(" ".join(wanted.keys), marks=False)
    return None if _PLAIN.fullmatch(bare) is None else bare.split()


def _printed(syllable: str, marks: str) -> str:
    """Return what matches a syllable however it is printed: composed or not, in small letters or capitals."""
    letters = _printed_letters()
    kinds = [letters.get(letter, letter) for letter in syllable]
    if _OPEN_SYLLABLE.fullmatch(syllable):
        kinds[1] = letters["i"] + letters["y"]
    return "".join(f"[{kind}]{marks}" for kind in kinds)


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
    printed = _whole_syllables(wanted)
    return _all_read(wanted, text) if printed is None else _where_printed(wanted, printed, text)


@lru_cache
def _whole_syllables(wanted: Sought) -> re.Pattern[str] | None:
    """Return what every place of the text matches, from one end to the other, and other whole syllables may."""
    syllables = _plain(wanted)
    if syllables is None:
        return None
    # nothing is given back: what a syllable or a gap begins with says where it ends
    printed = r"[\W_]++".join(_printed(syllable, "[\u0300-\u036f]*+") for syllable in syllables)
    return re.compile(rf"(?<![^\W_]){printed}(?![^\W_])")


def _where_printed(wanted: Sought, printed: re.Pattern[str], text: str) -> Iterator[tuple[int, int]]:
    at = 0
    while match := printed.search(text, at):
        start, end = match.span()
        if _is_start(text, start) and _keys(match[0], wanted.marks) == wanted.keys:
            yield start, end
            at = end
        else:
            at = start + 1


def _is_start(text: str, at: int) -> bool:
    """Whether what stands there is no later letter of a syllable whose letters bear marks of their own."""
    return not text[:at].rstrip(_LOOSE_MARKS)[-1:].isalnum() if text[at - 1 : at] in _LOOSE_MARKS else True


def _keys(printed: str, marks: bool) -> tuple[str, ...]:
    return tuple(syllable.key for syllable in spelled(printed, marks=marks))


def _all_read(wanted: Sought, text: str) -> Iterator[tuple[int, int]]:
    found: list[Spelled] = spelled(text, marks=wanted.marks)
    keys = [syllable.key for syllable in found]
    length, place = len(wanted.keys), 0
    while place + length <= len(keys):
        if tuple(keys[place : place + length]) == wanted.keys:
            yield found[place].start, found[place + length - 1].end
            place += length
        else:
            place += 1


def hits(wanted: Sought, sentences: pa.RecordBatch) -> pa.RecordBatch:
    """Return one row a place: the columns of its sentence, and surface, start and end in `articles.text`.

    Sentences have the columns `sentence_text` and `sentence_start`, which is not passed on.
    """
    rows: list[int] = []
    surfaces: list[str] = []
    starts: list[int] = []
    offsets = sentences.column("sentence_start").to_pylist()
    for row, text in enumerate(sentences.column("sentence_text").to_pylist()):
        for start, end in find(wanted, text):
            rows.append(row)
            surfaces.append(text[start:end])
            starts.append(offsets[row] + start)
    ends = [start + len(surface) for start, surface in zip(starts, surfaces, strict=True)]
    found = sentences.drop_columns(["sentence_start"]).take(pa.array(rows, pa.int64()))
    own = {
        "surface": pa.array(surfaces, pa.string()),
        "start": pa.array(starts, pa.int64()),
        "end": pa.array(ends, pa.int64()),
    }
    return pa.RecordBatch.from_arrays([*found.columns, *own.values()], names=[*found.schema.names, *own])
