"""Whom a figure or a movement is reported for: who acts in its sentence, in those before, or in the opening."""

from __future__ import annotations

import re
from bisect import bisect_left
from typing import Final

from pipeline.attribution.actors import is_said_by
from pipeline.attribution.article import UNTOLD, ArticleSays, Told
from pipeline.attribution.givers import funder, giver
from pipeline.attribution.mentions import Mentions, Named
from pipeline.attribution.said import Said
from pipeline.attribution.subjects import employer_acts, others_act

_ORGANISERS: Final = re.compile(r"\W{0,3}(?:Ban tổ chức|Ban Tổ chức|Ban giám khảo|Ban Giám khảo)\b")
# "toàn huyện có 18 xã …", "Ngoài ra, hơn 100 doanh nghiệp …": whom the article opened with does not act there
_ALL_AREA: Final = re.compile(r"\btoàn (?:tỉnh|huyện|quận|xã|phường|thị xã|thành phố|tỉnh thành)\b", re.IGNORECASE)
ALL_AREA_CHARACTERS: Final = 160
_COUNTED_ACT: Final = re.compile(
    r"[\s(–-]{0,4}(?:\w{1,8}(?:\s\w{1,8}){0,3},\s)?(?:hiện |đã |còn |cũng ){0,2}(?:có )?(?:hơn |gần |khoảng |trên )?"
    r"[0-9][0-9.,]{0,9}(?:/[0-9]{1,6})?\s"
    r"(?:doanh nghiệp|công ty|cty|DN|nhà máy|hộ|xã|phường|huyện|quận|tỉnh|địa phương)\b",
    re.IGNORECASE,
)
# "20 doanh nghiệp trong tỉnh cũng hỗ trợ …": what is counted opens the sentence and gives
_COUNTED_GIVE: Final = re.compile(
    r"\W{0,3}(?:(?:Hơn|Gần|Khoảng|Trên|Có)\s){0,2}[0-9][0-9.,]{0,9}\s"
    r"(?:doanh nghiệp|công ty|DN|đơn vị|cá nhân|nhà hảo tâm|mạnh thường quân|hộ)\b[^,;.0-9]{0,40}?"
    r"\s(?:cũng |đã |còn )?(?:hỗ trợ|ủng hộ|đóng góp|tặng|trao|tài trợ|thưởng)\b"
)
_TOGETHER: Final = re.compile(r",\s(?:và\s)?|\s(?:và|cùng|cùng với)\s")
_EVERY: Final = "các cấp"  # "Đoàn cấp huyện", "các CĐ cơ sở" only act in their own sentence
MANY: Final = 3  # organisations named together, of whom none is the one that a figure is reported for


def organisation_of(says: ArticleSays, number: int, start: int) -> Told:
    """Return who acts or reports: before a place in its sentence, else in the sentences before, else in the opening.

    A sentence that names another one only after the place leaves it open: the text speaks of that one by now.
    """
    said = says.sentence(number)
    if said.law:
        return UNTOLD
    if said.organisations.all:
        actor = giver(says.text, said, start) or _in_sentence(says, said, start)
        return Told(_in_full(says, number, actor), "sentence") if actor else UNTOLD
    levels = said.last_before(said.levels, start)
    if levels:
        return Told(levels, "sentence")
    if said.nationwide:
        return UNTOLD
    earlier = () if _ORGANISERS.match(says.text, said.start, said.end) else says.earlier(number)
    for before in earlier:
        acting = before.organisations if before.organisations.all else before.levels
        if acting.all:
            only = acting.only()
            if (
                only is None
                or (acting is before.levels and _EVERY not in only.name)
                or _is_others(says, said.start, start, only)
            ):
                return UNTOLD
            return Told(only, "line")
    opening = says.opening_organisation
    if opening is None or said.areas.all:  # "Riêng xã …": what follows is that place's own
        return UNTOLD
    front = max(said.start, start - ALL_AREA_CHARACTERS)
    others = bool(_ALL_AREA.search(says.text, front, start) or _COUNTED_ACT.match(says.text, said.start, said.end))
    others = others or others_act(says.text, says.small, said.start, start, opening)
    return Told(opening, "opening") if said.others <= {opening.name} and not others else UNTOLD


def _in_full(says: ArticleSays, number: int, body: Named) -> Named:
    """Return a body with the name that the text gave it before: "CĐ ngành", behind "CĐ ngành Giáo dục tỉnh X"."""
    if body.told or body.kind != "union":
        return body
    kind = body.name.removeprefix("cđ ").removeprefix("công đoàn ")
    opening = says.opening_organisation
    named = [one for before in says.earlier(number) for one in before.organisations.all[::-1]]
    for one in (*named, *([opening] if opening else ())):
        if one.told and one.name.casefold().startswith(f"công đoàn {kind} "):
            return body._replace(name=one.name, told=True, province_63=one.province_63, province_34=one.province_34)
    return body


def _in_sentence(says: ArticleSays, said: Said, start: int) -> Named | None:
    """Return who acts or reports in a sentence that names organisations, unless others act since."""
    before = said.last_before(said.organisations, start)
    named = _leading(says.text, said.organisations, before) if before else None
    if named is None:
        return funder(says.text, said, start)
    if is_said_by(says.text, says.small, said.start, named.start, named.end):
        others = employer_acts(says.text, says.small, named.end, start, named)
    else:
        others = others_act(says.text, says.small, named.end, start, named, front=False)
    return None if others else named


def _is_others(says: ArticleSays, first: int, start: int, body: Named) -> bool:
    """Whether a place in a sentence is not of the body that was named before it."""
    if _COUNTED_GIVE.match(says.text, first):
        return True
    return _is_of_all(says.text, first, start, body) or others_act(says.text, says.small, first, start, body)


def _is_of_all(text: str, first: int, start: int, body: Named) -> bool:
    """Whether a place tells of a whole area of another tier than a body's: "toàn xã có …", after "LĐLĐ thị xã"."""
    whole = _ALL_AREA.search(text, max(first, start - ALL_AREA_CHARACTERS), start)
    return whole is not None and whole[0].casefold().removeprefix("toàn ") not in body.name.casefold().split(" ", 1)[-1]


def _leading(text: str, named: Mentions, last: Named) -> Named | None:
    """Return the first of two that are named together ("Sở Y tế và LĐLĐ tỉnh X trao …"); of more, none."""
    last_at = bisect_left(named.starts, last.start)
    for at in range(last_at, last_at - MANY, -1):
        if not at or not _TOGETHER.fullmatch(text, named.all[at - 1].end, named.all[at].start):
            return named.all[at] if last_at - at < MANY - 1 else None
    return None
