"""Crawl several sites in one process: the lock, the log file, Ctrl-C, and what is left when all is over."""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
import signal
import sys
import threading
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from functools import partial
from logging.handlers import RotatingFileHandler
from pathlib import Path

from scrapy.crawler import AsyncCrawlerRunner, Crawler
from scrapy.settings import Settings

from crawler.archive import ArchiveUnwritable, ArchiveWriter, RunLog, read_runs, write_run
from crawler.frontier import Frontier
from crawler.health import health_notes
from crawler.heard import Questions
from crawler.ledger import RequestLedger
from crawler.listing import LONGEST_ADDRESS
from crawler.lock import corpus_lock
from crawler.notes import Code
from crawler.progress import show_progress
from crawler.questions import QuestionSpider
from crawler.reconcile import note_run, reconcile
from crawler.runlog import Scope, new_run_id
from crawler.settings import crawl_settings, user_agent
from crawler.site import Site
from crawler.siterun import Orders, SiteRun, gate_advice
from crawler.spider import NewsSpider
from crawler.storage import refused_by_disk

LOG_BYTES, LOGS_KEPT = 20_000_000, 3  # crawl.log, and crawl.log.1 to .3: a crawl runs for a year
LOGGED = ("scrapy", "twisted", "asyncio", "aiohttp", "protego", "crawler")


def utc_now() -> dt.datetime:
    """Return the time."""
    return dt.datetime.now(dt.UTC)


def tell_stderr(line: str) -> None:
    """Print a line to stderr."""
    print(line, file=sys.stderr, flush=True)  # noqa: T201 - this is the crawl's voice


def crawl(
    corpus: Path,
    sites: Sequence[Site],
    contact: str,
    *,
    since: dt.date | None = None,
    until: dt.date | None = None,
    max_pages: int | None = None,
    sections: Sequence[str] = (),
    refresh: bool = False,
    recheck_after: dt.timedelta | None = None,
    wait: bool = False,
    tell: Callable[[str], None] = tell_stderr,
    clock: Callable[[], dt.datetime] = utc_now,
    rest: Callable[[float], Awaitable[None]] = asyncio.sleep,
    questions: Questions | None = None,
    on_behalf_of: Path | None = None,
) -> list[RunLog]:
    """Crawl the sites into the corpus's archive and return one run log a site, in the order of `sites`.

    `since` and `until` are days in the site's zone, both inclusive. `max_pages` is the most article pages fetched
    a site; what is found beyond it stays queued for the next crawl. `sections` are paths ("cong-doan"), then feeds
    and sitemaps are left alone. A `refresh` without `since` and `sections` keeps to those of the site's last crawl. It
    asks known articles again, conditionally, when a look is due by the policy of `crawler.revisit`; with
    `recheck_after`, which makes any crawl a refresh, when last asked so long ago or longer. With `wait` the crawl of a
    site pauses outside its hours and when its requests of the day are spent, and goes on when it may; else it ends
    there. Each trouble is one line to `tell`, once; the lines are in the run logs too. A site that failed
    (`RunLog.failed`) does not hold up the others. Ctrl-C stops after the requests under way, a second one at once; the
    next crawl goes on from there. `clock` is the time of everything that is noted and archived, `rest` lets time pass
    in a pause. With `questions` these say what is asked for, and nothing else is. A crawl `on_behalf_of` another corpus
    counts to that one's requests a day, and none is at work there meanwhile: a host sees one of us at a time.

    Raises:
        ContactMissing: no contact to name.
        CorpusBusy: another crawl is at work on this corpus, or on the one on whose behalf this is.
        ArchiveUnwritable: the disk refused; all that was fetched before is kept.
    """
    user_agent(contact)
    orders = Orders(since, until, max_pages, tuple(sections), refresh or recheck_after is not None, recheck_after, wait)
    with corpus_lock(corpus), _log_file(corpus), Frontier(corpus) as frontier, ExitStack() as open_files:
        if on_behalf_of is not None:
            open_files.enter_context(corpus_lock(on_behalf_of))
        earlier = read_runs(corpus)
        ledger = open_files.enter_context(RequestLedger(on_behalf_of or corpus))
        begin = partial(_begin, corpus, orders, frontier, ledger, open_files, tell, clock, rest)
        runs = [begin(site) for site in {site.name: site for site in sites}.values()]
        try:
            asyncio.run(_crawl_all(runs, contact, tell, questions))
        finally:
            logs = [_finish(run, earlier) for run in runs]
    unwritable = next((log for log in logs if log.finish_reason == "unwritable"), None)
    if unwritable is not None:
        raise ArchiveUnwritable(next(note.line for note in unwritable.notes if note.code is Code.UNWRITABLE))
    return logs


def _begin(
    corpus: Path,
    orders: Orders,
    frontier: Frontier,
    ledger: RequestLedger,
    open_files: ExitStack,
    tell: Callable[[str], None],
    clock: Callable[[], dt.datetime],
    rest: Callable[[float], Awaitable[None]],
    site: Site,
) -> SiteRun:
    started_at = clock()
    log = RunLog(new_run_id(started_at), site.name, started_at)
    write_run(corpus, log)
    reconcile(corpus, site, frontier)
    orders = _remembered(orders, site, frontier)
    log = replace(log, scope=Scope(orders.since, orders.sections))
    archive = open_files.enter_context(ArchiveWriter(corpus, site.name, log.run_id))
    return SiteRun(corpus, site, orders, frontier, ledger, archive, log, tell, clock, rest)


def _remembered(orders: Orders, site: Site, frontier: Frontier) -> Orders:
    """Return the orders, those of the site's last crawl where a refresh says nothing of dates and sections.

    Who crawled one section since 2023 does not want the whole paper the night after.
    """
    if not orders.refresh or orders.since or orders.sections:
        frontier.remember_scope(site.name, orders.since, orders.sections)
        return orders
    since, sections = frontier.scope(site.name)
    return replace(orders, since=since, sections=sections)


async def _crawl_all(
    runs: Sequence[SiteRun], contact: str, tell: Callable[[str], None], questions: Questions | None
) -> None:
    runner = AsyncCrawlerRunner(Settings({"TWISTED_REACTOR_ENABLED": False}))
    spider, told = (NewsSpider, {}) if questions is None else (QuestionSpider, {"questions": questions})
    crawlers = [Crawler(spider, Settings(crawl_settings(run.site, contact))) for run in runs]
    with _stop_signals(runner, runs, tell), show_progress(runs):
        crawls = [runner.crawl(crawler, run=run, **told) for crawler, run in zip(crawlers, runs, strict=True)]
        for run, outcome in zip(runs, await asyncio.gather(*crawls, return_exceptions=True), strict=True):
            if isinstance(outcome, Exception):
                logging.getLogger("crawler").error("%s: the crawl broke", run.site.name, exc_info=outcome)
                run.end("failed", f"the crawl broke: {outcome!r}; crawl.log says where. What was fetched is kept")
            elif not isinstance(outcome, BaseException):
                run.over = True


@contextmanager
def _stop_signals(runner: AsyncCrawlerRunner, runs: Sequence[SiteRun], tell: Callable[[str], None]) -> Iterator[None]:
    """Stop gently at the first Ctrl-C or SIGTERM, at once at the second. Only the main thread gets signals."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    loop, whole = asyncio.get_running_loop(), asyncio.current_task()
    stopping: list[asyncio.Task[None]] = []

    def stop() -> None:
        if stopping:
            tell("Stopped at once; the next crawl goes on from here")
            for task in asyncio.all_tasks() - {whole}:
                task.cancel()
            return
        tell("Stopping after the pages under way; Ctrl-C again stops at once. The next crawl goes on from here")
        for run in runs:
            run.end("stopped")
        stopping.append(loop.create_task(runner.stop()))

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop)
    try:
        yield
    finally:
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(number)


def _finish(run: SiteRun, earlier: Sequence[RunLog]) -> RunLog:
    """Close the run's archive, judge its counts, and write its log for the last time."""
    if run.over and run.log.gated and not run.log.articles:
        ((kind, _),) = run.gates.most_common(1)
        run.end("gated", gate_advice(run.site, kind))
    if run.over:
        run.end("failed" if run.broken else "max_pages" if run.spent else "finished")
    run.end("stopped")
    with suppress(ArchiveUnwritable):  # told already, and raised by crawl
        run.archive.close()
    if run.over and not run.broken:
        note_run(run.corpus, run.log.run_id, run.site, run.frontier)
    run.log = replace(run.log, finished_at=run.clock())
    if run.forbidden:
        line = f"{run.forbidden} addresses were not asked for: robots.txt forbids them, or they lead off the site"
        run.warn(line, Code.FORBIDDEN)
    if run.overlong:
        line = f"{run.overlong} addresses on listings were left out: they are longer than {LONGEST_ADDRESS} characters"
        run.warn(line, Code.OVERLONG)
    run.log = replace(run.log, shown=tuple(run.shown.items()))
    for note in health_notes(run.log, run.site, _comparable(run, earlier), run.listed, run.wrongs):
        run.warn(note.line, note.code)
    with suppress(ArchiveUnwritable):
        write_run(run.corpus, run.log)
    return run.log


def _comparable(run: SiteRun, earlier: Sequence[RunLog]) -> Sequence[RunLog] | None:
    """Return the site's earlier runs, when this one was to bring all that is new since; None for a part by order."""
    orders = run.orders
    if orders.sections or orders.max_pages is not None or orders.until or run.log.finish_reason != "finished":
        return None
    return [log for log in earlier if log.site == run.site.name]


class _CrawlLog(RotatingFileHandler):
    """The crawl's log; on a full disk it goes without, for the archive, on the same disk, says so in one line."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's name
        if not isinstance(sys.exc_info()[1], OSError):
            super().handleError(record)


@contextmanager
def _log_file(corpus: Path) -> Iterator[None]:
    """Send what Scrapy and its libraries log to `<corpus>/crawl.log` instead of the operator's screen."""
    path = corpus / "crawl.log"
    with refused_by_disk(path):
        corpus.mkdir(parents=True, exist_ok=True)
        log_file = _CrawlLog(path, maxBytes=LOG_BYTES, backupCount=LOGS_KEPT, encoding="utf-8")
    log_file.setLevel(logging.INFO)
    log_file.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    loggers = [logging.getLogger(name) for name in LOGGED]
    before = [(logger.propagate, logger.level) for logger in loggers]
    for logger in loggers:
        logger.addHandler(log_file)
        logger.propagate = False
        logger.setLevel(logging.INFO)
    try:
        yield
    finally:
        for logger, (propagate, level) in zip(loggers, before, strict=True):
            logger.removeHandler(log_file)
            logger.propagate, logger.level = propagate, level
        log_file.close()
