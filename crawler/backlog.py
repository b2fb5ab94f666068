"""What the frontier still has to do at each site, read beside a crawl that is at work, and without its classes."""

from __future__ import annotations

import datetime as dt
import os
import sqlite3
from dataclasses import dataclass
from pathlib import Path

from crawler.frontier_file import FrontierUnusable
from crawler.known import as_time


@dataclass(frozen=True, slots=True)
class Backlog:
    """Counts of one site's articles: still `queued`, and `failing` at the last look.

    `next_try` is when the first of the failing ones is asked for again.
    """

    queued: int = 0
    failing: int = 0
    next_try: dt.datetime | None = None


_QUEUED = "SELECT site, count(*) FROM articles WHERE site = ? AND state = 'queued'"
_FAILING = "SELECT count(*), min(next_visit) FROM articles WHERE site = ? AND tries > 0"


def backlogs(corpus: Path) -> dict[str, Backlog]:
    """Return the backlog of each site in the frontier; none where there is no frontier yet.

    Raises:
        FrontierUnusable: the file is damaged, or may not be read.
    """
    path = corpus / "frontier.sqlite"
    if not path.is_file():
        return {}
    base = _opened(path)
    try:
        columns = {row[1] for row in base.execute("PRAGMA table_info(articles)")}
        if not {"tries", "next_visit"} <= columns:  # of an earlier version; the next crawl brings it up
            return {}
        sites = [site for (site,) in base.execute("SELECT DISTINCT site FROM articles")]
        return {site: _backlog(base, site) for site in sites}
    except sqlite3.DatabaseError as error:
        raise FrontierUnusable(
            f"{path}: {error}; move it away: the next crawl reads it back from the archive"
        ) from error
    finally:
        base.close()


def _opened(path: Path) -> sqlite3.Connection:
    """Open the file for reading, also where we may not write beside it, as SQLite does to tell a crawl of us."""
    alone = not os.access(path.parent, os.W_OK, effective_ids=True) and not path.with_name(f"{path.name}-shm").exists()
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro{'&immutable=1' if alone else ''}", uri=True)


def _backlog(base: sqlite3.Connection, site: str) -> Backlog:
    ((_, queued),) = base.execute(_QUEUED, (site,)).fetchall()
    ((failing, next_visit),) = base.execute(_FAILING, (site,)).fetchall()
    return Backlog(queued, failing, as_time(next_visit))
