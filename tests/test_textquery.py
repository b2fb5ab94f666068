"""Key phrases, collocations and key words of a corpus and of its parts."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from vinhkhe import SITE

from pipeline.parts import part
from pipeline.query import Corpus, QueryRefused
from pipeline.spelling import search_key


def occurrences(corpus: Corpus, word: str, **of: Any) -> int:
    """Count a word by looking at every token of a part, whatever its tag."""
    articles = set(corpus.articles(**of)["article_id"])
    sentences = corpus.sentences()
    kept = sentences[sentences["article_id"].isin(articles)]
    return sum(search_key(token) == search_key(word) for tokens in kept["tokens"] for token in tokens)


def test_key_words_of_one_site_against_all_others(corpus: Corpus) -> None:
    articles = corpus.articles()
    assert articles["site"].nunique() > 1
    found = corpus.keyness({"site": SITE}, min_count=2, min_log_likelihood=0, reprints=True, top=None)
    assert len(found) > 20
    for row in found.head(10).itertuples():
        assert row.count_a <= occurrences(corpus, row.word, site=SITE)
        assert row.count_a + row.count_b <= occurrences(corpus, row.word)
        assert row.articles_a <= (articles["site"] == SITE).sum()
        assert (row.log_ratio > 0) == (row.per_million_a > row.per_million_b)
    assert found["log_likelihood"].is_monotonic_decreasing


def test_two_parts_are_each_other_turned_round(corpus: Corpus) -> None:
    a, b = {"where": "article_id < '8'"}, {"where": "article_id >= '8'"}
    there = corpus.keyness(a, b, min_count=1, min_log_likelihood=0, top=None).set_index("word")
    back = corpus.keyness(b, a, min_count=1, min_log_likelihood=0, top=None).set_index("word")
    assert len(there) > 50
    pd.testing.assert_series_equal(there["count_a"], back["count_b"].loc[there.index], check_names=False)
    assert (there["log_ratio"] + back["log_ratio"].loc[there.index]).abs().max() < 1e-9


def test_reprints_are_counted_once_unless_asked_for(corpus: Corpus) -> None:
    reprints = corpus.articles()["reprint_of"].notna().sum()
    assert reprints > 0
    once = corpus.sql("SELECT count(*) FROM articles WHERE reprint_of IS NULL").fetchall()[0][0]
    for with_reprints, expected in ((True, once + reprints), (False, once)):
        rows = [name for batch in corpus._words_of(part({}, reprints=with_reprints))() for name in names(batch)]
        assert len(set(rows)) == expected
        # an article's sentences come one after another: articles are counted as they pass
        assert pd.Series(rows).ne(pd.Series(rows).shift()).sum() == expected


def names(batch: Any) -> list[str]:
    listed: list[str] = batch.column("article_id").to_pylist()
    return listed


def test_phrases_and_collocations_of_a_part_are_those_of_its_sentences(corpus: Corpus) -> None:
    here = corpus.key_phrases(min_count=2, top=None, reprints=True, site=SITE)
    assert len(here) > 20
    assert list(here.columns) == ["phrase", "words", "syllables", "count", "nested", "longer", "c_value"]
    for row in here.head(5).itertuples():
        # the places of its syllables, however they are cut and tagged there
        assert row.count <= len(corpus.search(row.phrase, site=SITE))
    pairs = corpus.collocations(min_count=2, reprints=True, where=f"site = '{SITE}' -- the paper's own")
    assert pairs.equals(corpus.collocations(min_count=2, reprints=True, site=[SITE]))
    first = pairs.iloc[0]
    assert set(corpus.collocations(word=first["first"].upper(), min_count=2, reprints=True)["first"]) >= {
        first["first"]
    }


def test_a_part_may_be_the_articles_of_a_movement_or_a_month(corpus: Corpus) -> None:
    movement = corpus.movements()["movement_id"].iloc[0]
    naming = set(corpus.movements(movement_id=movement)["article_id"])
    sentences = corpus._words_of(part({"movement_id": movement}, reprints=True))
    assert {name for batch in sentences() for name in names(batch)} == naming
    month = corpus._words_of(part({"month": "2026-09"}, reprints=True))
    in_september = corpus.articles(since="2026-09-01", until="2026-09-30")["article_id"]
    assert {name for batch in month() for name in names(batch)} == set(in_september)
    days = corpus._words_of(part({"since": "2026-09-02", "until": "2026-09-05", "site": SITE}, reprints=True))
    of_days = corpus.articles(since="2026-09-02", until="2026-09-05", site=SITE)["article_id"]
    assert {name for batch in days() for name in names(batch)} == set(of_days)
    for nothing in ({"province": []}, {"lead": "nirgends"}, {"site": SITE, "gone_at": None, "title": "x"}):
        assert len(corpus.key_phrases(**nothing)) == 0


@pytest.mark.parametrize(
    ("a", "b", "options", "said"),
    [
        ({"site": SITE}, {"until": "2026-12-31"}, {}, r"the two parts share \d+ articles"),
        ({"site": "nowhere"}, None, {}, "part a has no words"),
        ({}, None, {}, "part b has no words"),
        ({"sitee": SITE}, None, {}, "articles have no column 'sitee'; a part is named by since, until"),
        ({"month": "9/2026"}, None, {}, "month is written as 2026-09, not '9/2026'"),
        ({"where": "true); DROP TABLE articles; SELECT (1"}, None, {}, "only one SELECT|syntax error"),
        ({"where": "nix = 1"}, None, {}, "nix"),
        ({"site": SITE}, None, {"by": "luck"}, "not 'luck'"),
    ],
)
def test_parts_and_measures_that_make_no_sense_are_refused(
    corpus: Corpus, a: dict[str, Any], b: dict[str, Any] | None, options: dict[str, Any], said: str
) -> None:
    with pytest.raises(QueryRefused, match=said):
        corpus.keyness(a, b, **options)


def test_numbers_that_make_no_sense_are_refused(corpus: Corpus) -> None:
    with pytest.raises(QueryRefused, match="min_count is 2 or more"):
        corpus.key_phrases(min_count=1)
    with pytest.raises(QueryRefused, match="window and min_count are 1 or more"):
        corpus.collocations(window=0)


def test_a_value_of_a_part_is_never_sql(corpus: Corpus) -> None:
    assert len(corpus.key_phrases(site="' OR true --")) == 0
