"""What somebody else collected is taken whole, and what cannot be taken is named."""

from __future__ import annotations

import datetime as dt
import gzip
import json
import os
from pathlib import Path

import pytest
from vinhkhe import DAY_1, DAY_2, Answered, archive, article_page, url_of, write_imports, write_profile

from crawler.archive import archive_files, read_captures, verify
from crawler.lock import CorpusBusy, exclusive
from crawler.sites import Sites
from pipeline.build import build
from pipeline.imports import import_files
from pipeline.inputs import Input, NotImported, read_inputs
from pipeline.query import open_corpus


def urls(corpus: Path) -> list[str]:
    return [capture.url for file in archive_files(corpus) for capture in read_captures(corpus, file)]


@pytest.fixture
def warc(tmp_path: Path) -> Path:
    """A WARC file of three pages as another crawler would hand it over."""
    archive(tmp_path / "other", DAY_1, [Answered(url_of(id_), article_page(id_)) for id_ in (1, 2, 3)])
    (written,) = (tmp_path / "other").rglob("*.warc.gz")
    return written


THREE = [url_of(1), url_of(2), url_of(3)]


def test_a_compressed_warc_is_copied_as_it_is(warc: Path, tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    report = import_files(corpus, [warc, warc], DAY_2)
    assert (report.archived, report.there_already) == (3, 3)
    (file,) = archive_files(corpus)  # the same file twice is one file
    assert (corpus / file).read_bytes() == warc.read_bytes()


def test_warcs_without_a_member_a_record_are_packed_anew(warc: Path, tmp_path: Path) -> None:
    plain = tmp_path / "plain.warc"
    plain.write_bytes(gzip.decompress(warc.read_bytes()))
    whole = tmp_path / "whole.warc.gz"
    whole.write_bytes(gzip.compress(plain.read_bytes()))
    for name, file in (("a", plain), ("b", whole)):
        report = import_files(tmp_path / name, [file], DAY_2)
        assert (report.archived, report.refused) == (3, ())
        assert urls(tmp_path / name) == THREE
        assert verify(tmp_path / name) == []


def test_of_a_broken_warc_the_whole_records_are_taken(warc: Path, tmp_path: Path) -> None:
    os.truncate(warc, warc.stat().st_size - 20)
    report = import_files(tmp_path / "corpus", [warc], DAY_2)
    (line,) = report.refused
    assert "breaks off at byte" in line
    assert line.endswith("(not whole); of the whole records 2 pages are taken")
    assert (report.archived, report.unusable) == (2, 1)
    assert urls(tmp_path / "corpus") == THREE[:2]
    assert verify(tmp_path / "corpus") == []


MIXED = [
    Answered("https://tin.vinhkhe.vn/cong-doan/bai-so-1.html", article_page(1)),
    Answered("https://khac.example/bai-2.html", article_page(2)),
    Answered("https://tin.vinhkhe.vn/anh.jpg", b"\xff\xd8\xff", content_type="image/jpeg"),
    Answered("https://TIN.vinhkhe.vn/cong-doan/bai-so-3.html", article_page(3)),
    Answered("http://[x", article_page(4)),
    Answered("https://khac.example/anh.png", b"\x89PNG", content_type="image/png"),
]


@pytest.mark.parametrize("packing", ["a member a record", "plain", "one member"])
@pytest.mark.parametrize(
    ("only_known", "kept"), [(True, (0, 3)), (False, (0, 1, 3, 4))], ids=["known sites", "all hosts"]
)
def test_of_other_peoples_warcs_text_of_known_sites_is_kept_and_the_rest_counted(
    tmp_path: Path, packing: str, only_known: bool, kept: tuple[int, ...]
) -> None:
    archive(tmp_path / "other", DAY_1, MIXED)
    (file,) = (tmp_path / "other").rglob("*.warc.gz")
    if packing != "a member a record":
        plain = gzip.decompress(file.read_bytes())
        file = tmp_path / ("x.warc" if packing == "plain" else "x.warc.gz")
        file.write_bytes(plain if packing == "plain" else gzip.compress(plain))
    sites = Sites((write_profile(tmp_path / "sites"),))
    report = import_files(tmp_path / "corpus", [file], DAY_2, sites if only_known else None)
    left_out = (3, 1) if only_known else (0, 2)
    assert (report.archived, report.other_hosts, report.not_text) == (len(kept), *left_out)
    assert report.refused == ()
    assert urls(tmp_path / "corpus") == [MIXED[number].url for number in kept]
    assert verify(tmp_path / "corpus") == []


def test_a_warc_without_a_known_site_leaves_nothing_in_the_archive(warc: Path, tmp_path: Path) -> None:
    report = import_files(tmp_path / "corpus", [warc], DAY_2, Sites())
    assert (report.archived, report.other_hosts, report.refused) == (0, 3, ())
    assert archive_files(tmp_path / "corpus") == []


@pytest.mark.parametrize("content", [b"", b"no warc", gzip.compress(b"no warc", mtime=0), bytes(range(256)) * 20])
@pytest.mark.parametrize("name", ["x.warc", "x.warc.gz"])
def test_what_is_no_warc_is_refused_and_not_archived(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    report = import_files(tmp_path / "corpus", [tmp_path / name], DAY_2)
    assert report.archived == 0
    (line,) = report.refused
    assert name in line
    assert archive_files(tmp_path / "corpus") == []


def test_of_a_folder_only_pages_texts_rows_and_warcs_are_taken(tmp_path: Path) -> None:
    write_imports(tmp_path / "collected")
    (tmp_path / "collected" / "anh.jpg").write_bytes(b"\xff\xd8\xff")
    (tmp_path / "collected" / "luu_files").mkdir()
    (tmp_path / "collected" / "luu_files" / "quangcao.js").write_text("alert(1)")
    report = import_files(tmp_path / "corpus", [tmp_path / "collected"], DAY_2)
    assert (report.archived, report.refused) == (5, ())


def test_documents_imported_twice_are_archived_once_and_a_killed_import_is_mended(tmp_path: Path) -> None:
    corpus, files = tmp_path / "corpus", write_imports(tmp_path / "collected")[:3]
    assert import_files(corpus, files, DAY_1).archived == 4
    (file,) = archive_files(corpus)
    os.truncate(corpus / file, (corpus / file).stat().st_size - 7)  # as a kill leaves it
    (corpus / "archive" / "imported" / "123.unfinished").write_bytes(b"half a copy")
    again = import_files(corpus, files, DAY_2)
    assert (again.archived, again.there_already) == (1, 3)
    assert verify(corpus) == []
    assert not list(corpus.rglob("*.unfinished"))
    third = import_files(corpus, files, DAY_2 + dt.timedelta(hours=1))
    assert (third.archived, third.there_already) == (0, 4)
    assert len(urls(corpus)) == len(set(urls(corpus))) == 4


def test_two_imports_at_once_are_refused(tmp_path: Path) -> None:
    with exclusive(tmp_path / "import.lock", "busy"), pytest.raises(CorpusBusy, match="is being imported into by"):
        import_files(tmp_path, [], DAY_1)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    report = import_files(tmp_path / "corpus", [tmp_path / "a.html", tmp_path / "b.warc.gz"], DAY_2)
    assert [line.split(": ")[1] for line in report.refused] == [
        "No such file or directory; give a page, a text or a .jsonl file",
        "no such file",
    ]


TEXT = "Tổ thợ nề giữ nghề"
ROWS = [
    (b"[1]", "expected an object with `id`"),
    (b'{"id": 1}', "either `text` or `html`"),
    (b'{"text": "a"}', "expected an object with `id`"),
    (b'{"id": 1, "text": 5}', "either `text` or `html`"),
    (b'{"id": 1, "html": null}', "either `text` or `html`"),
    (b'{"id": 1, "text": "a", "url": 5}', "`url` is 5, expected a text"),
    (b"{", "no JSON object in UTF-8"),
    (b'{"id": 1, "text": "\xe1"}', "no JSON object in UTF-8"),
    (b"[" * 100_000, "no JSON object in UTF-8"),
]


@pytest.mark.parametrize(("row", "said"), ROWS)
def test_a_wrong_row_is_refused_with_its_line_and_the_others_are_read(tmp_path: Path, row: bytes, said: str) -> None:
    file = tmp_path / "rows.jsonl"
    good = json.dumps({"id": "a", "text": TEXT}).encode()
    file.write_bytes(good + b"\n\n" + row + b"\n" + good + b"\n")
    first, refusal, last = read_inputs(file)
    assert [document.content for document in (first, last) if isinstance(document, Input)] == [TEXT.encode()] * 2
    assert isinstance(refusal, NotImported)
    assert str(refusal).startswith(f"{file}:3: ")
    assert said in str(refusal)
    assert "\n" not in str(refusal)
    report = import_files(tmp_path / "corpus", [file], DAY_2)
    # the good row stands there twice
    assert (report.archived, report.there_already, report.refused) == (1, 1, (str(refusal),))


def test_rows_give_text_or_page_with_id_and_address(tmp_path: Path) -> None:
    file = tmp_path / "rows.jsonl"
    rows = [
        {"id": 7, "text": TEXT, "html": None},
        {"id": "b", "html": "<h1>x</h1>", "url": "https://a.example/b"},
        {"id": "\ud800", "text": "a\ud800"},
    ]
    file.write_bytes(b"\xef\xbb\xbf" + "\n".join(json.dumps(row) for row in rows).encode())
    documents = [document for document in read_inputs(file) if isinstance(document, Input)]
    given = [(document.id, document.kind, document.content, document.url) for document in documents]
    assert given == [
        ("7", "text", TEXT.encode(), None),
        ("b", "html", b"<h1>x</h1>", "https://a.example/b"),
        ("?", "text", b"a?", None),
    ]


def test_a_file_is_a_page_or_a_text_by_name_or_first_tag(tmp_path: Path) -> None:
    for name, content, kind in [
        ("a.htm", TEXT, "html"),
        ("a.txt", "<!doctype html>", "text"),
        ("a", "\n<!DOCTYPE html><p>", "html"),
        ("b", TEXT, "text"),
    ]:
        (tmp_path / name).write_text(content, encoding="utf-8")
        (document,) = read_inputs(tmp_path / name)
        assert isinstance(document, Input)
        assert document.kind == kind, name


def test_a_warc_is_no_document(tmp_path: Path) -> None:
    with pytest.raises(NotImported, match="a web archive; take it into a corpus with `congdoan import`"):
        next(read_inputs(tmp_path / "a.warc.gz"))


def test_a_page_without_url_goes_by_the_address_that_it_gives_as_its_own(tmp_path: Path) -> None:
    page = Path(__file__).parent / "pages" / "laodong_vn" / "thi-dua-1812345.html"
    import_files(tmp_path / "corpus", [page], DAY_2)
    (url,) = urls(tmp_path / "corpus")
    assert url == "https://laodong.vn/cong-doan/vinh-khe-trao-1250-suat-qua-trong-thang-cong-nhan-1812345.ldo"
    build(tmp_path / "corpus", Sites())
    (row,) = open_corpus(tmp_path / "corpus").articles()[["site", "source_id"]].itertuples(index=False, name=None)
    assert row == ("laodong_vn", "1812345")


@pytest.mark.parametrize("source", ["http://[x", "http://a/\n", "tờ tin công đoàn xã Lam Sa"])
def test_what_is_no_address_is_the_source_of_a_row_and_no_reason_to_refuse_it(tmp_path: Path, source: str) -> None:
    (tmp_path / "rows.jsonl").write_text(json.dumps({"id": 1, "text": "a", "url": source}), encoding="utf-8")
    (row,) = read_inputs(tmp_path / "rows.jsonl")
    assert not isinstance(row, NotImported)
    assert (row.url, row.address) == (source, None)
