"""A text with each letter and its marks as one character, and the way back to the text as it was given."""

from __future__ import annotations

import re
import unicodedata
from array import array
from collections.abc import Sequence
from dataclasses import dataclass

# a character with the marks that follow it; Hangul and other scripts compose otherwise, and are no names of ours
_CLUSTER = re.compile("[^\u0300-\u036f][\u0300-\u036f]*|[\u0300-\u036f]+")


@dataclass(frozen=True, slots=True)
class Composed:
    """`text` in NFC; `starts[i]` is where its character i begins in the given text, None when nothing was composed."""

    text: str
    starts: Sequence[int] | None

    @classmethod
    def of(cls, given: str) -> Composed:
        """Compose the text; one in NFC, as the pipeline's are, stays as it is."""
        if unicodedata.is_normalized("NFC", given):
            return cls(given, None)
        parts: list[str] = []
        starts = array("q")
        for cluster in _CLUSTER.finditer(given):
            part = unicodedata.normalize("NFC", cluster[0])
            parts.append(part)
            starts.extend([cluster.start()] * len(part))
        starts.append(len(given))
        return cls("".join(parts), starts)

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return where text[start:end] lies in the given text."""
        return (start, end) if self.starts is None else (self.starts[start], self.starts[end])
