"""Delta tables that a snapshot is published as, one a table. Needs the extra `publish`; the only door to deltalake."""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa
import pyarrow.parquet as pq
from deltalake import CommitProperties, DeltaTable, write_deltalake
from deltalake.exceptions import DeltaError, TableNotFoundError

from pipeline.pieces import StoredFile
from pipeline.remote import PublishRefused, RemoteFolder
from pipeline.snapshots import Snapshot
from pipeline.tables import WHOLE, Partition, stored_schema

_OURS = "congdoan.snapshot"  # in the history of a table: which snapshot a commit brought


class DeltaFolder:
    """One table in a folder."""

    def __init__(self, place: RemoteFolder, table: str) -> None:
        self.table = table
        self.uri = f"{place.uri}/{table}"
        self._options = dict(place.options) or None

    def _open(self) -> DeltaTable | None:
        try:
            return DeltaTable(self.uri, storage_options=self._options)
        except TableNotFoundError:
            return None

    def brought_back_to(self, version: int | None, number: int) -> bool:
        """Whether the table is what it was at a version; where a publication broke off after it, it is made so again.

        Args:
            version: None where the table is to be written whole in any case.
            number: of the snapshot that is being published, for the table's history.

        Raises:
            PublishRefused: a table that is none of ours.
        """
        there = self._open()
        if there is None:
            return False
        if version is None:
            if not any(_OURS in commit for commit in there.history()):
                raise PublishRefused(f"{self.uri}: a Delta table that congdoan did not publish; name another place")
            return False
        if there.version() != version:
            try:
                there.restore(version, commit_properties=_said_by(number))
            except DeltaError:  # its files were vacuumed
                return False
        return True

    def write(self, snapshot: Snapshot, arriving: list[StoredFile], changed: set[Partition], *, whole: bool) -> int:
        """Replace the partitions that changed by one commit, or all, and return the version of the table.

        Args:
            arriving: all files of these partitions that have rows.
        """
        schema = _plain(stored_schema(self.table))
        by = ["site", "month"] if "month" in schema.names else None
        if whole or changed:
            write_deltalake(
                self.uri,
                pa.RecordBatchReader.from_batches(schema, self._batches(snapshot, arriving, schema)),
                partition_by=by,
                mode="overwrite",
                predicate=None if whole or WHOLE in changed or by is None else _any_of(changed),
                schema_mode="overwrite" if whole else None,
                storage_options=self._options,
                commit_properties=_said_by(snapshot.number),
            )
        return int(DeltaTable(self.uri, storage_options=self._options).version())

    def _batches(self, snapshot: Snapshot, files: list[StoredFile], schema: pa.Schema) -> Iterator[pa.RecordBatch]:
        for file in files:
            with pq.ParquetFile(snapshot.path(self.table, file)) as parquet:
                yield from parquet.read().cast(schema).to_batches()


def _said_by(number: int) -> CommitProperties:
    return CommitProperties(custom_metadata={_OURS: str(number)})


def _plain(schema: pa.Schema) -> pa.Schema:
    """Return a schema with strings for dictionaries, which Delta does not have."""
    return pa.schema(
        [field.with_type(field.type.value_type) if pa.types.is_dictionary(field.type) else field for field in schema]
    )


def _any_of(partitions: set[Partition]) -> str:
    """Return a Delta predicate for some partitions."""
    quoted = [tuple(name.replace("'", "''") for name in partition) for partition in sorted(partitions)]
    return " OR ".join(f"(site = '{site}' AND month = '{month}')" for site, month in quoted)
