"""`congdoan movements`: the registry of known movements, and what a corpus can teach it."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

import click
from rich.table import Table

from pipeline.cli.failures import DATA_AT_FAULT
from pipeline.cli.options import corpus_option, results_console
from pipeline.movements import load_registry
from pipeline.movements.proposal import proposed_entry
from pipeline.movements.registry import Entry, MovementUnknown
from pipeline.records import MovementKind
from pipeline.spelling import search_key

if TYPE_CHECKING:
    import pandas as pd

    from pipeline.query import Corpus

SHOWN = 20  # unknown movements, and groups of one movement, that are shown when not asked for more
_COUNTS = ("mentions", "articles", "sites")


@click.group("movements", invoke_without_command=True, short_help="List known movements; find unknown ones.")
@click.pass_context
def command(context: click.Context) -> None:
    """List and show known movements; find those that the registry does not know.

    \b
    congdoan movements show "lao dong gioi"
    """
    if context.invoked_subcommand is None:
        context.invoke(list_movements)


@command.command("list", short_help="List the movements of the registry.")
@click.argument("words", nargs=-1)
@click.option("--kind", type=click.Choice(get_args(MovementKind)), help="Only movements of this kind.")
@click.option("--json", "as_json", is_flag=True, help="Print a list of JSON objects, and nothing else.")
def list_movements(words: tuple[str, ...] = (), kind: str | None = None, as_json: bool = False) -> None:
    """List the movements of the registry; those with all WORDS in a name, with or without marks.

    \b
    congdoan movements list thang cong nhan
    """
    found = [entry for entry in load_registry() if kind in (None, entry.kind) and _has(entry, words)]
    if as_json:
        click.echo(json.dumps([_record(entry) for entry in found], ensure_ascii=False, indent=1))
    else:
        table = Table("id", "name", "kind", "since", "launched by")
        for entry in found:
            table.add_row(entry.id, entry.name, entry.kind, entry.since or "", entry.launched_by or "")
        results_console().print(table)
    if not found:
        sys.exit(DATA_AT_FAULT)


@command.command("show", short_help="Show one movement, and how often it is reported.")
@click.argument("name")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object, and nothing else.")
@corpus_option
def show(name: str, as_json: bool, corpus: Path) -> None:
    """Show a movement by its id or any printed NAME: its facts, and how often the corpus reports it.

    \b
    congdoan movements show "Tết Sum vầy - Xuân bình an"
    """
    registry = load_registry()
    entry = next((known for known in registry if known.id == name), None) or registry.find(name)
    if entry is None:
        raise MovementUnknown(
            f"{name!r} is no movement of the registry; `congdoan movements list` shows all, `congdoan movements new` "
            "those that a corpus names besides"
        )
    record = _record(entry)
    opened = _opened(corpus)
    if opened is not None:
        record["reports"] = {
            group: _rows(opened.movements(by=group, movement_id=entry.id), (group, *_COUNTS))
            for group in ("year", "province", "site")
        }
    if as_json:
        click.echo(json.dumps(record, ensure_ascii=False, indent=1))
    else:
        _print_entry(record)


@command.command("new", short_help="List names that the registry does not know.")
@click.option("--min-articles", type=click.IntRange(1), default=1, show_default=True, help="Named by so many articles.")
@click.option("--limit", type=click.IntRange(1), default=SHOWN, show_default=True, help="Show so many.")
@click.option("--toml", "as_toml", is_flag=True, help="Print only the lines to paste into the registry.")
@click.option("--json", "as_json", is_flag=True, help="Print a list of JSON objects, and nothing else.")
@corpus_option
def new(min_articles: int, limit: int, as_toml: bool, as_json: bool, corpus: Path) -> None:
    """List the names that the registry does not know, by how many articles and sites print them; reprints count once.

    Each comes with an entry to paste into pipeline/lexicon/movements.toml, once you have looked up what it is.

    \b
    congdoan movements new --min-articles 3
    """
    from pipeline.query import open_corpus  # brings DuckDB and pandas, which the other commands need not wait for

    found = open_corpus(corpus).new_movements(min_articles=min_articles)
    rows = _rows(found.head(limit), tuple(found.columns))
    if as_json:
        click.echo(json.dumps([{**row, "toml": _entry(row)} for row in rows], ensure_ascii=False, indent=1))
        return
    for row in rows:
        if not as_toml:
            click.echo(
                f"{row['name']}: {row['articles']} articles, {row['sites']} sites, {row['mentions']} mentions; "
                f"{row['movement_id']}\n  {row['sentence_text']}"
            )
        click.echo(_entry(row) + "\n")
    if not rows:
        click.echo(f"{corpus}: the registry knows every name that {min_articles} or more articles print", err=True)
    if len(found) > limit:
        click.echo(f"{len(found) - limit} more; --limit {len(found)} shows them", err=True)


def _has(entry: Entry, words: Iterable[str]) -> bool:
    names = [search_key(name, marks=False) for name in (entry.name, *entry.aliases, entry.id)]
    return all(any(search_key(word, marks=False) in name for name in names) for word in words)


def _record(entry: Entry) -> dict[str, Any]:
    return {"movement_id": entry.id, **{key: value for key, value in asdict(entry).items() if key != "id"}}


def _opened(corpus: Path) -> Corpus | None:
    """Return the corpus where there is one: the registry can be asked without."""
    from pipeline.query import CorpusNotBuilt, open_corpus  # brings DuckDB and pandas

    try:
        return open_corpus(corpus)
    except CorpusNotBuilt:
        return None


def _rows(frame: pd.DataFrame, names: tuple[str, ...]) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads(frame.to_json(orient="records", date_format="iso"))
    return [{name: row[name] for name in names} for row in rows]


def _entry(row: dict[str, Any]) -> str:
    return proposed_entry(row["name"], row["kind"], row["surfaces"], row["url"])


def _print_entry(record: dict[str, Any]) -> None:
    console = results_console()
    facts = Table("fact", "value")
    for key, value in record.items():
        if key != "reports" and value not in (None, (), False):
            facts.add_row(key, ", ".join(value) if isinstance(value, tuple) else str(value))
    console.print(facts)
    for group, rows in record.get("reports", {}).items():
        table = Table(group, *_COUNTS)
        for row in rows[:SHOWN]:
            table.add_row(str(row[group] or "unknown"), *(str(row[name]) for name in _COUNTS))
        console.print(table)
