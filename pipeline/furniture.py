"""What a single line of a news page is when it is not the article: heading of a box, widget, caption, byline, source.

The words are data (`lexicon/furniture.toml`, and `furniture` of a site's profile); this module matches whole lines.
"""

from __future__ import annotations

import functools
import re

from pipeline.furniture_rules import MAX_HEADING_CHARACTERS, Rules, line_key, opens, shipped

# a paragraph that stands for itself: shorter ones are titles, subheads and items
MIN_PROSE_WORDS = 12
# the longest caption in the collected pages has 62 words
MAX_CAPTION_WORDS = 80
# the longest line of furniture seen (an invitation with the article's title in it) has 270 characters; what is several
# times as long is text, whatever it begins with
MAX_LINE_CHARACTERS = 1_000
# the mark of a caption stands in its last words ("… Ảnh: Văn phòng Liên đoàn Lao động tỉnh"), or begins the line
CAPTION_TAIL = 150
MAX_BYLINE_WORDS = 4
# names in one byline, and lines of a byline; more are a list of people
MAX_BYLINES = 3
# "Tạ Hà – Phó Chủ tịch Liên đoàn Lao động thành phố Thành Sơn"; a desk that signs ("Ban Nữ công LĐLĐ tỉnh") is shorter
MAX_OFFICE_WORDS = 16
MAX_DESK_WORDS = 8
MAX_NAMES_CHARACTERS = 160

# a capital right after a letter, before another
_GLUED = re.compile("(?<=[^\\W\\d_])[" + "".join(filter(str.isupper, map(chr, range(0x1F00)))) + "](?=[^\\W\\d_])")
_ENDS_SENTENCE = re.compile(r"[.!?…:;][\"”’»)\]*]{0,9}$|/\.$")
_PICTURE = re.compile(r"!?\[[^\[\]]*+\]\([^()]*+\)")
_RELATED_ROW = re.compile(r"\|[^|]+\|")
_IN_BRACKETS = re.compile(r"\((?:[A-ZĐ]\w{0,2}\.\s?)?[^().!?…]{2,80}(?:\.[a-z]{2,10}){0,3}\)")
_REMARK = re.compile(r"\s?\((?:[^()]{2,40})\)$")
_REMARKS = re.compile(r"\s?\([^()]{2,40}\)(?=\s?(?:[-–,;&]|và|$))")
_INITIALS = re.compile(r"(?:\w{1,3}\.)+\s?\w{1,10}\.?")
_BULLET = re.compile(r"\s[|·•]\s")
_BETWEEN_NAMES = re.compile(r"\s[-–]\s|[,;&/]\s?|\svà\s")
# "Bài: Tạ Hà - Ảnh: Vi Lam"
# "Đặng Lam; Quay phim: Vi Sơn": who did no writing and took no pictures is no author
_HELPED_BY = re.compile(
    r"\s?[-–;,|]\s(?:quay phim|dựng phim|kỹ thuật|thiết kế|đồ h(?:ọa|oạ)|trình bày|video|clip|biên tập)\s?:.{2,80}$",
    re.IGNORECASE,
)
_SECOND_MARK = re.compile(r"(\s[-–]\s|[,;]\s)(?:[Ảả]nh|[Tt]in|[Bb]ài|[Cc]lip|[Vv]ideo|[Đđ]ồ h(?:ọa|oạ))\s?:\s?")
_OFFICE = re.compile(r"\s?[-–,]\s")
_DESK_OF_PAPER = re.compile(r"/\s?(?=\w)")
_CITED = re.compile(r"theo\s(?P<name>[^():/.,\d]{3,40})(?:/\s?[^/()\d]{2,40}|\s\([^()\d]{2,40}\))", re.IGNORECASE)
# "Nguồn tin: Công đoàn ngành; Tác giả: Tạ Hà", "Tạ Hà, theo Báo Gạch Ngói"
_TOLD_BESIDE = re.compile(r"[;,|–-]\s(?:tác giả|người viết)\s?:\s(?P<name>[^:;|]{3,60})$", re.IGNORECASE)
_CITES = re.compile(r"\s?[,;–-]\s?theo\s[^,;]{2,60}$", re.IGNORECASE)
# what may stand before an author's name
_BEFORE_NAME = re.compile(
    r"(?:luật (?:gia|sư)|thạc sĩ|tiến sĩ|bác sĩ|kỹ sư|nhà (?:báo|văn|thơ)|phóng viên|cộng tác viên|biên tập viên"
    r"|(?:cô|thầy)(?: giáo)?(?=\s\w+\s[A-ZĐ\u00c0-\u1ef9])"
    r"|(?:pgs|gs|ts|ths|bs|ls|pv|ctv|btv)\b\.?)\s?(?:[-:]\s?)?(?=[A-ZĐ\u00c0-\u1ef9])",
    re.IGNORECASE,
)
_AFTER_NAME = re.compile(r"\s?(?:\([^()]{2,60}\)|/\s?(?:[A-ZĐ][\w.+&/ -]{1,40}|[\w-]{1,30}(?:\.[\w-]{1,20}){1,2}))$")
# above the name that signs a letter: for whom, and as what
_SIGNS_FOR = re.compile(
    r"(?:TM|KT|TL|TUQ)\b|(?:PHÓ |TỔNG )?(?:CHỦ TỊCH|TRƯỞNG BAN|GIÁM ĐỐC|BÍ THƯ|CHÁNH VĂN PHÒNG|HIỆU TRƯỞNG)$",
    re.IGNORECASE,
)
_PAPER_ITSELF = re.compile(r"(?:Báo|Tạp chí|Đài) ")
_NOTE = re.compile(r"\[\d{1,3}\]\s?\S")
_CONTRIBUTOR = "CTV"
_VOWEL = re.compile("[^BCDĐFGHJKLMNPQRSTVWXZ]")
_ADDRESS = re.compile(r"[a-z0-9-]{2,30}(?:\.[a-z]{2,6}){1,2}")
_PAPER = re.compile(r"[A-ZĐ][\w+.&-]{1,20}(?: [\w+.&-]{1,12})?|" + _ADDRESS.pattern)


def is_single_line(line: str, rules: Rules | None = None) -> bool:
    """Whether a line is, taken alone, a heading of a box or a widget."""
    if len(line) > MAX_LINE_CHARACTERS:
        return False
    held = rules or shipped()
    if line_key(line) in held.lines or opens(line, held) or _is_glued_heading(line, held):
        return True
    return (held.patterns.fullmatch(line) or held.own.fullmatch(line)) is not None


def _is_glued_heading(line: str, rules: Rules) -> bool:
    """Whether a line is a heading with the title under it, no blank between: "TIN CÙNG CHỦ ĐỀThêm nhà trẻ"."""
    glued = (found.start() for found in _GLUED.finditer(line, 1, MAX_HEADING_CHARACTERS))
    return any(line[end + 1].islower() and opens(line[:end], rules) for end in glued if end + 1 < len(line))


def is_beside(line: str, rules: Rules) -> bool:
    """Whether a line is a word of a menu or a part of an imprint, when it stands next to other furniture."""
    if len(line) > MAX_LINE_CHARACTERS:
        return False
    return line_key(line) in rules.beside or rules.beside_patterns.fullmatch(line) is not None


def is_mark(line: str) -> bool:
    """Whether a line has no word in it: arrows, bars, what is left of a picture."""
    if "](" in line:
        line = _PICTURE.sub("", line)
    return not any(character.isalnum() for character in line)


def is_related_row(line: str) -> bool:
    """Whether a line is one cell between bars: titles of a related box glued together, as MasterCMS pages give them."""
    return bool(_RELATED_ROW.fullmatch(line))


def is_prose(line: str, words: int = MIN_PROSE_WORDS) -> bool:
    """Whether a line is a paragraph: enough words, and closed like a sentence."""
    return len(line.split(None, words)) >= words and bool(_ENDS_SENTENCE.search(line[-12:]))


@functools.lru_cache(maxsize=4096)  # a page is cleaned until nothing changes: each line at least twice
def is_caption(line: str, rules: Rules) -> bool:
    """Whether a line bears the mark of a picture's caption ("Ảnh: …" at its end)."""
    if len(line) > MAX_LINE_CHARACTERS or len(line.split()) > MAX_CAPTION_WORDS or byline_mark(line, rules) is not None:
        return False
    tail = max(0, len(line) - CAPTION_TAIL)
    return any(
        words in line and pattern.search(line, 0 if pattern.pattern[0] == "^" else tail)
        for pattern, words in rules.captions
    )


def byline_mark(line: str, rules: Rules) -> str | None:
    """Return the name after a byline mark ("Tin, ảnh: …") or before who made the pictures ("Vi Lam • Ảnh: Tạ Hà"), or
    None."""
    if len(line) > MAX_LINE_CHARACTERS:
        return None
    name, *credited = _BULLET.split(line)
    if credited and all(is_credit(credit, rules) for credit in credited) and byline_authors(name):
        return name
    for pattern in rules.bylines:
        found = pattern.fullmatch(line)
        if found:
            return _SECOND_MARK.sub(r"\1", without_crew(found["name"]))
    return None


def without_crew(line: str) -> str:
    """Return a byline without those who only held the camera or drew: "Vi Lam; Quay phim: Tạ Hà"."""
    return _HELPED_BY.sub("", line)


def is_credit(line: str, rules: Rules) -> bool:
    """Whether a line names who made what stands around a text: "Ảnh: Vi Lam", "Thiết kế: Tạ Hà"."""
    return len(line) <= MAX_NAMES_CHARACTERS and rules.credits.fullmatch(line) is not None


def is_remark(line: str) -> bool:
    """Whether a line is in brackets from end to end and no sentence: an author's office or address below the name."""
    return bool(_IN_BRACKETS.fullmatch(line))


def is_note(line: str) -> bool:
    """Whether a line is a note below an article, with the number that the text has for it ("[1] Báo cáo số …")."""
    return bool(_NOTE.match(line))


def is_source(line: str, rules: Rules) -> bool:
    """Whether a line names the paper that a reprint comes from."""
    if len(line) > MAX_NAMES_CHARACTERS or len(line.split()) > 12:
        return False
    if (
        line.startswith("(")
        and line.endswith(")")
        and all(mark in rules.agencies for mark in line.strip("()").split("/"))
    ):
        return True
    return any(pattern.fullmatch(line) for pattern in rules.sources)


def person_cited(line: str) -> tuple[str, ...]:
    """Return the person that a source line names before the paper ("Theo Vi Lam / Tạp chí Cao su"), else ()."""
    if told := _TOLD_BESIDE.search(line):
        return byline_authors(told["name"])
    found = _CITED.fullmatch(line)
    return byline_authors(found["name"]) if found and " " in found["name"].strip() else ()


def byline_authors(line: str) -> tuple[str, ...]:
    """Return the names of a byline, () when the line is no byline.

    A byline is two to four capitalised words, initials, or several such joined by a dash, comma or slash; a remark in
    brackets stays with a single name ("Vi Lam (tổng hợp)"), so do paper and desk after a slash ("Vi Lam/VOV-Tây Bắc").
    """
    if len(line) > MAX_NAMES_CHARACTERS:
        return ()
    bare = _CITES.sub("", line.strip(" ./*_"))
    bare = _REMARKS.sub("", bare) if bare.count("(") > 1 or not bare.endswith(")") else bare
    remark = _REMARK.search(bare)
    names = bare[: remark.start()] if remark else bare
    parts = [part for part in _BETWEEN_NAMES.split(names) if part]
    if _is_of_a_paper(names):
        return (bare,)
    if not parts or len(parts) > MAX_BYLINES or not all(_is_name(part) for part in parts):
        return ()
    persons = [part for part in parts if not (_is_office_in_letters(part) or _PAPER_ITSELF.match(part))] or parts
    return (bare,) if len(parts) == 1 else tuple(persons)


def _is_office_in_letters(part: str) -> bool:
    """Whether a part of a byline is the letters of an office and can be no syllable ("TTVHTT", "BTG"); a CTV writes."""
    return len(part) > 2 and part.isupper() and part != _CONTRIBUTOR and not _VOWEL.search(part)


def authors_marked(named: str, rules: Rules) -> tuple[str, ...]:
    """Return the names after the mark of a byline: as of any byline, or one with an office after it that may have a
    number ("Tin: Vi Lam - Phòng PV05")."""
    if names := byline_authors(named):
        return names
    name, *office = _OFFICE.split(named, maxsplit=1)
    told = bool(office) and any(f"{office[0]} ".startswith(f"{one} ") for one in rules.offices)
    return (name,) if told and len(name.split()) > 1 and _is_name(name) else ()


def person_of(name: str) -> str:
    """Return the name of an author without paper, desk, office or remark after it ("Vi Lam/TTXVN", "Vi Lam (tổng hợp)",
    "Tạ Hà – Phó Chủ tịch LĐLĐ huyện"); what names no person stays as it is."""
    bare = _BEFORE_NAME.sub("", _AFTER_NAME.sub("", name))
    first = _OFFICE.split(bare, maxsplit=1)[0]
    person = first if len(first.split()) > 1 and _is_name(first) else bare
    return person.strip() or name


def signer(line: str, rules: Rules) -> str:
    """Return the person whom a line names with an office ("ThS. Tạ Hà - Viện Kinh tế"), empty when it names none."""
    person = person_of(line)
    bare = _BEFORE_NAME.sub("", line, count=1) if _BEFORE_NAME.match(line) else line
    desk = any(line.startswith(f"{one} ") for one in rules.desks)
    return person if person != line and not desk and is_signature(bare, rules) else ""


def is_signature(line: str, rules: Rules) -> bool:
    """Whether a line is an author with an office ("Tạ Hà – Phó Chủ tịch LĐLĐ huyện"), or a desk that signs as one."""
    words = line.split(None, MAX_OFFICE_WORDS + 1)
    if len(words) > MAX_OFFICE_WORDS or any(character in ".:;?!…" or character.isdigit() for character in line):
        return False
    if any(line.startswith(f"{desk} ") for desk in rules.desks):
        named = words[1][:1].isupper() or words[0] in ("LĐLĐ", "CĐCS", "Liên")  # "LĐLĐ huyện Sông Trà"
        return len(words) <= MAX_DESK_WORDS and "," not in line and named
    name, *office = _OFFICE.split(line, maxsplit=1)
    named = len(name.split()) > 1 and _is_name(name)
    return named and bool(office) and any(f"{office[0]} ".startswith(f"{one} ") for one in rules.offices)


def is_desk(name: str, rules: Rules) -> bool:
    """Whether an author is an office and no person ("Ban Tuyên giáo", "TM. BAN CHẤP HÀNH", "CHỦ TỊCH")."""
    return bool(_SIGNS_FOR.match(name)) or any(f"{name} ".startswith(f"{desk} ") for desk in rules.desks)


def _is_of_a_paper(names: str) -> bool:
    """Whether a name is followed by papers or desks ("Vi Lam/BNEWS/TTXVN")."""
    name, *papers = _DESK_OF_PAPER.split(names)
    if not papers or len(papers) > MAX_BYLINES or any(character.isdigit() for character in names):
        return False
    capitals = [sum(map(str.isupper, paper)) >= 2 or bool(_ADDRESS.fullmatch(paper)) for paper in papers]
    return _is_name(name) and len(name.split()) > 1 and any(capitals) and all(map(_PAPER.fullmatch, papers))


def _is_name(part: str) -> bool:
    words = _BEFORE_NAME.sub("", part).split() or part.split()
    if any(character.isdigit() for character in part) or len(part) > 40:
        return False
    if len(words) == 1:
        capitals = sum(character.isupper() for character in part)
        letters = part.replace("'", "").replace("’", "")  # "H'LIÊN"
        return bool(_INITIALS.fullmatch(part)) or (2 <= len(part) <= 8 and capitals >= 2 and letters.isalpha())
    return len(words) <= MAX_BYLINE_WORDS and all(_is_name_word(word) for word in words)


def _is_name_word(word: str) -> bool:
    return word[:1].isupper() and all(character.isalpha() or character in ".'’" for character in word)
