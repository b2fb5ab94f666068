"""Check the archive, and mend what a killed run left."""

from __future__ import annotations

import os
from pathlib import Path, PurePosixPath

from crawler.archive.read import TornRecord, archive_files
from crawler.archive.scan import WRONG_LENGTH, Damage, NotAMemberARecord, is_gzip, scan_warc
from crawler.payload import next_member_start, whole_members_end
from crawler.storage import refused_by_disk

_READ_BYTES = 1 << 20
_GZIP_HEAD = 2  # bytes


def mend(corpus: Path, file: PurePosixPath) -> str | None:
    """Cut the torn record off the end of a WARC file; return a line that says so, None for a whole file.

    A record damaged in mid-file is left alone: what comes after it is whole and must not be lost.
    A file that does not begin as gzip files do was unpacked or laid there by somebody, and is left alone too.
    Only for the crawler, under its lock: a file that is being written looks torn.
    """
    path = corpus / file
    if path.stat().st_size >= _GZIP_HEAD and not is_gzip(path):
        return _not_packed(file)
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
    """Read the whole archive, with zlib and with warcio; return one line a problem.

    Problems are bytes that hold no whole record, records without a date, and records that do not match their digest.
    """
    problems: list[str] = []
    for file in archive_files(corpus):
        path = corpus / file
        size = path.stat().st_size
        if size >= _GZIP_HEAD and not is_gzip(path):
            problems.append(_not_packed(file))
            continue
        whole_from = 0
        try:
            for found in scan_warc(path):
                if isinstance(found, Damage):
                    problems += [_damage(file, found, size), *_wrong_digests(path, file, whole_from, found.offset)]
                    whole_from = found.end
                elif found.fault is not None:
                    problems.append(f"{file}: the record at {found.offset} is {found.fault}: no table will have it")
        except NotAMemberARecord:
            problems.append(f"{file}: not a gzip member a record; take it away and bring it in with `congdoan import`")
            continue
        problems += _wrong_digests(path, file, whole_from, size)
    return problems


def _not_packed(file: PurePosixPath) -> str:
    return f"{file}: no gzip file, though it is called one; take it away and bring it in with `congdoan import`"


def _damage(file: PurePosixPath, damage: Damage, size: int) -> str:
    if damage.why == WRONG_LENGTH:
        return f"{file}: the record at {damage.offset} has a wrong Content-Length; put the file back, from a copy"
    return str(TornRecord(str(file), damage.offset, size, None if damage.end == size else damage.end))


def _wrong_digests(path: Path, file: PurePosixPath, start: int, end: int) -> list[str]:
    """Check the digests of the whole records between two offsets."""
    from warcio.archiveiterator import ArchiveIterator
    from warcio.limitreader import LimitReader

    wrong = []
    with path.open("rb") as stream:
        stream.seek(start)
        records = ArchiveIterator(LimitReader(stream, end - start), check_digests=True)
        try:
            for record in records:
                while record.raw_stream.read(_READ_BYTES):  # as it came: unpacked it may be a bomb
                    pass
                if record.digest_checker.passed is False:
                    at = start + records.get_record_offset()
                    wrong.append(f"{file}: the record at {at} does not match its digest")
        except Exception as error:  # noqa: BLE001 - odd headers are met with errors of any kind; each is a problem
            wrong.append(f"{file}: warcio does not read it to its end ({' '.join(str(error).split())[:200]})")
    return wrong
