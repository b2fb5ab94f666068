"""The quickstart notebook runs on the demo corpus, and what it shows is what the demo papers printed."""

from __future__ import annotations

import ast
import base64
import html
import os
import re
import struct
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from conftest import Demo
from nbclient import NotebookClient

pytestmark = pytest.mark.slow

NOTEBOOK = Path(__file__).parents[1] / "notebooks" / "quickstart.ipynb"
CELL_SECONDS = 120
# "/folder/folder" where a path can begin; addresses (http://…) and closing tags (</td>) are none
ABSOLUTE_PATH = re.compile(r"(?:^|(?<=[\s\"'(=>]))(?:[A-Za-z]:\\|(?:/[\w.-]+){2,})")
NO_NETWORK = dict.fromkeys(("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"), "http://127.0.0.1:9")


@pytest.fixture(scope="module")
def executed(demo: Demo) -> nbformat.NotebookNode:
    """The notebook after all its cells were run, in the kernel of the running Python, without a network."""
    notebook = _committed()
    environment = {**os.environ, **NO_NETWORK, "CONGDOAN_CORPUS": str(demo.corpus)}
    NotebookClient(notebook, timeout=CELL_SECONDS, kernel_name="python3").execute(env=environment)
    return notebook


def test_the_movements_by_month_are_drawn(executed: nbformat.NotebookNode) -> None:
    pictures = [base64.b64decode(data["image/png"]) for data in _outputs(executed) if "image/png" in data]
    assert len(pictures) == 2
    for picture in pictures:
        width, height = struct.unpack(">II", picture[16:24])
        assert width > 600
        assert height > 300
        assert len(picture) > 10_000  # an empty plot is smaller


def test_the_largest_sums_stand_beside_their_whole_sentences(executed: nbformat.NotebookNode) -> None:
    rows = _rows(executed, "readable(largest")
    assert rows[0] == ["sum", "bound", "surface", "sentence_text"]
    assert rows[1] == [
        "18.600.000.000.000 đ",
        "",
        "18,6 nghìn tỷ đồng",
        "Tổng số thu bảy tháng là 18,6 nghìn tỷ đồng, bằng 59,1% kế hoạch.",
    ]
    for _, _, surface, sentence in rows[1:]:
        assert surface in sentence


def test_a_movement_is_followed_to_its_sentences_and_addresses(executed: nbformat.NotebookNode) -> None:
    rows = _rows(executed, "readable(mentions")
    assert len(rows) == 11
    for _, surface, trigger, sentence, url in rows[1:]:
        assert surface.lower() == "mái ấm công đoàn"
        assert trigger.lower() == "chương trình"
        assert surface in sentence
        assert re.fullmatch(r"http://127\.0\.0\.1:\d+/\S+-\d+\.(ldo|html)", url)


def test_figures_reported_for_a_movement_are_shown_in_base_units(executed: nbformat.NotebookNode) -> None:
    shown = [row[1:5] for row in _rows(executed, "readable(attributed")]
    assert ["19 căn", "19", "", "căn"] in shown
    assert ["1 tỷ 840 triệu đồng", "1.840.000.000", "", "VND"] in shown
    assert ["30–60 triệu đồng/hộ", "30.000.000", "60.000.000", "VND"] in shown


def test_pandas_duckdb_and_polars_give_one_answer(executed: nbformat.NotebookNode) -> None:
    assert "10 rows, the same from pandas, corpus.sql, duckdb, polars" in _printed(executed)


def test_a_search_without_marks_and_the_terms_of_the_corpus_are_shown(executed: nbformat.NotebookNode) -> None:
    rows = _rows(executed, "readable(found")
    assert len(rows) > 3
    assert {row[1].lower() for row in rows[1:]} == {"phát động phong trào"}
    shown = [data["text/plain"] for data in _outputs(executed) if "c_value" in data.get("text/plain", "")]
    assert "phong trào thi đua" in shown[0]


def test_it_asks_through_the_query_api_only() -> None:
    imported = set()
    for cell in _code(_committed()):
        for node in ast.walk(ast.parse(cell["source"])):
            if isinstance(node, ast.ImportFrom):
                imported |= {f"{node.module}.{alias.name}" for alias in node.names}
            elif isinstance(node, ast.Import):
                imported |= {alias.name for alias in node.names}
    assert {name for name in imported if name.startswith(("pipeline", "crawler"))} == {"pipeline.open_corpus"}


def test_the_committed_notebook_shows_its_outputs_and_no_path_of_a_machine() -> None:
    committed = _committed()
    assert all(cell["outputs"] for cell in _code(committed)[1:])
    told = [cell["source"] for cell in committed["cells"]]
    told += [str(text) for data in _outputs(committed) for kind, text in data.items() if kind != "image/png"]
    for text in [*told, _printed(committed), str(committed["metadata"])]:
        assert not ABSOLUTE_PATH.search(text), text


def test_without_the_demo_corpus_it_says_to_run_make_demo(tmp_path: Path) -> None:
    told = _open_in(tmp_path)
    assert told.returncode == 1
    assert "run `make demo`, or set CONGDOAN_CORPUS" in told.stderr.splitlines()[-1]


def test_the_demo_corpus_of_the_checkout_is_found_from_the_notebooks_folder(tmp_path: Path, demo: Demo) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "data" / "demo-corpus").symlink_to(demo.corpus)
    told = _open_in(tmp_path / "notebooks")
    assert told.returncode == 0, told.stderr
    assert told.stdout == "62\n"


def _open_in(folder: Path) -> subprocess.CompletedProcess[str]:
    """Run the notebook's first cell in a folder, and count the articles it opened."""
    opening = _code(_committed())[0]["source"]
    environment = {name: value for name, value in os.environ.items() if name != "CONGDOAN_CORPUS"}
    command = [sys.executable, "-c", f"{opening}\nprint(len(corpus.articles()))"]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=60, check=False)


# --------------------------------------------------------------------------- what a notebook holds
def _committed() -> nbformat.NotebookNode:
    notebook: nbformat.NotebookNode = nbformat.read(NOTEBOOK, as_version=4)  # type: ignore[no-untyped-call]
    return notebook


def _code(notebook: nbformat.NotebookNode) -> list[nbformat.NotebookNode]:
    return [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]


def _outputs(notebook: nbformat.NotebookNode) -> Iterator[nbformat.NotebookNode]:
    """Yield what each cell shows, by kind: text/html, text/plain, image/png."""
    for cell in _code(notebook):
        yield from (output["data"] for output in cell["outputs"] if "data" in output)


def _printed(notebook: nbformat.NotebookNode) -> str:
    return "".join(output["text"] for cell in _code(notebook) for output in cell["outputs"] if "text" in output)


def _rows(notebook: nbformat.NotebookNode, source: str) -> list[list[str]]:
    """Return the rows of the table under the one cell that has this in its source, headings first."""
    (cell,) = [cell for cell in _code(notebook) if source in cell["source"]]
    (table,) = [output["data"]["text/html"] for output in cell["outputs"] if "data" in output]
    return [
        [html.unescape(text) for text in re.findall(r"<t[dh][^>]*>([^<]*)</t[dh]>", row)]
        for row in re.findall(r"<tr>(.*?)</tr>", table, re.DOTALL)
    ]
