"""Commit a snapshot: write the partitions that changed, hard-link the rest, swap one link. All tables or none."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from importlib.metadata import version
from types import MappingProxyType
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.announcements import Announcements
from pipeline.disk import TablesUnwritable, refused_by_disk, write_text
from pipeline.pieces import LATER_APART, Piece, StoredFile, apart, cut, files_apart, numbers_of, pieces_of
from pipeline.schema import SCHEMA_VERSION, TABLES
from pipeline.snapshots import (
    DIGEST_OF_FILES,
    FILES,
    MANIFEST,
    SEAL,
    Snapshot,
    committed_folder,
    numbers,
    seal_of,
)
from pipeline.tables import WHOLE, Partition, arrow_schema, columns_digest, no_rows, of_articles, schema_of
from pipeline.tables_link import Tell, swap_link
from pipeline.unfinished import Unfinished, clear_unfinished

_LATER_APART_SINCE = 5  # the schema version of tables in which later revisions lie apart
Changes = Mapping[str, Mapping[Partition, pa.Table]]  # by table, then partition


class CommitConflict(RuntimeError):
    """Another process committed a snapshot since this one was begun; nothing of this one is kept."""


class Staging:
    """A snapshot in the making: files are written as their rows are put, the rest is linked at the end.

    Use as a context: what was not committed when it ends is removed.

    Args:
        remembered: columns, by table, of which those of the rows that are put stay in memory.
    """

    def __init__(
        self,
        previous: Snapshot,
        tell: Tell = lambda _line: None,
        remembered: Mapping[str, Sequence[str]] = MappingProxyType({}),
    ) -> None:
        self.previous = previous
        self._remembered = remembered
        self._put: dict[tuple[str, str], pa.Table] = {}  # columns that are remembered, by table and path
        self._tell = tell
        self._changed: dict[tuple[str, Partition], list[StoredFile]] = {}  # no files: the partition is taken away
        self._read: dict[Partition, dict[tuple[str, str], pa.Table]] = {}  # of the previous snapshot, by table and path
        corpus = previous.corpus
        with refused_by_disk(corpus):
            clear_unfinished(corpus)
            self._refuse_conflict()
            self.number = max([previous.number, *numbers(corpus)]) + 1
            self._new = Unfinished(previous, self.number, tell)
            self._announcements = Announcements(corpus, self.number)

    def __enter__(self) -> Staging:
        with ExitStack() as undone:
            undone.push(self.__exit__)
            if self.previous.manifest.get("schema_version", SCHEMA_VERSION) < _LATER_APART_SINCE:
                self._lay_apart()
            undone.pop_all()
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        refused = kind is not None and issubclass(kind, TablesUnwritable)
        self._new.remove(give_back=not refused)  # a folder that cannot be written to is of no use later

    def _lay_apart(self) -> None:
        """Lay later revisions apart from the first ones, of which tables of an earlier version do not."""
        for table in LATER_APART:
            for partition in self.previous.files[table]:
                if pc.max(self.read(table, partition, ["revision"])["revision"]).as_py() > 1:
                    self.put(table, partition, self.read(table, partition))
                self.forget(partition)

    def put(
        self,
        table: str,
        partition: Partition,
        data: pa.Table,
        *,
        around: Collection[str] | None = None,
        later: bool | None = None,
    ) -> None:
        """Set the rows of a partition; none take it away. A file whose rows are what they were is kept.

        Args:
            data: the rows in their order.
            around: articles by article_id, where only the rows are set that `read_around` gives for them.
            later: where only later revisions are set, or only first ones.

        Raises:
            TablesUnwritable: the disk is full or not writable.
        """
        for own, rows in (apart(table, data) if later is None else {later: data}).items():
            files = files_apart(table, self._files(table, partition))
            files[own] = self._put_apart(table, partition, files[own], rows, around, later=own)
            self._set(table, partition, [file for some in files.values() for file in some])

    def _put_apart(
        self,
        table: str,
        partition: Partition,
        there: list[StoredFile],
        data: pa.Table,
        around: Collection[str] | None,
        *,
        later: bool,
    ) -> list[StoredFile]:
        """Return the files of rows that lie apart, in the place of those that are there."""
        own = set(range(len(there))) if around is None else numbers_of(around, len(there))
        kept = {number: file for number, file in enumerate(there) if number not in own}
        rows = data.num_rows + sum(file.rows for file in kept.values())
        count = pieces_of(table, rows)
        if kept and count != len(there):
            parts = enumerate(cut(data, len(there)))
            data = pa.concat_tables(
                [self._rows(table, partition, kept[number]) if number in kept else part for number, part in parts]
            )
            kept = {}
        with self._writing():
            return [
                kept[number] if number in kept else self._laid(table, partition, Piece(number, count, later), part)
                for number, part in enumerate(cut(data, count) if rows else ())
            ]

    def _laid(self, table: str, partition: Partition, piece: Piece, data: pa.Table) -> StoredFile:
        """Return the file of a piece's rows: the one before where they are what they were, else written."""
        before = self.previous.files[table].get(partition, ())
        own = files_apart(table, before)[piece.later]
        if len(own) == piece.of:
            known = own[piece.number]
            if known.rows == data.num_rows and self._rows(table, partition, known).equals(data):
                return known
        if not before:
            self._announcements.announce(table, partition)
        file = self._new.write(table, partition, piece, data)
        if table in self._remembered:
            self._put[table, file.path] = data.select(self._remembered[table])
        return file

    def _set(self, table: str, partition: Partition, files: list[StoredFile]) -> None:
        """Let these be the files of a partition, and let go of others."""
        before, paths = self.previous.files[table].get(partition, []), {file.path for file in files}
        for file in self._changed.pop((table, partition), ()):
            if file.path not in paths and self._new.has_written(table, file):
                self._new.take_away(table, file)
                self._put.pop((table, file.path), None)
        for file in before:
            self._read.get(partition, {}).pop((table, file.path), None)
        if files != before:
            self._changed[table, partition] = files

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
            ids: the articles whose rows are asked for, by article_id, where others are not: only the files in which
                they lie are opened.
        """
        if ids is None:
            return self._joined(table, partition, self._files(table, partition), columns)
        names = None if columns is None else [*columns, *({"article_id"} - {*columns})]
        rows = of_articles(self.read_around(table, partition, ids, names), ids)
        return rows if columns is None else rows.select(list(columns))

    def read_around(
        self,
        table: str,
        partition: Partition,
        articles: Collection[str],
        columns: Sequence[str] | None = None,
        *,
        later: bool | None = None,
    ) -> pa.Table:
        """Return all rows of the files in which the rows of some articles lie or, of new ones, would lie.

        Args:
            later: where only later revisions are asked for, or only first ones.
        """
        files = files_apart(table, self._files(table, partition))
        own = []
        for some in files.values() if later is None else [files[later]]:
            numbers = numbers_of(articles, len(some))
            own += [file for at, file in enumerate(some) if at in numbers]
        return self._joined(table, partition, own, columns)

    def _joined(
        self, table: str, partition: Partition, files: Sequence[StoredFile], columns: Sequence[str] | None
    ) -> pa.Table:
        names = None if columns is None else list(columns)
        rows = [self._rows(table, partition, file, names) for file in files]
        if rows:
            return pa.concat_tables(rows)
        return no_rows(table) if names is None else schema_of(table, names).empty_table()

    def _rows(self, table: str, partition: Partition, file: StoredFile, columns: list[str] | None = None) -> pa.Table:
        """Return the rows of a file; those of the previous snapshot are remembered until others are put."""
        if self._new.has_written(table, file):
            if columns is not None and {*columns} <= {*self._remembered.get(table, ())}:
                return self._put[table, file.path].select(columns)
            with self._writing():
                return self._new.read(table, file, columns)
        known = self._read.get(partition, {}).get((table, file.path))
        if known is not None:
            return known if columns is None else known.select(columns)
        rows = self.previous.read_file(table, file, columns)
        if columns is None:
            self._read.setdefault(partition, {})[table, file.path] = rows
        return rows

    def _files(self, table: str, partition: Partition) -> list[StoredFile]:
        """Return the files of a partition as they stand."""
        changed = self._changed.get((table, partition))
        return self.previous.files[table].get(partition, []) if changed is None else changed

    def forget(self, partition: Partition) -> None:
        """Let go of what was read of a partition: nothing more of it is to come."""
        self._read.pop(partition, None)

    def is_touched(self, table: str, partition: Partition) -> bool:
        """Whether a partition stands otherwise than in the previous snapshot."""
        return (table, partition) in self._changed

    def partitions(self, table: str) -> list[Partition]:
        """Return the partitions that have rows, as they stand."""
        changed = {partition: files for (name, partition), files in self._changed.items() if name == table}
        kept = {partition for partition in self.previous.files[table] if partition not in changed}
        return sorted(kept | {partition for partition, files in changed.items() if files})

    def commit(self, manifest: Mapping[str, Any], now: dt.datetime | None = None) -> Snapshot:
        """Make this the committed snapshot.

        Raises:
            TablesUnwritable: the disk is full or not writable.
            CommitConflict: another process has committed meanwhile.
        """
        corpus, folder = self.previous.corpus, self._new.folder
        with self._writing():
            self._rename_what_stays()
            files = {table: self._all_files(table) for table in TABLES}
            self._new.complete(files)
            list_of_files = _listed(files)
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
            write_text(folder / FILES, list_of_files)
            write_text(folder / MANIFEST, json.dumps({**facts, SEAL: seal_of(facts)}, ensure_ascii=False, indent=1))
            self._new.sync()
            self._announcements.settle(max(map(len, files.values())))
            self._refuse_conflict()
            self._new.finish()
            swap_link(corpus, self.number, self._tell)
        return Snapshot.committed(corpus)

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """Say what the disk refuses, and where it is another build that took the folder away, that."""
        try:
            with refused_by_disk(self.previous.corpus):
                yield
        except TablesUnwritable as error:
            if self._new.is_finished or self._new.folder.is_dir():
                raise
            self._refuse_conflict()
            raise CommitConflict(
                f"{self.previous.corpus}: another build began meanwhile and set aside what this one had written; one "
                "at a time: does this disk share locks between the machines that use it?"
            ) from error

    def _refuse_conflict(self) -> None:
        committed = committed_folder(self.previous.corpus)
        if committed is not None and committed.name.isdecimal() and int(committed.name) != self.previous.number:
            raise CommitConflict(
                f"{self.previous.corpus}: snapshot {int(committed.name)} was committed since this build began with "
                f"{self.previous.number}; run it again"
            )

    def _rename_what_stays(self) -> None:
        """Give a file of each partition that changed another name, where all that it had stay in it.

        A reader by glob that has listed them finds one gone then, and does not take them for all there are.
        """
        for (table, partition), files in self._changed.items():
            before = self.previous.files[table].get(partition, [])
            if before and {*before} <= {*files}:
                files[files.index(before[0])] = self._new.renamed(table, before[0])

    def _all_files(self, table: str) -> list[StoredFile]:
        """Return the files of a table as they stand, at least one in any case, by path."""
        changed = {partition: files for (name, partition), files in self._changed.items() if name == table}
        files = [file for some in {**self.previous.files[table], **changed}.values() for file in some]
        return sorted(files, key=lambda file: file.path) or [self._without_rows(table)]

    def _without_rows(self, table: str) -> StoredFile:
        """Return the one file of a table without rows: a query for it answers "no rows" and does not fail."""
        known = [file for name, file in self.previous.all_files() if name == table and not file.rows]
        return known[0] if known else self._new.write(table, WHOLE, Piece(0, 1), arrow_schema(table).empty_table())


def _listed(files: Mapping[str, Sequence[StoredFile]]) -> str:
    """Return the list of files as it is stored."""
    listed = {table: [[file.path, file.rows, file.bytes, file.sha256] for file in own] for table, own in files.items()}
    return json.dumps(listed, separators=(",", ":"))


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
