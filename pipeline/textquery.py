"""Questions to the texts of the corpus: where something is said, and which words a part of it is made of."""

from __future__ import annotations

import abc
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import astuple, fields
from typing import Any, TypeVar

import pandas as pd

from pipeline import keywords
from pipeline.parts import Part, QueryRefused, part, rest
from pipeline.search import candidate_pattern, hits, sought
from pipeline.tables import VIETNAM

_HIT_COLUMNS = ("article_id", "site", "published_at", "province", "title", "url", "sentence", "sentence_text")
Row = TypeVar("Row")


class TextQuestions(abc.ABC):
    """What a corpus answers about its texts; the corpus gives the rows."""

    @abc.abstractmethod
    def batches(self, query: Part, *, in_order: bool = True) -> Iterator[Any]:
        """Yield the rows of one SELECT as Arrow batches, in the order of the tables or as they come."""

    def search(self, text: str, *, marks: bool | None = None, reprints: bool = True, **of: Any) -> pd.DataFrame:
        """Return where a text stands, whole syllables in a sentence: one row a place, the oldest article first.

        Case, tone style ("hoà", "hòa") and punctuation between syllables make no difference. `start` and `end` are
        those of `surface` in `articles.text`.

        Args:
            marks: whether the marks count; None: they do if any are typed, so "doan vien" finds "đoàn viên".
            reprints: whether articles with an earlier one's text are searched too.
            of: the part of the corpus, as in `pipeline.parts`: site="laodong_vn", month="2026-09", …

        Raises:
            NotText: None or bytes.
            QueryRefused: no letter or digit to search for, or a part that is not understood.
        """
        wanted = sought(text, marks)
        articles = part(of, reprints=reprints)
        pattern = candidate_pattern(wanted)
        candidates = f"regexp_matches(text, '{pattern}')" if pattern else "true"
        query = f"""SELECT s.article_id, s.site, a.published_at, a.province, a.title, a.url, s.sentence,
            s.text AS sentence_text, s.start AS sentence_start
            FROM (SELECT * FROM sentences WHERE {articles.lies} AND {candidates}) s
            JOIN (SELECT * FROM articles WHERE {articles.lies}) a USING (article_id)
            WHERE article_id IN ({articles.query})"""  # noqa: S608 - the pattern is of letters, digits and ours
        values = (*articles.lies_values, *articles.lies_values, *articles.values)
        found = list(hits(wanted, self.batches(Part(query, values), in_order=False)))
        frame = pd.DataFrame(found, columns=[*_HIT_COLUMNS, "surface", "start", "end"])
        frame["published_at"] = pd.to_datetime(frame["published_at"], utc=True).dt.tz_convert(VIETNAM.key)
        return frame.sort_values(["published_at", "article_id", "start"], ignore_index=True)

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
