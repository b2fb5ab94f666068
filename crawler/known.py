"""An article as listings announce it and as the frontier knows it, and the one form that times have in its file."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass
from typing import Literal

State = Literal["queued", "fetched", "gone", "failed"]


@dataclass(frozen=True, slots=True)
class Found:
    """An article's address on a listing, with what the listing says of its dates."""

    url: str
    published: dt.datetime | None = None
    lastmod: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class KnownArticle:
    """An article of one site as the frontier knows it.

    `digest` is of the body as last received in full, `payload` of its bytes on the wire as the archive names them,
    `content` of what a reader reads there, once two bodies had to be compared. `archived` is where that body is,
    `<file>:<offset>` of the archive. `changes` were found in `watched` hours between the first look and the last.
    `tries` failed in a row; it is not asked for again before `next_visit` then.
    """

    id: str
    url: str
    state: State
    etag: str | None
    last_modified: str | None
    digest: str | None
    first_seen: dt.datetime
    last_fetched: dt.datetime | None
    last_checked: dt.datetime | None
    published: dt.datetime | None
    lastmod: dt.datetime | None
    next_visit: dt.datetime | None
    in_sitemap: dt.datetime | None
    tries: int
    content: str | None
    payload: str | None
    changes: int
    watched: float
    times_gone: int
    archived: str | None

    def waits(self, now: dt.datetime) -> bool:
        """Whether it is still to be fetched, and now, not later."""
        return self.state == "queued" or (
            self.state == "failed" and (self.next_visit is None or self.next_visit <= now)
        )

    def outside(self, since: dt.datetime | None, until: dt.datetime | None) -> bool:
        """Whether its dates are known to be before `since` or at or after `until`; an unknown date is inside."""
        published_by = self.published or self.lastmod
        too_old = since is not None and published_by is not None and published_by < since
        too_new = until is not None and self.published is not None and self.published >= until
        return too_old or too_new


@dataclass(frozen=True, slots=True)
class Fetched:
    """An article's page as it was received in full and archived, as the frontier notes it; `at` is when.

    `digest` and `content` as in `KnownArticle`; `content_before` is what a reader read there when it was last fetched,
    where that was looked up.
    """

    url: str
    at: dt.datetime
    digest: str
    etag: str | None = None
    last_modified: str | None = None
    published: dt.datetime | None = None
    content: str | None = None
    content_before: str | None = None
    payload: str | None = None
    archived: str | None = None


def body_digest(body: bytes) -> str:
    """Return the digest by which two answers are known for the same."""
    return hashlib.sha256(body).hexdigest()


def as_text(when: dt.datetime | None) -> str | None:
    # One form for all, so that SQLite compares times by comparing text
    return when.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S.%f+00:00") if when else None


def as_time(text: str | None) -> dt.datetime | None:
    return dt.datetime.fromisoformat(text) if text else None
