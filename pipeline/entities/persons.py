"""Persons: a name after "ông", "đồng chí", an office …, or a surname with a run of capitals."""

from __future__ import annotations

from typing import Final

from pipeline.entities.areas import LONGEST_PERSON
from pipeline.entities.lexicon import lexicon
from pipeline.entities.words import COLON, DOT, HYPHEN, SPACE, STOP, Words

# after these a short name may follow ("chị Hoa"); after the others a surname must ("công nhân Lê Văn A")
_CAPTIONS: Final = frozenset(["ảnh", "ảnh và bài", "bài và ảnh", "bài", "bài, ảnh", "tin, ảnh", "thực hiện"])
_COMRADE: Final = "đồng chí"  # "các đồng chí: A, B, C"
_DOTTED: Final = frozenset({"ThS", "Th.S"})


def name_after_honorific(words: Words, at: int) -> tuple[int, bool] | None:
    """Return where a name may begin after the honorific at a word, and whether any capital will do as a name."""
    found = lexicon().honorifics.longest(words, at)
    if found is None:
        return None
    end, honorific = found
    if end >= words.count or not words.caps[end] or words.gaps[end] not in (SPACE, DOT, STOP, COLON):
        return None
    if words.gaps[end] in (DOT, STOP) and not words.printed(at, end).isupper() and honorific not in _DOTTED:
        return None
    captioned = honorific in _CAPTIONS
    if captioned != (words.gaps[end] == COLON) and honorific != _COMRADE:
        return None
    if captioned and _goes_on(words, words.run(end, LONGEST_PERSON)):
        return None
    return end, honorific in lexicon().sure_honorifics


def _goes_on(words: Words, at: int) -> bool:
    """Whether a sentence goes on after the capitals of a caption: "Ảnh: Một ca lò"."""
    return at < words.count and words.gaps[at] == SPACE


def person_end(words: Words, at: int, *, sure: bool, expected: bool = False) -> int | None:
    """Return where the person's name that begins at a word ends, or None.

    Args:
        sure: an honorific stands before: any capitalised words are a name.
        expected: an office or a person of the same list stands before: a rare surname will do.
    """
    lex = lexicon()
    end = _run_end(words, at)
    length = end - at
    key = words.keys[at]
    if sure:
        decimal = words.text[words.starts[at] : words.ends[at]].isdecimal()
        return end if 1 <= length <= LONGEST_PERSON and not decimal else None
    if not 2 <= length <= LONGEST_PERSON:
        return None
    if words.shouted:
        return end if key in lex.surnames and words.keys[at + 1] in lex.middles else None
    if key in lex.surnames:
        return end
    if key in lex.weak_surnames and (expected or any(word in lex.middles for word in words.keys[at + 1 : end - 1])):
        return end
    return None


def _initials(words: Words, at: int) -> bool:
    """ "M.K", "N. A": letters of a name with dots between them."""
    one = words.ends[at] - words.starts[at] == 1
    return one and words.gaps[at] in (DOT, STOP) and words.ends[at - 1] - words.starts[at - 1] == 1


def _other_begins(words: Words, at: int) -> bool:
    """Whether a body or an office begins; a head of one word may be a given name ("Trường")."""
    lex = lexicon()
    head = lex.heads.longest(words, at)
    return (head is not None and head[0] > at + 1) or lex.offices.longest(words, at) is not None


def _is_title(words: Words, at: int) -> bool:
    """Whether letters behind a hyphen are an office's: "Lê Thị Mai-UVBTV"."""
    printed = words.printed(at, at + 1)
    return len(printed) > 1 and printed.isupper()


def _run_end(words: Words, at: int) -> int:
    """Return where the run of capitals ends; a figure, a body or an office is no part of a name."""
    lex = lexicon()
    end = at
    while (
        end < words.count
        and words.caps[end]
        and (end == at or words.gaps[end] in (SPACE, HYPHEN) or _initials(words, end))
    ):
        if end > at and words.gaps[end] == HYPHEN and (words.shouted or _is_title(words, end)):
            break
        if end > at and _other_begins(words, end):
            break
        if end > at and words.shouted and lex.ends.longest(words, end):
            break
        end += 1
    return end
