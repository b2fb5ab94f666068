"""Sentences a second through attribution, beside extract without it, and time against length.

python benchmarks/attribution_speed.py
python benchmarks/attribution_speed.py --rounds 9

The demo newspaper's sentences have a figure each, so that these are the slowest there are. The baseline is what extract
does before it attributes: movements and figures of the same sentences. CPU time, in turns within every round, the
fastest of the rounds.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from pipeline.attribution import attribute
from pipeline.demo.newspaper import read_paper
from pipeline.entities import find_entities
from pipeline.figures import extract_figures
from pipeline.movements import read_movements
from pipeline.movements.extract import MovementReading
from pipeline.nlp import split_sentences
from pipeline.records import Figure, Sentence, Setting

PIECE = (
    "LĐLĐ huyện Khe Bạc trao 12 suất quà trong năm qua cho đoàn viên có hoàn cảnh khó khăn đang thuê nhà trọ quanh các "
    "khu công nghiệp của huyện, thăm hỏi những gia đình có người ốm đau lâu ngày và động viên con em họ đi học đều, "
)
LENGTHS = (50_000, 200_000, 800_000)  # characters of one line without a full stop
UNDATED = Setting(None, None)


@dataclass(frozen=True)
class Text:
    """A text with all that attribution is given."""

    text: str
    sentences: Sequence[Sentence]
    reading: MovementReading
    figures: Sequence[Figure]


def read(text: str) -> Text:
    plain = split_sentences(text)
    found = find_entities(text, plain)
    named = [sentence._replace(entities=entities) for sentence, entities in zip(plain, found, strict=True)]
    reading = read_movements(text, named)
    return Text(text, named, reading, extract_figures(text, named, reading.movements))


def demo_texts() -> list[Text]:
    return [
        read("\n".join([article.title, *([article.lead] if article.lead else []), *article.first.body_lines]))
        for paper in ("thoibao", "thudo")
        for article in read_paper(paper)
    ]


def attributed(one: Text) -> None:
    attribute(one.text, one.sentences, one.reading.movements, one.reading.back_references, one.figures, UNDATED)


def extracted(one: Text) -> None:
    extract_figures(one.text, one.sentences, read_movements(one.text, one.sentences).movements)


def named(one: Text) -> None:
    find_entities(one.text, one.sentences)


READERS: dict[str, Callable[[Text], None]] = {
    "movements and figures": extracted,
    "entities": named,
    "attribution": attributed,
}


def seconds(reader: Callable[[Text], None], texts: Sequence[Text]) -> float:
    begun = time.process_time()
    for text in texts:
        reader(text)
    return time.process_time() - begun


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    texts = demo_texts()
    sentences = sum(len(text.sentences) for text in texts)
    turns = [{name: seconds(reader, texts) for name, reader in READERS.items()} for _ in range(rounds)]
    taken = {name: min(turn[name] for turn in turns) for name in READERS}
    baseline = taken["movements and figures"]
    print(f"{sentences:,} sentences of the demo, {sum(len(text.figures) for text in texts):,} figures, CPU")
    for name, spent in taken.items():
        print(f"{name:22} {sentences / spent:9,.0f} sentences/s   {spent / baseline:5.2f} × movements and figures")
    for length in LENGTHS:
        line = read((PIECE * (length // len(PIECE) + 1))[:length])
        spent = seconds(attributed, [line])
        print(f"one sentence of {length:7,} characters, {len(line.figures):6,} figures: {spent:6.2f} s")


if __name__ == "__main__":
    main()
