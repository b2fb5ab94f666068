"""What a build did, in numbers."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build did. `nothing_to_do` when tables, archive, code and lexicon already agree."""

    snapshot: int
    nothing_to_do: bool = False
    captures: int = 0
    new_articles: int = 0
    new_revisions: int = 0
    newly_gone: int = 0
    made_again: int = 0
    dropped: int = 0
    failed: int = 0
    torn: tuple[str, ...] = ()
