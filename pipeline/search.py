"""Where a text stands in the corpus, whatever its case and tone style; typed without marks, whatever the marks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from pipeline.parts import QueryRefused
from pipeline.spelling import Spelled, as_text, has_marks, search_key, spelled

_PLAIN = re.compile(r"[a-z0-9 ]+")
_OPEN_SYLLABLE = re.compile("[hklmstv]i")


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
    """Return a regular expression that every sentence with the text matches, once lowered and stripped of accents.

    None where the letters are not plain Latin ones: then each sentence is looked at.
    """
    bare = search_key(" ".join(wanted.keys), marks=False)
    if _PLAIN.fullmatch(bare) is None:
        return None
    syllables = [f"{word[0]}[iy]" if _OPEN_SYLLABLE.fullmatch(word) else word for word in bare.split()]
    return r"[^\pL\pN]+".join(syllables)


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
