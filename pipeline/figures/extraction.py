"""From sentences to figures: hide what is no figure by its shape, read the numbers, give series their noun."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import islice
from typing import Final

from pipeline.figures.bounds import read_bound
from pipeline.figures.in_place import year_like
from pipeline.figures.in_words import worded_amounts
from pipeline.figures.lexicon import UnitLexicon, unit_lexicon
from pipeline.figures.number_style import writes_english
from pipeline.figures.plausibility import doubt
from pipeline.figures.reading import NumberReader, Quantity
from pipeline.figures.shapes import Shape
from pipeline.figures.table_rows import CellUnit, Tables
from pipeline.figures.visible import Names, visible_words
from pipeline.figures.words import Line, Word, printed, uncapitalised
from pipeline.records import Figure, FigureKind, Movement, RefusedNumber, Sentence, WordedAmount

DIGITS: Final = re.compile(r"\d+")  # of any script
MAX_NUMBERS: Final = 5_000  # of one sentence; the longest table row of a newspaper has some dozens, a data dump more
SERIES_WORDS: Final = 14  # words within which the noun of a series follows its first parts
SMALLEST_PART: Final = 10  # below it a bare number after a count is more often a label than a part
UNGROUPED_DIGITS: Final = 3  # a longer part is written with dots
SERIES_PARTS: Final = 8  # numbers back and forth among which the noun of a series is looked for
ANNOUNCING: Final = frozenset({":", "là"})
ANNOUNCED_WORDS: Final = 7  # between "số" and the number: "số đoàn viên mới kết nạp là"
LABEL_SYLLABLES: Final = 2  # "Phòng: 12", "Tổ: 3" are numbers of one
LABEL_WORDS: Final = 12  # of a label and the mark before it
LISTING: Final = frozenset({",", "và"})  # "các tuyến số 02, 14 và 32": labels go on as they began
PART_ENDS: Final = frozenset(",;.)(:–-")


def extract_figures(text: str, sentences: Sequence[Sentence], movements: Sequence[Movement]) -> tuple[Figure, ...]:
    """Return the reported quantities of a text, in reading order, not overlapping.

    `text[figure.start:figure.end] == figure.surface`. A number inside a movement's name is no figure.
    """
    return read_figures(text, sentences, movements)[0]


def refused_numbers(
    text: str, sentences: Sequence[Sentence], movements: Sequence[Movement]
) -> tuple[RefusedNumber, ...]:
    """Return the digits of a text that are no figure, each with its reason, in reading order."""
    return read_figures(text, sentences, movements)[1]


def read_figures(
    text: str, sentences: Sequence[Sentence], movements: Sequence[Movement]
) -> tuple[tuple[Figure, ...], tuple[RefusedNumber, ...]]:
    """Return the figures of a text and its other digits: all digits are in one or the other."""
    return _read_figures(text, sentences, Names(movements))


def read_amounts(
    text: str, sentences: Sequence[Sentence], movements: Sequence[Movement]
) -> tuple[tuple[Figure, ...], tuple[RefusedNumber, ...], tuple[WordedAmount, ...]]:
    """Return what `read_figures` and `amounts_in_words` do, with each sentence cut into its words once."""
    names = Names(movements)
    return *_read_figures(text, sentences, names), worded_amounts(text, sentences, names)


def _read_figures(
    text: str, sentences: Sequence[Sentence], names: Names
) -> tuple[tuple[Figure, ...], tuple[RefusedNumber, ...]]:
    reader = FigureReader(text, names)
    figures: list[Figure] = []
    refused: list[RefusedNumber] = []
    for sentence in sentences:
        found, others = reader.read(sentence)
        figures += found
        refused += [
            RefusedNumber(text[other.start : other.end], other.start, other.end, other.reason, sentence.number)
            for other in others
        ]
    return tuple(figures), tuple(refused)


class FigureReader:
    """Reads the figures of a text sentence by sentence, with what the whole text says of its numbers."""

    def __init__(self, text: str, names: Names) -> None:
        self._text, self._names = text, names
        self._lexicon = unit_lexicon()
        self._english = writes_english(text)
        self._tables = Tables(text, self._lexicon)

    def read(self, sentence: Sentence) -> tuple[list[Figure], list[Shape]]:
        """Return the figures of one sentence and its other digits, with the reason that they are none."""
        text = self._text
        if DIGITS.search(text, sentence.start, sentence.end) is None:
            return [], []
        if _is_dump(text, sentence):
            return [], [Shape(sentence.start, sentence.end, "no sentence")]
        line, refused = visible_words(text, sentence, self._names, english=self._english)
        quantities: list[Quantity] = []
        for found in NumberReader(line, self._lexicon).read():
            if isinstance(found, Quantity):
                quantities.append(found)
            else:
                refused.append(_refused(line, found.start, found.end, found.reason))
        reported: list[tuple[Quantity, FigureKind]] = []
        for index, quantity in enumerate(quantities):
            counted = quantity if quantity.kind and quantity.unit else self._with_unit(line, quantities, index)
            if counted is None or counted.kind is None:
                refused.append(_refused(line, quantity.start, quantity.end, "no unit"))
            else:
                reported.append((counted, counted.kind))
        refused.sort()
        return [_figure(text, sentence.number, line, counted, kind) for counted, kind in reported], refused

    def _with_unit(self, line: Line, quantities: Sequence[Quantity], index: int) -> Quantity | None:
        """Return a quantity that has no unit of its own with its table's, or that of the series it is part of."""
        quantity = quantities[index]
        if row := self._tables.row_at(line.start(quantity.start)):
            cell = row.unit_of(line.start(quantity.start), line.end(quantity.end))
            return _in_cell(quantity, cell) if cell else quantity
        return quantity if quantity.kind else _part_of_series(line.words, quantities, index, self._lexicon)


def _is_dump(text: str, sentence: Sentence) -> bool:
    """Whether a sentence has more numbers than any sentence of a newspaper."""
    if sentence.end - sentence.start <= MAX_NUMBERS:
        return False
    return sum(1 for _ in islice(DIGITS.finditer(text, sentence.start, sentence.end), MAX_NUMBERS + 1)) > MAX_NUMBERS


def _in_cell(quantity: Quantity, cell: CellUnit) -> Quantity | None:
    """Give a number of a table the unit and scale of its column; nothing is counted in parts."""
    unit = cell.unit
    if unit.kind == "count" and quantity.value != quantity.value.to_integral_value():
        return None
    high = None if quantity.high is None else quantity.high * cell.scale
    kind = quantity.kind or unit.kind
    return quantity._replace(value=quantity.value * cell.scale, high=high, kind=kind, unit=unit.name, per=unit.per)


def _refused(line: Line, start: int, end: int, reason: str) -> Shape:
    return Shape(line.start(start), line.end(end), reason)


def _part_of_series(
    words: Sequence[Word], quantities: Sequence[Quantity], index: int, lexicon: UnitLexicon
) -> Quantity | None:
    """Give a bare number the noun of its series: "xuất sắc 120, khá 509 công đoàn cơ sở"."""
    part = quantities[index]
    if part.scaled and (currency := _currency_of_series(words, quantities, index, lexicon)):
        return part._replace(kind="money", unit=currency)
    if noun := _announced(words, part, lexicon):
        return part._replace(kind="count", unit=noun)
    if part.high is not None or year_like(words[part.start]) or not _said_bare(words, part, lexicon):
        return None
    near = quantities[max(0, index - SERIES_PARTS) : index]
    before = [q for q in near if q.kind == "count" and q.unit and q.value >= part.value]
    if before and (_named_part(words, part, lexicon) or _likely_part(words, part)):
        return part._replace(kind="count", unit=before[-1].unit)
    near = quantities[index + 1 : index + 1 + SERIES_PARTS]
    after = [q for q in near if q.kind == "count" and q.start - part.end < SERIES_WORDS]
    return part._replace(kind="count", unit=after[0].unit) if after and _named_part(words, part, lexicon) else None


def _currency_of_series(
    words: Sequence[Word], quantities: Sequence[Quantity], index: int, lexicon: UnitLexicon
) -> str | None:
    """Return the currency of the sum that a bare one stands beside: "từ 4,18 triệu đồng lên 4,42 triệu (…)".

    The nearest large number decides, the one before first: "98 triệu dân, 70 triệu" are no sums.
    """
    part = quantities[index]
    if (
        part.end < len(words)
        and words[part.end].text not in PART_ENDS
        and words[part.end].folded not in lexicon.function_words
    ):
        return None
    before = [q for q in quantities[max(0, index - SERIES_PARTS) : index] if part.start - q.end < SERIES_WORDS]
    after = [q for q in quantities[index + 1 : index + 1 + SERIES_PARTS] if q.start - part.end < SERIES_WORDS]
    near = next((q for q in (*reversed(before), *after) if q.kind == "money" or (q.kind and q.scaled)), None)
    return near.unit if near is not None and near.kind == "money" else None


def _announced(words: Sequence[Word], part: Quantity, lexicon: UnitLexicon) -> str | None:
    """Return the noun that "số … là" or "số …:" announces before a bare number: "số đoàn viên là 12.500"."""
    end = part.start - lexicon.hedges.before(words, part.start)
    if end < 1 or words[end - 1].folded not in ANNOUNCING or year_like(words[part.start]):
        return None
    for at in range(end - 2, max(-1, end - 2 - ANNOUNCED_WORDS), -1):
        if words[at].folded == "số" and (count := lexicon.nouns.at(words, at + 1)):
            return printed(words, at + 1, at + 1 + count)
    return _labelled(words, end, lexicon) if _said_bare(words, part, lexicon) else None


def _labelled(words: Sequence[Word], end: int, lexicon: UnitLexicon) -> str | None:
    """Return the noun of two syllables or more that labels a line: "- Công đoàn cơ sở: 41"."""
    start = next((at for at, word in enumerate(words) if word.kind == "word"), end)
    count = lexicon.nouns.at(words, start)
    if words[end - 1].text != ":" or count < LABEL_SYLLABLES or start + count > end - 1 or end > LABEL_WORDS:
        return None
    return uncapitalised(printed(words, start, start + count))


def _said_bare(words: Sequence[Word], part: Quantity, lexicon: UnitLexicon) -> bool:
    """Whether what follows a bare number ends its part of the series or says what became of them."""
    if part.end == len(words) or words[part.end].text in PART_ENDS:
        return True
    return words[part.end].folded in lexicon.stops or lexicon.after_part.at(words, part.end) > 0


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
    return sized and grouped and not listed and not _begins_list(words, part.end)


def _begins_list(words: Sequence[Word], end: int) -> bool:
    """Whether another number comes right after the one that ends here: "Huy hiệu 30, 40, 50 năm tuổi Đảng"."""
    return end + 1 < len(words) and words[end].text in LISTING and words[end + 1].kind == "number"


def _figure(text: str, sentence: int, line: Line, quantity: Quantity, kind: FigureKind) -> Figure:
    start, end = line.start(quantity.start), line.end(quantity.end)
    bound, bound_kind = read_bound(line.words, quantity.start, quantity.end, unit_lexicon())
    value = float(quantity.value)
    high = None if quantity.high is None else float(quantity.high)
    denominator = None if quantity.denominator is None else float(quantity.denominator)
    return Figure(
        surface=text[start:end],
        start=start,
        end=end,
        value=value,
        value_high=high,
        kind=kind,
        unit=quantity.unit,
        bound=bound,
        per=quantity.per,
        denominator=denominator,
        sentence=sentence,
        bound_kind=bound_kind,
        doubt=doubt(kind, quantity.unit, quantity.per, value, high, denominator),
    )
