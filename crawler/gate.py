"""A gate: an answer that lets no reader on, in the place of a page.

A script that sets a cookie and loads again, a question whether the reader is human, a wall: often with status 200, and
never an article. It is not ours to break, only to recognise. No mark alone is a sign: papers write about captchas, and
put one under their comments; so a gate is a page with such a mark, hardly anything to read, and no word of an article.
"""

from __future__ import annotations

import html
import re
import unicodedata
from enum import StrEnum
from http import HTTPStatus

# the gate of laodong.vn is 177 bytes; the longest challenge page seen is below 30 kB, with its script inside
MAX_COOKIE_GATE_BYTES = 4_000
MAX_CHALLENGE_BYTES = 60_000
# words a reader of a cookie gate, or of a bare captcha, sees: none, or a line such as "Please enable JavaScript"
MAX_VISIBLE_BYTES = 300
# a question over a plain form is a sentence or two; over a captcha it may name the operator of the wall, too
MAX_QUESTION_BYTES = 400
MAX_CAPTCHA_VISIBLE_BYTES = 900
# a challenge explains itself in a few lines; the mark alone is no sign, since Cloudflare puts its script on the pages
# that it lets through, too
MAX_CHALLENGE_VISIBLE_BYTES = 1_500
# Answers that say plainly that this reader may not read. What a busy or broken site answers is none of them.
WALLS = frozenset({HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.UNAVAILABLE_FOR_LEGAL_REASONS})


class Gate(StrEnum):
    """What kind of gate an answer is, in words that stand after "answers with"."""

    COOKIE = "a cookie script"
    CHALLENGE = "a check of the browser"
    CAPTCHA = "a captcha"
    BLOCKED = "a page that says it is blocked"
    WALL = "a refusal (401, 403 or 451)"


_SETS_COOKIE = re.compile(rb"document\.cookie\s*=|toNumbers\(|slowAES", re.I)
_GOES_ON = re.compile(rb"location\.(?:reload|href|replace|assign)|window\.location", re.I)
_REFRESHES = re.compile(rb"http-equiv=[\"']?refresh", re.I)
# What is not closed goes on to the end of the page, as in a browser; and each pattern reads a page once
_SCRIPT = re.compile(rb"<(script|style|noscript)\b.*?(?:</\1\s*>|\Z)", re.I | re.S)
_TAG = re.compile(rb"<!--.*?(?:-->|\Z)|<[^>]*(?:>|\Z)", re.S)
_CHALLENGE = re.compile(
    rb"<title>\s*(?:just a moment|attention required|ddos-guard|checking your browser|one moment, please)"
    rb"|cf-chl-|challenge-platform/h/|_incapsula_resource|/cdn-cgi/challenge|awswafcookiedomainlist|gokuprops"
    rb"|g-recaptcha[^>]*data-callback=[\"']?oncaptcha"
)
_CAPTCHA = re.compile(
    rb"class=[\"'][^\"']*\b(?:g-recaptcha|h-captcha|cf-turnstile|geetest)\b|hcaptcha\.com/(?:1|captcha)"
    rb"|google\.com/recaptcha|recaptcha\.net/recaptcha|challenges\.cloudflare\.com/turnstile|captcha-delivery\.com"
    rb"|<(?:img|input)\b[^<>]*captcha"
)
_BLOCKED = re.compile(
    rb"<(?:title|h1)\b[^<>]*>\s*(?:access denied|403 forbidden|forbidden|access to this page has been denied"
    rb"|sorry, you have been blocked|you have been blocked|pardon our interruption|request rejected|human verification"
    rb"|error 10(?:06|07|08|09|10|12|15|20))\b"
    rb"|incapsula incident id|please consult with your administrator\.?\s*(?:<br\s*/?>\s*)*your support id is"
    rb"|sucuri website firewall"
)
# In small letters. What asks for a proof, or says that this reader is kept out; on a page of a few lines only
_ASKS = re.compile(
    r"(?:xác (?:minh|nhận|thực)|chứng minh|kiểm tra)[^.!?]{0,40}?(?:không phải|là con người)"
    r"|không phải (?:là )?(?:robot|rô[ -]?bốt|người máy|bot)\b|(?:nhập|mã) captcha"
    r"|nhập mã (?:xác nhận|bảo vệ|an toàn)|verify (?:that )?you are (?:a )?human|not a robot"
    r"|prove you(?:'|’)?re human|complete the (?:security check|captcha)"
)
_REFUSES = re.compile(
    r"truy cập (?:của bạn )?(?:đã |tạm thời )?bị (?:từ chối|chặn|hạn chế)|bạn (?:đã |tạm thời )?bị chặn"
    r"|(?:địa chỉ )?ip (?:của bạn )?(?:đã |tạm thời )?bị (?:chặn|khóa|khoá)"
    r"|yêu cầu (?:của bạn )?(?:đã )?bị (?:chặn|từ chối)"
)
_SAYS_MORE = re.compile(rb"<form|<iframe|<input|captcha|recaptcha|turnstile")
_PARAGRAPH = re.compile(rb"<p\b[^<>]{0,200}>([^<]{60,})")
# No gate says of itself that it is an article
_ARTICLE = re.compile(rb"article:published_time|og:type[\"']\s+content=[\"']article|\"(?:news)?article\"")
# In a page that is too long for a cookie gate one of these is in all that is looked for: a quick look that spares most
# pages the slow ones
_SIGNS = (
    *(b"captcha", b"challenge", b"cf-chl-", b"turnstile", b"gokuprops", b"awswafcookie", b"_incapsula_resource"),
    *(b"incapsula incident", b"support id", b"sucuri website", b"not a robot", b"you are human", b"you are a human"),
    *(text.encode() for text in ("phải robot", "là robot", "rô bốt", "rô-bốt", "người máy", "bị chặn", "bị từ chối")),
)
_SIGN_TITLES = re.compile(
    rb"<(?:title|h1)\b[^<>]*>\s*(?:just a m|attention r|ddos-|checking y|one m|access |403|forbid|sorry|you have|pardon"
    rb"|request|human|error 10)"
)


def gate_of(body: bytes, status: int = HTTPStatus.OK) -> Gate | None:
    """Return what kind of gate an answer is, or None for any other answer."""
    kind = _by_body(body)
    return Gate.WALL if kind is None and status in WALLS else kind


def is_gate(body: bytes) -> bool:
    """Whether the body of an answer is a gate page and nothing else."""
    return _by_body(body) is not None


def _by_body(body: bytes) -> Gate | None:
    if len(body) > MAX_CHALLENGE_BYTES or _has_paragraphs(body):
        return None
    lowered = body.lower()
    # what an article says of itself stands in its head, so that most pages are known by their first lines
    if _ARTICLE.search(lowered) or (len(body) > MAX_COOKIE_GATE_BYTES and not _may_be_a_challenge(lowered)):
        return None
    words = b" ".join(_TAG.sub(b" ", _SCRIPT.sub(b" ", body)).split())
    if len(words) > MAX_CHALLENGE_VISIBLE_BYTES:
        return None
    if len(body) <= MAX_COOKIE_GATE_BYTES and len(words) <= MAX_VISIBLE_BYTES and _sets_a_cookie_and_goes_on(body):
        return Gate.COOKIE
    if _CHALLENGE.search(lowered):
        return Gate.CHALLENGE
    return _in_words(lowered, words)


def _in_words(lowered: bytes, words: bytes) -> Gate | None:
    """Tell a captcha or a block by what little there is to read; `lowered` is the page in small letters."""
    if _BLOCKED.search(lowered):
        return Gate.BLOCKED
    captcha = _CAPTCHA.search(lowered) is not None
    if captcha and len(words) <= MAX_VISIBLE_BYTES:
        return Gate.CAPTCHA
    if len(words) > (MAX_CAPTCHA_VISIBLE_BYTES if captcha else MAX_QUESTION_BYTES):
        return None
    text = unicodedata.normalize("NFC", html.unescape(words.decode("utf-8", "replace"))).lower()
    if _ASKS.search(text) and (captcha or _SAYS_MORE.search(lowered)):
        return Gate.CAPTCHA
    return Gate.BLOCKED if _REFUSES.search(text) and len(words) <= MAX_VISIBLE_BYTES else None


def _has_paragraphs(body: bytes) -> bool:
    """Whether there is more to read in whole paragraphs than any gate says: a quick look that spares the slow ones."""
    read = 0
    for paragraph in _PARAGRAPH.finditer(body):
        read += len(paragraph[1])
        if read > MAX_CHALLENGE_VISIBLE_BYTES:
            return True
    return False


def _may_be_a_challenge(lowered: bytes) -> bool:
    return any(sign in lowered for sign in _SIGNS) or bool(_SIGN_TITLES.search(lowered))


def _sets_a_cookie_and_goes_on(body: bytes) -> bool:
    script = b"".join(match[0] for match in _SCRIPT.finditer(body))
    return bool(_SETS_COOKIE.search(script) and (_GOES_ON.search(script) or _REFRESHES.search(body)))
