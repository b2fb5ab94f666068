"""Time words, parts of speech and entities beside underthesea, interleaved; then length, processes and memory.

python benchmarks/nlp_speed.py [--rounds 5]

The texts are the demo newspaper's. Both sides take turns within every round and the clock counts CPU time, so that
neither gets the quieter machine; what is learnt of words is learnt before (as after the first hundred articles of a
crawl), but the row "from nothing" starts anew each round.
"""

from __future__ import annotations

import argparse
import functools
import multiprocessing
import random
import resource
import statistics
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor

import underthesea

from pipeline.demo.newspaper import PAPERS, read_paper
from pipeline.nlp import annotate, split_sentences
from pipeline.nlp.answers import Depth
from pipeline.nlp.cache import cache_folder, load_tables
from pipeline.nlp.runtime import Runtime
from pipeline.records import Sentence

BATCH = 512  # sentences
SHARE = 40  # underthesea reads every so-manieth sentence of a round, or a round takes minutes
LETTERS = "aăâbcdđeêghiklmnoôơpqrstuưvxyàáảãạ"
THEIRS: dict[Depth, Callable[[str], object]] = {
    "words": underthesea.word_tokenize,
    "pos": underthesea.pos_tag,
    "entities": underthesea.ner,
}
TARGETS = {"words": 20, "pos": 25, "entities": 50}


def seconds(work: Callable[[], object]) -> float:
    """Return the CPU time that some work takes."""
    began = time.process_time()
    work()
    return time.process_time() - began


def articles() -> list[tuple[Sentence, ...]]:
    """Return the sentences of each article of the demo newspaper."""
    return [split_sentences(article.text()) for paper in PAPERS for article in read_paper(paper)]


def compare(rounds: int) -> None:
    """Print microseconds a character, ours and underthesea's, and how many times as fast ours is."""
    texts = [[sentence.text for sentence in article] for article in articles()]
    sentences = [text for article in texts for text in article]
    characters = sum(map(len, sentences))
    runtime = Runtime(load_tables(cache_folder()))
    for depth, theirs in THEIRS.items():
        list(runtime.read(sentences, depth))
        theirs(sentences[0])
    print(f"{len(sentences)} sentences, {characters} characters; median of {rounds} rounds, µs of CPU a character\n")
    print(f"{'':<34}{'ours':>8}{'theirs':>8}{'ratio':>8}{'target':>8}")
    for depth, theirs in THEIRS.items():
        ours: dict[str, list[float]] = {}
        other = []
        for number in range(rounds):
            some = sentences[number::SHARE]
            other.append(seconds(lambda: list(map(theirs, some))) / sum(map(len, some)))  # noqa: B023 - called at once
            for name, work in ways(runtime, sentences, texts, depth).items():
                ours.setdefault(name, []).append(seconds(work) / characters)
        for name, own in ours.items():
            ratio = statistics.median(b / a for a, b in zip(own, other, strict=True))
            mine, underthesea_takes = statistics.median(own), statistics.median(other)
            target = 12 if name.startswith("one") else TARGETS[depth] if name.startswith("batches") else ""
            label = f"{depth}, {name}"
            print(f"{label:<34}{mine * 1e6:>8.2f}{underthesea_takes * 1e6:>8.2f}{ratio:>8.1f}{target:>8}")


def ways(
    runtime: Runtime, sentences: Sequence[str], texts: Sequence[Sequence[str]], depth: Depth
) -> dict[str, Callable[[], object]]:
    """Return the ways to read the sentences, by name."""
    return {
        f"batches of {BATCH}": lambda: [list(runtime.read(sentences, depth))],
        "one article at a time": lambda: [list(runtime.read(article, depth)) for article in texts],
        "from nothing": lambda: list(Runtime(load_tables(cache_folder())).read(sentences, depth)),
    }


def lengths() -> None:
    """Print the CPU time of texts without a full stop, each twice as long as the one before."""
    words = " ".join(sentence.text for article in articles() for sentence in article).replace(".", "")
    words = words.replace("?", "").replace("!", "")
    print("\nannotate, one sentence without a full stop")
    for size in (125_000, 250_000, 500_000, 1_000_000):
        text = (words * (size // len(words) + 1))[:size]
        sentences = split_sentences(text)
        print(f"{size:>10} characters{seconds(lambda: annotate(sentences)):>8.2f} s")  # noqa: B023 - called at once


@functools.cache
def articles_of_worker() -> list[tuple[Sentence, ...]]:
    """Return the articles, read once a process."""
    return articles()


def annotate_articles(times: int) -> float:
    """Annotate all articles so many times, one at a time, and return the CPU time."""
    every = articles_of_worker()
    return seconds(lambda: [annotate(article) for _ in range(times) for article in every])


def count_up(times: int) -> float:
    """Count in plain Python, which needs no memory, and return the CPU time: what the machine can do at best."""
    return seconds(lambda: sum(number & 1 for number in range(times * 4_000_000)))


def processes(rounds: int = 7, times: int = 8) -> None:
    """Print the time of the same work in one process and in two at once, in turn.

    Only on idle cores does the wall clock tell. Counting says what the machine gives: two "cores" that are the two
    threads of one core, or share a clock, are less than twice as fast as one whatever they do.
    """
    works = {"annotate": annotate_articles, "count (the machine's best)": count_up}
    walls: dict[str, list[float]] = {name: [] for name in works}
    cpus: dict[str, list[float]] = {name: [] for name in works}
    with ProcessPoolExecutor(2) as pool:
        list(pool.map(annotate_articles, [1] * 8))
        for _ in range(rounds):
            for name, work in works.items():
                taken = {}
                for workers in (1, 2):
                    began = time.perf_counter()
                    cpu = sum(pool.map(work, [times // workers] * workers))
                    taken[workers] = time.perf_counter() - began, cpu
                walls[name].append(taken[1][0] / taken[2][0])
                cpus[name].append(2 * taken[1][1] / taken[2][1])
    print("\ntwo processes beside one, times as fast      by the clock   by CPU time")
    for name in works:
        print(f"{name:<44}{statistics.median(walls[name]):>13.2f}{statistics.median(cpus[name]):>14.2f}")


def memory_of_new_words(megabytes: int) -> int:
    """Return the most memory, in MB, that this process held, after reading words that were never seen before."""
    chance = random.Random(1)  # noqa: S311 - any words
    sentences = split_sentences("Một câu.")
    annotate(sentences)
    for _ in range(megabytes):
        words = ["".join(chance.choices(LETTERS, k=chance.randint(2, 12))) for _ in range(125_000)]
        annotate(split_sentences("\n".join(" ".join(words[at : at + 20]) for at in range(0, len(words), 20))))
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def memory(megabytes: int = 12) -> None:
    """Print the most memory that a worker holds, whatever it reads."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        held = pool.submit(memory_of_new_words, megabytes).result()
    print(f"\nafter {megabytes} MB of words that were never seen before a worker has held {held} MB at most")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="words, tags and entities beside underthesea")
    parser.add_argument("--rounds", type=int, default=5)
    chosen = parser.parse_args()
    compare(chosen.rounds)
    lengths()
    processes()
    memory()


if __name__ == "__main__":
    main()
