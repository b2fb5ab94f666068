"""The command line as its user meets it: help, exit codes, one line for what is wrong, results on stdout."""

from __future__ import annotations

import csv
import io
import json
import resource
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from subprocess import CompletedProcess

import click
import pytest
from command import called, started
from newsserver import GATE
from vinhkhe import DAY_1, PROFILE, Answered, Built, archive, article_page, url_of, write_profile

from pipeline.cli import congdoan

pytestmark = pytest.mark.slow
COMMANDS = sorted(congdoan.list_commands(None))  # type: ignore[arg-type]
DONE, DATA_AT_FAULT, CALL_AT_FAULT = 0, 1, 2


def refused(done: CompletedProcess[str], code: int) -> str:
    """Return the one line that the command ended with."""
    assert done.returncode == code, done.stderr
    (line,) = done.stderr.splitlines()
    assert line.startswith("congdoan: ")
    assert "Traceback" not in line
    return line


# --------------------------------------------------------------------------- help
def commands_of(command: click.Command, path: str) -> Iterator[tuple[str, click.Command]]:
    """Give a command and all below it, with what is typed to call them."""
    yield path, command
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            below = command.get_command(context, name)
            assert below is not None
            yield from commands_of(below, f"{path} {name}")


ALL_COMMANDS = [pytest.param(*each, id=each[0]) for each in commands_of(congdoan, "congdoan")]


@pytest.mark.parametrize(("path", "command"), ALL_COMMANDS)
def test_help_starts_with_a_sentence_has_a_line_to_paste_and_says_what_each_option_is(
    path: str, command: click.Command
) -> None:
    told = command.get_help(click.Context(command, info_name=path))
    usage, _, rest = told.partition("\n\n")
    assert usage.startswith(f"Usage: {path}")
    assert rest.strip()[0].isupper()
    assert "congdoan " in rest.partition("Options:")[0]
    assert [option.opts for option in command.params if isinstance(option, click.Option) and not option.help] == []
    assert "..." not in rest.partition("Commands:")[2], "a line is cut off: give the command a shorter short_help"


def test_the_command_lists_its_commands_and_its_version() -> None:
    done = started("--help")
    assert [command for command in COMMANDS if f"\n  {command} " not in done.stdout] == []
    assert started("--version").stdout.startswith("congdoan 0.")


def test_nothing_asked_shows_the_help() -> None:
    done = called()
    assert done.returncode == CALL_AT_FAULT
    assert "Commands:" in done.stderr


# --------------------------------------------------------------------------- wrong calls
WRONG_CALLS = [
    (["phong-trao"], "No such command 'phong-trao'"),
    (["sql"], "Missing argument 'QUERY'"),
    (["sql", "SELECT 1", "--format", "yaml"], "'yaml' is not one of"),
    (["export", "out"], "Missing option '--format'"),
    (["crawl", "bao_khong_co", "--contact", "a@b.example"], "no site 'bao_khong_co'; known: "),
    (["crawl", "laodong_vn", "--since", "31/01/2026"], "write it as 2023-01-31"),
    (["crawl", "laodong_vn"], "give --contact"),
    (["crawl", "laodong_vn", "--contact", "ai đó"], "expected an e-mail address or a web page"),
    (["sites", "show", "bao_khong_co"], "no site 'bao_khong_co'"),
    (["extract", "--sites", "khong-co", "a.txt"], "does not exist"),
    (["build", "--workers", "0"], "0 is not in the range"),
    (["refresh"], "nothing was crawled into this corpus yet"),
]


@pytest.mark.parametrize(("arguments", "said"), WRONG_CALLS)
def test_a_wrong_call_is_one_line_and_exit_2(arguments: list[str], said: str, tmp_path: Path) -> None:
    assert said in refused(called(*arguments, folder=tmp_path), CALL_AT_FAULT)
    assert not (tmp_path / "data").exists()  # and no corpus was begun


@pytest.mark.parametrize(
    ("profile", "said"),
    [
        ("name = ", "not a TOML file in UTF-8"),
        (PROFILE.replace("(?P<id>", "("), "article = "),
        (PROFILE + "\n[politeness]\ndelay = -1\n", "politeness.delay = -1: expected"),
        (PROFILE.replace('name = "tin', 'name = "tinh'), "expected the file's name"),
        (PROFILE.replace("h1.ten-bai", "h1..ten"), "expected a CSS selector"),
    ],
)
def test_a_wrong_profile_is_refused_with_file_key_and_what_was_expected(
    profile: str, said: str, tmp_path: Path
) -> None:
    file = write_profile(tmp_path / "own") / "tin_vinhkhe_vn.toml"
    file.write_text(profile, encoding="utf-8")
    line = refused(called("sites", "list", "--sites", file.parent, "--corpus", tmp_path), CALL_AT_FAULT)
    assert str(file) in line
    assert said in line


@pytest.mark.parametrize(
    "query", ["SELEC 1", "SELECT * FROM artikel", "DROP VIEW articles", "SELECT 1 AS a, 2 AS a", "SELECT 'a'::INT"]
)
def test_wrong_sql_is_one_line_and_exit_2(query: str, built: Built) -> None:
    refused(called("sql", query, "--corpus", built.corpus), CALL_AT_FAULT)


# --------------------------------------------------------------------------- no corpus, no disk
@pytest.mark.parametrize(
    "arguments", [["sql", "SELECT 1"], ["status"], ["check"], ["export", "out", "--format", "csv"]]
)
def test_without_a_corpus_the_line_says_which_command_makes_one(arguments: list[str], tmp_path: Path) -> None:
    line = refused(called(*arguments, "--corpus", "khong-co", folder=tmp_path), DATA_AT_FAULT)
    assert "khong-co: no tables here. `congdoan build --corpus khong-co`" in line
    assert not list(tmp_path.iterdir())


def test_build_without_an_archive_makes_nothing(tmp_path: Path) -> None:
    line = refused(called("build", "--corpus", "khong-co", folder=tmp_path), DATA_AT_FAULT)
    assert "no archive here; `congdoan crawl` or `congdoan import`" in line
    assert not list(tmp_path.iterdir())


UNDER_A_FILE = [
    ["import", "a.txt"],
    ["build"],
    ["sql", "SELECT 1"],
    ["crawl", "laodong_vn", "--contact", "a@b.example"],
]


@pytest.mark.parametrize("arguments", UNDER_A_FILE)
def test_a_corpus_under_a_file_is_one_line_and_exit_1(arguments: list[str], tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Tổ thợ nề giữ nghề", encoding="utf-8")
    line = refused(called(*arguments, "--corpus", "a.txt/corpus", folder=tmp_path), DATA_AT_FAULT)
    assert "a.txt" in line


def test_a_corpus_that_is_a_file_is_a_wrong_call(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("a")
    assert "is a file" in refused(called("build", "--corpus", "a.txt", folder=tmp_path), CALL_AT_FAULT)


def files_up_to(most: int) -> Callable[[], None]:
    """Let a process write no file over so many bytes, as a full disk would."""
    return lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))


@pytest.mark.parametrize("most", [500, 2000], ids=["no room for what is read", "no room for the tables"])
def test_a_full_disk_is_one_line_and_the_last_snapshot_is_intact(built: Built, tmp_path: Path, most: int) -> None:
    corpus = tmp_path / "corpus"
    shutil.copytree(built.corpus, corpus, symlinks=True)
    archive(corpus, DAY_1, [Answered(url_of(50), article_page(50))], run="them")
    done = started("build", "--corpus", corpus, limit=files_up_to(most))
    assert "the last snapshot is intact" in refused(done, DATA_AT_FAULT)
    assert (corpus / "tables").readlink() == Path("snapshots/000002")
    done = started("export", tmp_path / "out", "--format", "jsonl", "--corpus", corpus, limit=files_up_to(2000))
    assert "File too large" in refused(done, DATA_AT_FAULT)
    (tmp_path / "new.html").write_text(
        f"<h1>Tổ thợ nề giữ nghề</h1><!-- {Random(1).randbytes(4000).hex()} -->", encoding="utf-8"
    )
    done = started("import", tmp_path / "new.html", "--corpus", corpus, limit=files_up_to(2000))
    assert "cannot write" in refused(done, DATA_AT_FAULT)
    assert called("check", "--corpus", corpus).stdout == "tables and archive are whole\n"
    assert "1 new articles" in called("build", "--corpus", corpus).stdout


def test_a_build_of_a_known_site_waits_for_no_library_that_it_does_not_ask(
    built: Built, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    corpus = tmp_path / "corpus"
    shutil.copytree(built.corpus, corpus, symlinks=True)
    archive(corpus, DAY_1, [Answered(url_of(50), article_page(50))], run="them")
    monkeypatch.setenv("PYTHONPROFILEIMPORTTIME", "1")
    done = started("build", "--corpus", corpus)
    assert "1 new articles" in done.stdout
    loaded = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}
    assert loaded >= {"pipeline.work", "pyarrow.parquet.core"}
    assert loaded.isdisjoint(
        {"pandas.core.api", "warcio.archiveiterator", "trafilatura.core", "htmldate.core", "scrapy"}
    )


# --------------------------------------------------------------------------- extract
def test_extract_names_each_bad_row_and_reads_the_others(tmp_path: Path) -> None:
    good = '{{"id": {}, "text": "LĐLĐ tỉnh Vĩnh Khê phát động phong trào “Mỗi tổ một việc xanh” tới 312 cơ sở."}}\n'
    rows = [good.format(1), "{\n", good.format(3), "[4]\n", good.format(5)]
    (tmp_path / "rows.jsonl").write_text("".join(rows), encoding="utf-8")
    done = called("extract", "rows.jsonl", folder=tmp_path)
    assert done.returncode == DATA_AT_FAULT
    assert [json.loads(line)["id"] for line in done.stdout.splitlines()] == ["1", "3", "5"]
    first, second = done.stderr.splitlines()
    assert first.startswith("congdoan: rows.jsonl:2: no JSON object")
    assert second.startswith("congdoan: rows.jsonl:4: expected an object with `id`")


def test_extract_prints_one_object_a_document() -> None:
    text = "Tổ thợ nề giữ nghề\nPhong trào “Chuyền may không lỗi” đã có 738 sáng kiến, làm lợi 17,3 tỉ đồng."
    done = started("extract", "-", given=text.encode())
    assert (done.returncode, done.stderr) == (DONE, "")
    (line,) = done.stdout.splitlines()
    document = json.loads(line)
    assert document["title"] == "Tổ thợ nề giữ nghề"
    assert [(figure["value"], figure["kind"]) for figure in document["figures"]] == [
        (738, "count"),
        (17_300_000_000, "money"),
    ]
    (movement,) = document["movements"]
    assert document["text"][movement["start"] : movement["end"]] == movement["surface"] == "Chuyền may không lỗi"
    assert movement["sentence"] in document["text"]


BAD_INPUTS = {
    "trong.html": b"",
    "trang.txt": b" \n\t\n",
    "cong.html": GATE,
    "rac.bin": bytes(range(256)) * 40,
    "rac.html": bytes(reversed(range(256))) * 40,
    "anh.png": b"\x89PNG\r\n\x1a\n" + bytes(500),
    "sau.html": b"<html><body>" + b"<div>" * 50_000,
    "dai.txt": "Đoàn viên nhận quà. ".encode() * 1_200_000,
    "so.txt": b"1.234 " * 5_000,
    "hang.jsonl": b'{"id": 1, "text": "x"\n',
    "kho.warc.gz": b"\x1f\x8b\x08junk",
}


def test_bad_input_is_a_line_a_file_and_the_good_ones_are_read(tmp_path: Path) -> None:
    for name, content in BAD_INPUTS.items():
        (tmp_path / name).write_bytes(content)
    (tmp_path / "tot.html").write_bytes(article_page(1))
    (tmp_path / "utf16.txt").write_bytes(("Tổ thợ nề giữ nghề\n" + "Đoàn viên trao 45 suất quà. " * 3).encode("utf-16"))
    (tmp_path / "folder").mkdir()
    done = called("extract", *sorted(path.name for path in tmp_path.iterdir()), "khong-co.html", folder=tmp_path)
    assert done.returncode == DATA_AT_FAULT
    assert "Traceback" not in done.stderr
    lines = {line.split(": ")[1].split(":")[0]: line for line in done.stderr.splitlines()}
    assert set(lines) == {*BAD_INPUTS, "folder", "khong-co.html"}
    assert len(done.stderr.splitlines()) == len(lines)
    reasons = {name: line.split(": ")[2] for name, line in lines.items()}
    assert reasons["trong.html"] == reasons["trang.txt"] == "empty"
    assert reasons["cong.html"] == "gate"
    assert reasons["dai.txt"] == "too_long"
    assert reasons["anh.png"] == "not_text"
    read = [json.loads(line) for line in done.stdout.splitlines()]
    assert [document["id"] for document in read] == ["tot.html", "utf16.txt"]
    assert all(document["text"].strip() for document in read)


def test_a_broken_page_and_a_wrong_encoding_are_read_where_they_can_be(tmp_path: Path) -> None:
    whole = article_page(1)
    (tmp_path / "cut.html").write_bytes(whole[: whole.rindex(b"</p>")])
    (tmp_path / "mojibake.html").write_bytes(whole.decode().encode("utf-8").decode("latin-1").encode("utf-8"))
    done = called("extract", "cut.html", "mojibake.html", "--sites", write_profile(tmp_path / "own"), folder=tmp_path)
    assert done.returncode == DONE, done.stderr
    cut, mojibake = (json.loads(line) for line in done.stdout.splitlines())
    assert cut["title"] == mojibake["title"] == "Chuyện thi đua ở tổ sản xuất số 1"
    assert cut["figures"]
    assert {figure["value"] for figure in mojibake["figures"]} >= {figure["value"] for figure in cut["figures"]}


# --------------------------------------------------------------------------- results
def test_sql_prints_tables_csv_and_json(built: Built) -> None:
    query = "SELECT source_id, title, published_at, sum(1) AS n FROM articles WHERE source_id = '1' GROUP BY ALL"
    table = called("sql", query, "--corpus", built.corpus)
    assert "│ 1         │ Chuyện thi đua ở tổ sản xuất số 1 │" in table.stdout
    (row,) = json.loads(called("sql", query, "--format", "json", "--corpus", built.corpus).stdout)
    assert row == {
        "source_id": "1",
        "title": "Chuyện thi đua ở tổ sản xuất số 1",
        "published_at": "2026-08-31T09:15:00+07:00",
        "n": 1,
    }
    (row,) = csv.DictReader(io.StringIO(called("sql", query, "--format", "csv", "--corpus", built.corpus).stdout))
    assert row["title"] == "Chuyện thi đua ở tổ sản xuất số 1"


def test_sql_prints_an_answer_of_many_columns_one_below_the_other(built: Built) -> None:
    done = called("sql", "SELECT * FROM articles WHERE source_id = '1'", "--corpus", built.corpus)
    lines = [line.split() for line in done.stdout.splitlines()]
    assert ["revision", "1"] in lines
    assert ["site", "tin_vinhkhe_vn"] in lines


def test_sql_shows_the_first_thousand_rows_and_prints_all_as_csv_and_json(built: Built) -> None:
    query = "SELECT range AS n FROM range(50_000) ORDER BY n"
    table = called("sql", query, "--corpus", built.corpus)
    assert (table.stdout.count("│"), "│ 999 │" in table.stdout) == (2 * 1_000, True)
    assert table.stderr == "the first 1,000 rows are shown; --format csv or json prints all\n"
    all_of_them = called("sql", query, "--format", "json", "--corpus", built.corpus)
    assert json.loads(all_of_them.stdout) == [{"n": number} for number in range(50_000)]
    lines = called("sql", query, "--format", "csv", "--corpus", built.corpus).stdout.splitlines()
    assert (len(lines), lines[-1]) == (50_001, "49999")
    none = called("sql", "SELECT 1 WHERE false", "--format", "json", "--corpus", built.corpus)
    assert none.stdout == "[]\n"


def test_sql_that_fails_on_a_late_row_is_one_line(built: Built) -> None:
    query = "SELECT CASE WHEN range = 199999 THEN error('too late') END AS n FROM range(200_000)"
    done = called("sql", query, "--format", "csv", "--corpus", built.corpus)
    assert (done.returncode, done.stderr) == (2, "congdoan: Invalid Input Error: too late\n")
    assert done.stdout.startswith("n\n")


def test_a_reader_of_the_output_may_leave_early(built: Built) -> None:
    command = f"{sys.executable} -m pipeline.cli sql 'FROM sentences' --format csv --corpus {built.corpus}"
    done = subprocess.run(["bash", "-c", f"{command} | head -1"], capture_output=True, text=True, timeout=60)
    assert done.stdout.startswith("article_id,site,sentence")
    assert done.stderr == ""


def test_status_export_check_and_sites_answer(built: Built, tmp_path: Path) -> None:
    status = called("status", "--corpus", built.corpus)
    assert status.returncode == DATA_AT_FAULT  # the warning below wants a person
    assert "tin_vinhkhe_vn" in status.stdout
    assert "warning: tin_vinhkhe_vn: few leads" in status.stdout
    export = called("export", tmp_path / "out", "--format", "csv", "--corpus", built.corpus)
    assert len(export.stdout.splitlines()) == len(list((tmp_path / "out").iterdir())) == 11
    assert called("check", "--corpus", built.corpus).stdout == "tables and archive are whole\n"
    assert "Tin Vĩnh Khê" in called("sites", "list", "--corpus", built.corpus).stdout
    shown = json.loads(called("sites", "show", "tin_vinhkhe_vn", "--corpus", built.corpus).stdout)
    assert shown["hosts"] == ["tin.vinhkhe.vn"]


def test_import_and_build_say_what_they_did(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_bytes(article_page(1))
    (tmp_path / "b.jsonl").write_text("{}\n")
    archive(tmp_path / "others", DAY_1, [Answered(url_of(1), article_page(1))])
    (warc,) = (tmp_path / "others").rglob("*.warc.gz")
    done = called("import", "a.html", "b.jsonl", warc, "--corpus", "c", folder=tmp_path)
    assert done.returncode == DATA_AT_FAULT
    assert done.stderr.startswith("congdoan: b.jsonl:1: expected an object with `id`")
    assert done.stdout == (
        "1 records archived, 1 of other hosts and 0 that are no text left out, 1 files or rows refused; "
        "next: congdoan build\n"
    )
    all_hosts = called("import", warc, "--all-hosts", "--corpus", "all", folder=tmp_path)
    assert (all_hosts.returncode, all_hosts.stdout.split(",")[0]) == (0, "1 records archived")
    assert called("build", "--corpus", "c", folder=tmp_path).stdout.startswith(
        "snapshot 1: 1 captures read, 1 new articles"
    )
    again = called("build", "--corpus", "c", folder=tmp_path)
    assert again.stdout == "tables are up to date (snapshot 1); nothing to do\n"


# --------------------------------------------------------------------------- where a build's work is done
def test_options_of_a_cluster_that_do_not_go_together_are_refused(tmp_path: Path) -> None:
    scheduler = ("--scheduler", "tcp://127.0.0.1:9")
    assert "add --engine dask" in refused(called("build", *scheduler, folder=tmp_path), CALL_AT_FAULT)
    both = called("build", "--engine", "dask", *scheduler, "--workers", 2, folder=tmp_path)
    assert "--workers is of this machine" in refused(both, CALL_AT_FAULT)
