"""Names of the registry that stand without quotes: what tells them from the same words in passing."""

from __future__ import annotations

import re

from pipeline.movements.line import Line
from pipeline.movements.quoted_names import is_given
from pipeline.movements.registry import Entry, Registry
from pipeline.movements.unquoted import unquoted_end
from pipeline.movements.verdict import Verdict

MIN_LOWER_SYLLABLES = 3  # "hai giỏi" in lower case may be any two good ones

_THEME_JOINT = re.compile(r"\s*[-–—]\s*")
_THEME_YEAR = re.compile(r"Xuân(?:\s+năm)?\s+(?:19|20)\d\d\b")


def follows_trigger_inside(line: Line, registry: Registry, index: int, length: int, entry: Entry) -> bool:
    """Say whether a known name begins with a trigger and is known without it too: "chiến dịch Giờ Trái đất"."""
    trigger = line.trigger_at(line.syllables.starts[index])
    if trigger is None:
        return False
    for after in range(index + 1, index + length):
        if line.syllables.ends[after - 1] == trigger.end:
            rest = line.known(registry, after)
            return rest is not None and rest[1] is entry
    return False


def refusal_without_trigger(line: Line, entry: Entry, index: int, length: int, verdict: Verdict) -> str | None:
    """Return why a known name that no trigger introduces is no movement here, or None."""
    if verdict.refusal is not None and verdict.excludes_known(quoted=False):
        return verdict.refusal.word.reason
    start = line.syllables.starts[index]
    if is_given(line, start, start):
        return "given"
    return None if entry.alone and _is_marked(line, entry, index, length) else "in passing"


def end_with_theme(line: Line, end: int) -> int:
    """Take in the theme of the year: "Tết Sum vầy - Xuân bình an", "Chuyến xe Công đoàn - Xuân 2025"."""
    joint = _THEME_JOINT.match(line.text, end, line.end)
    if joint is None:
        return end
    if (year := _THEME_YEAR.match(line.text, joint.end(), line.end)) is not None:
        return year.end()
    return unquoted_end(line, line.index_at(joint.end()), line.end) or end


def _is_marked(line: Line, entry: Entry, index: int, length: int) -> bool:
    """Say whether something tells the name from the same words in passing: a capital that is not the sentence's."""
    if entry.lower and length >= MIN_LOWER_SYLLABLES:
        return True
    capitals = [line.capitalised(index + offset) for offset in range(length)]
    if any(capitals[1:]) or not capitals[0] or not line.begins_sentence(line.syllables.starts[index]):
        return any(capitals)
    # "Tháng công nhân năm nay", "Mái ấm công đoàn (…)" at the beginning of a sentence: what is held each year
    after = index + length
    told = after < len(line.syllables) and (line.gap(after).strip() == "(" or line.begins("held", after))
    return length >= MIN_LOWER_SYLLABLES and told
