"""The revisions of one article: its distinct contents in the order they were captured."""

from __future__ import annotations

import datetime as dt
import difflib
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace

from pipeline.captures import Edition, dropped_edition
from pipeline.records import Article
from pipeline.schema import ArticleRow, DroppedRow, RevisionRow

_OF_ARTICLES = [own.name for own in fields(RevisionRow) if own.name != "changed"]


@dataclass(frozen=True, slots=True)
class Chain:
    """What showed the revisions of an article, oldest first, and the captures that brought nothing new."""

    shown: tuple[RevisionRow | Edition, ...]
    unchanged: tuple[DroppedRow, ...]

    @property
    def is_one_edition(self) -> bool:
        """Whether all there is of the article is one new edition."""
        return len(self.shown) == 1 and isinstance(self.shown[0], Edition)

    def rows(self) -> tuple[RevisionRow, ...]:
        """Return the revisions, oldest first; `changed` is made anew for all."""
        found: list[RevisionRow] = []
        for one in self.shown:
            row = revision_row(one, one.article) if isinstance(one, Edition) else one
            changed = difference(found[-1], row) if found else None
            found.append(replace(row, revision=len(found) + 1, changed=changed))
        return tuple(found)


def chain(known: Sequence[RevisionRow], new: Sequence[Edition]) -> Chain:
    """Put the known revisions and the new editions of one article in order of capture and join equal neighbours.

    A content that comes back after another one is a revision again; a new modification date alone is none.
    """
    kept: list[RevisionRow | Edition] = []
    unchanged: list[DroppedRow] = []
    candidates: list[RevisionRow | Edition] = [*known, *new]
    for candidate in sorted(candidates, key=lambda one: (one.fetched_at, one.capture_id)):
        if kept and kept[-1].digest == candidate.digest:
            same = f"same content as revision {len(kept)} of {candidate.article_id}"
            unchanged.append(dropped_edition(candidate, "clean", "unchanged", same))
        else:
            kept.append(candidate)
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


def only_revision(row: ArticleRow) -> RevisionRow:
    """Return the revision of an article that has one: its own row says all of it."""
    return RevisionRow(changed=None, **{name: getattr(row, name) for name in _OF_ARTICLES})


def revision_row(edition: Edition, article: Article) -> RevisionRow:
    """Return the row of an edition, with its article, that is the first of its article."""
    return RevisionRow(
        article_id=edition.article_id,
        revision=1,
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
