"""Invented articles, and copies of them of every kind that papers print; all is known of who copied whom.

The texts are words of our own in an order of their own: what makes copies hard is how they were changed, not the words.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import random
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass

import pyarrow as pa
from vinhkhe import DAY_1, FACTS

from pipeline.deduplicate import sign
from pipeline.reprints import Reprint, Signatures, find_reprints
from pipeline.reprints.signatures import name_of

WORDS = sorted({word.strip(".,:;“”()") for fact in FACTS for word in fact.split()} - {""})
# ranks of words as in any language: a few make up most of a text
WEIGHTS = [1 / (rank + 3) for rank in range(len(WORDS))]
STOCK = [
    "Phát biểu tại hội nghị, đồng chí Chủ tịch ghi nhận và biểu dương những kết quả mà các cấp công đoàn đã đạt được.",
    "Các đại biểu đã thảo luận sôi nổi, thẳng thắn và thống nhất cao với các nội dung của báo cáo.",
]


@dataclass(frozen=True, slots=True)
class Printed:
    """An article. `family` is the original's name for all its copies; `kind` how the copy was made."""

    article_id: str
    site: str
    time: dt.datetime
    text: str
    family: str
    kind: str


class Press:
    """Writes invented articles; the same seed gives the same."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def words(self, count: int) -> list[str]:
        """Return some words."""
        return self.random.choices(WORDS, WEIGHTS, k=count)

    def lines(self, count: int) -> list[str]:
        """Return some paragraphs of 15 to 80 words."""
        return [" ".join(self.words(self.random.randint(15, 80))) + "." for _ in range(count)]

    def article(self) -> list[str]:
        """Return a title and 3 to 14 paragraphs, now and then with a phrase that everybody prints."""
        lines = [" ".join(self.words(12)), *self.lines(self.random.randint(3, 14))]
        if self.random.random() < 0.4:
            lines.insert(-1, self.random.choice(STOCK))
        return lines

    # ----------------------------------------------------------------- how papers copy
    def retouched(self, lines: list[str], share: float) -> list[str]:
        """Replace single words all over the text, so that a Jaccard of 5-word shingles near `share` is left."""
        # of n words each is kept with probability q; a shingle survives with q^5 = 2 share / (1 + share)
        keep = (2 * share / (1 + share)) ** 0.2
        return [
            " ".join(word if self.random.random() < keep else self.random.choice(WORDS) for word in line.split())
            for line in lines
        ]

    def exact(self, lines: list[str]) -> list[str]:
        """Copy the text as it is."""
        return list(lines)

    def light(self, lines: list[str]) -> list[str]:
        """Correct a word here and there."""
        return self.retouched(lines, self.random.uniform(0.87, 0.97))

    def heavy(self, lines: list[str]) -> list[str]:
        """Edit all over."""
        return self.retouched(lines, self.random.uniform(0.62, 0.84))

    def other_lead(self, lines: list[str]) -> list[str]:
        """Print another title and another lead."""
        return [" ".join(self.words(12)), *self.lines(1), *lines[2:]]

    def other_quotes(self, lines: list[str]) -> list[str]:
        """Let somebody else speak in one paragraph and add another."""
        at = self.random.randrange(1, len(lines))
        return [*lines[:at], *self.lines(1), *lines[at + 1 :], *self.lines(1)]

    def cut(self, lines: list[str]) -> list[str]:
        """Print the first third to two thirds, as aggregators do, and where the rest can be read."""
        words = " ".join(lines[1:]).split()
        kept = words[: max(60, int(len(words) * self.random.uniform(0.33, 0.67)))]
        return [lines[0], " ".join(kept), "Xem tiếp tại nguồn"]


KINDS: dict[str, Callable[[Press, list[str]], list[str]]] = {
    "exact": Press.exact,
    "light": Press.light,
    "heavy": Press.heavy,
    "other_lead": Press.other_lead,
    "other_quotes": Press.other_quotes,
    "cut": Press.cut,
}


def families(count: int, seed: int = 1, copied: float = 0.5, sites: int = 12) -> Iterator[Printed]:
    """Yield originals, a share of them followed hours later by one to three copies on other sites."""
    press = Press(seed)
    choose = press.random
    for number in range(count):
        lines, name = press.article(), f"{number:06d}"
        time = DAY_1 + dt.timedelta(minutes=number)
        yield Printed(name, f"site{choose.randrange(sites)}", time, "\n".join(lines), name, "original")
        for copy in range(choose.randint(1, 3) if choose.random() < copied else 0):
            kind = choose.choice(list(KINDS))
            text = "\n".join(KINDS[kind](press, lines))
            later = time + dt.timedelta(hours=choose.randint(1, 72))
            yield Printed(f"{name}-{copy}", f"site{choose.randrange(sites)}", later, text, name, kind)


def full_of_phrases(count: int, seed: int = 4, sites: int = 30, phrases: int = 150) -> Iterator[Printed]:
    """Yield articles made of sentences that all sites print, each followed an hour later by its first third."""
    press = Press(seed)
    choose = press.random
    stock = [" ".join(press.words(30)) for _ in range(phrases)]
    for number in range(count):
        lines = [" ".join(choose.sample(stock, 3)) for _ in range(9)]
        name, time = f"{number:06d}", DAY_1 + dt.timedelta(hours=4 * number)
        site = number % sites
        yield Printed(name, f"site{site}", time, "\n".join(lines), name, "original")
        copy = "\n".join([" ".join(press.words(10)), *lines[:3]])
        later = time + dt.timedelta(hours=1)
        yield Printed(f"{name}-0", f"site{(site + 7) % sites}", later, copy, name, "cut")


def digest(text: str) -> str:
    """Return a digest of a text, as the tables have one."""
    return hashlib.sha256(text.encode()).hexdigest()


def as_table(articles: Iterable[Printed], answers: dict[str, Reprint | None] | None = None) -> pa.Table:
    """Return articles as they are compared."""
    found = answers or {}
    rows = [
        {
            "article_id": one.article_id,
            "site": one.site,
            "time": one.time,
            "digest": digest(one.text),
            "reprint_of": answer.reprint_of if (answer := found.get(one.article_id)) else None,
        }
        for one in articles
    ]
    schema = [(name, pa.string()) for name in ("article_id", "site", "digest", "reprint_of")]
    return pa.Table.from_pylist(rows, pa.schema([*schema, ("time", pa.timestamp("us", tz="UTC"))]))


def signed(articles: Iterable[Printed]) -> Signatures:
    """Return the signatures of the articles."""
    return Signatures.of(sign([(name_of(digest(one.text)), one.text) for one in articles]))


def found_among(
    articles: list[Printed],
    before: list[Printed] | None = None,
    answers: dict[str, Reprint | None] | None = None,
    asked: Callable[[Iterable[str]], object] = lambda _ids: None,
) -> dict[str, Reprint | None]:
    """Return the answers for all articles, or for those for whom they may differ from the ones before.

    Args:
        asked: is told of the articles whose texts are read.
    """
    texts = {one.article_id: one.text for one in articles}

    def texts_of(ids: Collection[str]) -> dict[str, str]:
        asked(ids)
        return {name: texts[name] for name in ids}

    return find_reprints(
        as_table(articles, answers),
        texts_of,
        signed([*articles, *(before or ())]),
        before=None if before is None else as_table(before, answers),
    )


def reprints_among(articles: list[Printed]) -> dict[str, Reprint]:
    """Return the reprints among articles."""
    return {name: found for name, found in found_among(articles).items() if found}


def alike(one: str, other: str) -> tuple[float, float]:
    """Return the Jaccard similarity of two texts, and how much of the shorter one the other has, by plain Python."""
    first, second = (
        {tuple(words[at : at + 5]) for at in range(len(words) - 4)}
        for words in ([word.strip(".,") for word in text.lower().split()] for text in (one, other))
    )
    shared = len(first & second)
    return shared / len(first | second), shared / min(len(first), len(second))
