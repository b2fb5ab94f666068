"""Sentences a second from text to figures, beside one plain regular expression, and time against length.

python benchmarks/figures_speed.py
python benchmarks/figures_speed.py --rounds 9

The demo newspaper's sentences are full of numbers (a figure a sentence); beside them the same with two sentences
without any after each, which is nearer to a newspaper's. Every round has other numbers, as every day of a newspaper
has, so that nothing is gained by remembering them. CPU time, the readers in turns within every round, the fastest of
the rounds. Exit code 1 when either text is read below the target.
"""

from __future__ import annotations

import argparse
import random
import re
import time
from collections.abc import Callable, Sequence
from decimal import Decimal

from pipeline.demo.newspaper import read_paper
from pipeline.figures import amounts_in_words, extract_figures
from pipeline.nlp import split_sentences
from pipeline.records import Sentence

TARGET = 20_000  # sentences a second on one core
LENGTHS = (25_000, 100_000, 400_000)  # characters of one line without a full stop, too few numbers for a dump
Text = tuple[str, Sequence[Sentence]]
THREE_DIGITS = re.compile(r"(?<=\.)[0-9]{3}(?![0-9])|(?<![0-9.,/-])[1-9][0-9]{2}(?![0-9])")  # of amounts, not of years

# What is written first by whoever needs numbers: digits with separators, a scale word, and what follows.
NAIVE = re.compile(r"([0-9][0-9.,]*)\s*(nghìn|ngàn|triệu|tỷ|tỉ)?\s*(%|đồng|[^\W\d_]+\s[^\W\d_]+)?")
NAIVE_SCALES = {"nghìn": 3, "ngàn": 3, "triệu": 6, "tỷ": 9, "tỉ": 9}


def naive(_text: str, sentences: Sequence[Sentence]) -> int:
    """Count the numbers that the plain expression finds and can turn into a value."""
    count = 0
    for sentence in sentences:
        for digits, scale, _ in NAIVE.findall(sentence.text):
            plain = digits.rstrip(".,").replace(".", "").replace(",", ".")
            if plain.count(".") <= 1:
                count += Decimal(plain).scaleb(NAIVE_SCALES.get(scale, 0)) >= 0
    return count


def figures(text: str, sentences: Sequence[Sentence]) -> int:
    return len(extract_figures(text, sentences, ()))


def in_words(text: str, sentences: Sequence[Sentence]) -> int:
    return len(amounts_in_words(text, sentences, ()))


def demo_texts() -> list[Text]:
    texts = [
        "\n".join([article.title, *([article.lead] if article.lead else []), *article.first.body_lines])
        for paper in ("thoibao", "thudo")
        for article in read_paper(paper)
    ]
    return [(text, split_sentences(text)) for text in texts]


def thinned(texts: Sequence[Text]) -> list[Text]:
    """Put two sentences without a digit after each: the others of the demo, in turn."""
    bare = [s.text for _, sentences in texts for s in sentences if not re.search("[0-9]", s.text)]
    found: list[Text] = []
    turn = 0
    for _, sentences in texts:
        lines: list[str] = []
        for sentence in sentences:
            lines += [sentence.text, bare[turn % len(bare)], bare[(turn + 1) % len(bare)]]
            turn += 2
        found.append(as_text(lines))
    return found


def renumbered(texts: Sequence[Text], seed: int) -> list[Text]:
    """Put other digits for the last three, or three in the middle, of larger numbers; nothing moves."""
    digits = random.Random(seed)  # noqa: S311 - no secret
    found: list[Text] = []
    for text, sentences in texts:
        other = THREE_DIGITS.sub(lambda _: str(digits.randrange(100, 1000)), text)
        found.append((other, [s._replace(text=other[s.start : s.end]) for s in sentences]))
    return found


def as_text(lines: Sequence[str]) -> Text:
    """Join lines into a text, one sentence a line."""
    sentences: list[Sentence] = []
    start = 0
    for number, line in enumerate(lines):
        sentences.append(Sentence(number, start, start + len(line), line, (), ()))
        start += len(line) + 1
    return "\n".join(lines), sentences


def cpu(read: Callable[[str, Sequence[Sentence]], int], texts: Sequence[Text]) -> tuple[float, int]:
    """Return the CPU seconds that a reader takes for all texts, and how many numbers it gives."""
    begun = time.process_time()
    count = sum(read(text, sentences) for text, sentences in texts)
    return time.process_time() - begun, count


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    dense = demo_texts()
    slow = False
    for name, texts in (("demo newspaper", dense), ("with two sentences without numbers each", thinned(dense))):
        count = sum(len(sentences) for _, sentences in texts)
        print(f"{name}: {count} sentences, {sum(len(text) for text, _ in texts) / count:.0f} characters each")
        fastest: dict[str, tuple[float, int]] = {}
        for seed in range(rounds):
            renewed = renumbered(texts, seed)
            for reader in (naive, figures, in_words):
                spent = cpu(reader, renewed)
                fastest[reader.__name__] = min(spent, fastest.get(reader.__name__, spent))
        slow = slow or count / fastest["figures"][0] < TARGET
        for reader_name, (seconds, numbers) in fastest.items():
            print(f"  {reader_name:10} {count / seconds:9,.0f} sentences/s   {numbers:6,} numbers")
    line = " ".join(sentence.text for _, sentences in thinned(dense) for sentence in sentences).replace(". ", ", ")
    for length in LENGTHS:
        text = (line * (length // len(line) + 1))[:length]
        seconds, _ = cpu(figures, [as_text([text])])
        print(
            f"one line of {length:9,} characters: {seconds:6.2f} s, {length / seconds / 1e6:.2f} million characters/s"
        )
    print(f"at least {TARGET:,} sentences/s: {'no' if slow else 'yes'}")
    raise SystemExit(int(slow))


if __name__ == "__main__":
    main()
