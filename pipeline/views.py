"""The tables of one snapshot as views of a DuckDB that can read the files that were committed and nothing else."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import Any

import duckdb
import pyarrow as pa

from pipeline.parts import QueryRefused
from pipeline.schema import TABLES
from pipeline.snapshots import Snapshot, TablesUnreadable
from pipeline.tables import VIETNAM, WHOLE, Partition, stored_schema

# what DESCRIBE, SUMMARIZE, FROM and VALUES are to DuckDB as well; MULTI is a PIVOT that asks for its columns first
_READING = {duckdb.StatementType.SELECT, duckdb.StatementType.EXPLAIN, duckdb.StatementType.MULTI}
# what DuckDB raises; it cannot even be told what is in a damaged file where that is no text
DuckDBFails = (duckdb.Error, UnicodeDecodeError)
# how DuckDB says, with its name, that a file is cut off or no Parquet, and how begin other errors that a question may
# be at fault for; "IO Error", and those of no kind ("TProtocolException: Invalid data") are of files alone
_FILE_AT_FAULT = (duckdb.IOException, duckdb.InvalidInputException, duckdb.InternalException, OSError)
_OF_A_KIND = re.compile(r"\A(?!Invalid Error: |IO Error: )(?:[A-Za-z]+ ){1,3}Error: ")
_ROWS_AT_ONCE = 20_000  # of 25 words; a batch and what is made of it take about 50 MB
_OF_THE_CATALOG = re.compile(r"show|information_schema|duckdb_|pragma_|sqlite_|pg_|all_columns|query", re.I)


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


def refused_by_duckdb(error: Exception) -> QueryRefused | TablesUnreadable:
    """Return what an error of DuckDB's means: a question that is wrong, or a file of the tables that is damaged."""
    said = str(error)
    if (isinstance(error, _FILE_AT_FAULT) and ".parquet" in said) or not _OF_A_KIND.match(said):
        reason = said.splitlines()[0].strip() or type(error).__name__
        return TablesUnreadable(
            f"a file of the tables cannot be read ({reason}); `congdoan check` names it, `congdoan check --repair` "
            "makes it anew"
        )
    return QueryRefused(said)


def streamed(relation: duckdb.DuckDBPyRelation) -> pa.RecordBatchReader:
    """Return the rows of an answer as Arrow batches, to be read one after the other: it may not fit into memory.

    Raises:
        QueryRefused: the query fails on the data; also while it is read.
        TablesUnreadable: a file of the tables is damaged; also while it is read.
    """
    try:
        reader = relation.to_arrow_reader(_ROWS_AT_ONCE)
    except DuckDBFails as error:
        raise refused_by_duckdb(error) from error
    return pa.RecordBatchReader.from_batches(reader.schema, _read_on(reader))


def _read_on(reader: pa.RecordBatchReader) -> Iterator[pa.RecordBatch]:
    try:
        yield from reader
    except (*DuckDBFails, OSError, pa.ArrowException) as error:  # by way of Arrow they are no longer DuckDB's
        raise refused_by_duckdb(error) from error


class Views:
    """A database in memory, with a view a table.

    To look at the 17,000 files of a table takes DuckDB a quarter of a second, each time that it is asked about them.
    So a table has its view when a question first names it, and a part of it can be asked by its files alone.
    """

    def __init__(self, snapshot: Snapshot, threads: int | None = None) -> None:
        """Open it on no file yet; with 1 of `threads` rows come in the order of the tables."""
        self._snapshot = snapshot
        self._made: set[str] = set()
        self._database = duckdb.connect()
        if threads is not None:
            self._database.execute(f"SET threads = {threads}")
        folder = str(snapshot.folder).replace("'", "''")
        # a table's name never means a Python variable
        for setting in (
            f"TimeZone = '{VIETNAM.key}'",
            f"allowed_directories = ['{folder}/']",
            "enable_external_access = false",
            "python_enable_replacements = false",
            "lock_configuration = true",
        ):
            self._database.execute(f"SET GLOBAL {setting}")

    def asked(self, query: str) -> duckdb.DuckDBPyConnection:
        """Return a connection of its own for a question, which finds the tables that it names.

        Raises:
            TablesUnreadable: the snapshot was cleared away, or a file has other columns than were committed.
        """
        connection = self._connected()
        named = {table for table in TABLES if re.search(rf"\b{table}\b", query, re.I)}
        if not named or _OF_THE_CATALOG.search(query):
            named = set(TABLES)
        for table in sorted(named - self._made):
            with self._columns_as_committed(table):
                self._database.execute(f"CREATE VIEW {table} AS {self._rows(table, self._snapshot.files[table])}")
            self._made.add(table)
        return connection

    def part(
        self, table: str, partitions: Collection[Partition], where: str, values: list[Any]
    ) -> duckdb.DuckDBPyRelation:
        """Return the rows of some partitions of a table for which a condition holds, or where it is empty all.

        Raises:
            TablesUnreadable: as `asked`.
        """
        query = f"SELECT * FROM ({self._rows(table, partitions)}) WHERE {where or 'true'}"  # noqa: S608
        with self._columns_as_committed(table):
            return self._connected().sql(f"{query}{'' if partitions else ' AND false'}", params=values)

    def _connected(self) -> duckdb.DuckDBPyConnection:
        self._snapshot.refuse_cleared()
        return self._database.cursor()

    def _rows(self, table: str, partitions: Collection[Partition]) -> str:
        """Return a SELECT of the rows in some partitions of a table; where it is none, of any file, for its columns."""
        committed = self._snapshot.files[table]
        files = [file for name in partitions for file in committed[name]]
        files = files or [next(file for name, file in self._snapshot.all_files() if name == table)]
        paths = sorted(str(self._snapshot.path(table, file)).replace("'", "''") for file in files)
        columns = ", ".join(f'"{name}"' for name in stored_schema(table).names)
        # by folder, so that a question for one site or month opens only its files
        by_folder = "true, hive_types_autocast = false" if files[0].partition != WHOLE else "false"
        listed = ", ".join(f"'{path}'" for path in paths)
        return f"SELECT {columns} FROM read_parquet([{listed}], hive_partitioning = {by_folder})"  # noqa: S608

    @contextmanager
    def _columns_as_committed(self, table: str) -> Iterator[None]:
        """Turn what DuckDB says of columns that are not there into TablesUnreadable: their names are the schema's."""
        try:
            yield
        except duckdb.BinderException as error:
            raise TablesUnreadable(
                f"{self._snapshot.folder}/{table}: a file has other columns than were committed; `congdoan check` "
                f"names it, `congdoan check --repair --corpus {self._snapshot.corpus}` makes it anew from the archive"
            ) from error
