"""Whether the files of a snapshot are those that were committed, byte for byte, and no others."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pyarrow.parquet as pq

from pipeline.announcements import ANNOUNCED
from pipeline.retention import NAMES_FILE
from pipeline.snapshots import FILES, MANIFEST, POINTER, Snapshot, StoredFile
from pipeline.tables import WHOLE, stored_schema

_OF_A_SNAPSHOT = {FILES, MANIFEST, NAMES_FILE}
_READ_AT_ONCE = 1 << 20  # bytes


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
    for table, file in snapshot.all_files():
        path = snapshot.path(table, file)
        why = _differs(path, file) or _strays(path, table, file)
        if why:
            yield DamagedFile(table, file, why)


def _differs(path: Path, file: StoredFile) -> str | None:
    try:
        size = path.stat().st_size
        if size != file.bytes:
            return f"has {size:,} bytes, and {file.bytes:,} were committed"
        digest = hashlib.sha256()
        with path.open("rb") as stream:
            while piece := stream.read(_READ_AT_ONCE):
                digest.update(piece)
    except FileNotFoundError:
        return "is gone"
    except OSError as error:
        return f"cannot be read ({error.strerror})"
    return None if digest.hexdigest() == file.sha256 else "was changed since it was committed"


def _strays(path: Path, table: str, file: StoredFile) -> str | None:
    """Say whether rows of a file belong in another partition, or are not as many as is written down."""
    names = stored_schema(table).names
    with pq.ParquetFile(path) as parquet:
        if parquet.metadata.num_rows != file.rows:
            return f"has {parquet.metadata.num_rows:,} rows, and {file.rows:,} were committed"
        if "month" not in names or file.partition == WHOLE:
            return None
        places = parquet.read(["site", "month"])
    found = {*zip(places["site"].to_pylist(), places["month"].to_pylist(), strict=True)}
    return None if found == {(file.partition.site, file.partition.month)} else "has rows of another partition"


def orphans(snapshot: Snapshot) -> Iterator[Path]:
    """Yield what lies in a snapshot's folder, or beside it, and is part of no snapshot."""
    if snapshot.folder is None:
        return
    listed = {snapshot.path(table, file) for table, file in snapshot.all_files()}
    listed |= {snapshot.folder / name for name in _OF_A_SNAPSHOT}
    for path in sorted(snapshot.folder.rglob("*")):
        if path.is_file() and path not in listed and not path.name.startswith(ANNOUNCED):
            yield path
    beside = snapshot.corpus / "snapshots"
    for path in sorted(beside.iterdir()) if beside.is_dir() else ():
        if not path.name.isdecimal() and path.name != POINTER:
            yield path
    for name in ("tables.new", "tables.old"):
        if (snapshot.corpus / name).exists():
            yield snapshot.corpus / name
