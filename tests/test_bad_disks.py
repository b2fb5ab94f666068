"""Read-only folders, half-copied corpora and damaged files cost one line, and the last good snapshot is left."""

from __future__ import annotations

import errno
import fcntl
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn

import pytest
from click.testing import CliRunner
from command import called
from test_snapshots import commit_state, home, state, states
from vinhkhe import DAY_2, Answered, Built, archive, article_page, url_of

from crawler.archive import ArchiveUnwritable
from crawler.backlog import backlogs
from crawler.frontier import Frontier
from crawler.known import Found
from crawler.lock import exclusive
from pipeline.build import NothingArchived, build
from pipeline.check import problems
from pipeline.cli.check import command as check
from pipeline.cli.failures import DATA_AT_FAULT
from pipeline.commits import Staging, commit
from pipeline.disk import TablesUnwritable
from pipeline.query import CorpusNotBuilt, open_corpus
from pipeline.schema import SAME_COLUMNS, SCHEMA_VERSION
from pipeline.snapshots import Snapshot, TablesUnreadable

NOBODY = 65534  # a user without rights


def refusing(number: int, said: str) -> Any:
    def refused(*_: Any, **__: Any) -> NoReturn:
        raise OSError(number, said)

    return refused


@pytest.mark.parametrize(
    ("call", "number", "said"),
    [
        ("mkdir", errno.EROFS, "Read-only file system"),
        ("link", errno.ENOSPC, "No space left on device"),
        ("link", errno.EDQUOT, "Disk quota exceeded"),
        ("rename", errno.EIO, "Input/output error"),
        ("symlink", errno.EACCES, "Permission denied"),
        ("fsync", errno.EIO, "Input/output error"),
    ],
)
def test_a_disk_that_refuses_any_step_of_a_commit_leaves_the_last_snapshot(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str, number: int, said: str
) -> None:
    commit_state(tmp_path, 1)
    with monkeypatch.context() as disk:
        disk.setattr(os, call, refusing(number, said))
        with pytest.raises(TablesUnwritable, match=rf"{said}.*the last snapshot is intact") as refused:
            commit(Snapshot.committed(tmp_path), {"runs": state(2)["runs"]}, {"state": 2})
    assert "\n" not in str(refused.value)
    assert states(Snapshot.committed(tmp_path)) == {1}
    assert states(commit_state(tmp_path, 3)) == {3}
    assert not list((tmp_path / "snapshots").glob("*.unfinished"))


def test_a_full_disk_is_not_taken_for_one_without_links(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    commit_state(tmp_path, 1)
    monkeypatch.setattr(os, "link", refusing(errno.ENOSPC, "No space left on device"))
    monkeypatch.setattr(shutil, "copy2", refusing(errno.EINVAL, "a copy was tried"))
    with pytest.raises(TablesUnwritable, match="No space left on device"):
        commit(Snapshot.committed(tmp_path), {"runs": state(2)["runs"]}, {"state": 2})


@pytest.mark.parametrize("left_out", ["dropped", "runs/site=tin_vinhkhe_vn", "snapshot.json", "files.json"])
def test_a_half_copied_corpus_says_what_is_missing(tmp_path: Path, left_out: str) -> None:
    commit_state(tmp_path / "whole", 1)
    shutil.copytree(tmp_path / "whole", tmp_path / "half", symlinks=True)
    missing = tmp_path / "half" / "tables" / left_out
    shutil.rmtree(missing) if missing.is_dir() else missing.unlink()
    with pytest.raises(TablesUnreadable, match=r"--repair") as refused:
        snapshot = open_corpus(tmp_path / "half").snapshot
        for table in ("dropped", "runs"):
            snapshot.read(table)
    assert "\n" not in str(refused.value)


@pytest.mark.slow
def test_a_build_with_nothing_to_do_sees_that_a_file_was_not_copied(built: Built, tmp_path: Path) -> None:
    shutil.copytree(built.corpus, tmp_path / "half", symlinks=True)
    last = max((tmp_path / "half" / "tables" / "figures").rglob("*.parquet"))
    os.truncate(last, 100)
    with pytest.raises(TablesUnreadable, match=r"/figures/.*: was committed and is 100 bytes long now, not"):
        build(tmp_path / "half", built.sites)
    shutil.rmtree(tmp_path / "half" / "tables" / "figures")
    with pytest.raises(TablesUnreadable, match=r"/figures/.*: was committed and is gone; `congdoan check --repair"):
        build(tmp_path / "half", built.sites)


@pytest.mark.slow
def test_tables_without_their_archive_are_read_and_a_build_asks_for_it(built: Built, tmp_path: Path) -> None:
    shutil.copytree(built.corpus, tmp_path / "tables", symlinks=True, ignore=shutil.ignore_patterns("archive"))
    assert len(open_corpus(tmp_path / "tables").figures()) == 113
    with pytest.raises(NothingArchived, match="which the tables were made from, is gone: put it back"):
        build(tmp_path / "tables", built.sites)


def test_a_file_system_without_locks_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fcntl, "flock", refusing(errno.ENOLCK, "No locks available"))
    with (
        pytest.raises(ArchiveUnwritable, match=r"no locks \(No locks available\), so two could write at once"),
        exclusive(tmp_path / "build.lock", "busy"),
    ):
        pass


def test_a_folder_of_nothing_but_archive_is_no_corpus_yet(tmp_path: Path) -> None:
    (tmp_path / "archive").mkdir()
    (tmp_path / "snapshots").mkdir()
    with pytest.raises(CorpusNotBuilt):
        open_corpus(tmp_path)


def test_two_stagings_at_once_on_a_disk_without_locks_leave_one_whole_state(tmp_path: Path) -> None:
    begun_with = commit_state(tmp_path, 1)
    with Staging(begun_with) as first:
        first.put("runs", home("2026-09"), state(2)["runs"][home("2026-09")])
        first.commit({"state": 2})
    with pytest.raises(Exception, match="snapshot 2 was committed since this build began with 1"), Staging(begun_with):
        pass
    assert Snapshot.committed(tmp_path).manifest["state"] == 2


@pytest.mark.slow
def test_a_build_on_damaged_tables_names_the_file_and_the_repair(built: Built, tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    shutil.copytree(built.corpus, corpus, symlinks=True)
    victim = next(iter(Snapshot.committed(corpus).partitions("articles").values()))[0]
    victim.write_bytes(b"PAR1")
    archive(corpus, DAY_2, [Answered(url_of(1), article_page(1, "Thêm một câu."))], run="zz")
    with pytest.raises(TablesUnreadable, match=r"part\.\d+\.parquet: not readable .*--repair"):
        build(corpus, built.sites, workers=1)
    assert Snapshot.committed(corpus).number == 2
    arguments = ["--repair", "--corpus", str(corpus), "--sites", str(built.corpus / "sites")]
    mended = CliRunner().invoke(check, arguments)
    assert mended.exit_code == 0, mended.output
    assert build(corpus, built.sites, workers=1).nothing_to_do
    assert list(problems(open_corpus(corpus))) == []


def said(*words: object) -> str:
    """Return what the command says in its one line when the data is at fault."""
    done = called(*words)
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    return line


@pytest.mark.slow
def test_a_damaged_table_is_one_line_and_exit_1_at_the_command(built: Built, tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    shutil.copytree(built.corpus, corpus, symlinks=True)
    for (path,) in Snapshot.committed(corpus).partitions("figures").values():
        path.write_bytes(b"PAR1")
    for arguments in (
        ["sql", "SELECT count(value) FROM figures"],
        ["export", tmp_path / "out", "--format", "csv"],
    ):
        line = said(*arguments, "--corpus", corpus)
        assert "figures" in line
        assert "--repair" in line


READING: list[list[object]] = [
    ["sql", "SELECT 1"],
    ["export", "out", "--format", "csv"],
    ["publish", "out"],
    ["status"],
    ["check"],
    ["snapshots", "diff", "1", "2"],
    ["sites", "furniture", "tin_vinhkhe_vn"],
]


def of_schema(corpus: Path, version: int) -> None:
    """Let the committed tables say that they are of another schema."""
    manifest = corpus / "tables" / "snapshot.json"
    facts = json.loads(manifest.read_text(encoding="utf-8"))
    manifest.write_text(json.dumps({**facts, "schema_version": version, "congdoan": "7.1"}), encoding="utf-8")


@pytest.mark.parametrize("arguments", READING, ids=lambda arguments: "-".join(map(str, arguments[:2])))
def test_tables_of_another_schema_are_one_line_at_every_command_that_reads(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[object]
) -> None:
    monkeypatch.chdir(tmp_path)
    commit_state(tmp_path, 1)
    commit_state(tmp_path, 2)
    of_schema(tmp_path, SCHEMA_VERSION + 1)
    assert f"this one knows {SCHEMA_VERSION}: update it to congdoan 7.1" in said(*arguments, "--corpus", tmp_path)
    of_schema(tmp_path, min(SAME_COLUMNS) - 1)
    way_out = "compare snapshots that this" if "diff" in arguments else f"`congdoan build --corpus {tmp_path}` makes"
    line = said(*arguments, "--corpus", tmp_path)
    assert "tables with other columns, written by congdoan 7.1" in line
    assert way_out in line
    assert not (tmp_path / "out").exists()


@pytest.mark.slow
def test_a_warning_is_one_line_whatever_the_folder_is_called(
    built: Built, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    corpus = tmp_path / "những năm [2019–2026] [/cũ]" / ("số liệu công đoàn " * 5).strip()
    shutil.copytree(built.corpus, corpus, symlinks=True)
    archive(corpus, DAY_2, [Answered(url_of(1), article_page(1, "Thêm một câu."))], run="zz")
    monkeypatch.setattr(os, "link", refusing(errno.EPERM, "Operation not permitted"))
    done = called("build", "--corpus", corpus, "--sites", corpus / "sites", "--workers", 1)
    (line,) = done.stderr.splitlines()
    assert line.startswith(f"warning: {corpus}/snapshots/000002/")
    assert line.endswith(": no hard links here (Operation not permitted): every snapshot is a whole copy")
    assert done.stdout.startswith("snapshot 3: ")


# --------------------------------------------------------------------------- a disk that several machines share
BUILDS_ELSEWHERE = """
import socket, sys
from pathlib import Path
socket.gethostname = lambda: "may-chu-2"
from crawler.lock import exclusive
with exclusive(Path(sys.argv[1]) / "build.lock", "the corpus is being built"):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.mark.slow
def test_a_build_waits_for_nobody_whose_machine_is_dead_and_names_one_that_lives(built: Built, tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    shutil.copytree(built.corpus, corpus, symlinks=True)
    command = ["build", "--corpus", corpus, "--sites", corpus / "sites"]
    with subprocess.Popen(
        [sys.executable, "-c", BUILDS_ELSEWHERE, str(corpus)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        refused = called(*command)
        holder.kill()  # -9: it lets go of nothing itself
    assert refused.returncode == DATA_AT_FAULT
    assert f"is being built by process {holder.pid} on may-chu-2 (-c {corpus}) since 20" in refused.stderr
    assert f"if that machine is gone for good, remove {corpus / 'build.lock'}\n" in refused.stderr
    assert refused.stderr.count("\n") == 1
    assert called(*command).stdout == "tables are up to date (snapshot 2); nothing to do\n"


@pytest.mark.parametrize("name", ["frontier.sqlite", "requests.json"])
def test_a_damaged_file_of_the_crawler_is_one_line_and_exit_1_at_the_command(
    name: str,
    tmp_path: Path,
) -> None:
    (tmp_path / name).write_text("mất nửa chừng", encoding="utf-8")
    line = said("crawl", "laodong_vn", "--contact", "a@b.vn", "--corpus", tmp_path)
    assert line.startswith(f"congdoan: {tmp_path / name}: ")


def test_a_damaged_frontier_is_one_line_of_status_too(built: Built, tmp_path: Path) -> None:
    shutil.copytree(built.corpus, tmp_path / "corpus", symlinks=True)
    (tmp_path / "corpus" / "frontier.sqlite").write_text("mất nửa chừng", encoding="utf-8")
    line = said("status", "--corpus", tmp_path / "corpus")
    assert "move it away: the next crawl reads it back from the archive" in line


@contextmanager
def as_nobody() -> Iterator[None]:
    """Do without root's rights, where we have them."""
    own = os.geteuid()
    if own == 0:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(own)


def test_the_backlog_of_a_corpus_that_is_somebody_elses_is_read() -> None:
    with tempfile.TemporaryDirectory() as folder:  # pytest's own folders are closed to others
        corpus = Path(folder)
        with Frontier(corpus) as frontier:
            frontier.add("laodong_vn", {"1": Found("https://laodong.vn/cong-doan/bai-1.ldo")}, DAY_2)
        corpus.chmod(0o555)
        with as_nobody():
            assert not os.access(corpus, os.W_OK, effective_ids=True)
            assert backlogs(corpus)["laodong_vn"].queued == 1
        corpus.chmod(0o755)
