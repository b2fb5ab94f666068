"""One run on one site: what was asked for, what is counted, and why it ended."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from zoneinfo import ZoneInfo

from crawler.archive import ArchiveWriter, RunLog, write_run
from crawler.frontier import Frontier
from crawler.gate import Gate
from crawler.ledger import RequestLedger
from crawler.notes import Code, Note
from crawler.site import Site

GATES_TO_STOP = 5  # gates in a row, with no real page between: the site does not want us now
SILENCES_TO_STOP = 5  # requests in a row that got no answer, each after its retries
REFUSALS_TO_STOP = 10  # answers in a row that were neither a page nor "gone": blocked, or the site is down
REFRESH_EVERY = 25  # requests between two writings of the run log


@dataclass(frozen=True, slots=True)
class Orders:
    """What the operator asked of a crawl.

    Dates are days in the site's zone, both inclusive. `max_pages` is the most article pages fetched a site.
    `refresh`: known articles are asked again when the frontier says that it is time, or where `recheck_after` is given
    when last asked so long ago or longer. `wait`: outside the hours of a site, and when its requests of today are
    spent, the crawl pauses instead of ending.
    """

    since: dt.date | None = None
    until: dt.date | None = None
    max_pages: int | None = None
    sections: tuple[str, ...] = ()
    refresh: bool = False
    recheck_after: dt.timedelta | None = None
    wait: bool = False

    def window(self, timezone: str) -> tuple[dt.datetime | None, dt.datetime | None]:
        """Return the first moment wanted and the first no longer wanted."""
        zone = ZoneInfo(timezone)
        since = dt.datetime.combine(self.since, dt.time.min, zone) if self.since else None
        until = dt.datetime.combine(self.until + dt.timedelta(days=1), dt.time.min, zone) if self.until else None
        return since, until


@dataclass(slots=True)
class SiteRun:
    """The state of a run that spider and middlewares share.

    `tell` says one line to the operator; `rest` lets so many seconds pass. `shown` counts the articles on each listing,
    feed and sitemap that was asked for by name; one that did not answer keeps its nought.
    """

    corpus: Path
    site: Site
    orders: Orders
    frontier: Frontier
    ledger: RequestLedger
    archive: ArchiveWriter
    noted: RunLog  # without what was counted since
    tell: Callable[[str], None]
    clock: Callable[[], dt.datetime]
    rest: Callable[[float], Awaitable[None]]
    paused_until: dt.datetime | None = None
    counts: Counter[str] = field(default_factory=Counter)
    unwritten: int = 0  # requests since the run log was written
    ended: bool = False
    unchanged: int = 0
    answers: int = 0  # good ones, to requests for articles
    gates_in_a_row: int = 0
    silences_in_a_row: int = 0
    refusals_in_a_row: int = 0
    sitemaps: list[str] = field(default_factory=list)
    forbidden: int = 0
    overlong: int = 0  # addresses on listings that are too long to be any
    wrongs: Counter[str] = field(default_factory=Counter)  # what came, or did not come, instead of a page
    listed: int = 0  # articles on listings, known ones too
    shown: Counter[str] = field(default_factory=Counter)
    gates: Counter[Gate] = field(default_factory=Counter)
    last_silence: str | None = None
    spent: bool = False  # max_pages is used up
    over: bool = False  # the spider closed, with nothing under way
    broken: bool = False  # an answer could not be read by our own fault

    @property
    def log(self) -> RunLog:
        """The run log as it is now."""
        if self.counts:
            self.noted = replace(self.noted, **{name: getattr(self.noted, name) + n for name, n in self.counts.items()})
            self.counts.clear()
        return self.noted

    @log.setter
    def log(self, log: RunLog) -> None:
        self.noted = log
        self.counts.clear()

    def count(self, **more: int) -> None:
        """Add to the counts of the run log, and write it now and then."""
        self.counts.update(more)
        self.unwritten += more.get("requests", 0)
        if self.unwritten >= REFRESH_EVERY:
            write_run(self.corpus, self.log)
            self.unwritten = 0

    def end(self, reason: str, line: str | None = None) -> None:
        """End the run for a reason; the first reason stands. The line is told once and kept in the run log.

        A reason with a line is a `Code`; those without need no words: finished, max_pages, stopped.
        """
        if self.ended:
            return
        self.ended = True
        self.log = replace(self.log, finish_reason=reason)
        if line:
            self.warn(line, Code(reason))

    def warn(self, line: str, code: Code = Code.TROUBLE) -> None:
        """Tell a line and keep it with the run."""
        self.log = replace(self.log, notes=(*self.log.notes, Note(code, line)))
        self.tell(f"{self.site.name}: {line}")

    def warn_once(self, line: str) -> None:
        """Tell a line unless one that begins like it (to its first " on ", then the address) was told in this run."""
        if not any(told.split(" on ")[0] == line.split(" on ")[0] for told in self.log.warnings):
            self.warn(line)

    def answered(self) -> None:
        """Note that the site gave an article, or said plainly that it has not changed or is gone.

        A listing is no such sign: some sites show their listings to everybody and their articles to few.
        """
        self.answers += 1
        self.gates_in_a_row = self.silences_in_a_row = self.refusals_in_a_row = 0

    def refused(self, host: str, answer: str, *, is_pages_own: bool = False) -> None:
        """Count an answer that is no page ("503", "with redirects without end"); end the run on nothing else.

        `is_pages_own`: it tells of the page, not of the site.
        """
        self.wrongs[answer] += 1
        self.silences_in_a_row = 0
        self.count(errors=1)
        if is_pages_own:
            return
        self.refusals_in_a_row += 1
        if self.refusals_in_a_row >= REFUSALS_TO_STOP:
            self.end("refused", refused_advice(host, answer))

    def gated(self, kind: Gate) -> None:
        """Count a gate, and end the run when there is nothing else.

        A plain refusal may be of one page, so it takes more of them, as with other errors.
        """
        self.gates[kind] += 1
        self.silences_in_a_row = 0
        if kind is Gate.WALL:
            self.refusals_in_a_row += 1
        else:
            self.gates_in_a_row += 1
        self.count(gated=1)
        if self.gates_in_a_row >= GATES_TO_STOP or self.refusals_in_a_row >= REFUSALS_TO_STOP:
            self.end("gated", gate_advice(self.site, kind))

    def unanswered(self, host: str, reason: str, *, is_pages_own: bool = False) -> None:
        """Count a request that failed for good, and end the run when the host seems to be away."""
        self.wrongs[f"no answer: {reason}"] += 1
        self.count(errors=1)
        if is_pages_own:
            return
        self.silences_in_a_row += 1
        if self.silences_in_a_row >= SILENCES_TO_STOP:
            self.end("unreachable", unreachable_advice(host, reason))


def gate_advice(site: Site, kind: Gate = Gate.COOKIE) -> str:
    """Return the line for a site that shows gates."""
    secrets = [*site.politeness.cookies, *site.politeness.headers]
    own = "the cookie or header in the profile opens it no longer: renew it" if secrets else _OWN[kind]
    slower = "" if kind is Gate.COOKIE else " Perhaps it was asked too fast: raise politeness.delay."
    return (
        f"{site.hosts[0]} answers with a gate ({kind}) instead of articles. Ask the publisher for access; or {own}."
        f"{slower} The crawler breaks no gate; the queue is kept"
    )


_COOKIE = "put a cookie of your own browser, with which you can read there, under [politeness.cookies] of the profile"
_ELSEWHERE = "crawl from another network (some sites answer Vietnamese networks only)"
_OWN = {
    Gate.COOKIE: _COOKIE,
    Gate.CHALLENGE: _COOKIE,
    Gate.CAPTCHA: _COOKIE,
    Gate.BLOCKED: _ELSEWHERE,
    Gate.WALL: f"{_ELSEWHERE}, or put what the publisher gave you under [politeness.headers] of the profile",
}


def unreachable_advice(host: str, reason: str) -> str:
    """Return the line for a host that cannot be reached."""
    return f"{host} cannot be reached: {reason}. Check the network and the address, then run the same command again"


def refused_advice(host: str, answer: str) -> str:
    """Return the line for a host that answers errors only."""
    return (
        f"{host} answers {answer} to everything. It is out of order, or refuses this crawler or this network (some "
        f"sites answer Vietnamese networks only). Try again later or from elsewhere, or ask the publisher"
    )


def robots_advice(url: str, site: Site, what: str) -> str:
    """Return the line for a site whose robots.txt does not say what is allowed."""
    return (
        f"{url} is {what}, so what may be crawled is unknown and nothing is. Ask the publisher; "
        f'if you may, set politeness.robots_unknown = "crawl" in the profile of {site.name}'
    )
