"""Merge what a build found into the partitions of the last snapshot. Pure but for reading those partitions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.reprints import find_reprints
from pipeline.rows import ArticleTables
from pipeline.schema import ArticleRow, DroppedRow, RegistryRow, RevisionRow, RunRow
from pipeline.snapshots import Snapshot
from pipeline.tables import WHOLE, Partition, partition_of, to_arrow, to_rows

ARTICLE_TABLES = ("articles", "revisions", "sentences", "movements", "figures", "amounts_in_words")
_ORDER = {
    "articles": ("published_at", "article_id"),
    "revisions": ("article_id", "revision"),
    "sentences": ("article_id", "sentence"),
    "movements": ("article_id", "start"),
    "figures": ("article_id", "start"),
    "amounts_in_words": ("article_id", "start"),
    "dropped": ("fetched_at", "capture_file", "capture_offset"),
    "runs": ("started_at", "run_id"),
}


@dataclass(frozen=True, slots=True)
class KnownArticle:
    """An article as the last snapshot holds it."""

    partition: Partition
    row: ArticleRow
    revisions: tuple[RevisionRow, ...]


@dataclass(slots=True)
class Changed:
    """What a build found out about one article. `tables` is None where its newest content is the known one."""

    row: ArticleRow
    revisions: tuple[RevisionRow, ...]
    tables: ArticleTables | None
    known: KnownArticle | None


def known_articles(snapshot: Snapshot, ids: Iterable[str], if_gone: Iterable[str] = ()) -> dict[str, KnownArticle]:
    """Return those of the articles that the snapshot holds, by article_id; those of `if_gone` only when gone."""
    wanted = pa.array(sorted(ids), pa.string())
    maybe = pa.array(sorted(if_gone), pa.string())
    found: dict[str, KnownArticle] = {}
    for partition in snapshot.partitions("articles"):
        articles = snapshot.read("articles", [partition])
        ids_here, is_gone = articles["article_id"], pc.is_valid(articles["gone_at"])
        hits = articles.filter(pc.or_(pc.is_in(ids_here, wanted), pc.and_(pc.is_in(ids_here, maybe), is_gone)))
        if not hits.num_rows:
            continue
        rows: list[ArticleRow] = to_rows("articles", hits)
        revisions: dict[str, list[RevisionRow]] = defaultdict(list)
        history = snapshot.read("revisions", [partition])
        for revision in to_rows("revisions", history.filter(pc.is_in(history["article_id"], hits["article_id"]))):
            revisions[revision.article_id].append(revision)
        for row in rows:
            found[row.article_id] = KnownArticle(partition, row, tuple(revisions[row.article_id]))
    return found


@dataclass(slots=True)
class Merge:
    """The partitions that a build changes, table by table; the rest stays as the snapshot has it."""

    snapshot: Snapshot
    changed: dict[str, dict[Partition, pa.Table]] = field(default_factory=lambda: defaultdict(dict))

    def current(self, table: str, partition: Partition) -> pa.Table:
        """Return a partition with the changes so far."""
        if partition in self.changed[table]:
            return self.changed[table][partition]
        return self.snapshot.read(table, [partition])

    def articles(self, articles: Sequence[Changed]) -> None:
        """Put changed articles in their partitions; one whose month changed moves with all its rows."""
        leaving: dict[Partition, set[str]] = defaultdict(set)
        arriving: dict[Partition, list[Changed]] = defaultdict(list)
        for article in articles:
            home = partition_of(article.row.site, article.row.published_at)
            arriving[home].append(article)
            if article.known is not None:
                leaving[article.known.partition].add(article.row.article_id)
        for table in ARTICLE_TABLES:
            for partition in sorted({*leaving, *arriving}):
                self._replace(table, partition, leaving[partition], arriving[partition])

    def _replace(self, table: str, partition: Partition, gone: set[str], new: Sequence[Changed]) -> None:
        before = self.current(table, partition)
        replaced = (
            gone
            if table in ("articles", "revisions")
            else gone - {article.row.article_id for article in new if article.tables is None}
        )
        kept = before.filter(pc.invert(pc.is_in(before["article_id"], pa.array(sorted(replaced), pa.string()))))
        self.changed[table][partition] = _sorted(table, [kept, to_arrow(table, _rows(table, new))])

    def registry(self, rows: Iterable[RegistryRow]) -> None:
        """Set the movement registry."""
        self.changed["movement_registry"][WHOLE] = to_arrow("movement_registry", rows)

    def dropped(self, rows: Iterable[DroppedRow]) -> None:
        """Add rows of captures that are no revision of an article."""
        homes: dict[Partition, list[DroppedRow]] = defaultdict(list)
        for row in rows:
            homes[partition_of(row.site, row.fetched_at)].append(row)
        for partition, group in sorted(homes.items()):
            before = self.current("dropped", partition)
            self.changed["dropped"][partition] = _sorted("dropped", [before, to_arrow("dropped", group)])

    def runs(self, rows: Iterable[RunRow]) -> None:
        """Set the run log; it is small and written whole."""
        homes: dict[Partition, list[RunRow]] = {partition: [] for partition in self.snapshot.partitions("runs")}
        for row in rows:
            homes.setdefault(partition_of(row.site, row.started_at), []).append(row)
        for partition, group in homes.items():
            self.changed["runs"][partition] = _sorted("runs", [to_arrow("runs", group)])

    def reprints(self) -> None:
        """Find reprints among all articles and rewrite the partitions where the answer changed."""
        partitions = sorted({*self.snapshot.partitions("articles"), *self.changed["articles"]})
        articles = {partition: self.current("articles", partition) for partition in partitions}
        found = find_reprints(
            [
                (row["article_id"], row["published_at"] or row["first_seen_at"], row["text"])
                for data in articles.values()
                for row in data.select(["article_id", "published_at", "first_seen_at", "text"]).to_pylist()
            ]
        )
        for partition, data in articles.items():
            hits = [found.get(article) for article in data["article_id"].to_pylist()]
            columns: Mapping[str, list[Any]] = {
                "reprint_of": [hit.reprint_of if hit else None for hit in hits],
                "reprint_similarity": [hit.similarity if hit else None for hit in hits],
            }
            if all(data[name].to_pylist() == values for name, values in columns.items()):
                continue
            for name, values in columns.items():
                at = data.schema.get_field_index(name)
                data = data.set_column(at, data.schema.field(at), pa.array(values, data.schema.field(at).type))
            self.changed["articles"][partition] = data


def _rows(table: str, articles: Iterable[Changed]) -> list[Any]:
    """Return the rows that go into a table; unchanged texts keep theirs and give none."""
    if table == "articles":
        return [article.row for article in articles]
    if table == "revisions":
        return [revision for article in articles for revision in article.revisions]
    return [row for article in articles if article.tables for row in getattr(article.tables, table)]


def _sorted(table: str, pieces: list[pa.Table]) -> pa.Table:
    """Join and sort, so that the rows do not depend on the builds that brought them."""
    joined = pa.concat_tables(pieces)
    return joined.sort_by([(name, "ascending") for name in _ORDER[table]])
