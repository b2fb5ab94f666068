"""Where a syllable carries its tone: "hoà" as the models were trained on, "hòa" as the press mostly writes today."""

from __future__ import annotations

import re
from typing import Literal

# "as_underthesea": underthesea's answers, whatever spelling its models then see; "as_trained": they see the old one
Tones = Literal["as_underthesea", "as_trained"]

_VOWELS = (("o", "òóỏõọ", "a", "àáảãạ"), ("o", "òóỏõọ", "e", "èéẻẽẹ"), ("u", "ùúủũụ", "y", "ỳýỷỹỵ"))
_OLD = {
    style(marked + second): style(first + old)
    for first, toned, second, olds in _VOWELS
    for marked, old in zip(toned, olds, strict=True)
    for style in (str.lower, str.upper, str.capitalize)
}
# at the end of a syllable only ("hòa", not "hoàn"), and not behind q, whose u is no vowel
_NEW_STYLE = re.compile(rf"(?<![qQ])({'|'.join(_OLD)})\Z")


def old_style(syllable: str) -> str:
    """Return a syllable with its tone on the second vowel of a final oa, oe or uy: "hòa" becomes "hoà"."""
    return _NEW_STYLE.sub(lambda vowels: _OLD[vowels[1]], syllable)
