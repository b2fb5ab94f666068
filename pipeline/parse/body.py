"""The body of a page of unknown design: trafilatura says where it is, its lines are read off the page itself, so that
boxed parts stay and captions are told apart."""

from __future__ import annotations

from pipeline import furniture
from pipeline.parse.dom import Element, select
from pipeline.parse.layout import Reading, families, read_body
from pipeline.parse.tree import Tree
from pipeline.parse.tree import key as key
from pipeline.parse.unknown import main_blocks
from pipeline.schema import Block, DroppedLine

# of the characters trafilatura found, the share that the container must hold; lower ones lost sections on test pages
MIN_HELD_SHARE = 0.95
# shorter lines occur all over a page and say nothing of where the body is
MIN_TELLING_CHARACTERS = 40
# a line with a larger share of its characters in links is a link, not prose
MAX_LINKED_SHARE = 0.8
# a longer line is prose, whatever links are in it
MAX_LINKED_LETTERS = 1_000
_HOLDING_LINES = "p, div, li, td, h2, h3, h4, blockquote, span, section"
_LINES = frozenset(("a", "p", "li", "h2", "h3", "h4", "div", "td"))
LINK_REASON = "a link among the paragraphs"


def find_body(page: Tree, title: str, lead: str, reading: Reading) -> None:
    """Read blocks, captions and dropped lines into `reading`; nothing when the page has no main text."""
    found = main_blocks(page)
    if not found:
        return
    reading.origin["blocks"] = "generic: trafilatura"
    reading.blocks = found
    telling = {key(block.text) for block in found if len(block.text) >= MIN_TELLING_CHARACTERS}
    container = _holding(page, telling - {key(title), key(lead)})
    if container is None:
        return
    shared = families()
    read_body(page, container, shared.drop, shared.captions, reading)
    wanted = {key(block.text) for block in found}
    matched = [number for number, block in enumerate(reading.blocks) if key(block.text) in wanted]
    if not matched:
        reading.blocks = found
        return
    _keep_body(reading, matched, _linked_lines(page, container))


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


def _holding(page: Tree, wanted: set[str]) -> Element | None:
    """Return the smallest element that holds nearly all of the wanted lines."""
    texts = page.texts
    lengths = {len(line) for line in wanted}
    printed = (
        texts.number[node] for node in select(page.root, "p, div, li, td, h2, h3, h4, blockquote, span, section")
    )
    holders = [
        (number, line)
        for number in printed
        if texts.letters(number) in lengths and (line := key(texts.at(number))) in wanted
    ]
    needed = MIN_HELD_SHARE * sum(len(line) for line in {line for _, line in holders})
    held: set[str] = set()
    waiting = iter((*holders, (len(texts.nodes), "")))
    number, line = next(waiting)
    for node in texts.nodes[number].iterancestors() if holders else ():
        while number < texts.end[texts.number[node]]:
            needed -= 0 if line in held else len(line)
            held.add(line)
            number, line = next(waiting)
        if needed <= 0:
            return node if node.getparent() is not None else None
    return None


def _linked_lines(page: Tree, container: Element) -> frozenset[str]:
    """Return the keys of the lines of a container that are links, wholly or nearly so."""
    texts, start = page.texts, page.texts.number[container]
    return frozenset(
        key(texts.at(number))
        for number in range(start + 1, texts.end[start])
        if texts.nodes[number].tag in _LINES
        and 0 < texts.letters(number) <= MAX_LINKED_LETTERS
        and texts.linked(number) > MAX_LINKED_SHARE * texts.letters(number)
    )
