"""Read all tables in other processes while one commits: is every answer one whole committed state?

python benchmarks/readers.py                      # 1,000 commits: about 25 minutes on two cores
python benchmarks/readers.py --commits 100

In each state all rows of all tables say its number, and a month goes and another comes with each commit; old snapshots
are pruned by the rule after each. Readers, a process each: DuckDB by glob with and without folders as columns, pandas
by folder, and open_corpus. A file that went between listing and opening is no answer: it is asked again. Exit code 1
when an answer was a mixture, or later states were followed by earlier ones.
"""

from __future__ import annotations

import argparse
import datetime as dt
import multiprocessing
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from multiprocessing.synchronize import Event
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pyarrow as pa

from pipeline.cleared import clear
from pipeline.commits import Staging
from pipeline.query import open_corpus
from pipeline.retention import prune
from pipeline.schema import TABLES
from pipeline.snapshots import Snapshot
from pipeline.tables import WHOLE, Partition, arrow_schema, stored_schema

DAY = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
SITES = ("a_vn",)
MONTHS = [f"2025-{month:02}" for month in range(1, 4)]  # always there
COMING_AND_GOING = [f"2026-{month:02}" for month in range(1, 13)]
ROWS = 3  # a partition


# --------------------------------------------------------------------------- writing
def column_that_says(table: str) -> str:
    """Return the column of a table that holds the number of the state: its first of text that is not the site."""
    names = [field.name for field in arrow_schema(table) if field.type == pa.string() and field.name != "site"]
    return names[0]


def rows(table: str, site: str, number: int) -> pa.Table:
    """Return rows whose texts and numbers are all the number of the state."""
    schema = arrow_schema(table)

    def value(kind: pa.DataType) -> Any:
        if pa.types.is_list(kind):
            return []
        if pa.types.is_timestamp(kind):
            return DAY
        if pa.types.is_date(kind):
            return DAY.date()
        return str(number) if pa.types.is_string(kind) else bool(number) if pa.types.is_boolean(kind) else number

    columns = {field.name: [site if field.name == "site" else value(field.type)] * ROWS for field in schema}
    return pa.table(columns, schema=schema)


def months_of(number: int) -> list[str]:
    """Return the months that a state has: one more than the one before it, and one of that gone."""
    return [*MONTHS, COMING_AND_GOING[number % len(COMING_AND_GOING)]]


def commit_state(corpus: Path, number: int) -> None:
    """Commit a state in which every row of every table says its number."""
    with Staging(Snapshot.committed(corpus)) as staging:
        for table in TABLES:
            if "month" not in stored_schema(table).names:
                staging.put(table, WHOLE, rows(table, "", number))
                continue
            gone = {(site, month) for site, month in staging.partitions(table) if month not in months_of(number)}
            for site, month in gone:
                staging.put(table, Partition(site, month), arrow_schema(table).empty_table())
            for site in SITES:
                for month in months_of(number):
                    staging.put(table, Partition(site, month), rows(table, site, number))
        staging.commit({})


def count_of(table: str, number: int) -> int:
    """Return how many rows a table has in a state."""
    in_one_piece = "month" not in stored_schema(table).names
    return ROWS * (1 if in_one_piece else len(SITES) * len(months_of(number)))


# --------------------------------------------------------------------------- reading
class Mixed(RuntimeError):
    """An answer that is no committed state."""


def state_of(table: str, said: list[str]) -> int:
    """Return the state that the rows of a table say, or refuse what is none."""
    numbers = Counter(said)
    ((number, count),) = numbers.items() if len(numbers) == 1 else [("", 0)]
    if not number or count != count_of(table, int(number)):
        raise Mixed(f"{table}: {dict(numbers)} of {count_of(table, int(number or 0))} rows a state")
    return int(number)


def by_glob(corpus: Path, how: str = "") -> Iterator[int]:
    """Yield the state of each table, by DuckDB."""
    for table in TABLES:
        files = f"read_parquet('{corpus}/tables/{table}/**/*.parquet'{how})"
        said = duckdb.connect().sql(f"SELECT {column_that_says(table)} FROM {files}").fetchall()  # noqa: S608
        yield state_of(table, [text for (text,) in said])


def by_pandas(corpus: Path) -> Iterator[int]:
    """Yield the state of each table, by pandas."""
    for table in TABLES:
        yield state_of(table, pd.read_parquet(corpus / "tables" / table)[column_that_says(table)].tolist())


def by_open_corpus(corpus: Path) -> Iterator[int]:
    """Yield the one state of all tables."""
    opened = open_corpus(corpus)
    states = {state_of(table, opened.arrow(table)[column_that_says(table)].to_pylist()) for table in TABLES}
    if len(states) > 1:
        raise Mixed(f"tables of several states: {states}")
    yield from states


READERS: dict[str, Callable[[Path], Iterator[int]]] = {
    "DuckDB, glob": by_glob,
    "DuckDB, glob and folders": lambda corpus: by_glob(corpus, ", hive_partitioning = true"),
    "pandas, folder": by_pandas,
    "open_corpus": by_open_corpus,
}
GONE = (duckdb.IOException, FileNotFoundError)  # listed before a commit, opened after it


def read_on(corpus: Path, how: str, over: Event, told: Any) -> None:
    """Read until the writer has ended, and tell how many answers there were, were none, or mixtures."""
    counts: Counter[str] = Counter()
    faults: list[str] = []
    newest = 0
    while not over.is_set():
        answers = READERS[how](corpus)
        try:
            for number in answers:
                counts["answers"] += 1
                if number < newest:
                    faults.append(f"{newest} was followed by {number}")
                newest = number
        except GONE:
            counts["again"] += 1
        except Mixed as mixed:
            faults.append(str(mixed))
    told.put((how, counts, newest, faults))


def main() -> int:
    """Commit under readers, and print what they saw."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--commits", type=int, default=1000)
    commits = arguments.parse_args().commits
    with tempfile.TemporaryDirectory() as folder:
        corpus = Path(folder)
        commit_state(corpus, 1)
        spawning = multiprocessing.get_context("spawn")
        over, told = spawning.Event(), spawning.Queue()
        readers = [spawning.Process(target=read_on, args=(corpus, how, over, told)) for how in READERS]
        for reader in readers:
            reader.start()
        began = time.monotonic()
        pruned = 0
        for number in range(2, commits + 1):
            commit_state(corpus, number)
            pruned += len(prune(corpus))
            clear(corpus)
        taken = time.monotonic() - began
        over.set()
        seen = [told.get() for _ in readers]
    print(f"{commits:,} commits in {taken:.0f} s, {pruned:,} snapshots pruned meanwhile\n")
    print(f"{'':28}{'answers':>9}{'asked again':>13}{'mixtures':>10}")
    for how, counts, _, faults in sorted(seen):
        print(f"{how:28}{counts['answers']:9,}{counts['again']:13,}{len(faults):10,}")
        for fault in faults[:5]:
            print(f"    {fault}")
    return 1 if any(faults for *_, faults in seen) else 0


if __name__ == "__main__":
    sys.exit(main())
