"""The lead (sapo) of a page of unknown design, where the page prints it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from itertools import islice

from pipeline.furniture import is_prose
from pipeline.parse.above import KEYWORDS, MAX_LEAD_WORDS, MIN_LEAD_WORDS
from pipeline.parse.dom import HEADINGS, Element, called, select
from pipeline.parse.layout import MAX_MATCHES, families
from pipeline.parse.texts import BOLD, SLANTED, Texts, key
from pipeline.parse.tree import Tree
from pipeline.records import Block

# paragraphs that an article has, its lead among them, when the first of them may be the lead
MIN_BLOCKS_BELOW_LEAD = 3
# characters of a metadata description that must agree with a printed lead: descriptions are cut at 100 to 160
LEAD_PREFIX = 50
# paragraphs below the first that are looked at, and how many must be alike
MAX_ALIKE, MIN_ALIKE, MIN_SHARE_ALIKE = 8, 2, 0.6
MAX_LETTERS_OF_PARAGRAPH = 3_000
_CALLED_LEAD = re.compile(
    r"(?:^|[\s_-])(?:lead|intro|summary|excerpt|standfirst|deck|dek|chapo|mo-?dau|tom-?tat|trich-?dan|dan-?nhap|desc"
    r"|description|mo-?ta)"
    r"(?:$|[\s_-])",
    re.IGNORECASE,
)
# the name of the paper before what it describes the article with: "(Tin tức 24h) - Nhiều lao động …"
_MARK = re.compile(r"(?:\([^()]{2,25}\)\s?\.?\s?[-–—]?|[A-ZĐ][A-ZĐ0-9][\w.]{0,10}\s?[-–—])\s?")


def printed_lead(page: Tree, stated: str, title: int | None, body: tuple[Block, ...]) -> tuple[str, str]:
    """Return the lead as the page prints it, and where it was found; ("", "") when it prints none.

    A description in the metadata is a lead only when the page shows it: many sites put there the start of the body or a
    sentence for search engines.
    """
    marked = _MARK.match(stated)
    start = key(stated[marked.end() :] if marked else stated)[:LEAD_PREFIX]
    if not stated:
        return _lead_by_class(page, title, body)
    if body and _begins(body[0].text, start):
        return _lead_set_apart(page, body)
    texts = page.texts
    for css in families().lead:
        for node in page.select(css)[:MAX_MATCHES]:
            text = texts.of(node)
            if _begins(text, start) and _may_hold_lead(page, texts.number[node], title):
                return text, css
    longest = 2 * len(stated) + LEAD_PREFIX
    numbers = [texts.number[node] for node in select(page.root, "h2, h3, p, strong, div, span")]
    short = [number for number in numbers if len(start) <= texts.letters(number) <= longest]
    short = [number for number in short if _may_hold_lead(page, number, title)]
    printed = [(text, str(texts.nodes[one].tag)) for one in short if _begins(text := texts.at(one), start)]
    # the smallest element that begins so: a larger one holds more than the lead
    return min(printed, key=lambda one: len(one[0]), default=("", ""))


def _begins(text: str, start: str) -> bool:
    """Whether a text begins with some letters, with the name of a paper before them or none."""
    marked = _MARK.match(text)
    return bool(start) and (key(text).startswith(start) or bool(marked and key(text[marked.end() :]).startswith(start)))


def _may_hold_lead(page: Tree, number: int, title: int | None) -> bool:
    """Whether an element may hold a lead: below the title where that is known, and in no margin; what a site says of
    itself stands in its header and footer."""
    return (title is None or number > title) and not page.texts.in_margin(number)


def _lead_set_apart(page: Tree, body: tuple[Block, ...]) -> tuple[str, str]:
    """Return the first line of the body when the page marks it as the lead, or sets it apart from the other lines."""
    if body[0].role == "heading" and not is_prose(body[0].text, MIN_LEAD_WORDS):
        return "", ""
    texts, wanted = page.texts, key(body[0].text)
    printed = texts.printed(wanted)
    for css in families().lead:
        if {texts.number[node] for node in page.select(css)} & set(printed):
            return body[0].text, css
    below = {len(line): line for block in body[1:] if is_prose(block.text) and (line := key(block.text))}
    if printed and not any(below.get(texts.letters(one)) == key(texts.at(one)) for one in _beside(page, printed[0])):
        return body[0].text, "an element of its own above the body"
    return "", ""


def _beside(page: Tree, number: int) -> Iterator[int]:
    """Give the elements beside one that are no longer than a paragraph."""
    numbers = (page.texts.number[node] for node in page.texts.nodes[number].itersiblings())
    return (one for one in islice(numbers, MAX_MATCHES) if page.texts.letters(one) <= MAX_LETTERS_OF_PARAGRAPH)


def _lead_by_class(page: Tree, title: int | None, body: tuple[Block, ...]) -> tuple[str, str]:
    """Return the first text with a lead's class that is not in a margin, not in a link and not in the body further down
    than its first line."""
    texts = page.texts
    known = {key(block.text) for block in body[1:]}
    for css in families().lead:
        for node in page.select(css)[:MAX_MATCHES]:
            number = texts.number[node]
            long = texts.words(number) >= MIN_LEAD_WORDS
            if long and not texts.linked(number) and _may_hold_lead(page, number, title):
                text = _without_keywords(texts, number)
                return ("", "") if key(text) in known else (text, css)
    return "", ""


def _without_keywords(texts: Texts, number: int) -> str:
    """Return the text of a lead without the line of keywords that journals print below it."""
    lines = [texts.at(one) for one in texts.lines(number, texts.end[number])]
    kept = [line for line in lines if not KEYWORDS.match(line)]
    return " ".join(kept) if kept and len(kept) < len(lines) else texts.at(number)


def opens_in_own_type(page: Tree, body: int, blocks: tuple[Block, ...]) -> bool:
    """Whether the first paragraph, and not the second, is in bold or slanted type, or is called a lead by its design; a
    question opens an interview."""
    if len(blocks) < MIN_BLOCKS_BELOW_LEAD or not is_prose(blocks[0].text, MIN_LEAD_WORDS):
        return False
    alike = (one for one in page.texts.printed(key(blocks[0].text)) if page.texts.contains(body, one))
    if any(_CALLED_LEAD.search(called(page.texts.nodes[one])) for one in (body, *alike)):
        return True
    second = key(blocks[1].text)
    following = range(page.texts.end[body], len(page.texts.nodes))
    below = next((one for one in following if page.texts.letters(one) == len(second)), None)
    own = [kind for kind in (BOLD, SLANTED) if page.texts.wholly(body, kind)]
    return not blocks[0].text.endswith("?") and any(below is None or not page.texts.wholly(below, kind) for kind in own)


def _are_alike(first: Element, second: Element) -> bool:
    """Whether two elements are of one kind, and in one element."""
    same = first.tag == second.tag and first.get("class") == second.get("class")
    return same and first.getparent() is second.getparent()


def stands_apart(page: Tree, title: int | None, body: int, blocks: tuple[Block, ...]) -> bool:
    """Whether the first paragraph is made otherwise than those below it, which are alike: a heading above them, one of
    another class, an element outside of the one that holds them all, or one inside of it together with the title."""
    texts, first = page.texts, blocks[0].text if blocks else ""
    following = [block.text for block in blocks[1:] if is_prose(block.text)][:MAX_ALIKE]
    if len(following) < MIN_ALIKE or not is_prose(first, MIN_LEAD_WORDS) or len(first.split()) > MAX_LEAD_WORDS:
        return False
    if first.endswith("?"):
        return False
    found = [next((one for one in texts.printed(key(text)) if one > body), None) for text in following]
    places = [texts.nodes[one] for one in found if one is not None]
    if 2 * len(places) < len(following):  # texts in no element of their own, below a line that has one
        return key(first) == key(texts.at(body))
    holder, count = Counter(place.getparent() for place in places).most_common(1)[0]
    if count < MIN_SHARE_ALIKE * len(following):
        return False
    node, alike = texts.nodes[body], {place.tag for place in places if place.getparent() is holder}
    if _are_alike(node, places[0]):  # pictures part the others from the first two
        return False
    heading = node.tag in HEADINGS and not alike & HEADINGS
    classes = {place.get("class") for place in places if place.getparent() is holder}
    named = bool(node.get("class")) and len(classes) == 1 and not classes & {None, "", node.get("class")}
    if heading or named or holder is None or not texts.contains(texts.number[holder], body):
        return holder is not None
    inner = next((child for child in islice(holder, MAX_MATCHES) if texts.contains(texts.number[child], body)), node)
    return title is not None and inner is not node and texts.contains(texts.number[inner], title)
