"""The file that the frontier lies in: its tables, and how an older file is brought up to them."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from crawler.storage import ArchiveUnwritable

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
CREATE TABLE IF NOT EXISTS topics(
    site TEXT NOT NULL, url TEXT NOT NULL, found_at TEXT NOT NULL, asked_at TEXT,
    PRIMARY KEY (site, url)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS scopes(site TEXT PRIMARY KEY, since TEXT, sections TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS read_files(
    site TEXT NOT NULL, file TEXT NOT NULL, size INTEGER NOT NULL, PRIMARY KEY (site, file)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS habits(
    site TEXT PRIMARY KEY, hours TEXT NOT NULL, changes TEXT NOT NULL, announced INTEGER NOT NULL,
    unannounced INTEGER NOT NULL) WITHOUT ROWID;
"""
# What came later than the first version of the file, by table: column and type
_ADDED = {
    "articles": (
        ("content", "TEXT"),
        ("payload", "TEXT"),
        ("changes", "INTEGER NOT NULL DEFAULT 0"),
        ("watched", "REAL NOT NULL DEFAULT 0"),
        ("times_gone", "INTEGER NOT NULL DEFAULT 0"),
        ("next_visit", "TEXT"),
        ("sitemap", "TEXT"),
        ("in_sitemap", "TEXT"),
        ("audited", "INTEGER NOT NULL DEFAULT 0"),
        ("archived", "TEXT"),
    ),
    "walks": (("read_at", "TEXT"), ("news", "REAL")),
    "sitemaps": (("seen_at", "TEXT"),),
}
# What the policy would say of an article that was looked at once: after the edit window, and then within the month
_FIRST_VISITS = """
UPDATE articles SET next_visit = strftime('%Y-%m-%dT%H:%M:%f000+00:00', iif(
    julianday(last_checked) < julianday(coalesce(published, first_seen), '+48 hours'),
    datetime(coalesce(published, first_seen), '+48 hours'), datetime(last_checked, '+29 days')))
WHERE next_visit IS NULL AND last_checked IS NOT NULL
"""
# In the order of the fields of KnownArticle
COLUMNS = (
    "id, url, state, etag, last_modified, digest, first_seen, last_fetched, last_checked, published, lastmod,"
    " next_visit, in_sitemap, tries, content, payload, changes, watched, times_gone, archived"
)


class FrontierUnusable(ArchiveUnwritable):
    """The frontier's file is damaged or locked; the message is one line and says what to do."""


def open_frontier(path: Path) -> sqlite3.Connection:
    """Open the file, new or of an earlier version, with all tables and columns there.

    Raises:
        FrontierUnusable: it is no SQLite file, damaged, or locked.
    """
    base = sqlite3.connect(path, isolation_level=None)
    try:
        base.execute("PRAGMA journal_mode = WAL")
        base.execute("PRAGMA synchronous = NORMAL")
        base.executescript(_SCHEMA)
        _bring_up(base)
    except sqlite3.DatabaseError as error:
        base.close()
        advice = "move it away and run the same command again: it is read back from the archive"
        raise FrontierUnusable(f"{path}: {error}; {advice}") from error
    return base


def _bring_up(base: sqlite3.Connection) -> None:
    """Add the columns that an earlier version did not have; all or none, so that a kill leaves a whole file."""
    missing = [
        (table, column, kind)
        for table, columns in _ADDED.items()
        for column, kind in columns
        if column not in {row[1] for row in base.execute(f"PRAGMA table_info({table})")}
    ]
    if not missing:
        return
    base.execute("BEGIN IMMEDIATE")
    for table, column, kind in missing:
        base.execute(f"ALTER TABLE {table} ADD COLUMN {column} {kind}")
    base.execute(_FIRST_VISITS)
    base.execute("COMMIT")
