"""The Parquet files of the tables: a question asked of them by SQL gets the answer that their rows give."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from pipeline.parquet import parquet_of
from pipeline.schema import TABLES
from pipeline.tables import Partition, arrow_schema

HERE = Partition("bao_ben_do", "2026-03")
VALUES: dict[pa.DataType, Any] = {
    pa.string(): "Bến Đò",
    pa.int64(): 7,
    pa.float64(): 2.5,
    pa.bool_(): True,
    pa.date32(): dt.date(2026, 3, 9),
    pa.timestamp("us", tz="UTC"): dt.datetime(2026, 3, 9, tzinfo=dt.UTC),
}


def of_one_value(table: str, rows: int) -> pa.Table:
    """Return rows whose columns hold one value, in every second row none where they may; lists are empty."""
    columns = []
    for field in arrow_schema(table):
        value = VALUES.get(field.type, [])
        columns.append(pa.array([None if field.nullable and row % 2 else value for row in range(rows)], field.type))
    return pa.Table.from_arrays(columns, schema=arrow_schema(table))


@pytest.mark.parametrize("rows", [1, 9, 6_000])
@pytest.mark.parametrize("table", TABLES)
def test_a_column_of_one_value_and_none_can_be_asked_for_either(table: str, rows: int, tmp_path: Path) -> None:
    data = of_one_value(table, rows)
    (tmp_path / "part.parquet").write_bytes(parquet_of(table, HERE, data))
    with duckdb.connect() as connection:
        stored = connection.read_parquet(str(tmp_path / "part.parquet"))
        for name in data.schema.names:
            empty = data[name].null_count
            assert len(stored.filter(f'"{name}" IS NULL').fetchall()) == empty, name
            assert stored.filter(f'"{name}" IS NULL').count("*").fetchall() == [(empty,)], name
            assert stored.filter(f'"{name}" IS NOT NULL').count("*").fetchall() == [(rows - empty,)], name
