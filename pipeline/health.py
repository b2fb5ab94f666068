"""How each site of a corpus stands: what its last run brought, what came out of it, and whether somebody must look."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import Any

from crawler.archive import RunLog, read_runs
from crawler.backlog import Backlog, backlogs
from crawler.health import alarms
from crawler.notes import Code, Note
from crawler.site import Site
from crawler.sites import Sites
from pipeline.overview import Overview
from pipeline.query import asked
from pipeline.tables import UNDATED, VIETNAM

SPARK_DAYS = 30  # days of the sparkline, to the day of the last run
FEWEST_PAGES = 5  # article pages looked at for unread ones, and
FEWEST_UNREAD = 3  # of them: with fewer a redesign is not even looked for (`pipeline.redesign`)
MOST_QUIET = 3.0  # times the days in which the profile expects one article; a paper may pause over a holiday
HABIT_RUNS = 5  # runs to their end from which it is read how often the site is crawled
LONGEST_BREAK = dt.timedelta(days=3)  # without a run: a weekend with the machine off
MOST_LATE = 3  # times the usual time between two runs
_SPARKS = "▁▂▃▄▅▆▇█"


@dataclass(frozen=True, slots=True)
class SiteHealth:
    """One site. Counts are of its last run but for `articles` and `vanished`, which are of the whole corpus.

    `changed` is known articles whose newest revision it brought. `days_since_article` is None without a dated article.
    `daily` is the articles published on each of the last SPARK_DAYS days, Vietnam's, to the day of the last run.
    `queued` articles are still to be fetched; `failing` ones gave errors when last asked for, and are tried again, the
    first at `next_try`. `alarms` are for a person; none: all is well.
    """

    site: str
    title: str
    last_run: dt.datetime | None
    ended: str | None
    articles: int
    vanished: int
    new: int
    changed: int
    gone: int
    gated: int
    errors: int
    dropped: dict[str, int]
    days_since_article: float | None
    daily: tuple[int, ...]
    queued: int
    failing: int
    next_try: dt.datetime | None
    alarms: tuple[Note, ...]

    @property
    def sparkline(self) -> str:
        """The articles a day as a line of blocks; a dot is a day without."""
        highest = max(self.daily, default=0)
        return "".join(_SPARKS[(count * len(_SPARKS) - 1) // highest] if count else "·" for count in self.daily)

    def record(self) -> dict[str, Any]:
        """Return all of it for JSON; times in ISO 8601."""
        times = {"last_run": self.last_run, "next_try": self.next_try}
        values = asdict(self) | {"daily": list(self.daily), "alarms": [asdict(note) for note in self.alarms]}
        return values | {name: when.isoformat() if when else None for name, when in times.items()}


def site_healths(path: Path, overview: Overview, sites: Sites, now: dt.datetime) -> list[SiteHealth]:
    """Return the health of every site that was crawled or has articles, by name."""
    runs: dict[str, list[RunLog]] = {}
    for run in read_runs(path):
        runs.setdefault(run.site, []).append(run)
    with_articles = [name for (name,) in overview.sql("SELECT DISTINCT site FROM articles").fetchall()]
    profiles, waiting = {site.name: site for site in sites}, backlogs(path)
    return [
        _site_health(path, overview, name, profiles.get(name), runs.get(name, []), waiting.get(name, Backlog()), now)
        for name in sorted({*runs, *with_articles})
    ]


def _site_health(
    path: Path,
    overview: Overview,
    name: str,
    site: Site | None,
    runs: Sequence[RunLog],
    backlog: Backlog,
    now: dt.datetime,
) -> SiteHealth:
    last = runs[-1] if runs else None
    query = """
        SELECT count(*), count(gone_at), max(least(coalesce(published_at, first_seen_at), fetched_at))
        FROM articles WHERE site = {}"""
    ((articles, vanished, newest),) = asked(overview, query, name)
    until = (last.finished_at or now) if last else now
    return SiteHealth(
        site=name,
        title=site.title if site else name,
        last_run=last.started_at if last else None,
        ended=(last.finish_reason or "no end") if last else None,
        articles=articles,
        vanished=vanished,
        new=last.new_articles if last else 0,
        changed=_changed(overview, name, last, until),
        gone=last.gone if last else 0,
        gated=last.gated if last else 0,
        errors=last.errors if last else 0,
        dropped=_dropped(overview, name, last, until),
        days_since_article=round((now - newest) / dt.timedelta(days=1), 1) if newest else None,
        daily=_daily(overview, name, until),
        queued=backlog.queued,
        failing=backlog.failing,
        next_try=backlog.next_try,
        alarms=(*_overdue(runs, now), *_alarms(path, overview, site, runs, newest, until)),
    )


# --------------------------------------------------------------------------- what the last run brought
def _changed(overview: Overview, site: str, run: RunLog | None, until: dt.datetime) -> int:
    query = "SELECT count(*) FROM articles WHERE site = {} AND revision > 1 AND fetched_at BETWEEN {} AND {}"
    return int(asked(overview, query, site, run.started_at, until)[0][0]) if run else 0


def _dropped(overview: Overview, site: str, run: RunLog | None, until: dt.datetime) -> dict[str, int]:
    query = (
        "SELECT reason, count(*) FROM dropped WHERE site = {} AND fetched_at BETWEEN {} AND {}"
        " GROUP BY reason ORDER BY count(*) DESC, reason"
    )
    return dict(asked(overview, query, site, run.started_at, until)) if run else {}


def _daily(overview: Overview, site: str, until: dt.datetime) -> tuple[int, ...]:
    last = until.astimezone(VIETNAM).date()
    first = last - dt.timedelta(days=SPARK_DAYS - 1)
    query = (
        "SELECT published_at::DATE, count(*) FROM articles"
        " WHERE site = {} AND published_at::DATE BETWEEN {} AND {} GROUP BY ALL"
    )
    counts = dict(asked(overview, query, site, first, last))
    return tuple(counts.get(first + dt.timedelta(days=day), 0) for day in range(SPARK_DAYS))


# --------------------------------------------------------------------------- what needs a person
def _alarms(
    path: Path,
    overview: Overview,
    site: Site | None,
    runs: Sequence[RunLog],
    newest: dt.datetime | None,
    until: dt.datetime,
) -> Iterator[Note]:
    if runs:
        yield from alarms(runs[-1])
    if site is None or not runs:
        return
    yield from _silence(site, newest, until)
    yield from _undated(overview, site, runs[-1], until)
    if _unread_lately(overview, site, runs[-1]) >= FEWEST_UNREAD:
        # the reader of pages takes a second to load: only where there is something to read again
        from pipeline.redesign import broken_selectors

        yield from broken_selectors(path, overview.corpus, site, runs)


def _overdue(runs: Sequence[RunLog], now: dt.datetime) -> Iterator[Note]:
    """Give a note where runs came by habit and have long not come to an end: cron is dead, or each run is killed."""
    ends = [run.finished_at for run in runs if run.finished_at is not None][-HABIT_RUNS:]
    if len(ends) < HABIT_RUNS:
        return
    usual = dt.timedelta(seconds=median((after - before).total_seconds() for before, after in pairwise(ends)))
    if now - ends[-1] > max(LONGEST_BREAK, MOST_LATE * usual):
        days = (now - ends[-1]) / dt.timedelta(days=1)
        line = (
            f"no run has ended for {days:.0f} days; before they came every {usual / dt.timedelta(days=1):.1f} days. "
            f"Is cron or the timer still at work, or is each run killed? `congdoan refresh` by hand says more"
        )
        yield Note(Code.OVERDUE, line)


def _silence(site: Site, newest: dt.datetime | None, until: dt.datetime) -> Iterator[Note]:
    """Give a line where the newest article is older, at the end of the last run, than the profile lets expect."""
    least = site.expected.articles_a_day[0] if site.expected.articles_a_day else 0
    if not least or newest is None:
        return
    days = (until - newest) / dt.timedelta(days=1)
    if days > max(MOST_QUIET, MOST_QUIET / least):
        line = f"no article for {days:.0f} days; the profile expects at least {least} a day"
        yield Note(Code.SILENT, line)


def _undated(overview: Overview, site: Site, run: RunLog, until: dt.datetime) -> Iterator[Note]:
    """Give a note where fewer articles of the last run are dated than the profile expects.

    A date from the future is none: the parser refuses it.
    """
    of_the_run = "FROM articles WHERE site = {} AND fetched_at BETWEEN {} AND {}"
    query = f"SELECT count(*), count(*) FILTER (published_at IS NULL) {of_the_run}"
    ((pages, undated),) = asked(overview, query, site.name, run.started_at, until)
    most = 1 - site.expected.date
    if undated >= FEWEST_UNREAD and undated > most * pages:
        query = f"SELECT min(url) {of_the_run} AND month = '{UNDATED}'"
        ((url,),) = asked(overview.corpus, query, site.name, run.started_at, until)
        line = (
            f"{undated} of {pages} articles of the last run show no date, or one after the day they were fetched; "
            f"expected {most:.0%} at most. See `published` in the layouts of the profile, for instance on {url}"
        )
        yield Note(Code.UNDATED, line)


def _unread_lately(overview: Overview, site: Site, last: RunLog) -> int:
    """Count the pages that no layout of the profile read, of the last run, and at least of the FEWEST_PAGES latest."""
    query = """
        WITH pages AS (
            SELECT fetched_at, coalesce(layout, '') LIKE {0} AS well FROM articles WHERE site = {1}
            UNION ALL SELECT fetched_at, false FROM dropped WHERE site = {1} AND stage = 'parse'),
        numbered AS (SELECT *, row_number() OVER (ORDER BY fetched_at DESC) AS number FROM pages)
        SELECT count(*) FROM numbered WHERE NOT well AND (fetched_at >= {2} OR number <= {3}::INTEGER)"""
    return int(asked(overview, query, f"{site.name}/%", site.name, last.started_at, str(FEWEST_PAGES))[0][0])
