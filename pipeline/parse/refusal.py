"""Why a page gives no article."""

from __future__ import annotations

from typing import Literal, get_args

Reason = Literal[
    "empty",  # no bytes, or nothing but blanks
    "gate",  # a page that only sets a cookie and reloads, or asks whether the reader is human
    "not_text",  # an image, an archive, a PDF, random bytes
    "undecodable",  # bytes that no encoding in use turns into Vietnamese or English text
    "too_long",  # over the named limit of bytes or characters
    "listing",  # a section or search page
    "tag",  # the articles that bear a tag
    "topic",  # the articles of a topic or an event
    "home",  # the front page
    "login",  # a form that wants a password, and nothing else
    "paywall",  # the beginning of an article that subscribers may read
    "soft_404",  # "page not found" said with status 200
    "not_article",  # a page in some other sense: an application, a document list, a contact page
    "no_title",  # a body, but nothing that names it
    "no_body",  # a title, but neither lead nor body
    "too_short",  # fewer words than a news item has
]

REASONS: tuple[str, ...] = get_args(Reason)


class PageNotUnderstood(ValueError):
    """A page that is not read as an article.

    `reason` is one of `REASONS`; the message is one line: what was read, where, what was tried, what to do.
    """

    def __init__(self, reason: Reason, detail: str, where: str | None = None) -> None:
        self.reason: Reason = reason
        self.detail = detail
        self.where = where or "page without address"
        super().__init__(f"{self.where}: {detail}")
