"""The dateline before a lead or first paragraph: an agency's mark, a place."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable
from dataclasses import dataclass

from pipeline.furniture_rules import Rules
from pipeline.places import districts
from pipeline.syllables import name_key

# "(NLĐO)- ", "(Chinhphu.vn) - ", "(TTXVN/Vietnam+) ", "(SGGPO).- "
_IN_BRACKETS = re.compile(r"[(\[](?P<mark>[^\W\d_][\w.+&/ -]{1,24})[)\]]\s?(?:\.?\s?[-–—]|:)?\s?(?=\S)")
_DASH = re.compile(r"\s?\.?[-–—]\s+(?=[\"“‘]?[^\W_])")
_ON_DATE = re.compile(r"(?:\w{1,6}\s+)?L[DĐ]O\s*\|\s*(?:\d{1,2}/\d{1,2}/\d{4}\s+\d{1,2}:\d{2}\s*)?")
# a paper that signs with its address ("Congdoan.example.vn - ")
_ADDRESS = re.compile(r"[A-Za-z][\w-]{1,24}(?:\.[a-z]{2,6}){1,2}(?=\s?[-–—]\s)", re.IGNORECASE)
# a paper's initials that no list has ("ĐBND - Cử tri …"); what follows is a sentence, not more initials ("KCN - KCX")
_INITIALS = re.compile(r"(?P<mark>[A-ZĐ][A-ZĐ&]{1,7})\s[-–—]\s(?=[\"“‘]?(?:[^\W\d_][^\W\d_A-ZĐ]|\d))")
# "Hà Nội - ", "Thái Nguyên (TTXVN) - ", "Hà Nội, ngày 5/3 - ", "Hà Nội, 5/3/2024 (TTXVN) – ", "Bà Rịa - Vũng Tàu - ",
# "Cà Mau: ", "TTXVN/Hà Nội - ", "Xuân Lộc (Đồng Nai): "
_PLACE = re.compile(
    r"(?:[A-ZĐ]{2,8}\s?/\s?)?(?P<place>[^\W\d_](?:[^\W\d_]|[. ]|\s?-\s?(?=Vũng|Huế)){1,30}?)"
    r"(?:,\s?(?:ngày\s)?\d{1,2}[/.-]\d{1,2}(?:[/.-]\d{4})?)?"
    r"(?:\s?\((?P<province>[^\W\d_][\w.+/ -]{1,24})(?:,?\s\d{1,2}[/.-]\d{1,2})?\))?"
    r"(?:\s?[-–—]\s+|\s[-–—]|:\s(?:[-–—]\s)?)"
    r"(?!(?:Vũng Tàu|Huế)\s?[-–—])(?=[\"“‘]?(?P<first>[^\W_]))"
)
# "Đồng Nai Online - ", "VTC News - "
_PAPER = re.compile(r"(?:[A-ZĐ][^\W\d_]{0,9}\s){1,4}(?:Online|News|Plus|TV)\s[-–—]\s(?=[\"“‘]?[^\W_])")
# "ở tỉnh Ngọc Lâm"
_KIND_OF_PLACE = re.compile(
    r"(?:tỉnh|huyện|xã|phường|thị trấn|thị xã|thành phố|quận|đảo|đặc khu|TP\.?|Tỉnh|Huyện|Xã|Phường|Thành phố)\s$"
)
MAX_LETTERS_OF_KIND = 10
# "(TTXVN)", "(TNO)"
_AGENCY = re.compile(r"[A-ZĐ]{3,8}(?:\+|/[A-ZĐ]\w{2,10}\+?)?")
_DASHES = frozenset("-–—")
MAX_MARK_WORDS = 3
# "(NLĐO) - Hà Nội - " has two; a line that begins with more marks than these is no dateline but a list of them
MAX_MARKS = 4


@dataclass(frozen=True, slots=True)
class Dateline:
    """A line without its dateline; `marks` are the prefixes taken off, as printed."""

    text: str
    place: str | None
    marks: tuple[str, ...]


def split_dateline(line: str, rules: Rules, told: Callable[[], str] = str) -> Dateline:
    """Take agency marks and a place off the front of a line. A place is only taken before a dash and a capital.

    Args:
        told: gives the text of the article, which may call a name that no list has a place ("tỉnh Ngọc Lâm").
    """
    text, place = line, None
    marks: list[str] = []
    while True:
        cut, found = _prefix(text, rules, told)
        if not cut or not text[cut:].strip():
            return Dateline(text, place, tuple(marks))
        if len(marks) == MAX_MARKS:
            return Dateline(line, None, ())
        marks.append(text[:cut].strip())
        place = place or found
        text = text[cut:].lstrip()


def _prefix(text: str, rules: Rules, told: Callable[[], str]) -> tuple[int, str | None]:
    """Return the length of the dateline at the front of the text, 0 for none, and the place in it."""
    for pattern in rules.datelines:
        found = pattern.match(text)
        if found and found.end():
            return found.end(), found.groupdict().get("place")
    bracketed = _IN_BRACKETS.match(text)
    if bracketed and len(bracketed["mark"].split()) <= MAX_MARK_WORDS and bracketed["mark"][0].isupper():
        names = (bracketed["mark"], bracketed["mark"].rpartition("/")[2])
        return bracketed.end(), next((name for name in names if _is_place(name, rules)), None)
    dated = _ON_DATE.match(text)
    if dated:
        return dated.end(), None
    after, place = _place(text, rules, told)  # before agencies: "TP.HCM" has the form of an address
    return after or _after_agency(text, rules) or _after_initials(text, rules), place


def _after_agency(text: str, rules: Rules) -> int:
    """Return where the text goes on after "TTTĐ - ", "Kinhtedothi - " or "VTV.vn - ", 0 when it begins with none."""
    paper = _PAPER.match(text)
    if paper and not text[paper.end()].islower():
        return paper.end()
    address = _ADDRESS.match(text)
    if address:
        dash = _DASH.match(text, address.end())
        # "Cho.example.vn - sàn của công nhân - mở cửa" begins with a name
        return dash.end() if dash and not text[dash.end()].islower() else 0
    for agency in rules.agencies:
        if text.startswith(agency):
            dash = _DASH.match(text, len(agency))
            if dash:
                return dash.end()
            if (
                agency in rules.without_dash
                and text[len(agency) :][:1] == " "
                and text[len(agency) + 1 :][:1].isupper()
            ):
                return len(agency) + 1
    return 0


def _after_initials(text: str, rules: Rules) -> int:
    found = _INITIALS.match(text)
    if found is None or found["mark"] in rules.not_agencies or text[found.end()].islower():
        return 0
    return found.end()


def _place(text: str, rules: Rules, told: Callable[[], str]) -> tuple[int, str | None]:
    found = _PLACE.match(text)
    if found is None or not (found["first"].isupper() or found["first"].isdigit()):
        return 0, None
    known = any(_is_place(name, rules) for name in (found["place"], found["province"]) if name)
    by_agency = found["province"] is not None and bool(_AGENCY.fullmatch(found["province"]))
    if not known and not (_DASHES & {*found[0]} and (by_agency or _is_called_place(found["place"], told()))):
        return 0, None
    # "Hà Nội - Hải Phòng" is a road, not a dateline
    return (0, None) if _begins_with_place(text[found.end() :], rules) else (found.end(), found["place"])


def _is_called_place(name: str, text: str) -> bool:
    """Whether a text puts what kind of place it is before a name of two words or more that no list has."""
    at = text.find(name)
    while at >= 0 and " " in name:
        before = _KIND_OF_PLACE.search(text, max(0, at - MAX_LETTERS_OF_KIND), at)
        if before and not text[at + len(name) : at + len(name) + 1].isalpha():
            return True
        at = text.find(name, at + 1)
    return False


def _is_place(written: str, rules: Rules) -> bool:
    name = name_key(written)
    bare = name[1:] if name[:1] == ("tp",) else name
    return name in rules.places or bare in rules.places or bare in _district_names()


@functools.cache
def _district_names() -> frozenset[tuple[str, ...]]:
    """Return the keys of the names of districts and towns that have more than one syllable."""
    return frozenset(key for district in districts() if len(key := tuple(district.key.split(" "))) > 1)


def _begins_with_place(text: str, rules: Rules) -> bool:
    words = name_key(text[:40])
    begun = (words[:length] for length in range(1, min(len(words), 5) + 1))
    return any(name in rules.places or name in _district_names() for name in begun)
