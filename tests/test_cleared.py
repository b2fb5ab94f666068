"""What becomes of the folder of a snapshot that went: the next one is made of it, or it is deleted by and by."""

from __future__ import annotations

import errno
import os
import shutil
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner
from kills import killed_at_every_step
from test_bad_disks import refusing
from test_snapshots import dropped, glob_query, home, state

from pipeline.cleared import clear
from pipeline.cli.snapshots import command
from pipeline.commits import Staging, commit
from pipeline.disk import TablesUnwritable
from pipeline.integrity import damaged_files, orphans
from pipeline.retention import prune
from pipeline.snapshots import Snapshot, numbers
from pipeline.tables import Partition, to_arrow


def commit_runs(corpus: Path, number: int) -> Snapshot:
    """Commit a state in which the run log says a number, and all other tables what the first state said."""
    previous = Snapshot.committed(corpus)
    changed = {"runs": state(number)["runs"]} if previous.folder else state(number)
    return commit(previous, changed, {"state": number})


def spare_of(corpus: Path) -> Path:
    """Have three states committed and the folder of the first as the spare one."""
    for number in (1, 2, 3):
        commit_runs(corpus, number)
    assert prune(corpus, newest=2, days=0) == [1]
    assert beside(corpus) == ["000002", "000003", "spare"]
    return corpus / "snapshots" / "spare"


def beside(corpus: Path) -> list[str]:
    return sorted(path.name for path in (corpus / "snapshots").iterdir())


def listed(snapshot: Snapshot) -> set[str]:
    return {f"{table}/{file.path}" for table, file in snapshot.all_files()} | {"files.json", "snapshot.json"}


def lying(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if not path.is_dir()}


def whole(snapshot: Snapshot) -> bool:
    """Whether the folder of a snapshot has the files that it lists, as they were committed, and nothing else."""
    folder = snapshot.folder or Path()
    return lying(folder) == listed(snapshot) and not list(damaged_files(snapshot))


def test_a_snapshot_is_made_of_the_folder_of_one_that_went(tmp_path: Path) -> None:
    spare = spare_of(tmp_path)
    inode = (spare / "dropped" / f"site={home('2026-08').site}").stat().st_ino
    fourth = commit_runs(tmp_path, 4)
    assert beside(tmp_path) == ["000002", "000003", "000004"]
    assert (tmp_path / "tables" / "dropped" / f"site={home('2026-08').site}").stat().st_ino == inode
    assert whole(fourth)
    assert glob_query(tmp_path, "SELECT requests", "runs") == [(4,)]
    assert glob_query(tmp_path, "SELECT detail", "dropped") == [("1",)] * 7
    assert all(whole(Snapshot.numbered(tmp_path, number)) for number in (2, 3))


def test_nothing_that_was_done_to_such_a_folder_comes_into_the_next_snapshot(tmp_path: Path) -> None:
    spare = spare_of(tmp_path)
    months = spare / "dropped" / f"site={home('2026-08').site}"
    july, august = (months / f"month={month}" / "part.000001.parquet" for month in ("2026-07", "2026-08"))
    stray = duckdb.sql("SELECT * FROM read_parquet($path)", params={"path": str(july)})
    stray.write_parquet(str(months / "month=2026-07" / "copy.parquet"))
    stray.write_parquet(str(months / "month=2026-08" / "fresh"))
    (months / "month=2026-08" / "fresh").replace(august)  # another file under the name of one that was committed
    shutil.copytree(months / "month=2026-07", months / "month=2019-01")
    (months / "month=2026-09" / "part.000001.parquet").unlink()
    (months / "link").symlink_to(tmp_path)
    (spare / "kept").write_text("luan-an")
    (spare / "notes").mkdir()
    fourth = commit_runs(tmp_path, 4)
    assert whole(fourth)
    assert glob_query(tmp_path, "SELECT detail", "dropped") == [("1",)] * 7
    assert not (months.parents[1] / "notes").exists()


def test_what_others_have_by_the_name_of_a_file_of_the_next_snapshot_is_not_written_over(tmp_path: Path) -> None:
    spare = spare_of(tmp_path)
    month = f"runs/site={home('2026-09').site}/month=2026-09"
    os.link(tmp_path / "tables" / month / "part.000003.parquet", spare / month / "part.000004.parquet")
    assert whole(commit_runs(tmp_path, 4))
    assert all(whole(Snapshot.numbered(tmp_path, number)) for number in (2, 3))


@pytest.mark.parametrize("level", ["runs", f"runs/site={home('2026-09').site}", "runs/{site}/month=2026-09"])
@pytest.mark.parametrize("instead", ["a link", "a file"])
def test_a_folder_that_is_a_link_or_a_file_now_costs_one_line_and_no_more(
    tmp_path: Path, level: str, instead: str
) -> None:
    spare, elsewhere = spare_of(tmp_path), tmp_path / "elsewhere"
    there = spare / level.format(site=f"site={home('2026-09').site}")
    shutil.rmtree(there)
    elsewhere.mkdir()
    there.symlink_to(elsewhere) if instead == "a link" else there.write_text("")
    with pytest.raises(TablesUnwritable, match=r"runs.*: .*; the last snapshot is intact"):
        commit_runs(tmp_path, 4)
    assert whole(commit_runs(tmp_path, 5))
    assert list(elsewhere.iterdir()) == []


def test_a_link_in_the_place_of_such_a_folder_is_never_followed(tmp_path: Path) -> None:
    spare = spare_of(tmp_path)
    shutil.rmtree(spare)
    spare.symlink_to("000002")
    (spare.parent / "000001-1.cleared").symlink_to("000003")
    assert whole(commit_runs(tmp_path, 4))
    assert clear(tmp_path)
    assert beside(tmp_path) == ["000002", "000003", "000004"]
    assert all(whole(Snapshot.numbered(tmp_path, number)) for number in (2, 3))


def test_months_that_went_or_came_since_are_so_in_the_next_snapshot(tmp_path: Path) -> None:
    for number in (1, 2):
        commit_runs(tmp_path, number)
    changes = {
        home("2026-08"): to_arrow("dropped", []),
        home("2026-12"): to_arrow("dropped", [dropped("3")]),
        Partition("bao_ban", "2026-10"): to_arrow("dropped", [replace(dropped("3"), site="bao_ban")]),
    }
    commit(Snapshot.committed(tmp_path), {"dropped": changes}, {"state": 3})
    assert prune(tmp_path, newest=1, days=0) == [1, 2]
    assert beside(tmp_path) == ["000001-1.cleared", "000003", "spare"]
    back = {home("2026-08"): to_arrow("dropped", [dropped("4")]), home("2026-12"): to_arrow("dropped", [])}
    fourth = commit(Snapshot.committed(tmp_path), {"dropped": back}, {"state": 4})
    assert whole(fourth)
    assert sorted(glob_query(tmp_path, "SELECT detail", "dropped")) == [("1",)] * 5 + [("3",), ("4",)]
    assert not (tmp_path / "tables" / "dropped" / f"site={home('2026-12').site}" / "month=2026-12").exists()


def test_a_build_that_fails_gives_the_folder_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    spare = spare_of(tmp_path)
    before = lying(spare)
    with Staging(Snapshot.committed(tmp_path)) as staging:
        staging.put("runs", home("2026-09"), state(4)["runs"][home("2026-09")])
        staging.put("dropped", home("2027-01"), to_arrow("dropped", [dropped("4")]))
        assert "spare" not in beside(tmp_path)
    assert lying(spare) == before
    with monkeypatch.context() as disk:
        disk.setattr(os, "fsync", refusing(errno.EIO, "Input/output error"))
        with pytest.raises(TablesUnwritable, match="Input/output error"):
            commit_runs(tmp_path, 4)
    assert beside(tmp_path) == ["000002", "000003"]  # what it had put there may not have come to the disk
    assert whole(commit_runs(tmp_path, 5))


def test_without_hard_links_no_folder_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "link", refusing(errno.EPERM, "no hard links on this file system"))
    for number in (1, 2):
        commit_runs(tmp_path, number)
    assert prune(tmp_path, newest=1, days=0) == [1]
    assert beside(tmp_path) == ["000001-1.cleared", "000002"]


def test_what_was_cleared_away_is_deleted_for_as_long_as_is_given(tmp_path: Path) -> None:
    for number in (1, 2, 3, 4):
        commit_runs(tmp_path, number)
    assert prune(tmp_path, newest=1, days=0) == [1, 2, 3]
    assert numbers(tmp_path) == [4]
    assert not clear(tmp_path, seconds=0)
    assert beside(tmp_path) == ["000001-1.cleared", "000002-1.cleared", "000004", "spare"]
    assert list(orphans(Snapshot.committed(tmp_path))) == []
    assert clear(tmp_path)
    assert beside(tmp_path) == ["000004", "spare"]
    assert whole(Snapshot.committed(tmp_path))


def test_the_command_makes_all_the_room(tmp_path: Path) -> None:
    spare_of(tmp_path)
    done = CliRunner().invoke(command, ["prune", "--newest", "1", "--days", "0", "--corpus", str(tmp_path)])
    assert (done.exit_code, done.output) == (0, "cleared away: 2\n")
    assert beside(tmp_path) == ["000003"]


# --------------------------------------------------------------------------- kills
def before_a_kill(corpus: Path) -> None:
    """Have the folder of a snapshot that went, of which the next is made."""
    while not (corpus / "snapshots" / "spare").exists():
        commit_runs(corpus, Snapshot.committed(corpus).manifest["state"])
        prune(corpus, newest=1, days=0)


def commit_or_die(corpus: Path, number: int) -> None:
    commit_runs(corpus, number)


def said_after(corpus: Path) -> tuple[int, int, bool]:
    committed = Snapshot.committed(corpus)
    ((said,),) = glob_query(corpus, "SELECT requests", "runs")
    return said, committed.manifest["state"], whole(committed)


@pytest.mark.slow
def test_a_kill_at_any_step_leaves_the_old_state_or_the_new_whole(tmp_path: Path) -> None:
    before, old_kept = "0", 0
    lines = killed_at_every_step(tmp_path, "test_cleared")
    for step, said, *end in lines:
        assert said in (before, step), f"killed at step {step}"
        assert end in ([said, "True", "killed"], [said, "True", "done"])
        old_kept += said == before
        before = said
    assert lines[-1][1:] == [lines[-1][0], lines[-1][0], "True", "done"]
    assert 20 < old_kept < len(lines)
