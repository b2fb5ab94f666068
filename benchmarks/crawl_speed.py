"""What the crawl costs beside plain Scrapy that stores nothing: CPU, memory, and the time to the first request.

    python benchmarks/crawl_speed.py                      # 2,000 pages, 2 rounds, twice: about 5 minutes
    python benchmarks/crawl_speed.py --articles 500 --rounds 1 --no-frontier

The newspaper (`big_paper.py`) is served on loopback by a process of its own. Each crawl is a process of its own
(`crawl_once.py`), in turn (A B C D A B C D): ours, with archive and frontier; plain Scrapy with its own settings that
counts the answers and looks at none; the same with Scrapy's newer way to run without a Twisted reactor, as ours does;
plain Scrapy whose callback reads title and text. Delay 0, concurrency 16. CPU is that of the crawling process, after
its imports.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.request import ProxyHandler, build_opener

from crawler.frontier import Frontier
from crawler.known import Found

LOWEST_RATIO = 0.85  # of plain Scrapy's pages per CPU second
MOST_MEGABYTES, FRONTIER = 300, 200_000  # peak memory, with so many addresses queued
LONGEST_START, KNOWN = 3.0, 1_000_000  # seconds from the process's start to its first request, with so many known
ENVIRONMENT = {**os.environ, "no_proxy": "127.0.0.1", "NO_PROXY": "127.0.0.1"}
WAYS = {
    "ours": "congdoan crawl",
    "plain": "plain Scrapy",
    "bare": "plain Scrapy without a reactor",
    "reading": "plain Scrapy, reads title and text",
}


def main() -> int:
    """Measure, print, and return 1 when a target is missed."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--articles", type=int, default=2_000)
    arguments.add_argument("--rounds", type=int, default=2)
    arguments.add_argument("--no-frontier", action="store_true", help="leave out memory and start-up")
    options = arguments.parse_args()
    met = report_speed(options.articles, options.rounds, "--undated")
    met = report_speed(options.articles, options.rounds) and met
    if not options.no_frontier:
        met = report_memory() and met
        met = report_start() and met
    return int(not met)


def report_speed(articles: int, rounds: int, *pages: str) -> bool:
    """Print pages per CPU second of each way; return whether the target is met. `pages`: how the paper makes them."""
    speeds: dict[str, list[float]] = {way: [] for way in WAYS}
    with served(articles, 0, *pages) as host:
        for _ in range(rounds):
            for way in WAYS:
                outcome = crawled(way, host)
                if outcome["pages"] != articles:
                    raise SystemExit(f"{way}: {outcome['pages']} of {articles} pages came")
                speeds[way].append(articles / outcome["cpu"])
    kind = "which only print their dates" if pages else "which state their dates in their metadata"
    print(f"{articles} pages of 20 to 60 kB, {kind}, {rounds} rounds; pages per CPU second, medians")
    middle = {way: statistics.median(values) for way, values in speeds.items()}
    for way, title in WAYS.items():
        ratio = middle["ours"] / middle[way]
        print(f"{title:36}{middle[way]:>8.1f}   ours is {ratio:.2f} of it   {[round(speed) for speed in speeds[way]]}")
    return verdict(middle["ours"] / middle["plain"] >= LOWEST_RATIO, f"at least {LOWEST_RATIO} of plain Scrapy")


def report_memory() -> bool:
    """Print the peak memory of a crawl whose sitemaps queue FRONTIER addresses; 300 of them are fetched."""
    with served(300, FRONTIER) as host:
        outcome = crawled("ours", host, "--sitemap", "--max-pages", "300")
    print(f"\n{FRONTIER:,} addresses in the frontier: {outcome['megabytes']:.0f} MB at the peak")
    return verdict(outcome["megabytes"] <= MOST_MEGABYTES, f"at most {MOST_MEGABYTES} MB")


def report_start() -> bool:
    """Print the seconds from a process's start to its first request, with KNOWN articles in the frontier."""
    with served(300, 0) as host, tempfile.TemporaryDirectory() as folder:
        know(Path(folder), KNOWN)
        began = time.monotonic()
        crawled("ours", host, "--refresh", "--max-pages", "50", corpus=folder)
        # the operator's proxy has no part in this
        with build_opener(ProxyHandler({})).open(f"http://{host}/first") as answer:
            first, first_article = (moment - began for moment in json.load(answer))
    print(f"\n{KNOWN:,} addresses known: first request after {first:.1f} s, first article after {first_article:.1f} s")
    return verdict(first <= LONGEST_START, f"at most {LONGEST_START} s to the first request")


def verdict(met: bool, target: str) -> bool:
    """Print whether a target is met, and return it."""
    print(f"{target}: {'yes' if met else 'MISSED'}", flush=True)
    return met


@contextmanager
def served(articles: int, listed: int, *more: str) -> Iterator[str]:
    """Serve the newspaper meanwhile; gives its host and port."""
    command = [sys.executable, str(Path(__file__).with_name("big_paper.py")), str(articles), str(listed), *more]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        yield server.stdout.readline().strip()  # type: ignore[union-attr]
        server.stdin.close()  # type: ignore[union-attr]


def crawled(way: str, host: str, *more: str, corpus: str | None = None) -> dict[str, Any]:
    """Crawl in a new process; return the pages it got, its CPU seconds and its peak memory."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, __file__.replace("crawl_speed", "crawl_once"), way, host, corpus or folder, *more]
        out = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, env=ENVIRONMENT).stdout
    outcome: dict[str, Any] = json.loads(out.splitlines()[-1])
    return outcome


def know(corpus: Path, articles: int) -> None:
    """Fill a frontier with articles that were fetched a day ago and are not due, and a few that are."""
    yesterday = dt.datetime.now(dt.UTC) - dt.timedelta(days=1)
    with Frontier(corpus) as frontier:
        for start in range(1_000, 1_000 + articles, 50_000):
            numbers = range(start, start + 50_000)
            frontier.add(
                "bigpaper",
                {f"bigpaper-{number}": Found(f"http://127.0.0.1/tin/bai-{number}.html") for number in numbers},
                yesterday,
            )
    # a look at each through the frontier's own methods would take minutes
    base = sqlite3.connect(corpus / "frontier.sqlite")
    later = (yesterday + dt.timedelta(days=29)).isoformat()
    base.execute("UPDATE articles SET state = 'fetched', last_checked = first_seen, next_visit = ?", (later,))
    base.commit()
    base.close()


if __name__ == "__main__":
    sys.exit(main())
