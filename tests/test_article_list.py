"""The list of all articles beside the tables spares opening partitions, and is believed for no other state of them."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path

import pytest
from vinhkhe import DAY_1, DAY_2, PROFILE, SITE, Answered, archive, article_page, url_of

from crawler.sites import Sites
from pipeline import article_list
from pipeline.article_list import CACHE, COLUMNS, ArticleList
from pipeline.build import build
from pipeline.pieces import StoredFile
from pipeline.snapshots import Snapshot, TablesUnreadable

pytestmark = pytest.mark.slow
DAY_3 = DAY_2 + dt.timedelta(days=1)


@pytest.fixture
def sites(tmp_path: Path) -> Sites:
    folder = tmp_path / "profiles"
    folder.mkdir()
    (folder / f"{SITE}.toml").write_text(PROFILE, encoding="utf-8")
    return Sites((folder,))


@pytest.fixture
def corpus(tmp_path: Path, sites: Sites) -> Path:
    """Articles of two months, built."""
    corpus = tmp_path / "corpus"
    earlier = article_page(4).replace(b"2026-08", b"2026-07")
    archive(
        corpus, DAY_1, [Answered(url_of(4), earlier), *(Answered(url_of(id_), article_page(id_)) for id_ in (1, 2))]
    )
    build(corpus, sites, workers=1)
    return corpus


def files(corpus: Path) -> dict[tuple[str, str], str]:
    """Return the digest of every file, by table and folder."""
    return {
        (table, file.path.rpartition("/")[0]): file.sha256 for table, file in Snapshot.committed(corpus).all_files()
    }


def at_once(corpus: Path, sites: Sites) -> dict[tuple[str, str], str]:
    """Return the files that the whole archive gives when nothing was built before."""
    fresh = corpus.with_name("at once")
    shutil.copytree(corpus / "archive", fresh / "archive")
    build(fresh, sites, workers=1)
    return files(fresh)


def edited(corpus: Path, at: dt.datetime) -> None:
    archive(corpus, at, [Answered(url_of(2), article_page(2, "Tin thêm: tổ nhận 12 triệu đồng tiền thưởng."))])


def test_the_list_has_what_the_tables_have(corpus: Path) -> None:
    snapshot = Snapshot.committed(corpus)
    listed = ArticleList.of(snapshot)
    assert (corpus / CACHE).is_file()
    assert listed.rows.equals(snapshot.read("articles", listed.counts, COLUMNS))
    assert {partition.month: count for partition, count in listed.counts.items()} == {"2026-07": 1, "2026-08": 2}


def test_a_refresh_opens_no_partition_that_nothing_came_for(
    corpus: Path, sites: Sites, monkeypatch: pytest.MonkeyPatch
) -> None:
    edited(corpus, DAY_2)
    opened: list[str] = []
    read = Snapshot.read_file

    def noted(self: Snapshot, table: str, file: StoredFile, columns: list[str] | None = None) -> object:
        opened.append(f"{table}/month={file.partition.month}")
        return read(self, table, file, columns)

    with monkeypatch.context() as watched:
        watched.setattr(Snapshot, "read_file", noted)
        assert build(corpus, sites, workers=1).new_revisions == 1
    assert "articles/month=2026-08" in opened
    assert not [name for name in opened if name.endswith("month=2026-07")]
    assert files(corpus) == at_once(corpus, sites)


@pytest.mark.parametrize("damage", ["gone", "cut", "of an earlier state"])
def test_without_a_list_of_this_state_the_rows_are_the_same(corpus: Path, sites: Sites, damage: str) -> None:
    path = corpus / CACHE
    before = path.read_bytes()
    edited(corpus, DAY_2)
    build(corpus, sites, workers=1)
    if damage == "gone":
        path.unlink()
    else:
        path.write_bytes(before if damage == "of an earlier state" else path.read_bytes()[:-40])
    archive(corpus, DAY_3, [Answered(url_of(1), status=404), Answered(url_of(5), article_page(5))])
    report = build(corpus, sites, workers=1)
    assert (report.new_articles, report.newly_gone) == (1, 1)
    assert files(corpus) == at_once(corpus, sites)
    assert article_list.ArticleList.kept(Snapshot.committed(corpus)) is not None


def test_a_list_that_cannot_be_kept_is_said_and_made_again(corpus: Path, sites: Sites) -> None:
    path = corpus / CACHE
    path.unlink()
    path.mkdir()  # nothing can be put in its place
    edited(corpus, DAY_2)
    said: list[str] = []
    assert build(corpus, sites, workers=1, tell=said.append).new_revisions == 1
    assert [line for line in said if "the list of articles was not kept" in line]
    assert files(corpus) == at_once(corpus, sites)


def test_a_lost_file_of_a_partition_that_is_not_opened_is_named(corpus: Path, sites: Sites) -> None:
    before = Snapshot.committed(corpus)
    next((corpus / "tables" / "articles").glob("*/month=2026-07/*.parquet")).unlink()
    edited(corpus, DAY_2)
    with pytest.raises(TablesUnreadable, match=r"articles/.*month=2026-07.*was committed and is gone; `congdoan check"):
        build(corpus, sites, workers=1)
    assert Snapshot.committed(corpus).number == before.number
