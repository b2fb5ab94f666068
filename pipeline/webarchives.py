"""Web archives of other crawlers: how the records that are wanted of them come into ours, byte for byte."""

from __future__ import annotations

import contextlib
import hashlib
import os
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from crawler.archive import NotAMemberARecord, is_gzip
from crawler.archive.unpack import NotUnpacked, unpack_gzip, unpack_zstd
from crawler.storage import refused_by_disk
from pipeline.imported_pages import UNFINISHED
from pipeline.inputs import NotImported
from pipeline.wanted_records import Wanted, choose

_CHUNK = 1 << 20  # bytes
_UNPACKED = ".unpacked"


@dataclass(frozen=True, slots=True)
class Taken:
    """What came of one web archive: pages taken, pages that were there already, records that could not be used."""

    pages: int = 0
    there_already: int = 0
    unusable: int = 0
    notes: tuple[str, ...] = ()


def clear_broken_off(folder: Path) -> None:
    """Remove what an import that was killed left half written. Only under the import's lock."""
    for suffix in (UNFINISHED, _UNPACKED):
        for left in folder.glob(f"*{suffix}"):
            left.unlink()


def take_web_archive(folder: Path, path: Path, wanted: Wanted) -> Taken:
    """Copy the wanted pages of a file into the archive's folder, with the records that belong to them.

    Each record is copied byte for byte, as a gzip member of its own. What is damaged is passed over and named. Pages
    that are there already, from whatever file, are not taken again.

    Raises:
        NotImported: no such file, not a WARC file, or packed in a way that cannot be read.
        ArchiveUnwritable: the disk refuses.
    """
    _refuse_what_is_no_warc(path)
    with contextlib.ExitStack() as unpacked:
        plain = path
        if path.name.lower().endswith(".zst"):
            plain = unpacked.enter_context(_unpacked(folder, path, unpack_zstd))
        before = (wanted.other_hosts, wanted.not_text)
        try:
            chosen = choose(plain, wanted)
            packed_as_a_whole = not chosen.pages and chosen.is_damaged_gzip(plain)
        except NotAMemberARecord:
            packed_as_a_whole = True
        if packed_as_a_whole:
            wanted.other_hosts, wanted.not_text = before
            plain = unpacked.enter_context(_unpacked(folder, path, unpack_gzip))
            chosen = choose(plain, wanted)
        if not chosen.pages:
            raise NotImported(f"{path}: no record of a page in it; {chosen.what_is_wrong() or 'expected a WARC file'}")
        if chosen.keys:
            wanted.imported.add(_write(folder, plain, chosen.spans()), chosen.keys)
    return Taken(
        len(chosen.keys),
        chosen.there_already,
        len(chosen.damages) + chosen.faults.total(),
        tuple(f"{path}: {note}" for note in chosen.notes()),
    )


def _refuse_what_is_no_warc(path: Path) -> None:
    if not path.is_file():
        raise NotImported(f"{path}: no such file")
    name = path.name.lower()
    if name.endswith(".wacz"):
        raise NotImported(f"{path}: a WACZ package; unzip it and import the WARC files in its folder `archive`")
    if name.endswith((".arc", ".arc.gz")):
        raise NotImported(
            f"{path}: an ARC file, the format before WARC; `warcio recompress {path.name} {path.stem}.warc.gz` makes "
            f"a WARC file of it"
        )


@contextlib.contextmanager
def _unpacked(folder: Path, path: Path, unpack: Callable[[Path, BinaryIO], None]) -> Iterator[Path]:
    """Give an uncompressed copy of a file for as long as it is read; it lies where the archive has its room."""
    plain = folder / f"{os.getpid()}{_UNPACKED}"
    try:
        with refused_by_disk(plain):
            folder.mkdir(parents=True, exist_ok=True)
            with plain.open("wb") as out:
                unpack(path, out)
        yield plain
    except NotUnpacked as refused:
        raise NotImported(f"{path}: {refused}") from refused
    finally:
        plain.unlink(missing_ok=True)


def _write(folder: Path, path: Path, spans: Iterable[tuple[int, int]]) -> Path:
    """Write the records at `spans` to a file named by its content, and return it."""
    digest = hashlib.sha256()
    unfinished = folder / f"{os.getpid()}{UNFINISHED}"
    packed = is_gzip(path)
    with refused_by_disk(folder):
        folder.mkdir(parents=True, exist_ok=True)
        with path.open("rb") as stream, unfinished.open("wb") as out:
            for start, end in spans:
                for chunk in _read(stream, start, end) if packed else _packed(_read(stream, start, end)):
                    digest.update(chunk)
                    out.write(chunk)
            out.flush()
            os.fsync(out.fileno())
        copy = folder / f"{digest.hexdigest()[:16]}.warc.gz"
        unfinished.replace(copy)
        return copy


def _read(stream: BinaryIO, start: int, end: int) -> Iterator[bytes]:
    stream.seek(start)
    while start < end:
        chunk = stream.read(min(_CHUNK, end - start))
        if not chunk:
            raise OSError(f"the file became shorter while it was read, at byte {start}")
        yield chunk
        start += len(chunk)


def _packed(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Pack a record into a gzip member of its own; no time in it, so that the same record gives the same bytes."""
    deflater = zlib.compressobj(wbits=31)
    for chunk in chunks:
        yield deflater.compress(chunk)
    yield deflater.flush()
