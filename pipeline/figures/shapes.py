"""Digits whose shape alone says that they are no figure: dates, times, document numbers, addresses on the net."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from pipeline.figures.words import Line

_DAY: Final = r"(?:0?[1-9]|[12][0-9]|3[01])"
_MONTH: Final = r"(?:0?[1-9]|1[0-2])"
_DAYS: Final = rf"(?:{_DAY}[ ]?(?:,|và|-|–|—|đến)[ ]?){{0,4}}"
_MONTH_IN_WORDS: Final = r"(?:[Gg]iêng|[Cc]hạp|hai|ba|tư|sáu|bảy|tám|chín|mười(?:[ ](?:một|hai))?)(?![ ]lần)"
_YEAR: Final = r"(?:1[5-9]|20)[0-9]{2}"
_DASH: Final = r"[ \u00a0]?[-–—][ \u00a0]?"
_CAPITAL: Final = "A-ZĐƯÔƠÂÊÁÀẠÚÍ"

# Every alternative is bounded in length, so that the whole scan is linear in the text.
_ADDRESS: Final = r"(?P<address>(?:https?://|www\.)\S{1,2000}|(?<![\w.+-])[\w.+-]{1,64}@[\w.-]{1,100})"
# what each of them goes on with after its first digits: most numbers are over after this look
_GOES_ON: Final = (
    r"(?=[0-9]{1,6}[ \u00a0]?(?:[-–—/:]|[hg](?![^\W\d_])|và|đến|[Tt]háng|giờ|\.[ ]?[0-9]{1,2}[ ]?[-/.]"
    rf"|,[ ]?{_DAY}[ ]?(?:[-–—/.,]|và|đến|[Tt]háng)))"
)
_NUMBER: Final = rf"""
    (?<![\w.,/])(?=[0-9]){_GOES_ON}(?:
      (?P<date>
        {_DAYS}{_DAY}[ ]?[/.-][ ]?{_MONTH}[ ]?[/.-][ ]?{_YEAR}
        |(?:{_DAY}[ ]?(?:và|-|–|—|đến)[ ]?){_DAY}[/-]{_MONTH}(?=[),.;:]|[ ](?:tại|ở|đã|do|với|có)\b|\s*$)
        |{_MONTH}[ ]?[/-][ ]?{_YEAR}
        |{_DAYS}{_DAY}[ ][Tt]háng[ ](?:{_MONTH}|{_MONTH_IN_WORDS})(?:[ ]năm[ ]{_YEAR})?
      )(?![\w/]|[.,][0-9])
      |(?P<period>{_YEAR}{_DASH}(?:{_YEAR}|[0-9]{{2}}))(?![\w/]|[.,][0-9])
      |(?P<time>
        [0-2]?[0-9][ ]?(?:h|g|:)[ ]?[0-5][0-9](?:p|phút)?
        |[0-2]?[0-9]h
        |[0-2]?[0-9][ ]giờ[ ](?:kém[ ])?[0-5]?[0-9](?:[ ]phút)?
        |24[ ]?/[ ]?(?:24|7)(?:h|[ ]giờ)?
      )(?![\w/]|[.,][0-9])
      |(?P<document>
        [0-9]{{1,6}}(?:[/-](?:1[89]|20)[0-9]{{2}})?[-/][{_CAPITAL}][\w]{{0,20}}(?:[-/&.][\w]{{1,20}}){{0,5}}
        |[0-9]{{1,6}}/(?:1[89]|20)[0-9]{{2}}(?:/[\w-]{{1,20}})?
        |[0-9]{{1,3}}-[A-Z]-[\w/-]{{1,20}}
      )
    )
    """
_NUMBERS: Final = re.compile(_NUMBER, re.VERBOSE)
_NUMBERS_AND_ADDRESSES: Final = re.compile(f"{_ADDRESS}|{_NUMBER}", re.VERBOSE)


class Shape(NamedTuple):
    """A stretch of a text that is no figure."""

    start: int
    end: int
    reason: str


def shapes(printed: str, offset: int, line: Line) -> list[Shape]:
    """Return the stretches of a sentence whose shape alone says that they are no figure, in reading order.

    Args:
        printed: the sentence that the words of the line were cut from; it starts at `offset`.
    """
    if "@" in printed or "://" in printed or "www." in printed:  # addresses cost as much to find as all else
        return [_shape(found, offset) for found in _NUMBERS_AND_ADDRESSES.finditer(printed)]
    shaped: list[Shape] = []
    done = offset
    for at in line.numbers:
        start = line.starts[at]
        if start >= done and (found := _NUMBERS.match(printed, start - offset)):
            shaped.append(_shape(found, offset))
            done = shaped[-1].end
    return shaped


def _shape(found: re.Match[str], offset: int) -> Shape:
    if found.lastgroup is None:
        raise AssertionError("every alternative of the pattern is named")
    return Shape(found.start() + offset, found.end() + offset, found.lastgroup)
