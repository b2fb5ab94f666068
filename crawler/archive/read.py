"""Read WARC files, our own and other crawlers', and say where one is torn."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Generator, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, Literal

from warcio.archiveiterator import ArchiveIterator as WarcioIterator

from crawler.payload import inflated, next_member_start, unchunked, whole_members_end

try:
    from fastwarc import warc as fastwarc
except ImportError:  # no wheel for this platform: three times slower, the same records
    fastwarc = None  # type: ignore[assignment]

Kind = Literal["response", "resource", "revisit"]


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
    """A WARC file with a record that is not whole; all whole records, before and after it, have been given.

    `resumes_at` is where whole records go on; None when the file ends there, as a killed run leaves it.
    """

    def __init__(self, file: str, offset: int, size: int, resumes_at: int | None = None) -> None:
        if resumes_at is None:
            said = (
                f"is not whole ({size - offset} bytes): the run that wrote it was killed. Earlier records are whole; "
                "the next crawl cuts this one off and fetches the page again"
            )
        else:
            said = (
                f"is damaged up to {resumes_at}; the records before and after it are whole. "
                "Put a good copy of the file in its place if there is one"
            )
        super().__init__(f"{file}: the record at {offset} {said}")
        self.file = file
        self.offset = offset
        self.size = size
        self.resumes_at = resumes_at


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
    """Give the whole records from `start`, past damaged ones, then raise TornRecord for the first of these."""
    size, at = path.stat().st_size, start
    torn: TornRecord | None = None
    while at < size:
        whole_until = yield from _run_of_records(path, at)
        if whole_until >= size:
            break
        resumes_at = whole_records_start(path, whole_until + 1)
        torn = torn or TornRecord(file, whole_until, size, resumes_at)
        at = size if resumes_at is None else resumes_at
    if torn is not None:
        raise torn


def _run_of_records(path: Path, start: int) -> Generator[_Stored, None, int]:
    """Give the records from `start` up to the first that is not whole; return where that one begins.

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
    whole_until = whole_records_end(path, start if held is None else held.offset)
    if held is not None and held.offset < whole_until:
        yield held
    return whole_until


def whole_records_start(path: Path, offset: int) -> int | None:
    """Return where the next gzip member that holds a WARC record begins, at or after `offset`; None without one."""
    if path.suffix != ".gz":
        return None
    with path.open("rb") as stream:
        return next_member_start(stream, offset, b"WARC/")


def whole_records_end(path: Path, offset: int) -> int:
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
