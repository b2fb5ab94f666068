"""The plain path: underthesea's public functions, for versions that the fast path does not know."""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import Any

from pipeline.nlp.answers import Depth, Tagged
from pipeline.nlp.normal import readable, without_surrogates

_LETTERS = re.compile(r"\w+")


class NotAligned(ValueError):
    """A word of underthesea's answer that is not found in the text it was given."""


def read(texts: Sequence[str], depth: Depth = "entities") -> Iterator[Tagged]:
    """Yield what underthesea says of each text, which is taken for one sentence, down to the depth asked for.

    Raises:
        NotAligned: a word of the answer is not in the text.
    """
    for text in texts:
        clean = readable(text, {})
        shown = without_surrogates(clean.text)
        rows = _rows(shown, depth)
        spans = word_spans(shown, [row[0] for row in rows])
        if clean.printed is not None:
            spans = [(clean.printed[start], clean.printed[end]) for start, end in spans]
        yield Tagged(
            [row[0] for row in rows],
            [start for start, _ in spans],
            [end for _, end in spans],
            [row[1] for row in rows] if depth != "words" else [],
            [row[-1] for row in rows] if depth == "entities" else [],
        )


def split(text: str) -> Iterator[tuple[int, int]]:
    """Yield start and end of each sentence of a text."""
    at = 0
    for printed in _underthesea().sent_tokenize(text):
        at = text.index(printed, at)
        yield at, at + len(printed)
        at += len(printed)


def word_spans(text: str, words: Sequence[str]) -> list[tuple[int, int]]:
    """Return where each of underthesea's words stands in the text it was given; it respells some syllables.

    Raises:
        NotAligned: the words are not the whole text, in order.
    """
    spans, at = [], 0
    for word in words:
        first: int | None = None
        for syllable in word.split():
            start = _behind_blank(text, at)
            first = start if first is None else first
            at = _syllable_end(text, start, syllable)
        spans.append((at if first is None else first, at))
    if text[at:].strip():
        raise NotAligned(f"underthesea's words end before {text[at : at + 40]!r}")
    return spans


def _syllable_end(text: str, start: int, syllable: str) -> int:
    """Return where a syllable ends that starts here: as it is, respelt as a whole, or character for character."""
    if text.startswith(syllable, start):
        return start + len(syllable)
    respelt = _LETTERS.match(text, start)
    if respelt is not None and all(letter.isalnum() or unicodedata.combining(letter) for letter in syllable):
        return respelt.end()
    end = start + len(syllable)
    if end > len(text) or any(character.isspace() for character in text[start:end]):
        raise NotAligned(f"{syllable!r} of underthesea's answer is not in {text[start : start + 40]!r}")
    return end


def _behind_blank(text: str, at: int) -> int:
    while at < len(text) and text[at].isspace():
        at += 1
    return at


def _rows(text: str, depth: Depth) -> list[tuple[str, ...]]:
    words = _underthesea().word_tokenize(text)
    if depth == "words" or not words:
        return [(word,) for word in words]
    rows = _underthesea().pos_tag(text) if depth == "pos" else _underthesea().ner(text)
    return [tuple(row) for row in rows]


@functools.cache
def _underthesea() -> Any:
    import underthesea

    return underthesea
