"""What the values of a profile may be: each type refuses a wrong value in words that say what was expected."""

from __future__ import annotations

import re
from string import Formatter
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BeforeValidator

from crawler.manners import Hours


def _compiles(pattern: str) -> str:
    try:
        re.compile(pattern)
    except re.error as error:
        raise ValueError(f"a regular expression ({error})") from error
    return pattern


def _selects(selector: str) -> str:
    # parsel speaks CSS with ::text and ::attr(); translating is the cheapest whole check of the syntax
    from parsel.csstranslator import HTMLTranslator

    try:
        HTMLTranslator().css_to_xpath(selector)
    except Exception as error:  # cssselect raises several unrelated classes
        raise ValueError(f"a CSS selector ({error})") from error
    return selector


def _pairs(table: object) -> object:
    """Take a TOML table as pairs: a profile is frozen and hashable through and through."""
    return tuple(table.items()) if isinstance(table, dict) else table


def placeholders(template: str) -> set[str]:
    """Return the names in braces of a template; ValueError where it is none."""
    try:
        return {name for _, name, _, _ in Formatter().parse(template) if name is not None}
    except ValueError as error:
        raise ValueError(f"a template with {{…}} placeholders ({error})") from error


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError('a time zone such as "Asia/Ho_Chi_Minh"') from error
    return name


def _hours(text: str) -> str:
    Hours.read(text)
    return text


# what HTTP itself needs, and the user agent, which names the project and the operator
_NOT_TO_SET = frozenset({"host", "user-agent", "connection", "content-length", "transfer-encoding", "te", "upgrade"})
_HEADER_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")


def _sendable(headers: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    for name, value in headers:
        if not _HEADER_NAME.fullmatch(name) or name.lower() in _NOT_TO_SET:
            raise ValueError(f"names of headers other than {', '.join(sorted(_NOT_TO_SET))}, not {name!r}")
        if not (value.isascii() and value.isprintable()):
            raise ValueError(f"one line of ASCII as the value of {name}")
    return headers


Pattern = Annotated[str, AfterValidator(_compiles)]
Selector = Annotated[str, AfterValidator(_selects)]
ZoneName = Annotated[str, AfterValidator(_known_zone)]
HoursOfDay = Annotated[str, AfterValidator(_hours)]
Pairs = Annotated[tuple[tuple[str, str], ...], BeforeValidator(_pairs)]
Headers = Annotated[tuple[tuple[str, str], ...], BeforeValidator(_pairs), AfterValidator(_sendable)]
