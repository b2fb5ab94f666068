"""The role of a figure in its clause: result, target, share of a target, increase, decrease, cost or support."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from pipeline.attribution.role_words import RoleWord, found, role_lexicon
from pipeline.attribution.said import Said
from pipeline.attribution.undergone import role_behind
from pipeline.records import Figure, FigureKind, FigureRole
from pipeline.syllables import Spelt, Syllables, syllables, syllables_within

WINDOW: Final = 320  # characters before a figure in which its words are looked for: 40 syllables of 8
AFTER: Final = 80  # characters after a percentage in which its target is looked for
REACHED_WITHIN: Final = 3  # syllables between "đạt" and its percentage: "đạt tỷ lệ trên"
TARGET_WITHIN: Final = 6  # syllables after a percentage that name its target: "chỉ tiêu được giao"
BETWEEN: Final = 14  # syllables between two figures of a series
CHANGE_WITHIN: Final = 6  # syllables between "tăng" and a percentage with "là" before it: "mức tăng trung bình là 6,5%"
SAME_WITHIN: Final = 3  # syllables between "tương ứng với" and the figure
_SERIES: Final = re.compile(r",|\||/|:|\bvà\b|\bcùng\b|\bcho\b|\bvới\b|\btrong đó\b")
_PARTED: Final = re.compile(r"[,;:()]")
# "tăng 8,18% (180.000 đồng)": the same in other units
_RESTATED: Final = re.compile(r"\s?\((?:hơn |gần |khoảng |trên )?")
# what stands between a semicolon and a number whose verb is the one before it
_LEFT_OUT: Final = re.compile(r"\s(?:và )?(?:hơn |gần |khoảng |trên )?")
_OWN_VERB: Final = re.compile(r"\s(?:[^\W\d_]{1,8}\s){0,3}(?:được|đã|có|đạt)\b")
OWN_VERB_CHARACTERS: Final = 40
# "doanh nghiệp có trên 1.000 lao động trở lên": a number that parts a kind, and nobody's result
_THRESHOLD: Final = re.compile(r"\s(?:[^\W\d_]{1,8}\s){0,3}trở (?:lên|xuống)\b")
THRESHOLD_CHARACTERS: Final = 48
# "cao hơn 0,5% so với chỉ tiêu UBND tỉnh giao (38%)"
_TARGET_IN_BRACKETS: Final = re.compile(
    r"\b(?:chỉ tiêu|kế hoạch|mục tiêu|dự toán)(?:\s[^\W\d_]{1,12}){0,6}\s\((?:hơn |gần |khoảng |trên )?$", re.IGNORECASE
)
# "đạt 147% so với chỉ tiêu giao là 6.000 đoàn viên"
_TARGET_IS: Final = re.compile(
    r"(?<!vượt )(?<!đạt )\b(?:chỉ tiêu|kế hoạch|dự toán)(?:\s[^\W\d_]{1,12}){0,5}\slà\s(?:hơn |gần |khoảng |trên )?$",
    re.IGNORECASE,
)
BRACKET_CHARACTERS: Final = 100
_DIGIT: Final = re.compile(r"[0-9]")
_IN_BRACKETS: Final = re.compile(r"\w\s\((?:hơn |gần |khoảng |trên )?$")
# "18.683 người tham gia X và 358.000 người": the verb behind the figure before is that one's own
_AND: Final = re.compile(r"\bvà\s(?:hơn |gần |khoảng |trên )?$")
# "trích 115 tỷ đồng để hỗ trợ 10 tỉnh"
_GIVEN: Final = re.compile(r"\s(?:để |nhằm )?(?:hỗ trợ|trao tặng|tặng|trao|chăm lo|giúp đỡ|thăm hỏi|ủng hộ|trợ cấp)\b")
GIVEN_CHARACTERS: Final = 20
_OF_A_SERIES: Final[Mapping[str | None, frozenset[FigureKind]]] = {
    "result": frozenset({"money", "count", "percent", "ratio", "measure"}),
    "support": frozenset({"money", "count"}),
    "target": frozenset({"money", "count", "percent", "ratio", "measure"}),
}
_CHANGES: Final = ("increase", "decrease")
_WHOLE: Final = 100.0  # per cent; what is "đạt" beyond it can only be of a target


class Role(NamedTuple):
    """A role and the words that decided, as printed; both None where no word says."""

    name: FigureRole | None
    words: str | None


_UNTOLD: Final = Role(None, None)


def roles_of(spelt: Spelt, said: Said, figures: Sequence[Figure]) -> Iterator[Role]:
    """Yield the role of each figure of a sentence, in reading order; of none where no word beside it says.

    In a series ("kết nạp 120 đoàn viên, 98 đảng viên") the figure before tells.
    """
    if said.law:
        yield from (_UNTOLD for _ in figures)
        return
    before: Figure | None = None
    text, told, line = spelt.text, _UNTOLD, spelt.within(said.start, said.end)
    for figure in figures:
        clause_start, _ = said.clause(figure.start)
        if before is None or before.end < clause_start:
            since = clause_start
            if told.name and not _goes_on(text, clause_start, figure, told):
                told = _lasting(told)
        else:
            since = _past_share(text, before)
        since = text.rfind("|", since, figure.start) + 1 or since  # a cell of a table speaks for itself
        before = figure
        aim = _aim_before(text, clause_start, figure)
        told = _UNTOLD if aim else _role(text, said, line, figure, told, since)
        behind = role_behind(text, said, figure) if aim is None and told.name is None else None
        yield aim or (Role(*behind) if behind else told)


def _aim_before(text: str, clause_start: int, figure: Figure) -> Role | None:
    """Return target, where a figure tells one in brackets or behind "là": "so với chỉ tiêu UBND tỉnh giao (38%)"."""
    near = text[max(clause_start, figure.start - len(" là khoảng ")) : figure.start]
    pattern = _TARGET_IN_BRACKETS if "(" in near else _TARGET_IS if " là " in near else None
    if pattern is None:
        return None
    aim = pattern.search(text, max(clause_start, figure.start - BRACKET_CHARACTERS), figure.start)
    return Role("target", aim[0].partition("(")[0].strip()) if aim else None


def _goes_on(text: str, clause_start: int, figure: Figure, told: Role) -> bool:
    """Whether a series goes on behind a semicolon: "… 700 triệu đồng; hơn 1.650 ngày công".

    "…; 27.000 người được cấp thẻ" has a verb of its own: it is a result like others, and no support.
    """
    if not _LEFT_OUT.fullmatch(text, clause_start, figure.start):
        return False
    return told.name == "result" or not _OWN_VERB.match(text, figure.end, figure.end + OWN_VERB_CHARACTERS)


def _lasting(told: Role) -> Role:
    """Return the role before a semicolon, where it holds on behind it: "phấn đấu …; 100% …"."""
    words = (told.words or "").casefold()
    return told if told.name == "target" and words in role_lexicon().lasting else _UNTOLD


def _past_share(text: str, figure: Figure) -> int:
    """Return where a figure ends, with what a percentage is of: "đạt 127% kế hoạch đề ra, …"."""
    if figure.kind != "percent":
        return figure.end
    after = syllables(text, figure.end, _next_number(text, figure, figure.end + AFTER)).part(0, TARGET_WITHIN)
    ends = [after.ends[at + taken - 1] for at, taken, _ in found(role_lexicon().targets, text, after)]
    return ends[-1] if ends else figure.end


def _role(text: str, said: Said, line: Syllables, figure: Figure, told: Role, since: int) -> Role:
    """Return the role of a figure; `told` is that of the figure that ends at `since`, or of none in the clause."""
    clause_start, clause_end = said.clause(figure.start)
    if since > clause_start and _RESTATED.fullmatch(text, since, figure.start):
        helped = figure.kind == "money" and told.name == "result" and _helped(text, said, line, clause_start, figure)
        return helped or told
    own = _before(text, line, clause_start, figure)
    own = own.part(bisect_left(own.starts, since), len(own))
    if said.movements.all:
        own = own.only([not said.in_movement(start) for start in own.starts])
    words = _Words(text, said, figure, own, told)
    if words.told.name != "target":
        share = _share_of_target(text, figure, own, clause_end)
        if share is not None:
            return Role("share_of_target", share)
    front = max(clause_start, figure.start - len("m (khoảng "))
    if words.change and figure.kind == "percent" and _IN_BRACKETS.search(text, front, figure.start):
        return words.change
    serial = figure.kind in _OF_A_SERIES.get(told.name, ())
    serial = serial and (since == clause_start or _SERIES.search(text, since, figure.start) is not None)
    goes_on = not words.spoken and serial and since == max(since, figure.start - WINDOW)
    role = told if goes_on and len(own) <= BETWEEN else words.told
    if role.name == "cost" and not role_lexicon().owed.isdisjoint(_before(text, line, clause_start, figure).keys):
        return _UNTOLD  # what is owed or fined is no expense of anybody
    # "phấn đấu có 80% khu trọ từ 20 phòng trở lên"
    parts_kind = role.name == "result" or (role.name == "target" and since > clause_start and not words.spoken)
    if parts_kind and _THRESHOLD.match(text, figure.end, figure.end + THRESHOLD_CHARACTERS):
        return _UNTOLD
    honour = role.name == "support" and (figure.unit or "").casefold().startswith(role_lexicon().honours)
    if role.name in (None, "cost"):
        return _given(text, figure) or role
    return Role("result", role.words) if honour else role


def _helped(text: str, said: Said, line: Syllables, clause_start: int, figure: Figure) -> Role | None:
    """Return support for a sum in brackets: "hỗ trợ xây dựng 59 căn nhà (2,3 tỷ đồng)"."""
    return _Words(text, said, figure, _before(text, line, clause_start, figure), _UNTOLD).help


def _before(text: str, line: Syllables, clause_start: int, figure: Figure) -> Syllables:
    """Return the syllables of a sentence before a figure in its clause, those that are near enough to tell its role."""
    return syllables_within(text, line, max(clause_start, figure.start - WINDOW), figure.start)


def _given(text: str, figure: Figure) -> Role | None:
    """Return support, where the words behind a sum say that it is given: "dành 20 tỷ đồng tặng quà"."""
    given = figure.kind == "money" and _GIVEN.match(text, figure.end, figure.end + GIVEN_CHARACTERS)
    return Role("support", given[0].strip()) if given else None


class _Words:
    """The words between two figures, or before the first: the role that the nearest tells of the figure they precede.

    `spoken`: whether any word of a role is there; `help`: the last word of support, however far it stands.
    """

    def __init__(self, text: str, said: Said, figure: Figure, before: Syllables, told: Role) -> None:
        self._text, self._figure, self._before, self._earlier = text, figure, before, told
        self.told = told if told.name == "target" and self._lasts(told) else _UNTOLD
        self.spoken = self._weak = False  # `_weak`: only words like "với" have told so far
        self.help: Role | None = None
        self._change: tuple[int, Role] | None = None  # where a word of increase or decrease ends
        for at, taken, word in found(role_lexicon().words, text, before):
            first = before.starts[at]
            of_that = at == 0 and word.role == "result" and told.name and _AND.search(text, first, figure.start)
            if not of_that and not said.in_name(first):
                self.spoken = True
                self._read(at, at + taken, word)

    def _lasts(self, told: Role) -> bool:
        return (told.words or "").casefold() not in role_lexicon().momentary

    def _read(self, at: int, end: int, word: RoleWord) -> None:
        left = len(self._before) - end
        if word.same and left <= SAME_WITHIN:
            self.told = self._earlier
        if word.role is None:
            self.told, self.help = (_UNTOLD, None) if word.done else (self.told, self.help)
            return
        role = Role(word.role, self._text[self._before.starts[at] : self._before.ends[end - 1]])
        if word.role in _CHANGES:
            self._change = end, role
        if word.role == "support":
            self.help = role
        if not self._may_tell(end, left, word):
            return
        if word.ranged and self._figure.value_high is None:
            self.told = _UNTOLD  # "tăng từ 12 lên 15"
        elif word.backs and self._stronger().name == "support":
            self.told = self._stronger()
        elif word.backs and self.help and self.told.name != "target":
            self.told = self.help
        elif word.yields and self._figure.kind == "percent" and self._change and self._changed():
            self.told = self._change[1]
        else:
            self.told, self._weak = role, word.yields

    def _priced(self, end: int) -> bool:
        """Whether a sum is only the price of what stands before it: "với các căn hộ 100 triệu đồng"."""
        between = self._before.keys[end:]
        return self._figure.kind == "money" and bool(between) and role_lexicon().sums.isdisjoint(between)

    def _stronger(self) -> Role:
        return self._earlier if self._weak or self.told.name is None else self.told

    def _is_aimed_at(self, word: RoleWord) -> bool:
        """ "phấn đấu kết nạp", "tổng kinh phí thực hiện": a target or a cost goes on over the verbs of results."""
        goes_over = ("target", "cost", "support") if word.yields else ("target", "cost")
        reached = word.reaches and self.told.name == "cost"
        change = word.role in _CHANGES and _lasting(self.told).name
        given = word.works and self._figure.kind == "money" and self.told.name == "support"
        return bool(change or given) or (
            self.told.name in goes_over and word.role == "result" and not (word.done or reached)
        )

    def _may_tell(self, end: int, left: int, word: RoleWord) -> bool:
        """Whether a word that ends there is near enough to the figure, fits its kind, and is no part of an aim."""
        parted = word.close and _PARTED.search(self._text, self._before.ends[end - 1], self._figure.start)
        if parted or (word.close and self._priced(end)):
            return False
        if word.role == "support" and self._figure.kind == "percent" and left:
            return False
        return left <= word.within and self._figure.kind in word.kinds and not self._is_aimed_at(word)

    @property
    def change(self) -> Role | None:
        """The increase or decrease that is told without a number so far: "đã tăng khá nhanh (khoảng 13 %)"."""
        return self._change[1] if self._change else None

    def _changed(self) -> bool:
        """Whether nothing parts "tăng" from the figure: "mức tăng bình quân là 6,5%"."""
        end = self._change[0] if self._change else 0
        near = len(self._before) - end <= CHANGE_WITHIN
        return near and not _PARTED.search(self._text, self._before.ends[end - 1], self._figure.start)


def _next_number(text: str, figure: Figure, last: int) -> int:
    """Return where the next number begins, `last` at most: "đạt 86%, thấp hơn 5% so với chỉ tiêu"."""
    digit = _DIGIT.search(text, figure.end, last)
    return digit.start() if digit else last


def _share_of_target(text: str, figure: Figure, before: Syllables, clause_end: int) -> str | None:
    """Return the words by which a percentage is what was reached of a target."""
    if figure.kind != "percent":
        return None
    lexicon = role_lexicon()
    reached = [
        (at, taken)
        for at, taken, _ in found(lexicon.reached, text, before)
        if len(before) - at - taken <= REACHED_WITHIN
    ]
    if not reached:
        return None
    at, taken = reached[-1]
    said = text[before.starts[at] : before.ends[at + taken - 1]]
    last = _next_number(text, figure, min(clause_end, figure.end + AFTER))
    after = syllables(text, figure.end, last).part(0, lexicon.within)
    for target, length, _ in found(lexicon.targets, text, after):
        return f"{said} … {text[after.starts[target] : after.ends[target + length - 1]]}"
    return f"{said} (> 100%)" if figure.value > _WHOLE else None
