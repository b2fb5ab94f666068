"""What a single line of a news page is when it is not the article: heading of a box, widget, caption, byline, source.

The words are data (`lexicon/furniture.toml`, and `furniture` of a site's profile); this module matches whole lines.
"""

from __future__ import annotations

import functools
import re
import tomllib
import unicodedata
from dataclasses import dataclass, replace
from importlib import resources

from crawler.site import Site

# a paragraph that stands for itself: shorter ones are titles, subheads and items
MIN_PROSE_WORDS = 12
# the longest caption in the collected pages has 62 words
MAX_CAPTION_WORDS = 80
MAX_BYLINE_WORDS = 4
MAX_BYLINES = 3

_COUNT = re.compile(r"\s*\(\s*\d*\s*\)?$")
_ENDS_SENTENCE = re.compile(r"[.!?…:;][\"”’»)\]*]*$|/\.$")
_NO_WORD = re.compile(r"(?:!?\[[^\]]*\]\([^)]*\)|[^\w])*")
_RELATED_ROW = re.compile(r"\|[^|]+\|")
_REMARK = re.compile(r"\s*\((?:[^()]{2,40})\)\s*$")
_INITIALS = re.compile(r"(?:\w{1,3}\.)+\s?\w{1,10}\.?")
_BETWEEN_NAMES = re.compile(r"\s+[-–]\s+|\s*[,;&/]\s*|\s+và\s+")


@dataclass(frozen=True, slots=True)
class Rules:
    """Everything a line is held against: keys are case folded, patterns compiled."""

    below: frozenset[str]
    inside: frozenset[str]
    lines: frozenset[str]
    patterns: tuple[re.Pattern[str], ...]
    captions: tuple[re.Pattern[str], ...]
    bylines: tuple[re.Pattern[str], ...]
    sources: tuple[re.Pattern[str], ...]
    datelines: tuple[re.Pattern[str], ...]
    agencies: tuple[str, ...]
    places: frozenset[str]


@functools.cache
def shipped() -> Rules:
    """The rules that come with the package."""
    table = tomllib.loads(resources.files("pipeline").joinpath("lexicon/furniture.toml").read_text(encoding="utf-8"))
    return Rules(
        below=frozenset(line_key(line) for line in table["below"]),
        inside=frozenset(line_key(line) for line in table["inside"]),
        lines=frozenset(line_key(line) for line in table["lines"]),
        patterns=_compiled(table["patterns"], re.IGNORECASE),
        captions=_compiled(table["captions"]),
        bylines=_compiled(table["bylines"], re.IGNORECASE),
        sources=_compiled(table["sources"], re.IGNORECASE),
        datelines=(),
        agencies=tuple(sorted(table["agencies"], key=len, reverse=True)),
        places=frozenset(place.casefold() for place in table["places"]),
    )


@functools.lru_cache(maxsize=64)
def rules_for(site: Site | None) -> Rules:
    """Return the shipped rules with those of a site's profile added."""
    rules = shipped()
    if site is None:
        return rules
    own = site.furniture
    return replace(
        rules,
        below=rules.below | {line_key(line) for line in own.headings},
        lines=rules.lines | {line_key(line) for line in own.lines},
        patterns=(*rules.patterns, *_compiled(own.patterns, re.IGNORECASE)),
        datelines=_compiled(own.datelines),
    )


def line_key(line: str) -> str:
    """Return what makes two printings of a heading the same: case folded, no count, colon, arrow or star around it."""
    bare = _COUNT.sub("", line.strip(" \t:»>›|*#-–•.…+[]"))
    return " ".join(unicodedata.normalize("NFC", bare).casefold().strip(" :").split())


def is_single_line(line: str, rules: Rules | None = None) -> bool:
    """Whether a line is, taken alone, a heading of a box or a widget."""
    held = rules or shipped()
    key = line_key(line)
    if key in held.below or key in held.inside or key in held.lines:
        return True
    return any(pattern.fullmatch(line) for pattern in held.patterns)


def is_mark(line: str) -> bool:
    """Whether a line has no word in it: arrows, bars, what is left of a picture."""
    return bool(_NO_WORD.fullmatch(line))


def is_related_row(line: str) -> bool:
    """Whether a line is one cell between bars: titles of a related box glued together, as MasterCMS pages give them."""
    return bool(_RELATED_ROW.fullmatch(line))


def is_prose(line: str, words: int = MIN_PROSE_WORDS) -> bool:
    """Whether a line is a paragraph: enough words, and closed like a sentence."""
    return len(line.split()) >= words and bool(_ENDS_SENTENCE.search(line))


def is_caption(line: str, rules: Rules) -> bool:
    """Whether a line bears the mark of a picture's caption ("Ảnh: …" at its end)."""
    if len(line.split()) > MAX_CAPTION_WORDS or byline_mark(line, rules) is not None:
        return False
    return any(pattern.search(line) for pattern in rules.captions)


def byline_mark(line: str, rules: Rules) -> str | None:
    """Return the name after a byline mark ("Tin, ảnh: …"), or None."""
    for pattern in rules.bylines:
        found = pattern.fullmatch(line)
        if found:
            return found["name"]
    return None


def is_source(line: str, rules: Rules) -> bool:
    """Whether a line names the paper that a reprint comes from."""
    return len(line.split()) <= 12 and any(pattern.fullmatch(line) for pattern in rules.sources)


def byline_authors(line: str) -> tuple[str, ...]:
    """Return the names of a byline, () when the line is no byline.

    A byline is two to four capitalised words, initials, or several such joined by a dash, comma or slash; a remark in
    brackets stays with the name ("Vi Lam (tổng hợp)").
    """
    bare = line.strip(" .*_")
    remark = _REMARK.search(bare)
    names = bare[: remark.start()] if remark else bare
    parts = [part for part in _BETWEEN_NAMES.split(names) if part]
    if not parts or len(parts) > MAX_BYLINES or not all(_is_name(part) for part in parts):
        return ()
    return (bare,) if remark or len(parts) == 1 else tuple(parts)


def _is_name(part: str) -> bool:
    words = part.split()
    if any(character.isdigit() for character in part) or len(part) > 40:
        return False
    if len(words) == 1:
        capitals = sum(character.isupper() for character in part)
        return bool(_INITIALS.fullmatch(part)) or (2 <= len(part) <= 8 and capitals >= 2 and part.isalpha())
    return len(words) <= MAX_BYLINE_WORDS and all(_is_name_word(word) for word in words)


def _is_name_word(word: str) -> bool:
    return word[:1].isupper() and all(character.isalpha() or character in ".'’" for character in word)


def _compiled(patterns: tuple[str, ...] | list[str], flags: int = 0) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(pattern, flags) for pattern in patterns)
