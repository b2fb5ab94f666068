"""Carry out a plan: read the archive, make rows, find reprints, and commit all or none."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import pyarrow as pa

from pipeline.article_list import COLUMNS, ArticleList
from pipeline.commits import Staging
from pipeline.deduplicate import Named, deduplicate, sign
from pipeline.document import load_rules
from pipeline.groups import Groups
from pipeline.merge import Merge
from pipeline.outcome import BuildReport
from pipeline.placing import place
from pipeline.plan import Plan
from pipeline.reading import read_archive
from pipeline.reprints import Gathered
from pipeline.rows import registry_rows
from pipeline.schema import DroppedRow
from pipeline.sightings import newest_read
from pipeline.spool import Spool
from pipeline.workers import Engine, map_records

# Our own code failing on a page is a bug to report; failing on many is a broken release, which must not become the
# tables that somebody publishes from.
FAILURES_BORNE = 5  # captures, in a build of any size
FAILURES_BORNE_SHARE = 0.02  # of the captures read

Tell = Callable[[str], None]


class TooManyFailures(RuntimeError):
    """Our own code failed on so many captures that nothing was committed."""


def carry_out(plan: Plan, engine: Engine, tell: Tell) -> BuildReport:
    """Read, make, merge and commit what a plan says.

    Raises:
        OutOfOrder: sites that must be read anew, for what came in cannot be added to what the tables hold of them.
        TooManyFailures: our own code fails on this archive; the last snapshot is intact.
    """
    _load()
    base, unread = plan.base, plan.unread()
    newest, failed = (_of_kept_sites(base.manifest.get(name, {}), base.without) for name in ("newest", "failed"))
    were = ArticleList.of(base)
    with Staging(base, tell, {"articles": COLUMNS}) as staging, Spool(base.corpus / "snapshots") as spool:
        read = read_archive(unread, plan.sites, spool, engine, tell)
        merge = Merge(staging)
        groups = Groups(plan, read, place(base, were, read, plan.sites, newest, failed), merge)
        groups.make_all(engine, tell)
        refuse_failures(read.dropped, read.captures)
        merge.dropped(read.dropped)
        now = _listed_now(staging, were)
        if groups.counts.new_revisions or plan.compare or plan.all_anew or plan.anew:
            now = _deduplicate(plan, staging, were, now, groups.signed, engine, tell)
        merge.runs(plan.runs)
        merge.registry(registry_rows())
        written = staging.commit(
            plan.manifest(unread, newest_read(newest, read.seen.items()), {**failed, **groups.failed})
        )
    try:
        now.save(written)
    except OSError as error:
        tell(f"warning: {base.corpus}: the list of articles was not kept ({error}): the next build makes it again")
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


def _load() -> None:
    """Load what all workers need before they are forked: models, lexica, and pandas, which pyarrow loads."""
    load_rules()
    pa.array([], pa.null())


def _listed_now(staging: Staging, were: ArticleList) -> ArticleList:
    """Return the articles as they stand."""
    return ArticleList.joined(
        {
            partition: staging.read("articles", partition, COLUMNS)
            if staging.is_touched("articles", partition)
            else were.of_partition(partition)
            for partition in staging.partitions("articles")
        }
    )


def _deduplicate(
    plan: Plan,
    staging: Staging,
    were: ArticleList,
    now: ArticleList,
    signed: Gathered,
    engine: Engine,
    tell: Tell,
) -> ArticleList:
    def by_workers(texts: Iterator[Named]) -> Iterator[Any]:
        return map_records(sign, texts, engine)

    anew = bool(plan.compare or plan.all_anew)
    version = plan.versions.stages["reprints"]
    return deduplicate(staging, were, now, version, by_workers, signed, anew=anew, tell=tell)


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
