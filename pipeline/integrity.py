"""Whether the files of a snapshot are those that were committed, byte for byte, and no others."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.announcements import ANNOUNCED
from pipeline.cleared import CLEARED, SPARE
from pipeline.pieces import StoredFile
from pipeline.snapshot_names import NAMES_FILE
from pipeline.snapshots import (
    FILES,
    MANIFEST,
    POINTER,
    NoSuchSnapshot,
    Snapshot,
    TablesDamaged,
    TablesUnreadable,
    folder_of,
    numbers,
)
from pipeline.tables import WHOLE, stored_schema

_OF_A_SNAPSHOT = {FILES, MANIFEST, NAMES_FILE}
_READERS = 4  # threads; digests are made and files read without the interpreter
_FILES_AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class DamagedFile:
    """A file of a snapshot that is not what was committed, and in what it differs."""

    table: str
    file: StoredFile
    why: str


def damaged_files(snapshot: Snapshot) -> Iterator[DamagedFile]:
    """Yield the files that are missing, changed, or of another partition than their rows.

    Raises:
        TablesUnreadable: the list of files is lost.
    """
    if snapshot.folder is not None:
        yield from _damaged(snapshot.folder, snapshot.all_files())


def _damaged(folder: Path, files: Sequence[tuple[str, StoredFile]]) -> Iterator[DamagedFile]:
    """Yield those of a snapshot's files that are not in a folder as they were committed."""
    with ThreadPoolExecutor(_READERS) as readers:
        for start in range(0, len(files), _FILES_AT_ONCE):
            some = files[start : start + _FILES_AT_ONCE]
            found = readers.map(lambda listed: _wrong_with(folder / listed[0] / listed[1].path, *listed), some)
            for (table, file), why in zip(some, found, strict=True):
                if why:
                    yield DamagedFile(table, file, why)


def _wrong_with(path: Path, table: str, file: StoredFile) -> str | None:
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return "is gone"
    except OSError as error:
        return f"cannot be read ({error.strerror})"
    if len(content) != file.bytes:
        return f"has {len(content):,} bytes, and {file.bytes:,} were committed"
    if hashlib.sha256(content).hexdigest() != file.sha256:
        return "was changed since it was committed"
    return _strays(content, table, file)


def _strays(content: bytes, table: str, file: StoredFile) -> str | None:
    """Say whether rows of a file belong in another one, or are not as many as is written down."""
    with pq.ParquetFile(pa.BufferReader(content)) as parquet:
        if parquet.metadata.num_rows != file.rows:
            return f"has {parquet.metadata.num_rows:,} rows, and {file.rows:,} were committed"
        if "month" not in stored_schema(table).names or file.partition == WHOLE or not file.rows:
            return None
        for name, value in file.partition._asdict().items():
            if _extremes(parquet, name) != {value}:
                return "has rows of another partition"
        if file.piece.of > 1 and not file.piece.holds(_extremes(parquet, "article_id")):
            return "has rows of another piece of its partition"
        if file.piece.later and 1 in _extremes(parquet, "revision"):
            return "has first revisions among the later ones"
    return None


def _extremes(parquet: pq.ParquetFile, name: str) -> set[Any]:
    """Return the lowest and highest values of a column by its statistics, or all values where it lacks some."""
    found: set[Any] = set()
    at = parquet.metadata.schema.names.index(name)  # no part of a nested column is called so
    for number in range(parquet.num_row_groups):
        known = parquet.metadata.row_group(number).column(at).statistics
        if known is None or not known.has_min_max or known.null_count:
            return {*parquet.read([name])[name].to_pylist()}
        found |= {known.min, known.max}
    return found


def damaged_copies(snapshot: Snapshot) -> Iterator[DamagedFile]:
    """Yield the damaged files of the folder that stands in the place of the link, where that is one."""
    there = snapshot.corpus / "tables"
    if there.is_dir() and not there.is_symlink() and snapshot.folder != there:
        yield from _damaged(there, snapshot.all_files())


def damaged_others(committed: Snapshot) -> Iterator[tuple[int, str]]:
    """Yield the other snapshots that are not what was committed, by number, and why.

    Of the files that are the committed one's too nothing is looked at again, and nothing is said of a snapshot that a
    build lets go meanwhile.
    """
    known = {(table, file.path): _inode(committed, table, file) for table, file in committed.all_files()}
    for number in numbers(committed.corpus):
        why = _damage_of(committed.corpus, number, known) if number != committed.number else None
        if why and folder_of(committed.corpus, number).is_dir():
            yield number, why


def _damage_of(corpus: Path, number: int, known: Mapping[tuple[str, str], tuple[int, int] | None]) -> str | None:
    """Say how a snapshot is damaged; `known` are the inodes of files that were looked at, by table and path."""
    try:
        other = Snapshot.numbered(corpus, number)
        files = other.all_files()
    except TablesDamaged as damaged:
        return str(damaged).split(";")[0]
    except (TablesUnreadable, NoSuchSnapshot):  # of another schema; gone meanwhile
        return None
    for table, file in files:
        same = known.get((table, file.path))
        if same is not None and same == _inode(other, table, file):
            continue
        if why := _wrong_with(other.path(table, file), table, file):
            return f"{table}/{file.path} {why}"
    return None


def _inode(snapshot: Snapshot, table: str, file: StoredFile) -> tuple[int, int] | None:
    """Return what is equal for two names of one file, None where there is none: without objects, for 100,000 files."""
    try:
        found = os.stat(f"{snapshot.folder}/{table}/{file.path}")  # noqa: PTH116
    except OSError:
        return None
    return found.st_dev, found.st_ino


def orphans(snapshot: Snapshot) -> Iterator[Path]:
    """Yield what lies in a snapshot's folder, or beside it, and is part of no snapshot."""
    if snapshot.folder is None:
        return
    listed = {f"{snapshot.folder}/{table}/{file.path}" for table, file in snapshot.all_files()}
    listed |= {f"{snapshot.folder}/{name}" for name in _OF_A_SNAPSHOT}
    there = (f"{folder}/{name}" for folder, _, names in os.walk(snapshot.folder) for name in names)
    strays = (Path(path) for path in there if path not in listed)
    yield from sorted(path for path in strays if not path.name.startswith(ANNOUNCED))
    beside = snapshot.corpus / "snapshots"
    for path in sorted(beside.iterdir()) if beside.is_dir() else ():
        if not (path.name.isdecimal() or path.name in {POINTER, SPARE} or path.name.endswith(CLEARED)):
            yield path
    for name in ("tables.new", "tables.old"):
        if (snapshot.corpus / name).exists():
            yield snapshot.corpus / name
