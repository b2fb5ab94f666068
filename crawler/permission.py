"""What an answer to /robots.txt says of what may be asked, as RFC 9309 has it; the rules themselves are Protego's."""

from __future__ import annotations

from http import HTTPStatus

ROBOTS_NAME = "congdoan"  # the name a robots.txt addresses us by
# RFC 9309 asks for at least 500 kibibytes; what stands after them is not read, as with the search engines
LARGEST_ROBOTS_BYTES = 512_000
BEGINNING = 2048  # bytes looked at to tell HTML from rules


def allows_all(status: int) -> bool:
    """Whether the status says that there are no rules: 4xx, but for "too many requests"."""
    return 400 <= status < 500 and status != HTTPStatus.TOO_MANY_REQUESTS


def why_unknown(status: int, body: bytes) -> str | None:
    """Return what came instead of rules ("answered with 503", "answered with an HTML page"), None where they came."""
    if status >= 500 or status == HTTPStatus.TOO_MANY_REQUESTS:
        return f"answered with {status}"
    return "answered with an HTML page" if _is_html(body) else None


def _is_html(body: bytes) -> bool:
    beginning = body[:BEGINNING].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return beginning.startswith(b"<") or b"<html" in beginning or b"<script" in beginning
