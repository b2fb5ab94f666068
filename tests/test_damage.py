"""What hands, tools and disks do to a corpus: `check` names each in a line, and --repair brings the rows back."""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import re
import shutil
from collections.abc import Callable
from pathlib import Path, PurePosixPath
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from vinhkhe import SITE, Built

from crawler.archive import archive_files, mend
from crawler.archive.scan import Damage, Scanned, scan_warc
from pipeline.check import problems
from pipeline.integrity import damaged_others
from pipeline.pieces import Piece
from pipeline.query import open_corpus
from pipeline.restoration import repair
from pipeline.retention import keep
from pipeline.snapshot_names import names
from pipeline.snapshots import Snapshot, TablesUnreadable

Harm = Callable[[Path], object]


# --------------------------------------------------------------------------- where
def file_of(corpus: Path, table: str) -> Path:
    """Return the file of the paper's largest month; of revisions that of the first ones."""
    (path,) = (corpus / "tables" / table / f"site={SITE}" / "month=2026-08").glob("part.0*.parquet")
    return path


def web_archive(corpus: Path, run: int) -> Path:
    return corpus / [file for file in archive_files(corpus) if SITE in file.parts][run]


def records(path: Path) -> list[Scanned]:
    found = [record for record in scan_warc(path) if not isinstance(record, Damage)]
    assert len(found) > 4
    return found


# --------------------------------------------------------------------------- how
def saved_anew(table: str, change: Callable[[pa.Table], pa.Table]) -> Harm:
    """Save a file as an editor does: a new file under the old name, which other snapshots do not share."""

    def harm(corpus: Path) -> None:
        path = file_of(corpus, table)
        changed = change(pq.read_table(path, partitioning=None))
        path.unlink()
        pq.write_table(changed, path)

    return harm


def swapped(table: str, other: str) -> Harm:
    def harm(corpus: Path) -> None:
        one, two = file_of(corpus, table), file_of(corpus, other)
        first, second = one.read_bytes(), two.read_bytes()
        one.unlink()
        two.unlink()
        one.write_bytes(second)
        two.write_bytes(first)

    return harm


def told(name: str, change: Callable[[Any], object]) -> Harm:
    """Edit a file of JSON in the committed snapshot."""

    def harm(corpus: Path) -> None:
        path = corpus / "tables" / name
        said = json.loads(path.read_text(encoding="utf-8"))
        change(said)
        path.write_text(json.dumps(said), encoding="utf-8")

    return harm


def forged(corpus: Path) -> None:
    """Repeat a row of the figures, and write size and digest of the new file into the list of files."""
    saved_anew("figures", lambda rows: pa.concat_tables([rows, rows.slice(0, 1)]))(corpus)
    path = file_of(corpus, "figures")
    content, name = path.read_bytes(), path.relative_to(corpus / "tables" / "figures").as_posix()

    def forge(listed: dict[str, list[list[Any]]]) -> None:
        (entry,) = (entry for entry in listed["figures"] if entry[0] == name)
        entry[1:] = [entry[1] + 1, len(content), hashlib.sha256(content).hexdigest()]

    told("files.json", forge)(corpus)


def scribbled(corpus: Path) -> None:
    with file_of(corpus, "revisions").open("r+b") as file:  # in place: all snapshots that share it have it
        file.write(b"XXXX")


def an_older_file(corpus: Path) -> None:
    (old,) = (corpus / "snapshots" / "000001" / "articles" / f"site={SITE}" / "month=2026-08").glob("part.*.parquet")
    path = file_of(corpus, "articles")
    path.unlink()
    shutil.copy(old, path)


def renamed(corpus: Path) -> None:
    folder = file_of(corpus, "articles").parent
    folder.rename(folder.with_name("month=2026-07"))


def beside(name: str) -> Harm:
    return lambda corpus: shutil.copy(path := file_of(corpus, "figures"), path.with_name(name))


def led_to(target: str) -> Harm:
    def harm(corpus: Path) -> None:
        (corpus / "tables").unlink()
        (corpus / "tables").symlink_to(target)

    return harm


def a_damaged_copy(corpus: Path) -> None:
    """Copy the snapshot into the place of the link, as tools do that follow links, and lose a file of the copy."""
    folder = (corpus / "tables").resolve()
    (corpus / "tables").unlink()
    shutil.copytree(folder, corpus / "tables")
    file_of(corpus, "figures").write_bytes(b"PAR1")


def without_a_record(corpus: Path) -> None:
    path = web_archive(corpus, 0)
    at, content = records(path)[4], path.read_bytes()
    path.write_bytes(content[: at.offset] + content[at.end :])


def other_words(corpus: Path) -> None:
    """Change words of a page in the archive, and leave the digest as it was."""
    path = web_archive(corpus, 0)
    at, content = next(record for record in records(path) if record.kind == "response"), path.read_bytes()
    changed = gzip.decompress(content[at.offset : at.end]).replace("tổ".encode(), "tồ".encode(), 1)
    path.write_bytes(content[: at.offset] + gzip.compress(changed) + content[at.end :])


def claims_too_much(corpus: Path) -> None:
    """Let the last record, a whole gzip member, claim 500 bytes more than it has."""
    path = web_archive(corpus, -1)
    at, content = records(path)[-1], path.read_bytes()
    plain = gzip.decompress(content[at.offset :])
    longer = re.sub(
        rb"Content-Length: (\d+)", lambda found: b"Content-Length: %d" % (int(found[1]) + 500), plain, count=1
    )
    path.write_bytes(content[: at.offset] + gzip.compress(longer))


def cut_between_records(corpus: Path) -> None:
    path = web_archive(corpus, -1)
    os.truncate(path, records(path)[-1].offset)


def repacked(pack: Callable[[bytes], bytes]) -> Harm:
    def harm(corpus: Path) -> None:
        path = web_archive(corpus, 0)
        path.write_bytes(pack(gzip.decompress(path.read_bytes())))

    return harm


TABLES_HARMED: dict[str, tuple[Harm, str]] = {
    "two tables swapped": (swapped("figures", "refused_numbers"), "figures/.* bytes, and .* were committed"),
    "a row repeated": (saved_anew("figures", lambda rows: pa.concat_tables([rows, rows[:1]])), "figures/.* bytes"),
    "an offset off by one": (
        saved_anew("movements", lambda rows: rows.set_column(7, "start", pc.add(rows["start"], 1))),
        "movements/.* bytes, and",
    ),
    "a column renamed": (
        saved_anew("figures", lambda rows: rows.rename_columns([name.upper() for name in rows.column_names])),
        "figures/.* bytes, and",
    ),
    "a column less": (saved_anew("articles", lambda rows: rows.drop_columns(["lead"])), "articles/.* bytes, and"),
    "the file of an older snapshot": (an_older_file, "articles/.* bytes, and"),
    "scribbled on in place": (scribbled, "revisions/.* was changed since it was committed"),
    "emptied": (lambda corpus: os.truncate(file_of(corpus, "articles"), 0), "articles/.* has 0 bytes, and"),
    "a month renamed": (renamed, "articles/site=.*/month=2026-08/.* is gone"),
    "a table removed": (lambda corpus: shutil.rmtree((corpus / "tables").resolve() / "figures"), "figures/.* is gone"),
    "an analyst's file": (beside("mine.parquet"), r"mine\.parquet is part of no snapshot"),
    "a synchroniser's copy": (beside("part.000002 (conflict).parquet"), "conflict.* is part of no snapshot"),
    "an entry taken off the list": (
        told("files.json", lambda said: said["figures"].pop()),
        "files.json was changed since",
    ),
    "a table taken off the list": (told("files.json", lambda said: said.pop("figures")), "files.json was changed"),
    "a path out of the corpus": (
        told("files.json", lambda said: said["figures"][0].__setitem__(0, "../../../../etc/hostname")),
        "files.json was changed since",
    ),
    "an older list": (
        lambda corpus: shutil.copy(corpus / "snapshots" / "000001" / "files.json", corpus / "tables" / "files.json"),
        "files.json was changed since",
    ),
    "a forged digest": (forged, "files.json was changed since"),
    "another number": (told("snapshot.json", lambda said: said.update(number=1)), "snapshot.json was changed since"),
    "another time": (told("snapshot.json", lambda said: said.update(committed_at="hôm qua")), "snapshot.json was"),
    "no notes of what was read": (told("snapshot.json", lambda said: said.pop("read_to")), "snapshot.json was changed"),
    "a link to nothing": (led_to("snapshots/000009"), "no readable snapshot.json"),
    "a link to itself": (led_to("tables"), "a link that leads to no snapshot"),
    "the link gone": (lambda corpus: (corpus / "tables").unlink(), "the link to the committed snapshot is gone"),
    "a damaged copy for the link": (a_damaged_copy, "figures/.*, in the copy that stands in the place of the link"),
}
MENDED_BY_BUILDING = (
    "two tables swapped",
    "an entry taken off the list",
    "no notes of what was read",
    "a damaged copy for the link",
    "a link to itself",
)
ARCHIVE_HARMED: dict[str, tuple[Harm, str]] = {
    "a record less": (without_a_record, r"they differ at .*: one was changed; put the file back, from a copy"),
    "other words under the old digest": (other_words, "does not match its digest"),
    "a length that is too long": (claims_too_much, "has a wrong Content-Length; put the file back, from a copy"),
    "cut between two records": (cut_between_records, "its end is lost; put the whole file back, from a copy"),
    "unpacked": (repacked(lambda content: content), "no gzip file, though it is called one; take it away"),
    "packed as one": (repacked(gzip.compress), "not a gzip member a record; take it away"),
    "renamed": (lambda corpus: web_archive(corpus, 0).rename(corpus / "archive" / SITE / "x.warc.gz"), "it is gone"),
}


@pytest.fixture
def corpus(built: Built, tmp_path: Path) -> Path:
    """A copy of the corpus to harm."""
    copy = tmp_path / "corpus"
    shutil.copytree(built.corpus, copy, symlinks=True)
    return copy


def found_in(corpus: Path) -> list[str]:
    """Return what `congdoan check` would say."""
    try:
        return list(problems(open_corpus(corpus)))
    except TablesUnreadable as refused:
        return [str(refused)]


def digests(corpus: Path) -> dict[tuple[str, str, Piece], str]:
    listed = Snapshot.committed(corpus).all_files()
    return {(table, str(file.partition), file.piece): file.sha256 for table, file in listed}


@pytest.mark.parametrize("harm", [*TABLES_HARMED, *ARCHIVE_HARMED])
def test_each_harm_is_named_in_a_line(corpus: Path, harm: str) -> None:
    do, said = {**TABLES_HARMED, **ARCHIVE_HARMED}[harm]
    do(corpus)
    found = found_in(corpus)
    assert any(re.search(said, line) for line in found), found
    assert not any("\n" in line for line in found)


@pytest.mark.slow
@pytest.mark.parametrize("harm", MENDED_BY_BUILDING)
def test_repair_brings_the_same_rows_back(corpus: Path, built: Built, harm: str) -> None:
    TABLES_HARMED[harm][0](corpus)
    assert repair(corpus, built.sites, workers=1)
    assert found_in(corpus) == []
    assert digests(corpus) == digests(built.corpus)


def test_a_web_archive_that_somebody_unpacked_is_never_cut(corpus: Path) -> None:
    path = web_archive(corpus, 0)
    path.write_bytes(unpacked := gzip.decompress(path.read_bytes()))
    said = mend(corpus, PurePosixPath(path.relative_to(corpus).as_posix()))
    assert said is not None
    assert "no gzip file" in said
    assert path.read_bytes() == unpacked


def test_an_older_snapshot_that_is_damaged_is_named_and_cleared_away_unless_it_has_a_name(
    corpus: Path, built: Built
) -> None:
    (old,) = (corpus / "snapshots" / "000001" / "articles" / f"site={SITE}" / "month=2026-08").glob("part.*.parquet")
    keep(Snapshot.numbered(corpus, 1), "bai-bao-2026")
    old.write_bytes(b"PAR1")
    (found,) = found_in(corpus)
    assert re.search(
        r"snapshot 1 is not .* \(articles/.* bytes.*; kept as bai-bao-2026: put it back, from a copy", found
    )
    assert any("left: snapshot 1, kept as bai-bao-2026" in line for line in repair(corpus, built.sites, workers=1))
    (corpus / "snapshots" / "000001" / "kept").write_bytes(b"\xff\xfe")
    assert names(corpus / "snapshots" / "000001") == ["\ufffd\ufffd"]
    (corpus / "snapshots" / "000001" / "kept").unlink()
    assert any("removed: snapshot 1" in line for line in repair(corpus, built.sites, workers=1))
    assert list(damaged_others(Snapshot.committed(corpus))) == []
