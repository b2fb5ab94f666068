"""Hold the fast path against underthesea itself, sentence by sentence: every word, part of speech and entity."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from pipeline.nlp import plain
from pipeline.nlp.answers import Tagged
from pipeline.nlp.models import FastReader

# what the pattern and the respellings of underthesea look out for, and what the models' own symbols could be taken for
_SIGNAL = (
    "Th.S", "Th S", "Th\ts", "ThS.", "T.Ư", "Mr.", "e-mail", "NĐ-CP", "v.v...", "v.v.", "H'Mông", "GS.TS", "43H-0530",
    "02/05/2014", "10:20:50", "3x4", "1.250,5", "4K", "60.542.000", "+5", "-2147483648", "2147483648", "00012", "=>",
    "http://vi.du/x(y)", "a@vi.du", ":D", ":D:D", "=))", "<3", "°C", "♥‿♥", "nghành", "bíết", "hoà", "ðã", "BOS", "EOS",
    "True", "False", "X", "O",
)  # fmt: skip
_MARKS = "'’.,-–…/\\|@#$%^&*()[]{}<>=:;!?\"“”+_°×÷ʺ\u200b\u2028\x0b\x0c\x85\x1c\x00日本🙂ßﬁİıΣςǆ\u0301\u0323\u0958"
_PLANES = ((0x21, 0x24F), (0x1E00, 0x1EFF), (0x21, 0xD7FF), (0xE000, 0x10FFFF))
_BATCH = 512


@dataclass(frozen=True, slots=True)
class Difference:
    """A sentence of which the two paths do not say the same; rows of (word, start, end, part of speech, entity)."""

    sentence: str
    ours: list[tuple[str, int, int, str, str]]
    theirs: list[tuple[str, int, int, str, str]]


def differences(sentences: Iterable[str]) -> Iterator[Difference | None]:
    """Yield for each sentence what differs, or None where the fast path says what underthesea says.

    Raises:
        ModelNotRead: the installed underthesea is one that the fast path cannot read at all.
    """
    fast = FastReader()
    batch: list[str] = []
    for sentence in sentences:
        batch.append(sentence)
        if len(batch) == _BATCH:
            yield from _compared(fast, batch)
            batch = []
    yield from _compared(fast, batch)


def odd_sentences(own: Sequence[str], seed: int) -> Iterator[str]:
    """Yield sentences without end: pieces of our own with what the pattern looks out for, and random Unicode."""
    chance = random.Random(seed)  # noqa: S311 - for variety, not for secrets
    while True:
        kind = chance.random()
        if kind < 0.4:
            yield _mixed(chance, own)
        elif kind < 0.7:
            parts = (chance.choice((chance.choice(_SIGNAL), chance.choice(_MARKS), " ")) for _ in range(14))
            yield "".join(list(parts)[: chance.randint(1, 14)])
        else:
            planes = (chance.choice(_PLANES) for _ in range(chance.randint(1, 15)))
            yield "".join(chr(chance.randint(*plane)) for plane in planes)


def _mixed(chance: random.Random, own: Sequence[str]) -> str:
    words = chance.choice(own).split()
    first = chance.randrange(len(words))
    words = words[first : first + chance.randint(1, 7)]
    words.insert(chance.randint(0, len(words)), chance.choice(_SIGNAL))
    text = " ".join(words)
    return chance.choice((text, text.upper(), text.title(), text.lower(), f"{text}\n", f" {text} "))


def _compared(fast: FastReader, sentences: Sequence[str]) -> Iterator[Difference | None]:
    for sentence, ours, theirs in zip(sentences, fast.read(sentences), plain.read(sentences), strict=True):
        yield None if ours == theirs else Difference(sentence, _rows(ours), _rows(theirs))


def _rows(answer: Tagged) -> list[tuple[str, int, int, str, str]]:
    return list(zip(answer.words, answer.starts, answer.ends, answer.pos, answer.entities, strict=True))
