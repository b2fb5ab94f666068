"""Whether what a page states of an article is of the article that it prints."""

from __future__ import annotations

from urllib.parse import urlsplit

from pipeline.parse.dom import HEADINGS
from pipeline.parse.layout import Reading
from pipeline.parse.metadata import is_address
from pipeline.parse.texts import key
from pipeline.parse.tree import Tree

# of the words of a stated title, those that a heading of the page shares with it where it is another wording of it
MIN_SHARED = 0.3


def is_of_another(page: Tree, metadata: Reading, address: str | None) -> bool:
    """Whether metadata that give another address than the page's have a title that nothing on the page says: some
    systems go on stating the article that a template was made with."""
    theirs, ours = _path(metadata.address), _path(address)
    if not theirs or not ours or theirs == ours or not metadata.title:
        return False
    texts = page.texts
    if any(texts.nodes[one].tag not in ("title", "head") for one in texts.printed(key(metadata.title))):
        return False
    words = set(metadata.title.casefold().split())
    headings = (texts.of(node) for node in texts.nodes if node.tag in HEADINGS)
    return not any(len(words & set(heading.casefold().split())) >= MIN_SHARED * len(words) for heading in headings)


def _path(address: str | None) -> str:
    return urlsplit(address).path.strip("/") if address and is_address(address) else ""
