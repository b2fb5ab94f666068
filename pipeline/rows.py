"""From documents to table rows."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from pipeline.captures import Edition
from pipeline.movements import load_registry
from pipeline.places import province_code
from pipeline.schema import (
    ArticleRow,
    Document,
    FigureRow,
    MovementRow,
    RegistryRow,
    SentenceRow,
    WordedAmountRow,
)
from pipeline.tables import VIETNAM


@dataclass(frozen=True, slots=True)
class ArticleTables:
    """All rows of the newest revision of one article."""

    article: ArticleRow
    sentences: tuple[SentenceRow, ...]
    movements: tuple[MovementRow, ...]
    figures: tuple[FigureRow, ...]
    amounts_in_words: tuple[WordedAmountRow, ...]


def article_tables(edition: Edition, document: Document, versions: Mapping[str, str]) -> ArticleTables:
    """Return the rows of one edition; revision, first seen and gone are the merge's to fill in."""
    article = document.article
    published = article.published_at
    day = published.astimezone(VIETNAM).date() if published else None
    province = province_code(article.place, day) if article.place else None
    row = ArticleRow(
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
        province=province,
        tags=article.tags,
        captions=article.captions,
        published_at=published,
        published_raw=article.published_raw,
        modified_at=article.modified_at,
        first_seen_at=edition.fetched_at,
        fetched_at=edition.fetched_at,
        gone_at=None,
        digest=edition.digest,
        n_words=sum(len(sentence.tokens) for sentence in document.sentences),
        reprint_of=None,
        reprint_similarity=None,
        layout=article.layout,
        kind=article.kind,
        origin=json.dumps(article.origin, ensure_ascii=False),
        capture_file=edition.capture_file,
        capture_offset=edition.capture_offset,
        capture_id=edition.capture_id,
        stage_versions=json.dumps(dict(versions)),
    )
    return ArticleTables(
        article=row,
        sentences=_sentences(row, document),
        movements=_movements(row, document),
        figures=_figures(row, document),
        amounts_in_words=_amounts_in_words(row, document),
    )


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


def _sentences(row: ArticleRow, document: Document) -> tuple[SentenceRow, ...]:
    return tuple(
        SentenceRow(
            article_id=row.article_id,
            site=row.site,
            sentence=sentence.number,
            start=sentence.start,
            end=sentence.end,
            text=sentence.text,
            tokens=tuple(token.text for token in sentence.tokens),
            pos=tuple(token.pos for token in sentence.tokens),
            entities=sentence.entities,
        )
        for sentence in document.sentences
    )


def _movements(row: ArticleRow, document: Document) -> tuple[MovementRow, ...]:
    return tuple(
        MovementRow(
            article_id=row.article_id,
            site=row.site,
            published_at=row.published_at,
            province=row.province,
            sentence=movement.sentence,
            sentence_text=document.sentences[movement.sentence].text,
            surface=movement.surface,
            start=movement.start,
            end=movement.end,
            name=movement.name,
            movement_id=movement.movement_id,
            kind=movement.kind,
            trigger=movement.trigger,
        )
        for movement in document.movements
    )


def _figures(row: ArticleRow, document: Document) -> tuple[FigureRow, ...]:
    return tuple(
        FigureRow(
            article_id=row.article_id,
            site=row.site,
            published_at=row.published_at,
            province=row.province,
            sentence=figure.sentence,
            sentence_text=document.sentences[figure.sentence].text,
            surface=figure.surface,
            start=figure.start,
            end=figure.end,
            value=figure.value,
            value_high=figure.value_high,
            kind=figure.kind,
            unit=figure.unit,
            bound=figure.bound,
            bound_kind=figure.bound_kind,
            per=figure.per,
            denominator=figure.denominator,
            movement_id=figure.movement_id,
            organisation=figure.organisation,
            place=figure.place,
            period=figure.period,
            doubt=figure.doubt,
            printed_value=figure.printed_value,
            correction=figure.correction,
        )
        for figure in document.figures
    )


def _amounts_in_words(row: ArticleRow, document: Document) -> tuple[WordedAmountRow, ...]:
    return tuple(
        WordedAmountRow(
            article_id=row.article_id,
            site=row.site,
            published_at=row.published_at,
            province=row.province,
            sentence=amount.sentence,
            sentence_text=document.sentences[amount.sentence].text,
            surface=amount.surface,
            start=amount.start,
            end=amount.end,
            value=amount.value,
            vague=amount.vague,
            kind=amount.kind,
            unit=amount.unit,
            bound=amount.bound,
            bound_kind=amount.bound_kind,
            denominator=amount.denominator,
        )
        for amount in document.in_words
    )
