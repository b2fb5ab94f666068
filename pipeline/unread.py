"""What a build reads of the archive: what the tables have not read yet, and what they are to read again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterator, Mapping
from pathlib import Path

from crawler.archive import Capture, TornRecord, archive_files, read_captures


class Unread:
    """The captures to read. `read_to` is how far each file was read, for the next build.

    Args:
        read_to: how far the last snapshot has read each file: `offset` of the last capture, `size` of the file then.
        again: files in which captures that were read are wanted again, those whose address is `wanted`.
        leave_new: read nothing that was not read before.
    """

    def __init__(
        self,
        corpus: Path,
        read_to: Mapping[str, Mapping[str, int]],
        again: Collection[str] = (),
        wanted: Callable[[str], bool] = lambda _url: True,
        *,
        leave_new: bool = False,
    ) -> None:
        self.corpus = corpus
        self._again = frozenset(again)
        self._wanted = wanted
        self.read_to = {file: dict(to) for file, to in read_to.items()}
        self.torn: list[str] = []
        self.not_modified: list[tuple[str, dt.datetime]] = []  # URL and time of each answer 304
        files = [file.as_posix() for file in archive_files(corpus)]
        self.grown = (
            [] if leave_new else [file for file in files if self._size(file) != read_to.get(file, {}).get("size")]
        )
        self.files = [file for file in files if file in self._again or file in {*self.grown}]
        self._starts = {file: self._start(file) for file in self.files}
        self._bytes = max(sum(self._size(file) - start for file, start in self._starts.items()), 1)
        self._bytes_read = 0

    def captures(self) -> Iterator[Capture]:
        """Yield the captures to read, file by file; a revisit (HTTP 304) has no content and goes to `not_modified`."""
        for file in self.files:
            to = self.read_to.setdefault(file, {})
            read_to, size = to.get("offset", -1), self._size(file)
            start = None if file in self._again else to.get("offset")
            before = self._bytes_read - self._starts[file]
            try:
                for capture in read_captures(self.corpus, file, after_offset=start):
                    to["offset"] = max(capture.offset, read_to)
                    self._bytes_read = before + capture.offset
                    if capture.offset <= read_to and not self._wanted(capture.url):
                        continue
                    if capture.kind == "revisit":
                        self.not_modified.append((capture.url, capture.fetched_at))
                    else:
                        yield capture
            except TornRecord as torn:
                self.torn.append(str(torn))
            to["size"] = size
            self._bytes_read = before + size

    def share(self) -> float:
        """Return how much of what is to be read was read, 0 to 1, by bytes of the archive."""
        return self._bytes_read / self._bytes

    def _start(self, file: str) -> int:
        return 0 if file in self._again else self.read_to.get(file, {}).get("offset", 0)

    def _size(self, file: str) -> int:
        return (self.corpus / file).stat().st_size
