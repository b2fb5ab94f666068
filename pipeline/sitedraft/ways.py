"""CSS selectors that lead to an element, by what in its markup is likely to stay."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.parse.dom import Element

MOST_ANCESTORS = 5
_NAME = re.compile(r"[A-Za-z_][\w-]{1,40}")
# names of states, grids and numbered things ("active", "col-md-8", "post-1234") say nothing of what a place is for
_PASSING = re.compile(
    r"\d{2,}|^.{1,2}$|^(?:active|first|last|odd|even|current|clearfix|row|container(?:-fluid)?|col(?:-\w+)*|hidden|show|fade|left|right|center|"
    r"text-\w+|[mp][tblrxy]?-\w+|wow|img-\w+|d-\w+|w-\w+|h-\w+|float-\w+|pull-\w+|fl|fr|cf|span\d+|bold|red)$",
    re.I,
)


def names_of(node: Element) -> list[str]:
    """Return "#id", ".class" and telling attributes of an element, without those that will not stay."""
    found = [
        f"[{name}={value}]"
        for name in ("itemprop", "data-role")
        if (value := node.get(name)) and _NAME.fullmatch(value)
    ]
    for mark, written in (("#", node.get("id")), (".", node.get("class"))):
        found += [
            mark + name for name in (written or "").split() if _NAME.fullmatch(name) and not _PASSING.search(name)
        ]
    return found


def ways_to(node: Element) -> Iterator[str]:
    """Give selectors that an element matches: by its own names, then by a step below an ancestor's."""
    tag = str(node.tag)
    for name in names_of(node):
        yield tag + name
    below = tag
    for depth, ancestor in enumerate(node.iterancestors()):
        if depth >= MOST_ANCESTORS or ancestor.tag in ("body", "html"):
            break
        for name in names_of(ancestor):
            yield f"{name} {below}" if name[0] == "#" else f"{ancestor.tag}{name} {below}"
            if below != tag:
                yield f"{ancestor.tag}{name} {tag}"
        below = f"{ancestor.tag} > {below}" if depth == 0 else below


def is_bare(css: str) -> bool:
    """Whether a selector is a tag alone."""
    return css.isalnum()
