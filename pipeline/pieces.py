"""Pieces: where a partition has many rows of a table, they lie in several files, by article.

A file is written whole whenever one of its rows changes, and an edit is of one article. How many pieces there are
follows from the number of rows, and where an article's rows lie from its id: so the same rows make the same files,
whatever the builds that brought them. Article ids are digests: each piece has about as many rows as the others, and is
a range of ids. Tables whose rows lie by time are in one piece.

Of revisions the first ones of articles lie apart from the later ones, in pieces of their own: who edits an article
leaves its first text as it is, and few articles are edited at all.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise
from typing import NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.tables import Partition

# From how many rows on a partition is in two pieces; in four from four times as many on, in eight from sixteen times:
# a piece more halves what an edit writes anew, and costs all else. Measured on 108 partitions of 93 articles, in CPU
# milliseconds: to read and write a file 1.5 to 2.5 and by row .0035 (sentences), .0015 (figures), .001 (others), .015
# (revisions, whole texts); each file more costs a whole build 1.3, a commit .03, a query by DuckDB .15, pandas .6.
ROWS_IN_TWO = {
    "revisions": 250,
    "sentences": 500,
    "figures": 500,
    "movements": 1_000,
    "back_references": 1_000,
    "amounts_in_words": 1_000,
    "refused_numbers": 2_000,
}
MOST = 8  # where there are many edits they lie in all pieces, however many these are
LATER_APART = ("revisions",)
_FILE_NAME = re.compile(r"part\.(later\.)?(?:([1-8])-of-([248])\.)?[0-9]{6,}\.parquet")


class Piece(NamedTuple):
    """One of the pieces of a partition, by its number from 0, and how many there are.

    Attributes:
        later: whether it holds later revisions; no others are counted with them.
    """

    number: int
    of: int
    later: bool = False

    def file_name(self, snapshot: int) -> str:
        """Return the name of its file; files of a partition sort as its pieces."""
        layer = "later." if self.later else ""
        place = f"{self.number + 1}-of-{self.of}." if self.of > 1 else ""
        return f"part.{layer}{place}{snapshot:06d}.parquet"

    def holds(self, articles: Iterable[str]) -> bool:
        """Whether the rows of all these articles lie in it."""
        return numbers_of(articles, self.of) <= {self.number}

    @classmethod
    def of_file_name(cls, name: str) -> Piece:
        """Return which piece lies in a file.

        Raises:
            ValueError: no file of ours.
        """
        known = _FILE_NAME.fullmatch(name)
        if known is None:
            raise ValueError(f"{name}: no name of a file of the tables (part.000001.parquet)")
        later = known[1] is not None
        return cls(int(known[2]) - 1, int(known[3]), later) if known[2] else cls(0, 1, later)


@dataclass(frozen=True, slots=True)
class StoredFile:
    """One Parquet file of a snapshot. `path` is relative to the folder of its table, with forward slashes."""

    path: str
    rows: int
    bytes: int
    sha256: str

    @property
    def folder(self) -> str:
        """The folder that it lies in, below that of its table; "" for the table's own."""
        return self.path.rpartition("/")[0]

    @property
    def partition(self) -> Partition:
        """The partition whose rows it holds."""
        return Partition.of_folder(self.folder)

    @property
    def piece(self) -> Piece:
        """Which piece of the partition it is."""
        return Piece.of_file_name(self.path.rpartition("/")[2])


def is_file_name(name: str) -> bool:
    """Whether files of the tables have such names."""
    return _FILE_NAME.fullmatch(name) is not None


def pieces_of(table: str, rows: int) -> int:
    """Return in how many pieces so many rows of a partition lie."""
    count = 1
    while table in ROWS_IN_TWO and count < MOST and rows >= ROWS_IN_TWO[table] * count**2:
        count *= 2
    return count


def _first_ids(count: int) -> list[str]:
    """Return where the pieces after the first begin: ids are hexadecimal, and compare as their digits do."""
    return [f"{number * 256 // count:02x}" for number in range(1, count)]


def numbers_of(articles: Iterable[str], count: int) -> set[int]:
    """Return the numbers of those of so many pieces in which the rows of some articles lie."""
    firsts = _first_ids(count)
    return {bisect_right(firsts, article) for article in (articles if firsts else islice(articles, 1))}


def cut(rows: pa.Table, count: int) -> list[pa.Table]:
    """Return the rows of a partition, which lie by article, piece by piece."""
    if count == 1:
        return [rows]
    ids = rows["article_id"]
    starts = [0, *(pc.sum(pc.less(ids, first)).as_py() or 0 for first in _first_ids(count)), rows.num_rows]
    return [rows.slice(start, end - start) for start, end in pairwise(starts)]


def apart(table: str, rows: pa.Table) -> dict[bool, pa.Table]:
    """Return rows of a partition as they lie apart: later revisions, under True, and all else."""
    if table not in LATER_APART:
        return {False: rows}
    later = pc.greater(rows["revision"], 1)
    if not pc.any(later).as_py():
        return {False: rows, True: rows.slice(0, 0)}
    return {False: rows.filter(pc.invert(later)), True: rows.filter(later)}


def files_apart(table: str, files: Sequence[StoredFile]) -> dict[bool, list[StoredFile]]:
    """Return the files of a partition that hold later revisions, under True, and all others, each by piece."""
    if table not in LATER_APART:
        return {False: [*files]}
    return {later: [file for file in files if file.piece.later == later] for later in (False, True)}
