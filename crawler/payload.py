"""Undo what HTTP did to a body on the wire, as far as the standard library can."""

from __future__ import annotations

import re
import zlib
from typing import BinaryIO

LARGEST_BODY_BYTES = 64_000_000  # unpacked; no page and no sitemap allowed by the protocol is larger
READ_BYTES = 1 << 18  # a quarter of a megabyte: several records at a time

_CHUNK_SIZE = re.compile(rb"([0-9a-fA-F]{1,8})[^\r\n]*\r\n")


def unchunked(body: bytes) -> bytes:
    """Return the body without its chunk sizes; unchanged when it is not chunked whatever its headers said."""
    parts: list[bytes] = []
    at = 0
    while at < len(body):
        size_line = _CHUNK_SIZE.match(body, at)
        if size_line is None:
            return body
        size = int(size_line[1], 16)
        if size == 0:
            return b"".join(parts)
        parts.append(body[size_line.end() : size_line.end() + size])
        at = size_line.end() + size + 2
    return b"".join(parts) if parts else body


class Bomb(ValueError):
    """A body that unpacks to more than LARGEST_BODY_BYTES."""


def inflate(body: bytes, encoding: str) -> bytes:
    """Undo gzip or deflate; a stream that was cut gives its beginning, as in a browser.

    Raises:
        Bomb: it unpacks to more than any page.
        zlib.error: it is not in that encoding, or that encoding is another one.
    """
    windows = {"gzip": (31,), "x-gzip": (31,), "deflate": (15, -15)}.get(encoding, ())
    for window in windows:
        inflater = zlib.decompressobj(window)
        try:
            plain = inflater.decompress(body, LARGEST_BODY_BYTES)
        except zlib.error:
            continue
        if inflater.unconsumed_tail:
            raise Bomb(f"more than {LARGEST_BODY_BYTES} bytes")
        return plain + inflater.flush()
    raise zlib.error(f"not in the encoding {encoding!r}")


def inflated(body: bytes, encoding: str) -> bytes | None:
    """Undo gzip or deflate; None where `inflate` cannot."""
    try:
        return inflate(body, encoding)
    except (Bomb, zlib.error):
        return None


_MEMBER = b"\x1f\x8b\x08"  # how a gzip member begins
_HEAD_BYTES = 4_096  # enough of a member to read its first bytes, whatever its Huffman tables


def whole_members_end(stream: BinaryIO, start: int) -> int:
    """Return where the run of whole gzip members that begins at `start` ends: the size of an undamaged file."""
    stream.seek(start)
    end, at, inflater, data = start, start, zlib.decompressobj(31), b""
    while data := data or stream.read(READ_BYTES):
        try:
            inflater.decompress(data)
        except zlib.error:
            return end
        at += len(data) - len(inflater.unused_data)
        data = inflater.unused_data
        if inflater.eof:
            end, inflater = at, zlib.decompressobj(31)
    return end


def next_member_start(stream: BinaryIO, start: int, opening: bytes) -> int | None:
    """Return where the first gzip member at or after `start` begins whose content opens with `opening`, else None."""
    stream.seek(start)
    base, data = start, b""
    while more := stream.read(READ_BYTES):
        data += more
        for found in re.finditer(re.escape(_MEMBER), data):
            if _opens_with(data[found.start() : found.start() + _HEAD_BYTES], opening):
                return base + found.start()
        # a member whose head is cut by the end of what was read is looked at again
        kept = data[-_HEAD_BYTES:]
        base, data = base + len(data) - len(kept), kept
    return None


def _opens_with(head: bytes, opening: bytes) -> bool:
    try:
        return zlib.decompressobj(31).decompress(head, len(opening)) == opening
    except zlib.error:
        return False
