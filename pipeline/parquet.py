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

_ROWS_A_GROUP = 20_000  # a reader that looks for one article skips the other groups by their statistics
# values that hardly recur in a file
_OF_THEIR_OWN = {
    *("url", "source_id", "title", "lead", "text", "published_raw", "digest", "origin", "changed", "capture_id"),
    *("sentence_text", "surface"),
}
_NOT_ASKED_BY_RANGE = {"text", "title", "lead", "origin", "changed", "sentence_text", "surface", "stage_versions"}


def parquet_of(table: str, partition: Partition, data: pa.Table) -> pa.Buffer:
    """Return the file of a partition's rows."""
    written = pa.BufferOutputStream()
    pq.write_table(stored(table, partition, data), written, row_group_size=_ROWS_A_GROUP, **_layout(table))
    return written.getvalue()


@lru_cache
def _layout(table: str) -> dict[str, Any]:
    """Return how a table's columns are written.

    Statistics are of the columns with one value a row, but the long ones; dictionaries of strings that recur.
    """
    flat = [field for field in stored_schema(table) if not pa.types.is_list(field.type)]
    strings = [field.name for field in flat if pa.types.is_string(field.type) or pa.types.is_dictionary(field.type)]
    own = _OF_THEIR_OWN | ({"article_id"} if table == "articles" else set())
    lists = [
        f"{field.name}.list.element"
        for field in stored_schema(table)
        if pa.types.is_list(field.type) and pa.types.is_string(field.type.value_type)
    ]
    return {
        "compression": "zstd",
        "version": "2.6",
        "use_dictionary": [*(name for name in strings if name not in own), *lists],
        "write_statistics": [field.name for field in flat if field.name not in _NOT_ASKED_BY_RANGE],
    }
