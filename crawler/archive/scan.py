"""Scan a WARC file of anybody's: what its records are and where they lie, without reading a page.

Every record is held against its own length, so that what is given is whole, and what is not is named.
"""

from __future__ import annotations

import datetime as dt
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from crawler.payload import next_member_start

PAGE_KINDS = frozenset({"response", "resource", "revisit"})
_OF_AN_ADDRESS = (*PAGE_KINDS, "request")

_HEAD_BYTES = 1 << 16  # of a record: its own headers and those of HTTP; what is longer has no content type
_READ_BYTES = 1 << 14  # packed; unpacked a thousandfold at the most
_BUFFER_BYTES = 1 << 18
_END = b"\r\n\r\n"
_OPENING = b"WARC/"
_RECORD = re.compile(rb"WARC/[01]\.\d+\r\n")
_NO_RECORD, _NOT_WHOLE, WRONG_LENGTH = "no WARC record", "not whole", "a wrong Content-Length"
_LONGEST_LENGTH = 18  # digits of a Content-Length; a file of more bytes there is not
_CONTENT_TYPE = re.compile(rb"^content-type:[ \t]*([^\r\n]*)", re.I | re.M)


@dataclass(frozen=True, slots=True)
class Scanned:
    """A whole record by its headers; offsets in bytes.

    `content_type` is that of the page, None where none is given. `belongs_to` are the ids of the records that it names
    as its own (WARC-Concurrent-To, WARC-Refers-To). `fault` says why it cannot be used though it is whole. `date` is as
    it is written there.
    """

    kind: str
    url: str
    content_type: str | None
    offset: int
    end: int
    record_id: str = ""
    belongs_to: tuple[str, ...] = ()
    fault: str | None = None
    date: str = ""


@dataclass(frozen=True, slots=True)
class Damage:
    """Bytes that hold no whole record. `end` is where whole records go on, the file's size where none do."""

    offset: int
    end: int
    why: str


class NotAMemberARecord(ValueError):
    """A gzip file whose members are not records (`gzip x.warc`): it must be unpacked as a whole to be scanned."""


@dataclass(frozen=True, slots=True)
class _Head:
    """The headers of a record, names in small letters; `start` is where its content begins, `length` as it claims."""

    fields: dict[bytes, bytes]
    start: int
    length: int

    @property
    def end(self) -> int:
        return self.start + self.length


def is_gzip(path: Path) -> bool:
    """Whether a file begins as gzip files do, whatever its name."""
    with path.open("rb") as stream:
        return stream.read(2) == b"\x1f\x8b"


def scan_warc(path: Path, start: int = 0) -> Iterator[Scanned | Damage]:
    """Give the records of a WARC file, uncompressed or of one gzip member a record, and what lies between them.

    From the record that begins at `start` on.

    Raises:
        NotAMemberARecord: it is gzipped in another way; nothing that was given before counts.
    """
    size = path.stat().st_size
    with path.open("rb", buffering=_BUFFER_BYTES) as stream:
        yield from (_members if is_gzip(path) else _plain_records)(stream, start, size)


# --------------------------------------------------------------------------- a gzip member a record
@dataclass(frozen=True, slots=True)
class _Member:
    head: bytes
    length: int
    end: int


def _inflated(stream: BinaryIO, at: int) -> _Member | None:
    """Return the member that begins at `at`: how it opens, its length unpacked, its end; None where it is not whole."""
    stream.seek(at)
    inflater = zlib.decompressobj(31)
    head, length, end = b"", 0, at
    while not inflater.eof:
        packed = stream.read(_READ_BYTES)
        if not packed:
            return None
        try:
            plain = inflater.decompress(packed)
        except zlib.error:
            return None
        if len(head) < _HEAD_BYTES:
            head += plain[:_HEAD_BYTES]
        length += len(plain)
        end += len(packed)
    return _Member(head, length, end - len(inflater.unused_data))


def _members(stream: BinaryIO, at: int, size: int) -> Iterator[Scanned | Damage]:
    while at < size:
        member = _inflated(stream, at)
        head = _head(member.head) if member else None
        why = _wrong_with(stream, at, member, head)
        if member is not None and head is not None and why is None:
            yield _scanned(member.head, head, at, member.end)
            at = member.end
            continue
        resumes_at = next_member_start(stream, at + 1, _OPENING)
        end = size if resumes_at is None else resumes_at
        yield Damage(at, end, why or _NO_RECORD)
        at = end


def _wrong_with(stream: BinaryIO, at: int, member: _Member | None, head: _Head | None) -> str | None:
    if member is None:
        return _NOT_WHOLE
    if head is None:
        return _NO_RECORD
    beyond = member.length - head.end
    if 0 <= beyond <= len(_END):
        return None
    following = _first_byte_after(stream, at, head.end) if beyond > 0 else _opening_of(stream, member.end)
    if beyond > 0 and not following:
        return None  # more line ends than there should be
    if following.startswith(_OPENING) if beyond > 0 else following and not following.startswith(_OPENING):
        raise NotAMemberARecord
    return WRONG_LENGTH


def _first_byte_after(stream: BinaryIO, at: int, position: int) -> bytes:
    """Return some bytes of the member at `at` that follow the unpacked `position`, without line ends before them."""
    stream.seek(at)
    inflater = zlib.decompressobj(31)
    passed, found = 0, b""
    while len(found) < _READ_BYTES and not inflater.eof:
        plain = inflater.decompress(stream.read(_READ_BYTES))
        found += plain[max(position - passed, 0) :]
        passed += len(plain)
    return found.lstrip(b"\r\n")


def _opening_of(stream: BinaryIO, at: int) -> bytes:
    """Return how the member at `at` opens; nothing at the end of the file, or where no member begins."""
    stream.seek(at)
    try:
        return zlib.decompressobj(31).decompress(stream.read(_READ_BYTES), len(_OPENING))
    except zlib.error:
        return b""


# --------------------------------------------------------------------------- uncompressed
def _plain_records(stream: BinaryIO, at: int, size: int) -> Iterator[Scanned | Damage]:
    while at < size:
        stream.seek(at)
        opening = stream.read(_HEAD_BYTES)
        head = _head(opening)
        end = _end_of_plain(stream, at + head.end, size) if head else None
        if head is not None and end is not None:
            yield _scanned(opening, head, at, end)
            at = end
            continue
        resumes_at = _next_plain_start(stream, at + 1)
        end = size if resumes_at is None else resumes_at
        too_long = head is not None and at + head.end > size and resumes_at is None
        yield Damage(at, end, _NO_RECORD if head is None else _NOT_WHOLE if too_long else WRONG_LENGTH)
        at = end


def _end_of_plain(stream: BinaryIO, content_end: int, size: int) -> int | None:
    """Return where a record ends, line ends included, whose content ends there; None where it cannot."""
    if content_end > size:
        return None
    stream.seek(content_end)
    following = stream.read(len(_END) + len(_OPENING))
    if following.startswith(_END):
        return content_end + len(_END)
    bare = following.lstrip(b"\r\n")
    return content_end + len(following) - len(bare) if not bare or bare.startswith(_OPENING) else None


def _next_plain_start(stream: BinaryIO, start: int) -> int | None:
    stream.seek(start)
    base, text = start, b""
    while more := stream.read(_BUFFER_BYTES):
        text += more
        if found := _RECORD.search(text):
            return base + found.start()
        # a first line that is cut by the end of what was read is looked at again
        kept = text[-16:]
        base, text = base + len(text) - len(kept), kept
    return None


# --------------------------------------------------------------------------- headers
def _head(opening: bytes) -> _Head | None:
    """Read the headers at the beginning of a record; None where there are none, or no length in them."""
    end = opening.find(_END)
    if end < 0 or not _RECORD.match(opening):
        return None
    fields: dict[bytes, bytes] = {}
    for line in opening[:end].split(b"\r\n")[1:]:
        name, colon, value = line.partition(b":")
        if not colon and not line.startswith((b" ", b"\t")):
            return None  # such a line ends the headers for one reader, and the file for another
        name = name.strip().lower()
        # WARC-Concurrent-To may stand there several times
        fields[name] = fields[name] + b" " + value.strip() if name in fields else value.strip()
    length = fields.get(b"content-length", b"")
    is_length = length.isdigit() and len(length) <= _LONGEST_LENGTH
    return _Head(fields, end + len(_END), int(length)) if is_length else None


def _scanned(opening: bytes, head: _Head, offset: int, end: int) -> Scanned:
    fields = head.fields
    kind = fields.get(b"warc-type", b"").decode("ascii", "replace").lower()
    content_type: bytes | None = fields.get(b"content-type")
    if kind in PAGE_KINDS and content_type and content_type.startswith(b"application/http"):
        http_end = opening.find(_END, head.start)
        stated = _CONTENT_TYPE.search(opening, head.start, http_end if http_end >= 0 else len(opening))
        content_type = stated[1] if stated else None
    belongs_to = fields.get(b"warc-concurrent-to", b"") + b" " + fields.get(b"warc-refers-to", b"")
    return Scanned(
        kind,
        fields.get(b"warc-target-uri", b"").decode("utf-8", "replace").strip("<>"),
        content_type.decode("latin-1").strip() if content_type is not None else None,
        offset,
        end,
        fields.get(b"warc-record-id", b"").decode("latin-1"),
        tuple(belongs_to.decode("latin-1").split()),
        _fault(kind, fields),
        fields.get(b"warc-date", b"").decode("latin-1"),
    )


def _fault(kind: str, fields: dict[bytes, bytes]) -> str | None:
    if not kind:
        return "without WARC-Type"
    if kind in _OF_AN_ADDRESS and not fields.get(b"warc-target-uri"):
        return "without WARC-Target-URI"
    if kind not in PAGE_KINDS:
        return None
    if b"warc-segment-number" in fields:
        return "of a page in segments"
    if b"warc-date" not in fields:
        return "without WARC-Date"
    return None if warc_date(fields[b"warc-date"].decode("latin-1")) else "with a WARC-Date that is no date"


def warc_date(text: str) -> dt.datetime | None:
    """Return the time of a record in UTC; None for what is no date with a time zone."""
    try:
        date = dt.datetime.fromisoformat(text)
        return date.astimezone(dt.UTC) if date.tzinfo else None
    except (ValueError, OverflowError):
        return None
