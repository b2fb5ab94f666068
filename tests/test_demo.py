"""The demo is the product's whole way through, with known truth: both days, as a user plays it."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest
from command import started
from conftest import Demo

from pipeline.check import problems
from pipeline.demo.newspaper import PAPERS, read_paper
from pipeline.demo.server import DemoNewspaper
from pipeline.demo.story import demo_scores
from pipeline.query import Corpus, open_corpus

pytestmark = pytest.mark.slow

# Floors, only ever raised. Measured on 2026-11-22 over all 62 articles: see the values beside them.
FLOORS = {"movements": (0.98, 0.98), "figures": (0.97, 0.97)}  # precision, recall


@pytest.fixture(scope="module")
def corpus(demo: Demo) -> Corpus:
    """The corpus after both days."""
    return open_corpus(demo.corpus)


def test_every_article_of_both_days_is_in_the_tables_once(corpus: Corpus) -> None:
    expected = {(paper, str(article.id)) for paper in PAPERS for article in read_paper(paper)}
    found = Counter(corpus.articles()[["site", "source_id"]].itertuples(index=False, name=None))
    assert set(found) == expected
    assert set(found.values()) == {1}


def test_every_article_reads_as_its_author_wrote_it(corpus: Corpus) -> None:
    texts = corpus.articles().set_index(["site", "source_id"])["text"]
    for paper in PAPERS:
        for article in read_paper(paper):
            day = 1 if article.gone_on_day_2 else 2
            assert texts[(paper, str(article.id))] == article.text(day)


def test_movements_and_figures_are_the_known_truth(corpus: Corpus) -> None:
    newspaper = DemoNewspaper(day=2)
    with newspaper:
        scores = dict(zip(("movements", "figures"), demo_scores(corpus, newspaper), strict=True))
    for what, (precision, recall) in FLOORS.items():
        score = scores[what]
        assert score.precision >= precision, f"{what} that are none: {score.false}"
        assert score.recall >= recall, f"{what} missed: {score.missed}"


def test_the_next_day_fetches_only_new_and_changed_articles_in_full(corpus: Corpus, demo: Demo) -> None:
    articles = [article for paper in PAPERS for article in read_paper(paper)]
    full = sum(article.day == 2 or article.second is not None for article in articles)
    gone = sum(article.gone_on_day_2 for article in articles)
    refresh = corpus.runs().sort_values("started_at").tail(len(PAPERS))
    assert refresh["articles"].sum() == full
    assert refresh["gone"].sum() == gone
    assert refresh["not_modified"].sum() == len(articles) - full - gone
    assert f"{full} articles sent in full" in demo.printed


def test_the_edited_and_the_deleted_article_keep_their_history(corpus: Corpus) -> None:
    articles = corpus.articles().set_index("source_id")
    for paper in PAPERS:
        for article in read_paper(paper):
            row = articles.loc[str(article.id)]
            assert row["revision"] == (2 if article.second else 1)
            assert (row["gone_at"] is not None and row["gone_at"] == row["gone_at"]) == article.gone_on_day_2
    changed = corpus.revisions(revision=2)["changed"]
    assert all(re.search(r"^- ", lines, re.M) and re.search(r"^\+ ", lines, re.M) for lines in changed)


def test_the_near_reprint_leads_to_the_earlier_article(corpus: Corpus) -> None:
    rows = corpus.articles().set_index("source_id")
    reprint, original = rows.loc["210105"], rows.loc["1510105"]
    assert {reprint["reprint_of"], original["reprint_of"]} & {reprint["article_id"], original["article_id"]}


def test_the_invariants_hold(corpus: Corpus) -> None:
    assert list(problems(corpus)) == []


def test_a_demo_killed_twice_in_mid_crawl_goes_on_and_fetches_no_article_twice(tmp_path: Path) -> None:
    folder = tmp_path / "corpus"
    for seconds_after_first_page in (0.0, 0.4):
        _kill_in_mid_crawl(folder, seconds_after_first_page)
    done = started("demo", "--corpus", folder)
    assert done.returncode == 0, done.stderr
    assert json.loads((folder / "demo.json").read_text(encoding="utf-8"))["reached"] == "end"
    corpus = open_corpus(folder)
    assert list(problems(corpus)) == []
    articles = [article for paper in PAPERS for article in read_paper(paper)]
    assert len(corpus.articles()) == len(articles)
    # one whole capture a revision: nothing was fetched a second time after the kill
    assert len(corpus.revisions()) == len(articles) + sum(article.second is not None for article in articles)
    assert corpus.sql("SELECT count(*) FROM dropped WHERE reason = 'unchanged'").fetchall() == [(0,)]


def _kill_in_mid_crawl(folder: Path, seconds_after_first_page: float) -> None:
    """Begin the demo and kill it and the commands it runs at once, as a power cut would."""
    demo = subprocess.Popen(
        [sys.executable, "-m", "pipeline.cli", "demo", "--corpus", str(folder)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    archived = len(list(folder.glob("archive/*/*.warc.gz")))
    deadline = time.monotonic() + 60
    while len(list(folder.glob("archive/*/*.warc.gz"))) == archived and time.monotonic() < deadline:
        time.sleep(0.02)
    time.sleep(seconds_after_first_page)
    os.killpg(demo.pid, signal.SIGKILL)
    demo.wait()
