"""Import: put pages that somebody else collected into the archive, so that they are built like our own."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from crawler.archive import ArchiveWriter, Capture, TornRecord, read_warc
from pipeline.inputs import READ_IN_FOLDERS, WEB_ARCHIVES, Input, NotImported, read_inputs

IMPORTED = "imported"  # the archive's folder of what our crawler did not fetch


@dataclass(frozen=True, slots=True)
class ImportReport:
    """How many records were archived, and one line for each file or row that was not."""

    archived: int
    refused: tuple[str, ...]


def import_files(corpus: Path, paths: Iterable[Path], now: dt.datetime) -> ImportReport:
    """Archive WARC files, pages, texts and JSON lines; folders are searched for files with their suffixes.

    A page without a URL gets a name made of its content, so importing a file twice makes no second article.

    Raises:
        ArchiveUnwritable: the disk refuses.
    """
    archived = 0
    refused: list[str] = []
    with ArchiveWriter(corpus, IMPORTED, f"{now:%Y%m%dT%H%M%S}-{os.getpid()}") as archive:
        for path in _files(paths):
            try:
                archived += _import_warc(corpus, path, archive) if _is_warc(path) else _import(path, archive, now)
            except (NotImported, TornRecord) as refusal:
                refused.append(str(refusal))
    return ImportReport(archived, tuple(refused))


def _files(paths: Iterable[Path]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            yield from sorted(file for file in path.rglob("*") if file.name.lower().endswith(READ_IN_FOLDERS))
        else:
            yield path


def _is_warc(path: Path) -> bool:
    return path.name.lower().endswith(WEB_ARCHIVES)


def _import(path: Path, archive: ArchiveWriter, now: dt.datetime) -> int:
    count = 0
    for document in read_inputs(path):
        kind = "text/html" if document.kind == "html" else "text/plain; charset=utf-8"
        archive.write_resource(document.url or _name(document), kind, document.content, now)
        count += 1
    return count


def _name(document: Input) -> str:
    return f"urn:sha256:{hashlib.sha256(document.content).hexdigest()}"


def _import_warc(corpus: Path, path: Path, archive: ArchiveWriter) -> int:
    """Copy a compressed WARC file as it is; write the records of an uncompressed one anew."""
    if not path.is_file():
        raise NotImported(f"{path}: no such file")
    if path.suffix.lower() == ".gz":
        count = sum(1 for _ in read_warc(path))
        with path.open("rb") as stream:
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
        folder = corpus / "archive" / IMPORTED
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, folder / f"{digest[:16]}.unfinished")
        (folder / f"{digest[:16]}.unfinished").replace(folder / f"{digest[:16]}.warc.gz")
        return count
    return sum(1 for capture in read_warc(path) if _copied(capture, archive))


def _copied(capture: Capture, archive: ArchiveWriter) -> bool:
    if capture.kind == "resource":
        archive.write_resource(capture.url, capture.content_type or "", capture.body, capture.fetched_at)
    elif capture.kind == "response":
        # the body comes with its encodings undone, so the headers must not claim them
        headers = [pair for pair in capture.headers if pair[0].lower() not in ("content-encoding", "content-length")]
        archive.write_response(capture.url, capture.status, "", headers, capture.body, capture.fetched_at)
    return capture.kind != "revisit"
