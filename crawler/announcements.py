"""What the crawler knows of the places that announce articles, of what it was told to crawl, and of the archive.

The other tables of the frontier's file, beside the articles.
"""

from __future__ import annotations

import datetime as dt
import json
import sqlite3
from collections.abc import Iterable

from crawler.known import as_text, as_time
from crawler.revisit import listing_due, news_rate

_EVERYTHING = "0001-01-01"  # covered_since of a listing that was walked to its end


class Announcements:
    """The memory of listings, topics, sitemaps, scopes, and of what of the archive was read. `Frontier` is one."""

    _base: sqlite3.Connection

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
        started_at = started_at or as_text(now)
        self._base.execute(
            "INSERT INTO walks(site, listing, covered_since, started_at) VALUES (?, ?, ?, ?)"
            " ON CONFLICT DO UPDATE SET started_at = excluded.started_at",
            (site, listing, covered, started_at),
        )
        deep_enough = covered is not None and covered <= (since.isoformat() if since else _EVERYTHING)
        return as_time(started_at) if deep_enough else None

    def end_walk(self, site: str, listing: str, since: dt.date | None) -> None:
        """Note that the listing was walked to its end, or as far back as `since`."""
        covered = since.isoformat() if since else _EVERYTHING
        self._base.execute(
            "UPDATE walks SET covered_since = min(coalesce(covered_since, ?), ?), started_at = NULL"
            " WHERE site = ? AND listing = ?",
            (covered, covered, site, listing),
        )

    def listing_due(self, site: str, listing: str, now: dt.datetime) -> bool:
        """Whether a listing has probably news, by what it brought until now."""
        row = self._base.execute(
            "SELECT news, read_at FROM walks WHERE site = ? AND listing = ?", (site, listing)
        ).fetchone()
        news, read_at = row or (None, None)
        return listing_due(news, as_time(read_at), now)

    def listing_read(self, site: str, listing: str) -> dt.datetime | None:
        """Return when the first page of a listing was last read."""
        row = self._base.execute("SELECT read_at FROM walks WHERE site = ? AND listing = ?", (site, listing)).fetchone()
        return as_time(row[0]) if row else None

    def note_listing(self, site: str, listing: str, new: int, now: dt.datetime) -> None:
        """Note that the first page of a listing was read and brought `new` articles that nothing had shown before."""
        row = self._base.execute(
            "SELECT news, read_at FROM walks WHERE site = ? AND listing = ?", (site, listing)
        ).fetchone()
        news, read_at = row or (None, None)
        before = as_time(read_at)
        if before is not None and before < now:
            news = news_rate(news, new, (now - before) / dt.timedelta(hours=1))
        self._base.execute(
            "UPDATE walks SET news = ?, read_at = ? WHERE site = ? AND listing = ?", (news, as_text(now), site, listing)
        )

    # ----------------------------------------------------------------- topics
    def note_topics(self, site: str, urls: Iterable[str], now: dt.datetime, most: int) -> None:
        """Remember topics that a page links to, as long as no more than `most` are known of the site."""
        for url in urls:
            self._base.execute(
                "INSERT OR IGNORE INTO topics(site, url, found_at)"
                " SELECT ?, ?, ? WHERE (SELECT count(*) FROM topics WHERE site = ?) < ?",
                (site, url, as_text(now), site, most),
            )

    def topics(self, site: str) -> list[tuple[str, dt.datetime | None]]:
        """Return the topics known and when each was last asked for: never asked first, then longest ago first."""
        statement = "SELECT url, asked_at FROM topics WHERE site = ? ORDER BY asked_at, found_at, url"
        return [(url, as_time(asked_at)) for url, asked_at in self._base.execute(statement, (site,))]

    def note_topic_asked(self, site: str, url: str, now: dt.datetime) -> None:
        """Note that a topic is read; its turn comes again after all others."""
        self._base.execute("UPDATE topics SET asked_at = ? WHERE site = ? AND url = ?", (as_text(now), site, url))

    # ----------------------------------------------------------------- sitemaps
    def sitemap_read(self, site: str, url: str) -> dt.datetime | None:
        """Return when a part of a sitemap index was last read."""
        row = self._base.execute("SELECT read_at FROM sitemaps WHERE site = ? AND url = ?", (site, url)).fetchone()
        return as_time(row[0]) if row else None

    def note_sitemap(self, site: str, url: str, when: dt.datetime) -> None:
        """Note that a sitemap was read and all its articles are known."""
        self._base.execute(
            "INSERT OR REPLACE INTO sitemaps(site, url, read_at, seen_at) VALUES (?, ?, ?, ?)",
            (site, url, as_text(when), as_text(when)),
        )

    def sitemap_unchanged(self, site: str, url: str, when: dt.datetime) -> None:
        """Note that a sitemap still holds what it held when it was last read, by the word of its index."""
        self._base.execute("UPDATE sitemaps SET seen_at = ? WHERE site = ? AND url = ?", (as_text(when), site, url))

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
