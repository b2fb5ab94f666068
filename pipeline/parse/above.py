"""What stands above the body on a page of unknown design: heading, lead, date line, told by their place."""

from __future__ import annotations

import re
from itertools import islice, pairwise

from pipeline import furniture
from pipeline.parse.dates import beside_date, find_day, is_date_line, is_dated_without_year
from pipeline.parse.dom import Element, called
from pipeline.parse.layout import families
from pipeline.parse.texts import Texts, key
from pipeline.parse.tree import Tree

MIN_LEAD_WORDS = 10
# the longest lead seen has 96 words; more than that above the body is text of the article
MAX_LEAD_WORDS = 120
MIN_CAPTION_WORDS = 5
MIN_HEADING_WORDS, MAX_HEADING_WORDS = 4, 40
# elements between the title and its date line; the widest seen is 14
MAX_ELEMENTS_TO_DATE = 40
MAX_LETTERS_OF_LINE = 600
MAX_STEPS_TO_CRUMBS = 4
KEYWORDS = re.compile(r"(?:từ kh(?:óa|oá)|keywords?|tags?|chủ đề)\s?:", re.IGNORECASE)
# a title with its date in brackets behind it
DATED_TITLE = re.compile(r"[(\[](?P<date>[^()\[\]]{8,40})[)\]]$")
_ARROWS = (">>", "»", "->", "=>", "→", "▶", "►")

_HEADINGS = ", ".join(
    (
        *("h1", "h2", "h3", "font[size]", "[class*=tieu-de]", ".tit"),
        *(
            f"[{where}*={word}]"
            for where in ("class", "id")
            for word in ("title", "Title", "tieude", "TieuDe", "headline", "Headline")
        ),
    )
)


def title_at(texts: Texts, title: str, beyond: int) -> int | None:
    """Return the last element before number `beyond` that holds the title and nothing else."""
    alike = texts.printed(key(title)) if key(title) else []
    before = [one for one in alike if one < beyond and texts.nodes[one].tag not in ("title", "head")]
    outside = [one for one in before if not _is_step(texts.nodes[one])] if len(before) > 1 else before
    return next(reversed(outside or before), None)


def heading_with(page: Tree, title: str, beyond: int) -> int | None:
    """Return the first-level heading before number `beyond` that ends with the title, a kicker before it, or begins
    with it, a badge behind."""
    numbers = (page.texts.number[node] for node in page.select("h1"))
    told = (one for one in numbers if one < beyond and page.texts.letters(one) <= MAX_LETTERS_OF_LINE)
    named = ((one, key(page.texts.at(one))) for one in told)
    return next(
        (one for one, said in named if title and (said.endswith(key(title)) or said.startswith(key(title)))), None
    )


def _is_step(node: Element) -> bool:
    """Whether an element is the last step of a way, which says the title as well."""
    around = (node, *islice(node.iterancestors(), MAX_STEPS_TO_CRUMBS))
    return any("crumb" in called(one).casefold() for one in around if one.tag not in ("body", "html"))


def heading_above(page: Tree, body: int, after: int = 0) -> int | None:
    """Return the last heading before the body, of the elements from number `after` on, None when there is none.

    It is no link, no sentence, no caption, in no margin and not in small type.
    """
    texts = page.texts
    captions: set[int] | None = None
    for node in reversed(page.select(_HEADINGS)):
        number = texts.number[node]
        if number < after:
            return None
        if number >= body or texts.contains(number, body) or texts.in_margin(number) or texts.linked(number):
            continue
        text = texts.at(number) if texts.letters(number) <= MAX_LETTERS_OF_LINE else ""
        words = MIN_HEADING_WORDS <= len(text.split()) <= MAX_HEADING_WORDS
        sentence = text.endswith(".") and furniture.is_prose(text)
        if not words or sentence or _is_small(node) or is_date_line(text, near_title=True):
            continue
        captions = set(_captions(page, after, body)) if captions is None else captions
        if not any(_is_same_line(texts, one, number) for one in captions):
            return number
    return None


def _is_small(node: Element) -> bool:
    """Whether an element is set in the type of captions and notes (`<font size="1">`)."""
    return node.tag == "font" and (node.get("size") or "").lstrip("+") in ("-2", "-1", "0", "1", "2")


def line_above_date(page: Tree, body: int) -> int | None:
    """Return the line right above the date that stands nearest above the body, or the one that ends with that date in
    brackets, where it may be a title, else None."""
    texts = page.texts
    lines = [*texts.lines(max(0, body - 2 * MAX_ELEMENTS_TO_DATE), body)]
    for above, number in reversed([*pairwise(lines)]):
        if texts.letters(number) > MAX_LETTERS_OF_LINE:
            continue
        dated = DATED_TITLE.search(texts.at(number))
        if dated and not texts.linked(number) and find_day(dated["date"]) and not beside_date(dated["date"]):
            titled = MIN_HEADING_WORDS <= len(texts.at(number)[: dated.start()].split()) <= MAX_HEADING_WORDS
            return number if titled and not texts.in_margin(number) else None
        text = texts.at(above) if texts.letters(above) <= MAX_LETTERS_OF_LINE else ""
        if not _dates(texts.at(number)) or _dates(text):
            continue
        words = MIN_HEADING_WORDS <= len(text.split()) <= MAX_HEADING_WORDS
        furnished = texts.in_margin(above) or texts.linked(above) or furniture.is_single_line(text)
        return above if words and not furnished and not furniture.is_prose(text) else None
    return None


def _dates(line: str) -> bool:
    return is_date_line(line, near_title=True) or is_dated_without_year(line)


def lead_above(page: Tree, title: int, body: int) -> str:
    """Return the prose that stands alone between title and body, one or two lines of it, empty when there is none."""
    found: list[str] = []
    pictured = set(_captions(page, title, body))
    around = None
    for number in page.texts.lines(page.texts.end[title], body):
        text, parent = _without_links_below(page.texts, number), page.texts.nodes[number].getparent()
        if _is_lead(page.texts, number, text) and not any(_is_same_line(page.texts, one, number) for one in pictured):
            if found and parent is not around:
                break
            if not found and _shares_picture(page.texts, number):
                continue  # its caption
            found.append(text)
            around = parent
        elif found:
            break
    lead = " ".join(found)
    return lead if len(lead.split()) <= MAX_LEAD_WORDS else ""


def _without_links_below(texts: Texts, number: int) -> str:
    """Return the text of a line without the links to other articles (">> …") that are set below it in one element."""
    for one in range(number + 1, texts.end[number]):
        link = texts.nodes[one]
        if link.tag == "a" and texts.letters(one) and texts.at(one).startswith(_ARROWS):
            return texts.up_to(number, one)
    return texts.at(number)


def lead_beside_picture(page: Tree, title: int, body: int) -> str:
    """Return the only prose between title and body, where it stands in one element with a picture."""
    numbers = [one for one in page.texts.lines(page.texts.end[title], body) if _shares_picture(page.texts, one)]
    leads = [text for one in numbers if _is_lead(page.texts, one, text := page.texts.at(one))]
    return leads[0] if len(leads) == 1 and len(leads[0].split()) <= MAX_LEAD_WORDS else ""


def _is_same_line(texts: Texts, caption: int, line: int) -> bool:
    """Whether a line lies in a caption, or holds it and nothing else."""
    within = texts.contains(line, caption) and texts.letters(line) == texts.letters(caption)
    return within or texts.contains(caption, line)


def _shares_picture(texts: Texts, number: int) -> bool:
    """Whether a line stands in one element with a picture and nothing else."""
    if next(texts.nodes[number].iter("img"), None) is not None:
        return True
    around = texts.nodes[number].getparent()
    if around is None or next(around.iter("img"), None) is None:
        return False
    return texts.letters(texts.number[around]) == texts.letters(number)


def _is_lead(texts: Texts, number: int, text: str) -> bool:
    linked = 2 * texts.linked(number) > texts.letters(number)
    alone = furniture.is_single_line(text) or is_date_line(text, near_title=True) or bool(KEYWORDS.match(text))
    return furniture.is_prose(text, MIN_LEAD_WORDS) and not linked and not alone


def captions_above(page: Tree, title: int, body: int) -> tuple[str, ...]:
    """Return the captions of the pictures between title and body: by their class, or alone in one element with one."""
    texts = page.texts
    shared = [
        one for one in texts.lines(texts.end[title], body) if _shares_picture(texts, one) and _captions_it(texts, one)
    ]
    captions = (texts.at(number) for number in sorted({*_captions(page, title, body), *shared}))
    return tuple(dict.fromkeys(text for text in captions if text and not is_date_line(text, near_title=True)))


def captions_of_page(page: Tree, title: str) -> tuple[str, ...]:
    """Return the captions of all pictures below the title that lead nowhere and stand in no margin."""
    texts = page.texts
    said = next(iter(texts.printed(key(title))), 0) if title else 0
    numbers = [one for one in _captions(page, said, len(texts.nodes)) if not texts.in_margin(one)]
    return tuple(texts.at(one) for one in numbers if texts.letters(one) and _captions_it(texts, one))


def _captions_it(texts: Texts, number: int) -> bool:
    """Whether the text beside a picture may be its caption: an author beside their portrait is none."""
    text = texts.at(number)
    apart = furniture.is_single_line(text) or bool(furniture.byline_authors(text))
    return texts.words(number) >= MIN_CAPTION_WORDS and not texts.linked(number) and not apart


def _captions(page: Tree, title: int, body: int) -> list[int]:
    texts = page.texts
    if not any(texts.nodes[number].tag in ("img", "figure") for number in range(title, body)):
        return []
    numbers = {texts.number[node] for css in families().captions for node in page.select(css)}
    return sorted(number for number in numbers if title < number < body and texts.end[number] <= body)
