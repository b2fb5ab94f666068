"""Every tool that analysts use reads the tables' folders rightly, whether it looks at the folders' names or not."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import duckdb
import pandas as pd
import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq
import pytest
from test_snapshots import DAY, dropped

from pipeline.commits import commit
from pipeline.schema import DroppedRow
from pipeline.snapshots import Snapshot
from pipeline.tables import Partition, to_arrow

MONTHS = ("2026-08", "2026-09")
SITES = ("bao_ban_example", "tin_vinhkhe_vn")
EXPECTED = [(site, month) for site in SITES for month in MONTHS]


@pytest.fixture
def folder(tmp_path: Path) -> str:
    rows = {
        Partition(site, month): to_arrow("dropped", [DroppedRow("u", site, DAY, "parse", "r", None, "f", 0, "")])
        for site, month in EXPECTED
    }
    commit(Snapshot.committed(tmp_path), {"dropped": rows}, {})
    return str(tmp_path / "tables" / "dropped")


def test_pandas_reads_the_folder(folder: str) -> None:
    frame = pd.read_parquet(folder)
    assert sorted(zip(frame["site"], frame["month"], strict=True)) == EXPECTED
    filtered = pd.read_parquet(folder, filters=[("month", "==", "2026-09")])
    assert sorted(filtered["site"]) == list(SITES)
    assert sorted(pd.read_parquet(folder, partitioning=None)["month"]) == ["2026-08", "2026-08", "2026-09", "2026-09"]


def test_pyarrow_reads_the_folder(folder: str) -> None:
    columns = pq.read_table(folder).select(["site", "month"]).to_pylist()
    assert sorted((row["site"], row["month"]) for row in columns) == EXPECTED
    assert ds.dataset(folder).to_table(filter=ds.field("site") == SITES[0]).num_rows == 2
    by_folder = ds.HivePartitioning.discover(infer_dictionary=True)
    assert ds.dataset(folder, partitioning=by_folder).to_table(filter=ds.field("site") == SITES[0]).num_rows == 2


def test_pyarrow_refuses_folders_read_as_plain_strings_and_never_answers_wrongly(folder: str) -> None:
    # data/README.md says what to write instead
    with pytest.raises(Exception, match="Unable to merge: Field site has incompatible types"):
        ds.dataset(folder, partitioning="hive")


@pytest.mark.parametrize("kind", [pa.string(), pa.large_string(), pa.dictionary(pa.int32(), pa.string()), None])
def test_no_type_of_the_files_columns_suits_all_readings_of_folders(kind: pa.DataType | None, tmp_path: Path) -> None:
    # were there one, the tables would be written so: then data/README.md could say less
    (tmp_path / "site=a").mkdir()
    columns = {"url": pa.array(["u"])} | ({} if kind is None else {"site": pa.array(["a"]).cast(kind)})
    pq.write_table(pa.table(columns), tmp_path / "site=a" / "part.parquet")
    readings: list[Callable[[], pa.Table]] = [
        lambda: pq.read_table(tmp_path)["site"],
        lambda: ds.dataset(tmp_path, partitioning="hive").to_table()["site"],
        lambda: ds.dataset(tmp_path).to_table()["site"],
    ]
    refused = 0
    for reading in readings:
        try:
            assert reading().to_pylist() == ["a"]
        except (pa.ArrowException, KeyError):
            refused += 1
    assert refused >= 1


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of pandas, for what Dask does with it
def test_dask_reads_the_folder_where_it_is_told_to_look_into_the_files(folder: str) -> None:
    dask = pytest.importorskip("dask.dataframe")
    frame = dask.read_parquet(folder, dataset={"partitioning": None}).compute()
    assert sorted(zip(frame["site"], frame["month"], strict=True)) == EXPECTED


@pytest.mark.parametrize(
    "option", ["", ", hive_partitioning = true", ", hive_partitioning = false", ", union_by_name = true"]
)
def test_duckdb_reads_the_glob(folder: str, option: str) -> None:
    files = f"read_parquet('{folder}/**/*.parquet'{option})"
    assert sorted(duckdb.sql(f"SELECT site, month FROM {files}").fetchall()) == EXPECTED  # noqa: S608
    query = f"SELECT count(*) FROM {files} WHERE month = '2026-09' AND site = '{SITES[0]}'"  # noqa: S608
    assert duckdb.sql(query).fetchall() == [(1,)]
    assert duckdb.sql(f"SELECT * FROM {files}").columns.count("month") == 1  # noqa: S608


def test_polars_reads_folder_and_glob(folder: str) -> None:
    polars = pytest.importorskip("polars")
    for source in (folder, f"{folder}/**/*.parquet"):
        for by_folder in (None, True, False):
            rows = polars.scan_parquet(source, hive_partitioning=by_folder).select("site", "month").collect().rows()
            assert sorted(rows) == EXPECTED
    scanned = polars.scan_parquet(folder).filter(polars.col("month") == "2026-09").collect()
    assert sorted(scanned["site"].to_list()) == list(SITES)


def test_a_site_that_needs_an_escape_is_read_by_its_name(tmp_path: Path) -> None:
    odd = "báo/../ảnh=1"
    rows = to_arrow("dropped", [DroppedRow("u", odd, DAY, "parse", "r", None, "f", 0, "")])
    snapshot = commit(Snapshot.committed(tmp_path), {"dropped": {Partition(odd, "2026-09"): rows}}, {})
    assert list(snapshot.partitions("dropped")) == [Partition(odd, "2026-09")]
    folder = tmp_path / "tables" / "dropped"
    assert pd.read_parquet(folder)["site"].tolist() == [odd]
    for option in ("true", "false"):
        files = f"read_parquet('{folder}/**/*.parquet', hive_partitioning = {option})"
        assert duckdb.sql(f"SELECT site FROM {files}").fetchall() == [(odd,)]  # noqa: S608


def test_no_row_is_read_of_a_table_without_rows(folder: str) -> None:
    other = Path(folder).parent / "articles"
    assert pd.read_parquet(other)["title"].tolist() == []
    assert duckdb.sql(f"SELECT count(site), count(month) FROM '{other}/**/*.parquet'").fetchall() == [(0, 0)]  # noqa: S608
    assert dropped("x").site == SITES[1]
