"""The words of a sentence with what is no figure by its shape, or a movement's name, hidden behind one word each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from pipeline.figures.number_style import as_vietnamese
from pipeline.figures.shapes import Shape, shapes
from pipeline.figures.words import Word, WordKind, read_words
from pipeline.records import Movement, Sentence

MOVEMENT_NAME: Final = "movement name"


def visible_words(
    text: str, sentence: Sentence, named: Sequence[Movement], *, english: bool = False
) -> tuple[tuple[Word, ...], list[Shape]]:
    """Cut a sentence into words, each movement's name, date, time and document number as one.

    Args:
        named: the movements of the sentence.
        english: the text writes "1,250.5"; its numbers come out in the Vietnamese way.

    Returns:
        The words, and the hidden stretches that have digits in them, each with its reason; all offsets count in the
        text.
    """
    printed = text[sentence.start : sentence.end]
    spans = [Shape(m.start, m.end, MOVEMENT_NAME) for m in named]
    spans += [
        replace(shape, start=shape.start + sentence.start, end=shape.end + sentence.start) for shape in shapes(printed)
    ]
    if not spans:
        return tuple(_read(printed, sentence.start, english=english)), []
    spans.sort(key=lambda span: (span.start, -span.end))
    words: list[Word] = []
    hidden: list[Shape] = []
    next_span = 0
    for word in _read(printed, sentence.start, english=english):
        while next_span < len(spans) and spans[next_span].end <= word.start:
            next_span += 1
        span = spans[next_span] if next_span < len(spans) else None
        if span is None or word.end <= span.start:
            words.append(word)
        elif hidden and hidden[-1].start == span.start:
            continue
        else:
            hidden.append(span)
            kind: WordKind = "name" if span.reason == MOVEMENT_NAME else "mark"
            words.append(Word(text[span.start : span.end], "", span.start, span.end, kind))
    return tuple(words), [h for h in hidden if any("0" <= sign <= "9" for sign in text[h.start : h.end])]


def _read(printed: str, offset: int, *, english: bool) -> Iterator[Word]:
    if not english:
        return read_words(printed, offset)
    return (_as_vietnamese(word) if word.kind == "number" else word for word in read_words(printed, offset))


def _as_vietnamese(word: Word) -> Word:
    written = as_vietnamese(word.text)
    return word._replace(text=written, folded=written)
