"""From a container of the page to its printed lines, in reading order, with the captions of its pictures apart."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import islice
from typing import Literal

from pipeline.parse.dom import BREAKING, HEADINGS, Element, cut_subtree, events, text_of
from pipeline.records import Block, BlockRole
from pipeline.repair import repair_line

# a bold paragraph of more words is an emphasised paragraph, not a subhead (longest subhead seen: 19 words)
MAX_HEADING_WORDS = 25
MAX_BYLINE_WORDS = 12
# the longest caption in the collected pages has 62 words
MAX_CAPTION_WORDS = 70

# a frame of more words is a part of the article with a picture in it
MAX_WORDS_OF_FRAME = 40
MAX_FRAMES, MAX_PIECES_OF_FRAME = 4, 100

_FRAMES = frozenset(("a", "center", "div", "figure", "p", "picture", "span"))
_Table = Literal["data", "frame", "layout"]
_Look = Literal["bold", "slanted", "middle", "classed", "linked"]

_BOLD = frozenset(("b", "strong"))
_SLANTED = frozenset(("i", "em", "small"))
_PICTURE = re.compile(r"\.(?:jpe?g|png|gif|webp|avif)(?:$|\?)", re.I)
_TO_THE_RIGHT = re.compile(r"text-align:\s*right", re.I)
_CALLED_RIGHT = re.compile(r"(?:^|\s)(?:has-text-align-right|text-right|text-end|align-?right|rteright)(?:\s|$)", re.I)
_TO_THE_MIDDLE = re.compile(r"text-align:\s*center", re.I)
_CALLED_MIDDLE = re.compile(r"(?:^|\s)(?:has-text-align-center|text-center|align-?center|rtecenter)(?:\s|$)", re.I)


@dataclass(slots=True)
class Lines:
    """What a container prints: its lines, and the captions that its pictures' surroundings tell, each with how many
    lines stand above it."""

    blocks: tuple[Block, ...]
    below: dict[str, int]

    @property
    def captions(self) -> tuple[str, ...]:
        return tuple(self.below)


def read_blocks(container: Element) -> Lines:
    """Return the lines of a container.

    A `<br>` ends a line unless the sentence plainly goes on after it. Right below a picture, a line that is set in
    the middle, slanted or in a span with a class as a whole is its caption, and so is all text of a table around a
    picture.
    """
    reader = _Reader(container, _tables(container))
    for event, node in (walk := events(container)):
        if event == "end":
            reader.leave(node, tail=node is not container)
        elif reader.enter(node):
            cut_subtree(walk)
    reader.end_line()
    return Lines(tuple(reader.blocks), reader.captions)


@dataclass(slots=True)
class _Reader:
    """Collects text until an element that begins a new line ends it."""

    container: Element
    tables: dict[Element, _Table]
    blocks: list[Block] = field(default_factory=list)
    captions: dict[str, int] = field(default_factory=dict)
    text: list[str] = field(default_factory=list)
    roles: list[BlockRole] = field(default_factory=list)
    looks: list[frozenset[_Look]] = field(default_factory=lambda: [frozenset()])  # in each open element
    shared: frozenset[_Look] | None = None  # by all words of the line, None before the first
    broken: bool = False
    below_picture: bool = False
    frame: str = ""

    def enter(self, node: Element) -> bool:
        """Take in the start of an element; return whether all of it is read."""
        tag = node.tag
        if not isinstance(tag, str):
            return True
        if tag == "table" and self._read_table(node):
            return True
        if tag == "br":
            self._break()
        elif tag == "img":
            self.end_line()
            self.below_picture = True
            self.frame = _frame_of(node, self.container)
        elif tag in BREAKING:
            self.end_line()
            self.roles.append(_role(node, self.roles[-1] if self.roles else "paragraph"))
        own = _looks_of(node)
        self.looks.append(self.looks[-1] | own if own else self.looks[-1])
        self._add(node.text)
        return False

    def leave(self, node: Element, *, tail: bool) -> None:
        """Take in the end of an element and, with `tail`, the text after it."""
        if isinstance(node.tag, str) and not (node.tag == "table" and self._is_read_table(node)):
            if node.tag in BREAKING:
                self.end_line()
                self.roles.pop()
            self.looks.pop()
        if tail:
            self._add(node.tail)

    def end_line(self) -> None:
        line = repair_line("".join(self.text)) if self.text else ""
        if line:
            role = self.roles[-1] if self.roles else "paragraph"
            if self.below_picture and self._looks_like_caption(role, line):
                self.captions.setdefault(line, len(self.blocks))
            else:
                self.blocks.append(Block(line, "heading" if self._is_subhead(role, line) else role))
            self.below_picture = False  # one line only: the next may be a slanted paragraph
        self.text, self.shared, self.broken = [], None, False

    def _add(self, text: str | None) -> None:
        if not text:
            return
        if self.broken and text.strip():
            self.broken = False
            if not _goes_on("".join(self.text), text):
                self.end_line()
        self.text.append(text)
        if not text.isspace():
            self.shared = self.looks[-1] if self.shared is None else self.shared & self.looks[-1]

    def _break(self) -> None:
        if self.broken:  # two in a row: a new paragraph for certain
            self.end_line()
        elif "".join(self.text).strip():
            self.broken = True
            self.text.append(" ")

    def _wholly(self, look: _Look) -> bool:
        return self.shared is not None and look in self.shared

    def _is_subhead(self, role: BlockRole, line: str) -> bool:
        bold = role == "paragraph" and self._wholly("bold")
        return bold and len(line.split()) <= MAX_HEADING_WORDS and not line.endswith((".", ";", ","))

    def _looks_like_caption(self, role: BlockRole, line: str) -> bool:
        apart = self._wholly("slanted") or (self._wholly("middle") and not self._wholly("bold"))
        # editors paste whole paragraphs as a <span>, but those end like sentences
        apart = (
            apart or line in self.frame or (self._wholly("classed") and not line.endswith((".", "!", "?", ":", "”")))
        )
        short = len(line.split()) <= MAX_CAPTION_WORDS and any(map(str.isalpha, line))  # "1/6" counts pictures
        return role == "paragraph" and apart and short and not self._wholly("linked")  # a link is a title

    def _read_table(self, table: Element) -> bool:
        """Read a table of data row by row, and a frame around pictures as their caption; False for any other table."""
        rows = table.iter("tr")
        if self.tables[table] == "frame":
            self.end_line()
            self.captions |= {line: len(self.blocks) for row in rows if (line := text_of(row))} | self.captions
        elif self.tables[table] == "data":
            self.end_line()
            lines = (" | ".join(filter(None, map(text_of, row.iterchildren("td", "th")))) for row in rows)
            self.blocks += (Block(line, "table_row") for line in lines if line)
        return self._is_read_table(table)

    def _is_read_table(self, node: Element) -> bool:
        return self.tables.get(node, "layout") != "layout"


def _role(node: Element, around: BlockRole) -> BlockRole:
    if node.tag in HEADINGS:
        return "heading"
    if node.tag == "li":
        return "list_item"
    # papers set the author's name, and nothing else of few words, to the right
    if node.tag not in ("p", "div"):
        return around
    right = _is_called(node, _CALLED_RIGHT) or _is_set(node, "right", _TO_THE_RIGHT)
    lines = 2 if right and next(node.iter("br"), None) is not None else 1  # an office below the name
    return "byline" if right and len(text_of(node).split()) <= lines * MAX_BYLINE_WORDS else around


def _looks_of(node: Element) -> frozenset[_Look]:
    """Return how an element sets the text in it apart."""
    if node.tag in _BOLD:
        looks: set[_Look] = {"bold"}
    elif node.tag in _SLANTED:
        looks = {"slanted"}
    else:
        classed = node.tag == "span" and node.get("class") is not None
        looks = {"classed"} if classed else {"linked"} if node.tag == "a" and _leads_away(node) else set()
    # a <div> set in the middle may hold the whole article
    if node.tag != "div" and (_is_set(node, "center", _TO_THE_MIDDLE) or _is_called(node, _CALLED_MIDDLE)):
        looks.add("middle")
    return frozenset(looks)


def _is_set(node: Element, align: str, style: re.Pattern[str]) -> bool:
    styled = node.get("style")
    return node.get("align") == align or node.tag == align or bool(styled and style.search(styled))


def _is_called(node: Element, name: re.Pattern[str]) -> bool:
    called = node.get("class")
    return called is not None and name.search(called) is not None


def _leads_away(link: Element) -> bool:
    """Whether a link leads to a page, and not to a picture of this one."""
    address = link.get("href") or "#"
    return not address.startswith(("#", "javascript:")) and not _PICTURE.search(address)


def _frame_of(picture: Element, container: Element) -> str:
    """Return what is written in the element within a container that holds a picture and little else, empty when there
    is none.

    A paragraph that opens with a picture holds text: only one set in the middle is a frame.
    """
    for around in islice(picture.iterancestors(), MAX_FRAMES):
        if around is container or around.tag not in _FRAMES:
            return ""
        words = " ".join(str(text) for text in islice(around.itertext(), MAX_PIECES_OF_FRAME)).split()
        if words:
            set_apart = around.tag != "p" or _is_set(around, "center", _TO_THE_MIDDLE)
            return repair_line(" ".join(words)) if set_apart and len(words) <= MAX_WORDS_OF_FRAME else ""
    return ""


def _tables(container: Element) -> dict[Element, _Table]:
    """Return of each table whether it holds rows of data, is a frame around pictures, or only lays out the page.

    Tables with tables in them are layout: each is looked at once, however deep they are nested.
    """
    kinds: dict[Element, _Table] = {}
    open_: list[Element] = []
    for event, node in events(container, "table"):
        if event == "start":
            if open_:
                kinds[open_[-1]] = "layout"
            open_.append(node)
        else:
            open_.pop()
            if node not in kinds:
                kinds[node] = _kind_of_table(node)
    return kinds


def _kind_of_table(table: Element) -> _Table:
    if next(table.iter("img"), None) is not None:
        words = len(text_of(table).split())
        linked = sum(len(text_of(link).split()) for link in table.iter("a"))
        return "frame" if words <= MAX_CAPTION_WORDS and 2 * linked <= words else "layout"
    rows_of_cells = any(sum(cell.tag in ("td", "th") for cell in row) > 1 for row in table.iter("tr"))
    return "data" if rows_of_cells else "layout"


def _goes_on(before: str, after: str) -> bool:
    ended = before.rstrip().endswith((".", "!", "?", ":", ";", "…", ".”", '."'))
    first = after.lstrip()[:1]
    return bool(before.strip()) and not ended and first.islower()
