"""The draft as a profile's TOML, with a comment on each value that nobody has checked."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence

from pipeline.sitedraft.draft import Draft

_PARTS = ("title", "lead", "body", "drop", "captions", "authors", "published", "section", "tags")


def name_of(host: str) -> str:
    """Return the profile's name for a host: "www.congdoan.vn" is "congdoan_vn"."""
    return re.sub(r"[^a-z0-9]+", "_", host.lower().removeprefix("www.")).strip("_")


def as_toml(draft: Draft) -> str:
    """Return the profile's text; it loads with `crawler.site.load_site`."""
    return "\n".join(_lines(draft)) + "\n"


def _lines(draft: Draft) -> Iterator[str]:
    yield '# A draft: written by `congdoan sites new` from a handful of pages. Look at every line marked "unsure".'
    yield f"name = {_text(name_of(draft.host))}"
    yield f"title = {_text(draft.title)}"
    yield f"hosts = [{_text(draft.host)}]"
    if other := _other_host(draft.host):
        yield "# unsure: taken to serve the same articles; not asked"
        yield f"aliases = [{_text(other)}]"
    yield f"# unsure: {draft.unsure['article']}"
    yield f"article = {_text(draft.article)}"
    yield "verified = false"
    yield f"unverified = {_texts([*draft.unsure])}"
    yield from ("", "[start]")
    for key in ("sections", "feeds", "sitemaps"):
        yield f"# unsure: {draft.unsure[f'start.{key}']}"
        yield f"{key} = {_texts(getattr(draft, key))}"
    yield f"# unsure: {draft.unsure['start.paging']}"
    if draft.paging:
        template, size = draft.paging
        yield from ("", "[start.paging]", f"template = {_text(template)}", *([f"page_size = {size}"] if size else []))
    yield from ("", f"# unsure: {draft.unsure['layouts']}")
    if draft.layout:
        yield from ("[[layouts]]", f"name = {_text(draft.layout.name)}", "verified = false")
        for part in _PARTS:
            if selectors := getattr(draft.layout, part):
                yield f"{part} = {_texts(selectors)}"


def _other_host(host: str) -> str | None:
    if ":" in host or re.fullmatch(r"[\d.]+", host):
        return None
    return host.removeprefix("www.") if host.startswith("www.") else f"www.{host}"


def _text(value: str) -> str:
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")  # JSON's strings are TOML's, but for DEL


def _texts(values: Sequence[str]) -> str:
    return "[" + ", ".join(map(_text, values)) + "]"
