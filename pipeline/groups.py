"""Make the rows of articles partition by partition, and put each partition into place when it is whole.

Only the partitions on their way are in memory: an archive of any size is built in the memory of a few.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, partial

from pipeline.captures import Edition, dropped_edition
from pipeline.kept import Kept, kept_articles
from pipeline.making import Fresh, Made, Stored, make
from pipeline.merge import Changed, KnownArticle, Merge, ReadAgain, Standing, known_articles
from pipeline.plan import Plan
from pipeline.reading import Reading
from pipeline.remaking import tables_needed
from pipeline.reprints import Gathered
from pipeline.revisions import Chain, chain, gone_at
from pipeline.sightings import OutOfOrder
from pipeline.stored_sentences import packed_sentences
from pipeline.tables import Packed, Partition, one_by_one, partition_of
from pipeline.workers import BATCH, Engine, Failure, Progress, map_records

AT_ONCE = 16  # articles handed out together: their sentences, some 460, are tagged in one pass
MANY = 4 * AT_ONCE  # articles for each batch that is handed out, below which smaller batches are shared out better

Tell = Callable[[str], None]


@dataclass(slots=True)
class _Group:
    """The articles of one partition on their way: what is known of them, their new editions, what was made of them.

    `touched` are those that something was found out about; the others are only made again.
    """

    partition: Partition
    touched: set[str]
    known: dict[str, KnownArticle]
    editions: dict[str, list[Edition]]
    chains: dict[str, Chain]
    made: dict[str, Made] = field(default_factory=dict)
    waiting: set[str] = field(default_factory=set)


@dataclass(slots=True)
class Counts:
    """What became of the articles."""

    new_articles: int = 0
    new_revisions: int = 0
    newly_gone: int = 0
    made_again: int = 0


class Groups:
    """The partitions of a build.

    Attributes:
        failed: site, by article, of those that could not be annotated or extracted.
        signed: the signatures of new texts, by the names that these go by.
    """

    def __init__(self, plan: Plan, read: Reading, where: Mapping[str, Partition], merge: Merge) -> None:
        self._plan, self._read, self._where, self._merge = plan, read, where, merge
        self._base = plan.base
        self._of_article: dict[str, _Group] = {}
        self._moved: list[Changed] = []
        self.counts = Counts()
        self.failed: dict[str, str] = {}
        self.signed = Gathered()

    def make_all(self, engine: Engine, tell: Tell) -> None:
        """Make what is new or stale, side by side in processes, and merge it.

        Raises:
            OutOfOrder: of an article that cannot be annotated the tables hold earlier captures.
        """
        stored = self._base.count("articles") if self._plan.again else 0
        expected = max(len(self._read.spool), stored)
        progress = Progress("articles annotated or extracted", tell, expected)
        size = AT_ONCE if expected > MANY * engine.slots else BATCH
        work = partial(make, self._versions, stale=self._plan.stale)
        answers = map_records(work, self._tasks(), engine, size=size)
        for answer in progress.watch(answers):
            article = answer.record.article_id if isinstance(answer, Failure) else answer.article_id
            group = self._of_article.pop(article)
            group.waiting.discard(article)
            if isinstance(answer, Failure):
                self._drop(group, article, answer.detail)
            else:
                group.made[article] = answer
                if answer.signed is not None:
                    self.signed.add(*answer.signed)
            if not group.waiting:
                self._settle(group)
        homes: dict[Partition, list[Changed]] = defaultdict(list)
        for changed in self._moved:
            homes[changed.home].append(changed)
        for partition, articles in sorted(homes.items()):
            self._merge.articles(partition, articles)

    @cached_property
    def _versions(self) -> dict[str, str]:
        """What makes the rows of each site whose articles may be made."""
        spool, base = self._read.spool, self._base
        sites = {spool.partition(article).site for article in spool.articles()}
        sites |= {partition.site for partition in base.partitions("articles")}
        return {site: self._plan.versions.of_site(site) for site in sites}

    def _tasks(self) -> Iterator[Fresh | Stored | Kept]:
        """Yield what is to be made; a group without anything to make is settled at once."""
        spool, read = self._read.spool, self._read
        touched: dict[Partition, set[str]] = defaultdict(set)
        for article in spool.articles():
            touched[self._where.get(article, spool.partition(article))].add(article)
        for article in (read.gone.keys() | read.not_modified.keys()) & self._where.keys():
            touched[self._where[article]].add(article)
        everywhere = self._base.partitions("articles") if self._plan.again else ()
        for partition in sorted({*touched, *everywhere}):
            group = self._group(partition, touched[partition])
            tasks = list(self._tasks_of(group))
            group.waiting = {task.article_id for task in tasks}
            self._of_article.update(dict.fromkeys(group.waiting, group))
            if not tasks:
                self._settle(group)
            yield from tasks

    def _group(self, partition: Partition, touched: set[str]) -> _Group:
        from_texts = self._plan.again is not None and self._plan.again[0] == "annotate"
        held = touched & self._where.keys()
        known = known_articles(self._merge.staging, partition, held, others=from_texts)
        editions = self._read.spool.editions(touched)
        chains = {
            article: chain(known[article].revisions if article in known else (), some)
            for article, some in editions.items()
        }
        return _Group(partition, touched, known, editions, chains)

    def _tasks_of(self, group: _Group) -> Iterator[Fresh | Stored | Kept]:
        fresh = {
            article: edition
            for article, history in group.chains.items()
            for edition in group.editions[article]
            if edition.capture_id == history.shown[-1].capture_id
        }
        # those of a batch lie one after the other then, wherever their rows go
        sentences = self._sentences(group, fresh)
        yield from (Fresh(edition, sentences.get(article)) for article, edition in sorted(fresh.items()))
        if self._plan.again is None:
            return
        if self._plan.again[0] == "annotate":
            yield from (Stored(known.row) for name, known in group.known.items() if name not in fresh)
        elif group.partition in self._base.files["articles"]:
            tables = tables_needed(self._plan.stale)
            yield from kept_articles(self._base, group.partition, tables, without=fresh.keys())

    def _sentences(self, group: _Group, articles: Iterable[str]) -> dict[str, Packed]:
        """Return the stored sentences of those articles that were annotated by the rules of now."""
        versions, known = self._plan.versions, group.known
        same = [name for name in articles if name in known and versions.annotate_as(known[name].row.stage_versions)]
        return packed_sentences(self._merge.staging.read("sentences", group.partition, ids=same)) if same else {}

    def _drop(self, group: _Group, article: str, detail: str) -> None:
        """Drop all captures of an article that could not be annotated or extracted."""
        if article not in group.editions or article in group.known:
            url = group.known[article].row.url if article in group.known else f"article {article}"
            raise OutOfOrder(f"{url} could not be annotated ({detail})", [group.partition.site])
        self.failed[article] = group.partition.site
        del group.chains[article]
        editions = group.editions.pop(article)
        self._read.dropped += [dropped_edition(edition, "annotate", "error", detail) for edition in editions]

    def _settle(self, group: _Group) -> None:
        """Put a group whose articles are all made into its partition; those of another month wait for theirs."""
        self._read.dropped += [row for history in group.chains.values() for row in history.unchanged]
        seen_or_gone = (self._read.gone.keys() | self._read.not_modified.keys()) & group.known.keys() & group.touched
        again = {
            name: made.tables
            for name, made in group.made.items()
            if "articles" not in made.tables and name not in group.known
        }
        others = group.made.keys() - again.keys()
        settled = [self._settled(group, article) for article in sorted({*group.chains, *others, *seen_or_gone})]
        self.counts.made_again += len(again)
        for changed in settled:
            article = changed.article_id
            self._count(changed, group.chains.get(article), made_again=article in group.made)
        stay = [changed for changed in settled if changed.home == group.partition]
        leave = [changed for changed in settled if changed.home != group.partition]
        self._moved += self._merge.rows_that_move(leave)
        gone = [changed.article_id for changed in leave if changed.known is not None]
        if stay or gone or again:
            read_again = ReadAgain(again, self._versions[group.partition.site]) if again else None
            self._merge.articles(group.partition, stay, gone, read_again)
        self._merge.staging.forget(group.partition)

    def _settled(self, group: _Group, article: str) -> Changed:
        """Return one article as it stands after this build."""
        history, made, known = group.chains.get(article), group.made.get(article), group.known.get(article)
        tables = dict(made.tables) if made else {}
        if "articles" not in tables:
            tables["articles"] = self._known_row(known, read_again=made is not None)
        rows = None if history is None or history.is_one_edition else history.rows()
        if rows is not None:
            tables.pop("revisions", None)
        return Changed(article, self._home(group, article), self._standing(group, article), tables, rows, known)

    def _known_row(self, known: KnownArticle | None, *, read_again: bool) -> Packed:
        if known is None:
            raise LookupError("an article that is neither known nor read; this is a bug of the build")
        versions = self._versions[known.row.site] if read_again else known.row.stage_versions
        (row,) = one_by_one("articles", [replace(known.row, stage_versions=versions)])
        return row

    def _home(self, group: _Group, article: str) -> Partition:
        """Return the partition of the newest content of an article."""
        history = group.chains.get(article)
        newest = history.shown[-1] if history else group.known[article].row
        return partition_of(newest.site, newest.published_at)

    def _standing(self, group: _Group, article: str) -> Standing:
        history, known = group.chains.get(article), group.known.get(article)
        shown = history.shown if history else known.revisions if known else ()
        if known and article not in group.touched:
            return Standing(known.row.revision, known.row.first_seen_at, known.row.gone_at)
        seen = [edition.fetched_at for edition in group.editions.get(article, ())]
        seen += self._read.not_modified.get(article, ())
        seen += [known.row.fetched_at] if known else []
        gone = [known.row.gone_at] if known and known.row.gone_at else []
        gone += self._read.gone.get(article, ())
        return Standing(len(shown), shown[0].fetched_at, gone_at(max(seen), gone))

    def _count(self, changed: Changed, history: Chain | None, *, made_again: bool) -> None:
        known, counts = changed.known, self.counts
        counts.new_articles += known is None
        counts.new_revisions += len(history.shown) - (len(known.revisions) if known else 0) if history else 0
        counts.newly_gone += changed.standing.gone_at is not None and not (known and known.row.gone_at)
        counts.made_again += made_again and history is None
