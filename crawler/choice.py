"""Which of the articles that were found a run asks for: those inside its dates, each once, as many as it may."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from crawler.known import KnownArticle
from crawler.numbering import Numbering, probes_among
from crawler.siterun import SiteRun
from crawler.walk import Walk


class Choice:
    """The dates of a run's orders, what numbers of articles say of them, and how many pages it may still fetch."""

    def __init__(self, run: SiteRun) -> None:
        self._run = run
        self.since, self.until = run.orders.window(run.site.timezone)
        self._numbering = Numbering(self.until) if self.until else None
        self._allowance = run.orders.max_pages
        self._asked: set[str] = set()

    @property
    def is_spent(self) -> bool:
        """Whether no further page may be fetched."""
        return self._allowance == 0

    def recall(self) -> None:
        """Learn from the articles that earlier runs have read what numbers say of dates."""
        if self._numbering:
            for id_, published in self._run.frontier.dates_read(self._run.site.name):
                self._numbering.learn(id_, published)

    def learn(self, id_: str) -> None:
        """Learn from an article that was just asked for, where its page came."""
        if self._numbering is None:
            return
        read = self._run.frontier.article(self._run.site.name, id_)
        if read is not None and read.last_fetched:
            self._numbering.learn(read.id, read.published)

    def probes(self, waiting: list[KnownArticle], walk: Walk) -> list[KnownArticle] | None:
        """Return the articles of a page to ask for first; None where all are to be asked for.

        With `--until`, and before the listing comes to it, a few of a page without dates: the others wait in the queue
        until these have shown which are newer than wanted.
        """
        if self._numbering is None:
            return None
        before = [self._run.frontier.article(self._run.site.name, id_) for id_ in walk.probes]
        settled = not self._numbering.grows or self._numbering.reaches(before)
        probes = None if settled else probes_among(waiting)
        walk.probes = tuple(probe.id for probe in probes) if probes else walk.probes
        return probes

    def wanted(self, articles: Iterable[KnownArticle], *, probing: bool = False) -> Iterator[KnownArticle]:
        """Give each article that is inside the dates, not yet asked for in this run, and allowed for.

        Articles without a date may be outside by their number, but for those by which numbers are tried (`probing`).
        """
        for article in articles:
            if article.id in self._asked or article.outside(self.since, self.until):
                continue
            if self._numbering and not probing and self._numbering.is_newer(article):
                continue
            if self._allowance == 0:
                self._run.spent = True
                return
            if self._allowance is not None:
                self._allowance -= 1
            self._asked.add(article.id)
            yield article
