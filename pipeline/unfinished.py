"""The folder of a snapshot in the making: its files are written, linked to those of the one before, or taken away."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections import defaultdict
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.disk import NO_LINKS, sync
from pipeline.parquet import parquet_of
from pipeline.pieces import Piece, StoredFile
from pipeline.schema import TABLES
from pipeline.snapshots import Snapshot, folder_of
from pipeline.tables import Partition, rows_of
from pipeline.tables_link import Tell

UNFINISHED = ".unfinished"
_SYNCED_ONE_BY_ONE = 500  # files and folders; above it one sync of all disks is faster than an fsync each


class Unfinished:
    """The folder of a snapshot that follows another, until it is whole.

    Attributes:
        final: the folder's name when it is.
    """

    def __init__(self, previous: Snapshot, number: int, tell: Tell) -> None:
        self._previous, self._number, self._tell = previous, number, tell
        self.final = folder_of(previous.corpus, number)
        self.folder = self.final.with_suffix(UNFINISHED)
        self._written: dict[str, set[str]] = defaultdict(set)  # paths by table
        self._folders: set[str] = set()  # of partitions, as far as they are made
        self._copied = False
        for table in TABLES:
            (self.folder / table).mkdir(parents=True)

    def has_written(self, table: str, file: StoredFile) -> bool:
        """Whether a file is of this snapshot, and not the one before's."""
        return file.path in self._written[table]

    def write(self, table: str, partition: Partition, piece: Piece, data: pa.Table) -> StoredFile:
        """Write the rows of a piece."""
        name = piece.file_name(self._number)
        path = f"{partition.folder}/{name}" if partition.folder else name
        target = f"{self.folder}/{table}/{path}"
        self._make_folder(target.rpartition("/")[0])
        content = parquet_of(table, partition, data)
        Path(target).write_bytes(content)
        self._written[table].add(path)
        return StoredFile(path, data.num_rows, len(content), hashlib.sha256(content).hexdigest())

    def read(self, table: str, file: StoredFile, columns: list[str] | None) -> pa.Table:
        """Return the rows of a file that was written, or some of their columns."""
        with pq.ParquetFile(self.folder / table / file.path) as parquet:
            return rows_of(table, parquet.read(columns), columns)

    def take_away(self, table: str, file: StoredFile) -> None:
        """Remove a file that was written."""
        (self.folder / table / file.path).unlink()
        self._written[table].remove(file.path)

    def link(self, table: str, file: StoredFile) -> None:
        """Have a file of the previous snapshot in this one: of 100,000 files the names alone, no objects of them."""
        source = f"{self._previous.folder}/{table}/{file.path}"
        target = f"{self.folder}/{table}/{file.path}"
        self._make_folder(target.rpartition("/")[0])
        try:
            os.link(source, target)
        except FileNotFoundError:
            self._previous.refuse_lost()
            raise
        except OSError as error:
            if error.errno not in NO_LINKS:
                raise
            if not self._copied:
                where = source.rpartition("/")[0]
                self._tell(f"warning: {where}: no hard links here ({error.strerror}): every snapshot is a whole copy")
            self._copied = True
            shutil.copy2(source, target)

    def sync(self) -> None:
        """Have all that is new on the disk: the link must not outlive a power cut that its target did not."""
        if sum(map(len, self._written.values())) + len(self._folders) > _SYNCED_ONE_BY_ONE or self._copied:
            os.sync()
            return
        written = [self.folder / table / path for table, paths in self._written.items() for path in paths]
        folders = [self.folder, *(self.folder / table for table in TABLES), *map(Path, self._folders)]
        for path in (*written, *folders):
            sync(path)

    def remove(self) -> None:
        """Remove it, where it was not finished."""
        shutil.rmtree(self.folder, ignore_errors=True)

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
