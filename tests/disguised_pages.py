"""Our pages as a paper nobody knows would print them: no metadata, and names of classes that say nothing."""

from __future__ import annotations

import hashlib
from dataclasses import replace

from lxml import etree, html

from pipeline.evaluate.expected import Expected
from pipeline.parse import decode

_SAYING = frozenset(("type", "rel", "title", "alt", "role", "name", "datetime", "property", "content"))


def disguised(page: Expected) -> Expected:
    """Return a page without scripts and metadata, its classes renamed, its text as it was."""
    root = html.document_fromstring(decode(page.content), parser=html.HTMLParser(encoding="utf-8"))
    for node in [*root.iter("script", "meta", "style")]:
        node.drop_tree()
    for node in root.iter(etree.Element):
        for name in node.attrib:
            if name in ("class", "id"):
                node.attrib[name] = " ".join(map(_renamed, node.attrib[name].split()))
            elif name in _SAYING or name.startswith(("data-", "item", "aria-")):
                del node.attrib[name]
    content = b'<!doctype html><meta charset="utf-8">' + etree.tostring(root, encoding="utf-8", method="html")
    return replace(page, content=content, site=None, group="disguised")


def _renamed(name: str) -> str:
    """Return a name of letters that stand in no word: a class must not come out as "ads" or "menu"."""
    digest = hashlib.sha256(name.encode()).hexdigest()[:6]
    return "x" + digest.translate(str.maketrans("0123456789abcdef", "jkqwxzvjkqwxzvjk"))
