"""The rules that rows of the tables keep, each as a query that counts the rows that break it.

Most rules are about the rows of one article, which all lie in one partition. They are asked of some partitions at a
time, read once into memory: so one of 100,000 small files opens each of them once and not once a rule. A row that lies
with another article's is found as one of no article. For the rules that are about all rows a few columns are kept of
each partition, 200 bytes an article.
"""
# ruff: noqa: S608 - the names of tables and columns in the queries are the schema's

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager

import duckdb
import pyarrow as pa

from pipeline.query import Corpus
from pipeline.schema import KEYS, TABLES, PassageRow
from pipeline.snapshots import Snapshot
from pipeline.tables import VIETNAM, Partition, stored_schema

_AT_ONCE = 40_000_000  # bytes of files whose rows are held at once; in memory they take about eight times as many
_PASSAGES = tuple(table for table, row in TABLES.items() if issubclass(row, PassageRow))
_OF_AN_ARTICLE = ("revisions", "sentences", *_PASSAGES)


def _all_of(columns: str, tables: Iterable[str]) -> str:
    """Return a query for some columns of several tables, one under the other."""
    return " UNION ALL ".join(f"SELECT {columns} FROM {table}" for table in tables)


def _own_keys(tables: Iterable[str]) -> dict[str, str]:
    """Return the rule that no two rows of a table have one key, for some tables."""
    keys = {table: ", ".join(f'"{column}"' for column in KEYS[table]) for table in tables}
    return {
        f"every row of {table} has a key of its own": f"SELECT count(*) - count(DISTINCT ({key})) FROM {table}"
        for table, key in keys.items()
    }


# what is kept of all partitions for the rules that are about more than one article, and is read with the rest
_OF_ALL_ROWS = {
    "articles": "SELECT article_id, reprint_of FROM articles",
    "figures": "SELECT movement_id, count(*) AS rows FROM figures WHERE movement_id IS NOT NULL GROUP BY ALL",
    "movements": "SELECT DISTINCT movement_id FROM movements",
    "movement_registry": "SELECT movement_id FROM movement_registry",
    "captures": _all_of("capture_file, capture_offset", ("revisions", "dropped")),
    **{table: f"SELECT {', '.join(KEYS[table])} FROM {table}" for table in ("dropped", "runs")},
}
_OF_ALL = {
    **_own_keys(table for table in TABLES if table not in _OF_AN_ARTICLE),
    "captured = articles + other revisions + dropped (a capture in one place only)": """
        SELECT count(*) - count(DISTINCT (capture_file, capture_offset)) FROM captures""",
    "every reprint is of an article": """
        SELECT count(*) FROM articles r ANTI JOIN articles a ON r.reprint_of = a.article_id
        WHERE r.reprint_of IS NOT NULL""",
    "every movement of a figure is known": """
        SELECT coalesce(sum(rows), 0)::BIGINT FROM figures
        ANTI JOIN (FROM movements UNION FROM movement_registry) USING (movement_id)""",
}
_OF_AN_ARTICLES_ROWS = {
    **_own_keys(_OF_AN_ARTICLE),
    "every article is its newest revision": """
        SELECT count(*) FROM articles a LEFT JOIN revisions r USING (article_id, revision)
        WHERE r.digest IS DISTINCT FROM a.digest""",
    "every revision is of an article": "SELECT count(*) FROM revisions ANTI JOIN articles USING (article_id)",
    **{
        f"every row of {table} is where it says": f"""
        SELECT count(*) FROM {table} r LEFT JOIN articles a USING (article_id)
        WHERE substring(a.text, r.start + 1, r."end" - r.start) IS DISTINCT FROM r.{column}"""
        for table, column in (("sentences", "text"), *((table, "surface") for table in _PASSAGES))
    },
    "every back-reference is to a mention before it": """
        SELECT count(*) FROM back_references b
        LEFT JOIN movements m ON m.article_id = b.article_id AND m.start = b.named_at
        WHERE m.movement_id IS DISTINCT FROM b.movement_id OR b.named_at >= b.start""",
    "no number is a figure and refused": """
        SELECT count(*) FROM figures f JOIN refused_numbers n USING (article_id)
        WHERE f.start < n."end" AND n.start < f."end" """,
    "every movement, figure and number is in its sentence": f"""
        SELECT count(*) FROM ({_all_of("article_id, sentence, sentence_text", _PASSAGES)}) x
        LEFT JOIN sentences s USING (article_id, sentence)
        WHERE s.text IS DISTINCT FROM x.sentence_text""",
    "ranges run from low to high": "SELECT count(*) FROM figures WHERE value_high < value",
    "every figure has a number": "SELECT count(*) FROM figures WHERE NOT isfinite(value) OR NOT isfinite(value_high)",
    "no article is empty": "SELECT count(*) FROM articles WHERE trim(text) = '' OR trim(title) = ''",
    "every row lies in the month of its article, its capture or its run": f"""
        SELECT count(*) FROM (
        {_all_of("month, coalesce(strftime(published_at, '%Y-%m'), 'unknown') AS own", ("articles", *_PASSAGES))}
        UNION ALL SELECT month, strftime(fetched_at, '%Y-%m') FROM dropped
        UNION ALL SELECT month, strftime(started_at, '%Y-%m') FROM runs
        UNION ALL SELECT r.month, a.month FROM revisions r JOIN articles a USING (article_id)
        UNION ALL SELECT s.month, a.month FROM sentences s JOIN articles a USING (article_id)) WHERE month <> own""",
    "every row is of its article's site": f"""
        SELECT count(*) FROM ({_all_of("article_id, site", _OF_AN_ARTICLE)}) x
        JOIN articles a USING (article_id) WHERE a.site <> x.site""",
}


def broken_rules(corpus: Corpus) -> Iterator[str]:
    """Yield one line a rule that rows break."""
    broken = Counter(dict.fromkeys([*_OF_ALL, *_OF_AN_ARTICLES_ROWS], 0))
    kept: dict[str, list[pa.Table]] = {name: [] for name in _OF_ALL_ROWS}
    for partitions in _some_at_a_time(corpus.snapshot):
        with _asked({table: _columns_asked_for(corpus, table, partitions) for table in TABLES}) as rows:
            for rule, query in _OF_AN_ARTICLES_ROWS.items():
                broken[rule] += _answer(rows, query)
            for name, query in _OF_ALL_ROWS.items():
                kept[name].append(rows.sql(query).to_arrow_table())
    with _asked({name: pa.concat_tables(pieces) for name, pieces in kept.items()}) as rows:
        for rule, query in _OF_ALL.items():
            broken[rule] += _answer(rows, query)
    yield from (f"tables: {count} rows break the rule: {rule}" for rule, count in broken.items() if count)


@contextmanager
def _asked(tables: Mapping[str, pa.Table]) -> Iterator[duckdb.DuckDBPyConnection]:
    """Give a database of tables in memory."""
    with duckdb.connect() as rows:
        rows.execute(f"SET TimeZone = '{VIETNAM.key}'")
        for name, data in tables.items():
            rows.register(name, data)
        yield rows


def _answer(rows: duckdb.DuckDBPyConnection, query: str) -> int:
    ((count,),) = rows.execute(query).fetchall()
    return int(count)


def _some_at_a_time(snapshot: Snapshot) -> Iterator[list[Partition]]:
    """Yield the partitions, as many at a time as are held in memory at once."""
    sizes: Counter[Partition] = Counter()
    for own in snapshot.files.values():
        sizes.update({name: sum(file.bytes for file in files) for name, files in own.items()})
    some: list[Partition] = []
    held = 0
    for partition, size in sorted(sizes.items()):
        if some and held + size > _AT_ONCE:
            yield some
            some, held = [], 0
        some.append(partition)
        held += size
    if some:
        yield some


def _columns_asked_for(corpus: Corpus, table: str, partitions: Iterable[Partition]) -> pa.Table:
    """Return the columns of a table that rules name: to read one of a small file costs as much as to open it."""
    names = [name for name in stored_schema(table).names if name in _NAMED]
    return corpus.rows(table, partitions).select(*(f'"{name}"' for name in names)).to_arrow_table()


# words of the rules, among them the names of all columns that they ask for
_NAMED = frozenset(re.findall(r"[a-z_0-9]+", " ".join([*_OF_ALL_ROWS.values(), *_OF_AN_ARTICLES_ROWS.values()])))
