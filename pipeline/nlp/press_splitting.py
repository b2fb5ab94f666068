"""Sentences by the rules of the Vietnamese press, where underthesea goes by marks alone.

A mark ends a sentence when what follows can begin one: not a small letter ("“Bao giờ?” chị hỏi"), not a comma, not
the dash behind a quotation that names the speaker. Closing quotes and brackets stay with their sentence. Addresses,
titles, list numbers, initials and "v.v." are read for what they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.language import is_syllable
from pipeline.nlp.splitting import trimmed

# marks, and the quotes and brackets that close behind them
_END = re.compile(r"[.?!…]+[\"”’»)\]]*")
_OPENING = "\"“‘'«(["
_GOES_ON = ",;:%)”’».?!…"
_MARKS = ".?!…"
_STRAIGHT, _QUOTATION = '"', 500  # a quote that opens and closes; characters back in which it may have opened
_DASHES = "-–—"
_BLANK = " \t\r\u00a0"
# written before a name, with a full stop ("GS.TS. Đỗ Thị Nhiên", "Tp. Vĩnh Khê")
_TITLES = frozenset(
    {
        *(
            "gs",
            "ts",
            "pgs",
            "ths",
            "th",
            "s",
            "ncs",
            "bs",
            "bsck",
            "bscki",
            "bsckii",
            "tskh",
            "ck",
            "cki",
            "ckii",
            "ks",
            "kts",
            "cn",
            "ls",
            "tg",
        ),
        *("nsnd", "nsưt", "ngnd", "ngut", "dr", "prof", "mr", "mrs", "ms", "vs", "nxb"),
        *("tp", "tx", "tt", "kp", "đt", "tr"),
    }
)
# the administrative units that are written with one letter ("Q. Đông", "P. 5")
_UNITS = frozenset("QPHXTĐ")
# words for a person: the letter behind is an initial that ends a name ("chị H.", "anh Nguyễn Văn T.")
_PERSONS = frozenset(
    {"anh", "chị", "ông", "bà", "em", "cô", "chú", "bác", "cháu", "bé", "cụ", "thầy", "cáo", "can", "nhân"}
)
_LIST_NUMBER = re.compile(
    r"\W*(?:(?:(?:Chương|Mục|Điều|Khoản|Phần|Bài|Kỳ|Câu) )?(?:\d{1,3}|[IVX]{1,4})|\d{1,2}(?:\.\d{1,2}){1,3}|[A-ZĐa-zđ])"
)
_GROUP = re.compile(r"\d\.[ \u00a0]\d{3}(?!\d)")  # of digits, printed with a space too many: "28. 000 đồng"
_ADDRESS = re.compile(r"[@/]|www\.", re.IGNORECASE)
# conjunctions and the like end no sentence, nor do words for a person whose name was left out ("gặp anh. ở xã")
_NEVER_LAST = frozenset(
    {
        *("và", "với", "nên", "vì", "là", "nhưng", "mà", "thì", "để", "khi", "của", "từ", "tại", "do", "bởi", "hoặc"),
        *("cùng", "các", "những", "một", "mỗi", "rằng", "nếu", "tuy", "dù", "anh", "chị", "cô"),
    }
)
_LONGEST_ABBREVIATION = 3  # letters, of those in small letters with a vowel ("tel", "inc")
_LAST_WORD, _VOWEL = re.compile(r"(?<![\w.])[^\W\d_]{2,20}\Z"), re.compile("[aeiou]")
_WORD_BEFORE = 40  # characters back that are looked at: more than any chain of titles has


class PressSplitter:
    """Splits lines of articles as they are printed, in time linear in the text."""

    def spans(self, text: str) -> Iterator[tuple[int, int]]:
        """Yield start and end of each sentence, without white space at its ends."""
        start = 0
        for mark in _END.finditer(text):
            end = _end(text, start, mark) if mark.start() >= start else None
            if end is not None:
                yield from trimmed(text, start, end)
                start = end
        yield from trimmed(text, start, len(text))


def _end(text: str, start: int, mark: re.Match[str]) -> int | None:
    """Return where the sentence that starts at `start` ends, if it does with this mark."""
    end = mark.end()
    follower = _behind_blank(text, end)
    if follower == len(text) or (follower == end and _is_glued(text, mark)):
        return end
    if follower == end:
        return None
    if text[follower] == _STRAIGHT and _closes(text, max(start, end - _QUOTATION), follower):
        end = follower + 1
        follower = _behind_blank(text, end)
    if follower == len(text):
        return end
    closed = end > mark.end() or mark.group()[-1] not in _MARKS
    if text[follower].islower() and not closed and _ends_a_word(text, start, mark):
        return end  # in texts that write small letters throughout
    if not _can_begin(text, follower, mark.group(), closed=closed):
        return None
    if mark.group() == "." and _is_inside(text, start, mark.start(), text[follower]):
        return None
    return end


def _closes(text: str, start: int, quote: int) -> bool:
    """Whether a straight quote with space before it closes: one was opened since `start`, or a mark stands behind."""
    at = _behind_blank(text, quote + 1)
    behind = text[at : at + 1]
    return text.count(_STRAIGHT, start, quote) % 2 == 1 or (behind != "" and behind in _GOES_ON)


def _behind_blank(text: str, at: int) -> int:
    while at < len(text) and text[at] in _BLANK:
        at += 1
    return at


def _is_glued(text: str, mark: re.Match[str]) -> bool:
    """Whether only the space between two sentences was forgotten ("500 suất quà.Ông Nam")."""
    behind = text[mark.end() : mark.end() + 2]
    if not (text[mark.start() - 1 : mark.start()].islower() and behind[:1].isupper() and behind[1:].islower()):
        return False
    run = text[max(mark.start() - _WORD_BEFORE, 0) : mark.end() + _WORD_BEFORE]
    at = min(mark.start(), _WORD_BEFORE)
    left, right = run[:at].split(" ")[-1], run[at:].split(" ")[0]
    return _ADDRESS.search(left + right) is None and left.lower() not in _TITLES


def _can_begin(text: str, at: int, mark: str, *, closed: bool) -> bool:
    """Whether a sentence can begin here, behind such a mark, which may close a quotation."""
    first = text[at]
    if first.islower() or first in _GOES_ON or (first == "(" and text[at + 1 : at + 2].islower()):
        return False
    if first in _DASHES:
        return not closed
    if mark.startswith(("..", "…")):
        return not first.isdigit()
    return True


def _ends_a_word(text: str, start: int, mark: re.Match[str]) -> bool:
    """Whether a single mark stands behind a whole word in small letters, so that no abbreviation and no name ends."""
    if len(mark.group()) > 1 or mark.group() == "…":
        return False
    found = _LAST_WORD.search(text, max(mark.start() - _WORD_BEFORE, start), mark.start())
    word = found[0] if found else ""
    if not word.islower() or word in _NEVER_LAST:
        return False
    return is_syllable(word) or (len(word) > _LONGEST_ABBREVIATION and _VOWEL.search(word) is not None)


def _is_inside(text: str, start: int, dot: int, follower: str) -> bool:
    """Whether a single full stop belongs to a list number, a title or a unit's letter."""
    if _LIST_NUMBER.fullmatch(text, start, dot) or _GROUP.match(text, dot - 1):
        return True
    words = text[max(dot - _WORD_BEFORE, start) : dot].split()
    if not words:
        return False
    parts = words[-1].lstrip(_OPENING).split(".")
    if all(part.lower() in _TITLES for part in parts) and len(words[-1]) > 1:
        return True
    if len(parts) > 1 or len(parts[0]) != 1 or parts[0] not in _UNITS:
        return False
    before = words[-2] if len(words) > 1 else ""
    return not ((before[:1].isupper() and before[-1] != ",") or before.lower() in _PERSONS) or follower.isdigit()
