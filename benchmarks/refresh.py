"""What a build costs when little or nothing changed, against a full build.

python benchmarks/refresh.py                      # 10,000 articles and 200,000 rows: about 12 minutes on two cores
python benchmarks/refresh.py --articles 2000 --rows 20000

First part: an archive of --articles pages is built at once, then one article in a hundred comes in edited and the
corpus is built again: of those all over, and of the newest, as on a real day; then the figures' rules change, so that
every figure comes out as before, and so that one in fifty is gone. CPU seconds of the build and of its workers, each
build in a process of its own; what it takes to start Python and import the stages is left out of all of them, and
printed below them: the command `congdoan build` takes that too.
Second part: tables of --rows articles of their own making, and a build that finds nothing to do: seconds by the clock,
with the start of the interpreter, and at most how much memory.
"""

from __future__ import annotations

import argparse
import datetime as dt
import multiprocessing
import resource
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from many_articles import SITES, ManyArticles, write_archive, write_profiles

import pipeline.work  # noqa: F401 - the stages, which a build imports when it has something to do
from crawler.sites import Sites
from pipeline import document, remaking
from pipeline.build import build
from pipeline.cli.without_pandas import without_pandas
from pipeline.commits import Staging
from pipeline.document import Quantities
from pipeline.outcome import BuildReport
from pipeline.plan import plan_build
from pipeline.query import open_corpus
from pipeline.schema import ArticleRow
from pipeline.snapshots import Snapshot
from pipeline.tables import Partition, to_arrow
from pipeline.versions import Versions, current_versions

MONTHS = [f"{year}-{month:02}" for year in range(2018, 2026) for month in range(1, 13)]


@dataclass(frozen=True)
class Cost:
    """What a build took: CPU seconds of the process and its workers, seconds by the clock."""

    cpu: float
    clock: float
    report: BuildReport
    megabytes: int
    megabytes_of_worker: int


def measured(corpus: Path, sites: Sites, versions: Versions, *, fewer_figures: bool = False) -> Cost:
    """Build and measure, in a process of its own: nothing that an earlier build has loaded or worked out is there.

    Args:
        fewer_figures: by rules of figures that find one in fifty no more.
    """
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as alone:
        return alone.submit(_build, corpus, sites, versions, fewer_figures).result()


def _build(corpus: Path, sites: Sites, versions: Versions, fewer_figures: bool) -> Cost:
    if fewer_figures:
        remaking.read_quantities = _fewer
    before, started = _cpu(), time.perf_counter()
    with without_pandas():  # as the command does
        report = build(corpus, sites, workers=2, versions=versions)
    return Cost(
        _cpu() - before,
        time.perf_counter() - started,
        report,
        _megabytes(resource.RUSAGE_SELF),
        _megabytes(resource.RUSAGE_CHILDREN),
    )


def _start() -> float:
    """Return the CPU seconds that a build takes before it begins, at best of five."""
    times = []
    for _ in range(5):
        before = _cpu()
        subprocess.run([sys.executable, "-c", "import pipeline.cli.build, pipeline.work"], check=True)
        times.append(_cpu() - before)
    return min(times)


def _fewer(*of: Any, **named: Any) -> Quantities:
    found = document.read_quantities(*of, **named)
    return found._replace(figures=tuple(figure for figure in found.figures if figure.start % 50))


def _cpu() -> float:
    own, workers = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return own.ru_utime + own.ru_stime + workers.ru_utime + workers.ru_stime


def refreshes(articles: int, folder: Path) -> None:
    """Print the costs of a full build and of small changes after it."""
    corpus = folder / "corpus"
    sites = Sites((write_profiles(folder / "profiles"),))
    write_archive(corpus, range(articles))
    now = current_versions(sites)  # once: somebody may be at work on the code
    full = measured(corpus, sites, now)
    edited = range(0, articles, 100)
    write_archive(corpus, edited, edition=1, at=dt.datetime(2026, 1, 6, tzinfo=dt.UTC))
    one_percent = measured(corpus, sites, now)
    assert one_percent.report.new_revisions == len(edited), one_percent.report  # noqa: S101
    newest = sorted(range(articles), key=ManyArticles().published)[-len(edited) :]
    write_archive(corpus, sorted(newest), edition=2, at=dt.datetime(2026, 1, 7, tzinfo=dt.UTC))
    last_days = measured(corpus, sites, now)
    assert last_days.report.new_revisions == len(newest), last_days.report  # noqa: S101
    nothing = measured(corpus, sites, now)
    same = measured(corpus, sites, replace(now, stages={**now.stages, "figures": "the same in other words"}))
    other = replace(now, stages={**now.stages, "figures": "fewer"})
    fewer = measured(corpus, sites, other, fewer_figures=True)
    for grammar in (same, fewer):
        assert grammar.report.made_again == full.report.new_articles, grammar.report  # noqa: S101
    partitions = len(open_corpus(corpus).snapshot.files["articles"])
    print(f"{full.report.new_articles:,} articles, {partitions} partitions of articles\n")
    print(f"{'':44}{'CPU s':>9}{'clock s':>9}{'% of full':>11}")
    for name, cost in {
        "full build": full,
        f"{len(edited)} articles edited (1 %), all over": one_percent,
        f"{len(newest)} articles edited, the newest": last_days,
        "nothing changed": nothing,
        "rules of figures changed, all as before": same,
        "rules of figures changed, one in 50 is gone": fewer,
    }.items():
        print(f"{name:44}{cost.cpu:9.2f}{cost.clock:9.2f}{100 * cost.cpu / full.cpu:11.2f}")
    print(f"{'to start Python and import the stages':44}{_start():9.2f}")
    print(f"\nmost memory: the build {full.megabytes} MB, a worker {full.megabytes_of_worker} MB")


def _megabytes(who: int) -> int:
    return resource.getrusage(who).ru_maxrss // 1024


def nothing_to_do(rows: int, folder: Path) -> None:
    """Print how long a build of a large corpus takes to see that there is nothing to do."""
    corpus = folder / "large"
    sites = Sites((write_profiles(corpus / "sites"),))
    write_archive(corpus, range(3))
    plan = plan_build(corpus, sites)
    partitions = [Partition(site, month) for site in SITES for month in MONTHS]
    per_partition = rows // len(partitions) + 1
    with Staging(plan.base) as staging:
        for number, partition in enumerate(partitions):
            some = [_row(partition, number * per_partition + count) for count in range(per_partition)]
            staging.put("articles", partition, to_arrow("articles", some))
        unread = plan.unread()
        for _ in unread.captures():
            pass
        staging.commit(plan.manifest(unread, {}, {}))
    command = [sys.executable, "-m", "pipeline.cli", "build", "--corpus", str(corpus)]
    times = []
    for _ in range(5):
        started = time.perf_counter()
        told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        times.append(time.perf_counter() - started)
        assert "nothing to do" in told, told  # noqa: S101
    count = Snapshot.committed(corpus).read("articles", columns=["article_id"]).num_rows
    print(
        f"\n{count:,} articles, nothing to do: {sorted(times)[2]:.2f} s by the clock, {min(times):.2f} at best (of 5)"
    )


def _row(partition: Partition, number: int) -> ArticleRow:
    at = dt.datetime.fromisoformat(f"{partition.month}-10T02:00:00+00:00")
    values = dict.fromkeys(ArticleRow.__dataclass_fields__)
    texts = {"site": partition.site, "article_id": f"{number:016x}", "text": f"Bài {number}\n" + "chữ " * 300}
    needed = {
        "source_id": str(number),
        "url": f"https://x/{number}",
        "title": f"Bài {number}",
        "digest": f"{number:064x}",
    }
    times = {"published_at": at, "first_seen_at": at, "fetched_at": at}
    others = {"layout": "2023", "kind": "article", "origin": "{}", "capture_file": "f", "capture_id": "i"}
    counts = {"revision": 1, "n_words": 300, "capture_offset": number, "stage_versions": "{}"}
    lists = {"authors": (), "tags": (), "captions": ()}
    return ArticleRow(**{**values, **texts, **needed, **times, **others, **counts, **lists})  # type: ignore[arg-type]


def main() -> None:
    """Run both parts."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--articles", type=int, default=10_000)
    arguments.add_argument("--rows", type=int, default=200_000)
    asked = arguments.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        refreshes(asked.articles, Path(folder))
        nothing_to_do(asked.rows, Path(folder))


if __name__ == "__main__":
    main()
