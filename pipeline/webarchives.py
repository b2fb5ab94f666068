"""Web archives of other crawlers: which of their records are taken, and how they come into ours byte for byte."""

from __future__ import annotations

import contextlib
import hashlib
import os
import zlib
from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO
from urllib.parse import urlsplit

from crawler.archive import PAGE_KINDS, Damage, NotAMemberARecord, Scanned, is_gzip, scan_warc
from crawler.archive.unpack import NotUnpacked, unpack_gzip, unpack_zstd
from crawler.storage import refused_by_disk
from pipeline.imported_pages import UNFINISHED, ImportedPages, page_key
from pipeline.inputs import NotImported

_CHUNK = 1 << 20  # bytes
_TEXT_ALL_THE_SAME = ("application/xhtml+xml", "application/octet-stream")  # the second is "unknown"
_ADDRESSES = ("http://", "https://", "file://", "urn:")
_UNPACKED = ".unpacked"
# Records that came before the page they belong to, and ids of pages whose records may come after: a crawler writes
# them side by side, or as many apart as it has requests under way
MOST_WAITING, MOST_REMEMBERED = 10_000, 100_000


@dataclass(slots=True)
class Wanted:
    """Says which pages of a web archive are wanted, and counts the others. `hosts` is None where every host is.

    `imported` are the pages that are in the archive already.
    """

    hosts: frozenset[str] | None
    imported: ImportedPages
    other_hosts: int = 0
    not_text: int = 0

    def takes(self, page: Scanned) -> bool:
        if self.hosts is not None and _host(page.url) not in self.hosts:
            self.other_hosts += 1
            return False
        if not _is_text(page.content_type):
            self.not_text += 1
            return False
        return True


@dataclass(frozen=True, slots=True)
class Taken:
    """What came of one web archive: pages taken, pages that were there already, records that could not be used."""

    pages: int = 0
    there_already: int = 0
    unusable: int = 0
    notes: tuple[str, ...] = ()


def _host(url: str) -> str:
    try:
        return urlsplit(url).netloc.lower()
    except ValueError:  # "http://[x"
        return ""


def _is_text(content_type: str | None) -> bool:
    kind = (content_type or "").split(";")[0].strip().lower()
    return not kind or kind.startswith("text/") or kind.endswith("xml") or kind in _TEXT_ALL_THE_SAME


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
            chosen = _choose(plain, wanted)
            packed_as_a_whole = not chosen.pages and chosen.is_damaged_gzip(plain)
        except NotAMemberARecord:
            packed_as_a_whole = True
        if packed_as_a_whole:
            wanted.other_hosts, wanted.not_text = before
            plain = unpacked.enter_context(_unpacked(folder, path, unpack_gzip))
            chosen = _choose(plain, wanted)
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


# --------------------------------------------------------------------------- which records
def _choose(path: Path, wanted: Wanted) -> Choice:
    choice = Choice(path.stat().st_size, wanted)
    for found in scan_warc(path):
        choice.add(found)
    return choice


@dataclass(slots=True)
class Choice:
    """Which records of a web archive are taken: all where no page is left out, else pages and what belongs to them.

    A request or metadata record belongs to a page by the ids that either names, or, where it names none, by standing
    next to it with the same address. Memory: 16 bytes a record of the file, and some 100 a record taken.
    """

    size: int
    wanted: Wanted
    pages: int = 0
    there_already: int = 0
    keys: array[int] = field(default_factory=lambda: array("Q"))  # of the pages that are taken
    damages: list[Damage] = field(default_factory=list)
    faults: Counter[str] = field(default_factory=Counter)
    _left_out: bool = False
    _every: array[int] = field(default_factory=lambda: array("Q"))  # start and end of each whole record in turn
    _chosen: list[tuple[int, int]] = field(default_factory=list)
    _ids: dict[str, None] = field(default_factory=dict)
    _waiting: dict[str, list[tuple[int, int]]] = field(default_factory=dict)
    _beside: list[tuple[str, tuple[int, int]]] = field(default_factory=list)
    _last_page: str | None = None  # address of the page before, if it was taken

    def add(self, found: Scanned | Damage) -> None:
        """Look at the next record of the file."""
        if isinstance(found, Damage):
            self.damages.append(found)
        elif found.fault is not None:
            self._add_fault(found, found.fault)
        elif found.kind in PAGE_KINDS and found.url.startswith(_ADDRESSES):
            self._add_page(found)
        else:
            self._every.extend((found.offset, found.end))
            self._add_other(found)

    def _add_fault(self, record: Scanned, fault: str) -> None:
        self.faults[fault] += 1
        self.pages += record.kind in PAGE_KINDS
        self._left_out = True
        self._last_page = None
        self._beside.clear()
        for id_ in (record.record_id, *record.belongs_to):
            self._waiting.pop(id_, None)

    def _add_page(self, page: Scanned) -> None:
        self.pages += 1
        takes = self.wanted.takes(page) and self._is_new(page)
        span = (page.offset, page.end)
        if takes:
            self._every.extend(span)
            self._chosen.append(span)
            self._chosen += [other for url, other in self._beside if url == page.url]
        else:
            self._left_out = True
        for id_ in {page.record_id, *page.belongs_to} - {""}:
            before = self._waiting.pop(id_, [])
            if takes:
                self._remember(id_)
                self._chosen += before
        self._last_page = page.url if takes else None
        self._beside.clear()

    def _is_new(self, page: Scanned) -> bool:
        key = page_key(page)
        if key in self.wanted.imported:
            self.there_already += 1
            return False
        self.keys.append(key)
        return True

    def _add_other(self, record: Scanned) -> None:
        span = (record.offset, record.end)
        names = {record.record_id, *record.belongs_to} - {""}
        is_of_the_file = record.kind == "warcinfo"
        if is_of_the_file or not names.isdisjoint(self._ids.keys()):
            self._chosen.append(span)
            self._remember(record.record_id)
            return
        if not record.belongs_to and record.url:
            if record.url == self._last_page:
                self._chosen.append(span)
            else:
                self._beside.append((record.url, span))
        for id_ in names:
            self._waiting.setdefault(id_, []).append(span)
        while len(self._waiting) > MOST_WAITING:
            del self._waiting[next(iter(self._waiting))]
        del self._beside[:-MOST_WAITING]

    def _remember(self, id_: str) -> None:
        self._ids[id_] = None
        if len(self._ids) > MOST_REMEMBERED:
            del self._ids[next(iter(self._ids))]

    def is_damaged_gzip(self, path: Path) -> bool:
        return bool(self.damages) and is_gzip(path)

    def spans(self) -> Iterable[tuple[int, int]]:
        """Return where the records lie that are taken, in order."""
        if self._left_out:
            return sorted(set(self._chosen))
        return zip(self._every[::2], self._every[1::2], strict=True)

    def notes(self) -> Iterator[str]:
        """Give a line on the damage, and one on the pages that could not be used."""
        if wrong := self.what_is_wrong():
            yield f"{wrong}; of the whole records {len(self.keys)} pages are taken"
        if self.faults:
            causes = ", ".join(f"{count} {cause}" for cause, count in sorted(self.faults.items()))
            yield f"{self.faults.total()} records cannot be used and are left out: {causes}"

    def what_is_wrong(self) -> str | None:
        """Return in words where the file is damaged; None for a whole one."""
        if not self.damages:
            return None
        first = self.damages[0]
        if len(self.damages) == 1 and first.end == self.size:
            return f"breaks off at byte {first.offset} of {self.size} ({first.why})"
        bytes_lost = sum(damage.end - damage.offset for damage in self.damages)
        places = f"{len(self.damages)} places" if len(self.damages) > 1 else "one place"
        return f"damaged in {places}, {bytes_lost} bytes, the first at byte {first.offset} ({first.why})"


# --------------------------------------------------------------------------- copying
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
