"""A sentence as the grammar of names sees it: words by the key they are compared by, capitals, and what parts them."""

from __future__ import annotations

import re
from itertools import accumulate
from typing import Final

from pipeline.syllables import KEYS, syllable_key

_WORD: Final = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")

_PARTED: Final = re.compile(f"({_WORD.pattern})")

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

_GAPS: Final = {
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
_CLOSE: Final = ") "
_OPENING: Final = re.compile(r"\s[“\"'‘«]")
_CLOSING: Final = {"”": "“”", '"': '"', "’": "‘’", "'": "'", "»": "«»"}
LONGEST_QUOTED: Final = 10  # words of a name in quotes
LONGEST_SHORT: Final = 8  # letters of an abbreviation in brackets inside a name
LONGEST_WORD: Final = 40  # letters; a longer one is no word of any name, and its key is not kept
# a line with this share of its words in capitals is a headline in capitals, where a capital says nothing
SHOUTED_SHARE: Final = 0.7
SHOUTED_WORDS: Final = 3  # "LĐLĐ tỉnh" is no headline


class Words:
    """The words of text[start:end]: `starts` and `ends` count in `text`; `gaps[i]` is what stands before word i.

    `short` are abbreviations in brackets, which a name may go on behind: "Liên đoàn Lao động (LĐLĐ) huyện A Lưới".
    """

    __slots__ = ("caps", "count", "ends", "gaps", "keys", "short", "shouted", "starts", "text")

    def __init__(self, text: str, start: int = 0, end: int | None = None) -> None:
        pieces = _PARTED.split(text[start:end])  # what stands between, a word, what stands between, …
        printed, bounds = pieces[1::2], list(accumulate(map(len, pieces), initial=start))
        self.text = text
        self.starts, self.ends = bounds[1:-1:2], bounds[2:-1:2]
        self.keys = [KEYS[word] if len(word) <= LONGEST_WORD else word[:LONGEST_WORD] for word in printed]
        self.caps = [word[0].isupper() for word in printed]
        self.gaps = [_GAPS.get(between, BREAK) for between in pieces[:-1:2]]
        self.gaps[:1] = [BREAK] if printed else []
        self.count = len(printed)
        opened = [at for at, gap in enumerate(self.gaps) if gap == OPEN]
        self.short = frozenset(at for at in opened if self._is_short(at, printed[at]))
        for at in self.short:
            self.gaps[at + 1] = SPACE
        self.shouted = (
            self.count >= SHOUTED_WORDS
            and sum(self.caps) > 2
            and sum(word.isupper() for word in printed) >= SHOUTED_SHARE * self.count
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
