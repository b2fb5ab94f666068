"""`congdoan build`: bring the tables up to the archive."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from crawler.sites import Sites
from pipeline.build import build, explain
from pipeline.cli.engines import engine_of, engine_options
from pipeline.cli.options import corpus_option, known_sites, sites_option, talk, telling, warn
from pipeline.cli.without_pandas import without_pandas
from pipeline.outcome import BuildReport
from pipeline.plan import Stage
from pipeline.workers import Engine


@click.command("build", short_help="Bring the tables up to the archive.")
@engine_options
@click.option(
    "--only",
    type=click.Choice(["annotate", "extract", "movements", "figures", "reprints"]),
    help="Bring this stage and what follows from it up to date, and leave new captures and other stages for later; "
    "extract is movements, figures and what both are attributed to.",
)
@click.option("--explain", "only_explain", is_flag=True, help="Say what would be done and why, and do nothing.")
@corpus_option
@sites_option
def command(only: Stage | None, only_explain: bool, corpus: Path, site_folders: tuple[Path, ...], **where: Any) -> None:
    """Bring the tables up to the archive: parse, clean, annotate and extract what is new or stale, commit all or none.

    A changed rule costs what it changes: of the figures, the stored sentences are read again; of a site's profile, that
    site's pages.

    \b
    congdoan build --corpus data/corpus
    congdoan build --explain
    congdoan build --engine dask --scheduler tcp://node1:8786
    """
    if only_explain:
        for line in explain(corpus, known_sites(corpus, site_folders), only) or ["nothing to do"]:
            click.echo(line)
        return
    with without_pandas(), engine_of(**where) as engine:
        click.echo(summary(build_with_progress(corpus, known_sites(corpus, site_folders), engine=engine, only=only)))


def build_with_progress(
    corpus: Path,
    sites: Sites,
    workers: int | None = None,
    engine: Engine | None = None,
    only: Stage | None = None,
) -> BuildReport:
    """Build with a line of progress on stderr; warnings stay there."""
    with talk.status("building the tables") as status:
        report = build(corpus, sites, workers=workers, engine=engine, tell=telling(status), only=only)
    if report.failed:
        warn(f"warning: our own code failed on {report.failed} captures: see dropped where reason = 'error'")
    for torn in report.torn:
        warn(f"warning: {torn}")
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
