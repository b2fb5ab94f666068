"""Questions to the tables: pandas, Arrow, Polars, SQL; and what is not answered."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pytest
from vinhkhe import DAY_1, SITE, Built

import pipeline
from pipeline.parts import Part
from pipeline.query import Corpus, CorpusNotBuilt, QueryRefused, open_corpus
from pipeline.schema import TABLES

SECRET_OF_THE_CALLER = pd.DataFrame({"a": [1]})


def test_pandas_frames_have_the_columns_of_the_spine_and_vietnamese_time(corpus: Corpus) -> None:
    articles = corpus.articles()
    assert len(articles) == 18
    assert str(articles["published_at"].dt.tz) == "Asia/Ho_Chi_Minh"
    assert articles.set_index("source_id").loc["1", "published_at"] == pd.Timestamp(
        "2026-08-31 09:15", tz="Asia/Ho_Chi_Minh"
    )
    assert len(corpus.movement_registry()) > 10
    assert set(corpus.sentences(article_id=articles["article_id"].iloc[0])["sentence"]) >= {0, 1}


def test_filters_are_by_column_and_by_day_in_vietnam(corpus: Corpus) -> None:
    assert set(corpus.figures(kind="money")["unit"]) == {"VND"}
    assert set(corpus.articles(site="bao_ban_example")["site"]) == {"bao_ban_example"}
    # published at 07:00 in Vietnam on 2 September, which is midnight in London
    assert corpus.articles(since="2026-09-02")["title"].tolist() == ["Bản tin chung của ba tờ báo"]
    assert corpus.articles(since=dt.date(2026, 8, 25), until=dt.date(2026, 8, 25))["title"].tolist() == [
        "Tổ thợ nề Cầu Rạng giữ nghề"
    ]
    assert len(corpus.articles(until="2026-08-31", site=SITE)) == 12
    assert len(corpus.dropped(since="2026-09-02")) == 2
    assert len(corpus.revisions(since="2026-09-02", site=SITE)) == 2
    assert len(corpus.runs(since="2026-09-01")) == 1


def test_a_run_is_there_as_the_crawler_logged_it(corpus: Corpus) -> None:
    (run,) = corpus.arrow("runs").to_pylist()
    assert (run["site"], run["started_at"], run["requests"], run["warnings"]) == (SITE, DAY_1, 22, ["few leads"])


@pytest.mark.parametrize(
    ("table", "filters", "said"),
    [
        ("artikel", {}, "no table 'artikel'; there are articles, revisions"),
        ("figures", {"art": "money"}, "figures has no column 'art'; it has article_id"),
        ("articles", {"since": "gestern"}, "^'gestern' is no day; write it as 2026-11-30$"),
        ("articles", {"revision": "một"}, "một"),
        ("movement_registry", {"since": "2026-01-01"}, "has no date to filter by"),
    ],
)
def test_filters_that_make_no_sense_are_refused(corpus: Corpus, table: str, filters: dict[str, str], said: str) -> None:
    with pytest.raises(QueryRefused, match=said):
        corpus.arrow(table, **filters)


def test_a_filter_value_is_never_sql(corpus: Corpus) -> None:
    assert corpus.arrow("articles", title="' OR 1 = 1 --").num_rows == 0


def test_arrow_and_polars_give_the_same_rows(corpus: Corpus) -> None:
    polars = pytest.importorskip("polars")
    arrow = corpus.arrow("figures")
    frame = corpus.polars("figures")
    assert isinstance(frame, polars.DataFrame)
    assert frame["value"].to_list() == arrow["value"].to_pylist()
    assert arrow.schema.field("value").type == pa.float64()


def test_sql_answers_one_reading_statement(corpus: Corpus) -> None:
    assert corpus.sql("SELECT count(*) FROM articles").fetchall() == [(18,)]
    assert corpus.sql("FROM articles SELECT max(revision)").fetchall() == [(2,)]
    assert corpus.sql("WITH a AS (SELECT 1 AS n) SELECT n FROM a").fetchall() == [(1,)]
    assert len(corpus.sql("DESCRIBE figures").fetchall()) == len(corpus.arrow("figures").schema)
    assert corpus.sql("PIVOT articles ON site USING count(*)").fetchall()
    assert corpus.sql("EXPLAIN SELECT 1").fetchall()


def test_sql_shows_vietnamese_time(corpus: Corpus) -> None:
    query = "SELECT strftime(max(published_at), '%d/%m/%Y %H:%M') FROM articles"
    assert corpus.sql(query).fetchall() == [("02/09/2026 07:00",)]


@pytest.mark.parametrize(
    "query",
    [
        "DELETE FROM articles",
        "CREATE TABLE a AS SELECT 1",
        "DROP VIEW articles",
        "COPY articles TO '{folder}/out.csv'",
        "ATTACH '{folder}/a.duckdb'",
        "SET enable_external_access = true",
        "INSTALL httpfs",
        "PRAGMA database_list",
        "SELECT 1; SELECT 2",
        "",
        "-- nothing",
        "SELEC 1",
        "SELECT * FROM artikel",
        "SELECT * FROM SECRET_OF_THE_CALLER",
        "SELECT * FROM '{folder}/outside.csv'",
        "SELECT * FROM read_text('/etc/hostname')",
        "SELECT * FROM glob('/etc/*')",
        "SELECT * FROM 'https://example.org/a.parquet'",
        "EXPLAIN ANALYZE COPY articles TO '{folder}/out.csv'",
    ],
)
def test_sql_that_does_more_or_is_wrong_is_refused(corpus: Corpus, tmp_path: Path, query: str) -> None:
    (tmp_path / "outside.csv").write_text("a\n1\n")
    before = sorted(path.name for path in tmp_path.iterdir())
    with pytest.raises(QueryRefused):
        corpus.sql(query.format(folder=tmp_path)).fetchall()
    assert sorted(path.name for path in tmp_path.iterdir()) == before
    assert len(SECRET_OF_THE_CALLER) == 1


def test_a_folder_with_a_quote_in_its_name_is_read(built: Built, tmp_path: Path) -> None:
    odd = tmp_path / "l'été [1] *"
    odd.symlink_to(built.corpus)
    assert len(open_corpus(odd).articles()) == 18


def test_a_folder_whose_name_looks_like_a_pattern_is_read(built: Built, tmp_path: Path) -> None:
    odd = tmp_path / "năm [2026] *"
    shutil.copytree(built.corpus, odd, symlinks=True)
    assert len(open_corpus(odd).articles(site=SITE)) == 12
    assert open_corpus(odd).sql("SELECT count(*) FROM articles").fetchall() == [(18,)]


def test_a_file_that_somebody_laid_among_the_tables_is_in_no_answer(built: Built, tmp_path: Path) -> None:
    shutil.copytree(built.corpus, tmp_path / "corpus", symlinks=True)
    folder = tmp_path / "corpus" / "tables" / "articles" / f"site={SITE}" / "month=2026-08"
    (known,) = folder.glob("*.parquet")
    shutil.copy(known, folder / "mine.parquet")
    opened = open_corpus(tmp_path / "corpus")
    assert len(opened.articles()) == 18
    assert len(opened.articles(site=SITE, month="2026-08")) == 12
    assert opened.sql("SELECT count(*) FROM articles").fetchall() == [(18,)]


def test_the_catalog_lists_all_tables_whatever_was_asked_before(built: Built) -> None:
    opened = open_corpus(built.corpus)
    opened.sql("SELECT count(*) FROM figures")
    listed = opened.sql("SELECT table_name FROM information_schema.tables WHERE table_name <> 'figures'").fetchall()
    assert {name for (name,) in listed} == {*TABLES} - {"figures"}
    assert len(opened.sql("SHOW TABLES").fetchall()) == len(TABLES)


def test_questions_asked_one_into_the_other_are_answered(corpus: Corpus) -> None:
    batches = corpus.batches(Part("SELECT article_id FROM articles", ()))
    first = corpus.sql("SELECT count(*) FROM articles")
    assert sum(batch.num_rows for batch in batches) == first.fetchall()[0][0] == len(corpus.articles())


def test_a_folder_without_tables_says_which_command_makes_them(tmp_path: Path) -> None:
    with pytest.raises(CorpusNotBuilt, match=r"no tables here. `congdoan build --corpus") as refused:
        open_corpus(tmp_path / "nowhere")
    assert "\n" not in str(refused.value)


def test_the_package_opens_corpora_and_reads_texts(built: Built) -> None:
    assert isinstance(pipeline.open_corpus(built.corpus), Corpus)
    document = pipeline.analyze("Tổ thợ nề giữ nghề\nTổ đã trao 45 suất quà cho đoàn viên trong xã.")
    assert [figure.surface for figure in document.figures] == ["45 suất quà"]
    with pytest.raises(AttributeError, match="no attribute 'analyse'"):
        pipeline.analyse  # noqa: B018
