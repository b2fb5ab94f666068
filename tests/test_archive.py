"""The archive gives back what was received, byte for byte, and says where a killed run left off."""

from __future__ import annotations

import datetime as dt
import gzip
import io
import os
import resource
import subprocess
import sys
import zlib
from pathlib import Path
from random import Random

import pytest
from crawling import crawl_one
from fastwarc import warc as fastwarc
from hypothesis import given
from hypothesis import strategies as st
from newsserver import Answer, news_server
from warcio.archiveiterator import ArchiveIterator as WarcioIterator
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from crawler.archive import (
    ArchiveUnwritable,
    ArchiveWriter,
    Capture,
    Exchange,
    RunLog,
    TornRecord,
    archive_files,
    mend,
    payload_digest,
    read,
    read_captures,
    read_runs,
    read_warc,
    verify,
    write_run,
)
from crawler.archive.records import record
from crawler.notes import Code, Note
from crawler.payload import unchunked
from crawler.storage import site_of_host

NOON = dt.datetime(2026, 9, 22, 5, 0, 0, 250_000, tzinfo=dt.UTC)
HTML = [("Content-Type", "text/html; charset=utf-8")]
PAGE = "<h1>Công đoàn xã Vĩnh Khê</h1>".encode()


def write_pages(corpus: Path, count: int, run_id: str = "r1") -> Path:
    with ArchiveWriter(corpus, "vinhkhe", run_id) as writer:
        for number in range(count):
            writer.write_response(
                Exchange(f"http://vinhkhe.vn/bai-{number}.ldo", NOON, headers=HTML), PAGE * (number + 1)
            )
    return corpus / archive_files(corpus)[-1]


def all_captures(corpus: Path) -> list[Capture]:
    return [capture for file in archive_files(corpus) for capture in read_captures(corpus, file)]


def whole_then_torn(corpus: Path) -> tuple[list[Capture], TornRecord | None]:
    read: list[Capture] = []
    try:
        for file in archive_files(corpus):
            for capture in read_captures(corpus, file):
                read.append(capture)
    except TornRecord as torn:
        return read, torn
    return read, None


def test_a_response_is_read_back_with_its_encodings_undone(tmp_path: Path) -> None:
    headers = [*HTML, ("Content-Encoding", "gzip"), ("Transfer-Encoding", "chunked"), ("ETag", '"a1"')]
    with ArchiveWriter(tmp_path, "vinhkhe", "r1") as writer:
        written = writer.write_response(
            Exchange("http://vinhkhe.vn/bai-1.ldo", NOON, headers=headers), gzip.compress(PAGE, mtime=0)
        )
    (capture,) = all_captures(tmp_path)
    assert capture == Capture(
        url="http://vinhkhe.vn/bai-1.ldo",
        site="vinhkhe",
        fetched_at=NOON,
        status=200,
        content_type="text/html; charset=utf-8",
        headers=(*HTML, ("Content-Encoding", "gzip"), ("ETag", '"a1"')),
        body=PAGE,
        kind="response",
        file="archive/vinhkhe/r1-00000.warc.gz",
        offset=capture.offset,
        record_id=written.record_id,
        payload=payload_digest(gzip.compress(PAGE, mtime=0)),
    )


@pytest.mark.parametrize(
    ("encoding", "stored"),
    [
        ("deflate", zlib.compress(PAGE)),
        ("deflate", zlib.compress(PAGE)[2:-4]),
        ("identity", PAGE),
        ("gzip", PAGE),
        ("x-unheard-of", PAGE),
    ],
    ids=["zlib", "raw deflate", "identity", "claims gzip and is not", "unknown"],
)
def test_a_body_is_given_as_plainly_as_it_can_be(tmp_path: Path, encoding: str, stored: bytes) -> None:
    with ArchiveWriter(tmp_path, "vinhkhe", "r1") as writer:
        writer.write_response(Exchange("http://vinhkhe.vn/1", NOON, headers=[("Content-Encoding", encoding)]), stored)
        writer.write_response(Exchange("http://vinhkhe.vn/2", NOON, headers=HTML), b"after it")
    assert [capture.body for capture in all_captures(tmp_path)] == [PAGE, b"after it"]


def test_an_unchanged_page_is_a_revisit_and_an_import_a_resource(tmp_path: Path) -> None:
    with ArchiveWriter(tmp_path, "vinhkhe", "r1") as writer:
        writer.write_not_modified(Exchange("http://vinhkhe.vn/bai-1.ldo", NOON, headers=[("ETag", '"a1"')]), NOON)
        writer.write_resource("http://vinhkhe.vn/bai-2.ldo", "text/plain; charset=utf-8", PAGE, NOON)
    revisit, imported = all_captures(tmp_path)
    assert (revisit.kind, revisit.status, revisit.body) == ("revisit", 304, b"")
    assert (imported.kind, imported.status, imported.body) == ("resource", 200, PAGE)
    assert imported.content_type == "text/plain; charset=utf-8"


def test_the_request_is_archived_without_the_operators_cookie(tmp_path: Path) -> None:
    sent = [("User-Agent", "congdoan"), ("Cookie", "D1N=secret")]
    with ArchiveWriter(tmp_path, "vinhkhe", "r1") as writer:
        writer.write_response(Exchange("http://vinhkhe.vn/1", NOON, headers=HTML, asked_with=sent), PAGE)
    stored = gzip.decompress((tmp_path / archive_files(tmp_path)[0]).read_bytes())
    assert b"User-Agent: congdoan" in stored
    assert b"secret" not in stored
    assert len(all_captures(tmp_path)) == 1


def test_reading_goes_on_after_an_offset(tmp_path: Path) -> None:
    write_pages(tmp_path, 5)
    captures = all_captures(tmp_path)
    for number, capture in enumerate(captures):
        rest = list(read_captures(tmp_path, capture.file, after_offset=capture.offset))
        assert rest == captures[number + 1 :]


def test_both_libraries_read_the_same_records(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_pages(tmp_path, 3)
    with ArchiveWriter(tmp_path, "vinhkhe", "r2") as writer:
        writer.write_not_modified(Exchange("http://vinhkhe.vn/bai-1.ldo", NOON, headers=HTML))
        writer.write_resource("http://vinhkhe.vn/bai-2.ldo", "text/html", PAGE, NOON)
    by_fastwarc = all_captures(tmp_path)
    monkeypatch.setattr(read, "fastwarc", None)
    assert all_captures(tmp_path) == by_fastwarc
    assert len(by_fastwarc) == 5


@pytest.mark.slow
def test_a_crawled_archive_passes_the_check_of_warcio_and_two_readers_agree_on_every_record(tmp_path: Path) -> None:
    with news_server() as paper:
        paper.publish(*range(1, 6))
        paper.answers["/cong-doan/bai-3.ldo"] = Answer(status=301, headers={"Location": "/cong-doan"})
        for _ in range(2):
            crawl_one(tmp_path, paper.site(), recheck_after=dt.timedelta(0))
    files = [tmp_path / file for file in archive_files(tmp_path)]
    done = subprocess.run([sys.executable, "-m", "warcio.cli", "check", *map(str, files)], capture_output=True)
    assert (done.returncode, done.stdout) == (0, b"")
    kinds: set[str] = set()
    for file in files:
        with file.open("rb") as one, file.open("rb") as other:
            by_warcio = WarcioIterator(one)
            ours = [
                (
                    record.rec_type,
                    record.rec_headers.protocol,
                    record.rec_headers.get_header("WARC-Record-ID"),
                    record.rec_headers.get_header("WARC-Target-URI"),
                    record.raw_stream.read(),
                    by_warcio.get_record_offset(),  # last: it reads the record to its end
                )
                for record in by_warcio
            ]
            theirs = [
                (
                    str(record.record_type),
                    record.headers.status_line,
                    record.record_id,
                    record.headers.get("WARC-Target-URI"),
                    record.reader.read(),
                    record.stream_pos,
                )
                for record in fastwarc.ArchiveIterator(other, parse_http=True)
            ]
        assert ours == theirs
        assert {row[1] for row in ours} == {"WARC/1.1"}
        assert [row[0] for row in ours[:2]] == ["warcinfo", "metadata"]
        kinds |= {row[0] for row in ours}
    assert kinds == {"warcinfo", "metadata", "request", "response", "revisit"}


def test_a_file_is_closed_at_its_size_and_the_next_one_begun(tmp_path: Path) -> None:
    with ArchiveWriter(tmp_path, "vinhkhe", "r1", rotate_bytes=1000) as writer:
        for number in range(6):
            writer.write_response(Exchange(f"http://vinhkhe.vn/{number}", NOON, headers=HTML), PAGE)
    assert [file.name for file in archive_files(tmp_path)] == [
        "r1-00000.warc.gz",
        "r1-00001.warc.gz",
        "r1-00002.warc.gz",
    ]
    assert [capture.url[-1] for capture in all_captures(tmp_path)] == list("012345")


def member_ends(packed: bytes) -> list[int]:
    """Where each gzip member of a file ends."""
    ends, rest = [], packed
    while rest:
        member = zlib.decompressobj(31)
        member.decompress(rest)
        rest = member.unused_data
        ends.append(len(packed) - len(rest))
    return ends


def test_every_cut_of_a_file_keeps_the_records_before_it_and_is_found(tmp_path: Path) -> None:
    path = write_pages(tmp_path, 3)
    whole, captures = path.read_bytes(), all_captures(tmp_path)
    ends = [capture.offset for capture in captures] + [len(whole)]
    record_ends = member_ends(whole)  # those of the file's own first records too
    for length in sorted({*range(1, len(whole), 7), *record_ends}):
        path.write_bytes(whole[:length])
        read, torn = whole_then_torn(tmp_path)
        complete = sum(end <= length for end in ends[1:])
        assert read == captures[:complete], f"cut at {length}"
        assert (torn is None) == (length in record_ends), f"cut at {length}"


def test_a_torn_record_is_named_and_mended(tmp_path: Path) -> None:
    path = write_pages(tmp_path, 3)
    last = all_captures(tmp_path)[-1]
    os.truncate(path, path.stat().st_size - 9)
    read, torn = whole_then_torn(tmp_path)
    assert len(read) == 2
    assert torn is not None
    assert (torn.file, torn.offset, torn.size) == ("archive/vinhkhe/r1-00000.warc.gz", last.offset, path.stat().st_size)
    assert any("is not whole" in line for line in verify(tmp_path))
    line = mend(tmp_path, archive_files(tmp_path)[0])
    assert line is not None
    assert path.stat().st_size == last.offset
    assert verify(tmp_path) == []
    assert mend(tmp_path, archive_files(tmp_path)[0]) is None


def test_damage_in_the_middle_costs_one_record_and_none_after_it(tmp_path: Path) -> None:
    path = write_pages(tmp_path, 4)
    captures = all_captures(tmp_path)
    damaged = bytearray(path.read_bytes())
    damaged[captures[2].offset + 60] ^= 0xFF
    path.write_bytes(damaged)
    read, torn = whole_then_torn(tmp_path)
    assert read == [*captures[:2], captures[3]]
    assert torn is not None
    assert (torn.offset, torn.resumes_at) == (captures[2].offset, captures[3].offset)
    line = mend(tmp_path, archive_files(tmp_path)[0])
    assert line is not None
    assert "is damaged" in line
    assert path.read_bytes() == damaged


def test_each_damaged_place_is_named_and_what_is_whole_around_it_is_held_against_its_digest(tmp_path: Path) -> None:
    path = write_pages(tmp_path, 6)
    captures = all_captures(tmp_path)
    damaged = bytearray(path.read_bytes())
    damaged[captures[1].offset + 60] ^= 0xFF
    damaged[captures[4].offset - 6] ^= 0xFF  # the checksum of the fourth: its content can be read
    path.write_bytes(damaged)
    name = archive_files(tmp_path)[0]
    lines = verify(tmp_path)
    assert [line.split(" is damaged")[0] for line in lines] == [
        f"{name}: the record at {captures[1].offset}",
        f"{name}: the record at {captures[3].offset}",
    ]
    wrong = path.read_bytes() + record(
        "resource",
        "<urn:x>",
        "2026-09-22T05:00:00Z",
        "text/html",
        b"a",
        url="http://v.vn/",
        payload=payload_digest(b"b"),
    )
    path.write_bytes(wrong)
    assert verify(tmp_path)[2:] == [f"{name}: the record at {len(damaged)} does not match its digest"]


def test_a_record_that_one_library_does_not_understand_is_read_by_the_other(tmp_path: Path) -> None:
    path = write_pages(tmp_path, 3)
    captures = all_captures(tmp_path)
    whole = path.read_bytes()
    middle = gzip.decompress(whole[captures[1].offset : captures[2].offset])
    small = gzip.compress(middle.replace(b"Content-Length:", b"content-length:", 1))  # fastwarc 2.0 finds no length
    path.write_bytes(whole[: captures[1].offset] + small + whole[captures[2].offset :])
    assert [(one.url, one.body) for one in all_captures(tmp_path)] == [(one.url, one.body) for one in captures]
    assert verify(tmp_path) == []


def test_a_torn_import_is_mended_by_the_next_import(tmp_path: Path) -> None:
    with ArchiveWriter(tmp_path, "imported", "20260922T050000-1") as writer:
        writer.write_resource("http://vinhkhe.vn/1", "text/html", PAGE, NOON)
    (file,) = archive_files(tmp_path)
    os.truncate(tmp_path / file, (tmp_path / file).stat().st_size - 5)
    (line,) = verify(tmp_path)
    assert line.endswith("import the same files again, which cuts this one off")


def test_a_file_of_others_put_into_the_archive_by_hand_is_named(tmp_path: Path) -> None:
    path = write_pages(tmp_path, 2)
    path.write_bytes(gzip.compress(gzip.decompress(path.read_bytes())))
    (line,) = verify(tmp_path)
    assert line.endswith("not a gzip member a record; take it away and bring it in with `congdoan import`")


def test_a_disk_that_takes_no_more_is_one_line_and_loses_nothing(tmp_path: Path) -> None:
    path = write_pages(tmp_path, 2)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    with ArchiveWriter(tmp_path, "vinhkhe", "r2") as writer:
        writer.write_response(Exchange("http://vinhkhe.vn/whole.ldo", NOON, headers=HTML), PAGE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (path.stat().st_size + 1000, limits[1]))
        try:
            with pytest.raises(ArchiveUnwritable, match=r"^cannot write .*r2-00000\.warc\.gz") as refusal:
                writer.write_response(
                    Exchange("http://vinhkhe.vn/cut.ldo", NOON, headers=HTML), Random(1).randbytes(50_000)
                )
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert "\n" not in str(refusal.value)
    assert [capture.url[-9:] for capture in all_captures(tmp_path)][2:] == ["whole.ldo"]
    assert verify(tmp_path) == []


def test_a_record_that_does_not_match_its_digest_is_found(tmp_path: Path) -> None:
    folder = tmp_path / "archive" / "vinhkhe"
    folder.mkdir(parents=True)
    out = io.BytesIO()
    writer = WARCWriter(out, gzip=True, warc_version="1.1")
    http = StatusAndHeaders("200 OK", HTML, protocol="HTTP/1.1")
    wrong = {"WARC-Payload-Digest": "sha1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}
    writer.write_record(
        writer.create_warc_record("http://vinhkhe.vn/1", "response", io.BytesIO(PAGE), len(PAGE), "", wrong, None, http)
    )
    (folder / "r1-00000.warc.gz").write_bytes(out.getvalue())
    (problem,) = verify(tmp_path)
    assert problem == "archive/vinhkhe/r1-00000.warc.gz: the record at 0 does not match its digest"


def test_another_crawlers_uncompressed_file_is_read(tmp_path: Path) -> None:
    out = io.BytesIO()
    writer = WARCWriter(out, gzip=False, warc_version="1.0")
    headers = [*HTML, ("Transfer-Encoding", "chunked")]
    body = b"%x\r\n" % len(PAGE) + PAGE + b"\r\n0\r\n\r\n"
    http = StatusAndHeaders("200 OK", headers, protocol="HTTP/1.1")
    writer.write_record(
        writer.create_warc_record("http://vinhkhe.vn/1", "response", io.BytesIO(body), len(body), http_headers=http)
    )
    path = tmp_path / "other.warc"
    path.write_bytes(out.getvalue())
    (capture,) = read_warc(path, "vinhkhe")
    assert (capture.body, capture.site, capture.file) == (PAGE, "vinhkhe", "other.warc")


@given(st.binary(max_size=300))
def test_unchunking_what_is_not_chunked_changes_nothing(body: bytes) -> None:
    plain = b"<html>" + body
    assert unchunked(plain) == plain
    parts = [plain[at : at + 7] for at in range(0, len(plain), 7)]
    chunked = b"".join(b"%X\r\n" % len(part) + part + b"\r\n" for part in parts) + b"0\r\n\r\n"
    assert unchunked(chunked) == plain


def test_a_site_name_is_never_a_path(tmp_path: Path) -> None:
    for name in ("../x", "a/b", "", ".", "a b"):
        with pytest.raises(ValueError, match="cannot name a folder"):
            ArchiveWriter(tmp_path, name, "r1")
    assert site_of_host("tin.Vinhkhe.vn:8080") == "tin_vinhkhe_vn_8080"


def test_an_archive_that_cannot_be_written_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "archive").write_text("a file where the folder should be")
    with (
        pytest.raises(ArchiveUnwritable, match=r"^cannot write .*r1-00000\.warc\.gz: .*--corpus") as refusal,
        ArchiveWriter(tmp_path, "vinhkhe", "r1") as writer,
    ):
        writer.write_resource("http://vinhkhe.vn/1", "text/html", PAGE, NOON)
    assert "\n" not in str(refusal.value)


def test_a_run_log_is_read_back(tmp_path: Path) -> None:
    run = RunLog(
        "r1",
        "vinhkhe",
        NOON,
        requests=7,
        notes=(Note(Code.GATED, "một dòng"),),
        shown=(("https://vinhkhe.vn/cong-doan", 20),),
        finish_reason="gated",
    )
    later = RunLog(
        "r2", "vinhkhe", NOON + dt.timedelta(hours=1), NOON + dt.timedelta(hours=2), finish_reason="finished"
    )
    write_run(tmp_path, later)
    write_run(tmp_path, run)
    assert read_runs(tmp_path) == [run, later]
    assert (run.failed, later.failed) == (True, False)
