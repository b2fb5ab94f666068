"""From a page as printed to the article alone. Every line taken out is kept in `dropped` with its reason."""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field

from crawler.site import Site
from pipeline import furniture
from pipeline.boxes import why_alone, without_boxes
from pipeline.dateline import split_dateline
from pipeline.furniture_rules import Rules, rules_for
from pipeline.parse.texts import key
from pipeline.records import Article, Block, DroppedLine, Page
from pipeline.repair import old_font, repair_line

# letters of an office on a line of its own below the name
MAX_OFFICE = 80
# lines at the top of a body among which a repeated title or lead is a repetition, not a quotation
REPEATS_WITHIN = 4
# a line printed twice running is a picture's, unless it is a paragraph of so many words
MIN_TWICE_PROSE_WORDS = 20

# what journals print before the lead
_SUMMARY = re.compile(r"^(?:tóm tắt|tóm lược|sapo)\s?:\s?(?=\S)", re.IGNORECASE)
_NO_CAPTION = ("table_row", "heading")
_MAY_SIGN = ("paragraph", "heading", "byline", "source")


def clean_page(page: Page, site: Site | None = None) -> Article:
    """Return the article of a page: lines that are not of it dropped, captions apart, characters repaired.

    `text` is title, lead and kept lines joined by a line feed, each line in NFC with single blanks. Cleaning the result
    again changes nothing.
    """
    rules = rules_for(site)
    desk = _Desk(rules, title=repair_line(page.title), lead=repair_line(page.lead or ""), place=page.place)
    desk.named = frozenset(key(author) for author in page.authors)
    desk.captions = dict.fromkeys(repair_line(caption) for caption in page.captions)
    lines = [Block(line, block.role) for block in page.blocks if (line := repair_line(block.text))]
    lines = desk.without_old_fonts(lines)
    desk.lines = tuple(block.text for block in lines)
    before: tuple[str, list[Block]] | None = None
    while before != (desk.lead, lines):
        before = (desk.lead, lines)
        lines = desk.clean(lines)
    posted = tuple(repair_line(author) for author in page.authors)
    signed = tuple(dict.fromkeys(map(furniture.person_of, desk.authors)))
    persons = tuple(author for author in signed if not furniture.is_desk(author, rules))
    # an office or an account that posts an article gives way to the person who signs it
    gives_way = all(furniture.is_desk(author, rules) or _is_account(author, persons) for author in posted)
    authors = persons if persons and gives_way else posted or signed
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
        kind=page.kind,
        origin=page.origin,
    )


def _is_account(author: str, persons: tuple[str, ...]) -> bool:
    """Whether who posts is an account beside the persons who sign: three words or more without marks, or the name of
    one with more behind it ("Vi Lam Sông Trà")."""
    bare = author.isascii() and author.count(" ") > 1 and not any(map(str.isascii, persons))
    return bare or any(author.startswith(f"{person} ") for person in persons)


@dataclass(slots=True)
class _Desk:
    """One article under the editor's hand."""

    rules: Rules
    title: str
    lead: str
    place: str | None = None
    named: frozenset[str] = frozenset()
    lines: tuple[str, ...] = ()  # as printed, before any is dropped
    captions: dict[str, None] = field(default_factory=dict)
    authors: list[str] = field(default_factory=list)
    dropped: list[DroppedLine] = field(default_factory=list)
    keys: dict[str, str] = field(default_factory=dict)  # of lines met so far: each is asked for in every pass

    def clean(self, lines: list[Block]) -> list[Block]:
        """Return the lines left after one pass; the lead loses its dateline, and goes when it says the title."""
        self._clean_lead()
        kept = self._from_first_line(lines)
        kept = self._without_repeats(kept)
        kept, dropped = without_boxes(kept, self.rules, has_lead=bool(self.lead))
        self.dropped += dropped
        kept = self._without_captions(kept)
        return self._without_byline(self._without_marked_bylines(kept))

    def without_old_fonts(self, lines: list[Block]) -> list[Block]:
        """Drop lead and lines in the letters of fonts from before Unicode: nobody can read or search them."""
        kept: list[Block] = []
        for block in lines:
            font = old_font(block.text)
            if font:
                self._drop(block.text, f"letters of an old font ({font})")
            else:
                kept.append(block)
        if self.lead and (font := old_font(self.lead)):
            self._drop(self.lead, f"letters of an old font ({font})")
            self.lead = ""
        return kept

    def _clean_lead(self) -> None:
        while self.lead:
            self.lead = self._take_dateline(_SUMMARY.sub("", self.lead))
            if self._key(self.lead) == self._key(self.title):
                reason: str | None = "repeats the title"
            else:
                reason = why_alone(self.lead, self.rules)
            if reason is None:
                return
            self._drop(self.lead, reason)
            self.lead = ""

    def _from_first_line(self, lines: list[Block]) -> list[Block]:
        """Return the lines from the first on that stays when its dateline is off; the first place is the article's."""
        captions = self._caption_keys()
        for number, block in enumerate(lines):
            line = self._take_dateline(block.text)
            if line == block.text:
                return lines[number:]
            first = Block(line, block.role)
            reason = self._why_repeated(first, captions) or why_alone(line, self.rules)
            if reason is None and not self._is_caption(first):
                return [first, *lines[number + 1 :]]
            if reason is None:
                self._keep_apart(line)
            self._drop(line, reason or "caption")
        return []

    def _take_dateline(self, line: str) -> str:
        split = split_dateline(line, self.rules, self._told)
        self.place = self.place or split.place
        self.dropped += (DroppedLine(mark, "dateline") for mark in split.marks)
        return split.text

    def _told(self) -> str:
        return "\n".join((self.title, self.lead, *self.lines))

    def _without_repeats(self, lines: list[Block]) -> list[Block]:
        kept: list[Block] = []
        captions = self._caption_keys()
        for block in lines:
            reason = self._why_repeated(block, captions, near_top=len(kept) < REPEATS_WITHIN)
            if reason is None:
                kept.append(block)
            else:
                self._drop(block.text, reason)
        return kept

    def _caption_keys(self) -> frozenset[str]:
        return frozenset(self._key(caption) for caption in self.captions)

    def _why_repeated(self, block: Block, captions: frozenset[str], *, near_top: bool = True) -> str | None:
        if not near_top and not captions:
            return None
        line = self._key(_SUMMARY.sub("", block.text) if near_top else block.text)
        if near_top and line == self._key(self.title):
            return "repeats the title"
        if near_top and block.text == _bare(self.title):
            return "repeats the title without accents"
        if near_top and self.lead and line == self._key(self.lead):
            return "repeats the lead"
        if block.role != "heading" and line in captions:
            return "repeats a caption"
        return None

    def _without_captions(self, lines: list[Block]) -> list[Block]:
        kept: list[Block] = []
        credited = self._start_of_credits(lines)
        for number, block in enumerate(lines):
            twice = bool(kept) and self._is_twice(kept[-1], block)
            if twice:
                # printed twice running: the caption and the alternative text of one picture
                self._drop(kept.pop().text, "caption")
            if twice or (number < credited and self._is_caption(block)):
                self._keep_apart(block.text)
                self._drop(block.text, "caption")
            else:
                kept.append(block)
        return kept

    def _start_of_credits(self, lines: list[Block]) -> int:
        """Return where the lines begin that sign an article at its end: one that names its author, and those below it
        with an office or with who made the pictures."""
        last = len(lines) - 1
        named = next((one for one in range(last, -1, -1) if not self._is_below_name(lines[one])), -1)
        for number in (named, last):
            if number >= 0 and self._signed(lines[number], alone=False) is not None:
                return number
        return len(lines)

    def _is_below_name(self, block: Block) -> bool:
        office = block.role == "byline" and block.text.startswith(self.rules.offices) and len(block.text) < MAX_OFFICE
        remark = office or (furniture.is_remark(block.text) and not furniture.is_source(block.text, self.rules))
        return block.role in _MAY_SIGN and (remark or furniture.is_credit(block.text, self.rules))

    def _is_twice(self, above: Block, block: Block) -> bool:
        same = above.text == block.text and not {above.role, block.role} & set(_NO_CAPTION)
        return same and not furniture.is_prose(block.text, MIN_TWICE_PROSE_WORDS)

    def _is_caption(self, block: Block) -> bool:
        return block.role not in _NO_CAPTION and furniture.is_caption(block.text, self.rules)

    def _keep_apart(self, line: str) -> None:
        self.captions.setdefault(line.removesuffix("|").strip())

    def _without_marked_bylines(self, lines: list[Block]) -> list[Block]:
        """Drop bylines that say so ("Người đăng: …") from above the first paragraph."""
        for number, block in enumerate(lines):
            named = furniture.byline_mark(block.text, self.rules)
            if named is None or furniture.is_prose(block.text):
                return lines[number:]
            if not (names := furniture.authors_marked(named, self.rules)):
                return lines[number:]
            self.authors += names
            self._drop(block.text, "byline")
        return []

    def _without_byline(self, lines: list[Block]) -> list[Block]:
        """Drop byline and source from the end of the body. Many names, or names after a colon, are a list of people."""
        notes = len(lines)
        while notes and furniture.is_note(lines[notes - 1].text):
            notes -= 1
        if notes < len(lines):  # an article is signed above them
            return [*self._without_byline(lines[:notes]), *lines[notes:]]
        end, names_end = len(lines), 0
        signed: list[tuple[str, tuple[str, ...], str]] = []
        bare = 0
        start = self._start_of_credits(lines)
        while end and lines[end - 1].role in _MAY_SIGN:
            if end - 1 > start and self._is_below_name(lines[end - 1]):
                end -= 1
                signed.append((lines[end].text, (), "byline"))
                continue
            found = self._signed(lines[end - 1], alone=end == 1 and not self.lead)
            if found is None:
                break
            is_bare = found[2] == "byline" and furniture.byline_mark(found[0], self.rules) is None
            bare += is_bare
            names_end = end if is_bare and not names_end else names_end
            signed.append(found)
            end -= 1
        listed = bare > furniture.MAX_BYLINES or (bare and end and lines[end - 1].text.endswith(":"))
        if listed:
            signed, end = signed[: len(lines) - names_end], names_end
        for line, names, reason in signed:
            self.authors[:0] = names
            self._drop(line, reason)
        return lines[:end]

    def _signed(self, block: Block, *, alone: bool) -> tuple[str, tuple[str, ...], str] | None:
        """Return a line that names author or source, with the names and the reason to drop it."""
        line = block.text
        if furniture.is_source(line, self.rules):
            return line, furniture.person_cited(line), "source line"
        named = furniture.byline_mark(line, self.rules)
        written = line.strip("()") if named is None and furniture.is_remark(line) else named or line
        names = furniture.authors_marked(written, self.rules) if named else furniture.byline_authors(written)
        signs = furniture.is_signature(written, self.rules)
        known = block.role == "byline" or self._key(line) in self.named or signs
        if alone or not (names or known):
            return None
        nobody = any(character.isdigit() or character == "@" for character in line) or written != (named or line)
        return line, names or (() if nobody else (written,)), "byline"

    def _drop(self, line: str, reason: str) -> None:
        self.dropped.append(DroppedLine(line, reason))

    def _key(self, line: str) -> str:
        if line not in self.keys:
            self.keys[line] = key(line)
        return self.keys[line]


@functools.lru_cache(maxsize=64)
def _bare(text: str) -> str:
    """Return the text without accents and in lower case, as addresses and alt texts give it."""
    return " ".join("".join(_bare_letters(text)).split())


def _bare_letters(text: str) -> Iterator[str]:
    for character in unicodedata.normalize("NFD", text.casefold().replace("đ", "d")):
        if not unicodedata.combining(character):
            yield character if character.isalnum() else " "
