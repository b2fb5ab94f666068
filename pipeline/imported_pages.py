"""Which pages of web archives were imported before, so that none is taken twice, whatever file it comes in."""

from __future__ import annotations

import hashlib
from array import array
from bisect import bisect_left
from collections.abc import Iterable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from crawler.archive import PAGE_KINDS, NotAMemberARecord, Scanned, scan_warc
from crawler.storage import refused_by_disk

UNFINISHED = ".unfinished"  # ends the names of what an import is still writing
_LIST = ".pages"  # ends the name of what lies beside a copy: the keys of its pages, 8 bytes each, little-endian


def page_key(page: Scanned) -> int:
    """Return the number by which the record of a page is known again: made of its id, address and date."""
    named = "\n".join((page.record_id, page.url, page.date))
    return int.from_bytes(hashlib.sha256(named.encode()).digest()[:8], "little")


class ImportedPages:
    """The pages of the copies of web archives. Memory: 8 bytes a page of them, some 60 a page of this import.

    Only under the import's lock. A copy without its list (an earlier version wrote none, and an import may be killed
    before it does) is scanned once.
    """

    def __init__(self, copies: Iterable[Path]) -> None:
        lists = [np.empty(0, "<u8"), *map(_keys_of, copies)]
        self._before = array("Q", np.unique(np.concatenate(lists)).astype(np.uint64).tobytes())
        self._now: set[int] = set()

    def __contains__(self, key: int) -> bool:
        if key in self._now:
            return True
        at = bisect_left(self._before, key)
        return at < len(self._before) and self._before[at] == key

    def add(self, copy: Path, keys: array[int]) -> None:
        """Note the pages of a copy that is whole and in its place."""
        _write(copy, np.array(keys, "<u8"))
        self._now.update(keys)


def _keys_of(copy: Path) -> NDArray[np.uint64]:
    listed = copy.with_name(copy.name + _LIST)
    if listed.is_file():
        return np.fromfile(listed, "<u8")
    try:
        pages = (one for one in scan_warc(copy) if isinstance(one, Scanned) and one.kind in PAGE_KINDS)
        keys = np.array([page_key(page) for page in pages], "<u8")
    except NotAMemberARecord:  # no copy that an import made: `congdoan check` names it
        return np.empty(0, "<u8")
    _write(copy, keys)
    return keys


def _write(copy: Path, keys: NDArray[np.uint64]) -> None:
    listed = copy.with_name(copy.name + _LIST)
    unfinished = listed.with_name(listed.name + UNFINISHED)
    with refused_by_disk(listed):
        keys.tofile(unfinished)
        unfinished.replace(listed)
