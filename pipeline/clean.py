"""From a page as printed to the article alone. Every line taken out is kept in `dropped` with its reason."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field

from crawler.site import Site
from pipeline import furniture
from pipeline.dateline import split_dateline
from pipeline.furniture import Rules, rules_for
from pipeline.parse.body import key
from pipeline.parse.dates import is_date_line
from pipeline.repair import repair_line
from pipeline.schema import Article, Block, DroppedLine, Page

# lines at the top of a body among which a repeated title or lead is a repetition, not a quotation
REPEATS_WITHIN = 4
# prose that ends a box below an article must be longer than a teaser: the longest teaser seen has 45 words
MIN_RESUMING_WORDS = 20
MIN_RESUMING_WORDS_ALONE = 50
# … or so dense that no titles stand between: of five lines a list of titles with teasers has three paragraphs at most
RESUMING_WINDOW = 5
MIN_RESUMING_PARAGRAPHS = 4

_NO_CAPTION = ("table_row", "heading")


def clean_page(page: Page, site: Site | None = None) -> Article:
    """Return the article of a page: lines that are not of it dropped, captions apart, characters repaired.

    `text` is title, lead and kept lines joined by a line feed, each line in NFC with single blanks. Cleaning the result
    again changes nothing.
    """
    rules = rules_for(site)
    desk = _Desk(rules, title=repair_line(page.title), lead=repair_line(page.lead or ""))
    desk.named = frozenset(key(author) for author in page.authors)
    desk.captions = list(dict.fromkeys(repair_line(caption) for caption in page.captions))
    lines = [Block(line, block.role) for block in page.blocks if (line := repair_line(block.text))]
    before: tuple[str, list[Block]] | None = None
    while before != (desk.lead, lines):
        before = (desk.lead, lines)
        lines = desk.clean(lines)
    authors = tuple(repair_line(author) for author in page.authors) or tuple(desk.authors)
    return Article(
        url=page.url,
        site=page.site,
        source_id=page.source_id,
        layout=page.layout,
        title=desk.title,
        lead=desk.lead or None,
        text="\n".join(line for line in (desk.title, desk.lead, *(block.text for block in lines)) if line),
        authors=authors,
        place=desk.place,
        section=repair_line(page.section or "") or None,
        tags=tuple(repair_line(tag) for tag in page.tags),
        captions=tuple(caption for caption in desk.captions if caption),
        published_at=page.published_at,
        published_raw=page.published_raw,
        modified_at=page.modified_at,
        dropped=(*page.dropped, *desk.dropped),
    )


@dataclass(slots=True)
class _Desk:
    """One article under the editor's hand."""

    rules: Rules
    title: str
    lead: str
    place: str | None = None
    named: frozenset[str] = frozenset()
    captions: list[str] = field(default_factory=list)
    authors: list[str] = field(default_factory=list)
    dropped: list[DroppedLine] = field(default_factory=list)

    def clean(self, lines: list[Block]) -> list[Block]:
        """Return the lines left after one pass; the lead loses its dateline, and goes when it says the title."""
        kept = self._without_datelines(lines)
        if self.lead and key(self.lead) == key(self.title):
            self._drop(self.lead, "repeats the title")
            self.lead = ""
        kept = self._without_repeats(kept)
        kept = self._without_boxes(kept)
        kept = self._without_captions(kept)
        return self._without_byline(kept)

    def _without_datelines(self, lines: list[Block]) -> list[Block]:
        """Take datelines off the lead and the first paragraph; the first place among them is the article's."""
        kept = list(lines)
        if self.lead:
            self.lead = self._take_dateline(self.lead)
        if kept:
            kept[0] = Block(self._take_dateline(kept[0].text), kept[0].role)
        return kept

    def _take_dateline(self, line: str) -> str:
        split = split_dateline(line, self.rules)
        self.place = self.place or split.place
        self.dropped += (DroppedLine(mark, "dateline") for mark in split.marks)
        return split.text

    def _without_repeats(self, lines: list[Block]) -> list[Block]:
        kept: list[Block] = []
        captions = {key(caption) for caption in self.captions}
        for block in lines:
            near_top = len(kept) < REPEATS_WITHIN
            if near_top and key(block.text) == key(self.title):
                self._drop(block.text, "repeats the title")
            elif near_top and _bare(block.text) == block.text and block.text == _bare(self.title):
                self._drop(block.text, "repeats the title without accents")
            elif near_top and self.lead and key(block.text) == key(self.lead):
                self._drop(block.text, "repeats the lead")
            elif key(block.text) in captions and block.role != "heading":
                self._drop(block.text, "repeats a caption")
            else:
                kept.append(block)
        return kept

    def _without_boxes(self, lines: list[Block]) -> list[Block]:
        """Drop single lines of furniture, and headings of boxes with what belongs to them."""
        kept: list[Block] = []
        box: str | None = None
        below = False
        for number, block in enumerate(lines):
            line, name = block.text, furniture.line_key(block.text)
            if name in self.rules.below or name in self.rules.inside:
                if self._opens_box(kept, lines[number + 1 :]):
                    box, below = line, below or name in self.rules.below
                self._drop(line, "heading of a box")
            elif self._stands_alone(line):
                self._drop(line, self._why_alone(line))
            elif box is not None and not self._resumes(lines, number, below=below):
                self._drop(line, f"under {box!r}")
            else:
                box, below = None, False
                kept.append(block)
        return kept

    def _opens_box(self, kept: list[Block], following: list[Block]) -> bool:
        """Whether anything hangs on a heading here: above the first paragraph it is an item of a menu."""
        if any(furniture.is_prose(block.text) for block in kept):
            return True
        return bool(self.lead) and not any(furniture.is_prose(block.text) for block in following)

    def _stands_alone(self, line: str) -> bool:
        return (
            furniture.is_mark(line)
            or furniture.is_related_row(line)
            or is_date_line(line)
            or furniture.is_single_line(line, self.rules)
        )

    def _why_alone(self, line: str) -> str:
        if furniture.is_mark(line):
            return "no word in it"
        if furniture.is_related_row(line):
            return "related titles between bars"
        return "date line" if is_date_line(line) else "furniture of the page"

    def _resumes(self, lines: list[Block], number: int, *, below: bool) -> bool:
        """Whether the article goes on at this line after a box."""
        line = lines[number].text
        if not below:
            return furniture.is_prose(line)
        if furniture.is_prose(line, MIN_RESUMING_WORDS_ALONE):
            return True
        near = [furniture.is_prose(block.text) for block in lines[number : number + RESUMING_WINDOW]]
        if near[0] and sum(near) >= MIN_RESUMING_PARAGRAPHS:
            return True
        following = lines[number + 1].text if number + 1 < len(lines) else ""
        return furniture.is_prose(line, MIN_RESUMING_WORDS) and furniture.is_prose(following, MIN_RESUMING_WORDS)

    def _without_captions(self, lines: list[Block]) -> list[Block]:
        kept: list[Block] = []
        for block in lines:
            twice = kept and kept[-1].text == block.text and not furniture.is_prose(block.text, MIN_RESUMING_WORDS)
            if twice:
                # printed twice running: the caption and the alternative text of one picture
                self._drop(kept.pop().text, "caption")
            if twice or (block.role not in _NO_CAPTION and furniture.is_caption(block.text, self.rules)):
                caption = block.text.removesuffix("|").strip()
                if caption not in self.captions:
                    self.captions.append(caption)
                self._drop(block.text, "caption")
            else:
                kept.append(block)
        return kept

    def _without_byline(self, lines: list[Block]) -> list[Block]:
        """Drop byline and source from the end of the body."""
        kept = list(lines)
        while kept and kept[-1].role in ("paragraph", "heading", "byline", "source"):
            line = kept[-1].text
            named = furniture.byline_mark(line, self.rules)
            names = furniture.byline_authors(named if named is not None else line)
            if furniture.is_source(line, self.rules):
                self._drop(line, "source line")
            elif len(kept) > 1 and (names or kept[-1].role == "byline" or key(line) in self.named):
                self.authors[:0] = names or (line,)
                self._drop(line, "byline")
            else:
                break
            kept.pop()
        return kept

    def _drop(self, line: str, reason: str) -> None:
        self.dropped.append(DroppedLine(line, reason))


def _bare(text: str) -> str:
    """Return the text without accents and in lower case, as addresses and alt texts give it."""
    return " ".join("".join(_bare_letters(text)).split())


def _bare_letters(text: str) -> Iterator[str]:
    for character in unicodedata.normalize("NFD", text.casefold().replace("đ", "d")):
        if not unicodedata.combining(character):
            yield character if character.isalnum() else " "
