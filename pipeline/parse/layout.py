"""Reading a page by a layout of CSS selectors, whether of a site's profile or of a family of sites."""

from __future__ import annotations

import copy
import datetime as dt
import functools
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib import resources

from crawler.site import Layout
from pipeline.parse.blocks import read_blocks
from pipeline.parse.dom import Element, attribute, contains, remove, select, select_strings, text_of
from pipeline.schema import Block, DroppedLine


@dataclass(slots=True)
class Reading:
    """What one way of reading found on a page; an empty field was not found."""

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
    origin: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Families:
    """Layouts shared by sites of one publishing system, and what no system's body keeps."""

    layouts: tuple[Layout, ...]
    drop: tuple[str, ...]
    captions: tuple[str, ...]
    lead: tuple[str, ...]
    published: tuple[str, ...]
    authors: tuple[str, ...]
    section: tuple[str, ...]
    tags: tuple[str, ...]


@functools.cache
def families() -> Families:
    """The families that come with the package (lexicon/families.toml)."""
    table = tomllib.loads(resources.files("pipeline").joinpath("lexicon/families.toml").read_text(encoding="utf-8"))
    shared = {name: tuple(selectors) for name, selectors in table["any"].items()}
    return Families(layouts=tuple(Layout.model_validate(one) for one in table["layout"]), **shared)


def in_force(layout: Layout, fetched_at: dt.datetime) -> bool:
    """Whether the layout was in use on the day of the capture."""
    return layout.valid_until is None or fetched_at.date() <= layout.valid_until


def read_layout(root: Element, layout: Layout, name: str) -> Reading:
    """Read a page by one layout; the tree is left as it was. A field whose selectors find nothing stays empty."""
    reading = Reading(name)
    body = _container(root, layout.body)
    reading.title = _first_text(root, layout.title, "title", reading)
    reading.lead = _lead(root, layout, reading)
    reading.section = _first_text(root, layout.section, "section", reading)
    reading.authors = _all_texts(root, layout.authors, "authors", reading)
    reading.tags = _all_texts(root, layout.tags, "tags", reading)
    reading.published = _times(root, layout.published, reading)
    if body is not None:
        css, element = body
        read_body(element, (*layout.drop, *families().drop), (*layout.captions, *families().captions), reading)
        reading.origin["blocks"] = f"{name}: {css}"
    return reading


def read_body(container: Element, drop: tuple[str, ...], captions: tuple[str, ...], reading: Reading) -> None:
    """Read blocks, captions and what was dropped of a container into `reading`. The tree is not changed."""
    body = copy.deepcopy(container)
    body.tail = None
    dropped: list[DroppedLine] = []
    for css in drop:
        for node in select(body, css):
            if node is not body and contains(body, node):
                dropped += (DroppedLine(line.text, f"not of the article ({css})") for line in read_blocks(node).blocks)
                remove(node)
    marked = _take_captions(body, captions)
    lines = read_blocks(body)
    reading.captions = tuple(dict.fromkeys((*marked, *(text for text in lines.captions if not _is_address(text)))))
    reading.blocks = lines.blocks
    reading.dropped = (*reading.dropped, *dropped)


def _take_captions(body: Element, selectors: tuple[str, ...]) -> tuple[str, ...]:
    taken: dict[str, None] = {}
    nodes = [node for css in selectors for node in select(body, css) if node is not body]
    order = {node: number for number, node in enumerate(body.iter())}
    for node in sorted(nodes, key=lambda one: order.get(one, 0)):
        if not contains(body, node):
            continue  # lay in a caption already taken
        caption = text_of(node)
        if caption and not _is_address(caption):
            taken[caption] = None
        remove(node)
    return tuple(taken)


def _is_address(caption: str) -> bool:
    return caption.startswith(("http://", "https://"))


def _container(root: Element, selectors: tuple[str, ...]) -> tuple[str, Element] | None:
    for css in selectors:
        found = [(len(text_of(node)), -number, node) for number, node in enumerate(select(root, css))]
        if found and max(found, key=lambda one: one[:2])[0]:
            return css, max(found, key=lambda one: one[:2])[2]
    return None


def _lead(root: Element, layout: Layout, reading: Reading) -> str:
    for css in layout.lead:
        node = next((node for node in select(root, css) if text_of(node)), None)
        if node is not None:
            reading.origin["lead"] = f"{reading.layout}: {css}"
            own = copy.deepcopy(node)
            own.tail = None
            for drop in families().drop:
                for part in select(own, drop):
                    if part is not own:
                        remove(part)
            return " ".join(block.text for block in read_blocks(own).blocks)
    return ""


def _first_text(root: Element, selectors: tuple[str, ...], what: str, reading: Reading) -> str:
    for css in selectors:
        text = next(_shown_by(root, css), "")
        if text:
            reading.origin[what] = f"{reading.layout}: {css}"
            return text
    return ""


def _shown_by(root: Element, css: str) -> Iterator[str]:
    """Give what a selector shows: strings where it ends in ::text or ::attr(), else the texts of its elements."""
    if "::" in css:
        yield from select_strings(root, css)
    yield from (text for node in select(root, css) if (text := _shown(node)))


def _shown(node: Element) -> str:
    return attribute(node, "content") if node.tag == "meta" else text_of(node)


def _all_texts(root: Element, selectors: tuple[str, ...], what: str, reading: Reading) -> tuple[str, ...]:
    for css in selectors:
        texts = tuple(dict.fromkeys(_shown_by(root, css)))
        if texts:
            reading.origin[what] = f"{reading.layout}: {css}"
            return texts
    return ()


def _times(root: Element, selectors: tuple[str, ...], reading: Reading) -> tuple[str, ...]:
    """Return the written dates: the text a reader sees, then the datetime or content attribute."""
    for css in selectors:
        written = select_strings(root, css)[:1] if "::" in css else []
        written += [
            text
            for node in select(root, css)[:1]
            for text in (text_of(node), attribute(node, "datetime"), attribute(node, "content"))
            if text
        ]
        if written:
            reading.origin["published_at"] = f"{reading.layout}: {css}"
            return tuple(written)
    return ()
