"""A page that somebody already turned into text: title, date line, lead and body, one a line, menus and all."""

from __future__ import annotations

import datetime as dt
import re

from pipeline import furniture
from pipeline.parse.dates import DateRefused, beside_date, has_time, is_date_line, read_date
from pipeline.parse.decode import MAX_TEXT_BYTES
from pipeline.parse.refusal import PageNotUnderstood
from pipeline.records import Block, BlockRole, DroppedLine, Page
from pipeline.repair import is_mojibake, repair_line, repair_mojibake

# a file with fewer letters than this share of its characters is a table of numbers or junk
MIN_LETTER_SHARE = 0.4
# date lines stand near the title; further down they belong to listed titles
MAX_LINES_TO_DATE = 12
MIN_WORDS = 3

_LIST_MARK = re.compile(r"[-+•*–]\s+\S")


def parse_text(text: str, *, url: str | None = None, fetched_at: dt.datetime) -> Page:
    """Read a page given as text. The title is the first line that is not furniture; no line is lost.

    A lead is only known where a date line parts it from the title; else all after the title is body.

    Raises:
        PageNotUnderstood: empty, too_long, not_text, undecodable, listing (nothing but furniture) or too_short.
    """
    _refuse_non_text(text, url)
    lines = [line for raw in repair_mojibake(text).splitlines() if (line := repair_line(raw))]
    if is_mojibake("\n".join(lines)):
        raise PageNotUnderstood("undecodable", "letters broken by a wrong conversion; get another copy", url)
    first = next((number for number, line in enumerate(lines) if not _stands_above_title(line)), None)
    if first is None:
        raise PageNotUnderstood("listing", f"{len(lines)} lines, all of them menus, dates or marks", url)
    dropped = [
        DroppedLine(line, "above the title") for line in lines[:first] if not is_date_line(line, near_title=True)
    ]
    words = sum(len(line.split()) for line in lines[first:])
    if words < MIN_WORDS:
        raise PageNotUnderstood("too_short", f"{words} words of text; nothing to read", url)
    body = lines[first + 1 :]
    dated = _date_lines(lines[:first], body)
    published_at, published_raw, refused = _published(dated, fetched_at)
    lead, rest = _lead(body, dated)
    return Page(
        url=url,
        site=None,
        source_id=None,
        layout="text",
        title=lines[first],
        lead=lead,
        blocks=tuple(_block(line) for line in rest),
        authors=tuple(author for line in dated for author in _authors(beside_date(line))),
        published_at=published_at,
        published_raw=published_raw,
        dropped=(*dropped, *(DroppedLine(line, "date line") for line in dated), *refused),
        origin={"title": f"line {first + 1}", **({"lead": "line after the date line"} if lead else {})},
    )


def _authors(beside: str) -> tuple[str, ...]:
    """Return the names beside a date; a single word there is an agency or a place ("BN LDO | …")."""
    return tuple(name for name in furniture.byline_authors(beside) if " " in name)


def _stands_above_title(line: str) -> bool:
    return is_date_line(line, near_title=True) or furniture.is_single_line(line) or furniture.is_mark(line)


def _refuse_non_text(text: str, url: str | None) -> None:
    if not text.strip("\x00 \t\r\n\ufeff"):
        raise PageNotUnderstood("empty", "no text in it", url)
    if len(text) > MAX_TEXT_BYTES:
        raise PageNotUnderstood(
            "too_long", f"{len(text):,} characters, more than the {MAX_TEXT_BYTES:,} read of one text; split it", url
        )
    letters = sum(character.isalpha() or character.isspace() for character in text)
    if "\x00" in text or letters < MIN_LETTER_SHARE * len(text):
        raise PageNotUnderstood("not_text", f"{len(text):,} characters, few of them letters: not a text", url)


def _date_lines(above: list[str], body: list[str]) -> list[str]:
    """Return the date lines above the title and those between title and first paragraph."""
    near = []
    for line in body[:MAX_LINES_TO_DATE]:
        if furniture.is_prose(line) and not is_date_line(line, near_title=True):
            break
        near.append(line)
    return [line for line in (*above, *near) if is_date_line(line, near_title=True)]


def _published(
    dated: list[str], fetched_at: dt.datetime
) -> tuple[dt.datetime | None, str | None, tuple[DroppedLine, ...]]:
    refused: list[DroppedLine] = []
    for line in sorted(dated, key=has_time, reverse=True):
        try:
            return read_date(line, fetched_at=fetched_at), line, tuple(refused)
        except DateRefused as why:
            refused.append(DroppedLine(line, f"not the publication date: {why}"))
    return None, None, tuple(refused)


def _lead(body: list[str], dated: list[str]) -> tuple[str | None, list[str]]:
    rest = [line for line in body if line not in dated]
    below = [number for number, line in enumerate(body) if line in dated]
    if not below:
        return None, rest
    after = body[below[-1] + 1 :]
    lead = next((line for line in after if not furniture.is_single_line(line) and not furniture.is_mark(line)), None)
    if lead is None or not furniture.is_prose(lead):
        return None, rest
    position = rest.index(lead)
    return lead, rest[:position] + rest[position + 1 :]


def _block(line: str) -> Block:
    role: BlockRole = "paragraph"
    if line.startswith("|") and line.endswith("|") and len(line) > 1:
        cells = [cell for raw in line.strip("|").split("|") if (cell := raw.strip())]
        if len(cells) > 1:
            return Block(" | ".join(cells), "table_row")
        if cells and furniture.is_prose(cells[0]):
            return Block(cells[0])  # a boxed paragraph; titles of a related box don't end like sentences
    elif _LIST_MARK.match(line):
        role = "list_item"
    return Block(line, role)
