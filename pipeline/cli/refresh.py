"""`congdoan refresh`: crawl what is due and build."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import click

from crawler.lock import exclusive
from crawler.notes import Code
from crawler.orders import Orders
from crawler.sites import Sites
from pipeline.cli import crawl
from pipeline.cli.build import build_with_progress, summary
from pipeline.cli.contact import contact_option
from pipeline.cli.options import corpus_option, known_sites, sites_option, warn
from pipeline.health import site_healths
from pipeline.overview import Overview
from pipeline.query import open_corpus

_TOLD_BY_PAGES = frozenset({Code.REDESIGNED, Code.UNDATED, Code.SILENT})


@click.command("refresh", short_help="Crawl what is due and build, from cron.")
@click.option(
    "--recheck-after",
    type=click.FloatRange(0),
    metavar="HOURS",
    help="Ask again for all articles last asked for longer ago, not those that are due; gone ones at their turn.",
)
@click.option(
    "--wait/--no-wait",
    default=False,
    show_default=True,
    help="Pause outside a site's politeness.hours and when its requests of today are spent; or end there and build.",
)
@click.option("--workers", type=click.IntRange(1, 256), help="Processes that build side by side.  [default: all cores]")
@contact_option
@corpus_option
@sites_option
def command(
    recheck_after: float | None,
    wait: bool,
    workers: int | None,
    contact: str | None,
    corpus: Path,
    site_folders: tuple[Path, ...],
) -> None:
    """Crawl what is due and build. Made for cron, once a day or every hour; safe to kill.

    New articles, and known ones (conditionally) where news is likely: fresh ones again within hours, those that keep
    changing often, all after two days and then within a month. The sites are those that the corpus has crawled before.
    Ends with a warning where the pages that came no longer fit the profile; `congdoan status` has all of them.

    \b
    15 5 * * *  congdoan refresh --corpus /srv/congdoan
    """
    sites = known_sites(corpus, site_folders)
    crawled = [site for site in sites if (corpus / "archive" / site.name).is_dir()]
    if not crawled:
        raise click.UsageError(f"{corpus}: nothing was crawled into this corpus yet; start with `congdoan crawl SITE`")
    with exclusive(corpus / "refresh.lock", f"{corpus} is being refreshed"):
        try:
            after = None if recheck_after is None else dt.timedelta(hours=recheck_after)
            crawl.run(corpus, crawled, contact, Orders(refresh=True, recheck_after=after, wait=wait))
        finally:
            # a site that is down must not keep what the others brought out of the tables
            click.echo(summary(build_with_progress(corpus, sites, workers)))
            _warn(corpus, sites, frozenset(site.name for site in crawled))


def _warn(corpus: Path, sites: Sites, crawled: frozenset[str]) -> None:
    """Tell what the pages that came say of the sites; what the crawl noted it has told itself."""
    for health in site_healths(corpus, Overview(open_corpus(corpus)), sites, dt.datetime.now(dt.UTC)):
        alarms = [alarm for alarm in health.alarms if alarm.code in _TOLD_BY_PAGES and health.site in crawled]
        for alarm in alarms:
            warn(f"warning: {health.site}: {alarm.line}")
