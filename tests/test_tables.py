"""Rows become Arrow and Parquet and come back the same, and every column says what it is."""

from __future__ import annotations

import datetime as dt
import io
import types
import typing
from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.records import Entity
from pipeline.schema import TABLES, SentenceRow
from pipeline.tables import Partition, arrow_schema, partition_of, taken, to_arrow, to_rows

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
TIME = st.datetimes(dt.datetime(1990, 1, 1), dt.datetime(2100, 1, 1), timezones=st.just(dt.UTC))
NUMBER = st.integers(-(2**63), 2**63 - 1)
PLAIN: dict[Any, st.SearchStrategy[Any]] = {
    str: TEXT,
    int: NUMBER,
    bool: st.booleans(),
    float: st.floats(allow_nan=False),
    dt.datetime: TIME,
    dt.date: st.dates(),
}


def values(hint: Any) -> st.SearchStrategy[Any]:
    """Return a strategy for a column of the spine."""
    if typing.get_origin(hint) in (types.UnionType, typing.Union):
        (inner,) = [part for part in typing.get_args(hint) if part is not type(None)]
        return st.none() | values(inner)
    if typing.get_origin(hint) is tuple:
        return st.lists(values(typing.get_args(hint)[0]), max_size=3).map(tuple)
    return rows(hint) if is_dataclass(hint) else PLAIN[hint]


def rows(row_type: Any) -> st.SearchStrategy[Any]:
    hints = typing.get_type_hints(row_type)
    return st.builds(row_type, **{spec.name: values(hints[spec.name]) for spec in fields(row_type)})


@pytest.mark.parametrize("table", TABLES)
@settings(max_examples=25)
@given(data=st.data())
def test_rows_written_to_parquet_are_read_back_the_same(table: str, data: st.DataObject) -> None:
    written = data.draw(st.lists(rows(TABLES[table]), max_size=4))
    file = io.BytesIO()
    pq.write_table(to_arrow(table, written), file)
    assert to_rows(table, pq.read_table(file).cast(arrow_schema(table))) == written


@pytest.mark.parametrize("table", TABLES)
def test_every_column_says_what_it_is_in_the_file_itself(table: str) -> None:
    schema = arrow_schema(table)
    assert schema.metadata[b"congdoan.table"] == table.encode()
    for column in schema:
        assert column.metadata[b"description"], column.name
        assert b"unit" in column.metadata


def test_types_follow_the_spine() -> None:
    schema = arrow_schema("sentences")
    assert schema.field("site").type == pa.string()
    assert schema.field("tokens").type == pa.list_(pa.string())
    known = ("name", "kind", "level", "parent", "province_63", "province_34", "office")
    entity = pa.struct(
        [("start", pa.int64()), ("end", pa.int64())] + [(name, pa.string()) for name in ("label", "text", *known)]
    )
    assert schema.field("entities").type == pa.list_(entity)
    assert arrow_schema("articles").field("published_at").type == pa.timestamp("us", "UTC")
    assert arrow_schema("articles").field("published_at").nullable
    assert not arrow_schema("articles").field("title").nullable


def test_entities_come_back_as_records() -> None:
    entity = Entity(4, 11, "LOC", "Hà Lĩnh")
    row = SentenceRow(
        "a" * 16, "tin_vinhkhe_vn", 0, 0, 12, "Tại Hà Lĩnh.", ("Tại", "Hà Lĩnh", "."), ("E", "Np", "CH"), (entity,)
    )
    (read,) = to_rows("sentences", to_arrow("sentences", [row]))
    assert read.entities == (entity,)


def test_a_row_is_stored_by_site_and_month_in_vietnam() -> None:
    last_evening_in_utc = dt.datetime(2026, 8, 31, 20, 0, tzinfo=dt.UTC)
    assert partition_of("tin_vinhkhe_vn", last_evening_in_utc) == Partition("tin_vinhkhe_vn", "2026-09")
    assert partition_of("tin_vinhkhe_vn", None).folder == "site=tin_vinhkhe_vn/month=unknown"


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1), st.text(st.characters(exclude_categories=["Cs"])))
def test_any_name_is_one_folder_and_comes_back(site: str, month: str) -> None:
    partition = Partition(site, month)
    assert Partition.of_folder(partition.folder) == partition
    assert partition.folder.count("/") == 1
    assert "\0" not in partition.folder


@pytest.mark.parametrize(
    "places", [[], [3], [0, 1, 2], [2, 3, 9], [9, 0, 5, 1, 7], [*range(4, 10), *range(4)], [*range(10)]]
)
def test_rows_are_taken_in_the_order_of_their_places(places: list[int]) -> None:
    rows = pa.table({"row": pa.array(range(10)), "words": pa.array([[str(row)] * row for row in range(10)])})
    found = taken(rows, np.array(places, np.int64))
    assert found.to_pylist() == [{"row": row, "words": [str(row)] * row} for row in places]
    assert found.schema == rows.schema
