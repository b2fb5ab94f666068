"""Make the rows of articles: the work that is handed out to processes. Pure; packed Arrow rows out.

An article is made from a new edition, or again from what the tables hold of it: from its text when annotation has
changed, from its stored sentences when only extraction has. All three ways give the same rows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from pipeline.captures import Edition
from pipeline.document import extracted, read_articles
from pipeline.records import Document
from pipeline.rows import DERIVED, article_row, article_tables, stored_article, stored_sentences
from pipeline.schema import ArticleRow, SentenceRow
from pipeline.tables import packed, to_arrow
from pipeline.versions import Versions


@dataclass(frozen=True, slots=True)
class Fresh:
    """A new edition of an article."""

    edition: Edition

    @property
    def article_id(self) -> str:
        """The article's id."""
        return self.edition.article_id


@dataclass(frozen=True, slots=True)
class Stored:
    """An article as the tables hold it, to be made again: from its sentences where they are given, else its text."""

    row: ArticleRow
    sentences: tuple[SentenceRow, ...] | None

    @property
    def article_id(self) -> str:
        """The article's id."""
        return self.row.article_id


@dataclass(frozen=True, slots=True)
class Made:
    """The rows of one article. `tables` are the derived ones that were made, packed: all, or all but `sentences`."""

    row: ArticleRow
    tables: Mapping[str, bytes]


def make(versions: Versions, tasks: Sequence[Fresh | Stored]) -> list[Made]:
    """Make the rows of some articles; those that need tokens are annotated in one pass."""
    rows = [
        article_row(task.edition, versions.of_site(task.edition.site))
        if isinstance(task, Fresh)
        else replace(task.row, stage_versions=versions.of_site(task.row.site))
        for task in tasks
    ]
    texts = [
        task.edition.article if isinstance(task, Fresh) else stored_article(task.row)
        for task in tasks
        if isinstance(task, Fresh) or task.sentences is None
    ]
    annotated = iter(read_articles(texts) if texts else ())
    made = []
    for task, row in zip(tasks, rows, strict=True):
        if isinstance(task, Stored) and task.sentences is not None:
            document = extracted(stored_article(task.row), stored_sentences(task.sentences))
            made.append(_made(row, document, [name for name in DERIVED if name != "sentences"]))
        else:
            made.append(_made(row, next(annotated), DERIVED))
    return made


def _made(row: ArticleRow, document: Document, tables: Sequence[str]) -> Made:
    rows = article_tables(row, document)
    return Made(rows.article, {table: packed(to_arrow(table, getattr(rows, table))) for table in tables})
