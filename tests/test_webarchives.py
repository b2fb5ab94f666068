"""Other people's web archives: what belongs to a page comes with it, and damage costs what is damaged and no more."""

from __future__ import annotations

import gzip
import subprocess
import sys
from pathlib import Path

import pytest
from fastwarc import stream_io
from vinhkhe import DAY_1, DAY_2, SITE, article_page, url_of, write_profile
from warcio.archiveiterator import ArchiveIterator as WarcioIterator

from crawler.archive import ArchiveWriter, Exchange, archive_files, payload_digest, read_captures, verify
from crawler.sites import Sites
from pipeline.imports import ImportReport, import_files

OTHER = "https://khac.example/bai-{}.html"


def record(kind: str, url: str, number: int | str, content: bytes = b"", **fields: str) -> bytes:
    """Return a record as other crawlers write it; `fields` are further headers, those of "" are left out."""
    named = {
        "WARC-Type": kind,
        "WARC-Record-ID": f"<urn:uuid:{number}>",
        "WARC-Date": "2026-09-01T03:00:00Z",
        "WARC-Target-URI": url,
        "Content-Type": f"application/http; msgtype={kind}",
        "Content-Length": str(len(content)),
    }
    named |= {name.replace("_", "-"): value for name, value in fields.items()}
    lines = "".join(f"{name}: {value}\r\n" for name, value in named.items() if value)
    return f"WARC/1.0\r\n{lines}\r\n".encode() + content + b"\r\n\r\n"


def response(url: str, number: int | str, body: bytes = b"<h1>x</h1>", kind: str = "text/html", **more: str) -> bytes:
    http = f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n".encode()
    return record("response", url, number, http + body, **more)


def request(url: str, number: int | str, **more: str) -> bytes:
    return record("request", url, number, b"GET / HTTP/1.1\r\n\r\n", **more)


def metadata(url: str, number: int | str, **more: str) -> bytes:
    fields = {"Content_Type": "application/warc-fields"}
    return record("metadata", url, number, b"fetchTimeMs: 7\r\n", **(fields | more))


INFO = record("warcinfo", "", "info", b"software: ours\r\n", Content_Type="application/warc-fields")


def packed(records: list[bytes]) -> bytes:
    return b"".join(gzip.compress(one, mtime=0) for one in records)


@pytest.fixture
def sites(tmp_path: Path) -> Sites:
    return Sites((write_profile(tmp_path / "sites"),))


def taken(tmp_path: Path, sites: Sites | None, content: bytes, name: str = "x.warc.gz") -> ImportReport:
    (tmp_path / name).write_bytes(content)
    return import_files(tmp_path / "corpus", [tmp_path / name], DAY_2, sites)


def ids(corpus: Path) -> list[str]:
    """Return the ids of all records imported, in order, by warcio."""
    found = []
    for file in archive_files(corpus):
        with (corpus / file).open("rb") as stream:
            found += [one.rec_headers.get_header("WARC-Record-ID")[10:-1] for one in WarcioIterator(stream)]
    return found


def warcio_check(corpus: Path) -> None:
    files = [corpus / file for file in archive_files(corpus)]
    done = subprocess.run([sys.executable, "-m", "warcio.cli", "check", *map(str, files)], capture_output=True)
    assert (done.returncode, done.stdout) == (0, b"")


# --------------------------------------------------------------------------- what belongs to a page
def concurrent(number: int | str) -> dict[str, str]:
    return {"WARC_Concurrent_To": f"<urn:uuid:{number}>"}


def mixed(order: str) -> list[bytes]:
    """Return the records of six pages, the even ones of a known site, with what is theirs, in a crawler's order."""
    records = [INFO]
    for number in range(6):
        url = url_of(number) if number % 2 == 0 else OTHER.format(number)
        page = response(url, number)
        if order == "request first":  # as CC-NEWS
            records += [request(url, f"q{number}", **concurrent(number)), page]
            records += [metadata(url, f"m{number}", **concurrent(number))]
        elif order == "page first":  # as ours
            records += [page, request(url, f"q{number}", **concurrent(number))]
            records += [metadata(url, f"m{number}", WARC_Refers_To=f"<urn:uuid:{number}>")]
        elif order == "page names request":  # as wget
            records += [request(url, f"q{number}"), response(url, number, **concurrent(f"q{number}"))]
            records += [metadata(url, f"m{number}", **concurrent(f"q{number}"))]
        else:  # nothing but the address says what belongs together
            records += [request(url, f"q{number}"), page, metadata(url, f"m{number}")]
    return records


KEPT = {f"{prefix}{number}" for prefix in ("", "q", "m") for number in (0, 2, 4)}


@pytest.mark.parametrize("order", ["request first", "page first", "page names request", "addresses only"])
@pytest.mark.parametrize("plain", [False, True], ids=["a member a record", "plain"])
def test_request_and_metadata_come_with_their_page(tmp_path: Path, sites: Sites, order: str, plain: bool) -> None:
    records = mixed(order)
    content = b"".join(records) if plain else packed(records)
    report = taken(tmp_path, sites, content, "x.warc" if plain else "x.warc.gz")
    assert (report.archived, report.other_hosts, report.unusable, report.refused) == (3, 3, 0, ())
    found = ids(tmp_path / "corpus")
    assert set(found) == {"info", *KEPT}
    in_file = [one.split(b"Record-ID: <urn:uuid:")[1].split(b">")[0].decode() for one in records]
    assert found == [one for one in in_file if one in {"info", *KEPT}]
    warcio_check(tmp_path / "corpus")


def test_records_far_from_their_page_are_found_by_their_ids(tmp_path: Path, sites: Sites) -> None:
    requests = [request(url_of(number), f"q{number}", **concurrent(number)) for number in range(30)]
    pages = [response(url_of(number) if number == 7 else OTHER.format(number), number) for number in range(30)]
    later = [metadata(url_of(number), f"m{number}", **concurrent(number)) for number in range(30)]
    assert taken(tmp_path, sites, packed([*requests, *pages, *later])).archived == 1
    assert ids(tmp_path / "corpus") == ["q7", "7", "m7"]


def test_a_revisit_is_kept_with_its_page_and_a_whole_file_with_all_that_is_in_it(tmp_path: Path, sites: Sites) -> None:
    profile = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
    again = record(
        "revisit", url_of(2), "r2", b"HTTP/1.1 200 OK\r\n\r\n", WARC_Profile=profile, WARC_Refers_To="<urn:uuid:2>"
    )
    dns = record("response", "dns:tin.vinhkhe.vn", "dns", b"x", Content_Type="text/dns")
    records = [INFO, dns, response(url_of(2), 2), again]
    assert taken(tmp_path, sites, packed([*records, response(OTHER.format(1), 1)])).archived == 2
    assert ids(tmp_path / "corpus") == ["info", "2", "r2"]
    (tmp_path / "b").mkdir()
    report = taken(tmp_path / "b", sites, packed(records))
    assert report.archived == 2
    assert ids(tmp_path / "b" / "corpus") == ["info", "dns", "2", "r2"]


def test_what_our_crawler_wrote_is_imported_with_all_that_belongs_to_it(tmp_path: Path, sites: Sites) -> None:
    with ArchiveWriter(tmp_path / "other", SITE, "r1") as writer:
        for number in range(4):
            url = url_of(number) if number % 2 else OTHER.format(number)
            sent = [("User-Agent", "congdoan")]
            writer.write_response(
                Exchange(url, DAY_1, headers=[("Content-Type", "text/html")], asked_with=sent), article_page(number)
            )
        digest = payload_digest(article_page(1))
        writer.write_same_payload(Exchange(url_of(1), DAY_2, headers=[("Content-Type", "text/html")]), digest, DAY_1)
        writer.write_not_modified(Exchange(url_of(3), DAY_2, headers=[("ETag", '"a"')]), DAY_1)
    (file,) = archive_files(tmp_path / "other")
    report = taken(tmp_path, sites, (tmp_path / "other" / file).read_bytes())
    assert (report.archived, report.other_hosts) == (4, 2)
    kinds = []
    with (tmp_path / "corpus" / archive_files(tmp_path / "corpus")[0]).open("rb") as stream:
        kinds = [one.rec_type for one in WarcioIterator(stream) if one.rec_type != "metadata"]
    assert kinds == ["warcinfo", *["response", "request"] * 2, "revisit", "revisit"]
    warcio_check(tmp_path / "corpus")


# --------------------------------------------------------------------------- damage
PAGES = [INFO, *(response(url_of(number), number, article_page(number)) for number in range(6))]


def pages_of(corpus: Path) -> list[str]:
    return [one.url for file in archive_files(corpus) for one in read_captures(corpus, file)]


def damaged(content: bytes, at: int, length: int = 40) -> bytes:
    return content[:at] + b"\xa5" * length + content[at + length :]


def member_starts(records: list[bytes]) -> list[int]:
    lengths = [len(gzip.compress(one, mtime=0)) for one in records]
    return [sum(lengths[:number]) for number in range(len(lengths))]


def test_after_damage_in_the_middle_the_import_goes_on(tmp_path: Path, sites: Sites) -> None:
    content = packed(PAGES)
    for number in (2, 5):
        content = damaged(content, member_starts(PAGES)[number] + 60)
    report = taken(tmp_path, sites, content)
    assert (report.archived, report.unusable) == (4, 2)
    (line,) = report.refused
    assert "damaged in 2 places, " in line
    assert f"the first at byte {member_starts(PAGES)[2]} (not whole); of the whole records 4 pages are taken" in line
    assert pages_of(tmp_path / "corpus") == [url_of(number) for number in (0, 2, 3, 5)]
    assert verify(tmp_path / "corpus") == []


@pytest.mark.parametrize("name", ["x.warc", "x.warc.gz"])
def test_a_wrong_content_length_costs_its_record(tmp_path: Path, sites: Sites, name: str) -> None:
    wrongs = {
        "short": response(url_of(7), 7, article_page(7), Content_Length="300"),
        "long": response(url_of(7), 7, article_page(7), Content_Length="90000"),
        "missing": response(url_of(7), 7, Content_Length=""),
        "no number": response(url_of(7), 7, Content_Length="-5"),
        "no version": response(url_of(7), 7).replace(b"WARC/1.0", b"WARC/x.0"),
        "no colon": response(url_of(7), 7).replace(b"WARC-Date:", b"WARC-Date"),
        "endless": response(url_of(7), 7, Content_Length="9" * 5000),
        "last is longer": response(url_of(7), 7, Content_Length="1000"),
    }
    for what, wrong in wrongs.items():
        folder = tmp_path / what
        folder.mkdir()
        records = [*PAGES, wrong] if what.startswith("last") else [*PAGES[:3], wrong, *PAGES[3:]]
        report = taken(folder, sites, packed(records) if name.endswith("gz") else b"".join(records), name)
        assert (report.archived, report.unusable, len(report.refused)) == (6, 1, 1), what
        assert pages_of(folder / "corpus") == [url_of(number) for number in range(6)], what
        assert verify(folder / "corpus") == []


def test_a_page_without_a_date_or_in_segments_is_left_out_and_counted(tmp_path: Path, sites: Sites) -> None:
    records = [
        *PAGES,
        response(url_of(7), 7, WARC_Date=""),
        request(url_of(7), "q7", **concurrent(7)),
        response(url_of(8), 8, WARC_Date="hôm qua"),
        response(url_of(9), 9, WARC_Segment_Number="1"),
        response("", 10),
        request("", 11),
        response(url_of(12), 12, WARC_Type=""),
    ]
    report = taken(tmp_path, sites, packed(records))
    assert (report.archived, report.unusable) == (6, 6)
    (line,) = report.refused
    assert line.endswith(
        "6 records cannot be used and are left out: 1 of a page in segments, 1 with a WARC-Date that is no date, "
        "1 without WARC-Date, 2 without WARC-Target-URI, 1 without WARC-Type"
    )
    assert pages_of(tmp_path / "corpus") == [url_of(number) for number in range(6)]


def test_every_cut_of_a_file_gives_the_pages_before_it(tmp_path: Path, sites: Sites) -> None:
    records = PAGES[:4]
    ends = {"x.warc": [*map(len, records)], "x.warc.gz": [len(gzip.compress(one, mtime=0)) for one in records]}
    for name, content in (("x.warc", b"".join(records)), ("x.warc.gz", packed(records))):
        for length in range(ends[name][0] + 1, len(content), 997 if name == "x.warc" else 233):
            folder = tmp_path / f"{name}{length}"
            folder.mkdir()
            whole = sum(sum(ends[name][: number + 1]) <= length for number in range(1, 4))
            report = taken(folder, sites, content[:length], name)
            assert report.archived == whole, (name, length)
            assert len(report.refused) == 1


KILLED_AT_THE_END = """
import datetime as dt, os, signal, sys
from pathlib import Path
from pipeline.imports import import_files

def die(event, arguments):
    if event == "os.rename":
        os.kill(os.getpid(), signal.SIGKILL)

sys.addaudithook(die)
import_files(Path(sys.argv[1]), [Path(sys.argv[2])], dt.datetime.now(dt.UTC))
"""


@pytest.mark.slow
def test_an_import_that_was_killed_leaves_nothing_half_and_is_done_again(tmp_path: Path, sites: Sites) -> None:
    (tmp_path / "x.warc.gz").write_bytes(gzip.compress(b"".join(PAGES)))
    done = subprocess.run(
        [sys.executable, "-c", KILLED_AT_THE_END, str(tmp_path / "corpus"), str(tmp_path / "x.warc.gz")],
        capture_output=True,
    )
    assert done.returncode == -9
    assert archive_files(tmp_path / "corpus") == []
    left = [path.suffix for path in (tmp_path / "corpus" / "archive" / "imported").iterdir()]
    assert sorted(left) == [".unfinished", ".unpacked"]
    assert taken(tmp_path, sites, (tmp_path / "x.warc.gz").read_bytes()).archived == 6
    left = [path.suffix for path in (tmp_path / "corpus" / "archive" / "imported").iterdir()]
    assert sorted(left) == [".gz", ".pages"]
    warcio_check(tmp_path / "corpus")


# --------------------------------------------------------------------------- how it is packed
def test_a_zstd_file_is_read_as_far_as_it_is_whole(tmp_path: Path, sites: Sites) -> None:
    content = b""
    for one in PAGES:  # a frame a record
        with stream_io.ZstdWriter(str(tmp_path / "frame")) as frame:
            frame.write(one)
        content += (tmp_path / "frame").read_bytes()
    assert taken(tmp_path, sites, content, "x.warc.zst").archived == 6
    (tmp_path / "b").mkdir()
    report = taken(tmp_path / "b", sites, content[:-30], "x.warc.zst")
    assert (report.archived, report.unusable, len(report.refused)) == (5, 1, 1)
    assert pages_of(tmp_path / "b" / "corpus") == [url_of(number) for number in range(5)]
    assert not list(tmp_path.rglob("*.unpacked"))


def test_a_file_gzipped_as_a_whole_is_read_past_damage(tmp_path: Path, sites: Sites) -> None:
    halves = [b"".join(PAGES[:3]), b"".join(PAGES[3:5]), b"".join(PAGES[5:])]
    whole = [gzip.compress(half, mtime=0) for half in halves]
    assert taken(tmp_path, sites, b"".join(whole)).archived == 6
    (tmp_path / "b").mkdir()
    broken = damaged(b"".join(whole), len(whole[0]) + len(whole[1]) - 30, 20)
    report = taken(tmp_path / "b", sites, broken)
    assert report.archived >= 4
    assert len(report.refused) == 1
    assert pages_of(tmp_path / "b" / "corpus")[-1] == url_of(5)
    assert verify(tmp_path / "b" / "corpus") == []
    assert not list(tmp_path.rglob("*.unpacked"))


def test_the_same_file_in_another_packing_adds_nothing(tmp_path: Path, sites: Sites) -> None:
    plain = b"".join(PAGES)
    assert taken(tmp_path, sites, plain, "x.warc").archived == 6
    again = taken(tmp_path, sites, gzip.compress(plain), "whole.warc.gz")
    assert (again.archived, again.there_already) == (0, 6)
    assert len(archive_files(tmp_path / "corpus")) == 1


def test_pages_that_came_in_another_choice_are_not_archived_twice(tmp_path: Path, sites: Sites) -> None:
    content = packed(mixed("request first"))
    taken(tmp_path, sites, content)
    every = taken(tmp_path, None, content)
    assert (every.archived, every.there_already, every.refused) == (3, 3, ())
    everything = {f"{prefix}{number}" for prefix in ("", "q", "m") for number in range(6)}
    assert sorted(ids(tmp_path / "corpus")) == sorted([*everything, "info", "info"])
    more = taken(tmp_path, None, content + packed([response(url_of(9), 9)]))
    assert (more.archived, more.there_already) == (1, 6)
    again = taken(tmp_path, sites, content)
    assert (again.archived, again.there_already, again.other_hosts) == (0, 3, 3)
    warcio_check(tmp_path / "corpus")


def test_two_files_of_one_import_give_a_page_once(tmp_path: Path, sites: Sites) -> None:
    for name, numbers in (("a.warc.gz", (1, 2)), ("b.warc.gz", (2, 3))):
        (tmp_path / name).write_bytes(packed([response(url_of(number), number) for number in numbers]))
    report = import_files(tmp_path / "corpus", [tmp_path / "a.warc.gz", tmp_path / "b.warc.gz"], DAY_2, sites)
    assert (report.archived, report.there_already) == (3, 1)
    assert sorted(ids(tmp_path / "corpus")) == ["1", "2", "3"]


def test_copies_of_before_there_were_lists_of_pages_are_known_too(tmp_path: Path, sites: Sites) -> None:
    content = packed(mixed("page first"))
    taken(tmp_path, sites, content)
    folder = tmp_path / "corpus/archive/imported"
    lists = [*folder.glob("*.pages")]
    assert len(lists) == len([*folder.glob("*.warc.gz")]) == 1
    before = lists[0].read_bytes()
    lists[0].unlink()
    assert taken(tmp_path, None, content).there_already == 3
    assert lists[0].read_bytes() == before


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("x.arc", "an ARC file, the format before WARC; `warcio recompress x.arc x.warc.gz` makes a WARC file of it"),
        ("x.arc.gz", "an ARC file"),
        ("x.wacz", "a WACZ package; unzip it"),
        ("x.warc.zst", "no zstd file that can be read"),
    ],
)
def test_what_cannot_be_read_is_refused_with_the_way_out(tmp_path: Path, name: str, said: str) -> None:
    report = taken(tmp_path, None, b"filedesc://x 0.0.0.0 20260901030000 text/plain 70\n" * 40, name)
    (line,) = report.refused
    assert said in line
    assert archive_files(tmp_path / "corpus") == []


def test_a_body_that_speaks_of_warc_is_no_record(tmp_path: Path, sites: Sites) -> None:
    inside = response(OTHER.format(1), 1)
    around = response(url_of(1), 2, b"<pre>" + inside + b"</pre>")
    for name, content in (("x.warc", around + PAGES[1]), ("x.warc.gz", packed([around, PAGES[1]]))):
        corpus = tmp_path / name.replace(".", "")
        corpus.mkdir()
        assert taken(corpus, sites, content, name).archived == 2
        assert pages_of(corpus / "corpus") == [url_of(1), url_of(0)]


def test_a_record_of_zeros_is_scanned_in_little_memory(tmp_path: Path) -> None:
    huge = record("resource", url_of(1), 1, bytes(300_000_000), Content_Type="text/html")
    (tmp_path / "x.warc.gz").write_bytes(gzip.compress(huge, 9))
    del huge
    script = (
        "import resource, sys\nfrom pathlib import Path\nfrom crawler.archive import scan_warc\n"
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "print([one.end for one in scan_warc(Path(sys.argv[1]))])\n"
        "print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)"
    )
    done = subprocess.run([sys.executable, "-c", script, str(tmp_path / "x.warc.gz")], capture_output=True, text=True)
    ends, more_megabytes = done.stdout.splitlines()
    assert ends == f"[{(tmp_path / 'x.warc.gz').stat().st_size}]"
    assert int(more_megabytes) < 100
