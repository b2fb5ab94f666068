"""Addresses: what of them says nothing, and what says that another language is read there."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from urllib.parse import quote, unquote, urljoin, urlsplit, urlunsplit

from w3lib.url import url_query_cleaner

# What others add to an address to follow a reader, and the AMP view of the same page; no part of an article's identity
_TRACKING = (
    *("utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content", "utm_id", "fbclid", "gclid", "gidzl"),
    *("zarsrc", "_gl", "dclid", "gbraid", "wbraid", "msclkid", "igshid", "mc_cid", "mc_eid", "amp"),
)
_USUAL_PORTS = {"http": ":80", "https": ":443"}
# First label of a host or first part of a path of machine-translated editions, and the language that is
_EDITIONS = {name: name for name in ("en", "fr", "es", "de", "ru", "zh", "ja", "ko", "lo", "km")} | {
    "cn": "zh",
    "jp": "ja",
    "kr": "ko",
}
_NOT_IN_A_PATH = re.compile(r"[\s?#]")
_NOT_IN_A_REQUEST = re.compile(r"[^!-~]")  # blanks, control characters, letters beyond ASCII


def joined(base: str, href: str) -> str | None:
    """Return the whole address of a link as a browser asks for it, None for what is no address ("http://[")."""
    try:
        url = urljoin(base, href.strip())
        host = urlsplit(url).netloc
    except ValueError:
        return None
    if _NOT_IN_A_REQUEST.search(host):
        return url  # a name to be written in another way, on none of the hosts of a profile
    return _NOT_IN_A_REQUEST.sub(lambda letter: quote(letter[0], errors="replace"), url)


def host_of(url: str) -> str:
    """Return the host of a URL, in lower case, with its port where that is not the usual one."""
    parts = urlsplit(url)
    usual = _USUAL_PORTS.get(parts.scheme)
    host = parts.netloc.lower()
    return host.removesuffix(usual) if usual else host


def forms_of(url: str) -> Iterator[str]:
    """Give a URL as it is, then as it would be written plainly, then with its path in lower case.

    Plainly: the host in lower case without the usual port, no percent signs, double slashes, slash at the end and
    fragment. The query, which may be an article's identity, stays as it is.
    """
    yield url
    try:
        parts, host = urlsplit(url), host_of(url)
    except ValueError:
        return
    path = unquote(parts.path)
    if _NOT_IN_A_PATH.search(path):
        path = parts.path
    path = re.sub(r"/{2,}", "/", path).rstrip("/")
    plain = urlunsplit(parts._replace(netloc=host, path=path, fragment=""))
    lower = urlunsplit(parts._replace(netloc=host, path=path.lower(), fragment=""))
    yield from dict.fromkeys(form for form in (plain, lower) if form != url)


def language_of_edition(url: str, own_hosts: Sequence[str]) -> str | None:
    """Return the language of a translated edition ("en.…", "…/en/…"), None where the address names none.

    The hosts that a profile names are editions of their own right.
    """
    host, path = host_of(url), urlsplit(url).path
    label = host.partition(".")[0] if host not in own_hosts else ""
    return _EDITIONS.get(label) or _EDITIONS.get(path.lstrip("/").partition("/")[0].lower() if "/" in path[1:] else "")


def without_tracking(url: str) -> str:
    """Return a URL without its fragment and without what follows a reader."""
    return url_query_cleaner(url.split("#")[0], _TRACKING, remove=True)
