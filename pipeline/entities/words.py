"""A sentence as the grammar of names sees it: words by the key they are compared by, capitals, and what parts them."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable
from itertools import accumulate
from operator import itemgetter
from typing import Final, NamedTuple

from pipeline.syllables import KEYS, Spelt, Syllables, syllable_key

_WORD: Final = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")

_PARTED: Final = re.compile(f"({_WORD.pattern})")
_JOINED: Final = re.compile(r"[^\W_]['’][^\W_]")
_FIRST_LETTER: Final = itemgetter(0)

AND_WORD: Final = syllable_key("và")

# what stands before a word
SPACE: Final = 0
DASH: Final = 1  # with spaces
HYPHEN: Final = 2  # without
DOT: Final = 3  # "TP.HCM"
STOP: Final = 8  # "TP. Vinh"; it may also end a sentence
COMMA: Final = 4
AND: Final = 5  # "&"
COLON: Final = 6
OPEN: Final = 7  # an opening bracket
SLASH: Final = 10  # "Trường Mầm non 19/5"
BREAK: Final = 9


class _Gaps(dict[str, int]):
    """What stands between two words, by how it is printed; BREAK, where no name goes on over it."""

    def __missing__(self, printed: str) -> int:
        return BREAK


_GAPS: Final = _Gaps(
    {
        " ": SPACE,
        "  ": SPACE,
        "\u00a0": SPACE,
        "\u00a0 ": SPACE,
        " \u00a0": SPACE,
        "-": HYPHEN,
        "–": HYPHEN,
        " - ": DASH,
        " – ": DASH,
        " — ": DASH,
        " -": DASH,
        "- ": DASH,
        "– ": DASH,
        ".": DOT,
        ". ": STOP,
        ", ": COMMA,
        ",": COMMA,
        " , ": COMMA,
        "&": AND,
        " & ": AND,
        ": ": COLON,
        ":": COLON,
        "/": SLASH,
        " (": OPEN,
        "(": OPEN,
    }
)
_CLOSE: Final = ") "
_OPENING: Final = re.compile(r"\s[“\"'‘«]")
_CLOSING: Final = {"”": "“”", '"': '"', "’": "‘’", "'": "'", "»": "«»"}
LONGEST_QUOTED: Final = 10  # words of a name in quotes
LONGEST_SHORT: Final = 8  # letters of an abbreviation in brackets inside a name
LONGEST_WORD: Final = 40  # letters; a longer one is no word of any name, and its key is not kept
# a line with this share of its words in capitals is a headline in capitals, where a capital says nothing
SHOUTED_SHARE: Final = 0.7
SHOUTED_WORDS: Final = 3  # "LĐLĐ tỉnh" is no headline


class _Columns(NamedTuple):
    """Words in columns, one entry a word in each."""

    keys: list[str]
    starts: list[int]
    ends: list[int]
    printed: list[str]
    caps: list[bool]
    gaps: list[int]

    @classmethod
    def of(cls, pieces: list[str], start: int, syllables: Syllables | None = None) -> _Columns:
        """Return them of what stands before the first word, the first word, what stands between, …, from `start` on.

        Args:
            syllables: those of the same words, where that is what they are.
        """
        printed = pieces[1::2]
        caps = list(map(str.isupper, map(_FIRST_LETTER, printed)))
        gaps = list(map(_GAPS.__getitem__, pieces[:-1:2]))
        if syllables is not None:
            return cls(syllables.keys, syllables.starts, syllables.ends, printed, caps, gaps)
        bounds = list(accumulate(map(len, pieces), initial=start))
        keys = [KEYS[word] if len(word) <= LONGEST_WORD else word[:LONGEST_WORD] for word in printed]
        return cls(keys, bounds[1:-1:2], bounds[2:-1:2], printed, caps, gaps)


class Words:
    """The words of text[start:end]: `starts` and `ends` count in `text`; `gaps[i]` is what stands before word i.

    `short` are abbreviations in brackets, which a name may go on behind: "Liên đoàn Lao động (LĐLĐ) huyện A Lưới".
    """

    __slots__ = ("caps", "count", "ends", "gaps", "keys", "short", "shouted", "starts", "text")

    def __init__(self, text: str, start: int = 0, end: int | None = None, *, columns: _Columns | None = None) -> None:
        """Cut them, unless they are given in columns."""
        own = columns or _Columns.of(_PARTED.split(text[start:end]), start)
        self.text = text
        self.keys, self.starts, self.ends, printed, self.caps, self.gaps = own
        self.count = len(printed)
        self.gaps[:1] = [BREAK] if printed else []
        opened = [at for at, gap in enumerate(self.gaps) if gap == OPEN] if OPEN in self.gaps else []
        self.short = frozenset(at for at in opened if self._is_short(at, printed[at]))
        for at in self.short:
            self.gaps[at + 1] = SPACE
        self.shouted = (
            self.count >= SHOUTED_WORDS
            and sum(self.caps) > 2
            and sum(map(str.isupper, printed)) >= SHOUTED_SHARE * self.count
        )

    def _is_short(self, at: int, printed: str) -> bool:
        if at + 1 >= self.count or not 2 <= len(printed) <= LONGEST_SHORT or not printed.isupper():
            return False
        return self.text[self.ends[at] : self.starts[at + 1]] == _CLOSE

    def figure(self, at: int) -> bool:
        """Whether a word is printed in figures ("hai" has the key of "2" and is none)."""
        return self.text[self.starts[at]].isdecimal()

    def printed(self, first: int, last: int) -> str:
        """Return words first to last (exclusive) as printed, with what stands between them."""
        return self.text[self.starts[first] : self.ends[last - 1]]

    def end_of(self, first: int, last: int) -> int:
        """Return where words first to last (exclusive) end in the text, with the quote that closes one among them."""
        end = self.ends[last - 1]
        closing = _CLOSING.get(self.text[end : end + 1], "")
        printed = self.text[self.starts[first] : end] if closing else ""
        return end + 1 if closing and sum(printed.count(quote) for quote in closing) % 2 else end

    def quoted_end(self, at: int) -> int | None:
        """Return where the words end that stand in quotes from a word on; None where no quotes open before it."""
        if at >= self.count or not at or not _OPENING.fullmatch(self.text, self.ends[at - 1], self.starts[at]):
            return None
        for last in range(at + 1, min(self.count, at + LONGEST_QUOTED) + 1):
            if self.text[self.ends[last - 1] : self.ends[last - 1] + 1] in _CLOSING:
                return last
        return None

    def run(self, first: int, longest: int) -> int:
        """Return where the run of capitalised words from `first` on ends: spaces between them, no figures."""
        last, end = first, min(self.count, first + longest)
        while last < end and self.caps[last] and (last == first or self.gaps[last] == SPACE):
            last += 1
        return last


def words_of(spelt: Spelt, spans: Iterable[tuple[int, int]]) -> list[Words]:
    """Return the words of some stretches of a text, in which each word is cut once."""
    if spelt.is_long:
        return [Words(spelt.text, start, end) for start, end in spans]
    text, pieces = spelt.text, spelt.pieces
    # syllables are words where no apostrophe joins any and none is too long
    joined = ("'" in text or "’" in text) and _JOINED.search(text) is not None
    if joined or max(map(len, pieces)) > LONGEST_WORD:
        whole = _Columns.of(_PARTED.split(text), 0)
    else:
        whole = _Columns.of(pieces, 0, spelt.all)
    return [_part(text, whole, start, end) for start, end in spans]


def _part(text: str, whole: _Columns, start: int, end: int) -> Words:
    first = bisect_left(whole.starts, start)
    last = bisect_left(whole.starts, end, first)
    if (first and whole.ends[first - 1] > start) or (first < last and whole.ends[last - 1] > end):
        return Words(text, start, end)  # one that is cut is another word
    keys, starts, ends, printed, caps, gaps = whole
    own = slice(first, last)
    return Words(text, columns=_Columns(keys[own], starts[own], ends[own], printed[own], caps[own], gaps[own]))
