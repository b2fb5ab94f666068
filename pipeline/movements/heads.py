"""The words before a name that tell what it is: a trigger ("phong trào"), or a refusal ("danh hiệu", "khẩu hiệu")."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable
from typing import Literal, NamedTuple, get_args

from pipeline.movements.words import movement_words
from pipeline.records import MovementKind
from pipeline.syllables import SYLLABLE, Syllables, name_key, unmarked_key
from pipeline.trie import Trie

Role = Literal["trigger", "quoted only", "announcing", "refusal", "plain"]

MAX_TAIL_SYLLABLES = 12  # between a trigger and its quoted name: "xây dựng người cán bộ, công chức, viên chức" has 10
MAX_LIST_LEAD_SYLLABLES = 30  # the same where "như:" or ":" announces the names
MAX_DIRECT_SYLLABLES = 6  # between a trigger and the "như" before names without quotes
MIN_UNMARKED_SYLLABLES = 2  # of a refusal in a text typed without marks, where "viet" is viết and Việt

_SENTENCE_END = re.compile(r"(?:(?:^|[a-zà-ỹ0-9”\"’)])[.!?]|[…;]|\.\.\.)\s")
_FULL_STOP = re.compile(r"(?:^|[a-zà-ỹ0-9”\"’)])[.!?]\s")
# what goes on with the trigger after a semicolon: "nhiều mô hình mới; tiêu biểu: “A”"
_GOES_ON = re.compile(
    r"\b(?:tiêu biểu|điển hình|nổi bật|cụ thể|đáng chú ý|như|gồm|trong đó có|đó là)(?: là| như)?\s*:?\s*$",
    re.IGNORECASE,
)
# what announces names at the end of a tail: "khác, như:", "tiêu biểu là", "mang tên"; the longest is "là phong trào là"
_LEAD_IN = re.compile(
    r"(?::|\b(?:như|như là|gồm|gồm có|bao gồm|mang tên|có tên|tên|tên gọi|tên là|tên gọi là|gọi là|gọi tắt là|đó là"
    r"|trong đó có|nổi bật có|(?:tiêu biểu|điển hình|nổi bật|đặc biệt|nhất|cụ thể|đầu tiên|là phong trào) là"
    r"|(?:phải |cần |có thể )?kể (?:đến|tới)(?: là)?|nhất là|đặc biệt là))\s*:?\s*$",
    re.IGNORECASE,
)


_LEAD_IN_CHARACTERS = 24
_LEAD_IN_ENDS = (":", "như", "là", "gồm", "có", "tên", "gọi", "đến", "tới")


class Word(NamedTuple):
    """A phrase of the lexicon: a trigger has a `kind`, a refusal a `reason`."""

    role: Role
    kind: MovementKind | None = None
    reason: str | None = None


class Head(NamedTuple):
    """A lexicon phrase as it stands in a text."""

    start: int
    end: int
    word: Word


def heads_of(text: str, line: Syllables, *, marked: bool) -> list[Head]:
    """Return triggers and refusals of a line in reading order; they don't overlap. `marked`: typed with marks."""
    words = _words(marked)
    found: list[Head] = []
    resume = 0
    for index in words.may_start(line):
        match = words.longest(text, line, index) if index >= resume else None
        if match is None:
            continue
        taken, word = match
        head = Head(line.starts[index], line.ends[index + taken - 1], word)
        if found and _on_a_subject(text, found[-1], head):
            found[-1] = Head(found[-1].start, head.end, found[-1].word)
        elif word.role != "plain":
            found.append(head)
        resume = index + taken
    return found


def _on_a_subject(text: str, before: Head, head: Head) -> bool:
    """ "hội nghị chuyên đề", "tọa đàm với các chuyên đề": a meeting on a subject, not an emulation of that name."""
    words = movement_words()
    if before.word.reason != "meeting" or text[head.start : head.end].casefold() not in words.subjects:
        return False
    between = text[before.end : head.start].casefold()
    return _SENTENCE_END.search(between) is None and not any(word in between for word in words.not_subjects)


def announces(tail: str) -> bool:
    """Say whether the words between a trigger and a quote let the quote be the trigger's name."""
    tail = tail.strip().removeprefix(")").strip()  # cuộc vận động (CVĐ) “…”
    if not tail:
        return True
    if _SENTENCE_END.search(tail) is not None and (_FULL_STOP.search(tail) is not None or not goes_on(tail)):
        return False
    words = [match[0].casefold() for match in SYLLABLE.finditer(tail)]
    if leads_in(tail):
        return len(words) <= MAX_LIST_LEAD_SYLLABLES
    if len(words) > MAX_TAIL_SYLLABLES or words[-1:] in (["và"], ["về"]) or "số" in words:
        return False  # "chương trình số 12 về “…”" cites a document
    return boundary("clause").isdisjoint(name_key(word) for word in words) and not _breaks_at_comma(tail)


def announces_directly(tail: str) -> bool:
    """Say whether next to nothing stands between a trigger and what announces its names: "thi đua tiêu biểu như".

    Without quotes only that tells a name: "chương trình bốc thăm với các giải lớn như: Xe máy" names none.
    """
    words = [match[0].casefold() for match in SYLLABLE.finditer(tail)]
    if words[-1:] == ["tên"] and words[-2:] not in (["mang", "tên"], ["có", "tên"]):
        return False  # "chàng thủ lĩnh của chương trình tên Hoàng"
    announcing = _LEAD_IN.search(tail)
    told = [match[0] for match in SYLLABLE.finditer(tail[: announcing.start()] if announcing else tail)]
    return len(told) <= MAX_DIRECT_SYLLABLES and boundary("clause").isdisjoint(name_key(word) for word in told)


def goes_on(tail: str) -> bool:
    """Say whether the words end in what takes up a trigger again: "; tiêu biểu:", "trong đó có"."""
    return _GOES_ON.search(tail) is not None


def leads_in(tail: str) -> bool:
    """Say whether the words end by announcing what follows: "như:", "tiêu biểu là", "mang tên", ":"."""
    tail = tail.rstrip()
    if not tail[-len("như") :].casefold().endswith(_LEAD_IN_ENDS):
        return False
    return _LEAD_IN.search(tail, max(0, len(tail) - _LEAD_IN_CHARACTERS)) is not None


def _breaks_at_comma(tail: str) -> bool:
    """A comma belongs to the noun phrase ("người cán bộ, công chức") unless the tail begins with it."""
    return tail.startswith(",") or tail.endswith((",", "-", "–"))


@functools.cache
def boundary(name: str, *, marked: bool = True) -> frozenset[tuple[str, ...]]:
    """Return the keys of a list under [boundaries]: clause, stops, organisations, months."""
    key = name_key if marked else unmarked_key
    return frozenset(key(phrase) for phrase in movement_words().boundaries[name])


@functools.cache
def _words(marked: bool) -> Trie[Word]:
    lexicon = movement_words()
    words: Trie[Word] = Trie(joints=" \t\u00a0")
    for reason, phrases in lexicon.refusals.items():
        _add(words, phrases, Word("refusal", reason=reason), marked)
    _add(words, lexicon.plain, Word("plain"), marked)
    _add(words, lexicon.quoted_only, Word("quoted only", kind="khac"), marked)
    kinds: tuple[MovementKind, ...] = get_args(MovementKind)
    for kind in kinds:
        _add(words, lexicon.announcing.get(kind, ()), Word("announcing", kind=kind), marked)
        _add(words, lexicon.triggers[kind], Word("trigger", kind=kind), marked)
    return words


def _add(words: Trie[Word], phrases: Iterable[str], word: Word, marked: bool) -> None:
    for phrase in phrases:
        key = name_key(phrase) if marked else unmarked_key(phrase)
        if marked or word.role == "trigger" or len(key) >= MIN_UNMARKED_SYLLABLES:
            words.add(key, word)
