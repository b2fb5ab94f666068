"""What the state of a corpus is told from: some columns of a few tables, read once and asked many small questions.

A table of many months is as many files, and each question to it opens them all: of 142 sites with 17,000 months
status asked for minutes. What is told of the articles stands in one list beside the tables.
"""

from __future__ import annotations

from collections.abc import Sequence
from types import MappingProxyType

import duckdb
import pyarrow as pa

from pipeline.article_list import ArticleList
from pipeline.query import Corpus
from pipeline.tables import VIETNAM

_COLUMNS = MappingProxyType(
    {
        "articles": (
            *("site", "revision", "published_at", "first_seen_at", "fetched_at", "gone_at"),
            *("layout", "reprint_of"),
        ),
        "dropped": ("site", "stage", "reason", "url", "fetched_at"),
        "runs": (
            *("site", "started_at", "fetched", "not_modified", "new_articles", "gone", "gated", "errors"),
            "finish_reason",
        ),
    }
)


class Overview:
    """The articles, the captures that are none, and the runs of a corpus, in memory."""

    def __init__(self, corpus: Corpus) -> None:
        """Read them.

        Raises:
            TablesUnreadable: a file of the tables is damaged.
        """
        self.corpus = corpus
        self._database = duckdb.connect()
        self._database.execute(f"SET GLOBAL TimeZone = '{VIETNAM.key}'")
        for table, columns in _COLUMNS.items():
            # in one piece: to take in 17,000 batches of a file each costs seconds and a gigabyte
            self._database.register("read", self._read(table, columns).combine_chunks())
            self._database.execute(f"CREATE TABLE {table} AS FROM read")
            self._database.unregister("read")

    def _read(self, table: str, columns: Sequence[str]) -> pa.Table:
        listed = ArticleList.kept(self.corpus.snapshot) if table == "articles" else None
        if listed is not None:
            return listed.rows.select(columns)
        return self.corpus.sql(f"SELECT {', '.join(columns)} FROM {table}").to_arrow_table()  # noqa: S608 - the schema's

    def sql(self, query: str) -> duckdb.DuckDBPyRelation:
        """Return the answer to one SELECT over the columns of articles, dropped and runs that were read."""
        return self._database.cursor().sql(query)
