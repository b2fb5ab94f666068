"""Numbers that are labels, names or accounts of a thing, and no figures."""

from __future__ import annotations

from typing import Final

from pipeline.figures.in_place import OPENING_QUOTES, Reading, digit_at, year_like
from pipeline.figures.lexicon import UnitLexicon
from pipeline.figures.words import Word, glued

LABEL_REASONS: Final[tuple[str, ...]] = ("ordinal", "rank", "document", "name", "address", "year")
LABEL_DIGITS: Final = 4  # a label has at most so many digits, and no dot: "Đề án 1006", but "1.006 người"
SMALLEST_PART: Final = 10  # of a series, "khá 12"; below it "2 giỏi" is a title
LARGEST_BODY: Final = 999  # "Ban 389", "Đội 113"
SEPARATORS: Final = frozenset({".", ","})
GROUP_DIGITS: Final = 3
MONTHS: Final = frozenset({"tháng", "năm", "quý"})
SIGNS: Final = frozenset({"mark", "foreign"})
BEFORE_ACCOUNTS: Final = frozenset({":", ".", "số"})  # "STK: 1234", "số"
ARTICLES_OF_LAW: Final = frozenset({"điều", "khoản", "mục", "điểm", "chương"})


def quoted_or_glued(reading: Reading, lexicon: UnitLexicon) -> str | None:
    """Refuse “3 tại chỗ”, Z755, COVID-19, 5S: what is glued to a number and is no unit makes it a name."""
    words, start = reading.words, reading.start
    follows = glued(words, reading.end) and words[reading.end].kind == "word"
    if follows and (reading.unit is None or reading.unit.kind == "count"):
        return "name"
    if start == 0:
        return None
    before = words[start - 1]
    if before.text in OPENING_QUOTES and glued(words, start):
        return "name"
    if not glued(words, start):
        return None
    if before.kind == "word" and before.folded not in lexicon.money:
        return "name"
    if before.text == "/" and _after_a_count(reading, lexicon):
        return None
    if before.text in "-–_/+^*=" and start > 1 and glued(words, start - 1) and words[start - 2].kind not in SIGNS:
        return "name"
    if before.text in ".,'" and (start == 1 or words[start - 2].kind != "word"):
        return "separators"
    return None


def _after_a_count(reading: Reading, lexicon: UnitLexicon) -> bool:
    """Whether the slash parts two counts: "9.876 đoàn viên/10.230 CNVCLĐ"."""
    counted = reading.unit is not None and reading.unit.kind == "count" and reading.unit.known
    return counted and lexicon.nouns.before(reading.words, reading.start - 1) > 0


def torn(reading: Reading, lexicon: UnitLexicon) -> str | None:
    """Refuse "12 , 5 triệu" and "có 1. 250 người": one number torn by a space, of which this is the rest."""
    words, start = reading.words, reading.start
    if reading.before not in SEPARATORS or start < 2:
        return None
    first, rest = words[start - 2], words[start]
    if first.kind != "number" or rest.kind != "number":
        return None
    if first.space:
        return "separators"
    group = reading.before == "." and len(rest.text) == GROUP_DIGITS and len(first.text) <= GROUP_DIGITS
    if not group or start == 2 or not first.text.isdecimal():
        return None
    labelled = lexicon.labels.before(words, start - 2) or words[start - 3].folded in lexicon.neighbours["days"] | MONTHS
    return None if labelled else "separators"  # "… của tháng 5. 300 gia đình …": two sentences


def account(reading: Reading, lexicon: UnitLexicon) -> str | None:
    if not reading.start:
        return None
    named = "account" in reading.labels
    if not named and reading.before in BEFORE_ACCOUNTS:
        named = "account" in lexicon.labels.before(reading.words, reading.start - 1)
    if named and not reading.unit_is("money", "percent"):
        return "account"
    before = reading.words[reading.start - 1]
    side_by_side = before.kind == "number" and reading.plain
    return "account" if side_by_side and not year_like(before) else None


def label(reading: Reading, lexicon: UnitLexicon) -> str | None:
    first = reading.words[reading.start]
    if len(first.text) > LABEL_DIGITS or not reading.labels or "counting" in reading.labels:
        return None
    reasons = ("ordinal",) if reading.unit_is("duration") else LABEL_REASONS
    if reading.unit is None or not reading.unit.known:
        reasons += ("caption",)
    for reason in reasons:
        count = reading.labels.get(reason, 0)
        if count and not _each_before(reading, count, lexicon) and (reason != "year" or year_like(first)):
            return reason
    return None


def _each_before(reading: Reading, count: int, lexicon: UnitLexicon) -> bool:
    """Whether the label word itself is one of many: "mỗi khóa 15 buổi"."""
    at = reading.start - count - 1
    return at >= 0 and reading.words[at].folded in lexicon.each


def soft_label(reading: Reading, lexicon: UnitLexicon) -> str | None:
    """Refuse "đợt 2", "tổ 3", "số 82": a small number after a word that is numbered more often than counted."""
    if reading.unit is not None and reading.unit.kind == "duration" and not digit_at(reading.words, reading.unit.end):
        return None
    if "counting" in reading.labels:
        return None
    if reading.before == "số":
        return "name"
    if reading.unit is not None and reading.unit.name in ARTICLES_OF_LAW and digit_at(reading.words, reading.unit.end):
        return "document"  # "khoản 1, 2 điều 5"
    if reading.value <= LARGEST_BODY and _names_body(reading):
        return "name"
    if not reading.labels or reading.leading_zero or reading.value > 99:
        return None
    known = reading.unit is not None and reading.unit.known
    lists = ["soft_ordinal"] + ["soft_twelve"] * (reading.value <= 12) + ["soft_body"] * (not known)
    for name in lists:
        count = reading.labels.get(name, 0)
        if count and not _counts_each(reading, count, lexicon):
            return "ordinal"
    return None


def _names_body(reading: Reading) -> bool:
    """Whether the number is a body's: "Ban 389 Quốc gia"; a lower-case noun that the lexicon has is counted."""
    if "body_999" not in reading.labels:
        return False
    following = reading.words[reading.end] if reading.end < len(reading.words) else None
    if following is None or following.kind != "word" or (reading.unit is not None and not following.text.istitle()):
        return False
    return reading.unit is None or following.text.istitle()


def _counts_each(reading: Reading, count: int, lexicon: UnitLexicon) -> bool:
    """Whether a label word is counted itself ("mỗi tổ 3 …", "2 tổ 5 …") or people follow ("tổ 3 người")."""
    at = reading.start - count - 1
    if _each_before(reading, count, lexicon) or (at >= 0 and reading.words[at].kind == "number"):
        return True
    return lexicon.people_after.at(reading.words, reading.end) > 0


def named(reading: Reading, lexicon: UnitLexicon) -> str | None:
    """Refuse "đường dây 220 kV", "gian hàng 0 đồng", "17,5 độ vĩ Bắc": the number names the thing or the place."""
    following = reading.words[reading.end] if reading.end < len(reading.words) else None
    if lexicon.named_numbers.at(reading.words, reading.start):
        return "name"
    if reading.plain and following is not None and "programme" in reading.labels:
        quoted = following.kind == "name" or following.text in OPENING_QUOTES
        return "document" if quoted or reading.unit is None or not reading.unit.known else None
    if reading.unit is None:
        return "name" if following is not None and _praised(reading, following, lexicon) else None
    if reading.unit.kind == "money":
        return "name" if reading.value == 0 else None
    if lexicon.around["coordinates"].at(reading.words, reading.end):
        return "address"
    name = reading.unit.name.casefold()
    if name in lexicon.ranks:
        given = reading.before in lexicon.neighbours["counts"] or reading.before in lexicon.hedges
        return None if given or not reading.before else "rank"
    if name in lexicon.named_by and reading.before in lexicon.named_after:
        return "name"
    return None


def _praised(reading: Reading, following: Word, lexicon: UnitLexicon) -> bool:
    """Whether a number of virtues makes a title: "phụ nữ 2 giỏi"; parts of a series are larger, or "khá 02"."""
    small = reading.plain and reading.value < SMALLEST_PART and not reading.leading_zero
    return small and following.folded in lexicon.virtues
