"""Readers side by side on the same pages: what each gets right, by site and in all, and how fast."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import fmean

from pipeline.evaluate.expected import Expected
from pipeline.evaluate.fields import FIELDS, Miss, PageScore, score_page
from pipeline.evaluate.readers import Reader, Reading
from pipeline.evaluate.scores import NOTHING, Score

ALL = "all"


@dataclass(frozen=True, slots=True)
class Totals:
    """A reader on some pages. Body: mean over the pages. `fields`: (right, judged) of the fields the reader has."""

    pages: int
    refused: int
    precision: float
    recall: float
    f1: float
    fields: dict[str, tuple[int, int]]
    captions: Score


@dataclass(frozen=True, slots=True)
class ReaderResult:
    """What a reader reached: `groups` by site and for all; pages per CPU second, None when nobody measured it."""

    name: str
    version: str
    groups: dict[str, Totals]
    misses: tuple[Miss, ...]
    pages_per_cpu_second: float | None


def compare_readers(pages: Sequence[Expected], readers: Sequence[Reader], rounds: int = 0) -> list[ReaderResult]:
    """Let every reader read every page.

    Args:
        pages: what is read, and what should come.
        readers: ours and others.
        rounds: how often each page is read again to measure the time; 0 measures none.
    """
    readings = {reader.name: [_read(reader, page) for page in pages] for reader in readers}
    speeds = cpu_speeds(pages, readers, rounds) if rounds else {}
    return [_result(reader, pages, readings[reader.name], speeds.get(reader.name)) for reader in readers]


def cpu_speeds(pages: Sequence[Expected], readers: Sequence[Reader], rounds: int) -> dict[str, float]:
    """Return pages per CPU second of this process, by reader, over pages all of which were read before.

    The readers take turns page by page, so that what else the machine does falls on all alike, and of each page the
    fastest round counts.
    """
    seconds = {(reader.name, number): float("inf") for reader in readers for number in range(len(pages))}
    for _ in range(rounds):
        for number, page in enumerate(pages):
            for reader in readers:
                began = time.process_time()
                _read(reader, page)
                key = reader.name, number
                seconds[key] = min(seconds[key], time.process_time() - began)
    return {
        reader.name: len(pages) / sum(seconds[reader.name, number] for number in range(len(pages)))
        for reader in readers
    }


def _read(reader: Reader, page: Expected) -> Reading:
    return reader.read(page.content, page.url, page.fetched_at)


def _result(
    reader: Reader, pages: Sequence[Expected], readings: Sequence[Reading], speed: float | None
) -> ReaderResult:
    scores = [score_page(page, reading, reader) for page, reading in zip(pages, readings, strict=True)]
    groups: dict[str, list[int]] = {ALL: [*range(len(pages))]}
    for number, page in enumerate(pages):
        groups.setdefault(page.group, []).append(number)
    totals = {
        group: _totals([scores[n] for n in numbers], [readings[n] for n in numbers], reader)
        for group, numbers in groups.items()
    }
    misses = tuple(miss for score in scores for miss in score.misses)
    return ReaderResult(reader.name, reader.version, totals, misses, speed)


def _totals(scores: Sequence[PageScore], readings: Iterable[Reading], reader: Reader) -> Totals:
    fields = {}
    for name in FIELDS:
        judged = [score.right[name] for score in scores if name in score.right]
        if judged:
            fields[name] = (sum(judged), len(judged))
    return Totals(
        pages=len(scores),
        refused=sum(reading.refused is not None for reading in readings),
        precision=fmean(score.body.precision for score in scores),
        recall=fmean(score.body.recall for score in scores),
        f1=fmean(score.body.f1 for score in scores),
        fields=fields,
        captions=sum((score.captions for score in scores), NOTHING) if "captions" in reader.gives else NOTHING,
    )
