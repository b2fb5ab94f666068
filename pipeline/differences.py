"""What differs between two snapshots: rows added, removed and changed, table by table, and the articles behind them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import duckdb

from pipeline.schema import KEYS, TABLES
from pipeline.snapshots import Snapshot, TablesUnreadable
from pipeline.tables import arrow_schema


@dataclass(frozen=True, slots=True)
class Difference:
    """How many rows of a table differ; a changed one has the same key and other values.

    `columns` are those in which changed rows differ, the most frequent first.
    """

    table: str
    added: int
    removed: int
    changed: int
    columns: tuple[tuple[str, int], ...]


def differences(old: Snapshot, new: Snapshot) -> Iterator[Difference]:
    """Yield the tables in which two snapshots differ; only files that are not in both are read.

    Raises:
        TablesUnreadable: one has other columns, and cannot be compared.
    """
    for snapshot in (old, new):
        if not snapshot.is_of_this_schema:
            raise TablesUnreadable(
                f"{snapshot.folder}: tables with other columns, written by congdoan "
                f"{snapshot.manifest.get('congdoan')}; compare snapshots that this version made"
            )
    for table in TABLES:
        own = {}
        for snapshot, other in ((old, new), (new, old)):
            shared = {file.sha256 for files in other.files[table].values() for file in files}
            own[snapshot.number] = [
                str(snapshot.path(table, file))
                for files in snapshot.files[table].values()
                for file in files
                if file.sha256 not in shared
            ]
        if own[old.number] or own[new.number]:
            found = _compared(table, own[old.number], own[new.number])
            if found.added or found.removed or found.changed:
                yield found


def _compared(table: str, old: list[str], new: list[str]) -> Difference:
    names = arrow_schema(table).names
    values = [name for name in names if name not in KEYS[table]]
    with duckdb.connect() as connection:
        connection.register("nothing", arrow_schema(table).empty_table())
        columns = ", ".join(f'"{name}"' for name in names)
        for side, files in (("old", old), ("new", new)):
            source = "read_parquet(?, hive_partitioning = false)" if files else "nothing"
            connection.execute(
                f"CREATE TABLE {side} AS SELECT {columns}, true AS here FROM {source}",  # noqa: S608
                [files] if files else [],
            )
        joined = "old FULL JOIN new ON " + " AND ".join(f'old."{name}" = new."{name}"' for name in KEYS[table])
        differ = [f'(old.here AND new.here AND old."{name}" IS DISTINCT FROM new."{name}")' for name in values]
        counted = ["old.here IS NULL", "new.here IS NULL", " OR ".join(differ), *differ]
        counts = ", ".join(f"count(*) FILTER ({condition})" for condition in counted)
        row = connection.execute(f"SELECT {counts} FROM {joined}").fetchone()  # noqa: S608
    added, removed, changed, *by_column = row or (0, 0, 0)
    columns_changed = sorted(zip(values, by_column, strict=False), key=lambda pair: (-pair[1], pair[0]))
    return Difference(table, added, removed, changed, tuple(pair for pair in columns_changed if pair[1]))
