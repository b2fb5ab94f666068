"""Where article pages show title, body and lead."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from pipeline.parse.dom import Element, select, text_of
from pipeline.parse.texts import key
from pipeline.sitedraft.samples import Sample, elements, first_line, smallest, ways_on
from pipeline.sitedraft.ways import names_of

MIN_LEAD_WORDS, MAX_LEAD_WORDS = 10, 120
MIN_SENTENCE_WORDS = 8  # a line with fewer is a byline, a heading or a button
# words of a body's container that may be beside its text (a date, a byline, buttons), as a share and as a number
MAX_BESIDE, MAX_BESIDE_WORDS = 0.5, 60
MIN_HELD = 0.85  # share of the body's words that its container must hold: generic reading takes in a stray line

_LEAD = re.compile(r"sapo|(?:^|[-_])lead|tom-?tat|desc|summary|trich|hometext|abstract|intro|mo-?ta|excerpt", re.I)
_TITLE_TAGS = ("h1", "h2", "h3")


def title_ways(samples: Sequence[Sample]) -> list[str]:
    """Return the selectors of the title."""
    return ways_on(samples, title_nodes, says_title)


def body_ways(samples: Sequence[Sample]) -> list[str]:
    """Return the selectors of the body's container, the one with least beside the text."""
    return ways_on(samples, _container, _is_container, _words_in)


def lead_ways(samples: Sequence[Sample]) -> list[str]:
    """Return the selectors of the lead."""
    return ways_on(samples, _lead_nodes, _says_lead)


# --------------------------------------------------------------------------- title
def _title_key(one: Sample) -> str:
    """Return the title by which its place is found: the headline that led here where the page prints it."""
    wanted = key(one.headline)
    printed = any(
        key(text_of(node)) == wanted for node in select(one.root, "h1, h2, h3, [class*=title], [class*=tieu]")
    )
    return wanted if wanted and printed else key(one.page.title)


def title_nodes(one: Sample) -> list[Element]:
    """Return the elements that are the title and nothing else, headings first."""
    wanted = _title_key(one)
    nodes = [node for node in elements(one.root) if key(text_of(node)) == wanted and not _in_link(node)]
    return sorted(nodes, key=lambda node: node.tag not in _TITLE_TAGS)


def says_title(one: Sample, css: str) -> bool:
    """Whether a selector gives the title."""
    return key(first_line(one, css)) == _title_key(one)


def _in_link(node: Element) -> bool:
    return node.tag == "a" or any(step.tag == "a" for step in node.iterancestors())


# --------------------------------------------------------------------------- body
def _container(one: Sample) -> list[Element]:
    """Return the smallest elements that hold the body, from the inside out."""
    lines = _lines_of(one)
    whole = sum(map(len, lines))
    here: Element | None = one.root
    chain: list[Element] = []
    while here is not None:
        chain.append(here)
        here = next(
            (child for child in here if isinstance(child.tag, str) and _held(child, lines) >= MIN_HELD * whole), None
        )
    blocks = [node for node in chain if node.tag in ("div", "td", "article", "section", "main") and names_of(node)]
    return [node for node in reversed(blocks) if _mostly_body(node, one)]


def _lines_of(one: Sample) -> list[str]:
    """Return the keys of the body's sentences, all its lines where it has none, without titles of other articles."""
    linked = {key(text_of(node)) for node in select(one.root, "a")}
    lines = [block.text for block in one.page.blocks if key(block.text) not in linked]
    sentences = [line for line in lines if len(line.split()) >= MIN_SENTENCE_WORDS]
    return [key(line) for line in sentences or lines]


def _held(node: Element, lines: Sequence[str]) -> int:
    text = key(text_of(node))
    return sum(len(line) for line in lines if line in text)


def _mostly_body(node: Element, one: Sample) -> bool:
    words = sum(len(block.text.split()) for block in one.page.blocks)
    words += sum(len(caption.split()) for caption in one.page.captions) + len((one.page.lead or "").split())
    return len(text_of(node).split()) <= words * (1 + MAX_BESIDE) + MAX_BESIDE_WORDS


def _is_container(one: Sample, css: str) -> bool:
    found = max(select(one.root, css), key=lambda node: len(text_of(node)), default=None)
    lines = _lines_of(one)
    if found is None or found.tag in ("p", "span", "body"):
        return False
    return _held(found, lines) >= MIN_HELD * sum(map(len, lines)) and _mostly_body(found, one)


def _words_in(one: Sample, css: str) -> int:
    return max((len(text_of(node).split()) for node in select(one.root, css)), default=0)


def drop_ways(samples: Sequence[Sample], body: str, beside: Sequence[str]) -> list[str]:
    """Return selectors of what stands in the body's container and is not of the text."""
    counts: Counter[str] = Counter()
    for one in samples:
        container = max(select(one.root, body), key=lambda node: len(text_of(node)), default=None)
        if container is None:
            continue
        text = [key(block.text) for block in one.page.blocks] + [key(caption) for caption in one.page.captions]
        margins = [
            node
            for node in container.iterdescendants("div", "ul", "table", "section", "p", "span", "h1", "h2")
            if names_of(node)
        ]
        foreign = [
            node
            for node in margins
            if (said := key(text_of(node))) and not any(said in line or line in said for line in text)
        ]
        outermost = [node for node in foreign if not any(step in foreign for step in node.iterancestors())]
        counts.update({node.tag + names_of(node)[-1] for node in outermost})
        inside = set(container.iterdescendants())
        counts.update(css for css in beside if any(node in inside for node in select(one.root, css)))
    ranked = (css for css, _ in counts.most_common())
    return [css for css in ranked if css in beside or not any(_takes_text(one, body, css) for one in samples)]


def _takes_text(one: Sample, body: str, css: str) -> bool:
    """Whether a selector finds anything that holds a sentence of the body."""
    lines = _lines_of(one)
    inside = (node for container in select(one.root, body) for node in select(container, css) if node is not container)
    return any(_held(node, lines) for node in inside)


# --------------------------------------------------------------------------- lead
def _lead_nodes(one: Sample) -> list[Element]:
    wanted = key(one.page.lead or "")
    if wanted:
        return smallest([node for node in elements(one.root) if key(text_of(node)) == wanted])
    named = (node for node in elements(one.root) if _LEAD.search(" ".join(names_of(node))) and not _in_link(node))
    return [node for node in named if _is_lead(text_of(node)) and not select(node, "a")]


def _is_lead(text: str) -> bool:
    return MIN_LEAD_WORDS <= len(text.split()) <= MAX_LEAD_WORDS


def _says_lead(one: Sample, css: str) -> bool:
    said = first_line(one, css)
    if one.page.lead:
        return key(said) == key(one.page.lead)
    return _is_lead(said) and any(_LEAD.search(name) for name in css.split())
