"""Parse and clean pages mutated at random; every one must give an article that cleaning again leaves as it is, or a
typed refusal, and soon.

The pages are ours (tests/pages) and, where they are, the real ones of ../shared/pages. Input number N is always the
same: a crash is printed with its number, and `--only N` runs it alone.
"""

from __future__ import annotations

import argparse
import collections
import datetime as dt
import os
import random
import sys
import time
import traceback
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from pathlib import Path

from crawler.site import Site
from crawler.sites import Sites
from pipeline.clean import clean_page
from pipeline.parse import REASONS, PageNotUnderstood, is_address, parse_html, parse_text
from pipeline.records import Article, Block, Page
from pipeline.repair import repair_line

ROOT = Path(__file__).parents[1]
FETCHED = dt.datetime(2026, 11, 22, tzinfo=dt.UTC)
BATCH = 250  # inputs a worker takes at once
SLOW_SECONDS = 10.0  # CPU time after which an input counts as a failure; the slowest page as it was takes 0.1
MAX_PAGE_BYTES = 40_000  # larger pages are cut to this at a random place: 100,000 inputs are to end in minutes
URLS = (
    None,
    "https://laodong.vn/cong-doan/vinh-khe-thi-dua-1812345.ldo",
    "https://laodongthudo.vn/vinh-khe-thi-dua-201234.html",
    "https://nld.com.vn/ben-nam-196260401080512345.htm",
    "https://bao.example/tin-123.html",
    "https://bao.example/",
    "http://[khong-phai-dia-chi",
    "",
)
SOUP = (
    *("<table><tr><td>", "<td>", "</table>", "<div>", "</div>", "<p>", "<br>", "<a href='/x-y-z-t-u-v.html'>", "</a>"),
    *("<script>", "<!--", "-->", "<![CDATA[", "]]>", "<style>", "<svg>", "<template>", "<h1>", "<h2 class='sapo'>"),
    *("<article>", "<body>", "</html>", "<meta charset=utf-16>", "<plaintext>", "<p align=right>", "<figure><img>"),
    *('<script type="application/ld+json">{"@type":"NewsArticle","headline":', '[{"@graph":', "}]}</script>", "<li>"),
    *("&#0;", "&#xD800;", "&#1;", "&amp;amp;", "&nbsp;", "&#99999999;", "\x00", "\ufeff", "\u200b", "\u202e", "\u0301"),
    *("08:49 | 06/08/2021", "31/02/2020 25:61", "99/99/9999", "2026-13-45T99:99", "<time datetime='2026-02-30'>"),
    *("Ảnh: A", "Tin khác", "| a | b |", "(LĐTĐ) ", "{{x}}", "<b>", '"datePublished":'),
)
ENCODINGS = ("utf-16", "utf-16-le", "utf-16-be", "windows-1258", "latin-1", "cp1252", "utf-8-sig", "shift_jis", "utf-7")


def cut(page: bytes, rng: random.Random) -> bytes:
    """Break off anywhere."""
    return page[: rng.randrange(len(page) + 1)]


def lose(page: bytes, rng: random.Random) -> bytes:
    """Lose a part."""
    start = rng.randrange(len(page) + 1)
    return page[:start] + page[start + int(rng.expovariate(1 / 200)) :]


def repeat(page: bytes, rng: random.Random) -> bytes:
    """Say a part again and again."""
    start = rng.randrange(len(page) + 1)
    part = page[start : start + rng.randrange(1, 400)]
    return page[:start] + part * rng.choice((2, 5, 50, 400)) + page[start:]


def swap(page: bytes, rng: random.Random) -> bytes:
    """Exchange two parts."""
    one, two = sorted((rng.randrange(len(page) + 1), rng.randrange(len(page) + 1)))
    middle = (one + two) // 2
    return page[:one] + page[middle:two] + page[one:middle] + page[two:]


def litter(page: bytes, rng: random.Random) -> bytes:
    """Put markup, odd characters and dates in."""
    text = page.decode("utf-8", errors="replace")
    for _ in range(rng.choice((1, 3, 20))):
        start = rng.randrange(len(text) + 1)
        text = text[:start] + rng.choice(SOUP) * rng.choice((1, 1, 2, 300)) + text[start:]
    return text.encode("utf-8", errors="replace")


def noise(page: bytes, rng: random.Random) -> bytes:
    """Write random bytes over some."""
    spoilt = bytearray(page)
    for _ in range(rng.choice((1, 10, 500)) if spoilt else 0):
        spoilt[rng.randrange(len(spoilt))] = rng.randrange(256)
    return bytes(spoilt)


def recode(page: bytes, rng: random.Random) -> bytes:
    """Write the page in another encoding, or read it in a wrong one."""
    encoding = rng.choice(ENCODINGS)
    if rng.random() < 0.5:
        return page.decode("utf-8", errors="replace").encode(encoding, errors="replace")
    return page.decode("latin-1").encode("utf-8")


def soup(page: bytes, rng: random.Random) -> bytes:
    """Forget the page: nothing but markup."""
    made = "".join(rng.choice(SOUP) for _ in range(rng.randrange(1, 400))) * rng.choice((1, 1, 10))
    return made.encode("utf-8", errors="replace") + page[: rng.randrange(200)]


MUTATIONS: tuple[Callable[[bytes, random.Random], bytes], ...] = (cut, lose, repeat, swap, litter, noise, recode, soup)


def pages(*, shared: bool = True) -> list[bytes]:
    """Return the pages to spoil."""
    real = (ROOT.parent / "shared" / "pages").glob("*.html") if shared else ()
    folders = ((ROOT / "tests" / "pages").rglob("*.html"), real)
    return [file.read_bytes() for folder in folders for file in sorted(folder)]


def spoilt(number: int, sound: list[bytes]) -> tuple[bytes, str | None]:
    """Return input number N: a page and its address."""
    rng = random.Random(number)  # noqa: S311
    page = rng.choice(sound)
    if len(page) > MAX_PAGE_BYTES:
        start = rng.randrange(len(page) - MAX_PAGE_BYTES + 1)
        page = page[start : start + MAX_PAGE_BYTES]
    for _ in range(rng.choice((1, 1, 2, 4))):
        page = rng.choice(MUTATIONS)(page, rng)
    return page[: 2 * MAX_PAGE_BYTES], rng.choice(URLS)


def outcome(page: bytes, url: str | None, sites: Sites) -> str:
    """Return "article" or the reason of the refusal.

    Raises:
        ValueError: a refusal that is not one line, names no address or an unknown reason, or a field that cannot be.
    """
    try:
        site = sites.of_url(url) if url and is_address(url) else None
        read = parse_html(page, url, site, fetched_at=FETCHED)
        article = clean_page(read, site)
    except PageNotUnderstood as refusal:
        if refusal.reason not in REASONS or "\n" in str(refusal) or (url and url not in str(refusal)):
            raise ValueError(f"a refusal that says too little: {refusal.reason!r} {refusal}") from refusal
        return refusal.reason
    lines = article.text.split("\n")
    if not article.title or lines[0] != article.title or not all(line.strip() for line in lines):
        raise ValueError(f"an article without a title, or with an empty line: {lines[:3]}")
    if (twice := cleaned_again(article, read, site)) != article.text:
        changed = sorted(set(article.text.split("\n")) ^ set(twice.split("\n")))
        raise ValueError(f"cleaning twice is not cleaning once: {changed[:3]}")
    if article.published_at and not 1995 <= article.published_at.year <= FETCHED.year:
        raise ValueError(f"a date that cannot be: {article.published_at}")
    return "article"


def cleaned_again(article: Article, page: Page, site: Site | None) -> str:
    """Return the text after a second cleaning of what the first left, each line with the role that it had."""
    printed = [(repair_line(block.text), block.role) for block in page.blocks]
    kept: list[Block] = []
    below = 0
    for line in article.text.split("\n")[1 + (article.lead is not None) :]:
        found = next((number for number in range(below, len(printed)) if printed[number][0] == line), None)
        below = below if found is None else found + 1
        kept.append(Block(line, "paragraph" if found is None else printed[found][1]))
    left = replace(
        page, title=article.title, lead=article.lead, blocks=tuple(kept), captions=article.captions, dropped=()
    )
    return clean_page(left, site).text


def text_outcome(page: bytes) -> str:
    """Read the same bytes as a text somebody extracted."""
    try:
        clean_page(parse_text(page.decode("utf-8", errors="replace"), fetched_at=FETCHED))
    except PageNotUnderstood as refusal:
        return f"text: {refusal.reason}"
    return "text: article"


def run(numbers: range) -> tuple[collections.Counter[str], list[str], tuple[float, int]]:
    """Read the inputs with these numbers: how each ended, what went wrong, and the CPU time of the slowest."""
    sound, sites = pages(), Sites()
    ends: collections.Counter[str] = collections.Counter()
    failures: list[str] = []
    slowest = (0.0, 0)
    for number in numbers:
        page, url = spoilt(number, sound)
        started = time.process_time()
        try:
            ends[outcome(page, url, sites)] += 1
            if number % 10 == 0:
                ends[text_outcome(page)] += 1
        except Exception:  # noqa: BLE001 - any exception but a refusal is what is looked for
            failures.append(f"input {number}: {traceback.format_exc(limit=-3)}")
        taken = time.process_time() - started
        slowest = max(slowest, (taken, number))
        if taken > SLOW_SECONDS:
            failures.append(f"input {number}: {taken:.1f} s of CPU time for {len(page):,} bytes")
    return ends, failures, slowest


def main() -> int:
    """Print how the inputs ended; 1 when one crashed or took too long."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--inputs", type=int, default=100_000)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--only", type=int, help="the number of one input to run")
    asked = parser.parse_args()
    first, count = (asked.first, asked.inputs) if asked.only is None else (asked.only, 1)
    batches = [range(start, min(start + BATCH, first + count)) for start in range(first, first + count, BATCH)]
    ends: collections.Counter[str] = collections.Counter()
    failures: list[str] = []
    slowest = (0.0, 0)
    with ProcessPoolExecutor(asked.workers, initializer=os.nice, initargs=(10,)) as pool:
        for number, (ended, failed, slow) in enumerate(pool.map(run, batches), 1):
            ends.update(ended)
            failures += failed
            slowest = max(slowest, slow)
            print(
                f"\r{min(number * BATCH, count):,} inputs, {len(failures)} failures",
                end="",
                file=sys.stderr,
                flush=True,
            )
            for failure in failed:
                print(f"\n{failure}", file=sys.stderr, flush=True)
    print(
        f"\n{count:,} inputs, {len(failures)} crashes, slowest {slowest[0]:.2f} s of CPU time (input {slowest[1]})",
        file=sys.stderr,
    )
    for reason, number in ends.most_common():
        print(f"{number:>8,} {reason}")
    return int(bool(failures))


if __name__ == "__main__":
    sys.exit(main())
