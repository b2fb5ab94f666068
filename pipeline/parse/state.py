"""The article of a page that is made in the browser, read from the state that its application keeps in a script."""

from __future__ import annotations

import html
import json
import re
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Any
from urllib.parse import urlsplit

from pipeline.parse.dates import counted_moment
from pipeline.parse.dom import Element, parse_document, select, text_of
from pipeline.parse.layout import Reading, families, read_body
from pipeline.parse.metadata import is_address
from pipeline.parse.scripted import data_in, data_of_elements
from pipeline.parse.texts import key
from pipeline.parse.tree import Tree
from pipeline.repair import repair_line
from pipeline.syllables import without_diacritics

# words of a text that may be an article's body
MIN_WORDS_OF_BODY = 60
# objects of all states of a page that are looked at; the largest state seen has 4,000
MAX_OBJECTS = 50_000
# blocks of a body, and values within one, that are read
MAX_BLOCKS, MAX_VALUES = 2_000, 60
_WRAPPERS, MAX_WRAPPERS = ("node", "nodes", "edges", "data", "attributes"), 3
MIN_TITLE_WORDS, MAX_TITLE_WORDS = 3, 60
# of the words of a title, those that the address of its page has; addresses leave out short words
MIN_SHARE_IN_ADDRESS, MIN_WORDS_IN_ADDRESS = 0.6, 3
_TAG = re.compile(r"<[a-zA-Z/][^<>]{0,300}>")
_NO_LETTER = re.compile(r"[^a-z0-9]+")
_HEADING = re.compile(r"head|title|subhead|^h[1-6]$")
_PICTURE = re.compile(r"image|photo|figure|picture|^img$|gallery")
_QUOTE = re.compile(r"quote")
_UNREAD = re.compile(r"embed|video|related|advert|^ads?$|script|link|news")

Record = dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Found:
    """An object of a state that may be the page's article: where it was, its body as HTML, and how much speaks for
    it."""

    where: str
    record: Record
    title: str
    body: str
    agrees: bool
    words: int


def read_state(scripts: Iterable[Element], root: Element, stated: str, address: str | None) -> Reading | None:
    """Return the article that the page's title or address names among what its scripts and the attributes of its
    elements hold, None when there is none.

    Where neither names one, the only object with a title and a body is the article.

    Args:
        scripts: those of the page, taken out of it or not.
        root: of the page.
        stated: what the metadata give as the page's title; of applications often the site's name only.
        address: the page's.
    """
    found = [*_candidates(chain(data_in(scripts), data_of_elements(root)), stated, address)]
    agreeing = [one for one in found if one.agrees]
    titles = {key(one.title) for one in found}
    best = max(agreeing or (found if len(titles) == 1 else ()), key=lambda one: one.words, default=None)
    return _reading(best) if best is not None else None


def _candidates(held: Iterable[tuple[str, object]], stated: str, address: str | None) -> Iterator[_Found]:
    left = MAX_OBJECTS
    for name, data in held:
        waiting: deque[object] = deque([data])
        while waiting and left:
            value = waiting.popleft()
            left -= 1
            if isinstance(value, list):
                waiting.extend(one for one in value if isinstance(one, dict | list))
            elif isinstance(value, dict):
                waiting.extend(one for one in value.values() if isinstance(one, dict | list))
                if found := _as_article(name, value, stated, address):
                    yield found


def _as_article(where: str, thing: Mapping[str, Any], stated: str, address: str | None) -> _Found | None:
    """Return an object as the article it may be: one with a title and a long text."""
    record = {_plain(name): value for name, value in thing.items() if isinstance(name, str)}
    title = next((text for value in _values(record, "title") if _count(text := _line(value)) >= MIN_TITLE_WORDS), "")
    if not title or _count(title) > MAX_TITLE_WORDS:
        return None
    bodies = [_as_html(value) for value in _values(record, "body")]
    body = max(bodies, key=_count, default="")
    words = _count(_TAG.sub(" ", body))
    if words < MIN_WORDS_OF_BODY:
        return None
    return _Found(where, record, title, body, _agrees(record, title, stated, address), words)


def _agrees(record: Record, title: str, stated: str, address: str | None) -> bool:
    """Whether the page's own title is that of an object, or its address names the object."""
    if key(title) in key(stated) or (_count(stated) >= MIN_TITLE_WORDS and key(title).startswith(key(stated))):
        return True
    path = urlsplit(address).path.strip("/").casefold() if address and is_address(address) else ""
    slugs = (value.strip("/").casefold() for value in _values(record, "slug") if isinstance(value, str))
    if any(slug and (path == slug or path.endswith(f"/{slug}") or path.startswith(f"{slug}.")) for slug in slugs):
        return True
    printed = frozenset(_NO_LETTER.sub(" ", without_diacritics(title.casefold())).split())
    asked = [word for word in _NO_LETTER.split(path.rpartition("/")[2].partition(".")[0]) if word.isalpha()]
    shared = sum(word in printed for word in asked)
    return len(asked) >= MIN_WORDS_IN_ADDRESS and shared >= MIN_SHARE_IN_ADDRESS * len(asked)


def _reading(found: _Found) -> Reading | None:
    root = parse_document(f"<html><body><div>{found.body}</div></body></html>")
    container = next(iter(select(root, "body > div")), None) if root is not None else None
    if root is None or container is None:
        return None
    reading = Reading("state")
    shared = families()
    read_body(Tree(root), container, shared.drop, shared.captions, reading)
    reading.title = found.title
    reading.lead = next((line for value in _values(found.record, "lead") if (line := _line(value))), "")
    reading.authors = tuple(_names(found.record, "authors"))
    reading.section = next(_names(found.record, "section"), "")
    reading.tags = tuple(_names(found.record, "tags"))
    reading.published = tuple(filter(None, map(_moment, _values(found.record, "published"))))[:1]
    reading.modified = tuple(filter(None, map(_moment, _values(found.record, "modified"))))[:1]
    given = ("title", "lead", "blocks", "captions", "authors", "section", "tags")
    reading.origin = {name: f"state: {found.where}" for name in given if getattr(reading, name)}
    if reading.published:
        reading.origin["published_at"] = f"state: {found.where}"
    return reading


def _plain(name: str) -> str:
    """Return the name of a field without case, blanks and what parts its words: "post_title" and "postTitle" alike."""
    return _NO_LETTER.sub("", name.casefold())


def _values(record: Record, field: str) -> Iterator[Any]:
    """Give what an object has under the names of a field, the likeliest first."""
    for name in families().state[field]:
        value = record.get(name)
        if isinstance(value, dict) and "rendered" in value:  # WordPress
            value = value["rendered"]
        if value:
            yield value


def _names(record: Record, field: str) -> Iterator[str]:
    """Give the names that a field holds: one, several, or objects that have one; nothing when they are only numbers."""
    embedded = record.get("embedded")  # WordPress
    told = _embedded_names(embedded, field) if isinstance(embedded, dict) else ()
    for value in chain(_values(record, field), told):
        found = False
        bare = _unwrapped(value)
        for one in map(_unwrapped, bare[:MAX_VALUES] if isinstance(bare, list) else (bare,)):
            named = {_plain(str(name)): inner for name, inner in one.items()} if isinstance(one, dict) else {}
            options = _values(named, "name") if named else iter((one,))
            line = next((line for option in options if (line := _line(option))), "")
            if line and not line.isdigit():
                found = True
                yield line
        if found:
            return


def _embedded_names(embedded: Mapping[str, Any], field: str) -> Iterator[Any]:
    """Give what WordPress's interface embeds beside an article that has the numbers of its authors and terms alone."""
    if field == "authors":
        yield embedded.get("author")
    terms = embedded.get("wp:term") if field == "section" else None
    for term in chain.from_iterable(one for one in terms if isinstance(one, list)) if isinstance(terms, list) else ():
        if isinstance(term, dict) and term.get("taxonomy") == "category":
            yield term


def _unwrapped(value: Any) -> Any:
    """Return what interfaces wrap into objects of their own: {"node": …}, {"data": {"attributes": …}}."""
    for _ in range(MAX_WRAPPERS):
        if not isinstance(value, dict) or any(_plain(str(name)) in families().state["name"] for name in value):
            return value
        inner = (value[name] for name in _WRAPPERS if isinstance(value.get(name), dict | list))
        value = next(inner, value)
    return value


def _moment(value: object) -> str:
    """Return a written date as it is, a number as the moment it counts to (ISO), empty when it is neither."""
    counted = counted_moment(value) if isinstance(value, int | float | str) else ""
    return counted or _line(value)


def _line(value: object) -> str:
    """Return a text without its tags as one repaired line."""
    if not isinstance(value, str):
        return ""
    if "<" not in value:
        return repair_line(value)
    root = parse_document(f"<html><body>{value}</body></html>")
    return text_of(root) if root is not None else ""


def _count(text: str) -> int:
    return len(text.split())


def _as_html(value: object) -> str:
    """Return a body as HTML: markup as it is, plain text by its lines, a list of blocks one by one."""
    if isinstance(value, str):
        if value[:1] in ("{", "[") and (blocks := _blocks_written(value)) is not None:
            return _as_html(blocks)
        if _TAG.search(value):
            return value
        if "&lt;p" in value or "&lt;div" in value:
            return html.unescape(value)
        return "".join(f"<p>{html.escape(line)}</p>" for line in value.splitlines() if line.strip())
    if isinstance(value, dict):  # {"blocks": […]}, {"type": "doc", "content": […]}
        value = next((inner for inner in value.values() if isinstance(inner, list)), None)
    if not isinstance(value, list):
        return ""
    return "".join(_block_as_html(block) for block in value[:MAX_BLOCKS])


def _blocks_written(value: str) -> dict[str, Any] | list[Any] | None:
    """Return the blocks of an editor that a body holds as a text of JSON, None where it is none."""
    try:
        blocks = json.loads(value)
    except (ValueError, RecursionError):
        return None
    return blocks if isinstance(blocks, dict | list) else None


def _block_as_html(block: object) -> str:
    """Return one block of an editor as HTML; embedded films, links and advertisements are left out."""
    if isinstance(block, str):
        return _as_html(block)
    if not isinstance(block, dict):
        return ""
    named = {_plain(str(name)): value for name, value in block.items()}
    kind = next((value.casefold() for value in _values(named, "kind") if isinstance(value, str)), "")
    if _PICTURE.search(kind):
        caption = " ".join(_texts_in({name: named[name] for name in named if "src" not in name}, "caption"))
        return f"<figure><img><figcaption>{caption}</figcaption></figure>"
    if _UNREAD.search(kind):
        return ""
    if "list" in kind:
        items = next((value for value in named.values() if isinstance(value, list)), [])
        items = items or next((value for value in _values(named, "text") if isinstance(value, list)), [])
        return "<ul>" + "".join(f"<li>{' '.join(_texts_in(one, 'text'))}</li>" for one in items[:MAX_VALUES]) + "</ul>"
    text = "".join(_texts_in(named, "text"))
    if re.match(r"\s*<(?:p|div|h[1-6]|ul|ol|table|figure|blockquote)\b", text):
        return text
    tag = "h2" if _HEADING.search(kind) else "blockquote" if _QUOTE.search(kind) else "p"
    return f"<{tag}>{text}</{tag}>"


def _texts_in(value: object, field: str) -> Iterator[str]:
    """Give the texts that a block holds under the names of a field, in their order, however its editor nests them."""
    names = frozenset((*families().state[field], *families().state["nested"]))
    waiting: deque[object] = deque([value])
    for _ in range(MAX_VALUES):
        if not waiting:
            return
        one = waiting.popleft()
        if isinstance(one, str):
            yield one if "<" in one else html.escape(one)
        elif isinstance(one, list):
            waiting.extendleft(reversed(one))
        elif isinstance(one, dict):
            inner = [part for name, part in one.items() if _plain(str(name)) in names]
            waiting.extendleft(reversed(inner))
