"""Reading a page by a layout of CSS selectors, whether of a site's profile or of a family of sites."""

from __future__ import annotations

import datetime as dt
import functools
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from importlib import resources
from itertools import islice
from types import MappingProxyType

import tomli

from crawler.profile import Layout
from pipeline.parse.blocks import read_blocks
from pipeline.parse.dom import Element, attribute, has_text, outermost, select_strings, taken_out, text_of
from pipeline.parse.tree import Tree
from pipeline.records import Block, DroppedLine

# elements of one selector that are read: a page has some tens of tags, a hostile one the same class on everything
MAX_MATCHES = 100
# elements before the body among which its first picture stands; more pictures are those of other articles
MAX_SIBLINGS, MAX_PICTURES_BEFORE = 6, 2
_CREDIT = re.compile(r"(?:(?:nguồn )?ảnh|nguồn|đồ h(?:ọa|oạ)|photo)\s?:\s?[^!?:]{1,60}", re.IGNORECASE)
BOX_REASON = "not of the article"

Selectors = tuple[str, ...]


@dataclass(slots=True)
class Reading:
    """What one way of reading found on a page; an empty field was not found.

    Where the generic way knows it, `begins` is the number of the element that the body begins with, `titled` that of
    the one with the title, and `above` are the lines that stood in one element with the body, above it. `pictured` says
    of captions told by a picture's surroundings how many lines of the container stand above them. Metadata give the
    `types` of what the page says is on it, whether it must be `paid` for, the names of its `sites`, and the `address`
    of the article that JSON-LD describes.
    """

    layout: str
    title: str = ""
    lead: str = ""
    blocks: tuple[Block, ...] = ()
    captions: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    published: tuple[str, ...] = ()
    modified: tuple[str, ...] = ()
    section: str = ""
    tags: tuple[str, ...] = ()
    dropped: tuple[DroppedLine, ...] = ()
    above: tuple[str, ...] = ()
    begins: int | None = None
    titled: int | None = None
    pictured: Mapping[str, int] = field(default_factory=dict)
    types: frozenset[str] = frozenset()
    sites: tuple[str, ...] = ()
    address: str = ""
    paid: bool = False
    origin: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Families:
    """Layouts shared by sites of one publishing system, what no system's body keeps, and what applications call the
    fields of an article in their `state`."""

    layouts: tuple[Layout, ...]
    drop: tuple[str, ...]
    captions: tuple[str, ...]
    lead: tuple[str, ...]
    published: tuple[str, ...]
    authors: tuple[str, ...]
    section: tuple[str, ...]
    tags: tuple[str, ...]
    state: Mapping[str, tuple[str, ...]]


@functools.cache
def families() -> Families:
    """The families that come with the package (lexicon/families.toml)."""
    table = tomli.loads(resources.files("pipeline").joinpath("lexicon/families.toml").read_text(encoding="utf-8"))
    shared = {name: tuple(selectors) for name, selectors in table["any"].items()}
    state = {field: tuple(names) for field, names in table["state"].items()}
    layouts = tuple(Layout.model_validate(one) for one in table["layout"])
    return Families(layouts=layouts, state=MappingProxyType(state), **shared)


def in_force(layout: Layout, fetched_at: dt.datetime) -> bool:
    """Whether the layout was not yet given up on the day of the capture."""
    return layout.valid_until is None or fetched_at.date() <= layout.valid_until


def by_date(layouts: tuple[Layout, ...], days: Iterable[dt.date]) -> tuple[Layout, ...]:
    """Return the layouts in the order to try them: that in use on each of the days, then the others as listed.

    A layout was in use from the day after the last of the next older one to its own last day. What an archive or the
    site itself still serves in an older or newer design is left to the selectors.
    """
    oldest_first = sorted(layouts, key=lambda one: one.valid_until or dt.date.max)
    of_day = [next((one for one in oldest_first if day <= (one.valid_until or dt.date.max)), None) for day in days]
    return tuple(dict.fromkeys((*(one for one in of_day if one is not None), *layouts)))


def read_layout(page: Tree, layout: Layout, name: str) -> Reading:
    """Read a page by one layout; the page is left as it was. A field whose selectors find nothing stays empty."""
    reading = Reading(name)
    body = _container(page, layout.body)
    reading.title = _first_text(page, layout.title, "title", reading)
    reading.lead = _lead(page, layout, reading)
    reading.section = _first_text(page, layout.section, "section", reading)
    reading.authors = _all_texts(page, layout.authors, "authors", reading)
    reading.tags = _all_texts(page, layout.tags, "tags", reading)
    reading.published = _times(page, layout.published, reading)
    if body is not None:
        css, element = body
        shared = families()
        read_body(page, element, (*layout.drop, *shared.drop), (*layout.captions, *shared.captions), reading)
        reading.captions = tuple(dict.fromkeys((*_captions_before(element), *reading.captions)))
        reading.origin["blocks"] = f"{name}: {css}"
    return reading


def read_body(
    page: Tree,
    container: Element,
    drop: Selectors,
    captions: Selectors,
    reading: Reading,
    apart: Mapping[Element, str] = MappingProxyType({}),
) -> None:
    """Read blocks, captions and what was dropped of a container into `reading`. The page is not changed.

    What `drop` selects goes, and so do the elements `apart`, each for its own reason.
    """
    boxes = page.some_may_have(drop)
    reasons = {css: f"{BOX_REASON} ({css})" for css in boxes}
    unwanted = dict(apart)
    unwanted |= {node: reasons[css] for css in reversed(boxes) for node in page.select(css, container)}
    away = outermost(container, unwanted)
    order = [*reasons.values(), *apart.values()]
    dropped = [
        DroppedLine(line.text, unwanted[node])
        for node in sorted(away, key=lambda node: order.index(unwanted[node]))
        for line in read_blocks(node).blocks
    ]
    called = page.some_may_have(captions)
    with taken_out(container, away):
        pictured = outermost(container, {node for css in called for node in page.select(css, container)})
        credited = [(node, _credit_below(node)) for node in pictured]
        marked = dict.fromkeys(" ".join(text_of(one) for one in pair if one is not None) for pair in credited)
        with taken_out(container, (one for pair in credited for one in pair if one is not None)):
            lines = read_blocks(container)
    shown = (caption for caption in (*marked, *lines.captions) if caption and not _is_address(caption))
    reading.captions = tuple(dict.fromkeys(shown))
    reading.pictured = lines.below
    reading.blocks = lines.blocks
    reading.dropped = (*reading.dropped, *dropped)
    if reading.captions:
        reading.origin["captions"] = f"{reading.layout}: pictures of the body"


def _credit_below(caption: Element) -> Element | None:
    """Return the element right below a caption that says whose the picture is, and nothing else."""
    following = caption.getnext()
    if following is None or following.tag not in ("div", "p", "span") or (caption.tail or "").strip():
        return None
    return following if _CREDIT.fullmatch(text_of(following)) else None


def _captions_before(body: Element) -> list[str]:
    """Return the captions of pictures that stand right before the body, below the title: often beside the lead."""
    found: list[str] = []
    for sibling in islice(body.itersiblings(preceding=True), MAX_SIBLINGS):
        captions = [node for node in sibling.iter("figcaption") if next(node.iterancestors("a"), None) is None]
        found[:0] = filter(None, map(text_of, captions))
        if next(sibling.iter("h1"), None) is not None:
            break
    return found if len(found) <= MAX_PICTURES_BEFORE else []


def _is_address(caption: str) -> bool:
    return caption.startswith(("http://", "https://"))


def _container(page: Tree, selectors: Selectors) -> tuple[str, Element] | None:
    for css in selectors:
        found = page.select(css)
        if len(found) > 1:
            found = [max(found, key=lambda node: page.texts.letters(page.texts.number[node]))]
        if found and has_text(found[0]):
            return css, found[0]
    return None


def _lead(page: Tree, layout: Layout, reading: Reading) -> str:
    for css in layout.lead:
        node = next((node for node in page.select(css)[:MAX_MATCHES] if has_text(node)), None)
        if node is not None:
            reading.origin["lead"] = f"{reading.layout}: {css}"
            unwanted = {part for drop in page.some_may_have(families().drop) for part in page.select(drop, node)}
            with taken_out(node, outermost(node, unwanted)):
                return " ".join(block.text for block in read_blocks(node).blocks)
    return ""


def _first_text(page: Tree, selectors: Selectors, what: str, reading: Reading) -> str:
    for css in selectors:
        text = next(_shown_by(page, css), "")
        if text:
            reading.origin[what] = f"{reading.layout}: {css}"
            return text
    return ""


def _shown_by(page: Tree, css: str) -> Iterator[str]:
    """Give what a selector shows: strings where it ends in ::text or ::attr(), else the texts of its elements."""
    if "::" in css:
        yield from select_strings(page.root, css)
    yield from (text for node in page.select(css)[:MAX_MATCHES] if (text := _shown(node)))


def _shown(node: Element) -> str:
    return attribute(node, "content") if node.tag == "meta" else text_of(node)


def _all_texts(page: Tree, selectors: Selectors, what: str, reading: Reading) -> tuple[str, ...]:
    for css in selectors:
        texts = tuple(dict.fromkeys(_shown_by(page, css)))
        if texts:
            reading.origin[what] = f"{reading.layout}: {css}"
            return texts
    return ()


def _times(page: Tree, selectors: Selectors, reading: Reading) -> tuple[str, ...]:
    """Return the written dates: the text a reader sees, then the datetime or content attribute."""
    for css in selectors:
        written = select_strings(page.root, css)[:1] if "::" in css else []
        written += [
            text
            for node in page.select(css)[:1]
            for text in (text_of(node), attribute(node, "datetime"), attribute(node, "content"))
            if text
        ]
        if written:
            reading.origin["published_at"] = f"{reading.layout}: {css}"
            return tuple(written)
    return ()
