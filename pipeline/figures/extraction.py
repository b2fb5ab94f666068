"""From sentences to figures: hide what is no figure by its shape, read the numbers, give series their noun."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import islice
from typing import Final

from pipeline.attribution import SentenceAttribution
from pipeline.figures.bounds import read_bound
from pipeline.figures.lexicon import UnitLexicon, unit_lexicon
from pipeline.figures.reading import NumberReader, Quantity
from pipeline.figures.refusals import year_like
from pipeline.figures.visible import RefusedNumber, visible_words
from pipeline.figures.words import Word, printed
from pipeline.schema import Figure, FigureKind, Movement, Sentence

DIGITS: Final = re.compile("[0-9]+")
MAX_NUMBERS: Final = 5_000  # of one sentence; the longest table row of a newspaper has some dozens, a data dump more
SERIES_WORDS: Final = 14  # words within which the noun of a series follows its first parts
SMALLEST_PART: Final = 10  # below it a bare number after a count is more often a label than a part
UNGROUPED_DIGITS: Final = 3  # a longer part is written with dots
SERIES_PARTS: Final = 8  # numbers back and forth among which the noun of a series is looked for
ANNOUNCING: Final = frozenset({":", "là"})
ANNOUNCED_WORDS: Final = 7  # between "số" and the number: "số đoàn viên mới kết nạp là"
LISTING: Final = frozenset({",", "và"})  # "các tuyến số 02, 14 và 32": labels go on as they began
PART_ENDS: Final = frozenset(",;.)(:–-")


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
    """Return the figures of one sentence and its other digits; `movements` may be those of the whole text."""
    numbers = sum(1 for _ in islice(DIGITS.finditer(text, sentence.start, sentence.end), MAX_NUMBERS + 1))
    if not numbers:
        return [], []
    if numbers > MAX_NUMBERS:
        return [], [RefusedNumber(sentence.start, sentence.end, "no sentence")]
    lexicon = unit_lexicon()
    named = [m for m in movements if m.start < sentence.end and m.end > sentence.start]
    words, refused = visible_words(text, sentence, named)
    quantities: list[Quantity] = []
    for found in NumberReader(words, lexicon).read():
        if isinstance(found, Quantity):
            quantities.append(found)
        else:
            refused.append(_refused(words, found.start, found.end, found.reason))
    reported: list[tuple[Quantity, FigureKind]] = []
    for index, quantity in enumerate(quantities):
        counted = quantity if quantity.kind else _part_of_series(words, quantities, index, lexicon)
        if counted is None or counted.kind is None:
            refused.append(_refused(words, quantity.start, quantity.end, "no unit"))
        else:
            reported.append((counted, counted.kind))
    refused.sort(key=lambda number: number.start)
    if not reported:
        return [], refused
    attribution = SentenceAttribution(text, sentence, named)
    return [_figure(text, sentence.number, words, quantity, kind, attribution) for quantity, kind in reported], refused


def _refused(words: Sequence[Word], start: int, end: int, reason: str) -> RefusedNumber:
    return RefusedNumber(words[start].start, words[end - 1].end, reason)


def _part_of_series(
    words: Sequence[Word], quantities: Sequence[Quantity], index: int, lexicon: UnitLexicon
) -> Quantity | None:
    """Give a bare number the noun of its series: "xuất sắc 120, khá 509 công đoàn cơ sở"."""
    part = quantities[index]
    if noun := _announced(words, part, lexicon):
        return replace(part, kind="count", unit=noun)
    if part.high is not None or year_like(words[part.start]) or not _said_bare(words, part, lexicon):
        return None
    near = quantities[max(0, index - SERIES_PARTS) : index]
    before = [q for q in near if q.kind == "count" and q.unit and q.value >= part.value]
    if before and (_named_part(words, part, lexicon) or _likely_part(words, part)):
        return replace(part, kind="count", unit=before[-1].unit)
    near = quantities[index + 1 : index + 1 + SERIES_PARTS]
    after = [q for q in near if q.kind == "count" and q.start - part.end < SERIES_WORDS]
    return replace(part, kind="count", unit=after[0].unit) if after and _named_part(words, part, lexicon) else None


def _announced(words: Sequence[Word], part: Quantity, lexicon: UnitLexicon) -> str | None:
    """Return the noun that "số … là" or "số …:" announces before a bare number: "số đoàn viên là 12.500"."""
    end = part.start - lexicon.hedges.before(words, part.start)
    if end < 1 or words[end - 1].folded not in ANNOUNCING or year_like(words[part.start]):
        return None
    for at in range(end - 2, max(-1, end - 2 - ANNOUNCED_WORDS), -1):
        if words[at].folded == "số" and (count := lexicon.nouns.at(words, at + 1)):
            return printed(words, at + 1, at + 1 + count)
    return None


def _said_bare(words: Sequence[Word], part: Quantity, lexicon: UnitLexicon) -> bool:
    """Whether what follows a bare number ends its part of the series or says what became of them."""
    if part.end == len(words) or words[part.end].text in PART_ENDS:
        return True
    return bool(lexicon.after_part.at(words, part.end) or lexicon.stops.at(words, part.end))


def _named_part(words: Sequence[Word], part: Quantity, lexicon: UnitLexicon) -> bool:
    """Whether a word that names parts of a series stands before the number: "khá 509", "trong đó 978"."""
    return lexicon.series.before(words, part.start) > 0


def _likely_part(words: Sequence[Word], part: Quantity) -> bool:
    """Whether a number after a larger count is a part of it: no small label, no code, not after a name."""
    written = words[part.start].text
    sized = part.value >= SMALLEST_PART or written.startswith("0")
    grouped = len(written) <= UNGROUPED_DIGITS or "." in written
    if not part.start or words[part.start - 1].text[0].isupper():
        return False
    listed = words[part.start - 1].text in LISTING and part.start > 1 and words[part.start - 2].kind == "number"
    return sized and grouped and not listed


def _figure(
    text: str,
    sentence: int,
    words: Sequence[Word],
    quantity: Quantity,
    kind: FigureKind,
    attribution: SentenceAttribution,
) -> Figure:
    start, end = words[quantity.start].start, words[quantity.end - 1].end
    source = attribution.of(start, end)
    bound, bound_kind = read_bound(words, quantity.start, quantity.end, unit_lexicon())
    return Figure(
        surface=text[start:end],
        start=start,
        end=end,
        value=float(quantity.value),
        value_high=None if quantity.high is None else float(quantity.high),
        kind=kind,
        unit=quantity.unit,
        bound=bound,
        per=quantity.per,
        denominator=None if quantity.denominator is None else float(quantity.denominator),
        sentence=sentence,
        movement_id=source.movement_id,
        organisation=source.organisation,
        place=source.place,
        period=source.period,
        bound_kind=bound_kind,
    )
