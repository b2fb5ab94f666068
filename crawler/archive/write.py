"""Write WARC files: each record whole and with the operating system before the call returns."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import io
import os
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from crawler.storage import ArchiveUnwritable, refused_by_disk, site_folder

ROTATE_BYTES = 256_000_000  # copied, checked and re-read in minutes; a file over it is closed after the record
RECORDS_A_SYNC = 50  # records between two fsyncs: what a power cut can cost, at 2 s a page under two minutes
NOT_MODIFIED = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"
SAME_PAYLOAD = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
# Never written down: an archive is handed on, and these would go with it.
SECRET_HEADERS = frozenset({"cookie", "authorization", "proxy-authorization"})

Headers = Sequence[tuple[str, str]]


class ArchiveWriter:
    """Writes the records of one run and site; the first file appears with the first record.

    Each record is with the operating system before its call returns, so `kill -9` loses none that was written.
    All methods raise ArchiveUnwritable when the disk refuses; the file is then cut back to its last whole record.
    """

    def __init__(self, corpus: Path, site: str, run_id: str, rotate_bytes: int = ROTATE_BYTES) -> None:
        self._folder = site_folder(corpus, site)
        self._site = site
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

    def write_same_payload(
        self,
        url: str,
        status: int,
        reason: str,
        headers: Headers,
        payload: str,
        fetched_at: dt.datetime,
        refers_to: dt.datetime | None,
    ) -> str:
        """Write a page that came as it was as a revisit record, without its body.

        `payload` is its `payload_digest`; `refers_to` is when the same bytes were archived in full.
        """
        extra = {
            "WARC-Profile": SAME_PAYLOAD,
            "WARC-Refers-To-Target-URI": url,
            "WARC-Payload-Digest": payload,
        }
        if refers_to is not None:
            extra["WARC-Refers-To-Date"] = _warc_date(refers_to)
        kept = [pair for pair in headers if pair[0].lower() != "transfer-encoding"]
        return self._write("revisit", url, fetched_at, _http(f"{status} {reason}", kept), b"", extra)

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
                _write_all(self._out, _opening(self._path.name, self._site, self._run_id))
        return self._out

    def _next_path(self) -> Path:
        while (path := self._folder / f"{self._run_id}-{self._number:05d}.warc.gz").exists():
            self._number += 1
        return path


def payload_digest(body: bytes) -> str:
    """Return the digest that WARC records name a body by: as received, content encoding kept."""
    return "sha1:" + base64.b32encode(hashlib.sha1(body, usedforsecurity=False).digest()).decode("ascii")


def _write_all(out: io.FileIO, data: bytes) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[out.write(rest) or 0 :]


def _opening(name: str, site: str, run_id: str) -> bytes:
    """Return the records that a file opens with: warcinfo, and metadata that says of which run and site it is."""
    out = io.BytesIO()
    writer = WARCWriter(out, gzip=True, warc_version="1.1")
    about = {"software": "congdoan", "format": "WARC File Format 1.1", "robots": "obey"}
    info = writer.create_warcinfo_record(name, about)
    writer.write_record(info)
    fields = f"isPartOf: {run_id}\r\nsite: {site}\r\n".encode()
    writer.write_record(
        writer.create_warc_record(
            None,
            "metadata",
            payload=io.BytesIO(fields),
            length=len(fields),
            warc_content_type="application/warc-fields",
            warc_headers_dict={"WARC-Refers-To": info.rec_headers.get_header("WARC-Record-ID")},
        )
    )
    return out.getvalue()


def _http(status_line: str, headers: Headers) -> StatusAndHeaders:
    return StatusAndHeaders(status_line, list(headers), protocol="HTTP/1.1")


def _warc_date(when: dt.datetime) -> str:
    return when.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
