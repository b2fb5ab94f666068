"""Folders of partitions that a commit will bring, made known to readers by glob before it.

A reader by glob lists a table's folders one after the other, all by way of one link. Where the link is swapped between
two of these listings, changed partitions give the new rows or a file that is gone, never a mixture; but a partition
whose folder is new is missing without a word. So such a folder is put into the committed snapshot first, with a file
without rows, and the link is swapped when whoever was listing has done so.
"""

from __future__ import annotations

import time
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.tables import Partition

ANNOUNCED = "announced."  # what the names of such files begin with; they are in no list of files
# What a reader is given for its listing. DuckDB lists 1,000 folders in 20 ms where nothing else is done.
SECONDS_TO_LIST = 0.5
SECONDS_A_FOLDER = 0.0001


class Announcements:
    """The folders that a commit announces.

    What is announced is in no list of files, and stays where it is until the snapshot goes: who has listed it must find
    it, whether or not the commit comes about.
    """

    def __init__(self, corpus: Path, number: int) -> None:
        self._tables = (corpus / "tables").resolve()
        self._name = f"{ANNOUNCED}{number:06d}.parquet"
        self._empty: dict[str, pa.Table | None] = {}  # by table: what a file without rows holds; None needs none
        self._last: float | None = None  # when something was announced, on the clock that never jumps

    def announce(self, table: str, partition: Partition) -> None:
        """Put the folder of a partition into the committed snapshot, if it has none there."""
        folder = self._tables / table / partition.folder
        if folder.is_dir():
            return
        empty = self._rows_of_none(table)
        if empty is None:
            return
        folder.mkdir(parents=True)
        unseen = folder / f".{self._name}.new"
        pq.write_table(empty, unseen)
        unseen.replace(folder / self._name)
        self._last = time.monotonic()

    def _rows_of_none(self, table: str) -> pa.Table | None:
        """Return no rows with the columns of the committed files; None where a reader can miss nothing.

        A table without folders has one file, which a commit takes away: who listed it is told that it is gone.
        """
        if table not in self._empty:
            known = next((self._tables / table).glob("site=*/month=*/*.parquet"), None)
            try:
                self._empty[table] = None if known is None else pq.read_schema(known).empty_table()
            except (OSError, pa.ArrowException):  # damaged: this state can be read as a whole by nobody
                self._empty[table] = None
        return self._empty[table]

    def settle(self, folders: int) -> None:
        """Wait until readers that began to list the folders, at most so many a table, have them all.

        Nothing is waited for where nothing was announced.
        """
        if self._last is not None:
            time.sleep(max(0.0, self._last + SECONDS_TO_LIST + SECONDS_A_FOLDER * folders - time.monotonic()))
