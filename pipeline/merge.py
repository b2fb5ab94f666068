"""Merge what a build found into the partitions of the last snapshot, partition by partition."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.commits import Staging
from pipeline.derived import DERIVED
from pipeline.schema import KEYS, ArticleRow, DroppedRow, RegistryRow, RevisionRow, RunRow
from pipeline.tables import WHOLE, Packed, Partition, arrow_schema, packed, partition_of, to_arrow, to_rows, unpacked

ARTICLE_TABLES = ("articles", "revisions", *DERIVED)
# how the rows of a partition lie
_ORDER = {
    **KEYS,
    "articles": ("published_at", "article_id"),
    "dropped": ("fetched_at", *KEYS["dropped"]),
    "runs": ("started_at", "run_id"),
}
_ROWS_A_RUN = 4  # of rows that lie in order one after the other; shorter runs cost more to join than rows to take


@dataclass(frozen=True, slots=True)
class KnownArticle:
    """An article as the last snapshot holds it; `revisions` are empty where only its text is made again."""

    partition: Partition
    row: ArticleRow
    revisions: tuple[RevisionRow, ...]


@dataclass(frozen=True, slots=True)
class Changed:
    """An article as it stands after a build.

    `revisions` is None where they are what they were; `tables` are the derived ones that were made anew, packed, none
    where its newest content is the known one.
    """

    row: ArticleRow
    revisions: tuple[RevisionRow, ...] | None
    tables: Mapping[str, Packed]
    known: KnownArticle | None

    @property
    def home(self) -> Partition:
        """The partition that its rows belong in."""
        return partition_of(self.row.site, self.row.published_at)


def known_articles(
    staging: Staging, partition: Partition, ids: Collection[str], *, others: bool
) -> dict[str, KnownArticle]:
    """Return some articles of a partition by article_id; with `others` also the rest of it, without revisions."""
    if not (ids or others):
        return {}
    hits = staging.read("articles", partition, ids=None if others else ids)
    revisions: dict[str, list[RevisionRow]] = defaultdict(list)
    if ids:
        for revision in to_rows("revisions", staging.read("revisions", partition, ids=ids)):
            revisions[revision.article_id].append(revision)
    return {
        row.article_id: KnownArticle(partition, row, tuple(revisions[row.article_id]))
        for row in to_rows("articles", hits)
    }


def _of(data: pa.Table, ids: Collection[str]) -> pa.Table:
    return data.filter(pc.is_in(data["article_id"], pa.array(sorted(ids), pa.string())))


@dataclass(frozen=True, slots=True)
class ReadAgain:
    """Articles of a partition that were read again from their sentences.

    Attributes:
        tables: by article, packed, the rows of the tables in which it may have others than before.
        versions: what made them, as JSON.
    """

    tables: Mapping[str, Mapping[str, Packed]]
    versions: str

    def told(self, articles: pa.Table) -> pa.Table:
        """Return rows of `articles` with the versions that made them now."""
        at = articles.schema.get_field_index("stage_versions")
        own = pc.is_in(articles["article_id"], pa.array(self.tables, pa.string()))
        versions = pc.if_else(own, self.versions, articles["stage_versions"])
        return articles.set_column(at, articles.schema.field(at), versions)


class Merge:
    """Puts what changed into the partitions of a snapshot in the making; the rest stays as it was."""

    def __init__(self, staging: Staging) -> None:
        self.staging = staging

    def articles(
        self,
        partition: Partition,
        arriving: Sequence[Changed],
        leaving: Collection[str] = (),
        again: ReadAgain | None = None,
    ) -> None:
        """Put articles into their home partition and take others, by id, out of it with all their rows.

        Args:
            again: those that stay as they are, but for what was read again of them.
        """
        for table in ARTICLE_TABLES:
            new, replaced = _arriving(table, arriving, again)
            if replaced or leaving or (again and table == "articles"):
                before = self.staging.read(table, partition)
                before = again.told(before) if again and table == "articles" else before
                self.staging.put(table, partition, _joined(table, before, new, {*replaced, *leaving}))

    def rows_that_move(self, articles: Iterable[Changed]) -> list[Changed]:
        """Return articles that leave their partition with the rows that were not made anew, as they were there."""
        moving = []
        for article in articles:
            if article.known is None:
                moving.append(article)
                continue
            stay = [table for table in DERIVED if table not in article.tables]
            old = {
                table: packed(
                    _of(self.staging.previous.read(table, [article.known.partition]), [article.row.article_id])
                )
                for table in stay
            }
            revisions = article.known.revisions if article.revisions is None else article.revisions
            moving.append(Changed(article.row, revisions, {**old, **article.tables}, article.known))
        return moving

    def registry(self, rows: Iterable[RegistryRow]) -> None:
        """Set the movement registry."""
        self.staging.put("movement_registry", WHOLE, to_arrow("movement_registry", rows))

    def dropped(self, rows: Iterable[DroppedRow]) -> None:
        """Add rows of captures that are no revision of an article."""
        homes: dict[Partition, list[DroppedRow]] = defaultdict(list)
        for row in rows:
            homes[partition_of(row.site, row.fetched_at)].append(row)
        for partition, group in sorted(homes.items()):
            before = self.staging.read("dropped", partition)
            self.staging.put("dropped", partition, _joined("dropped", before, to_arrow("dropped", group)))

    def runs(self, rows: Iterable[RunRow]) -> None:
        """Set the run log; it is small and compared whole."""
        homes: dict[Partition, list[RunRow]] = {partition: [] for partition in self.staging.partitions("runs")}
        for row in rows:
            homes.setdefault(partition_of(row.site, row.started_at), []).append(row)
        for partition, group in homes.items():
            group.sort(key=attrgetter(*_ORDER["runs"]))
            self.staging.put("runs", partition, to_arrow("runs", group))


def _arriving(table: str, articles: Sequence[Changed], again: ReadAgain | None = None) -> tuple[pa.Table, set[str]]:
    """Return the new rows of a table, and the articles whose old ones they replace."""
    if table == "articles":
        return to_arrow(table, [article.row for article in articles]), {article.row.article_id for article in articles}
    if table == "revisions":
        anew = [article for article in articles if article.revisions is not None]
        rows = [revision for article in anew for revision in article.revisions or ()]
        return to_arrow(table, rows), {article.row.article_id for article in anew}
    made = {article.row.article_id: article.tables for article in articles} | dict(again.tables if again else {})
    pieces = {name: tables[table] for name, tables in sorted(made.items()) if table in tables}
    return unpacked(arrow_schema(table), list(pieces.values())), {*pieces}


def _joined(table: str, before: pa.Table, new: pa.Table, leaving: Collection[str] = ()) -> pa.Table:
    """Put new rows in their places among those that stay, so that rows do not depend on the builds that brought them.

    Only the columns that the rows are ordered by are sorted; the rows, which mostly lie in order, are joined by runs.

    Args:
        leaving: articles whose rows of `before` do not stay.
    """
    both = pa.concat_tables([before, new])
    order = [(name, "ascending") for name in _ORDER[table]]
    rows = pc.sort_indices(both.select(_ORDER[table]).combine_chunks(), order).to_numpy()
    if leaving:
        leave = pc.is_in(before["article_id"], pa.array(sorted(leaving), pa.string())).to_numpy()
        rows = rows[~np.append(leave, np.zeros(new.num_rows, bool))[rows]]
    starts = np.flatnonzero(np.diff(rows, prepend=-2) != 1)
    if starts.size == 1 and rows.size == both.num_rows:
        return both
    if starts.size > rows.size / _ROWS_A_RUN:
        return both.take(pa.array(rows))
    lengths = np.diff(starts, append=rows.size)
    runs = [both.slice(row, length) for row, length in zip(rows[starts].tolist(), lengths.tolist(), strict=True)]
    return pa.concat_tables([both.slice(0, 0), *runs])
