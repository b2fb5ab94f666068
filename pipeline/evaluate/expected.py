"""What a reader should give of a page: the JSON file beside it.

    {"url": "https://…", "site": "laodong_vn", "fetched_at": "2026-10-01T00:00:00+00:00",
     "article": {"title": "…", "lead": "…", "body": ["…", "…"], "published_at": "2026-03-09T14:05:00+07:00",
                 "authors": ["…"], "section": "…", "captions": ["…"]}}

A field that is not there is not judged; null or [] says that the page has none. Only title and body must be there.
A field may also be {"xpath": "…"}: it is then read off the page itself, a string off the first node, a list one line
a node. So pages whose text must not be copied can be measured: the JSON file says where a person found each field.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from lxml import etree, html

from pipeline.parse import decode

_DATE = "published_at"
_NEEDED = ("title", "body")
_PAGES = (".html", ".htm", ".xhtml")


class ExpectedNotUnderstood(ValueError):
    """A page without expected JSON, or with a wrong one; the message names file, key and what was expected."""


@dataclass(frozen=True, slots=True)
class Expected:
    """A page and what should be read off it. `judged` are the fields that the JSON file speaks of.

    `group` is the page's site where the JSON file names it, else its folder, else its host.
    """

    page: Path
    content: bytes
    url: str | None
    site: str | None
    group: str
    fetched_at: dt.datetime
    judged: frozenset[str]
    title: str
    body: tuple[str, ...]
    lead: str | None
    section: str | None
    authors: tuple[str, ...]
    captions: tuple[str, ...]
    published_at: dt.datetime | None


def read_expected(pages: Path, beside: Path | None, now: dt.datetime) -> list[Expected]:
    """Return the pages of a folder, and of the folders in it, in the order of their names.

    Args:
        pages: a folder of pages.
        beside: the folder that holds the JSON files under the same names; of the pages there, only those with
            a JSON file are taken. None: the JSON files lie beside the pages, and every page must have one.
        now: when a page was fetched whose JSON file does not say so.

    Raises:
        ExpectedNotUnderstood: no pages, a page without JSON file, or a wrong one.
    """
    found = sorted(path for path in pages.rglob("*") if path.suffix.lower() in _PAGES)
    answers = {page: (beside or pages) / page.relative_to(pages).with_suffix(".json") for page in found}
    if beside is not None:
        answers = {page: answer for page, answer in answers.items() if answer.is_file()}
    if not answers:
        where = f" with a JSON file of the same name in {beside}" if beside else ""
        raise ExpectedNotUnderstood(f"{pages}: no page (.html){where}")
    return [_read(page, answer, pages, now) for page, answer in answers.items()]


def _read(page: Path, answer: Path, pages: Path, now: dt.datetime) -> Expected:
    try:
        told = json.loads(answer.read_text(encoding="utf-8"))
    except OSError as error:
        raise ExpectedNotUnderstood(f"{answer}: {error.strerror or error}; every page needs one") from error
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise ExpectedNotUnderstood(f"{answer}: no JSON: {error}") from error
    article = told.get("article") if isinstance(told, dict) else None
    if not isinstance(article, dict) or any(name not in article for name in _NEEDED):
        raise ExpectedNotUnderstood(f"{answer}: expected an object with article.title and article.body")
    content = page.read_bytes()
    fields = _Fields(answer, article, content)
    url, site = _text(told, "url", answer), _text(told, "site", answer)
    fetched_at = _instant(told.get("fetched_at"), "fetched_at", answer)
    title = fields.text("title")
    if title is None:
        raise ExpectedNotUnderstood(f"{answer}: article.title: expected the title")
    folder = page.parent.relative_to(pages).as_posix()
    return Expected(
        page=page,
        content=content,
        url=url,
        site=site,
        group=site or (folder if folder != "." else urlsplit(url or "").hostname or "pages"),
        fetched_at=fetched_at or now,
        judged=frozenset(article),
        title=title,
        body=fields.lines("body"),
        lead=fields.text("lead"),
        section=fields.text("section"),
        authors=fields.lines("authors"),
        captions=fields.lines("captions"),
        published_at=_instant(article.get(_DATE), f"article.{_DATE}", answer),
    )


class _Fields:
    """The fields of one JSON file, read off the page where the file says so."""

    def __init__(self, answer: Path, article: Mapping[str, Any], content: bytes) -> None:
        self.answer, self.article, self.content = answer, article, content

    def text(self, name: str) -> str | None:
        told = self.article.get(name)
        if isinstance(told, dict):
            return self._selected(name, told)[0]
        if told is not None and not isinstance(told, str):
            raise ExpectedNotUnderstood(f'{self.answer}: article.{name}: expected a string, null or {{"xpath": "…"}}')
        return told

    def lines(self, name: str) -> tuple[str, ...]:
        told = self.article.get(name, [])
        if isinstance(told, dict):
            return tuple(self._selected(name, told))
        if not isinstance(told, list) or any(not isinstance(line, str) for line in told):
            raise ExpectedNotUnderstood(f'{self.answer}: article.{name}: expected strings or {{"xpath": "…"}}')
        return tuple(told)

    def _selected(self, name: str, told: Mapping[str, Any]) -> list[str]:
        """Return the lines of the nodes that an XPath selects; there must be some."""
        where = f"{self.answer}: article.{name}"
        page = html.document_fromstring(decode(self.content, where=str(self.answer)))
        try:
            nodes = page.xpath(told["xpath"])
        except (KeyError, TypeError, etree.XPathError) as error:
            raise ExpectedNotUnderstood(f'{where}: expected {{"xpath": "…"}}, an XPath: {error}') from error
        lines = [" ".join(_text_of(node).split()) for node in (nodes if isinstance(nodes, list) else [nodes])]
        if not any(lines):
            raise ExpectedNotUnderstood(f"{where}: the XPath selects no text of the page: {told['xpath']}")
        return [line for line in lines if line]


def _text_of(node: Any) -> str:
    """Return the text of a node, without comments; a line break is a space."""
    if not isinstance(node, etree._Element):
        return str(node)
    parts: Any = node.xpath("descendant::text() | descendant::br")
    return "".join(" " if isinstance(part, etree._Element) else part for part in parts)


def _text(told: Mapping[str, Any], name: str, answer: Path) -> str | None:
    value = told.get(name)
    if value is not None and not isinstance(value, str):
        raise ExpectedNotUnderstood(f"{answer}: {name} = {value!r}: expected a string or null")
    return value


def _instant(value: object, name: str, answer: Path) -> dt.datetime | None:
    if value is None:
        return None
    try:
        instant = dt.datetime.fromisoformat(str(value))
    except ValueError as error:
        raise ExpectedNotUnderstood(f"{answer}: {name} = {value!r}: expected ISO 8601") from error
    if instant.tzinfo is None:
        raise ExpectedNotUnderstood(f"{answer}: {name} = {value!r}: expected an offset, such as +07:00")
    return instant
