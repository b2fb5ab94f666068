"""Which language a text is written in, and in which script. The only door to pycld2.

CLD2 knows 83 languages by their letter sequences. Two things it cannot know are added, for texts in Latin letters:
whether the words can be Vietnamese syllables at all, of which there are few and all of one build (a Vietnamese title
typed without marks has nearly nothing else), and that Vietnamese names in a foreign sentence do not make it Vietnamese.
"""

from __future__ import annotations

import collections
import functools
import re
import unicodedata
from dataclasses import dataclass

import pycld2

from pipeline.spelling import as_text, spelling

UNDETERMINED = "und"
# a text is judged by its beginning: language does not hide behind 20,000 characters (an article has 3,000)
MAX_READ = 20_000
# of the words in Latin letters, how many can be Vietnamese syllables: .68 to 1 in 999 of 1,000 Vietnamese sentences
# (names of firms, abbreviations), 0 to .62 in sentences of other languages, Vietnamese names in them and all
MIN_SYLLABLES_VIETNAMESE = 0.65
# from here on a text without a foreign word is Vietnamese whatever its letter sequences look like
MIN_SYLLABLES_CERTAIN = 0.9
# fewer words prove nothing: "an", "the", "long" are English and Vietnamese
MIN_WORDS_CERTAIN = 4
# of a text's bytes; with more, an article is partly Vietnamese and is kept
MAX_VIETNAMESE_OF_FOREIGN = 0.2
# in letters; a line of date and place, a list of web addresses are no proof that an article is foreign
MIN_LETTERS_OF_FOREIGN = 80

# what CLD2 refuses as "not valid for interchange": controls, noncharacters; and surrogates, which UTF-8 cannot hold
_REFUSED = re.compile(
    "[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef"
    + "".join(f"{chr(plane | 0xFFFE)}{chr(plane | 0xFFFF)}" for plane in range(0, 0x110000, 0x10000))
    + "]"
)
_LATIN_WORD = re.compile(r"(?<![^\W\d_])[a-zA-Z\u00c0-\u024f\u1e00-\u1eff]{1,40}(?![^\W\d_])")
_ONSET = "(?:b|ch?|d|gh?|gi|h|kh?|l|m|nh?|ngh?|ph?|qu|r|s|th?|tr|v|x)?"
_RIME = (
    "(?:a(?:ch?|[imopuyt]|n[gh]?)?|e(?:ch|[cmopt]|n[gh]?|u)?|i(?:ch|[amptu]|nh?|e(?:[cmptu]|ng?))?"
    "|o(?:a(?:ch?|[imopty]|n[gh]?)?|e(?:[not])?|[cimpt]|ng?|oc|ong)?"
    "|u(?:a(?:[ty]|ng?)?|e(?:ch|nh?)?|[cimptu]|ng?|o(?:[cimptu]|ng?)?|y(?:a|u|t|ch|nh?|e[nt])?)?"
    "|y(?:e(?:[mtu]|ng?))?)"
)
_SYLLABLE = re.compile(_ONSET + _RIME)
# by the first word of a letter's name in Unicode
_SCRIPTS = {
    "LATIN": "Latn",
    "CYRILLIC": "Cyrl",
    "GREEK": "Grek",
    "ARABIC": "Arab",
    "DEVANAGARI": "Deva",
    "CJK": "Hani",
    "HIRAGANA": "Hira",
    "KATAKANA": "Kana",
    "HANGUL": "Hang",
    "THAI": "Thai",
    "LAO": "Laoo",
    "KHMER": "Khmr",
    "MYANMAR": "Mymr",
}
_OTHER_SCRIPT = "Zyyy"
_NO_ASCII_LETTERS = bytes(byte for byte in range(128) if not chr(byte).isalpha())
# a token with more characters is an address or was made to fill memory
_LONGEST_REMEMBERED = 64
_TOKENS_REMEMBERED = 1 << 15


@dataclass(frozen=True, slots=True)
class Language:
    """The language of a text: ISO 639 code ("vi", "en", "zh-Hant"), "und" for a text without words of any.

    `share` and `vietnamese` are parts of the text, 0 to 1, in this language and in Vietnamese. `reliable` says that
    more than a guess at a few words stands behind it. `script` is the ISO 15924 code of most letters, "Zyyy" without.
    """

    code: str
    share: float
    vietnamese: float
    reliable: bool
    script: str


def language_of(text: str) -> Language:
    """Return the language of a text, judged by its first 20,000 characters; with or without Vietnamese marks.

    Raises:
        NotText: None, bytes or another thing that is no text.
    """
    return _told(_Letters.of(text))


def foreign_language(text: str, languages: tuple[str, ...] = ("vi",)) -> str | None:
    """Return the language of an article that is in none of the given ones ("es, 97 % of the text"), else None.

    What cannot be told, and what is Vietnamese by a fifth or more, is not foreign: an article is not lost by a guess.
    """
    letters = _Letters.of(text)
    if "vi" in languages and letters.certainly_vietnamese:
        return None  # CLD2, which takes longer than all else here, need not be asked
    found = _told(letters)
    base = found.code.split("-")[0]
    if base in languages or found.code == UNDETERMINED or not found.reliable:
        return None
    if "vi" in languages and found.vietnamese >= MAX_VIETNAMESE_OF_FOREIGN:
        return None
    if sum(map(str.isalpha, text[:MAX_READ])) < MIN_LETTERS_OF_FOREIGN:
        return None
    return f"{found.code}, {found.share:.0%} of the text".replace("%", " %")


@dataclass(frozen=True, slots=True)
class _Letters:
    """What the letters of a text tell: their script; where it is Latin how many words they make, and which part of
    these, 0 to 1, can be Vietnamese syllables. `text` is as CLD2 may read it."""

    text: str
    script: str
    words: int
    possible: float

    @classmethod
    def of(cls, given: str) -> _Letters:
        text = unicodedata.normalize("NFC", _without_refused(as_text(given)[:MAX_READ]))
        script = _script(text)
        words = syllables = 0
        for own_words, own_syllables in map(_COUNTS.__getitem__, text.split() if script == "Latn" else ()):
            words += own_words
            syllables += own_syllables
        return cls(text, script, words, syllables / words if words else 0.0)

    @property
    def certainly_vietnamese(self) -> bool:
        """Whether the text is Vietnamese whatever its letter sequences look like."""
        return self.possible >= MIN_SYLLABLES_CERTAIN and self.words >= MIN_WORDS_CERTAIN


def _told(letters: _Letters) -> Language:
    guess = _by_letter_sequences(letters.text, letters.script)
    if letters.script != "Latn":
        return guess
    if guess.code == "vi" and letters.possible < MIN_SYLLABLES_VIETNAMESE:
        return _without_names(letters.text, guess)
    if guess.code != "vi" and letters.certainly_vietnamese:
        return Language("vi", letters.possible, letters.possible, False, letters.script)
    return guess


@functools.lru_cache(maxsize=1 << 16)
def is_syllable(word: str) -> bool:
    """Whether a word in Latin letters is built as a Vietnamese syllable is, its marks aside: "đoàn", "nguyen"."""
    return _SYLLABLE.fullmatch(spelling(word, marks=False)) is not None


def _without_refused(text: str) -> str:
    # all that is refused is unprintable, and hardly a text has more of that than the ends of its lines
    return text if text.replace("\n", " ").isprintable() else _REFUSED.sub(" ", text)


class _Counts(dict[str, tuple[int, int]]):
    """Of each token met so far how many words in Latin letters are in it, and how many of these can be Vietnamese
    syllables: tokens come back from text to text."""

    def __missing__(self, token: str) -> tuple[int, int]:
        words = _LATIN_WORD.findall(token)
        counts = len(words), sum(map(is_syllable, words))
        if len(token) <= _LONGEST_REMEMBERED:
            if len(self) >= _TOKENS_REMEMBERED:
                self.clear()
            self[token] = counts
        return counts


_COUNTS = _Counts()


def _by_letter_sequences(text: str, script: str) -> Language:
    """Return what CLD2 says, told that Vietnamese is likely where the letters allow it."""
    hint = "vi" if script == "Latn" else None
    reliable, _, found = pycld2.detect(text, isPlainText=True, bestEffort=True, hintLanguage=hint)
    shares = {code: percent / 100 for _, code, percent, _ in found if code != "un" and not code.startswith("xx")}
    if not shares:
        return Language(UNDETERMINED, 0.0, 0.0, False, script)
    code = max(shares, key=lambda name: shares[name])
    return Language(code, shares[code], shares.get("vi", 0.0), bool(reliable), script)


def _without_names(text: str, guess: Language) -> Language:
    """Judge a text by its words without Vietnamese marks: the marked ones are names in a foreign sentence."""
    plain = " ".join(word for word in _LATIN_WORD.findall(text) if not _has_vietnamese_mark(word))
    reliable, _, found = pycld2.detect(plain, isPlainText=True, bestEffort=True)
    code = found[0][1]
    if code in ("vi", "un"):
        return Language(UNDETERMINED, 0.0, guess.vietnamese, False, guess.script)
    return Language(code, found[0][2] / 100, 0.0, bool(reliable), guess.script)


def _has_vietnamese_mark(word: str) -> bool:
    """Whether a word has a letter that no other language of the papers' editions has; à, é, ô French has too."""
    return any("\u1ea0" <= letter <= "\u1ef9" or letter in "ăđĩũơưĂĐĨŨƠƯ" for letter in word)


def _script(text: str) -> str:
    ascii_ = text.encode("ascii", "ignore")
    if len(ascii_.translate(None, _NO_ASCII_LETTERS)) > len(text) - len(ascii_):  # as in nearly every Vietnamese text
        return "Latn"
    counted: collections.Counter[str] = collections.Counter()
    for character, count in collections.Counter(text).items():
        if character.isalpha():
            counted[_script_of(character)] += count
    return max(counted, key=lambda name: (counted[name], name)) if counted else _OTHER_SCRIPT


@functools.lru_cache(maxsize=1 << 12)
def _script_of(letter: str) -> str:
    name = unicodedata.name(letter, "").split(" ")[0].split("-")[0]
    return _SCRIPTS.get(name, _OTHER_SCRIPT)
