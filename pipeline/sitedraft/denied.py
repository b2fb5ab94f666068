"""Addresses that are never an article's, whatever their number: what union portals have beside their news."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

# what it is of, and where it is seen in addresses; the editions in other languages are machine translations or copies
_KINDS = (
    (
        "login and accounts",
        r"(?i)/(?:login|logout|signin|register|dang-nhap|dang-ky|tai-khoan|users?|account|wp-admin|wp-login)(?:[/.?]|$)",
    ),
    ("search", r"(?i)/(?:search|tim-kiem)(?:[/.?]|$)|[?&](?:s|q|keywords?|tu-?khoa)="),
    ("tags, topics, authors", r"(?i)/(?:tags?|tu-khoa|chu-de|topics?|events?|authors?|tac-gia|category|chuyen-muc)/"),
    (
        "video and photos",
        r"(?i)/(?:videos?|clips?|photos?|albums?|gallery|hinh-anh|thu-vien[a-z-]*|multimedia|podcasts?|audio)[/.]",
    ),
    (
        "other languages",
        r"(?i)^https?://(?:en|fr|zh|ja|ko|ru|es|lo|km)\.|^https?://[^/]+/(?:en|en-us|english|fr|zh|cn|ja|ko|ru|lo|km)"
        r"(?:/|$)|[?&](?:lang|language)=(?!vi)",
    ),
    ("files", r"(?i)\.(?:pdf|docx?|xlsx?|pptx?|zip|rar|jpe?g|png|gif|mp[34])(?:[?#]|$)"),
    (
        "print, mail, AMP, comments",
        r"(?i)/(?:print|in-bai|in-tin|sendmail|amp|embed)(?:[/.?]|$)|/feed/?$|"
        r"[?&](?:print|in|tmpl|share|replytocom|p_p_state=pop_up)\b",
    ),
    ("pages of a listing", r"(?i)/(?:page|trang)[/-]\d+|[?&](?:page|trang|paged|pageindex|cur)="),
)


def deny_patterns(articles: Iterable[str]) -> tuple[str, ...]:
    """Return the patterns of all kinds that hit none of the articles."""
    known = [*articles]
    return tuple(pattern for _, pattern in _KINDS if not any(re.search(pattern, url) for url in known))


def deny_comments(patterns: Iterable[str], seen: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Give each pattern with what it is for, and how many of the links seen it is found in."""
    kinds, links = {pattern: kind for kind, pattern in _KINDS}, {*seen}
    for pattern in patterns:
        met = sum(re.search(pattern, url) is not None for url in links)
        yield pattern, f"{kinds[pattern]}: {met} of the links seen" if met else f"{kinds[pattern]}: by habit, none seen"
