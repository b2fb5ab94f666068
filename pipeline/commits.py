"""Commit a snapshot: write the partitions that changed, hard-link the rest, swap one link. All tables or none."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import shutil
from collections.abc import Collection, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from pipeline.announcements import Announcements
from pipeline.disk import NO_LINKS, refused_by_disk, remove, sync, write_text
from pipeline.parquet import parquet_of
from pipeline.schema import SCHEMA_VERSION, TABLES
from pipeline.snapshots import (
    DIGEST_OF_FILES,
    FILES,
    MANIFEST,
    SEAL,
    Snapshot,
    StoredFile,
    committed_folder,
    folder_of,
    numbers,
    seal_of,
)
from pipeline.tables import WHOLE, Partition, arrow_schema, columns_digest, rows_of, schema_of
from pipeline.tables_link import Tell, swap_link

Changes = Mapping[str, Mapping[Partition, pa.Table]]  # by table, then partition

_UNFINISHED = ".unfinished"
_SYNCED_ONE_BY_ONE = 500  # files and folders; above it one sync of all disks is faster than an fsync each


class CommitConflict(RuntimeError):
    """Another process committed a snapshot since this one was begun; nothing of this one is kept."""


class Staging:
    """A snapshot in the making: partitions are written as they are given, the rest is linked at the end.

    Use as a context: what was not committed when it ends is removed.

    Args:
        remembered: columns, by table, of which those of the partitions that are put stay in memory.
    """

    def __init__(
        self,
        previous: Snapshot,
        tell: Tell = lambda _line: None,
        remembered: Mapping[str, Sequence[str]] = MappingProxyType({}),
    ) -> None:
        self.previous = previous
        self._remembered = remembered
        self._put: dict[tuple[str, Partition], pa.Table] = {}
        self._tell = tell
        self._copied = False
        self._written: dict[tuple[str, Partition], StoredFile | None] = {}  # None: the partition is taken away
        self._folders: set[str] = set()  # of partitions, as far as they are made
        self._read: dict[tuple[str, Partition], pa.Table] = {}  # of the previous snapshot, until others are put
        corpus = previous.corpus
        with refused_by_disk(corpus):
            clear_unfinished(corpus)
            self._refuse_conflict()
            self.number = max([previous.number, *numbers(corpus)]) + 1
            self._final = folder_of(corpus, self.number)
            self._folder = self._final.with_suffix(_UNFINISHED)
            for table in TABLES:
                (self._folder / table).mkdir(parents=True)
            self._announcements = Announcements(corpus, self.number)

    def __enter__(self) -> Staging:
        return self

    def __exit__(self, *_: object) -> None:
        shutil.rmtree(self._folder, ignore_errors=True)

    def put(self, table: str, partition: Partition, data: pa.Table) -> None:
        """Set the rows of a partition; none take it away. Rows that are what they were keep their file.

        Raises:
            TablesUnwritable: the disk is full or not writable.
        """
        known = self.previous.files[table].get(partition)
        if known and known.rows == data.num_rows and self._before(table, partition).equals(data):
            self._written.pop((table, partition), None)
        elif data.num_rows:
            with refused_by_disk(self.previous.corpus):
                self._announcements.announce(table, partition)
                self._written[table, partition] = self._write(table, partition, data)
        else:
            self._written[table, partition] = None
        self._read.pop((table, partition), None)
        if table in self._remembered:
            self._put[table, partition] = data.select(self._remembered[table])

    def read(
        self,
        table: str,
        partition: Partition,
        columns: Sequence[str] | None = None,
        *,
        ids: Collection[str] | None = None,
    ) -> pa.Table:
        """Return the rows of a partition as they stand, or some of their columns.

        Args:
            ids: the articles whose rows are asked for, by article_id; all rows when absent.
        """
        if ids is not None:
            names = None if columns is None else [*columns, *({"article_id"} - {*columns})]
            rows = self.read(table, partition, names)
            wanted = pa.array(sorted(ids), pa.string())
            rows = rows.filter(pc.is_in(rows["article_id"], wanted))
            return rows if columns is None else rows.select(list(columns))
        if (table, partition) not in self._written:
            if columns is None:
                return self._before(table, partition)
            return self.previous.read(table, [partition], columns)
        names = None if columns is None else list(columns)
        file = self._written[table, partition]
        if file is None:
            return schema_of(table, names).empty_table()
        if names is not None and {*names} <= {*self._remembered.get(table, ())}:
            return self._put[table, partition].select(names)
        with pq.ParquetFile(self._folder / table / file.path) as parquet:
            return rows_of(table, parquet.read(names), names)

    def _before(self, table: str, partition: Partition) -> pa.Table:
        """Return the rows that a partition has in the previous snapshot; they are remembered until others are put."""
        if (table, partition) not in self._read:
            self._read[table, partition] = self.previous.read(table, [partition])
        return self._read[table, partition]

    def forget(self, partition: Partition) -> None:
        """Let go of what was read of a partition: nothing more of it is to come."""
        for table in TABLES:
            self._read.pop((table, partition), None)

    def is_touched(self, table: str, partition: Partition) -> bool:
        """Whether a partition stands otherwise than in the previous snapshot."""
        return (table, partition) in self._written

    def partitions(self, table: str) -> list[Partition]:
        """Return the partitions that have rows, as they stand."""
        changed = {partition: file for (name, partition), file in self._written.items() if name == table}
        kept = {partition for partition in self.previous.files[table] if partition not in changed}
        return sorted(kept | {partition for partition, file in changed.items() if file})

    def commit(self, manifest: Mapping[str, Any], now: dt.datetime | None = None) -> Snapshot:
        """Make this the committed snapshot.

        Raises:
            TablesUnwritable: the disk is full or not writable.
            CommitConflict: another process has committed meanwhile.
        """
        corpus = self.previous.corpus
        with refused_by_disk(corpus):
            listed = {table: self._laid_out(table) for table in TABLES}
            list_of_files = json.dumps(listed, separators=(",", ":"))
            facts: dict[str, Any] = {
                **manifest,
                "number": self.number,
                "committed_at": (now or dt.datetime.now(dt.UTC)).isoformat(timespec="seconds"),
                "congdoan": version("congdoan"),
                "schema_version": SCHEMA_VERSION,
                "columns": columns_digest(),
                DIGEST_OF_FILES: hashlib.sha256(list_of_files.encode()).hexdigest(),
            }
            facts = json.loads(json.dumps(facts))  # as it will be read: what is a tuple now is a list then
            write_text(self._folder / FILES, list_of_files)
            write_text(
                self._folder / MANIFEST, json.dumps({**facts, SEAL: seal_of(facts)}, ensure_ascii=False, indent=1)
            )
            self._sync()
            self._announcements.settle(max(map(len, listed.values())))
            self._refuse_conflict()
            self._folder.rename(self._final)
            sync(self._final.parent)
            swap_link(corpus, self.number, self._tell)
        return Snapshot.committed(corpus)

    def _sync(self) -> None:
        """Have all that is new on the disk: the link must not outlive a power cut that its target did not."""
        written = [self._folder / table / file.path for (table, _), file in self._written.items() if file]
        folders = [self._folder, *(self._folder / table for table in TABLES), *map(Path, self._folders)]
        if len(written) + len(folders) > _SYNCED_ONE_BY_ONE or self._copied:
            os.sync()
            return
        for path in (*written, *folders):
            sync(path)

    def _refuse_conflict(self) -> None:
        committed = committed_folder(self.previous.corpus)
        if committed is not None and committed.name.isdecimal() and int(committed.name) != self.previous.number:
            raise CommitConflict(
                f"{self.previous.corpus}: snapshot {int(committed.name)} was committed since this build began with "
                f"{self.previous.number}; run it again"
            )

    def _laid_out(self, table: str) -> list[list[Any]]:
        """Link the untouched files of a table, have at least one file in any case, and list them all."""
        changed = {partition: file for (name, partition), file in self._written.items() if name == table}
        files = [file for file in changed.values() if file]
        for partition, file in self.previous.files[table].items():
            if partition not in changed:
                self._link(table, file)
                files.append(file)
        if not files:
            files.append(self._without_rows(table))
        return [[file.path, file.rows, file.bytes, file.sha256] for file in sorted(files, key=lambda file: file.path)]

    def _without_rows(self, table: str) -> StoredFile:
        """Have the one file of a table without rows: a query for it answers "no rows" and does not fail."""
        known = [file for name, file in self.previous.all_files() if name == table and not file.rows]
        if not known:
            return self._write(table, WHOLE, arrow_schema(table).empty_table())
        self._link(table, known[0])
        return known[0]

    def _write(self, table: str, partition: Partition, data: pa.Table) -> StoredFile:
        name = f"part.{self.number:06d}.parquet"
        path = f"{partition.folder}/{name}" if partition.folder else name
        target = self._folder / table / path
        self._make_folder(str(target.parent))
        content = parquet_of(table, partition, data)
        target.write_bytes(content)
        return StoredFile(path, data.num_rows, len(content), hashlib.sha256(content).hexdigest())

    def _link(self, table: str, file: StoredFile) -> None:
        """Have a file of the previous snapshot in this one: of 100,000 files the names alone, no objects of them."""
        source = f"{self.previous.folder}/{table}/{file.path}"
        target = f"{self._folder}/{table}/{file.path}"
        self._make_folder(target.rpartition("/")[0])
        try:
            os.link(source, target)
        except FileNotFoundError:
            self.previous.refuse_lost()
            raise
        except OSError as error:
            if error.errno not in NO_LINKS:
                raise
            if not self._copied:
                where = source.rpartition("/")[0]
                self._tell(f"warning: {where}: no hard links here ({error.strerror}): every snapshot is a whole copy")
            self._copied = True
            shutil.copy2(source, target)

    def _make_folder(self, folder: str) -> None:
        if folder in self._folders:
            return
        try:
            os.mkdir(folder)  # noqa: PTH102 - a path object for each of 100,000 folders costs more than the folder
        except FileExistsError:
            pass
        except FileNotFoundError:
            self._make_folder(folder.rpartition("/")[0])
            os.mkdir(folder)  # noqa: PTH102
        self._folders.add(folder)


def commit(
    previous: Snapshot, changed: Changes, manifest: Mapping[str, Any], *, now: dt.datetime | None = None
) -> Snapshot:
    """Write a new snapshot: the changed partitions anew (an empty table takes one away), the rest as they are.

    Raises:
        TablesUnwritable: the disk is full or not writable; the previous snapshot stays committed.
        CommitConflict: another process has committed meanwhile.
    """
    with Staging(previous) as staging:
        for table, partitions in changed.items():
            for partition, data in partitions.items():
                staging.put(table, partition, data)
        return staging.commit(manifest, now)


def clear_unfinished(corpus: Path) -> None:
    """Remove what a killed build left behind: unfinished snapshots, and whole ones that it did not come to commit."""
    committed = committed_folder(corpus)
    for folder in (corpus / "snapshots").glob(f"*{_UNFINISHED}"):
        shutil.rmtree(folder, ignore_errors=True)
    for number in numbers(corpus):
        if committed is not None and committed.name.isdecimal() and number > int(committed.name):
            shutil.rmtree(folder_of(corpus, number), ignore_errors=True)
    for leftover in ("tables.new", "tables.old"):
        remove(corpus / leftover)
