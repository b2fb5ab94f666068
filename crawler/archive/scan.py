"""Scan a WARC file of another crawler: what its records are and where they lie, without reading a page."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from warcio.archiveiterator import ArchiveIterator as WarcioIterator

from crawler.archive.read import TornRecord, whole_records_end

try:
    from fastwarc import warc as fastwarc
except ImportError:  # no wheel for this platform
    fastwarc = None  # type: ignore[assignment]

PAGE_KINDS = frozenset({"response", "resource", "revisit"})


@dataclass(frozen=True, slots=True)
class Scanned:
    """A record by its headers; `content_type` is that of the page, None where none is given; offsets in bytes."""

    kind: str
    url: str
    content_type: str | None
    offset: int
    end: int


@dataclass(frozen=True, slots=True)
class _Head:
    kind: str
    url: str
    content_type: str | None
    offset: int

    def ending(self, end: int) -> Scanned:
        return Scanned(self.kind, self.url, self.content_type, self.offset, end)


def scan_warc(path: Path) -> Iterator[Scanned]:
    """Give the records of a `.warc.gz` of one gzip member a record, up to the first that is not whole.

    Raises:
        TornRecord: at the end, when there is one that is not whole; `offset` is where it begins.
    """
    held: _Head | None = None
    with path.open("rb") as stream:
        try:
            for head in _fastwarc_heads(stream) if fastwarc else _warcio_heads(stream):
                if held is not None:
                    yield held.ending(head.offset)
                held = head
        except OSError:  # fastwarc's word for a damaged gzip member; the check below finds and names it
            pass
    whole_until, size = whole_records_end(path, held.offset if held else 0), path.stat().st_size
    if held is not None and held.offset < whole_until:
        yield held.ending(whole_until)
    if whole_until < size:
        raise TornRecord(path.name, whole_until, size)


def _fastwarc_heads(stream: io.BufferedReader) -> Iterator[_Head]:
    every = fastwarc.WarcRecordType.any_type
    for record in fastwarc.ArchiveIterator(stream, record_types=every, parse_http=False):
        kind, headers = str(record.record_type), record.headers
        content_type = headers.get("Content-Type")
        if kind in PAGE_KINDS and record.is_http:
            record.parse_http()
            http = record.http_headers
            content_type = None if http is None else http.get("Content-Type")
        yield _Head(kind, (headers.get("WARC-Target-URI") or "").strip("<>"), content_type, record.stream_pos)


def _warcio_heads(stream: io.BufferedReader) -> Iterator[_Head]:
    records = WarcioIterator(stream)
    for record in records:
        headers = record.http_headers or record.rec_headers
        url = record.rec_headers.get_header("WARC-Target-URI", "").strip("<>")
        record.raw_stream.read()
        yield _Head(record.rec_type, url, headers.get_header("Content-Type"), records.get_record_offset())
