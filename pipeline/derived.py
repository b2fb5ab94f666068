"""From documents to the tables that are made of their texts: column by column, those of many articles at once.

An Arrow array costs more to begin than its values do, and one of ten sentences as much as one of three hundred.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, chain, pairwise
from operator import attrgetter
from typing import Any, Protocol

import numpy as np
import pyarrow as pa

from pipeline.records import Sentence, Tokens
from pipeline.tables import Packed, arrow_schema

# the tables that are made of an article's text, a row a piece of it, and what of a document they hold
_PASSAGES = {
    "movements": "movements",
    "back_references": "back_references",
    "figures": "figures",
    "amounts_in_words": "in_words",
    "refused_numbers": "refused_numbers",
}
EXTRACTED = tuple(_PASSAGES)
DERIVED = ("sentences", *EXTRACTED)
_OF_ARTICLES = ("article_id", "site", "published_at", "province")  # columns of passages that repeat their article's


class ToldOf(Protocol):
    """What the rows of a passage repeat of their article."""

    @property
    def article_id(self) -> str:
        """Its id."""

    @property
    def site(self) -> str:
        """Its site."""

    @property
    def published_at(self) -> dt.datetime | None:
        """When it was published."""

    @property
    def province(self) -> str | None:
        """The code of its province."""


class ReadOf(Protocol):
    """What was read of an article, as a Document has it; passages lie in its sentences."""

    @property
    def sentences(self) -> Sequence[Sentence]:
        """In reading order."""


def derived_tables(
    rows: Sequence[ToldOf], documents: Sequence[ReadOf], tables: Iterable[str] = DERIVED
) -> list[dict[str, Packed]]:
    """Return for each article, given with its document, its rows of some of the tables, in reading order."""
    texts = _Texts(rows, documents)
    made = {table: texts.sentences() if table == "sentences" else texts.passages(table) for table in tables}
    pieces = {table: list(_pieces(batch, counts)) for table, (batch, counts) in made.items()}
    return [{table: own[at] for table, own in pieces.items()} for at in range(len(rows))]


def _pieces(batch: pa.RecordBatch, counts: Sequence[int]) -> Iterator[Packed]:
    packed = Packed.of(batch)
    for first, last in pairwise(accumulate(counts, initial=0)):
        yield packed.part(first, last - first)


class _Texts:
    """Articles with what was read in their texts, their sentences laid end to end."""

    def __init__(self, rows: Sequence[ToldOf], documents: Sequence[ReadOf]) -> None:
        self._documents = documents
        schema = arrow_schema("movements")
        self._articles = {
            name: pa.array([getattr(row, name) for row in rows], schema.field(name).type) for name in _OF_ARTICLES
        }
        self._sentences = [sentence for document in documents for sentence in document.sentences]
        self._counts = [len(document.sentences) for document in documents]
        self._texts = pa.array([sentence.text for sentence in self._sentences], pa.string())

    def sentences(self) -> tuple[pa.RecordBatch, list[int]]:
        """Return the rows of `sentences`, and how many each article has."""
        schema = arrow_schema("sentences")
        tokens = [Tokens.of(sentence.tokens) for sentence in self._sentences]
        entities = [sentence.entities for sentence in self._sentences]
        of_their_own = {
            **self._repeated(self._counts),
            "sentence": pa.array([sentence.number for sentence in self._sentences], pa.int64()),
            "text": self._texts,
            "tokens": _lists(tokens, pa.array([text for own in tokens for text in own.texts], pa.string())),
            "pos": _lists(tokens, pa.array([pos for own in tokens for pos in own.pos], pa.string())),
            "entities": _lists(entities, _structs(schema.field("entities").type.value_type, chain(*entities))),
        }
        return _batch(schema, of_their_own, self._sentences), self._counts

    def passages(self, table: str) -> tuple[pa.RecordBatch, list[int]]:
        """Return the rows of movements, figures and the like, and how many each article has."""
        found = [getattr(document, _PASSAGES[table]) for document in self._documents]
        counts = [len(own) for own in found]
        firsts = np.repeat([0, *accumulate(self._counts)][:-1], counts)
        flat = list(chain(*found))
        sentences = firsts + np.fromiter((passage.sentence for passage in flat), np.int64, len(flat))
        of_their_own = {**self._repeated(counts), "sentence_text": self._texts.take(pa.array(sentences, pa.int64()))}
        return _batch(arrow_schema(table), of_their_own, flat), counts

    def _repeated(self, counts: Sequence[int]) -> dict[str, pa.Array]:
        at = pa.array(np.repeat(np.arange(len(counts)), counts), pa.int64())
        return {name: values.take(at) for name, values in self._articles.items()}


def _batch(schema: pa.Schema, columns: dict[str, pa.Array], records: Sequence[Any]) -> pa.RecordBatch:
    """Return rows of the columns that are given, and of what the records, named tuples, have under other names."""
    values = dict(zip(records[0]._fields, zip(*records, strict=True), strict=True)) if records else {}
    arrays = [
        columns[field.name] if field.name in columns else pa.array(values[field.name] if records else (), field.type)
        for field in schema
    ]
    return pa.RecordBatch.from_arrays(arrays, schema=schema)


def _lists(lists: Sequence[Sequence[Any]], values: pa.Array) -> pa.ListArray:
    offsets = np.fromiter(accumulate(map(len, lists), initial=0), np.int32, len(lists) + 1)
    return pa.ListArray.from_arrays(pa.array(offsets), values)


def _structs(kind: pa.StructType, records: Iterable[Any]) -> pa.StructArray:
    some = list(records)
    return pa.StructArray.from_arrays(
        [pa.array(map(attrgetter(field.name), some), field.type) for field in kind], fields=list(kind)
    )
