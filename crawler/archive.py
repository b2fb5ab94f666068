"""The archive: every response as it came, in WARC files that any web-archive tool reads.

`<corpus>/archive/<site>/<run_id>-<number>.warc.gz`, one gzip member a record, warcinfo first. This module is the
one door to warcio (which writes) and fastwarc (which reads; warcio where fastwarc does not install).
"""

from __future__ import annotations

import datetime as dt
import io
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from types import TracebackType
from typing import Any, Literal, Self

from warcio.archiveiterator import ArchiveIterator as WarcioIterator
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from crawler.payload import inflated, unchunked, whole_members_end
from crawler.runlog import RunLog, read_runs, write_run
from crawler.storage import ArchiveUnwritable, refused_by_disk, site_folder, site_of_host

try:
    from fastwarc import warc as fastwarc
except ImportError:  # no wheel for this platform: three times slower, the same records
    fastwarc = None  # type: ignore[assignment]

__all__ = [
    "ArchiveUnwritable",
    "ArchiveWriter",
    "Capture",
    "RunLog",
    "TornRecord",
    "archive_files",
    "mend",
    "read_captures",
    "read_runs",
    "read_warc",
    "site_of_host",
    "verify",
    "write_run",
]

ROTATE_BYTES = 1_000_000_000  # the size the WARC guidelines advise; a file over it is closed after the record
RECORDS_A_SYNC = 50  # records between two fsyncs: what a power cut can cost, at 2 s a page under two minutes
NOT_MODIFIED = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"
# Never written down: an archive is handed on, and these would go with it.
SECRET_HEADERS = frozenset({"cookie", "authorization", "proxy-authorization"})

Kind = Literal["response", "resource", "revisit"]
Headers = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Capture:
    """One page as it was received. `body` has its transfer and content encodings undone.

    `fetched_at` is aware UTC, `file` is relative to the corpus with forward slashes, `offset` in bytes.
    A body that is not in the encoding its headers claim is given as it was stored.
    """

    url: str
    site: str
    fetched_at: dt.datetime
    status: int
    content_type: str | None
    headers: tuple[tuple[str, str], ...]
    body: bytes
    kind: Kind
    file: str
    offset: int
    record_id: str


class TornRecord(ValueError):
    """A WARC file that ends, or breaks, inside a record: a killed run. The records before it have been given."""

    def __init__(self, file: str, offset: int, size: int) -> None:
        super().__init__(
            f"{file}: the record at {offset} is not whole ({size - offset} bytes): the run that wrote it was killed. "
            f"Earlier records are whole; the next crawl cuts this one off and fetches the page again"
        )
        self.file = file
        self.offset = offset
        self.size = size


# --------------------------------------------------------------------------- writing
class ArchiveWriter:
    """Writes the records of one run and site; the first file appears with the first record.

    Each record is with the operating system before its call returns, so `kill -9` loses none that was written.
    All methods raise ArchiveUnwritable when the disk refuses; the file is then cut back to its last whole record.
    """

    def __init__(self, corpus: Path, site: str, run_id: str, rotate_bytes: int = ROTATE_BYTES) -> None:
        self._folder = site_folder(corpus, site)
        self._run_id = run_id
        self._rotate_bytes = rotate_bytes
        self._number = 0
        self._since_sync = 0
        self._path: Path | None = None
        self._out: io.FileIO | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file, synced to the disk. May be called twice."""
        if self._out is not None and self._path is not None:
            out, self._out = self._out, None
            with refused_by_disk(self._path), out:
                os.fsync(out.fileno())

    def write_response(
        self,
        url: str,
        status: int,
        reason: str,
        headers: Headers,
        body: bytes,
        fetched_at: dt.datetime,
        request_headers: Headers = (),
    ) -> str:
        """Write a response, and the request when its headers are given; return the record's id.

        `body` is as received after transfer decoding, content encoding kept: `headers` still say which.
        """
        kept = [pair for pair in headers if pair[0].lower() != "transfer-encoding"]
        record_id = self._write("response", url, fetched_at, _http(f"{status} {reason}", kept), body)
        if request_headers:
            sent = [pair for pair in request_headers if pair[0].lower() not in SECRET_HEADERS]
            asked = StatusAndHeaders(f"GET {url} HTTP/1.1", sent, is_http_request=True)
            self._write("request", url, fetched_at, asked, b"", {"WARC-Concurrent-To": record_id})
        return record_id

    def write_not_modified(
        self, url: str, headers: Headers, fetched_at: dt.datetime, refers_to: dt.datetime | None = None
    ) -> str:
        """Write a 304 as a revisit record; `refers_to` is when the body that still holds was fetched."""
        extra = {"WARC-Profile": NOT_MODIFIED, "WARC-Refers-To-Target-URI": url}
        if refers_to is not None:
            extra["WARC-Refers-To-Date"] = _warc_date(refers_to)
        return self._write("revisit", url, fetched_at, _http("304 Not Modified", headers), b"", extra)

    def write_resource(self, url: str, content_type: str, body: bytes, fetched_at: dt.datetime) -> str:
        """Write a page that came without HTTP (an import); return the record's id."""
        return self._write("resource", url, fetched_at, None, body, content_type=content_type)

    def _write(
        self,
        record_type: str,
        url: str,
        fetched_at: dt.datetime,
        http: StatusAndHeaders | None,
        body: bytes,
        extra: dict[str, str] | None = None,
        content_type: str = "",
    ) -> str:
        record_bytes = io.BytesIO()
        writer = WARCWriter(record_bytes, gzip=True, warc_version="1.1")
        record = writer.create_warc_record(
            url,
            record_type,
            payload=io.BytesIO(body),
            length=len(body),
            warc_content_type=content_type,
            warc_headers_dict={"WARC-Date": _warc_date(fetched_at), **(extra or {})},
            http_headers=http,
        )
        writer.write_record(record)
        self._append(record_bytes.getvalue())
        return str(record.rec_headers.get_header("WARC-Record-ID"))

    def _append(self, record: bytes) -> None:
        out = self._file()
        start = out.tell()
        try:
            with refused_by_disk(Path(out.name)):
                _write_all(out, record)
                self._since_sync += 1
                if self._since_sync >= RECORDS_A_SYNC:
                    os.fsync(out.fileno())
                    self._since_sync = 0
        except ArchiveUnwritable:
            os.ftruncate(out.fileno(), start)
            raise

    def _file(self) -> io.FileIO:
        if self._out is not None and self._out.tell() >= self._rotate_bytes:
            self.close()
        if self._out is None:
            self._path = self._next_path()
            with refused_by_disk(self._path):
                self._folder.mkdir(parents=True, exist_ok=True)
                self._out = io.FileIO(self._path, "xb")
                _write_all(self._out, _warcinfo(self._path.name))
        return self._out

    def _next_path(self) -> Path:
        while (path := self._folder / f"{self._run_id}-{self._number:05d}.warc.gz").exists():
            self._number += 1
        return path


def _write_all(out: io.FileIO, data: bytes) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[out.write(rest) or 0 :]


def _warcinfo(name: str) -> bytes:
    out = io.BytesIO()
    writer = WARCWriter(out, gzip=True, warc_version="1.1")
    about = {"software": "congdoan", "format": "WARC File Format 1.1", "robots": "obey"}
    writer.write_record(writer.create_warcinfo_record(name, about))
    return out.getvalue()


def _http(status_line: str, headers: Headers) -> StatusAndHeaders:
    return StatusAndHeaders(status_line, list(headers), protocol="HTTP/1.1")


def _warc_date(when: dt.datetime) -> str:
    return when.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


# --------------------------------------------------------------------------- reading
@dataclass(frozen=True, slots=True)
class _Stored:
    """A record as the reading library gives it, nothing undone yet."""

    kind: str
    url: str
    date: dt.datetime
    status: int
    headers: tuple[tuple[str, str], ...]
    content_type: str | None
    body: bytes
    offset: int
    record_id: str


def _fastwarc_records(stream: io.BufferedReader) -> Iterator[_Stored]:
    # No auto_decode: fastwarc gives up the whole file at the first body that is not what its headers say
    wanted = fastwarc.WarcRecordType.response | fastwarc.WarcRecordType.resource | fastwarc.WarcRecordType.revisit
    for record in fastwarc.ArchiveIterator(stream, record_types=wanted, parse_http=True):
        http = record.http_headers if record.is_http and record.is_http_parsed else None
        yield _Stored(
            kind=str(record.record_type),
            url=record.headers.get("WARC-Target-URI") or "",
            date=record.record_date,
            status=200 if http is None else (http.status_code or 0),  # headers without a line are falsy
            headers=() if http is None else tuple(http.to_tuples()),
            content_type=http.get("Content-Type") if http is not None else record.headers.get("Content-Type"),
            body=record.reader.read(),
            offset=record.stream_pos,
            record_id=record.record_id or "",
        )


def _warcio_records(stream: io.BufferedReader) -> Iterator[_Stored]:
    records = WarcioIterator(stream)
    for record in records:
        if record.rec_type not in ("response", "resource", "revisit"):
            continue
        http, warc = record.http_headers, record.rec_headers
        yield _Stored(
            kind=record.rec_type,
            url=warc.get_header("WARC-Target-URI", ""),
            date=dt.datetime.fromisoformat(warc.get_header("WARC-Date")),
            status=int(http.get_statuscode() or 0) if http else 200,
            headers=tuple(http.headers) if http else (),
            content_type=http.get_header("Content-Type") if http else warc.get_header("Content-Type"),
            body=record.raw_stream.read(),
            offset=records.get_record_offset(),
            record_id=warc.get_header("WARC-Record-ID"),
        )


def _whole_records(path: Path, file: str, start: int) -> Iterator[_Stored]:
    """Give the whole records from `start`, then raise TornRecord where the file ends inside one.

    Both libraries stop silently at a torn record, or give what there is of it, so the last record is held back
    until zlib has said that its gzip member is whole and ends the file.
    """
    held: _Stored | None = None
    with path.open("rb") as stream:
        stream.seek(start)
        try:
            for record in _fastwarc_records(stream) if fastwarc else _warcio_records(stream):
                if held is not None:
                    yield held
                held = record
        except OSError:  # fastwarc's word for a damaged gzip member; the check below finds and names it
            pass
    whole_until = _whole_until(path, start if held is None else held.offset)
    if held is not None and held.offset < whole_until:
        yield held
    size = path.stat().st_size
    if whole_until < size:
        raise TornRecord(file, whole_until, size)


def _whole_until(path: Path, offset: int) -> int:
    """Return where the run of whole gzip members that begins at `offset` ends; the file's size when uncompressed."""
    if path.suffix != ".gz":
        return path.stat().st_size
    with path.open("rb") as stream:
        return whole_members_end(stream, offset)


def _undone(body: bytes, headers: Iterable[tuple[str, str]]) -> bytes:
    """Undo transfer and content encoding; a body that is not in the encoding it claims stays as it is."""
    encodings = []
    for name, value in headers:
        if name.lower() == "transfer-encoding" and "chunked" in value.lower():
            body = unchunked(body)
        elif name.lower() == "content-encoding":
            encodings += [encoding.strip().lower() for encoding in value.split(",")]
    for encoding in reversed(encodings):
        plain = _unpacked(body, encoding) if encoding in ("br", "zstd") and fastwarc else inflated(body, encoding)
        body = body if plain is None else plain
    return body


def _unpacked(body: bytes, encoding: str) -> bytes | None:
    # Never asked for by our crawler; only WARC files of other crawlers have these
    from fastwarc import stream_io

    readers: dict[str, Any] = {"br": stream_io.BrotliReader, "zstd": stream_io.ZstdReader}
    try:
        return bytes(readers[encoding](io.BytesIO(body)).read())
    except OSError:
        return None


def _captures(path: Path, site: str, file: str, start: int) -> Iterator[Capture]:
    for stored in _whole_records(path, file, start):
        if not stored.url.strip("<>").startswith(("http://", "https://", "file://", "urn:")):
            continue  # dns: and the like in other crawlers' files
        yield Capture(
            url=stored.url.strip("<>"),
            site=site,
            fetched_at=stored.date.astimezone(dt.UTC),
            status=stored.status,
            content_type=stored.content_type,
            headers=stored.headers,
            body=b"" if stored.kind == "revisit" else _undone(stored.body, stored.headers),
            kind=stored.kind,  # type: ignore[arg-type]  # the readers give no other kind
            file=file,
            offset=stored.offset,
            record_id=stored.record_id,
        )


def archive_files(corpus: Path) -> list[PurePosixPath]:
    """Return the corpus's WARC files, relative to the corpus, sorted: by site, then by time of the run."""
    return sorted(PurePosixPath(path.relative_to(corpus).as_posix()) for path in corpus.glob("archive/*/*.warc.gz"))


def read_captures(corpus: Path, file: PurePosixPath | str, after_offset: int | None = None) -> Iterator[Capture]:
    """Give the captures of one WARC file in order; only those after the record at `after_offset` when given.

    Raises:
        TornRecord: at the end, after every whole record, when the file ends inside a record.
    """
    name = PurePosixPath(file)
    for capture in _captures(corpus / name, name.parts[-2], name.as_posix(), after_offset or 0):
        if after_offset is None or capture.offset > after_offset:
            yield capture


def read_warc(path: Path, site: str = "") -> Iterator[Capture]:
    """Give the captures of any crawler's WARC file, compressed or not; TornRecord as in read_captures."""
    return _captures(path, site, path.name, 0)


# --------------------------------------------------------------------------- checking
def mend(corpus: Path, file: PurePosixPath) -> str | None:
    """Cut the torn record off the end of a WARC file; return a line that says so, None for a whole file.

    Only for the crawler, under its lock: a file that is being written looks torn.
    """
    path = corpus / file
    whole_until, size = _whole_until(path, 0), path.stat().st_size
    if whole_until == size:
        return None
    with refused_by_disk(path):
        os.truncate(path, whole_until)
    return f"{file}: cut off {size - whole_until} bytes of a record that a killed run left unfinished"


def verify(corpus: Path) -> list[str]:
    """Read the whole archive; return one line a problem: torn files, records whose digest is not their content's."""
    problems = []
    for file in archive_files(corpus):
        try:
            for _ in read_captures(corpus, file):
                pass
        except TornRecord as torn:
            problems.append(str(torn))
        problems += _wrong_digests(corpus, file)
    return problems


def _wrong_digests(corpus: Path, file: PurePosixPath) -> list[str]:
    wrong = []
    with (corpus / file).open("rb") as stream:
        records = WarcioIterator(stream, check_digests=True)
        for record in records:
            record.content_stream().read()
            if record.digest_checker.passed is False:
                wrong.append(f"{file}: the record at {records.get_record_offset()} does not match its digest")
    return wrong
