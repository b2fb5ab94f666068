"""Check: the invariants of tables and archive that a published number rests on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from crawler.archive import TornRecord, read_captures, verify
from crawler.lock import is_being_built
from pipeline.figures.corrections import FILE, ArticleKey, Correction, corrections_at_hand
from pipeline.integrity import damaged_copies, damaged_files, damaged_others, orphans
from pipeline.invariants import broken_rules
from pipeline.parts import Part
from pipeline.query import Corpus
from pipeline.snapshot_names import names
from pipeline.snapshots import Snapshot, folder_of

_NAMED = 3  # captures of a file that a line names


def problems(corpus: Corpus) -> Iterator[str]:
    """Yield one line a damaged or stray file, broken rule, torn WARC file or capture that is in no table."""
    snapshot = corpus.snapshot
    damaged = [f"tables: {each.table}/{each.file.path} {each.why}" for each in damaged_files(snapshot)]
    yield from damaged
    yield from (
        f"tables: {each.table}/{each.file.path} {each.why}, in the copy that stands in the place of the link"
        for each in damaged_copies(snapshot)
    )
    for number, why in damaged_others(snapshot):
        named = names(folder_of(snapshot.corpus, number))
        way_out = f"kept as {', '.join(named)}: put it back, from a copy" if named else "--repair clears it away"
        yield f"tables: snapshot {number} is not what was committed ({why}); {way_out}"
    yield from (f"tables: {path} is part of no snapshot" for path in _strays(snapshot))
    if not (snapshot.corpus / "tables").exists():
        yield "tables: the link to the committed snapshot is gone"
    if not damaged:  # damaged files break rules, or cannot be asked
        yield from broken_rules(corpus)
        yield from unused_corrections(corpus, corrections_at_hand())
        yield from _unaccounted(corpus)
    yield from verify(snapshot.corpus)


def _strays(snapshot: Snapshot) -> Iterator[Path]:
    """Yield what is part of no snapshot, without what a build at work has beside them for now."""
    found = list(orphans(snapshot))
    if found and is_being_built(snapshot.corpus):
        found = [path for path in found if snapshot.folder in path.parents]
    yield from (path for path in found if path.exists())


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
    """Compare the captures that the snapshot has read with the rows that they became, file by file."""
    folder, read = corpus.snapshot.corpus, corpus.snapshot.manifest["read_to"]
    rows = corpus.sql(
        "SELECT capture_file, list(capture_offset) AS offsets FROM (SELECT capture_file, capture_offset FROM revisions "
        "UNION ALL SELECT capture_file, capture_offset FROM dropped) GROUP BY ALL ORDER BY ALL"
    ).to_arrow_table()
    offsets = dict(zip(rows["capture_file"].to_pylist(), rows["offsets"], strict=True))
    for file in sorted(offsets.keys() - read.keys()):
        yield f"{file}: {len(offsets[file])} rows of revisions and dropped are from this file, which no build has read"
    for file, read_to in read.items():
        path, last = folder / file, read_to.get("offset", -1)
        if not path.is_file():
            yield f"{file}: the tables were made from this file, and it is gone from the archive"
            continue
        archived = _captures_until(folder, file, last)
        in_tables = {*offsets[file].as_py()} if file in offsets else set()
        if archived != in_tables:
            is_cut = path.stat().st_size <= last
            what = "its end is lost; put the whole file back" if is_cut else "one was changed; put the file back"
            counts = f"{len(archived)} captures, {len(in_tables)} rows of revisions and dropped"
            at = ", ".join(map(str, sorted(archived ^ in_tables)[:_NAMED]))
            yield f"{file}: {counts}; they differ at {at}: {what}, from a copy"


def _captures_until(corpus: Path, file: str, offset: int) -> set[int]:
    """Return where the captures of a WARC file lie, up to an offset; revisits (HTTP 304) carry no content."""
    found = set()
    try:
        for capture in read_captures(corpus, file):
            if capture.offset > offset:
                break
            if capture.kind != "revisit":
                found.add(capture.offset)
    except TornRecord:
        pass  # verify() has named it
    return found
