"""Build one archive in many ways, and compare the tables byte for byte.

python benchmarks/same_rows.py                    # 100 refreshes: about 10 minutes on two cores
python benchmarks/same_rows.py --refreshes 10

An archive grows day by day: new articles on three sites, reprints of earlier ones, edits, articles that go and come
back, "not modified", and every seventh day a run of a week ago that comes in late. It is built after each day, and at
once: by one worker, by eight, and by a real Dask cluster of a scheduler and two nodes on loopback addresses. Exit code
1 when a file of any table differs.
"""

from __future__ import annotations

import argparse
import datetime as dt
import random
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from many_articles import SITES, ManyArticles, host_of, write_profiles

from crawler.archive import ArchiveWriter, Exchange
from crawler.sites import Sites
from pipeline.build import build
from pipeline.check import problems
from pipeline.pieces import Piece
from pipeline.query import open_corpus
from pipeline.snapshots import Snapshot
from pipeline.versions import current_versions
from pipeline.workers import Engine, LocalEngine

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from loopback_cluster import loopback_cluster

from pipeline.workers.cluster import DaskEngine

FIRST_DAY = dt.datetime(2026, 1, 5, 3, 0, tzinfo=dt.UTC)
NEW_A_DAY = 6
HTML = [("Content-Type", "text/html; charset=utf-8")]

Digests = dict[tuple[str, str, Piece], str]  # of each file, by table and partition


class Newspapers:
    """Three sites whose articles come, change, go, come back and are copied by each other."""

    def __init__(self, seed: int) -> None:
        self._chance = random.Random(seed)  # noqa: S311 - the same news each time, no secret
        self._pages = ManyArticles()
        self._numbers: list[int] = []

    def write_day(self, corpus: Path, day: int, label: str) -> None:
        """Archive what a crawl of one day brings, a run a site."""
        at = FIRST_DAY + dt.timedelta(days=day)
        new = range(day * NEW_A_DAY, (day + 1) * NEW_A_DAY)
        self._numbers += new
        old = self._chance.sample(self._numbers, min(8, len(self._numbers)))
        for place, site in enumerate(SITES):
            with ArchiveWriter(corpus, site, f"{at:%Y%m%dT%H%M%S}-{label}") as writer:
                self._write(writer, place, [*new], old, at)

    def _write(self, writer: ArchiveWriter, place: int, new: list[int], old: list[int], at: dt.datetime) -> None:
        answers = [(number, "new") for number in new] + [(number, self._fate()) for number in old]
        for count, (number, fate) in enumerate(answers):
            own, when = SITES[number % len(SITES)] == SITES[place], at + dt.timedelta(seconds=count)
            url = f"https://{host_of(SITES[place])}/bai-{number}.html"
            if own and fate in ("new", "as it was"):
                writer.write_response(Exchange(url, when, headers=HTML), self._pages.page(number))
            elif own and fate == "edited":
                page = self._pages.page(number, self._chance.randrange(1, 5))
                writer.write_response(Exchange(url, when, headers=HTML), page)
            elif own and fate == "gone":
                writer.write_response(Exchange(url, when, status=404, reason="Not Found", headers=HTML), b"")
            elif own and fate == "not modified":
                writer.write_not_modified(Exchange(url, when))
            elif not own and fate == "copied":
                writer.write_response(Exchange(url, when, headers=HTML), self._pages.page(number))

    def _fate(self) -> str:
        return self._chance.choice(["as it was", "edited", "gone", "not modified", "copied", "copied"])


def digests(corpus: Path) -> Digests:
    """Return the digest of each file of the tables."""
    listed = Snapshot.committed(corpus).all_files()
    return {(table, str(file.partition), file.piece): file.sha256 for table, file in listed}


def refreshed(corpus: Path, sites: Sites, refreshes: int, seed: int) -> Digests:
    """Build after each day; runs that come in late are moved in a week after their day."""
    news, versions = Newspapers(seed), current_versions(sites)
    late = corpus.with_name("late")
    with LocalEngine(2) as engine:
        for day in range(refreshes):
            is_late = day % 7 == 3 and day + 7 < refreshes
            news.write_day(late if is_late else corpus, day, "late" if is_late else "run")
            if day % 7 == 3:
                for run in sorted(late.glob(f"archive/*/{FIRST_DAY + dt.timedelta(days=day - 7):%Y%m%d}*")):
                    run.rename(corpus / run.relative_to(late))
            build(corpus, sites, engine=engine, versions=versions)
    return digests(corpus)


def at_once(archived: Path, corpus: Path, sites: Sites, engine: Engine) -> Digests:
    """Build a copy of an archive that has no tables."""
    shutil.copytree(archived / "archive", corpus / "archive")
    with engine:
        build(corpus, sites, engine=engine)
    return digests(corpus)


def main() -> int:
    """Build in all ways, and say what differs."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--refreshes", type=int, default=100)
    arguments.add_argument("--seed", type=int, default=1)
    asked = arguments.parse_args()
    with tempfile.TemporaryDirectory() as name, loopback_cluster(Path(name)) as cluster:
        folder = Path(name)
        sites = Sites((write_profiles(folder / "profiles"),))
        by_days = folder / "refreshed"
        ways: dict[str, Callable[[], Digests]] = {
            f"{asked.refreshes} refreshes": lambda: refreshed(by_days, sites, asked.refreshes, asked.seed),
            "at once, 1 worker": lambda: at_once(by_days, folder / "one", sites, LocalEngine(1)),
            "at once, 8 workers": lambda: at_once(by_days, folder / "eight", sites, LocalEngine(8)),
            "at once, Dask, 2 nodes": lambda: at_once(by_days, folder / "dask", sites, DaskEngine(cluster.address)),
        }
        first: Digests = {}
        different = 0
        for way, made in ways.items():
            began = time.monotonic()
            found = made()
            first = first or found
            wrong = sorted(place for place in {*first, *found} if first.get(place) != found.get(place))
            different += len(wrong)
            print(f"{way:26}{time.monotonic() - began:8.0f} s   {len(found):,} files, {len(wrong)} differ {wrong[:3]}")
        opened = open_corpus(by_days)
        rows = {table: opened.arrow(table).num_rows for table in ("articles", "revisions", "figures", "dropped")}
        faults = list(problems(opened))
        copies = opened.arrow("articles").column("reprint_of").drop_null()
        print(f"{rows}, {len(copies)} reprints; `congdoan check`: {faults or 'whole'}")
    return 1 if different or faults else 0


if __name__ == "__main__":
    sys.exit(main())
