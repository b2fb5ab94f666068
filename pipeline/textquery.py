"""Questions to the texts of the corpus: where something is said, and which words a part of it is made of."""

from __future__ import annotations

import abc
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import astuple, fields
from typing import Any, TypeVar

import pandas as pd
import pyarrow as pa

from pipeline import keywords
from pipeline.parts import Part, QueryRefused, part, rest
from pipeline.search import candidate_pattern, hits, sought
from pipeline.tables import VIETNAM

_HITS = pa.schema(
    [
        *((name, pa.string()) for name in ("article_id", "site")),
        ("published_at", pa.timestamp("us", tz=VIETNAM.key)),
        *((name, pa.string()) for name in ("province", "title", "url")),
        ("sentence", pa.int64()),
        *((name, pa.string()) for name in ("sentence_text", "surface")),
        *((name, pa.int64()) for name in ("start", "end")),
    ]
)
_ORDER = [(name, "ascending") for name in ("published_at", "article_id", "start")]
# Bytes of files of `sentences`, 85 a sentence, that are searched together: for who waits for the first places, and
# then twice as many each time, to as many as for who waits for all.
_BYTES_FIRST, _BYTES_AT_ONCE = 1_000_000, 32_000_000
Row = TypeVar("Row")


class TextQuestions(abc.ABC):
    """What a corpus answers about its texts; the corpus gives the rows."""

    @abc.abstractmethod
    def batches(self, query: Part, *, in_order: bool = True) -> Iterator[Any]:
        """Yield the rows of one SELECT as Arrow batches, in the order of the tables or as they come."""

    @abc.abstractmethod
    def bytes_by_month(self, table: str, named: Mapping[str, Any]) -> Mapping[str, int]:
        """Return how many bytes of files a table has, by each month in which articles of a part may lie."""

    def search(
        self, text: str, *, marks: bool | None = None, reprints: bool = True, limit: int | None = None, **of: Any
    ) -> pd.DataFrame:
        """Return where a text stands, whole syllables in a sentence: one row a place, the oldest article first.

        Case, tone style ("hoà", "hòa") and punctuation between syllables make no difference. `start` and `end` are
        those of `surface` in `articles.text`.

        Args:
            marks: whether the marks count; None: they do if any are typed, so "doan vien" finds "đoàn viên".
            reprints: whether articles with an earlier one's text are searched too.
            limit: at most so many places, the first; what is later is not read. A word that stands in each of millions
                of sentences takes gigabytes without.
            of: the part of the corpus, as in `pipeline.parts`: site="laodong_vn", month="2026-09", …

        Raises:
            NotText: None or bytes.
            QueryRefused: no letter or digit to search for, a limit below 1, or a part that is not understood.
        """
        if limit is not None and limit < 1:
            raise QueryRefused(f"a limit of {limit} places: at least one is to be asked for")
        found, places = [_HITS.empty_table()], 0
        at_once = _BYTES_AT_ONCE if limit is None else _BYTES_FIRST
        for some in self._places(text, marks, reprints, of, at_once):
            found.append(some)
            places += some.num_rows
            if limit is not None and places >= limit:
                break
        return _frame_of(pa.concat_tables(found).slice(0, limit))

    def searched(
        self, text: str, *, marks: bool | None = None, reprints: bool = True, **of: Any
    ) -> Iterator[pd.DataFrame]:
        """Yield what `search` returns some months at a time, the oldest first: all of it may not fit into memory.

        Arguments and errors are those of `search`.
        """
        return map(_frame_of, self._places(text, marks, reprints, of, _BYTES_FIRST))

    def _places(
        self, text: str, marks: bool | None, reprints: bool, of: Mapping[str, Any], at_once: int
    ) -> Iterator[pa.Table]:
        wanted = sought(text, marks)
        pattern = candidate_pattern(wanted)
        candidates = f"regexp_matches(text, '{pattern}')" if pattern else "true"
        part(of, reprints=reprints)  # refused before anything is read, also where there is nothing to read
        for months in _some_at_a_time(self.bytes_by_month("sentences", of), at_once):
            articles = part(of, reprints=reprints, months=months)
            query = f"""SELECT s.article_id, s.site, a.published_at, a.province, a.title, a.url, s.sentence,
                s.text AS sentence_text, s.start AS sentence_start
                FROM (SELECT * FROM sentences WHERE {articles.lies} AND {candidates}) s
                JOIN (SELECT * FROM articles WHERE {articles.lies}) a USING (article_id)
                WHERE article_id IN ({articles.query})"""  # noqa: S608 - the pattern is of letters, digits and ours
            values = (*articles.lies_values, *articles.lies_values, *articles.values)
            found = [hits(wanted, batch) for batch in self.batches(Part(query, values), in_order=False)]
            yield (pa.Table.from_batches(found).cast(_HITS) if found else _HITS.empty_table()).sort_by(_ORDER)

    def key_phrases(
        self,
        *,
        min_count: int = 3,
        longest: int = keywords.LONGEST,
        verbs: bool = True,
        top: int | None = 100,
        reprints: bool = False,
        **of: Any,
    ) -> pd.DataFrame:
        """Return the terms of a part of the corpus by C-value: see `pipeline.keywords.key_phrases`, `pipeline.parts`.

        Raises:
            QueryRefused: a number or a part that makes no sense.
        """
        sentences = self._words_of(part(of, reprints=reprints))
        found = _answered(
            lambda: keywords.key_phrases(sentences, min_count=min_count, longest=longest, verbs=verbs, top=top)
        )
        return _frame(keywords.KeyPhrase, found)

    def collocations(
        self,
        *,
        word: str | None = None,
        window: int = 1,
        min_count: int = 5,
        by: keywords.Association = "log_likelihood",
        top: int | None = 100,
        reprints: bool = False,
        **of: Any,
    ) -> pd.DataFrame:
        """Return pairs of words that attract each other: see `pipeline.keywords.collocations`, `pipeline.parts`.

        Raises:
            QueryRefused: a number, a measure or a part that makes no sense.
        """
        sentences = self._words_of(part(of, reprints=reprints))
        found = _answered(
            lambda: keywords.collocations(sentences, word=word, window=window, min_count=min_count, by=by, top=top)
        )
        return _frame(keywords.Collocation, found)

    def keyness(
        self,
        a: Mapping[str, Any],
        b: Mapping[str, Any] | None = None,
        *,
        min_count: int = 5,
        min_articles: int = 2,
        min_log_likelihood: float = keywords.MIN_LOG_LIKELIHOOD,
        by: keywords.KeyMeasure = "log_likelihood",
        top: int | None = 100,
        reprints: bool = False,
    ) -> pd.DataFrame:
        """Return the words that part a uses more or less than part b: see `pipeline.keywords.keyness`.

        Args:
            a: a part as in `pipeline.parts`: {"site": "laodong_vn"}, {"month": "2026-09"}, {"movement_id": "…"}.
            b: the part it is compared with; None for all other articles.

        Raises:
            QueryRefused: parts that share articles, an empty one, or one that is not understood.
        """
        part_a = part(a, reprints=reprints)
        part_b = rest(part_a, reprints=reprints) if b is None else part(b, reprints=reprints)
        both = Part(f"({part_a.query}) INTERSECT ({part_b.query})", (*part_a.values, *part_b.values))
        shared = sum(batch.num_rows for batch in self.batches(both))
        if shared:
            raise QueryRefused(f"the two parts share {shared} articles; keyness compares parts that share none")
        of_a, of_b = self._words_of(part_a), self._words_of(part_b)
        found = _answered(
            lambda: keywords.keyness(
                of_a,
                of_b,
                min_count=min_count,
                min_articles=min_articles,
                min_log_likelihood=min_log_likelihood,
                by=by,
                top=top,
            )
        )
        return _frame(keywords.KeyWord, found)

    def _words_of(self, articles: Part) -> keywords.Sentences:
        """Return what opens the sentences of a part, in the order of the tables, as often as it is asked to."""
        query = (
            f"SELECT article_id, tokens, pos FROM sentences WHERE {articles.lies} AND article_id IN ({articles.query})"  # noqa: S608
        )
        return lambda: self.batches(Part(query, (*articles.lies_values, *articles.values)))


def _some_at_a_time(months: Mapping[str, int], at_once: int) -> Iterator[tuple[str, str]]:
    """Yield the first and last of months that follow each other and are searched together.

    Args:
        months: how many bytes each has.
        at_once: how many bytes the first together have at most, where one month has not more.
    """
    some: list[str] = []
    held = 0
    for month in sorted(months):
        if some and held + months[month] > at_once:
            yield some[0], some[-1]
            some, held = [], 0
            at_once = min(2 * at_once, _BYTES_AT_ONCE)
        some.append(month)
        held += months[month]
    if some:
        yield some[0], some[-1]


def _frame_of(places: pa.Table) -> pd.DataFrame:
    frame: pd.DataFrame = places.to_pandas()
    return frame


def _answered(count: Callable[[], list[Row]]) -> list[Row]:
    try:
        return count()
    except QueryRefused:
        raise
    except ValueError as error:  # PartEmpty, TokensAtFault, a number or a measure out of its range
        raise QueryRefused(str(error)) from error


def _frame(record: type, rows: Sequence[Any]) -> pd.DataFrame:
    """Return records as a data frame, with the columns of the record even if there are none."""
    return pd.DataFrame.from_records([astuple(row) for row in rows], columns=[field.name for field in fields(record)])
