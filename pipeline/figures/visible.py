"""The words of a sentence with what is no figure by its shape, or a movement's name, hidden behind one word each."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from pipeline.figures.number_style import as_vietnamese
from pipeline.figures.shapes import Shape, shapes
from pipeline.figures.words import Line, Word, WordKind, line_of, read_line
from pipeline.records import Movement, Sentence

MOVEMENT_NAME: Final = "movement name"


class Names:
    """The movements' names of a text, found by their place; with the sentences that were cut with them into words.

    Figures and amounts in words read the same sentences.
    """

    def __init__(self, movements: Sequence[Movement]) -> None:
        self.cut: dict[int, tuple[Line, list[Shape]]] = {}  # by where a sentence starts, as the text has its numbers
        self._spans = sorted(Shape(m.start, m.end, MOVEMENT_NAME) for m in movements)
        self._longest = max((span.end - span.start for span in self._spans), default=0)

    def within(self, start: int, end: int) -> list[Shape]:
        """Return the names that touch text[start:end], in reading order."""
        if not self._spans:
            return []
        first = bisect_left(self._spans, (start - self._longest,))
        return [span for span in self._spans[first : bisect_left(self._spans, (end,))] if span.end > start]


def visible_words(text: str, sentence: Sentence, names: Names, *, english: bool = False) -> tuple[Line, list[Shape]]:
    """Cut a sentence into words, each movement's name, date, time and document number as one.

    Args:
        names: the movements' names of the text.
        english: the text writes "1,250.5"; its numbers come out in the Vietnamese way.

    Returns:
        The words, and the hidden stretches that have digits in them, each with its reason; all offsets count in the
        text.
    """
    if english:
        return _cut(text, sentence, names, english=True)
    if sentence.start not in names.cut:
        names.cut[sentence.start] = _cut(text, sentence, names, english=False)
    line, hidden = names.cut[sentence.start]
    return line, [*hidden]


def _cut(text: str, sentence: Sentence, names: Names, *, english: bool) -> tuple[Line, list[Shape]]:
    printed = text[sentence.start : sentence.end]
    line = read_line(printed, sentence.start)
    spans = names.within(sentence.start, sentence.end)
    spans += shapes(printed, sentence.start, line)
    if english:
        line = line._replace(words=[_as_vietnamese(w) if w.kind == "number" else w for w in line.words])
    if not spans:
        return line, []
    spans.sort(key=lambda span: (span.start, -span.end))
    line, hidden = _with_hidden(text, line, spans)
    return line, [h for h in hidden if any("0" <= sign <= "9" for sign in text[h.start : h.end])]


def _with_hidden(text: str, line: Line, spans: Sequence[Shape]) -> tuple[Line, list[Shape]]:
    """Return the words with each of the spans, which are in reading order, as one word in place of those it touches."""
    words: list[Word] = []
    starts: list[int] = []
    hidden: list[Shape] = []
    done = 0
    for span in spans:
        first, beyond = _touched(line, span, done)
        if first == beyond:
            continue
        words += line.words[done:first]
        starts += line.starts[done:first]
        if words and line.starts[first] != span.start:
            length = span.start - starts[-1]
            words[-1] = replace(words[-1], space=length - len(words[-1].text), length=length)
        words.append(_hiding(text, span, line.starts[beyond]))
        starts.append(span.start)
        hidden.append(span)
        done = beyond
    return line_of([*words, *line.words[done:]], [*starts, *line.starts[done:]]), hidden


def _hiding(text: str, span: Shape, next_start: int) -> Word:
    """Return the one word that stands for a span."""
    kind: WordKind = "name" if span.reason == MOVEMENT_NAME else "mark"
    return Word(text[span.start : span.end], "", kind, next_start - span.end, next_start - span.start, digits=False)


def _touched(line: Line, span: Shape, done: int) -> tuple[int, int]:
    """Return the first word from words[done] on that a span touches, and the first one beyond it."""
    count = len(line.words)
    first = max(done, bisect_right(line.starts, span.start, 0, count) - 1)
    if first < count and line.end(first + 1) <= span.start:
        first += 1
    return first, bisect_left(line.starts, span.end, first, count)


def _as_vietnamese(word: Word) -> Word:
    written = as_vietnamese(word.text)
    return replace(word, text=written, folded=written)
