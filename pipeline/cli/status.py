"""`congdoan status`: how the corpus stands."""

from __future__ import annotations

import datetime as dt
import json
import sys
from collections.abc import Sequence
from pathlib import Path

import click
from rich.table import Table
from rich.text import Text

from pipeline.answers import answer_table, answered
from pipeline.cli.failures import DATA_AT_FAULT
from pipeline.cli.options import corpus_option, known_sites, results_console, sites_option
from pipeline.health import SPARK_DAYS, SiteHealth, site_healths
from pipeline.overview import Overview
from pipeline.query import open_corpus
from pipeline.tables import VIETNAM

_QUESTIONS = {
    "Sites": """
        SELECT site, count(*) AS articles, count(gone_at) AS gone, count(reprint_of) AS reprints,
               strftime(min(published_at), '%d/%m/%Y') AS first, strftime(max(published_at), '%d/%m/%Y') AS last,
               strftime(max(fetched_at), '%d/%m/%Y %H:%M') AS "last new content"
        FROM articles GROUP BY site ORDER BY site""",
    "Captures that are no article": """
        SELECT site, stage, reason, count(*) AS captures, any_value(url) AS "for instance"
        FROM dropped GROUP BY site, stage, reason ORDER BY captures DESC LIMIT 25""",
    "Last runs": """
        SELECT strftime(started_at, '%d/%m/%Y %H:%M') AS started, site, fetched, not_modified AS "304",
               new_articles AS new, gone, gated, errors, coalesce(finish_reason, 'no end') AS ended
        FROM runs ORDER BY started_at DESC, site LIMIT 10""",
}


@click.command("status", short_help="Show how each site stands and what was dropped.")
@click.option("--json", "as_json", is_flag=True, help="Print the health of the sites as a JSON list, and nothing else.")
@corpus_option
@sites_option
def command(as_json: bool, corpus: Path, site_folders: tuple[Path, ...]) -> None:
    """Show how each site stands, drops with reasons, runs and health warnings. Times are Vietnam's.

    Exit 1 when a site needs a person: its last run failed, brought less than the profile expects, or its pages look
    redesigned. So a cron line mails it. Failing articles gave errors when last asked for; they are asked for again,
    ever more seldom.

    \b
    congdoan status --corpus data/corpus
    """
    overview = Overview(open_corpus(corpus))
    healths = site_healths(corpus, overview, known_sites(corpus, site_folders), dt.datetime.now(dt.UTC))
    if as_json:
        click.echo(json.dumps([health.record() for health in healths], ensure_ascii=False, indent=1))
    else:
        console = results_console()
        console.print(_last_runs(healths))
        for title, query in _QUESTIONS.items():
            console.print(answer_table(answered(overview.sql(query)), title))
        for health in healths:
            for alarm in health.alarms:
                console.print(f"warning: {health.site}: {alarm.line}", markup=False, soft_wrap=True)
    if any(health.alarms for health in healths):
        sys.exit(DATA_AT_FAULT)


def _last_runs(healths: Sequence[SiteHealth]) -> Table:
    table = Table(title="Health: the last run of each site", title_justify="left")
    for name in ("site", "last run", "ended"):
        table.add_column(name)
    for name in ("new", "changed", "gone", "gated", "errors", "queued", "failing", "days since article"):
        table.add_column(name, justify="right")
    table.add_column(f"articles a day, {SPARK_DAYS} days", no_wrap=True)
    table.add_column("dropped")
    for health in healths:
        at = f"{health.last_run.astimezone(VIETNAM):%d/%m/%Y %H:%M}" if health.last_run else "never"
        counts = (health.new, health.changed, health.gone, health.gated, health.errors, health.queued, health.failing)
        days = "" if health.days_since_article is None else f"{health.days_since_article:.0f}"
        dropped = ", ".join(f"{reason} {count}" for reason, count in health.dropped.items())
        cells = (health.site, at, health.ended or "", *map(str, counts), days, health.sparkline, dropped)
        table.add_row(*(Text(cell) for cell in cells))
    return table
