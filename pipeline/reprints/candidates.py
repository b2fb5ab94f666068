"""Which pairs of articles are worth comparing: those that share keys of their signatures, joined in DuckDB.

Articles are numbered by time, so that of a pair the one with the smaller number is the earlier.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from pipeline.reprints.shingles import Hashes
from pipeline.reprints.signatures import BANDS, Signatures

Numbers = npt.NDArray[np.int32]

# An article is compared with the earliest so many that share a key with it: furniture that all articles of a site
# carry would make a group of all of them, and copies share many keys. Where a phrase of the press is a key, the
# earliest are strangers and what was copied is rather among the last before: of copies cut short, six in seven that
# were missed among 6,000 articles full of such phrases.
COMPARED = 8
COMPARED_LAST = 4
FURNITURE_OF_A_SITE = 10  # articles of one site; an anchor that so many have is of a line that the site prints anywhere
LEAST_ANCHORS = 0.15  # of the later article's anchors; one that repeats half of an earlier text shares half of them
_MEMORY = "800MB"  # of the join, for any corpus; more is spilled to the disk
# The keys are taken in parts, for a list of the earliest articles a key is not spilled; each takes 100 bytes for the
# while.
_KEYS_AT_ONCE = 1_000_000

_MARKS = np.uint64(1 << 22)  # a mark for the low bits of each key that is looked for leaves few others to compare
_SHIFT = np.uint64(32)
_ANCHOR = BANDS << 32  # keys from here on are anchors, smaller ones bands


@dataclass(frozen=True, slots=True)
class Keyed:
    """The keys of some articles, one row a key: the articles' numbers and the numbers of their sites beside them."""

    keys: npt.NDArray[np.uint64]
    articles: Numbers
    sites: Numbers

    @classmethod
    def of(cls, signatures: Signatures, numbers: Numbers, sites: Numbers) -> Keyed:
        """Lay out the signatures of articles, given with their numbers and sites; short texts have no keys."""
        long = np.flatnonzero(signatures.sizes)
        bands = signatures.bands[long] + (np.arange(BANDS, dtype=np.uint64) << _SHIFT)
        anchors = signatures.anchors + np.uint64(_ANCHOR)
        counts = np.diff(signatures.offsets)
        return cls(
            np.concatenate([bands.ravel(), anchors]),
            np.concatenate([np.repeat(numbers[long], BANDS), np.repeat(numbers, counts)]),
            np.concatenate([np.repeat(sites[long], BANDS), np.repeat(sites, counts)]),
        )

    def keys_of(self, articles: Numbers) -> npt.NDArray[np.uint64]:
        """Return the keys of some of the articles."""
        wanted = np.zeros(int(self.articles.max(initial=-1)) + 1, bool)
        wanted[articles[articles < wanted.size]] = True  # the last ones may be too short to have keys
        return self.keys[wanted[self.articles]]

    def having(self, *keys: npt.NDArray[np.uint64]) -> Keyed:
        """Return all rows of some keys."""
        wanted = np.unique(np.concatenate(keys))
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
def joined(now: Keyed, spill: str | None = None) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a database of all keys, in memory as far as _MEMORY goes and then in the folder `spill`."""
    with duckdb.connect() as connection:
        connection.execute(f"SET memory_limit = '{_MEMORY}'")
        connection.execute("SET preserve_insertion_order = false")
        if spill is not None:
            connection.execute("SET temp_directory = ?", [spill])
        connection.register("now", now.table())
        connection.execute(f"CREATE TABLE furniture AS {_furniture('now')}")
        yield connection


def _furniture(keys: str) -> str:
    return f"""
        SELECT DISTINCT key FROM
            (SELECT key FROM {keys} WHERE key >= {_ANCHOR} GROUP BY key, site HAVING count(*) >= {FURNITURE_OF_A_SITE})
    """  # noqa: S608


def candidates(connection: duckdb.DuckDBPyConnection, asked: Numbers) -> Candidates:
    """Return the pairs whose later article is one of those asked for."""
    connection.register("asked", pa.table({"article": asked}))
    connection.execute("""
        CREATE TABLE met (later INTEGER, earlier INTEGER, bands BIGINT, anchors BIGINT);
        CREATE TABLE anchored (article INTEGER, anchors BIGINT);
    """)
    row = connection.execute("SELECT count(*) FROM now").fetchone()
    parts = 1 + (row[0] if row else 0) // _KEYS_AT_ONCE
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


def _meet(connection: duckdb.DuckDBPyConnection, parts: int, part: int) -> None:
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


def affected(connection: duckdb.DuckDBPyConnection, gone: Keyed, new: Numbers) -> Affected:
    """Return the articles whose answer may be another one than before.

    They are the new ones, what came after a new one or one that is gone and shares a key with it, and what has a line
    that has become furniture, or is it no more. Two that are neither new nor gone are compared as before, but where
    they have such a line, or a key with more articles than are compared, in whose row others now stand.

    Args:
        gone: the keys of articles as they were and are no more, each numbered as the first article of now that is
            later than it.
        new: the articles that were not there, or not so.
    """
    connection.register("gone", gone.table())
    connection.register("new", pa.table({"article": new}))
    connection.execute("""
        CREATE OR REPLACE TABLE fresh AS SELECT key, article, site FROM now SEMI JOIN new USING (article)
    """)
    connection.execute("""
        CREATE OR REPLACE TABLE before AS
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
        SELECT article, anew.article IS NOT NULL AS is_anew FROM asked LEFT JOIN anew USING (article) ORDER BY article
    """).fetchnumpy()  # noqa: S608
    articles = np.asarray(found["article"], np.int32)
    return Affected(articles, articles[np.asarray(found["is_anew"], bool)])
