"""Which of the organisations that a sentence names act or report, and which receive, help, assign or are honoured."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Container, Iterator, Sequence
from typing import Final

from pipeline.attribution.small_letters import of_small_letters
from pipeline.records import Sentence

# what stands right before one who receives or takes part: "trao cho LĐLĐ tỉnh X 500 triệu đồng", "phối hợp với Sở Y tế"
_ASIDE_OF: Final = of_small_letters(
    r"\b(?:(?:cho|tặng|hỗ trợ|giúp|giúp đỡ|ủng hộ)(?: các| những| toàn thể)?|cùng(?: với)?|thăm|bởi|trình|mời"
    r"|(?<!các )cấp|gửi(?: tới| đến| lên)?|kiến nghị|đề nghị|yêu cầu|báo cáo với"
    r"|cờ thi đua|bằng khen|giấy khen|(?:phối hợp|liên kết|hợp tác|ký kết)(?: chặt chẽ)?(?: cùng| với)?(?: hội)?"
    r"|(?:ủy|uỷ) thác(?: vốn)?(?: với| từ| của| qua)"
    r"|(?:ngày )?(?:thành lập|truyền thống|ra đời)|vào|gia nhập|ra mắt|(?:trực )?thuộc"
    r"|(?<!ngành )(?<!bộ )(?<!sở )(?:xây|xây dựng|xây mới|sửa chữa|nâng cấp|khánh thành|khởi công)"
    r"|cảm ơn|cám ơn|tri ân|hoan nghênh|chúc mừng|biểu dương"
    r"|(?<!tin )(?<!tin nhanh )(?<!báo cáo )(?<!số liệu )từ(?: nguồn)?(?: kinh phí| ngân sách| quỹ)?(?: của)?)\s$"
)
# "35 công nhân của Công ty X", "617 đơn vị Công đoàn cơ sở": a number of a kind, and where those counted belong
_COUNTED: Final = of_small_letters(
    r"(?:(?<!năm )(?<!ngày )(?<!tháng )(?<!quý )(?<![\w/.,-])\d[\d.,]*(?<=\d)"
    r"|\b(?:các|những|nhiều|một số|toàn thể|mỗi))\s(?:đơn vị\s|tổ chức\s)?$"
    r"|\b\d[\d.,]*\s(?:nữ |nam |cán bộ, )?"
    r"(?:công nhân|lao động|người lao động|người|nhân viên|đoàn viên|công nhân lao động"
    r"|cnlđ|nlđ|cnvclđ|bệnh nhân|học sinh|sinh viên)(?:, (?:người lao động|công nhân|lao động|nlđ))?"
    r"(?: (?:đang )?(?:làm việc|công tác|sinh hoạt))?\s(?:của |tại |ở |thuộc )?$"
)
# "50 suất quà từ | Công đoàn Viên chức tỉnh"
GIFT: Final = (
    r"[0-9][0-9.,]{0,9}\s(?:suất|phần|túi|món|gói|hộp|vé|phiếu|thẻ|chiếc|cuốn)\s[^,;:.()0-9]{1,30}\s(?:của|từ|do)\s"
)
# the same, and "trị giá 500.000 đồng do | LĐLĐ huyện X trao tặng": who gave it is named
_GIVEN: Final = re.compile(rf"(?<![\w.,]){GIFT}$|\b(?:đồng|quà)\sdo\s$")
_GIVEN_ENDS: Final = (" của ", " từ ", " do ")
# "trao quà cho công nhân Công ty X", "trao tặng quỹ tình thương của LĐLĐ tỉnh Y": who belongs to those that receive
_FOR_THOSE_OF: Final = of_small_letters(
    r"\bcho\s(?!biết|rằng|hay|thấy|vay|phép|nên|đến|tới)[^.;:,()\d]{1,70}\s$"
    r"|\b(?:trao tặng|trao|tặng|ủng hộ)\s[^.;:,()\d]{3,40}\scủa\s$"
)
# "hội nghị diễn ra tại Công ty X": inside a sentence a place to meet; in front of it, or of a clause, what it is about
_VENUE: Final = of_small_letters(r"[^,;:.!?…\s“\"(]\s(?:tại|ở)\s$")
# "Sáng 16/5, tại Trung tâm Hội nghị tỉnh, …": what happened was held there
_HELD_AT: Final = re.compile(
    r"^\W{0,3}(?:\([^()]{1,20}\)[\s.–-]{0,4})?(?:Sáng|Trưa|Chiều|Tối|Ngày|Hôm|Vừa qua|Mới đây)\b"
    r"(?:[^;.()]|\.(?=[0-9])){0,60},\s(?:tại|ở)\s$"
)
# a law, a call or an award names who made it, which is nobody that a figure is reported for
_MADE_BY: Final = of_small_letters(
    r"(?:nghị định|quyết định|nghị quyết|chỉ thị|thông tư|công văn|kết luận|quy định|kế hoạch|hướng dẫn|chủ trương"
    r"|kêu gọi|chỉ đạo|quan tâm|bằng khen|giấy khen|cờ thi đua|chương trình|phong trào|cuộc vận động|cảm ơn|cám ơn"
    r"|đánh giá cao|ủy thác|uỷ thác)"
    r"\s(?:[^.;,()]|\.(?=[0-9])){0,60}của\s(?:thủ tướng\s|ban chấp hành\s|chủ tịch\s|bộ trưởng\s)?$"
    r"|(?:kêu gọi|chỉ đạo|quan tâm|bằng khen|giấy khen|cờ thi đua|[”\"’»]) của\s(?:thủ tướng\s)?$"
)
# "Nghị quyết Đại hội Đảng bộ tỉnh": whose resolution it is; a union's congress is what its article is about
_RESOLVED_BY: Final = of_small_letters(r"\b(?:nghị quyết|văn kiện) đại hội(?: đại biểu)?\s$")
# "LĐLĐ huyện vận động Quỹ “A” được 20 triệu đồng": a fund acts where it opens a clause
_FUND: Final = re.compile(r"Quỹ\s(?:[“\"'‘«]|\w+(?:\s[^\W\dA-ZĐ]\w*))")
_OPENS: Final = of_small_letters(r"(?:[,;:.!?]|\b(?:và|thì|nhưng|theo))\s$")
_PARTY: Final = "Đảng"
# "vượt chỉ tiêu UBND tỉnh giao", "kế hoạch do Tổng LĐLĐ Việt Nam đề ra"
_AIM: Final = of_small_letters(r"\b(?:chỉ tiêu|kế hoạch|mục tiêu|nhiệm vụ|dự toán|định mức)(?: được| do| mà)?\s$")
_SETS: Final = re.compile(r"\s(?:đã )?(?:giao|đề ra|đặt ra|phân bổ|phê duyệt|quy định|ấn định)(?!\w)")
_PASSIVE: Final = re.compile(r"\b(?:do|được|bị)\s(?:Ban Chấp hành |Ban Thường vụ |Thủ tướng )?$")
_ASSIGNS: Final = re.compile(
    r"\s(?:giao|ban hành|quy định|đề ra|phê duyệt|công nhận"
    r"|(?:trao )?tặng(?!\s(?:quà|những (?:phần|suất)|người|công nhân|đoàn viên|CNLĐ|NLĐ|hộ|học sinh)\b)"
    r"|khen thưởng|biểu dương|tuyên dương"
    r"|vinh danh|đánh giá|mời|chọn|(?:phát động|khởi xướng)[^,.;]{0,30},)(?!\w)"
)
# "anh Hùng, công nhân Nhà máy Điện, …": where a person works does not act
_WORKS_AT: Final = re.compile(
    r",\s(?:nguyên )?(?:công nhân|nhân viên|giáo viên|thợ|kỹ sư|bác sĩ|điều dưỡng|đoàn viên|ĐVCĐ|hội viên"
    r"|cán bộ)\s(?:của |tại |ở )?$"
)
# what no lexicon of names has behind a name: "Trung tâm ASEAN-Hàn Quốc", "Quỹ Trợ vốn cho người nghèo"
_GOES_ON: Final = re.compile(r"-[A-ZĐÂÊÔƠƯĂ]|\s(?:thế giới|toàn cầu|(?:cho|vì) (?:người|trẻ em|phụ nữ) nghèo)\b")
_WHOSE: Final = re.compile(r"\s[-–—]\s|\s(?:của|thuộc|trực thuộc)\s")
_HAS_DONE: Final = re.compile(r"\s(?:đã|vừa|cũng|còn)\s")  # "theo chỉ đạo của A, B đã …": B acts
_JOINED: Final = re.compile(r"(?:,| và|, và| cùng)\s(?:các )?$")
BEFORE_CHARACTERS: Final = 100
AFTER_CHARACTERS: Final = 48
_SAYS: Final = re.compile(
    r"\b(?:cho biết|cho hay|nói|thông tin|báo cáo|khẳng định|chia sẻ|nhấn mạnh|đánh giá|thông báo|phát biểu)\b"
)
_ACCORDING_TO: Final = of_small_letters(
    r"\b(?:theo|báo cáo|số liệu|thống kê|thông tin|khảo sát|đại diện|lãnh đạo|chủ tịch|bí thư|giám đốc|trưởng ban)\b"
)
_PUBLISHES: Final = re.compile(r"\s(?:\([^()]{1,20}\)\s)?(?:vừa |đã )?(?:công bố|cho rằng|dẫn)\b")
SAID_CHARACTERS: Final = 60  # behind an organisation in which the word stands that says it is the source
SPOKEN_CHARACTERS: Final = 160  # between an office and the word that says its holder speaks
OFFICE_CHARACTERS: Final = 240  # between a person and the office
# those who came to a meeting are counted there, not reported for
_ATTENDING: Final = of_small_letters(
    r"\b(?:tham dự|dự(?! (?:kiến|án|toán|phòng|thảo|báo|thi|chi|định|tính|trữ))|sự có mặt|đón tiếp|chứng kiến)\b"
)
ATTENDING_CHARACTERS: Final = 80  # of the front of a sentence
_BRACKETED: Final = re.compile(r"\([^()]{0,200}\)")
# "Hưởng ứng phong trào do Tổng LĐLĐ Việt Nam phát động, …": who acts follows the comma
_FRONTED: Final = re.compile(
    r"[-+•*\s]{0,4}(?:Hưởng ứng|Thực hiện|Triển khai|Căn cứ|Nhân (?:dịp|ngày|kỷ niệm)|Kỷ niệm|Chào mừng|Được sự"
    r"|Trong(?! đó\b)(?! số\b)(?: khuôn khổ)?)\s"
    r"(?:[^,“”\"]|“[^“”]{0,200}”|\"[^\"]{0,200}\"){0,300},"
)
# "Theo Điều 35 Bộ luật Lao động", "Trả lời:": what a law says is nobody's result
_LAW_SAYS: Final = of_small_letters(
    r"\b(?:trả lời|hỏi):|\b(?:điều|khoản|điểm)\s[0-9a-zđ]{1,3}\b[^.;]{0,60}\b(?:luật|nghị định|thông tư)\b"
)
LAW_MARKS: Final = ("trả lời:", "hỏi:", "luật", "nghị định", "thông tư")  # one is in all that it finds
# "cả nước có …", "63 tỉnh thành": what is said of all the country is of nobody and no place that was named before
_NATIONWIDE: Final = of_small_letters(
    r"\b(?:cả nước|(?:trên|trong) toàn quốc|(?:hai|các) nước|thế giới|(?:63|34) (?:tỉnh|địa phương))\b"
)
COUNTRY_MARKS: Final = ("nước", "toàn quốc", "thế giới", "63 ", "34 ")  # one is in all that it finds


def acts(text: str, small: str, sentence: Sentence, bodies: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yield the organisations of a sentence, sorted spans of text, that act in it or report.

    Not those that receive, take part, made a law, assigned a target or are honoured, that came to a meeting, that stand
    in brackets, whose name is cut, or that a person only has an office in: those report where the person speaks.
    """
    if not bodies:
        return
    if _ATTENDING.search(small, sentence.start, min(sentence.end, sentence.start + ATTENDING_CHARACTERS)):
        return
    aside, front_end = _asides(text, sentence), front_of(text, sentence.start, sentence.end)
    begins = [first for first, _ in aside]
    names = {entity.start for entity in sentence.entities}
    persons = {entity.end for entity in sentence.entities if entity.label == "PER"}
    last_aside = last_end = -1  # where the last organisation that does not act ends, and the last one at all
    for start, end in bodies:
        told_in_front = last_aside < front_end <= start  # "Nhân kỷ niệm Ngày thành lập A, B đã …": B acts
        # "Công ty Than X - TKV", "Quỹ A của báo B": whose it is, does not act
        parent = last_end >= 0 and _WHOSE.fullmatch(text, last_end, start) is not None
        last_end = end
        if _is_held_at(text, sentence.start, start):
            continue
        joined = parent or (
            last_aside >= 0
            and not told_in_front
            and start - last_aside < len(" cùng các ")
            and _JOINED.match(text, last_aside, start)
            and not (text[last_aside] == "," and _HAS_DONE.match(text, end))
        )
        if joined or _stands_aside(text, small, sentence, start, end, persons):
            last_aside = end
            continue
        at = bisect_right(begins, start)
        if not (at and start < aside[at - 1][1]) and not is_cut(text, end, names):
            yield start, end


def _is_held_at(text: str, sentence_start: int, start: int) -> bool:
    """Whether what a sentence tells was held at the organisation that starts there."""
    if start - sentence_start > BEFORE_CHARACTERS or not text.endswith((" tại ", " ở "), sentence_start, start):
        return False
    return _HELD_AT.search(text[sentence_start:start]) is not None


def says_what_a_law_says(small: str, start: int, end: int) -> bool:
    """Whether small[start:end], in small letters, tells what a law says."""
    return _LAW_SAYS.search(small, start, end) is not None


def is_of_all_the_country(small: str, start: int, end: int) -> bool:
    """Whether small[start:end], in small letters, is of all the country or more, and of nobody named before."""
    return _NATIONWIDE.search(small, start, end) is not None


def is_said_by(text: str, small: str, sentence_start: int, start: int, end: int) -> bool:
    """Whether the organisation text[start:end] is the source of its sentence: "Theo A, …", "A cho biết, …"."""
    if _ACCORDING_TO.search(small, max(sentence_start, start - BEFORE_CHARACTERS), start):
        return True
    after = text[end : end + SAID_CHARACTERS]
    return bool(_PUBLISHES.match(after) or _SAYS.search(after.partition(";")[0]))


def front_of(text: str, start: int, end: int) -> int:
    """Return where "Hưởng ứng phong trào …," in front of a sentence ends: who acts comes after it; else its start."""
    fronted = _FRONTED.match(text, start, end)
    return fronted.end() if fronted else start


def is_cut(text: str, end: int, names: Container[int]) -> bool:
    """Whether the name that ends there goes on: "Bộ Tư lệnh Vùng | 3 Hải quân", "Hiệp hội Thép | thế giới".

    Args:
        names: where other names start.
    """
    if text.startswith(("…", "..."), end) or _GOES_ON.match(text, end):
        return True
    after = text[end : end + 8]
    number = after[1:].lstrip("0123456789")
    if after[:1] != " " or not after[1:]:
        return False
    if number != after[1:]:
        return number[:1] == " " and number[1:2].isupper()
    return after[1].isupper() and end + 1 not in names


def is_where_a_person_works(text: str, persons: Container[int], start: int, end: int) -> bool:
    """Whether a body tells whose a person is: "Lê Thị Hoa, | Công đoàn xã Lam Sa, …"; `persons`: where they end."""
    listed = text.startswith(", ", start - 2) and text[end : end + 1] in (",", ";")
    return listed and start - 2 in persons


def _stands_aside(text: str, small: str, sentence: Sentence, start: int, end: int, persons: Container[int]) -> bool:
    front = max(sentence.start, start - BEFORE_CHARACTERS)
    if text.endswith(_GIVEN_ENDS, front, start) and _GIVEN.search(text, front, start):
        return False
    if any(before.search(small, front, start) for before in (_ASIDE_OF, _MADE_BY, _COUNTED, _FOR_THOSE_OF, _VENUE)):
        return True
    if start > sentence.start and _FUND.match(text, start, end) and not _OPENS.search(small, front, start):
        return True
    if text.startswith(_PARTY, start) and _RESOLVED_BY.search(small, front, start):
        return True
    if _AIM.search(small, front, start) and _SETS.match(text, end, min(sentence.end, end + AFTER_CHARACTERS)):
        return True
    if is_where_a_person_works(text, persons, start, end):
        return True
    works = _WORKS_AT.search(text, front, start)
    if works and works.start() in persons:
        return True
    assigns = _ASSIGNS.match(text, end, min(sentence.end, end + AFTER_CHARACTERS))
    return bool(assigns and _PASSIVE.search(text, front, start))


def _asides(text: str, sentence: Sentence) -> list[tuple[int, int]]:
    """Return the parts of a sentence in which nobody acts, in order, none inside another."""
    front_end = front_of(text, sentence.start, sentence.end)
    bracketed = (found.span() for found in _BRACKETED.finditer(text, sentence.start, sentence.end))
    parts: list[tuple[int, int]] = []
    for first, last in sorted([*_silent_offices(text, sentence), *bracketed, (sentence.start, front_end)]):
        if parts and first < parts[-1][1]:
            parts[-1] = (parts[-1][0], max(last, parts[-1][1]))
        else:
            parts.append((first, last))
    return parts


def _silent_offices(text: str, sentence: Sentence) -> Iterator[tuple[int, int]]:
    """Yield where the offices stand of persons who are not said to speak."""
    for person in sentence.entities:
        if person.label != "PER" or person.office is None:
            continue
        near = min(sentence.end, person.end + OFFICE_CHARACTERS)
        first = text.find(person.office, max(sentence.start, person.start - OFFICE_CHARACTERS), near)
        if first < 0:
            continue
        last = max(person.end, first + len(person.office))
        if not _SAYS.search(text, last, min(sentence.end, last + SPOKEN_CHARACTERS)):
            yield first, first + len(person.office)
