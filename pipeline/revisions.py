"""The revisions of one article: its distinct contents in the order they were captured."""

from __future__ import annotations

import datetime as dt
import difflib
from collections.abc import Sequence
from dataclasses import dataclass, replace

from pipeline.captures import Edition, dropped_edition
from pipeline.schema import DroppedRow, RevisionRow


@dataclass(frozen=True, slots=True)
class Chain:
    """All revisions of an article, oldest first, and the captures that brought nothing new."""

    revisions: tuple[RevisionRow, ...]
    unchanged: tuple[DroppedRow, ...]


def chain(known: Sequence[RevisionRow], new: Sequence[Edition]) -> Chain:
    """Put the known revisions and the new editions of one article in order of capture and join equal neighbours.

    A content that comes back after another one is a revision again; a new modification date alone is none.
    `changed` is made anew for all.
    """
    candidates = [*known, *(_revision(edition) for edition in new)]
    candidates.sort(key=lambda revision: (revision.fetched_at, revision.capture_id))
    kept: list[RevisionRow] = []
    unchanged: list[DroppedRow] = []
    for candidate in candidates:
        if kept and kept[-1].digest == candidate.digest:
            same = f"same content as revision {kept[-1].revision} of {candidate.article_id}"
            unchanged.append(dropped_edition(candidate, "clean", "unchanged", same))
            continue
        changed = difference(kept[-1], candidate) if kept else None
        kept.append(replace(candidate, revision=len(kept) + 1, changed=changed))
    return Chain(tuple(kept), tuple(unchanged))


def difference(old: RevisionRow, new: RevisionRow) -> str:
    """Return what was taken out ("- …") and put in ("+ …") between two revisions: lines, captions, modification."""
    changed = _lines_changed(old.text.split("\n"), new.text.split("\n"))
    changed += _lines_changed(*([f"caption: {caption}" for caption in row.captions] for row in (old, new)))
    if old.modified_at != new.modified_at:
        stated = ((sign, row.modified_at) for sign, row in (("-", old), ("+", new)))
        changed += [f"{sign} modified: {at.astimezone(dt.UTC):%Y-%m-%dT%H:%M:%SZ}" for sign, at in stated if at]
    return "\n".join(changed)


def _lines_changed(old: list[str], new: list[str]) -> list[str]:
    return [line for line in difflib.ndiff(old, new) if line.startswith(("- ", "+ "))]


def gone_at(last_seen: dt.datetime, gone: Sequence[dt.datetime]) -> dt.datetime | None:
    """Return the first time the article was answered as gone after it was last seen, or None."""
    return min((when for when in gone if when > last_seen), default=None)


def _revision(edition: Edition) -> RevisionRow:
    article = edition.article
    return RevisionRow(
        article_id=edition.article_id,
        revision=0,
        site=edition.site,
        url=edition.url,
        title=article.title,
        text=article.text,
        captions=article.captions,
        published_at=article.published_at,
        modified_at=article.modified_at,
        fetched_at=edition.fetched_at,
        digest=edition.digest,
        changed=None,
        capture_file=edition.capture_file,
        capture_offset=edition.capture_offset,
        capture_id=edition.capture_id,
    )
