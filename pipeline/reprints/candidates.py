"""Which pairs of articles are worth comparing: those that share keys of their signatures, joined in DuckDB.

Articles are numbered by time, so that of a pair the one with the smaller number is the earlier.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from pipeline.reprints.shingles import Hashes
from pipeline.reprints.signatures import BANDS, Signatures

Numbers = npt.NDArray[np.int32]
Database = duckdb.DuckDBPyConnection

# An article is compared with the earliest so many that share a key with it: furniture that all articles of a site
# carry would make a group of all of them, and copies share many keys. Where a phrase of the press is a key, the
# earliest are strangers and what was copied is rather among the last before: of copies cut short, six in seven that
# were missed among 6,000 articles full of such phrases.
COMPARED = 8
COMPARED_LAST = 4
FURNITURE_OF_A_SITE = 10  # articles of one site; an anchor that so many have is of a line that the site prints anywhere
LEAST_ANCHORS = 0.15  # of the later article's anchors; one that repeats half of an earlier text shares half of them
_ARTICLES_FOR_THREADS = 20_000  # below it, threads wait for each other longer than they work
_MEMORY = "800MB"  # of the join, for any corpus; more is spilled to the disk
# The keys are taken in parts, for a list of the earliest articles a key is not spilled; each takes 100 bytes for the
# while.
_KEYS_AT_ONCE = 1_000_000
_MOST_PARTS = 32  # of the anchors: for each part all of them are looked through

_MARKS = np.uint64(1 << 22)  # a mark for the low bits of each key that is looked for leaves few others to compare
_SHIFT = np.uint64(32)
_ANCHOR = BANDS << 32  # keys from here on are anchors, smaller ones bands


@dataclass(frozen=True, slots=True)
class Keyed:
    """Some keys of some articles, one row a key: the articles' numbers and the numbers of their sites beside them."""

    keys: npt.NDArray[np.uint64]
    articles: Numbers
    sites: Numbers

    def having(self, wanted: npt.NDArray[np.uint64]) -> Keyed:
        """Return all rows of some keys, given in ascending order."""
        marks = np.zeros(_MARKS, bool)
        marks[wanted % _MARKS] = True
        rows = np.flatnonzero(marks[self.keys % _MARKS])
        if wanted.size:
            found = self.keys[rows]
            rows = rows[wanted[np.searchsorted(wanted, found).clip(max=wanted.size - 1)] == found]
        return Keyed(self.keys[rows], self.articles[rows], self.sites[rows])

    def table(self) -> pa.Table:
        """Return them as Arrow, without a copy."""
        return pa.table({"key": self.keys, "article": self.articles, "site": self.sites})


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys of articles, given by their signatures with their numbers and sites; short texts have none.

    Laid out, a key takes four times the memory that it has in its signature. So they are laid out in parts; all rows of
    a key are in one.
    """

    signatures: Signatures
    numbers: Numbers
    sites: Numbers

    def parts(self) -> Iterator[Keyed]:
        """Yield all keys, about _KEYS_AT_ONCE at a time."""
        long = np.flatnonzero(self.signatures.sizes)
        numbers, sites = self.numbers[long], self.sites[long]
        at_once = max(1, _KEYS_AT_ONCE // max(1, long.size))
        for first in range(0, BANDS, at_once):
            bands = np.arange(first, min(first + at_once, BANDS), dtype=np.uint64)
            keys = self.signatures.bands[long, first : first + at_once] + (bands << _SHIFT)
            yield Keyed(keys.ravel(), np.repeat(numbers, bands.size), np.repeat(sites, bands.size))
        anchors = self.signatures.anchors
        parts = min(1 + anchors.size // _KEYS_AT_ONCE, _MOST_PARTS)
        owners = np.repeat(np.arange(self.numbers.size, dtype=np.int32), np.diff(self.signatures.offsets))
        for part in range(parts):
            own = np.flatnonzero(anchors % np.uint32(parts) == part)
            of = owners[own]
            yield Keyed(anchors[own] + np.uint64(_ANCHOR), self.numbers[of], self.sites[of])

    def laid_out(self) -> Keyed:
        """Return all keys: for few articles."""
        return _together(self.parts())

    def of(self, articles: Numbers) -> npt.NDArray[np.uint64]:
        """Return the keys of some of the articles."""
        some = np.flatnonzero(np.isin(self.numbers, articles))
        return Keys(self.signatures.take(some), self.numbers[some], self.sites[some]).laid_out().keys

    def having(self, *keys: npt.NDArray[np.uint64]) -> Keyed:
        """Return all rows of some keys."""
        wanted = np.unique(np.concatenate(keys))
        return _together(part.having(wanted) for part in self.parts())


def _together(parts: Iterable[Keyed]) -> Keyed:
    some = list(parts)
    return Keyed(
        np.concatenate([part.keys for part in some]),
        np.concatenate([part.articles for part in some]),
        np.concatenate([part.sites for part in some]),
    )


@dataclass(frozen=True, slots=True)
class Candidates:
    """Pairs to be compared, by later and then by earlier article; and the anchors that are furniture, ascending."""

    later: Numbers
    earlier: Numbers
    furniture: Hashes


@dataclass(frozen=True, slots=True)
class Affected:
    """The articles whose answer may be another one than before.

    Attributes:
        articles: all of them, ascending.
        anew: those that are compared with all that they share keys with; for the others only new articles may have
            made a difference.
    """

    articles: Numbers
    anew: Numbers


@contextmanager
def database(articles: int, spill: str | None = None) -> Iterator[Database]:
    """Open a database in memory, as far as _MEMORY goes, and then in the folder `spill`, for so many articles."""
    with duckdb.connect() as connection:
        if articles < _ARTICLES_FOR_THREADS:
            connection.execute("SET threads = 1")
        connection.execute(f"SET memory_limit = '{_MEMORY}'")
        connection.execute("SET preserve_insertion_order = false")
        if spill is not None:
            connection.execute("SET temp_directory = ?", [spill])
        yield connection


def _furniture(keys: str) -> str:
    return f"""
        SELECT DISTINCT key FROM
            (SELECT key FROM {keys} WHERE key >= {_ANCHOR} GROUP BY key, site HAVING count(*) >= {FURNITURE_OF_A_SITE})
    """  # noqa: S608


def candidates(keyed: Iterable[Keyed], asked: Numbers, connection: Database) -> Candidates:
    """Return the pairs whose later article is one of those asked for.

    Args:
        keyed: the keys of all articles, or those that articles asked for have; all rows of a key are in one part.
    """
    connection.register("asked", pa.table({"article": asked}))
    connection.execute("""
        CREATE TABLE met (later INTEGER, earlier INTEGER, bands BIGINT, anchors BIGINT);
        CREATE TABLE anchored (article INTEGER, anchors BIGINT);
        CREATE TABLE furniture (key UBIGINT);
    """)
    for some in keyed:
        parts = 1 + some.keys.size // _KEYS_AT_ONCE
        connection.register("now", some.table())
        connection.execute(f"INSERT INTO furniture {_furniture('now')}")
        for part in range(parts):
            _meet(connection, parts, part)
    pairs = connection.execute(f"""
        SELECT later, earlier FROM (
            SELECT later, earlier, sum(bands) AS bands, sum(anchors) AS anchors FROM met GROUP BY ALL
        ) AS met LEFT JOIN (
            SELECT article, sum(anchors) AS anchors FROM anchored GROUP BY article
        ) AS own ON met.later = own.article
        WHERE met.bands > 0 OR met.anchors >= {LEAST_ANCHORS} * own.anchors
        ORDER BY later, earlier
    """).fetchnumpy()  # noqa: S608
    furniture = connection.execute(f"SELECT (key - {_ANCHOR})::UINTEGER AS hash FROM furniture ORDER BY ALL")  # noqa: S608
    return Candidates(
        np.asarray(pairs["later"], np.int32),
        np.asarray(pairs["earlier"], np.int32),
        np.asarray(furniture.fetchnumpy()["hash"], np.uint32),
    )


def _meet(connection: Database, parts: int, part: int) -> None:
    """Add to `met` and `anchored` what one part of the keys says."""
    connection.execute(f"""
        CREATE OR REPLACE TEMP TABLE here AS
        SELECT key, article FROM now ANTI JOIN furniture USING (key) WHERE key % {parts} = {part};
        CREATE OR REPLACE TEMP TABLE own AS SELECT key, article FROM here SEMI JOIN asked USING (article);
        INSERT INTO anchored SELECT article, count(*) FROM own WHERE key >= {_ANCHOR} GROUP BY article;
        INSERT INTO met
        WITH first AS (
            SELECT key, unnest(min(article, {COMPARED})) AS article
            FROM here SEMI JOIN own USING (key) GROUP BY key HAVING count(*) > 1
        )
        SELECT own.article, first.article,
            count(*) FILTER (own.key < {_ANCHOR}), count(*) FILTER (own.key >= {_ANCHOR})
        FROM own JOIN first ON own.key = first.key AND first.article < own.article GROUP BY ALL;
        INSERT INTO met
        WITH crowded AS (
            SELECT key, list_max(min(article, {COMPARED})) AS last FROM here SEMI JOIN own USING (key)
            WHERE key >= {_ANCHOR} GROUP BY key HAVING count(*) > {COMPARED}
        ),
        close AS (
            SELECT key, last, article AS later, unnest(list(article) OVER (
                PARTITION BY key ORDER BY article ROWS BETWEEN {COMPARED_LAST} PRECEDING AND 1 PRECEDING
            )) AS earlier FROM here JOIN crowded USING (key)
        )
        SELECT later, earlier, 0, count(*) FROM close SEMI JOIN asked ON later = asked.article
        WHERE earlier > last GROUP BY ALL;
    """)  # noqa: S608


def affected(now: Keyed, gone: Keyed, new: Numbers, connection: Database) -> Affected:
    """Return the articles whose answer may be another one than before.

    They are the new ones, what came after a new one or one that is gone and shares a key with it, and what has a line
    that has become furniture, or is it no more. Two that are neither new nor gone are compared as before, but where
    they have such a line, or a key with more articles than are compared, in whose row others now stand.

    Args:
        now: the rows of the keys of new articles and of those that are gone.
        gone: the keys of articles as they were and are no more, each numbered as the first article of now that is
            later than it.
        new: the articles that were not there, or not so.
    """
    connection.register("now", now.table())
    connection.register("gone", gone.table())
    connection.register("new", pa.table({"article": new}))
    connection.execute(f"CREATE TABLE furniture AS {_furniture('now')}")
    connection.execute("""
        CREATE TABLE fresh AS SELECT key, article, site FROM now SEMI JOIN new USING (article)
    """)
    connection.execute("""
        CREATE TABLE before AS
        SELECT key, article, site FROM now ANTI JOIN new USING (article)
        SEMI JOIN (SELECT key FROM fresh UNION ALL SELECT key FROM gone) touched USING (key)
        UNION ALL SELECT key, article, site FROM gone
    """)
    found = connection.execute(f"""
        WITH changed AS (
            SELECT key, article, 1 AS times FROM fresh UNION ALL SELECT key, article - 1, -1 FROM gone
        ),
        touched AS (SELECT DISTINCT key FROM changed),
        was AS ({_furniture("before")}),
        turned AS (
            (SELECT key FROM was ANTI JOIN furniture USING (key))
            UNION ALL (SELECT key FROM furniture SEMI JOIN touched USING (key) ANTI JOIN was USING (key))
        ),
        since AS (SELECT key, min(article) AS article FROM changed ANTI JOIN furniture USING (key) GROUP BY key),
        shifted AS (SELECT DISTINCT key FROM (
            SELECT key FROM changed ANTI JOIN furniture USING (key) GROUP BY key, article HAVING sum(times) <> 0
        )),
        crowded AS (SELECT DISTINCT key FROM (
            SELECT key, article, true AS is_now FROM now UNION ALL SELECT key, article, false FROM before
        ) SEMI JOIN shifted USING (key) GROUP BY key, is_now HAVING count(*) > {COMPARED}),
        asked AS (
            SELECT article FROM new
            UNION SELECT now.article FROM now JOIN since ON now.key = since.key AND now.article > since.article
            UNION SELECT now.article FROM now SEMI JOIN turned USING (key)
        ),
        anew AS (
            SELECT article FROM new
            UNION SELECT now.article FROM now SEMI JOIN turned USING (key)
            UNION SELECT now.article FROM now SEMI JOIN crowded USING (key)
        )
        SELECT article, anew.article IS NOT NULL AS is_anew
        FROM asked LEFT JOIN anew USING (article) ORDER BY article
    """).fetchnumpy()  # noqa: S608
    connection.execute("DROP TABLE fresh; DROP TABLE before; DROP TABLE furniture")
    for name in ("now", "gone", "new"):
        connection.unregister(name)
    articles = np.asarray(found["article"], np.int32)
    return Affected(articles, articles[np.asarray(found["is_anew"], bool)])
