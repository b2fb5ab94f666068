"""Snapshots of all tables as plain Parquet: opening them. `pipeline.commits` writes them.

A corpus folder holds `snapshots/<number>/<table>/site=…/month=…/part.<number>.parquet` and one link, `tables`, to the
committed snapshot. Where rows are many they lie in several files, `part.<piece>-of-<pieces>.<number>.parquet`
(`pipeline.pieces`), and later revisions of articles lie in `part.later.<number>.parquet`. The number in a file's name
is the snapshot that wrote it: so a glob over `tables/<name>/**/*.parquet` lists one whole state, and a file that a
commit replaced between listing and opening is missing, never another one under the same name. `files.json` lists all
files with rows, bytes and digest.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.pieces import StoredFile
from pipeline.schema import SAME_COLUMNS, SCHEMA_VERSION
from pipeline.tables import WHOLE, Partition, columns_digest, no_rows, rows_of, schema_of

MANIFEST = "snapshot.json"
FILES = "files.json"
SEAL = "seal"  # in the manifest: the digest of all else that it says
DIGEST_OF_FILES = "files"  # in the manifest: that of the list of files
_ROWS_FOR_THREADS = 20_000  # of a file; threads that read a smaller one wait for each other
POINTER = "committed"  # in snapshots/: the committed number, where the file system has no links


class TablesUnreadable(RuntimeError):
    """The corpus has no tables, damaged ones, or tables of another schema; the message says which command mends it."""


class TablesDamaged(TablesUnreadable):
    """What a snapshot says of itself is gone, no JSON, or not what was committed."""


class TablesNewer(TablesUnreadable):
    """A newer congdoan wrote the tables: they are not damaged, and not for this one to make anew."""


class NoSuchSnapshot(ValueError):
    """A snapshot that is not there, or was cleared away; the message lists those that are."""


@dataclass(frozen=True)
class Snapshot:
    """One committed state of all tables, or the empty state before the first commit.

    `without` are sites whose partitions are left out, to be made anew.
    """

    corpus: Path
    number: int
    folder: Path | None
    manifest: Mapping[str, Any]
    without: frozenset[str] = frozenset()

    NONE: ClassVar[int] = 0

    @classmethod
    def committed(cls, corpus: Path) -> Snapshot:
        """Open the snapshot that is committed now.

        Raises:
            TablesUnreadable: tables of a newer schema, or a folder that lost its manifest or its snapshot.
        """
        folder = committed_folder(corpus)
        return cls(corpus, cls.NONE, None, {}) if folder is None else cls._of_folder(corpus, folder)

    @classmethod
    def unread(cls, corpus: Path) -> Snapshot:
        """Return the committed snapshot by its number alone, as if it held nothing: it may be damaged."""
        folder = committed_folder(corpus)
        number = int(folder.name) if folder is not None and folder.name.isdecimal() else max([0, *numbers(corpus)])
        return cls(corpus, number, None, {})

    @classmethod
    def numbered(cls, corpus: Path, number: int) -> Snapshot:
        """Open one of the snapshots that are kept.

        Raises:
            NoSuchSnapshot: listing those that are there.
            TablesUnreadable: as `committed`.
        """
        folder = folder_of(corpus, number)
        if not folder.is_dir():
            there = ", ".join(map(str, numbers(corpus))) or "none"
            raise NoSuchSnapshot(f"{corpus}: no snapshot {number}; there are {there} (`congdoan snapshots`)")
        return cls._of_folder(corpus, folder)

    @classmethod
    def _of_folder(cls, corpus: Path, folder: Path) -> Snapshot:
        try:
            manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
            number, schema_version = int(manifest.get("number") or folder.name), int(manifest["schema_version"])
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise TablesDamaged(
                f"{folder}: no readable {MANIFEST} ({error}); `congdoan check --repair --corpus {corpus}` makes the "
                "tables anew from the archive"
            ) from error
        if schema_version > SCHEMA_VERSION:
            writer = manifest.get("congdoan", "a newer version")
            raise TablesNewer(
                f"{folder}: schema version {schema_version}, written by congdoan {writer}; this one knows "
                f"{SCHEMA_VERSION}: update it to congdoan {writer}"
            )
        found = cls(corpus, number, folder, manifest)
        if found.is_of_this_schema and SEAL in manifest and manifest[SEAL] != seal_of(manifest):
            raise TablesDamaged(found._changed(MANIFEST))
        return found

    def _changed(self, name: str) -> str:
        return (
            f"{self.folder}: {name} was changed since it was committed; `congdoan check --repair --corpus "
            f"{self.corpus}` makes the tables anew from the archive"
        )

    @property
    def is_of_this_schema(self) -> bool:
        """Whether the tables have the columns that this version reads and writes; older ones are to be built anew."""
        return bool(
            self.manifest.get("schema_version") in SAME_COLUMNS and self.manifest.get("columns") == columns_digest()
        )

    @property
    def committed_at(self) -> dt.datetime | None:
        """When it was committed, by the clock of the machine that did; UTC."""
        said = self.manifest.get("committed_at")
        return dt.datetime.fromisoformat(said) if said else None

    @cached_property
    def files(self) -> Mapping[str, Mapping[Partition, list[StoredFile]]]:
        """The files by table and partition, those of a partition by piece; without that of a table that has no rows.

        Raises:
            TablesUnreadable: the list of files is lost or damaged.
        """
        found: dict[str, dict[Partition, list[StoredFile]]] = defaultdict(dict)
        homes: dict[str, Partition] = {}  # each is read off its folder once, not once a file
        for table, file in self.all_files():
            partition = homes.get(file.folder) or homes.setdefault(file.folder, file.partition)
            if (file.rows or partition != WHOLE) and partition.site not in self.without:
                found[table].setdefault(partition, []).append(file)
        return found

    def all_files(self) -> list[tuple[str, StoredFile]]:
        """Return every file with its table, as committed.

        Raises:
            TablesUnreadable: the list of files is lost or damaged.
        """
        return self._listed

    @cached_property
    def _listed(self) -> list[tuple[str, StoredFile]]:
        if self.folder is None:
            return []
        try:
            text = (self.folder / FILES).read_text(encoding="utf-8")
            committed = self.manifest.get(DIGEST_OF_FILES) if self.is_of_this_schema else None
            if committed is not None and committed != hashlib.sha256(text.encode()).hexdigest():
                raise TablesDamaged(self._changed(FILES))
            listed = json.loads(text)
            return [(table, StoredFile(*fields)) for table, some in listed.items() for fields in some]
        except (OSError, ValueError, TypeError, AttributeError) as error:
            self.refuse_cleared()
            if not self.is_of_this_schema:
                raise TablesUnreadable(
                    f"{self.folder}: tables of an older congdoan (schema version {self.manifest['schema_version']}), "
                    "which lists no files; open it with that version, or open a later snapshot"
                ) from error
            raise TablesDamaged(
                f"{self.folder}: no readable {FILES} ({error}); `congdoan check --repair --corpus {self.corpus}` makes "
                "the tables anew from the archive"
            ) from error

    def partitions(self, table: str) -> dict[Partition, list[Path]]:
        """Return where the table's files lie, by partition."""
        return {partition: [self.path(table, file) for file in own] for partition, own in self.files[table].items()}

    def count(self, table: str) -> int:
        """Return how many rows a table has; no file is opened for it."""
        return sum(file.rows for files in self.files[table].values() for file in files)

    def path(self, table: str, file: StoredFile) -> Path:
        """Return where a file of the snapshot lies.

        Raises:
            ValueError: the empty state has no files.
        """
        if self.folder is None:
            raise ValueError(f"{self.corpus}: nothing is committed yet")
        return self.folder / table / file.path

    def read(
        self, table: str, partitions: Iterable[Partition] | None = None, columns: Iterable[str] | None = None
    ) -> pa.Table:
        """Return the table, or some of its partitions or columns, as Arrow.

        Raises:
            TablesUnreadable: a file is gone or damaged.
        """
        files = self.files[table]
        wanted = files if partitions is None else [name for name in partitions if name in files]
        names = None if columns is None else list(columns)
        pieces = [self.read_file(table, file, names) for name in wanted for file in files[name]]
        if pieces:
            return pa.concat_tables(pieces)
        return no_rows(table) if names is None else schema_of(table, names).empty_table()

    def read_file(self, table: str, file: StoredFile, columns: list[str] | None = None) -> pa.Table:
        """Return the rows of one file, or some of their columns.

        Raises:
            TablesUnreadable: it is gone or damaged.
        """
        path = f"{self.folder}/{table}/{file.path}"
        try:
            with _opened(path, whole=columns is None) as parquet:
                several = parquet.metadata.num_rows > _ROWS_FOR_THREADS
                return rows_of(table, parquet.read(columns, use_threads=several), columns)
        except (OSError, pa.ArrowException) as error:
            raise TablesUnreadable(
                f"{path}: not readable ({str(error).splitlines()[0]}); `congdoan check --repair --corpus "
                f"{self.corpus}` makes it anew from the archive"
            ) from error

    def refuse_cleared(self) -> None:
        """Look whether it is still there: on another machine than its reader's it may be cleared away.

        Raises:
            TablesUnreadable: it is not.
        """
        if self.folder is None or not self.folder.is_dir():
            raise TablesUnreadable(f"snapshot {self.number} was cleared away by later builds; open it again")

    def refuse_lost(self) -> None:
        """Look whether all files are there, as long as they were.

        Raises:
            TablesUnreadable: one is not, as in a corpus that was copied half.
        """
        for table, file in self.all_files():
            path = f"{self.folder}/{table}/{file.path}"
            try:
                there = os.stat(path).st_size  # noqa: PTH116 - without objects, for 100,000 files
            except FileNotFoundError:
                there = -1
            if there != file.bytes:
                what = "is gone" if there < 0 else f"is {there:,} bytes long now, not {file.bytes:,}"
                raise TablesUnreadable(
                    f"{path}: was committed and {what}; `congdoan check --repair --corpus {self.corpus}` makes it "
                    "anew from the archive"
                )

    def emptied(self) -> Snapshot:
        """Return it as if it held nothing, to make all rows anew and commit them after it."""
        return replace(self, folder=None, manifest={})


def _opened(path: str, *, whole: bool) -> pq.ParquetFile:
    """Open a file, of which one reading of all bytes costs less than one a column where all of it is read."""
    if not whole:
        return pq.ParquetFile(path)
    with open(path, "rb") as file:  # noqa: PTH123 - a path object a file is a fortieth of reading it
        return pq.ParquetFile(pa.BufferReader(file.read()))


def seal_of(manifest: Mapping[str, Any]) -> str:
    """Return the digest of what a manifest says, by which an edit of it is seen."""
    facts = {name: value for name, value in manifest.items() if name != SEAL}
    return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()


def numbers(corpus: Path) -> list[int]:
    """Return the numbers of the snapshots that are there, oldest first."""
    folder = corpus / "snapshots"
    return sorted(int(path.name) for path in folder.iterdir() if path.name.isdecimal()) if folder.is_dir() else []


def folder_of(corpus: Path, number: int) -> Path:
    """Return where a snapshot lies, or would lie."""
    return corpus / "snapshots" / f"{number:06d}"


def committed_folder(corpus: Path) -> Path | None:
    """Return the folder of the committed snapshot; None before the first commit.

    Usually `tables` links to it. A file system without links has the number in a file; a corpus that was copied by a
    tool that follows links has the snapshot itself in the place of the link. Where nothing is left that says it, it is
    the newest: a snapshot gets its number only when it is whole.

    Raises:
        TablesUnreadable: the file with the number is damaged.
    """
    link, pointer = corpus / "tables", corpus / "snapshots" / POINTER
    if link.is_symlink():
        try:
            return link.resolve()
        except (RuntimeError, OSError) as error:
            raise TablesUnreadable(
                f"{link}: a link that leads to no snapshot ({error}); remove it: the newest snapshot is taken then"
            ) from error
    if pointer.is_file():
        return folder_of(corpus, _pointed_to(pointer))
    if (link / MANIFEST).is_file():
        return _copied(corpus, link)
    there = numbers(corpus)
    return folder_of(corpus, there[-1]) if there else None


def _pointed_to(pointer: Path) -> int:
    try:
        return int(pointer.read_text(encoding="ascii"))
    except ValueError as error:
        raise TablesUnreadable(
            f"{pointer}: not the number of a snapshot; `congdoan check --repair` mends it"
        ) from error


def _copied(corpus: Path, tables: Path) -> Path:
    """Return the snapshot of which a folder in the place of the link is a copy, or the copy where that is all."""
    try:
        original = folder_of(corpus, int(json.loads((tables / MANIFEST).read_text(encoding="utf-8"))["number"]))
    except (OSError, ValueError, KeyError, TypeError):
        return tables
    return original if original.is_dir() else tables
