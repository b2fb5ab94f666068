"""Which snapshots stay, who keeps them, and how an earlier one is opened."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from test_snapshots import state, states

from pipeline.cli.snapshots import command
from pipeline.commits import commit
from pipeline.query import open_corpus
from pipeline.retention import KEPT_DAYS, KEPT_NEWEST, NameRefused, keep, kept, prune, release
from pipeline.snapshots import NoSuchSnapshot, Snapshot, TablesUnreadable, numbers
from pipeline.unfinished import clear_unfinished

NOON = dt.datetime(2026, 9, 1, 12, tzinfo=dt.UTC)


def commit_on(corpus: Path, *hours: float) -> None:
    """Commit a state for each time, in hours after NOON, each saying its own number."""
    for after in hours:
        previous = Snapshot.committed(corpus)
        number = previous.number + 1
        commit(previous, state(number), {"state": number}, now=NOON + dt.timedelta(hours=after))


def test_the_newest_three_and_the_last_of_each_of_seven_days_stay(tmp_path: Path) -> None:
    commit_on(tmp_path, *(hour for day in range(10) for hour in (24 * day, 24 * day + 1)))
    assert (KEPT_NEWEST, KEPT_DAYS) == (3, 7)
    prune(tmp_path)
    assert numbers(tmp_path) == [8, 10, 12, 14, 16, 18, 19, 20]
    assert prune(tmp_path) == []
    assert prune(tmp_path, newest=1, days=0) == [8, 10, 12, 14, 16, 18, 19]
    assert states(Snapshot.committed(tmp_path)) == {20}


def test_a_clock_that_jumps_clears_away_only_what_others_followed(tmp_path: Path) -> None:
    commit_on(tmp_path, 0, 24 * 365 * 40, -24 * 365 * 40, 1, 2, 3)
    prune(tmp_path)
    assert numbers(tmp_path) == [2, 3, 4, 5, 6]  # the last of the three days that the clock named, and the newest three
    assert Snapshot.committed(tmp_path).number == 6


def test_a_named_snapshot_stays_until_it_is_released(tmp_path: Path) -> None:
    commit_on(tmp_path, 0, 1, 2, 3, 4)
    keep(Snapshot.numbered(tmp_path, 1), "luận-án-2026")
    with pytest.raises(NameRefused, match="is snapshot 1 already"):
        keep(Snapshot.numbered(tmp_path, 2), "luận-án-2026")
    prune(tmp_path)
    assert numbers(tmp_path) == [1, 3, 4, 5]
    assert states(open_corpus(tmp_path, at="luận-án-2026").snapshot) == {1}
    release(Snapshot.numbered(tmp_path, 1), "luận-án-2026")
    assert prune(tmp_path) == [1]
    with pytest.raises(NameRefused, match="is not kept as 'x'; its names: none"):
        release(Snapshot.numbered(tmp_path, 5), "x")


def test_a_named_snapshot_stays_where_somebody_let_the_tables_be_an_older_one_again(tmp_path: Path) -> None:
    commit_on(tmp_path, 0, 1, 2)
    keep(Snapshot.numbered(tmp_path, 2), "luận-án-2026")
    (tmp_path / "tables").unlink()
    (tmp_path / "tables").symlink_to(Path("snapshots") / "000001")
    clear_unfinished(tmp_path)
    assert numbers(tmp_path) == [1, 2]
    commit_on(tmp_path, 3)
    assert numbers(tmp_path) == [1, 2, 3]
    assert states(open_corpus(tmp_path, at="luận-án-2026").snapshot) == {2}


@pytest.mark.parametrize("name", ["", "12", "../x", "a b", "a\nb", "x" * 81])
def test_a_name_that_is_no_plain_word_is_refused(tmp_path: Path, name: str) -> None:
    commit_on(tmp_path, 0)
    with pytest.raises(NameRefused):
        keep(Snapshot.committed(tmp_path), name)


def test_a_snapshot_that_is_open_stays_what_it_was_and_goes_when_it_is_let_go(tmp_path: Path) -> None:
    commit_on(tmp_path, 0)
    opened = open_corpus(tmp_path)
    commit_on(tmp_path, 1, 2, 3, 4)
    assert prune(tmp_path) == [2]
    assert opened.sql("SELECT DISTINCT detail FROM dropped").fetchall() == [("1",)]
    assert [each.reasons for each in kept(tmp_path) if each.snapshot.number == 1] == [("being read",)]
    del opened
    assert prune(tmp_path) == [1]


READER = """
import sys
from pathlib import Path
from pipeline.query import open_corpus
opened = open_corpus(Path(sys.argv[1]))
print("open", flush=True)
sys.stdin.readline()
print(opened.sql("SELECT DISTINCT detail FROM dropped").fetchall(), flush=True)
sys.stdin.readline()
"""


@pytest.mark.slow
def test_another_process_keeps_what_it_reads_and_a_killed_one_keeps_nothing(tmp_path: Path) -> None:
    commit_on(tmp_path, 0)
    with subprocess.Popen(
        [sys.executable, "-c", READER, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as reader:
        assert reader.stdin is not None
        assert reader.stdout is not None
        assert reader.stdout.readline() == "open\n"
        commit_on(tmp_path, 1, 2, 3, 4)
        assert prune(tmp_path, newest=1, days=0) == [2, 3, 4]
        reader.stdin.write("\n")
        reader.stdin.flush()
        assert reader.stdout.readline() == "[('1',)]\n"
        reader.kill()
    assert prune(tmp_path, newest=1, days=0) == [1]


ANALYST = """
import sys
from pyarrow.parquet import ParquetFile
opened = [ParquetFile(path) for path in sys.argv[1:]]
print("open", flush=True)
sys.stdin.readline()
"""


def test_a_tool_that_knows_nothing_of_us_keeps_what_it_has_open(tmp_path: Path) -> None:
    commit_on(tmp_path, 0)
    file = next((tmp_path / "tables" / "dropped").rglob("*.parquet"))
    with subprocess.Popen(
        [sys.executable, "-c", ANALYST, str(file)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as analyst:
        assert analyst.stdout is not None
        assert analyst.stdout.readline() == "open\n"
        commit_on(tmp_path, 1, 2, 3, 4)
        assert [each.reasons for each in kept(tmp_path, newest=1, days=0) if each.reasons] == [
            ("being read",),
            ("committed", "newest"),
        ]
        assert prune(tmp_path, newest=1, days=0) == [2, 3, 4]
        analyst.kill()
    assert prune(tmp_path, newest=1, days=0) == [1]


@pytest.mark.parametrize(
    ("at", "number"),
    [
        (2, 2),
        ("2", 2),
        ("2026-09-01", 1),
        (dt.date(2026, 9, 2), 3),
        ("2026-09-02T12:30:00", 2),
        (NOON + dt.timedelta(hours=25), 3),
        ("2030-01-01", 4),
        (None, 4),
    ],
)
def test_an_earlier_state_is_opened_by_number_day_or_time(tmp_path: Path, at: int | str | dt.date, number: int) -> None:
    commit_on(tmp_path, 0, 24, 25, 100)
    assert open_corpus(tmp_path, at=at).snapshot.number == number
    assert open_corpus(tmp_path, at=at).dropped()["detail"].unique().tolist() == [str(number)]


@pytest.mark.parametrize("at", [9, "2020-01-01", "luận-án", dt.date(2020, 1, 1)])
def test_a_state_that_is_not_there_is_refused_with_those_that_are(tmp_path: Path, at: int | str | dt.date) -> None:
    commit_on(tmp_path, 0, 24)
    with pytest.raises(NoSuchSnapshot, match=r"no snapshot .*; there are:? 1.* 2") as refused:
        open_corpus(tmp_path, at=at)
    assert "\n" not in str(refused.value)


def test_a_snapshot_that_went_under_a_reader_is_one_line(tmp_path: Path) -> None:
    commit_on(tmp_path, 0, 1)
    opened = open_corpus(tmp_path, at=1)
    (tmp_path / "snapshots" / "000001").rename(tmp_path / "elsewhere")
    with pytest.raises(TablesUnreadable, match="snapshot 1 was cleared away by later builds; open it again"):
        opened.dropped()


# --------------------------------------------------------------------------- the command
def told(corpus: Path, *arguments: str) -> str:
    done = CliRunner().invoke(command, ["--corpus", str(corpus), *arguments], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.output


def test_the_command_lists_shows_compares_keeps_and_clears(tmp_path: Path) -> None:
    assert "no snapshots" in told(tmp_path)
    commit_on(tmp_path, 0, 24, 25, 26, 27)
    listed = told(tmp_path).splitlines()
    assert [line.split("│")[1].strip() for line in listed if "2026-09" in line] == ["1", "2", "3", "4", "5"]
    assert "cleared away by the next build" in listed[4]
    assert "last of 2026-09-01" in told(tmp_path, "list")
    assert "│ dropped           │ 7    │" in told(tmp_path, "show", "5")
    compared = told(tmp_path, "diff", "1", "5")
    assert "runs" in compared and "requests 1" in compared
    assert told(tmp_path, "diff", "5", "5") == "the same rows\n"
    assert told(tmp_path, "keep", "2", "bài-báo") == "snapshot 2 is kept as bài-báo\n"
    after = CliRunner().invoke(command, ["diff", "5", "5", "--corpus", str(tmp_path)])
    assert (after.exit_code, after.output) == (0, "the same rows\n")  # the corpus may be named at the end too
    assert told(tmp_path, "prune", "--newest", "1", "--days", "0") == "cleared away: 1, 3, 4\n"
    assert told(tmp_path, "keep", "bài-báo", "bài-báo", "--release") == "snapshot 2 is no longer kept as bài-báo\n"
