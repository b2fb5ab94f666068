"""The hedge of an amount: what is written before or after it, and what it means."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.figures.lexicon import UnitLexicon, spelled
from pipeline.figures.words import Word
from pipeline.records import BoundKind


def read_bound(words: Sequence[Word], start: int, end: int, lexicon: UnitLexicon) -> tuple[str | None, BoundKind]:
    """Return the hedge before ("gần") or after ("trở lên") the amount words[start:end], folded, and its meaning.

    "cao hơn 300" compares and hedges nothing. Without a hedge the amount is meant exactly.
    """
    if after := lexicon.hedges_after.at(words, end):
        written = spelled(words[end : end + after])
        return written, lexicon.bound_kinds[written]
    end = start - (start > 0 and words[start - 1].folded == "từ")
    count = lexicon.hedges.before(words, end)
    first = end - count
    if not count or (words[first].folded == "hơn" and first and words[first - 1].folded in lexicon.comparing):
        return None, "exactly"
    written = spelled(words[first:end])
    if written == "vượt" and lexicon.percents.at(words, end + 1):
        return None, "exactly"  # "vượt 27% kế hoạch": by how much, not more than
    return written, lexicon.bound_kinds[written]
