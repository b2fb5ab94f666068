"""Which records of a web archive are taken: the wanted pages, and the requests and metadata that belong to them."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from crawler.archive import PAGE_KINDS, Damage, Scanned, is_gzip, scan_warc
from pipeline.imported_pages import ImportedPages, page_key

_TEXT_ALL_THE_SAME = ("application/xhtml+xml", "application/octet-stream")  # the second is "unknown"
_ADDRESSES = ("http://", "https://", "file://", "urn:")
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


def _host(url: str) -> str:
    try:
        return urlsplit(url).netloc.lower()
    except ValueError:  # "http://[x"
        return ""


def _is_text(content_type: str | None) -> bool:
    kind = (content_type or "").split(";")[0].strip().lower()
    return not kind or kind.startswith("text/") or kind.endswith("xml") or kind in _TEXT_ALL_THE_SAME


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


def choose(path: Path, wanted: Wanted) -> Choice:
    """Look at every record of a file.

    Raises:
        NotAMemberARecord: it is gzipped as a whole; nothing that was looked at counts.
    """
    choice = Choice(path.stat().st_size, wanted)
    for found in scan_warc(path):
        choice.add(found)
    return choice
