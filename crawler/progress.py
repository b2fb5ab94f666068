"""What a long crawl says of itself on stderr while it runs."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from rich.console import Console
from rich.live import Live
from rich.text import Text

from crawler.siterun import SiteRun

REDRAW_SECONDS = 0.5
LINE_SECONDS = 30.0  # between two lines where stderr is a file or a cron mail


def progress_line(run: SiteRun) -> str:
    """Return how far the site is, in a line."""
    log = run.log
    parts = [f"{log.articles} articles ({log.new_articles} new)", f"{run.frontier.count(log.site, 'queued')} queued"]
    counts = {"unchanged": log.not_modified, "gone": log.gone, "gated": log.gated, "errors": log.errors}
    parts += [f"{count} {name}" for name, count in counts.items() if count]
    paused = f"; paused until {run.paused_until.astimezone():%d/%m %H:%M}" if run.paused_until else ""
    return f"{log.site}: {', '.join(parts)}, {log.bytes / 1e6:.1f} MB{paused}"


@contextmanager
def show_progress(runs: Sequence[SiteRun]) -> Iterator[None]:
    """Show one line a site: redrawn on a terminal, else printed now and then."""
    task = asyncio.get_running_loop().create_task(_redraw(runs) if sys.stderr.isatty() else _print(runs))
    try:
        yield
    finally:
        task.cancel()


async def _redraw(runs: Sequence[SiteRun]) -> None:
    with Live(console=Console(stderr=True), auto_refresh=False, transient=True) as live:
        while True:
            live.update(Text("\n".join(progress_line(run) for run in runs)), refresh=True)
            await asyncio.sleep(REDRAW_SECONDS)


async def _print(runs: Sequence[SiteRun]) -> None:
    while True:
        await asyncio.sleep(LINE_SECONDS)
        for run in (run for run in runs if run.paused_until is None):  # a night in a log file is long
            sys.stderr.write(progress_line(run) + "\n")
