"""Who wrote an article: names beside the date or at the end, on pages that do not mark their author."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from pipeline.furniture import (
    byline_authors,
    byline_mark,
    is_beside,
    is_signature,
    is_single_line,
    person_cited,
    person_of,
)
from pipeline.furniture_rules import shipped
from pipeline.parse.dates import beside_date, find_day
from pipeline.parse.dom import called
from pipeline.parse.metadata import is_address
from pipeline.parse.texts import key
from pipeline.parse.tree import Tree
from pipeline.records import Block
from pipeline.syllables import name_key, without_diacritics

# a name stands on the date's line, or on the line above or below it
MAX_LINES_FROM_DATE = 1
# lines above the title that may hold date and author
MAX_ELEMENTS_ABOVE = 12
# elements below the body among which its signature stands
MAX_ELEMENTS_BELOW = 12
MAX_LETTERS_OF_BYLINE = 120

# what papers print before and after a name: "Theo Vi Lam", "Tạ Hà Xem các bài viết của tác giả"
_BEFORE = re.compile(
    r"(?:theo|bởi|by|(?:được )?(?:viết|đăng) bởi)\s*:?\s+"
    r"|(?:tác giả(?: bài viết)?|người (?:viết|trả lời|đăng)|thực hiện|biên tập|phóng viên|pv)\s*:\s*",
    re.IGNORECASE,
)
_AFTER = re.compile(
    r"\b(?:(?:thực hiện|tổng hợp|ghi chép|lược ghi|biên dịch|ghi)$|xem (?:các |thêm |tất cả )?(?:bài|tin)|theo dõi"
    r"|\d{1,5} bài viết)\b",
    re.IGNORECASE,
)
# who a publishing system names when nobody is named, and a source beside the author
_NO_AUTHOR = re.compile(
    r"admin\w{0,12}|quản trị(?: viên)?|super user|biên tập viên|ban biên tập|bbt|nguồn(?: tin)?\s?:.{0,80}",
    re.IGNORECASE,
)
_CALLED_AUTHOR = re.compile(r"author|tac-?gia|byline|nguoi-?viet", re.IGNORECASE)
_BETWEEN = re.compile(r"[|·•—]")
_AROUND = " \t-–—|,;·•*"


def author_names(written: str) -> tuple[str, ...]:
    """Return the names in what a page prints as its author: without date, mark and invitation; () when none is left."""
    bare = _bare(beside_date(written) if find_day(written) else written)
    names = byline_authors(bare) or ((bare,) if bare else ())
    persons = map(person_of, names)
    return tuple(person for person in persons if not _NO_AUTHOR.fullmatch(person) and person != person.lower())


def is_site(name: str, address: str | None) -> bool:
    """Whether what metadata give as an author is the site, by the name of its host ("Báo Hà Lĩnh" of baohalinh.vn)."""
    host = (urlsplit(address).hostname or "") if address and is_address(address) else ""
    plain = without_diacritics(key(name))
    labels = {label.replace("-", "") for label in host.split(".")[:-1]} | {host.replace(".", "")}
    return bool(plain) and not labels.isdisjoint((plain, plain.removeprefix("bao"), f"bao{plain}"))


def _bare(written: str) -> str:
    """Return a line without the words before and after the name."""
    after = _AFTER.search(written)
    line = (written[: after.start()] if after else written).strip(_AROUND)
    before = _BEFORE.match(line)
    return (line[before.end() :] if before else line).strip(_AROUND)


def authors_near_date(page: Tree, title: int, body: int) -> tuple[str, ...]:
    """Return the authors named with the date, on its line or on the next, between title and body or right above."""
    texts = page.texts
    first = max(0, title - MAX_ELEMENTS_ABOVE)
    short = (one for one in texts.lines(first, body) if texts.letters(one) <= MAX_LETTERS_OF_BYLINE)
    lines = [one for one in short if not (texts.contains(one, title) or texts.contains(title, one))]
    printed = [texts.at(number) for number in lines]
    for place in (place for place, text in enumerate(printed) if find_day(text)):
        near = range(place - MAX_LINES_FROM_DATE, place + MAX_LINES_FROM_DATE + 1)
        for other in sorted(near, key=lambda one: abs(one - place)):
            if 0 <= other < len(lines) and (names := _names_on(page, lines[other])):
                return names
    return next((names for text in printed if (names := _marked(text))), ())


def with_others(page: Tree, names: tuple[str, ...]) -> tuple[str, ...]:
    """Return all names of the byline that the page prints one name in: metadata often have the first of several."""
    texts = page.texts
    for number in texts.printed(key(names[0])) if len(names) == 1 else ():
        around = texts.nodes[number].getparent()
        if around is None or texts.in_margin(number) or texts.letters(texts.number[around]) > MAX_LETTERS_OF_BYLINE:
            continue
        printed = author_names(texts.of(around))
        if len(printed) > 1 and key(names[0]) in map(key, printed):
            return printed
    return names


def signs(blocks: tuple[Block, ...]) -> bool:
    """Whether the last line of a body names its author ("Bài, ảnh: …"): cleaning takes it from there."""
    return bool(blocks) and bool(_marked(blocks[-1].text) or byline_authors(blocks[-1].text))


def authors_below(page: Tree, blocks: tuple[Block, ...], captions: tuple[str, ...]) -> tuple[str, ...]:
    """Return the authors named right below the last line of the body and the caption of its last picture."""
    texts = page.texts
    last = next(reversed(texts.printed(key(blocks[-1].text))), None) if blocks else None
    if last is None:
        return ()
    for number in texts.lines(texts.end[last], min(len(texts.nodes), texts.end[last] + MAX_ELEMENTS_BELOW)):
        if texts.letters(number) <= MAX_LETTERS_OF_BYLINE and (text := texts.at(number)) not in captions:
            named = called(texts.nodes[number]) if is_signature(text, shipped()) else ""
            return _names_on(page, number) or ((text,) if _CALLED_AUTHOR.search(named) else ())
    return ()


def _names_on(page: Tree, number: int) -> tuple[str, ...]:
    """Return the authors that a line names, as a whole or in a part with tags around it."""
    text = page.texts.at(number)
    if is_single_line(text):
        return ()
    return _marked(text) or next(
        (names for one in (text, *page.texts.parts(number)) if (names := _names(page, one))), ()
    )


def _marked(text: str) -> tuple[str, ...]:
    named = byline_mark(text, shipped())
    return byline_authors(named) if named else ()


def _names(page: Tree, text: str) -> tuple[str, ...]:
    """Return the authors that a line names beside its date; the names of sections, places and papers are none."""
    for part in _BETWEEN.split(text):
        if marked := _marked(part.strip(_AROUND)):
            return marked
        names = person_cited(part) or byline_authors(_bare(beside_date(part) if find_day(part) else part))
        if names and all(_may_be_person(page, name) for name in names):
            return names
    return ()


def _may_be_person(page: Tree, name: str) -> bool:
    """Whether a name is no place and no furniture, and no more than once on the page a link, as a section's is."""
    if name_key(name) in shipped().places or " " not in name or is_single_line(name) or is_beside(name, shipped()):
        return False
    texts = page.texts
    return sum(texts.nodes[number].tag == "a" for number in texts.printed(key(name))) <= 1
