"""Import: put pages that somebody else collected into the archive, so that they are built like our own."""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from crawler.archive import IMPORTED, ArchiveWriter, TornRecord, archive_files, mend, read_captures
from crawler.lock import exclusive
from crawler.sites import Sites
from pipeline.imported_pages import ImportedPages
from pipeline.inputs import READ_IN_FOLDERS, WEB_ARCHIVES, Input, NotImported, read_inputs
from pipeline.wanted_records import Wanted
from pipeline.webarchives import Taken, clear_broken_off, take_web_archive

_OF_DOCUMENTS = re.compile(r"\d{8}T\d{6}-\d+-\d+\.warc\.gz")  # other names are copies of web archives


@dataclass(frozen=True, slots=True)
class ImportReport:
    """How many pages were archived, there already or not wanted, and how many places and records were unusable.

    `refused` has one line for each file or row that was refused, and for each file that is damaged.
    """

    archived: int
    refused: tuple[str, ...]
    other_hosts: int = 0
    not_text: int = 0
    there_already: int = 0
    unusable: int = 0


def import_files(corpus: Path, paths: Iterable[Path], now: dt.datetime, only_of: Sites | None = None) -> ImportReport:
    """Archive WARC files, pages, texts and JSON lines; folders are searched for files with their suffixes.

    Of WARC files only text is taken, and with `only_of` only what is on the hosts of these sites; the rest is counted.
    A page without a URL goes by the address that it gives as its own, else by a name made of its content. What was
    imported before is not taken again, so an import that was killed is mended by running it once more.

    Raises:
        ArchiveUnwritable: the disk refuses.
        CorpusBusy: another import is at work on this corpus.
    """
    folder = corpus / "archive" / IMPORTED
    hosts = None if only_of is None else frozenset(host for site in only_of for host in (*site.hosts, *site.aliases))
    taken: list[Taken] = []
    refused: list[str] = []
    with (
        exclusive(corpus / "import.lock", f"{corpus} is being imported into"),
        ArchiveWriter(corpus, IMPORTED, f"{now:%Y%m%dT%H%M%S}-{os.getpid()}") as archive,
    ):
        clear_broken_off(folder)
        wanted = Wanted(hosts, ImportedPages(_copies(folder)))
        documents = _Documents(corpus, archive, now)
        for path in _files(paths):
            try:
                taken.append(take_web_archive(folder, path, wanted) if _is_web_archive(path) else documents.take(path))
            except NotImported as refusal:
                refused.append(str(refusal))
                continue
            refused += taken[-1].notes
    return ImportReport(
        sum(one.pages for one in taken),
        tuple(refused),
        wanted.other_hosts,
        wanted.not_text,
        sum(one.there_already for one in taken),
        sum(one.unusable for one in taken),
    )


def _copies(folder: Path) -> list[Path]:
    """Return the copies of web archives that earlier imports made."""
    return sorted(path for path in folder.glob("*.warc.gz") if not _OF_DOCUMENTS.fullmatch(path.name))


def _files(paths: Iterable[Path]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            yield from sorted(file for file in path.rglob("*") if file.name.lower().endswith(READ_IN_FOLDERS))
        else:
            yield path


def _is_web_archive(path: Path) -> bool:
    return path.name.lower().endswith(WEB_ARCHIVES)


@dataclass(slots=True)
class _Documents:
    """Takes pages, texts and rows into the archive, each of them once."""

    corpus: Path
    archive: ArchiveWriter
    now: dt.datetime
    known: set[int] | None = None

    def take(self, path: Path) -> Taken:
        """Archive the documents of one file; its wrong rows are in the notes."""
        pages = there_already = 0
        notes: list[str] = []
        for document in read_inputs(path):
            if isinstance(document, NotImported):
                notes.append(str(document))
            elif self._is_new(url := _address(document), document.content):
                kind = "text/html" if document.kind == "html" else "text/plain; charset=utf-8"
                self.archive.write_resource(url, kind, document.content, self.now)
                pages += 1
            else:
                there_already += 1
        return Taken(pages, there_already, notes=tuple(notes))

    def _is_new(self, url: str, content: bytes) -> bool:
        if self.known is None:
            self.known = {_key(url, content) for url, content in _documents_archived(self.corpus)}
        key = _key(url, content)
        if key in self.known:
            return False
        self.known.add(key)
        return True


def _documents_archived(corpus: Path) -> Iterator[tuple[str, bytes]]:
    """Give address and content of what earlier imports wrote; a record that a killed one left unfinished is cut off."""
    for file in archive_files(corpus):
        if file.parts[-2] == IMPORTED and _OF_DOCUMENTS.fullmatch(file.name):
            mend(corpus, file)
            with contextlib.suppress(TornRecord):  # `congdoan check` names it
                for capture in read_captures(corpus, file):
                    yield capture.url, capture.body


def _key(url: str, content: bytes) -> int:
    return int.from_bytes(hashlib.sha256(url.encode() + b"\n" + content).digest()[:8], "big")


def _address(document: Input) -> str:
    """Return the URL it came with, the one that the page gives as its own, or a name made of its content."""
    return document.page_address() or f"urn:sha256:{hashlib.sha256(document.content).hexdigest()}"
