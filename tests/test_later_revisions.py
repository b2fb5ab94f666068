"""First revisions lie apart from later ones: an edit leaves the texts of all that were never edited where they are."""

from __future__ import annotations

import datetime as dt
import json
import shutil
from pathlib import Path

import duckdb
import pandas as pd
import pytest
from vinhkhe import DAY_1, SITE, Answered, archive, article_page, url_of, write_profile

from crawler.sites import Sites
from pipeline import commits, pieces
from pipeline.addresses import article_id
from pipeline.build import build
from pipeline.check import problems
from pipeline.commits import Staging
from pipeline.integrity import damaged_files, orphans
from pipeline.pieces import Piece
from pipeline.query import open_corpus
from pipeline.schema import SCHEMA_VERSION, RevisionRow
from pipeline.snapshots import SEAL, Snapshot, seal_of
from pipeline.tables import Partition, to_arrow

HERE = Partition(SITE, "2026-08")
Digests = dict[tuple[str, Partition, Piece], str]  # of each file, by table


@pytest.fixture
def sites(tmp_path: Path) -> Sites:
    return Sites((write_profile(tmp_path / "profiles"),))


def refresh(corpus: Path, sites: Sites, day: int, pages: dict[int, bytes]) -> list[str]:
    """Build what came in on a day, and return the names of the files of revisions."""
    archive(corpus, DAY_1 + dt.timedelta(days=day), [Answered(url_of(number), body) for number, body in pages.items()])
    build(corpus, sites, workers=1)
    return [path.name for path in Snapshot.committed(corpus).partitions("revisions")[HERE]]


def edited(number: int, words: str) -> dict[int, bytes]:
    return {number: article_page(number, f"Tin thêm: {words}.")}


def digests(corpus: Path) -> Digests:
    listed = Snapshot.committed(corpus).all_files()
    return {(table, file.partition, file.piece): file.sha256 for table, file in listed}


def at_once(corpus: Path, sites: Sites) -> Digests:
    """Return the files that the whole archive gives when nothing was built before."""
    fresh = corpus.with_name("at once")
    shutil.rmtree(fresh, ignore_errors=True)
    shutil.copytree(corpus / "archive", fresh / "archive")
    build(fresh, sites, workers=1)
    return digests(fresh)


def revisions_of(corpus: Path, number: int) -> list[int]:
    """Return the numbers of an article's revisions, as a glob finds them."""
    rows = duckdb.read_parquet(f"{corpus}/tables/revisions/**/*.parquet")
    own = rows.filter(f"article_id = '{article_id(SITE, str(number))}'").order("revision")
    return [number for (number,) in own.select("revision").fetchall()]


def test_an_edit_writes_its_own_revision_and_leaves_the_first_ones_as_they_are(tmp_path: Path, sites: Sites) -> None:
    corpus = tmp_path / "corpus"
    assert refresh(corpus, sites, 0, {number: article_page(number) for number in range(1, 9)}) == [
        "part.000001.parquet"
    ]
    (first,) = Snapshot.committed(corpus).partitions("revisions")[HERE]
    assert refresh(corpus, sites, 1, edited(3, "tổ nhận 3 triệu đồng")) == [
        "part.000002.parquet",  # another name of the same file: who listed the folder before must find something gone
        "part.later.000002.parquet",
    ]
    assert not (corpus / "tables" / "revisions" / HERE.folder / first.name).exists()
    renamed, later = Snapshot.committed(corpus).partitions("revisions")[HERE]
    assert renamed.samefile(first)
    assert pd.read_parquet(later)["changed"].tolist() == ["+ Tin thêm: tổ nhận 3 triệu đồng."]
    assert refresh(corpus, sites, 2, edited(3, "tổ nhận 4 triệu đồng") | edited(5, "tổ nghỉ một ngày")) == [
        "part.000002.parquet",
        "part.later.000003.parquet",
    ]
    assert [revisions_of(corpus, number) for number in (3, 4, 5)] == [[1, 2, 3], [1], [1, 2]]
    assert digests(corpus) == at_once(corpus, sites)
    assert list(problems(open_corpus(corpus))) == []
    assert list(orphans(Snapshot.committed(corpus))) == []


def test_an_edition_that_comes_in_late_moves_the_first_revision(tmp_path: Path, sites: Sites) -> None:
    corpus = tmp_path / "corpus"
    some = {number: article_page(number) for number in (1, 2, 4)}
    refresh(corpus, sites, 4, some | edited(3, "tổ nhận 3 triệu đồng"))
    refresh(corpus, sites, 2, {3: article_page(3)})
    assert revisions_of(corpus, 3) == [1, 2]
    assert digests(corpus) == at_once(corpus, sites)
    assert list(problems(open_corpus(corpus))) == []


def test_an_article_whose_date_is_mended_takes_all_its_revisions_along(tmp_path: Path, sites: Sites) -> None:
    corpus = tmp_path / "corpus"
    refresh(corpus, sites, 0, {number: article_page(number) for number in (1, 2, 3)})
    refresh(corpus, sites, 1, edited(3, "tổ nhận 3 triệu đồng"))
    later = article_page(3, "Tin thêm: ngày đăng đã sửa.").replace(b"2026-08-31", b"2026-07-30")
    assert refresh(corpus, sites, 2, {3: later}) == ["part.000003.parquet"]
    assert revisions_of(corpus, 3) == [1, 2, 3]
    assert digests(corpus) == at_once(corpus, sites)
    assert list(problems(open_corpus(corpus))) == []


def test_tables_whose_revisions_lie_together_are_refreshed_into_files_apart(
    tmp_path: Path, sites: Sites, monkeypatch: pytest.MonkeyPatch
) -> None:
    corpus = tmp_path / "corpus"
    archive(corpus, DAY_1, [Answered(url_of(number), article_page(number)) for number in range(1, 9)])
    with monkeypatch.context() as before:
        for module in (pieces, commits):
            before.setattr(module, "LATER_APART", ())  # as it was
        assert refresh(corpus, sites, 1, edited(3, "tổ nhận 3 triệu đồng")) == ["part.000001.parquet"]
    manifest = corpus / "tables" / "snapshot.json"
    facts = json.loads(manifest.read_text(encoding="utf-8"))
    facts["schema_version"] = SCHEMA_VERSION - 1
    manifest.write_text(json.dumps({**facts, SEAL: seal_of(facts)}), encoding="utf-8")
    assert revisions_of(corpus, 3) == [1, 2]
    assert list(problems(open_corpus(corpus))) == []
    other = article_page(20).replace(b"2026-08-31", b"2026-07-30")
    archive(corpus, DAY_1 + dt.timedelta(days=2), [Answered(url_of(20), other)])
    build(corpus, sites, workers=1)  # of another month
    names = [path.name for path in Snapshot.committed(corpus).partitions("revisions")[HERE]]
    assert names == ["part.000002.parquet", "part.later.000002.parquet"]
    refresh(corpus, sites, 3, edited(3, "tổ nhận 4 triệu đồng"))
    assert revisions_of(corpus, 3) == [1, 2, 3]
    assert digests(corpus) == at_once(corpus, sites)
    assert list(problems(open_corpus(corpus))) == []


def test_a_first_revision_among_later_ones_is_named(tmp_path: Path) -> None:
    told = ("u", "t", "t", (), None, None, DAY_1, "d", None, "f.warc.gz")
    rows = [RevisionRow("a1", number, SITE, *told, number, "c") for number in (1, 2)]
    with Staging(Snapshot.committed(tmp_path)) as staging:
        staging.put("revisions", HERE, to_arrow("revisions", rows), later=True)
        snapshot = staging.commit({})
    assert [each.why for each in damaged_files(snapshot)] == ["has first revisions among the later ones"]
