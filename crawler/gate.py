"""A gate: a page that only sets a cookie and reloads, or asks whether the reader is human.

Such a page is answered with status 200 and is no article; it is not ours to break, only to recognise.
"""

from __future__ import annotations

import re

# the gate of laodong.vn is 177 bytes; the longest challenge page seen is below 30 kB, with its script inside
MAX_COOKIE_GATE_BYTES = 4_000
MAX_CHALLENGE_BYTES = 60_000

_SETS_COOKIE = re.compile(rb"document\.cookie\s*=|toNumbers\(|slowAES", re.I)
_GOES_ON = re.compile(rb"location\.(?:reload|href|replace|assign)|window\.location", re.I)
_REFRESHES = re.compile(rb"http-equiv=[\"']?refresh", re.I)
_SCRIPT = re.compile(rb"<(script|style|noscript)\b.*?</\1\s*>", re.I | re.S)
_TAG = re.compile(rb"<[^>]*>")
_CHALLENGE = re.compile(
    rb"<title>\s*(?:Just a moment|Attention Required|DDoS-Guard|Checking your browser|One moment, please|Access denied)"
    rb"|cf-chl-|challenge-platform/h/|_Incapsula_Resource|/cdn-cgi/challenge|g-recaptcha[^>]*data-callback=[\"']?onCaptcha",
    re.I,
)
# One of these is in all that _CHALLENGE finds, in small letters: a quick look that spares most pages the slow one
_CHALLENGE_TITLE = re.compile(
    rb"<title>\s*(?:just a moment|attention required|ddos-guard|checking your browser|one moment, please|access denied)"
)
_CHALLENGE_SIGNS = (b"cf-chl-", b"challenge", b"_incapsula_resource", b"oncaptcha")
# words a reader of a cookie gate sees: none, or a line such as "Please enable JavaScript"
MAX_VISIBLE_BYTES = 300
# a challenge explains itself in a few lines; the mark alone is no sign, since Cloudflare puts its script on the pages
# that it lets through, too
MAX_CHALLENGE_VISIBLE_BYTES = 1_500


def is_gate(body: bytes) -> bool:
    """Whether the body of an answer is a gate page and nothing else."""
    if len(body) > MAX_CHALLENGE_BYTES:
        return False
    if len(body) > MAX_COOKIE_GATE_BYTES and not _may_be_a_challenge(body.lower()):
        return False
    visible = len(b" ".join(_TAG.sub(b" ", _SCRIPT.sub(b" ", body)).split()))
    if len(body) <= MAX_COOKIE_GATE_BYTES and visible <= MAX_VISIBLE_BYTES and _sets_a_cookie_and_goes_on(body):
        return True
    return visible <= MAX_CHALLENGE_VISIBLE_BYTES and bool(_CHALLENGE.search(body))


def _may_be_a_challenge(lowered: bytes) -> bool:
    return any(sign in lowered for sign in _CHALLENGE_SIGNS) or bool(_CHALLENGE_TITLE.search(lowered))


def _sets_a_cookie_and_goes_on(body: bytes) -> bool:
    script = b"".join(match[0] for match in _SCRIPT.finditer(body))
    return bool(_SETS_COOKIE.search(script) and (_GOES_ON.search(script) or _REFRESHES.search(body)))
