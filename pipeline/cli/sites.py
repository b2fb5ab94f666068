"""`congdoan sites`: the profiles of the sites that can be crawled."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import click
from rich.table import Table

from crawler.archive import Capture, TornRecord, archive_files, read_captures, read_warc
from crawler.site import Site
from pipeline.cli import draft, furniture
from pipeline.cli.contact import contact_option, remembered_contact
from pipeline.cli.failures import DATA_AT_FAULT
from pipeline.cli.options import corpus_option, known_sites, results_console, sites_option, warn

if TYPE_CHECKING:
    from pipeline.sitecheck import Sample

LIVE_PAGES = 20  # requests that a site can be asked for a test: a minute or two at the usual pause
ARCHIVED_PAGES = 200  # a second's reading is some 20 pages; a share of 200 is good to a percent or two


@click.group("sites", invoke_without_command=True, short_help="List, draft and check the profiles of news sites.")
@click.pass_context
def command(context: click.Context) -> None:
    """List the known sites, or show, draft and check a profile.

    \b
    congdoan sites show laodong_vn
    congdoan sites check laodong_vn --live
    """
    if context.invoked_subcommand is None:
        context.invoke(list_sites)


@command.command("list")
@corpus_option
@sites_option
def list_sites(corpus: Path, site_folders: tuple[Path, ...]) -> None:
    """List the known sites.

    \b
    congdoan sites list --corpus data/corpus
    """
    table = Table("site", "paper", "hosts", "sections", "layouts", "checked live")
    for site in known_sites(corpus, site_folders):
        live = "yes" if site.verified else "no"
        table.add_row(
            site.name, site.title, ", ".join(site.hosts), str(len(site.start.sections)), str(len(site.layouts)), live
        )
    results_console().print(table)


@command.command("show")
@click.argument("name")
@corpus_option
@sites_option
def show(name: str, corpus: Path, site_folders: tuple[Path, ...]) -> None:
    """Print one profile as JSON, with its defaults filled in.

    \b
    congdoan sites show laodong_vn
    """
    click.echo(known_sites(corpus, site_folders)[name].model_dump_json(indent=2))


@command.command("check", short_help="Try a profile on pages of its site.")
@click.argument("name")
@click.option(
    "--archive",
    type=click.Path(exists=True, path_type=Path),
    help="Another corpus, or a WARC file, to take the pages from.  [default: the corpus]",
)
@click.option("--live", is_flag=True, help="Fetch the pages from the live site, politely, and keep none of them.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of lines.")
@click.option("--pages", type=click.IntRange(1), help="So many of the newest articles.  [default: 200; --live: 20]")
@contact_option
@corpus_option
@sites_option
def check(
    name: str,
    archive: Path | None,
    live: bool,
    pages: int | None,
    as_json: bool,
    contact: str | None,
    corpus: Path,
    site_folders: tuple[Path, ...],
) -> None:
    """Try a profile on pages of its site: which selectors match, and how many pages give title, lead, date and body.

    It also says which start addresses answered and name articles, and what robots.txt allows. Exit 1 when a person
    is needed: fewer pages give a part than the profile expects, or a start address is empty, gone or forbidden.

    \b
    congdoan sites check laodong_vn --live --pages 20
    """
    from pipeline.sitecheck import NothingToCheck, check_profile, report_lines, report_values, sample, section_lines

    if live and archive is not None:
        raise click.UsageError("--live and --archive: the pages come from the site or from an archive, not from both")
    site = known_sites(corpus, site_folders)[name]
    if live:
        captures = _live_pages(corpus, site, remembered_contact(corpus, contact), pages or LIVE_PAGES)
    else:
        captures = sample(_archived(archive or corpus), site, pages or ARCHIVED_PAGES)
    if not captures.pages:
        for line in () if as_json else section_lines(site, captures, live=live):
            click.echo(line)
        raise NothingToCheck(_no_page(site, None if live else archive or corpus))
    report = check_profile(site, captures, live=live)
    if as_json:
        click.echo(json.dumps(report_values(report), ensure_ascii=False, indent=2))
    for line in () if as_json else report_lines(report):
        click.echo(line)
    if not report.fits:
        sys.exit(DATA_AT_FAULT)


command.add_command(draft.command)
command.add_command(furniture.command)


def _no_page(site: Site, archive: Path | None) -> str:
    if archive is None:
        return f"{site.hosts[0]}: no article page of {site.name} was received"
    return (
        f"{archive}: no article page of {site.name} in it; fetch some with `congdoan crawl {site.name} "
        f"--max-pages {LIVE_PAGES}`, or try the live site with --live"
    )


def _live_pages(corpus: Path, site: Site, contact: str, pages: int) -> Sample:
    from pipeline.cli import crawl  # brings Scrapy, which the other commands need not wait for
    from pipeline.sitecheck import sample

    with TemporaryDirectory(prefix="congdoan-check-") as folder:
        crawl.sample(Path(folder), corpus, site, contact, pages)
        return sample(_archived(Path(folder)), site, pages)


def _archived(archive: Path) -> Iterator[Capture]:
    """Give the captures of a corpus or of one WARC file; a torn record at the end of a file is told and left out."""
    files = archive_files(archive)
    readers = [read_warc(archive)] if archive.is_file() else [read_captures(archive, file) for file in files]
    for reader in readers:
        try:
            yield from reader
        except TornRecord as torn:
            warn(f"warning: {torn}")
