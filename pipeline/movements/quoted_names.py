"""What a quoted passage is: the name of a movement, or why not."""

from __future__ import annotations

import functools
import re

from pipeline.movements.candidates import NO_TRIGGER, Found
from pipeline.movements.line import Line, count_syllables
from pipeline.movements.telling import tells_itself
from pipeline.movements.verdict import is_broadcast
from pipeline.movements.words import movement_words
from pipeline.syllables import name_key

MAX_COUNT = 16  # characters of a number before a name
_PLURALS = (name_key("các"), name_key("những"))
MAX_THING = 24  # characters in which a name says that it is a thing
MAX_GIVING = 24  # characters before a name in which it is given
MAX_INSIDE_SYLLABLES = 20  # of a name after a trigger within its quotes; longer ones are titles of reports

# what a quoted name begins with tells that it is none: phát động “Giải báo chí về công đoàn”
_OWN_HEADS = ("fund", "award", "contest")
# “Xuân nghĩa tình - Tết sẻ chia”: how every union names its New Year programme
_NEW_YEAR = re.compile(r"(?:Tết|Xuân)\b.*[-–—,]\s*(?:Xuân|Tết)\b", re.IGNORECASE)
_TRIGGER_INSIDE = re.compile(r"(?:phong trào(?: thi đua)?|cuộc vận động|chương trình)[:\s]+(?=\S+\s+\S)", re.IGNORECASE)
# a number right before a name
_COUNTED = re.compile(r"\b\d[\d.,]*\s+$")


def after_trigger_inside(text: str, start: int, end: int) -> int | None:
    """Return where the name begins in a passage that opens with its trigger: “Phong trào Ba đảm đang”."""
    inside = _TRIGGER_INSIDE.match(text, start, end)
    return None if inside is None else inside.end()


def is_title(text: str, start: int, end: int) -> bool:
    """Say whether what follows a trigger within the quotes is written as a name: “Phong trào Ba đảm đang”."""
    first = text[start]
    return (first.isupper() or first.isdigit()) and count_syllables(text[start:end]) <= MAX_INSIDE_SYLLABLES


def refusal(line: Line, read: Found, *, lost: bool) -> str | None:
    """Judge what may be a name by the words before it, then by what the registry knows, then by its own words.

    `lost`: one of its quotes is missing.
    """
    verdict = read.verdict
    announced = verdict.trigger is None or verdict.trigger.word.role == "announcing"
    if announced and read.entry is None and line.refusal_at(read.start) in _OWN_HEADS:
        return line.refusal_at(read.start)
    if verdict.trigger is not None:
        return _refusal_after_trigger(line, read)
    if verdict.refusal is not None:
        stays = read.entry is not None and read.entry.alone and not verdict.excludes_known(quoted=True)
        return None if stays else verdict.refusal.word.reason
    if _COUNTED.search(line.text, max(line.start, read.outer_start - MAX_COUNT), read.outer_start) is not None:
        return "counted"  # 500 “Túi An sinh Công đoàn”: the thing, not the movement
    if is_given(line, read.start, read.outer_start):
        return "given"
    if read.entry is not None:
        return NO_TRIGGER if read.entry.triggered else None
    name = line.text[read.start : read.end]
    if verdict.listed:
        return None if name[0].isupper() else "in passing"
    if lost or not name[0].isupper():
        return NO_TRIGGER  # “Chiến dịch này …, he said: a quotation that nobody closed
    return None if _NEW_YEAR.match(name) is not None or tells_itself(name) else NO_TRIGGER


def is_given(line: Line, start: int, outer_start: int) -> bool:
    """Say whether a name is of a thing that is handed out: trao “Túi an sinh Công đoàn” cho 20 công nhân."""
    name = name_key(line.text[start : start + MAX_THING])
    if not any(name[: len(thing)] == thing for thing in _things("given_things")):
        return False
    before = name_key(line.text[max(line.start, outer_start - MAX_GIVING) : outer_start])
    before = before[:-1] if before[-1:] in _PLURALS else before
    return any(before[len(before) - len(verb) :] == verb for verb in _things("giving_verbs"))


@functools.cache
def _things(name: str) -> tuple[tuple[str, ...], ...]:
    return tuple(name_key(phrase) for phrase in getattr(movement_words(), name))


def trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """Leave out white space, punctuation and stray quotes at both ends of a name."""
    stray = " \t\u00a0,.;:…-–—“”\"‘’'«»"
    inside = text[start:end]
    return start + len(inside) - len(inside.lstrip(stray)), start + len(inside.rstrip(stray))


def _refusal_after_trigger(line: Line, read: Found) -> str | None:
    if read.entry is not None:
        return None
    if _is_word(line, read):
        return "in passing"
    trigger = read.verdict.trigger
    is_programme = trigger is not None and trigger.word.kind == "chuong_trinh"
    return "broadcast" if is_programme and is_broadcast(line.text, read.outer_end, line.end) else None


def _is_word(line: Line, read: Found) -> bool:
    """Say whether quotes hold a word in passing: "chiến dịch xử lý “điểm nóng”", "chương trình “thử”"."""
    name, trigger = line.text[read.start : read.end], read.verdict.trigger
    if not name[0].islower():
        return False
    announced = trigger is not None and trigger.word.role == "announcing"
    return not read.verdict.adjacent or announced or count_syllables(name) == 1
