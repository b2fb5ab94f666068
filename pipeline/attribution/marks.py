"""Words without which a rule finds nothing in a sentence, looked for in the whole text at once: most have none."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from pipeline.attribution.actors import COUNTRY_MARKS, LAW_MARKS
from pipeline.attribution.periods import PERIOD_MARKS
from pipeline.attribution.subjects import LEVEL_MARKS, SHORT_MARKS


class Marked(NamedTuple):
    """Where the sentences start in which one of a rule's words stands."""

    laws: frozenset[int]
    countries: frozenset[int]
    levels: frozenset[int]
    periods: frozenset[int]
    short: frozenset[int]

    @classmethod
    def of(cls, text: str, small: str, starts: Sequence[int]) -> Marked:
        """Look a text through, in small letters too, whose sentences start at these places."""
        return cls(
            _sentences_with(LAW_MARKS, small, starts),
            _sentences_with(COUNTRY_MARKS, small, starts),
            _sentences_with(LEVEL_MARKS, text, starts),
            _sentences_with(PERIOD_MARKS, small, starts),
            _sentences_with(SHORT_MARKS, small, starts),
        )


NOWHERE: Final = Marked(*[frozenset[int]()] * 5)


def _sentences_with(words: Iterable[str], text: str, starts: Sequence[int]) -> frozenset[int]:
    found: set[int] = set()
    for word in words:
        at = text.find(word)
        while at >= 0:
            following = bisect_right(starts, at)
            found.update(starts[following - 1 : following])
            at = text.find(word, starts[following]) if following < len(starts) else -1
    return frozenset(found)
