"""Tables as Arrow: schemas derived from the spine, rows to tables and back, and where a row is stored.

A partition is a folder, `site=laodong_vn/month=2023-09`, and its files hold both as columns too: a reader that knows
nothing of folders sees them, and one that reads them off the folders sees the same. Files store these two as
dictionaries of strings, the type that pyarrow and pandas give to what they read off folders; as plain strings the
two would clash and `pandas.read_parquet(folder)` refuse.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
import types
import typing
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import fields, is_dataclass
from functools import lru_cache
from typing import Any, NamedTuple
from urllib.parse import unquote

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.places import VIETNAM as VIETNAM
from pipeline.schema import SCHEMA_VERSION, TABLES

UNDATED = "unknown"  # the month of rows without a date
# of rows that lie one after the other: many that are shorter cost more to join than rows to take
_FEW_RUNS, _ROWS_A_RUN = 4, 4
_NOT_IN_A_NAME = re.compile(r"[^\w.-]")


class Partition(NamedTuple):
    """Where rows are stored together: a site, and a month in Vietnam ("2023-09", or "unknown")."""

    site: str
    month: str

    def __str__(self) -> str:
        return self.folder or "the whole table"

    @property
    def folder(self) -> str:
        """The partition's folder below that of its table, with forward slashes; "" for WHOLE."""
        return f"site={_escaped(self.site)}/month={_escaped(self.month)}" if self != WHOLE else ""

    @classmethod
    def of_folder(cls, folder: str) -> Partition:
        """Return the partition that is stored in a folder, named as in `folder`.

        Raises:
            ValueError: a folder of no partition.
        """
        if folder in ("", "."):
            return WHOLE
        site, slash, month = folder.partition("/month=")
        if not slash or not site.startswith("site="):
            raise ValueError(f"{folder}: no folder of a partition (site=…/month=…)")
        return cls(unquote(site.removeprefix("site=")), unquote(month))


WHOLE = Partition("", "")  # the one partition of a table in one piece
_IN_ONE_PIECE = ("movement_registry",)

_SIMPLE = {
    str: pa.string(),
    int: pa.int64(),
    float: pa.float64(),
    bool: pa.bool_(),
    dt.datetime: pa.timestamp("us", tz="UTC"),
    dt.date: pa.date32(),
}
_IN_FOLDERS = pa.dictionary(pa.int32(), pa.string())
_MONTH = pa.field(
    "month",
    _IN_FOLDERS,
    False,
    metadata={
        "description": "month in Vietnam that the rows are stored by, or unknown: of publication of the article; of "
        "capture in dropped, of the run's start in runs",
        "unit": "YYYY-MM",
    },
)


@lru_cache
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


@lru_cache
def stored_schema(table: str) -> pa.Schema:
    """Return the Arrow schema of a table's files: that of its rows and, where it is stored by month, the month."""
    schema = arrow_schema(table)
    if table in _IN_ONE_PIECE:
        return schema
    at = schema.get_field_index("site")
    return schema.set(at, schema.field(at).with_type(_IN_FOLDERS)).append(_MONTH)


def stored(table: str, partition: Partition, data: pa.Table) -> pa.Table:
    """Return rows as the files of their partition hold them, in one piece of memory: equal rows make equal files."""
    schema = stored_schema(table)
    columns = data.combine_chunks().columns
    if table not in _IN_ONE_PIECE:
        at = schema.get_field_index("site")
        columns[at] = columns[at].cast(_IN_FOLDERS)
        everywhere = pa.repeat(pa.scalar(0, pa.int32()), data.num_rows)
        columns.append(pa.DictionaryArray.from_arrays(everywhere, [partition.month or UNDATED]))
    return pa.Table.from_arrays(columns, schema=schema)


def rows_of(table: str, data: pa.Table, columns: list[str] | None = None) -> pa.Table:
    """Return what was read of a file as the rows that went into it, or some columns; the reverse of `stored`."""
    schema = schema_of(table, columns)
    if columns is not None or table in _IN_ONE_PIECE or not data.schema.equals(stored_schema(table)):
        return _typed(data, schema)
    own = data.columns[:-1]  # all but the month
    at = schema.get_field_index("site")
    own[at] = own[at].cast(pa.string())
    return pa.Table.from_arrays(own, schema=schema)


def taken(rows: pa.Table, places: npt.NDArray[np.int64]) -> pa.Table:
    """Return rows by their places. What lies one after the other is not copied: texts are long."""
    starts = np.flatnonzero(np.diff(places, prepend=-2) != 1)
    if not places.size:
        return rows.slice(0, 0)
    if starts.size > max(_FEW_RUNS, places.size / _ROWS_A_RUN):
        return rows.take(pa.array(places))
    lengths = np.diff(starts, append=places.size)
    runs = zip(places[starts].tolist(), lengths.tolist(), strict=True)
    return pa.concat_tables([rows.slice(row, length) for row, length in runs])


def of_articles(rows: pa.Table, articles: Collection[str], *, others: bool = False) -> pa.Table:
    """Return the rows of some articles, or of all `others`."""
    are = pc.is_in(rows["article_id"], pa.array(sorted(articles), pa.string()))
    return taken(rows, np.flatnonzero((pc.invert(are) if others else are).to_numpy()))


def _typed(data: pa.Table, schema: pa.Schema) -> pa.Table:
    """Return the columns of a schema in its types; `Table.cast` also copies those that have theirs already."""
    columns, names = data.columns, data.schema.names
    if names != schema.names:
        places = {name: at for at, name in enumerate(names)}
        columns = [columns[places[name]] for name in schema.names]
    typed = [
        column if column.type == kind else column.cast(kind) for column, kind in zip(columns, schema.types, strict=True)
    ]
    return pa.Table.from_arrays(typed, schema=schema)


@lru_cache
def no_rows(table: str) -> pa.Table:
    """Return a table without rows."""
    return arrow_schema(table).empty_table()


def schema_of(table: str, columns: list[str] | None = None) -> pa.Schema:
    """Return the schema of rows, or of some of their columns in the order asked for."""
    schema = arrow_schema(table)
    return schema if columns is None else pa.schema([schema.field(name) for name in columns])


@lru_cache
def columns_digest() -> str:
    """Return a digest of the names and types of all columns: tables of another one cannot be read as these."""
    shapes = [(table, [(column.name, str(column.type)) for column in stored_schema(table)]) for table in TABLES]
    return hashlib.sha256(repr(shapes).encode()).hexdigest()[:12]


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
    schema, some = arrow_schema(table), list(rows)
    columns = [pa.array(_values(some, column), column.type) for column in schema]
    return pa.Table.from_arrays(columns, schema=schema)


class Packed(NamedTuple):
    """`rows` rows of a record batch, from row `first` on, on their way between processes.

    The batch is without schema, for the descriptions of columns outweigh the rows; several may share one.
    """

    batch: bytes
    first: int
    rows: int

    @classmethod
    def of(cls, batch: pa.RecordBatch) -> Packed:
        """Pack all rows of a batch."""
        return cls(bytes(batch.serialize().to_pybytes()), 0, batch.num_rows)

    def part(self, first: int, rows: int) -> Packed:
        """Return some of its rows."""
        return Packed(self.batch, self.first + first, rows)


def packed(data: pa.Table) -> Packed:
    """Pack the rows of a table."""
    batches = data.combine_chunks().to_batches()
    return Packed.of(batches[0] if batches else pa.RecordBatch.from_pylist([], schema=data.schema))


def one_by_one(table: str, rows: Sequence[Any]) -> list[Packed]:
    """Pack each of some rows (dataclasses of the table's row type), as parts of one batch."""
    batch = packed(to_arrow(table, rows))
    return [batch.part(at, 1) for at in range(len(rows))]


def unpacked(schema: pa.Schema, pieces: Sequence[Packed]) -> pa.Table:
    """Return the rows of several pieces as one table; the reverse of `packed`."""
    read: dict[int, pa.RecordBatch] = {}
    for piece in pieces:
        if id(piece.batch) not in read:
            read[id(piece.batch)] = pa.ipc.read_record_batch(pa.py_buffer(piece.batch), schema)
    some = [read[id(piece.batch)].slice(piece.first, piece.rows) for piece in _runs(pieces)]
    return pa.Table.from_batches(some, schema=schema)


def _runs(pieces: Iterable[Packed]) -> Iterator[Packed]:
    """Yield pieces with those that follow upon each other in one batch as one, without those of no rows."""
    run: Packed | None = None
    for piece in pieces:
        if run and piece.batch is run.batch and piece.first == run.first + run.rows:
            run = Packed(run.batch, run.first, run.rows + piece.rows)
        elif piece.rows:
            if run:
                yield run
            run = piece
    if run:
        yield run


def _values(rows: list[Any], column: pa.Field) -> list[Any]:
    """Return a column of the rows; records in lists as dictionaries."""
    values = [getattr(row, column.name) for row in rows]
    if pa.types.is_list(column.type) and pa.types.is_struct(column.type.value_type):
        names = column.type.value_type.names
        return [[{name: getattr(record, name) for name in names} for record in records] for records in values]
    return values


def to_rows(table: str, data: pa.Table) -> list[Any]:
    """Return the typed rows of an Arrow table; the reverse of `to_arrow`."""
    row_type = TABLES[table]
    rows = []
    for values in data.to_pylist():
        for name, make in _list_makers(table).items():
            values[name] = make(values[name])
        rows.append(row_type(**values))
    return rows


@lru_cache
def _list_makers(table: str) -> dict[str, Callable[[list[Any]], tuple[Any, ...]]]:
    """Return what makes the values of a table's list columns tuples, by column."""
    hints = typing.get_type_hints(TABLES[table])
    return {name: _list_maker(hint) for name, hint in hints.items() if typing.get_origin(hint) is tuple}


def _list_maker(hint: Any) -> Callable[[list[Any]], tuple[Any, ...]]:
    """Return what makes a list column's value a tuple, of records where the column holds records."""
    element = typing.get_args(hint)[0]
    if is_dataclass(element):
        return lambda structs: tuple(typing.cast(Any, element)(**struct) for struct in structs)
    return tuple


def partition_of(site: str, when: dt.datetime | None) -> Partition:
    """Return the partition of a row: its site, and its month in Vietnam or "unknown"."""
    return Partition(site, when.astimezone(VIETNAM).strftime("%Y-%m") if when else UNDATED)


def _escaped(name: str) -> str:
    """Return a name that is one folder of its own, whatever stands in it; readers undo the percent signs."""
    return _NOT_IN_A_NAME.sub(lambda sign: "".join(f"%{byte:02X}" for byte in sign[0].encode()), name)
