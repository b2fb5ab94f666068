"""`congdoan build`: bring the tables up to the archive."""

from __future__ import annotations

from pathlib import Path

import click

from crawler.sites import Sites
from pipeline.build import BuildReport, build, explain
from pipeline.cli.options import corpus_option, known_sites, sites_option, talk


@click.command("build")
@click.option("--workers", type=click.IntRange(1, 256), help="Processes that work side by side.  [default: all cores]")
@click.option("--explain", "only_explain", is_flag=True, help="Say what would be done and why, and do nothing.")
@corpus_option
@sites_option
def command(workers: int | None, only_explain: bool, corpus: Path, site_folders: tuple[Path, ...]) -> None:
    """Bring the tables up to the archive: parse, clean, annotate and extract what is new or stale, commit all or none.

    A changed rule costs what it changes: of the figures, the stored sentences are read again; of a site's profile, that
    site's pages.

    \b
    congdoan build --corpus data/corpus
    congdoan build --explain
    """
    if only_explain:
        for line in explain(corpus, known_sites(corpus, site_folders)) or ["nothing to do"]:
            click.echo(line)
        return
    click.echo(summary(build_with_progress(corpus, known_sites(corpus, site_folders), workers)))


def build_with_progress(corpus: Path, sites: Sites, workers: int | None = None) -> BuildReport:
    """Build with a status line on stderr."""
    with talk.status("building the tables") as status:
        report = build(corpus, sites, workers=workers, tell=lambda line: status.update(f"building the tables: {line}"))
    if report.failed:
        talk.print(f"warning: our own code failed on {report.failed} captures: see dropped where reason = 'error'")
    for torn in report.torn:
        talk.print(f"warning: {torn}")
    return report


def summary(report: BuildReport) -> str:
    """Return one line on what a build did."""
    if report.nothing_to_do:
        return f"tables are up to date (snapshot {report.snapshot}); nothing to do"
    made_again = f", {report.made_again} articles made again" if report.made_again else ""
    return (
        f"snapshot {report.snapshot}: {report.captures} captures read, {report.new_articles} new articles, "
        f"{report.new_revisions} new revisions, {report.newly_gone} gone, {report.dropped} dropped{made_again}"
    )
