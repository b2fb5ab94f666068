"""What a commit costs: few rows changed in a large table, and one partition beside very many.

python benchmarks/commits.py                      # about 5 minutes
python benchmarks/commits.py --partitions 10000

First: 1,000 changed rows of 200,000, all in the newest month, and all over. Second: a commit of one changed partition
beside --partitions others, opening that snapshot, asking it, checking it, clearing the one before it away, and one more
commit, in its folder.
"""

from __future__ import annotations

import argparse
import datetime as dt
import resource
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from pipeline.check import problems
from pipeline.cleared import clear, give_up_spare
from pipeline.commits import Staging, commit
from pipeline.query import open_corpus
from pipeline.retention import prune
from pipeline.schema import DroppedRow
from pipeline.snapshots import Snapshot
from pipeline.tables import Partition, to_arrow

DAY = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
ROWS = 200_000
NOTHING_READ = {"read_to": {}}  # of an archive
MONTHS = [f"{year}-{month:02}" for year in range(2018, 2026) for month in range(1, 13)]


def row(site: str, number: int, detail: str) -> DroppedRow:
    """Return a row with an address and 500 characters of text."""
    return DroppedRow(f"https://x/{number}", site, DAY, "parse", "empty", detail + " chữ" * 125, "f", number, "i")


@contextmanager
def timed(what: str) -> Iterator[None]:
    """Print CPU seconds and seconds by the clock of a block."""
    usage, started = resource.getrusage(resource.RUSAGE_SELF), time.perf_counter()
    before = usage.ru_utime + usage.ru_stime
    yield
    usage = resource.getrusage(resource.RUSAGE_SELF)
    print(f"{what:62}{usage.ru_utime + usage.ru_stime - before:8.2f}{time.perf_counter() - started:9.2f}")


def few_rows_of_many(corpus: Path) -> None:
    """Commit 1,000 changed rows into 200,000."""
    per_month = ROWS // len(MONTHS) + 1
    whole = {
        Partition("a_vn", month): [row("a_vn", at * per_month + count, "một") for count in range(per_month)]
        for at, month in enumerate(MONTHS)
    }
    tables = {partition: to_arrow("dropped", rows) for partition, rows in whole.items()}
    with timed(f"{ROWS:,} rows in {len(MONTHS)} partitions, written"):
        snapshot = commit(Snapshot.committed(corpus), {"dropped": tables}, {})
    newest = Partition("a_vn", MONTHS[-1])
    changed = [row("a_vn", 10**6 + count, "hai") for count in range(1000)]
    with timed("1,000 changed rows, all in the newest month"):
        snapshot = commit(snapshot, {"dropped": {newest: to_arrow("dropped", [*whole[newest][1000:], *changed])}}, {})
    spread = {
        partition: to_arrow("dropped", [*rows[10:], *[row("a_vn", 10**6 + at * 10 + one, "ba") for one in range(10)]])
        for at, (partition, rows) in enumerate(whole.items())
    }
    with timed(f"{10 * len(spread):,} changed rows, all over"):
        commit(snapshot, {"dropped": spread}, {})


def many_partitions(corpus: Path, count: int) -> None:
    """Commit one changed partition beside very many, open the snapshot and ask it."""
    with Staging(Snapshot.committed(corpus)) as staging:
        for number in range(count):
            partition = Partition(f"site_{number // 120}", f"{2016 + number % 120 // 12}-{number % 12 + 1:02}")
            staging.put("dropped", partition, to_arrow("dropped", [row(partition.site, number, "một")]))
        with timed(f"{count:,} partitions, committed for the first time"):
            snapshot = staging.commit(NOTHING_READ)
    changed = Partition("site_0", "2016-01")
    one = {changed: to_arrow("dropped", [row("site_0", 0, "hai")])}
    with timed("one changed partition beside them"):
        commit(snapshot, {"dropped": one}, NOTHING_READ)
    with timed("open_corpus and one month of one site"):
        found = open_corpus(corpus).arrow("dropped", site="site_0", month="2016-01")
    assert found.num_rows == 1  # noqa: S101
    with timed("DuckDB over the glob, all rows"):
        ((rows,),) = duckdb.sql(f"SELECT count(detail) FROM '{corpus}/tables/dropped/**/*.parquet'").fetchall()  # noqa: S608
    assert rows == count  # noqa: S101
    with timed("congdoan check"):
        wrong_month, unread = problems(open_corpus(corpus))  # the rows are all of one day, and of no archive
    assert "lies in the month" in wrong_month and "no build has read" in unread  # noqa: S101
    with timed("the snapshot before retired"):
        prune(corpus, newest=1, days=0)
    with timed("another changed partition, in its folder"):
        commit(Snapshot.committed(corpus), {"dropped": {changed: to_arrow("dropped", [row("site_0", 0, "ba")])}}, {})
    prune(corpus, newest=1, days=0)
    give_up_spare(corpus)
    with timed("it is deleted"):
        clear(corpus)
    print(f"at most {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10} MB")


def main() -> None:
    """Run both."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--partitions", type=int, default=100_000)
    asked = arguments.parse_args()
    print(f"{'':62}{'CPU s':>8}{'clock s':>9}")
    with tempfile.TemporaryDirectory() as folder:
        few_rows_of_many(Path(folder) / "few")
        many_partitions(Path(folder) / "many", asked.partitions)


if __name__ == "__main__":
    main()
