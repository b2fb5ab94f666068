"""The archive: every response as it came, in WARC files that any web-archive tool reads.

`<corpus>/archive/<site>/<run_id>-<number>.warc.gz`, one gzip member a record, warcinfo and the run's
metadata first. This package is the one door to fastwarc and warcio, which read (warcio where fastwarc does not
install).
"""

from crawler.archive.check import mend, verify
from crawler.archive.read import IMPORTED, Capture, TornRecord, archive_files, capture_at, read_captures, read_warc
from crawler.archive.scan import PAGE_KINDS, Damage, NotAMemberARecord, Scanned, is_gzip, scan_warc
from crawler.archive.write import Archived, ArchiveWriter, Exchange, payload_digest
from crawler.runlog import RunLog, read_runs, write_run
from crawler.storage import ArchiveUnwritable, site_of_host

__all__ = [
    "IMPORTED",
    "PAGE_KINDS",
    "ArchiveUnwritable",
    "ArchiveWriter",
    "Archived",
    "Capture",
    "Damage",
    "Exchange",
    "NotAMemberARecord",
    "RunLog",
    "Scanned",
    "TornRecord",
    "archive_files",
    "capture_at",
    "is_gzip",
    "mend",
    "payload_digest",
    "read_captures",
    "read_runs",
    "read_warc",
    "scan_warc",
    "site_of_host",
    "verify",
    "write_run",
]
