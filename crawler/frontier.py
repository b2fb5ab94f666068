"""What the crawler knows of each article: where it is, whether it was fetched, when it was last asked for.

One SQLite file for the corpus, WAL, every change committed before the next request goes out. It is a memory, not a
record: whatever of it is lost is read back from the archive (`reconcile`). Times are aware UTC.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Literal, Self

from crawler.storage import ArchiveUnwritable, refused_by_disk

State = Literal["queued", "fetched", "gone", "failed"]

MOST_TRIES = 20  # runs in which an article may fail before it is left alone: three weeks of a blocked nightly crawl
# How young an article must be to be asked again where the site gives no validators: edits come in the first days.
RECHECK_WITHOUT_VALIDATORS = dt.timedelta(days=14)

_SCHEMA = """
CREATE TABLE IF NOT EXISTS articles(
    site TEXT NOT NULL, id TEXT NOT NULL, url TEXT NOT NULL, state TEXT NOT NULL DEFAULT 'queued',
    etag TEXT, last_modified TEXT, digest TEXT, first_seen TEXT NOT NULL, last_fetched TEXT, last_checked TEXT,
    published TEXT, lastmod TEXT, tries INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (site, id)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS articles_found ON articles(site, state, first_seen, id);
CREATE TABLE IF NOT EXISTS walks(
    site TEXT NOT NULL, listing TEXT NOT NULL, covered_since TEXT, started_at TEXT,
    PRIMARY KEY (site, listing)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS sitemaps(
    site TEXT NOT NULL, url TEXT NOT NULL, read_at TEXT NOT NULL, PRIMARY KEY (site, url)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS scopes(site TEXT PRIMARY KEY, since TEXT, sections TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS read_files(
    site TEXT NOT NULL, file TEXT NOT NULL, size INTEGER NOT NULL, PRIMARY KEY (site, file)) WITHOUT ROWID;
"""
_COLUMNS = (
    "id, url, state, etag, last_modified, digest, first_seen, last_fetched, last_checked, published, lastmod, tries"
)
_EVERYTHING = "0001-01-01"  # covered_since of a listing that was walked to its end


@dataclass(frozen=True, slots=True)
class Found:
    """An article's address on a listing, with what the listing says of its dates."""

    url: str
    published: dt.datetime | None = None
    lastmod: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class KnownArticle:
    """An article of one site as the frontier knows it. `digest` is of the body as last received in full."""

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
    tries: int

    @property
    def waits(self) -> bool:
        """Whether it is still to be fetched."""
        return self.state == "queued" or (self.state == "failed" and self.tries < MOST_TRIES)

    def outside(self, since: dt.datetime | None, until: dt.datetime | None) -> bool:
        """Whether its dates are known to be before `since` or at or after `until`; an unknown date is inside."""
        published_by = self.published or self.lastmod
        too_old = since is not None and published_by is not None and published_by < since
        too_new = until is not None and self.published is not None and self.published >= until
        return too_old or too_new


def body_digest(body: bytes) -> str:
    """Return the digest by which two answers are known for the same."""
    return hashlib.sha256(body).hexdigest()


def _text(when: dt.datetime | None) -> str | None:
    # One form for all, so that SQLite compares times by comparing text
    return when.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S.%f+00:00") if when else None


def _time(text: str | None) -> dt.datetime | None:
    return dt.datetime.fromisoformat(text) if text else None


class FrontierUnusable(ArchiveUnwritable):
    """The frontier's file is damaged or locked; the message is one line and says what to do."""


class Frontier:
    """The memory of all sites of one corpus. One process writes at a time (the crawl holds the corpus's lock)."""

    def __init__(self, corpus: Path) -> None:
        path = corpus / "frontier.sqlite"
        with refused_by_disk(path):
            corpus.mkdir(parents=True, exist_ok=True)
            path.touch()
        self._base = sqlite3.connect(path, isolation_level=None)
        try:
            self._base.execute("PRAGMA journal_mode = WAL")
            self._base.execute("PRAGMA synchronous = NORMAL")
            self._base.executescript(_SCHEMA)
        except sqlite3.DatabaseError as error:
            self._base.close()
            advice = "move it away and run the same command again: it is read back from the archive"
            raise FrontierUnusable(f"{path}: {error}; {advice}") from error

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._base.close()

    # ----------------------------------------------------------------- articles
    def add(self, site: str, found: Mapping[str, Found], now: dt.datetime) -> list[KnownArticle]:
        """Queue the articles, by id, that are not yet known, and return them; learn newer dates of the others."""
        unknown = [id_ for id_ in found if self.article(site, id_) is None]
        rows = [
            (site, id_, entry.url, _text(now), _text(entry.published), _text(entry.lastmod))
            for id_, entry in found.items()
        ]
        self._base.execute("BEGIN")
        self._base.executemany(
            "INSERT INTO articles(site, id, url, first_seen, published, lastmod) VALUES (?, ?, ?, ?, ?, ?)"
            " ON CONFLICT DO UPDATE SET published = coalesce(published, excluded.published),"
            " lastmod = coalesce(excluded.lastmod, lastmod)",
            rows,
        )
        self._base.execute("COMMIT")
        return [article for id_ in unknown if (article := self.article(site, id_)) is not None]

    def article(self, site: str, id_: str) -> KnownArticle | None:
        """Return what is known of one article."""
        return next(self._articles("site = ? AND id = ?", site, id_), None)

    def waiting(self, site: str, after: KnownArticle | None = None, most: int = -1) -> list[KnownArticle]:
        """Return the articles that are queued, or failed and may be tried again, in the order they were found.

        Those after `after` in that order, and no more than `most` (-1: all).
        """
        where = (
            "site = ? AND (state = 'queued' OR (state = 'failed' AND tries < ?)) AND (first_seen, id) > (?, ?)"
            " ORDER BY first_seen, id LIMIT ?"
        )
        place = (_text(after.first_seen), after.id) if after else ("", "")
        return list(self._articles(where, site, MOST_TRIES, *place, most))

    def due(self, site: str, now: dt.datetime, recheck_after: dt.timedelta) -> Iterator[KnownArticle]:
        """Give the fetched articles to ask again, longest unchecked first; `now` is the start of the run.

        Those last asked `recheck_after` ago or longer, or changed since by the word of a sitemap or feed. Without
        ETag and Last-Modified only those younger than RECHECK_WITHOUT_VALIDATORS, by publication or first sight.
        """
        where = (
            "site = ? AND state = 'fetched' AND last_checked <= ? AND (last_checked <= ? OR lastmod > last_checked)"
            " AND (etag IS NOT NULL OR last_modified IS NOT NULL OR coalesce(published, first_seen) >= ?"
            " OR lastmod > last_checked) ORDER BY last_checked, id"
        )
        young = now - RECHECK_WITHOUT_VALIDATORS
        return self._articles(where, site, _text(now), _text(now - recheck_after), _text(young))

    def _articles(self, where: str, *values: object) -> Iterator[KnownArticle]:
        # `where` is one of the constants above, never text from outside
        for row in self._base.execute(f"SELECT {_COLUMNS} FROM articles WHERE {where}", values).fetchall():  # noqa: S608
            times = [_time(text) for text in row[6:11]]
            yield KnownArticle(*(*row[:6], *times, row[11]))

    def fetched(
        self,
        site: str,
        id_: str,
        url: str,
        when: dt.datetime,
        *,
        digest: str,
        etag: str | None,
        last_modified: str | None,
        published: dt.datetime | None = None,
    ) -> None:
        """Note an article that was received in full and archived; one never listed is made known by this."""
        self._base.execute(
            "INSERT INTO articles(site, id, url, state, etag, last_modified, digest, first_seen, last_fetched,"
            " last_checked, published) VALUES (?, ?, ?, 'fetched', ?, ?, ?, ?, ?, ?, ?)"
            " ON CONFLICT DO UPDATE SET state = 'fetched', etag = excluded.etag,"
            " last_modified = excluded.last_modified, digest = excluded.digest,"
            " last_fetched = excluded.last_fetched, last_checked = excluded.last_checked,"
            " published = coalesce(excluded.published, published), tries = 0",
            (site, id_, url, etag, last_modified, digest, _text(when), _text(when), _text(when), _text(published)),
        )

    def not_modified(self, site: str, id_: str, when: dt.datetime) -> None:
        """Note that the site says the article is as it was."""
        self._base.execute("UPDATE articles SET last_checked = ? WHERE site = ? AND id = ?", (_text(when), site, id_))

    def gone(self, site: str, id_: str, when: dt.datetime) -> None:
        """Note that the site no longer has the article; it is not asked for again."""
        self._base.execute(
            "UPDATE articles SET state = 'gone', last_checked = ? WHERE site = ? AND id = ?", (_text(when), site, id_)
        )

    def failed(self, site: str, id_: str) -> None:
        """Note a failure that retries did not mend. A fetched article stays fetched; others wait for the next run."""
        self._base.execute(
            "UPDATE articles SET tries = tries + 1, state = iif(state = 'fetched', 'fetched', 'failed')"
            " WHERE site = ? AND id = ?",
            (site, id_),
        )

    def count(self, site: str, state: State) -> int:
        """Return how many articles of the site are in the state."""
        row = self._base.execute("SELECT count(*) FROM articles WHERE site = ? AND state = ?", (site, state)).fetchone()
        return int(row[0])

    def all_older(self, site: str, ids: Iterable[str], since: dt.datetime) -> bool:
        """Whether there are articles among `ids` with a known date, and all such dates are before `since`."""
        articles = [article for id_ in ids if (article := self.article(site, id_))]
        dates = [date for article in articles if (date := article.published or article.lastmod)]
        return bool(dates) and all(date < since for date in dates)

    # ----------------------------------------------------------------- walks through listings
    def start_walk(self, site: str, listing: str, since: dt.date | None, now: dt.datetime) -> dt.datetime | None:
        """Note that the listing is being walked; return the time before which its articles are all known.

        None when no earlier walk went as deep as `since`: then the walk goes on until the pages repeat themselves.
        A walk that was broken off counts from its own start, so that the next one goes as deep as it meant to.
        """
        row = self._base.execute(
            "SELECT covered_since, started_at FROM walks WHERE site = ? AND listing = ?", (site, listing)
        ).fetchone()
        covered, started_at = row or (None, None)
        started_at = started_at or _text(now)
        self._base.execute(
            "INSERT OR REPLACE INTO walks VALUES (?, ?, ?, ?)",
            (site, listing, covered, started_at),
        )
        deep_enough = covered is not None and covered <= (since.isoformat() if since else _EVERYTHING)
        return _time(started_at) if deep_enough else None

    def end_walk(self, site: str, listing: str, since: dt.date | None) -> None:
        """Note that the listing was walked to its end, or as far back as `since`."""
        covered = since.isoformat() if since else _EVERYTHING
        self._base.execute(
            "UPDATE walks SET covered_since = min(coalesce(covered_since, ?), ?), started_at = NULL"
            " WHERE site = ? AND listing = ?",
            (covered, covered, site, listing),
        )

    def sitemap_read(self, site: str, url: str) -> dt.datetime | None:
        """Return when a part of a sitemap index was last read."""
        row = self._base.execute("SELECT read_at FROM sitemaps WHERE site = ? AND url = ?", (site, url)).fetchone()
        return _time(row[0]) if row else None

    def note_sitemap(self, site: str, url: str, when: dt.datetime) -> None:
        """Note that a sitemap was read and all its articles are known."""
        self._base.execute("INSERT OR REPLACE INTO sitemaps VALUES (?, ?, ?)", (site, url, _text(when)))

    # ----------------------------------------------------------------- what the operator wants of a site
    def remember_scope(self, site: str, since: dt.date | None, sections: tuple[str, ...]) -> None:
        """Keep how far back and in which sections (none: everywhere) the operator crawls the site."""
        row = (site, since.isoformat() if since else None, json.dumps(sections))
        self._base.execute("INSERT OR REPLACE INTO scopes VALUES (?, ?, ?)", row)

    def scope(self, site: str) -> tuple[dt.date | None, tuple[str, ...]]:
        """Return what `remember_scope` kept; everything for a site never crawled."""
        row = self._base.execute("SELECT since, sections FROM scopes WHERE site = ?", (site,)).fetchone()
        if row is None:
            return None, ()
        return (dt.date.fromisoformat(row[0]) if row[0] else None), tuple(json.loads(row[1]))

    # ----------------------------------------------------------------- the archive read back
    def size_read(self, site: str, file: str) -> int:
        """Return how many bytes of an archive file were read for the site; 0 for a file never read."""
        row = self._base.execute("SELECT size FROM read_files WHERE site = ? AND file = ?", (site, file)).fetchone()
        return int(row[0]) if row else 0

    def note_read(self, site: str, file: str, size: int) -> None:
        """Note that the site's captures in the first `size` bytes of an archive file are known."""
        self._base.execute("INSERT OR REPLACE INTO read_files VALUES (?, ?, ?)", (site, file, size))
