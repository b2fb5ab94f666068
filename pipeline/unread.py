"""What the tables have not read of the archive yet."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from pathlib import Path

from crawler.archive import Capture, TornRecord, archive_files, read_captures


class Unread:
    """The captures that the last snapshot has not read. `read_to` is how far each file was read, for the next build."""

    def __init__(self, corpus: Path, read_to: Mapping[str, Mapping[str, int]]) -> None:
        self._corpus = corpus
        self.read_to = {file: dict(to) for file, to in read_to.items()}
        self.torn: list[str] = []
        self.not_modified: list[tuple[str, dt.datetime]] = []  # URL and time of each answer 304
        files = [file.as_posix() for file in archive_files(corpus)]
        self.files = [file for file in files if self._size(file) != read_to.get(file, {}).get("size")]

    def captures(self) -> Iterator[Capture]:
        """Yield the unread captures, file by file; a revisit (HTTP 304) has no content and goes to `not_modified`."""
        for file in self.files:
            to = self.read_to.setdefault(file, {})
            size = self._size(file)
            try:
                for capture in read_captures(self._corpus, file, after_offset=to.get("offset")):
                    to["offset"] = capture.offset
                    if capture.kind == "revisit":
                        self.not_modified.append((capture.url, capture.fetched_at))
                    else:
                        yield capture
            except TornRecord as torn:
                self.torn.append(str(torn))
            to["size"] = size

    def _size(self, file: str) -> int:
        return (self._corpus / file).stat().st_size
