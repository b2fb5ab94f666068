"""Measure what the driver loop and its local processes cost over the bare work.

python benchmarks/driver_loop.py [--records 1000] [--rounds 3]

A record is a text whose signature takes 10 ms: ten times the bytes of a page, and about the time that one is read in.
CPU time of all processes together, the bare work in one process of its own; both in turn, the start of either taken
off. Also the time to the first answer, which the start is part of. Exit code 1 when the loop costs over a tenth more.
"""

from __future__ import annotations

import argparse
import multiprocessing
import resource
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

from pipeline.deduplicate import sign
from pipeline.workers import LocalEngine, map_records

MOST_OVERHEAD = 0.10
WORKERS = 2


def texts(length: int, count: int) -> Iterator[tuple[int, str]]:
    """Yield named texts of so many words."""
    words = [f"tiếng{number % 997}" for number in range(length)]
    line = " ".join(words)
    return ((number, line) for number in range(count))


def bare(length: int, count: int) -> None:
    """Do the work without anybody's help."""
    for text in texts(length, count):
        sign([text])


def looped(length: int, count: int, said: Any) -> None:
    """Do the work by the loop, and say how long the first answer took."""
    began = time.monotonic()
    with LocalEngine(WORKERS) as engine:
        answers = map_records(sign, texts(length, count), engine)
        next(answers)
        said.put(time.monotonic() - began)
        for _ in answers:
            pass


def cost(target: Callable[..., None], *arguments: Any) -> float:
    """Return the CPU seconds of a call in a process of its own, with all that it starts."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    process = multiprocessing.get_context("spawn").Process(target=target, args=arguments)
    process.start()
    process.join()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def length_for(seconds: float) -> int:
    """Return how many words a text has whose signature takes so long."""
    length = 10_000
    seconds_each = []
    for text in texts(length, 20):
        began = time.process_time()
        sign([text])
        seconds_each.append(time.process_time() - began)
    return max(1, round(length * seconds / statistics.median(seconds_each)))


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="the driver loop's overhead")
    parser.add_argument("--records", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=3)
    chosen = parser.parse_args()
    length = length_for(0.010)
    said = multiprocessing.get_context("spawn").Queue()
    over, first = [], []
    for _ in range(chosen.rounds):
        alone = cost(bare, length, chosen.records) - cost(bare, length, 1)
        start = cost(looped, length, 1, said)
        said.get()
        whole = cost(looped, length, chosen.records, said)
        first.append(said.get())
        over.append((whole - start) / alone - 1)
    print(f"{chosen.records} records of {length:,} words and 10 ms, {WORKERS} workers, {chosen.rounds} rounds")
    print(f"  {statistics.median(over):.1%} over the bare work (asked: at most {MOST_OVERHEAD:.0%})")
    print(f"  first answer after {min(first):.2f} s")
    return 0 if statistics.median(over) <= MOST_OVERHEAD else 1


if __name__ == "__main__":
    sys.exit(main())
