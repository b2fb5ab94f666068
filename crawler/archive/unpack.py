"""Unpack web archives that were packed as a whole, as far as they can be read."""

from __future__ import annotations

import zlib
from pathlib import Path
from typing import Any, BinaryIO

from crawler.payload import next_member_start

try:
    from fastwarc import stream_io
except ImportError:  # no wheel for this platform
    stream_io = None  # type: ignore[assignment]

_READ_BYTES = 1 << 16
_WRITTEN_BYTES = 1 << 20
_CLOSELY_READ_BYTES = 64  # around damage
# Between what was read before a damaged place and after it, so that no record seems to run across it
_GAP = b"\0damaged\0"


class NotUnpacked(ValueError):
    """A file packed in a way that cannot be read here; the message says what to do."""


def unpack_gzip(path: Path, out: BinaryIO) -> None:
    """Write what a gzip file holds, past damaged members to the next one that opens with a WARC record."""
    with path.open("rb") as stream:
        at: int | None = 0
        while at is not None:
            damaged_at = _write_members(stream, at, out)
            if damaged_at is None:
                return
            out.write(_GAP)
            at = next_member_start(stream, damaged_at + 1, b"WARC/")


def _write_members(stream: BinaryIO, start: int, out: BinaryIO) -> int | None:
    """Write the members from `start` on; return where the first that is not whole begins, None at the file's end."""
    stream.seek(start)
    begins, at, inflater, packed = start, start, zlib.decompressobj(31), b""
    while packed := packed or stream.read(_READ_BYTES):
        before = inflater.copy()
        try:
            # in pieces: a member of zeros unpacks a thousandfold
            plain = inflater.decompress(packed, _WRITTEN_BYTES)
        except zlib.error:
            _write_up_to_damage(before, packed, out)
            return begins
        out.write(plain)
        rest = inflater.unused_data if inflater.eof else inflater.unconsumed_tail
        at += len(packed) - len(rest)
        packed = rest
        if inflater.eof:
            begins, inflater = at, zlib.decompressobj(31)
    return None if begins == at else begins


def _write_up_to_damage(inflater: zlib._Decompress, packed: bytes, out: BinaryIO) -> None:
    """Write what is unpacked of a piece in which zlib has found damage."""
    for at in range(0, len(packed), _CLOSELY_READ_BYTES):
        try:
            out.write(inflater.decompress(packed[at : at + _CLOSELY_READ_BYTES]))
        except zlib.error:
            return


def unpack_zstd(path: Path, out: BinaryIO) -> None:
    """Write what a `.warc.zst` holds, with its dictionary if it brings one, up to the first damaged frame.

    Raises:
        NotUnpacked: fastwarc, which reads it, is not there or too old; or nothing of the file can be read.
    """
    reader = getattr(stream_io, "ZstdReader", None)
    if reader is None:
        raise NotUnpacked(f"packed with zstd; unpack it with `zstd -d {path.name}` and import what comes out")
    try:
        written = _write_frames(reader, path, out)
        if written is not None and not _write_last(reader, path, out, written):
            raise NotUnpacked("no zstd file that can be read")
    except OSError as damaged:
        raise NotUnpacked(f"no zstd file that can be read: {damaged}") from damaged


def _write_frames(reader: Any, path: Path, out: BinaryIO) -> int | None:
    """Write what whole readings give; return how many bytes that were where the next one fails, None at the end."""
    written = 0
    with path.open("rb") as stream:
        frames = reader(stream)
        while True:
            try:
                plain = frames.read(_READ_BYTES)
            except OSError:  # fastwarc's word for a damaged frame
                return written
            if not plain:
                return None
            written += out.write(plain)


def _write_last(reader: Any, path: Path, out: BinaryIO, written: int) -> int:
    """Write byte by byte what comes after `written` bytes, up to the damage; return how many bytes there were."""
    with path.open("rb") as stream:
        frames = reader(stream)
        total = 0
        while total < written:
            total += len(frames.read(min(_READ_BYTES, written - total)))
        try:
            while byte := frames.read(1):
                total += out.write(byte)
        except OSError:
            out.write(_GAP)
    return total
