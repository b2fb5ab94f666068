"""How many records a second `congdoan import` scans of another crawler's WARC file, beside plain warcio iteration.

Both read the same file in this process, on one core, in turn: import first, then warcio, as often as --rounds says.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

from warcio.archiveiterator import ArchiveIterator

from crawler.archive import ArchiveWriter, Exchange, archive_files
from crawler.sites import Sites
from pipeline.imports import import_files

NOW = dt.datetime(2026, 11, 22, tzinfo=dt.UTC)
ASKED_A_SECOND = 3_000  # records on one core: CC-NEWS has some 20,000 records a file, and hundreds of files a month
KNOWN_EVERY, IMAGE_EVERY = 20, 7  # of so many records one is of a known site, one an image
SENTENCE = "Tổ may số {} của xưởng Hà Lĩnh đề xuất một cách xếp vải mới. "


def written(folder: Path, records: int) -> Path:
    """Return a WARC file of responses of some 2 kB from 500 hosts."""
    with ArchiveWriter(folder, "others", "mixed", rotate_bytes=1 << 40) as archive:
        for number in range(records):
            host = "laodong.vn" if number % KNOWN_EVERY == 0 else f"bao{number % 500}.example"
            kind = "image/jpeg" if number % IMAGE_EVERY == 0 else "text/html; charset=utf-8"
            body = "".join(SENTENCE.format(number + step) for step in range(25)).encode()
            url = f"https://{host}/cong-doan/bai-{number}.ldo"
            archive.write_response(Exchange(url, NOW, headers=[("Content-Type", kind)]), body)
    return folder / archive_files(folder)[0]


def iterated(path: Path) -> int:
    """Return how many records plain warcio iteration gives."""
    with path.open("rb") as stream:
        return sum(1 for _ in ArchiveIterator(stream))


def main() -> int:
    """Print the rates; 1 when the import is slower than asked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--records", type=int, default=30_000)
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    ours: list[float] = []
    theirs: list[float] = []
    with tempfile.TemporaryDirectory() as folder:
        path = written(Path(folder), asked.records)
        sites = Sites()
        for number in range(asked.rounds):
            began = time.perf_counter()
            report = import_files(Path(folder) / f"corpus-{number}", [path], NOW, sites)
            ours.append(asked.records / (time.perf_counter() - began))
            began = time.perf_counter()
            iterated(path)
            theirs.append(asked.records / (time.perf_counter() - began))
        size = path.stat().st_size / 1e6
    print(f"{asked.records:,} records, {size:.1f} MB, one core, medians of {asked.rounds} rounds; records a second")
    print(f"congdoan import    {statistics.median(ours):10,.0f}")
    print(f"warcio iteration   {statistics.median(theirs):10,.0f}")
    print(f"kept {report.archived:,}, of other hosts {report.other_hosts:,}, no text {report.not_text:,}")
    return 0 if statistics.median(ours) >= ASKED_A_SECOND else 1


if __name__ == "__main__":
    sys.exit(main())
