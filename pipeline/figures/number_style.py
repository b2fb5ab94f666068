"""Whether a text writes its numbers the English way: a comma groups thousands, a dot opens decimals."""

from __future__ import annotations

import re
from typing import Final

# what every English number below has in it; few Vietnamese texts do, and they are over after this look
_SIGN_OF_ENGLISH: Final = re.compile(r",[0-9]{3}[,.][0-9]")
_END: Final = r"(?![0-9.,]?[0-9])"
# "1,250,000" and "1,250.5" have no Vietnamese reading
_ENGLISH: Final = re.compile(
    rf"(?<![0-9.,])[0-9]{{1,3}}(?:(?:,[0-9]{{3}}){{2,}}(?:\.[0-9]+)?|,[0-9]{{3}}\.[0-9]+){_END}"
)
# "1.250.000", "1.250 người" and "12,5%" have no English reading
_VIETNAMESE: Final = re.compile(
    r"(?<![0-9.,])(?:[0-9]{1,3}(?:\.[0-9]{3}){2,}|[1-9][0-9]{0,2}\.[0-9]{3}[ \u00a0][^\W\d_]|[0-9]+,[0-9]{1,2})" + _END
)
_SWAPPED: Final = str.maketrans(",.", ".,")


def writes_english(text: str) -> bool:
    """Whether numbers of a text can only be English and none can only be Vietnamese."""
    if _SIGN_OF_ENGLISH.search(text) is None:
        return False
    return _ENGLISH.search(text) is not None and _VIETNAMESE.search(text) is None


def as_vietnamese(written: str) -> str:
    """Return an English-style number as a Vietnamese paper writes it: "1,250.5" is "1.250,5"."""
    return written.translate(_SWAPPED)
