"""Read WARC files, our own and other crawlers', and say where one is torn."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Generator, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import urljoin

from crawler.archive.scan import Damage, NotAMemberARecord, scan_warc, warc_date
from crawler.payload import inflated, unchunked

try:
    from fastwarc import warc as fastwarc
except ImportError:  # no wheel for this platform: three times slower, the same records
    fastwarc = None  # type: ignore[assignment]
if TYPE_CHECKING:
    from warcio.limitreader import LimitReader

IMPORTED = "imported"  # the archive's folder of pages that others collected; any site may be among them

Kind = Literal["response", "resource", "revisit"]


@dataclass(frozen=True, slots=True)
class Capture:
    """One page as it was received. `body` has its transfer and content encodings undone.

    `fetched_at` is aware UTC, `file` is relative to the corpus with forward slashes, `offset` in bytes.
    A body that is not in the encoding its headers claim is given as it was stored. `payload` is the digest that the
    record names its body by, as it was received.
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
    payload: str | None = None

    @property
    def redirect_target(self) -> str | None:
        """The address that a redirect names, absolute; None for an answer that names none or a broken one."""
        for name, value in self.headers:
            if name.lower() == "location":
                try:
                    return urljoin(self.url, value.strip())
                except ValueError:  # "http://[x"
                    return None
        return None


class TornRecord(ValueError):
    """A WARC file with a record that is not whole; all whole records, before and after it, have been given.

    `resumes_at` is where whole records go on; None when the file ends there, as a killed run leaves it.
    """

    def __init__(self, file: str, offset: int, size: int, resumes_at: int | None = None) -> None:
        if resumes_at is None:
            mended = (
                "import the same files again, which cuts this one off"
                if PurePosixPath(file).parent.name == IMPORTED
                else "the next crawl cuts this one off and fetches the page again"
            )
            said = (
                f"is not whole ({size - offset} bytes): the run that wrote it was killed. Earlier records are whole; "
                f"{mended}"
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
    date: str
    status: int
    headers: tuple[tuple[str, str], ...]
    content_type: str | None
    body: bytes
    offset: int
    record_id: str
    payload: str | None


def _fastwarc_records(stream: io.BufferedReader) -> Iterator[_Stored]:
    # No auto_decode: fastwarc gives up the whole file at the first body that is not what its headers say
    wanted = fastwarc.WarcRecordType.response | fastwarc.WarcRecordType.resource | fastwarc.WarcRecordType.revisit
    for record in fastwarc.ArchiveIterator(stream, record_types=wanted, parse_http=True):
        http = record.http_headers if record.is_http and record.is_http_parsed else None
        yield _Stored(
            kind=str(record.record_type),
            url=record.headers.get("WARC-Target-URI") or "",
            date=record.headers.get("WARC-Date") or "",
            status=200 if http is None else (http.status_code or 0),  # headers without a line are falsy
            headers=() if http is None else tuple(http.to_tuples()),
            content_type=http.get("Content-Type") if http is not None else record.headers.get("Content-Type"),
            body=record.reader.read(),
            offset=record.stream_pos,
            record_id=record.record_id or "",
            payload=record.headers.get("WARC-Payload-Digest"),
        )


class _NotUnderstood(Exception):
    """A record that warcio does not understand."""


def _warcio_records(stream: io.BufferedReader | LimitReader) -> Iterator[_Stored]:
    # seldom asked for, and a tenth of a second to load
    from warcio.exceptions import ArchiveLoadFailed
    from warcio.statusandheaders import StatusAndHeadersParserException

    try:
        yield from _read_by_warcio(stream)
    except (ArchiveLoadFailed, StatusAndHeadersParserException) as error:
        raise _NotUnderstood from error


def _read_by_warcio(stream: io.BufferedReader | LimitReader) -> Iterator[_Stored]:
    from warcio.archiveiterator import ArchiveIterator

    records = ArchiveIterator(stream)
    for record in records:
        if record.rec_type not in ("response", "resource", "revisit"):
            continue
        http, warc = record.http_headers, record.rec_headers
        yield _Stored(
            kind=record.rec_type,
            url=warc.get_header("WARC-Target-URI", ""),
            date=warc.get_header("WARC-Date", ""),
            status=int(http.get_statuscode() or 0) if http else 200,
            headers=tuple(http.headers) if http else (),
            content_type=http.get_header("Content-Type") if http else warc.get_header("Content-Type"),
            body=record.raw_stream.read(),
            offset=records.get_record_offset(),
            record_id=warc.get_header("WARC-Record-ID"),
            payload=warc.get_header("WARC-Payload-Digest"),
        )


def _whole_records(path: Path, file: str, start: int) -> Iterator[_Stored]:
    """Give the whole records from `start`, past damaged ones, then raise TornRecord for the first of these."""
    size, at = path.stat().st_size, start
    torn: TornRecord | None = None
    while at < size:
        at, damage = yield from _run_of_records(path, at, size)
        if damage is not None:
            torn = torn or TornRecord(file, damage.offset, size, None if damage.end == size else damage.end)
    if torn is not None:
        raise torn


def _run_of_records(path: Path, start: int, size: int) -> Generator[_Stored, None, tuple[int, Damage | None]]:
    """Give the records from `start` up to the first that is not whole; return where to go on, and the damage, if any.

    Both libraries stop silently at a torn record, or give what there is of it, so the last record is held back
    until it has been held against its own length, and what follows it too.
    """
    held: _Stored | None = None
    with path.open("rb") as stream:
        stream.seek(start)
        try:
            for record in _fastwarc_records(stream) if fastwarc else _warcio_records(stream):
                if held is not None:
                    yield held
                held = record
        except (OSError, _NotUnderstood):  # a damaged member, or a record that is none, this one or the next
            return (yield from _one_record(path, held.offset if held else start, size))
    damage = _first_damage(path, held.offset if held else start)
    if held is not None and (damage is None or held.offset < damage.offset):
        yield held
    return (size, None) if damage is None else (damage.end, damage)


def _first_damage(path: Path, start: int) -> Damage | None:
    try:
        return next((found for found in scan_warc(path, start) if isinstance(found, Damage)), None)
    except NotAMemberARecord:
        return None  # packed as a whole: zlib has read it to its end


def _one_record(path: Path, start: int, size: int) -> Generator[_Stored, None, tuple[int, Damage | None]]:
    """Give the record at `start` as warcio reads it, where the other library broke off; return as _run_of_records."""
    try:
        found = next(scan_warc(path, start))
    except NotAMemberARecord:
        found = Damage(start, size, "not understood")
    if isinstance(found, Damage):
        return found.end, found
    from warcio.limitreader import LimitReader

    with path.open("rb") as stream:
        stream.seek(start)
        try:
            for record in _warcio_records(LimitReader(stream, found.end - start)):
                yield replace(record, offset=start)
        except (_NotUnderstood, AttributeError, ValueError):
            return found.end, Damage(start, found.end, "not understood")
    return found.end, None


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
        fetched_at = warc_date(stored.date)
        if fetched_at is None:
            continue  # not in the archive: an import leaves it out and says so
        yield Capture(
            url=stored.url.strip("<>"),
            site=site,
            fetched_at=fetched_at,
            status=stored.status,
            content_type=stored.content_type,
            headers=stored.headers,
            body=b"" if stored.kind == "revisit" else _undone(stored.body, stored.headers),
            kind=stored.kind,  # type: ignore[arg-type]  # the readers give no other kind
            file=file,
            offset=stored.offset,
            record_id=stored.record_id,
            payload=stored.payload,
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


def capture_at(corpus: Path, file: str, offset: int) -> Capture | None:
    """Return the capture that begins at `offset` of an archive file; None where none that is whole does."""
    path = corpus / file
    if not path.is_file() or path.stat().st_size <= offset:
        return None
    try:
        found = next(_captures(path, path.parent.name, file, offset), None)
    except TornRecord:
        return None
    return found if found is not None and found.offset == offset else None


def read_warc(path: Path, site: str = "") -> Iterator[Capture]:
    """Give the captures of any crawler's WARC file, compressed or not; TornRecord as in read_captures."""
    return _captures(path, site, path.name, 0)
