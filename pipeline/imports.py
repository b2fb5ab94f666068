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
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from crawler.archive import PAGE_KINDS, ArchiveWriter, Capture, Scanned, TornRecord, read_warc, scan_warc
from crawler.sites import Sites
from crawler.storage import refused_by_disk
from pipeline.inputs import READ_IN_FOLDERS, WEB_ARCHIVES, Input, NotImported, read_inputs

_CHUNK = 1 << 20  # bytes
IMPORTED = "imported"  # the archive's folder of what our crawler did not fetch
_TEXT_ALL_THE_SAME = ("application/xhtml+xml", "application/octet-stream")  # the second is "unknown"


@dataclass(frozen=True, slots=True)
class ImportReport:
    """How many records were archived and how many were not wanted; one line for each file or row that was refused."""

    archived: int
    refused: tuple[str, ...]
    other_hosts: int = 0
    not_text: int = 0


@dataclass(slots=True)
class _Wanted:
    """Says which pages of a web archive are wanted, and counts the others. `hosts` is None where every host is."""

    hosts: frozenset[str] | None
    other_hosts: int = 0
    not_text: int = 0

    def takes(self, page: Scanned | Capture) -> bool:
        if self.hosts is not None and _host(page.url) not in self.hosts:
            self.other_hosts += 1
            return False
        if not _is_text(page.content_type):
            self.not_text += 1
            return False
        return True


def import_files(corpus: Path, paths: Iterable[Path], now: dt.datetime, only_of: Sites | None = None) -> ImportReport:
    """Archive WARC files, pages, texts and JSON lines; folders are searched for files with their suffixes.

    Of WARC files only text is taken, and with `only_of` only what is on the hosts of these sites; the rest is counted.
    A page without a URL goes by the address that it gives as its own, else by a name made of its content, so importing
    a file twice makes no second article.

    Raises:
        ArchiveUnwritable: the disk refuses.
    """
    archived = 0
    refused: list[str] = []
    hosts = None if only_of is None else frozenset(host for site in only_of for host in (*site.hosts, *site.aliases))
    wanted = _Wanted(hosts)
    with ArchiveWriter(corpus, IMPORTED, f"{now:%Y%m%dT%H%M%S}-{os.getpid()}") as archive:
        for path in _files(paths):
            try:
                if _is_warc(path):
                    archived += _import_warc(corpus, path, archive, wanted)
                else:
                    archived += _import(path, archive, now, refused)
            except (NotImported, TornRecord, _BrokenOff) as refusal:
                refused.append(str(refusal))
                archived += refusal.taken if isinstance(refusal, _BrokenOff) else 0
    return ImportReport(archived, tuple(refused), wanted.other_hosts, wanted.not_text)


class _BrokenOff(Exception):
    """A WARC file with a record that is not whole; `taken` of those before it are in the archive."""

    def __init__(self, path: Path, torn: TornRecord, taken: int) -> None:
        super().__init__(
            f"{path}: broken at byte {torn.offset} of {torn.size}; the {taken} records before it are taken"
        )
        self.taken = taken


def _host(url: str) -> str:
    try:
        return urlsplit(url).netloc.lower()
    except ValueError:  # "http://[x"
        return ""


def _is_text(content_type: str | None) -> bool:
    kind = (content_type or "").split(";")[0].strip().lower()
    return not kind or kind.startswith("text/") or kind.endswith("xml") or kind in _TEXT_ALL_THE_SAME


def _files(paths: Iterable[Path]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            yield from sorted(file for file in path.rglob("*") if file.name.lower().endswith(READ_IN_FOLDERS))
        else:
            yield path


def _is_warc(path: Path) -> bool:
    return path.name.lower().endswith(WEB_ARCHIVES)


def _import(path: Path, archive: ArchiveWriter, now: dt.datetime, refused: list[str]) -> int:
    """Archive the documents of one file; lines for its wrong rows go to `refused`."""
    count = 0
    for document in read_inputs(path):
        if isinstance(document, NotImported):
            refused.append(str(document))
            continue
        kind = "text/html" if document.kind == "html" else "text/plain; charset=utf-8"
        archive.write_resource(_address(document), kind, document.content, now)
        count += 1
    return count


def _address(document: Input) -> str:
    """Return the URL it came with, the one that the page gives as its own, or a name made of its content."""
    return document.page_address() or f"urn:sha256:{hashlib.sha256(document.content).hexdigest()}"


def _import_warc(corpus: Path, path: Path, archive: ArchiveWriter, wanted: _Wanted) -> int:
    """Copy the wanted records of a file of one gzip member a record as they are; write those of any other anew."""
    if not path.is_file():
        raise NotImported(f"{path}: no such file")
    if path.suffix.lower() == ".gz" and not _is_one_member(path):
        return _copy(corpus, path, wanted)
    pages = count = 0
    with _unpacked(path) as plain:
        for capture in read_warc(plain):
            pages += 1
            if capture.kind != "revisit" and wanted.takes(capture):
                _write_anew(capture, archive)
                count += 1
    if not pages:
        raise NotImported(f"{path}: no record of a page in it; expected a WARC file")
    return count


def _copy(corpus: Path, path: Path, wanted: _Wanted) -> int:
    """Copy the wanted records of a file into the archive, byte for byte; return how many.

    The copy is named by its content, so that importing a file twice makes no second one.

    Raises:
        NotImported: there is no record of a page.
        _BrokenOff: the file breaks off; the records before the break are taken.
    """
    spans = _Spans()
    torn: TornRecord | None = None
    try:
        for record in scan_warc(path):
            spans.add(record, wanted)
    except TornRecord as error:
        torn = error
    if not spans.pages:
        broken = torn and f"{path}: broken at byte {torn.offset} of {torn.size}"
        raise NotImported(broken or f"{path}: no record of a page in it; expected a WARC file")
    if spans.taken:
        _copy_spans(path, corpus / "archive" / IMPORTED, spans.merged())
    if torn is not None:
        raise _BrokenOff(path, torn, spans.taken)
    return spans.taken


@dataclass(slots=True)
class _Spans:
    """Which bytes of a web archive are taken: all where no page is left out, else its pages and what opens it."""

    pages: int = 0
    taken: int = 0
    end: int = 0
    chosen: list[tuple[int, int]] = field(default_factory=list)

    def add(self, record: Scanned, wanted: _Wanted) -> None:
        self.end = record.end
        if record.kind in PAGE_KINDS and record.url.startswith(("http://", "https://", "file://", "urn:")):
            self.pages += 1
            if not wanted.takes(record):
                return
            self.taken += 1
        elif record.kind != "warcinfo":
            return  # requests, metadata and dns of pages that may be left out
        if self.chosen and self.chosen[-1][1] == record.offset:
            self.chosen[-1] = (self.chosen[-1][0], record.end)
        else:
            self.chosen.append((record.offset, record.end))

    def merged(self) -> list[tuple[int, int]]:
        return [(0, self.end)] if self.taken == self.pages else self.chosen


def _copy_spans(path: Path, folder: Path, spans: Iterable[tuple[int, int]]) -> None:
    digest = hashlib.sha256()
    with refused_by_disk(folder):
        folder.mkdir(parents=True, exist_ok=True)
        unfinished = folder / f"{os.getpid()}.unfinished"
        with path.open("rb") as stream, unfinished.open("wb") as out:
            for start, end in spans:
                stream.seek(start)
                while start < end:
                    chunk = stream.read(min(_CHUNK, end - start))
                    digest.update(chunk)
                    out.write(chunk)
                    start += len(chunk)
        unfinished.replace(folder / f"{digest.hexdigest()[:16]}.warc.gz")


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


def _write_anew(capture: Capture, archive: ArchiveWriter) -> None:
    if capture.kind == "resource":
        archive.write_resource(capture.url, capture.content_type or "", capture.body, capture.fetched_at)
    else:
        # the body comes with its encodings undone, so the headers must not claim them
        headers = [pair for pair in capture.headers if pair[0].lower() not in ("content-encoding", "content-length")]
        archive.write_response(capture.url, capture.status, "", headers, capture.body, capture.fetched_at)
