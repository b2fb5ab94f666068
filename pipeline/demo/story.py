"""The demo: two newspapers on loopback are crawled and built with the very commands a user has, on two days."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

from rich.console import Console
from rich.text import Text

from pipeline.answers import answer_table, answered
from pipeline.demo.newspaper import PAPERS
from pipeline.demo.server import DemoNewspaper, demo_sites
from pipeline.evaluate import NOTHING, Score, score_figures, score_movements
from pipeline.query import Corpus, open_corpus

_CONTACT = "https://example.org/congdoan-demo"
_STATE = "demo.json"

_BY_MONTH = """
    PIVOT (SELECT site, strftime(published_at, '%Y-%m') AS month FROM articles)
    ON site IN ('thoibao', 'thudo') USING count(*) GROUP BY month ORDER BY month"""
_MOVEMENTS = """
    SELECT name AS movement, mode(kind) AS kind, count(*) AS mentions, count(DISTINCT article_id) AS articles,
           count(DISTINCT site) AS sites
    FROM movements GROUP BY name ORDER BY articles DESC, mentions DESC, movement LIMIT 12"""
_SUMS = """
    SELECT replace(format('{:,}', CAST(coalesce(value_high, value) AS BIGINT)), ',', '.') || ' đ' AS sum,
           surface AS "as printed", sentence_text AS sentence
    FROM figures WHERE kind = 'money' AND unit = 'VND' ORDER BY coalesce(value_high, value) DESC, article_id LIMIT 6"""
_CHANGES = """
    SELECT 'new' AS change, site, title, '' AS lines FROM articles WHERE first_seen_at > TIMESTAMPTZ '{day_2}'
    UNION ALL SELECT 'edited', site, title, changed FROM revisions
    WHERE revision > 1 AND fetched_at > TIMESTAMPTZ '{day_2}'
    UNION ALL SELECT 'gone', site, title, '' FROM articles WHERE gone_at > TIMESTAMPTZ '{day_2}'
    ORDER BY 1 DESC, 2, 3"""
_REQUESTS = """
    SELECT site, fetched - articles AS "listings, feeds, …", articles AS "articles in full",
           not_modified AS "not modified (304)", gone
    FROM runs WHERE started_at > TIMESTAMPTZ '{day_2}' ORDER BY site"""


class DemoFailed(RuntimeError):
    """A command of the demo ended with an error; its own line says why."""


def play(corpus: Path, console: Console, talk: Console) -> None:
    """Play both days into the corpus folder, and print what a researcher would ask first.

    A finished demo in the folder is played anew; one that was killed on day 1 goes on.

    Raises:
        DemoFailed: the folder holds something else, or a command failed.
    """
    began = time.monotonic()
    with _newspaper(corpus, talk) as newspaper:
        _first_day(corpus, newspaper, console, talk)
        _reached("day 2", corpus, newspaper)
        _next_day(corpus, newspaper, console, talk)
        _reached("end", corpus, newspaper)
    console.print(f"\nDone in {time.monotonic() - began:.0f} s. The corpus is in {corpus}; go on with, for instance:")
    for line in ('sql "SELECT title, url FROM articles LIMIT 5"', "status", "check"):
        console.print(Text(f"  {_typed()} {line} --corpus {corpus}"), soft_wrap=True)


def _typed() -> str:
    """Return what to type for this command: its name where the terminal knows it, else its path from here."""
    return "congdoan" if shutil.which("congdoan") else os.path.relpath(Path(sys.executable).with_name("congdoan"))


# --------------------------------------------------------------------------- state
@dataclass(frozen=True, slots=True)
class _State:
    """Which ports the papers had, since the archive names them, and how far the demo came."""

    ports: dict[str, int]
    reached: Literal["day 1", "day 2", "end"]

    def save(self, corpus: Path) -> None:
        fresh = corpus / f"{_STATE}.new"
        fresh.write_text(json.dumps(asdict(self)), encoding="utf-8")
        fresh.replace(corpus / _STATE)


def _newspaper(corpus: Path, talk: Console) -> DemoNewspaper:
    """Open the papers: for a demo that was killed on day 1 on its old ports, else on new ones and an empty corpus."""
    if corpus.exists() and any(corpus.iterdir()) and not (corpus / _STATE).exists():
        raise DemoFailed(f"{corpus}: not an earlier demo; give an empty folder with --corpus")
    newspaper = _resumed(corpus)
    if newspaper is not None:
        talk.print("an earlier demo was cut off on day 1; this one goes on from there")
    else:
        if corpus.exists():
            shutil.rmtree(corpus)
        corpus.mkdir(parents=True)
        newspaper = DemoNewspaper()
        _reached("day 1", corpus, newspaper)
    demo_sites(newspaper.origins, corpus / "sites")
    return newspaper


def _resumed(corpus: Path) -> DemoNewspaper | None:
    if not (corpus / _STATE).exists():
        return None
    try:
        state = _State(**json.loads((corpus / _STATE).read_text(encoding="utf-8")))
    except (TypeError, ValueError):
        return None  # written by another version
    if state.reached != "day 1":
        return None
    try:
        return DemoNewspaper(ports=state.ports)
    except OSError:
        return None  # the ports are taken by now: nothing of the old archive can be asked for again


def _reached(reached: Literal["day 1", "day 2", "end"], corpus: Path, newspaper: DemoNewspaper) -> None:
    ports = {paper: int(origin.rpartition(":")[2]) for paper, origin in newspaper.origins.items()}
    _State(ports, reached).save(corpus)


def _congdoan(talk: Console, *arguments: str) -> None:
    """Run a command as the user would; its talk goes to stderr, its result lines too."""
    talk.print(Text(f"$ congdoan {' '.join(arguments)}", style="bold"), soft_wrap=True)
    done = subprocess.run(  # noqa: S603 - our own command, no shell
        [sys.executable, "-m", "pipeline.cli", *arguments], stdin=subprocess.DEVNULL, stdout=sys.stderr, check=False
    )
    if done.returncode:
        raise DemoFailed(f"congdoan {arguments[0]} ended with exit code {done.returncode}; its own line says why")


# --------------------------------------------------------------------------- the two days
def _first_day(corpus: Path, newspaper: DemoNewspaper, console: Console, talk: Console) -> None:
    addresses = ", ".join(newspaper.origin(paper) for paper in PAPERS)
    console.rule("Day 1: two union papers on loopback", align="left")
    console.print(f"{sum(map(len, newspaper.papers.values()))} articles at {addresses}", highlight=False)
    _congdoan(talk, "crawl", *PAPERS, "--corpus", str(corpus), "--contact", _CONTACT)
    _congdoan(talk, "build", "--corpus", str(corpus))
    opened = open_corpus(corpus)
    for title, query in (
        ("Articles by month and site", _BY_MONTH),
        ("Most reported movements", _MOVEMENTS),
        ("Largest sums, with the sentence that says so", _SUMS),
    ):
        console.print()
        console.print(answer_table(answered(opened.sql(query)), title))
    _print_scores(opened, newspaper, console)


def _print_scores(opened: Corpus, newspaper: DemoNewspaper, console: Console) -> None:
    """Compare what was extracted with what the authors of the demo articles say is in them."""
    movements, figures = demo_scores(opened, newspaper)
    console.print()
    for what, score in (("movements", movements), ("figures", figures)):
        console.print(
            f"known truth: {score.hits} of {score.hits + len(score.missed)} {what} found, "
            f"{len(score.false)} found that are none (precision {score.precision:.3f}, recall {score.recall:.3f})",
            highlight=False,
        )


def demo_scores(opened: Corpus, newspaper: DemoNewspaper) -> tuple[Score, Score]:
    """Return the scores of movements and figures over the articles of the papers that the corpus holds."""
    movements = figures = NOTHING
    found = {table: _by_article(opened, table) for table in ("movements", "figures")}
    articles = opened.articles().set_index(["site", "source_id"])["article_id"]
    for paper in PAPERS:
        for article in newspaper.papers[paper]:
            key = articles.get((paper, str(article.id)))
            if key is None:
                continue
            truth = article.edition(newspaper.day)
            movements += score_movements([asdict(mark) for mark in truth.movements], found["movements"].get(key, []))
            figures += score_figures([asdict(mark) for mark in truth.figures], found["figures"].get(key, []))
    return movements, figures


def _by_article(opened: Corpus, table: str) -> dict[str, list[dict[str, object]]]:
    rows: dict[str, list[dict[str, object]]] = {}
    for row in opened.arrow(table).to_pylist():
        rows.setdefault(row["article_id"], []).append(row)
    return rows


def _next_day(corpus: Path, newspaper: DemoNewspaper, console: Console, talk: Console) -> None:
    newspaper.set_day(2)
    newspaper.forget_asked()
    before = open_corpus(corpus).runs()["finished_at"].max()
    console.print()
    console.rule("Day 2: new articles, two edited, one deleted", align="left")
    _congdoan(talk, "refresh", "--recheck-after", "0", "--corpus", str(corpus))
    opened = open_corpus(corpus)
    for title, query in (("What changed", _CHANGES), ("What was fetched for it", _REQUESTS)):
        console.print()
        console.print(answer_table(answered(opened.sql(query.format(day_2=before.isoformat()))), title))
    full = newspaper.asked(path=r".*-\d+\.(?:ldo|html)", status=200)
    unchanged = newspaper.asked(path=r".*-\d+\.(?:ldo|html)", status=304)
    console.print(
        Text(f"the papers themselves counted {len(full)} articles sent in full and {len(unchanged)} answered 304")
    )
