"""A partition with many rows lies in several files, by article: an edit writes one of them, and who reads sees no
difference."""

from __future__ import annotations

import datetime as dt
import json
import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path

import duckdb
import pandas as pd
import pyarrow as pa
import pyarrow.dataset as pds
import pytest
from vinhkhe import DAY_1, DAY_2, SITE, Answered, archive, article_page, url_of, write_profile

from crawler.sites import Sites
from pipeline import pieces
from pipeline.build import build
from pipeline.check import problems
from pipeline.commits import Staging, commit
from pipeline.differences import differences
from pipeline.integrity import damaged_files, orphans
from pipeline.pieces import ROWS_IN_TWO, Piece, cut, numbers_of, pieces_of
from pipeline.query import open_corpus
from pipeline.restoration import repair
from pipeline.schema import SAME_COLUMNS, SCHEMA_VERSION, SentenceRow
from pipeline.snapshots import SEAL, Snapshot, seal_of
from pipeline.tables import Partition, to_arrow

HERE = Partition(SITE, "2026-08")
MANY = ROWS_IN_TWO["sentences"]
# an article in each sixteenth of the ids
ARTICLES = [f"{first:x}{first * 7:07x}" for first in range(16)]


def sentences(said: str, articles: Iterable[str] = ARTICLES, each: int = MANY // 16 + 1) -> pa.Table:
    """Return so many sentences of each article, all of one text."""
    rows = [SentenceRow(name, SITE, number, 0, 1, said, (), (), ()) for name in articles for number in range(each)]
    return to_arrow("sentences", rows)


def committed(corpus: Path, rows: pa.Table) -> Snapshot:
    return commit(Snapshot.committed(corpus), {"sentences": {HERE: rows}}, {})


def amended(corpus: Path, articles: Sequence[str], rows: pa.Table) -> Snapshot:
    """Commit these rows of some articles, in the place of those that lie beside them."""
    with Staging(Snapshot.committed(corpus)) as staging:
        staging.put("sentences", HERE, rows, around=articles)
        return staging.commit({})


def names(snapshot: Snapshot) -> list[str]:
    """Return the names of the files of the partition's sentences, as they are listed and as they lie there."""
    paths = snapshot.partitions("sentences").get(HERE, [])
    there = sorted(path for path in (snapshot.folder or Path()).glob("sentences/**/*.parquet"))
    assert paths == there
    return [path.name for path in paths]


def said(data: pa.Table) -> list[tuple[str, str]]:
    return sorted({(row["article_id"], row["text"]) for row in data.select(["article_id", "text"]).to_pylist()})


# --------------------------------------------------------------------------- how many, and which
def test_the_number_of_pieces_doubles_with_four_times_the_rows() -> None:
    for table, two in ROWS_IN_TWO.items():
        rows = [0, two - 1, two, 4 * two - 1, 4 * two, 16 * two - 1, 16 * two, 10_000 * two]
        assert [pieces_of(table, count) for count in rows] == [1, 1, 2, 2, 4, 4, 8, 8]
    assert {pieces_of(table, 10_000_000) for table in ("articles", "dropped", "runs", "movement_registry")} == {1}


@pytest.mark.parametrize("count", [1, 2, 4, 8])
def test_rows_are_cut_into_ranges_of_ids(count: int) -> None:
    rows = sentences("", ARTICLES, each=3)
    parts = cut(rows, count)
    assert pa.concat_tables(parts).equals(rows)
    assert [part.num_rows for part in parts] == [48 // count] * count
    for number, part in enumerate(parts):
        assert numbers_of(part["article_id"].to_pylist(), count) == {number}


def test_names_of_files_sort_as_the_pieces_do_and_say_which_they_are() -> None:
    places = [Piece(number, 8) for number in range(8)]
    files = [place.file_name(9 - place.number) for place in places]
    assert files == sorted(files)
    assert [Piece.of_file_name(name) for name in files] == places
    assert Piece.of_file_name("part.000012.parquet") == Piece(0, 1)
    later = [Piece(0, 1, later=True), *(Piece(number, 8, later=True) for number in range(8))]
    assert [Piece.of_file_name(place.file_name(12)) for place in later] == later
    assert min(place.file_name(1) for place in later) > max(Piece(0, 1).file_name(999_999), *files)
    with pytest.raises(ValueError, match="no name of a file of the tables"):
        Piece.of_file_name("part.2-of-4.000012 (conflict).parquet")


# --------------------------------------------------------------------------- what a commit writes
def test_an_edit_writes_the_file_of_its_article_and_links_the_others(tmp_path: Path) -> None:
    first = committed(tmp_path, sentences("một", each=MANY // 4))
    assert names(first) == [f"part.{number}-of-4.000001.parquet" for number in (1, 2, 3, 4)]
    own = first.partitions("sentences")[HERE]
    edited = ARTICLES[5]
    with Staging(first) as staging:
        assert said(staging.read("sentences", HERE, ids=[edited])) == [(edited, "một")]
        around = staging.read_around("sentences", HERE, [edited])
        assert {*around["article_id"].to_pylist()} == {*ARTICLES[4:8]}
    second = amended(tmp_path, [edited], sentences("hai", ARTICLES[4:8], each=MANY // 4))
    assert names(second) == [f"part.{number}-of-4.00000{1 + (number == 2)}.parquet" for number in (1, 2, 3, 4)]
    same = [old.samefile(new) for old, new in zip(own, second.partitions("sentences")[HERE], strict=True)]
    assert same == [True, False, True, True]
    expected = sentences("một", each=MANY // 4).to_pylist()
    for row in expected:
        row["text"] = "hai" if row["article_id"] in ARTICLES[4:8] else "một"
    assert second.read("sentences").to_pylist() == expected
    assert [(found.table, found.changed) for found in differences(first, second)] == [("sentences", MANY)]


def test_rows_that_are_what_they_were_keep_their_files(tmp_path: Path) -> None:
    committed(tmp_path, sentences("một"))
    whole = committed(tmp_path, sentences("một"))
    assert names(whole) == ["part.1-of-2.000001.parquet", "part.2-of-2.000001.parquet"]
    part = amended(tmp_path, ARTICLES[:1], sentences("một", ARTICLES[:8]))
    assert names(part) == names(whole)


@pytest.mark.parametrize("each", [MANY // 16 + 1, MANY // 4], ids=["two", "four"])
def test_more_rows_make_more_pieces_and_fewer_rows_fewer_whichever_way_they_came(tmp_path: Path, each: int) -> None:
    few = committed(tmp_path, sentences("một", ARTICLES[:4], each=3))
    assert names(few) == ["part.000001.parquet"]
    count = pieces_of("sentences", each * 16)
    grown = amended(tmp_path, ARTICLES[2:], sentences("một", each=each))
    assert names(grown) == [f"part.{number}-of-{count}.000002.parquet" for number in range(1, count + 1)]
    digests = [file.sha256 for file in grown.files["sentences"][HERE]]
    # all but the articles of the first piece lose their rows: what is left of it is read and joined
    left = amended(tmp_path, ARTICLES[16 // count :], sentences("", [], each=0))
    assert len(names(left)) == count // 2 == pieces_of("sentences", 16 * each // count)
    assert {name.split(".")[-2] for name in names(left)} == {"000003"}
    assert said(left.read("sentences")) == [(name, "một") for name in ARTICLES[: 16 // count]]
    again = committed(tmp_path, sentences("một", each=each))
    assert [file.sha256 for file in again.files["sentences"][HERE]] == digests
    gone = amended(tmp_path, ARTICLES, sentences("", [], each=0))
    assert HERE not in gone.files["sentences"]
    assert list(orphans(gone)) == []


def test_what_is_put_again_before_a_commit_leaves_no_file_behind(tmp_path: Path) -> None:
    first = committed(tmp_path, sentences("một"))
    for last in ([sentences("một")], [sentences("hai", ARTICLES[:2], each=2)], [sentences("", [])]):
        with Staging(first) as staging:
            for rows in (sentences("hai", each=MANY), sentences("ba", ARTICLES[:1]), *last):
                staging.put("sentences", HERE, rows)
            staging.put("sentences", Partition(SITE, "2026-09"), sentences("một", each=1))
            now = staging.commit({})
        assert said(now.read("sentences", [HERE])) == said(last[0])
        assert list(orphans(now)) == []
        shutil.rmtree(tmp_path)
        first = committed(tmp_path, sentences("một"))


def test_a_piece_that_loses_all_its_rows_stays_as_a_file_without_rows(tmp_path: Path) -> None:
    each = MANY + 100
    assert len(names(committed(tmp_path, sentences("một", each=each)))) == 8
    second = amended(tmp_path, ARTICLES[:1], sentences("", [], each=0))
    assert [file.rows for file in second.files["sentences"][HERE]] == [0] + [2 * each] * 7
    assert list(damaged_files(second)) == []
    third = amended(tmp_path, ARTICLES[-1:], sentences("hai", ARTICLES[-2:], each=each))
    assert [name.split(".")[-2] for name in names(third)] == ["000002", *["000001"] * 6, "000003"]
    glob = f"{tmp_path}/tables/sentences/**/*.parquet"
    assert duckdb.read_parquet(glob).count("text").fetchall() == [(14 * each,)]
    assert len(pd.read_parquet(tmp_path / "tables" / "sentences")) == 14 * each


def test_who_listed_the_files_before_a_commit_finds_one_gone_and_no_mixture(tmp_path: Path) -> None:
    committed(tmp_path, sentences("một", each=MANY // 4))
    listed = sorted((tmp_path / "tables").glob("sentences/**/*.parquet"))
    amended(tmp_path, ARTICLES[:1], sentences("hai", ARTICLES[:4], each=MANY // 4))
    assert [path.exists() for path in listed] == [False, True, True, True]


def test_every_reader_sees_the_rows_of_all_pieces(tmp_path: Path) -> None:
    rows = sentences("một", each=MANY // 4)
    committed(tmp_path, rows)
    folder = tmp_path / "tables" / "sentences"
    assert open_corpus(tmp_path).count("sentences") == rows.num_rows
    assert open_corpus(tmp_path).arrow("sentences", site=SITE)["article_id"].equals(rows["article_id"])
    assert pd.read_parquet(folder)["sentence"].tolist() == rows["sentence"].to_pylist()
    assert pds.dataset(folder).to_table(columns=["sentence"]).num_rows == rows.num_rows
    by_folder = duckdb.read_parquet(f"{folder}/**/*.parquet", hive_partitioning=True)
    assert by_folder.filter(f"site = '{SITE}'").count("*").fetchall() == [(rows.num_rows,)]


def test_rows_that_lie_in_the_piece_of_other_articles_are_named(tmp_path: Path) -> None:
    rows = sentences("một")
    upside_down = pa.concat_tables([rows.slice(rows.num_rows // 2), rows.slice(0, rows.num_rows // 2)])
    told = [each.why for each in damaged_files(committed(tmp_path, upside_down))]
    assert told == ["has rows of another piece of its partition"] * 2


# --------------------------------------------------------------------------- builds
def long_page(number: int, paragraphs: int = 26, *extra: str) -> bytes:
    """Return the page of an article of some thirty sentences that no other one has."""
    own = (f"Tổ {step} của xưởng số {number} giao {number * step + 7} chiếc áo." for step in range(paragraphs))
    return article_page(number, *own, *extra)


def digests(corpus: Path) -> dict[tuple[str, Partition, Piece], str]:
    listed = Snapshot.committed(corpus).all_files()
    return {(table, file.partition, file.piece): file.sha256 for table, file in listed}


def at_once(corpus: Path, sites: Sites) -> dict[tuple[str, Partition, Piece], str]:
    """Return the files that the whole archive gives when nothing was built before."""
    fresh = corpus.with_name("at once")
    shutil.rmtree(fresh, ignore_errors=True)
    shutil.copytree(corpus / "archive", fresh / "archive")
    build(fresh, sites, workers=1)
    return digests(fresh)


def refresh(corpus: Path, sites: Sites, day: int, pages: dict[int, bytes]) -> list[str]:
    """Build what came in on a day, and return the names of the files of sentences."""
    archive(corpus, DAY_1 + dt.timedelta(days=day), [Answered(url_of(number), body) for number, body in pages.items()])
    build(corpus, sites, workers=1)
    return names(Snapshot.committed(corpus))


@pytest.fixture
def sites(tmp_path: Path) -> Sites:
    return Sites((write_profile(tmp_path / "profiles"),))


def test_refreshes_that_grow_edit_lose_and_shrink_a_month_give_the_files_of_one_build(
    tmp_path: Path, sites: Sites
) -> None:
    corpus = tmp_path / "corpus"
    some = {number: long_page(number) for number in range(1, 13)}
    more = {number: long_page(number) for number in range(13, 25)}
    assert refresh(corpus, sites, 0, some) == ["part.000001.parquet"]
    assert refresh(corpus, sites, 1, more) == ["part.1-of-2.000002.parquet", "part.2-of-2.000002.parquet"]
    edited = refresh(corpus, sites, 2, {7: long_page(7, 26, "Tin thêm: tổ nhận 12 triệu đồng tiền thưởng.")})
    assert sorted(name.split(".")[2] for name in edited) == ["000002", "000003"]
    whole = at_once(corpus, sites)
    assert digests(corpus) == whole
    lost = Snapshot.committed(corpus).partitions("sentences")[HERE][1]
    lost.unlink()
    told = [line.split(": ", 1)[1] for line in problems(open_corpus(corpus))]
    assert told == [f"sentences/{HERE.folder}/{lost.name} is gone"]
    repair(corpus, sites, workers=1)
    assert digests(corpus) == whole
    assert refresh(corpus, sites, 3, {number: long_page(number, 3) for number in more}) == ["part.000005.parquet"]
    assert digests(corpus) == at_once(corpus, sites)
    assert list(problems(open_corpus(corpus))) == []


def test_tables_of_the_schema_before_open_and_are_refreshed_into_pieces(
    tmp_path: Path, sites: Sites, monkeypatch: pytest.MonkeyPatch
) -> None:
    corpus = tmp_path / "corpus"
    with monkeypatch.context() as before:
        before.setattr(pieces, "ROWS_IN_TWO", {})  # a file each partition, as it was
        assert refresh(corpus, sites, 0, {number: long_page(number) for number in range(1, 25)}) == [
            "part.000001.parquet"
        ]
    manifest = corpus / "tables" / "snapshot.json"
    facts = json.loads(manifest.read_text(encoding="utf-8"))
    facts["schema_version"] = SCHEMA_VERSION - 1
    manifest.write_text(json.dumps({**facts, SEAL: seal_of(facts)}), encoding="utf-8")
    assert SCHEMA_VERSION - 1 in SAME_COLUMNS
    held = open_corpus(corpus).sentences()
    assert list(problems(open_corpus(corpus))) == []
    archive(corpus, DAY_2, [Answered(url_of(7), long_page(7, 26, "Tin thêm: tổ nhận 12 triệu đồng."))])
    report = build(corpus, sites, workers=1)
    assert (report.captures, report.new_revisions) == (1, 1)  # the others are not made again
    assert names(Snapshot.committed(corpus)) == ["part.1-of-2.000002.parquet", "part.2-of-2.000002.parquet"]
    assert len(open_corpus(corpus).sentences()) == len(held) + 1
    assert digests(corpus) == at_once(corpus, sites)
