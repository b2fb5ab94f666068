"""What a run notes of itself for the operator: a line to read, and a code by which programs tell what it is about."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Code(StrEnum):
    """What a note is about. A code once written stays: the run logs of years are read back."""

    # manners: all is as it should be
    FORBIDDEN = "forbidden"  # addresses that robots.txt forbids or that lead off the site
    OVERLONG = "overlong"  # addresses too long to be any
    OUTSIDE_HOURS = "outside_hours"
    DAY_SPENT = "day_spent"
    ASKED_TO_WAIT = "asked_to_wait"
    # how a run ended
    UNREACHABLE = "unreachable"
    ROBOTS_UNKNOWN = "robots_unknown"
    GATED = "gated"
    REFUSED = "refused"
    UNWRITABLE = "unwritable"
    FAILED = "failed"
    # suspicions
    NOTHING = "nothing"  # not one page, or not one article
    GATES = "gates"
    ERRORS = "errors"
    TOO_FEW = "too_few"
    TOO_MANY = "too_many"
    DRIED_UP = "dried_up"  # a listing, feed or sitemap that shows no article
    CLOCK = "clock"
    SILENT = "silent"  # no article for long
    OVERDUE = "overdue"  # no run for long, where there were some by habit
    UNDATED = "undated"  # articles without a date, or with one of the future
    REDESIGNED = "redesigned"  # selectors that find nothing any more
    TROUBLE = "trouble"  # anything else that is wrong
    UNCODED = "uncoded"  # read from a run log of before there were codes


_MANNERS = frozenset({Code.FORBIDDEN, Code.OVERLONG, Code.OUTSIDE_HOURS, Code.DAY_SPENT, Code.ASKED_TO_WAIT})


@dataclass(frozen=True, slots=True)
class Note:
    """One line of a run for the operator."""

    code: Code
    line: str

    @property
    def needs_a_person(self) -> bool:
        """Whether somebody has to look; what a run does out of politeness needs nobody."""
        return self.code not in _MANNERS
