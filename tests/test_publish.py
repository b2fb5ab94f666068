"""What is published elsewhere is the snapshot's rows, sent once, and one whole state for whoever reads it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Literal

import duckdb
import pyarrow as pa
import pytest
from click.testing import CliRunner
from test_pieces import ARTICLES, amended, committed, sentences
from test_snapshots import DAY, commit_state, dropped, home
from vinhkhe import Built

from pipeline.cli.publish import command
from pipeline.commits import commit
from pipeline.publish import Published, PublishRefused, publish
from pipeline.schema import KEYS, TABLES, DroppedRow
from pipeline.snapshots import Snapshot
from pipeline.tables import Partition, to_arrow

fsspec = pytest.importorskip("fsspec")
FORMS: tuple[Literal["parquet"], Literal["delta"]] = ("parquet", "delta")


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    commit_state(tmp_path / "corpus", 1)
    return tmp_path / "corpus"


def next_state(corpus: Path) -> Snapshot:
    """Commit a changed partition, a new one and one without rows."""
    rows = {
        home("2026-08"): to_arrow("dropped", [dropped("mới", 1)]),
        home("2026-12"): to_arrow("dropped", [dropped("mới", 2)]),
        home("2026-07"): to_arrow("dropped", []),
    }
    return commit(Snapshot.committed(corpus), {"dropped": rows}, {})


def rows_listed(folder: Path, table: str) -> list[str]:
    """Read a published Parquet table as its manifest says."""
    listed = json.loads((folder / "latest.json").read_text(encoding="utf-8"))["files"][table]
    files = [str(folder / table / path) for path, *_ in listed]
    details = duckdb.execute("SELECT detail FROM read_parquet(?)", [files]).fetchall()
    return sorted(detail for (detail,) in details)


def expected(snapshot: Snapshot) -> list[str]:
    return sorted(snapshot.read("dropped")["detail"].to_pylist())


def test_parquet_is_published_once_and_then_what_changed(corpus: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    first = Snapshot.committed(corpus)
    assert publish(first, str(out)) == Published(1, len(first.all_files()), 0)
    assert rows_listed(out, "dropped") == expected(first)
    assert publish(first, str(out)) == Published(1, 0, 0)
    second = next_state(corpus)
    assert publish(second, str(out)) == Published(2, 2, 2)
    assert rows_listed(out, "dropped") == expected(second)
    on_disk = {path.relative_to(out).as_posix() for path in out.rglob("*.parquet")}
    assert on_disk == {f"{table}/{file.path}" for table, file in second.all_files()}
    assert publish(first, str(out)).snapshot == 1  # and back, for a snapshot that is kept
    assert rows_listed(out, "dropped") == expected(first)


@pytest.mark.parametrize("form", FORMS)
def test_of_a_partition_in_several_files_those_are_sent_that_changed(
    corpus: Path, tmp_path: Path, form: Literal["parquet", "delta"]
) -> None:
    deltalake = pytest.importorskip("deltalake")
    out = tmp_path / "out"
    publish(committed(corpus, sentences("một")), str(out), form)
    second = amended(corpus, ARTICLES[:1], sentences("hai", ARTICLES[:8]))
    assert publish(second, str(out), form) == Published(3, 1, 1 if form == "parquet" else 0)
    files = [str(path) for path in (out / "sentences").rglob("*.parquet")]
    if form == "delta":
        files = deltalake.DeltaTable(str(out / "sentences")).file_uris()
    there = duckdb.read_parquet(files).aggregate("article_id, text, count(*)").order("article_id").fetchall()
    each = second.count("sentences") // 16
    assert there == [(name, "hai" if name in ARTICLES[:8] else "một", each) for name in ARTICLES]


def test_parquet_goes_to_storage_that_is_no_disk(corpus: Path) -> None:
    publish(Snapshot.committed(corpus), "memory://congdoan/corpus")
    second = next_state(corpus)
    assert publish(second, "memory://congdoan/corpus") == Published(2, 2, 2)
    storage = fsspec.filesystem("memory")
    listed = json.loads(storage.cat_file("/congdoan/corpus/latest.json"))["files"]
    there = {path.removeprefix("/congdoan/corpus/") for path in storage.find("/congdoan/corpus")}
    assert there == {"latest.json", *(f"{table}/{path}" for table, files in listed.items() for path, *_ in files)}


def test_a_publication_that_breaks_off_leaves_the_published_state(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    first = Snapshot.committed(corpus)
    publish(first, str(out))
    second = next_state(corpus)
    sent: list[str] = []
    put = fsspec.implementations.local.LocalFileSystem.put_file

    def breaks_at_the_second(self: Any, source: str, target: str, **named: Any) -> None:
        if sent:
            raise OSError(28, "No space left on device")
        sent.append(target)
        put(self, source, target, **named)

    with monkeypatch.context() as full:
        full.setattr(fsspec.implementations.local.LocalFileSystem, "put_file", breaks_at_the_second)
        with pytest.raises(PublishRefused, match="No space left on device; what was published before is as it was"):
            publish(second, str(out))
    assert rows_listed(out, "dropped") == expected(first)
    publish(second, str(out))
    assert rows_listed(out, "dropped") == expected(second)


def test_delta_tables_hold_the_rows_and_change_by_partition(corpus: Path, tmp_path: Path) -> None:
    deltalake = pytest.importorskip("deltalake")
    out = tmp_path / "out"
    first = Snapshot.committed(corpus)
    publish(first, str(out), "delta")
    table = deltalake.DeltaTable(str(out / "dropped"))
    assert sorted(table.to_pyarrow_table()["detail"].to_pylist()) == expected(first)
    assert table.metadata().partition_columns == ["site", "month"]
    assert {path.name for path in out.iterdir()} == {*TABLES, "latest.json"}
    assert publish(first, str(out), "delta") == Published(1, 0, 0)
    kept = {path for path in table.file_uris() if "month=2026-09" in path}
    second = next_state(corpus)
    assert publish(second, str(out), "delta") == Published(2, 2, 1)
    table = deltalake.DeltaTable(str(out / "dropped"))
    assert sorted(table.to_pyarrow_table()["detail"].to_pylist()) == expected(second)
    assert kept <= set(table.file_uris())
    said = json.loads((out / "latest.json").read_text(encoding="utf-8"))
    assert said["versions"] == {name: int(name == "dropped") for name in TABLES}
    past = deltalake.DeltaTable(str(out / "dropped"), version=0)
    assert sorted(past.to_pyarrow_table()["detail"].to_pylist()) == expected(first)


def test_a_delta_publication_that_broke_off_is_finished_by_the_next(corpus: Path, tmp_path: Path) -> None:
    deltalake = pytest.importorskip("deltalake")
    out = tmp_path / "out"
    publish(Snapshot.committed(corpus), str(out), "delta")
    before = (out / "latest.json").read_bytes()
    second = next_state(corpus)
    publish(second, str(out), "delta")
    (out / "latest.json").write_bytes(before)  # as if it was killed before its last step
    publish(second, str(out), "delta")
    table = deltalake.DeltaTable(str(out / "dropped"))
    assert sorted(table.to_pyarrow_table()["detail"].to_pylist()) == expected(second)


def test_every_table_of_a_corpus_is_read_from_delta_as_it_is(built: Built, tmp_path: Path) -> None:
    polars = pytest.importorskip("polars")
    deltalake = pytest.importorskip("deltalake")
    snapshot = Snapshot.committed(built.corpus)
    publish(snapshot, str(tmp_path / "out"), "delta")
    for table in TABLES:
        committed = polars.from_arrow(snapshot.read(table))
        published = deltalake.DeltaTable(str(tmp_path / "out" / table)).to_pyarrow_table()
        by = [name for name in KEYS[table] if name in committed.columns]
        for found in (polars.from_arrow(published), polars.read_delta(str(tmp_path / "out" / table))):
            assert found.select(committed.columns).sort(by).equals(committed.sort(by)), table


def test_where_most_of_a_delta_table_changed_all_of_it_is_sent(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    deltalake = pytest.importorskip("deltalake")
    out = tmp_path / "out"
    first = Snapshot.committed(corpus)
    publish(first, str(out), "delta")
    monkeypatch.setattr("pipeline.delta._CHANGED_AT_ONCE", 1)
    second = next_state(corpus)
    publish(second, str(out), "delta")
    for version, state in ((0, first), (1, second)):
        table = deltalake.DeltaTable(str(out / "dropped"), version=version)
        assert sorted(table.to_pyarrow_table()["detail"].to_pylist()) == expected(state)


@pytest.mark.parametrize("site", ["a'b", "báo/../ảnh=1 %"])
def test_a_site_with_an_odd_name_takes_its_own_rows_only(site: str, tmp_path: Path) -> None:
    deltalake = pytest.importorskip("deltalake")
    odd = Partition(site, "2026-09")
    for detail in ("một", "hai"):
        rows = [DroppedRow("u", odd.site, DAY, "parse", "r", detail, "f", 0, "")]
        snapshot = commit(Snapshot.committed(tmp_path / "c"), {"dropped": {odd: to_arrow("dropped", rows)}}, {})
        publish(snapshot, str(tmp_path / "out"), "delta")
    table = deltalake.DeltaTable(str(tmp_path / "out" / "dropped"))
    assert table.to_pyarrow_table()["detail"].to_pylist() == ["hai"]


@pytest.mark.parametrize("form", FORMS)
def test_a_place_that_holds_something_else_is_refused(
    corpus: Path, tmp_path: Path, form: Literal["parquet", "delta"]
) -> None:
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "latest.json").write_text("{}")
    with pytest.raises(PublishRefused, match="not written by congdoan publish; name another place"):
        publish(Snapshot.committed(corpus), str(tmp_path / "other"), form)
    with pytest.raises(PublishRefused, match=r"xyz://a: .*xyz"):
        publish(Snapshot.committed(corpus), "xyz://a", form)
    with pytest.raises(PublishRefused, match="nothing is committed yet"):
        publish(Snapshot.committed(tmp_path / "leer"), str(tmp_path / "out"), form)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("inside", ["", "tables", "published"])
def test_a_corpus_is_not_published_into_itself(form: Literal["parquet", "delta"], inside: str, corpus: Path) -> None:
    before = sorted(corpus.rglob("*"))
    with pytest.raises(PublishRefused, match="lies in the corpus, whose tables are its own; publish to another folder"):
        publish(Snapshot.committed(corpus), f"file://{corpus / inside}", form)
    assert sorted(corpus.rglob("*")) == before


def test_a_delta_table_of_somebody_else_is_refused_and_left_as_it_was(corpus: Path, tmp_path: Path) -> None:
    deltalake = pytest.importorskip("deltalake")
    theirs = str(tmp_path / "lake" / "articles")
    for number in range(3):
        deltalake.write_deltalake(theirs, pa.table({"n": [number]}), mode="append")
    with pytest.raises(PublishRefused, match="a Delta table that congdoan did not publish; name another"):
        publish(Snapshot.committed(corpus), str(tmp_path / "lake"), "delta")
    table = deltalake.DeltaTable(theirs)
    assert (table.version(), len(table.file_uris())) == (2, 3)
    assert not (tmp_path / "lake" / "latest.json").exists()


def test_one_place_has_one_format_and_one_corpus(corpus: Path, tmp_path: Path) -> None:
    publish(Snapshot.committed(corpus), str(tmp_path / "out"))
    with pytest.raises(PublishRefused, match="holds tables published as parquet"):
        publish(Snapshot.committed(corpus), str(tmp_path / "out"), "delta")
    with pytest.raises(PublishRefused, match="of another corpus"):
        publish(commit_state(tmp_path / "other", 2), str(tmp_path / "out"))


def test_the_command_publishes_a_kept_snapshot(corpus: Path, tmp_path: Path) -> None:
    files = len(Snapshot.committed(corpus).all_files())
    next_state(corpus)
    told = CliRunner().invoke(command, [str(tmp_path / "out"), "--at", "1", "--corpus", str(corpus)])
    assert (told.exit_code, told.stdout) == (0, f"snapshot 1: {files} files published, 0 taken away\n")
    told = CliRunner().invoke(command, [str(tmp_path / "out"), "--at", "1", "--corpus", str(corpus)])
    assert told.stdout == "snapshot 1 is published already\n"
    assert CliRunner().invoke(command, ["x", "--option", "a", "--corpus", str(corpus)]).exit_code == 2
