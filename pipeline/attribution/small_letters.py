"""A text in small letters, each at its place, and the patterns that are looked for in it.

Where case does not count, a pattern is looked for there: that costs a third of what ignoring case does.
"""

from __future__ import annotations

import re
from collections.abc import Sequence


def in_small_letters(text: str) -> str:
    """Return a text in small letters, as long as it is: of all letters only "İ" has a small one of two characters."""
    return text.replace("İ", "I").lower()


def of_small_letters(pattern: str, flags: int = 0) -> re.Pattern[str]:
    """Return a pattern that is looked for in small letters.

    Raises:
        ValueError: it has a capital letter, and would find nothing.
    """
    without = re.sub(r"\\.|\(\?P<\w+>", "", pattern)
    if without != without.lower():
        raise ValueError(f"{pattern!r} is looked for in small letters and has a capital one")
    return re.compile(pattern, flags)


def has_one_of(stretch: str, words: Sequence[str]) -> bool:
    """Whether one of the words is in a stretch of text: what most stretches lack needs no pattern."""
    for word in words:  # noqa: SIM110 - a generator costs more than looking
        if word in stretch:
            return True
    return False
