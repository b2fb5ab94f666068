"""Ask the tables: pandas, Arrow, Polars and SQL over one consistent snapshot.

corpus = open_corpus("data/corpus")
corpus.figures(kind="money").nlargest(10, "value")
corpus.sql("SELECT name, count(*) FROM movements GROUP BY name ORDER BY 2 DESC")
corpus.search("mai am cong doan")
corpus.key_phrases(site="laodong_vn", month="2026-09")
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import duckdb
import pandas as pd
import pyarrow as pa

from pipeline.claims import REPEATED, ClaimQuestions
from pipeline.filters import Filters
from pipeline.movementquery import MovementQuestions
from pipeline.parts import Part, QueryRefused
from pipeline.retention import Lease, snapshot_at
from pipeline.snapshots import Snapshot, TablesUnreadable
from pipeline.tables import VIETNAM, Partition
from pipeline.textquery import TextQuestions
from pipeline.views import DuckDBFails, Views, reading, refused_by_duckdb, streamed

if TYPE_CHECKING:
    import polars as pl

__all__ = ["Corpus", "CorpusNotBuilt", "QueryRefused", "asked", "open_corpus"]


class CorpusNotBuilt(FileNotFoundError):
    """There are no tables in the folder."""


def open_corpus(path: str | Path, *, at: int | str | dt.date | None = None) -> Corpus:
    """Open a consistent snapshot of all tables of a corpus; later builds neither change it nor clear it away.

    Args:
        at: an earlier snapshot: its number, a name that it is kept by, or a day or time (the last one committed by
            then); the committed one when absent. `congdoan snapshots` lists them.

    Raises:
        CorpusNotBuilt: no such corpus, or one that was never built.
        NoSuchSnapshot: no snapshot of that number, name or time is kept.
        TablesUnreadable: damaged tables, or tables of another schema version.
    """
    corpus = Path(path)
    while True:
        snapshot = snapshot_at(corpus, at)
        if snapshot.folder is None:
            raise CorpusNotBuilt(
                f"{corpus}: no tables here. `congdoan build --corpus {corpus}` makes them from the archive; "
                "`congdoan crawl` or `congdoan import` fill the archive first."
            )
        if not snapshot.is_of_this_schema:
            raise TablesUnreadable(_other_schema(snapshot))
        try:
            return Corpus(snapshot, Lease(snapshot))
        except FileNotFoundError:  # cleared away since it was looked up
            continue


def _other_schema(snapshot: Snapshot) -> str:
    writer = snapshot.manifest.get("congdoan", "an older version")
    way_out = f"`congdoan build --corpus {snapshot.corpus}` makes them anew from the archive"
    if snapshot.number != Snapshot.committed(snapshot.corpus).number:
        way_out = "open it with that version, or open the committed one"
    return (
        f"{snapshot.corpus}: tables with other columns, written by congdoan {writer} (snapshot {snapshot.number}); "
        f"{way_out}"
    )


class Corpus(TextQuestions, ClaimQuestions, MovementQuestions):
    """One snapshot of the tables; search, key phrases, collocations and keyness are of `TextQuestions`, claims of
    `ClaimQuestions`, counts and pairs of movements of `MovementQuestions`.

    Times are shown in Asia/Ho_Chi_Minh.
    """

    def __init__(self, snapshot: Snapshot, lease: Lease) -> None:
        self.snapshot = snapshot
        self._lease = lease

    @cached_property
    def _views(self) -> Views:
        return Views(self.snapshot)

    @cached_property
    def _views_in_order(self) -> Views:
        return Views(self.snapshot, threads=1)

    def articles(self, **filters: Any) -> pd.DataFrame:
        """Return articles, one row an article, newest revision. Filters as in `arrow`."""
        return self._pandas("articles", filters)

    def revisions(self, **filters: Any) -> pd.DataFrame:
        """Return revisions, one row a distinct content of an article."""
        return self._pandas("revisions", filters)

    def sentences(self, **filters: Any) -> pd.DataFrame:
        """Return sentences with tokens, parts of speech and entities, in reading order."""
        return self._pandas("sentences", filters)

    def movements(
        self, *, by: str | Sequence[str] | None = None, reprints: bool = True, **filters: Any
    ) -> pd.DataFrame:
        """Return mentions of movements, one row a mention, or counts of them: `by` month, province, site, kind, year.

        Args:
            by: one group or several: the answer is `movement_counts`.
            reprints: whether what an article with an earlier one's text names counts again.
            filters: as in `arrow`; with `by` as in `movement_counts`.
        """
        if by is not None:
            return self.movement_counts(by, reprints=reprints, **filters)
        frame = self._pandas("movements", filters)
        if reprints:
            return frame
        originals = self.sql("SELECT article_id FROM articles WHERE reprint_of IS NULL").df()["article_id"]
        return frame[frame["article_id"].isin(originals)].reset_index(drop=True)

    def back_references(self, **filters: Any) -> pd.DataFrame:
        """Return words that stand for a movement named before them ("Phong trào này"). Filters as in `arrow`."""
        return self._pandas("back_references", filters)

    def figures(self, *, reprints: bool = True, **filters: Any) -> pd.DataFrame:
        """Return reported figures in base units, one row a figure. Filters as in `arrow`.

        Args:
            reprints: whether a figure that a reprint repeats from its original counts again.
        """
        frame = self._pandas("figures", filters)
        if reprints:
            return frame
        repeated = set(self.sql(REPEATED).fetchall())
        kept = [place not in repeated for place in zip(frame["article_id"], frame["start"], strict=True)]
        return frame.loc[kept].reset_index(drop=True)

    def amounts_in_words(self, **filters: Any) -> pd.DataFrame:
        """Return spelled-out numerals and vague amounts, which are not in `figures`. Filters as in `arrow`."""
        return self._pandas("amounts_in_words", filters)

    def refused_numbers(self, **filters: Any) -> pd.DataFrame:
        """Return numbers that are no figures, each with its reason. Filters as in `arrow`."""
        return self._pandas("refused_numbers", filters)

    def movement_registry(self) -> pd.DataFrame:
        """Return the known movements, one row a movement."""
        return self._pandas("movement_registry", {})

    def dropped(self, **filters: Any) -> pd.DataFrame:
        """Return captured pages that are no revision of an article, with stage and reason."""
        return self._pandas("dropped", filters)

    def runs(self, **filters: Any) -> pd.DataFrame:
        """Return crawl runs, one row a run and site."""
        return self._pandas("runs", filters)

    def arrow(
        self, table: str, *, since: dt.date | str | None = None, until: dt.date | str | None = None, **equal: str | int
    ) -> pa.Table:
        """Return a table as Arrow.

        Args:
            since: first day, in Vietnam: of publication of articles, movements and figures, of capture of revisions and
                dropped, of start of runs. Undated rows are left out.
            until: last day, inclusive.
            equal: column=value, such as site="laodong_vn" or kind="money".

        Raises:
            QueryRefused: no such table or column, a day that is none, or a value that the column cannot hold.
        """
        filters = Filters(table, since, until, equal)
        condition, values = filters.condition()
        try:
            partitions = filters.among(self.snapshot.files[table])
            return self._views.part(table, partitions, condition, values).to_arrow_table()
        except DuckDBFails as error:
            raise refused_by_duckdb(error) from error

    def polars(self, table: str, **filters: Any) -> pl.DataFrame:
        """Return a table as a Polars data frame (needs `pip install congdoan[polars]`). Filters as in `arrow`."""
        import polars as pl

        frame = pl.from_arrow(self.arrow(table, **filters))
        if not isinstance(frame, pl.DataFrame):
            raise TypeError(f"{table} did not come out as a data frame")
        return frame

    def sql(self, query: str) -> duckdb.DuckDBPyRelation:
        """Return the answer to one SELECT over the tables as a DuckDB relation (`.df()`, `.to_arrow_table()`).

        Raises:
            QueryRefused: anything but one reading statement, or SQL that DuckDB does not understand.
        """
        try:
            return self._views.asked(query).sql(reading(query))
        except DuckDBFails as error:
            raise refused_by_duckdb(error) from error

    def answer(self, query: Part) -> pd.DataFrame:
        """Return the rows of one SELECT as a data frame, times in Asia/Ho_Chi_Minh.

        Raises:
            QueryRefused: as in `sql`.
        """
        try:
            relation = self._views.asked(query.query).sql(reading(query.query), params=list(query.values))
            return _in_vietnam(relation.to_arrow_table())
        except DuckDBFails as error:
            raise refused_by_duckdb(error) from error

    def batches(self, query: Part, *, in_order: bool = True) -> Iterator[Any]:
        """Yield the rows of one SELECT as Arrow batches, in the order of the tables or as they come, which is faster.

        Raises:
            QueryRefused: as in `sql`.
        """
        try:
            views = self._views_in_order if in_order else self._views
            relation = views.asked(query.query).sql(reading(query.query), params=list(query.values))
        except DuckDBFails as error:
            raise refused_by_duckdb(error) from error
        yield from streamed(relation)

    def bytes_by_month(self, table: str, named: Mapping[str, Any]) -> Mapping[str, int]:
        """Return how many bytes of files a table has, by each month in which articles of a part may lie."""
        folders = {name: named[name] for name in ("site", "month") if isinstance(named.get(name), str)}
        sizes: Counter[str] = Counter()
        of_articles = Filters("articles", named.get("since"), named.get("until"), folders)
        for partition in of_articles.among(self.snapshot.files["articles"]):
            sizes[partition.month] += sum(file.bytes for file in self.snapshot.files[table].get(partition, ()))
        return sizes

    def count(self, table: str) -> int:
        """Return how many rows a table has; no file is opened for it."""
        return self.snapshot.count(table)

    def reader(self, table: str) -> pa.RecordBatchReader:
        """Return a whole table as Arrow batches, to be read one after the other: it may not fit into memory.

        Raises:
            TablesUnreadable: as `arrow`, also while it is read.
        """
        try:
            relation = self._views_in_order.asked(table).sql(f"FROM {table}")
        except DuckDBFails as error:
            raise refused_by_duckdb(error) from error
        return streamed(relation)

    def rows(self, table: str, partitions: Iterable[Partition]) -> duckdb.DuckDBPyRelation:
        """Return the rows of a table that lie in some partitions, those of other tables too."""
        files = self.snapshot.files[table]
        return self._views.part(table, [name for name in partitions if name in files], "", [])

    def _pandas(self, table: str, filters: dict[str, Any]) -> pd.DataFrame:
        return _in_vietnam(self.arrow(table, **filters))


def _in_vietnam(data: pa.Table) -> pd.DataFrame:
    frame: pd.DataFrame = data.to_pandas()
    for name in frame.columns[[isinstance(kind, pd.DatetimeTZDtype) for kind in frame.dtypes]]:
        frame[name] = frame[name].dt.tz_convert(VIETNAM.key)
    return frame


class Asked(Protocol):
    """A corpus, or what was read of one."""

    def sql(self, query: str) -> duckdb.DuckDBPyRelation:
        """Return the answer to one SELECT."""


def asked(corpus: Asked, query: str, *values: str | dt.date) -> list[tuple[Any, ...]]:
    """Return the rows of a query of our own, with values in the places of its {}."""
    kinds = ["TIMESTAMPTZ " if isinstance(value, dt.datetime) else "" for value in values]
    quoted = [str(value).replace("'", "''") for value in values]
    literals = [f"{kind}'{text}'" for kind, text in zip(kinds, quoted, strict=True)]
    rows: list[tuple[Any, ...]] = corpus.sql(query.format(*literals)).fetchall()
    return rows
