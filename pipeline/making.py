"""Make the rows of articles: the work that is handed out to processes. Pure; packed Arrow rows out.

An article is made from a new edition, or again from what the tables hold of it: from its text when annotation has
changed, from its sentences when only what is extracted of them has. All three ways give the same rows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from pipeline.captures import Edition
from pipeline.derived import derived_tables
from pipeline.document import read_articles
from pipeline.kept import Kept
from pipeline.records import Article, Sentence
from pipeline.remaking import remade
from pipeline.reprints import Signature, name_of, signature
from pipeline.revisions import revision_row
from pipeline.rows import article_row, province_of, stored_article
from pipeline.schema import ArticleRow
from pipeline.stored_sentences import sentences_of
from pipeline.tables import Packed, one_by_one


@dataclass(frozen=True, slots=True)
class Fresh:
    """A new edition of an article, and the stored sentences of the one before where the rules of now annotated it."""

    edition: Edition
    sentences: Packed | None = None

    @property
    def article_id(self) -> str:
        """The article's id."""
        return self.edition.article_id


@dataclass(frozen=True, slots=True)
class Stored:
    """An article as the tables hold it, to be made again from its text."""

    row: ArticleRow

    @property
    def article_id(self) -> str:
        """The article's id."""
        return self.row.article_id


@dataclass(frozen=True, slots=True)
class Made:
    """What was made of one article.

    Attributes:
        tables: its rows in the tables that were made. Of an article that was read again from its sentences: those in
            which it may have others than before, its own row not among them. Of a new edition: also its own row and
            that of its revision, as if it were the first.
        signed: what copies of a new text are found by, and the name that the text goes by.
    """

    article_id: str
    tables: Mapping[str, Packed]
    signed: tuple[int, Signature] | None = None


def make(
    versions: Mapping[str, str], tasks: Sequence[Fresh | Stored | Kept], stale: frozenset[str] = frozenset()
) -> list[Made]:
    """Make the rows of some articles, in no promised order; those that need tokens are annotated in one pass.

    Args:
        versions: those that make the rows of each site, as JSON.
        stale: the stages that articles which are kept are read again for.
    """
    again = [task for task in tasks if isinstance(task, Kept)]
    return [*_annotated(versions, [task for task in tasks if not isinstance(task, Kept)]), *_read_again(stale, again)]


def _annotated(versions: Mapping[str, str], tasks: Sequence[Fresh | Stored]) -> list[Made]:
    if not tasks:
        return []
    articles = [task.edition.article if isinstance(task, Fresh) else stored_article(task.row) for task in tasks]
    documents = read_articles(articles, _stored_sentences(tasks))
    rows = []
    for task, article, document in zip(tasks, articles, documents, strict=True):
        row = article_row(task.edition, article, "") if isinstance(task, Fresh) else task.row
        words = sum(len(sentence.tokens) for sentence in document.sentences)
        rows.append(_told(row, versions, n_words=words))
    revisions = _revisions(tasks, articles)
    made = zip(tasks, rows, one_by_one("articles", rows), derived_tables(rows, documents), strict=True)
    return [
        Made(row.article_id, {"articles": own, **tables, **revisions.get(row.article_id, {})}, _signed(task, row))
        for task, row, own, tables in made
    ]


def _revisions(tasks: Sequence[Fresh | Stored], articles: Sequence[Article]) -> dict[str, dict[str, Packed]]:
    fresh = [(task, article) for task, article in zip(tasks, articles, strict=True) if isinstance(task, Fresh)]
    rows = one_by_one("revisions", [revision_row(task.edition, article) for task, article in fresh])
    return {task.article_id: {"revisions": row} for (task, _), row in zip(fresh, rows, strict=True)}


def _signed(task: Fresh | Stored, row: ArticleRow) -> tuple[int, Signature] | None:
    return (name_of(row.digest), signature(row.text)) if isinstance(task, Fresh) else None


def _stored_sentences(tasks: Sequence[Fresh | Stored]) -> list[tuple[Sentence, ...]]:
    held = [task.sentences if isinstance(task, Fresh) else None for task in tasks]
    read = iter(sentences_of([piece for piece in held if piece is not None]))
    return [() if piece is None else next(read) for piece in held]


def _read_again(stale: frozenset[str], tasks: Sequence[Kept]) -> list[Made]:
    if not tasks:
        return []
    return [Made(task.article_id, tables) for task, tables in zip(tasks, remade(stale, tasks), strict=True)]


def _told(row: ArticleRow, versions: Mapping[str, str], n_words: int) -> ArticleRow:
    """Return a row with what its text, its dateline and the stages that made it say."""
    return replace(row, n_words=n_words, province=province_of(row), stage_versions=versions[row.site])
