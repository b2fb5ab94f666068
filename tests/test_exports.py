"""Exports hold the same rows, and text from the web stays text in every program that opens them."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from decimal import Decimal
from pathlib import Path
from xml.etree import ElementTree

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipeline.exports import ExportRefused, export, formula_safe, plain, write_csv
from pipeline.query import Corpus
from pipeline.schema import TABLES

DANGEROUS = ['=HYPERLINK("http://x")', "+1+1", "-2", "@SUM(A1)", "\t=1", "\r=1"]
HARMLESS = ["Tổ trưởng", "1=1", "“=1”", ""]


def test_parquet_holds_the_rows_and_the_descriptions(corpus: Corpus, tmp_path: Path) -> None:
    files = export(corpus, tmp_path / "out", "parquet")
    assert [file.stem for file in files] == list(TABLES)
    for file in files:
        assert pq.read_table(file).to_pylist() == corpus.arrow(file.stem).to_pylist()


def test_the_rows_of_many_small_files_are_one_row_group(corpus: Corpus, tmp_path: Path) -> None:
    assert len(corpus.snapshot.files["sentences"]) > 1
    export(corpus, tmp_path, "parquet")
    assert pq.ParquetFile(tmp_path / "sentences.parquet").num_row_groups == 1


def test_jsonl_holds_the_rows(corpus: Corpus, tmp_path: Path) -> None:
    for file in export(corpus, tmp_path, "jsonl"):
        rows = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
        assert rows == json.loads(json.dumps(corpus.arrow(file.stem).to_pylist(), default=plain))
    (figure, *_) = [json.loads(line) for line in (tmp_path / "figures.jsonl").read_text().splitlines()]
    assert re.fullmatch(r"2026-0\d-\d\dT\d\d:\d\d:00\+07:00", figure["published_at"])


def test_csv_holds_the_rows_with_lists_as_json(corpus: Corpus, tmp_path: Path) -> None:
    export(corpus, tmp_path, "csv")
    with (tmp_path / "articles.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    expected = corpus.arrow("articles").to_pylist()
    assert [row["text"] for row in rows] == [row["text"] for row in expected]
    assert [json.loads(row["captions"]) for row in rows] == [row["captions"] for row in expected]
    assert (tmp_path / "articles.csv").read_bytes().startswith(b"\xef\xbb\xbf")  # Excel reads UTF-8 by this mark


@pytest.mark.parametrize("cell", DANGEROUS)
def test_a_text_that_a_spreadsheet_would_run_gets_an_apostrophe(cell: str) -> None:
    assert formula_safe(cell) == "'" + cell
    out = io.StringIO()
    write_csv(pa.table({cell: [cell]}), out)
    assert list(csv.reader(io.StringIO(out.getvalue(), newline=""))) == [["'" + cell], ["'" + cell]]


@pytest.mark.parametrize("cell", [*HARMLESS, -2, 1.5, None])
def test_other_cells_are_as_they_were(cell: object) -> None:
    assert formula_safe(cell) == cell


def test_xlsx_holds_all_tables_and_no_formula(corpus: Corpus, tmp_path: Path) -> None:
    pytest.importorskip("xlsxwriter")
    (file,) = export(corpus, tmp_path, "xlsx")
    with zipfile.ZipFile(file) as book:
        workbook = book.read("xl/workbook.xml").decode()
        sheets = [book.read(name).decode() for name in book.namelist() if name.startswith("xl/worksheets/sheet")]
        strings = ElementTree.fromstring(book.read("xl/sharedStrings.xml"))  # noqa: S314 - our own file
    assert re.findall(r'<sheet name="(\w+)"', workbook) == list(TABLES)
    assert len(re.findall("<row ", sheets[0])) == 1 + 18
    assert not any("<f>" in sheet for sheet in sheets)
    texts = {"".join(node.itertext()) for node in strings}
    assert "Chuyện thi đua ở tổ sản xuất số 1" in texts


def test_xlsx_keeps_formulas_as_text_and_cuts_cells_that_excel_refuses(tmp_path: Path) -> None:
    pytest.importorskip("xlsxwriter")
    long = "dài " * 20_000
    table = pa.table({"cell": [*DANGEROUS, "{=1}", "http://x.example", long]})
    (file,) = export(_Only(table), tmp_path, "xlsx")  # type: ignore[arg-type]
    with zipfile.ZipFile(file) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
        strings = ElementTree.fromstring(book.read("xl/sharedStrings.xml"))  # noqa: S314 - our own file
    assert "<f>" not in sheet
    assert "hyperlink" not in sheet
    texts = ["".join(node.itertext()) for node in strings]
    assert DANGEROUS[0] in texts
    assert max(map(len, texts)) == 32_767
    assert max(texts, key=len).endswith("…")


class _Only:
    """A corpus that gives the same table for every name."""

    def __init__(self, table: pa.Table) -> None:
        self.table = table

    def count(self, _name: str) -> int:
        return self.table.num_rows

    def reader(self, _name: str) -> pa.RecordBatchReader:
        return self.table.to_reader()


def test_a_table_too_long_for_excel_is_refused(tmp_path: Path) -> None:
    pytest.importorskip("xlsxwriter")
    long = pa.table({"n": pa.nulls(1_048_576)})
    with pytest.raises(ExportRefused, match="1,048,576 rows, Excel takes 1,048,575; export csv or parquet"):
        export(_Only(long), tmp_path, "xlsx")  # type: ignore[arg-type]


def test_a_workbook_that_cannot_be_written_is_refused(corpus: Corpus, tmp_path: Path) -> None:
    pytest.importorskip("xlsxwriter")
    (tmp_path / "congdoan.xlsx").mkdir()
    with pytest.raises(ExportRefused, match="cannot be written"):
        export(corpus, tmp_path, "xlsx")


def test_exact_numbers_are_numbers_in_json() -> None:
    assert json.dumps([plain(Decimal(17_300_000_000)), plain(Decimal("1.5"))]) == "[17300000000, 1.5]"
