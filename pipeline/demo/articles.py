"""One article of the demo newspaper, read from `<id>.md` and the truth beside it; the format is data/demo/FORMAT.md."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import tomli

from pipeline.demo.truth import DemoArticleInvalid, TrueFigure, TrueMovement, read_truth

CELL_BREAK = " | "

BlockKind = Literal["paragraph", "heading", "picture", "list", "table", "box"]


@dataclass(frozen=True, slots=True)
class DemoBlock:
    """A block of a body. `rows` has one row a printed line, several cells only in a table; the first row is its head.

    A picture has its caption as its only line and its file in `picture`.
    """

    kind: BlockKind
    rows: tuple[tuple[str, ...], ...]
    picture: str | None = None

    @property
    def lines(self) -> tuple[str, ...]:
        """The block's printed lines; the cells of a table row are joined by " | "."""
        return tuple(CELL_BREAK.join(row) for row in self.rows)


@dataclass(frozen=True, slots=True)
class Edition:
    """What an article says on one day, and the truth about it."""

    body: tuple[DemoBlock, ...]
    movements: tuple[TrueMovement, ...]
    figures: tuple[TrueFigure, ...]

    @property
    def body_lines(self) -> tuple[str, ...]:
        """The printed lines of the body in reading order, captions apart."""
        return tuple(line for block in self.body if block.kind != "picture" for line in block.lines)

    @property
    def captions(self) -> tuple[str, ...]:
        """The captions of the body's pictures, in order."""
        return tuple(line for block in self.body if block.kind == "picture" for line in block.lines)


@dataclass(frozen=True, slots=True)
class DemoArticle:
    """One article of a demo paper with both its editions; `second` is None for one that is never edited."""

    paper: str
    id: int
    slug: str
    section: str
    title: str
    lead: str | None
    published: dt.datetime
    modified: dt.datetime | None
    authors: tuple[str, ...]
    dateline: str | None
    tags: tuple[str, ...]
    full_length: bool
    day: int
    gone_on_day_2: bool
    related: tuple[int, ...]
    first: Edition
    second: Edition | None
    path: Path

    def edition(self, day: int) -> Edition:
        """What the article says on that day."""
        return self.second if day >= 2 and self.second else self.first

    def changed(self, day: int) -> dt.datetime:
        """When what it says on that day was published or last edited."""
        return self.modified if self.edition(day) is self.second and self.modified else self.published

    def on_line(self, day: int) -> bool:
        """Whether the site has the article on that day."""
        return self.day <= day and not (day >= 2 and self.gone_on_day_2)

    def text(self, day: int = 1) -> str:
        """Title, lead (without dateline) and body lines joined by line breaks, as `Article.text` should be."""
        return "\n".join((self.title, *((self.lead,) if self.lead else ()), *self.edition(day).body_lines))


# --------------------------------------------------------------------------- the article
_PICTURE = re.compile(r"!\[(?P<caption>.+)\]\((?P<picture>[^()\s]+)\)")
_RULE_ROW = re.compile(r"\|(\s*:?-{3,}:?\s*\|)+")
_DAY_2 = "// day 2"
_FIELDS: Mapping[str, tuple[type, bool]] = {
    # name: type, required
    "id": (int, True),
    "slug": (str, True),
    "section": (str, True),
    "title": (str, True),
    "lead": (str, False),
    "published": (dt.datetime, True),
    "modified": (dt.datetime, False),
    "authors": (list, False),
    "dateline": (str, False),
    "tags": (list, False),
    "full_length": (bool, False),
    "day": (int, False),
    "gone_on_day_2": (bool, False),
    "related": (list, False),
}


def read_article(path: Path) -> DemoArticle:
    """Read one article and the truth beside it.

    Raises:
        DemoArticleInvalid: naming the file, the line where there is one, and what was expected.
    """
    front, body, first_line = _split(path)
    fields = _front_matter(path, front)
    on_day_1, on_day_2 = _days(body)
    truth = read_truth(path.with_suffix(".json"), edited=on_day_2 is not None)
    if (on_day_2 is None) != ("modified" not in fields):
        raise DemoArticleInvalid(f'{path}: an article has both a "{_DAY_2}" body and `modified = …`, or neither')
    second = None
    if on_day_2 is not None:
        second_line = first_line + len(on_day_1) + 1
        second = Edition(tuple(_blocks(path, on_day_2, second_line)), truth.movements_day_2, truth.figures_day_2)
    return DemoArticle(
        paper=path.parent.name,
        id=fields["id"],
        slug=fields["slug"],
        section=fields["section"],
        title=fields["title"],
        lead=fields.get("lead"),
        published=fields["published"],
        modified=fields.get("modified"),
        authors=tuple(fields.get("authors", ())),
        dateline=fields.get("dateline"),
        tags=tuple(fields.get("tags", ())),
        full_length=fields.get("full_length", False),
        day=fields.get("day", 1),
        gone_on_day_2=fields.get("gone_on_day_2", False),
        related=tuple(fields.get("related", ())),
        first=Edition(tuple(_blocks(path, on_day_1, first_line)), truth.movements, truth.figures),
        second=second,
        path=path,
    )


def _split(path: Path) -> tuple[str, list[str], int]:
    """Return the front matter, the lines of the body, and the file's line number of the first of these."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except UnicodeDecodeError as error:
        raise DemoArticleInvalid(f"{path}: not UTF-8: {error}") from error
    if not lines or lines[0] != "+++":
        raise DemoArticleInvalid(f"{path}:1: expected +++")
    try:
        end = lines.index("+++", 1)
    except ValueError:
        raise DemoArticleInvalid(f"{path}: the front matter has no closing +++") from None
    return "\n".join(lines[1:end]), lines[end + 1 :], end + 2


def _front_matter(path: Path, front: str) -> dict[str, Any]:
    try:
        fields = tomli.loads(front)
    except tomli.TOMLDecodeError as error:
        # the message counts lines of the front matter, which starts on line 2 of the file
        told = re.sub(r"line (\d+)", lambda found: f"line {int(found[1]) + 1}", str(error))
        raise DemoArticleInvalid(f"{path}: front matter: {told}") from error
    if unknown := fields.keys() - _FIELDS.keys():
        raise DemoArticleInvalid(f"{path}: front matter: unknown {', '.join(sorted(unknown))}")
    for name, (expected, required) in _FIELDS.items():
        if name not in fields and required:
            raise DemoArticleInvalid(f"{path}: front matter: {name} is missing")
        if name in fields and type(fields[name]) is not expected:
            raise DemoArticleInvalid(f"{path}: front matter: {name} = {fields[name]!r}: expected {expected.__name__}")
    _check_members(path, fields)
    return fields


def _check_members(path: Path, fields: Mapping[str, Any]) -> None:
    for name, expected in (("authors", str), ("tags", str), ("related", int)):
        if wrong := [member for member in fields.get(name, ()) if type(member) is not expected]:
            raise DemoArticleInvalid(f"{path}: front matter: {name}: {wrong[0]!r}: expected {expected.__name__}")
    for name in ("published", "modified"):
        if name in fields and fields[name].utcoffset() is None:
            raise DemoArticleInvalid(
                f"{path}: front matter: {name} = {fields[name]}: expected an offset such as +07:00"
            )
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", fields["slug"]):
        raise DemoArticleInvalid(
            f"{path}: front matter: slug = {fields['slug']!r}: expected words of a-z0-9 and hyphens"
        )
    if fields.get("day", 1) not in (1, 2):
        raise DemoArticleInvalid(f"{path}: front matter: day = {fields['day']}: expected 1 or 2")


def _days(body: list[str]) -> tuple[list[str], list[str] | None]:
    """Cut a body at the line "// day 2"; no second body for an article that is never edited."""
    if _DAY_2 not in body:
        return body, None
    cut = body.index(_DAY_2)
    return body[:cut], body[cut + 1 :]


def _blocks(path: Path, lines: list[str], first_line: int) -> Iterator[DemoBlock]:
    """Yield the blocks of a body; list items, table rows and boxed lines that follow each other are one block."""
    open_kind: BlockKind | None = None
    rows: list[tuple[str, ...]] = []
    for number, line in enumerate([*lines, ""], start=first_line):
        kind, row, picture = _read_line(f"{path}:{number}", line)
        if kind != open_kind or kind not in ("list", "table", "box"):
            if open_kind and rows:
                yield DemoBlock(open_kind, tuple(rows))
            open_kind, rows = (kind, []) if kind in ("list", "table", "box") else (None, [])
        if open_kind:
            if row and rows and open_kind == "table" and len(row) != len(rows[0]):
                raise DemoArticleInvalid(f"{path}:{number}: {len(row)} cells, the table's head has {len(rows[0])}")
            rows += [row] if row else []
        elif kind:
            yield DemoBlock(kind, (row,), picture)


def _check_spelling(where: str, line: str) -> None:
    if line != line.strip() or "  " in line or "\t" in line or "\xa0" in line:
        raise DemoArticleInvalid(
            f"{where}: spaces at an end, double spaces, tabs or no-break spaces: expected single ones"
        )
    if "**" in line or "__" in line or line.startswith(("# ", "### ", "* ", "<")):
        raise DemoArticleInvalid(f"{where}: {line[:40]!r}: not in the format (no bold, only ## headings and - lists)")


def _read_line(where: str, line: str) -> tuple[BlockKind | None, tuple[str, ...], str | None]:
    """Return kind, cells and picture file of a line; no cells for the rule under a table's head."""
    if not line:
        return None, (), None
    _check_spelling(where, line)
    if line.startswith("!"):
        if not (found := _PICTURE.fullmatch(line)):
            raise DemoArticleInvalid(f"{where}: expected ![caption](file.jpg)")
        return "picture", (found["caption"],), found["picture"]
    if line.startswith("|"):
        if _RULE_ROW.fullmatch(line):
            return "table", (), None
        if not line.endswith("|") or len(line) < len("|x|"):
            raise DemoArticleInvalid(f"{where}: a table row starts and ends with |")
        return "table", tuple(cell.strip() for cell in line[1:-1].split("|")), None
    marks: tuple[tuple[str, BlockKind], ...] = (("## ", "heading"), ("- ", "list"), ("> ", "box"))
    for mark, kind in marks:
        if line.startswith(mark):
            return kind, (line.removeprefix(mark).strip(),), None
    return "paragraph", (line,), None
