"""The tables of one snapshot as views of a DuckDB that can read them and nothing else."""

from __future__ import annotations

from pathlib import Path

import duckdb

from pipeline.parts import QueryRefused
from pipeline.schema import TABLES
from pipeline.snapshots import Snapshot, TablesUnreadable
from pipeline.tables import VIETNAM, stored_schema

# what DESCRIBE, SUMMARIZE, FROM and VALUES are to DuckDB as well; MULTI is a PIVOT that asks for its columns first
_READING = {duckdb.StatementType.SELECT, duckdb.StatementType.EXPLAIN, duckdb.StatementType.MULTI}
# how DuckDB says that a file is gone, cut off or no Parquet
_FILE_AT_FAULT = (duckdb.IOException, duckdb.InvalidInputException, duckdb.InternalException)


def connected(snapshot: Snapshot, threads: int | None = None) -> duckdb.DuckDBPyConnection:
    """Return a fresh in-memory database with a view a table, which can read this snapshot and nothing else.

    Args:
        threads: 1 for rows in the order of the tables; several threads give batches as they are done.

    Raises:
        TablesUnreadable: the snapshot was cleared away, or a file of it is not what was committed.
    """
    if snapshot.folder is None or not snapshot.folder.is_dir():
        raise TablesUnreadable(f"snapshot {snapshot.number} was cleared away by later builds; open it again")
    connection = duckdb.connect()
    connection.execute(f"SET TimeZone = '{VIETNAM.key}'")
    if threads is not None:
        connection.execute(f"SET threads = {threads}")
    for table in TABLES:
        _add_view(connection, snapshot, snapshot.folder, table)
    connection.execute(f"SET allowed_directories = ['{_quoted(snapshot.folder)}/']")
    connection.execute("SET enable_external_access = false")
    connection.execute("SET python_enable_replacements = false")  # a table's name never means a Python variable
    connection.execute("SET lock_configuration = true")
    return connection


def _add_view(connection: duckdb.DuckDBPyConnection, snapshot: Snapshot, folder: Path, table: str) -> None:
    names = stored_schema(table).names
    columns = ", ".join(f'"{name}"' for name in names)
    # by folder, so that a question for one site or month opens only its files
    by_folder = (
        "hive_partitioning = true, hive_types_autocast = false"
        if snapshot.files[table] and "month" in names
        else "hive_partitioning = false"
    )
    files = f"{_quoted(folder)}/{table}/**/*.parquet"
    try:
        connection.execute(f"CREATE VIEW {table} AS SELECT {columns} FROM read_parquet('{files}', {by_folder})")  # noqa: S608
    except duckdb.BinderException as error:
        raise TablesUnreadable(
            f"{folder}/{table}: a file has other columns than were committed; `congdoan check` names it, "
            f"`congdoan check --repair --corpus {snapshot.corpus}` makes it anew from the archive"
        ) from error


def _quoted(folder: Path) -> str:
    return str(folder).replace("'", "''")


def reading(query: str) -> str:
    """Return a query that is one reading statement.

    Raises:
        QueryRefused: it is none, or more than one.
        duckdb.Error: it is no SQL.
    """
    statements = duckdb.extract_statements(query)
    if len(statements) != 1 or statements[0].type not in _READING:
        raise QueryRefused("only one SELECT at a time: the tables are read only")
    return query


def refused_by_duckdb(error: duckdb.Error) -> QueryRefused | TablesUnreadable:
    """Return what an error of DuckDB's means: a question that is wrong, or a file of the tables that is damaged."""
    if isinstance(error, _FILE_AT_FAULT) and ".parquet" in str(error):
        reason = str(error).splitlines()[0]
        return TablesUnreadable(
            f"a file of the tables cannot be read ({reason}); `congdoan check --repair` makes it anew"
        )
    return QueryRefused(str(error))
