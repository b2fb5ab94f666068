"""What the tables hold of articles whose movements or figures are read again, as it is handed out to processes."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

import numpy as np
import pyarrow as pa

from pipeline.records import BackReference, Figure, Movement, RefusedNumber, WordedAmount
from pipeline.snapshots import Snapshot
from pipeline.tables import Packed, Partition, packed

# fields of records that attribute sets: what is read of a text has none of them
OF_ATTRIBUTION = {
    *("organisation", "organisation_name", "organisation_rule", "place", "place_rule", "province_63", "province_34"),
    *("movement_rule", "period", "period_start", "period_end", "period_rule", "role", "role_words"),
}
RECORDS: Mapping[str, type[Movement | BackReference | Figure | WordedAmount | RefusedNumber]] = {
    "movements": Movement,
    "back_references": BackReference,
    "figures": Figure,
    "amounts_in_words": WordedAmount,
    "refused_numbers": RefusedNumber,
}
OF_NUMBERS = ("figures", "amounts_in_words", "refused_numbers")
_PACKED_TOGETHER = 16  # articles: about as many as are handed out together, for pieces of one batch travel as one


def _columns(table: str) -> list[str]:
    """Return the columns of a table that its records were read with."""
    left_out = OF_ATTRIBUTION | ({"movement_id"} if table == "figures" else set())
    return ["article_id", *(name for name in RECORDS[table]._fields if name not in left_out)]


COLUMNS: Mapping[str, list[str]] = {
    "articles": ["article_id", "site", "source_id", "text", "published_at", "place", "province"],
    "sentences": ["article_id", "sentence", "start", "end", "entities"],
    **{table: _columns(table) for table in RECORDS},
}


@dataclass(frozen=True, slots=True)
class Kept:
    """An article as the tables hold it: its rows by table, with COLUMNS of each."""

    article_id: str
    tables: Mapping[str, Packed]


def kept_articles(
    snapshot: Snapshot, partition: Partition, tables: Collection[str], without: Collection[str] = ()
) -> Iterator[Kept]:
    """Yield the articles of a partition with their rows of some tables, but those left out."""
    read = {table: _by_article(snapshot.read(table, [partition], COLUMNS[table])) for table in tables}
    for some in _together({*read["articles"]["article_id"].to_pylist()} - {*without}):
        pieces = {table: _pieces(rows, some) for table, rows in read.items()}
        for at, name in enumerate(some):
            yield Kept(name, {table: own[at] for table, own in pieces.items()})


def pieces_of_articles(rows: pa.Table) -> Iterator[tuple[str, Packed]]:
    """Yield the rows of each article of a table, by article_id."""
    ordered = _by_article(rows)
    for some in _together({*rows["article_id"].to_pylist()}):
        yield from zip(some, _pieces(ordered, some), strict=True)


def _together(articles: Collection[str]) -> Iterator[list[str]]:
    """Yield in ascending order the articles whose rows are packed together."""
    names = iter(sorted(articles))
    while some := list(islice(names, _PACKED_TOGETHER)):
        yield some


def _by_article(rows: pa.Table) -> pa.Table:
    """Return rows by article; those of one stay in their order."""
    ids = rows["article_id"].to_numpy()
    return rows if (ids[:-1] <= ids[1:]).all() else rows.take(pa.array(np.argsort(ids, kind="stable")))


def _pieces(rows: pa.Table, articles: list[str]) -> list[Packed]:
    """Return the rows of each of some articles, given in ascending order, as parts of one batch."""
    ids = rows["article_id"].to_numpy()
    starts, ends = (np.searchsorted(ids, articles, side=side) for side in ("left", "right"))
    first = int(starts[0])
    batch = packed(rows.slice(first, int(ends[-1]) - first))
    return [batch.part(start - first, end - start) for start, end in zip(starts.tolist(), ends.tolist(), strict=True)]
