"""The stored sentences of articles that come in edited, on their way to where the new edition is annotated."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import accumulate, pairwise
from typing import Any, TypeVar

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.kept import pieces_of_articles
from pipeline.records import Entity, Sentence, Tokens
from pipeline.tables import Packed, schema_of, unpacked

T = TypeVar("T")

_COLUMNS = ["article_id", "sentence", "start", "end", "text", "tokens", "pos", "entities"]
_OF_ENTITIES = ("start", "end", "label", "text")  # all that the tagger says of a name


def packed_sentences(rows: pa.Table) -> dict[str, Packed]:
    """Pack rows of `sentences` by article."""
    return dict(pieces_of_articles(rows.select(_COLUMNS)))


def sentences_of(pieces: Sequence[Packed]) -> list[tuple[Sentence, ...]]:
    """Return the sentences of each of some articles in reading order; of their entities what a tagger says."""
    rows = unpacked(schema_of("sentences", _COLUMNS), pieces)
    columns = (_values(rows[name]) for name in ("sentence", "start", "end", "text"))
    names = pc.list_flatten(rows["entities"])
    entities = zip(*(_values(pc.struct_field(names, field)) for field in _OF_ENTITIES), strict=True)
    own_words, own_pos = (_parts(_values(pc.list_flatten(rows[name])), rows[name]) for name in ("tokens", "pos"))
    own_names = _parts(list(entities), rows["entities"])
    read = [
        Sentence(number, start, end, text, _tokens(text, start, some, pos), tuple(Entity(*name) for name in named))
        for number, start, end, text, some, pos, named in zip(*columns, own_words, own_pos, own_names, strict=True)
    ]
    ends = accumulate((piece.rows for piece in pieces), initial=0)
    return [tuple(read[first:last]) for first, last in pairwise(ends)]


def _values(column: pa.ChunkedArray) -> list[Any]:
    """Return the values of a column without nulls; `to_pylist` takes several times as long."""
    values: list[Any] = column.to_numpy().tolist()
    return values


def _parts(flat: list[T], lists: pa.ChunkedArray) -> Iterator[list[T]]:
    """Yield of the values of lists laid end to end those of each list."""
    lengths = _values(pc.list_value_length(lists))
    return (flat[first:last] for first, last in pairwise(accumulate(lengths, initial=0)))


def _tokens(text: str, first: int, words: list[str], pos: list[str]) -> Tokens:
    """Return the tokens of a sentence, which stand in it one after the other."""
    starts, ends, end = [], [], 0
    for word in words:
        start = text.index(word, end)
        end = start + len(word)
        starts.append(start)
        ends.append(end)
    return Tokens(words, pos, starts, ends, first)
