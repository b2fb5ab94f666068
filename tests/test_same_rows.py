"""One archive makes the same tables, byte for byte, however it came and whoever built it.

A reduced `benchmarks/same_rows.py`: ten days and not a hundred, three workers and not eight.
"""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from vinhkhe import DAY_1, Answered, archive, article_page, url_of

from crawler.sites import Sites
from pipeline.build import build
from pipeline.check import problems
from pipeline.pieces import Piece
from pipeline.query import open_corpus
from pipeline.snapshots import Snapshot
from pipeline.workers import Engine, LocalEngine

pytestmark = pytest.mark.slow
DAYS = 10
LATE = 4  # the day whose run comes in after that of day 7, as from another machine
Digests = dict[tuple[str, str, Piece], str]  # of each file, by table and partition


def news_of(day: int) -> Iterator[Answered]:
    """Two new articles, one edited, one as it was, a listing, and by turns a copy elsewhere, one gone, one back."""
    first = 100 + 2 * day
    yield from (Answered(url_of(number), article_page(number)) for number in (first, first + 1))
    yield Answered("https://tin.vinhkhe.vn/cong-doan/", b"<html><body><p>Danh s\xc3\xa1ch</p></body></html>")
    if day:
        yield Answered(url_of(first - 2), article_page(first - 2, f"Tin thêm ngày {day}: tổ nhận {day} triệu đồng."))
        yield Answered(url_of(first - 1), article_page(first - 1))
    if day % 3 == 2:
        yield Answered(f"https://bao-ban.example/tin/{first}.html", article_page(first - 3))
        yield Answered(url_of(first - 4), b"gone", 410)
        yield Answered(url_of(first - 3), b"gone", 410)
    if day % 3 == 0 and day:  # what was gone the day before
        yield Answered(url_of(first - 6), article_page(first - 6, "Tổ đã trở lại làm việc ở xưởng cũ."))


def digests(corpus: Path) -> Digests:
    listed = Snapshot.committed(corpus).all_files()
    return {(table, str(file.partition), file.piece): file.sha256 for table, file in listed}


@pytest.fixture(scope="module")
def sites(tmp_path_factory: pytest.TempPathFactory) -> Sites:
    from vinhkhe import write_profile

    return Sites((write_profile(tmp_path_factory.mktemp("profiles")),))


@pytest.fixture(scope="module")
def refreshed(tmp_path_factory: pytest.TempPathFactory, sites: Sites) -> Path:
    """A corpus that was built after each of ten days, by two workers."""
    corpus, elsewhere = tmp_path_factory.mktemp("refreshed"), tmp_path_factory.mktemp("elsewhere")
    with LocalEngine(2) as engine:
        for day in range(DAYS):
            where = elsewhere if day == LATE else corpus
            archive(where, DAY_1 + dt.timedelta(days=day), news_of(day))
            if day == LATE + 3:
                for file in elsewhere.glob("archive/*/*.warc.gz"):
                    shutil.move(file, corpus / file.relative_to(elsewhere))
            assert not build(corpus, sites, engine=engine).nothing_to_do or day == LATE
    return corpus


def built_at_once(archived: Path, corpus: Path, sites: Sites, engine: Engine) -> Digests:
    shutil.copytree(archived / "archive", corpus / "archive")
    with engine:
        build(corpus, sites, engine=engine)
    return digests(corpus)


@pytest.mark.parametrize("workers", [1, 3])
def test_ten_refreshes_and_one_build_give_the_same_files(
    refreshed: Path, tmp_path: Path, sites: Sites, workers: int
) -> None:
    assert built_at_once(refreshed, tmp_path / "once", sites, LocalEngine(workers)) == digests(refreshed)


def test_a_cluster_gives_the_same_files_as_ten_refreshes(refreshed: Path, tmp_path: Path, sites: Sites) -> None:
    pytest.importorskip("distributed", reason="the extra dask is not installed")
    from loopback_cluster import loopback_cluster

    from pipeline.workers.cluster import DaskEngine

    with loopback_cluster(tmp_path) as cluster:
        made = built_at_once(refreshed, tmp_path / "cluster", sites, DaskEngine(cluster.address))
    assert made == digests(refreshed)


def test_what_was_compared_has_revisions_gone_articles_and_a_reprint(refreshed: Path) -> None:
    opened = open_corpus(refreshed)
    articles = opened.arrow("articles").to_pylist()
    assert len(articles) == 2 * DAYS + 3
    assert sum(row["revision"] > 1 for row in articles) >= DAYS - 1
    assert any(row["reprint_of"] for row in articles)
    assert any(row["gone_at"] for row in articles)
    assert list(problems(opened)) == []
