"""Ask a corpus of very many files, and one of very many rows, in every way that its users do.

python benchmarks/large.py                                          # 17,000 months in 92,000 files: about 30 minutes
python benchmarks/large.py --partitions 400 --articles 200000 --sites 10      # 3,000,000 sentences: about 10 minutes
python benchmarks/large.py --partitions 2000 --sites 20             # 12,000 files: about 5 minutes

Each way is a process of its own: CPU seconds with the start of Python, seconds by the clock, and at most how much
memory; and how many times as long as a count of the figures by a glob, which is what a stranger's tool takes.
"""

# ruff: noqa: S608 - the folder in the queries is our own

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from large_corpus import add_article, write_corpus

from crawler.sites import Sites

SITE, MONTH = "bao_00003_example", "2025-03"
OPEN = "from pipeline import open_corpus; corpus = open_corpus({corpus!r}); "
ONE_MORE = "build, one article more:"
COMMAND = [sys.executable, "-m", "pipeline.cli"]


@dataclass(frozen=True)
class Cost:
    """What a process took."""

    cpu: float
    clock: float
    megabytes: int


def measured(command: list[str]) -> Cost:
    """Run a command and measure it; what it prints is not shown."""
    began = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as running:
        _, status, used = os.wait4(running.pid, 0)
        running.returncode = os.waitstatus_to_exitcode(status)
        if running.returncode:
            raise SystemExit(f"{command}: {running.stderr.read().decode() if running.stderr else ''}")
    return Cost(used.ru_utime + used.ru_stime, time.perf_counter() - began, used.ru_maxrss >> 10)


def ways(corpus: Path, out: Path) -> dict[str, list[str]]:
    """Return the ways to ask, each a command; the first is what the others are compared with."""

    def python(code: str) -> list[str]:
        return [sys.executable, "-c", OPEN.format(corpus=str(corpus)) + code]

    def congdoan(*words: str) -> list[str]:
        return [*COMMAND, *words, "--corpus", str(corpus)]

    glob = f"import duckdb; duckdb.sql(\"SELECT count(value) FROM '{corpus}/tables/figures/**/*.parquet'\").fetchall()"
    folder = f"{str(corpus)!r} + '/tables/figures'"
    return {
        "DuckDB, glob": [sys.executable, "-c", glob],
        "pandas, folder": [sys.executable, "-c", f"import pandas; pandas.read_parquet({folder})"],
        "open_corpus": python("pass"),
        "sql: count": congdoan("sql", "SELECT count(value) FROM figures"),
        "sql: a month of a site": congdoan(
            "sql", f"SELECT count(*) FROM figures WHERE site = '{SITE}' AND month = '{MONTH}'"
        ),
        "articles of a month of a site": python(f"corpus.articles(site={SITE!r}, month={MONTH!r})"),
        "articles of a month": python(f"corpus.articles(since='{MONTH}-01', until='{MONTH}-28')"),
        "figures without reprints": python("corpus.figures(kind='count', reprints=False)"),
        "movements by month and province": python("corpus.movements(by=['month', 'province'], reprints=False)"),
        "search": python("corpus.search('may sach 1234')"),
        "search in a month of a site": python(f"corpus.search('may sach', site={SITE!r}, month={MONTH!r})"),
        "snapshots": congdoan("snapshots"),
        "status": congdoan("status"),
        "build, nothing to do": congdoan("build"),
        **{f"{ONE_MORE} {number}": congdoan("build") for number in range(1, 6)},  # from the fourth on one snapshot goes
        "export, parquet": congdoan("export", str(out / "export"), "--format", "parquet"),
        "publish, parquet": congdoan("publish", str(out / "published")),
        "publish, delta": congdoan("publish", str(out / "lake"), "--format", "delta"),
        "check": congdoan("check"),
    }


def main() -> None:
    """Fabricate a corpus and ask it."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--partitions", type=int, default=17_000, help="months of sites, of six tables each")
    arguments.add_argument("--articles", type=int, help="as many as partitions when absent")
    arguments.add_argument("--sites", type=int, default=142)
    asked = arguments.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        corpus = folder / "corpus"
        began = time.process_time()
        made = write_corpus(corpus, Sites(), asked.partitions, asked.articles or asked.partitions, asked.sites)
        rows = {table: made.count(table) for table, files in made.files.items() if files}
        print(f"{len(made.all_files()):,} files, {rows}; made in {time.process_time() - began:.0f} CPU s\n")
        print(f"{'':34}{'CPU s':>8}{'clock s':>9}{'MB':>7}{'times a glob':>14}")
        baseline = 0.0
        for number, (way, command) in enumerate(ways(corpus, folder).items(), 1):
            if way.startswith(ONE_MORE):
                add_article(corpus, number)
            cost = measured(command)
            baseline = baseline or cost.cpu
            print(f"{way:34}{cost.cpu:8.2f}{cost.clock:9.2f}{cost.megabytes:7}{cost.cpu / baseline:14.1f}", flush=True)


if __name__ == "__main__":
    main()
