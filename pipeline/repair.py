"""Characters put right: what a printed line is once the accidents of the web are taken away. The only door to ftfy.

Nothing here changes a letter, a digit or a punctuation mark that a reader sees.
"""

from __future__ import annotations

import html
import re
import unicodedata

import ftfy

# U+FEFF and U+200B..U+200F mark joins and directions, U+00AD is the soft hyphen, U+2060..U+2064 invisible operators
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f]")
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});")
_TEMPLATE = re.compile(r"\{\{[^{}]*\}\}")
# UTF-8 read as Latin-1 or windows-1252: the lead bytes of Vietnamese letters followed by a continuation byte
_MOJIBAKE = re.compile(
    "á[»º][\u0080-\u00bf\u0152-\u02dc\u2013-\u2122]|Ä[\u0080-\u00bf\u2018\u0192]|Æ[°\u00a0¡]|Ã[\u0080-\u00bf]"
)

# damage is systematic: one accidental pair of such letters in a page is no proof
MIN_MOJIBAKE_PAIRS = 3


def repair_line(printed: str) -> str:
    """Return one line in NFC: entities undone, invisible characters gone, each run of blanks (NBSP too) one space.

    Template text that was never filled in (`{{vm.currentDate}}`) is no text and goes. Repairing twice is
    repairing once.
    """
    line = printed
    while True:
        repaired = _repair_once(line)
        if repaired == line:
            return line
        line = repaired


def _repair_once(line: str) -> str:
    unescaped = _ENTITY.sub(lambda entity: html.unescape(entity[0]), line)
    visible = _CONTROL.sub("", _INVISIBLE.sub("", _TEMPLATE.sub(" ", unescaped)))
    return " ".join(unicodedata.normalize("NFC", visible).split())


def repair_mojibake(text: str) -> str:
    """Return the text with UTF-8 that was read as a Western encoding read rightly, when that is exactly reversible.

    A text without such damage is returned as it is.
    """
    if len(_MOJIBAKE.findall(text)) < MIN_MOJIBAKE_PAIRS:
        return text
    try:
        return text.encode("latin-1").decode("utf-8")
    except (UnicodeEncodeError, UnicodeDecodeError):
        # windows-1252 was in play, or only parts are damaged: ftfy mends each run it can prove
        return str(ftfy.fix_encoding(text))


def is_mojibake(text: str) -> bool:
    """Whether the text still shows UTF-8 read as a Western encoding."""
    return len(_MOJIBAKE.findall(text)) >= MIN_MOJIBAKE_PAIRS
