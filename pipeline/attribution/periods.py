"""Where a text prints the period that its figures are of: "nhiệm kỳ 2018 - 2023", "quý II", "đến ngày 30/6"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from pipeline.attribution.small_letters import of_small_letters

_YEAR: Final = r"(?:19|20)[0-9]{2}"
_COUNT: Final = r"(?:[0-9]{1,2}|hai|ba|bốn|năm|sáu|bảy|tám|chín|mười|mười[ ]một)"
_DAY: Final = rf"[0-9]{{1,2}}[./-][0-9]{{1,2}}(?:[./-]{_YEAR})?"
_MONTH: Final = rf"tháng[ ][0-9]{{1,2}}(?:[ ]?[/-][ ]?{_YEAR}|[ ]năm[ ]{_YEAR})"
# how all of them begin: most words are over after it
_BEGINS: Final = r"(?=[0-9]|b[aảố]|c(?:hặ|hí|uố)|đ[ầế]|gi[aữ]|h[aọ]|kỳ|mư|n(?:ă|gà|hi|ử)|quý|sá|t(?:[áíớừ]|há|hờ|uầ))"
_PERIOD: Final = of_small_letters(
    rf"""(?<!\w){_BEGINS}(?<!sinh[ ])(?:
    từ[ ]ngày[ ](?:{_DAY}|[0-9]{{1,2}})[ ](?:đến|tới)(?:[ ]hết)?(?:[ ]ngày)?[ ]{_DAY}
    |từ[ ]đầu[ ]năm(?:[ ]{_YEAR})?[ ](?:đến|tới)[ ](?:nay|(?:hết[ ])?(?:ngày[ ])?{_DAY})
    |từ[ ]nay[ ](?:đến|tới)[ ](?:(?:cuối|hết)[ ])?(?:năm[ ])?{_YEAR}
    |từ[ ](?:năm[ ])?{_YEAR}[ ](?:đến|tới)[ ](?:nay|(?:hết[ ])?(?:năm[ ])?{_YEAR})
    |từ[ ](?:năm[ ]{_YEAR}|{_MONTH}|quý[ ](?:[ivx]{{1,3}}|[1-4])(?:/|[ ]năm[ ]){_YEAR})(?![ ]?(?:[-–]|đến|tới))
    |từ[ ]{_MONTH}[ ](?:đến|tới)[ ](?:nay|(?:hết[ ])?{_MONTH})
    |(?:tính[ ])?(?:đến|tới)[ ](?:(?:hết[ ])?ngày|hết)[ ]{_DAY}
    |tính[ ](?:đến|tới)[ ]{_DAY}
    |(?:nhiệm[ ]kỳ|giai[ ]đoạn|năm[ ]học|thời[ ]kỳ|chặng|kỳ)[ ](?:từ[ ])?{_YEAR}[ ]?(?:[-–]|đến)[ ]?{_YEAR}
    |(?:giai[ ]đoạn[ ])?{_COUNT}[ ]năm[ ](?:\({_YEAR}[ ]?[-–][ ]?{_YEAR}\)|{_YEAR}[ ]?[-–][ ]?{_YEAR})
    |(?:{_COUNT}[ ]tháng|nửa|quý[ ][ivx0-9]{{1,3}})(?:[ ](?:đầu|cuối)[ ]năm)?[ ,/]{{0,2}}(?:năm[ ])?{_YEAR}
    |{_COUNT}[ ]tháng[ ](?:đầu|cuối)[ ]năm(?:[ ](?:nay|ngoái))?
    |nửa[ ](?:đầu|cuối)[ ]năm(?:[ ](?:nay|ngoái))?
    |tính[ ](?:đến|tới)[ ](?:đầu|giữa|cuối|hết)[ ]tháng[ ][0-9]{{1,2}}
        (?:[ ](?:vừa[ ]qua|năm[ ]nay)|(?![ ]?năm|[ ]?[/-]))
    |học[ ]kỳ[ ](?:i|ii|1|2)(?:[ ]năm[ ]học[ ](?:này|{_YEAR}[ ]?[-–][ ]?{_YEAR}))?
    |(?:tuần|ngày|nửa)[ ](?:đầu|cuối)(?:[ ](?:tiên|cùng))?[ ](?:của[ ])?
        (?:{_MONTH}|tháng[ ](?:công[ ]nhân|thanh[ ]niên))
    |tháng[ ](?:công[ ]nhân|thanh[ ]niên)(?:[ ](?:năm[ ])?{_YEAR})?
    |{_MONTH}
    |(?<=trong[ ])tháng[ ][0-9]{{1,2}}
    |quý[ ](?:[ivx]{{1,3}}|[1-4])
    |(?:(?:đầu|giữa|cuối)[ ])?năm[ ]{_YEAR}(?:[ ]?[-–][ ]?{_YEAR})?
    |{_COUNT}[ ](?:năm|tháng)[ ]qua
    |(?:từ[ ])?đầu[ ]năm[ ](?:đến|tới)[ ]nay
    |năm[ ](?:qua|nay|ngoái|trước(?=[ ](?:là|chỉ|đạt)[ ]|:[ ]))
    |(?:nhiệm[ ]kỳ|tháng|quý)[ ](?:qua|này|trước)
    )(?!\w|[./-][0-9])""",
    re.VERBOSE,
)
# one of these is in every period
PERIOD_MARKS: Final = (
    *("năm", "tháng", "quý", "nửa", "ngày", "hết", "kỳ", "giai đoạn", "chặng", "tính đến", "tính tới"),
    *("từ 19", "từ 20", "từ nay"),
)
# "Đại hội … lần thứ X, nhiệm kỳ 2018 - 2023", "Bộ luật Lao động năm 2019": the years are part of a name
_IN_A_NAME: Final = of_small_letters(
    r"(?:(?:lần thứ|khóa|khoá)\s\w{1,8}|đại hội[^.;()]{0,60}),?\s\(?$"
    r"|\b(?:luật|nghị định|thông tư|pháp lệnh|hiến pháp|quyết định|chỉ thị)\s[^.;,()]{0,60}$"
)
# "được triển khai từ tháng 1/2018": when something began is not when it gave what it has given
_BEGUN: Final = of_small_letters(
    r"\b(?:phát động|thành lập|ra đời|bắt đầu|triển khai|khởi động|khởi xướng|ra mắt|hoạt động|hiệu lực|áp dụng"
    r"|vận hành)\s(?P<since>từ (?:ngày |đầu |giữa |cuối )?)?$"
)
# "so với cùng kỳ năm 2023", "như năm 2019": what a figure is compared with
_COMPARED: Final = of_small_letters(
    r"\b(?:so với|cùng kỳ|cùng kì|như|bằng(?: với)?|hơn|vượt|trước|mùng|ngày \d{1,2})"
    r"(?: (?:cùng kỳ|mức|số|kết quả|thời điểm|cả|bình quân))?(?: của)?\s$"
)
# "so với tổng số đoàn viên | năm 2022", but "so với kế hoạch năm 2023"
_WITH: Final = "so với "
_COMPARED_WITH: Final = re.compile(r"(?!kế hoạch|chỉ tiêu|dự toán|nghị quyết|KH\b)(?:[^\W\d_]{1,12}\s){1,4}")
# "Tính đến nay, …", "Sáng 20/11, …", "Hiện có …": a sentence with a time of its own
_NOW: Final = of_small_letters(
    r"\b(?:đến nay|hiện|hiện nay|hôm|sáng|chiều|tối|ngày \d{1,2}|vừa qua|mới đây|sau|trước đó|trước đây|sắp tới"
    r"|dịp này|nhân dịp|nhân dịp này)\b"
)
FRONT_CHARACTERS: Final = 48  # of a sentence in which its own time stands
CONTEXT_CHARACTERS: Final = 80  # of a sentence before a period that tell whether it is one of figures


def period_spans(text: str, small: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield where text[start:end] prints periods, in reading order, but those in names and comparisons.

    Args:
        small: the text in small letters.
    """
    for found in _PERIOD.finditer(small, start, end):
        first, last = found.span()
        before = max(start, first - CONTEXT_CHARACTERS)
        named = _IN_A_NAME.search(small, before, first) or _COMPARED.search(small, before, first)
        if not named and not _is_compared(text, before, first) and not _is_beginning(text, small, before, first, last):
            yield first, last


def _is_compared(text: str, before: int, start: int) -> bool:
    """Whether what is compared with is of the period that starts there: "so với tổng thu | năm 2022"."""
    at = text.rfind(_WITH, before, start)
    return at >= 0 and _COMPARED_WITH.fullmatch(text, at + len(_WITH), start) is not None


def _is_beginning(text: str, small: str, before: int, start: int, end: int) -> bool:
    """Whether text[start:end] only tells since when something is done: "phát động từ | cuối năm 2006"."""
    begun = _BEGUN.search(small, before, start)
    if begun is None or text.endswith("nay", start, end):
        return False
    return begun["since"] is not None or text.startswith(("từ ", "Từ "), start)


def is_timed(small: str, start: int, end: int) -> bool:
    """Whether the sentence small[start:end], in small letters, opens with a time of its own; it may be no period."""
    return _NOW.search(small, start, min(end, start + FRONT_CHARACTERS)) is not None
