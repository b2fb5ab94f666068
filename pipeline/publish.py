"""Publish a snapshot elsewhere, for those who run a lakehouse: as Delta tables, or as plain Parquet with a manifest.

`parquet`: `<uri>/<table>/site=…/month=…/part.<snapshot>.parquet`, files that are never written twice, and
`<uri>/latest.json`, which lists those of the newest published snapshot. It is written last, by one request, so that who
reads what it lists sees one whole state; old files go after it. `delta`: one Delta table each, a commit a table, and
`<uri>/latest.json` with the version of each table that belongs together.

Both take only the files that are not there yet. Needs `pip install congdoan[publish]`; for S3 also `s3fs`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import pyarrow as pa

from pipeline.schema import TABLES
from pipeline.snapshots import Snapshot, StoredFile
from pipeline.tables import WHOLE, Partition, stored_schema

if TYPE_CHECKING:
    from fsspec import AbstractFileSystem

FORMATS = ("parquet", "delta")
LATEST = "latest.json"
Tell = Callable[[str], None]


class PublishRefused(ValueError):
    """A place or format that cannot be published to; what was published before is as it was."""


@dataclass(frozen=True, slots=True)
class Published:
    """What was done: files written and taken away, or nothing, where the snapshot was there already."""

    snapshot: int
    written: int
    removed: int


def publish(
    snapshot: Snapshot,
    uri: str,
    form: Literal["parquet", "delta"] = "parquet",
    *,
    options: Mapping[str, str] | None = None,
    tell: Tell = lambda _line: None,
) -> Published:
    """Publish a snapshot to a folder or an address that fsspec or Delta know ("s3://bucket/corpus").

    Killed at any moment it leaves what `latest.json` lists as it was, and the next run finishes the work.

    Args:
        options: of the storage, as fsspec takes them (parquet) or as Delta does.

    Raises:
        PublishRefused: the extra is not installed, the place holds something else, or it cannot be written.
    """
    if snapshot.folder is None:
        raise PublishRefused(f"{snapshot.corpus}: nothing is committed yet; `congdoan build` makes the tables")
    place = _Place.at(uri, options or {})
    before = place.latest()
    if before and before.get("format") != form:
        raise PublishRefused(
            f"{uri}: holds tables published as {before.get('format')}; publish {form} to another place"
        )
    if before and before["snapshot"] == snapshot.number and before["files"] == _listed(snapshot):
        return Published(snapshot.number, 0, 0)
    try:
        return (_publish_parquet if form == "parquet" else _publish_delta)(snapshot, place, before, tell)
    except OSError as error:
        raise PublishRefused(f"{uri}: {error.strerror or error}; what was published before is as it was") from error


def _listed(snapshot: Snapshot) -> dict[str, list[list[Any]]]:
    """Return every file by table: path, rows, bytes, digest."""
    listed: dict[str, list[list[Any]]] = {table: [] for table in TABLES}
    for table, file in snapshot.all_files():
        listed[table].append([file.path, file.rows, file.bytes, file.sha256])
    return listed


@dataclass(frozen=True)
class _Place:
    """A folder on some storage."""

    uri: str
    path: str
    storage: AbstractFileSystem
    options: Mapping[str, str]

    @classmethod
    def at(cls, uri: str, options: Mapping[str, str]) -> _Place:
        try:
            import fsspec

            storage, path = fsspec.core.url_to_fs(uri, **options)
        except ImportError as error:
            raise PublishRefused(
                f"{uri}: {error}; publishing needs `pip install 'congdoan[publish]'`, S3 also `pip install s3fs`"
            ) from error
        except ValueError as error:
            raise PublishRefused(f"{uri}: {error}") from error
        return cls(uri.rstrip("/"), path.rstrip("/"), storage, options)

    def latest(self) -> dict[str, Any]:
        """Return what the last publication says, nothing before the first."""
        try:
            said: dict[str, Any] = json.loads(self.storage.cat_file(f"{self.path}/{LATEST}"))
            said["files"], said["snapshot"]
        except FileNotFoundError:
            return {}
        except (ValueError, KeyError, TypeError) as error:
            raise PublishRefused(f"{self.uri}/{LATEST}: not written by congdoan publish; name another place") from error
        return said

    def write_latest(self, said: Mapping[str, Any]) -> None:
        """Say what is published, by one write: on a disk by a rename, on object storage by one request."""
        text = json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()
        self.storage.makedirs(self.path, exist_ok=True)
        if "file" in _protocols(self.storage):
            self.storage.pipe_file(f"{self.path}/{LATEST}.new", text)
            self.storage.mv(f"{self.path}/{LATEST}.new", f"{self.path}/{LATEST}")
        else:
            self.storage.pipe_file(f"{self.path}/{LATEST}", text)


def _protocols(storage: AbstractFileSystem) -> tuple[str, ...]:
    return (storage.protocol,) if isinstance(storage.protocol, str) else tuple(storage.protocol)


# --------------------------------------------------------------------------- Parquet
def _publish_parquet(snapshot: Snapshot, place: _Place, before: Mapping[str, Any], tell: Tell) -> Published:
    listed = _listed(snapshot)
    old = {(table, path): digest for table, files in before.get("files", {}).items() for path, _, _, digest in files}
    written = 0
    for table, file in snapshot.all_files():
        if old.get((table, file.path)) == file.sha256:
            continue
        if (table, file.path) in old:
            raise PublishRefused(
                f"{place.uri}: holds {table}/{file.path} of another corpus; publish each corpus to a place of its own"
            )
        _send(snapshot, table, file, place)
        written += 1
        tell(f"{written} files published")
    said = {"format": "parquet", "snapshot": snapshot.number, "manifest": dict(snapshot.manifest), "files": listed}
    place.write_latest(said)
    gone = old.keys() - {(table, file.path) for table, file in snapshot.all_files()}
    for table, path in sorted(gone):
        place.storage.rm_file(f"{place.path}/{table}/{path}")
    return Published(snapshot.number, written, len(gone))


def _send(snapshot: Snapshot, table: str, file: StoredFile, place: _Place) -> None:
    target = f"{place.path}/{table}/{file.path}"
    place.storage.makedirs(target.rpartition("/")[0], exist_ok=True)
    place.storage.put_file(str(snapshot.path(table, file)), target)


# --------------------------------------------------------------------------- Delta
def _publish_delta(snapshot: Snapshot, place: _Place, before: Mapping[str, Any], tell: Tell) -> Published:
    versions: dict[str, int] = {}
    written = removed = 0
    same_columns = before.get("manifest", {}).get("columns") == snapshot.manifest.get("columns")
    old_files = before.get("files", {}) if same_columns else {}
    for table in TABLES:
        old = {tuple(fields[::3]) for fields in old_files.get(table, ())}
        new = {(file.path, file.sha256): file for name, file in snapshot.all_files() if name == table}
        arriving = [file for key, file in new.items() if key not in old and file.rows]
        leaving = {_partition(path) for path, _ in old - new.keys()}
        versions[table] = _write_delta(snapshot, table, arriving, leaving, place, is_first=table not in old_files)
        written, removed = written + len(arriving), removed + len(leaving - {file.partition for file in arriving})
        tell(f"{table} published")
    said = {"format": "delta", "snapshot": snapshot.number, "manifest": dict(snapshot.manifest), "versions": versions}
    place.write_latest({**said, "files": _listed(snapshot)})
    return Published(snapshot.number, written, removed)


def _partition(path: str) -> Partition:
    return StoredFile(path, 0, 0, "").partition


def _write_delta(
    snapshot: Snapshot,
    table: str,
    arriving: list[StoredFile],
    leaving: set[Partition],
    place: _Place,
    *,
    is_first: bool,
) -> int:
    """Replace the partitions that changed by one commit, and return the version of the table."""
    try:
        from deltalake import CommitProperties, DeltaTable, write_deltalake
    except ImportError as error:
        raise PublishRefused("Delta needs more packages: pip install 'congdoan[publish]'") from error
    schema = _plain(stored_schema(table))
    uri, storage = f"{place.uri}/{table}", dict(place.options) or None
    by = ["site", "month"] if "month" in schema.names else None
    changed = leaving | {file.partition for file in arriving}
    if not is_first and not changed:
        return int(DeltaTable(uri, storage_options=storage).version())
    batches = (batch for file in arriving for batch in _read(snapshot, table, file).cast(schema).to_batches())
    write_deltalake(
        uri,
        pa.RecordBatchReader.from_batches(schema, batches),
        partition_by=by,
        mode="overwrite",
        predicate=None if is_first or WHOLE in changed or by is None else _any_of(changed),
        schema_mode="overwrite" if is_first else None,
        storage_options=storage,
        commit_properties=CommitProperties(custom_metadata={"congdoan.snapshot": str(snapshot.number)}),
    )
    return int(DeltaTable(uri, storage_options=storage).version())


def _read(snapshot: Snapshot, table: str, file: StoredFile) -> pa.Table:
    import pyarrow.parquet as pq

    with pq.ParquetFile(snapshot.path(table, file)) as parquet:
        return parquet.read()


def _plain(schema: pa.Schema) -> pa.Schema:
    """Return a schema with strings for dictionaries, which Delta does not have."""
    return pa.schema(
        [field.with_type(field.type.value_type) if pa.types.is_dictionary(field.type) else field for field in schema]
    )


def _any_of(partitions: set[Partition]) -> str:
    """Return a Delta predicate for some partitions."""
    quoted = [tuple(name.replace("'", "''") for name in partition) for partition in sorted(partitions)]
    return " OR ".join(f"(site = '{site}' AND month = '{month}')" for site, month in quoted)
