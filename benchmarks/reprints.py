"""Measure the search for reprints: how many planted copies are found, what a signature costs, and a refresh.

python benchmarks/reprints.py                     # 200,000 known articles, 20,000 new ones: about 8 minutes
python benchmarks/reprints.py --known 20000 --new 2000

The articles are invented (tests/planted_reprints.py) and half of them are copied, in six ways. Seconds are CPU time.
Exit code 1 when a target of recall or precision is missed.
"""

from __future__ import annotations

import argparse
import itertools
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from planted_reprints import Printed, alike, as_table, digest, families

from pipeline.demo.newspaper import PAPERS, read_paper
from pipeline.reprints import Reprint, Signature, Signatures, find_reprints, signatures
from pipeline.reprints.signatures import name_of

ARTICLES_A_FILE = 20_000
TARGETS = {"near": 0.99, "middle": 0.95, "precision": 0.99}
KINDS_OF_COPY = ("near", "middle", "cut", "else")


def kind_of_copy(similarity: float, share: float) -> str:
    """Return near (Jaccard of .85 and more), middle (.6), cut (four fifths of the shorter text) or else."""
    if similarity >= 0.85:
        return "near"
    if similarity >= 0.6:
        return "middle"
    return "cut" if share >= 0.8 else "else"


class Stored:
    """Articles on the disk, as the tables have them: their texts are read when they are asked for."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.files: list[tuple[Path, pa.Array]] = []
        self.signed: list[tuple[int, Signature]] = []
        self.rows: list[pa.Table] = []
        self.seconds_signing = 0.0

    def add(self, articles: Iterable[Printed]) -> None:
        """Store articles, and make their signatures."""
        source = iter(articles)
        while some := list(itertools.islice(source, ARTICLES_A_FILE)):
            path = self.folder / f"{len(self.files)}.parquet"
            texts = [one.text for one in some]
            ids = pa.array([one.article_id for one in some])
            pq.write_table(pa.table({"article_id": ids, "text": texts}), path, compression="zstd")
            self.files.append((path, ids))
            self.rows.append(as_table(some))
            began = time.process_time()
            made = signatures(texts)
            self.seconds_signing += time.process_time() - began
            self.signed += zip((name_of(digest(text)) for text in texts), made, strict=True)

    def texts(self, ids: Collection[str]) -> dict[str, str]:
        """Return the texts of some articles."""
        wanted = pa.array(sorted(ids))
        found: dict[str, str] = {}
        for path, here in self.files:
            if pc.any(pc.is_in(here, wanted)).as_py():
                rows = pq.read_table(path)
                rows = rows.filter(pc.is_in(rows["article_id"], wanted))
                found.update(zip(rows["article_id"].to_pylist(), rows["text"].to_pylist(), strict=True))
        return found


def measure_copies(count: int) -> bool:
    """Print how many of the planted copies are found, by kind; return whether the targets are met."""
    articles = list(families(count, seed=11))
    texts = {one.article_id: one.text for one in articles}
    family = {one.article_id: one.family for one in articles}
    names = [name_of(digest(text)) for text in texts.values()]
    signed = Signatures.of(zip(names, signatures([*texts.values()]), strict=True))
    found = find_reprints(as_table(articles), lambda ids: {name: texts[name] for name in ids}, signed)
    hits: dict[str, list[bool]] = {kind: [] for kind in KINDS_OF_COPY}
    for one in articles:
        if one.kind != "original":
            hits[kind_of_copy(*alike(one.text, texts[one.family]))].append(found[one.article_id] is not None)
    right = [family[name] == family[answer.reprint_of] for name, answer in found.items() if answer]
    measured = {**{kind: statistics.mean(some) for kind, some in hits.items()}, "precision": statistics.mean(right)}
    print(f"{len(articles):,} articles, {sum(map(len, hits.values())):,} of them copies; share found")
    for kind, value in measured.items():
        of = len(right) if kind == "precision" else len(hits[kind])
        asked = f"   asked: {TARGETS[kind]}" if kind in TARGETS else ""
        print(f"  {kind:<12}{value:>8.4f} of {of:,}{asked}")
    return all(measured[kind] >= target for kind, target in TARGETS.items())


def measure_signature(rounds: int) -> None:
    """Print what a signature costs on the demo papers' articles."""
    texts = [article.text() for paper in PAPERS for article in read_paper(paper)]
    signatures(texts)  # the syllables are met once
    seconds = []
    for _ in range(rounds):
        began = time.process_time()
        signatures(texts)
        seconds.append(time.process_time() - began)
    words = statistics.mean(len(text.split()) for text in texts)
    print(f"a signature: {1000 * min(seconds) / len(texts):.2f} ms (articles of {words:.0f} syllables)")


def measure_refresh(known: int, new: int) -> None:
    """Print what finding all reprints costs, and then those that new articles bring."""
    with tempfile.TemporaryDirectory() as folder:
        stored = Stored(Path(folder))
        articles: Iterator[Printed] = families(known + new, seed=12, copied=0.3, sites=40)
        stored.add(itertools.islice(articles, known))
        print(f"{known:,} articles signed: {1000 * stored.seconds_signing / known:.2f} ms each")
        before = pa.concat_tables(stored.rows)
        answers = timed("all reprints among them", before, stored, None, folder)
        stored.add(itertools.islice(articles, new))
        kept = pa.array([answer.reprint_of if (answer := answers.get(one)) else None for one in ids(before)])
        before = before.set_column(before.schema.get_field_index("reprint_of"), "reprint_of", kept.cast(pa.string()))
        now = pa.concat_tables([before, *stored.rows[len(stored.rows) - -(-new // ARTICLES_A_FILE) :]])
        timed(f"those that {new:,} new articles bring", now, stored, before, folder)


def ids(articles: pa.Table) -> list[str]:
    """Return the ids of articles."""
    names: list[str] = articles["article_id"].to_pylist()
    return names


def timed(what: str, now: pa.Table, stored: Stored, before: pa.Table | None, folder: str) -> dict[str, Reprint | None]:
    """Find reprints and print what it cost."""
    known = Signatures.of(stored.signed)
    began, clock = time.process_time(), time.monotonic()
    answers = find_reprints(now, stored.texts, known, before=before, spill=folder)
    found = sum(answer is not None for answer in answers.values())
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(
        f"{what}: {time.process_time() - began:.1f} CPU s, {time.monotonic() - clock:.1f} s by the clock; "
        f"{len(answers):,} answers, {found:,} reprints; at most {peak} MB so far"
    )
    return answers


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="reprints: recall, precision, cost")
    parser.add_argument("--known", type=int, default=200_000)
    parser.add_argument("--new", type=int, default=20_000)
    parser.add_argument("--families", type=int, default=3000, help="originals of the planted copies")
    chosen = parser.parse_args()
    met = measure_copies(chosen.families)
    measure_signature(rounds=7)
    measure_refresh(chosen.known, chosen.new)
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
