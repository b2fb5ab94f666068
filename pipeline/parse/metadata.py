"""What a page says of itself to machines: JSON-LD, OpenGraph, microdata. Broken JSON is read as far as it goes."""

from __future__ import annotations

import json
import re
from collections import deque
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from pipeline.parse.dom import Element, attribute, linked_data, select, text_of
from pipeline.parse.layout import Reading
from pipeline.repair import repair_line

_ARTICLE_TYPES = frozenset(
    [
        "Article",
        "NewsArticle",
        "ReportageNewsArticle",
        "AnalysisNewsArticle",
        "OpinionNewsArticle",
        "BackgroundNewsArticle",
        "LiveBlogPosting",
        "BlogPosting",
        "AdvertiserContentArticle",
    ]
)
_NO_SECTION = frozenset(("trang chủ", "home", "trang nhất"))
# what editors of pages write where nobody wrote a title
_NO_TITLE = re.compile(
    r"(?:new page|trang mới|untitled(?: document| page)?|document|no title)\s?\d{0,4}", re.IGNORECASE
)
_NO_PERSON = re.compile(r"^(?:https?:|báo |tạp chí |cổng thông tin |admin$|ban biên tập$)|\.(?:vn|com|net|org)$", re.I)
# "Xã hội,Đời sống": from the outer section to the inner; one named "Lao động, việc làm" has a blank
_SECTIONS = re.compile(r",(?=\S)")
_SECTION = ("article:section", "articleSection", "og:article:section", "section")
_WITHOUT_OFFSET = re.compile(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?")
# systems whose times in the page's head are those of their database
_WRITES_UTC = ("Odoo",)
MAX_WORDS_OF_STEP = 6  # of a breadcrumb, that is a section
_TRAILING_COMMA = re.compile(r",\s*([}\]])")
_STRING_FIELD = r'"{name}"\s*:\s*"((?:[^"\\]|\\.)*)"'


def read_metadata(root: Element) -> tuple[Reading, bool]:
    """Return what the page's metadata give, and whether they call the page an article."""
    reading = Reading("metadata")
    things = [thing for script in linked_data(root) for thing in _things(script)]
    found = _linked_article(things, root)
    reading.types = frozenset(str(kind) for thing in things for kind in _as_list(thing.get("@type")))
    reading.paid = str(found.get("isAccessibleForFree")).casefold() == "false"
    _fill_from_linked_data(found, reading)
    publishers = [one for one in _as_list(found.get("publisher")) if isinstance(one, dict)]
    stated = _stated(root)
    named = (*(_line(one.get("name")) for one in publishers), *stated.get("og:site_name", []))
    reading.sites = tuple(name for name in named if name)
    reading.section = reading.section or _breadcrumb(things, reading.title or _page_title(root))
    if reading.section:
        reading.origin["section"] = "json-ld"
    _fill_from_meta(stated, reading)
    # og:type says nothing: section pages call themselves articles too
    is_article = bool(found) or bool(reading.published)
    if not reading.title:
        written = _page_title(root)
        reading.title = "" if _NO_TITLE.fullmatch(written) else written
        reading.origin["title"] = "title"
    if not reading.published:
        _fill_from_film(things, reading)
    return reading, is_article


def canonical_address(root: Element) -> str | None:
    """Return the address the page gives for itself, or None."""
    for css, name in (
        ("link[rel=canonical]", "href"),
        ("meta[property='og:url']", "content"),
        ("input[name=__printURL]", "value"),
    ):
        for node in select(root, css):
            address = attribute(node, name)
            if is_address(address):
                return address
    return None


def is_address(written: str) -> bool:
    """Whether a page's word for an address is one: "http://[x" makes urllib raise."""
    try:
        return urlsplit(written).scheme in ("http", "https")
    except ValueError:
        return False


def site_name(root: Element) -> str:
    """Return the name of the site as OpenGraph gives it, empty when absent."""
    return _stated(root).get("og:site_name", [""])[0]


def _fill_from_film(things: list[dict[str, Any]], reading: Reading) -> None:
    """Take the date of the film that a page is made for, by its title; one in an article may be years older."""
    for film in (thing for thing in things if thing.get("@type") == "VideoObject"):
        name, uploaded = _line(film.get("name")), _line(film.get("uploadDate"))
        if name and uploaded and name.casefold() in reading.title.casefold():
            reading.published, reading.origin["published_at"] = (uploaded,), "json-ld"
            return


def _fill_from_linked_data(article: dict[str, Any], reading: Reading) -> None:
    origin = reading.origin
    reading.title = _line(article.get("headline")) or _line(article.get("name"))
    reading.lead = _line(article.get("description"))
    reading.authors = tuple(name for one in _as_list(article.get("author")) if (name := _author(one)))
    reading.published = tuple(filter(None, (_line(article.get("datePublished")),)))
    reading.modified = tuple(filter(None, (_line(article.get("dateModified")),)))
    reading.section = _line(next(iter(_as_list(article.get("articleSection"))), ""))
    reading.address = _address_of(article)
    for name, there in (
        ("title", reading.title),
        ("lead", reading.lead),
        ("authors", reading.authors),
        ("published_at", reading.published),
        ("modified_at", reading.modified),
    ):
        if there:
            origin[name] = "json-ld"


def _address_of(article: dict[str, Any]) -> str:
    page = article.get("mainEntityOfPage")
    return _line(page.get("@id") if isinstance(page, dict) else page) or _line(article.get("url"))


def _fill_from_meta(stated: dict[str, list[str]], reading: Reading) -> None:
    def take(names: tuple[str, ...], field: str) -> str:
        name = next((name for name in names if name in stated), None)
        if name is None:
            return ""
        reading.origin.setdefault(field, name)
        return stated[name][0]

    reading.title = reading.title or take(("og:title", "headline", "dable:title", "twitter:title"), "title")
    reading.lead = reading.lead or take(("og:description", "description", "twitter:description"), "lead")
    clock = _clock_of(stated)
    published = take(("article:published_time", "datePublished", "pubdate", "dable:published_time"), "published_at")
    published = f"{published}{clock}" if _WITHOUT_OFFSET.fullmatch(published) else published
    reading.published = (*reading.published, *filter(None, (published,)))
    modified = take(("article:modified_time", "dateModified", "lastmod"), "modified_at")
    modified = f"{modified}{clock}" if _WITHOUT_OFFSET.fullmatch(modified) else modified
    reading.modified = (*reading.modified, *filter(None, (modified,)))
    reading.section = reading.section or take(_SECTION, "section")
    reading.section = _SECTIONS.split(reading.section)[-1]
    if not reading.authors:
        author = take(("dable:author", "article:author"), "authors")
        named = " " in author and not author.startswith("http")
        reading.authors = tuple(name for part in author.split(";") if (name := _author(part))) if named else ()
    tags = [part for value in stated.get("article:tag", []) for part in value.split(",")]
    tags = tags or take(("news_keywords",), "tags").split(",")
    reading.tags = tuple(dict.fromkeys(tag.strip() for tag in tags if tag.strip()))
    if reading.tags:
        reading.origin.setdefault("tags", "article:tag")


def _clock_of(stated: dict[str, list[str]]) -> str:
    """Return the offset of the times that a page states without one, where its system writes them in Greenwich's."""
    return "Z" if any(name.startswith(_WRITES_UTC) for name in stated.get("generator", [])) else ""


def _stated(root: Element) -> dict[str, list[str]]:
    """Return by name what the page's <meta> elements say, in document order; empty ones are left out."""
    stated: dict[str, list[str]] = {}
    for node in root.iter("meta"):
        content = attribute(node, "content")
        for name in dict.fromkeys((node.get("property"), node.get("name"), node.get("itemprop"))):
            if content and name:
                stated.setdefault(name, []).append(content)
    return stated


def _page_title(root: Element) -> str:
    return next((text for node in select(root, "title") if (text := text_of(node))), "")


def _linked_article(things: list[dict[str, Any]], root: Element) -> dict[str, Any]:
    """Return the object of the page's article: of several the one that the page's title names, else the first."""
    found = [thing for thing in things if _ARTICLE_TYPES & {str(kind) for kind in _as_list(thing.get("@type"))}]
    if len(found) > 1:
        title = _page_title(root).casefold()
        headlines = ((one, _line(one.get("headline")).casefold()) for one in found)
        return next((one for one, headline in headlines if headline and headline in title), found[0])
    return found[0] if found else {}


def _breadcrumb(things: list[dict[str, Any]], title: str) -> str:
    """Return the last step of the page's breadcrumb that is a section, not the article itself."""
    for thing in things:
        if thing.get("@type") != "BreadcrumbList":
            continue
        steps = [step for step in _as_list(thing.get("itemListElement")) if isinstance(step, dict)]
        names = [_line(_step_name(step)) for step in steps]
        named = (name for name in names if name and name.casefold() not in _NO_SECTION)
        sections = [name for name in named if name != title and not _begins_title(name, title)]
        if sections:
            return sections[-1]
    return ""


def _begins_title(name: str, title: str) -> bool:
    """Whether a step is the article itself, as the page's title begins with it before the site's name."""
    return len(name.split()) > MAX_WORDS_OF_STEP and title.startswith(f"{name} ")


def _step_name(step: dict[str, Any]) -> object:
    there = step.get("item")
    return step.get("name") or (there.get("name") if isinstance(there, dict) else "")


def _things(script: str) -> Iterator[dict[str, Any]]:
    """Yield every typed object of a JSON-LD script: single, listed, or in a graph."""
    waiting = deque(_as_list(_load(script)))
    while waiting:
        thing = waiting.popleft()
        if isinstance(thing, list):
            waiting.extendleft(reversed(thing))
        elif isinstance(thing, dict):
            if "@type" in thing:
                yield thing
            waiting.extendleft(reversed(_as_list(thing.get("@graph"))))


def _load(script: str) -> object:
    text = script.strip().removeprefix("<!--").removesuffix("-->").removeprefix("<![CDATA[").removesuffix("]]>")
    for attempt in (text, _TRAILING_COMMA.sub(r"\1", text)):
        try:
            return json.loads(attempt.strip().rstrip(";"), strict=False)
        except (json.JSONDecodeError, RecursionError):
            continue
    return _salvage(text)


def _salvage(text: str) -> dict[str, Any]:
    """Return the plain string fields of a script that is no JSON (a quote too many in a headline is common)."""
    kinds = [kind for kind in re.findall(r'"@type"\s*:\s*"(\w+)"', text) if kind in _ARTICLE_TYPES]
    if not kinds:
        return {}
    salvaged: dict[str, Any] = {"@type": kinds[0]}
    for name in ("headline", "datePublished", "dateModified", "articleSection"):
        found = re.search(_STRING_FIELD.format(name=name), text)
        # a value cut by a stray quote is followed by something else than a comma or a closing brace
        if found and re.match(r"\s*[,}]", text[found.end() :]):
            salvaged[name] = found[1].replace('\\"', '"').replace("\\/", "/")
    return salvaged


def _author(one: object) -> str:
    name = _line(one.get("name")) if isinstance(one, dict) else _line(one)
    organisation = isinstance(one, dict) and one.get("@type") == "Organization"
    return "" if organisation or _NO_PERSON.search(name) else name


def _as_list(value: object) -> list[Any]:
    if value is None or value == "":
        return []
    return list(value) if isinstance(value, list) else [value]


def _line(value: object) -> str:
    return repair_line(value) if isinstance(value, str) else ""
