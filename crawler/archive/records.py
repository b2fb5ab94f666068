"""The bytes of WARC 1.1 records, one gzip member each, as ISO 28500:2017 lays them out.

Written here and not by warcio, whose objects for a page's three records cost as much as parsing the page. What is
written is read back by warcio, by fastwarc and by `warcio check` in the tests.
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import uuid
import zlib
from collections.abc import Sequence

Headers = Sequence[tuple[str, str]]

NOT_MODIFIED = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"
SAME_PAYLOAD = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
HTTP_RESPONSE = "application/http; msgtype=response"
HTTP_REQUEST = "application/http; msgtype=request"
FIELDS = "application/warc-fields"
_GZIP = zlib.MAX_WBITS | 16  # zlib's word for a gzip member
_PACKED_LEVEL = 1  # for what holds a packed body: higher levels find nothing more in it
_PLAIN_LEVEL = 6


def record_id() -> str:
    """Return a new WARC-Record-ID."""
    return f"<urn:uuid:{uuid.uuid4()}>"


def warc_date(when: dt.datetime) -> str:
    """Return a time as WARC writes it: UTC, with microseconds."""
    return when.astimezone(dt.UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def sha1(data: bytes) -> str:
    """Return a digest as WARC writes it."""
    return "sha1:" + base64.b32encode(hashlib.sha1(data, usedforsecurity=False).digest()).decode("ascii")


def http_head(first_line: str, headers: Headers) -> bytes:
    """Return the head of an HTTP message. The bytes of the headers are those received: latin-1 carries them through."""
    lines = [first_line, *(f"{name}: {value}" for name, value in headers)]
    return ("\r\n".join(map(_one_line, lines)) + "\r\n\r\n").encode("latin-1", "xmlcharrefreplace")


def fields(named: Headers) -> bytes:
    """Return a block of `application/warc-fields`."""
    return "".join(f"{name}: {_one_line(value)}\r\n" for name, value in named).encode()


def record(
    kind: str,
    id_: str,
    date: str,
    content_type: str,
    block: bytes,
    *,
    url: str | None = None,
    payload: str | None = None,
    more: Headers = (),
    packed: bool = False,
) -> bytes:
    """Return one record as a gzip member.

    `payload` is the digest of the HTTP body inside the block, `packed` says that the body is compressed already,
    `more` are further WARC headers.
    """
    headers = [("WARC-Type", kind), ("WARC-Record-ID", id_), ("WARC-Date", date)]
    if url is not None:
        headers.append(("WARC-Target-URI", url))
    headers += more
    if payload is not None:
        headers.append(("WARC-Payload-Digest", payload))
    headers += [
        ("WARC-Block-Digest", sha1(block)),
        ("Content-Type", content_type),
        ("Content-Length", str(len(block))),
    ]
    head = "".join(f"{name}: {_one_line(value)}\r\n" for name, value in headers)
    packer = zlib.compressobj(_PACKED_LEVEL if packed else _PLAIN_LEVEL, zlib.DEFLATED, _GZIP)
    whole = b"".join((b"WARC/1.1\r\n", head.encode("utf-8", "surrogatepass"), b"\r\n", block, b"\r\n\r\n"))
    return packer.compress(whole) + packer.flush()


def _one_line(text: str) -> str:
    """Return a header without line breaks: what was received can never become a header of its own."""
    return text if text.isprintable() else text.replace("\r", " ").replace("\n", " ")
