"""From the archive to the tables: what a build reads, what it leaves alone, and what kills it cannot break."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from vinhkhe import (
    DAY_1,
    DAY_2,
    FACTS,
    HTML,
    SITE,
    Answered,
    Built,
    archive,
    article_page,
    page,
    url_of,
    write_imports,
)

from crawler.archive import ArchiveWriter, Exchange, archive_files
from crawler.lock import CorpusBusy, exclusive
from crawler.sites import Sites
from pipeline.addresses import address, article_id
from pipeline.build import NothingArchived, build
from pipeline.check import problems
from pipeline.imports import import_files
from pipeline.query import Corpus, open_corpus
from pipeline.schema import TABLES
from pipeline.tables import Partition

pytestmark = pytest.mark.slow
DAY_3 = DAY_2 + dt.timedelta(days=1)


def contents(corpus: Path) -> dict[str, list[dict[str, Any]]]:
    """Return all rows of all tables; without the versions of the stages, which are the code's and not the build's."""
    opened = open_corpus(corpus)
    rows = {table: opened.arrow(table).to_pylist() for table in TABLES}
    for row in rows["articles"]:
        del row["stage_versions"]
    return {table: sorted(some, key=repr) for table, some in rows.items()}


def article(corpus: Path, id_: int) -> dict[str, Any]:
    (row,) = open_corpus(corpus).arrow("articles", article_id=article_id(SITE, str(id_))).to_pylist()
    return dict(row)


def dropped_reasons(corpus: Corpus) -> dict[str, tuple[str, str]]:
    rows = corpus.arrow("dropped").to_pylist()
    return {row["url"].rsplit("/", 1)[-1]: (row["stage"], row["reason"]) for row in rows}


# --------------------------------------------------------------------------- the corpus of two days
def test_the_reports_count_what_happened(built: Built) -> None:
    first, second = built.first, built.second
    assert (first.snapshot, first.captures, first.new_articles, first.new_revisions, first.dropped) == (
        1,
        21,
        11,
        11,
        10,
    )
    assert (second.snapshot, second.captures, second.new_articles, second.new_revisions) == (2, 10, 7, 8)
    assert (second.newly_gone, second.dropped, second.torn) == (1, 2, ())


def test_captured_is_revisions_and_dropped(built: Built, corpus: Corpus) -> None:
    captures = built.first.captures + built.second.captures
    assert len(corpus.revisions()) + len(corpus.dropped()) == captures == 31
    assert list(problems(corpus)) == []


def test_pages_that_are_no_article_are_dropped_with_stage_and_reason(corpus: Corpus) -> None:
    assert dropped_reasons(corpus) == {
        "robots.txt": ("crawl", "robots"),
        "": ("crawl", "listing"),
        "sitemap.xml": ("crawl", "feed_or_sitemap"),
        "1.jpg": ("crawl", "not_text"),
        "bai-so-101.html": ("parse", "empty"),
        "bai-so-102.html": ("parse", "gate"),
        "bai-so-103.html": ("parse", "not_text"),
        "bai-so-104.html": ("parse", "too_long"),
        "bai-so-105.html": ("crawl", "gone"),
        "bai-so-106.html": ("crawl", "http_500"),
        "bai-so-3.html": ("clean", "unchanged"),
        "bai-so-4.html": ("crawl", "gone"),
    }


def test_an_article_is_there_with_its_fields(corpus: Corpus) -> None:
    (row,) = corpus.arrow("articles", source_id="1", site=SITE).to_pylist()
    assert row["title"] == "Chuyện thi đua ở tổ sản xuất số 1"
    assert row["lead"] == "Sa pô của bài số 1 kể một việc nhỏ mà bền."
    assert row["text"].split("\n")[:2] == [row["title"], row["lead"]]
    assert row["text"].endswith(FACTS[5])
    assert row["captions"] == ["Thợ trẻ ở xưởng Chuyện thi đua ở tổ sản xuất số 1. Ảnh: Minh Tuệ"]
    assert row["section"] == "Công đoàn"
    assert row["published_at"].isoformat() == "2026-08-31T09:15:00+07:00"
    assert row["first_seen_at"] == row["fetched_at"] == DAY_1
    assert row["capture_file"] == f"archive/{SITE}/20260901T030000-run-00000.warc.gz"
    assert row["layout"] == f"{SITE}/2026"


def test_movements_and_figures_of_an_article_are_there(corpus: Corpus) -> None:
    article_8 = article_id(SITE, "8")
    movements = corpus.arrow("movements", article_id=article_8).to_pylist()
    assert [(row["surface"], row["kind"], row["trigger"]) for row in movements] == [
        ("Chuyền may không lỗi", "phong_trao", "phong trào"),
        ("Mỗi tổ một việc xanh", "cuoc_van_dong", "cuộc vận động"),
    ]
    values = {row["surface"]: row["value"] for row in corpus.arrow("figures", article_id=article_8).to_pylist()}
    assert values["17,3 tỉ đồng"] == 17_300_000_000
    assert values["500.000 đồng"] == 500_000


def test_an_edited_article_has_a_second_revision_with_what_changed(corpus: Corpus) -> None:
    (row,) = corpus.arrow("articles", source_id="2", site=SITE).to_pylist()
    first, second = (
        corpus.sql(
            f"SELECT * FROM revisions WHERE article_id = '{row['article_id']}' ORDER BY revision"  # noqa: S608
        )
        .to_arrow_table()
        .to_pylist()
    )
    assert row["revision"] == 2
    assert row["text"] == second["text"]
    assert second["changed"] == "+ Tin thêm buổi chiều: tổ nhận 12 triệu đồng tiền thưởng nóng."
    assert first["changed"] is None
    assert (row["first_seen_at"], row["fetched_at"]) == (first["fetched_at"], second["fetched_at"])
    assert 12_000_000 in {
        figure["value"] for figure in corpus.arrow("figures", article_id=row["article_id"]).to_pylist()
    }


def test_a_gone_article_stays_and_says_since_when(corpus: Corpus) -> None:
    rows = corpus.arrow("articles").to_pylist()
    assert {row["source_id"]: row["gone_at"] for row in rows if row["gone_at"]} == {
        "4": DAY_2 + dt.timedelta(minutes=2)
    }


def test_a_reprint_names_the_earlier_article(corpus: Corpus) -> None:
    rows = corpus.arrow("articles").to_pylist()
    ((copy, original, similarity),) = [
        (row["site"], row["reprint_of"], row["reprint_similarity"]) for row in rows if row["reprint_of"]
    ]
    assert (copy, original) == ("bao_ban_example", article_id(SITE, "20"))
    assert similarity > 0.8


def test_imports_of_every_kind_are_articles(corpus: Corpus) -> None:
    titles = corpus.sql("SELECT title FROM articles WHERE site <> 'tin_vinhkhe_vn' ORDER BY title").fetchall()
    assert [title for (title,) in titles] == [
        "Bản tin chung của ba tờ báo",
        "Chuyện thi đua ở tổ sản xuất số 31",
        "Chuyện thi đua ở tổ sản xuất số 32",
        "Chuyện thi đua ở tổ sản xuất số 33",
        "Thợ rèn Làng Gôi mở lớp dạy nghề",
        "Tổ thợ nề Cầu Rạng giữ nghề",
    ]


def test_a_second_build_does_nothing(built: Built) -> None:
    report = build(built.corpus, built.sites)
    assert report.nothing_to_do
    assert report.snapshot == 2


def test_the_rows_do_not_depend_on_how_many_builds_made_them(built: Built, tmp_path: Path) -> None:
    copy = tmp_path / "corpus"
    shutil.copytree(built.corpus, copy, ignore=shutil.ignore_patterns("tables", "snapshots"))
    assert build(copy, built.sites, workers=2).snapshot == 1
    assert contents(copy) == contents(built.corpus)


# --------------------------------------------------------------------------- small corpora
def two_articles(corpus: Path, sites: Sites) -> None:
    archive(corpus, DAY_1, [Answered(url_of(1), article_page(1)), Answered(url_of(2), article_page(2))])
    build(corpus, sites, workers=1)


def test_gone_and_back(tmp_path: Path, sites: Sites) -> None:
    two_articles(tmp_path, sites)
    archive(tmp_path, DAY_2, [Answered(url_of(1), status=404)])
    assert build(tmp_path, sites, workers=1).newly_gone == 1
    assert article(tmp_path, 1)["gone_at"] == DAY_2
    archive(tmp_path, DAY_3, [Answered(url_of(1), article_page(1))])
    report = build(tmp_path, sites, workers=1)
    assert (report.new_articles, report.new_revisions, report.newly_gone) == (0, 0, 0)
    assert article(tmp_path, 1)["gone_at"] is None
    assert article(tmp_path, 1)["revision"] == 1
    archive(tmp_path, DAY_3 + dt.timedelta(days=1), [Answered(url_of(1), status=410)])
    build(tmp_path, sites, workers=1)
    assert article(tmp_path, 1)["gone_at"] == DAY_3 + dt.timedelta(days=1)
    assert list(problems(open_corpus(tmp_path))) == []


def test_an_article_that_was_gone_and_is_not_modified_is_back(tmp_path: Path, sites: Sites) -> None:
    two_articles(tmp_path, sites)
    archive(tmp_path, DAY_2, [Answered(url_of(1), status=404)])
    build(tmp_path, sites, workers=1)
    assert article(tmp_path, 1)["gone_at"] == DAY_2
    with ArchiveWriter(tmp_path, SITE, "304") as writer:
        writer.write_not_modified(Exchange(url_of(1), DAY_3))
        writer.write_not_modified(Exchange(url_of(2), DAY_3))
    build(tmp_path, sites, workers=1)
    assert article(tmp_path, 1)["gone_at"] is None
    assert list(problems(open_corpus(tmp_path))) == []


FRONT_PAGE = "https://tin.vinhkhe.vn/"
FRONT = Answered(FRONT_PAGE, b"<h1>Tin</h1>", minute=5)
LED_ELSEWHERE = {
    "the front page": ("/", (FRONT,)),
    "another article": (url_of(2), (Answered(url_of(2), article_page(2), minute=5),)),
    "another address of its own, then the front page": (
        "/cong-doan/ten-moi-1.html",
        (Answered("https://tin.vinhkhe.vn/cong-doan/ten-moi-1.html", status=302, location="/", minute=3), FRONT),
    ),
    "a page that is not there": ("/het", (Answered("https://tin.vinhkhe.vn/het", status=404, minute=5),)),
}


@pytest.mark.parametrize("case", LED_ELSEWHERE)
def test_an_article_that_leads_elsewhere_is_gone_until_it_is_back(tmp_path: Path, sites: Sites, case: str) -> None:
    two_articles(tmp_path, sites)
    location, then = LED_ELSEWHERE[case]
    archive(tmp_path, DAY_2, [Answered(url_of(1), status=301, location=location), *then])
    report = build(tmp_path, sites, workers=1)
    assert (report.new_articles, report.new_revisions, report.newly_gone) == (0, 0, 1)
    assert (article(tmp_path, 1)["gone_at"], article(tmp_path, 2)["gone_at"]) == (DAY_2, None)
    assert len(open_corpus(tmp_path).arrow("revisions")) == 2
    archive(tmp_path, DAY_3, [Answered(url_of(1), article_page(1))])
    build(tmp_path, sites, workers=1)
    assert (article(tmp_path, 1)["gone_at"], article(tmp_path, 1)["revision"]) == (None, 1)
    assert list(problems(open_corpus(tmp_path))) == []


GATE = b'<html><body><script>document.cookie="K3=0f";window.location.reload(true);</script></body></html>'
LED_NOWHERE = {
    "another address of its own": ("/cong-doan/ten-moi-1.html", ()),
    "another host": ("https://vinhkhe.example/", ()),
    "an address that is none": ("http://[x", ()),
    "a page that is refused": ("/", (Answered(FRONT_PAGE, status=503, minute=5),)),
    "a gate": ("/", (Answered(FRONT_PAGE, GATE, minute=5),)),
    "itself without end": (url_of(1), ()),
}


@pytest.mark.parametrize("case", LED_NOWHERE)
def test_an_article_that_leads_to_no_other_page_is_not_gone(tmp_path: Path, sites: Sites, case: str) -> None:
    two_articles(tmp_path, sites)
    location, then = LED_NOWHERE[case]
    archive(tmp_path, DAY_2, [Answered(url_of(1), status=301, location=location), *then])
    assert build(tmp_path, sites, workers=1).newly_gone == 0
    assert article(tmp_path, 1)["gone_at"] is None


def test_older_captures_that_come_in_late_give_the_same_rows_as_in_order(tmp_path: Path, sites: Sites) -> None:
    corpus = tmp_path / "late"
    archive(corpus, DAY_1, [Answered(url_of(1), article_page(1)), Answered(url_of(2), article_page(2))])
    archive(corpus, DAY_3, [Answered(url_of(1), article_page(1)), Answered(url_of(3), article_page(3))])
    build(corpus, sites, workers=1)
    assert article(corpus, 1)["revision"] == 1
    # what another collector saw on the day between
    archive(corpus, DAY_2, [Answered(url_of(1), article_page(1, "Một câu chỉ đứng đó một ngày."))])
    build(corpus, sites, workers=1)
    assert article(corpus, 1)["revision"] == 3
    rebuilt = tmp_path / "at once"
    shutil.copytree(corpus / "archive", rebuilt / "archive")
    build(rebuilt, sites, workers=1)
    assert contents(rebuilt) == contents(corpus)
    assert list(problems(open_corpus(corpus))) == []


def test_an_article_whose_month_changed_moves_with_all_its_rows(tmp_path: Path, sites: Sites) -> None:
    two_articles(tmp_path, sites)
    text = ["Đoàn viên nhận 45 suất quà.", *FACTS[:3]]
    archive(tmp_path, DAY_2, [Answered(url_of(1), page("Tựa mới", text, published="2026-09-02T08:00:00+07:00"))])
    build(tmp_path, sites, workers=1)
    opened = open_corpus(tmp_path)
    assert sorted(opened.snapshot.partitions("sentences")) == [Partition(SITE, "2026-08"), Partition(SITE, "2026-09")]
    assert opened.snapshot.read("articles", [Partition(SITE, "2026-09")])["title"].to_pylist() == ["Tựa mới"]
    assert opened.snapshot.read("articles", [Partition(SITE, "2026-08")]).num_rows == 1
    assert opened.snapshot.read("revisions", [Partition(SITE, "2026-09")]).num_rows == 2
    assert list(problems(opened)) == []


def test_only_the_partitions_of_changed_articles_are_written_anew(tmp_path: Path, sites: Sites) -> None:
    two_articles(tmp_path, sites)
    archive(
        tmp_path,
        DAY_2,
        [Answered(url_of(5), page("Bài tháng chín", FACTS[3:6], published="2026-09-02T08:00:00+07:00"))],
    )
    build(tmp_path, sites, workers=1)
    files = open_corpus(tmp_path).snapshot.partitions("sentences")
    assert {partition.month: path.name for partition, (path,) in files.items()} == {
        "2026-08": "part.000001.parquet",
        "2026-09": "part.000002.parquet",
    }


def test_an_article_that_annotation_cannot_read_is_one_row_of_dropped(
    tmp_path: Path, sites: Sites, monkeypatch: pytest.MonkeyPatch
) -> None:
    # workers are forked, so they meet the article with this very function
    monkeypatch.setattr("pipeline.making.read_articles", dies_on_the_second)
    two_articles(tmp_path, sites)
    opened = open_corpus(tmp_path)
    assert opened.articles()["source_id"].tolist() == ["1"]
    (row,) = opened.arrow("dropped").to_pylist()
    assert (row["stage"], row["reason"], row["detail"]) == ("annotate", "error", "the worker died (exit code 9)")
    assert list(problems(opened)) == []


def dies_on_the_second(articles: list[Any], stored: Any) -> Any:
    from pipeline.document import read_articles

    if any(article.title.endswith("số 2") for article in articles):
        os._exit(9)
    return read_articles(articles, stored)


def test_a_page_that_kills_the_parser_is_one_row_of_dropped(
    tmp_path: Path, sites: Sites, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipeline.captures.parse_html", dies_on_a_mark)
    archive(tmp_path, DAY_1, [Answered(url_of(1), article_page(1)), Answered(url_of(2), b"<html>GAY-LOI</html>")])
    build(tmp_path, sites, workers=2)
    (row,) = open_corpus(tmp_path).arrow("dropped").to_pylist()
    assert (row["url"], row["stage"], row["reason"]) == (url_of(2), "parse", "error")
    assert row["detail"] == "the worker died (exit code 9)"


def dies_on_a_mark(body: bytes, *arguments: Any, **keywords: Any) -> Any:
    from pipeline.parse import parse_html

    if b"GAY-LOI" in body:
        os._exit(9)
    return parse_html(body, *arguments, **keywords)


NASTY_URLS = (
    "http://[dau-ngoac/bai.html",
    "https://" + "a" * 400 + ".example/bai.html",
    "https://báo-ảnh.example/bai.html",
    "https://../../../etc/passwd",
    "https://ten:matkhau@../x.html",
    "urn:sha256:khong-co",
    "file:///tmp/trang.html",
)


def test_no_address_breaks_out_of_the_folder_or_stops_the_build(tmp_path: Path, sites: Sites) -> None:
    with ArchiveWriter(tmp_path, "imported", "x") as writer:
        for number, url in enumerate(NASTY_URLS):
            writer.write_resource(url, HTML, article_page(200 + number), DAY_1)
    build(tmp_path, sites, workers=1)
    opened = open_corpus(tmp_path)
    assert len(opened.revisions()) + len(opened.dropped()) == len(NASTY_URLS)
    assert list(problems(opened)) == []
    assert {path.name for path in tmp_path.iterdir()} == {
        "archive",
        "build.lock",
        "cache",
        "profiles",
        "snapshots",
        "tables",
    }


def test_addresses_name_site_and_article(sites: Sites) -> None:
    assert address(url_of(7), sites)[:2] == (SITE, "7")
    assert address("https://tin.vinhkhe.vn/cong-doan/", sites)[:2] == (SITE, None)
    assert address("https://www.bao-ban.example:8080/a?id=3", sites)[:2] == ("bao_ban_example_8080", "/a?id=3")
    assert address("http://[x", sites) == ("imported", None, None)
    assert address("http://007/a", sites)[0].startswith("007_")
    assert address("http://../a", sites)[0].startswith("_")
    one, other = (address(f"https://{host}.example/", sites)[0] for host in ("báo", "bão"))
    assert one != other


def test_a_torn_archive_file_gives_its_whole_records_and_a_warning(tmp_path: Path, sites: Sites) -> None:
    archive(tmp_path, DAY_1, [Answered(url_of(id_), article_page(id_)) for id_ in (1, 2, 3)])
    (file,) = archive_files(tmp_path)
    os.truncate(tmp_path / file, (tmp_path / file).stat().st_size - 100)
    report = build(tmp_path, sites, workers=1)
    assert report.new_articles == 2
    (line,) = report.torn
    assert "is not whole" in line
    assert "\n" not in line
    assert build(tmp_path, sites, workers=1).nothing_to_do


def test_a_build_during_a_crawl_reads_the_rest_the_next_time(tmp_path: Path, sites: Sites) -> None:
    headers = [("Content-Type", HTML)]
    with ArchiveWriter(tmp_path, SITE, "run") as writer:
        writer.write_response(Exchange(url_of(1), DAY_1, reason="", headers=headers), article_page(1))
        assert build(tmp_path, sites, workers=1).new_articles == 1
        writer.write_response(Exchange(url_of(2), DAY_2, reason="", headers=headers), article_page(2))
        writer.write_not_modified(Exchange(url_of(1), DAY_2))
    report = build(tmp_path, sites, workers=1)
    assert (report.captures, report.new_articles) == (1, 1)
    assert list(problems(open_corpus(tmp_path))) == []


def test_another_profile_builds_all_anew(tmp_path: Path, sites: Sites) -> None:
    two_articles(tmp_path, sites)
    assert open_corpus(tmp_path).articles()["site"].unique().tolist() == [SITE]
    report = build(tmp_path, Sites(), workers=1)
    assert (report.snapshot, report.captures) == (2, 2)
    assert open_corpus(tmp_path).articles()["layout"].unique().tolist() != [f"{SITE}/2026"]


def test_nothing_archived_is_refused(tmp_path: Path, sites: Sites) -> None:
    with pytest.raises(NothingArchived, match="no archive here; `congdoan crawl` or `congdoan import`"):
        build(tmp_path / "leer", sites)
    assert not (tmp_path / "leer").exists()


def test_two_builds_do_not_meet_on_one_corpus(tmp_path: Path, sites: Sites) -> None:
    archive(tmp_path, DAY_1, [Answered(url_of(1), article_page(1))])
    with (
        exclusive(tmp_path / "build.lock", "x"),
        pytest.raises(CorpusBusy, match=rf"is being built by process {os.getpid()} on .* since .*; wait for it to end"),
    ):
        build(tmp_path, sites)


# --------------------------------------------------------------------------- kills
BUILD = """
import sys
from pathlib import Path
from crawler.sites import Sites
from pipeline.build import build
if __name__ == "__main__":
    corpus = Path(sys.argv[1])
    print("building", flush=True)
    build(corpus, Sites((corpus / "sites",)), workers=2, tell=lambda line: print(line, flush=True))
"""


def test_a_killed_build_leaves_the_old_tables_and_the_next_finishes_the_work(built: Built, tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    shutil.copytree(built.corpus, corpus, ignore=shutil.ignore_patterns("tables", "snapshots", "imported", "20260902*"))
    build(corpus, built.sites, workers=2)
    before = contents(corpus)
    shutil.copytree(built.corpus / "archive", corpus / "archive", dirs_exist_ok=True)
    script = tmp_path / "build_once.py"
    script.write_text(BUILD)
    killed = 0
    for delay in (0.0, 0.1, 0.4, 1.0, 1.8):
        with subprocess.Popen([sys.executable, script, corpus], stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            process.stdout.readline()
            try:
                process.wait(timeout=delay)
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGKILL)
        if process.returncode != -signal.SIGKILL:
            break
        killed += 1
        if open_corpus(corpus).snapshot.number == 1:
            assert contents(corpus) == before
    assert killed >= 2
    build(corpus, built.sites, workers=2)  # at once: no worker of the killed ones holds the lock
    assert contents(corpus) == contents(built.corpus)
    assert list(problems(open_corpus(corpus))) == []


# --------------------------------------------------------------------------- imports
def test_importing_the_same_again_makes_no_second_article(tmp_path: Path, sites: Sites) -> None:
    files = write_imports(tmp_path / "collected")
    first = import_files(tmp_path / "corpus", files, DAY_1)
    assert (first.archived, first.refused) == (5, ())
    assert build(tmp_path / "corpus", sites, workers=1).new_articles == 5
    import_files(tmp_path / "corpus", [tmp_path / "collected"], DAY_2)
    report = build(tmp_path / "corpus", sites, workers=1)
    assert (report.new_articles, report.new_revisions) == (0, 0)
    assert list(problems(open_corpus(tmp_path / "corpus"))) == []
