"""What the crawler knows of each article: where it is, whether it was fetched, when it was last asked for.

One SQLite file for the corpus, WAL, every change committed before the next request goes out. It is a memory, not a
record: whatever of it is lost is read back from the archive (`reconcile`). Times are aware UTC.
"""

from __future__ import annotations

import datetime as dt
import zlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

from crawler.announcements import Announcements
from crawler.frontier_file import COLUMNS, open_frontier
from crawler.known import Fetched, Found, KnownArticle, State, as_text, as_time
from crawler.lessons import Lessons
from crawler.revisit import AUDIT_EVERY, Look, born, next_try, next_visit, next_visit_of_gone
from crawler.storage import refused_by_disk

# How long a sitemap that cannot be read is still taken to hold what it held
SITEMAP_LASTS = dt.timedelta(days=3)

# Constants all of them: no text from outside ever becomes part of a statement
_DUE = """
SELECT id FROM articles WHERE site = :site AND state IN ('fetched', 'gone') AND last_checked <= :now
    AND (tries = 0 OR next_visit <= :now OR :failing)
    AND ((lastmod > last_checked AND lastmod <= :now)
        OR (state = 'gone' AND next_visit <= :now) OR {turn})
ORDER BY {first}, last_checked, id
"""
# A run that may not ask for all asks first where a change was announced, then where it was expected soonest
_LIKELIEST = "lastmod > last_checked AND lastmod <= :now DESC, julianday(next_visit) - julianday(last_checked)"
_LONGEST_UNASKED = "last_checked"
_BY_POLICY = """
(state = 'fetched' AND next_visit <= :now AND NOT (:trusted AND audited = 0 AND EXISTS (
    SELECT 1 FROM sitemaps s WHERE s.site = articles.site AND s.url = articles.sitemap
    AND s.read_at = articles.in_sitemap AND s.seen_at >= :lasting)))
"""
_BY_ORDER = "(state = 'fetched' AND last_checked <= :asked_before)"

_FETCHED = """
INSERT INTO articles(site, id, url, state, etag, last_modified, digest, first_seen, last_fetched, published, content,
    payload, archived, audited, last_checked, next_visit, changes, watched)
VALUES (?, ?, ?, 'fetched', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT DO UPDATE SET state = 'fetched', etag = excluded.etag, last_modified = excluded.last_modified,
    digest = excluded.digest, last_fetched = excluded.last_fetched,
    published = coalesce(excluded.published, published), content = excluded.content, payload = excluded.payload,
    archived = excluded.archived, last_checked = excluded.last_checked, next_visit = excluded.next_visit,
    changes = excluded.changes, watched = excluded.watched, tries = 0, times_gone = 0
"""


def _is_audited(id_: str) -> bool:
    """Whether an article is of those that are looked at though a sitemap answers for them; always the same ones."""
    return zlib.crc32(id_.encode()) % AUDIT_EVERY == 0


def _has_changed(known: KnownArticle, page: Fetched) -> bool:
    before = page.content_before or known.content
    return known.digest != page.digest if page.content is None or before is None else before != page.content


class Frontier(Announcements):
    """The memory of all sites of one corpus. One process writes at a time (the crawl holds the corpus's lock)."""

    def __init__(self, corpus: Path) -> None:
        path = corpus / "frontier.sqlite"
        with refused_by_disk(path):
            corpus.mkdir(parents=True, exist_ok=True)
            path.touch()
        self._base = open_frontier(path)
        self._lessons = Lessons(self._base)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._base.close()

    # ----------------------------------------------------------------- articles
    def add(
        self,
        site: str,
        found: Mapping[str, Found],
        now: dt.datetime,
        sitemap: tuple[str, dt.datetime] | None = None,
        *,
        stated: bool = False,
    ) -> list[KnownArticle]:
        """Queue the articles, by id, that are not yet known, and return them; learn newer dates of the others.

        A date of publication that was learned first stays; but what a feed or sitemap has `stated` is better than what
        was read off a listing, as long as the article's own page was not read. One that is gone or fails is asked for
        at once where it is announced under another address.
        `sitemap` is the address of the sitemap that lists them and when it was read: while it lists an article with a
        lastmod, and its word is good, the article is asked for when that is news.
        """
        unknown = [id_ for id_ in found if self.article(site, id_) is None]
        rows = [
            (site, id_, entry.url, as_text(now), as_text(entry.published), as_text(entry.lastmod), _is_audited(id_))
            + ((sitemap[0], as_text(sitemap[1])) if sitemap and entry.lastmod else (None, None))
            + (stated,)
            for id_, entry in found.items()
        ]
        self._base.execute("BEGIN")
        self._base.executemany(
            "INSERT INTO articles(site, id, url, first_seen, published, lastmod, audited, sitemap, in_sitemap)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET"
            " published = iif(? AND last_fetched IS NULL, coalesce(excluded.published, published),"
            " coalesce(published, excluded.published)), lastmod = coalesce(excluded.lastmod, lastmod),"
            " sitemap = coalesce(excluded.sitemap, sitemap), in_sitemap = coalesce(excluded.in_sitemap, in_sitemap),"
            " next_visit = iif(state IN ('failed', 'gone') AND url <> excluded.url, last_checked, next_visit),"
            " url = iif(state IN ('failed', 'gone'), excluded.url, url)",
            rows,
        )
        self._base.execute("COMMIT")
        return [article for id_ in unknown if (article := self.article(site, id_)) is not None]

    def article(self, site: str, id_: str) -> KnownArticle | None:
        """Return what is known of one article."""
        return next(self._articles("site = ? AND id = ?", site, id_), None)

    def waiting(
        self, site: str, now: dt.datetime, after: KnownArticle | None = None, most: int = -1
    ) -> list[KnownArticle]:
        """Return the articles that are queued, or failed and to be tried again, in the order they were found.

        Those after `after` in that order, and no more than `most` (-1: all).
        """
        where = (
            "site = ? AND (state = 'queued' OR (state = 'failed' AND coalesce(next_visit, '') <= ?))"
            " AND (first_seen, id) > (?, ?) ORDER BY first_seen, id LIMIT ?"
        )
        place = (as_text(after.first_seen), after.id) if after else ("", "")
        return list(self._articles(where, site, as_text(now), *place, most))

    def due(self, site: str, now: dt.datetime, recheck_after: dt.timedelta | None = None) -> Iterator[KnownArticle]:
        """Give the articles to ask again; `now` is the start of the run.

        By the policy of `crawler.revisit`, likeliest news first; what a sitemap holds whose lastmod has proved good
        waits for its word. With `recheck_after` all that are not gone and were last asked so long ago or longer.
        Always: what changed by the word of a sitemap or feed, and what was gone and may have come back. What failed
        when last asked waits longer and longer (`next_try`), but for a `recheck_after` of nought, which asks for all.
        """
        values = {
            "site": site,
            "now": as_text(now),
            "asked_before": as_text(now - (recheck_after or dt.timedelta(0))),
            "failing": recheck_after == dt.timedelta(0),
            "trusted": self._lessons.of(site).trusts_sitemaps,
            "lasting": as_text(now - SITEMAP_LASTS),
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
            times = [as_time(text) for text in row[6:13]]
            yield KnownArticle(*row[:6], *times, *row[13:])

    def fetched(self, site: str, id_: str, page: Fetched) -> None:
        """Note an article that was received in full and archived; one never listed is made known by this.

        Whether it has changed is told by `content` beside `content_before` (else what was noted last), and by `digest`
        where one of these is not known.
        """
        known = self.article(site, id_)
        changed = known is not None and _has_changed(known, page)
        first_seen, dated = (known.first_seen, known.published) if known else (page.at, None)
        looked = self._looked(site, page.at, known, changed=changed, birth=born(page.published or dated, first_seen))
        at = as_text(page.at)
        self._base.execute(
            _FETCHED,
            (
                *(site, id_, page.url, page.etag, page.last_modified, page.digest, at, at, as_text(page.published)),
                *(page.content, page.payload, page.archived, _is_audited(id_), *looked),
            ),
        )

    def not_modified(self, site: str, id_: str, when: dt.datetime) -> None:
        """Note that the article is as it was: the site says so, or sent the same bytes again."""
        known = self.article(site, id_)
        if known is None:
            return
        looked = self._looked(site, when, known, changed=False, birth=born(known.published, known.first_seen))
        self._base.execute(
            "UPDATE articles SET last_checked = ?, next_visit = ?, changes = ?, watched = ?, tries = 0"
            " WHERE site = ? AND id = ?",
            (*looked, site, id_),
        )

    def _looked(
        self, site: str, when: dt.datetime, known: KnownArticle | None, *, changed: bool, birth: dt.datetime
    ) -> tuple[str | None, str | None, int, float]:
        """Learn from a look at an article; return its last_checked, next_visit, changes and watched of now.

        `known` is what was known before the look.
        """
        changes, watched = (known.changes, known.watched) if known else (0, 0.0)
        if known is not None and known.state == "fetched" and known.last_checked and known.last_checked < when:
            self._lessons.learn(site, known, Look(birth, known.last_checked, when, changed))
            changes, watched = changes + changed, watched + (when - known.last_checked) / dt.timedelta(hours=1)
        due = next_visit(birth, when, self._lessons.of(site).habits, changes=changes, watched=watched)
        return as_text(when), as_text(due), changes, watched

    def gone(self, site: str, id_: str, when: dt.datetime) -> None:
        """Note that the site no longer has the article; it is asked for again now and then, lest it came back."""
        known = self.article(site, id_)
        if known is None:
            return
        times = known.times_gone + 1
        self._base.execute(
            "UPDATE articles SET state = 'gone', last_checked = ?, times_gone = ?, next_visit = ?, tries = 0"
            " WHERE site = ? AND id = ?",
            (as_text(when), times, as_text(next_visit_of_gone(when, times)), site, id_),
        )

    def failed(self, site: str, id_: str, when: dt.datetime) -> None:
        """Note a failure that retries did not mend, and when to try again: later each time, but never never.

        A fetched or gone article stays so.
        """
        known = self.article(site, id_)
        if known is None:
            return
        self._base.execute(
            "UPDATE articles SET tries = ?, next_visit = ?, state = iif(state IN ('fetched', 'gone'), state, 'failed')"
            " WHERE site = ? AND id = ?",
            (known.tries + 1, as_text(next_try(when, known.tries + 1)), site, id_),
        )

    def count(self, site: str, state: State) -> int:
        """Return how many articles of the site are in the state."""
        row = self._base.execute("SELECT count(*) FROM articles WHERE site = ? AND state = ?", (site, state)).fetchone()
        return int(row[0])

    def dates_read(self, site: str) -> Iterator[tuple[str, dt.datetime | None]]:
        """Give id and date of publication of each article whose page was read and is dated; numbers in their order."""
        statement = (
            "SELECT id, published FROM articles WHERE site = ? AND last_fetched <> '' AND published <> ''"
            " ORDER BY length(id), id"
        )
        return ((id_, as_time(published)) for id_, published in self._base.execute(statement, (site,)))

    def all_older(self, site: str, ids: Iterable[str], since: dt.datetime) -> bool:
        """Whether there are articles among `ids` with a known date, and all such dates are before `since`."""
        articles = [article for id_ in ids if (article := self.article(site, id_))]
        dates = [date for article in articles if (date := article.published or article.lastmod)]
        return bool(dates) and all(date < since for date in dates)
