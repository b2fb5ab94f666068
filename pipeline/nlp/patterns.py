"""underthesea's pattern of tokens, with titles and numbers put right where an option asks for it.

Nothing here matches white space, and all has a bounded look to either side: runs can be cut one by one, as before.
"""

from __future__ import annotations

import re

from pipeline.nlp.reading import Reading

# the dot of "Th.S" is not escaped there, so it stands for any letter and for a space
_LEAK = "|Th.S|Th.s|"
_TITLE = r"|(?<!\w)(?:Th\.[Ss]\.?|(?:Ths|Bs|BSCK|Ts|Gs|Ks|Kts|Ls|Ncs|Nsnd|Nsưt|Tx|Tt)\.)(?!\w)|"

# not inside a word, an address ("24h.vidu.vn") or an e-mail
_BEFORE, _AFTER = r"(?<!\w)", r"(?![\w@]|\.\w)"
_NUMBER = r"\d+(?:[.,]\d+)*"
_UNIT = (
    r"(?:%|‰|°[CF]?|(?:[kcdm]?m|ha)[23²³]?|[km]?g|tạ|t|m?l|đ|[kM]?Wh?|kVA|kV|V|A|mAh|GB|MB|USD|VND|VNĐ)"  # "3m2", "20%"
)
_CODE = r"[A-ZĐƯ]{2}[A-Za-zĐƯđư]{0,8}\d{0,2}"
_DOCUMENT = rf"\d+[a-zđ]?(?:/\d{{4}})?[/-]{_CODE}(?:[/-](?:{_CODE}|T\.Ư))*"  # 02-NQ/TW, 145/2020/NĐ-CP
_UNIT_OF_TOWN = r"(?:TP|TX|KP|[QPHF])\.\d{1,2}"  # Q.1
_QUANTITIES = (
    r"\d{1,2}-\d{1,2}[/.]\d{1,2}(?:[/.]\d{4})?",  # 12-13/9/2028
    r"\d{4}[-–]\d{4}",  # 2025-2030
    r"[IVX]{1,4}/\d{4}",  # quarters: III/2027
    r"\d{1,2}(?:h(?:\d{2})?|g\d{2})(?:['’′]|ph)?",  # 22h, 6h30, 5h15'
    r"\d{1,2}:\d{2}(?::\d{2})?",  # 11:20
    rf"(?:{_NUMBER}[-–])?{_NUMBER}{_UNIT}",
)
_WHOLE = (_DOCUMENT, *_QUANTITIES, _UNIT_OF_TOWN)
WHOLE_NUMBER = re.compile("|".join(_WHOLE))
# dates, times, numbers with their unit: the tagger never saw them whole, and takes them for nouns and verbs
QUANTITY = re.compile("|".join(_QUANTITIES))


class PatternNotRead(ValueError):
    """A pattern of underthesea's that is not the one known here."""


def pattern_for(pattern: str, reading: Reading) -> str:
    """Return underthesea's pattern as a reading wants it.

    Raises:
        PatternNotRead: it has not the part that is to be put right.
    """
    if reading.titles == "whole":
        if pattern.count(_LEAK) != 1:
            raise PatternNotRead("underthesea's pattern of tokens has changed: the titles are not where they were")
        pattern = pattern.replace(_LEAK, _TITLE)
    if reading.numbers == "whole":
        pattern = f"(?:{_BEFORE}(?:{'|'.join(_WHOLE)}){_AFTER})|{pattern}"
    return pattern
