"""The names in what a page prints as its author."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from pipeline.furniture import (
    MAX_DESK_WORDS,
    authors_marked,
    byline_authors,
    byline_mark,
    is_beside,
    is_remark,
    is_signature,
    is_single_line,
    person_cited,
    person_of,
    signer,
    without_crew,
)
from pipeline.furniture_rules import shipped
from pipeline.parse.dates import beside_date, find_day
from pipeline.parse.metadata import is_address
from pipeline.parse.texts import key
from pipeline.parse.tree import Tree
from pipeline.records import Block
from pipeline.syllables import name_key, without_diacritics

# what papers print before and after a name: "Theo Vi Lam", "Tạ Hà Xem các bài viết của tác giả"
_BEFORE = re.compile(
    r"(?:theo|bởi|by|(?:được )?(?:viết|đăng|tạo|gửi) bởi|posted by|written by)\s*:?\s+"
    r"|(?:tác giả(?: bài viết)?|người (?:viết|trả lời|đăng|thực hiện|tạo|gửi)|thực hiện|biên tập|phóng viên|pv)\s*:\s*",
    re.IGNORECASE,
)
# "Gửi lúc 09:12 bởi Vi Lam"
_SAID_BY = re.compile(r"\bbởi\s", re.IGNORECASE)
# "Bài Khánh Tường · Ảnh Hương Giang"
_WORKS = ("Bài", "Tin")
_AFTER = re.compile(
    r"\b(?:(?:thực hiện|tổng hợp|ghi chép|lược ghi|biên dịch|ghi|(?:vào )?lúc|vào ngày)$"
    r"|xem (?:các |thêm |tất cả )?(?:bài|tin)|theo dõi"
    r"|\d{1,5} bài viết)\b",
    re.IGNORECASE,
)
# a label that its design prints without a colon, above or before the name
_LABEL = re.compile(
    r"(?:tác giả(?: bài viết)?|người viết|phóng viên|bài viết|thực hiện)(?:\s*:)?(?:\s+|$)", re.IGNORECASE
)
# "Tác giả: Văn hóa - Xã hội phường"
_OFFICE_TOLD = re.compile(r"(?i:tác giả(?: bài viết)?|người viết)\s?:\s(?P<name>[^\d:.!?;|]{3,60})")
# who a publishing system names when nobody is named, and a source beside the author
_NO_AUTHOR = re.compile(
    r"admin\w{0,12}|(?:\w{1,20}[ ._-])?admin(?:istrator)?|quản trị(?: viên| website| hệ thống)?|super ?user"
    r"|biên tập(?: viên)?|ban biên tập|bbt|t(?:òa|oà) soạn|webmaster|editor|(?:root|host|user|guest)\d{0,4}"
    r"|anonymous|unknown|(?:\w{1,20} )?(?:support|cskh)|khách|đang cập nhật|no author|nguồn(?: tin)?\s?:.{0,80}",
    re.IGNORECASE,
)
_BETWEEN = re.compile(r"[|·•—]")
_DAY = re.compile(r"^(?:đăng |cập nhật )?ngày(?: đăng)?\s?:?\s?,", re.IGNORECASE)  # "Ngày 12/6/2022, Vi Lam"
_DASH = re.compile(r"\s[-–]\s")
_AROUND = " \t-–—|,;·•*"


def author_names(written: str) -> tuple[str, ...]:
    """Return the names in what a page prints as its author: without date, mark and invitation; () when none is left."""
    bare = without_crew(_bare(beside_date(written) if find_day(written) else written))
    names = byline_authors(bare) or ((bare,) if bare else ())
    persons = map(person_of, names)
    return tuple(person for person in persons if not _NO_AUTHOR.fullmatch(person) and person != person.lower())


def is_site(name: str, address: str | None, sites: tuple[str, ...] = ()) -> bool:
    """Whether what metadata give as an author is the site, by the name of its publisher or of its host ("Báo Hà Lĩnh"
    of baohalinh.vn)."""
    host = (urlsplit(address).hostname or "") if address and is_address(address) else ""
    plain = without_diacritics(key(name))
    labels = {label.replace("-", "") for label in host.split(".")[:-1]} | {host.replace(".", "")}
    labels |= {without_diacritics(key(site)) for site in sites}
    return bool(plain) and not labels.isdisjoint((plain, plain.removeprefix("bao"), f"bao{plain}"))


def _bare(written: str) -> str:
    """Return a line without the words before and after the name."""
    after = _AFTER.search(written)
    line = (written[: after.start()] if after else written).strip(_AROUND)
    before = _BEFORE.match(line) or _SAID_BY.search(line)
    line = (line[before.end() :] if before else line).strip(_AROUND)
    work, _, name = line.partition(" ")
    named = len(name.split()) > 1 and all(word[0].isupper() for word in name.split())
    return name if work in _WORKS and named else line


def is_label(line: str) -> bool:
    """Whether a line only says that the name of the author follows ("Tác giả:", "Người viết")."""
    label = _LABEL.match(line)
    return label is not None and label.end() == len(line)


def signs(blocks: tuple[Block, ...]) -> bool:
    """Whether the last line of a body names its author ("Bài, ảnh: …"): cleaning takes it from there."""
    last = blocks[-1].text if blocks else ""
    return bool(marked(last) or person_cited(last) or byline_authors(last))


def names_called_author(page: Tree, text: str) -> tuple[str, ...]:
    """Return the authors named in what the design of a page calls one: names, or a desk that signs."""
    label = _LABEL.match(text)
    bare = _bare(text[label.end() :] if label else text)
    names = names_on(page, bare, seen_once=False)
    if not names and (is_signature(bare, shipped()) or _is_called_desk(bare)):
        names = (bare,)
    return tuple(name for name in names if author_names(name))


def _is_called_desk(name: str) -> bool:
    """Whether a name begins as those of desks do, whatever it goes on with: only what is called an author is one."""
    few = len(name.split(None, MAX_DESK_WORDS + 1)) <= MAX_DESK_WORDS
    plain = not any(character in ".:;,?!…|" or character.isdigit() for character in name)
    return few and plain and any(name.startswith(f"{desk} ") for desk in shipped().desks)


def names_on(page: Tree, text: str, *, seen_once: bool = True) -> tuple[str, ...]:
    """Return the authors that a line names beside its date; the names of sections, places and papers are none.

    Args:
        seen_once: a name that is a link twice on the page is refused: sections are.
    """
    for part in _BETWEEN.split(text):
        beside = (_DAY.sub("", beside_date(part)) if find_day(part) else part).strip(_AROUND)
        told = beside.strip("()") if is_remark(beside) else beside
        pieces = (told, *(piece.strip(_AROUND) for piece in _DASH.split(told)))
        if named := next(filter(None, map(marked, pieces)), ()):
            return named
        names = person_cited(told) or byline_authors(_bare(told))
        if names and all(_may_be_person(page, name, seen_once) for name in names):
            return names
        if (person := signer(told, shipped())) and _may_be_person(page, person, seen_once):
            return (person,)
    return ()


def says_author(text: str) -> bool:
    """Whether a line says that it names who wrote ("Đăng bởi …")."""
    return bool(_BEFORE.match(text))


def names_who_wrote(text: str) -> bool:
    """Whether a line says that it names who wrote, and names them ("Bởi: Vi Lam"); a reporter's question does not."""
    before = _BEFORE.match(text)
    return before is not None and bool(byline_authors(text[before.end() :]))


def marked(text: str) -> tuple[str, ...]:
    """Return the authors of a line that says that it names them ("Tin, ảnh: …"): an office too where it says author."""
    named = byline_mark(text, shipped())
    told = _OFFICE_TOLD.fullmatch(text)
    office = (told["name"],) if told and told["name"][0].isupper() else ()
    return (authors_marked(named, shipped()) or office) if named else ()


def _may_be_person(page: Tree, name: str, seen_once: bool) -> bool:
    """Whether a name is no place and no furniture, and no more than once on the page a link, as a section's is."""
    if name_key(name) in shipped().places or " " not in name or is_single_line(name) or is_beside(name, shipped()):
        return False
    texts = page.texts
    return not seen_once or sum(texts.nodes[number].tag == "a" for number in texts.printed(key(name))) <= 1
