"""The tables' columns as Markdown, from the spine: what `congdoan columns` prints and data/README.md holds."""

from __future__ import annotations

import inspect
from collections.abc import Iterable

import pyarrow as pa

from pipeline.schema import TABLES
from pipeline.tables import stored_schema

BEGIN = "<!-- columns: written by `congdoan columns --into data/README.md`, not by hand -->"
END = "<!-- end of columns -->"


class ColumnsHaveNoPlace(ValueError):
    """A text without the two marker lines between which the columns stand."""


def columns_markdown(tables: Iterable[str] = TABLES) -> str:
    """Return one section a table: its name, what a row is, and a Markdown table of column, type, unit, description.

    Types are Arrow's, `?` after a type that may be null. `site`, a dictionary in the files, is a string.
    """
    return "\n\n".join(map(_section, tables))


def with_columns(text: str) -> str:
    """Return the text with the sections of all tables between its two marker lines.

    Raises:
        ColumnsHaveNoPlace: the marker lines are not both there, once, in their order.
    """
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end) or BEGIN in after or END in before + after:
        raise ColumnsHaveNoPlace(f"expected the lines {BEGIN!r} and {END!r}, once each")
    return f"{before}{BEGIN}\n\n{columns_markdown()}\n\n{END}{after}"


def _section(table: str) -> str:
    shape = " ".join((inspect.getdoc(TABLES[table]) or "").split())
    lines = [f"### {table}", "", shape, "", "| column | type | unit | description |", "|---|---|---|---|"]
    for column in stored_schema(table):
        texts = {key.decode(): value.decode() for key, value in column.metadata.items()}
        cells = (f"`{column.name}`", f"`{_type_name(column)}`", texts["unit"], texts["description"])
        lines.append(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |")
    return "\n".join(lines)


def _type_name(column: pa.Field) -> str:
    stored = column.type.value_type if pa.types.is_dictionary(column.type) else column.type
    name = str(stored).replace("item: ", "").replace("element: ", "")
    return f"{name}?" if column.nullable else name
