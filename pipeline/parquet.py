"""Rows as the Parquet file of their partition: zstd, and per column what serves those who ask and is cheap to write.

A file is written whenever one of its rows changes, so a column costs on every refresh: its statistics, of which those
of a text hold whole texts, and a dictionary, which of values that hardly recur is a second copy of them.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.tables import Partition, stored, stored_schema

ROWS_A_GROUP = 20_000  # a reader that looks for one article skips the other groups by their statistics
_ROWS_FOR_DICTIONARIES = 5_000  # in a smaller file what they save in reading is less than their own pages cost
# values that hardly recur in a file
_OF_THEIR_OWN = {
    *("url", "source_id", "title", "lead", "text", "published_raw", "digest", "origin", "changed", "capture_id"),
    *("sentence_text", "surface"),
}
_OF_FEW_VALUES = ("site", "month", "pos.list.element")  # with a dictionary in a file of any size
# what is asked for by a value or a range of them
_ASKED_FOR = {
    *("article_id", "site", "month", "published_at", "first_seen_at", "fetched_at", "started_at", "run_id", "revision"),
    *("sentence", "name", "movement_id", "kind", "province", "province_63", "province_34", "value", "unit"),
    *("period_start", "reprint_of", "reprint_group", "reason", "stage", "n_words"),
}


def parquet_of(table: str, partition: Partition, data: pa.Table) -> pa.Buffer:
    """Return the file of a partition's rows."""
    written = pa.BufferOutputStream()
    layout = _layout(table, many=data.num_rows > _ROWS_FOR_DICTIONARIES)
    pq.write_table(stored(table, partition, data), written, row_group_size=ROWS_A_GROUP, **layout)
    return written.getvalue()


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
    strings = [field.name for field in schema if pa.types.is_string(field.type) and field.name not in own]
    unsafe = {field.name for field in schema if pa.types.is_string(field.type) and field.nullable}
    unsafe -= set(strings) if many else set()
    return {
        "compression": "zstd",
        "version": "2.6",
        "use_dictionary": sorted({*_OF_FEW_VALUES, *(strings + lists if many else ())}),
        "write_statistics": [field.name for field in schema if field.name in _ASKED_FOR - unsafe],
    }
