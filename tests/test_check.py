"""Each broken invariant is named: a copy of a whole corpus is damaged in one place at a time."""

from __future__ import annotations

import datetime as dt
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from vinhkhe import SITE, Built

from crawler.archive import archive_files
from pipeline.check import problems
from pipeline.commits import commit
from pipeline.query import open_corpus
from pipeline.snapshots import Snapshot
from pipeline.tables import Partition

Row = dict[str, Any]


@pytest.fixture
def damaged(built: Built, tmp_path: Path) -> Iterator[Path]:
    """A copy of the corpus to damage."""
    copy = tmp_path / "corpus"
    shutil.copytree(built.corpus, copy, symlinks=True)
    yield copy


def damage(corpus: Path, table: str, change: Callable[[list[Row]], None]) -> None:
    """Commit the table with changed rows."""
    snapshot = Snapshot.committed(corpus)
    partition = Partition(SITE, "2026-09") if table == "dropped" else Partition(SITE, "2026-08")
    data = snapshot.read(table, [partition])
    rows = data.to_pylist()
    change(rows)
    changed = pa.Table.from_pylist(rows, schema=data.schema)
    manifest = {name: value for name, value in snapshot.manifest.items() if name != "schema_version"}
    commit(snapshot, {table: {partition: changed}}, manifest)


def setting(**values: Any) -> Callable[[list[Row]], None]:
    return lambda rows: rows[1].update(values)


def repeat(rows: list[Row]) -> None:
    rows.append(rows[0])


def drop(rows: list[Row]) -> None:
    del rows[0]


def refer(rows: list[Row]) -> None:
    """Add a back-reference to a mention that is none, of an article that is none."""
    named = {"name": "Giữ máy sạch", "movement_id": "x-0", "kind": "phong_trao", "named_at": 0}
    place = {"article_id": "0" * 16, "site": SITE, "sentence": 0, "sentence_text": "Phong trào này lan rộng."}
    rows.append({**place, "surface": "Phong trào này", "start": 0, "end": 14, **named})


RULES = [
    ("articles", repeat, "every row of articles has a key of its own"),
    ("figures", repeat, "every row of figures has a key of its own"),
    ("sentences", repeat, "every row of sentences has a key of its own"),
    ("revisions", repeat, "a capture in one place only"),
    ("articles", setting(digest="0" * 64), "every article is its newest revision"),
    ("articles", drop, "every revision is of an article"),
    ("sentences", setting(start=1), "every row of sentences is where it says"),
    ("movements", setting(start=1), "every row of movements is where it says"),
    ("back_references", refer, "every row of back_references is where it says"),
    ("back_references", refer, "every back-reference is to a mention before it"),
    ("figures", setting(surface="999 tỉ đồng"), "every row of figures is where it says"),
    ("amounts_in_words", setting(start=1), "every row of amounts_in_words is where it says"),
    ("refused_numbers", setting(start=1), "every row of refused_numbers is where it says"),
    ("figures", setting(sentence=999), "every movement, figure and number is in its sentence"),
    ("refused_numbers", setting(sentence=999), "every movement, figure and number is in its sentence"),
    ("movements", setting(sentence_text="khác"), "every movement, figure and number is in its sentence"),
    ("figures", setting(value=2.0, value_high=1.0), "ranges run from low to high"),
    ("articles", setting(reprint_of="0" * 16, reprint_similarity=1.0), "every reprint is of an article"),
    ("articles", setting(text=" "), "no article is empty"),
    ("articles", setting(published_at=dt.datetime(2026, 9, 9, tzinfo=dt.UTC)), "every row lies in the month"),
    ("figures", setting(published_at=None), "every row lies in the month"),
    ("refused_numbers", setting(published_at=None), "every row lies in the month"),
    ("dropped", setting(fetched_at=dt.datetime(2020, 9, 9, tzinfo=dt.UTC)), "every row lies in the month"),
    ("sentences", setting(site="bao_ban_example"), "has rows of another partition"),
    ("figures", setting(movement_id="khong-co"), "every movement of a figure is known"),
    ("dropped", drop, "captures, "),
    ("revisions", drop, "captures, "),
]


def test_a_built_corpus_is_whole(built: Built) -> None:
    assert list(problems(open_corpus(built.corpus))) == []


@pytest.mark.parametrize(("table", "change", "rule"), RULES)
def test_a_broken_rule_is_named(damaged: Path, table: str, change: Callable[[list[Row]], None], rule: str) -> None:
    damage(damaged, table, change)
    found = list(problems(open_corpus(damaged)))
    assert any(rule in line for line in found), found
    assert not any("\n" in line for line in found)


def test_sentences_that_lie_with_another_site_are_named(damaged: Path) -> None:
    snapshot = Snapshot.committed(damaged)
    here, there = Partition(SITE, "2026-08"), Partition("bao_ban_example", "2026-08")
    rows = [row | {"site": there.site} for row in snapshot.read("sentences", [here]).to_pylist()]
    moved = pa.Table.from_pylist(rows, schema=snapshot.read("sentences", [here]).schema)
    manifest = {name: value for name, value in snapshot.manifest.items() if name != "schema_version"}
    commit(snapshot, {"sentences": {here: moved.slice(0, 0), there: moved}}, manifest)
    found = list(problems(open_corpus(damaged)))
    assert any("every row is of its article's site" in line for line in found), found


def test_a_torn_archive_file_is_named(damaged: Path) -> None:
    file = archive_files(damaged)[-1]
    os.truncate(damaged / file, (damaged / file).stat().st_size - 50)
    found = list(problems(open_corpus(damaged)))
    assert any(str(file) in line and "is not whole" in line for line in found), found


def test_a_changed_byte_of_the_archive_is_named(damaged: Path) -> None:
    file = damaged / archive_files(damaged)[-1]
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 0xFF
    file.write_bytes(content)
    assert any(file.name in line for line in problems(open_corpus(damaged)))


def test_a_lost_archive_file_is_named(damaged: Path) -> None:
    file = archive_files(damaged)[-1]
    (damaged / file).unlink()
    assert list(problems(open_corpus(damaged))) == [
        f"{file}: the tables were made from this file, and it is gone from the archive"
    ]


def test_captures_that_no_build_has_read_yet_are_no_problem(damaged: Path, built: Built) -> None:
    shutil.copy(built.corpus / archive_files(built.corpus)[-1], damaged / "archive" / SITE / "20270101T000000.warc.gz")
    assert list(problems(open_corpus(damaged))) == []
