"""What the crawler knows of each article: where it is, whether it was fetched, when it was last asked for.

One SQLite file for the corpus, WAL, every change committed before the next request goes out. It is a memory, not a
record: whatever of it is lost is read back from the archive (`reconcile`). Times are aware UTC.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import TracebackType
from typing import Literal, Self

from crawler.frontier_file import COLUMNS, FrontierUnusable, open_frontier
from crawler.revisit import (
    AUDIT_EVERY,
    Habits,
    Look,
    born,
    is_trusted,
    listing_due,
    news_rate,
    next_visit,
    next_visit_of_gone,
)
from crawler.storage import refused_by_disk

__all__ = ["Found", "Frontier", "FrontierUnusable", "KnownArticle", "body_digest"]

State = Literal["queued", "fetched", "gone", "failed"]

MOST_TRIES = 20  # runs in which an article may fail before it is left alone: three weeks of a blocked nightly crawl
# How young an article must be to be asked again, on the operator's order, where the site gives no validators.
RECHECK_WITHOUT_VALIDATORS = dt.timedelta(days=14)
# How long a sitemap that cannot be read is still taken to hold what it held
SITEMAP_LASTS = dt.timedelta(days=3)

# Constants all of them: no text from outside ever becomes part of a statement
_DUE = """
SELECT id FROM articles WHERE site = :site AND state IN ('fetched', 'gone') AND last_checked <= :now
    AND ((lastmod > last_checked AND lastmod <= :now)
        OR (state = 'gone' AND next_visit <= :now) OR (state = 'fetched' AND {turn}))
ORDER BY {first}, last_checked, id
"""
# A run that may not ask for all asks first where a change was announced, then where it was expected soonest
_LIKELIEST = "lastmod > last_checked AND lastmod <= :now DESC, julianday(next_visit) - julianday(last_checked)"
_LONGEST_UNASKED = "last_checked"
_BY_POLICY = """
next_visit <= :now AND NOT (:trusted AND audited = 0 AND EXISTS (
    SELECT 1 FROM sitemaps s WHERE s.site = articles.site AND s.url = articles.sitemap
    AND s.read_at = articles.in_sitemap AND s.seen_at >= :lasting))
"""
_BY_ORDER = """
last_checked <= :asked_before
    AND (etag IS NOT NULL OR last_modified IS NOT NULL OR coalesce(published, first_seen) >= :young)
"""
_EVERYTHING = "0001-01-01"  # covered_since of a listing that was walked to its end


@dataclass(frozen=True, slots=True)
class Found:
    """An article's address on a listing, with what the listing says of its dates."""

    url: str
    published: dt.datetime | None = None
    lastmod: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class KnownArticle:
    """An article of one site as the frontier knows it.

    `digest` is of the body as last received in full, `content` of what a reader reads there, `payload` of its bytes on
    the wire as the archive names them. `changes` were found in `watched` hours between the first look and the last.
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


def _is_audited(id_: str) -> bool:
    """Whether an article is of those that are looked at though a sitemap answers for them; always the same ones."""
    return zlib.crc32(id_.encode()) % AUDIT_EVERY == 0


def _text(when: dt.datetime | None) -> str | None:
    # One form for all, so that SQLite compares times by comparing text
    return when.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S.%f+00:00") if when else None


def _time(text: str | None) -> dt.datetime | None:
    return dt.datetime.fromisoformat(text) if text else None


@dataclass(frozen=True, slots=True)
class _Learned:
    """What was learned of one site: its habits, and the changes that its sitemaps announced or kept to themselves."""

    habits: Habits = field(default_factory=Habits)
    announced: int = 0
    unannounced: int = 0

    @property
    def trusts_sitemaps(self) -> bool:
        return is_trusted(self.announced, self.unannounced)


class Frontier:
    """The memory of all sites of one corpus. One process writes at a time (the crawl holds the corpus's lock)."""

    def __init__(self, corpus: Path) -> None:
        path = corpus / "frontier.sqlite"
        with refused_by_disk(path):
            corpus.mkdir(parents=True, exist_ok=True)
            path.touch()
        self._base = open_frontier(path)
        self._learned: dict[str, _Learned] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._base.close()

    # ----------------------------------------------------------------- articles
    def add(
        self, site: str, found: Mapping[str, Found], now: dt.datetime, sitemap: tuple[str, dt.datetime] | None = None
    ) -> list[KnownArticle]:
        """Queue the articles, by id, that are not yet known, and return them; learn newer dates of the others.

        `sitemap` is the address of the sitemap that lists them and when it was read: while it lists an article with a
        lastmod, and its word is good, the article is asked for when that is news.
        """
        unknown = [id_ for id_ in found if self.article(site, id_) is None]
        rows = [
            (site, id_, entry.url, _text(now), _text(entry.published), _text(entry.lastmod), _is_audited(id_))
            + ((sitemap[0], _text(sitemap[1])) if sitemap and entry.lastmod else (None, None))
            for id_, entry in found.items()
        ]
        self._base.execute("BEGIN")
        self._base.executemany(
            "INSERT INTO articles(site, id, url, first_seen, published, lastmod, audited, sitemap, in_sitemap)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET"
            " published = coalesce(published, excluded.published), lastmod = coalesce(excluded.lastmod, lastmod),"
            " sitemap = coalesce(excluded.sitemap, sitemap), in_sitemap = coalesce(excluded.in_sitemap, in_sitemap)",
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

    def due(self, site: str, now: dt.datetime, recheck_after: dt.timedelta | None = None) -> Iterator[KnownArticle]:
        """Give the articles to ask again; `now` is the start of the run.

        By the policy of `crawler.revisit`, likeliest news first; what a sitemap holds whose lastmod has proved good
        waits for its word. With `recheck_after` those last asked so long ago or longer, longest ago first; without
        ETag and Last-Modified only those younger than RECHECK_WITHOUT_VALIDATORS, by publication or first sight.
        Always: what changed by the word of a sitemap or feed, and what was gone and may have come back.
        """
        values = {
            "site": site,
            "now": _text(now),
            "asked_before": _text(now - (recheck_after or dt.timedelta(0))),
            "young": _text(now - RECHECK_WITHOUT_VALIDATORS),
            "trusted": self._of(site).trusts_sitemaps,
            "lasting": _text(now - SITEMAP_LASTS),
        }
        turn, first = (_BY_POLICY, _LIKELIEST) if recheck_after is None else (_BY_ORDER, _LONGEST_UNASKED)
        statement = _DUE.format(turn=turn, first=first)
        for (id_,) in self._base.execute(statement, values).fetchall():
            article = self.article(site, id_)
            if article is not None:
                yield article

    def _articles(self, where: str, *values: object) -> Iterator[KnownArticle]:
        # `where` is one of the constants above, never text from outside
        for row in self._base.execute(f"SELECT {COLUMNS} FROM articles WHERE {where}", values).fetchall():  # noqa: S608
            times = [_time(text) for text in row[6:13]]
            yield KnownArticle(*row[:6], *times, *row[13:])

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
        content: str | None = None,
        payload: str | None = None,
    ) -> None:
        """Note an article that was received in full and archived; one never listed is made known by this.

        Whether it has changed is told by `content`, and by `digest` where that is not known.
        """
        known = self.article(site, id_)
        self._base.execute(
            "INSERT INTO articles(site, id, url, state, etag, last_modified, digest, first_seen, last_fetched,"
            " published, content, payload, audited) VALUES (?, ?, ?, 'fetched', ?, ?, ?, ?, ?, ?, ?, ?, ?)"
            " ON CONFLICT DO UPDATE SET state = 'fetched', etag = excluded.etag,"
            " last_modified = excluded.last_modified, digest = excluded.digest, last_fetched = excluded.last_fetched,"
            " published = coalesce(excluded.published, published), content = excluded.content,"
            " payload = excluded.payload, tries = 0, times_gone = 0",
            (
                *(site, id_, url, etag, last_modified, digest, _text(when), _text(when)),
                *(_text(published), content, payload, _is_audited(id_)),
            ),
        )
        both = known is not None and known.content is not None and content is not None
        changed = known is not None and (known.content != content if both else known.digest != digest)
        self._looked(site, id_, when, known, changed)

    def not_modified(self, site: str, id_: str, when: dt.datetime) -> None:
        """Note that the article is as it was: the site says so, or sent the same bytes again."""
        self._looked(site, id_, when, self.article(site, id_), changed=False)

    def _looked(self, site: str, id_: str, when: dt.datetime, known: KnownArticle | None, changed: bool) -> None:
        """Learn from a look at an article, and set when the next one is due; `known` is what was known before it."""
        article = self.article(site, id_)
        if article is None:
            return
        birth, changes, watched = born(article.published, article.first_seen), article.changes, article.watched
        if known is not None and known.state == "fetched" and known.last_checked and known.last_checked < when:
            self._learn(site, known, Look(birth, known.last_checked, when, changed))
            changes, watched = changes + changed, watched + (when - known.last_checked) / dt.timedelta(hours=1)
        due = next_visit(birth, when, self._of(site).habits, changes=changes, watched=watched)
        self._base.execute(
            "UPDATE articles SET last_checked = ?, next_visit = ?, changes = ?, watched = ? WHERE site = ? AND id = ?",
            (_text(when), _text(due), changes, watched, site, id_),
        )

    def _learn(self, site: str, known: KnownArticle, look: Look) -> None:
        learned = self._of(site)
        learned = replace(learned, habits=learned.habits.learned(look))
        if look.changed and known.in_sitemap:
            told = known.lastmod is not None and known.lastmod > look.before
            weight = AUDIT_EVERY if learned.trusts_sitemaps and not told else 1
            count = "announced" if told else "unannounced"
            learned = replace(learned, **{count: getattr(learned, count) + weight})
        self._learned[site] = learned
        row = (json.dumps(learned.habits.hours), json.dumps(learned.habits.changes))
        self._base.execute(
            "INSERT OR REPLACE INTO habits VALUES (?, ?, ?, ?, ?)", (site, *row, learned.announced, learned.unannounced)
        )

    def _of(self, site: str) -> _Learned:
        if site not in self._learned:
            row = self._base.execute(
                "SELECT hours, changes, announced, unannounced FROM habits WHERE site = ?", (site,)
            ).fetchone()
            habits = Habits(*(tuple(json.loads(text)) for text in row[:2])) if row else Habits()
            self._learned[site] = _Learned(habits, *row[2:]) if row else _Learned()
        return self._learned[site]

    def gone(self, site: str, id_: str, when: dt.datetime) -> None:
        """Note that the site no longer has the article; it is asked for again now and then, lest it came back."""
        known = self.article(site, id_)
        if known is None:
            return
        times = known.times_gone + 1
        self._base.execute(
            "UPDATE articles SET state = 'gone', last_checked = ?, times_gone = ?, next_visit = ?"
            " WHERE site = ? AND id = ?",
            (_text(when), times, _text(next_visit_of_gone(when, times)), site, id_),
        )

    def failed(self, site: str, id_: str) -> None:
        """Note a failure that retries did not mend. A fetched or gone article stays so; others wait."""
        self._base.execute(
            "UPDATE articles SET tries = tries + 1, state = iif(state IN ('fetched', 'gone'), state, 'failed')"
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
            "INSERT INTO walks(site, listing, covered_since, started_at) VALUES (?, ?, ?, ?)"
            " ON CONFLICT DO UPDATE SET started_at = excluded.started_at",
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

    def listing_due(self, site: str, listing: str, now: dt.datetime) -> bool:
        """Whether a listing has probably news, by what it brought until now."""
        row = self._base.execute(
            "SELECT news, read_at FROM walks WHERE site = ? AND listing = ?", (site, listing)
        ).fetchone()
        news, read_at = row or (None, None)
        return listing_due(news, _time(read_at), now)

    def listing_read(self, site: str, listing: str) -> dt.datetime | None:
        """Return when the first page of a listing was last read."""
        row = self._base.execute("SELECT read_at FROM walks WHERE site = ? AND listing = ?", (site, listing)).fetchone()
        return _time(row[0]) if row else None

    def note_listing(self, site: str, listing: str, new: int, now: dt.datetime) -> None:
        """Note that the first page of a listing was read and brought `new` articles that nothing had shown before."""
        row = self._base.execute(
            "SELECT news, read_at FROM walks WHERE site = ? AND listing = ?", (site, listing)
        ).fetchone()
        news, read_at = row or (None, None)
        before = _time(read_at)
        if before is not None and before < now:
            news = news_rate(news, new, (now - before) / dt.timedelta(hours=1))
        self._base.execute(
            "UPDATE walks SET news = ?, read_at = ? WHERE site = ? AND listing = ?", (news, _text(now), site, listing)
        )

    def sitemap_read(self, site: str, url: str) -> dt.datetime | None:
        """Return when a part of a sitemap index was last read."""
        row = self._base.execute("SELECT read_at FROM sitemaps WHERE site = ? AND url = ?", (site, url)).fetchone()
        return _time(row[0]) if row else None

    def note_sitemap(self, site: str, url: str, when: dt.datetime) -> None:
        """Note that a sitemap was read and all its articles are known."""
        self._base.execute(
            "INSERT OR REPLACE INTO sitemaps(site, url, read_at, seen_at) VALUES (?, ?, ?, ?)",
            (site, url, _text(when), _text(when)),
        )

    def sitemap_unchanged(self, site: str, url: str, when: dt.datetime) -> None:
        """Note that a sitemap still holds what it held when it was last read, by the word of its index."""
        self._base.execute("UPDATE sitemaps SET seen_at = ? WHERE site = ? AND url = ?", (_text(when), site, url))

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
