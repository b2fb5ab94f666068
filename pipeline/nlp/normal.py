"""Text as the models read it, and the way back to the text as printed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

# putting marks in order takes time quadratic in their number, so what is longer than any word is composed in pieces
_RUN = re.compile(r"\S{1,1000}|\s+")
# half of a surrogate pair: underthesea's library refuses it; what stands for it is as unknown to the models
_SURROGATE, _UNREADABLE = re.compile("[\ud800-\udfff]"), "\ufffd"


def without_surrogates(text: str) -> str:
    """Return a text that can be written in UTF-8, character for character."""
    return _SURROGATE.sub(_UNREADABLE, text)


@dataclass(frozen=True, slots=True)
class Readable:
    """A text in Unicode NFC with underthesea's characters; `printed[i]` is where its character i stands in the text.

    `printed` has one entry more, the end; it is None when every character stands where it stood. Characters that were
    composed or reordered together share their start, so that a boundary inside of them falls on it.
    """

    text: str
    printed: list[int] | None = field(default=None)


def all_readable(texts: Sequence[str], characters: Mapping[str, str]) -> list[Readable]:
    """Return texts as the models read them; quickly where they are so already, as texts of the press are."""
    together = "\n".join(texts)
    if unicodedata.is_normalized("NFC", together) and not any(character in together for character in characters):
        return list(map(Readable, texts))
    return [readable(text, characters) for text in texts]


def readable(text: str, characters: Mapping[str, str]) -> Readable:
    """Return a text as the models read it.

    Args:
        characters: those that underthesea takes for others (Icelandic "ð" for "đ"), one for one.
    """
    printed = None
    if not unicodedata.is_normalized("NFC", text):
        text, printed = _composed(text)
    for character, written in characters.items():
        text = text.replace(character, written)
    return Readable(text, printed)


def _composed(text: str) -> tuple[str, list[int]]:
    """Return a text in NFC and where each of its characters stood; nothing is ever composed with white space."""
    pieces: list[str] = []
    printed: list[int] = []
    for run in _RUN.finditer(text):
        for start, end in _segments(run.group()):
            piece = unicodedata.normalize("NFC", run.group()[start:end])
            at, length = run.start() + start, end - start
            same = len(piece) == length
            printed += [at + place if same else at for place in range(len(piece))]
            pieces.append(piece)
    return "".join(pieces), [*printed, len(text)]


def _segments(run: str) -> list[tuple[int, int]]:
    """Cut a run where no character is composed with one before the cut, nor changes places with it."""
    cuts = [0]
    for at in range(1, len(run)):
        if unicodedata.combining(run[at]) == 0 and not _joins(run[cuts[-1] : at], run[at]):
            cuts.append(at)
    segments = list(zip(cuts, [*cuts[1:], len(run)], strict=True))
    pieces = (unicodedata.normalize("NFC", run[start:end]) for start, end in segments)
    return segments if "".join(pieces) == unicodedata.normalize("NFC", run) else [(0, len(run))]


def _joins(before: str, character: str) -> bool:
    alone = unicodedata.normalize("NFC", before) + unicodedata.normalize("NFC", character)
    return unicodedata.normalize("NFC", before + character) != alone
