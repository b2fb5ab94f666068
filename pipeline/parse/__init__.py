"""From a captured page to a `Page`: title, lead, body lines, date, as printed, with where each came from."""

from pipeline.parse.decode import MAX_TEXT_BYTES, decode
from pipeline.parse.html import own_address, parse_html
from pipeline.parse.metadata import is_address
from pipeline.parse.refusal import REASONS, PageNotUnderstood, Reason
from pipeline.parse.text import parse_text

__all__ = [
    "MAX_TEXT_BYTES",
    "REASONS",
    "PageNotUnderstood",
    "Reason",
    "decode",
    "is_address",
    "own_address",
    "parse_html",
    "parse_text",
]
