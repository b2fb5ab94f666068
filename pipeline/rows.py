"""Rows of articles and of the movement registry."""

from __future__ import annotations

import json
from typing import cast

from pipeline.captures import Edition
from pipeline.movements import load_registry
from pipeline.places import VIETNAM, province_code
from pipeline.records import Article, ArticleKind
from pipeline.schema import ArticleRow, RegistryRow


def article_row(edition: Edition, article: Article, versions: str) -> ArticleRow:
    """Return the row of one edition and its article before its text is read.

    `versions` are those of its stages, as JSON.
    How many words it has is told when its text is read; revision, first seen and gone by the build.
    """
    return ArticleRow(
        article_id=edition.article_id,
        revision=1,
        site=edition.site,
        source_id=edition.source_id,
        url=edition.url,
        section=article.section,
        title=article.title,
        lead=article.lead,
        text=article.text,
        authors=article.authors,
        place=article.place,
        province=None,
        tags=article.tags,
        captions=article.captions,
        published_at=article.published_at,
        published_raw=article.published_raw,
        modified_at=article.modified_at,
        first_seen_at=edition.fetched_at,
        fetched_at=edition.fetched_at,
        gone_at=None,
        digest=edition.digest,
        n_words=0,
        reprint_of=None,
        reprint_similarity=None,
        reprint_share=None,
        reprint_group=None,
        layout=article.layout,
        kind=article.kind,
        origin=json.dumps(article.origin, ensure_ascii=False),
        capture_file=edition.capture_file,
        capture_offset=edition.capture_offset,
        capture_id=edition.capture_id,
        stage_versions=versions,
    )


def stored_article(row: ArticleRow) -> Article:
    """Return the article of a row, as the stages after clean read it; what was dropped of its page is not kept."""
    return Article(
        url=row.url,
        site=row.site,
        source_id=row.source_id,
        layout=row.layout,
        title=row.title,
        lead=row.lead,
        text=row.text,
        authors=row.authors,
        place=row.place,
        section=row.section,
        tags=row.tags,
        captions=row.captions,
        published_at=row.published_at,
        published_raw=row.published_raw,
        modified_at=row.modified_at,
        dropped=(),
        kind=cast(ArticleKind, row.kind),
        origin=json.loads(row.origin),
    )


def province_of(row: ArticleRow) -> str | None:
    """Return the code of the province that an article's dateline names."""
    day = row.published_at.astimezone(VIETNAM).date() if row.published_at else None
    return province_code(row.place, day) if row.place else None


def registry_rows() -> list[RegistryRow]:
    """Return the movement registry as rows, in its own order."""
    return [
        RegistryRow(
            movement_id=entry.id,
            name=entry.name,
            kind=entry.kind,
            aliases=tuple(entry.aliases),
            launched_by=entry.launched_by,
            since=entry.since,
            source=entry.source,
            until=entry.until,
            sector=entry.sector,
            launched_by_source=entry.launched_by_source,
            since_source=entry.since_source,
            until_source=entry.until_source,
            unsure=entry.unsure,
        )
        for entry in load_registry()
    ]
