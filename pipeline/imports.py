"""Import: put pages that somebody else collected into the archive, so that they are built like our own."""

from __future__ import annotations

import contextlib
import datetime as dt
import gzip
import hashlib
import os
import shutil
import tempfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from crawler.archive import ArchiveWriter, Capture, TornRecord, read_warc
from crawler.storage import refused_by_disk
from pipeline.inputs import READ_IN_FOLDERS, WEB_ARCHIVES, Input, NotImported, read_inputs
from pipeline.parse import own_address

_CHUNK = 1 << 20  # bytes
IMPORTED = "imported"  # the archive's folder of what our crawler did not fetch


@dataclass(frozen=True, slots=True)
class ImportReport:
    """How many records were archived, and one line for each file or row that was not."""

    archived: int
    refused: tuple[str, ...]


def import_files(corpus: Path, paths: Iterable[Path], now: dt.datetime) -> ImportReport:
    """Archive WARC files, pages, texts and JSON lines; folders are searched for files with their suffixes.

    A page without a URL goes by the address that it gives as its own, else by a name made of its content, so importing
    a file twice makes no second article.

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
        archive.write_resource(_address(document), kind, document.content, now)
        count += 1
    return count


def _address(document: Input) -> str:
    """Return the URL it came with, the one that the page gives as its own, or a name made of its content."""
    own = own_address(document.content) if document.kind == "html" else None
    return document.url or own or f"urn:sha256:{hashlib.sha256(document.content).hexdigest()}"


def _import_warc(corpus: Path, path: Path, archive: ArchiveWriter) -> int:
    """Copy a WARC file of one gzip member a record as it is; write the records of any other anew."""
    if not path.is_file():
        raise NotImported(f"{path}: no such file")
    if path.suffix.lower() == ".gz" and not _is_one_member(path):
        return _copy(corpus, path)
    with _unpacked(path) as plain:
        count = sum(1 for capture in read_warc(plain) if _copied(capture, archive))
    if not count:
        raise NotImported(f"{path}: no record of a page in it; expected a WARC file")
    return count


def _copy(corpus: Path, path: Path) -> int:
    """Copy the whole records of a file into the archive.

    Raises:
        NotImported: there are none, or the file breaks off: those before the break are taken.
    """
    count, whole, broken = 0, path.stat().st_size, ""
    try:
        for _ in read_warc(path):
            count += 1
    except TornRecord as torn:
        whole, broken = torn.offset, f"{path}: broken at byte {torn.offset} of {torn.size}"
    if not count:
        raise NotImported(broken or f"{path}: no record of a page in it; expected a WARC file")
    with path.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    folder = corpus / "archive" / IMPORTED
    with refused_by_disk(folder):
        folder.mkdir(parents=True, exist_ok=True)
        unfinished = folder / f"{digest[:16]}.unfinished"
        shutil.copyfile(path, unfinished)
        os.truncate(unfinished, whole)
        unfinished.replace(folder / f"{digest[:16]}.warc.gz")
    if broken:
        raise NotImported(f"{broken}; the {count} records before it are taken")
    return count


def _is_one_member(path: Path) -> bool:
    """Whether the file was compressed as a whole (`gzip x.warc`), so that its records have no offsets of their own."""
    member = zlib.decompressobj(wbits=31)
    try:
        with path.open("rb") as stream:
            while not member.eof and (chunk := stream.read(_CHUNK)):
                member.decompress(chunk)
            return member.eof and not member.unused_data and not stream.read(1)
    except zlib.error:
        return False  # read_warc says where it breaks


@contextlib.contextmanager
def _unpacked(path: Path) -> Iterator[Path]:
    """Give an uncompressed WARC file: the file itself, or a copy of it for as long as it is read."""
    if path.suffix.lower() != ".gz":
        yield path
        return
    with tempfile.TemporaryDirectory() as folder:
        plain = Path(folder) / path.name.removesuffix(".gz")
        with gzip.open(path) as packed, plain.open("wb") as out:
            shutil.copyfileobj(packed, out, _CHUNK)
        yield plain


def _copied(capture: Capture, archive: ArchiveWriter) -> bool:
    if capture.kind == "resource":
        archive.write_resource(capture.url, capture.content_type or "", capture.body, capture.fetched_at)
    elif capture.kind == "response":
        # the body comes with its encodings undone, so the headers must not claim them
        headers = [pair for pair in capture.headers if pair[0].lower() not in ("content-encoding", "content-length")]
        archive.write_response(capture.url, capture.status, "", headers, capture.body, capture.fetched_at)
    return capture.kind != "revisit"
