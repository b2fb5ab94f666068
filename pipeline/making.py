"""Make the rows of articles: the work that is handed out to processes. Pure; packed Arrow rows out.

An article is made from a new edition, or again from what the tables hold of it: from its text when annotation has
changed, from its stored sentences when only extraction has. All three ways give the same rows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from pipeline.captures import Edition
from pipeline.derived import EXTRACTED, derived_tables, stored_sentences
from pipeline.document import extracted, read_articles
from pipeline.rows import article_row, province_of, stored_article
from pipeline.schema import ArticleRow
from pipeline.tables import Packed


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
    """An article as the tables hold it, to be made again: from sentences (STORED_COLUMNS) or, where None, its text."""

    row: ArticleRow
    sentences: Packed | None

    @property
    def article_id(self) -> str:
        """The article's id."""
        return self.row.article_id


@dataclass(frozen=True, slots=True)
class Made:
    """The rows of one article. `tables` are the derived ones that were made: all, or all but `sentences`."""

    row: ArticleRow
    tables: Mapping[str, Packed]


def make(versions: Mapping[str, str], tasks: Sequence[Fresh | Stored]) -> list[Made]:
    """Make the rows of some articles, in no promised order; those that need tokens are annotated in one pass.

    Args:
        versions: those that make the rows of each site, as JSON.
    """
    again = [task for task in tasks if isinstance(task, Stored) and task.sentences is not None]
    anew = [task for task in tasks if isinstance(task, Fresh) or task.sentences is None]
    return [*_annotated(versions, anew), *_extracted(versions, again)]


def _annotated(versions: Mapping[str, str], tasks: Sequence[Fresh | Stored]) -> list[Made]:
    if not tasks:
        return []
    documents = read_articles(
        [task.edition.article if isinstance(task, Fresh) else stored_article(task.row) for task in tasks]
    )
    rows = []
    for task, document in zip(tasks, documents, strict=True):
        row = article_row(task.edition, "") if isinstance(task, Fresh) else task.row
        words = sum(len(sentence.tokens) for sentence in document.sentences)
        rows.append(_told(row, versions, n_words=words))
    return list(map(Made, rows, derived_tables(rows, documents)))


def _extracted(versions: Mapping[str, str], tasks: Sequence[Stored]) -> list[Made]:
    if not tasks:
        return []
    rows = [_told(task.row, versions, n_words=task.row.n_words) for task in tasks]
    documents = [
        extracted(stored_article(task.row), stored_sentences(task.row.text, task.sentences))
        for task in tasks
        if task.sentences is not None
    ]
    return list(map(Made, rows, derived_tables(rows, documents, EXTRACTED)))


def _told(row: ArticleRow, versions: Mapping[str, str], n_words: int) -> ArticleRow:
    """Return a row with what its text, its dateline and the stages that made it say."""
    return replace(row, n_words=n_words, province=province_of(row), stage_versions=versions[row.site])
