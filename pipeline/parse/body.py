"""The body of a page of unknown design: trafilatura says where it is, its lines are read off the page itself, so that
boxed parts stay and captions are told apart."""

from __future__ import annotations

import re
from itertools import takewhile

from pipeline import furniture
from pipeline.parse.cards import cards_in, in_other_languages
from pipeline.parse.dates import find_day
from pipeline.parse.dom import BREAKING, Element
from pipeline.parse.extent import above_box, largest_run, opens_box
from pipeline.parse.layout import Reading, families, read_body
from pipeline.parse.opening import MAX_LINES_ABOVE, MIN_LINES_OF_BODY, leave_out_what_is_above
from pipeline.parse.texts import Texts, key
from pipeline.parse.tree import Tree
from pipeline.parse.unknown import main_blocks
from pipeline.records import Block, DroppedLine

# of the characters trafilatura found, the share that the container must hold; lower ones lost sections on test pages
MIN_HELD_SHARE = 0.95
# shorter lines occur all over a page and say nothing of where the body is
MIN_TELLING_CHARACTERS = 40
# lines that are asked where they stand: all but those of a page as long as a book
MAX_TELLING_LINES = 2_000
# a line with a larger share of its characters in links is a link, not prose
MAX_LINKED_SHARE = 0.8
# lines found above the first paragraph: title, date, author, summary in items; more are a menu
MAX_LINES_TO_PARAGRAPH = 8
# letters of a page with a text between <br>, and how deep such a text is searched for; the longest article page seen
# has 11,000 letters, the deepest text lies 16 deep
MAX_LETTERS_AROUND, MAX_STEPS_AROUND = 200_000, 50
# elements around a line, within the body, that are looked into
MAX_STEPS_TO_LINE = 10
# a longer line is prose, whatever links are in it
MAX_LINKED_LETTERS = 1_000
_HOLDING = frozenset(("p", "div", "li", "td", "h2", "h3", "h4", "blockquote", "span", "section"))
_LINES = frozenset(("a", "p", "li", "h2", "h3", "h4", "div", "td"))
MIN_SUBHEAD_WORDS = 3
MAX_LETTERS_OF_BUTTONS = 120
# "Sự kiện: Chính sách mới, Bảo hiểm xã hội": what names the links of a line is no text of its own
MAX_WORDS_OF_LABEL = 6
# lines between the end of a body and the caption of its last picture
MAX_LINES_TO_CAPTION = 3
_ANSWERS = re.compile(r"(?:[^.:!?]{2,60} )?(?:trả lời|giải đáp|đáp)\s?:?", re.IGNORECASE)
LINK_REASON = "a link among the paragraphs"


def find_body(page: Tree, title: str, lead: str, reading: Reading) -> int | None:
    """Read blocks, captions and dropped lines into `reading`; nothing when the page has no main text.

    Returns:
        The number of the element that the body begins with, None when it is not known.
    """
    found = main_blocks(page)
    if not found:
        return None
    reading.origin["blocks"] = "generic: trafilatura"
    linked = _LinkedLines(page.texts)
    some = found[:: len(found) // MAX_TELLING_LINES + 1]
    telling = [line for block in some if len(block.text) >= MIN_TELLING_CHARACTERS and (line := key(block.text))]
    lines = [line for line in telling if line not in (key(title), key(lead)) and line not in linked]
    lines = [line for line in lines if not _is_in_margin(page.texts, line)] or lines
    container = _body_of(page, lines)
    container = _around(page, lines) if container is None else container
    if container is None:
        reading.blocks = found
        return None
    # by their hashes, and never twice: the lines of a page as long as a book are held in memory often enough
    wanted = {hash(line) for block in found if (line := key(block.text)) not in linked}
    del found
    shared = families()
    apart = cards_in(page, container) | in_other_languages(page, container)
    read_body(page, container, shared.drop, shared.captions, reading, apart)
    matched = [number for number, block in enumerate(reading.blocks) if hash(key(block.text)) in wanted]
    if not matched:
        told = wanted <= {hash(key(caption)) for caption in reading.captions}
        reading.blocks = () if told else main_blocks(page)
        return _begins_at(page, container, key(reading.captions[0])) if told and reading.captions else None
    _keep_body(page, reading, matched, linked)
    leave_out_what_is_above(page, reading, key(title))
    return _begins_at(page, container, key(reading.blocks[0].text)) if reading.blocks else None  # all of it was above


def _is_in_margin(texts: Texts, line: str) -> bool:
    """Whether a line stands nowhere but in margins: footers and columns that extractors do not know by their name."""
    printed = texts.printed(line)
    return bool(printed) and all(map(texts.in_margin, printed))


def _body_of(page: Tree, telling: list[str]) -> Element | None:
    """Return the smallest element that holds nearly all of the lines; where that leaves out only what stands above the
    others, a lead in an element of its own, the smallest that holds the others."""
    container = _holding(page, set(telling))
    for number in range(1, min(MAX_LINES_ABOVE, len(telling) - MIN_LINES_OF_BODY) + 1):
        inner = _holding(page, set(telling[number:]))
        if container is None or inner is None or not _stands_above(page, telling[number - 1], container, inner):
            break
        container = inner
    return container


def _around(page: Tree, telling: list[str]) -> Element | None:
    """Return the smallest element with nearly all of the lines in it, none of them alone in an element of its own: a
    text whose lines end with <br>. None on a page as long as no article is."""
    texts, needed = page.texts, MIN_HELD_SHARE * sum(map(len, telling))
    if not telling or texts.letters(0) > MAX_LETTERS_AROUND:
        return None
    node = page.root
    for _ in range(MAX_STEPS_AROUND):
        large = (child for child in node if texts.letters(texts.number[child]) >= needed)
        inner = next((child for child in large if _held(key(texts.of(child)), telling) >= needed), None)
        if inner is None:
            break
        node = inner
    return node if node.getparent() is not None else None


def _held(text: str, lines: list[str]) -> int:
    return sum(len(line) for line in lines if line in text)


def _stands_above(page: Tree, line: str, container: Element, inner: Element) -> bool:
    """Whether a line of the container is prose that stands above an element inside of it."""
    texts = page.texts
    first, start = _first_at(page, container, line), texts.number[inner]
    inside = inner is not container and texts.contains(texts.number[container], start)
    if _ANSWERS.fullmatch(texts.before(start)):  # a question stands above its answer
        return False
    return inside and first is not None and first < start and furniture.is_prose(texts.at(first))


def _first_at(page: Tree, container: Element, line: str) -> int | None:
    """Return the first element in the container that holds a line and nothing else."""
    texts, start = page.texts, page.texts.number[container]
    return next((number for number in texts.printed(line) if start <= number < texts.end[start]), None)


def _begins_at(page: Tree, container: Element, line: str) -> int:
    """Return the element that holds a line alone, or where <br> ends the line, the smallest that holds it; of a text in
    no element of its own, the element after it."""
    first = _first_at(page, container, line)
    if first is not None:
        return first
    texts, node = page.texts, container
    for _ in range(MAX_STEPS_TO_LINE):
        holding = (child for child in node if texts.letters(texts.number[child]) >= len(line))
        inner = next((child for child in holding if line in key(texts.of(child))), None)
        if inner is None:
            break
        node = inner
    parting = (child for child in node if child.tag in BREAKING or child.tag == "br")
    after = (child for child in parting if (text := key(child.tail or "")) and text in line)
    bare = next(after, None)
    return texts.number[node] if bare is None else texts.end[texts.number[bare]]


def end_of_body(texts: Texts, reading: Reading) -> int | None:
    """Return the number of the first element below the last line of the body, None when it is not known."""
    return below_lines(texts, reading.blocks) if reading.begins is not None else None


def below_lines(texts: Texts, blocks: tuple[Block, ...]) -> int | None:
    """Return the number of the first element below the last of some lines, or below the element that this one ends
    with <br> in; a box of comments among the lines is below them. None when they are not found."""
    held = article_lines(blocks)
    line = key(held[-1].text) if held else ""
    printed = texts.printed(line) if line else []
    if printed or not line or texts.letters(0) > MAX_LETTERS_AROUND:
        return texts.end[printed[-1]] if printed else None
    node = texts.nodes[0]
    for _ in range(MAX_STEPS_AROUND):
        holding = (child for child in reversed(node) if texts.letters(texts.number[child]) >= len(line))
        inner = next((child for child in holding if line in key(texts.of(child))), None)
        if inner is None:
            break
        node = inner
    if node is texts.nodes[0]:
        return None
    ends = (child for child in reversed(node) if (bare := key(child.tail or "")) and line.endswith(bare))
    last = next(ends, None)  # what stands in the element below its text is below the line
    return texts.end[texts.number[node if last is None else last]]


def article_lines(blocks: tuple[Block, ...]) -> list[Block]:
    """Return the lines above the first heading of a box that stands below an article ("Bình luận")."""
    return [*takewhile(lambda block: len(block.text) > MAX_LETTERS_OF_BUTTONS or not opens_box(block), blocks)]


def _keep_body(page: Tree, reading: Reading, matched: list[int], linked: _LinkedLines) -> None:
    """Keep the lines from the first to the last found one, and what prose follows; no links among them."""
    printed = reading.blocks
    links = [key(block.text) in linked or _is_row_of_buttons(page, block) for block in printed]
    found = frozenset(matched)
    first = _with_bare_text(page, printed, _first_of_body(printed, matched, found))
    first, last = largest_run(printed, links, first, matched)
    last = _end_of_prose(printed, last, linked) if last == matched[-1] else last
    last = above_box(printed, links, first, last)
    below = last + MAX_LINES_TO_CAPTION
    placed = ((one, reading.pictured.get(one, last)) for one in reading.captions)
    begins = next((number for number, block in enumerate(printed) if furniture.is_prose(block.text)), first)
    reading.captions = tuple(one for one, at in placed if at <= below and not (at < begins and _is_name(one)))
    kept: list[Block] = []
    for number in range(_with_subhead(printed, first, linked), last + 1):
        if links[number] and (number not in found or key(printed[number].text) not in linked):
            reading.dropped = (*reading.dropped, DroppedLine(printed[number].text, LINK_REASON))
        else:
            kept.append(printed[number])
    reading.blocks = tuple(kept)


def _is_name(caption: str) -> bool:
    """Whether what stands beside a picture is the name of who wrote, beside their portrait."""
    return bool(furniture.byline_authors(caption)) and not furniture.is_prose(caption)


def _first_of_body(printed: tuple[Block, ...], matched: list[int], found: frozenset[int]) -> int:
    """Return the number of the first line that was found, but for a line of a menu far above the first paragraph."""
    first = next((number for number in matched if furniture.is_prose(printed[number].text)), matched[0])
    if first - matched[0] <= MAX_LINES_TO_PARAGRAPH:
        return matched[0]
    while first - 1 in found:
        first -= 1
    return first


def _with_bare_text(page: Tree, printed: tuple[Block, ...], first: int) -> int:
    """Return the number of the first of the paragraphs right above a line that are in no element of their own, as
    between empty ones (`<p></p>Sáng nay …`): no extractor finds those."""
    while first and furniture.is_prose(printed[first - 1].text):
        line = key(printed[first - 1].text)
        if page.texts.printed(line):
            break
        first -= 1
    return first


def _is_row_of_buttons(page: Tree, block: Block) -> bool:
    """Whether a line is made of parts with tags around them that are furniture each: "Chia sẻ", "Lưu bài", "In"."""
    if len(block.text) > MAX_LETTERS_OF_BUTTONS or find_day(block.text):  # a date says where the text begins
        return False
    printed = page.texts.printed(key(block.text))
    parts = page.texts.parts(printed[-1]) if printed else []
    return len(parts) > 1 and all(furniture.is_single_line(part) for part in parts)


def _with_subhead(printed: tuple[Block, ...], first: int, linked: _LinkedLines) -> int:
    """Return the number of the subhead right above the first paragraph, else that of the paragraph."""
    above = printed[first - 1] if first else Block("")
    subhead = above.role == "heading" and len(above.text.split()) >= MIN_SUBHEAD_WORDS
    apart = furniture.is_prose(above.text) or furniture.is_single_line(above.text) or key(above.text) in linked
    return first - 1 if subhead and not apart and furniture.is_prose(printed[first].text) else first


def _end_of_prose(printed: tuple[Block, ...], last: int, linked: _LinkedLines) -> int:
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
    holders = sorted(
        (number, line) for line in wanted for number in texts.printed(line) if texts.nodes[number].tag in _HOLDING
    )
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


class _LinkedLines:
    """The keys of the lines of a page that are links, wholly or nearly so."""

    def __init__(self, texts: Texts) -> None:
        self._texts = texts
        self._answers: dict[int, bool] = {}  # by hash; a page may print one line ten thousand times

    def __contains__(self, line: str) -> bool:
        if not 0 < len(line) <= MAX_LINKED_LETTERS:
            return False
        hashed = hash(line)
        if hashed not in self._answers:
            self._answers[hashed] = self._is_linked(line)
        return self._answers[hashed]

    def _is_linked(self, line: str) -> bool:
        texts, asked = self._texts, MAX_LINKED_SHARE * len(line)
        for one in texts.printed(line):
            linked = texts.linked(one)
            if linked and texts.nodes[one].tag in _LINES and (linked > asked or self._is_label_of_links(one)):
                return True
        return False

    def _is_label_of_links(self, number: int) -> bool:
        """Whether a line is a word or two and a colon, and then nothing but links."""
        label, *_ = self._texts.parts(number)
        named = label.endswith(":") and len(label.split()) <= MAX_WORDS_OF_LABEL
        return named and self._texts.linked(number) == self._texts.letters(number) - len(key(label))
