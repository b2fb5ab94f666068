"""Where the body ends among the lines of its container: in its densest run, not in the footer far below."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline import furniture
from pipeline.furniture_rules import opens, shipped
from pipeline.records import Block

# A paragraph weighs as many points as it has words, up to these: a long one outweighs a dozen lines of a menu.
MAX_POINTS = 60
# what a line costs that is no paragraph; rows and items may be the article's own and cost nothing
COST_OF_LINE, COST_OF_LINK = 6, 10
# so much may stand between a body and text that is still of it
LARGEST_LOSS = 90
MAX_TAIL = 3
# a run of fewer words may be a window's, of the first runs of a page
MIN_WORDS_OF_RUN, MAX_RUNS = 40, 5


def end_of_run(blocks: Sequence[Block], linked: Sequence[bool], first: int, last: int) -> int:
    """Return the number of the line, of those from `first` to `last`, with which the densest run from `first` on ends.

    Lines below a long stretch of menu, imprint and links are not of the article, even where one of them reads like a
    paragraph.
    """
    points, best, end = 0, -COST_OF_LINK * len(blocks), first
    for number in range(first, last + 1):
        points += _points(blocks[number], linked=linked[number])
        if points >= best:
            best, end = points, number
        elif points < best - LARGEST_LOSS:
            break
    return _with_tail(blocks, linked, end, last)


def _with_tail(blocks: Sequence[Block], linked: Sequence[bool], end: int, last: int) -> int:
    """Go on over the rows, items and the short line or two right below: a signature, the end of a poem."""
    number = end + 1
    while number <= last and not linked[number] and (blocks[number].role in ("table_row", "list_item", "byline")):
        number += 1
    left = last - number + 1
    last = last if 0 < left <= MAX_TAIL and not any(linked[number : last + 1]) else number - 1
    while last > end and blocks[last].role == "heading":  # nothing follows that it could head
        last -= 1
    return last


def _points(block: Block, *, linked: bool) -> int:
    if linked:
        return -COST_OF_LINK
    words = len(block.text.split(None, MAX_POINTS))
    if furniture.is_prose(block.text, 8):
        return min(words, MAX_POINTS)
    return 0 if block.role in ("table_row", "list_item", "heading") else -COST_OF_LINE


def largest_run(printed: Sequence[Block], links: Sequence[bool], first: int, matched: Sequence[int]) -> tuple[int, int]:
    """Return where the run of the body begins and ends: the first one, or where that is a line or two, as of a window
    that asks for something, the one with the most words of the next above the first box."""
    runs: list[tuple[int, int]] = []
    headings = (number for number in range(first, len(printed)) if not links[number])
    box = next((number for number in headings if opens_box(printed[number])), len(printed))
    begins: int | None = first
    while begins is not None and len(runs) < MAX_RUNS:
        ends = end_of_run(printed, links, begins, matched[-1])
        runs.append((begins, ends))
        lines = printed[begins : ends + 1]
        # prices and weather at the top are of a section's page
        if _words(lines) >= MIN_WORDS_OF_RUN or not any(furniture.is_prose(line.text) for line in lines):
            break
        later = (number for number in matched if ends < number < box and furniture.is_prose(printed[number].text))
        begins = next(later, None)
    return max(runs, key=lambda run: _words(printed[run[0] : run[1] + 1]))


def _words(blocks: Sequence[Block]) -> int:
    return sum(len(block.text.split()) for block in blocks)


def above_box(printed: Sequence[Block], links: Sequence[bool], first: int, last: int) -> int:
    """Return the number of the last line above a box of other articles that goes on to the end, or to another heading
    of furniture: nothing but titles that are links, and a teaser below each."""
    for number in range(first + 1, last):
        if opens_box(printed[number]) and links[number + 1]:
            ends = number + 1
            while ends <= last and not _goes_on_without_link(printed, links, ends):
                ends += 1
            if ends > last or furniture.is_single_line(printed[ends].text):
                return number - 1
    return last


def _goes_on_without_link(printed: Sequence[Block], links: Sequence[bool], number: int) -> bool:
    """Whether a line in a box is a paragraph of its own, and no teaser below a title; or a heading of furniture."""
    text = printed[number].text
    free = furniture.is_prose(text) and not links[number] and not links[number - 1]
    return free or (not links[number] and furniture.is_single_line(text))


def opens_box(block: Block) -> bool:
    return opens(block.text, shipped()) == "below"
