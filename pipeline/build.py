"""Build: bring the tables up to the archive, working only on what is new or stale, and commit all or none."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import ExitStack, nullcontext
from pathlib import Path

from crawler.lock import build_lock
from crawler.sites import Sites
from pipeline.cleared import SECONDS_A_BUILD, clear
from pipeline.outcome import BuildReport
from pipeline.plan import Stage, plan_build, plan_stage
from pipeline.retention import prune
from pipeline.sightings import OutOfOrder
from pipeline.snapshots import Snapshot
from pipeline.tables_link import mend_link
from pipeline.unfinished import clear_unfinished
from pipeline.versions import Versions
from pipeline.workers import Engine, LocalEngine, looking_seldom

Tell = Callable[[str], None]


class NothingArchived(RuntimeError):
    """A folder that nothing was crawled or imported into."""


def explain(corpus: Path, sites: Sites, only: Stage | None = None) -> list[str]:
    """Return what a build would do and why, one line each; none when there is nothing to do. Nothing is written.

    Raises:
        NothingArchived: there is no archive in the folder.
    """
    refuse_nothing(corpus)
    return list((plan_stage(corpus, sites, only) if only else plan_build(corpus, sites)).reasons())


def build(
    corpus: Path,
    sites: Sites,
    *,
    workers: int | None = None,
    engine: Engine | None = None,
    tell: Tell = lambda _line: None,
    versions: Versions | None = None,
    anew: Mapping[str, str] | None = None,
    all_anew: str = "",
    only: Stage | None = None,
) -> BuildReport:
    """Bring the corpus' tables up to its archive.

    Captures that the last snapshot has not read are read. A site whose profile changed, or of which older captures
    came in, is read anew; where a stage changed, all records are made again from that stage on. The same archive gives
    the same rows, in whatever order and however many builds it came. Killed at any moment a build leaves the last
    snapshot as it was, and the next one finishes the work.

    Args:
        workers: processes of this machine that do the work; all cores when absent.
        engine: does the work instead of them.
        versions: those of the code, of which the stages of the rows are; the installed ones when absent.
        anew: sites to read anew, whatever the tables hold of them, and why.
        all_anew: why nothing of the committed snapshot is to be used, damaged as it may be.
        only: bring this stage up to date and leave new captures and other stages for later.

    Raises:
        NothingArchived: there is no archive in the folder.
        CorpusBusy: another build is at work.
        TablesUnreadable: a file that was committed is gone.
        TablesUnwritable: disk full or read-only; the last snapshot is intact.
        TooManyFailures: our own code fails on this archive; the last snapshot is intact.
        ArchiveIncomplete: files that are to be read again are gone from the archive.
        EngineLost: the cluster is gone; the last snapshot is intact.
        StageRefused: the stage cannot be brought up to date alone.
        CorrectionNotUnderstood: an entry of the known misprints cannot be applied.
    """
    refuse_nothing(corpus)
    with ExitStack() as at_last, build_lock(corpus):
        at_last.callback(clear, corpus, SECONDS_A_BUILD)  # when the lock is open again
        clear_unfinished(corpus)
        plan = (
            plan_stage(corpus, sites, only, versions)
            if only
            else plan_build(corpus, sites, versions, all_anew).also(anew or {})
        )
        if plan.nothing_to_do():
            plan.committed.refuse_lost()
            mend_link(plan.committed, tell)
            return BuildReport(plan.committed.number, nothing_to_do=True)
        with looking_seldom(), nullcontext(engine) if engine else LocalEngine(workers) as used:
            # the stages take a third of a second to load, which nothing to do needs not
            from pipeline.figures.corrections import corrections_at_hand
            from pipeline.work import carry_out

            corrections_at_hand()  # an entry that cannot be applied is said here, and not once an article
            while True:
                plan.refuse_missing()
                try:
                    report = carry_out(plan, used, tell)
                except OutOfOrder as why:
                    tell(f"{why}: reading {', '.join(why.sites)} anew")
                    plan = plan.also(dict.fromkeys(why.sites, str(why)))
                else:
                    prune(corpus)
                    return report


def refuse_nothing(corpus: Path) -> None:
    """Look whether there is an archive.

    Raises:
        NothingArchived: there is none in the folder.
    """
    if not (corpus / "archive").is_dir():
        if Snapshot.unread(corpus).number:
            raise NothingArchived(
                f"{corpus}: the folder archive, which the tables were made from, is gone: put it back. The tables can "
                "be read without it"
            )
        raise NothingArchived(f"{corpus}: no archive here; `congdoan crawl` or `congdoan import` fill one first")
