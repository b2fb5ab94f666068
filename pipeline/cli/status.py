"""`congdoan status`: how the corpus stands."""

from __future__ import annotations

from pathlib import Path

import click

from pipeline.answers import answer_table, answered
from pipeline.cli.options import corpus_option, results_console
from pipeline.query import Corpus, open_corpus

_QUESTIONS = {
    "Sites": """
        SELECT site, count(*) AS articles, count(gone_at) AS gone, count(reprint_of) AS reprints,
               strftime(min(published_at), '%d/%m/%Y') AS first, strftime(max(published_at), '%d/%m/%Y') AS last,
               strftime(max(fetched_at), '%d/%m/%Y %H:%M') AS "last new content"
        FROM articles GROUP BY site ORDER BY site""",
    "Articles a day, last 14 days with articles": """
        SELECT strftime(published_at, '%Y-%m-%d') AS day, count(*) AS articles
        FROM articles WHERE published_at IS NOT NULL GROUP BY day ORDER BY day DESC LIMIT 14""",
    "Captures that are no article": """
        SELECT site, stage, reason, count(*) AS captures, any_value(url) AS "for instance"
        FROM dropped GROUP BY site, stage, reason ORDER BY captures DESC LIMIT 25""",
    "Last runs": """
        SELECT strftime(started_at, '%d/%m/%Y %H:%M') AS started, site, fetched, not_modified AS "304",
               new_articles AS new, gone, gated, errors, coalesce(finish_reason, 'no end') AS ended
        FROM runs ORDER BY started_at DESC, site LIMIT 10""",
}


@click.command("status")
@corpus_option
def command(corpus: Path) -> None:
    """Show sites, articles a day, drops with reasons, runs and health warnings. Times are Vietnam's.

    \b
    congdoan status --corpus data/corpus
    """
    opened = open_corpus(corpus)
    console = results_console()
    for title, query in _QUESTIONS.items():
        console.print(answer_table(answered(opened.sql(query)), title))
    for site, warning in _warnings(opened):
        console.print(f"warning: {site}: {warning}", markup=False)


def _warnings(corpus: Corpus) -> list[tuple[str, str]]:
    """Return the health warnings of each site's last run."""
    rows: list[tuple[str, str]] = corpus.sql(
        "SELECT site, unnest(warnings) FROM "
        "(SELECT site, arg_max(warnings, started_at) AS warnings FROM runs GROUP BY site)"
    ).fetchall()
    return rows
