"""The folder of a snapshot in the making: its files are written, linked to those of the one before, or taken away.

Where a snapshot went, its folder becomes the new one's: most files are in their place then. What the new one shares
with the one before must be the same file on the disk; all else is taken out, whoever put it there.
"""

from __future__ import annotations

import errno
import hashlib
import os
import secrets
import shutil
from collections import defaultdict
from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.cleared import SECONDS_A_BUILD, SPARE, clear, set_aside, take_spare
from pipeline.disk import NO_LINKS, remove, sync
from pipeline.parquet import parquet_of
from pipeline.pieces import Piece, StoredFile
from pipeline.schema import TABLES
from pipeline.snapshot_names import names
from pipeline.snapshots import Snapshot, committed_folder, folder_of, numbers
from pipeline.tables import Partition, rows_of
from pipeline.tables_link import Tell

UNFINISHED = ".unfinished"
_SYNCED_ONE_BY_ONE = 500  # files and folders; above it one sync of all disks is faster than an fsync each


class Unfinished:
    """The folder of a snapshot that follows another, until it is whole.

    Attributes:
        folder: where it is being made.
        is_finished: whether it is whole, and has its number.
    """

    def __init__(self, previous: Snapshot, number: int, tell: Tell) -> None:
        self._previous, self._number, self._tell = previous, number, tell
        self._final = folder_of(previous.corpus, number)
        self.is_finished = False
        # a name of its own: where the lock does not hold, two builds must not write into one folder
        self.folder = self._final.with_name(f"{self._final.name}-{secrets.token_hex(4)}{UNFINISHED}")
        self._written: dict[str, set[str]] = defaultdict(set)  # paths by table
        self._folders: set[str] = set()  # of partitions, as far as they were made or changed
        self._copied = False
        self._of_spare = previous.folder is not None and take_spare(previous.corpus, self.folder)
        for table in TABLES:
            (self.folder / table).mkdir(parents=True, exist_ok=self._of_spare)
            if self._of_spare:
                _refuse_links(self.folder / table)

    def has_written(self, table: str, file: StoredFile) -> bool:
        """Whether a file is of this snapshot, and not the one before's."""
        return file.path in self._written[table]

    def write(self, table: str, partition: Partition, piece: Piece, data: pa.Table) -> StoredFile:
        """Write the rows of a piece."""
        path = self._path(partition.folder, piece)
        target = f"{self.folder}/{table}/{path}"
        self._make_folder(target.rpartition("/")[0])
        content = parquet_of(table, partition, data)
        try:
            file = open(target, "xb")  # noqa: PTH123, SIM115
        except FileExistsError:  # in a spare folder; it may be a file of other snapshots too
            remove(Path(target))
            file = open(target, "xb")  # noqa: PTH123, SIM115
        with file:
            file.write(content)
        self._written[table].add(path)
        return StoredFile(path, data.num_rows, len(content), hashlib.sha256(content).hexdigest())

    def renamed(self, table: str, file: StoredFile) -> StoredFile:
        """Have a file of the previous snapshot in this one by the name of one that was written."""
        path = self._path(file.folder, file.piece)
        remove(self.folder / table / path)  # in a spare folder there may be one
        self._link(table, file.path, path)
        self._written[table].add(path)
        return replace(file, path=path)

    def _path(self, folder: str, piece: Piece) -> str:
        """Return where a piece that is new here lies, below the folder of its table."""
        name = piece.file_name(self._number)
        return f"{folder}/{name}" if folder else name

    def read(self, table: str, file: StoredFile, columns: list[str] | None) -> pa.Table:
        """Return the rows of a file that was written, or some of their columns."""
        with pq.ParquetFile(self.folder / table / file.path) as parquet:
            return rows_of(table, parquet.read(columns), columns)

    def take_away(self, table: str, file: StoredFile) -> None:
        """Remove a file that was written."""
        (self.folder / table / file.path).unlink()
        self._written[table].remove(file.path)

    def complete(self, files: Mapping[str, Collection[StoredFile]]) -> None:
        """Have all files of the snapshot, by table, in their places, and no others: those not written are linked.

        Raises:
            TablesUnreadable: one of the previous snapshot is gone.
        """
        was_spare, self._of_spare = self._of_spare, False  # what is linked now and never synced is of no use later
        for path in self.folder.iterdir() if was_spare else ():
            if path.name not in TABLES:
                remove(path)
        for table, some in files.items():
            there = self._sorted_out(table, "", {file.path for file in some}) if was_spare else self._written[table]
            for file in some:
                if file.path not in there:
                    self._link(table, file.path, file.path)

    def _sorted_out(self, table: str, folder: str, wanted: Collection[str]) -> set[str]:
        """Take out of a folder what is not wanted, or another file than the previous snapshot's; return what stays.

        The folder and what is wanted are relative to that of the table: names, and no objects for 100,000 files.
        """
        stay: set[str] = set()
        here = f"{self.folder}/{table}/{folder}"
        with os.scandir(here) as found:
            entries = list(found)
        for entry in entries:
            path = f"{folder}{entry.name}"
            if entry.is_dir(follow_symlinks=False):
                below = self._sorted_out(table, f"{path}/", wanted)
                stay |= below
                if below:
                    continue
                os.rmdir(entry.path)  # noqa: PTH106
                self._folders.discard(entry.path)
            elif path in self._written[table] or (path in wanted and entry.inode() == self._inode(table, path)):
                stay.add(path)
                continue
            else:
                os.unlink(entry.path)  # noqa: PTH108
            self._folders.add(here.removesuffix("/"))
        return stay

    def _inode(self, table: str, path: str) -> int | None:
        """Return the number of the previous snapshot's file on the disk, None where there is none."""
        try:
            return os.stat(f"{self._previous.folder}/{table}/{path}").st_ino  # noqa: PTH116
        except FileNotFoundError:
            return None

    def _link(self, table: str, there: str, here: str) -> None:
        source = f"{self._previous.folder}/{table}/{there}"
        target = f"{self.folder}/{table}/{here}"
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
        folders = {self.folder, *(self.folder / table for table in TABLES), *map(Path, self._folders)}
        for path in (*written, *folders):
            sync(path)

    def finish(self) -> None:
        """Give it its number: from now on it is a snapshot, and committed when the link leads to it."""
        self.folder.rename(self._final)
        self.is_finished = True
        sync(self._final.parent)

    def remove(self, *, give_back: bool) -> None:
        """Remove it, where it was not finished.

        Args:
            give_back: the spare folder is spare again, as long as all that is new was written.
        """
        if not self.folder.exists():
            return
        with suppress(OSError):  # what stays is cleared away by the next build
            if self._of_spare and give_back:
                for table, paths in self._written.items():
                    for path in paths:
                        (self.folder / table / path).unlink()
                self.folder.rename(self.folder.with_name(SPARE))
            else:
                set_aside(self.folder)
        clear(self._previous.corpus, SECONDS_A_BUILD)

    def _make_folder(self, folder: str) -> None:
        if folder in self._folders:
            return
        above = folder.rpartition("/")[0]
        try:
            os.mkdir(folder)  # noqa: PTH102 - a path object for each of 100,000 folders costs more than the folder
            self._folders.add(above)
        except FileExistsError:
            _refuse_link(folder)
        except FileNotFoundError:
            if above == str(self.folder):  # another build took all of it away
                raise
            self._make_folder(above)
            os.mkdir(folder)  # noqa: PTH102
        self._folders.add(folder)


def _refuse_links(table: Path) -> None:
    """Look whether links stand in the place of a table's folders of sites, or of itself."""
    _refuse_link(str(table))
    with os.scandir(table) as found:
        for entry in found:
            if entry.is_symlink():
                _refuse_link(entry.path)


def _refuse_link(folder: str) -> None:
    """Look whether a link stands in the place of a folder: what is written there would come to lie elsewhere.

    Raises:
        NotADirectoryError: it does.
    """
    if os.path.islink(folder):  # noqa: PTH114
        raise NotADirectoryError(errno.ENOTDIR, "a link stands in the place of a folder", folder)


def clear_unfinished(corpus: Path) -> None:
    """Set aside what a killed build left: unfinished snapshots, and whole ones that it did not come to commit.

    What is kept by a name was committed, whatever somebody let `tables` be since.
    """
    committed = committed_folder(corpus)
    leftovers = list((corpus / "snapshots").glob(f"*{UNFINISHED}"))
    if committed is not None and committed.name.isdecimal():
        later = [number for number in numbers(corpus) if number > int(committed.name)]
        leftovers += [folder for number in later if not names(folder := folder_of(corpus, number))]
    for folder in leftovers:
        with suppress(OSError):  # a build that is in the way of says so
            set_aside(folder)
    for leftover in ("tables.new", "tables.old"):
        remove(corpus / leftover)
