"""Build: bring the tables up to the archive, working only on what is new or stale, and commit all or none."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from crawler.lock import exclusive
from crawler.sites import Sites
from pipeline.commits import Staging, clear_unfinished, mend_link
from pipeline.deduplicate import Named, deduplicate, sign
from pipeline.groups import Groups
from pipeline.merge import Merge
from pipeline.placing import place
from pipeline.plan import Plan, Stage, plan_build, plan_stage
from pipeline.reading import read_archive
from pipeline.retention import prune
from pipeline.rows import registry_rows
from pipeline.schema import DroppedRow
from pipeline.sightings import OutOfOrder, newest_read
from pipeline.spool import Spool
from pipeline.versions import Versions
from pipeline.workers import Engine, LocalEngine, map_records

# Our own code failing on a page is a bug to report; failing on many is a broken release, which must not become the
# tables that somebody publishes from.
FAILURES_BORNE = 5  # captures, in a build of any size
FAILURES_BORNE_SHARE = 0.02  # of the captures read

Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build did. `nothing_to_do` when tables, archive, code and lexicon already agree."""

    snapshot: int
    nothing_to_do: bool = False
    captures: int = 0
    new_articles: int = 0
    new_revisions: int = 0
    newly_gone: int = 0
    made_again: int = 0
    dropped: int = 0
    failed: int = 0
    torn: tuple[str, ...] = ()


class NothingArchived(RuntimeError):
    """A folder that nothing was crawled or imported into."""


class TooManyFailures(RuntimeError):
    """Our own code failed on so many captures that nothing was committed."""


def explain(corpus: Path, sites: Sites, only: Stage | None = None) -> list[str]:
    """Return what a build would do and why, one line each; none when there is nothing to do. Nothing is written.

    Raises:
        NothingArchived: there is no archive in the folder.
    """
    _refuse_nothing(corpus)
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
        TablesUnwritable: disk full or read-only; the last snapshot is intact.
        TooManyFailures: our own code fails on this archive; the last snapshot is intact.
        ArchiveIncomplete: files that are to be read again are gone from the archive.
        EngineLost: the cluster is gone; the last snapshot is intact.
        StageRefused: the stage cannot be brought up to date alone.
    """
    _refuse_nothing(corpus)
    with exclusive(corpus / "build.lock", f"{corpus} is being built"):
        clear_unfinished(corpus)
        plan = (
            plan_stage(corpus, sites, only, versions)
            if only
            else plan_build(corpus, sites, versions, all_anew).also(anew or {})
        )
        if plan.nothing_to_do():
            mend_link(plan.committed, tell)
            return BuildReport(plan.committed.number, nothing_to_do=True)
        with nullcontext(engine) if engine else LocalEngine(workers) as used:
            while True:
                plan.refuse_missing()
                try:
                    report = _carried_out(plan, used, tell)
                except OutOfOrder as why:
                    tell(f"{why}: reading {', '.join(why.sites)} anew")
                    plan = plan.also(dict.fromkeys(why.sites, str(why)))
                else:
                    prune(corpus)
                    return report


def _refuse_nothing(corpus: Path) -> None:
    if not (corpus / "archive").is_dir():
        raise NothingArchived(f"{corpus}: no archive here; `congdoan crawl` or `congdoan import` fill one first")


def _carried_out(plan: Plan, engine: Engine, tell: Tell) -> BuildReport:
    """Read, make, merge and commit.

    Raises:
        OutOfOrder: sites that must be read anew, for what came in cannot be added to what the tables hold of them.
    """
    base, unread = plan.base, plan.unread()
    newest, failed = (_of_kept_sites(base.manifest.get(name, {}), base.without) for name in ("newest", "failed"))
    with Staging(base, tell) as staging, Spool(base.corpus / "snapshots") as spool:
        read = read_archive(unread, plan.sites, spool, engine, tell)
        merge = Merge(staging)
        groups = Groups(plan, read, place(base, read, plan.sites, newest, failed), merge)
        groups.make_all(engine, tell)
        refuse_failures(read.dropped, read.captures)
        merge.dropped(read.dropped)
        if groups.counts.new_revisions or plan.compare or plan.all_anew or plan.anew:
            _deduplicate(plan, staging, engine, tell)
        merge.runs(plan.runs)
        merge.registry(registry_rows())
        written = staging.commit(plan.manifest(unread, newest_read(newest, read.seen), {**failed, **groups.failed}))
    return BuildReport(
        snapshot=written.number,
        captures=read.captures,
        new_articles=groups.counts.new_articles,
        new_revisions=groups.counts.new_revisions,
        newly_gone=groups.counts.newly_gone,
        made_again=groups.counts.made_again,
        dropped=len(read.dropped),
        failed=sum(row.reason == "error" for row in read.dropped),
        torn=tuple(unread.torn),
    )


def _deduplicate(plan: Plan, staging: Staging, engine: Engine, tell: Tell) -> None:
    def signed(texts: Iterator[Named]) -> Iterator[Any]:
        return map_records(sign, texts, engine)

    anew = bool(plan.compare or plan.all_anew)
    deduplicate(staging, plan.versions.stages["reprints"], signed, anew=anew, tell=tell)


def _of_kept_sites(values: Mapping[str, str], without: frozenset[str]) -> dict[str, str]:
    """Return what a manifest says by site (times), or by article (sites), without that of sites read anew."""
    return {key: value for key, value in values.items() if key not in without and value not in without}


def refuse_failures(rows: Sequence[DroppedRow], captures: int) -> None:
    """Stop a build in which our own code failed too often.

    Raises:
        TooManyFailures: over FAILURES_BORNE and over FAILURES_BORNE_SHARE of the captures; names the first.
    """
    failed = [row for row in rows if row.reason == "error"]
    if len(failed) > max(FAILURES_BORNE, FAILURES_BORNE_SHARE * captures):
        first = failed[0]
        raise TooManyFailures(
            f"our own code failed on {len(failed)} of {captures} captures, so nothing was committed; the first: "
            f"{first.url}: {first.stage}: {first.detail}. Report it; an older congdoan can go on with this archive"
        )
