"""Crawl several sites in one process: the lock, Ctrl-C, and what is left when all is over."""

from __future__ import annotations

import asyncio
import logging
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from pathlib import Path

from scrapy.crawler import AsyncCrawlerRunner, Crawler
from scrapy.settings import Settings

from crawler.advice import gate_advice
from crawler.archive import ArchiveUnwritable, ArchiveWriter, RunLog, read_runs, write_run
from crawler.clock import Clock
from crawler.crawllog import crawl_log
from crawler.frontier import Frontier
from crawler.health import health_notes
from crawler.ledger import RequestLedger
from crawler.listing import LONGEST_ADDRESS
from crawler.lock import corpus_lock
from crawler.notes import Code
from crawler.orders import Orders
from crawler.progress import show_progress
from crawler.questions import QuestionSpider
from crawler.reconcile import note_run, reconcile
from crawler.runlog import Scope, new_run_id
from crawler.settings import crawl_settings, user_agent
from crawler.site import Site
from crawler.siterun import SiteRun
from crawler.spider import NewsSpider


def tell_stderr(line: str) -> None:
    """Print a line to stderr."""
    print(line, file=sys.stderr, flush=True)  # noqa: T201 - this is the crawl's voice


def crawl(
    corpus: Path,
    sites: Sequence[Site],
    contact: str,
    orders: Orders = Orders(),
    *,
    tell: Callable[[str], None] = tell_stderr,
    clock: Clock = Clock(),
) -> list[RunLog]:
    """Crawl the sites into the corpus's archive and return one run log a site, in the order of `sites`.

    Each trouble is one line to `tell`, once; the lines are in the run logs too. A site that failed (`RunLog.failed`)
    does not hold up the others. Ctrl-C stops after the requests under way, a second one at once; the next crawl goes on
    from there.

    Raises:
        ContactMissing: no contact to name.
        CorpusBusy: another crawl is at work on this corpus, or on the one on whose behalf this is.
        ArchiveUnwritable: the disk refused; all that was fetched before is kept.
    """
    user_agent(contact)
    with corpus_lock(corpus), crawl_log(corpus), Frontier(corpus) as frontier, ExitStack() as open_files:
        if orders.on_behalf_of is not None:
            open_files.enter_context(corpus_lock(orders.on_behalf_of))
        earlier = read_runs(corpus)
        ledger = open_files.enter_context(RequestLedger(orders.on_behalf_of or corpus))
        runs = []
        for site in {site.name: site for site in sites}.values():
            log, its_orders = _begun(corpus, site, orders, frontier, clock)
            archive = open_files.enter_context(ArchiveWriter(corpus, site.name, log.run_id))
            runs.append(SiteRun(corpus, site, its_orders, frontier, ledger, archive, log, tell, clock))
        try:
            asyncio.run(_crawl_all(runs, contact, tell))
        finally:
            logs = [_finish(run, earlier) for run in runs]
    unwritable = next((log for log in logs if log.finish_reason == "unwritable"), None)
    if unwritable is not None:
        raise ArchiveUnwritable(next(note.line for note in unwritable.notes if note.code is Code.UNWRITABLE))
    return logs


def _begun(corpus: Path, site: Site, orders: Orders, frontier: Frontier, clock: Clock) -> tuple[RunLog, Orders]:
    """Bring the frontier up to the archive; return the log of a run that begins, and what is asked of this site."""
    started_at = clock.now()
    log = RunLog(new_run_id(started_at), site.name, started_at)
    write_run(corpus, log)
    reconcile(corpus, site, frontier)
    orders = _remembered(orders, site, frontier)
    return replace(log, scope=Scope(orders.since, orders.sections)), orders


def _remembered(orders: Orders, site: Site, frontier: Frontier) -> Orders:
    """Return the orders, those of the site's last crawl where a refresh says nothing of dates and sections.

    Who crawled one section since 2023 does not want the whole paper the night after.
    """
    if not orders.asks_again or orders.since or orders.sections:
        frontier.remember_scope(site.name, orders.since, orders.sections)
        return orders
    since, sections = frontier.scope(site.name)
    return replace(orders, since=since, sections=sections)


async def _crawl_all(runs: Sequence[SiteRun], contact: str, tell: Callable[[str], None]) -> None:
    runner = AsyncCrawlerRunner(Settings({"TWISTED_REACTOR_ENABLED": False}))
    crawlers = [Crawler(_spider(run.orders), Settings(crawl_settings(run.site, contact))) for run in runs]
    with _stop_signals(runner, runs, tell), show_progress(runs):
        crawls = [runner.crawl(crawler, run=run) for crawler, run in zip(crawlers, runs, strict=True)]
        for run, outcome in zip(runs, await asyncio.gather(*crawls, return_exceptions=True), strict=True):
            if isinstance(outcome, Exception):
                logging.getLogger("crawler").error("%s: the crawl broke", run.site.name, exc_info=outcome)
                run.end("failed", f"the crawl broke: {outcome!r}; crawl.log says where. What was fetched is kept")
            elif not isinstance(outcome, BaseException):
                run.over = True


def _spider(orders: Orders) -> type[NewsSpider]:
    return NewsSpider if orders.questions is None else QuestionSpider


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
    run.log = replace(run.log, finished_at=run.clock.now())
    if run.forbidden:
        line = f"{run.forbidden} addresses were not asked for: robots.txt forbids them, or they lead off the site"
        run.warn(line, Code.FORBIDDEN)
    if run.overlong:
        line = f"{run.overlong} addresses on listings were left out: they are longer than {LONGEST_ADDRESS} characters"
        run.warn(line, Code.OVERLONG)
    run.log = replace(run.log, shown=tuple(run.shown.items()))
    listed = run.listed + run.parts_unchanged
    for note in health_notes(run.log, run.site, _comparable(run, earlier), listed, run.wrongs):
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
