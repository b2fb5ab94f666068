"""What is said behind a figure that opens its clause: "576 đoàn viên được hỗ trợ", "52 công đoàn đã phối hợp"."""

from __future__ import annotations

import re
from typing import Final

from pipeline.attribution.role_words import role_lexicon
from pipeline.attribution.said import Said
from pipeline.attribution.small_letters import has_one_of
from pipeline.records import Figure, FigureRole
from pipeline.syllables import syllables

# what is counted goes on, also over the rest of a list: "15 tập thể, 28 cá nhân được …"
_PREDICATE: Final = re.compile(
    r",?(?:\s(?!được\s|bị\s|đã\s|sẽ\s|có\s|là\s|với\s|để\s|cho\s|do\s)[^\s;:()“”\"]{1,14}){0,12}?,?"
    r"\s(?:(?P<ahead>sẽ)\s|(?P<done>đã)\s|(?:đều|cũng)\s(?:đã\s)?)?(?:(?P<undergo>được)\s|(?<=đã\s))"
)
_VERBAL: Final = ("được", "đã")  # one is in all that it finds
PREDICATE_CHARACTERS: Final = 120
VERB_CHARACTERS: Final = 24


def role_behind(text: str, said: Said, figure: Figure) -> tuple[FigureRole, str] | None:
    """Return the role of what is counted in front of its verb, and the words that tell, where that is known.

    What is done for those that are counted is support or a result, what they have done is a result.
    """
    if figure.kind != "count":
        return None
    end = min(said.clause(figure.start)[1], figure.end + PREDICATE_CHARACTERS)
    predicate = _PREDICATE.match(text, figure.end, end) if has_one_of(text[figure.end : end], _VERBAL) else None
    if predicate is None or (predicate["ahead"] and not predicate["undergo"]):
        return None
    verb = predicate.end()
    body = said.organisations.first_within(verb, said.end) if predicate["undergo"] else None
    if body is not None and body.start == verb:  # "được | LĐLĐ tỉnh X | tặng quà"
        verb = body.end
    words = syllables(text, verb, min(said.end, verb + VERB_CHARACTERS))
    told = role_lexicon().words.longest(text, words, 0) if words.keys else None
    weak = told is not None and told[1].yields and not predicate["undergo"]  # "đã có", but "được nhận"
    if told is None or weak or told[1].role not in ("result", "support"):
        return ("result", predicate[0].split()[-1]) if predicate["done"] and predicate["undergo"] else None
    role: FigureRole = told[1].role if predicate["undergo"] else "result"
    return "target" if predicate["ahead"] else role, text[verb : words.ends[told[0] - 1]].strip()
