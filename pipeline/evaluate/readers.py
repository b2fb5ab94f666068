"""What reads pages: ours, and the extractors it is measured beside. Each library has its one door here.

The others are called as their own documentation says, with the options that suit news articles; what they give is
taken as it comes. Those of the extra `congdoan[eval]` are imported only when asked for.
"""

from __future__ import annotations

import datetime as dt
import importlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from crawler.sites import Sites
from pipeline.clean import clean_page
from pipeline.parse import PageNotUnderstood, own_address, parse_html

OURS = "congdoan"
INSTALL = "pip install 'congdoan[eval]'"


class PeerNotInstalled(RuntimeError):
    """An extractor of the extra `eval` that is not there; the message says what to install."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reader gives of a page. `text` is all it takes for the article's text, with or without title and lead.

    `lead` is None for readers that know no lead; `sections` are all that a reader offers. `refused` says why there
    is nothing.
    """

    text: str = ""
    title: str | None = None
    lead: str | None = None
    authors: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()
    captions: tuple[str, ...] = ()
    published_at: dt.datetime | None = None
    day: dt.date | None = None
    refused: str | None = None


Read = Callable[[bytes, str | None, dt.datetime], Reading]  # page, its address, when it was fetched


@dataclass(frozen=True, slots=True)
class Reader:
    """A reader by name and version. `gives` are the fields it has at all, beside the text."""

    name: str
    version: str
    gives: frozenset[str]
    read: Read


def our_reader(sites: Sites) -> Reader:
    """Return our own reading: parse and clean, by the profile of the page's site where there is one."""

    def read(page: bytes, url: str | None, fetched_at: dt.datetime) -> Reading:
        address = url or own_address(page)
        site = sites.of_url(address) if address else None
        try:
            article = clean_page(parse_html(page, address, site, fetched_at=fetched_at), site)
        except PageNotUnderstood as refusal:
            return Reading(refused=f"{refusal.reason}: {refusal.detail}")
        return Reading(
            text=article.text,
            title=article.title,
            lead=article.lead,
            authors=article.authors,
            sections=(article.section,) if article.section else (),
            captions=article.captions,
            published_at=article.published_at,
            day=article.published_at.date() if article.published_at else None,
        )

    fields = frozenset({"title", "lead", "date", "time", "authors", "section", "captions"})
    return Reader(OURS, version("congdoan"), fields, read)


def _trafilatura() -> Reader:
    extract = _door("trafilatura").bare_extraction

    def read(page: bytes, url: str | None, fetched_at: dt.datetime) -> Reading:  # noqa: ARG001 - a reader's signature
        found = extract(page, url=url, favor_precision=True, with_metadata=True)
        if found is None:
            return Reading(refused="no text found")
        return Reading(
            text=found.text or "",
            title=found.title,
            authors=tuple(found.author.split("; ")) if found.author else (),
            sections=_parted(found.categories or ()),
            day=dt.date.fromisoformat(found.date) if found.date else None,
        )

    return Reader("trafilatura", version("trafilatura"), frozenset({"title", "date", "authors", "section"}), read)


def _resiliparse() -> Reader:
    extract = _door("resiliparse.extract.html2text")
    encoding, tree = _door("resiliparse.parse.encoding"), _door("resiliparse.parse.html")

    def read(page: bytes, url: str | None, fetched_at: dt.datetime) -> Reading:  # noqa: ARG001 - a reader's signature
        parsed = tree.HTMLTree.parse(encoding.bytes_to_str(page, encoding.detect_encoding(page)))
        text = extract.extract_plain_text(parsed, main_content=True, alt_texts=False)
        return Reading(text=text, title=parsed.title or None)

    return Reader("resiliparse", version("resiliparse"), frozenset({"title"}), read)


def _newspaper() -> Reader:
    newspaper = _door("newspaper")

    def read(page: bytes, url: str | None, fetched_at: dt.datetime) -> Reading:  # noqa: ARG001 - a reader's signature
        # fetch_images: else it asks the site for each picture
        article = newspaper.Article(url or "http://localhost/", language="vi", fetch_images=False)
        article.download(input_html=page.decode("utf-8", errors="replace"))
        article.parse()
        published: dt.datetime | None = article.publish_date
        return Reading(
            text=article.text,
            title=article.title or None,
            authors=_parted(article.authors),
            published_at=published if published and published.tzinfo else None,
            day=published.date() if published else None,
        )

    return Reader("newspaper4k", version("newspaper4k"), frozenset({"title", "date", "authors"}), read)


PEERS: dict[str, Callable[[], Reader]] = {
    "trafilatura": _trafilatura,
    "resiliparse": _resiliparse,
    "newspaper4k": _newspaper,
}


def peer(name: str) -> Reader:
    """Return another extractor.

    Raises:
        PeerNotInstalled: it is not there; the message says how to install it.
    """
    try:
        reader = PEERS[name]()
    except (ImportError, PackageNotFoundError) as error:
        raise PeerNotInstalled(f"{name} is not installed: {INSTALL}") from error
    return replace(reader, read=_surviving(reader.read))


def _surviving(read: Read) -> Read:
    """Take what another extractor raises for its result on that page; our own crash is a bug and stays one."""

    def surviving(page: bytes, url: str | None, fetched_at: dt.datetime) -> Reading:
        try:
            return read(page, url, fetched_at)
        except Exception as crash:  # noqa: BLE001 - any of their classes
            return Reading(refused=f"{type(crash).__name__}: {crash}")

    return surviving


def _parted(names: Iterable[str]) -> tuple[str, ...]:
    """Part names that were joined by commas: whoever gives "A, B" has found both."""
    return tuple(part.strip() for name in names for part in name.split(",") if part.strip())


def _door(module: str) -> Any:
    return importlib.import_module(module)
