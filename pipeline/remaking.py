"""Read movements and figures again from what the tables hold: no page, no words; only what comes out otherwise.

What a text gives by the rules of now is compared with what it gave: where it is the same, and is attributed by the
same rules, its rows are what they were.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import Any

import pyarrow as pa

from pipeline.attribution import attribute
from pipeline.derived import EXTRACTED, derived_tables
from pipeline.document import read_quantities, setting_of
from pipeline.kept import COLUMNS, OF_NUMBERS, RECORDS, Kept
from pipeline.movements import read_movements
from pipeline.records import BackReference, Entity, Figure, Movement, RefusedNumber, Sentence, WordedAmount
from pipeline.tables import Packed, schema_of, unpacked

Movements = tuple[tuple[Movement, ...], tuple[BackReference, ...]]


@dataclass(frozen=True, slots=True)
class _Article:
    """What is read again of an article, and what its rows repeat."""

    article_id: str
    site: str
    source_id: str
    text: str
    published_at: dt.datetime | None
    place: str | None
    province: str | None


@dataclass(frozen=True, slots=True)
class _Found:
    """What was read of an article."""

    sentences: tuple[Sentence, ...]
    movements: tuple[Movement, ...]
    back_references: tuple[BackReference, ...]
    figures: tuple[Figure, ...]
    in_words: tuple[WordedAmount, ...]
    refused_numbers: tuple[RefusedNumber, ...]


def tables_needed(stale: Collection[str]) -> list[str]:
    """Return the tables of which the rows of articles are needed, to bring these stages up to date."""
    compared = [] if "attribute" in stale else ["movements", "back_references"]
    return ["articles", "sentences", *compared, *(OF_NUMBERS if compared and "figures" in stale else ())]


def remade(stale: Collection[str], articles: Sequence[Kept]) -> list[dict[str, Packed]]:
    """Return for each article its rows of the tables in which it may have others than before.

    Args:
        stale: the stages that changed, of "movements", "figures" and "attribute".
    """
    stored = _Stored(articles)
    read = [_read_again(stored, at, stale) for at in range(len(articles))]
    return _rows(stored.articles, read)


def _read_again(stored: _Stored, at: int, stale: Collection[str]) -> tuple[_Found | None, tuple[str, ...]]:
    """Return what an article says by the rules of now, and the tables in which that is another thing than before."""
    article, sentences = stored.articles[at], stored.sentences(at)
    held = None if "attribute" in stale else stored.movements(at)
    read = _movements(article.text, sentences) if held is None or "movements" in stale else held
    if read == held and "figures" not in stale:
        return None, ()
    found = read_quantities(article.text, sentences, read[0], site=article.site, source_id=article.source_id)
    tables: tuple[str, ...] = EXTRACTED
    if read == held:
        tables = tuple(table for table, own in zip(OF_NUMBERS, found, strict=True) if own != stored.records(table, at))
    movements, figures = read[0], found.figures
    if "figures" in tables:
        setting = setting_of(article.published_at, article.place)
        movements, figures = attribute(article.text, stored.with_entities(at), *read, figures, setting)
    return _Found(sentences, movements, read[1], figures, found.in_words, found.refused), tables


def _movements(text: str, sentences: tuple[Sentence, ...]) -> Movements:
    reading = read_movements(text, sentences)
    return reading.movements, reading.back_references


def _rows(
    articles: Sequence[_Article], read: Sequence[tuple[_Found | None, tuple[str, ...]]]
) -> list[dict[str, Packed]]:
    """Return the rows of each article, those of articles that have others in the same tables made together."""
    rows: list[dict[str, Packed]] = [{} for _ in articles]
    for tables in {tables for _, tables in read if tables}:
        some = [(at, found) for at, (found, own) in enumerate(read) if own == tables and found]
        made = derived_tables([articles[at] for at, _ in some], [found for _, found in some], tables)
        for (at, _), own in zip(some, made, strict=True):
            rows[at] = own
    return rows


class _Stored:
    """The rows of some articles, read as they are asked for."""

    def __init__(self, kept: Sequence[Kept]) -> None:
        self._kept = kept
        self.articles = [_Article(**row) for row in self._table("articles").to_pylist()]
        self._records: dict[str, list[Any]] = {}
        sentences = self._table("sentences")
        self._entities = sentences["entities"]
        self._spans = list(zip(*(sentences[name].to_pylist() for name in ("sentence", "start", "end")), strict=True))
        self._bounds = {table: self._bounds_of(table) for table in kept[0].tables}

    def _table(self, name: str) -> pa.Table:
        return unpacked(schema_of(name, COLUMNS[name]), [article.tables[name] for article in self._kept])

    def _bounds_of(self, table: str) -> list[tuple[int, int]]:
        """Return from which row to which the rows of each article lie."""
        return list(pairwise(accumulate((article.tables[table].rows for article in self._kept), initial=0)))

    def sentences(self, at: int) -> tuple[Sentence, ...]:
        """Return the sentences of an article in reading order, without tokens and entities."""
        first, last = self._bounds["sentences"][at]
        text = self.articles[at].text
        return tuple(
            Sentence(number, start, end, text[start:end], (), ()) for number, start, end in self._spans[first:last]
        )

    def with_entities(self, at: int) -> tuple[Sentence, ...]:
        """Return the sentences of an article with their entities."""
        first, last = self._bounds["sentences"][at]
        named = self._entities.slice(first, last - first).to_pylist()
        return tuple(
            sentence._replace(entities=tuple(Entity(**entity) for entity in entities))
            for sentence, entities in zip(self.sentences(at), named, strict=True)
        )

    def movements(self, at: int) -> Movements:
        """Return the movements and back references of an article, not attributed."""
        return self.records("movements", at), self.records("back_references", at)

    def records(self, table: str, at: int) -> tuple[Any, ...]:
        """Return the records that the rows of an article were made of, not attributed."""
        if table not in self._records:
            rows, record = self._table(table).drop_columns(["article_id"]), RECORDS[table]
            columns = (column.to_pylist() for column in rows.columns)
            self._records[table] = [
                record(**dict(zip(rows.column_names, values, strict=True))) for values in zip(*columns, strict=True)
            ]
        first, last = self._bounds[table][at]
        return tuple(self._records[table][first:last])
