"""Which movement, organisation, place and period a figure is reported for: rules that look at its own sentence only."""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

from pipeline.schema import Movement, Sentence

_UPPER: Final = "A-ZÀ-ÖØ-ÝĂĐĨŨƠƯẠẢẤẦẨẪẬẮẰẲẴẶẸẺẼẾỀỂỄỆỈỊỌỎỐỒỔỖỘỚỜỞỠỢỤỦỨỪỬỮỰỲỴỶỸ"
_NAME: Final = rf"[{_UPPER}][\w&.-]{{0,30}}(?<![.-])"
_PROPER: Final = rf"{_NAME}(?:[ \u00a0]{{1,2}}(?:-[ ])?{_NAME}){{0,6}}"
_AREA: Final = r"(?:[Tt]ỉnh|[Tt]hành phố|TP\.?|huyện|quận|thị xã|thị trấn|xã|phường|đặc khu)"

_PLACE: Final = re.compile(rf"(?<!\w)(?:{_AREA}|Huyện|Quận|Thị xã|Xã|Phường)[ \u00a0]{{0,2}}{_PROPER}")
_BODY: Final = "|".join(
    head.replace(" ", "[ ]")
    for head in (
        "Tổng Liên đoàn Lao động|Tổng LĐLĐ|Liên đoàn Lao động|LĐLĐ|Công đoàn cơ sở|Công đoàn ngành|Công đoàn|CĐCS|CĐ",
        "Nghiệp đoàn|Hội Liên hiệp Phụ nữ|Hội Phụ nữ|Hội Nông dân|Hội Cựu chiến binh|Hội Chữ thập đỏ|Ủy ban MTTQ",
        "Ủy ban nhân dân|UBND|MTTQ|Đoàn Thanh niên|Công ty cổ phần|Công ty TNHH MTV|Công ty TNHH|Công ty|Tập đoàn",
        "Tổng công ty|Nhà máy|Bệnh viện|Trường Tiểu học|Trường Trung học|Trường Đại học|Trường Cao đẳng|Trường Mầm non",
        "Trường THPT|Trường THCS|Trường|Sở|Ngân hàng",
    )
)
_INSIDE: Final = (
    r"(?:(?:ngành )?(?:Y tế|Giáo dục|Công thương|Công Thương|Xây dựng|Dệt may|Điện lực|Giao thông vận tải|Dầu khí|Than)"
    r"|Viên chức|Việt Nam|(?:các )?Khu công nghiệp(?: và chế xuất)?|các KCN|Khu kinh tế|cơ sở|cổ phần|" + _AREA + ")"
).replace(" ", "[ ]")
# A head alone ("công đoàn", "công ty") names nobody: a branch, an area or a proper name must follow.
_ORGANISATION: Final = re.compile(
    rf"(?<!\w)(?<!Ấm )(?<!ấm )(?:{_BODY})"
    rf"(?:(?:[ \u00a0]{_INSIDE}){{1,3}}(?:[ \u00a0]?{_PROPER}|[ \u00a0][0-9]{{1,2}})?"
    rf"|[ \u00a0]{_PROPER}(?:[ ]{_AREA}[ ]{_PROPER})?)(?!\w)"
)
_YEAR: Final = r"(?:19|20)[0-9]{2}"
_PERIOD: Final = re.compile(
    rf"""(?<!\w)(?<!sinh[ ])(?i:
    (?:nhiệm[ ]kỳ|giai[ ]đoạn|năm[ ]học|thời[ ]kỳ|chặng|kỳ)[ ]{_YEAR}[ ]?[-–][ ]?{_YEAR}
    |(?:[0-9]{{1,2}}[ ]tháng|nửa|quý[ ][IVX0-9]{{1,3}})(?:[ ](?:đầu|cuối)[ ]năm)?[ ,/]{{0,2}}(?:năm[ ])?{_YEAR}
    |[0-9]{{1,2}}[ ]tháng[ ](?:đầu|cuối)[ ]năm
    |tháng[ ][0-9]{{1,2}}(?:[ ]?[/-][ ]?{_YEAR}|[ ]năm[ ]{_YEAR})
    |quý[ ](?:[IVX]{{1,3}}|[1-4])
    |năm[ ]{_YEAR}(?:[ ]?[-–][ ]?{_YEAR})?
    |[0-9]{{1,2}}[ ]năm[ ]qua
    |năm[ ](?:qua|nay|ngoái)
    |nhiệm[ ]kỳ[ ]qua
    )(?!\w)""",
    re.VERBOSE,
)
_LINKING: Final = re.compile(
    r"(?:trong|từ|hưởng ứng|thuộc|thực hiện|tham gia|qua|của)(?: khuôn khổ)?"
    r"(?: các| phong trào| cuộc vận động| chương trình| thi đua){0,3}\s*[\"“'‘]?$"
)
CLAUSE_END: Final = re.compile(";")
TITLE_CHARACTERS: Final = 40  # how far back a person's title before an organisation is looked for
LINK_CHARACTERS: Final = 60  # how far back the linking word before a movement is looked for


_ORGANISATION_BEFORE: Final = re.compile(rf"(?<!\w)(?:{_BODY})[ ]$")
_NEXT_WORD: Final = re.compile(r"[ \u00a0]{1,2}([^\W\d_]+)(?:[ ]([^\W\d_]+))?")
_NUMBER_NEXT: Final = re.compile(r"[ \u00a0]?[0-9]")  # "Trường Mầm non Số | 2"
_COMMA_AFTER: Final = re.compile(r"\s*[,.;:)]|\s*$")


@cache
def _borders() -> tuple[frozenset[str], re.Pattern[str]]:
    """Return the words before which a name has ended, and a pattern for a person's title before a name."""
    table = tomllib.loads((files("pipeline") / "lexicon" / "attribution.toml").read_text(encoding="utf-8"))
    titles = "|".join(re.escape(title) for title in table["titles"])
    return frozenset(table["follows_a_name"]), re.compile(rf"(,\s*(?:Phó\s+)?)?\b(?:{titles})\s*$", re.I)


def _is_borne_by_a_person(text: str, start: int, end: int) -> bool:
    """Whether a title comes before text[start:end], so that its last words may be a person's name.

    "Phó Chủ tịch LĐLĐ tỉnh Đỗ Quang Khải" is; "bà Hiền, Chủ tịch LĐLĐ tỉnh Hà Trung, nói" is not.
    """
    _, title = _borders()
    bearer = title.search(text, max(0, start - TITLE_CHARACTERS), start)
    return bearer is not None and not (bearer.group(1) and _COMMA_AFTER.match(text, end))


def _is_cut(text: str, end: int) -> bool:
    """Whether an organisation's name may go on after `end`: "Công ty TNHH Điện | tử Sao Khê"."""
    if _NUMBER_NEXT.match(text, end):
        return True
    follows, _ = _borders()
    following = _NEXT_WORD.match(text, end)
    return following is not None and not {following[1], f"{following[1]} {following[2]}"} & follows


def _is_sure_body(text: str, start: int, end: int) -> bool:
    return not _is_borne_by_a_person(text, start, end) and not _is_cut(text, end)


def _is_sure_area(text: str, start: int, end: int) -> bool:
    body = _ORGANISATION_BEFORE.search(text, max(0, start - TITLE_CHARACTERS), start)
    return body is None or not _is_borne_by_a_person(text, body.start(), end)


@dataclass(frozen=True, slots=True)
class Attribution:
    """What one figure is reported for; None where its sentence does not say. All but `movement_id` as printed."""

    movement_id: str | None
    organisation: str | None
    place: str | None
    period: str | None


@dataclass(frozen=True, slots=True)
class Mentions:
    """The mentions of one kind in a sentence, in reading order; `starts` and `ends` count in the article's text.

    `same` says how many of them, from the first on, have the first one's name.
    """

    starts: tuple[int, ...]
    ends: tuple[int, ...]
    names: tuple[str, ...]
    same: int

    @classmethod
    def of(cls, mentions: Iterable[tuple[int, int, str]]) -> Mentions:
        rows = sorted(mentions)
        names = tuple(row[2] for row in rows)
        same = next((index for index, name in enumerate(names) if name != names[0]), len(names))
        return cls(tuple(row[0] for row in rows), tuple(row[1] for row in rows), names, same)

    def before(self, start: int) -> int:
        """Return how many mentions end at or before a place."""
        return bisect_right(self.ends, start)

    def within(self, start: int, end: int) -> tuple[str, ...]:
        return self.names[bisect_left(self.starts, start) : bisect_right(self.ends, end)]


class SentenceAttribution:
    """The rules for one sentence, its mentions looked up once: `of(start, end)` answers for one figure."""

    def __init__(self, text: str, sentence: Sentence, movements: Sequence[Movement]) -> None:
        """`movements` are the sentence's own; nothing outside the sentence is looked at."""
        self._text = text
        self._movements = Mentions.of((m.start, m.end, m.movement_id) for m in movements)
        self._clause_ends = [sentence.start, *self._places(CLAUSE_END, sentence).ends, sentence.end]
        self._organisations = self._places(_ORGANISATION, sentence, _is_sure_body)
        self._areas = self._places(_PLACE, sentence, _is_sure_area)
        self._periods = self._places(_PERIOD, sentence)

    def of(self, start: int, end: int) -> Attribution:
        """Return what the figure text[start:end] is reported for."""
        return Attribution(
            movement_id=self._movement(start, end),
            organisation=self._last_before(self._organisations, start),
            place=self._only(self._areas) or self._last_before(self._areas, start),
            period=self._only(self._periods) or self._last_before(self._periods, start),
        )

    def _places(
        self, pattern: re.Pattern[str], sentence: Sentence, sure: Callable[[str, int, int], bool] = lambda *_: True
    ) -> Mentions:
        found = pattern.finditer(self._text, sentence.start, sentence.end)
        return Mentions.of((*match.span(), match.group()) for match in found if sure(self._text, *match.span()))

    def _clause(self, start: int) -> tuple[int, int]:
        at = bisect_right(self._clause_ends, start)
        return self._clause_ends[at - 1], self._clause_ends[min(at, len(self._clause_ends) - 1)]

    def _movement(self, start: int, end: int) -> str | None:
        """Return the only movement named before the figure in its clause, or the only one linked to it after it."""
        clause_start, clause_end = self._clause(start)
        before = set(self._movements.within(clause_start, start))
        if before:
            return before.pop() if len(before) == 1 else None
        after = set(self._movements.within(end, clause_end))
        if len(after) != 1:
            return None
        first = self._movements.starts[bisect_left(self._movements.starts, end)]
        linked = _LINKING.search(self._text[max(end, first - LINK_CHARACTERS) : first])
        return after.pop() if linked else None

    def _only(self, mentions: Mentions) -> str | None:
        """Return the name that all mentions of the sentence share."""
        return mentions.names[0] if mentions.names and mentions.same == len(mentions.names) else None

    def _last_before(self, mentions: Mentions, start: int) -> str | None:
        """Return the nearest mention before the figure in its clause, or the only one before it in the sentence.

        What follows a sum is who gets it, so a mention after the figure does not count.
        """
        count = mentions.before(start)
        if not count:
            return None
        in_clause = mentions.starts[count - 1] >= self._clause(start)[0]
        return mentions.names[count - 1] if in_clause or count <= mentions.same else None
