"""`congdoan sites furniture`: lines that recur across a site's articles, proposed for its profile."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline.cli.options import corpus_option
from pipeline.places import VIETNAM
from pipeline.recurring import MIN_SHARE, Findings, NoArticles, Recurring, recurring_lines
from pipeline.tallies import Printed

if TYPE_CHECKING:
    from pipeline.query import Corpus

ARTICLES_AT_ONCE = 500
_KEYS = ("headings", "inside", "lines", "patterns")


@click.command("furniture", short_help="Find template text that cleaning let through.")
@click.argument("name")
@click.option(
    "--min-share",
    type=click.FloatRange(0, 1, min_open=True),
    default=MIN_SHARE,
    show_default=True,
    help="Share of the site's articles that a line must stand on.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object, and nothing else.")
@corpus_option
def command(name: str, min_share: float, as_json: bool, corpus: Path) -> None:
    """Find template text that cleaning let through: lines that recur across the articles of a site.

    Nothing is removed. Each proposal has its count, where it stands, and examples; those you agree with go into
    [furniture] of the site's profile, and the next build leaves them out.

    \b
    congdoan sites furniture laodong_vn
    """
    from pipeline.query import open_corpus  # brings DuckDB and pandas, which the other commands need not wait for

    opened = open_corpus(corpus)
    try:
        findings = recurring_lines(lambda: printed_articles(opened, name), min_share=min_share)
    except NoArticles as nothing:
        raise NoArticles(
            f"{corpus}: {nothing} of {name!r}; `congdoan status --corpus {corpus}` lists the sites in it"
        ) from nothing
    if as_json:
        click.echo(json.dumps(record(name, findings), ensure_ascii=False, indent=1))
        return
    for line in report(name, findings):
        click.echo(line)


def printed_articles(corpus: Corpus, site: str) -> Iterator[Printed]:
    """Give the articles of a site as they were kept, some hundred in memory at a time; reprints say nothing new."""
    quoted = site.replace("'", "''")
    reader = corpus.sql(
        "SELECT article_id, url, title, lead, text, authors, published_at FROM articles "  # noqa: S608 - quoted
        f"WHERE site = '{quoted}' AND reprint_of IS NULL"
    ).to_arrow_reader(ARTICLES_AT_ONCE)
    for batch in reader:
        for row in batch.to_pylist():
            lines = row["text"].split("\n")[1 + bool(row["lead"]) :]
            day = row["published_at"].astimezone(VIETNAM).date() if row["published_at"] else None
            authors = tuple(row["authors"] or ())
            yield Printed(row["article_id"], row["url"], row["title"], row["lead"], tuple(lines), authors, day)


def record(name: str, findings: Findings) -> dict[str, object]:
    """Return the findings as `--json` prints them."""
    return {
        "site": name,
        "articles": findings.articles,
        "proposed": [_fields(one) for one in findings.proposed],
        "left_out": [_fields(one) for one in findings.left_out],
        "toml": "\n".join(to_paste(findings)),
    }


def _fields(one: Recurring) -> dict[str, object]:
    days = {"first": one.first and one.first.isoformat(), "last": one.last and one.last.isoformat()}
    return {**asdict(one), **days, "share": round(one.share, 4)}


def report(name: str, findings: Findings) -> Iterator[str]:
    """Give the lines that the command prints."""
    yield f"{name}: {findings.articles:,} articles, {len(findings.proposed)} recurring lines to look at"
    for one in findings.proposed:
        yield ""
        yield from _told(one, findings.articles)
    if findings.proposed:
        yield ""
        yield f"To add to [furniture] in the profile of {name}, where you agree:"
        yield ""
        yield from to_paste(findings)
    if findings.left_out:
        yield ""
        yield "Recurring too, and left out:"
        for one in findings.left_out:
            yield f"  {one.articles:>6,}  {one.line[:80]}  ({one.left_out})"


def _told(one: Recurring, articles: int) -> Iterator[str]:
    yield one.line
    places = {
        "the lead": one.lead,
        "above the text": one.top,
        "between paragraphs": one.between,
        "below it": one.bottom,
    }
    stands = ", ".join(f"{place} {count:,}" for place, count in places.items() if count)
    titles = f"; titles of other articles follow on {one.titles_below:,}" if one.titles_below else ""
    yield f"  on {one.articles:,} of {articles:,} articles ({one.share:.1%}): {stands}{titles}"
    for example in one.examples:
        printed = f"  {example.printed}" if example.printed != one.line else ""
        yield f"  {example.article_id}  {example.url or ''}{printed}"


def to_paste(findings: Findings) -> Iterator[str]:
    """Give TOML lines for [furniture]; each says on how many articles it was seen."""
    for key in _KEYS:
        chosen = [one for one in findings.proposed if one.kind == key]
        if not chosen:
            continue
        yield f"{key} = ["
        for one in chosen:
            seen = f"{one.first:%d/%m/%Y} to {one.last:%d/%m/%Y}, " if one.first and one.last else ""
            yield f"    {_quoted(one.rule or '')},  # {seen}on {one.articles:,} of {findings.articles:,} articles"
        yield "]"


def _quoted(text: str) -> str:
    """Return a TOML string: as it is between single quotes, where it may stand so."""
    plain = "'" not in text and text.isprintable()
    return f"'{text}'" if plain else json.dumps(text, ensure_ascii=False)
