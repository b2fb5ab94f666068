"""The section of an article by a way to it that is written and not linked ("Trang chủ » Tin tức » Nữ công"), and by
what its design calls a category."""

from __future__ import annotations

import re
from itertools import islice

from pipeline.furniture_rules import opens, shipped
from pipeline.parse.dom import Element
from pipeline.parse.texts import Texts, key
from pipeline.parse.trail import HOME, is_section, names_of
from pipeline.parse.tree import Tree

# elements above the title among which the way stands; and those around the article that may be called its category
MAX_ELEMENTS_ABOVE, MAX_ELEMENTS_BELOW = 60, 40
MIN_STEPS, MAX_STEPS = 2, 5
MAX_LETTERS_OF_PATH = 120
# elements around one that may call it a way or a category, and those that may call it a menu's or another article's
MAX_AROUND, MAX_CALLED = 2, 6
# sections of one article that stand side by side
MAX_LINKS = 2

_ARROW = re.compile(r"[»›>→▸▶►❯➤⟩‣]|::")
_SLASH = re.compile(r"[/|]")
_PATH = re.compile(r"crumb|duong-?dan|path-?way|site-?map|(?:^|[\s_-])(?:path|navi|location)(?:$|[\s_-])")
_CATEGORY = re.compile(
    r"(?:^|[\s_-])(?:lbl)?(?:cate?s?\d?|category\d?|categories|chuyen-?muc|section-name|terms?|zone)"
    r"(?:$|[\s_-]|name|title|links?)"
)
# where systems keep the pages of their categories
_TO_CATEGORY = re.compile(r"/(?:categor(?:y|ies)|chuyen-muc|danh-muc)/[^/?#]")
_FOLDER = re.compile(r"(?:^|[\s_-])folder")
_TAGS = re.compile(r"(?:^|[\s_-])(?:tags?|post_tag|keywords?|tu-?khoa|hashtag)(?:$|[\s_-])")
_OF_OTHERS = re.compile(
    r"comment|binh-?luan|related|lien-?quan|other|tin-?khac|menu|nav(?:$|[\s_-]|bar)|sidebar|(?:^|\s)widget(?:$|[\s_])"
)


def section_written(page: Tree, title: int) -> str:
    """Return the last step of a way to the article that is written in one line above the title, empty without one."""
    texts = page.texts
    said = key(texts.at(title))
    for number in reversed([*texts.lines(max(0, title - MAX_ELEMENTS_ABOVE), title)]):
        if texts.nodes[number].tag in ("head", "title") or texts.letters(number) > MAX_LETTERS_OF_PATH:
            continue
        steps = _steps(texts, number)
        named = [step for step in steps if key(step) not in (said, *HOME)]
        if named and is_section(named[-1], texts.at(title)):
            return named[-1]
    return ""


def _steps(texts: Texts, number: int) -> list[str]:
    """Return the steps of a line that is a way: parted by arrows, or by strokes where it begins at the front page."""
    text = texts.at(number)
    steps = [step for part in _ARROW.split(text) if (step := part.strip())]
    if len(steps) < MIN_STEPS:
        steps = [step for part in _SLASH.split(text) if (step := part.strip())]
        around = (texts.nodes[number], *islice(texts.nodes[number].iterancestors(), MAX_AROUND))
        called = any(_PATH.search(names_of(one)) for one in around)
        menu = texts.linked(number) == texts.letters(number)
        if not steps or not (called or (key(steps[0]) in HOME and not menu)):
            return []
        if called and len(steps) < MIN_STEPS:  # parted by pictures
            steps = texts.parts(number)
    return steps if MIN_STEPS <= len(steps) <= MAX_STEPS else []


def section_called(page: Tree, title: int, body: int | None, below: int | None) -> str:
    """Return what the design of a page calls the category of its article, nearest above the body, else below it."""
    texts = page.texts
    beyond = min(len(texts.nodes), texts.end[title] + MAX_ELEMENTS_BELOW) if body is None else body
    beneath = range(0) if below is None else range(below, min(len(texts.nodes), below + MAX_ELEMENTS_BELOW))
    for number in (*range(max(0, title - MAX_ELEMENTS_ABOVE), beyond), *beneath):
        node = texts.nodes[number]
        if len(node) and node.tag != "a":
            continue
        text = texts.at(number) if 0 < texts.letters(number) <= MAX_LETTERS_OF_PATH else ""
        named = not text[:1].islower() and is_section(text, texts.at(title)) and opens(text, shipped()) != "below"
        if named and _is_called_category(node) and not _is_of_others(texts, number) and not _is_one_of_many(node):
            return text
    return ""


def _is_called_category(node: Element) -> bool:
    icon = node.getprevious()
    if node.tag == "a" and _TO_CATEGORY.search(node.get("href") or ""):
        return True
    if "category" in (node.get("rel") or "").split() or (icon is not None and _FOLDER.search(names_of(icon))):
        return True
    around = (node, *islice(node.iterancestors(), MAX_AROUND))
    names = [names_of(one) for one in around if one.tag not in ("body", "html", "article", "main")]
    return any(map(_CATEGORY.search, names)) and not any(map(_TAGS.search, names))


def _is_one_of_many(link: Element) -> bool:
    """Whether more links stand beside one than an article has sections: a menu of subsections."""
    around = link.getparent()
    called = _CATEGORY.search(names_of(link)) is not None  # date and author may be links beside it
    beside = [one for one in around if one.tag == "a"] if around is not None else []
    return sum(not called or _CATEGORY.search(names_of(one)) is not None for one in beside) > MAX_LINKS


def _is_of_others(texts: Texts, number: int) -> bool:
    """Whether an element lies in a margin, a menu, a comment or a box of other articles."""
    around = islice(texts.nodes[number].iterancestors(), MAX_CALLED)
    inner = (node for node in around if node.tag not in ("body", "html"))
    return texts.in_margin(number) or any(_OF_OTHERS.search(names_of(node)) for node in inner)
