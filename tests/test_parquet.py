"""The Parquet files of the tables: a question asked of them by SQL gets the answer that their rows give."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
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


@pytest.mark.parametrize("rows", [1, 9, 700, 6_000])
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


@pytest.mark.parametrize("rows", [1, 700])
@pytest.mark.parametrize("table", TABLES)
def test_equal_rows_make_equal_files_wherever_they_lie_in_memory(table: str, rows: int) -> None:
    data = of_one_value(table, rows)
    amid = pa.concat_tables([of_one_value(table, 3).slice(1), data, of_one_value(table, 5)]).combine_chunks()
    file = parquet_of(table, HERE, data)
    assert parquet_of(table, HERE, amid.slice(2, rows)).equals(file)
    in_pieces = pa.concat_tables([amid.slice(2, rows // 3), amid.slice(2 + rows // 3, rows - rows // 3)])
    assert parquet_of(table, HERE, in_pieces).equals(file)


def numbered(table: str, rows: int) -> pa.Table:
    """Return rows of passages as they lie: of articles with three sentences each, and two passages in each of these."""
    texts = of_one_value(table, rows).drop_columns(["article_id", "sentence", "start", "end"])
    at = range(rows)
    own = {
        "article_id": pa.array([f"{row // 6:08x}" for row in at]),
        "sentence": pa.array([row % 6 // 2 for row in at]),
        "start": pa.array([row % 6 * 40 for row in at]),
        "end": pa.array([row % 6 * 40 + 7 for row in at]),
    }
    columns = [own[name] if name in own else texts[name] for name in arrow_schema(table).names]
    return pa.Table.from_arrays(columns, schema=arrow_schema(table))


@pytest.mark.parametrize("rows", [1, 700, 6_000])
@pytest.mark.parametrize("table", ["sentences", "figures", "refused_numbers"])
def test_offsets_are_read_as_they_were_by_every_reader(table: str, rows: int, tmp_path: Path) -> None:
    data = numbered(table, rows)
    path = tmp_path / "part.parquet"
    path.write_bytes(parquet_of(table, HERE, data))
    names = ["article_id", "sentence", "start", "end"]
    expected = data.select(names).to_pylist()
    assert pq.ParquetFile(path).read(names).to_pylist() == expected
    assert duckdb.read_parquet(str(path)).select(*names).to_arrow_table().to_pylist() == expected
    polars = pytest.importorskip("polars")
    assert polars.read_parquet(path, columns=names).to_dicts() == expected
    late = duckdb.read_parquet(str(path)).filter('"start" > 100').count("*")  # of numbers that the statistics leave in
    assert late.fetchall() == [(sum(row["start"] > 100 for row in expected),)]


def test_what_takes_room_in_a_file_is_packed_as_zstd_and_so_is_the_first_column() -> None:
    rows = of_one_value("sentences", 700)
    tokens = pa.array([["công", "đoàn", "viên"]] * 700, pa.list_(pa.string()))
    rows = rows.set_column(rows.schema.get_field_index("tokens"), rows.schema.field("tokens"), tokens)
    group = pq.ParquetFile(pa.BufferReader(parquet_of("sentences", HERE, rows))).metadata.row_group(0)
    columns = [group.column(number) for number in range(group.num_columns)]
    codecs = {column.path_in_schema: column.compression for column in columns}
    packed = {"article_id", "text", "tokens.list.element"}
    assert {path for path, codec in codecs.items() if codec == "ZSTD"} == packed
    assert {codec for path, codec in codecs.items() if path not in packed} == {"UNCOMPRESSED"}
    assert all(column.total_uncompressed_size < 3_000 for column in columns if column.compression == "UNCOMPRESSED")
    smallest = parquet_of("runs", HERE, of_one_value("runs", 1))
    assert pq.ParquetFile(pa.BufferReader(smallest)).metadata.row_group(0).column(0).compression == "ZSTD"
