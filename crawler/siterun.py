"""One run on one site: what is counted, and why it ended."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from crawler.advice import gate_advice, refused_advice, unreachable_advice
from crawler.archive import ArchiveWriter, RunLog, write_run
from crawler.clock import Clock
from crawler.frontier import Frontier
from crawler.gate import Gate
from crawler.ledger import RequestLedger
from crawler.notes import Code, Note
from crawler.orders import Orders
from crawler.site import Site

GATES_TO_STOP = 5  # gates in a row, with no real page between: the site does not want us now
SILENCES_TO_STOP = 5  # requests in a row that got no answer, each after its retries
REFUSALS_TO_STOP = 10  # answers in a row that were neither a page nor "gone": blocked, or the site is down
REFRESH_EVERY = 25  # requests between two writings of the run log


@dataclass(slots=True)
class SiteRun:
    """The state of a run that spider and middlewares share.

    `tell` says one line to the operator. `shown` counts the articles on each listing, feed and sitemap that was asked
    for by name; one that did not answer keeps its nought.
    """

    corpus: Path
    site: Site
    orders: Orders
    frontier: Frontier
    ledger: RequestLedger
    archive: ArchiveWriter
    noted: RunLog  # without what was counted since
    tell: Callable[[str], None]
    clock: Clock
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
    parts_unchanged: int = 0  # of sitemap indexes: they list what they listed when they were read
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
