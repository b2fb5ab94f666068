"""Files that somebody else collected: HTML pages, texts, and JSON lines of either."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pipeline.parse import is_address, own_address

WEB_ARCHIVES = (".warc", ".warc.gz", ".warc.zst", ".wacz", ".arc", ".arc.gz")  # the last three only to be refused
_PAGES = (".html", ".htm", ".xhtml")
READ_IN_FOLDERS = (*WEB_ARCHIVES, *_PAGES, ".txt", ".jsonl")


class NotImported(ValueError):
    """A file that cannot be taken; the message names file, line, what was expected."""


@dataclass(frozen=True, slots=True)
class Input:
    """One page or text as it lies in a file. `where` names the file, and the line of a JSON Lines file.

    `url` is what the row says of its source, which need not be an address ("string from a leaflet"); `address` is.
    """

    id: str
    where: str
    kind: Literal["html", "text"]
    content: bytes
    url: str | None = None

    @property
    def address(self) -> str | None:
        """Return the row's URL where it is one, else None."""
        return self.url if self.url and self.url.isprintable() and is_address(self.url) else None

    def page_address(self) -> str | None:
        """Return the address it came with, else the one that the page gives as its own; a text gives none."""
        return self.address or (own_address(self.content) if self.kind == "html" else None)


def read_inputs(path: Path) -> Iterator[Input | NotImported]:
    """Yield the documents of one file: one for a page or a text, one a row for `.jsonl`.

    A wrong row is given as its refusal, in its place: one of a million must not cost the rows after it.

    Raises:
        NotImported: no such file, or a web archive.
    """
    if path.name.lower().endswith(WEB_ARCHIVES):
        raise NotImported(f"{path}: a web archive; take it into a corpus with `congdoan import` and `congdoan build`")
    try:
        if path.suffix.lower() == ".jsonl":
            yield from _rows(path)
        else:
            yield of_bytes(path.read_bytes(), path)
    except OSError as error:
        raise NotImported(f"{path}: {error.strerror or error}; give a page, a text or a .jsonl file") from error


def of_bytes(content: bytes, path: Path) -> Input:
    """Return a page or text by its name, or by its first tag where the name does not tell."""
    is_page = path.suffix.lower() in _PAGES or (path.suffix.lower() != ".txt" and _looks_like_html(content))
    return Input(path.name, str(path), "html" if is_page else "text", content)


def _looks_like_html(content: bytes) -> bool:
    head = content[:1000].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return head.startswith((b"<!doctype", b"<html", b"<?xml", b"<head", b"<body", b"<!--"))


def _rows(path: Path) -> Iterator[Input | NotImported]:
    with path.open("rb") as lines:
        for number, line in enumerate(lines, 1):
            if line.strip():
                yield _row_or_refusal(line, f"{path}:{number}")


def _row_or_refusal(line: bytes, where: str) -> Input | NotImported:
    try:
        return _row(line, where)
    except NotImported as refusal:
        return refusal


def _row(line: bytes, where: str) -> Input:
    try:
        row = json.loads(line.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise NotImported(f"{where}: no JSON object in UTF-8 ({error})") from error
    expected = f"{where}: expected an object with `id` and either `text` or `html`"
    if not isinstance(row, dict) or not isinstance(row.get("id"), str | int):
        raise NotImported(expected)
    kind: Literal["html", "text"] = "html" if row.get("html") is not None else "text"
    if not isinstance(row.get(kind), str):
        raise NotImported(expected)
    # a lone surrogate, which JSON can write and UTF-8 cannot, becomes a question mark
    content = row[kind].encode("utf-8", "replace")
    name = str(row["id"]).encode("utf-8", "replace").decode()
    return Input(name, where, kind, content, _url(row.get("url"), where))


def _url(url: object, where: str) -> str | None:
    """Return what the row says of its source, None where it says nothing."""
    if url is None or url == "":
        return None
    if not isinstance(url, str):
        raise NotImported(f"{where}: `url` is {url!r:.80}, expected a text such as https://example.org/page or nothing")
    return url.encode("utf-8", "replace").decode()
