"""Whether one article repeats another: by all their shingles, and by where they differ."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from pipeline.reprints.shingles import Hashes, Shingled

Counts = npt.NDArray[np.int64]
C = TypeVar("C", int, Counts)

LEAST_SIMILARITY = 0.6  # Jaccard of the shingles; below it two reports of one event meet by chance
LEAST_SHARE = 0.8  # of the shorter text's shingles that the other has: a copy cut short, or one with a lead of its own
LEAST_OF_LATER = 0.5  # of the later text's shingles, in any case: less is a quotation, or a round-up
LEAST_CUT = 40  # shingles; of a shorter piece its formulas are too large a part
# Of the longer text's shingles, where whole paragraphs are the same: a copy with another lead and other quotes. Reports
# of one event share a quotation, no run of paragraphs; forms and bulletins share lines, but each a short one.
LEAST_KEPT = 0.6
LEAST_IN_PARAGRAPHS = 0.5
LEAST_PARAGRAPH = 20  # syllables
LEAST_OF_PARAGRAPHS = 120  # syllables in all; the standing paragraphs of a notice came to a hundred
LEAST_OF_REST = 0.5  # of the shingles of the shorter text that are in no furniture both have
SAME = 0.9  # Jaccard; texts so alike are copies even if all that they share is furniture

HEAD = 2  # lines: title and lead, which name the day that a bulletin is for
_DAY = re.compile(r"(?<![\d/])([0-3]?\d)/([01]?\d)(?!\d)|\bngày ([0-3]?\d)(?:-| tháng )([01]?\d)(?!\d)")


@dataclass(frozen=True, slots=True)
class Likeness:
    """How two texts are alike. `similarity` is the Jaccard of their shingles, `share` how much of the shorter's."""

    similarity: float
    share: float


@dataclass(frozen=True)
class Text:
    """An article's text, ready to be compared. `furniture` are anchors of lines that some site prints often.

    Of thousands that are in memory hardly one is like another: its shingles are kept, and its words as bytes, from
    which the rest is read when it is asked for.
    """

    distinct: Hashes
    printed: bytes
    furniture: Hashes

    @classmethod
    def of(cls, text: str, furniture: Hashes) -> Text:
        """Read a text."""
        return cls(Shingled.of(text).distinct, text.encode("utf-8", "surrogatepass"), furniture)

    @cached_property
    def shingled(self) -> Shingled:
        """Its syllables."""
        return Shingled.of(self.printed.decode("utf-8", "surrogatepass"))

    def days(self, lines: int) -> set[tuple[int, int]]:
        """Return the days, with their months, that the first lines name."""
        head = b"\n".join(self.printed.split(b"\n", lines)[:lines]).decode("utf-8", "surrogatepass")
        return {(int(day or other), int(month or its)) for day, month, other, its in _DAY.findall(head)}

    @cached_property
    def paragraphs(self) -> dict[bytes, int]:
        """The lines long enough to be paragraphs, by name, each with how many syllables it has."""
        shingled = self.shingled
        return {
            shingled.line_name(start, end): end - start
            for start, end in shingled.lines
            if end - start >= LEAST_PARAGRAPH
        }

    @cached_property
    def furniture_lines(self) -> set[bytes]:
        """The lines of which all anchors are furniture, by name."""
        shingled = self.shingled
        if not _among(shingled.anchors(), self.furniture).any():
            return set()
        return {
            shingled.line_name(start, end)
            for start, end in shingled.lines
            if _among(shingled.line_anchors(start, end), self.furniture).all()
        }


def compare(later: Text, earlier: Text) -> Likeness | None:
    """Return how the later text repeats the earlier one; None when it does not.

    Lines of furniture that both have say nothing, unless the texts are all but the same.
    """
    own, other = later.distinct, earlier.distinct
    shared = int(_among(own, other).sum())
    if not shared:
        return None
    likeness = Likeness(shared / (own.size + other.size - shared), shared / min(own.size, other.size))
    is_near, is_kept = _grounds(shared, own.size, other.size)
    if not is_near and not (is_kept and _share_paragraphs(later, earlier)):
        return None
    if _are_issues(later, earlier, 1 if likeness.similarity >= SAME else HEAD):
        return None
    common = later.furniture_lines & earlier.furniture_lines
    if not common or likeness.similarity >= SAME:
        return likeness
    return likeness if _rest_is_shared(later.shingled.without(common), earlier.shingled.without(common)) else None


def may_repeat(shared: Counts, later: Counts, earlier: Counts) -> npt.NDArray[np.bool_]:
    """Return for which pairs `compare` may find that the later text repeats the earlier one.

    Args:
        shared: how many shingles they share at most: fewer are no better ground.
        later: how many the later texts have.
        earlier: how many the earlier ones have.
    """
    is_near, is_kept = _grounds(shared, later, earlier)
    return is_near | is_kept


def _grounds(shared: C, later: C, earlier: C) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """Whether a text is a copy by so many shared shingles, and whether it is one if it shares paragraphs as well."""
    smaller, larger = np.minimum(later, earlier), np.maximum(later, earlier)
    is_similar = shared / (later + earlier - shared) >= LEAST_SIMILARITY
    is_cut = (shared / smaller >= LEAST_SHARE) & (shared >= np.maximum(LEAST_OF_LATER * later, LEAST_CUT))
    return is_similar | is_cut, shared >= LEAST_KEPT * larger


def _are_issues(later: Text, earlier: Text, lines: int) -> bool:
    """Whether the titles, or title and lead, name different days: two issues of a forecast, of prices, of a draw."""
    for number in range(1, lines + 1):
        days, others = later.days(number), earlier.days(number)
        if days and others:
            return days.isdisjoint(others)
    return False


def _share_paragraphs(later: Text, earlier: Text) -> bool:
    """Whether half of the longer text are paragraphs that both have, word for word, and no furniture."""
    both = (later.paragraphs.keys() & earlier.paragraphs.keys()) - (later.furniture_lines & earlier.furniture_lines)
    syllables = sum(later.paragraphs[name] for name in both)
    longer = max(later.shingled.codes.size, earlier.shingled.codes.size)
    return syllables >= max(LEAST_IN_PARAGRAPHS * longer, LEAST_OF_PARAGRAPHS)


def _rest_is_shared(later: Shingled, earlier: Shingled) -> bool:
    """Whether texts that are alike are so without their furniture, or consist of nothing else."""
    least = min(later.distinct.size, earlier.distinct.size)
    return least == 0 or int(_among(later.distinct, earlier.distinct).sum()) >= LEAST_OF_REST * least


def _among(some: Hashes, others: Hashes) -> npt.NDArray[np.bool_]:
    """Return which of some hashes are among others, both ascending."""
    if not others.size:
        return np.zeros(some.size, bool)
    at = np.searchsorted(others, some)
    found: npt.NDArray[np.bool_] = others[at.clip(max=others.size - 1)] == some
    return found
