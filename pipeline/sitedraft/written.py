"""The draft as a profile's TOML, with a comment on each value that nobody has checked."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from pipeline.sitedraft.design import PARTS, Design
from pipeline.sitedraft.draft import Draft
from pipeline.sitedraft.survey import name_of

_BESIDE = "  # unsure: "


def as_toml(draft: Draft) -> str:
    """Return the profile's text; it loads with `crawler.site.load_site`."""
    return "\n".join(_lines(draft)) + "\n"


def _lines(draft: Draft) -> Iterator[str]:
    yield f"# A draft: written by `congdoan sites new` from {draft.requests} requests; look at what is unsure."
    yield f"name = {_text(name_of(draft.host))}"
    yield f"title = {_text(draft.title)}"
    yield f"hosts = [{_text(draft.host)}]"
    if draft.alias:
        yield f"aliases = [{_text(draft.alias)}]{_BESIDE}{draft.why['aliases']}"
    yield from (
        'languages = ["vi"]',
        f"# unsure: {draft.why['article']}",
        f"article = {_regex(draft.identity.pattern)}",
    )
    if draft.identity.address:
        yield f"address = {_text(draft.identity.address)}"
    yield from (f"# unsure: {draft.why['deny']}", "deny = [")
    yield from (f"    {_regex(pattern)},  # {what}" for pattern, what in draft.deny)
    yield from ("]", "verified = false", f"unverified = {_texts([*draft.why])}", "", "[start]")
    for key in ("sections", "feeds", "sitemaps"):
        yield f"# unsure: {draft.why[f'start.{key}']}"
        yield f"{key} = {_texts(getattr(draft, key))}"
    yield f"# unsure: {draft.why['start.items']}"
    if draft.items.css:
        yield f"items = {_text(draft.items.css)}"
    yield from ("", f"# unsure: {draft.why['start.paging']}")
    if draft.paging:
        given = draft.paging.model_dump(exclude_unset=True)
        yield from ("[start.paging]", *(f"{key} = {_value(value)}" for key, value in given.items()))
    yield from ("", f"# unsure: {draft.why['start.topics']}")
    if draft.topics:
        yield from ("[start.topics]", f"address = {_regex(draft.topics)}")
    yield from ("", f"# unsure: {draft.why['layouts']}")
    yield from _layout(draft.design)
    yield from ("", "# unsure: " + draft.why["expected"], "[expected]")
    yield from (f"{name} = {share}" for name, share in draft.expected.items())
    yield from ("", f"# {draft.why['politeness']}", "[politeness]", f"delay = {float(draft.delay)}")


def _layout(design: Design) -> Iterator[str]:
    if design.layout is None:
        return
    yield from ("[[layouts]]", f"name = {_text(design.layout.name)}", "verified = false")
    for part in PARTS:
        selectors = getattr(design.layout, part)
        if selectors:
            counts = ", ".join(str(design.found[part, css]) for css in selectors)
            yield f"{part} = {_texts(selectors)}{_BESIDE}on {counts} of {design.pages} pages"
        elif part in ("lead", "authors", "published", "section"):
            yield f"# unsure: no selector for {part} was found on {design.pages} pages"


def _text(value: str) -> str:
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")  # JSON's strings are TOML's, but for DEL


def _regex(pattern: str) -> str:
    return _text(pattern) if "'" in pattern or "\n" in pattern else f"'{pattern}'"


def _value(value: object) -> str:
    return _text(value) if isinstance(value, str) else str(value)


def _texts(values: Sequence[str]) -> str:
    return "[" + ", ".join(map(_text, values)) + "]"
