"""`congdoan crawl`: fetch pages politely into the archive. The only door from here to the crawler's engine."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from crawler.archive import RunLog
from crawler.heard import Questions
from crawler.orders import Orders
from crawler.run import crawl
from crawler.site import Site
from pipeline.cli.contact import contact_option, remembered_contact
from pipeline.cli.failures import DATA_AT_FAULT
from pipeline.cli.options import Day, corpus_option, known_sites, sites_option


@click.command("crawl", short_help="Fetch new articles of sites into the archive.")
@click.argument("names", metavar="[SITE]...", nargs=-1)
@click.option("--since", type=Day(), help="Only articles published on this day or later (in Vietnam).")
@click.option("--until", type=Day(), help="Only articles published on this day or earlier.")
@click.option("--max-pages", type=click.IntRange(1), help="Fetch at most so many article pages a site.")
@click.option("--section", "sections", multiple=True, metavar="PATH", help="Only these sections of the site.")
@click.option(
    "--wait/--no-wait",
    default=True,
    show_default=True,
    help="Pause outside a site's politeness.hours and when its requests of today are spent; or end there.",
)
@contact_option
@corpus_option
@sites_option
def command(
    names: tuple[str, ...],
    since: dt.date | None,
    until: dt.date | None,
    max_pages: int | None,
    sections: tuple[str, ...],
    wait: bool,
    contact: str | None,
    corpus: Path,
    site_folders: tuple[Path, ...],
) -> None:
    """Fetch new articles of SITEs (all known ones when none is named) into the archive. Stop and resume at will.

    \b
    congdoan crawl laodong_vn --since 2026-11-01 --max-pages 50
    """
    sites = known_sites(corpus, site_folders)
    chosen = [sites[name] for name in names] if names else list(sites)
    run(corpus, chosen, contact, Orders(since, until, max_pages, sections, wait=wait))


def run(corpus: Path, sites: Sequence[Site], contact: str | None, orders: Orders) -> None:
    """Crawl and print one line a site; exit 1 when a site could not be crawled, or showed not one article."""
    logs = crawl(corpus, sites, remembered_contact(corpus, contact), orders)
    for log in logs:
        click.echo(_line(log))
    if any(log.failed or log.brought_nothing for log in logs):
        sys.exit(DATA_AT_FAULT)


def sample(folder: Path, corpus: Path, site: Site, contact: str, pages: int) -> RunLog:
    """Fetch some article pages of the site into a folder of their own: the newest of its sections and feeds.

    Sitemaps are left alone where there is another way: one of a whole paper has a thousand parts. The requests count to
    those that the corpus may send the site in a day.
    """
    start = site.start
    if start.sections or start.feeds:
        start = start.model_copy(update={"sitemaps": (), "robots_sitemaps": False})
    chosen = site.model_copy(update={"start": start})
    (log,) = crawl(folder, [chosen], contact, Orders(max_pages=pages, on_behalf_of=corpus))
    return log


def ask(folder: Path, corpus: Path, site: Site, contact: str, questions: Questions) -> RunLog:
    """Fetch what the questions ask for, and nothing else, without a word: the log says what went wrong.

    Into a folder of its own; the requests count to those that the corpus may send the site in a day.
    """
    orders = Orders(questions=questions, on_behalf_of=corpus)
    (log,) = crawl(folder, [site], contact, orders, tell=lambda _: None)
    return log


def _line(log: RunLog) -> str:
    parts = [
        f"{log.new_articles} new articles",
        f"{log.fetched} pages fetched",
        f"{log.not_modified} not modified",
        f"{log.gone} gone",
        f"{log.gated} gated",
        f"{log.errors} errors",
    ]
    return f"{log.site}: {', '.join(parts)}; {log.finish_reason}"
