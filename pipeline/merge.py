"""Merge what a build found into the partitions of the last snapshot, partition by partition."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from operator import attrgetter
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.commits import Staging
from pipeline.derived import DERIVED
from pipeline.pieces import apart
from pipeline.revisions import only_revision
from pipeline.schema import KEYS, ArticleRow, DroppedRow, RegistryRow, RevisionRow, RunRow
from pipeline.tables import (
    WHOLE,
    Packed,
    Partition,
    arrow_schema,
    of_articles,
    packed,
    partition_of,
    taken,
    to_arrow,
    to_rows,
    unpacked,
)

ARTICLE_TABLES = ("articles", "revisions", *DERIVED)
# how the rows of a partition lie
_ORDER = {
    **KEYS,
    "articles": ("published_at", "article_id"),
    "dropped": ("fetched_at", *KEYS["dropped"]),
    "runs": ("started_at", "run_id"),
}


@dataclass(frozen=True, slots=True)
class KnownArticle:
    """An article as the last snapshot holds it; `revisions` are empty where only its text is made again."""

    partition: Partition
    row: ArticleRow
    revisions: tuple[RevisionRow, ...]


class Standing(NamedTuple):
    """What the row of an article says of all that was seen of it, under the names of these columns."""

    revision: int
    first_seen_at: dt.datetime
    gone_at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class Changed:
    """An article as it stands after a build.

    Attributes:
        home: the partition that its rows belong in.
        standing: what its own row does not say yet.
        tables: its own row; those of derived tables that were made anew, none where its newest content is the known
            one; that of its revision, where it is a new article that was seen once.
        revisions: None where they are what they were, or among the tables.
    """

    article_id: str
    home: Partition
    standing: Standing
    tables: Mapping[str, Packed]
    revisions: tuple[RevisionRow, ...] | None
    known: KnownArticle | None


def known_articles(
    staging: Staging, partition: Partition, ids: Collection[str], *, others: bool
) -> dict[str, KnownArticle]:
    """Return some articles of a partition by article_id; with `others` also the rest of it, without revisions."""
    if not (ids or others):
        return {}
    rows = to_rows("articles", staging.read("articles", partition, ids=None if others else ids))
    edited = {row.article_id for row in rows if row.revision > 1} & {*ids}
    revisions: dict[str, list[RevisionRow]] = defaultdict(list)
    if edited:
        for revision in to_rows("revisions", staging.read("revisions", partition, ids=edited)):
            revisions[revision.article_id].append(revision)
    for row in rows:
        if row.article_id in ids and row.article_id not in edited:
            revisions[row.article_id] = [only_revision(row)]
    return {row.article_id: KnownArticle(partition, row, tuple(revisions[row.article_id])) for row in rows}


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
            around = {*replaced, *leaving}
            if table == "revisions":
                stay = {article.article_id for article in arriving if _keeps_first_revision(article, partition)}
                for later, rows in apart(table, new).items():
                    own = around if later else around - stay
                    self._put_around(table, partition, rows if later else _without(rows, stay), own, later=later)
            elif again and table == "articles":
                before = again.told(self.staging.read(table, partition))
                self.staging.put(table, partition, _joined(table, before, new, around))
            else:
                self._put_around(table, partition, new, around)

    def _put_around(
        self, table: str, partition: Partition, new: pa.Table, around: Collection[str], *, later: bool | None = None
    ) -> None:
        """Put new rows in the place of those of some articles, all of them or only first or later revisions."""
        if around:
            before = self.staging.read_around(table, partition, around, later=later)
            self.staging.put(table, partition, _joined(table, before, new, around), around=around, later=later)

    def rows_that_move(self, articles: Iterable[Changed]) -> list[Changed]:
        """Return articles that leave their partition with the rows that were not made anew, as they were there."""
        moving = []
        for article in articles:
            if article.known is None:
                moving.append(article)
                continue
            stay = [table for table in DERIVED if table not in article.tables]
            old = {
                table: packed(self.staging.read(table, article.known.partition, ids=[article.article_id]))
                for table in stay
            }
            revisions = article.known.revisions if article.revisions is None else article.revisions
            moving.append(replace(article, tables={**old, **article.tables}, revisions=revisions))
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


def _keeps_first_revision(article: Changed, partition: Partition) -> bool:
    """Whether the first revision of an article is the one that lies in a partition, as with most that are edited."""
    known, revisions = article.known, article.revisions
    return bool(known and known.partition == partition and revisions and revisions[0] == known.revisions[0])


def _without(rows: pa.Table, articles: Collection[str]) -> pa.Table:
    """Return rows but those of some articles."""
    return of_articles(rows, articles, others=True) if articles else rows


def _arriving(table: str, articles: Sequence[Changed], again: ReadAgain | None = None) -> tuple[pa.Table, set[str]]:
    """Return the new rows of a table, and the articles whose old ones they replace."""
    made = {article.article_id: article.tables for article in articles} | dict(again.tables if again else {})
    pieces = {name: tables[table] for name, tables in sorted(made.items()) if table in tables}
    rows = unpacked(arrow_schema(table), list(pieces.values()))
    if table == "articles":
        return _standing(rows, {article.article_id: article.standing for article in articles}), {*pieces}
    if table == "revisions":
        anew = [article for article in articles if article.revisions is not None]
        others = to_arrow(table, [revision for article in anew for revision in article.revisions or ()])
        return pa.concat_tables([rows, others]), {*pieces} | {article.article_id for article in anew}
    return rows, {*pieces}


def _standing(articles: pa.Table, standing: Mapping[str, Standing]) -> pa.Table:
    """Return rows of `articles` with how these stand."""
    each = [standing[name] for name in articles["article_id"].to_pylist()]
    for name in Standing._fields:
        at = articles.schema.get_field_index(name)
        field = articles.schema.field(at)
        articles = articles.set_column(at, field, pa.array([getattr(one, name) for one in each], field.type))
    return articles


def _joined(table: str, before: pa.Table, new: pa.Table, leaving: Collection[str] = ()) -> pa.Table:
    """Put new rows in their places among those that stay, so that rows do not depend on the builds that brought them.

    Args:
        leaving: articles whose rows of `before` do not stay; all that new rows are of are among them.
    """
    if _ORDER[table][0] == "article_id":
        return _joined_by_article(before, _in_order(table, new), sorted(leaving))
    return _in_order(table, pa.concat_tables([_without(before, leaving), new]))


def _in_order(table: str, rows: pa.Table) -> pa.Table:
    """Return rows as they lie in a partition; only the columns are sorted that they are ordered by."""
    if rows.num_rows < 2:
        return rows
    order = [(name, "ascending") for name in _ORDER[table]]
    places = pc.sort_indices(rows.select(_ORDER[table]).combine_chunks(), order).to_numpy()
    return rows if (places[1:] > places[:-1]).all() else taken(rows, places)


def _joined_by_article(before: pa.Table, new: pa.Table, articles: Sequence[str]) -> pa.Table:
    """Put the new rows of some articles in the place of those that they had; each article's lie together."""
    if not before.num_rows:
        return new
    had, have = before["article_id"].to_numpy(), new["article_id"].to_numpy()
    starts, ends = (np.searchsorted(had, articles, side=side).tolist() for side in ("left", "right"))
    firsts, lasts = (np.searchsorted(have, articles, side=side).tolist() for side in ("left", "right"))
    if all(
        before.slice(start, end - start).equals(new.slice(first, last - first))
        for start, end, first, last in zip(starts, ends, firsts, lasts, strict=True)
    ):
        return before  # of four tables of an edited article one has the rows it had
    joined = []
    kept = put = 0  # rows before, and new ones, that are in their place
    for start, end, first in zip(starts, ends, firsts, strict=True):
        if kept < start:  # rows that stay lie between this article and those before it
            joined += [new.slice(put, first - put), before.slice(kept, start - kept)]
            put = first
        kept = end
    return pa.concat_tables([*joined, new.slice(put), before.slice(kept)])
