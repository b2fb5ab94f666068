"""`congdoan refresh`: crawl what is due and build."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import click

from crawler.lock import exclusive
from pipeline.cli import crawl
from pipeline.cli.build import build_with_progress, summary
from pipeline.cli.contact import contact_option
from pipeline.cli.options import corpus_option, known_sites, sites_option


@click.command("refresh")
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
            crawl.run(corpus, crawled, contact, refresh=True, recheck_after=after, wait=wait)
        finally:
            # a site that is down must not keep what the others brought out of the tables
            click.echo(summary(build_with_progress(corpus, sites, workers)))
