"""What the numbers of a table row count: the header of their column, the unit beside them, or the row's first cell.

A row is a line of the text with its cells joined by " | "; a table is the run of such lines, its header the first.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Final, NamedTuple

from pipeline.amounts import SCALES
from pipeline.figures.lexicon import UnitLexicon
from pipeline.figures.units import Unit, read_unit
from pipeline.figures.words import Word, read_words, uncapitalised

CELL_BREAK: Final = " | "
HEADING_CHARACTERS: Final = 200  # of a heading; what follows names nothing that is counted
NOUN_SYLLABLES: Final = 2  # a noun of one syllable in a heading is part of another word: "Số", "Kết quả"
COUNTING_WORDS: Final = 4  # words of a heading before its noun: "Tổng số lượt đoàn viên", "Kết nạp mới đoàn viên"
UNIT_COLUMNS: Final = frozenset({"đvt", "đơn vị tính", "đơn vị"})
SHARES: Final = ("tỷ lệ", "tỉ lệ", "%")


class CellUnit(NamedTuple):
    """What the number in a cell is of, and the scale that the heading gives it: "Kinh phí (triệu đồng)"."""

    unit: Unit
    scale: Decimal = Decimal(1)


class Cell(NamedTuple):
    """One cell of a row; `start` and `end` count in the article's text."""

    start: int
    end: int
    text: str


class Tables:
    """The table rows of a text, found in one pass over its lines."""

    def __init__(self, text: str, lexicon: UnitLexicon) -> None:
        self._text, self._lexicon = text, lexicon
        self._lines: list[int] = []
        self._headers: dict[int, int] = {}
        self._last: tuple[int, TableRow | None] = (-1, None)
        if CELL_BREAK in text:
            self._find_rows()

    def row_at(self, place: int) -> TableRow | None:
        """Return the row that a place of the text is in, None outside a table."""
        at = bisect_right(self._lines, place) - 1
        if at < 0 or self._lines[at] not in self._headers:
            return None
        line = self._lines[at]
        if self._last[0] != line:
            header = self._headers[line]
            above = tuple(self._cells(header)) if header != line else ()
            self._last = (line, TableRow(tuple(self._cells(line)), above, self._lexicon))
        return self._last[1]

    def _find_rows(self) -> None:
        header: int | None = None
        start = 0
        for line in self._text.split("\n"):
            self._lines.append(start)
            header = (start if header is None else header) if CELL_BREAK in line else None
            if header is not None:
                self._headers[start] = header
            start += len(line) + 1

    def _cells(self, line: int) -> Iterator[Cell]:
        end = self._text.find("\n", line)
        start = line
        for cell in self._text[line : len(self._text) if end < 0 else end].split("|"):
            yield Cell(start, start + len(cell), cell)
            start += len(cell) + 1


class TableRow:
    """One row of a table with the header of its table."""

    def __init__(self, cells: Sequence[Cell], header: Sequence[Cell], lexicon: UnitLexicon) -> None:
        self._cells, self._header, self._lexicon = cells, header, lexicon
        self._starts = [cell.start for cell in cells]
        self._lacking = len(cells) - len(header)  # 1 where the corner above the first column is empty

    def unit_of(self, start: int, end: int) -> CellUnit | None:
        """Return what the number text[start:end] that fills its cell is of, None for one among other words."""
        at = bisect_right(self._starts, start) - 1
        cell = self._cells[at]
        written = cell.text[start - cell.start : end - cell.start]
        if at == 0 or cell.text.strip() != written:
            return None
        above = self._above(at)
        found = self._read(above.text) if above is not None else None
        found = found or self._beside() or self._read(self._cells[0].text)
        if found is None or not any(sign.isalpha() for sign in written):
            return found
        return CellUnit(found.unit)  # "1,2 triệu" has its scale itself

    def _above(self, at: int) -> Cell | None:
        column = at - self._lacking
        return self._header[column] if self._lacking in (0, 1) and 0 <= column < len(self._header) else None

    def _beside(self) -> CellUnit | None:
        """Return the unit that a column of units gives for this row."""
        for at, cell in enumerate(self._cells):
            above = self._above(at)
            if above is not None and above.text.strip().casefold() in UNIT_COLUMNS:
                return self._scaled(_words(cell.text))
        return None

    def _read(self, heading: str) -> CellUnit | None:
        """Return the unit of a heading: the one in brackets, a share, or the noun near its beginning."""
        words = _words(heading)
        opening = next((at for at, word in enumerate(words) if word.text == "("), None)
        if opening is not None and (unit := self._scaled(words[opening + 1 :])):
            return unit
        if heading.strip().casefold().startswith(SHARES):
            return CellUnit(Unit("percent", "%", 0))
        for at in range(min(COUNTING_WORDS, len(words))):
            count = self._lexicon.nouns.at(words, at)
            if count < NOUN_SYLLABLES and not (count and (words[at].text.isupper() or len(words) == 1)):
                continue
            counted = read_unit(words, at, self._lexicon)
            if counted is None or counted.kind != "count":
                return None
            return CellUnit(counted._replace(name=uncapitalised(counted.name)))
        return None

    def _scaled(self, words: Sequence[Word]) -> CellUnit | None:
        """Return the unit that words begin with, after scale words: "triệu đồng", "nghìn người"."""
        scale, at = Decimal(1), 0
        while at < len(words) and words[at].folded in SCALES:
            scale, at = scale * SCALES[words[at].folded], at + 1
        unit = read_unit(words, at, self._lexicon)
        return CellUnit(unit, scale) if unit is not None and unit.known else None


def _words(heading: str) -> Sequence[Word]:
    return read_words(heading[:HEADING_CHARACTERS])
