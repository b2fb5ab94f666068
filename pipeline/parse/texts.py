"""The text of every element of a page, read in one walk."""

from __future__ import annotations

import functools
import re
from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate
from operator import mul

from pipeline.parse.dom import BREAKING, Element, called, events
from pipeline.repair import repair_line

# pieces of text that are counted together: all of a page's, but of a page as long as a book
PIECES_AT_ONCE = 10_000

# letters of a menu or list of links: no line of links within an article is as long
MIN_LETTERS_OF_LINKS = 300
MIN_LINKED_SHARE = 0.9

_KEY = re.compile(r"\W+")
_MARGIN = re.compile(
    r"(?:^|[\s_-])(?:site-?header|top-?bar|mast-?head|(?<!post-)(?<!entry-)(?<!article-)footer|sidebar-?right|menu|related|lien-?quan|tin-?khac|clock|dong-?ho)",
    re.I,
)


@dataclass(frozen=True, slots=True)
class TypeFace:
    """A kind of type: the elements that set it, and what their style says."""

    tags: frozenset[str]
    style: re.Pattern[str]


BOLD = TypeFace(frozenset(("b", "strong")), re.compile(r"font-weight:\s*(?:bold|[6-9]00)", re.IGNORECASE))
SLANTED = TypeFace(frozenset(("i", "em")), re.compile(r"font-style:\s*italic", re.IGNORECASE))
_NO_LETTER = re.compile(r"[^\w\x00]+")
_PARTING = BREAKING | {"br"}
_BUTTONS = ("javascript:", "mailto:")


def key(text: str) -> str:
    """Return the letters and digits of a text, case folded: what makes two printings of a line the same line."""
    return _KEY.sub("", text.casefold().replace(" ", ""))  # most of what goes is single blanks


class Texts:
    """The text of every element of a page, from one walk: the length of each is known without joining it.

    Elements are known by their number in document order; `end[n]` is the number after the last one inside n.
    """

    def __init__(self, root: Element) -> None:
        self.nodes: list[Element] = []
        # numbers in arrays: a page as long as a book has a million of them, and a list takes five times the memory
        self.end = array("q")
        self._parent = array("q")
        self._pieces: list[str] = []
        self._first = array("q")
        self._last = array("q")
        self._margin: dict[int, bool] = {}
        self._printed: dict[int, dict[int, list[int]]] = {}
        self._walk(root)
        self.number = {node: number for number, node in enumerate(self.nodes)}

    def _walk(self, root: Element) -> None:
        open_: list[int] = []
        nodes, pieces, first, last, end = self.nodes, self._pieces, self._first, self._last, self.end
        for event, node in events(root):
            breaks = node.tag in _PARTING
            if event == "start":
                self._parent.append(open_[-1] if open_ else -1)
                open_.append(len(nodes))
                nodes.append(node)
                first.append(len(pieces))
                last.append(0)
                end.append(0)
                text = node.text
            else:
                number = open_.pop()
                text = node.tail
                last[number], end[number] = len(pieces) + breaks, len(nodes)
            if breaks:
                pieces.append(" ")
            if text:
                pieces.append(text)

    @functools.cached_property
    def _lengths(self) -> list[int]:
        """Of each piece, how many letters and digits are in it."""
        lengths: list[int] = []
        for first in range(0, len(self._pieces), PIECES_AT_ONCE):
            # many pieces in one search: NUL, which no text has, keeps them apart
            joined = "\x00".join(self._pieces[first : first + PIECES_AT_ONCE]).casefold()
            lengths += map(len, _NO_LETTER.sub("", joined).split("\x00"))
        return lengths

    @functools.cached_property
    def _letters(self) -> array[int]:
        return array("q", accumulate(self._lengths, initial=0))

    @functools.cached_property
    def _linked(self) -> array[int]:
        linked = bytearray(len(self._pieces))
        beyond = 0
        for number, node in enumerate(self.nodes):
            if number >= beyond and node.tag == "a" and not _leads_within(node):
                beyond = self.end[number]
                first, last = self._first[number], self._last[number]
                linked[first:last] = b"\x01" * (last - first)
        return array("q", accumulate(map(mul, self._lengths, linked), initial=0))

    @functools.cached_property
    def _words(self) -> array[int]:
        return array("q", accumulate(map(len, map(str.split, self._pieces)), initial=0))

    def of(self, node: Element) -> str:
        """Return the whole text of an element as one repaired line."""
        return self.at(self.number[node])

    def at(self, number: int) -> str:
        """Return the whole text of the element with this number as one repaired line."""
        return repair_line("".join(self._pieces[self._first[number] : self._last[number]]))

    def up_to(self, number: int, inner: int) -> str:
        """Return the text of an element up to one that lies in it, as one repaired line."""
        return repair_line("".join(self._pieces[self._first[number] : self._first[inner]]))

    def before(self, number: int) -> str:
        """Return the piece of text that the page prints last before an element, as one repaired line."""
        piece = self._first[number] - 1
        while piece >= 0 and not self._pieces[piece].strip():
            piece -= 1
        return repair_line(self._pieces[piece]) if piece >= 0 else ""

    def letters(self, number: int) -> int:
        """Return how many letters and digits an element holds: the length of the key of its text."""
        return self._letters[self._last[number]] - self._letters[self._first[number]]

    @functools.cached_property
    def _by_letters(self) -> dict[int, list[int]]:
        found: dict[int, list[int]] = {}
        for number in range(len(self.nodes)):
            found.setdefault(self.letters(number), []).append(number)
        return found

    def printed(self, line: str) -> list[int]:
        """Return the elements that hold a line, given as its key, and nothing else."""
        length = len(line)
        if length not in self._printed:
            self._printed[length] = self._keys_of(self._by_letters.get(length, []))
        return self._printed[length].get(hash(line), [])

    def _keys_of(self, numbers: list[int]) -> dict[int, list[int]]:
        """Return by the hash of their key the elements that hold as many letters; one inside another of them holds the
        same text."""
        keys: dict[int, int] = {}
        found: dict[int, list[int]] = {}
        for number in numbers:
            around = keys.get(self._parent[number])
            keys[number] = hash(key(self.at(number))) if around is None else around
            found.setdefault(keys[number], []).append(number)
        return found

    def linked(self, number: int) -> int:
        """Return how many of the letters and digits of an element are in links."""
        return self._linked[self._last[number]] - self._linked[self._first[number]]

    def words(self, number: int) -> int:
        """Return about how many words an element holds: one cut by markup counts twice."""
        return self._words[self._last[number]] - self._words[self._first[number]]

    def lines(self, first: int, beyond: int) -> Iterator[int]:
        """Give the elements from number `first` up to `beyond` that hold a line: text, and no line within."""
        number = first
        while number < beyond:
            if self.letters(number) and not self.is_line(number):
                number += 1
                continue
            if self.letters(number):
                yield number
            number = self.end[number]

    def is_line(self, number: int) -> bool:
        """Whether no part of an element begins a line of its own."""
        inside = range(number + 1, self.end[number])
        return not any(self.nodes[one].tag in BREAKING and self.letters(one) for one in inside)

    def wholly(self, number: int, kind: TypeFace) -> bool:
        """Whether all letters of an element are in one kind of type, by their elements or their style."""
        letters, one = 0, number
        while one < self.end[number]:
            if self.nodes[one].tag in kind.tags or kind.style.search(self.nodes[one].get("style") or ""):
                letters += self.letters(one)
                one = self.end[one]
            else:
                one += 1
        return 0 < letters == self.letters(number)

    def parts(self, number: int) -> list[str]:
        """Return the pieces of text of an element that its tags part, each a repaired line, empty ones left out."""
        pieces = map(repair_line, self._pieces[self._first[number] : self._last[number]])
        return [piece for piece in pieces if piece]

    def link_blocks(self) -> list[int]:
        """Return the outermost elements that are menus and lists of titles: long, and hardly a word not linked."""
        blocks: list[int] = []
        number = 0
        while number < len(self.nodes):
            letters = self.letters(number)
            if letters >= MIN_LETTERS_OF_LINKS and self.linked(number) >= MIN_LINKED_SHARE * letters:
                blocks.append(number)
                number = self.end[number]
            else:
                number += 1
        return blocks

    def links_between(self, above: int, below: int) -> list[int]:
        """Return the links with letters that stand after one element and before another; buttons are none."""
        links = (one for one in range(self.end[above], below) if self.nodes[one].tag == "a" and self.letters(one))
        return [one for one in links if not (self.nodes[one].get("href") or "mailto:").startswith(_BUTTONS)]

    def contains(self, outer: int, inner: int) -> bool:
        """Whether the element `inner` is `outer` or lies in it."""
        return outer <= inner < self.end[outer]

    def in_margin(self, number: int) -> bool:
        """Whether an element lies in a footer, a menu, a column beside the article or a box of other articles."""
        above: list[int] = []
        while number >= 0 and number not in self._margin:
            above.append(number)
            number = self._parent[number]
        inside = number >= 0 and self._margin[number]
        for step in reversed(above):
            inside = inside or _is_margin(self.nodes[step])
            self._margin[step] = inside
        return inside


def _leads_within(link: Element) -> bool:
    """Whether a link leads to another place on the page ("#muc-2"), as those of a table of contents do."""
    address = link.get("href") or ""
    return len(address) > 1 and address[0] == "#"


def _is_margin(node: Element) -> bool:
    if node.tag in ("html", "body"):
        return False  # which columns a page has: "has-sidebar-right"
    if node.tag == "footer" and next(node.iterancestors("article"), None) is not None:
        return False  # what stands below an article: author, date, section
    return node.tag in ("footer", "aside", "nav") or bool(_MARGIN.search(called(node)))
