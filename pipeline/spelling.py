"""How words and searched texts are compared: NFC, lower case, one tone style; with the marks or without them.

"Hoà", "Hòa" and "HÒA" are one spelling, so are "kỹ" and "kĩ". `pipeline.syllables` folds more, for names only: there
"01", "1" and "một" are one as well.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from dataclasses import dataclass

from pipeline.syllables import without_diacritics

_TONES = "\u0300\u0301\u0303\u0309\u0323"  # grave, acute, tilde, hook above, dot below
_WITHOUT_TONES = dict.fromkeys(map(ord, _TONES))
_WRITTEN_WITH_Y = re.compile(r"[hklmstv]y")  # kỹ/kĩ, lý/lí, tỷ/tỉ: two spellings of one syllable
# a run of letters and digits with their marks, composed or not: offsets hold in NFD too
_SYLLABLE = re.compile("[^\\W_](?:[^\\W_]|[\u0300-\u036f])*")
_LATIN = re.compile("[a-z0-9\u00c0-\u024f\u0300-\u036f\u1e00-\u1eff]*")
# no syllable is longer; "aaaa…" of 10 MB is cut up so that a key costs its length and no cache holds it
_LONGEST_REMEMBERED = 64


class NotText(TypeError):
    """None, bytes or another thing where a text (`str`) is needed; the message is one line."""


@dataclass(frozen=True, slots=True)
class Spelled:
    """A run of letters or digits of a text, `text[start:end]`, and the key it is compared by."""

    start: int
    end: int
    key: str


def as_text(given: object) -> str:
    """Return what was given if it is a text.

    Raises:
        NotText: it is none; bytes are not decoded by guess.
    """
    if isinstance(given, str):
        return given
    remedy = "; decode them first" if isinstance(given, bytes | bytearray | memoryview) else ""
    raise NotText(f"a text is needed, this is {type(given).__name__}{remedy}")


def spelling(printed: str, *, marks: bool = True) -> str:
    """Return what a run of letters is compared by: lower case, NFC but the tone at the end, y for i as i.

    Without `marks` the letters alone are left, "đ" as "d": "hoa" for "Hoà", "hóa" and "họa".
    """
    return (_spelling if len(printed) <= _LONGEST_REMEMBERED else _spelling.__wrapped__)(printed, marks)


@functools.lru_cache(maxsize=1 << 16)
def _spelling(printed: str, marks: bool) -> str:
    folded = unicodedata.normalize("NFC", printed.lower())
    decomposed = folded if folded.isascii() else unicodedata.normalize("NFD", folded)
    if _LATIN.fullmatch(decomposed.replace("đ", "d")) is None:
        return folded  # in other scripts the same marks are letters: "й" is no "и"
    tone = "".join(sorted([mark for mark in decomposed if mark in _TONES]))
    bare = unicodedata.normalize("NFC", decomposed.translate(_WITHOUT_TONES))
    if not marks:
        bare, tone = without_diacritics(bare), ""
    if _WRITTEN_WITH_Y.fullmatch(bare):
        bare = bare[0] + "i"
    return bare + tone


def spelled(text: str, *, marks: bool = True) -> list[Spelled]:
    """Return the runs of letters and digits of a text in reading order, with their offsets and keys."""
    found = _SYLLABLE.finditer(text)
    return [Spelled(match.start(), match.end(), spelling(match[0], marks=marks)) for match in found]


def search_key(text: str, *, marks: bool = True) -> str:
    """Return what a text is searched by: the spellings of its syllables, one blank between, none around.

    "Hoà  Bình," and "hòa bình" have one key; without `marks` "hoa binh" has it too. A key of a key is the key.

    Raises:
        NotText: None, bytes or another thing that is no text.
    """
    return " ".join(syllable.key for syllable in spelled(as_text(text), marks=marks))


def has_marks(text: str) -> bool:
    """Whether any letter bears a Vietnamese mark: a text typed without them is compared without them."""
    return search_key(text) != search_key(text, marks=False)
