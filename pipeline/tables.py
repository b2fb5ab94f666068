"""Tables as Arrow: schemas derived from the spine, rows to tables and back, and where a row is stored."""

from __future__ import annotations

import datetime as dt
import types
import typing
from collections.abc import Callable, Iterable
from dataclasses import asdict, fields, is_dataclass
from typing import Any

import pyarrow as pa

from pipeline.places import VIETNAM as VIETNAM
from pipeline.schema import SCHEMA_VERSION, TABLES

Partition = str  # "laodong_vn.2023-09", or WHOLE
WHOLE = "all"  # the one partition of a table in one piece

_SIMPLE = {
    str: pa.string(),
    int: pa.int64(),
    float: pa.float64(),
    bool: pa.bool_(),
    dt.datetime: pa.timestamp("us", tz="UTC"),
}


def arrow_schema(table: str) -> pa.Schema:
    """Return the Arrow schema of a table; descriptions and units are in each field's metadata."""
    row_type = TABLES[table]
    hints = typing.get_type_hints(row_type)
    columns = []
    for spec in fields(row_type):
        kind, nullable = _arrow_type(hints[spec.name])
        texts = {"description": spec.metadata["description"], "unit": spec.metadata["unit"] or ""}
        columns.append(pa.field(spec.name, kind, nullable, metadata=texts))
    return pa.schema(columns, metadata={"congdoan.table": table, "congdoan.schema_version": str(SCHEMA_VERSION)})


def _arrow_type(annotation: Any) -> tuple[pa.DataType, bool]:
    """Return the Arrow type of a Python annotation, and whether None is allowed."""
    if typing.get_origin(annotation) in (types.UnionType, typing.Union):
        (inner,) = [part for part in typing.get_args(annotation) if part is not type(None)]
        return _arrow_type(inner)[0], True
    if typing.get_origin(annotation) is tuple:
        return pa.list_(_arrow_type(typing.get_args(annotation)[0])[0]), False
    if is_dataclass(annotation):
        hints = typing.get_type_hints(annotation)
        return pa.struct([(spec.name, _arrow_type(hints[spec.name])[0]) for spec in fields(annotation)]), False
    return _SIMPLE[annotation], False


def to_arrow(table: str, rows: Iterable[Any]) -> pa.Table:
    """Return the rows (dataclasses of the table's row type) as one Arrow table."""
    schema = arrow_schema(table)
    return pa.Table.from_pylist([asdict(row) for row in rows], schema=schema)


def to_rows(table: str, data: pa.Table) -> list[Any]:
    """Return the typed rows of an Arrow table; the reverse of `to_arrow`."""
    row_type = TABLES[table]
    hints = typing.get_type_hints(row_type)
    makers = {name: _list_maker(hint) for name, hint in hints.items() if typing.get_origin(hint) is tuple}
    rows = []
    for values in data.to_pylist():
        for name, make in makers.items():
            values[name] = make(values[name])
        rows.append(row_type(**values))
    return rows


def _list_maker(hint: Any) -> Callable[[list[Any]], tuple[Any, ...]]:
    """Return what makes a list column's value a tuple, of records where the column holds records."""
    element = typing.get_args(hint)[0]
    if is_dataclass(element):
        return lambda structs: tuple(typing.cast(Any, element)(**struct) for struct in structs)
    return tuple


def partition_of(site: str, when: dt.datetime | None) -> Partition:
    """Return the partition of a row: its site, and its month in Vietnam or "unknown"."""
    month = when.astimezone(VIETNAM).strftime("%Y-%m") if when else "unknown"
    return f"{site}.{month}"
