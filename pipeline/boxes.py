"""Boxes among the lines of a page: a heading with the titles and teasers under it, and lines that stand alone."""

from __future__ import annotations

import functools
import itertools
import re
from dataclasses import dataclass, field

from pipeline import furniture
from pipeline.furniture_rules import Rules, opens
from pipeline.parse.dates import is_date_line
from pipeline.records import Block, DroppedLine

# prose that ends a box below an article must be longer than a teaser: the longest teaser seen has 45 words
MIN_RESUMING_WORDS = 20
MIN_RESUMING_WORDS_ALONE = 50
# … or so dense that no titles stand between: of five lines a list of titles with teasers has three paragraphs at most
RESUMING_WINDOW = 5
MIN_RESUMING_PARAGRAPHS = 4
# the longest title seen in a list has 26 words
MAX_TITLE_WORDS = 30
# a date and the eight words that may stand beside it
MAX_DATE_LINE_CHARACTERS = 200

DATE_LINE = "date line"
FURNITURE = "furniture of the page"
_SPEAKER = re.compile(r"(?:PV|P\.V|Phóng viên|Hỏi|Đáp|Trả lời|MC)\s?:")
_DIGIT = re.compile(r"\d")


def without_boxes(lines: list[Block], rules: Rules, *, has_lead: bool) -> tuple[list[Block], list[DroppedLine]]:
    """Return the lines that are neither furniture nor in a box, and those that are, with their reasons."""
    return _Sorter(lines, rules, has_lead).sort()


@functools.lru_cache(maxsize=4096)  # a page is cleaned until nothing changes: each line at least twice
def why_alone(line: str, rules: Rules) -> str | None:
    """Return why a line goes wherever it stands, None for a line that may stay."""
    if furniture.is_mark(line):
        return "no word in it"
    if furniture.is_related_row(line):
        return "related titles between bars"
    if len(line) <= MAX_DATE_LINE_CHARACTERS and _DIGIT.search(line) and is_date_line(line):
        return DATE_LINE
    return FURNITURE if furniture.is_single_line(line, rules) else None


@dataclass(slots=True)
class _Sorter:
    lines: list[Block]
    rules: Rules
    has_lead: bool
    prose: list[bool] = field(default_factory=list)
    alone: list[str | None] = field(default_factory=list)
    kept: list[Block] = field(default_factory=list)
    dropped: list[DroppedLine] = field(default_factory=list)

    def sort(self) -> tuple[list[Block], list[DroppedLine]]:
        self.prose = [furniture.is_prose(block.text) for block in self.lines]
        last_prose = max((number for number, prose in enumerate(self.prose) if prose), default=-1)
        self.alone = alone = self._alone()
        box: str | None = None
        below = after_prose = False
        for number, block in enumerate(self.lines):
            line = block.text
            if alone[number] == FURNITURE and self._opens_box(number):
                # above the first paragraph a heading is an item of a menu, and nothing hangs on it
                if after_prose or (self.has_lead and number > last_prose):
                    box, below = line, below or opens(line, self.rules) == "below"
                self._drop(line, "heading of a box")
            elif (reason := alone[number]) is not None:
                self._drop(line, reason)
            elif box is not None and not self._resumes(number, below=below):
                self._drop(line, f"under {box!r}")
            else:
                box, below = None, False
                after_prose = after_prose or self.prose[number]
                self.kept.append(block)
        return self.kept, self.dropped

    def _alone(self) -> list[str | None]:
        """Return for each line why it goes wherever it stands; words of menus and imprints go next to such lines."""
        reasons = [
            None if self._is_in_list(number) else why_alone(block.text, self.rules)
            for number, block in enumerate(self.lines)
        ]
        number = 0
        while number < len(reasons):
            end, furnished = number, False
            while end < len(reasons) and (reasons[end] or self._is_beside(end)):
                furnished = furnished or reasons[end] == FURNITURE
                end += 1
            for beside in range(number, end):
                if furnished and reasons[beside] is None:
                    reasons[beside] = "furniture beside furniture"
            number = end + 1
        self._mark_listed(reasons)
        return reasons

    def _mark_listed(self, reasons: list[str | None]) -> None:
        """Mark the titles of a list that has lost its heading: each stands above a date line of its own.

        Lines that go for another reason do not part a title from its date.
        """
        first_prose = self.prose.index(True) if True in self.prose else len(reasons)
        held = [number for number in range(first_prose + 1, len(reasons)) if reasons[number] in (None, DATE_LINE)]
        left = held[:1]
        for above, number in itertools.pairwise(held):
            if not reasons[above] == reasons[number] == DATE_LINE:  # two dates running are one
                left.append(number)
        listed = [
            place
            for place, (number, following) in enumerate(itertools.pairwise(left))
            if reasons[number] is None and reasons[following] == DATE_LINE and self._may_be_title(number)
        ]
        for place, following in itertools.pairwise(listed):
            if following == place + 2:
                reasons[left[place]] = reasons[left[following]] = "title above its date"

    def _may_be_title(self, number: int) -> bool:
        block = self.lines[number]
        few = len(block.text.split(None, MAX_TITLE_WORDS + 1)) <= MAX_TITLE_WORDS
        return few and not self._is_paragraph(number) and block.role != "table_row"

    def _is_beside(self, number: int) -> bool:
        if self.prose[number] or self.lines[number].role in ("table_row", "list_item"):
            return False
        return furniture.is_beside(self.lines[number].text, self.rules)

    def _resumes(self, number: int, *, below: bool) -> bool:
        """Whether the article goes on at this line after a box."""
        line = self.lines[number].text
        if not below:
            return self._is_paragraph(number) or self._is_of_another_kind(number)
        if not self.prose[number]:
            return False
        if furniture.is_prose(line, MIN_RESUMING_WORDS_ALONE):
            return True
        # furniture among the lines says nothing of whether they are a list of titles
        left = (place for place in range(number, len(self.lines)) if self.alone[place] is None)
        window = [*itertools.islice(left, RESUMING_WINDOW)]
        if sum(self.prose[place] for place in window) >= MIN_RESUMING_PARAGRAPHS:
            return True
        following = self.lines[window[1]].text if len(window) > 1 else ""
        return furniture.is_prose(line, MIN_RESUMING_WORDS) and furniture.is_prose(following, MIN_RESUMING_WORDS)

    def _is_paragraph(self, number: int) -> bool:
        """Whether a line in a box between paragraphs is prose; a title may be a question of a dozen words."""
        line = self.lines[number].text
        asks = line.rstrip('"”’»)]*').endswith(("?", "!", "…", "..."))
        spoken = not asks or _SPEAKER.match(line) or furniture.is_prose(line, MIN_RESUMING_WORDS)
        return self.prose[number] and bool(spoken)

    def _is_of_another_kind(self, number: int) -> bool:
        """Whether the article goes on with a table, or with a list or subhead that the titles above are not."""
        role, above = self.lines[number].role, self.lines[number - 1].role
        if role == "heading":
            return above != "heading" and number + 1 < len(self.lines) and self.prose[number + 1]
        return role == "table_row" or (role == "list_item" and above != "list_item" and not self._opens_box(number - 1))

    def _is_in_list(self, number: int) -> bool:
        """Whether the words of a heading are an item of a list ("Thảo luận", in a programme), with items around it."""
        if self.lines[number].role != "list_item" or not self._opens_box(number):
            return False
        around = self.lines[max(0, number - 1) : number] + self.lines[number + 1 : number + 2]
        return any(block.role == "list_item" for block in around)

    def _opens_box(self, number: int) -> bool:
        return opens(self.lines[number].text, self.rules) is not None

    def _drop(self, line: str, reason: str) -> None:
        self.dropped.append(DroppedLine(line, reason))
