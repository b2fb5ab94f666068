"""Answers to questions as tables for the terminal."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import duckdb
import pyarrow as pa
from rich.table import Table
from rich.text import Text

from pipeline.parts import QueryRefused
from pipeline.views import streamed

_NUMBERS = (pa.types.is_integer, pa.types.is_floating, pa.types.is_decimal)


def answered(relation: duckdb.DuckDBPyRelation) -> pa.Table:
    """Return the rows of a query; what DuckDB finds wrong only while it answers is a refusal too.

    Raises:
        QueryRefused: the query fails on the data, or two columns have one name.
        TablesUnreadable: a file of the tables is damaged.
    """
    return answering(relation).read_all()


def answering(relation: duckdb.DuckDBPyRelation) -> pa.RecordBatchReader:
    """Return the rows of a query as they are found, however many there are.

    Raises:
        QueryRefused, TablesUnreadable: as `answered`; also while they are read.
    """
    if len(set(relation.columns)) != len(relation.columns):
        raise QueryRefused(f"two columns with one name among {', '.join(relation.columns)}; name them with AS")
    return streamed(relation)


def first_rows(answer: pa.RecordBatchReader, most: int) -> tuple[pa.Table, bool]:
    """Return the first rows of an answer, and whether there are more."""
    some: list[pa.RecordBatch] = []
    rows = 0
    for batch in answer:
        some.append(batch)
        rows += batch.num_rows
        if rows > most:
            break
    return pa.Table.from_batches(some, answer.schema).slice(0, most), rows > most


def answer_table(answer: pa.Table, title: str | None = None) -> Table:
    """Return an answer as a rich table; cells are text, never markup, numbers to the right."""
    table = Table(title=title, title_justify="left")
    for column in answer.schema:
        numeric = any(of_kind(column.type) for of_kind in _NUMBERS)
        table.add_column(column.name, justify="right" if numeric else "left", no_wrap=numeric)
    for row in answer.to_pylist():
        table.add_row(*(_cell(value) for value in row.values()))
    return table


def answer_records(answer: pa.Table) -> Iterator[Text]:
    """Yield an answer column by column, one a line, for tables of more columns than fit side by side."""
    width = max(map(len, answer.column_names), default=0)
    for number, row in enumerate(answer.to_pylist(), 1):
        yield Text(f"── {number} of {answer.num_rows} ──")
        for name, value in row.items():
            yield Text(f"{name:>{width}}  ") + _cell(value)


def _cell(value: Any) -> Text:
    """Write whole floats without exponent or ".0": 221532000000, not 2.21532e+11."""
    if value is None:
        return Text("")
    return Text(f"{value:.0f}" if isinstance(value, float) and value.is_integer() else str(value))
