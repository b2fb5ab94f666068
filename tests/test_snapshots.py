"""A commit is all tables or none, whatever kills it and whoever reads meanwhile."""

from __future__ import annotations

import datetime as dt
import errno
import json
import os
import resource
import select
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NoReturn

import duckdb
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from kills import killed_at_every_step

from pipeline.announcements import Announcements
from pipeline.commits import CommitConflict, Staging, commit
from pipeline.disk import TablesUnwritable
from pipeline.integrity import damaged_files, orphans
from pipeline.query import CorpusNotBuilt, open_corpus
from pipeline.schema import SCHEMA_VERSION, TABLES, DroppedRow, RegistryRow, RunRow
from pipeline.snapshots import Snapshot, TablesUnreadable
from pipeline.tables import WHOLE, Partition, rows_of, to_arrow, to_rows
from pipeline.tables_link import mend_link, swap_link

DAY = dt.datetime(2026, 9, 1, tzinfo=dt.UTC)
MONTHS = ("2026-07", "2026-08", "2026-09")


def dropped(detail: str, offset: int = 0) -> DroppedRow:
    return DroppedRow(
        "https://tin.vinhkhe.vn/", "tin_vinhkhe_vn", DAY, "parse", "listing", detail, "a.warc.gz", offset, ""
    )


def home(month: str) -> Partition:
    return Partition("tin_vinhkhe_vn", month)


def state(number: int) -> dict[str, dict[str, pa.Table]]:
    """Return changes that make every table say `number`; a month comes or goes with each."""
    months = {home(month): [dropped(str(number), 1), dropped(str(number), 2)] for month in MONTHS}
    extra = {home(f"2026-1{month}"): [dropped(str(number))] if month == number % 3 else [] for month in range(3)}
    run = RunRow("r", "tin_vinhkhe_vn", DAY, None, number, 0, 0, 0, 0, 0, 0, 0, 0, None, ())
    registry = RegistryRow(
        "m", "Chuyền may không lỗi", "phong_trao", (), None, str(number), None, None, None, None, None, None, False
    )
    return {
        "dropped": {name: to_arrow("dropped", rows) for name, rows in {**months, **extra}.items()},
        "runs": {home("2026-09"): to_arrow("runs", [run])},
        "movement_registry": {WHOLE: to_arrow("movement_registry", [registry])},
    }


def commit_state(corpus: Path, number: int) -> Snapshot:
    return commit(Snapshot.committed(corpus), state(number), {"state": number})


def states(snapshot: Snapshot) -> set[int]:
    """Return the numbers that the tables of a snapshot say; one, if it is whole."""
    said = {int(row.detail) for row in to_rows("dropped", snapshot.read("dropped"))}
    said |= {row.requests for row in to_rows("runs", snapshot.read("runs"))}
    said |= {int(row.since) for row in to_rows("movement_registry", snapshot.read("movement_registry"))}
    return said | {snapshot.manifest["state"]}


def glob_query(corpus: Path, select: str, table: str) -> list[tuple[Any, ...]]:
    """Ask as a stranger's tool would: by glob, with no regard to snapshots."""
    return duckdb.connect().sql(f"{select} FROM '{corpus}/tables/{table}/**/*.parquet'").fetchall()


# --------------------------------------------------------------------------- what is kept, and how
def test_before_the_first_commit_there_is_nothing(tmp_path: Path) -> None:
    snapshot = Snapshot.committed(tmp_path)
    assert (snapshot.number, snapshot.folder) == (Snapshot.NONE, None)
    assert snapshot.read("articles").num_rows == 0
    with pytest.raises(CorpusNotBuilt, match="congdoan build"):
        open_corpus(tmp_path)


def test_a_commit_is_read_back_and_untouched_partitions_are_the_same_files(tmp_path: Path) -> None:
    commit_state(tmp_path, 1)
    second = commit(Snapshot.committed(tmp_path), {"runs": state(2)["runs"]}, {"state": 2})
    files = sorted((tmp_path / "tables" / "dropped").rglob("*.parquet"))
    assert [path.relative_to(tmp_path / "tables").as_posix() for path in files] == [
        f"dropped/site=tin_vinhkhe_vn/month={month}/part.000001.parquet"
        for month in ("2026-07", "2026-08", "2026-09", "2026-11")
    ]
    assert all(path.stat().st_nlink == 2 for path in files)
    assert [path.name for path in (tmp_path / "tables" / "runs").rglob("*.parquet")] == ["part.000002.parquet"]
    assert {row.detail for row in to_rows("dropped", second.read("dropped"))} == {"1"}


def test_rows_that_are_what_they_were_keep_their_file(tmp_path: Path) -> None:
    commit_state(tmp_path, 1)
    again = commit_state(tmp_path, 1)
    assert again.number == 2
    assert [path.name for (path,) in again.partitions("dropped").values()] == ["part.000001.parquet"] * 4


def test_a_table_without_rows_still_answers_a_query(tmp_path: Path) -> None:
    commit_state(tmp_path, 1)
    assert glob_query(tmp_path, "SELECT count(title)", "articles") == [(0,)]
    assert {path.name for path in (tmp_path / "tables").iterdir()} == {
        *TABLES,
        "snapshot.json",
        "files.json",
    }


def test_an_empty_partition_goes_and_rows_take_the_place_of_no_rows(tmp_path: Path) -> None:
    first = commit_state(tmp_path, 1)
    emptied = {name: to_arrow("dropped", []) for name in first.partitions("dropped")}
    second = commit(first, {"dropped": emptied}, {"state": 1})
    assert second.partitions("dropped") == {}
    third = commit(second, {"dropped": {home("2026-08"): to_arrow("dropped", [dropped("3")])}}, {"state": 3})
    assert list(third.partitions("dropped")) == [home("2026-08")]
    assert len(list((tmp_path / "tables" / "dropped").rglob("*.parquet"))) == 1


def test_without_hard_links_the_files_are_copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuses(*_: Any, **__: Any) -> NoReturn:
        raise OSError(errno.EPERM, "no hard links on this file system")

    commit_state(tmp_path, 1)
    monkeypatch.setattr(os, "link", refuses)
    second = commit(Snapshot.committed(tmp_path), {"runs": state(2)["runs"]}, {"state": 2})
    assert second.read("dropped").num_rows == 7
    assert all(path.stat().st_nlink == 1 for (path,) in second.partitions("dropped").values())


def test_without_symbolic_links_tables_is_a_copy_with_the_number_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuses(*_: Any, **__: Any) -> NoReturn:
        raise OSError(errno.EPERM, "no symbolic links on this file system")

    monkeypatch.setattr(os, "symlink", refuses)
    said: list[str] = []
    for number in (1, 2):
        with Staging(Snapshot.committed(tmp_path), said.append) as staging:
            staging.put("runs", home("2026-09"), state(number)["runs"][home("2026-09")])
            staging.commit({"state": number})
    assert [line.rpartition(": ")[2] for line in said] == ["tables is a copy of the snapshot"] * 2
    assert glob_query(tmp_path, "SELECT requests", "runs") == [(2,)]
    assert Snapshot.committed(tmp_path).number == 2
    assert not (tmp_path / "tables").is_symlink()
    assert not mend_link(Snapshot.committed(tmp_path))
    shutil.rmtree(tmp_path / "tables")  # as a kill leaves it before the copy is in its place
    shutil.copytree(tmp_path / "snapshots" / "000001", tmp_path / "tables")
    assert mend_link(Snapshot.committed(tmp_path))
    assert glob_query(tmp_path, "SELECT requests", "runs") == [(2,)]
    monkeypatch.undo()
    commit_state(tmp_path, 3)
    assert (tmp_path / "tables").readlink() == Path("snapshots/000003")
    assert {path.name for path in tmp_path.iterdir()} == {"snapshots", "tables"}


def test_a_corpus_copied_by_a_tool_that_follows_links_is_read_and_mended(tmp_path: Path) -> None:
    commit_state(tmp_path / "first", 1)
    commit_state(tmp_path / "first", 2)
    shutil.copytree(tmp_path / "first", tmp_path / "copy")
    assert not (tmp_path / "copy" / "tables").is_symlink()
    assert states(Snapshot.committed(tmp_path / "copy")) == {2}
    assert states(commit_state(tmp_path / "copy", 3)) == {3}
    assert (tmp_path / "copy" / "tables").readlink() == Path("snapshots/000003")
    shutil.copytree(tmp_path / "first" / "tables", tmp_path / "only" / "tables")
    assert states(Snapshot.committed(tmp_path / "only")) == {2}


def test_a_lost_link_leaves_the_newest_snapshot(tmp_path: Path) -> None:
    commit_state(tmp_path, 1)
    commit_state(tmp_path, 2)
    (tmp_path / "tables").unlink()
    assert states(Snapshot.committed(tmp_path)) == {2}
    assert commit_state(tmp_path, 3).number == 3


def test_a_snapshot_that_another_process_committed_meanwhile_is_not_overwritten(tmp_path: Path) -> None:
    begun_with = commit_state(tmp_path, 1)
    with Staging(begun_with) as staging:
        # as the other one on another machine, where the lock does not hold, would
        other = tmp_path / "snapshots" / "000005"
        shutil.copytree(begun_with.folder or tmp_path, other)
        swap_link(tmp_path, 5)
        with pytest.raises(
            CommitConflict, match="snapshot 5 was committed since this build began with 1; run it again"
        ):
            staging.commit({"state": 2})
    assert (tmp_path / "tables").readlink() == Path("snapshots/000005")
    assert not list((tmp_path / "snapshots").glob("*.unfinished"))


def test_two_builds_at_once_where_the_lock_does_not_hold_write_into_no_folder_of_the_other(tmp_path: Path) -> None:
    begun_with = commit_state(tmp_path, 1)
    partition, rows = home("2026-09"), [dropped("người kia"), dropped("người kia", 1)]
    for ends_first in (True, False):
        before = Snapshot.committed(tmp_path)
        with Staging(before) as one:
            one.put("dropped", partition, to_arrow("dropped", [dropped(f"một {before.number}")]))
            with Staging(before) as other:  # it takes the first for a killed one
                other.put("dropped", partition, to_arrow("dropped", rows))
                if ends_first:
                    other.commit({"state": 2})
                said = "committed since" if ends_first else "does this disk share locks"
                with pytest.raises(CommitConflict, match=said):
                    one.put("dropped", home("2026-10"), to_arrow("dropped", [dropped("một")]))
                with pytest.raises(CommitConflict, match=said):
                    one.read("dropped", partition)
                with pytest.raises(CommitConflict, match=said):
                    one.commit({"state": 3})
                if not ends_first:
                    rows.pop()
                    other.put("dropped", partition, to_arrow("dropped", rows))
                    other.commit({"state": 2})
        committed = Snapshot.committed(tmp_path)
        assert committed.number == before.number + 1
        assert list(damaged_files(committed)) == []
        assert to_rows("dropped", committed.read("dropped", [partition])) == rows
    assert begun_with.number == 1


@pytest.mark.parametrize(
    ("manifest", "said"),
    [
        ("{", "no readable snapshot.json"),
        ("[]", "no readable snapshot.json"),
        ("{}", "no readable snapshot.json"),
        (
            '{"schema_version": 999, "congdoan": "7.1"}',
            f"schema version 999, written by congdoan 7.1; this one knows {SCHEMA_VERSION}: update it to congdoan 7.1",
        ),
        ('{"schema_version": 1}', "tables with other columns, written by congdoan an older version .* `congdoan build"),
        (
            f'{{"schema_version": {SCHEMA_VERSION}, "columns": "0", "congdoan": "0.1"}}',
            "tables with other columns, written by congdoan 0.1",
        ),
    ],
)
def test_tables_of_another_kind_are_refused_with_the_way_out(tmp_path: Path, manifest: str, said: str) -> None:
    commit_state(tmp_path, 1)
    (tmp_path / "tables" / "snapshot.json").write_text(manifest)
    with pytest.raises(TablesUnreadable, match=said) as refused:
        open_corpus(tmp_path)
    assert "\n" not in str(refused.value)


# --------------------------------------------------------------------------- kills
def before_a_kill(_corpus: Path) -> None:
    """Leave the corpus as the last one left it."""


def commit_or_die(corpus: Path, number: int) -> None:
    commit_state(corpus, number)


def said_after(corpus: Path) -> set[int]:
    return states(Snapshot.committed(corpus))


@pytest.mark.slow
def test_a_kill_at_any_step_of_a_commit_leaves_the_old_state_or_the_new(tmp_path: Path) -> None:
    lines = killed_at_every_step(tmp_path, "test_snapshots")
    assert len(lines) > 30  # so many moments were tried
    before = "0"
    old_kept = 0
    for step, said, *end in lines:
        assert said in (before, step), f"killed at step {step}"
        assert end in (["killed"], ["done"])  # and nothing but one state was said
        old_kept += said == before
        before = said
    assert lines[-1][1:] == [lines[-1][0], "done"]
    assert 20 < old_kept < len(lines)  # both outcomes were seen
    assert not list((tmp_path / "snapshots").glob("*.unfinished"))


# --------------------------------------------------------------------------- readers during commits
COMMITS_ON_DEMAND = """
import sys
from pathlib import Path
sys.path.insert(0, {tests!r})
from test_snapshots import commit_state

for number, line in enumerate(sys.stdin, 2):
    commit_state(Path({corpus!r}), number)
    print(number, flush=True)
"""


@pytest.mark.slow
def test_readers_during_commits_see_the_old_or_the_new_never_a_mix(tmp_path: Path) -> None:
    commit_state(tmp_path, 1)
    script = COMMITS_ON_DEMAND.format(tests=str(Path(__file__).parent), corpus=str(tmp_path))
    reads = retried = 0
    with subprocess.Popen(
        [sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as writer:
        assert writer.stdin is not None
        assert writer.stdout is not None
        for committed in range(2, 27):
            writer.stdin.write("\n")
            writer.stdin.flush()
            while not select.select([writer.stdout], [], [], 0)[0]:  # read for as long as the commit takes
                reads += 1
                try:
                    rows = glob_query(tmp_path, "SELECT detail", "dropped")
                except duckdb.IOException as gone:  # listed before the commit, opened after: missing, not another's
                    assert "No files found" in str(gone) or "No such file" in str(gone)
                    retried += 1
                    continue
                assert rows in ([(str(committed - 1),)] * 7, [(str(committed),)] * 7)
                assert states(Snapshot.committed(tmp_path)) in ({committed - 1}, {committed})
            assert writer.stdout.readline() == f"{committed}\n"
        writer.stdin.close()
    assert writer.returncode == 0
    assert reads > 25
    assert retried < reads / 2


class Globber:
    """A stranger's tool: lists a table's folders level by level, all by way of the link, then opens what it found."""

    def __init__(self, corpus: Path, table: str) -> None:
        self.table = corpus / "tables" / table
        self.months = [month for site in self._within(self.table) for month in self._within(site)]

    @staticmethod
    def _within(folder: Path) -> list[Path]:
        """Return what is in a folder; nothing where it is gone, as DuckDB does."""
        return sorted(folder.iterdir()) if folder.is_dir() else []

    def details(self) -> list[str]:
        """Return what the rows say, or fail where a file is gone."""
        files = [file for month in self.months for file in self._within(month)]
        return [row.detail for file in files for row in to_rows("dropped", rows_of("dropped", pq.read_table(file)))]


def test_a_reader_who_lists_folders_while_one_comes_misses_no_rows_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    earlier = {home(month): to_arrow("dropped", [dropped("cũ")]) for month in MONTHS}
    commit(Snapshot.committed(tmp_path), {"dropped": earlier}, {})
    seen: dict[str, Any] = {"before": Globber(tmp_path, "dropped")}

    def settle(_self: Announcements, _folders: int) -> None:
        seen["old"] = seen["before"].details()  # who began before is waited for
        seen["meanwhile"] = Globber(tmp_path, "dropped")

    monkeypatch.setattr(Announcements, "settle", settle)
    later = {home(month): to_arrow("dropped", [dropped("mới")]) for month in (*MONTHS, "2026-10")}
    later[Partition("bao_ban", "2026-10")] = to_arrow("dropped", [dropped("mới")])
    snapshot = commit(Snapshot.committed(tmp_path), {"dropped": later}, {})
    assert seen["old"] == ["cũ"] * 3
    assert seen["meanwhile"].details() == ["mới"] * 5
    assert list(orphans(Snapshot.numbered(tmp_path, 1))) == []
    assert open_corpus(tmp_path, at=1).dropped()["detail"].tolist() == ["cũ"] * 3
    assert {file.rows for _, file in snapshot.all_files() if file.partition != WHOLE} == {1}


def test_what_a_killed_commit_had_announced_is_no_row_and_no_fault(tmp_path: Path) -> None:
    commit_state(tmp_path, 1)
    before = glob_query(tmp_path, "SELECT detail", "dropped")
    staging = Staging(Snapshot.committed(tmp_path))
    staging.put("dropped", home("2027-01"), to_arrow("dropped", [dropped("mới")]))  # and it is killed
    assert len(list((tmp_path / "tables").rglob("announced.*"))) == 1
    assert glob_query(tmp_path, "SELECT detail", "dropped") == before
    assert len(pd.read_parquet(tmp_path / "tables" / "dropped")) == len(before)
    commit_state(tmp_path, 2)
    assert states(Snapshot.committed(tmp_path)) == {2}
    assert [path for path in orphans(Snapshot.committed(tmp_path)) if "unfinished" not in path.name] == []


# --------------------------------------------------------------------------- disks that refuse
FULL_DISK = """
import resource, sys
from pathlib import Path
sys.path.insert(0, {tests!r})
from test_snapshots import commit_state
from pipeline.disk import TablesUnwritable
resource.setrlimit(resource.RLIMIT_FSIZE, ({limit}, {limit}))
try:
    commit_state(Path({corpus!r}), 2)
except TablesUnwritable as refused:
    print(refused)
"""


@pytest.mark.slow
@pytest.mark.parametrize("limit", [0, 700, 2500])
def test_a_disk_that_takes_no_more_costs_one_line_and_not_the_last_snapshot(tmp_path: Path, limit: int) -> None:
    commit_state(tmp_path, 1)
    script = FULL_DISK.format(tests=str(Path(__file__).parent), corpus=str(tmp_path), limit=limit)
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60)
    assert done.stderr == ""
    (line,) = done.stdout.splitlines()
    assert "the new tables could not be written" in line
    assert "the last snapshot is intact" in line
    assert states(Snapshot.committed(tmp_path)) == {1}
    assert [path.name for path in (tmp_path / "snapshots").iterdir()] == ["000001"]
    commit_state(tmp_path, 3)
    assert states(Snapshot.committed(tmp_path)) == {3}


def test_a_file_where_the_snapshots_should_be_costs_one_line(tmp_path: Path) -> None:
    (tmp_path / "snapshots").write_text("a file")
    with pytest.raises(TablesUnwritable, match=r"could not be written .*the last snapshot is intact") as refused:
        commit_state(tmp_path, 1)
    assert "\n" not in str(refused.value)
    assert Snapshot.committed(tmp_path).folder is None


def test_the_manifest_is_kept_as_given(tmp_path: Path) -> None:
    manifest: Mapping[str, Any] = {"state": 1, "read_to": {"archive/a/b.warc.gz": {"offset": 12, "size": 40}}}
    written = commit(Snapshot.committed(tmp_path), state(1), manifest, now=DAY)
    kept = json.loads((tmp_path / "tables" / "snapshot.json").read_text(encoding="utf-8"))
    facts = {"number": 1, "schema_version": SCHEMA_VERSION, "committed_at": "2026-09-01T00:00:00+00:00"}
    assert kept.items() >= {**manifest, **facts}.items()
    assert written.manifest == kept
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[0] == resource.RLIM_INFINITY  # the limit stayed in its process
