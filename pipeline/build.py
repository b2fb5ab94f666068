"""Build: bring the tables up to the archive, working only on what is new, and commit all or none."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from crawler.archive import Capture, read_runs
from crawler.lock import exclusive
from crawler.sites import Sites
from pipeline.captures import Edition, address, dropped, dropped_edition, read_capture
from pipeline.commits import clear_unfinished, commit
from pipeline.document import read_articles
from pipeline.merge import Changed, KnownArticle, Merge, known_articles
from pipeline.redirects import no_more
from pipeline.retention import prune
from pipeline.revisions import Chain, chain, gone_at
from pipeline.rows import article_tables, registry_rows
from pipeline.schema import Document, DroppedRow, RunRow
from pipeline.sightings import OutOfOrder, newest_read, refuse_older, times_by_article
from pipeline.snapshots import Snapshot
from pipeline.unread import Unread
from pipeline.versions import stage_versions
from pipeline.workers import Failure, map_records

# Our own code failing on a page is a bug to report; failing on many is a broken release, which must not become the
# tables that somebody publishes from.
FAILURES_BORNE = 5  # captures, in a build of any size
FAILURES_BORNE_SHARE = 0.02  # of the captures read


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build did. `nothing_to_do` when tables, archive, code and lexicon already agree."""

    snapshot: int
    nothing_to_do: bool = False
    captures: int = 0
    new_articles: int = 0
    new_revisions: int = 0
    newly_gone: int = 0
    dropped: int = 0
    failed: int = 0
    torn: tuple[str, ...] = ()


class NothingArchived(RuntimeError):
    """A folder that nothing was crawled or imported into."""


class TooManyFailures(RuntimeError):
    """Our own code failed on so many captures that nothing was committed."""


def build(
    corpus: Path, sites: Sites, *, workers: int | None = None, tell: Callable[[str], None] = lambda _line: None
) -> BuildReport:
    """Bring the corpus' tables up to its archive.

    Only captures that the last snapshot has not read are read. All are read anew with another version of a stage, and
    when an import brought older captures of known articles: the same archive gives the same rows, in whatever order
    it came. Killed at any moment a build leaves the last snapshot as it was, and the next one finishes the work.

    Raises:
        NothingArchived: there is no archive in the folder.
        CorpusBusy: another build is at work.
        TablesUnwritable: disk full or read-only; the last snapshot is intact.
        TooManyFailures: our own code fails on this archive; the last snapshot is intact.
    """
    if not (corpus / "archive").is_dir():
        raise NothingArchived(f"{corpus}: no archive here; `congdoan crawl` or `congdoan import` fill one first")
    with exclusive(corpus / "build.lock", f"{corpus} is being built"):
        clear_unfinished(corpus)
        committed = Snapshot.committed(corpus)
        versions = stage_versions(sites)
        same_code = committed.manifest.get("versions") == versions and committed.is_of_this_schema
        base = committed if same_code else _emptied(committed)
        runs = [RunRow(**run.row()) for run in read_runs(corpus)]
        runs_digest = hashlib.sha256(repr(runs).encode()).hexdigest()
        unread = _unread(corpus, base)
        if base.folder and committed.manifest.get("runs") == runs_digest and not unread.files:
            return BuildReport(committed.number, nothing_to_do=True)
        work = _Work(sites, workers or len(os.sched_getaffinity(0)), versions, tell)
        try:
            merge, report, newest = work.do(base, unread)
        except OutOfOrder as why:
            tell(f"{why}: reading the whole archive")
            base = _emptied(committed)
            unread = _unread(corpus, base)
            merge, report, newest = work.do(base, unread)
        merge.runs(runs)
        merge.registry(registry_rows())
        manifest = {"versions": versions, "read_to": unread.read_to, "newest": newest, "runs": runs_digest}
        written = commit(base, merge.changed, manifest)
        prune(corpus)
        return replace(report, snapshot=written.number, torn=tuple(unread.torn))


def _emptied(committed: Snapshot) -> Snapshot:
    """Return the snapshot as if it held nothing, to make all rows anew and commit them after it."""
    return committed.emptied()


def _unread(corpus: Path, base: Snapshot) -> Unread:
    return Unread(corpus, base.manifest.get("read_to", {}))


@dataclass(slots=True)
class _Read:
    """What the unread captures turned out to be."""

    editions: dict[str, list[Edition]] = field(default_factory=lambda: defaultdict(list))
    dropped: list[DroppedRow] = field(default_factory=list)
    not_modified: dict[str, list[dt.datetime]] = field(default_factory=dict)  # by article: when the answer was 304
    captures: int = 0


@dataclass(frozen=True, slots=True)
class _Work:
    sites: Sites
    workers: int
    versions: Mapping[str, str]
    tell: Callable[[str], None]

    def do(self, base: Snapshot, unread: Unread) -> tuple[Merge, BuildReport, dict[str, str]]:
        """Return the changed partitions, the report, and the time of the newest capture read, by site.

        Raises:
            OutOfOrder: the base has read newer captures of an article than one that is unread.
        """
        read = self._read(unread)
        gone = times_by_article(no_more(read.dropped, self.sites), self.sites)
        read.not_modified = times_by_article(unread.not_modified, self.sites)
        known = known_articles(base, {*read.editions, *gone}, if_gone=read.not_modified)
        newest: dict[str, str] = dict(base.manifest.get("newest", {}))
        refuse_older([*_times(read.editions), *gone.items()], known, newest)
        changed = self._changed(read, known, gone)
        refuse_failures(read.dropped, read.captures)
        merge = Merge(base)
        merge.articles(changed)
        merge.dropped(read.dropped)
        if changed:
            merge.reprints()
        seen = [(address(url, self.sites)[0], time) for url, time in unread.not_modified]
        seen += [(row.site, row.fetched_at) for row in read.dropped]
        seen += [(article.row.site, article.revisions[-1].fetched_at) for article in changed]
        return merge, _report(changed, read), newest_read(newest, seen)

    def _read(self, unread: Unread) -> _Read:
        """Parse and clean the unread captures."""
        read = _Read()
        for answer in map_records(partial(_read_batch, self.sites), unread.captures(), self.workers):
            read.captures += 1
            if isinstance(answer, Failure):
                capture: Capture = answer.record
                site = address(capture.url, self.sites)[0]
                read.dropped.append(dropped(capture, site, "parse", "error", answer.detail))
            elif isinstance(answer, DroppedRow):
                read.dropped.append(answer)
            else:
                read.editions[answer.article_id].append(answer)
            if read.captures % 100 == 0:
                self.tell(f"{read.captures} captures read, {len(read.editions)} articles")
        return read

    def _changed(
        self, read: _Read, known: Mapping[str, KnownArticle], gone: Mapping[str, Sequence[dt.datetime]]
    ) -> list[Changed]:
        """Return the articles with new content or newly gone; annotate and extract only newest, new content."""
        chains = {
            article: chain(known[article].revisions if article in known else (), editions)
            for article, editions in read.editions.items()
        }
        newest = {article: done.revisions[-1].capture_id for article, done in chains.items()}
        fresh = [
            edition
            for article, editions in read.editions.items()
            for edition in editions
            if edition.capture_id == newest[article]
        ]
        documents, failed = self._annotate(fresh)
        for article, detail in failed.items():
            read.dropped += [
                dropped_edition(edition, "annotate", "error", detail) for edition in read.editions.pop(article)
            ]
            del chains[article]
        read.dropped += [row for done in chains.values() for row in done.unchanged]
        return [
            self._settled(
                chains.get(article),
                documents.get(article),
                known.get(article),
                [
                    *(edition.fetched_at for edition in read.editions.get(article, ())),
                    *read.not_modified.get(article, ()),
                ],
                gone.get(article, ()),
            )
            for article in sorted({*chains, *((gone.keys() | read.not_modified.keys()) & known.keys())})
        ]

    def _annotate(self, fresh: list[Edition]) -> tuple[dict[str, tuple[Edition, Document]], dict[str, str]]:
        """Return documents by article, and why it failed for the articles that could not be read."""
        documents: dict[str, tuple[Edition, Document]] = {}
        failed: dict[str, str] = {}
        for answer in map_records(_annotate_batch, fresh, self.workers):
            if isinstance(answer, Failure):
                failed[answer.record.article_id] = answer.detail
            else:
                documents[answer[0].article_id] = answer
            if (len(documents) + len(failed)) % 50 == 0:
                self.tell(f"{len(documents)} of {len(fresh)} articles annotated")
        return documents, failed

    def _settled(
        self,
        done: Chain | None,
        read: tuple[Edition, Document] | None,
        known: KnownArticle | None,
        seen: Sequence[dt.datetime],
        gone: Sequence[dt.datetime],
    ) -> Changed:
        """Return one article as it stands after this build."""
        revisions = done.revisions if done else (known.revisions if known else ())
        tables = article_tables(*read, self.versions) if read else None
        row = tables.article if tables else (known.row if known else None)
        if row is None:
            raise LookupError("an article that is neither known nor read; this is a bug of the build")
        gone_before = [known.row.gone_at] if known and known.row.gone_at else []
        row = replace(
            row,
            revision=revisions[-1].revision,
            first_seen_at=revisions[0].fetched_at,
            gone_at=gone_at(max([row.fetched_at, *seen]), [*gone_before, *gone]),
        )
        return Changed(row, revisions, tables, known)


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


def _times(editions: Mapping[str, Sequence[Edition]]) -> list[tuple[str, list[dt.datetime]]]:
    return [(article, [edition.fetched_at for edition in some]) for article, some in editions.items()]


def _read_batch(sites: Sites, captures: list[Capture]) -> list[Edition | DroppedRow]:
    return [read_capture(capture, sites) for capture in captures]


def _annotate_batch(editions: list[Edition]) -> list[tuple[Edition, Document]]:
    return list(zip(editions, read_articles([edition.article for edition in editions]), strict=True))


def _report(changed: Sequence[Changed], read: _Read) -> BuildReport:
    before = [len(article.known.revisions) if article.known else 0 for article in changed]
    return BuildReport(
        snapshot=Snapshot.NONE,
        captures=read.captures,
        new_articles=sum(article.known is None for article in changed),
        new_revisions=sum(len(article.revisions) - known for article, known in zip(changed, before, strict=True)),
        newly_gone=sum(
            article.row.gone_at is not None and not (article.known and article.known.row.gone_at) for article in changed
        ),
        dropped=len(read.dropped),
        failed=sum(row.reason == "error" for row in read.dropped),
    )
