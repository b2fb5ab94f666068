"""Snapshots of all tables as plain Parquet, committed all or none.

A corpus folder holds `snapshots/<number>/<table>/<site>.<month>.<number>.parquet` and one link, `tables`, to the
committed snapshot. A commit writes the partitions that changed, hard-links the rest, and swaps the link by one
atomic rename. The number in a file's name is the snapshot that wrote it, and a table is one flat folder: so a glob
over `tables/<name>/**/*.parquet` lists one whole state, and a file that a commit replaced between listing and opening
is missing, never another one under the same name.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.schema import SCHEMA_VERSION, TABLES
from pipeline.tables import Partition, arrow_schema

KEPT_SNAPSHOTS = 3  # the committed one and two before it, for readers that opened them
_MANIFEST = "snapshot.json"
_NO_ROWS = "none"  # the one file of a table without rows, so that a query for it answers "no rows" and does not fail

Changes = Mapping[str, Mapping[Partition, pa.Table]]  # by table, then partition


class TablesUnreadable(RuntimeError):
    """The corpus has no tables, or tables of another schema; the message says which command mends it."""


class TablesUnwritable(RuntimeError):
    """The disk refused a write; the last snapshot is intact."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One committed state of all tables, or the empty state before the first commit."""

    corpus: Path
    number: int
    folder: Path | None
    manifest: Mapping[str, Any]

    NONE: ClassVar[int] = 0

    @classmethod
    def committed(cls, corpus: Path) -> Snapshot:
        """Open the snapshot that is committed now.

        Raises:
            TablesUnreadable: a snapshot of another schema version, or one without its manifest.
        """
        link = corpus / "tables"
        if not link.is_symlink():
            return cls(corpus, cls.NONE, None, {})
        folder = link.resolve()
        try:
            manifest = json.loads((folder / _MANIFEST).read_text(encoding="utf-8"))
            number, schema_version = int(folder.name), int(manifest["schema_version"])
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise TablesUnreadable(
                f"{link}: no readable {_MANIFEST} ({error}); remove the link and run `congdoan build`"
            ) from error
        if schema_version > SCHEMA_VERSION:
            raise TablesUnreadable(
                f"{link}: schema version {schema_version}, this congdoan knows {SCHEMA_VERSION}: update it"
            )
        return cls(corpus, number, folder, manifest)

    def partitions(self, table: str) -> dict[Partition, Path]:
        """Return the table's files by partition."""
        if self.folder is None:
            return {}
        files = {path.name.rsplit(".", 2)[0]: path for path in sorted((self.folder / table).glob("*.parquet"))}
        return {partition: path for partition, path in files.items() if partition != _NO_ROWS}

    def read(self, table: str, partitions: Iterable[Partition] | None = None) -> pa.Table:
        """Return the table, or some of its partitions, as Arrow."""
        files = self.partitions(table)
        wanted = files.keys() if partitions is None else [name for name in partitions if name in files]
        schema = arrow_schema(table)
        pieces = [pq.ParquetFile(files[name]).read().cast(schema) for name in wanted]
        return pa.concat_tables(pieces) if pieces else schema.empty_table()


def commit(previous: Snapshot, changed: Changes, manifest: Mapping[str, Any]) -> Snapshot:
    """Write a new snapshot: the changed partitions anew (an empty table takes one away), the rest as they are.

    Raises:
        TablesUnwritable: the disk is full or not writable; the previous snapshot stays committed.
    """
    corpus = previous.corpus
    try:
        return _commit(previous, changed, manifest)
    except OSError as error:
        raise TablesUnwritable(
            f"{corpus}: the new tables could not be written ({error.strerror or error}); the last snapshot is intact. "
            "Make room or mend the permissions, then run `congdoan build` again."
        ) from error
    finally:
        clear_unfinished(corpus)


def _commit(previous: Snapshot, changed: Changes, manifest: Mapping[str, Any]) -> Snapshot:
    corpus = previous.corpus
    clear_unfinished(corpus)
    number = previous.number + 1
    final = corpus / "snapshots" / f"{number:06d}"
    staging = final.with_suffix(".unfinished")
    staging.mkdir(parents=True)
    for table in TABLES:
        (staging / table).mkdir()
        _stage(table, previous.partitions(table), changed.get(table, {}), staging / table, number)
    text = json.dumps({**manifest, "schema_version": SCHEMA_VERSION}, ensure_ascii=False, indent=1)
    (staging / _MANIFEST).write_text(text, encoding="utf-8")
    _sync_tree(staging)
    if final.exists():  # left by a build killed between the rename and the swap of the link
        shutil.rmtree(final)
    staging.rename(final)
    _swap_link(corpus / "tables", Path("snapshots") / final.name)
    _sync(corpus)
    _prune(corpus, number)
    return Snapshot.committed(corpus)


def _stage(
    table: str, old: Mapping[Partition, Path], new: Mapping[Partition, pa.Table], folder: Path, number: int
) -> None:
    """Lay out one table: new partitions written, untouched ones linked, at least one file in any case."""
    untouched = [path for partition, path in old.items() if partition not in new]
    for path in untouched:
        _link(path, folder / path.name)
    filled = {partition: data for partition, data in new.items() if data.num_rows}
    for partition, data in filled.items():
        _write(data, folder / f"{partition}.{number:06d}.parquet")
    if not untouched and not filled:
        _write(arrow_schema(table).empty_table(), folder / f"{_NO_ROWS}.{number:06d}.parquet")


def _write(data: pa.Table, path: Path) -> None:
    pq.write_table(data, path, compression="zstd", write_statistics=True)


def _link(source: Path, target: Path) -> None:
    try:
        os.link(source, target)
    except OSError:  # a file system without hard links; a full disk fails in the copy as well
        shutil.copy2(source, target)


def _sync_tree(folder: Path) -> None:
    for path in (*folder.rglob("*"), folder):
        _sync(path)


def _sync(path: Path) -> None:
    """Have a file or folder on the disk, not only in memory: a link must not outlive a power cut that its target
    did not."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _swap_link(link: Path, target: Path) -> None:
    fresh = link.with_name("tables.new")
    fresh.unlink(missing_ok=True)
    fresh.symlink_to(target)
    fresh.replace(link)


def _prune(corpus: Path, newest: int) -> None:
    for folder in (corpus / "snapshots").iterdir():
        if folder.name.isdecimal() and int(folder.name) <= newest - KEPT_SNAPSHOTS:
            # the commit is made; what cannot be removed now is removed after the next one
            shutil.rmtree(folder, ignore_errors=True)


def clear_unfinished(corpus: Path) -> None:
    """Remove what a killed build left behind."""
    for folder in (corpus / "snapshots").glob("*.unfinished"):
        shutil.rmtree(folder, ignore_errors=True)
