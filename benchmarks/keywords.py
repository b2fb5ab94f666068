"""Time and memory of counting the words of a corpus of a million sentences, made of the demo's.

python benchmarks/keywords.py                     # about 4 minutes
python benchmarks/keywords.py --sentences 100000

The sentences are the demo's with a third of their words replaced, a third of those by invented ones with a long tail
(Zipf, 200,000 of them): as many distinct words and pairs as a real corpus has.
"""

from __future__ import annotations

import argparse
import multiprocessing
import resource
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.demo.newspaper import PAPERS, read_paper
from pipeline.document import analyze
from pipeline.keywords import Sentences, collocations, key_phrases, keyness

WRITTEN_AT_ONCE = 50_000
SENTENCES_AN_ARTICLE = 20


def write_corpus(file: Path, count: int) -> None:
    """Write sentences with article_id, tokens and pos; the same ones each time."""
    texts = [article.text(1) for paper in PAPERS for article in read_paper(paper)]
    sentences = [sentence.tokens for text in texts for sentence in analyze(text, tokens=True).sentences]
    words = [token.text for sentence in sentences for token in sentence]
    chance = np.random.default_rng(1)
    columns = [("article_id", pa.string()), ("tokens", pa.list_(pa.string())), ("pos", pa.list_(pa.string()))]
    with pq.ParquetWriter(file, pa.schema(columns), compression="zstd") as writer:
        for start in range(0, count, WRITTEN_AT_ONCE):
            chosen = [sentences[number] for number in chance.integers(0, len(sentences), min(WRITTEN_AT_ONCE, count))]
            writer.write_table(_table(start, chosen, words, chance))


def _table(start: int, chosen: list[Any], words: list[str], chance: np.random.Generator) -> pa.Table:
    tokens = []
    for sentence in chosen:
        dice, others = chance.random(len(sentence)), chance.integers(0, len(words), len(sentence))
        rare = chance.zipf(1.3, len(sentence)) % 200_000
        tokens.append(
            [
                f"từ{rare[place]}" if dice[place] < 0.1 else words[others[place]] if dice[place] < 0.3 else token.text
                for place, token in enumerate(sentence)
            ]
        )
    ids = [f"{(start + row) // SENTENCES_AN_ARTICLE:08}" for row in range(len(chosen))]
    return pa.table({"article_id": ids, "tokens": tokens, "pos": [[token.pos for token in words] for words in chosen]})


def opened(file: str, condition: str) -> Sentences:
    """Return what opens the sentences as `open_corpus` does: in order, 20,000 at a time."""
    query = f"SELECT article_id, tokens, pos FROM read_parquet('{file}') WHERE {condition}"  # noqa: S608 - our own file

    def batches() -> Iterable[Any]:
        connection = duckdb.connect(config={"threads": 1})
        connection.execute("SET enable_progress_bar = false")  # a spawned process looks like a session to it
        yield from connection.sql(query).to_arrow_reader(20_000)

    return batches


def measure(question: str, file: str) -> None:
    """Answer one question and print what it took; run in a process of its own, for its memory."""
    everything = opened(file, "true")
    half = f"'{pq.ParquetFile(file).metadata.num_rows // SENTENCES_AN_ARTICLE // 2:08}'"
    answers = {
        "reading alone": lambda: sum(1 for _ in everything()),
        "key phrases": lambda: key_phrases(everything),
        "collocations": lambda: collocations(everything),
        "collocations, window 5": lambda: collocations(everything, window=5),
        "keyness": lambda: keyness(opened(file, f"article_id < {half}"), opened(file, f"article_id >= {half}")),
    }
    before, started = time.process_time(), time.perf_counter()
    answers[question]()
    spent, wall = time.process_time() - before, time.perf_counter() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{question:24}{spent:10.1f}{wall:10.1f}{peak:12.0f}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sentences", type=int, default=1_000_000)
    count = parser.parse_args().sentences
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "sentences.parquet"
        making = multiprocessing.get_context("spawn").Process(target=write_corpus, args=(file, count))
        making.start()
        making.join()
        rows = pq.ParquetFile(file).metadata.num_rows
        print(f"{rows:,} sentences\n\n{'':24}{'CPU s':>10}{'wall s':>10}{'peak MB':>12}")
        for question in ("reading alone", "key phrases", "collocations", "collocations, window 5", "keyness"):
            asking = multiprocessing.get_context("spawn").Process(target=measure, args=(question, str(file)))
            asking.start()
            asking.join()


if __name__ == "__main__":
    main()
