"""`congdoan eval`: how well pages and texts are read, beside other extractors."""

from __future__ import annotations

import datetime as dt
import json
import sys
from pathlib import Path

import click
from rich.text import Text

from pipeline.cli.eval_tables import gold_record, gold_table, pages_record, pages_table, traps_table
from pipeline.cli.failures import DATA_AT_FAULT
from pipeline.cli.options import known_sites, results_console, sites_option, talk
from pipeline.evaluate.expected import read_expected
from pipeline.evaluate.gold import GoldScore, score_gold
from pipeline.evaluate.pages import ReaderResult, compare_readers
from pipeline.evaluate.readers import PEERS, PeerNotInstalled, Reader, our_reader, peer

_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


@click.command("eval", short_help="Measure against pages and texts that people marked.")
@click.argument("gold", nargs=-1, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--pages", type=_FOLDER, help="A folder of pages with expected JSON beside them; instead of GOLD.")
@click.option("--expected", type=_FOLDER, help="Where the expected JSON lies, when not beside the pages.")
@click.option("--beside", type=click.Choice([*PEERS, "none"]), multiple=True, help="Which extractors; all if not said.")
@click.option("--rounds", type=click.IntRange(0), default=3, show_default=True, help="Times a page is read for speed.")
@click.option("--movements", is_flag=True, help="Of GOLD, only the movements.")
@click.option("--figures", is_flag=True, help="Of GOLD, only the figures.")
@click.option("--misses", is_flag=True, help="List what was missed and what is false.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object, and nothing else.")
@sites_option
def command(
    gold: tuple[Path, ...],
    pages: Path | None,
    expected: Path | None,
    beside: tuple[str, ...],
    rounds: int,
    movements: bool,
    figures: bool,
    misses: bool,
    as_json: bool,
    site_folders: tuple[Path, ...],
) -> None:
    """Measure: pages against their expected JSON, or GOLD.jsonl texts against their marked movements and figures.

    Body is precision, recall and F1 of 4-grams of syllables, a mean over the pages; the other fields are shares of
    the pages that are right. Other extractors read the same pages: pip install 'congdoan[eval]'. What the JSON files
    hold is in CONTRIBUTING.md.

    \b
    congdoan eval --pages tests/pages
    congdoan eval --figures gold.jsonl --misses
    """
    if bool(gold) == (pages is not None):
        raise click.UsageError("give either --pages DIR or GOLD.jsonl files")
    if pages is None and (expected or beside):
        raise click.UsageError("--expected and --beside go with --pages")
    if pages is not None and (movements or figures):
        raise click.UsageError("--movements and --figures go with GOLD.jsonl files")
    if pages is not None:
        _eval_pages(pages, expected, beside, rounds, misses, as_json, site_folders)
    else:
        parts = [name for name, asked in (("movements", movements), ("figures", figures)) if asked]
        _eval_gold(gold, parts or ["movements", "figures"], misses, as_json, site_folders)


def _eval_pages(
    pages: Path,
    expected: Path | None,
    beside: tuple[str, ...],
    rounds: int,
    misses: bool,
    as_json: bool,
    site_folders: tuple[Path, ...],
) -> None:
    sites = known_sites(None, site_folders)
    read = read_expected(pages, expected, dt.datetime.now(dt.UTC))
    others, absent = _peers(beside or tuple(PEERS))
    with talk.status(f"reading {len(read)} pages, each {rounds + 1} times with each of {len(others) + 1} extractors"):
        results = compare_readers(read, [our_reader(sites), *others], rounds)
    if as_json:
        click.echo(json.dumps(pages_record(results, absent, misses), ensure_ascii=False, indent=1))
        return
    results_console().print(pages_table(results))
    for line in absent:
        click.echo(line, err=True)
    if misses:
        _print_misses(results)


def _peers(names: tuple[str, ...]) -> tuple[list[Reader], list[str]]:
    """Return the extractors that are there, and a line for each that is not."""
    found: list[Reader] = []
    absent: list[str] = []
    for name in names:
        if name == "none":
            continue
        try:
            found.append(peer(name))
        except PeerNotInstalled as refusal:
            absent.append(str(refusal))
    return found, absent


def _print_misses(results: list[ReaderResult]) -> None:
    console = results_console()
    for result in results:
        for miss in result.misses:
            line = f"{result.name}: {miss.page}: {miss.field}: expected {miss.expected}; got {miss.got}"
            console.print(Text(line), soft_wrap=True)


def _eval_gold(
    paths: tuple[Path, ...], parts: list[str], misses: bool, as_json: bool, site_folders: tuple[Path, ...]
) -> None:
    sites, now = known_sites(None, site_folders), dt.datetime.now(dt.UTC)
    with talk.status(f"reading {', '.join(path.name for path in paths)}"):
        scores = {str(path): score_gold(path, sites, now) for path in paths}
    if as_json:
        records = {path: gold_record(score, parts, misses) for path, score in scores.items()}
        click.echo(json.dumps(records, ensure_ascii=False, indent=1))
    else:
        for path, score in scores.items():
            _print_gold(path, score, parts, misses)
    if any(score.refused for score in scores.values()):
        sys.exit(DATA_AT_FAULT)


def _print_gold(path: str, score: GoldScore, parts: list[str], misses: bool) -> None:
    console = results_console()
    for part in parts:
        console.print(gold_table(path, part, score))
        if misses:
            for kind, reached in score.kinds[part].items():
                for word, lines in (("missed", reached.missed), ("false", reached.false)):
                    for line in lines if kind != "all" else ():
                        console.print(Text(f"{part}: {kind}: {word}: {line}"), soft_wrap=True)
    if "figures" in parts and score.traps:
        console.print(traps_table(path, score))
        for why, traps in score.traps.items() if misses else ():
            for line in traps.fallen_into:
                console.print(Text(f"no figure: {why}: {line}"), soft_wrap=True)
    for refusal in score.refused:
        click.echo(f"congdoan: {refusal}", err=True)
