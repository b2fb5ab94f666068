"""What stands above the body among its lines: title, lead, author and date, where one element holds them all."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline import furniture
from pipeline.furniture_rules import shipped
from pipeline.parse.above import MAX_LEAD_WORDS, MIN_LEAD_WORDS
from pipeline.parse.dates import beside_date, find_day, is_date_line
from pipeline.parse.dom import called
from pipeline.parse.layout import Reading
from pipeline.parse.signed import marked, names_who_wrote
from pipeline.parse.texts import key
from pipeline.parse.tree import Tree
from pipeline.records import Block, DroppedLine

# lines above the body that may be its lead, and those that must be left below for it to be one
MAX_LINES_ABOVE, MIN_LINES_OF_BODY = 2, 2
MIN_TITLE_WORDS = 4
# lines from the top to the title where one element holds both: a way, a notice of a player, a date
MAX_LINES_TO_TITLE = 4
# lines from the top to a date line below the lead: title, lead, author, buttons
MAX_LINES_TO_DATE = 5
# "Phú Tường, ngày 3 tháng 2 năm 2026": a place, above the first paragraph
MAX_WORDS_BESIDE_DAY = 4
# "Ngày đăng: 03-05-2025 | Lượt xem: 152 | Tác giả: Ban Tuyên giáo phường"
MAX_WORDS_BESIDE_MARKED_DAY = 16
# "Tạ Hà (thực hiện) | 07:00 - Chủ nhật, 03/05/2026 | Theo dõi trên Google News"
MAX_LETTERS_OF_ROW = 160
_DATED = re.compile(r"\(?(?:ngày đăng|đăng ngày|đăng lúc|ngày cập nhật|cập nhật|ngày xuất bản)\b", re.IGNORECASE)
# what designs call the place of a title
_TITLE = re.compile(r"(?:^|[\s_-])(?:tit|title|headline|tieu-?de)(?:$|[\s_-])", re.IGNORECASE)
ABOVE_REASON = "above the body"


def leave_out_what_is_above(page: Tree, reading: Reading, title: str) -> None:
    """Take the title, the date line and what stands above them out of the blocks: the body begins with prose.

    A paragraph or two between title and date line are the lead.
    """
    blocks = reading.blocks
    # a notice that reads like a paragraph stands at the top, of a player; those further down are left to cleaning
    top, rest = blocks[:MAX_LINES_TO_TITLE], blocks[MAX_LINES_TO_TITLE:]
    read = (*map(_is_paragraph, top), *(furniture.is_prose(block.text) for block in rest))
    prose = [number for number, is_paragraph in enumerate(read) if is_paragraph]
    # a title may close like a sentence ("… bao giờ?"), and so does a lead that is set as a heading
    first = next((number for number in prose if blocks[number].role != "heading"), prose[0] if prose else 0)
    titled = [number for number, block in enumerate(blocks[:MAX_LINES_TO_TITLE]) if key(block.text) == title]
    last = max((*titled, *(number for number in range(first) if _is_above(page, blocks[number], title))), default=-1)
    last = _below_author(blocks, last, first)
    dated = _line_below_lead(blocks, last + 1, prose)
    leads = [number for number in prose if last < number < dated]
    reading.lead = " ".join(blocks[number].text for number in leads)
    last = max(last, dated)
    above = [block for number, block in enumerate(blocks[: last + 1]) if number not in leads]
    reading.above = tuple(block.text for block in above)
    reading.dropped = (*reading.dropped, *(DroppedLine(block.text, ABOVE_REASON) for block in above))
    reading.blocks = blocks[last + 1 :]


def take_title(page: Tree, reading: Reading) -> None:
    """Take the heading that the body opens with for the title of a page that states and prints none above it."""
    for number, block in enumerate(reading.blocks[:MAX_LINES_TO_TITLE]):
        if _is_paragraph(block):
            return
        words = len(block.text.split())
        heads = block.role == "heading" or _is_called_title(page, block)
        if heads and words >= MIN_TITLE_WORDS and not furniture.is_single_line(block.text):
            _part_at(page, reading, number)
            return


def _is_called_title(page: Tree, block: Block) -> bool:
    return any(_TITLE.search(called(page.texts.nodes[one])) for one in page.texts.printed(key(block.text)))


def _part_at(page: Tree, reading: Reading, number: int) -> None:
    """Make one line of the body the title; the body begins below it, with a line that may be in no element of its
    own."""
    texts, title = page.texts, reading.blocks[number].text
    reading.title, reading.origin["title"] = title, f"{reading.layout}: the heading that the body opens with"
    above = reading.blocks[: number + 1]
    reading.dropped = (*reading.dropped, *(DroppedLine(one.text, ABOVE_REASON) for one in above))
    reading.blocks = reading.blocks[number + 1 :]
    following = texts.printed(key(reading.blocks[0].text)) if reading.blocks else []
    printed = [one for one in texts.printed(key(title)) if texts.nodes[one].tag not in ("title", "head")]
    below = texts.lines(texts.end[printed[-1]], len(texts.nodes)) if printed and not following else iter(())
    reading.begins = next(iter(following), next(below, reading.begins))


def _is_paragraph(block: Block) -> bool:
    return furniture.is_prose(block.text) and not furniture.is_single_line(block.text)


def _below_author(blocks: Sequence[Block], last: int, first: int) -> int:
    """Return the number of the last line, of those after `last`, of an author and their office above the paragraph
    `first`; `last` where none stands there. A name in bold type alone may be a subhead."""
    named = last + 1
    authors = furniture.byline_authors(blocks[named].text) if named < first else ()
    said = blocks[named].text if named < first else ""
    if said and (furniture.signer(said, shipped()) or names_who_wrote(said) or marked(said)):
        return named
    if not authors or not all(" " in author for author in authors):
        return last
    office = named + 1 < first and blocks[named + 1].text.startswith(shipped().offices)
    titled = any(furniture.person_of(author) != author for author in authors)
    if blocks[named].role == "heading" and not (office or titled):
        return last
    return named + 1 if office else named


def _line_below_lead(blocks: Sequence[Block], top: int, prose: Sequence[int]) -> int:
    """Return the number of the only date line of the body where no more than a lead and an author stand above it and
    the text below, -1 when there is none."""
    dated = [number for number, block in enumerate(blocks) if _dates_article(block)]
    if len(dated) != 1 or dated[0] > top + MAX_LINES_TO_DATE:
        return -1
    above = [number for number in prose if top <= number < dated[0]]
    words = sum(len(blocks[number].text.split()) for number in above)
    short = 0 < len(above) <= MAX_LINES_ABOVE and MIN_LEAD_WORDS <= words <= MAX_LEAD_WORDS
    return dated[0] if short and sum(number > dated[0] for number in prose) >= MIN_LINES_OF_BODY else -1


def _dates_article(block: Block) -> bool:
    """Whether a line is there to give the date of the article, with its author perhaps; an agenda's is not."""
    if block.role not in ("paragraph", "heading", "byline") or not is_date_line(block.text, near_title=True):
        return False
    beside = beside_date(block.text)
    return is_date_line(block.text) or bool(_DATED.match(block.text)) or bool(furniture.byline_authors(beside))


def _is_above(page: Tree, block: Block, title: str) -> bool:
    line = key(block.text)
    # what metadata state as the title may be cut
    if any(page.texts.nodes[one].tag == "h1" for one in page.texts.printed(line)):
        return True
    part = title.startswith(line) or title.endswith(line)
    is_title = bool(line) and (line == title or (part and len(block.text.split()) >= MIN_TITLE_WORDS))
    beside = MAX_WORDS_BESIDE_MARKED_DAY if _DATED.match(block.text) else MAX_WORDS_BESIDE_DAY
    words = sum(any(map(str.isalnum, word)) for word in beside_date(block.text).split())
    day = find_day(block.text) and (words <= beside or _is_row_with_day(page, block))
    return is_title or bool(day) or is_date_line(block.text, near_title=True) or furniture.is_single_line(block.text)


def _is_row_with_day(page: Tree, block: Block) -> bool:
    """Whether a line is made of parts with tags around them: a date, and else authors, buttons and labels."""
    printed = page.texts.printed(key(block.text)) if len(block.text) <= MAX_LETTERS_OF_ROW else []
    parts = page.texts.parts(printed[-1]) if printed else []
    others = [part for part in parts if not is_date_line(part, near_title=True)]
    return len(others) < len(parts) and all(map(_stands_beside_day, others))


def _stands_beside_day(part: str) -> bool:
    few = len(part.split()) <= MAX_WORDS_BESIDE_DAY
    return few or bool(furniture.byline_authors(part)) or furniture.is_single_line(part)
