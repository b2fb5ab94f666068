"""Texts cut into underthesea's tokens: by its own pattern, but each distinct run of letters only once.

No token crosses white space (one does: "Th S", by a dot of the pattern that is not escaped; it is kept in one run), so
a text is its runs between white space, and what the pattern makes of a run is kept. The pattern takes time quadratic in
the length of a run, and exponential on "http://" with 30 marks behind; so runs are cut when they are very long, and
the nested repetition is written flat.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from pipeline.nlp.normal import without_surrogates

Numbers = NDArray[np.int64]

# characters without white space that the pattern reads at once: "a.a.a…" of this length takes it 60 ms. Addresses are
# shorter; what is longer stands in a text by mistake (a picture in base64).
MOST_RUN_CHARACTERS = 2_000
# what a run that is kept costs, besides its letters
_CHARACTERS_A_RUN = 8

_NESTED, _FLAT = r"[^\s()<>{}\[\]]+  ", r"[^\s()<>{}\[\]]  "
_CROSSING = re.compile(r"Th[^\S\n][Ss]")
_RUN_OR_CROSSING = re.compile(r"(?:Th[^\S\n][Ss]|\S)+")
# white space stands before a run at the end of its text: the pattern has a rule for the end
_AT_END = "\n"


@dataclass(frozen=True, slots=True)
class Tokens:
    """The tokens of many texts, laid end to end: number, start and end in their text; and how many each text has."""

    numbers: Numbers
    starts: Numbers
    ends: Numbers
    counts: Numbers


class Column:
    """Numbers that are appended to, in one growing array."""

    def __init__(self) -> None:
        self._numbers = np.zeros(1024, np.int64)
        self._length = 0

    def __len__(self) -> int:
        return self._length

    def extend(self, numbers: Sequence[int]) -> None:
        """Append numbers."""
        end = self._length + len(numbers)
        while end > len(self._numbers):
            self._numbers = np.concatenate((self._numbers, np.zeros_like(self._numbers)))
        self._numbers[self._length : end] = numbers
        self._length = end

    def array(self) -> Numbers:
        """Return all numbers, a view that is good until more are appended."""
        return self._numbers[: self._length]


@dataclass(slots=True)
class _Runs:
    """Runs that were read: tokens of run r are `first[r]:first[r] + count[r]` of the three columns."""

    known: dict[str, int] = field(default_factory=dict)
    characters: int = 0
    first: Column = field(default_factory=Column)
    count: Column = field(default_factory=Column)
    length: Column = field(default_factory=Column)
    numbers: Column = field(default_factory=Column)
    starts: Column = field(default_factory=Column)
    ends: Column = field(default_factory=Column)


class Tokenizer:
    """Cuts texts and numbers their distinct tokens, from `first_number` on; `spellings[number]` is what models see."""

    def __init__(self, pattern: str, spellings: Mapping[str, str], first_number: int) -> None:
        """Make a tokenizer.

        Args:
            pattern: underthesea's, as written.
            spellings: tokens that underthesea respells ("nghành" → "ngành").
        """
        if pattern.count(_NESTED) != 1:
            raise ValueError("underthesea's pattern is not the one whose repetition is written flat here")
        self._pattern = re.compile(pattern.replace(_NESTED, _FLAT), re.VERBOSE)
        self._respelt = spellings
        self._first_number = first_number
        self.forget()

    def forget(self) -> None:
        """Empty all that was kept; numbers given so far mean nothing any more."""
        self._runs = _Runs()
        self._numbers: dict[str, int] = {}
        self.spellings: list[str] = [""] * self._first_number

    @property
    def kept(self) -> int:
        """How many characters are kept; every run counts for some more."""
        return self._runs.characters

    def read(self, texts: Sequence[str]) -> Tokens:
        """Return the tokens of NFC texts."""
        runs: list[str] = []
        counts: list[int] = []
        moved: list[tuple[int, list[int]]] = []
        for text in texts:
            own, starts = _runs_of(text)
            if starts:
                moved.append((len(runs), starts))
            counts.append(len(own))
            runs += own
        numbers = self._numbers_of(runs)
        return self._laid_out(numbers, np.array(counts, np.int64), moved)

    def _numbers_of(self, runs: list[str]) -> Numbers:
        known = self._runs.known
        numbers = np.fromiter(map(known.get, runs, itertools.repeat(-1)), np.int64, len(runs))
        unknown = np.flatnonzero(numbers < 0)
        if len(unknown):
            missed = [runs[place] for place in unknown.tolist()]
            self._learn(list(dict.fromkeys(missed)))
            numbers[unknown] = [known[run] for run in missed]
        return numbers

    def _learn(self, runs: list[str]) -> None:
        """Cut runs that were not seen before into tokens."""
        kept = self._runs
        found = [list(self._pattern.finditer(_in_text(run))) for run in runs]
        tokens = list(itertools.chain.from_iterable(found))
        counts = [len(matches) for matches in found]
        kept.first.extend(list(itertools.accumulate(counts, initial=len(kept.numbers)))[:-1])
        kept.count.extend(counts)
        kept.length.extend([len(run) - (run[0] == _AT_END) for run in runs])
        kept.numbers.extend([self._number(match.group()) for match in tokens])
        kept.starts.extend([match.start() for match in tokens])
        kept.ends.extend([match.end() for match in tokens])
        kept.known.update(zip(runs, itertools.count(len(kept.known)), strict=False))
        kept.characters += sum(map(len, runs)) + _CHARACTERS_A_RUN * len(runs)

    def _number(self, token: str) -> int:
        """Return the number of a token as the models see it."""
        spelling = without_surrogates(self._respelt.get(token, token))
        number = self._numbers.get(spelling)
        if number is None:
            number = self._numbers[spelling] = len(self.spellings)
            self.spellings.append(spelling)
        return number

    def _laid_out(self, runs: Numbers, counts: Numbers, moved: Iterable[tuple[int, list[int]]]) -> Tokens:
        """Lay the tokens of runs end to end; runs stand one character apart, but for those that say their starts."""
        kept = self._runs
        count = kept.count.array()[runs]
        own = kept.numbers.array(), kept.starts.array(), kept.ends.array()
        text_of_run = np.repeat(np.arange(len(counts)), counts)
        after = np.cumsum(kept.length.array()[runs] + 1)
        at = np.concatenate(([0], after[:-1])) if len(after) else after
        first_of_text = np.cumsum(counts) - counts
        at -= at[first_of_text[text_of_run]]
        for first, starts in moved:
            at[first : first + len(starts)] = starts
        ends_at = np.cumsum(count)
        before = ends_at - count
        place = np.arange(int(count.sum())) + np.repeat(kept.first.array()[runs] - before, count)
        at_token = np.repeat(at, count)
        tokens = np.concatenate(([0], ends_at))[np.concatenate((first_of_text, [len(runs)]))]
        return Tokens(own[0][place], own[1][place] + at_token, own[2][place] + at_token, np.diff(tokens))


def _runs_of(text: str) -> tuple[list[str], list[int]]:
    """Return the runs of a text, and where they start if not all stand one character apart from 0 on."""
    crossing = "Th" in text and _CROSSING.search(text) is not None
    runs = _RUN_OR_CROSSING.findall(text) if crossing else text.split()
    if not runs:
        return [], []
    starts: list[int] = []
    too_long = len(text) > MOST_RUN_CHARACTERS and max(map(len, runs)) > MOST_RUN_CHARACTERS
    if too_long or sum(map(len, runs)) + len(runs) - 1 != len(text):
        runs = [piece for run in runs for piece in _cut(run)]
        starts = _starts(text, runs)
    # underthesea's "$" is the end of the text or the line break that ends it
    tail = text[starts[-1] + len(runs[-1]) :] if starts else ""
    if tail in ("", "\n"):
        runs[-1] = _AT_END + runs[-1]
    return runs, starts


def _in_text(run: str) -> str:
    """Return a run as it stands before white space, or at the end of its text."""
    return run[1:] if run[0] == _AT_END else run + " "


def _cut(run: str) -> list[str]:
    return [run[at : at + MOST_RUN_CHARACTERS] for at in range(0, len(run), MOST_RUN_CHARACTERS)]


def _starts(text: str, runs: list[str]) -> list[int]:
    starts, at = [], 0
    for run in runs:
        at = text.index(run, at)
        starts.append(at)
        at += len(run)
    return starts
