"""Write WARC files: the records of a page together, whole and with the operating system before the call returns."""

from __future__ import annotations

import datetime as dt
import io
import os
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

from crawler.archive.records import (
    FIELDS,
    HTTP_REQUEST,
    HTTP_RESPONSE,
    NOT_MODIFIED,
    SAME_PAYLOAD,
    Headers,
    fields,
    http_head,
    record,
    record_id,
    sha1,
    warc_date,
)
from crawler.storage import ARCHIVE, ArchiveUnwritable, refused_by_disk, site_folder

ROTATE_BYTES = 256_000_000  # copied, checked and re-read in minutes; a file over it is closed after the page
PAGES_A_SYNC = 25  # pages between two fsyncs: what a power cut can cost, at 2 s a page under a minute
# Never written down: an archive is handed on, and these would go with it.
SECRET_HEADERS = frozenset({"cookie", "authorization", "proxy-authorization"})


@dataclass(frozen=True, slots=True)
class Archived:
    """Where a record was written: `file` relative to the corpus with forward slashes, `offset` in bytes."""

    record_id: str
    file: str
    offset: int


@dataclass(frozen=True, slots=True)
class Exchange:
    """One answer of a site, without its body, and the headers that it was asked with where these are known.

    `headers` are as received after transfer decoding, content encoding kept: they still say which.
    """

    url: str
    at: dt.datetime
    status: int = 200
    reason: str = "OK"
    headers: Headers = ()
    asked_with: Headers = ()

    def head(self) -> bytes:
        """Return the head of the answer as a record holds it."""
        kept = [pair for pair in self.headers if pair[0].lower() != "transfer-encoding"]
        return http_head(f"HTTP/1.1 {self.status} {self.reason}", kept)


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

    def write_response(self, exchange: Exchange, body: bytes, payload: str | None = None) -> Archived:
        """Write a response, the request when its headers are given, and what is known of both; return where it is.

        `payload` is the body's `payload_digest`, where that is known already.
        """
        packed = any(name.lower() == "content-encoding" for name, _ in exchange.headers)
        id_, date = record_id(), warc_date(exchange.at)
        response = record(
            *("response", id_, date, HTTP_RESPONSE, exchange.head() + body),
            url=exchange.url,
            payload=payload or payload_digest(body),
            packed=packed,
        )
        return self._append(id_, response + self._companions(exchange, id_, date))

    def write_not_modified(self, exchange: Exchange, refers_to: dt.datetime | None = None) -> Archived:
        """Write a 304 as a revisit record; `refers_to` is when the body that still holds was fetched."""
        answered = replace(exchange, status=304, reason="Not Modified")
        return self._revisit(answered, NOT_MODIFIED, refers_to, None)

    def write_same_payload(self, exchange: Exchange, payload: str, refers_to: dt.datetime | None) -> Archived:
        """Write a page that came as it was as a revisit record, without its body.

        `payload` is its `payload_digest`; `refers_to` is when the same bytes were archived in full.
        """
        return self._revisit(exchange, SAME_PAYLOAD, refers_to, payload)

    def write_resource(self, url: str, content_type: str, body: bytes, fetched_at: dt.datetime) -> Archived:
        """Write a page that came without HTTP (an import); return where it is."""
        id_, date = record_id(), warc_date(fetched_at)
        return self._append(
            id_, record("resource", id_, date, content_type, body, url=url, payload=payload_digest(body))
        )

    def _revisit(
        self, exchange: Exchange, profile: str, refers_to: dt.datetime | None, payload: str | None
    ) -> Archived:
        more = [("WARC-Profile", profile), ("WARC-Refers-To-Target-URI", exchange.url)]
        if refers_to is not None:
            more.append(("WARC-Refers-To-Date", warc_date(refers_to)))
        id_, date = record_id(), warc_date(exchange.at)
        revisit = record(
            *("revisit", id_, date, HTTP_RESPONSE, exchange.head()), url=exchange.url, payload=payload, more=more
        )
        return self._append(id_, revisit + self._companions(exchange, id_, date))

    def _companions(self, exchange: Exchange, id_: str, date: str) -> bytes:
        """Return the records that belong to an answer: the request, and of which run and site both are."""
        if not exchange.asked_with:
            return b""
        sent = [pair for pair in exchange.asked_with if pair[0].lower() not in SECRET_HEADERS]
        parts = urlsplit(exchange.url)
        if not any(name.lower() == "host" for name, _ in sent):
            sent.insert(0, ("Host", parts.netloc))
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        asked = http_head(f"GET {path} HTTP/1.1", sent)
        together = [("WARC-Concurrent-To", id_)]
        return record("request", record_id(), date, HTTP_REQUEST, asked, url=exchange.url, more=together) + record(
            "metadata", record_id(), date, FIELDS, self._of_run(), url=exchange.url, more=together
        )

    def _of_run(self) -> bytes:
        return fields((("isPartOf", self._run_id), ("site", self._site)))

    def _append(self, id_: str, records: bytes) -> Archived:
        """Append records, the first of which is the one with the id."""
        out = self._file()
        path, start = Path(str(out.name)), out.tell()
        try:
            with refused_by_disk(path):
                _write_all(out, records)
                self._since_sync += 1
                if self._since_sync >= PAGES_A_SYNC:
                    os.fsync(out.fileno())
                    self._since_sync = 0
        except ArchiveUnwritable:
            os.ftruncate(out.fileno(), start)
            raise
        return Archived(id_, f"{ARCHIVE}/{self._site}/{path.name}", start)

    def _file(self) -> io.FileIO:
        if self._out is not None and self._out.tell() >= self._rotate_bytes:
            self.close()
        if self._out is None:
            self._path = self._next_path()
            with refused_by_disk(self._path):
                self._folder.mkdir(parents=True, exist_ok=True)
                self._out = io.FileIO(self._path, "xb")
                _write_all(self._out, self._opening(self._path.name))
        return self._out

    def _next_path(self) -> Path:
        while (path := self._folder / f"{self._run_id}-{self._number:05d}.warc.gz").exists():
            self._number += 1
        return path

    def _opening(self, name: str) -> bytes:
        """Return the records that a file opens with: warcinfo, and metadata that says of which run and site it is."""
        about = (("software", "congdoan"), ("format", "WARC File Format 1.1"), ("robots", "obey"))
        id_, date = record_id(), warc_date(dt.datetime.now(dt.UTC))
        return record("warcinfo", id_, date, FIELDS, fields(about), more=[("WARC-Filename", name)]) + record(
            "metadata", record_id(), date, FIELDS, self._of_run(), more=[("WARC-Refers-To", id_)]
        )


def payload_digest(body: bytes) -> str:
    """Return the digest that WARC records name a body by: as received, content encoding kept."""
    return sha1(body)


def _write_all(out: io.FileIO, data: bytes) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[out.write(rest) or 0 :]
