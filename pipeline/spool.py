"""Editions on their way from reading to annotating, kept on the disk: those of a whole archive do not fit in memory."""

from __future__ import annotations

import datetime as dt
import os
import pickle
import tempfile
from collections import defaultdict
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from pipeline.captures import Edition
from pipeline.tables import Partition, partition_of


@dataclass(slots=True)
class _Place:
    """What is kept in memory of an article: where its first edition belongs, and where its editions lie."""

    partition: Partition
    earliest: dt.datetime
    spans: list[tuple[int, int]]  # from which byte to which


class Spool:
    """Editions by article, in a file without a name: a build that is killed leaves nothing behind."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._file = tempfile.TemporaryFile(dir=folder, buffering=0)  # noqa: SIM115 - closed by __exit__
        self._end = 0
        self._places: dict[str, _Place] = {}
        self._homes: dict[Partition, Partition] = {}  # each is kept once, not once an article

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        with suppress(OSError):  # a full disk has been told by `add`
            self._file.close()

    def __len__(self) -> int:
        return len(self._places)

    def add(self, edition: Edition) -> None:
        """Keep an edition.

        Raises:
            OSError: the disk is full.
        """
        span = self._write(pickle.dumps(edition, pickle.HIGHEST_PROTOCOL))
        place = self._places.get(edition.article_id)
        if place is None:
            home = partition_of(edition.site, edition.published_at)
            home = self._homes.setdefault(home, home)
            self._places[edition.article_id] = _Place(home, edition.fetched_at, [span])
        else:
            place.spans.append(span)
            place.earliest = min(place.earliest, edition.fetched_at)

    def _write(self, data: bytes) -> tuple[int, int]:
        start, rest = self._end, memoryview(data)
        while rest:  # of a disk that has just become full a part is written, before it is an error
            written = os.pwrite(self._file.fileno(), rest, self._end)
            rest, self._end = rest[written:], self._end + written
        return start, self._end

    def articles(self) -> Iterable[str]:
        """Return the ids of the articles that have editions."""
        return self._places.keys()

    def partition(self, article: str) -> Partition:
        """Return the partition of the first edition read of an article."""
        return self._places[article].partition

    def earliest(self, article: str) -> dt.datetime:
        """Return when the first of an article's editions was captured."""
        return self._places[article].earliest

    def editions(self, articles: Iterable[str]) -> dict[str, list[Edition]]:
        """Return the editions of some articles, by article_id, in the order in which they were read."""
        found: dict[str, list[Edition]] = defaultdict(list)
        for article in articles:
            place = self._places.get(article)
            for start, end in place.spans if place else ():
                data = os.pread(self._file.fileno(), end - start, start)
                found[article].append(pickle.loads(data))  # noqa: S301 - our own file, without a name
        return dict(found)
