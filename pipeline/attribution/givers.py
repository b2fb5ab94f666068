"""Who gave what is counted before its giver: "90 công nhân được LĐLĐ tỉnh X tặng quà", "10 suất quà của Công ty Y"."""

from __future__ import annotations

import re
from typing import Final

from pipeline.attribution.actors import GIFT
from pipeline.attribution.mentions import Named
from pipeline.attribution.said import Said

_GIVES: Final = re.compile(
    r"\s(?:đã |cũng )?(?:trao|tặng|hỗ trợ|giúp|thăm|tư vấn|đào tạo|cho vay|giải ngân|bố trí"
    r"|cho (?:nghỉ việc|thôi việc)|sa thải|cắt giảm)\b"
)
_BETWEEN: Final = re.compile(r"\b(?:trong đó|đã|có|gồm|đạt|với|cho)\b|\bđược\s(?!\Z)[^A-ZĐ]")
# "10 suất quà của | LĐLĐ tỉnh", "25 phần quà từ | Công ty X"
_GIFT_OF: Final = re.compile(GIFT)
# "1 phiếu mua hàng trị giá 100.000 đồng do LĐLĐ quận X hỗ trợ"
_GIVEN_BY: Final = re.compile(r"[^,;:()]{1,120}\sdo\s")
_FUNDS: Final = re.compile(r"\s(?:đã |cùng )?(?:tài trợ|hỗ trợ|trao|tặng|ủng hộ|đóng góp|chi trả|vận động)\b")
GIVEN_CHARACTERS: Final = 120  # between what is counted and who gave it


def giver(text: str, said: Said, start: int) -> Named | None:
    """Return who gave, or dismissed, those that are counted right before it: "90 công nhân bị Công ty X sa thải"."""
    body = _next_body(said, start)
    if body is None:
        return None
    if _GIFT_OF.fullmatch(text, start, body.start):
        return body
    if not text.endswith(("được ", "bị "), start, body.start) or _BETWEEN.search(text, start, body.start):
        return None
    return body if _GIVES.match(text, body.end, said.end) else None


def funder(text: str, said: Said, start: int) -> Named | None:
    """Return who is said behind a sum to have given it: "100.000 đồng do LĐLĐ quận X hỗ trợ"."""
    body = _next_body(said, start)
    if body is None or not _FUNDS.match(text, body.end, said.end):
        return None
    return body if _GIVEN_BY.fullmatch(text, start, body.start) else None


def _next_body(said: Said, start: int) -> Named | None:
    """Return the first organisation near behind a place in its clause."""
    body = said.organisations.first_within(start, said.clause(start)[1])
    return body if body is not None and body.start - start <= GIVEN_CHARACTERS else None
