"""Characters put right: what a printed line is once the accidents of the web are taken away. The only door to ftfy.

Nothing here changes a letter, a digit or a punctuation mark that a reader sees.
"""

from __future__ import annotations

import html
import re
import unicodedata

# U+FEFF and U+200B..U+200F mark joins and directions, U+00AD is the soft hyphen, U+2060..U+2064 invisible operators;
# the rest are control characters
_UNSEEN = re.compile(
    "[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\\x00-\\x08\\x0e-\\x1b\\x7f-\\x84\\x86-\\x9f]"
)
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});")
_LAYERED = re.compile(r"[&{}]")
_TEMPLATE = re.compile(r"\{\{[^{}]*\}\}")
# UTF-8 read as Latin-1 or windows-1252: the lead bytes of Vietnamese letters followed by a continuation byte
_MOJIBAKE = re.compile(
    "á[»º][\u0080-\u00bf\u0152-\u02dc\u2013-\u2122]|Ä[\u0080-\u00bf\u2018\u0192]|Æ[°\u00a0¡]|Ã[\u0080-\u00bf]"
)
# between tags and line ends a text went through the same hands
_SEGMENT = re.compile(r"[^<>\r\n]+")
_WESTERN = ("latin-1", "sloppy-windows-1252")

# entities within entities: two layers are seen ("&amp;amp;nbsp;"); a line with more than these was made to keep us busy
MAX_LAYERS = 8
# damage is systematic: one accidental pair of such letters in a page is no proof
MIN_MOJIBAKE_PAIRS = 3

# Words in the letters of fonts from before Unicode. TCVN3 (ABC) puts signs where Vietnamese has letters ("®oµn viªn");
# files turned into text change some of them ("đoμn", "t−ợng").
_TCVN3 = re.compile("[^\\W\\d_][µμ¸¶·¹¨»¾¼½©®ª«¬−÷×][^\\W\\d_]|(?<!\\w)[®«¬©][a-zµ-ÿ]{2}|[a-z][µμ¸¶¨](?!\\w)")
_IN_TCVN3 = re.compile("[µμ¸¶·¹¨»¾¼½©®ª«¬−÷×]")
# VNI writes a letter and then its mark as another letter ("Coâng ñoaøn"): pairs that no spelling of Vietnamese has, the
# old tone placement ("hoà", "hoá", "hoè") left out. Found by the second letter, the rarer one: a tenth of the time
_VNI = re.compile(
    "[ùøûõïâåäêéèúüëáàãÙØÛÕÏÂÅÄÊÉÈÚÜËÁÀÃñÑ](?:"
    "(?<=[aA][ùøûõïâåäêéèúüëÙØÛÕÏÂÅÄÊÉÈÚÜË])|(?<=[eE][ùøûõïâáàåãäÙØÛÕÏÂÁÀÅÃÄ])|(?<=[oO][ùøûïâåäÙØÛÏÂÅÄ])"
    "|(?<=[ôÔöÖ][ùøûõïÙØÛÕÏ])|(?<=[uU][ùøûõïÙØÛÕÏ])|(?<=[ñÑ])(?<!\\w[ñÑ])(?=[aeiouyôöAEIOUYÔÖ]))"
)
_WORD = re.compile(r"\S{1,60}")
# a foreign name or a formula breaks a word or two of a line, a font breaks every second word; a heading has two words
MIN_BROKEN_WORDS = 2
MIN_BROKEN_SHARE = 0.2


def composed(text: str) -> str:
    """Return the text with each letter and its marks as one character (NFC)."""
    return unicodedata.normalize("NFC", text)


def repair_line(printed: str) -> str:
    """Return one line in NFC: entities undone, invisible characters gone, each run of blanks (NBSP too) one space.

    Template text that was never filled in (`{{vm.currentDate}}`) is no text and goes. Repairing twice is
    repairing once.
    """
    line = printed
    for _ in range(MAX_LAYERS):
        repaired = _repair_once(line)
        if repaired == line:
            return line
        line = repaired
    return _repair_once(_LAYERED.sub(" ", line))


def _repair_once(line: str) -> str:
    if "&" in line:
        line = _ENTITY.sub(lambda entity: html.unescape(entity[0]), line)
    if "{{" in line:
        line = _TEMPLATE.sub(" ", line)
    if not line.isprintable():  # as nothing unseen is
        line = _UNSEEN.sub("", line)
    return " ".join(composed(line).split())


def repair_mojibake(text: str) -> str:
    """Return the text with UTF-8 that was read as a Western encoding read rightly, where that is exactly reversible.

    Each run between tags and line ends is mended whole or left alone: when writing it back in the Western encoding
    gives valid UTF-8, nothing was lost on the way. A text without such damage is returned as it is.
    """
    if not is_mojibake(text):
        return text
    import ftfy.bad_codecs  # seldom asked for, and slow to load

    ftfy.bad_codecs.ok()  # makes the codec "sloppy-windows-1252" known
    return _SEGMENT.sub(lambda segment: _reread(segment[0]), text)


def _reread(segment: str) -> str:
    if not _MOJIBAKE.search(segment):
        return segment
    for encoding in _WESTERN:
        try:
            return segment.encode(encoding).decode("utf-8")
        except UnicodeError:
            continue
    return segment


def is_mojibake(text: str) -> bool:
    """Whether the text shows UTF-8 read as a Western encoding."""
    return sum(1 for _ in zip(range(MIN_MOJIBAKE_PAIRS), _MOJIBAKE.finditer(text), strict=False)) == MIN_MOJIBAKE_PAIRS


def old_font(line: str) -> str | None:
    """Return the name of the encoding, "TCVN3" or "VNI", when a line is written in the letters of a font from before
    Unicode; None for a line that can be read.

    Such text could only be converted with a guess at the font, and mixtures not at all, so it is not.
    """
    for name, broken in (("TCVN3", _TCVN3), ("VNI", _VNI)):
        if (name == "TCVN3" and _IN_TCVN3.search(line) is None) or broken.search(line) is None:
            continue
        words = _WORD.findall(line)
        count = sum(1 for word in words if broken.search(word))
        if count >= MIN_BROKEN_WORDS and count >= MIN_BROKEN_SHARE * len(words):
            return name
    return None
