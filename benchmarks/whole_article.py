"""Time each stage per article over the demo newspaper, beside the naive way to do the same.

python benchmarks/whole_article.py [--rounds 3] [--articles 20]

Ours and the naive way read the same pages in one process, article by article in turn, and change places every round,
so that neither gets the warmer or the quieter machine. The clock counts CPU time and starts when the pages are
fetched and the models loaded.
"""

from __future__ import annotations

import argparse
import datetime as dt
import re
import statistics
import sys
import tempfile
import time
import urllib.request
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import trafilatura
import underthesea

from crawler.site import Site
from crawler.sites import Sites
from pipeline.clean import clean_page
from pipeline.demo.server import DemoNewspaper, demo_sites
from pipeline.figures import extract_figures
from pipeline.movements import extract_movements
from pipeline.nlp import annotate, split_sentences
from pipeline.parse import parse_html

FETCHED_AT = dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC)  # after the newest demo article: later dates are refused
NAIVE_MOVEMENT = re.compile(r"(?:[Pp]hong trào|[Cc]uộc vận động|[Cc]hương trình)[^“\"\n]{0,20}[“\"]([^”\"\n]+)[”\"]")
NAIVE_FIGURE = re.compile(r"(\d[\d.,]*)\s*(nghìn|triệu|tỷ|tỉ)?\s*(đồng|%|người|sáng kiến|căn|suất|đoàn viên)")

# our stage: the naive steps that do the same work
STAGES = {
    "parse and clean": ("trafilatura.extract",),
    "sentences": ("sent_tokenize",),
    "annotate": ("word_tokenize", "pos_tag", "ner"),
    "movements and figures": ("regex",),
}

Seconds = dict[str, float]


@dataclass(frozen=True, slots=True)
class Served:
    """One article page as the demo newspaper serves it."""

    url: str
    html: bytes
    site: Site


def served_pages() -> list[Served]:
    """Return every article page of the second day."""
    with tempfile.TemporaryDirectory() as folder, DemoNewspaper(day=2) as newspaper:
        demo_sites(newspaper.origins, Path(folder))
        sites = Sites((Path(folder),))
        pages = []
        for paper, articles in newspaper.papers.items():
            for article in articles:
                if article.on_line(2):
                    url = newspaper.url(paper, article.id)
                    with urllib.request.urlopen(url, timeout=10) as answer:  # noqa: S310 - our own server on loopback
                        pages.append(Served(url, answer.read(), sites[paper]))
        return pages


def timed(seconds: Seconds, step: str, work: Callable[..., Any], *arguments: Any, **options: Any) -> Any:
    """Do the work, add the CPU time it took to the step's, and return its result."""
    began = time.process_time()
    result = work(*arguments, **options)
    seconds[step] += time.process_time() - began
    return result


def read_ours(page: Served, seconds: Seconds) -> None:
    """Take a page through our stages; those of one step of the report add up under its name."""
    step = "parse and clean"
    parsed = timed(seconds, step, parse_html, page.html, page.url, page.site, fetched_at=FETCHED_AT)
    text = timed(seconds, step, clean_page, parsed, page.site).text
    sentences = timed(seconds, "sentences", split_sentences, text)
    timed(seconds, "annotate", annotate, sentences)
    step = "movements and figures"
    movements = timed(seconds, step, extract_movements, text, sentences)
    timed(seconds, step, extract_figures, text, sentences, movements)


def read_naively(page: Served, seconds: Seconds) -> None:
    """Take a page through the libraries as their tutorials do, a sentence at a time, and two regexes."""
    text = timed(seconds, "trafilatura.extract", trafilatura.extract, page.html, url=page.url) or ""
    for sentence in timed(seconds, "sent_tokenize", underthesea.sent_tokenize, text):
        for step in ("word_tokenize", "pos_tag", "ner"):
            timed(seconds, step, getattr(underthesea, step), sentence)
    for pattern in (NAIVE_MOVEMENT, NAIVE_FIGURE):
        timed(seconds, "regex", pattern.findall, text)


def one_round(pages: list[Served], number: int) -> Seconds:
    """Return the seconds of each step, ours and naive, summed over the pages."""
    seconds: Seconds = defaultdict(float)
    ways = (read_ours, read_naively) if number % 2 == 0 else (read_naively, read_ours)
    for page in pages:
        for way in ways:
            way(page, seconds)
    return seconds


def report(rounds: list[Seconds], pages: int) -> None:
    """Print medians over the rounds: milliseconds per article, and naive over ours."""

    def row(stage: str, ours: tuple[str, ...], naive: tuple[str, ...]) -> None:
        pairs = [(sum(seconds[step] for step in ours), sum(seconds[step] for step in naive)) for seconds in rounds]
        mine, theirs = (1000 * statistics.median(side) / pages for side in zip(*pairs, strict=True))
        ratio = statistics.median(other / own for own, other in pairs)
        print(f"{stage:<24}{mine:>10.2f}{theirs:>10.2f}{ratio:>10.2f}   {' + '.join(naive)}")

    print(f"{pages} articles, medians of {len(rounds)} rounds; ms per article\n")
    print(f"{'stage':<24}{'ours':>10}{'naive':>10}{'ratio':>10}   naive way")
    for stage, steps in STAGES.items():
        row(stage, (stage,), steps)
    row("annotate, by ner alone", ("annotate",), ("ner",))
    row("whole article", tuple(STAGES), tuple(step for steps in STAGES.values() for step in steps))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="ms per article and stage, ours and the naive way")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--articles", type=int, help="only the first so many; all when absent")
    chosen = parser.parse_args()
    pages = served_pages()[: chosen.articles]
    one_round(pages[:1], 0)  # loads the models of both ways
    rounds = []
    for number in range(chosen.rounds):
        print(f"round {number + 1} of {chosen.rounds}", file=sys.stderr)
        rounds.append(one_round(pages, number))
    report(rounds, len(pages))


if __name__ == "__main__":
    main()
