"""From sentences to figures: hide what is no figure by its shape, read the numbers, give series their noun."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from pipeline.attribution import attribute
from pipeline.figures.lexicon import UnitLexicon, unit_lexicon
from pipeline.figures.reading import NumberReader, Quantity, Refused
from pipeline.figures.refusals import year_like
from pipeline.figures.shapes import Shape, shapes
from pipeline.figures.words import Word, longest_phrase, phrase_before, read_words
from pipeline.schema import Figure, Movement, Sentence

SERIES_WORDS: Final = 14  # words within which the noun of a series follows its first parts
HEDGE_WORDS: Final = 3
PART_ENDS: Final = frozenset(",;.)(:–-")


@dataclass(frozen=True, slots=True)
class RefusedNumber:
    """Digits of a text that are no figure, and why; offsets count in the text."""

    start: int
    end: int
    reason: str


def extract_figures(text: str, sentences: Sequence[Sentence], movements: Sequence[Movement]) -> tuple[Figure, ...]:
    """Return the reported quantities of a text, in reading order, not overlapping.

    `text[figure.start:figure.end] == figure.surface`. A number inside a movement's name is no figure.
    """
    return tuple(figure for sentence in sentences for figure in _read(text, sentence, movements)[0])


def refused_numbers(
    text: str, sentences: Sequence[Sentence], movements: Sequence[Movement]
) -> tuple[RefusedNumber, ...]:
    """Return the digits of a text that are no figure, each with its reason, in reading order."""
    return tuple(refused for sentence in sentences for refused in _read(text, sentence, movements)[1])


def _read(text: str, sentence: Sentence, movements: Sequence[Movement]) -> tuple[list[Figure], list[RefusedNumber]]:
    lexicon = unit_lexicon()
    named = [m for m in movements if m.start < sentence.end and m.end > sentence.start]
    words, hidden = _without_hidden(text, sentence, named)
    found = list(NumberReader(words, lexicon).read())
    refused = hidden + [
        RefusedNumber(words[r.start].start, words[r.end - 1].end, r.reason) for r in found if isinstance(r, Refused)
    ]
    quantities = [quantity for quantity in found if isinstance(quantity, Quantity)]
    figures: list[Figure] = []
    for index, quantity in enumerate(quantities):
        reported = quantity if quantity.kind else _part_of_series(words, quantities, index, lexicon)
        if reported is None:
            refused.append(RefusedNumber(words[quantity.start].start, words[quantity.end - 1].end, "no unit"))
        else:
            figures.append(_figure(text, sentence, words, reported, named, lexicon))
    return figures, sorted(refused, key=lambda number: number.start)


def _without_hidden(
    text: str, sentence: Sentence, named: Sequence[Movement]
) -> tuple[tuple[Word, ...], list[RefusedNumber]]:
    """Cut a sentence into words, each movement's name, date, time and document number as one mark."""
    printed = text[sentence.start : sentence.end]
    spans = [Shape(m.start, m.end, "movement name") for m in named]
    spans += [
        replace(shape, start=shape.start + sentence.start, end=shape.end + sentence.start) for shape in shapes(printed)
    ]
    spans.sort(key=lambda span: (span.start, -span.end))
    words: list[Word] = []
    hidden: list[RefusedNumber] = []
    next_span = 0
    for word in read_words(printed, sentence.start):
        while next_span < len(spans) and spans[next_span].end <= word.start:
            next_span += 1
        span = spans[next_span] if next_span < len(spans) else None
        if span is None or word.end <= span.start:
            words.append(word)
        elif hidden and hidden[-1].start == span.start:
            continue
        else:
            hidden.append(RefusedNumber(span.start, span.end, span.reason))
            words.append(Word(text[span.start : span.end], "", span.start, span.end, "mark"))
    return tuple(words), [h for h in hidden if any("0" <= sign <= "9" for sign in text[h.start : h.end])]


def _part_of_series(
    words: Sequence[Word], quantities: Sequence[Quantity], index: int, lexicon: UnitLexicon
) -> Quantity | None:
    """Give a bare number the noun of its series: "xuất sắc 120, khá 509 công đoàn cơ sở"."""
    part = quantities[index]
    if (
        part.end < len(words)
        and words[part.end].text not in PART_ENDS
        and words[part.end].folded not in lexicon.after_part
    ):
        return None
    if part.high is not None or year_like(words[part.start]) or not phrase_before(words, part.start, lexicon.series, 3):
        return None
    before = [q for q in quantities[:index] if q.kind == "count" and q.unit and q.value >= part.value]
    after = [q for q in quantities[index + 1 :] if q.kind == "count" and q.start - part.end < SERIES_WORDS]
    noun = before[-1] if before else after[0] if after else None
    return None if noun is None else replace(part, kind="count", unit=noun.unit)


def _figure(
    text: str,
    sentence: Sentence,
    words: Sequence[Word],
    quantity: Quantity,
    named: Sequence[Movement],
    lexicon: UnitLexicon,
) -> Figure:
    if quantity.kind is None:
        raise ValueError(
            f"a quantity without a kind is no figure: {words[quantity.start].text!r} in sentence {sentence.number}"
        )
    start, end = words[quantity.start].start, words[quantity.end - 1].end
    source = attribute(text, sentence, start, end, named)
    return Figure(
        surface=text[start:end],
        start=start,
        end=end,
        value=float(quantity.value),
        value_high=None if quantity.high is None else float(quantity.high),
        kind=quantity.kind,
        unit=quantity.unit,
        bound=_bound(words, quantity, lexicon),
        per=quantity.per,
        denominator=None if quantity.denominator is None else float(quantity.denominator),
        sentence=sentence.number,
        movement_id=source.movement_id,
        organisation=source.organisation,
        place=source.place,
        period=source.period,
    )


def _bound(words: Sequence[Word], quantity: Quantity, lexicon: UnitLexicon) -> str | None:
    """Return the hedge before the number ("gần") or after it ("trở lên"), folded; a comparison is no hedge."""
    after = longest_phrase(words, quantity.end, lexicon.hedges_after, HEDGE_WORDS)
    if after:
        return " ".join(word.folded for word in words[quantity.end : quantity.end + after])
    start = quantity.start
    if start and words[start - 1].folded == "từ":
        start -= 1
    count = phrase_before(words, start, lexicon.hedges, HEDGE_WORDS)
    first = start - count
    if not count or (words[first].folded == "hơn" and first and words[first - 1].folded in lexicon.comparing):
        return None
    return " ".join(word.folded for word in words[first:start])
