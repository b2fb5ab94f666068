"""Check the archive, and mend what a killed run left."""

from __future__ import annotations

import os
from pathlib import Path, PurePosixPath

from warcio.archiveiterator import ArchiveIterator as WarcioIterator
from warcio.exceptions import ArchiveLoadFailed

from crawler.archive.read import TornRecord, archive_files, read_captures
from crawler.payload import next_member_start, whole_members_end
from crawler.storage import refused_by_disk


def mend(corpus: Path, file: PurePosixPath) -> str | None:
    """Cut the torn record off the end of a WARC file; return a line that says so, None for a whole file.

    A record damaged in mid-file is left alone: what comes after it is whole and must not be lost.
    Only for the crawler, under its lock: a file that is being written looks torn.
    """
    path = corpus / file
    with path.open("rb") as stream:
        whole_until, size = whole_members_end(stream, 0), path.stat().st_size
        if whole_until == size:
            return None
        resumes_at = next_member_start(stream, whole_until + 1, b"WARC/")
    if resumes_at is not None:
        return str(TornRecord(str(file), whole_until, size, resumes_at))
    with refused_by_disk(path):
        os.truncate(path, whole_until)
    return f"{file}: cut off {size - whole_until} bytes of a record that a killed run left unfinished"


def verify(corpus: Path) -> list[str]:
    """Read the whole archive; return one line a problem: torn files, records whose digest is not their content's."""
    problems = []
    for file in archive_files(corpus):
        try:
            for _ in read_captures(corpus, file):
                pass
        except TornRecord as torn:
            problems.append(str(torn))
        problems += _wrong_digests(corpus, file)
    return problems


def _wrong_digests(corpus: Path, file: PurePosixPath) -> list[str]:
    wrong = []
    with (corpus / file).open("rb") as stream:
        records = WarcioIterator(stream, check_digests=True)
        try:
            for record in records:
                record.content_stream().read()
                if record.digest_checker.passed is False:
                    wrong.append(f"{file}: the record at {records.get_record_offset()} does not match its digest")
        except ArchiveLoadFailed:
            # a damaged gzip member: read_captures has named it as the first record that is not whole
            wrong.append(f"{file}: the digests of its records are not checked from there on")
    return wrong
