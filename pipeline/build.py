"""Build: bring the tables up to the archive, working only on what is new or stale, and commit all or none."""

from __future__ import annotations

import datetime as dt
import os
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

from crawler.archive import Capture
from crawler.lock import exclusive
from crawler.sites import Sites
from pipeline.captures import Edition, address, dropped, dropped_edition, read_capture
from pipeline.commits import Staging, clear_unfinished, mend_link
from pipeline.deduplicate import Named, deduplicate, sign
from pipeline.making import Fresh, Made, Stored, make
from pipeline.merge import Changed, KnownArticle, Merge, known_articles, known_partitions
from pipeline.plan import Plan, plan_build
from pipeline.redirects import no_more
from pipeline.retention import prune
from pipeline.revisions import Chain, chain, gone_at
from pipeline.rows import registry_rows
from pipeline.schema import DroppedRow, SentenceRow
from pipeline.sightings import OutOfOrder, is_older, newest_read, times_by_article
from pipeline.snapshots import Snapshot
from pipeline.spool import Spool
from pipeline.tables import Partition, to_rows
from pipeline.unread import Unread
from pipeline.versions import Versions
from pipeline.workers import Failure, map_records

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


def explain(corpus: Path, sites: Sites) -> list[str]:
    """Return what a build would do and why, one line each; none when there is nothing to do. Nothing is written.

    Raises:
        NothingArchived: there is no archive in the folder.
    """
    _refuse_nothing(corpus)
    return list(plan_build(corpus, sites).reasons())


def build(
    corpus: Path,
    sites: Sites,
    *,
    workers: int | None = None,
    tell: Tell = lambda _line: None,
    versions: Versions | None = None,
) -> BuildReport:
    """Bring the corpus' tables up to its archive.

    Captures that the last snapshot has not read are read. A site whose profile changed, or of which older captures
    came in, is read anew; where a stage changed, all records are made again from that stage on. The same archive gives
    the same rows, in whatever order and however many builds it came. Killed at any moment a build leaves the last
    snapshot as it was, and the next one finishes the work.

    Args:
        versions: those of the code, of which the stages of the rows are; the installed ones when absent.

    Raises:
        NothingArchived: there is no archive in the folder.
        CorpusBusy: another build is at work.
        TablesUnwritable: disk full or read-only; the last snapshot is intact.
        TooManyFailures: our own code fails on this archive; the last snapshot is intact.
    """
    _refuse_nothing(corpus)
    with exclusive(corpus / "build.lock", f"{corpus} is being built"):
        clear_unfinished(corpus)
        plan = plan_build(corpus, sites, versions)
        if plan.nothing_to_do():
            mend_link(plan.committed, tell)
            return BuildReport(plan.committed.number, nothing_to_do=True)
        while True:
            try:
                report = _Build(plan, workers or len(os.sched_getaffinity(0)), tell).do()
            except OutOfOrder as why:
                tell(f"{why}: reading {', '.join(why.sites)} anew")
                plan = plan.also(dict.fromkeys(why.sites, str(why)))
            else:
                prune(corpus)
                return report


def _refuse_nothing(corpus: Path) -> None:
    if not (corpus / "archive").is_dir():
        raise NothingArchived(f"{corpus}: no archive here; `congdoan crawl` or `congdoan import` fill one first")


@dataclass(slots=True)
class _Read:
    """What the captures turned out to be, but for the editions, which are in the spool."""

    dropped: list[DroppedRow] = field(default_factory=list)
    gone: dict[str, list[dt.datetime]] = field(default_factory=dict)  # by article: when the answer was 404 or the like
    not_modified: dict[str, list[dt.datetime]] = field(default_factory=dict)  # by article: when the answer was 304
    captures: int = 0


@dataclass(slots=True)
class _Group:
    """The articles of one partition on their way: what is known of them, their new editions, what was made of them."""

    partition: Partition
    touched: set[str]
    known: dict[str, KnownArticle]
    editions: dict[str, list[Edition]]
    chains: dict[str, Chain]
    made: dict[str, Made] = field(default_factory=dict)
    waiting: set[str] = field(default_factory=set)


@dataclass(slots=True)
class _Counts:
    new_articles: int = 0
    new_revisions: int = 0
    newly_gone: int = 0
    made_again: int = 0


class _Build:
    """One attempt to carry out a plan."""

    def __init__(self, plan: Plan, workers: int, tell: Tell) -> None:
        self.plan = plan
        self.base = plan.base
        self.workers = workers
        self.tell = tell
        self.read = _Read()
        self.counts = _Counts()
        self.failed: dict[str, str] = {
            article: site
            for article, site in self.base.manifest.get("failed", {}).items()
            if site not in self.base.without
        }
        self.seen: list[tuple[str, dt.datetime]] = []
        self.not_modified: list[tuple[str, dt.datetime]] = []

    def do(self) -> BuildReport:
        """Read, make, merge and commit.

        Raises:
            OutOfOrder: sites that must be read anew, for what came in cannot be added to what the tables hold of them.
        """
        unread = self.plan.unread()
        with Staging(self.base, self.tell) as staging, Spool(self.base.corpus / "snapshots") as spool:
            self._read(unread, spool)
            where = self._known(spool)
            merge = Merge(staging)
            self._make_and_merge(spool, where, merge)
            refuse_failures(self.read.dropped, self.read.captures)
            merge.dropped(self.read.dropped)
            if self._texts_changed or self.plan.compare or self.plan.all_anew or self.plan.anew:
                self._deduplicate(staging)
            merge.runs(self.plan.runs)
            merge.registry(registry_rows())
            self.seen += [(row.site, row.fetched_at) for row in self.read.dropped]
            self.seen += [(address(url, self.plan.sites)[0], time) for url, time in self.not_modified]
            newest = newest_read(self._newest(), self.seen)
            written = staging.commit(self.plan.manifest(unread, newest, self.failed))
        return self._report(written, unread)

    def _deduplicate(self, staging: Staging) -> None:
        def signed(texts: Iterator[Named]) -> Iterator[Any]:
            return map_records(sign, texts, self.workers)

        anew = bool(self.plan.compare or self.plan.all_anew)
        deduplicate(staging, self.plan.versions.stages["reprints"], signed, anew=anew, tell=self.tell)

    @property
    def _texts_changed(self) -> bool:
        return self.counts.new_revisions > 0

    def _newest(self) -> dict[str, str]:
        newest: Mapping[str, str] = self.base.manifest.get("newest", {})
        return {site: time for site, time in newest.items() if site not in self.base.without}

    # ------------------------------------------------------------------ captures to editions
    def _read(self, unread: Unread, spool: Spool) -> None:
        """Parse and clean the captures; editions go to the spool."""
        read, sites = self.read, self.plan.sites
        for answer in map_records(partial(_read_batch, sites), unread.captures(), self.workers):
            read.captures += 1
            if isinstance(answer, Failure):
                capture: Capture = answer.record
                read.dropped.append(dropped(capture, address(capture.url, sites)[0], "parse", "error", answer.detail))
            elif isinstance(answer, DroppedRow):
                read.dropped.append(answer)
            else:
                spool.add(answer)
                self.seen.append((answer.site, answer.fetched_at))
            if read.captures % 100 == 0:
                self.tell(f"{read.captures} captures read, {len(spool)} articles")
        read.gone = times_by_article(no_more(read.dropped, sites), sites)
        self.not_modified = unread.not_modified
        read.not_modified = times_by_article(unread.not_modified, sites)

    def _known(self, spool: Spool) -> dict[str, Partition]:
        """Return where the tables hold the articles that something was found out about.

        Raises:
            OutOfOrder: of a known article a capture came in that is older than what the tables have read, or one of an
                article that the tables know nothing of but that it was gone later, or could not be annotated.
        """
        read, found = self.read, {*spool.articles()}
        sites = {spool.partition(article).site for article in found} | {row.site for row in read.dropped}
        sites |= {address(url, self.plan.sites)[0] for url, _ in self.not_modified}
        where = known_partitions(self.base, found | read.gone.keys(), read.not_modified.keys(), sites)
        if again := {self.failed[article] for article in found & self.failed.keys()}:
            raise OutOfOrder("an article that could not be annotated came in again", again)
        newest = self._newest()
        older = {
            article: spool.partition(article).site
            for article in found
            if is_older(spool.partition(article).site, [spool.earliest(article)], newest)
        }
        late = {site for article, site in older.items() if article in where}
        late |= {
            where[article].site
            for article, times in read.gone.items()
            if article in where and is_older(where[article].site, times, newest)
        }
        late |= self._gone_before({article: site for article, site in older.items() if article not in where})
        if late:
            raise OutOfOrder("older captures of known articles came in", late)
        return where

    def _gone_before(self, articles: Mapping[str, str]) -> set[str]:
        """Return the sites of the articles, given with theirs, that the tables know only as answers of no page."""
        sites = {*articles.values()}
        rows = [
            (url, dt.datetime.min)
            for partition in (self.base.partitions("dropped") if sites else ())
            if partition.site in sites
            for url in self.base.read("dropped", [partition], ["url"])["url"].to_pylist()
        ]
        return {articles[article] for article in times_by_article(rows, self.plan.sites) if article in articles}

    # ------------------------------------------------------------------ editions to rows
    def _make_and_merge(self, spool: Spool, where: Mapping[str, Partition], merge: Merge) -> None:
        """Make what is new or stale, partition by partition, and put each into place when it is whole."""
        groups: dict[str, _Group] = {}
        moved: list[Changed] = []
        tasks = self._tasks(spool, where, groups, merge, moved)
        answers = map_records(partial(make, self.plan.versions), tasks, self.workers)
        for done, answer in enumerate(answers, 1):
            if isinstance(answer, Failure):
                article = answer.record.article_id
                self._failed(groups[article], article, answer.detail)
            else:
                article = answer.row.article_id
                groups[article].made[article] = answer
            group = groups.pop(article)
            group.waiting.discard(article)
            if not group.waiting:
                self._settle(group, merge, moved)
            if done % 50 == 0:
                self.tell(f"{done} articles annotated or extracted")
        self._move(moved, merge)

    def _tasks(
        self,
        spool: Spool,
        where: Mapping[str, Partition],
        groups: dict[str, _Group],
        merge: Merge,
        moved: list[Changed],
    ) -> Iterator[Fresh | Stored]:
        """Yield what is to be made; a group without anything to make is settled at once."""
        touched: dict[Partition, set[str]] = defaultdict(set)
        for article in spool.articles():
            touched[where.get(article, spool.partition(article))].add(article)
        for article in self.read.gone.keys() | self.read.not_modified.keys():
            if article in where:
                touched[where[article]].add(article)
        everywhere = self.base.partitions("articles") if self.plan.again else ()
        for partition in sorted({*touched, *everywhere}):
            group = self._group(partition, touched[partition], spool)
            tasks = list(self._tasks_of(group))
            group.waiting = {task.article_id for task in tasks}
            groups.update(dict.fromkeys(group.waiting, group))
            if not tasks:
                self._settle(group, merge, moved)
            yield from tasks

    def _group(self, partition: Partition, touched: set[str], spool: Spool) -> _Group:
        known = known_articles(self.base, partition, touched, others=self.plan.again is not None)
        editions = spool.editions(touched)
        chains = {
            article: chain(known[article].revisions if article in known else (), some)
            for article, some in editions.items()
        }
        return _Group(partition, touched, known, editions, chains)

    def _tasks_of(self, group: _Group) -> Iterator[Fresh | Stored]:
        fresh = set()
        for article, history in group.chains.items():
            newest = history.revisions[-1].capture_id
            for edition in group.editions[article]:
                if edition.capture_id == newest:
                    fresh.add(article)
                    yield Fresh(edition)
        if self.plan.again is None:
            return
        sentences: dict[str, list[SentenceRow]] | None = None
        if self.plan.again[0] == "extract":
            sentences = defaultdict(list)
            for row in to_rows("sentences", self.base.read("sentences", [group.partition])):
                sentences[row.article_id].append(row)
        for article, known in group.known.items():
            if article not in fresh:
                yield Stored(known.row, None if sentences is None else tuple(sentences[article]))

    def _failed(self, group: _Group, article: str, detail: str) -> None:
        """Drop all captures of an article that could not be annotated or extracted.

        Raises:
            OutOfOrder: the tables hold earlier captures of it, which must be read again to be dropped.
        """
        if article in group.known:
            raise OutOfOrder(
                f"{group.known[article].row.url} could not be annotated ({detail})", [group.partition.site]
            )
        self.failed[article] = group.partition.site
        editions = group.editions.pop(article)
        del group.chains[article]
        self.read.dropped += [dropped_edition(edition, "annotate", "error", detail) for edition in editions]

    # ------------------------------------------------------------------ rows to partitions
    def _settle(self, group: _Group, merge: Merge, moved: list[Changed]) -> None:
        """Put a group whose articles are all made into its partition; those of another month wait in `moved`."""
        self.read.dropped += [row for history in group.chains.values() for row in history.unchanged]
        of_this_build = {*group.chains, *group.made}
        of_this_build |= (self.read.gone.keys() | self.read.not_modified.keys()) & group.known.keys()
        settled = [self._settled(group, article) for article in sorted(of_this_build)]
        self._count(settled, group)
        stay = [article for article in settled if article.home == group.partition]
        leave = [article for article in settled if article.home != group.partition]
        moved += merge.rows_that_move(leave)
        gone = [article.row.article_id for article in leave if article.known is not None]
        if stay or gone:
            merge.articles(group.partition, stay, gone)

    def _settled(self, group: _Group, article: str) -> Changed:
        """Return one article as it stands after this build."""
        history, made, known = group.chains.get(article), group.made.get(article), group.known.get(article)
        if made and known and article not in group.touched:
            return Changed(made.row, None, made.tables, known)
        row = made.row if made else (known.row if known else None)
        if row is None:
            raise LookupError("an article that is neither known nor read; this is a bug of the build")
        revisions = history.revisions if history else (known.revisions if known else ())
        gone_before = [known.row.gone_at] if known and known.row.gone_at else []
        seen = [edition.fetched_at for edition in group.editions.get(article, ())]
        seen += self.read.not_modified.get(article, ())
        row = replace(
            row,
            revision=revisions[-1].revision,
            first_seen_at=revisions[0].fetched_at,
            gone_at=gone_at(max([row.fetched_at, *seen]), [*gone_before, *self.read.gone.get(article, ())]),
        )
        return Changed(row, revisions if history else None, made.tables if made else {}, known)

    def _count(self, settled: Sequence[Changed], group: _Group) -> None:
        for article in settled:
            known = article.known
            history = group.chains.get(article.row.article_id)
            self.counts.new_articles += known is None
            self.counts.new_revisions += (
                len(history.revisions) - (len(known.revisions) if known else 0) if history else 0
            )
            self.counts.newly_gone += article.row.gone_at is not None and not (known and known.row.gone_at)
            self.counts.made_again += bool(article.tables) and history is None

    def _move(self, moved: Sequence[Changed], merge: Merge) -> None:
        homes: dict[Partition, list[Changed]] = defaultdict(list)
        for article in moved:
            homes[article.home].append(article)
        for partition, articles in sorted(homes.items()):
            merge.articles(partition, articles)

    def _report(self, written: Snapshot, unread: Unread) -> BuildReport:
        return BuildReport(
            snapshot=written.number,
            captures=self.read.captures,
            new_articles=self.counts.new_articles,
            new_revisions=self.counts.new_revisions,
            newly_gone=self.counts.newly_gone,
            made_again=self.counts.made_again,
            dropped=len(self.read.dropped),
            failed=sum(row.reason == "error" for row in self.read.dropped),
            torn=tuple(unread.torn),
        )


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


def _read_batch(sites: Sites, captures: list[Capture]) -> list[Edition | DroppedRow]:
    return [read_capture(capture, sites) for capture in captures]
