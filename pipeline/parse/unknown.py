"""The body and the day of a page whose design nobody described: the only door to trafilatura and htmldate.

Both are loaded when the first such page comes: they take a tenth of a second, which a build of pages by their sites'
profiles needs not.
"""

from __future__ import annotations

import datetime as dt
import logging
import re
from collections.abc import Iterator
from itertools import islice

from pipeline.furniture import is_prose
from pipeline.parse.blocks import read_blocks
from pipeline.parse.dates import VIETNAM
from pipeline.parse.dom import BREAKING, Element, called, markup, select, text_of
from pipeline.parse.tree import Tree
from pipeline.records import Block, BlockRole
from pipeline.repair import repair_line

# a body found with precision in mind that is shorter is suspected of having lost paragraphs
MIN_PRECISE_WORDS = 60
# … and one that is shorter of being a box beside an article whose lines end with <br>, if that is so many times longer
MIN_SURE_WORDS, TIMES_LONGER = 120, 2
# letters in no element of their own that make an element one of such lines
MIN_BARE_LETTERS = 250

# the largest article page seen has 1,800 elements besides what is not looked at; trafilatura's time grows with the
# square of their number: 20,000 tables take it many minutes
MAX_ELEMENTS = 6_000
# elements around paragraphs that may be called a box of comments
MAX_AROUND = 6
_COMMENTS = re.compile(r"comment|binh-?luan|y-?kien", re.IGNORECASE)
# elements that trafilatura takes out of every page
_MARGINS = ("head", "aside", "footer", "menu", "nav", "dialog", "fieldset", "canvas", "map", "audio", "video")
# what an element is called for a moment whose contents are not to be read; copying the page without it takes longer
_UNREAD = "script"
_ROLES: dict[str, BlockRole] = {"head": "heading", "item": "list_item"}
# both talk of every page they cannot read; a refusal says it once, in our words
for _name in ("trafilatura", "htmldate"):
    logging.getLogger(_name).setLevel(logging.CRITICAL)


def main_blocks(tree: Tree) -> tuple[Block, ...]:
    """Return the lines of the page's main text as trafilatura finds it, precision before recall; () when none.

    Its own extractor comes first; only where that finds little it compares with its two fallbacks, at twice the time.
    """
    margins = _margins(tree)
    if len(tree.texts.nodes) - sum(tree.texts.end[one] - one for one in margins) > MAX_ELEMENTS:
        return _prose(tree)
    page = _markup_without(tree, margins)
    found = _extract(page, precision=True, fast=True)
    for precision in (True, False):
        if _words(found) >= MIN_PRECISE_WORDS:
            break
        found = max(found, _extract(page, precision=precision, fast=False), key=_words)
    told = _words(tuple(block for block in found if is_prose(block.text)))
    if told < MIN_PRECISE_WORDS:
        together = _prose_together(tree)
        return together if _words(together) >= MIN_PRECISE_WORDS else found
    if told < MIN_SURE_WORDS:
        bare = _bare_prose(tree)
        return bare if _words(bare) >= TIMES_LONGER * told else found
    return found


def _prose(tree: Tree) -> tuple[Block, ...]:
    """Return every line of the page that reads like a paragraph and is no link."""
    return tuple(Block(tree.texts.at(number)) for number in _lines_of_prose(tree))


def _lines_of_prose(tree: Tree) -> Iterator[int]:
    texts = tree.texts
    for number in texts.lines(0, len(texts.nodes)):
        little_linked = 2 * texts.linked(number) < texts.letters(number)
        if little_linked and not texts.in_margin(number) and is_prose(texts.at(number)):
            yield number


def _prose_together(tree: Tree) -> tuple[Block, ...]:
    """Return the paragraphs that stand side by side in one element, of all elements in that with the most words."""
    together: dict[int, list[int]] = {}
    for number in _lines_of_prose(tree):
        around = [*islice(tree.texts.nodes[number].iterancestors(), MAX_AROUND)]
        if around and not any(_COMMENTS.search(called(one)) for one in around):
            together.setdefault(tree.texts.number[around[0]], []).append(number)
    largest = max(together.values(), key=lambda numbers: sum(map(tree.texts.words, numbers)), default=[])
    return max(tuple(Block(tree.texts.at(number)) for number in largest), _bare_prose(tree), key=_words)


def _bare_prose(tree: Tree) -> tuple[Block, ...]:
    """Return the paragraphs in no element of their own of the element that holds the most such text: its lines end with
    <br>, and pictures with a caption stand among them."""
    texts = tree.texts
    bare = {number: texts.letters(number) for number, node in enumerate(texts.nodes) if node.tag in BREAKING}
    for number in bare:
        around = next((one for one in texts.nodes[number].iterancestors() if one.tag in BREAKING), None)
        if around is not None:
            bare[texts.number[around]] -= texts.letters(number)
    number = max(bare, key=lambda one: 0 if texts.in_margin(one) else bare[one] - texts.linked(one), default=0)
    holders = (texts.nodes[number], *islice(texts.nodes[number].iterancestors(), MAX_AROUND))
    if bare.get(number, 0) < MIN_BARE_LETTERS or any(_COMMENTS.search(called(one)) for one in holders):
        return ()
    return tuple(block for block in read_blocks(texts.nodes[number]).blocks if is_prose(block.text))


def _margins(tree: Tree) -> list[int]:
    """Return the outermost elements that trafilatura would leave out itself, at greater length."""
    texts = tree.texts
    found: list[int] = []
    beyond = 1  # not the page itself
    for number in sorted({*texts.link_blocks(), *(texts.number[node] for node in tree.root.iter(*_MARGINS))}):
        # a broken name (<div">) is read off the page, but no element can be given it back
        if number >= beyond and str(texts.nodes[number].tag).isalnum():
            found.append(number)
            beyond = texts.end[number]
    return found


def _markup_without(tree: Tree, away: list[int]) -> str:
    """Return the markup of the page, in which the contents of some elements are not read. The page is not changed."""
    nodes = [tree.texts.nodes[number] for number in away]
    tags = [node.tag for node in nodes]
    try:
        for node in nodes:
            node.tag = _UNREAD
        return markup(tree.root)
    finally:
        for node, tag in zip(nodes, tags, strict=True):
            node.tag = tag


def stated_day(root: Element, fetched_at: dt.datetime) -> str | None:
    """Return the publication day (ISO) that htmldate reads off what a page says of itself in its head, or None.

    Among the texts it takes the clock of the site's header for one.
    """
    latest = fetched_at.astimezone(VIETNAM).strftime("%Y-%m-%d")
    head = next(root.iter("head"), None)
    if head is None:
        return None
    import htmldate

    found = htmldate.find_date(
        markup(head), original_date=True, extensive_search=False, min_date="1995-01-01", max_date=latest
    )
    return str(found) if found else None


def _extract(page: str, *, precision: bool, fast: bool) -> tuple[Block, ...]:
    import trafilatura

    document = trafilatura.bare_extraction(
        page,
        fast=fast,
        favor_precision=precision,
        include_comments=False,
        include_tables=True,
        include_images=False,
        include_formatting=True,
        deduplicate=False,
        with_metadata=False,
    )
    body = getattr(document, "body", None)
    return tuple(_blocks(body)) if body is not None else ()


def _blocks(node: Element) -> list[Block]:
    blocks: list[Block] = []
    for child in node:
        if child.tag in ("list", "quote", "div", "table"):
            if child.tag == "quote" and (child.text or "").strip():
                blocks.append(Block(text_of(child)))
            else:
                blocks += _blocks(child)
        elif child.tag == "row":
            line = " | ".join(text for cell in select(child, "cell") if (text := text_of(cell)))
            blocks += [Block(line, "table_row")] if line else []
        else:
            role = _ROLES.get(str(child.tag), "paragraph")
            blocks += [Block(line, role) for line in _lines(child)]
    return blocks


def _lines(node: Element) -> list[str]:
    for lb in select(node, "lb"):
        lb.tail = "\n" + (lb.tail or "")
    text = "".join(str(part) for part in node.itertext())
    return [line for raw in text.split("\n") if (line := repair_line(raw))]


def _words(blocks: tuple[Block, ...]) -> int:
    return sum(len(block.text.split()) for block in blocks)
