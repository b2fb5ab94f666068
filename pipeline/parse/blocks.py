"""From a container of the page to its printed lines, in reading order."""

from __future__ import annotations

import re

from pipeline.parse.dom import Element, select, text_of
from pipeline.repair import repair_line
from pipeline.schema import Block, BlockRole

_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_BREAKING = _HEADINGS | frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "caption",
        "center",
        "dd",
        "details",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "header",
        "hr",
        "li",
        "main",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
    ]
)
# a bold paragraph of more words is an emphasised paragraph, not a subhead (longest subhead seen: 19 words)
MAX_HEADING_WORDS = 25
MAX_BYLINE_WORDS = 12

_TO_THE_RIGHT = re.compile(r"text-align:\s*right", re.I)


def read_blocks(container: Element) -> tuple[Block, ...]:
    """Return the lines of a container. A `<br>` ends a line unless the sentence plainly goes on after it."""
    reader = _Reader()
    reader.walk(container, "paragraph")
    reader.end_line("paragraph")
    return tuple(reader.blocks)


class _Reader:
    """Collects text until an element that begins a new line ends it."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self._text: list[str] = []
        self._bold = 0
        self._plain = 0
        self._broken = False

    def walk(self, node: Element, role: BlockRole) -> None:
        self._add(node.text, bold=_is_bold(node))
        for child in node:
            self._enter(child, role)
            self._add(child.tail, bold=_is_bold(node))

    def _enter(self, child: Element, role: BlockRole) -> None:
        tag = child.tag
        if not isinstance(tag, str):
            return
        if tag == "br":
            self._break(role)
        elif tag == "table" and _is_data(child):
            self.end_line(role)
            self._read_table(child)
        elif tag in _BREAKING:
            self.end_line(role)
            inner = _role(child, role)
            self.walk(child, inner)
            self.end_line(inner)
        else:
            self.walk(child, role)

    def _add(self, text: str | None, *, bold: bool) -> None:
        if not text:
            return
        if self._broken and text.strip():
            self._broken = False
            if not _goes_on("".join(self._text), text):
                self.end_line("paragraph")
        self._text.append(text)
        words = len(text.split())
        self._bold += words if bold else 0
        self._plain += 0 if bold else words

    def _break(self, role: BlockRole) -> None:
        if self._broken:  # two in a row: a new paragraph for certain
            self.end_line(role)
        elif "".join(self._text).strip():
            self._broken = True
            self._text.append(" ")

    def end_line(self, role: BlockRole) -> None:
        line = repair_line("".join(self._text))
        if line:
            bold = self._bold > 0 and not self._plain and len(line.split()) <= MAX_HEADING_WORDS
            subhead = role == "paragraph" and bold and not line.endswith((".", ";", ","))
            self.blocks.append(Block(line, "heading" if subhead else role))
        self._text, self._bold, self._plain, self._broken = [], 0, 0, False

    def _read_table(self, table: Element) -> None:
        for row in select(table, "tr"):
            cells = [text_of(cell) for cell in row if cell.tag in ("td", "th")]
            line = " | ".join(cell for cell in cells if cell)
            if line:
                self.blocks.append(Block(line, "table_row"))


def _role(node: Element, around: BlockRole) -> BlockRole:
    if node.tag in _HEADINGS:
        return "heading"
    if node.tag == "li":
        return "list_item"
    # papers set the author's name, and nothing else of few words, to the right
    right = node.get("align") == "right" or _TO_THE_RIGHT.search(node.get("style") or "")
    return "byline" if right and len(text_of(node).split()) <= MAX_BYLINE_WORDS else around


def _is_bold(node: Element) -> bool:
    return any(step.tag in ("b", "strong") for step in (node, *node.iterancestors()))


def _is_data(table: Element) -> bool:
    """Whether a table holds rows of cells, and is not a frame around pictures or paragraphs."""
    if select(table, "table table, img"):
        return False
    return any(sum(cell.tag in ("td", "th") for cell in row) > 1 for row in select(table, "tr"))


def _goes_on(before: str, after: str) -> bool:
    ended = before.rstrip().endswith((".", "!", "?", ":", ";", "…", ".”", '."'))
    first = after.lstrip()[:1]
    return bool(before.strip()) and not ended and first.islower()
