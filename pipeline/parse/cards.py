"""Cards among the paragraphs of a page: a link to another article with its picture and a line about it, whatever the
design calls them."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from pipeline.parse.dom import BREAKING, Element, attribute, select
from pipeline.parse.tree import Tree

CARD_REASON = "a card of another article"
LANGUAGE_REASON = "in another language"
MIN_TITLE_WORDS = 4
# the longest teaser of a card seen has 45 words
MAX_WORDS_OF_CARD = 90
MAX_LINES_OF_CARD = 4
# a card is a small part of what it stands in
MAX_SHARE_OF_CONTAINER = 0.25
MAX_SHARE_OF_CARDS = 0.5

_CARDS = "div, li, article, section, aside, table, blockquote, figure, a"
_VIETNAMESE = re.compile("[đăâêôơưạảãậẩẫấầặẳẵắằẹẻẽệểễếềịỉĩọỏõộổỗốồợởỡớờụủũựửữứừỵỷỹ]")
_FILE = re.compile(r"\.(?:jpe?g|png|gif|webp|avif|pdf|docx?|xlsx?|zip|rar|mp[34])$", re.I)


def cards_in(page: Tree, container: Element) -> dict[Element, str]:
    """Return the elements of a container that are cards, each with the reason it goes; the outermost of each.

    A card leads to one address, prints its title as a link on a line of its own, and little beside it.
    """
    texts = page.texts
    largest = min(MAX_WORDS_OF_CARD, MAX_SHARE_OF_CONTAINER * texts.words(texts.number[container]))
    found: dict[Element, str] = {}
    beyond = 0
    for node in select(container, _CARDS):
        number = texts.number[node]
        if number < beyond or not MIN_TITLE_WORDS <= texts.words(number) <= largest or not texts.linked(number):
            continue
        if _leads_one_way(node) and _is_title_and_teaser(page, number):
            found[node] = CARD_REASON
            beyond = texts.end[number]
    # a page made of cards is a list of articles
    words = sum(texts.words(texts.number[node]) for node in found)
    return found if words < MAX_SHARE_OF_CARDS * texts.words(texts.number[container]) else {}


def in_other_languages(page: Tree, container: Element) -> dict[Element, str]:
    """Return the elements of a container that say that they are in another language and have no Vietnamese letter: a
    summary for readers abroad. Word writes "en-US" around Vietnamese text too."""
    texts = page.texts
    most = MAX_SHARE_OF_CARDS * texts.words(texts.number[container])
    found: dict[Element, str] = {}
    for node in page.select("[lang]", container):
        foreign = not (node.get("lang") or "vi").casefold().startswith("vi")
        if foreign and node.tag in BREAKING and texts.words(texts.number[node]) <= most:
            text = texts.of(node).casefold()
            if len(text.split()) >= MIN_TITLE_WORDS and not _VIETNAMESE.search(text):
                found[node] = LANGUAGE_REASON
    return found


def _leads_one_way(node: Element) -> bool:
    """Whether all links in an element, and the element itself, lead to one page of its site or another."""
    links = [node, *select(node, "a")] if node.tag == "a" else select(node, "a")
    addresses = {address for link in links if (address := attribute(link, "href")) not in ("", "#")}
    return len(addresses) == 1 and _is_page(next(iter(addresses)))


def _is_page(address: str) -> bool:
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return parts.scheme in ("", "http", "https") and len(parts.path) > 1 and not _FILE.search(parts.path)


def _is_title_and_teaser(page: Tree, number: int) -> bool:
    """Whether an element holds a line that is all link and, above or below it, a line or two that are none.

    A link alone is left to those who tell links from paragraphs.
    """
    texts = page.texts
    lines = [*texts.lines(number, texts.end[number])]
    if not 2 <= len(lines) <= MAX_LINES_OF_CARD:
        return False
    linked = [line for line in lines if texts.linked(line) == texts.letters(line)]
    titles = [line for line in linked if texts.words(line) >= MIN_TITLE_WORDS]
    pictured = next(texts.nodes[number].iter("img"), None) is not None
    return len(titles) == 1 and (pictured or titles[0] == lines[0]) and len(linked) <= len(lines)
