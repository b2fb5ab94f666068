"""Measure a whole build, from WARC files to tables: stage by stage beside the naive way, then 20,000 articles at once.

python benchmarks/whole_build.py                        # about half an hour on two cores
python benchmarks/whole_build.py --articles 2000 --staged 64 --naive 64

The articles are the demo papers', varied: each has paragraphs of several, other numbers and other words here and
there, and is printed by the papers' own templates. Both ways read the same ones; as what they cost goes by the length
of the text, ways that read different numbers of them are compared by the character. Seconds are CPU time; the peak of
memory is that of all processes together, what they share counted once. Exit code 1 when a target is missed.
"""

from __future__ import annotations

import argparse
import datetime as dt
import multiprocessing
import random
import re
import resource
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow.compute as pc
from whole_article import FETCHED_AT, Served, read_naively

from crawler.archive import ArchiveWriter, Capture, Exchange, archive_files, read_captures
from crawler.sites import Sites
from pipeline.build import build
from pipeline.captures import Edition, read_capture
from pipeline.deduplicate import sign
from pipeline.demo.articles import DemoArticle, DemoBlock
from pipeline.demo.articles import Edition as DemoEdition
from pipeline.demo.newspaper import PAPERS, read_paper, read_sections
from pipeline.demo.render import Press
from pipeline.demo.server import demo_sites
from pipeline.demo.thoibao import Thoibao
from pipeline.demo.thudo import Thudo
from pipeline.document import extracted, read_articles
from pipeline.groups import AT_ONCE
from pipeline.making import Fresh, make
from pipeline.nlp import split_sentences
from pipeline.query import open_corpus
from pipeline.versions import current_versions
from pipeline.workers.local import look_seldom

PRESSES: dict[str, type[Press]] = {"thoibao": Thoibao, "thudo": Thudo}
FIRST_IDS = {"thoibao": 3_000_000, "thudo": 300_000}
ORIGIN = "http://{paper}.vinhkhe.example"
OTHER_WORDS = 0.1  # of the words of a varied paragraph
LEAST_RATIO = 30.0
MOST_MEGABYTES = 1536
WORKERS = 2

_NUMBER = re.compile(r"\d+")


# --------------------------------------------------------------------------- varied articles
class Variations:
    """Endless articles of one paper, each printed as a page; the same number gives the same page."""

    def __init__(self, paper: str) -> None:
        self.articles = [article for article in read_paper(paper) if article.day == 1]
        self.press = PRESSES[paper](
            tuple(self.articles), read_sections(paper), ORIGIN.format(paper=paper), 1, FETCHED_AT.astimezone()
        )
        self.paper = paper
        self.blocks = [block for article in self.articles for block in article.first.body]
        self.words = sorted({word for block in self.blocks for line in block.lines for word in line.split()})

    def page(self, number: int) -> tuple[str, bytes]:
        """Return the address and the page of one article."""
        chance = random.Random(f"{self.paper} {number}")  # noqa: S311 - the same pages each time, no secret
        article = self._varied(chance, number)
        shown = self.press.page("article.html", article=article, edition=article.first, modified=article.published)
        return self.press.url(article), shown.body

    def _varied(self, chance: random.Random, number: int) -> DemoArticle:
        like = chance.choice(self.articles)
        body = [self._block(chance, chance.choice(self.blocks)) for _ in like.first.body]
        return replace(
            like,
            id=FIRST_IDS[self.paper] + number,
            slug=f"{like.slug}-{number}",
            title=self._line(chance, like.title),
            lead=self._line(chance, like.lead) if like.lead else None,
            published=like.published - dt.timedelta(hours=chance.randrange(24 * 700)),
            modified=None,
            first=DemoEdition(tuple(body), (), ()),
            second=None,
        )

    def _block(self, chance: random.Random, block: DemoBlock) -> DemoBlock:
        return replace(block, rows=tuple(tuple(self._line(chance, cell) for cell in row) for row in block.rows))

    def _line(self, chance: random.Random, line: str) -> str:
        words = [chance.choice(self.words) if chance.random() < OTHER_WORDS else word for word in line.split(" ")]
        return _NUMBER.sub(lambda digits: str(chance.randrange(1, 10 ** len(digits[0]))), " ".join(words))


def write_archive(corpus: Path, articles: int) -> Sites:
    """Archive so many articles, half a paper each, and return the papers' profiles."""
    demo_sites({paper: ORIGIN.format(paper=paper) for paper in PAPERS}, corpus / "sites")
    for paper in PAPERS:
        varied = Variations(paper)
        with ArchiveWriter(corpus, paper, "20261122T120000-1") as writer:
            for number in range(articles // len(PAPERS)):
                url, page = varied.page(number)
                at = FETCHED_AT + dt.timedelta(seconds=number)
                writer.write_response(Exchange(url, at, headers=[("Content-Type", "text/html; charset=utf-8")]), page)
    return Sites((corpus / "sites",))


def captures(corpus: Path) -> Iterator[Capture]:
    """Yield what is archived, a page of each paper in turn."""
    files = [read_captures(corpus, file.as_posix()) for file in archive_files(corpus)]
    while True:
        for file in files:
            found = next(file, None)
            if found is None:
                return
            yield found


# --------------------------------------------------------------------------- stage by stage
Seconds = dict[str, float]


def timed(seconds: Seconds, stage: str, work: Callable[..., Any], *arguments: Any) -> Any:
    """Do the work, add its CPU time to the stage's, and return its result."""
    began = time.process_time()
    result = work(*arguments)
    seconds[stage] += time.process_time() - began
    return result


class Way(NamedTuple):
    """CPU seconds an article of each step, and characters an article."""

    seconds: Seconds
    characters: float

    @property
    def a_character(self) -> float:
        """CPU seconds a character, all steps together; indented ones are parts of others."""
        return sum(seconds for step, seconds in self.seconds.items() if not step.startswith(" ")) / self.characters


def measure_stages(corpus: Path, sites: Sites, articles: int) -> Way:
    """Return what each stage costs, in one process."""
    look_seldom()
    seconds: Seconds = defaultdict(float)
    versions = {paper: current_versions(sites).of_site(paper) for paper in PAPERS}
    source = captures(corpus)
    warm = [read_capture(capture, sites) for capture in islice(source, 2 * AT_ONCE)]
    make(versions, [Fresh(edition) for edition in warm if isinstance(edition, Edition)])
    done = characters = 0
    while done < articles:
        some = timed(seconds, "read the archive", lambda: list(islice(source, AT_ONCE)))
        if not some:
            break
        editions = [timed(seconds, "parse and clean", read_capture, capture, sites) for capture in some]
        read = [edition.article for edition in editions]
        timed(seconds, "annotate, extract, rows", make, versions, [Fresh(edition) for edition in editions])
        documents = read_articles(read)
        for article, document in zip(read, documents, strict=True):
            timed(seconds, "  of it: sentences", split_sentences, article.text)
            timed(seconds, "  of it: extract", extracted, article, document.sentences)
        timed(seconds, "  of it: signatures", sign, [(0, article.text) for article in read])
        done += len(some)
        characters += sum(len(article.text) for article in read)
    return Way({stage: total / done for stage, total in seconds.items()}, characters / done)


def measure_side_by_side(corpus: Path, sites: Sites, articles: int) -> float:
    """Return CPU seconds an article of all stages in processes side by side: what cores share makes each slower."""
    with multiprocessing.get_context("spawn").Pool(WORKERS) as pool:
        ways = pool.starmap(measure_stages, [(corpus, sites, articles)] * WORKERS, chunksize=1)
    return sum(way.a_character * way.characters for way in ways) / WORKERS


def measure_naively(corpus: Path, sites: Sites, articles: int) -> Way:
    """Return what the naive way's steps cost for the first articles of those that are read stage by stage."""
    seconds: Seconds = defaultdict(float)
    warm, *read = islice(captures(corpus), 2 * AT_ONCE - 1, 2 * AT_ONCE + articles)
    read_naively(Served(warm.url, warm.body, sites["thoibao"]), defaultdict(float))  # loads the models
    for page in read:
        read_naively(Served(page.url, page.body, sites["thoibao"]), seconds)
    editions = [read_capture(page, sites) for page in read]
    characters = sum(len(edition.article.text) for edition in editions if isinstance(edition, Edition))
    return Way({step: total / len(read) for step, total in seconds.items()}, characters / len(read))


# --------------------------------------------------------------------------- all at once
class Memory:
    """The largest sums, while it is entered, of what a process and its children hold.

    Attributes:
        megabytes: what they share counted once.
        resident: what they share counted for each of them.
        driver: resident memory of the process itself, at its largest.
        worker: that of the largest of its children.
    """

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self.megabytes = self.resident = self.driver = self.worker = 0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look)

    def __enter__(self) -> Memory:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._over.wait(0.5):
            held = {pid: _kilobytes(pid) for pid in _family(self.pid)}
            self.megabytes = max(self.megabytes, sum(shared for shared, _ in held.values()) >> 10)
            self.resident = max(self.resident, sum(resident for _, resident in held.values()) >> 10)
            self.driver = max(self.driver, held[self.pid][1] >> 10)
            self.worker = max(
                [self.worker, *(resident >> 10 for pid, (_, resident) in held.items() if pid != self.pid)]
            )


def _family(pid: int) -> Iterator[int]:
    yield pid
    try:
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in (task / "children").read_text().split():
                yield from _family(int(child))
    except OSError:  # it has ended
        return


def _kilobytes(pid: int) -> tuple[int, int]:
    """Return what a process holds, its part of what it shares and all of it."""
    try:
        rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return 0, 0
    held = dict(re.findall(r"^(Pss|Rss):\s+(\d+)", rollup, re.MULTILINE))
    return int(held.get("Pss", 0)), int(held.get("Rss", 0))


def build_once(corpus: Path, said: Any) -> None:
    """Build in a process of its own, and say what it cost."""
    sites = Sites((corpus / "sites",))
    began = time.monotonic()
    report = build(corpus, sites, workers=WORKERS)
    clock = time.monotonic() - began
    usages = [resource.getrusage(whose) for whose in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    driver, workers = (usage.ru_utime + usage.ru_stime for usage in usages)
    said.put((report.new_articles, report.dropped, clock, driver, workers))


def measure_build(corpus: Path) -> tuple[float, int]:
    """Build, print what it cost, and return CPU seconds a character, and megabytes."""
    spawning = multiprocessing.get_context("spawn")
    said = spawning.Queue()
    process = spawning.Process(target=build_once, args=(corpus, said))
    process.start()
    with Memory(process.pid or 0) as memory:
        articles, dropped, clock, driver, workers = said.get()
    process.join()
    each = 1000 / max(articles, 1)
    print(
        f"\n{articles:,} articles built by {WORKERS} workers ({dropped} captures dropped) in {clock:.0f} s by the clock"
    )
    print(f"  CPU ms an article: {workers * each:.2f} in the workers, {driver * each:.2f} in the driver")
    print(f"  articles a CPU second: {articles / (workers + driver):.1f}")
    print(f"  at most {memory.megabytes} MB in all processes, what they share counted once (asked: {MOST_MEGABYTES})")
    print(f"  resident: {memory.resident} MB summed; the driver {memory.driver} MB, a worker {memory.worker} MB")
    texts = open_corpus(corpus).snapshot.read("articles", columns=["text"])["text"]
    characters = pc.sum(pc.utf8_length(texts)).as_py()
    print(f"  {characters / articles:.0f} characters an article")
    return (workers + driver) / characters, memory.megabytes


def print_stages(ours: Way, naive: Way) -> None:
    """Print both ways, milliseconds an article and articles a CPU second."""
    for name, way in (("ours", ours), ("the naive way", naive)):
        print(f"\n{name:<28}{'ms an article':>14}{'articles a CPU s':>18}")
        for stage, seconds in way.seconds.items():
            print(f"{stage:<28}{1000 * seconds:>14.2f}{1 / max(seconds, 1e-9):>18.1f}")
        total = way.a_character * way.characters
        print(f"{'all':<28}{1000 * total:>14.2f}{1 / total:>18.1f}   ({way.characters:.0f} characters an article)")
    print(f"\nstage by stage the naive way takes {naive.a_character / ours.a_character:.1f} times as long")


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="a whole build: articles per CPU second, memory, the naive way")
    parser.add_argument("--articles", type=int, default=20_000, help="in the archive that is built")
    parser.add_argument("--staged", type=int, default=400, help="read stage by stage")
    parser.add_argument("--naive", type=int, default=160, help="of these, read the naive way")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        corpus = Path(folder) / "corpus"
        sites = write_archive(corpus, chosen.articles)
        ours = measure_stages(corpus, sites, chosen.staged)
        naive = measure_naively(corpus, sites, chosen.naive)
        print_stages(ours, naive)
        beside = measure_side_by_side(corpus, sites, chosen.staged)
        print(f"our stages in {WORKERS} processes side by side: {1000 * beside:.2f} ms an article in each")
        a_character, megabytes = measure_build(corpus)
    ratio = naive.a_character / a_character
    print(f"  the naive way takes {ratio:.1f} times as long as the whole build (asked: {LEAST_RATIO:.0f})")
    return 0 if ratio >= LEAST_RATIO and megabytes <= MOST_MEGABYTES else 1


if __name__ == "__main__":
    sys.exit(main())
