"""How each site of a corpus stands: what its last run brought, what came out of it, and whether somebody must look."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from crawler.archive import RunLog, read_captures, read_runs
from crawler.health import alarms
from crawler.site import Site
from crawler.sites import Sites
from pipeline.query import Corpus
from pipeline.sitecheck import NothingToCheck, check_profile, sample
from pipeline.sitecheck.report import NOT_THE_PROFILES
from pipeline.tables import VIETNAM

SPARK_DAYS = 30  # days of the sparkline, to the day of the last run
FEWEST_PAGES = 5  # article pages of the last runs; of fewer a share says nothing
FEWEST_BROKEN = 3  # of them: one odd page among twenty is over the profile's share, and no redesign
MOST_PAGES = 40  # pages read again to name a broken selector: two seconds
MOST_QUIET = 3.0  # times the days in which the profile expects one article; a paper may pause over a holiday
_SPARKS = "▁▂▃▄▅▆▇█"


@dataclass(frozen=True, slots=True)
class SiteHealth:
    """One site. Counts are of its last run but for `articles` and `vanished`, which are of the whole corpus.

    `changed` is new revisions of known articles. `days_since_article` is None without a dated article. `daily` is the
    articles published on each of the last SPARK_DAYS days, Vietnam's, to the day of the last run. `alarms` are lines
    for a person; none: all is well.
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
    alarms: tuple[str, ...]

    @property
    def sparkline(self) -> str:
        """The articles a day as a line of blocks; a dot is a day without."""
        highest = max(self.daily, default=0)
        return "".join(_SPARKS[(count * len(_SPARKS) - 1) // highest] if count else "·" for count in self.daily)

    def record(self) -> dict[str, Any]:
        """Return all of it for JSON; times in ISO 8601."""
        values = asdict(self) | {"daily": list(self.daily), "alarms": list(self.alarms)}
        return values | {"last_run": self.last_run.isoformat() if self.last_run else None}


def site_healths(path: Path, corpus: Corpus, sites: Sites, now: dt.datetime) -> list[SiteHealth]:
    """Return the health of every site that was crawled or has articles, by name."""
    runs: dict[str, list[RunLog]] = {}
    for run in read_runs(path):
        runs.setdefault(run.site, []).append(run)
    with_articles = [name for (name,) in corpus.sql("SELECT DISTINCT site FROM articles").fetchall()]
    profiles = {site.name: site for site in sites}
    return [
        _site_health(path, corpus, name, profiles.get(name), runs.get(name, []), now)
        for name in sorted({*runs, *with_articles})
    ]


def _site_health(
    path: Path, corpus: Corpus, name: str, site: Site | None, runs: Sequence[RunLog], now: dt.datetime
) -> SiteHealth:
    last = runs[-1] if runs else None
    query = "SELECT count(*), count(gone_at), max(coalesce(published_at, first_seen_at)) FROM articles WHERE site = {}"
    ((articles, vanished, newest),) = _asked(corpus, query, name)
    until = (last.finished_at or now) if last else now
    return SiteHealth(
        site=name,
        title=site.title if site else name,
        last_run=last.started_at if last else None,
        ended=(last.finish_reason or "no end") if last else None,
        articles=articles,
        vanished=vanished,
        new=last.new_articles if last else 0,
        changed=_changed(corpus, name, last, until),
        gone=last.gone if last else 0,
        gated=last.gated if last else 0,
        errors=last.errors if last else 0,
        dropped=_dropped(corpus, name, last, until),
        days_since_article=round((now - newest) / dt.timedelta(days=1), 1) if newest else None,
        daily=_daily(corpus, name, until),
        alarms=tuple(_alarms(path, corpus, site, runs, newest, until)),
    )


def _asked(corpus: Corpus, query: str, *values: str | dt.date) -> list[tuple[Any, ...]]:
    """Return the rows of a query of ours with values in the places of its {}."""
    kinds = ["TIMESTAMPTZ " if isinstance(value, dt.datetime) else "" for value in values]
    quoted = [str(value).replace("'", "''") for value in values]
    literals = [f"{kind}'{text}'" for kind, text in zip(kinds, quoted, strict=True)]
    rows: list[tuple[Any, ...]] = corpus.sql(query.format(*literals)).fetchall()
    return rows


# --------------------------------------------------------------------------- what the last run brought
def _changed(corpus: Corpus, site: str, run: RunLog | None, until: dt.datetime) -> int:
    query = "SELECT count(*) FROM revisions WHERE site = {} AND revision > 1 AND fetched_at BETWEEN {} AND {}"
    return int(_asked(corpus, query, site, run.started_at, until)[0][0]) if run else 0


def _dropped(corpus: Corpus, site: str, run: RunLog | None, until: dt.datetime) -> dict[str, int]:
    query = (
        "SELECT reason, count(*) FROM dropped WHERE site = {} AND fetched_at BETWEEN {} AND {}"
        " GROUP BY reason ORDER BY count(*) DESC, reason"
    )
    return dict(_asked(corpus, query, site, run.started_at, until)) if run else {}


def _daily(corpus: Corpus, site: str, until: dt.datetime) -> tuple[int, ...]:
    last = until.astimezone(VIETNAM).date()
    first = last - dt.timedelta(days=SPARK_DAYS - 1)
    query = (
        "SELECT published_at::DATE, count(*) FROM articles"
        " WHERE site = {} AND published_at::DATE BETWEEN {} AND {} GROUP BY ALL"
    )
    counts = dict(_asked(corpus, query, site, first, last))
    return tuple(counts.get(first + dt.timedelta(days=day), 0) for day in range(SPARK_DAYS))


# --------------------------------------------------------------------------- what needs a person
def _alarms(
    path: Path,
    corpus: Corpus,
    site: Site | None,
    runs: Sequence[RunLog],
    newest: dt.datetime | None,
    until: dt.datetime,
) -> Iterator[str]:
    if runs:
        yield from (note.line for note in alarms(runs[-1]))
    if site is None or not runs:
        return
    yield from _silence(site, newest, until)
    yield from _redesign(path, corpus, site, runs)


def _silence(site: Site, newest: dt.datetime | None, until: dt.datetime) -> Iterator[str]:
    """Give a line where the newest article is older, at the end of the last run, than the profile lets expect."""
    least = site.expected.articles_a_day[0] if site.expected.articles_a_day else 0
    if not least or newest is None:
        return
    days = (until - newest) / dt.timedelta(days=1)
    if days > max(MOST_QUIET, MOST_QUIET / least):
        yield f"no article for {days:.0f} days; the profile expects at least {least} a day"


def _redesign(path: Path, corpus: Corpus, site: Site, runs: Sequence[RunLog]) -> Iterator[str]:
    """Give a line for each of title and body that the profile's selectors find on too few of the last run's pages.

    The tables say whether there is anything to look for, so that a healthy site costs no reading.
    """
    pages = _pages_of_last_runs(corpus, site, runs)
    unread = sum(not well for *_, well in pages)
    most = (1 - max(site.expected.title, site.expected.body)) * len(pages)
    if not site.layouts or unread < FEWEST_BROKEN or unread <= most:
        return
    wanted = {(file, offset) for file, offset, _ in pages[-MOST_PAGES:]}
    captures = (
        capture
        for file in sorted({file for file, _ in wanted})
        for capture in read_captures(path, file)
        if (file, capture.offset) in wanted
    )
    try:
        report = check_profile(site, sample(captures, site, MOST_PAGES))
    except NothingToCheck:
        return
    for field in report.fields:
        missing = field.pages - field.by_profile
        if field.name in ("title", "body") and field.too_few and missing >= FEWEST_BROKEN:
            counts = [count for count in field.selectors if count.matched < field.expected * count.pages]
            broken = "; ".join(f"layout {one.layout}: {one.css} matches {one.matched}" for one in counts)
            yield (
                f"redesigned? {field.name} on {field.by_profile} of {field.pages} pages by the profile, expected "
                f"{field.expected:.0%} ({broken or 'no selector for it'}). The pages are archived: add a layout to the "
                f"profile, try it with `congdoan sites check {site.name}`, and `congdoan build` reads them again"
            )


def _pages_of_last_runs(corpus: Corpus, site: Site, runs: Sequence[RunLog]) -> list[tuple[str, int, bool]]:
    """Return the article pages of the last run (and of runs before it, until there are FEWEST_PAGES), oldest first.

    Each with its place in the archive, and whether a layout of the profile read it.
    """
    query = """
        SELECT capture_file, capture_offset, url, layout, NULL AS reason, fetched_at FROM articles
        WHERE site = {0} AND fetched_at >= {1}
        UNION ALL SELECT capture_file, capture_offset, url, NULL, reason, fetched_at FROM dropped
        WHERE site = {0} AND fetched_at >= {1} AND stage = 'parse' ORDER BY fetched_at"""
    for run in reversed(runs):
        pages = [
            (file, offset, layout is not None and layout.startswith(f"{site.name}/"))
            for file, offset, url, layout, reason, _ in _asked(corpus, query, site.name, run.started_at)
            if site.article_id(url) is not None and reason not in NOT_THE_PROFILES
        ]
        if len(pages) >= FEWEST_PAGES:
            return pages
    return []
