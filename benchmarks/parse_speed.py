"""How many pages a CPU second are parsed and cleaned, beside trafilatura with its metadata and favor_precision.

Both read the same real pages in this process, page by page in turn, and change places every round. Known sites are
read by their profile or the layout of their publishing system; for the generic way the same pages are given without an
address and with the names by which a layout knows their body written over. Then the work on one article made ever
longer, and the peak memory of the process.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import resource
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import trafilatura

from crawler.site import Site
from crawler.sites import Sites
from pipeline.clean import clean_page
from pipeline.parse import PageNotUnderstood, own_address, parse_html

ROOT = Path(__file__).parents[1]
FETCHED = dt.datetime(2026, 11, 22, tzinfo=dt.UTC)
ASKED_KNOWN, ASKED_GENERIC = 2.0, 0.9  # times trafilatura's pages a CPU second
ASKED_PEAK_MB = 250
ASKED_GROWTH = 1.5  # the time for a character of the longest page, in that of the shortest
# the names by which families and profiles know a body
MARKERS = (b'data-role="content"', b"art-body", b"fck_detail", b"__MASTERCMS_CONTENT")
GROWN_BYTES = (625_000, 1_250_000, 2_500_000, 5_000_000, 9_700_000)
GROWN_BODIES = (("a known layout", "__MASTERCMS_CONTENT"), ("the generic way", "x-y"))
PARAGRAPH = "Tổ may số {} của xưởng Hà Lĩnh đề xuất một cách xếp vải mới, giúp cả chuyền làm nhanh hơn trước. "


@dataclass(frozen=True, slots=True)
class Sample:
    """One page as fetched, its address and the profile of its site."""

    name: str
    body: bytes
    url: str | None
    site: Site | None


def samples() -> list[Sample]:
    """Return the real article pages of ../shared/pages, or without them our own of tests/pages."""
    shared = ROOT.parent / "shared" / "pages"
    files = sorted(shared.glob("*.html")) or sorted((ROOT / "tests" / "pages").glob("*/*.html"))
    sites = Sites()
    found = []
    for file in files:
        body = file.read_bytes()
        url = own_address(body)
        page = Sample(file.name, body, url, sites.of_url(url) if url else None)
        if is_article(page):
            found.append(page)
    return found


def is_article(page: Sample) -> bool:
    """Whether a page is read at all."""
    try:
        ours(page)
    except PageNotUnderstood:
        return False
    return True


def unknown(page: Sample) -> Sample:
    """Return the page as that of a site nobody knows."""
    body = page.body
    for marker in MARKERS:
        body = body.replace(marker, b"x-y")
    return Sample(page.name, body, None, None)


def ours(page: Sample) -> object:
    """Read a page to its article: every field, each line left out with its reason."""
    return clean_page(parse_html(page.body, page.url, page.site, fetched_at=FETCHED), page.site)


def theirs(page: Sample) -> object:
    """Read a page as trafilatura does it best on Vietnamese pages."""
    return trafilatura.bare_extraction(page.body, url=page.url, favor_precision=True, with_metadata=True)


def seconds(read: Callable[[Sample], object], page: Sample) -> float:
    """Return the CPU time of reading one page once."""
    started = time.process_time()
    read(page)
    return time.process_time() - started


def compared(pages: list[Sample], rounds: int) -> tuple[float, float]:
    """Return the pages a CPU second, ours and trafilatura's: medians of the rounds, page by page."""
    spent: dict[Callable[[Sample], object], list[float]] = {ours: [], theirs: []}
    for page in pages:
        times: dict[Callable[[Sample], object], list[float]] = {ours: [], theirs: []}
        for number in range(rounds + 1):
            for read in (ours, theirs) if number % 2 else (theirs, ours):
                taken = seconds(read, page)
                if number:  # the first round fills caches
                    times[read].append(taken)
        for read, taken_all in times.items():
            spent[read].append(statistics.median(taken_all))
    return len(pages) / sum(spent[ours]), len(pages) / sum(spent[theirs])


def grown(size: int, body: str) -> Sample:
    """Return an article of about so many bytes, its body in an element of this class."""
    length = len(PARAGRAPH.encode()) + len("<p></p>")
    text = "".join(f"<p>{PARAGRAPH.format(number)}</p>" for number in range(size // length))
    html = "<html><head><title>Xếp vải</title></head><body><h1>Xếp vải</h1>"
    html += f'<div class="{body}">{text}</div></body></html>'
    return Sample(f"{size:,} bytes", html.encode(), None, None)


def peak_mb() -> float:
    """Return the most memory that this process had, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> int:
    """Print rates, growth and peak; 1 when a target is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=7)
    asked = parser.parse_args()
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    pages = samples()
    missed = False
    print(f"{len(pages)} pages: {', '.join(page.name for page in pages)}\n")
    print(f"{'pages a CPU second':24s}{'ours':>8s}{'trafilatura':>13s}{'ratio':>8s}{'asked':>8s}")
    for name, chosen, target in (
        ("known sites", pages, ASKED_KNOWN),
        ("the generic way", [unknown(page) for page in pages], ASKED_GENERIC),
    ):
        own, other = compared(chosen, asked.rounds)
        missed |= own / other < target
        print(f"{name:24s}{own:8.1f}{other:13.1f}{own / other:8.2f}{target:8.1f}")
    print(f"\npeak memory {peak_mb():.0f} MB (asked: {ASKED_PEAK_MB})\n")
    for name, body in GROWN_BODIES:
        print(f"{name}, one article made longer")
        rates = {size: seconds(ours, grown(size, body)) / size * 1e9 for size in GROWN_BYTES}
        for size, rate in rates.items():
            print(f"{size:>12,} bytes {rate:8.0f} ns a byte")
        growth, peak = rates[GROWN_BYTES[-1]] / rates[GROWN_BYTES[0]], peak_mb()
        missed |= growth > ASKED_GROWTH or peak > ASKED_PEAK_MB
        print(f"growth {growth:.2f} (asked: {ASKED_GROWTH} at most), peak memory {peak:.0f} MB\n")
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())
