"""Sentences a second through the movements, beside naive ways, and time against length.

python benchmarks/movements_speed.py          exit 1 when a target is missed
"""

from __future__ import annotations

import re
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from pipeline.movements import extract_movements, load_registry
from pipeline.nlp import split_sentences
from pipeline.records import Sentence

DEMO = Path(__file__).parents[1] / "data" / "demo"
ROUNDS = 15  # the fastest counts: other work on the machine slows any one
SENTENCES_A_SECOND = 20_000
START_UP_SECONDS = 0.3
LINE = 5_000_000  # characters
LINE_SECONDS = 60
UNITS = ("phong trào “Giữ máy sạch”, ", "“", '"', "“a ", "a” ", "'a' ", "phong trào ,,,,")
# what one writes first: quotes after a trigger. It finds 45 % of the names, and 13 % of its finds are none
NAIVE = re.compile(
    r"(?:phong trào|cuộc vận động|chương trình|chuyên đề)[^“”\"]{0,60}[“\"]([^”\"]{2,200})[”\"]", re.IGNORECASE
)
START_UP = """import time
begun = time.process_time()
from pipeline.movements import load_registry
load_registry()
print(time.process_time() - begun)"""

Text = tuple[str, tuple[Sentence, ...]]


def demo_texts() -> list[Text]:
    texts = [path.read_text("utf-8") for path in sorted(DEMO.glob("*/*.md"))]
    return [(text, tuple(split_sentences(text))) for text in texts]


def names_by_search(names: list[str], text: str) -> int:
    """The naive way with a registry: each name looked for in the text."""
    folded = text.casefold()
    return sum(name in folded for name in names)


def fastest(ways: dict[str, Callable[[], object]]) -> dict[str, float]:
    """Return the least CPU seconds of each way; they take turns, so that a busy machine slows all alike."""
    best = dict.fromkeys(ways, float("inf"))
    for _ in range(ROUNDS):
        for name, way in ways.items():
            begun = time.process_time()
            way()
            best[name] = min(best[name], time.process_time() - begun)
    return best


def main() -> int:
    texts = demo_texts()
    count = sum(len(sentences) for _, sentences in texts)
    names = [name.casefold() for entry in load_registry() for name in (entry.name, *entry.aliases)]
    best = fastest(
        {
            "movements, linked": lambda: [extract_movements(text, sentences) for text, sentences in texts],
            "naive expression": lambda: [NAIVE.findall(s.text) for _, sentences in texts for s in sentences],
            "each name searched": lambda: [names_by_search(names, s.text) for _, sentences in texts for s in sentences],
        }
    )
    print(f"{count} sentences of the demo newspaper, CPU of one core, fastest of {ROUNDS}")
    for name, seconds in best.items():
        ratio = best["each name searched"] / seconds
        print(f"{name:20} {count / seconds:10,.0f} sentences/s   {ratio:6.2f} × each name searched")
    start_up = min(
        float(subprocess.run([sys.executable, "-c", START_UP], capture_output=True, text=True, check=True).stdout)
        for _ in range(3)
    )
    print(f"start-up {start_up:.2f} s")
    slowest = max(long_line(unit) for unit in UNITS)
    met = (
        count / best["movements, linked"] >= SENTENCES_A_SECOND,
        start_up <= START_UP_SECONDS,
        slowest <= LINE_SECONDS,
    )
    return 0 if all(met) else 1


def long_line(unit: str) -> float:
    begun = time.process_time()
    extract_movements(unit * (LINE // len(unit)), ())
    seconds = time.process_time() - begun
    print(f"a line of {LINE:,} characters of {unit!r}: {seconds:.1f} s")
    return seconds


if __name__ == "__main__":
    sys.exit(main())
