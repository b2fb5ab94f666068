"""F1 of words and of sentences on a treebank, with each option of the annotation on and off.

python benchmarks/annotation_f1.py vi_vtb-ud-dev.conllu …

The files are CoNLL-U with the text of each sentence (`# text = …`), as UD_Vietnamese-VTB has it (CC BY-SA 4.0; not
shipped with this project). A word counts as found when its start and end are right. Sentences are written as they
would be printed, without the treebank's spaces around marks, and joined by tens; one counts when its end is right.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import Any, get_args

from pipeline.nlp import Rules, annotate, split_sentences
from pipeline.records import Sentence

WORDS: dict[str, dict[str, Any]] = {
    "as underthesea": {},
    "tones": {"tones": "as_trained"},
    "titles": {"titles": "whole"},
    "numbers": {"numbers": "whole"},
    "lexicon": {"lexicon": "union"},
    "all": {"tones": "as_trained", "titles": "whole", "numbers": "whole", "lexicon": "union"},
}
A_LINE = 10  # sentences

Spans = set[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Marked:
    """A sentence of a treebank: its text and where its words are."""

    text: str
    words: Spans


def marked(path: Path) -> Iterator[Marked]:
    """Yield the sentences of a CoNLL-U file whose words are found in their text."""
    for block in path.read_text(encoding="utf-8").split("\n\n"):
        lines = block.split("\n")
        text = next((line.partition("=")[2].strip() for line in lines if line.startswith("# text")), "")
        forms = [line.split("\t")[1] for line in lines if line.partition("\t")[0].isdigit()]
        spans = words_in(text, forms)
        if spans:
            yield Marked(text, spans)


def words_in(text: str, forms: list[str]) -> Spans:
    """Return where the words of a text are; nothing when one is not in it."""
    spans, at = set(), 0
    for form in forms:
        start = text.find(form, at)
        if start < 0:
            return set()
        at = start + len(form)
        spans.add((start, at))
    return spans


def as_printed(text: str) -> str:
    """Return a text without the spaces that a treebank puts around marks."""
    text = re.sub(r" ([.,;:?!…)\]”%])", r"\1", text)
    text = re.sub(r"([(\[“]) ", r"\1", text)
    return re.sub(r'" (.*?) ?"', r'"\1"', text) if text.count('"') == 2 else text


def sentence_ends(texts: list[str], rules: Rules) -> tuple[list[Spans], list[Spans]]:
    """Return the ends of sentences found and right, in each line of ten."""
    found, right = [], []
    for first in range(0, len(texts), A_LINE):
        line = texts[first : first + A_LINE]
        lengths = accumulate(len(text) + 1 for text in line)
        right.append({(end - 1, end - 1) for end in lengths})
        found.append({(one.end, one.end) for one in split_sentences(" ".join(line), rules=rules)})
    return found, right


def f1(found: list[Spans], right: list[Spans]) -> float:
    """Return the F1 over all sentences, in percent."""
    hits = sum(len(ours & theirs) for ours, theirs in zip(found, right, strict=True))
    return 200 * hits / (sum(map(len, found)) + sum(map(len, right)))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="F1 of words and sentences on treebanks")
    parser.add_argument("treebanks", nargs="+", type=Path)
    for path in parser.parse_args().treebanks:
        gold = list(marked(path))
        sentences = [Sentence(0, 0, len(one.text), one.text, (), ()) for one in gold]
        print(f"{path.name}: {len(gold)} sentences")
        for name, options in WORDS.items():
            found = [{(word.start, word.end) for word in one.tokens} for one in annotate(sentences, **options)]
            print(f"    words, {name:<26}{f1(found, [one.words for one in gold]):7.2f}")
        for rules in get_args(Rules):
            found, right = sentence_ends([as_printed(one.text) for one in gold], rules)
            print(f"    sentences, rules {rules:<16}{f1(found, right):7.2f}")


if __name__ == "__main__":
    main()
