"""Publish a snapshot elsewhere, for those who run a lakehouse: as Delta tables, or as plain Parquet with a manifest.

`parquet`: `<uri>/<table>/site=…/month=…/part.<snapshot>.parquet`, files named as in the corpus and never written twice,
and `<uri>/latest.json`, which lists those of the newest published snapshot. It is written last, by one request, so that
who reads what it lists sees one whole state; old files go after it. `delta`: one Delta table each, a commit a table,
and `<uri>/latest.json` with the version of each table that belongs together.

Both take only what is not there yet. Needs `pip install congdoan[publish]`, for S3 `congdoan[s3]`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from crawler.archive import ArchiveUnwritable
from crawler.lock import exclusive
from pipeline.pieces import StoredFile, is_file_name
from pipeline.remote import PublishRefused, RemoteFolder, refused_by_storage
from pipeline.schema import TABLES
from pipeline.snapshots import Snapshot

__all__ = ["FORMATS", "PublishRefused", "Published", "publish"]

FORMATS = ("parquet", "delta")
Tell = Callable[[str], None]


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
        options: of the storage, as fsspec takes them or as Delta does (`RemoteFolder.at`).

    Raises:
        PublishRefused: the extra is not installed, the place holds something else, or it cannot be written.
        CorpusBusy: the corpus is being published already.
    """
    if snapshot.folder is None:
        raise PublishRefused(f"{snapshot.corpus}: nothing is committed yet; `congdoan build` makes the tables")
    place = RemoteFolder.at(uri, options or {})
    if place.is_in(snapshot.corpus):
        raise PublishRefused(f"{uri}: lies in the corpus, whose tables are its own; publish to another folder")
    with _alone(snapshot.corpus, tell):
        before = place.latest()
        if before and before.get("format") != form:
            raise PublishRefused(
                f"{uri}: holds tables published as {before.get('format')}; publish {form} to another place"
            )
        if before and before["snapshot"] == snapshot.number and before["files"] == _listed(snapshot):
            return Published(snapshot.number, 0, 0)
        with refused_by_storage(uri):
            return (
                _publish_parquet(snapshot, place, before, tell)
                if form == "parquet"
                else _publish_delta(snapshot, place, before, tell)
            )


@contextmanager
def _alone(corpus: Path, tell: Tell) -> Iterator[None]:
    """Have one publication of a corpus at a time: of two, the later could take away what the other lists.

    Raises:
        CorpusBusy: there is one.
    """
    with ExitStack() as held:
        try:
            held.enter_context(exclusive(corpus / "publish.lock", f"{corpus} is being published"))
        except ArchiveUnwritable as error:
            tell(f"warning: {error.__cause__}: published without a lock; see that nobody else publishes this corpus")
        yield


def _listed(snapshot: Snapshot) -> dict[str, list[list[Any]]]:
    """Return every file by table: path, rows, bytes, digest."""
    listed: dict[str, list[list[Any]]] = {table: [] for table in TABLES}
    for table, file in snapshot.all_files():
        listed[table].append([file.path, file.rows, file.bytes, file.sha256])
    return listed


def _publish_parquet(snapshot: Snapshot, place: RemoteFolder, before: Mapping[str, Any], tell: Tell) -> Published:
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
        place.send(str(snapshot.path(table, file)), f"{table}/{file.path}")
        written += 1
        tell(f"{written} files published")
    said = {"format": "parquet", "snapshot": snapshot.number, "manifest": dict(snapshot.manifest), "files": listed}
    place.write_latest(said)
    gone = sorted(_gone(snapshot, place))
    for path in gone:
        place.remove(path)
    return Published(snapshot.number, written, len(gone))


def _gone(snapshot: Snapshot, place: RemoteFolder) -> Iterator[str]:
    """Yield the files that earlier snapshots have brought and this one does not have, killed publications' too."""
    kept = {f"{table}/{file.path}" for table, file in snapshot.all_files()}
    for table in TABLES:
        for path in place.files(table):
            if path not in kept and is_file_name(path.rpartition("/")[2]):
                yield path


def _publish_delta(snapshot: Snapshot, place: RemoteFolder, before: Mapping[str, Any], tell: Tell) -> Published:
    try:
        from pipeline.delta import DeltaFolder
    except ImportError as error:
        raise PublishRefused("Delta needs more packages: pip install 'congdoan[publish]'") from error
    is_known = before.get("manifest", {}).get("columns") == snapshot.manifest.get("columns")
    versions: dict[str, int] = {}
    written = removed = 0
    for table in TABLES:
        delta = DeltaFolder(place, table)
        version = before["versions"][table] if is_known else None
        listed = before["files"][table] if delta.brought_back_to(version, snapshot.number) else []
        old = {(path, digest) for path, _, _, digest in listed}
        new = {(file.path, file.sha256): file for name, file in snapshot.all_files() if name == table}
        fresh = [file for key, file in new.items() if key not in old and file.rows]
        left = {StoredFile(path, 0, 0, "").partition for path, _ in old - new.keys()}
        # a partition is replaced whole, with what is as before in its other pieces
        changed = left | {file.partition for file in fresh}
        arriving = [file for file in new.values() if file.partition in changed and file.rows]
        versions[table] = delta.write(snapshot, arriving, changed, whole=not listed)
        written, removed = written + len(fresh), removed + len(changed - {file.partition for file in arriving})
        tell(f"{table} published")
    said = {"format": "delta", "snapshot": snapshot.number, "manifest": dict(snapshot.manifest), "versions": versions}
    place.write_latest({**said, "files": _listed(snapshot)})
    return Published(snapshot.number, written, removed)
