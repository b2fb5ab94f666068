"""What the words before a name say it is, and when two names stand in one list."""

from __future__ import annotations

import re
from typing import NamedTuple

from pipeline.movements.heads import Head, announces, announces_directly, boundary, goes_on, leads_in
from pipeline.movements.line import CAPITALS, count_syllables
from pipeline.movements.words import movement_words
from pipeline.syllables import name_key

MAX_REFUSAL_SYLLABLES = 8  # between "chủ đề" and the quote it refuses: "chủ đề của tháng năm nay là"
MAX_AWARD_SYLLABLES = 3  # between "danh hiệu" and the award: "danh hiệu phụ nữ “hai giỏi”"
MAX_SHARE_SYLLABLES = 10  # “A” của ngành giáo dục, “B” của ngành y tế
MAX_COORDINATED_SYLLABLES = 4  # mô hình mới, | cách làm
MAX_BUILT_SYLLABLES = 12  # “A”, xây dựng người cán bộ, công chức, viên chức, lao động “B”
MAX_BROADCAST_CHARACTERS = 60  # after a name, where its channel stands
MAX_HOLDER_SYLLABLES = 6  # “A”; khối quản lý có “B”


# the last syllables of what announces a name, or joins it to one before it
LIST_WORDS = frozenset(name_key("như là gồm có tên gọi đến tới và hoặc hay cùng với năm học"))

# between two items of one list
_JOINT = re.compile(
    r"(?:\s|[,;/+&•·–—-]|\.\.\.|…)*(?:(?:và|hoặc|hay|cùng|cùng với|với)\b)?\s*"
    r"(?:(?:đặc biệt|nhất|tiêu biểu|điển hình)\s+là\s*)?",
    re.IGNORECASE,
)
_ASIDE = re.compile(r"\([^()]{0,120}\)|\bnăm (?:học )?\d{4}(?:\s*[-–]\s*\d{4})?|\blần thứ \w+", re.IGNORECASE)
_SHARE = re.compile(r"\s*(?:của|trong|ở|tại|do|cho|dành cho|đối với)\b.*(?:[,;]|\bvà)\s*$", re.IGNORECASE | re.DOTALL)
_HOLDER = re.compile(r"\s*[,;].*\b(?:có|là|với|thì có)\s*$", re.IGNORECASE | re.DOTALL)
_SENTENCE_END = re.compile(r"[.!?](?:\s|$)")
# “A”, Tổ truyền thông, “B”: an item without quotes between two with them
_ITEM_BETWEEN = re.compile(rf"[,;]\s+[{CAPITALS}][^.,;:!?“”\"]{{2,60}},\s*(?:và\s+)?")
_CONNECTING = frozenset(word for phrase in movement_words().connecting for word in name_key(phrase))
_BUILDING = tuple(name_key(phrase) for phrase in movement_words().building)
_BROADCAST = tuple(name_key(phrase) for phrase in movement_words().broadcast)
_BY = frozenset(name_key("của trên do phát lên"))


class Verdict(NamedTuple):
    """What the words before a name say it is: a movement (`trigger`), something else (`refusal`), or nothing."""

    trigger: Head | None = None
    refusal: Head | None = None
    adjacent: bool = False  # next to nothing stands between head and name, or words that announce the name
    listed: bool = False  # in one list with a known movement that no trigger introduces
    touches: bool = False  # nothing at all stands between a refusal and the name

    def excludes_known(self, *, quoted: bool) -> bool:
        """Say whether even a known movement's name is something else here: an award, a contest, a work, a theme."""
        reason = self.refusal.word.reason if self.refusal else None
        return self.adjacent and (
            reason in ("award", "contest", "work")
            or (quoted and reason == "theme")
            or (self.touches and reason == "fund")
        )


SILENT = Verdict()
LISTED = Verdict(listed=True)


def judged(head: Head, tail: str, *, quoted: bool) -> Verdict:
    """Say what a trigger or refusal makes of a name that these words (`tail`) part it from.

    Without quotes only a name right after the trigger, or one that is announced ("như:"), is the trigger's.
    """
    if head.word.role == "trigger" or (quoted and head.word.role == "quoted only"):
        adjacent = not tail.strip(" \t\u00a0)") or leads_in(tail)
        near = (quoted or adjacent) and announces(tail) and (quoted or announces_directly(tail))
        return Verdict(trigger=head, adjacent=adjacent) if near else SILENT
    if head.word.role == "announcing":
        return Verdict(trigger=head, adjacent=True) if quoted and not tail.strip() else SILENT
    if head.word.role != "refusal" or _SENTENCE_END.search(tail) or count_syllables(tail) > MAX_REFUSAL_SYLLABLES:
        return SILENT
    between = count_syllables(tail)
    return Verdict(refusal=head, adjacent=between <= MAX_AWARD_SYLLABLES, touches=between == 0)


def passes_over(head: Head, tail: str, since_trigger: str) -> bool:
    """Say whether what these words announce is not the refusal's but the trigger's before it.

    "các phong trào của công ty như: “A”", "nhiều mô hình mới, cách làm hay; tiêu biểu: “A”".
    """
    if head.word.reason == "company":
        return leads_in(tail)
    coordinated = count_syllables(since_trigger) <= MAX_COORDINATED_SYLLABLES and (
        "," in since_trigger or " và " in since_trigger
    )
    return head.word.reason == "slogan" and coordinated and goes_on(tail)


def joins(gap: str) -> bool:
    """Say whether two names with these characters between them are items of one list."""
    if not _may_have_aside(gap):
        return _JOINT.fullmatch(gap) is not None
    return _JOINT.fullmatch(_ASIDE.sub("", gap)) is not None


def _may_have_aside(gap: str) -> bool:
    """Say whether an aside may be in a gap; most have none, and to look for one costs more than all else."""
    words = gap.casefold()
    return "(" in words or "năm" in words or "lần" in words


def shares(gap: str) -> bool:
    """“A” của ngành giáo dục, “B”; “A”; khối quản lý có “B”: the second shares the first one's trigger."""
    if _SENTENCE_END.search(gap):
        return False
    words = count_syllables(gap)
    if _ITEM_BETWEEN.fullmatch(gap):
        return boundary("clause").isdisjoint(name_key(word) for word in gap.split())
    return (words <= MAX_SHARE_SYLLABLES and _SHARE.fullmatch(gap) is not None) or (
        words <= MAX_HOLDER_SYLLABLES and _HOLDER.fullmatch(gap) is not None
    )


def connects(gap: str) -> bool:
    """“A” gắn với việc thực hiện “B”, “A”; xây dựng người cán bộ “B”: the second is a movement like the first."""
    if _SENTENCE_END.search(gap):
        return False
    words = name_key(gap)
    if not words:
        return False
    built = gap.lstrip()[:1] in (",", ";") and len(words) <= MAX_BUILT_SYLLABLES
    return _CONNECTING.issuperset(words) or (built and any(words[: len(phrase)] == phrase for phrase in _BUILDING))


def is_broadcast(text: str, start: int, end: int) -> bool:
    """Say whether the words after a name tell that it is watched or heard: chương trình “…” của đài."""
    after = text[start : min(end, start + MAX_BROADCAST_CHARACTERS)]
    sentence = _SENTENCE_END.search(after)
    words = list(name_key(_ASIDE.sub("", after[: sentence.start()] if sentence else after)))
    while words and words[0] in _BY:
        words.pop(0)
    return any(tuple(words[: len(phrase)]) == phrase for phrase in _BROADCAST)
