"""The body of a page of unknown design: trafilatura says where it is, its lines are read off the page itself, so that
boxed parts stay and captions are told apart."""

from __future__ import annotations

import re

from pipeline import furniture
from pipeline.parse.dom import Element, contains, select, text_of
from pipeline.parse.layout import Reading, families, read_body
from pipeline.parse.unknown import main_blocks
from pipeline.schema import Block, DroppedLine

# of the characters trafilatura found, the share that the container must hold; lower ones lost sections on test pages
MIN_HELD_SHARE = 0.95
# shorter lines occur all over a page and say nothing of where the body is
MIN_TELLING_CHARACTERS = 40
# a line with a larger share of its characters in links is a link, not prose
MAX_LINKED_SHARE = 0.8
LINK_REASON = "a link among the paragraphs"

_KEY = re.compile(r"\W+")


def key(text: str) -> str:
    """Return the letters and digits of a text, case folded: what makes two printings of a line the same line."""
    return _KEY.sub("", text.casefold())


def find_body(root: Element, title: str, lead: str, reading: Reading) -> None:
    """Read blocks, captions and dropped lines into `reading`; nothing when the page has no main text."""
    found = main_blocks(root)
    if not found:
        return
    reading.origin["blocks"] = "generic: trafilatura"
    reading.blocks = found
    telling = {key(block.text) for block in found if len(block.text) >= MIN_TELLING_CHARACTERS}
    container = _holding(root, telling - {key(title), key(lead)})
    if container is None:
        return
    shared = families()
    read_body(container, shared.drop, shared.captions, reading)
    wanted = {key(block.text) for block in found}
    matched = [number for number, block in enumerate(reading.blocks) if key(block.text) in wanted]
    if not matched:
        reading.blocks = found
        return
    _keep_body(reading, matched, _linked_lines(container))


def _keep_body(reading: Reading, matched: list[int], linked: frozenset[str]) -> None:
    """Keep the lines from the first to the last found one, and what prose follows; no links among them."""
    printed = reading.blocks
    last = _end_of_prose(printed, matched[-1], linked)
    kept: list[Block] = []
    for number in range(matched[0], last + 1):
        if number not in matched and key(printed[number].text) in linked:
            reading.dropped = (*reading.dropped, DroppedLine(printed[number].text, LINK_REASON))
        else:
            kept.append(printed[number])
    reading.blocks = tuple(kept)


def _end_of_prose(printed: tuple[Block, ...], last: int, linked: frozenset[str]) -> int:
    """Return the number of the last paragraph, list item or byline before the first link or line of furniture."""
    end = last
    for number in range(last + 1, len(printed)):
        block = printed[number]
        if key(block.text) in linked or furniture.is_single_line(block.text):
            break
        text = furniture.is_prose(block.text) or block.role in ("list_item", "table_row", "byline")
        if text or (number == end + 1 and furniture.byline_authors(block.text)):
            end = number
    return end


def _holding(root: Element, wanted: set[str]) -> Element | None:
    """Return the smallest element that holds nearly all of the wanted lines."""
    longest = max((len(one) for one in wanted), default=0)
    holders = [
        (node, line)
        for node in select(root, "p, div, li, td, h2, h3, h4, blockquote, span, section")
        if len(node) <= longest and (line := key(text_of(node))) in wanted
    ]
    total = sum(len(line) for line in {line for _, line in holders})
    for node in holders[0][0].iterancestors() if holders else ():
        held = {line for holder, line in holders if contains(node, holder)}
        if sum(map(len, held)) >= MIN_HELD_SHARE * total:
            return node if node.getparent() is not None else None
    return None


def _linked_lines(container: Element) -> frozenset[str]:
    lines = {key(text_of(link)) for link in select(container, "a")}
    for node in select(container, "p, li, h2, h3, h4, div, td"):
        linked = sum(len(key(text_of(link))) for link in select(node, "a"))
        text = key(text_of(node)) if linked else ""
        if text and linked > MAX_LINKED_SHARE * len(text):
            lines.add(text)
    return frozenset(lines)
