"""Export: the tables as files for other tools. Text from the web stays text: no cell becomes a formula."""

from __future__ import annotations

import csv
import itertools
import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any, TextIO, TypeAlias

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.parquet import ROWS_A_GROUP
from pipeline.query import Corpus
from pipeline.schema import TABLES

Rows: TypeAlias = pa.Table | pa.RecordBatchReader

FORMATS = ("parquet", "csv", "jsonl", "xlsx")
_OPENS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_ROWS_AT_ONCE = 2_000
_XLSX_CELL = 32_767  # characters; Excel refuses a file with a longer cell
_XLSX_ROWS = 1_048_575  # rows under the head; Excel's limit


class ExportRefused(ValueError):
    """An export that cannot be made as asked."""


def export(corpus: Corpus, folder: Path, form: str) -> list[Path]:
    """Write every table to `<folder>/<table>.<form>` (xlsx: all in `congdoan.xlsx`) and return the files.

    csv and xlsx: lists are JSON, a text that a spreadsheet would read as a formula gets an apostrophe before it (csv)
    or is stored as text (xlsx). xlsx: cells over 32,767 characters are cut and end in "…".

    Raises:
        ExportRefused: a table too long for xlsx, or the extra that writes it is not installed.
    """
    folder.mkdir(parents=True, exist_ok=True)
    if form == "xlsx":
        return [_write_xlsx(corpus, folder / "congdoan.xlsx")]
    files = []
    for table in TABLES:
        path = folder / f"{table}.{form}"
        data = corpus.reader(table)
        if form == "parquet":
            with pq.ParquetWriter(path, data.schema, compression="zstd") as out:
                for group in _row_groups(data):
                    out.write_table(group)
        elif form == "csv":
            with path.open("w", encoding="utf-8-sig", newline="") as out:  # the mark makes Excel read UTF-8
                write_csv(data, out)
        else:
            _write_jsonl(data, path)
        files.append(path)
    return files


def _row_groups(data: pa.RecordBatchReader) -> Iterator[pa.Table]:
    """Yield rows, as many at a time as make a row group: where files are small each batch is one of a few rows."""
    some: list[pa.RecordBatch] = []
    rows = 0
    for batch in data:
        some.append(batch)
        rows += batch.num_rows
        if rows >= ROWS_A_GROUP:
            yield pa.Table.from_batches(some)
            some, rows = [], 0
    if some:
        yield pa.Table.from_batches(some)


def formula_safe(cell: Any) -> Any:
    """Return the cell with an apostrophe before a text that a spreadsheet would run."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_OPENS_A_FORMULA) else cell


def write_csv(data: Rows, out: TextIO) -> None:
    """Write rows as CSV, one line a row; lists are JSON, texts that a spreadsheet would run get an apostrophe."""
    plain_rows = csv.writer(out, lineterminator="\n")
    # csv quotes only the line ends that it writes itself, and readers break lines at this one too
    quoted_rows = csv.writer(out, lineterminator="\n", quoting=csv.QUOTE_ALL)
    for row in itertools.chain([data.schema.names], _flat_rows(data)):
        cells = [formula_safe(cell) for cell in row]
        breaks = any(isinstance(cell, str) and "\r" in cell for cell in cells)
        (quoted_rows if breaks else plain_rows).writerow(cells)


def _write_jsonl(data: Rows, path: Path) -> None:
    with path.open("w", encoding="utf-8") as out:
        for batch in _batches(data):
            out.writelines(json.dumps(row, ensure_ascii=False, default=plain) + "\n" for row in batch.to_pylist())


def _write_xlsx(corpus: Corpus, path: Path) -> Path:
    try:
        import xlsxwriter
    except ImportError as error:
        raise ExportRefused("xlsx needs one more package: pip install 'congdoan[xlsx]'") from error
    for table in TABLES:
        rows = corpus.count(table)
        if rows > _XLSX_ROWS:
            raise ExportRefused(f"{table} has {rows:,} rows, Excel takes {_XLSX_ROWS:,}; export csv or parquet")
    book = xlsxwriter.Workbook(path, {"strings_to_formulas": False, "strings_to_urls": False})
    for table in TABLES:
        data = corpus.reader(table)
        sheet = book.add_worksheet(table)
        sheet.write_row(0, 0, data.schema.names)
        for number, row in enumerate(_flat_rows(data), 1):
            sheet.write_row(number, 0, [_fitting(cell) for cell in row])
    try:
        book.close()  # only now is the file written
    except xlsxwriter.exceptions.FileCreateError as error:
        raise ExportRefused(
            f"{path}: cannot be written ({error}); close it elsewhere, or name another folder"
        ) from error
    return path


def _batches(data: Rows) -> Iterator[pa.RecordBatch]:
    """Yield rows some thousands at a time: as Python objects they take many times their memory."""
    for batch in data.to_batches() if isinstance(data, pa.Table) else data:
        for start in range(0, batch.num_rows, _ROWS_AT_ONCE):
            yield batch.slice(start, _ROWS_AT_ONCE)


def _flat_rows(data: Rows) -> Iterator[list[Any]]:
    for batch in _batches(data):
        for row in batch.to_pylist():
            yield [_flat(cell) for cell in row.values()]


def _flat(cell: Any) -> Any:
    if isinstance(cell, list):
        return json.dumps(cell, ensure_ascii=False, default=plain)
    return plain(cell) if hasattr(cell, "isoformat") else cell


def plain(value: Any) -> Any:
    """Return what JSON has no word for in its nearest form: a time as ISO 8601, an exact number as a number."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def _fitting(cell: Any) -> Any:
    return cell[: _XLSX_CELL - 1] + "…" if isinstance(cell, str) and len(cell) > _XLSX_CELL else cell
