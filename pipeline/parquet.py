"""Rows as the Parquet file of their partition: zstd, and per column what serves those who ask and is cheap to write.

A file is written whenever one of its rows changes, so a column costs on every refresh: its statistics, of which those
of a text hold whole texts, a dictionary, which of values that hardly recur is a second copy of them, and its codec
where there is hardly anything to pack.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.tables import Partition, stored, stored_schema

Sizer = Callable[[pa.Array], list[tuple[str, int]]]

ROWS_A_GROUP = 20_000  # a reader that looks for one article skips the other groups by their statistics
# A column of fewer bytes in a file lies there as it is; not the first, by which a reader may tell the codec. zstd takes
# some 15 microseconds a column whatever it holds: of the files of months of 93 articles that saves an eighth of reading
# and 7 % of writing for 7 % more bytes. With 4,000 bytes here it would be a sixth and 8 % for 17 %.
_BYTES_WORTH_PACKING = 2_500
_ROWS_FOR_DICTIONARIES = 5_000  # in a smaller file what they save in reading is less than their own pages cost
# values that hardly recur in a file
_OF_THEIR_OWN = {
    *("url", "source_id", "title", "lead", "text", "published_raw", "digest", "origin", "changed", "capture_id"),
    *("sentence_text", "surface"),
}
_OF_FEW_VALUES = ("site", "month", "pos.list.element")  # with a dictionary in a file of any size
# Of figures, movements and the like, what recurs from row to row. With a dictionary such columns take so little in a
# small file that they need no codec, and numbers that rise, as differences, neither. Of months of 93 articles that
# saves a fifth of writing and reading figures, an eighth of other passages; files are 1 to 3 % smaller or larger.
_RECURRING = {
    *("published_at", "province", "sentence", "kind", "trigger", "reason", "movement_id", "movement_rule"),
    *("organisation", "organisation_name", "organisation_rule", "place", "place_rule", "province_63", "province_34"),
    *("unit", "bound", "bound_kind", "per", "period", "period_rule", "role", "role_words"),
}
# what is asked for by a value or a range of them
_ASKED_FOR = {
    *("article_id", "site", "month", "published_at", "first_seen_at", "fetched_at", "started_at", "run_id", "revision"),
    *("sentence", "name", "movement_id", "kind", "province", "province_63", "province_34", "value", "unit"),
    *("period_start", "reprint_of", "reprint_group", "reason", "stage", "n_words"),
}


def parquet_of(table: str, partition: Partition, data: pa.Table) -> pa.Buffer:
    """Return the file of a partition's rows."""
    written = pa.BufferOutputStream()
    rows = stored(table, partition, data)
    many = data.num_rows > _ROWS_FOR_DICTIONARIES
    codecs = _packed(table, rows, many=many)
    pq.write_table(rows, written, row_group_size=ROWS_A_GROUP, compression=codecs, **_layout(table, many=many))
    return written.getvalue()


def _packed(table: str, rows: pa.Table, *, many: bool) -> dict[str, str]:
    """Return the codec of each Parquet column that has one, by its path."""
    sizes = [
        size
        for batch in rows.to_batches()  # `stored` gives one
        for number, size_of in _sizers(table, many=many)
        for size in size_of(batch.column(number))
    ]
    return dict.fromkeys([path for path, size in sizes if size > _BYTES_WORTH_PACKING] + [rows.column_names[0]], "zstd")


@lru_cache
def _sizers(table: str, *, many: bool) -> list[tuple[int, Sizer]]:
    """Return the columns, by number, that may be worth a codec."""
    small = set() if many else _recurring(table) | _rising(table)
    fields = enumerate(stored_schema(table))
    return [(number, _sizer(field.name, field.type)) for number, field in fields if field.name not in small]


def _recurring(table: str) -> set[str]:
    """Return the columns of a table of passages whose values recur from row to row."""
    names = {*stored_schema(table).names}
    return names & _RECURRING if "surface" in names else set()


def _rising(table: str) -> set[str]:
    """Return the columns of numbers that rise from row to row of an article."""
    names = {*stored_schema(table).names}
    return names & {"start", "end"} | (names & {"sentence"} - _recurring(table))


def _sizer(path: str, kind: pa.DataType) -> Sizer:
    """Return what gives the Parquet columns of an Arrow one, by path, and the bytes that their values take as they are.

    Of equal values these are equal, wherever they lie in memory. A dictionary is of one value; none takes nothing.
    """
    if pa.types.is_list(kind):
        elements = _sizer(f"{path}.list.element", kind.value_type)
        return lambda values: elements(values.flatten())
    if pa.types.is_struct(kind):
        fields = [_sizer(f"{path}.{field.name}", field.type) for field in kind]
        return lambda values: [size for number, own in enumerate(fields) for size in own(values.field(number))]
    if pa.types.is_dictionary(kind):
        return lambda _values: [(path, 0)]
    if pa.types.is_string(kind):
        return lambda values: [(path, _characters(values))]
    bits = kind.bit_width
    return lambda values: [(path, (len(values) - values.null_count) * bits // 8)]


def _characters(values: pa.StringArray) -> int:
    """Return how many bytes strings take, each with its length."""
    offsets = values.buffers()[1]
    if offsets is None or not len(values):
        return 0
    at = memoryview(offsets).cast("i")
    characters = int(at[values.offset + len(values)] - at[values.offset])
    return characters + 4 * int(len(values) - values.null_count)


@lru_cache
def _layout(table: str, *, many: bool) -> dict[str, Any]:
    """Return how a table's columns are written, in a file of many rows or a small one.

    Texts that may be null have statistics only beside a dictionary: where a column without one holds a single value,
    DuckDB 2.0 takes its statistics' word that it is that value and answers `IS NULL` with all rows.
    """
    schema = stored_schema(table)
    own = _OF_THEIR_OWN | ({"article_id"} if table == "articles" else set())
    lists = [
        f"{field.name}.list.element"
        for field in schema
        if pa.types.is_list(field.type) and pa.types.is_string(field.type.value_type)
    ]
    strings = {field.name for field in schema if pa.types.is_string(field.type)}
    dictionaries = {*strings - own, *lists} if many else _recurring(table)
    unsafe = {field.name for field in schema if field.name in strings and field.nullable} - dictionaries
    return {
        "version": "2.6",
        "use_dictionary": sorted({*_OF_FEW_VALUES, *dictionaries}),
        "column_encoding": {} if many else dict.fromkeys(sorted(_rising(table)), "DELTA_BINARY_PACKED"),
        "write_statistics": [field.name for field in schema if field.name in _ASKED_FOR - unsafe],
    }
