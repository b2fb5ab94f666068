"""Check: the invariants of tables and archive that a published number rests on."""
# ruff: noqa: S608 - the names of tables and columns in the queries are the schema's

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from crawler.archive import TornRecord, read_captures, verify
from pipeline.figures.corrections import FILE, ArticleKey, Correction, corrections_at_hand
from pipeline.integrity import damaged_files, orphans
from pipeline.parts import Part
from pipeline.query import Corpus
from pipeline.schema import KEYS, TABLES, PassageRow

_PASSAGES = tuple(table for table, row in TABLES.items() if issubclass(row, PassageRow))
_OF_AN_ARTICLE = ("revisions", "sentences", *_PASSAGES)


def _all_of(columns: str, tables: Iterable[str]) -> str:
    """Return a query for some columns of several tables, one under the other."""
    return " UNION ALL ".join(f"SELECT {columns} FROM {table}" for table in tables)


def _key_of(table: str) -> str:
    return ", ".join(f'"{column}"' for column in KEYS[table])


# Each query counts the rows that break a rule.
_RULES = {
    **{
        f"every row of {table} has a key of its own": f"""
        SELECT count(*) - count(DISTINCT ({_key_of(table)})) FROM {table}"""
        for table in TABLES
    },
    "captured = articles + other revisions + dropped (a capture in one place only)": f"""
        SELECT count(*) - count(DISTINCT (capture_file, capture_offset)) FROM
        ({_all_of("capture_file, capture_offset", ("revisions", "dropped"))})""",
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
    "every reprint is of an article": """
        SELECT count(*) FROM articles r ANTI JOIN articles a ON r.reprint_of = a.article_id
        WHERE r.reprint_of IS NOT NULL""",
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
    "every movement of a figure is known": """
        SELECT count(*) FROM figures f
        ANTI JOIN (SELECT movement_id FROM movements UNION SELECT movement_id FROM movement_registry) m
        USING (movement_id) WHERE f.movement_id IS NOT NULL""",
}


def problems(corpus: Corpus) -> Iterator[str]:
    """Yield one line a damaged or stray file, broken rule, torn WARC file or capture that is in no table."""
    snapshot = corpus.snapshot
    damaged = [f"tables: {each.table}/{each.file.path} {each.why}" for each in damaged_files(snapshot)]
    yield from damaged
    strays = list(orphans(snapshot))
    yield from (f"tables: {path} is part of no snapshot" for path in strays)
    if not (snapshot.corpus / "tables").exists():
        yield "tables: the link to the committed snapshot is gone"
    # damaged files break rules, or cannot be asked; those among the tables that are none of them are read along
    if not damaged and not any(snapshot.folder in path.parents for path in strays):
        yield from broken_rules(corpus)
        yield from unused_corrections(corpus, corrections_at_hand())
        yield from _unaccounted(corpus)
    yield from verify(snapshot.corpus)


def broken_rules(corpus: Corpus) -> Iterator[str]:
    """Yield one line a rule that rows break."""
    for rule, query in _RULES.items():
        ((broken,),) = corpus.sql(query).fetchall()
        if broken:
            yield f"tables: {broken} rows break the rule: {rule}"


def unused_corrections(corpus: Corpus, known: Mapping[ArticleKey, Sequence[Correction]]) -> Iterator[str]:
    """Yield one line a correction of an article of the corpus that mended none of its figures."""
    query = """SELECT f.correction FROM articles a LEFT JOIN figures f USING (article_id)
        WHERE a.site = ? AND a.source_id = ?"""
    for (site, source_id), corrections in known.items():
        batches = corpus.batches(Part(query, (site, source_id)))
        said = {row["correction"] for batch in batches for row in batch.to_pylist()}
        yield from (
            f"{FILE}: article {source_id} of {site} prints no figure {correction.printed!r}; mend or remove the entry"
            for correction in corrections
            if said and correction.says not in said
        )


def _unaccounted(corpus: Corpus) -> Iterator[str]:
    """Compare the captures that the snapshot has read with the rows that they became."""
    in_tables: dict[str, int] = dict(
        corpus.sql(
            "SELECT capture_file, count(*) FROM (SELECT capture_file FROM revisions UNION ALL "
            "SELECT capture_file FROM dropped) GROUP BY ALL"
        ).fetchall()
    )
    for file, read_to in corpus.snapshot.manifest["read_to"].items():
        if not (corpus.snapshot.corpus / file).is_file():
            yield f"{file}: the tables were made from this file, and it is gone from the archive"
            continue
        archived = _captures_until(corpus.snapshot.corpus, file, read_to.get("offset", -1))
        if archived != in_tables.get(file, 0):
            is_cut = (corpus.snapshot.corpus / file).stat().st_size <= read_to.get("offset", -1)
            way_out = ": its end is lost; put the whole file back, from a copy" if is_cut else ""
            yield f"{file}: {archived} captures, {in_tables.get(file, 0)} rows of revisions and dropped{way_out}"


def _captures_until(corpus: Path, file: str, offset: int) -> int:
    """Count the captures of a WARC file up to an offset; revisits (HTTP 304) carry no content and do not count."""
    count = 0
    try:
        for capture in read_captures(corpus, file):
            count += capture.kind != "revisit" and capture.offset <= offset
    except TornRecord:
        pass  # verify() has named it
    return count
