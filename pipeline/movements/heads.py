"""The words before a name that tell what it is: a trigger ("phong trào"), or a refusal ("danh hiệu", "khẩu hiệu")."""

from __future__ import annotations

import functools
import re
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Literal, get_args

from pipeline.schema import MovementKind
from pipeline.syllables import SYLLABLE, Syllable, name_key
from pipeline.trie import Trie

Role = Literal["trigger", "quoted only", "announcing", "refusal", "plain"]

MAX_TAIL_SYLLABLES = 12  # between a trigger and its quoted name: "xây dựng người cán bộ, công chức, viên chức" has 10
MAX_LIST_LEAD_SYLLABLES = 30  # the same where "như:" or ":" announces the names
MAX_TELLING_SYLLABLES = 8  # “Tháng …” with more is a sentence

_SENTENCE_END = re.compile(r"(?:[a-zà-ỹ0-9”\"’)][.!?]|[…;]|\.\.\.)\s")
# what announces names at the end of a tail: "khác, như:", "tiêu biểu là", "mang tên"
_LEAD_IN = re.compile(
    r"(?::|\b(?:như|như là|gồm|gồm có|bao gồm|mang tên|có tên|tên|tên gọi|tên là|tên gọi là|gọi là|gọi tắt là|đó là"
    r"|trong đó có|nổi bật có|(?:tiêu biểu|điển hình|nổi bật|đặc biệt|nhất|cụ thể|đầu tiên|là phong trào) là"
    r"|kể đến|kể tới|kể đến là|kể tới là|nhất là|đặc biệt là))\s*:?\s*$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Word:
    """A phrase of the lexicon: a trigger has a `kind`, a refusal a `reason`."""

    role: Role
    kind: MovementKind | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Head:
    """A lexicon phrase as it stands in a text."""

    start: int
    end: int
    word: Word


def heads_of(text: str, line: Sequence[Syllable]) -> list[Head]:
    """Return triggers and refusals of a line in reading order; they don't overlap."""
    words = _words()
    found: list[Head] = []
    index = 0
    while index < len(line):
        match = words.longest(text, line, index)
        if match is None:
            index += 1
            continue
        taken, word = match
        head = Head(line[index].start, line[index + taken - 1].end, word)
        if found and _on_a_subject(text, found[-1], head):
            found[-1] = Head(found[-1].start, head.end, found[-1].word)
        elif word.role != "plain":
            found.append(head)
        index += taken
    return found


def _on_a_subject(text: str, before: Head, head: Head) -> bool:
    """ "hội nghị chuyên đề", "buổi nói chuyện chuyên đề": a meeting on a subject, not an emulation of that name."""
    return before.word.reason == "meeting" and text[before.end : head.end].casefold().strip() == "chuyên đề"


def announces(tail: str) -> bool:
    """Say whether the words between a trigger and a quote let the quote be the trigger's name."""
    tail = tail.strip().removeprefix(")").strip()  # cuộc vận động (CVĐ) “…”
    if not tail:
        return True
    if _SENTENCE_END.search(tail):
        return False
    words = [match[0].casefold() for match in SYLLABLE.finditer(tail)]
    if leads_in(tail):
        return len(words) <= MAX_LIST_LEAD_SYLLABLES
    if len(words) > MAX_TAIL_SYLLABLES or words[-1:] in (["và"], ["về"]) or "số" in words:
        return False  # "chương trình số 12 về “…”" cites a document
    return boundary("clause").isdisjoint(name_key(word) for word in words) and not _breaks_at_comma(tail)


def leads_in(tail: str) -> bool:
    """Say whether the words end by announcing what follows: "như:", "tiêu biểu là", "mang tên", ":"."""
    return _LEAD_IN.search(tail) is not None


def tells_itself(name: Sequence[str]) -> bool:
    """Say whether a quoted name, by its syllable keys, needs no trigger: “Tháng …”, “Chiến dịch …”, “… Công đoàn”."""
    if not 2 < len(name) <= MAX_TELLING_SYLLABLES or name[1].isdecimal():
        return False
    telling = _lexicon()["telling"]
    return any(tuple(name[: len(key)]) == key for key in map(name_key, telling["beginnings"])) or any(
        tuple(name[-len(key) :]) == key for key in map(name_key, telling["endings"])
    )


def _breaks_at_comma(tail: str) -> bool:
    """A comma belongs to the noun phrase ("người cán bộ, công chức") unless the tail begins with it."""
    return tail.startswith(",") or tail.endswith((",", "-", "–"))


@functools.cache
def boundary(name: str) -> frozenset[tuple[str, ...]]:
    """Return the keys of a list under [boundaries]: clause, stops, organisations, months."""
    return frozenset(name_key(phrase) for phrase in _lexicon()["boundaries"][name])


@functools.cache
def _words() -> Trie[Word]:
    lexicon = _lexicon()
    words: Trie[Word] = Trie(joints=" \t\u00a0")
    for reason, phrases in lexicon["refusals"].items():
        _add(words, phrases, Word("refusal", reason=reason))
    _add(words, lexicon["plain"]["words"], Word("plain"))
    _add(words, lexicon["quoted_only"]["words"], Word("quoted only", kind="khac"))
    kinds: tuple[MovementKind, ...] = get_args(MovementKind)
    for kind in kinds:
        _add(words, lexicon["announcing"].get(kind, ()), Word("announcing", kind=kind))
        _add(words, lexicon["triggers"][kind], Word("trigger", kind=kind))
    return words


@functools.cache
def _lexicon() -> dict[str, dict[str, list[str]]]:
    return tomllib.loads(files("pipeline").joinpath("lexicon/movement_words.toml").read_text(encoding="utf-8"))


def _add(words: Trie[Word], phrases: Iterable[str], word: Word) -> None:
    for phrase in phrases:
        words.add(name_key(phrase), word)
