"""Delta tables that a snapshot is published as, one a table. Needs the extra `publish`; the only door to deltalake."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cached_property

import pyarrow as pa
import pyarrow.parquet as pq
from deltalake import CommitProperties, DeltaTable, Schema, write_deltalake
from deltalake.exceptions import DeltaError, TableNotFoundError
from deltalake.transaction import AddAction, create_table_with_add_actions

from pipeline.pieces import StoredFile
from pipeline.remote import PublishRefused, RemoteFolder
from pipeline.snapshots import Snapshot
from pipeline.tables import WHOLE, Partition, stored_schema

_OURS = "congdoan.snapshot"  # in the history of a table: which snapshot a commit brought
_CHANGED_AT_ONCE = 500  # partitions; of more all files are sent: Delta holds 300 kB for each that it writes


class DeltaFolder:
    """One table in a folder."""

    def __init__(self, place: RemoteFolder, table: str) -> None:
        self.table = table
        self._place = place
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
        if whole or len(changed) > _CHANGED_AT_ONCE:
            self._replace_all(snapshot)
        elif changed:
            self._replace(snapshot, arriving, changed)
        return int(DeltaTable(self.uri, storage_options=self._options).version())

    def _replace_all(self, snapshot: Snapshot) -> None:
        """Send the snapshot's own files, one after the other, and have the table consist of them by one commit.

        To write all rows anew holds a writer open for each partition: 17,000 of them took 6 GB.
        """
        at = int(snapshot.committed_at.timestamp() * 1000) if snapshot.committed_at else 0
        added = []
        for table, file in snapshot.all_files():
            if table == self.table and file.rows:
                # by its content too: a corpus that was made anew counts its snapshots from 1 again
                path = f"{file.path.removesuffix('.parquet')}-{file.sha256[:12]}.parquet"
                self._place.send(str(snapshot.path(table, file)), f"{table}/{path}")
                values = {} if file.partition == WHOLE else file.partition._asdict()
                added.append(AddAction(path, file.bytes, values, at, True, json.dumps({"numRecords": file.rows})))
        create_table_with_add_actions(
            self.uri,
            Schema.from_arrow(self._schema),
            added,
            mode="overwrite",
            partition_by=self._by,
            storage_options=self._options,
            commit_properties=_said_by(snapshot.number),
        )

    def _replace(self, snapshot: Snapshot, arriving: list[StoredFile], changed: set[Partition]) -> None:
        write_deltalake(
            self.uri,
            pa.RecordBatchReader.from_batches(self._schema, self._batches(snapshot, arriving)),
            partition_by=self._by,
            mode="overwrite",
            predicate=None if WHOLE in changed or not self._by else _any_of(changed),
            storage_options=self._options,
            commit_properties=_said_by(snapshot.number),
        )

    @cached_property
    def _schema(self) -> pa.Schema:
        return _plain(stored_schema(self.table))

    @property
    def _by(self) -> list[str]:
        return ["site", "month"] if "month" in self._schema.names else []

    def _batches(self, snapshot: Snapshot, files: list[StoredFile]) -> Iterator[pa.RecordBatch]:
        for file in files:
            with pq.ParquetFile(snapshot.path(self.table, file)) as parquet:
                yield from parquet.read().cast(self._schema).to_batches()


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
