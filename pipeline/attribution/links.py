"""Which movement a figure is reported for."""

from __future__ import annotations

import re
from typing import Final

from pipeline.attribution.article import ArticleSays
from pipeline.attribution.mentions import Named
from pipeline.attribution.said import Said
from pipeline.records import AttributionRule, Figure

_LINKING: Final = re.compile(
    r"(?:trong|từ|hưởng ứng|thuộc|thực hiện|tham gia|tham dự|đăng ký|qua|của|xây dựng|xây|sửa chữa)(?: khuôn khổ)?"
    r"(?: các| phong trào| cuộc vận động| chương trình| thi đua){0,3}\s*[\"“'‘]?$"
)
LINK_CHARACTERS: Final = 60  # how far back the linking word before a movement is looked for
# "94 sáng kiến từ phong trào …", "14.377 công đoàn cơ sở đăng ký …": nothing but the noun and the link stands between
CLOSE_CHARACTERS: Final = 40
# "204 nhà mái ấm công đoàn với số tiền …, trao 3.593 phần quà": the name is of what is counted, up to the comma
_COUNTED_BY_NAME: Final = re.compile(r"(?<![\w.,/-])[0-9][0-9.,]{0,12}(?:\s[^\W\d_]{1,12}){0,2}\s[\"“'‘]?$")
COUNTED_CHARACTERS: Final = 44
_ENDED: Final = re.compile(r",|\bvà\b")
_NOTHING: Final = re.compile(r"\s[\"“'‘]?")
_PARTED: Final = re.compile(r"[,;:()\d]|\b(?:và|được|đã|cho)\b")


def movement_of(says: ArticleSays, said: Said, figure: Figure) -> tuple[str | None, AttributionRule | None]:
    """Return the movement that a figure is linked to close behind it, else the only one named before it in its clause.

    With none before it, the only one after it in the clause, when it is linked to it however far.
    """
    if not said.movements.all:
        return None, None
    clause_start, clause_end = said.clause(figure.start)
    first = said.movements.first_within(figure.end, clause_end)
    if first is not None and _NOTHING.fullmatch(says.text, figure.end, first.start):
        return first.name, "linked"
    after = said.movements.only_within(figure.end, clause_end)
    if after is not None and not _LINKING.search(
        says.text[max(figure.end, after.start - LINK_CHARACTERS) : after.start]
    ):
        after = None
    if said.movements.first_within(clause_start, figure.start):
        between = says.text[figure.end : after.start] if after else ""
        if after and len(between) <= CLOSE_CHARACTERS and not _PARTED.search(between):
            return after.name, "linked"
        before = said.movements.only_within(clause_start, figure.start)
        if before is None or _is_of_another(says.text, before, figure):
            return None, None
        return before.name, "back_reference" if before.start in says.referring else "sentence"
    return (after.name, "linked") if after else (None, None)


def _is_of_another(text: str, movement: Named, figure: Figure) -> bool:
    """Whether a movement's name tells what an earlier figure counts, and a comma has ended that: "204 nhà A, 35 …"."""
    front = max(0, movement.start - COUNTED_CHARACTERS)
    counted = _COUNTED_BY_NAME.search(text, front, movement.start) is not None
    return counted and _ENDED.search(text, movement.end, figure.start) is not None
