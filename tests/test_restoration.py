"""A corpus that was damaged is named as such, and made whole again from its archive."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner
from vinhkhe import SITE, Built

from crawler.archive import archive_files
from crawler.lock import CorpusBusy, build_lock, corpus_lock
from pipeline.build import build
from pipeline.check import problems
from pipeline.cli.check import command
from pipeline.cli.snapshots import command as snapshots
from pipeline.commits import Staging
from pipeline.integrity import damaged_others
from pipeline.pieces import Piece
from pipeline.plan import ArchiveIncomplete
from pipeline.query import open_corpus
from pipeline.restoration import repair
from pipeline.retention import keep, prune
from pipeline.schema import SCHEMA_VERSION
from pipeline.snapshots import Snapshot, TablesUnreadable, numbers
from pipeline.tables import WHOLE, Partition

pytestmark = pytest.mark.slow
AUGUST = Partition(SITE, "2026-08")


@pytest.fixture
def damaged(built: Built, tmp_path: Path) -> Iterator[Path]:
    """A copy of the corpus to damage; its hard links are copied as copies."""
    copy = tmp_path / "corpus"
    shutil.copytree(built.corpus, copy, symlinks=True)
    yield copy


def file_of(corpus: Path, table: str, partition: Partition = AUGUST) -> Path:
    (path,) = Snapshot.committed(corpus).partitions(table)[partition]
    return path


def digests(corpus: Path) -> dict[tuple[str, Partition, Piece], str]:
    listed = Snapshot.committed(corpus).all_files()
    return {(table, file.partition, file.piece): file.sha256 for table, file in listed}


def lose(path: Path) -> None:
    path.unlink()


def cut(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def scribble(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0xFF
    path.write_bytes(content)


def edit_by_hand(path: Path) -> None:
    data = pq.read_table(path, partitioning=None)
    pq.write_table(data.slice(1), path)


def change_columns(path: Path) -> None:
    pq.write_table(pa.table({"x": [1]}), path)


def replace_by_text(path: Path) -> None:
    path.write_text("no Parquet")


DAMAGES: list[tuple[Callable[[Path], None], str]] = [
    (lose, "is gone"),
    (cut, "bytes, and "),
    (scribble, "was changed since it was committed"),
    (edit_by_hand, "bytes, and "),
    (change_columns, "bytes, and "),
    (replace_by_text, "bytes, and "),
]


@pytest.mark.parametrize(("damage", "said"), DAMAGES)
@pytest.mark.parametrize("table", ["articles", "figures"])
def test_a_damaged_file_is_named_and_made_anew(
    damaged: Path, built: Built, table: str, damage: Callable[[Path], None], said: str
) -> None:
    before = digests(damaged)
    damage(file_of(damaged, table))
    (found,) = problems(open_corpus(damaged))
    assert f"{table}/site={SITE}/month=2026-08/part." in found
    assert said in found
    done = repair(damaged, built.sites, workers=1)
    assert any("made anew from the archive" in line for line in done)
    assert digests(damaged) == before
    assert list(problems(open_corpus(damaged))) == []
    assert repair(damaged, built.sites, workers=1) == []


def test_a_damaged_registry_is_written_anew(damaged: Path, built: Built) -> None:
    before = digests(damaged)
    scribble(file_of(damaged, "movement_registry", WHOLE))
    repair(damaged, built.sites, workers=1)
    assert digests(damaged) == before


def test_a_damaged_file_costs_a_reader_one_line_that_names_the_way_out(damaged: Path) -> None:
    cut(file_of(damaged, "articles"))
    with pytest.raises(TablesUnreadable, match=r"not readable .*`congdoan check --repair --corpus") as refused:
        Snapshot.committed(damaged).read("articles")
    assert "\n" not in str(refused.value)


def test_a_file_of_other_columns_costs_a_reader_one_line(damaged: Path) -> None:
    change_columns(min(Snapshot.committed(damaged).partitions("figures").values())[0])
    with pytest.raises(TablesUnreadable, match=r"/figures: a file has other columns .*`congdoan check --repair"):
        open_corpus(damaged).figures()


def test_whatever_byte_of_a_file_is_damaged_the_file_is_blamed_and_not_the_question(damaged: Path) -> None:
    path = file_of(damaged, "articles")
    content = path.read_bytes()
    said: list[str] = []
    for number, place in enumerate(range(0, len(content), len(content) // 90)):
        path.write_bytes(content[:place] + bytes([content[place] ^ 4]) + content[place + 1 :])
        corpus = open_corpus(damaged)
        try:
            corpus.reader("articles").read_all() if number % 2 else corpus.arrow("articles")
        except TablesUnreadable as error:
            said.append(str(error))
    assert len(said) > 10
    assert all("`congdoan check --repair` makes it anew" in line and "\n" not in line for line in said)
    assert any("TProtocolException" in line for line in said)


def lose_manifest(corpus: Path) -> None:
    (corpus / "tables" / "snapshot.json").unlink()


def lose_list(corpus: Path) -> None:
    (corpus / "tables" / "files.json").write_text("[")


def lose_folder(corpus: Path) -> None:
    shutil.rmtree(corpus / "snapshots" / "000002")


def lose_everything(corpus: Path) -> None:
    shutil.rmtree(corpus / "snapshots")


@pytest.mark.parametrize("damage", [lose_manifest, lose_list, lose_folder, lose_everything])
def test_tables_that_cannot_be_read_at_all_are_made_anew(
    damaged: Path, built: Built, damage: Callable[[Path], None]
) -> None:
    before = digests(damaged)
    damage(damaged)
    with pytest.raises(TablesUnreadable, match="--repair"):
        open_corpus(damaged).articles()
    done = CliRunner().invoke(command, ["--repair", "--corpus", str(damaged), "--sites", str(built.corpus / "sites")])
    assert done.exit_code == 0, done.output
    assert done.stdout.splitlines()[-1] == "tables and archive are whole"
    assert digests(damaged) == before


def test_a_lost_link_is_put_back(damaged: Path, built: Built) -> None:
    (damaged / "tables").unlink()
    assert list(problems(open_corpus(damaged))) == ["tables: the link to the committed snapshot is gone"]
    assert repair(damaged, built.sites) == ["tables: the link to the committed snapshot was gone"]
    assert (damaged / "tables").readlink() == Path("snapshots/000002")


def test_files_of_no_snapshot_are_named_and_removed(damaged: Path, built: Built) -> None:
    stray = damaged / "tables" / "figures" / f"site={SITE}" / "month=2026-08" / "copy.parquet"
    shutil.copy(file_of(damaged, "figures"), stray)
    (damaged / "snapshots" / "000009.unfinished").mkdir()
    found = list(problems(open_corpus(damaged)))
    assert [line.rpartition("/")[2] for line in found] == [
        "copy.parquet is part of no snapshot",
        "000009.unfinished is part of no snapshot",
    ]
    # and nothing is made anew for the rows that a stray file repeats
    assert [line.rpartition("/")[2].split(",")[0] for line in repair(damaged, built.sites)] == [
        "copy.parquet",
        "000009.unfinished",
    ]
    assert list(problems(open_corpus(damaged))) == []


def test_what_a_build_at_work_has_there_is_no_fault_and_is_not_removed(damaged: Path, built: Built) -> None:
    with build_lock(damaged), Staging(Snapshot.committed(damaged)):
        beside = sorted((damaged / "snapshots").iterdir())
        assert list(problems(open_corpus(damaged))) == []
        with pytest.raises(CorpusBusy, match="is being built by process"):
            repair(damaged, built.sites, workers=1)
        assert sorted((damaged / "snapshots").iterdir()) == beside
        assert beside[-1].name.endswith(".unfinished")


def test_nothing_is_said_of_a_snapshot_that_a_build_lets_go_while_it_is_looked_at(damaged: Path, built: Built) -> None:
    for number in (1, 2):
        scribble(Snapshot.numbered(damaged, number).partitions("movement_registry")[WHOLE][0])
    build(damaged, built.sites, workers=1, all_anew="a test")
    found = damaged_others(Snapshot.committed(damaged))
    assert next(found)[0] == 1
    assert prune(damaged, newest=1, days=0) == [1, 2]
    assert list(found) == []


@pytest.mark.parametrize(
    "arguments", [[command, "--repair"], [snapshots, "prune"], [snapshots, "keep", "1", "luan-an"]]
)
def test_no_folder_is_made_where_somebody_mistyped_the_corpus(tmp_path: Path, arguments: list[Any]) -> None:
    command_, *words = arguments
    done = CliRunner().invoke(command_, [*words, "--corpus", str(tmp_path / "corpsu")])
    assert done.exit_code != 0
    assert list(tmp_path.iterdir()) == []


def test_older_snapshots_that_share_a_damaged_file_go_but_for_named_ones(damaged: Path, built: Built) -> None:
    for number in (1, 2):
        (path,) = Snapshot.numbered(damaged, number).partitions("movement_registry")[WHOLE]
        scribble(path)  # one file on the disk before it was copied
    done = repair(damaged, built.sites, workers=1)
    removed = [line.split(" (")[0] for line in done[-2:]]
    assert removed == [f"removed: snapshot {number}, which has damaged files too" for number in (1, 2)]
    assert numbers(damaged) == [3]
    keep(Snapshot.committed(damaged), "bai-bao")
    scribble(file_of(damaged, "movement_registry", WHOLE))
    left = "left: snapshot 3, kept as bai-bao, has damaged files too (movement_registry/"
    assert repair(damaged, built.sites, workers=1)[-1].startswith(left)
    (still,) = problems(open_corpus(damaged))
    assert still.startswith("tables: snapshot 3 is not what was committed")


def test_a_torn_archive_file_is_cut_off_but_not_under_a_crawl(damaged: Path, built: Built) -> None:
    file = archive_files(damaged)[-1]
    with (damaged / file).open("ab") as archive:
        archive.write((damaged / archive_files(damaged)[0]).read_bytes()[:100])
    with corpus_lock(damaged):
        # one lock a process: a crawl by another one is refused in the same way
        assert any("not looked at" in line for line in repair(damaged, built.sites))
    assert any("is not whole" in line for line in problems(open_corpus(damaged)))
    assert any("cut off 100 bytes" in line for line in repair(damaged, built.sites))
    assert list(problems(open_corpus(damaged))) == []


def test_what_is_gone_from_the_archive_is_not_made_anew_without_it(damaged: Path, built: Built) -> None:
    before = digests(damaged)
    file = damaged / archive_files(damaged)[-1]
    file.rename(damaged / "elsewhere")
    edit_by_hand(file_of(damaged, "articles"))
    with pytest.raises(
        ArchiveIncomplete, match=r"it is gone \(1 such files\), and the build would read it again"
    ) as refused:
        repair(damaged, built.sites)
    assert "\n" not in str(refused.value)
    assert Snapshot.committed(damaged).number == 2
    (damaged / "elsewhere").rename(file)
    repair(damaged, built.sites, workers=1)
    assert digests(damaged) == before


def test_a_file_of_the_archive_that_lost_its_end_is_named_and_its_rows_are_kept(damaged: Path, built: Built) -> None:
    before = digests(damaged)
    file = damaged / max(path.as_posix() for path in archive_files(damaged) if SITE in path.as_posix())
    whole = file.read_bytes()
    os.truncate(file, file.stat().st_size - 200)
    with pytest.raises(ArchiveIncomplete, match=r"made from it and its end is gone \(1 such files\)"):
        build(damaged, built.sites, workers=1, anew={SITE: "it is to be read anew"})
    repair(damaged, built.sites, workers=1)  # cuts off what is left of the last record
    (found,) = problems(open_corpus(damaged))
    assert found.endswith("its end is lost; put the whole file back, from a copy")
    build(damaged, built.sites, workers=1)
    assert digests(damaged) == before
    with pytest.raises(ArchiveIncomplete, match=r"made from it and its end is gone \(1 such files\)"):
        build(damaged, built.sites, workers=1, anew={SITE: "it is to be read anew"})
    file.write_bytes(whole)
    assert list(problems(open_corpus(damaged))) == []


def test_rows_that_break_a_rule_though_their_file_is_as_committed_are_made_anew(damaged: Path, built: Built) -> None:
    from test_check import damage, setting

    before = digests(damaged)
    damage(damaged, "figures", setting(surface="999 tỉ đồng"))
    done = repair(damaged, built.sites, workers=1)
    assert any("every row of figures is where it says" in line for line in done)
    assert digests(damaged) == before


def test_the_tables_of_a_newer_congdoan_are_not_made_anew_as_if_they_were_damaged(damaged: Path, built: Built) -> None:
    manifest = damaged / "tables" / "snapshot.json"
    facts = json.loads(manifest.read_text(encoding="utf-8"))
    manifest.write_text(json.dumps({**facts, "schema_version": SCHEMA_VERSION + 1, "congdoan": "7.1"}))
    with pytest.raises(TablesUnreadable, match=r"update it to congdoan 7\.1"):
        repair(damaged, built.sites, workers=1)
    assert numbers(damaged) == [1, 2]


def test_an_older_schema_is_built_anew_and_says_so(damaged: Path, built: Built) -> None:
    manifest = damaged / "tables" / "snapshot.json"
    text = manifest.read_text(encoding="utf-8")
    manifest.write_text(text.replace('"columns": "', '"columns": "x'), encoding="utf-8")
    with pytest.raises(TablesUnreadable, match="tables with other columns, written by congdoan"):
        open_corpus(damaged)
    (damaged / "tables" / "files.json").unlink()  # the oldest had none
    assert build(damaged, built.sites, workers=1).captures == 31
    told = CliRunner().invoke(snapshots, ["--corpus", str(damaged)]).stdout
    assert ["not readable" in line for line in told.splitlines() if "│" in line] == [False, True, False]
    with pytest.raises(TablesUnreadable, match=rf"of an older congdoan \(schema version {SCHEMA_VERSION}\)"):
        Snapshot.numbered(damaged, 2).all_files()
    scribble(file_of(damaged, "figures"))
    repair(damaged, built.sites, workers=1)
    assert list(problems(open_corpus(damaged))) == []
    assert isinstance(open_corpus(damaged).arrow("figures"), pa.Table)
