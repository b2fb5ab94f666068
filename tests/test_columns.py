"""data/README.md says of every column what the schema says."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest
from command import called

from pipeline.columns import ColumnsHaveNoPlace, columns_markdown, with_columns
from pipeline.schema import TABLES

README = Path(__file__).parents[1] / "data" / "README.md"


def test_data_readme_is_up_to_date_with_the_schema() -> None:
    written = README.read_text(encoding="utf-8")
    assert written == with_columns(written), "run `congdoan columns --into data/README.md`"


@pytest.mark.parametrize("table", TABLES)
def test_every_column_is_listed_with_its_meaning(table: str) -> None:
    lines = columns_markdown([table]).splitlines()
    assert lines[0] == f"### {table}"
    assert lines[2].startswith("One row a")
    assert [line.split("`")[1] for line in lines[6:]] == [
        *(spec.name for spec in fields(TABLES[table])),
        *(["month"] if table != "movement_registry" else []),
    ]
    for line, spec in zip(lines[6:], fields(TABLES[table]), strict=False):
        assert spec.metadata["description"].replace("|", "\\|") in line


def test_types_say_what_may_be_null() -> None:
    figures = columns_markdown(["figures"])
    assert "| `site` | `string` |" in figures
    assert "| `published_at` | `timestamp[us, tz=UTC]?` | UTC |" in figures
    assert "| `value` | `double` | as in `unit` | the number in base units, low end of a range |" in figures


@pytest.mark.parametrize("text", ["", "<!-- end of columns -->", with_columns(README.read_text(encoding="utf-8")) * 2])
def test_a_file_without_one_place_for_the_columns_is_refused(text: str) -> None:
    with pytest.raises(ColumnsHaveNoPlace, match="once each"):
        with_columns(text)


def test_the_command_prints_the_table_that_was_asked_for() -> None:
    assert called("columns", "runs").stdout == columns_markdown(["runs"]) + "\n"
