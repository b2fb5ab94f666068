"""A gate: a page that only sets a cookie and reloads, or asks whether the reader is human.

Such a page is answered with status 200 and is no article; it is not ours to break, only to recognise.
"""

from __future__ import annotations

import re

# the gate of laodong.vn is 177 bytes; the longest challenge page seen is below 30 kB, with its script inside
MAX_COOKIE_GATE_BYTES = 4_000
MAX_CHALLENGE_BYTES = 60_000

_SETS_COOKIE = re.compile(rb"document\.cookie\s*=|toNumbers\(|slowAES", re.I)
_GOES_ON = re.compile(rb"location\.(?:reload|href|replace)|window\.location|http-equiv=[\"']?refresh", re.I)
_SCRIPT = re.compile(rb"<(script|style|noscript)\b.*?</\1\s*>", re.I | re.S)
_TAG = re.compile(rb"<[^>]*>")
_CHALLENGE = re.compile(
    rb"<title>\s*(?:Just a moment|Attention Required|DDoS-Guard|Checking your browser|One moment, please|Access denied)"
    rb"|cf-chl-|challenge-platform/h/|_Incapsula_Resource|/cdn-cgi/challenge|g-recaptcha[^>]*data-callback=[\"']?onCaptcha",
    re.I,
)
# words a reader of a cookie gate sees: none, or a line such as "Please enable JavaScript"
MAX_VISIBLE_BYTES = 300


def is_gate(body: bytes) -> bool:
    """Whether the body of an answer is a gate page and nothing else."""
    if len(body) <= MAX_COOKIE_GATE_BYTES and _SETS_COOKIE.search(body) and _GOES_ON.search(body):
        visible = _TAG.sub(b" ", _SCRIPT.sub(b" ", body))
        return len(b" ".join(visible.split())) <= MAX_VISIBLE_BYTES
    return len(body) <= MAX_CHALLENGE_BYTES and bool(_CHALLENGE.search(body))
