"""The list of all articles: what a build or `congdoan status` asks of every one, without opening their partitions.

It is kept beside the tables, in `cache/articles.arrow`, and holds for one set of files of `articles` alone. The file
may be deleted: it is made again.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.snapshots import Snapshot
from pipeline.tables import Partition, columns_digest, schema_of

CACHE = "cache/articles.arrow"
REPRINTS = ("reprint_of", "reprint_similarity", "reprint_share", "reprint_group")
_OF_STATUS = ("revision", "fetched_at", "layout")
COLUMNS = ["article_id", "site", "published_at", "first_seen_at", "gone_at", "digest", *REPRINTS, *_OF_STATUS]
_STAMP, _PARTITIONS = b"files", b"partitions"


@dataclass(frozen=True)
class ArticleList:
    """All articles of a snapshot, those of a partition one after the other.

    Attributes:
        rows: the articles, with COLUMNS.
        counts: how many each partition has, in the order of the rows.
    """

    rows: pa.Table
    counts: Mapping[Partition, int]

    @classmethod
    def of(cls, snapshot: Snapshot) -> ArticleList:
        """Return the articles of a snapshot, from the file if it is of the same state, else from the partitions.

        Raises:
            TablesUnreadable: a partition has to be read, and is gone or damaged.
        """
        kept = cls.kept(snapshot)
        if kept is None:
            own = snapshot.files["articles"]
            return cls.joined({partition: snapshot.read("articles", [partition], COLUMNS) for partition in own})
        if kept.counts.keys() == snapshot.files["articles"].keys():
            return kept
        return cls.joined({partition: kept.of_partition(partition) for partition in snapshot.files["articles"]})

    @classmethod
    def joined(cls, pieces: Mapping[Partition, pa.Table]) -> ArticleList:
        """Put the articles of partitions together."""
        rows = pa.concat_tables([schema_of("articles", COLUMNS).empty_table(), *pieces.values()])
        return cls(rows.combine_chunks(), {partition: piece.num_rows for partition, piece in pieces.items()})

    @classmethod
    def kept(cls, snapshot: Snapshot) -> ArticleList | None:
        """Return the articles of a snapshot, all sites', from the file; None where it is of another state, or none.

        Raises:
            TablesUnreadable: the snapshot's list of files is lost or damaged.
        """
        try:
            with pa.OSFile(str(snapshot.corpus / CACHE)) as file:
                rows = pa.ipc.open_file(file).read_all()
            said = rows.schema.metadata or {}
            if said.get(_STAMP) != _stamp(snapshot):
                return None
            counts = {Partition(site, month): count for site, month, count in json.loads(said[_PARTITIONS])}
        except (OSError, ValueError, KeyError, TypeError, pa.ArrowException):  # missing or damaged: made again
            return None
        return cls(rows.replace_schema_metadata(None), counts)

    def save(self, snapshot: Snapshot) -> None:
        """Keep the list for builds that follow a snapshot; whole or not at all.

        Raises:
            OSError: the disk is full or not writable.
        """
        partitions = json.dumps([(*partition, count) for partition, count in self.counts.items()])
        said = {_STAMP: _stamp(snapshot), _PARTITIONS: partitions}
        path = snapshot.corpus / CACHE
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_suffix(".new")
        with fresh.open("wb") as file:
            rows = self.rows.replace_schema_metadata(said)
            with pa.ipc.new_file(file, rows.schema) as writer:
                writer.write_table(rows)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)

    @cached_property
    def _starts(self) -> dict[Partition, int]:
        return dict(zip(self.counts, accumulate(self.counts.values(), initial=0), strict=False))

    def of_partition(self, partition: Partition) -> pa.Table:
        """Return the articles of a partition that is in the list."""
        return self.rows.slice(self._starts[partition], self.counts[partition])

    def partition_of_each(self, rows: npt.NDArray[np.int64]) -> list[Partition]:
        """Return the partition of each of some rows, given by number."""
        partitions, ends = list(self.counts), np.cumsum([*self.counts.values()], dtype=np.int64)
        return [partitions[at] for at in np.searchsorted(ends, rows, side="right").tolist()]

    def by_partition(self, rows: npt.NDArray[np.int64]) -> Iterator[tuple[Partition, npt.NDArray[np.int64]]]:
        """Yield the partitions that hold some of the rows, each with those that it holds; rows ascend."""
        ends = np.cumsum([*self.counts.values()], dtype=np.int64)
        cuts = np.searchsorted(rows, ends)
        starts = np.append(0, cuts)[:-1]
        for partition, start, cut in zip(self.counts, starts.tolist(), cuts.tolist(), strict=True):
            if start < cut:
                yield partition, rows[start:cut]

    def with_other_reprints(self, other: ArticleList) -> list[Partition]:
        """Return the partitions in which the same articles have another of REPRINTS than in the other list."""
        differs = np.zeros(self.rows.num_rows, bool)
        for name in REPRINTS:
            differs |= _differ(self.rows[name], other.rows[name])
        return [partition for partition, _ in self.by_partition(np.flatnonzero(differs))]


def _differ(some: pa.ChunkedArray, others: pa.ChunkedArray) -> npt.NDArray[np.bool_]:
    """Return where two columns have not the same value, or null in one alone."""
    same = pc.fill_null(pc.equal(some, others), False)
    both_null = pc.and_(pc.is_null(some), pc.is_null(others))
    differ: npt.NDArray[np.bool_] = ~pc.or_(same, both_null).to_numpy()
    return differ


def _stamp(snapshot: Snapshot) -> bytes:
    """Return what is equal for equal files of `articles`, whatever the snapshot's number."""
    files = sorted((file.path, file.sha256) for table, file in snapshot.all_files() if table == "articles")
    return hashlib.sha256(repr((columns_digest(), COLUMNS, files)).encode()).hexdigest().encode()
