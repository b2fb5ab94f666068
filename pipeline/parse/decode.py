"""Bytes to text. UTF-8 is believed whatever is declared; what else is declared is believed when it reads well."""

from __future__ import annotations

import codecs
import re

from pipeline.parse.refusal import PageNotUnderstood
from pipeline.repair import is_mojibake, repair_mojibake

# the largest article page seen is 508 KB (a Vietnamese daily with all its menus); twenty times that is no article
MAX_HTML_BYTES = 10_000_000
# the longest newspaper series is below 100,000 characters
MAX_TEXT_BYTES = 2_000_000
# a UTF-8 page cut by the network has one broken character, a page of another encoding has thousands
MAX_BROKEN_SHARE = 0.001
# control characters and U+FFFD do not occur in text
MAX_UNPRINTABLE_SHARE = 0.005

_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_BINARY = (b"%PDF", b"PK\x03\x04", b"\x89PNG", b"GIF8", b"\xff\xd8\xff", b"\x1f\x8b", b"RIFF", b"\xd0\xcf\x11\xe0")
_DECLARED = re.compile(rb"""<(?:meta[^>]{0,200}?charset|\?xml[^>]{0,100}?encoding)\s*=\s*["']?\s*([\w.:-]+)""", re.I)
_CHARSET = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:-]+)", re.I)
# browsers read these labels as windows-1252
_WESTERN = {"iso-8859-1": "windows-1252", "latin-1": "windows-1252", "latin1": "windows-1252", "ascii": "windows-1252"}
# letters that only Vietnamese uses in this part of the code page, and what windows-1252 makes of their bytes
_VIETNAMESE = re.compile("[đĐăĂơƠưƯ\u0300\u0301\u0303\u0309\u0323]")
# what UTF-8 read as a Western encoding is full of; most pages have none of it, and that is quickly seen
_MISREAD_UTF8 = ("á»", "áº", "Ä", "Æ", "Ã")
_CONTROLS = bytes(range(9)) + bytes(range(14, 32))
_MISREAD = re.compile("[ðÐõÕýÝÌìÒòÞþ]")


def decode(
    body: bytes, *, content_type: str | None = None, limit: int = MAX_HTML_BYTES, where: str | None = None
) -> str:
    """Return the text of a page.

    Order: byte order mark, UTF-8, the declared charset or windows-1258 (whichever reads as Vietnamese). Text that
    went through a Western encoding once too often is repaired when that is exactly reversible.

    Raises:
        PageNotUnderstood: empty, too_long, not_text or undecodable.
    """
    if not body.strip(b"\x00 \t\r\n\xef\xbb\xbf"):
        raise PageNotUnderstood("empty", f"{len(body)} bytes and no text in them; fetch it again", where)
    if len(body) > limit:
        raise PageNotUnderstood("too_long", f"{len(body):,} bytes, more than the {limit:,} read of one page", where)
    if body.startswith(_BINARY):
        raise PageNotUnderstood("not_text", f"starts with {body[:4]!r}: a file of another kind, not a page", where)
    text, in_utf8 = _read_utf8(body), body
    if text is None and (text := _read_other(body, content_type)) is not None:
        in_utf8 = text.encode("utf-8", errors="surrogatepass")
    if text is None:
        raise PageNotUnderstood(
            "undecodable", f"{len(body):,} bytes that are not UTF-8, UTF-16 or windows-1258; convert it to UTF-8", where
        )
    # one letter is found a good deal sooner than two
    damaged = any(mark[-1] in text and mark in text for mark in _MISREAD_UTF8)
    text = repair_mojibake(text) if damaged else text
    if _unprintable(text, in_utf8) > MAX_UNPRINTABLE_SHARE * len(text):
        raise PageNotUnderstood("not_text", f"{len(body):,} bytes, many of them control characters: not a page", where)
    if damaged and is_mojibake(text):
        raise PageNotUnderstood(
            "undecodable", "letters broken by a wrong conversion that cannot be undone; get another copy", where
        )
    return text


def _read_utf8(body: bytes) -> str | None:
    """Return a text in UTF-8 without a mark, with hardly a broken character; None for any other."""
    if body.startswith(tuple(bom for bom, _ in _BOMS)) or _utf16_without_mark(body):
        return None
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        mended = body.decode("utf-8", errors="replace")
    return mended if mended.count("\ufffd") <= max(1, MAX_BROKEN_SHARE * len(mended)) else None


def _read_other(body: bytes, content_type: str | None) -> str | None:
    for bom, encoding in _BOMS:
        if body.startswith(bom):
            return body.decode(encoding, errors="replace")
    unmarked = _utf16_without_mark(body)
    if unmarked:
        return body.decode(unmarked, errors="replace")
    readings = [
        reading
        for encoding in dict.fromkeys((_declared(body, content_type), "windows-1258"))
        if encoding and (reading := _decode_whole(body, encoding)) is not None
    ]
    return max(readings, key=_looks_vietnamese, default=None)


def _utf16_without_mark(body: bytes) -> str | None:
    head = body[:2000]
    if head[1::2].count(0) > len(head) // 4 and not head[::2].count(0):
        return "utf-16-le"
    if head[::2].count(0) > len(head) // 4 and not head[1::2].count(0):
        return "utf-16-be"
    return None


def _declared(body: bytes, content_type: str | None) -> str | None:
    found = _CHARSET.search(content_type or "")
    label = found[1] if found else None
    if label is None:
        meta = _DECLARED.search(body[:4096])
        label = meta[1].decode("ascii", errors="replace") if meta else None
    return _WESTERN.get(label.lower(), label) if label else None


def _decode_whole(body: bytes, encoding: str) -> str | None:
    try:
        return body.decode(encoding)
    except (LookupError, UnicodeDecodeError):
        return None


def _looks_vietnamese(text: str) -> int:
    return len(_VIETNAMESE.findall(text)) - len(_MISREAD.findall(text))


def _unprintable(text: str, in_utf8: bytes) -> int:
    """Return how many characters are no text; a control is one byte of UTF-8, that of no other character."""
    return len(in_utf8) - len(in_utf8.translate(None, _CONTROLS)) + text.count("\ufffd")
