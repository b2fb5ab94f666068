"""Who acts in a sentence that names no organisation: all levels of a union, or others than the text spoke of before."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, Protocol

from pipeline.attribution.small_letters import of_small_letters

# "các cấp công đoàn", "các cấp Hội Phụ nữ", "Công đoàn các cấp": many bodies that act together, none acts on them
_LEVELS: Final = of_small_letters(
    r"\b(?=[cđhm])(?<!được )(?<!do )(?<!bởi )(?<!cho )(?<!của )(?<!tới )(?<!đến )(?<!với )(?<!cùng )"
    r"(?<!đạo )(?<!cầu )(?<!nghị )(?<!dẫn )(?<!tại )(?<!trong )(?<!thuộc )(?<!từ )(?<!ở )"
    r"(?:các cấp (?:bộ )?(?:công đoàn|cđ|hội|đoàn|mặt trận)"
    r"(?: (?:liên hiệp phụ nữ|phụ nữ|lhpn|nông dân|cựu chiến binh|chữ thập đỏ|thanh niên))?"
    r"|(?:công đoàn|hội phụ nữ|hội nông dân|đoàn thanh niên|mặt trận) các cấp"
    r"|(?:công đoàn|hội phụ nữ|hội nông dân|đoàn thanh niên|(?<!công )(?<!liên )đoàn|mặt trận) cấp"
    r" (?:tỉnh|huyện|xã|cơ sở|trên(?: trực tiếp)?(?: cơ sở)?)"
    r"|(?<!và )các (?:công đoàn cơ sở|cđ cơ sở|cđcs|cơ sở đoàn|chi hội|chi đoàn)"
    r"(?=(?: (?:trong|trực thuộc|thuộc|toàn) [^,;.0-9]{1,40})? (?:đã |cũng |còn )?"
    r"(?:phối hợp|tổ chức|triển khai|thực hiện|vận động|duy trì|trao|tặng|hỗ trợ|thành lập|kết nạp)))\b"
)
# "CĐ ngành có …", ", Công đoàn Công ty cũng …": a union that the text named in full before
_KINDS: Final = (
    "ngành",
    "công ty",
    "tổng công ty",
    "tập đoàn",
    "nhà máy",
    "xí nghiệp",
    "cơ quan",
    "trường",
    "bệnh viện",
)
_SHORT_BODY: Final = of_small_letters(
    rf"(?P<listed>, )?\b(?P<body>(?:công đoàn|cđ) (?:{'|'.join(_KINDS)}))"
    r" (?:(?P<done>hiện|đã|vừa|còn|cũng|sẽ|có)|luôn|tổ chức|phối hợp|triển khai|trao|tặng|hỗ trợ|vận động|chi|trích"
    r"|kết nạp|thành lập|xây dựng|phát động|báo cáo|cho biết)\b"
)
_FIRST: Final = of_small_letters(r"[^\w]{0,4}(?:riêng )?")  # in front of a subject that opens its sentence
SHORT_MARKS: Final = tuple(f"{union} {kind} " for union in ("đoàn", "cđ") for kind in _KINDS)  # in small letters
# one is in all levels of a union
LEVEL_MARKS: Final = (" cấp ", "ác cấp", "ác công đoàn", "ác C", "ác cơ sở", "ác chi ")
# "các tổ chức, cá nhân … đã ủng hộ", "Quỹ … đã": whose act it is, when they open a clause
_SUBJECT: Final = of_small_letters(
    r"(?P<many>(?:hầu hết |tất cả )?(?:các|những|nhiều|một(?: số)?|mỗi|toàn thể|đông đảo)\s)?"
    r"(?:(?P<sure>quỹ|ban chỉ đạo|ban vận động|hội đồng|ban tổ chức|btc|nhà nước|chính quyền|nhà hảo tâm"
    r"|mạnh thường quân)"
    r"|(?P<head>tổ chức|cá nhân|doanh nghiệp|công ty|đơn vị|cơ quan|địa phương|công đoàn cơ sở|cđcs|cđ cơ sở|chi hội"
    r"|chi đoàn|nhà tài trợ|nhà trường|trường|bệnh viện|ngân hàng|hợp tác xã|hộ dân|hộ|người dân|nhân dân|bà con"
    r"|phụ huynh|gia đình|vợ chồng|anh|chị|em|cháu|họ|nạn nhân|tổ|nhóm|đội|xã|phường|huyện|dân bản|dân làng|ngư dân"
    r"|sinh viên|học sinh|chủ (?:doanh nghiệp|trọ|nhà trọ|cơ sở)|nghiệp đoàn))"
    r"(?:\s[^\s,;:.()0-9]{1,20}|,\s(?!đã)[^\s,;:.()0-9]{1,20}){0,12}?"
    r"\s(?:đã|sẽ|đang|vừa|còn|cũng|phải|cần|tích cực|tự nguyện|có|nợ|chi|trả|nhận|hỗ trợ|ủng hộ|đóng góp|góp"
    r"|quyên góp|gửi|xây dựng|thưởng|tuyển|thông báo|cam kết|đề xuất|đạt|sử dụng)\s"
)
_OPENS: Final = re.compile(r"(?:[,;:]|\b(?:thì|nhưng|song|nên))\s")
FRONT_CHARACTERS: Final = 48  # of a sentence, in which a comma ends what stands in front: "Trước đó, ngày 4/4, công ty"
CLAUSE_CHARACTERS: Final = 260  # before a figure in which the subject of its clause is looked for
# alone these stand for the body that was named, the second ones for one of the kind
_ANY_BODY: Final = frozenset({"đơn vị", "cơ quan", "tổ chức"})
_EMPLOYERS: Final = frozenset({"công ty", "doanh nghiệp", "nhà trường", "bệnh viện"})
_OF_KIND: Final = {
    "doanh nghiệp": ("company", "bank", "cooperative"),
    "công ty": ("company", "bank"),
    "nhà trường": ("school",),
    "trường": ("school",),
    "bệnh viện": ("hospital",),
    "quỹ": ("fund",),
}


class Body(Protocol):
    """An organisation by its canonical name and kind."""

    @property
    def name(self) -> str: ...

    @property
    def kind(self) -> str | None: ...


def levels_in(small: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield where small[start:end] speaks of all levels or bodies of a union, association or the Front, or of one."""
    for found in _LEVELS.finditer(small, start, end):
        yield found.span()


def short_bodies(small: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield where small[start:end] speaks of a union by its kind alone, in front of what it does."""
    for found in _SHORT_BODY.finditer(small, start, end):
        opens = _FIRST.fullmatch(small, start, found.start("body"))
        if opens or (found["listed"] and found["done"]):
            yield found.span("body")


def others_act(text: str, small: str, start: int, figure: int, body: Body, *, front: bool = True) -> bool:
    """Whether others than a body that was named before open the clauses of text[start:figure].

    "Công ty" alone is the company that was named, "đơn vị" any body; "các công ty" never are.

    Args:
        front: a sentence begins at `start`, so that the first commas end what stands in front.
    """
    clauses = _subjects(text, small, start, figure, front=front)
    return any(not _is(subject, body) for subject, sure in clauses if sure)


def employer_acts(text: str, small: str, start: int, figure: int, body: Body) -> bool:
    """Whether a union speaks of its employer: "… Công đoàn Công ty X nói công ty có | 65% lao động nữ"."""
    if body.kind != "union":
        return False
    clauses = _subjects(text, small, start, figure, front=False)
    return any(not subject["many"] and subject["head"] in _EMPLOYERS for subject, _ in clauses)


def _subjects(text: str, small: str, start: int, figure: int, *, front: bool) -> Iterator[tuple[re.Match[str], bool]]:
    """Yield what may open the clauses of text[start:figure], and whether it does for sure."""
    first = max(start, figure - CLAUSE_CHARACTERS)
    opened = [found.end() for found in _OPENS.finditer(text, first, figure)]
    # in a list a comma opens no clause: "tặng giấy khen cho 30 tập thể, cá nhân có thành tích"
    clauses = {at for at in opened if (front and at - start <= FRONT_CHARACTERS) or text[at - 2] == ";"}
    for begin in ([start] if first == start else []) + opened:
        subject = _SUBJECT.match(small, begin, figure)
        if subject is not None:
            yield subject, bool(subject["many"] or subject["sure"] or begin in clauses or begin == start)


def _is(subject: re.Match[str], body: Body) -> bool:
    head = subject["head"] or subject["sure"]
    if body.kind == "union" and head in _EMPLOYERS:  # "công ty có …" after "Công đoàn Công ty X"
        return False
    alike = head in _ANY_BODY or head in body.name.casefold() or body.kind in _OF_KIND.get(head, ())
    return alike and not subject["many"]
