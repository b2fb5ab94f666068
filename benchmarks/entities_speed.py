"""Sentences a second through the grammar of names, and time against length, on the marked sentences of the tests.

python benchmarks/entities_speed.py
"""

from __future__ import annotations

import json
import re
import time
from pathlib import Path

from pipeline.entities import find_entities
from pipeline.entities.find import mentions
from pipeline.entities.words import Words
from pipeline.records import Sentence

CASES = Path(__file__).parents[1] / "tests" / "cases" / "entities.jsonl"
TIMES = 20  # how often the marked sentences are read
LENGTHS = (100_000, 400_000, 1_600_000)  # characters without a full stop


def marked_texts() -> list[str]:
    rows = [json.loads(line)["marked"] for line in CASES.read_text("utf-8").splitlines()]
    return [re.sub(r"\[[POL] |[\]<>]", "", row) for row in rows]


def main() -> None:
    texts = marked_texts() * TIMES
    begun = time.process_time()
    read = [Words(text) for text in texts]
    cut = time.process_time()
    for words in read:
        mentions(words)
    named = time.process_time()
    article = "\n".join(texts)
    sentences, start = [], 0
    for number, text in enumerate(texts):
        sentences.append(Sentence(number, start, start + len(text), text, (), ()))
        start += len(text) + 1
    whole = time.process_time()
    find_entities(article, sentences)
    done = time.process_time()
    print(f"{len(texts)} sentences, {len(article) / len(texts):.0f} characters each, CPU")
    print(f"cut into words        {len(texts) / (cut - begun):9,.0f} sentences/s")
    print(f"names and offices     {len(texts) / (named - cut):9,.0f} sentences/s")
    print(f"all, canonical names  {len(texts) / (done - whole):9,.0f} sentences/s")
    line = " ".join(texts).replace(".", ",")
    for length in LENGTHS:
        text = (line * (length // len(line) + 1))[:length]
        begun = time.process_time()
        find_entities(text, [Sentence(0, 0, len(text), text, (), ())])
        print(f"one sentence of {length:9,} characters: {time.process_time() - begun:6.2f} s")


if __name__ == "__main__":
    main()
