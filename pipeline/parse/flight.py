"""What the application router of Next hands over to the browser: rows of one text, pushed piece by piece by the
scripts of a page (`self.__next_f.push([1,"5:[…]\\n"])`)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any

# the largest such text seen has 0.4 million characters; rows of a page that are put in the places of their numbers
MAX_CHARACTERS = 3_000_000
MAX_ROWS, MAX_DEPTH = 5_000, 40
_PUSHED = re.compile(r"__next_f\b[^(\n]{0,60}?\)?\.push\(\[1,\s?(?=\")")
_ROW = re.compile(r"(?P<number>[0-9a-f]{1,6}):(?:T(?P<bytes>[0-9a-f]{1,7}),)?")
_REFERENCE = re.compile(r"\$[L@]?(?P<number>[0-9a-f]{1,6})")


def rows_pushed(scripts: Iterable[str]) -> list[Any]:
    """Return the values of the rows that scripts push, with rows in the places of their numbers."""
    written = "".join(map(_pieces, scripts))[:MAX_CHARACTERS]
    rows: dict[str, Any] = {}
    decoder = json.JSONDecoder(strict=False)
    at = 0
    while at < len(written) and len(rows) < MAX_ROWS:
        row = _ROW.match(written, at)
        beyond = written.find("\n", at) + 1 or len(written)
        if row is None:
            at = beyond
        elif row["bytes"]:
            text = written[row.end() : row.end() + int(row["bytes"], 16)].encode()[: int(row["bytes"], 16)]
            rows[row["number"]] = text.decode("utf-8", "ignore")
            at = row.end() + len(rows[row["number"]])
        else:
            try:
                rows[row["number"]], at = decoder.raw_decode(written, row.end())
            except (ValueError, RecursionError):  # a reference to code, a hint to load something
                at = beyond
            at += written[at : at + 1] == "\n"
    return [_with_rows(value, rows) for value in rows.values() if isinstance(value, dict | list)]


def _pieces(script: str) -> str:
    pieces: list[str] = []
    decoder = json.JSONDecoder(strict=False)
    for pushed in _PUSHED.finditer(script):
        try:
            piece = decoder.raw_decode(script, pushed.end())[0]
        except ValueError:
            continue  # cut off
        pieces.append(piece if isinstance(piece, str) else "")
    return "".join(pieces)


def _with_rows(value: Any, rows: dict[str, Any], depth: int = 0) -> Any:
    """Return a value with the texts of other rows where it names them ("$1a")."""
    if depth > MAX_DEPTH:
        return None
    if isinstance(value, str):
        named = _REFERENCE.fullmatch(value)
        row = rows.get(named["number"]) if named else None
        return row if isinstance(row, str) else value
    if isinstance(value, dict):
        return {name: _with_rows(one, rows, depth + 1) for name, one in value.items()}
    return [_with_rows(one, rows, depth + 1) for one in value] if isinstance(value, list) else value
