"""Lists of names without quotes: which trigger announces one, where an item ends, and what opens a sentence."""

from __future__ import annotations

import re

from pipeline.movements.heads import Head
from pipeline.movements.line import CAPITALS, Line, count_syllables
from pipeline.movements.unquoted import no_name
from pipeline.movements.verdict import Verdict

MAX_LIST_LEAD = 80  # characters from "phong trào" to the "như" that announces a list
MAX_OPENER_SYLLABLES = 4  # "Thực hiện tốt các | chương trình"
MAX_LISTED_SYLLABLES = 20  # of an item between semicolons, where the list tells its end
_MAX_PLURAL = 8  # characters of "những " before a trigger, and blanks

_LIST_LEAD = re.compile(r":|\b(?:như|gồm)\b")
# an item ends where the next one opens, with a capital or a quote; a comma before a small letter belongs to it
_ITEM_END = re.compile(
    rf"[;…(:“\"]|\.(?!\w)|(?:,|\s(?:và|cùng))\s+(?=[{CAPITALS}“\"])|\s(?:đã|đang|sẽ|được|do|tại)\s"
    r"|\s(?:với (?:tổng )?(?:kinh phí|số tiền|trị giá)|(?:tổng )?trị giá)\s"
)
_LIST_SIGNS = (";", "…", ".", ",", "và", "cùng")
_PLURAL = re.compile(r"\b(?:các|những|nhiều|hai|ba|bốn)\s*$", re.IGNORECASE)


def announces_list(text: str, trigger: Head, until: int) -> bool:
    """Say whether a trigger is of several names: "các phong trào A, B", or "phong trào như A, B" before `until`."""
    if _LIST_LEAD.search(text, trigger.end, min(until, trigger.end + MAX_LIST_LEAD)) is not None:
        return True
    return _PLURAL.search(text[max(0, trigger.start - _MAX_PLURAL) : trigger.start]) is not None


def item_end(line: Line, index: int, verdict: Verdict) -> int | None:
    """Return where an item of "các cuộc vận động A, b; C", "phong trào như: A, b; C" ends, None outside lists."""
    trigger = verdict.trigger
    if trigger is None or not announces_list(line.text, trigger, line.syllables.starts[index]):
        return None
    return _listed_end(line, index)


def opens_sentence(line: Line, trigger: Head | None) -> bool:
    """ "Theo chương trình Mẹ đỡ đầu, nữ công lo …": the comma ends what opens the sentence, and the name."""
    opener = -1 if trigger is None else line.index_at(trigger.start) - 1
    earliest = opener - MAX_OPENER_SYLLABLES
    while opener > max(0, earliest) and not line.begins_sentence(line.syllables.starts[opener]):
        opener -= 1
    if opener < 0 or not line.begins_sentence(line.syllables.starts[opener]):
        return False
    return line.begins("openers", opener)


def _listed_end(line: Line, first: int) -> int | None:
    """Return where an item of a list ends whose commas belong to it: "các cuộc vận động A, b và c; D, e, G"."""
    start = line.syllables.starts[first]
    found = _ITEM_END.search(line.text, start, line.end)
    if found is not None and found[0].strip() not in _LIST_SIGNS:
        return None
    end = found.start() if found else line.end
    name = line.text[start:end].rstrip(" \t\u00a0,.")
    if not 2 <= count_syllables(name) <= MAX_LISTED_SYLLABLES or no_name(line, first) is not None:
        return None
    return start + len(name)
