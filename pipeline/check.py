"""Check: the invariants of tables and archive that a published number rests on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from crawler.archive import TornRecord, read_captures, verify
from pipeline.integrity import damaged_files, orphans
from pipeline.query import Corpus

# Each query counts the rows that break a rule.
_RULES = {
    "every article has one row": "SELECT count(*) - count(DISTINCT article_id) FROM articles",
    "captured = articles + other revisions + dropped (a capture in one place only)": """
        SELECT count(*) - count(DISTINCT (capture_file, capture_offset)) FROM
        (SELECT capture_file, capture_offset FROM revisions
        UNION ALL SELECT capture_file, capture_offset FROM dropped)""",
    "every article is its newest revision": """
        SELECT count(*) FROM articles a LEFT JOIN revisions r USING (article_id, revision)
        WHERE r.digest IS DISTINCT FROM a.digest""",
    "every revision is of an article": "SELECT count(*) FROM revisions ANTI JOIN articles USING (article_id)",
    "every sentence is where it says": """
        SELECT count(*) FROM sentences s LEFT JOIN articles a USING (article_id)
        WHERE substring(a.text, s.start + 1, s."end" - s.start) IS DISTINCT FROM s.text""",
    "every movement is where it says": """
        SELECT count(*) FROM movements m LEFT JOIN articles a USING (article_id)
        WHERE substring(a.text, m.start + 1, m."end" - m.start) IS DISTINCT FROM m.surface""",
    "every back-reference is where it says": """
        SELECT count(*) FROM back_references b LEFT JOIN articles a USING (article_id)
        WHERE substring(a.text, b.start + 1, b."end" - b.start) IS DISTINCT FROM b.surface""",
    "every back-reference is to a mention before it": """
        SELECT count(*) FROM back_references b
        LEFT JOIN movements m ON m.article_id = b.article_id AND m.start = b.named_at
        WHERE m.movement_id IS DISTINCT FROM b.movement_id OR b.named_at >= b.start""",
    "every figure is where it says": """
        SELECT count(*) FROM figures f LEFT JOIN articles a USING (article_id)
        WHERE substring(a.text, f.start + 1, f."end" - f.start) IS DISTINCT FROM f.surface""",
    "every amount in words is where it says": """
        SELECT count(*) FROM amounts_in_words w LEFT JOIN articles a USING (article_id)
        WHERE substring(a.text, w.start + 1, w."end" - w.start) IS DISTINCT FROM w.surface""",
    "every refused number is where it says": """
        SELECT count(*) FROM refused_numbers n LEFT JOIN articles a USING (article_id)
        WHERE substring(a.text, n.start + 1, n."end" - n.start) IS DISTINCT FROM n.surface""",
    "no number is a figure and refused": """
        SELECT count(*) FROM figures f JOIN refused_numbers n USING (article_id)
        WHERE f.start < n."end" AND n.start < f."end" """,
    "every movement and figure is in its sentence": """
        SELECT count(*) FROM (SELECT article_id, sentence, sentence_text FROM movements UNION ALL
        SELECT article_id, sentence, sentence_text FROM back_references UNION ALL
        SELECT article_id, sentence, sentence_text FROM figures UNION ALL
        SELECT article_id, sentence, sentence_text FROM amounts_in_words) x
        LEFT JOIN sentences s USING (article_id, sentence)
        WHERE s.text IS DISTINCT FROM x.sentence_text""",
    "ranges run from low to high": "SELECT count(*) FROM figures WHERE value_high < value",
    "every reprint is of an article": """
        SELECT count(*) FROM articles r ANTI JOIN articles a ON r.reprint_of = a.article_id
        WHERE r.reprint_of IS NOT NULL""",
    "no article is empty": "SELECT count(*) FROM articles WHERE trim(text) = '' OR trim(title) = ''",
    "every row lies in the month of its article, its capture or its run": """
        SELECT count(*) FROM (
        SELECT month, coalesce(strftime(published_at, '%Y-%m'), 'unknown') AS own FROM articles UNION ALL
        SELECT month, coalesce(strftime(published_at, '%Y-%m'), 'unknown') FROM movements UNION ALL
        SELECT month, coalesce(strftime(published_at, '%Y-%m'), 'unknown') FROM figures UNION ALL
        SELECT month, coalesce(strftime(published_at, '%Y-%m'), 'unknown') FROM amounts_in_words UNION ALL
        SELECT month, strftime(fetched_at, '%Y-%m') FROM dropped UNION ALL
        SELECT month, strftime(started_at, '%Y-%m') FROM runs UNION ALL
        SELECT r.month, a.month FROM revisions r JOIN articles a USING (article_id) UNION ALL
        SELECT s.month, a.month FROM sentences s JOIN articles a USING (article_id)) WHERE month <> own""",
    "every row is of its article's site": """
        SELECT count(*) FROM (
        SELECT article_id, site FROM revisions UNION ALL SELECT article_id, site FROM sentences UNION ALL
        SELECT article_id, site FROM movements UNION ALL SELECT article_id, site FROM figures UNION ALL
        SELECT article_id, site FROM amounts_in_words) x JOIN articles a USING (article_id) WHERE a.site <> x.site""",
    "every movement of a figure is known": """
        SELECT count(*) FROM figures f
        ANTI JOIN (SELECT movement_id FROM movements UNION SELECT movement_id FROM movement_registry) m
        USING (movement_id) WHERE f.movement_id IS NOT NULL""",
}


def problems(corpus: Corpus) -> Iterator[str]:
    """Yield one line a damaged or stray file, broken rule, torn WARC file or capture that is in no table."""
    damaged = [f"tables: {each.table}/{each.file.path} {each.why}" for each in damaged_files(corpus.snapshot)]
    yield from damaged
    yield from (f"tables: {path} is part of no snapshot" for path in orphans(corpus.snapshot))
    if not (corpus.snapshot.corpus / "tables").exists():
        yield "tables: the link to the committed snapshot is gone"
    if not damaged:  # damaged files break rules, or cannot be asked
        yield from broken_rules(corpus)
        yield from _unaccounted(corpus)
    yield from verify(corpus.snapshot.corpus)


def broken_rules(corpus: Corpus) -> Iterator[str]:
    """Yield one line a rule that rows break."""
    for rule, query in _RULES.items():
        ((broken,),) = corpus.sql(query).fetchall()
        if broken:
            yield f"tables: {broken} rows break the rule: {rule}"


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
            yield f"{file}: {archived} captures, {in_tables.get(file, 0)} rows of revisions and dropped"


def _captures_until(corpus: Path, file: str, offset: int) -> int:
    """Count the captures of a WARC file up to an offset; revisits (HTTP 304) carry no content and do not count."""
    count = 0
    try:
        for capture in read_captures(corpus, file):
            count += capture.kind != "revisit" and capture.offset <= offset
    except TornRecord:
        pass  # verify() has named it
    return count
