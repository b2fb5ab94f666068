"""From documents to table rows."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from typing import TypeVar, cast

from pipeline.captures import Edition
from pipeline.movements import load_registry
from pipeline.places import province_code
from pipeline.records import (
    Article,
    ArticleKind,
    BackReference,
    Document,
    Figure,
    Movement,
    RefusedNumber,
    Sentence,
    Token,
    WordedAmount,
)
from pipeline.schema import (
    ArticleRow,
    BackReferenceRow,
    FigureRow,
    MovementRow,
    PassageRow,
    RefusedNumberRow,
    RegistryRow,
    SentenceRow,
    WordedAmountRow,
)
from pipeline.tables import VIETNAM

Passage = TypeVar("Passage", bound=PassageRow)

# the tables that are made of an article's text, a row a piece of it
DERIVED = ("sentences", "movements", "back_references", "figures", "amounts_in_words", "refused_numbers")


@dataclass(frozen=True, slots=True)
class ArticleTables:
    """All rows of the newest revision of one article."""

    article: ArticleRow
    sentences: tuple[SentenceRow, ...]
    movements: tuple[MovementRow, ...]
    back_references: tuple[BackReferenceRow, ...]
    figures: tuple[FigureRow, ...]
    amounts_in_words: tuple[WordedAmountRow, ...]
    refused_numbers: tuple[RefusedNumberRow, ...]


def article_row(edition: Edition, versions: str) -> ArticleRow:
    """Return the row of one edition before its text is read; `versions` are those of its stages, as JSON.

    Words and province come from `article_tables`; revision, first seen and gone from the build.
    """
    article = edition.article
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


def stored_sentences(rows: Iterable[SentenceRow]) -> tuple[Sentence, ...]:
    """Return the sentences of an article, in reading order, as annotate made them.

    Raises:
        ValueError: a token that is not in its sentence; the row was not written by us.
    """
    return tuple(
        Sentence(row.sentence, row.start, row.end, row.text, tuple(_tokens(row)), row.entities)
        for row in sorted(rows, key=lambda row: row.sentence)
    )


def _tokens(row: SentenceRow) -> Iterator[Token]:
    """Yield the tokens with their offsets: each begins where the one before ends, or after blanks."""
    at = 0
    for text, pos in zip(row.tokens, row.pos, strict=True):
        at = row.text.index(text, at)
        yield Token(text, row.start + at, row.start + at + len(text), pos)
        at += len(text)


def article_tables(row: ArticleRow, document: Document) -> ArticleTables:
    """Return an article's row with what was read in its text, and the rows of that text."""
    published = row.published_at
    day = published.astimezone(VIETNAM).date() if published else None
    row = replace(
        row,
        n_words=sum(len(sentence.tokens) for sentence in document.sentences),
        province=province_code(row.place, day) if row.place else None,
    )
    return ArticleTables(
        article=row,
        sentences=_sentences(row, document),
        movements=_passages(MovementRow, row, document, document.movements),
        back_references=_passages(BackReferenceRow, row, document, document.back_references),
        figures=_passages(FigureRow, row, document, document.figures),
        amounts_in_words=_passages(WordedAmountRow, row, document, document.in_words),
        refused_numbers=_passages(RefusedNumberRow, row, document, document.refused_numbers),
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


def _passages(
    row_type: type[Passage],
    row: ArticleRow,
    document: Document,
    passages: Sequence[Movement | BackReference | Figure | WordedAmount | RefusedNumber],
) -> tuple[Passage, ...]:
    """Return the rows of passages: what a record and its row both have goes over under its name."""
    own = {spec.name for spec in fields(row_type)}
    repeated = {name: getattr(row, name) for name in ("article_id", "site", "published_at", "province")}
    return tuple(
        row_type(
            **repeated,
            sentence_text=document.sentences[passage.sentence].text,
            **{spec.name: getattr(passage, spec.name) for spec in fields(passage) if spec.name in own},
        )
        for passage in passages
    )
