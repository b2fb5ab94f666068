"""THE SPINE, first half: every record between the stages.

Data flows one way: Page (parse) ─▶ Article (clean) ─▶ Sentence (annotate) ─▶ Movement, Figure (extract), all of it a
Document; `pipeline.schema` has the rows that are made of them. Offsets are characters in `Article.text`, end
exclusive. Times are aware. What an article has by the dozen is a named tuple: of these a dataclass, frozen, takes five
times as long to make.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple, overload

MovementKind = Literal["phong_trao", "cuoc_van_dong", "chuong_trinh", "khac"]
FigureKind = Literal["money", "count", "percent", "ratio", "duration", "measure"]
ArticleKind = Literal["article", "emagazine", "photo_story", "video", "interview", "live", "document"]
FigureRole = Literal["result", "target", "share_of_target", "increase", "decrease", "cost", "support"]
AttributionRule = Literal["sentence", "linked", "back_reference", "agent", "line", "opening", "dateline"]
BoundKind = Literal["exactly", "about", "at_least", "at_most"]
BlockRole = Literal["paragraph", "heading", "list_item", "table_row", "byline", "source"]


@dataclass(frozen=True, slots=True)
class DroppedLine:
    """A line of a page that is not article text, as printed, and why."""

    line: str
    reason: str


@dataclass(frozen=True, slots=True)
class Block:
    """One printed line or paragraph of a page's body, no line break inside; cells of a table row joined by " | "."""

    text: str
    role: BlockRole = "paragraph"


@dataclass(frozen=True, slots=True)
class Page:
    """What parse read off one captured page: still as printed, furniture lines not yet removed.

    `origin` says for each field where it came from ("layout 2024: h1.title", "json-ld", "og:title", "line 3").
    """

    url: str | None
    site: str | None
    source_id: str | None
    layout: str
    title: str
    lead: str | None
    blocks: tuple[Block, ...]
    captions: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    place: str | None = None
    section: str | None = None
    tags: tuple[str, ...] = ()
    published_at: dt.datetime | None = None
    published_raw: str | None = None
    modified_at: dt.datetime | None = None
    dropped: tuple[DroppedLine, ...] = ()
    kind: ArticleKind = "article"
    origin: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Article:
    """A cleaned article: nothing in it but the article. `text` is title, lead and kept body lines joined by "\\n"."""

    url: str | None
    site: str | None
    source_id: str | None
    layout: str
    title: str
    lead: str | None
    text: str
    authors: tuple[str, ...]
    place: str | None
    section: str | None
    tags: tuple[str, ...]
    captions: tuple[str, ...]
    published_at: dt.datetime | None
    published_raw: str | None
    modified_at: dt.datetime | None
    dropped: tuple[DroppedLine, ...]
    kind: ArticleKind = "article"
    origin: dict[str, str] = field(default_factory=dict)


class Token(NamedTuple):
    """A word as underthesea cuts it; `text` is as printed (`Article.text[start:end]`)."""

    text: str
    start: int
    end: int
    pos: str


class Tokens(Sequence[Token]):
    """The tokens of a sentence, column by column; each is made when it is asked for, which a build never does.

    Equal to a tuple of the same tokens.
    """

    __slots__ = ("_ends", "_first", "_starts", "pos", "texts")

    def __init__(self, texts: list[str], pos: list[str], starts: list[int], ends: list[int], first: int) -> None:
        """Take one entry a token in every list; `starts` and `ends` count from `first`, where the sentence starts."""
        self.texts, self.pos = texts, pos
        self._starts, self._ends, self._first = starts, ends, first

    @classmethod
    def of(cls, tokens: Sequence[Token]) -> Tokens:
        """Return tokens column by column, as they are unless somebody made them one by one."""
        if isinstance(tokens, Tokens):
            return tokens
        texts, pos = [one.text for one in tokens], [one.pos for one in tokens]
        return cls(texts, pos, [one.start for one in tokens], [one.end for one in tokens], 0)

    def moved(self, by: int) -> Tokens:
        """Return them as they are where the sentence starts so many characters further on."""
        return Tokens(self.texts, self.pos, self._starts, self._ends, self._first + by)

    def __len__(self) -> int:
        return len(self.texts)

    @overload
    def __getitem__(self, at: int) -> Token: ...
    @overload
    def __getitem__(self, at: slice) -> tuple[Token, ...]: ...
    def __getitem__(self, at: int | slice) -> Token | tuple[Token, ...]:
        if isinstance(at, slice):
            return tuple(self)[at]
        return Token(self.texts[at], self._first + self._starts[at], self._first + self._ends[at], self.pos[at])

    def __eq__(self, other: object) -> bool:
        return tuple(self) == tuple(other) if isinstance(other, Tokens | tuple) else NotImplemented

    def __hash__(self) -> int:
        return hash(tuple(self))

    def __repr__(self) -> str:
        return repr(tuple(self))


@dataclass(frozen=True, slots=True)
class Entity:
    """A named entity: label PER, LOC, ORG or MISC, and what is known of it; null where the text does not say.

    `name` is the canonical name in full spelling ("Liên đoàn Lao động tỉnh Hà Trung" for "LĐLĐ tỉnh"); `kind` what it
    is (union, state, company, school, …; "tỉnh", "phường", country, …); `level` central, province, district, commune
    or base; `parent` the body or area that it is part of, for a person the body of the office. `province_63` and
    `province_34` are province codes of before and since July 2025. `office` is a person's office as printed.
    """

    start: int
    end: int
    label: str
    text: str
    name: str | None = None
    kind: str | None = None
    level: str | None = None
    parent: str | None = None
    province_63: str | None = None
    province_34: str | None = None
    office: str | None = None


class Sentence(NamedTuple):
    """One sentence; never crosses a line of the text. `number` counts from 0 in reading order."""

    number: int
    start: int
    end: int
    text: str
    tokens: Sequence[Token]
    entities: tuple[Entity, ...]


@dataclass(frozen=True, slots=True)
class Setting:
    """When (day in Vietnam) and where (dateline, as printed) an article was published; None where it doesn't say."""

    on: dt.date | None = None
    place: str | None = None


class Movement(NamedTuple):
    """A mention of a named movement. `surface` has no quotes and no trigger word; `name` is the canonical name.

    `organisation` (as printed, and its canonical name) runs the movement or reports it; each `…_rule` says what told:
    the sentence itself, "do … phát động" (agent), the sentences before it in its line, the article's opening, or its
    dateline.
    """

    surface: str
    start: int
    end: int
    name: str
    movement_id: str
    kind: MovementKind
    trigger: str | None
    sentence: int
    organisation: str | None = None
    organisation_name: str | None = None
    organisation_rule: AttributionRule | None = None
    place: str | None = None
    place_rule: AttributionRule | None = None
    province_63: str | None = None
    province_34: str | None = None


class BackReference(NamedTuple):
    """Words that stand for a movement named before them: "Phong trào này", "Cuộc vận động nói trên".

    They are no mention: `surface` is no name. `named_at` is the start of the mention they refer to.
    """

    surface: str
    start: int
    end: int
    name: str
    movement_id: str
    kind: MovementKind
    named_at: int
    sentence: int


class Figure(NamedTuple):
    """A reported quantity in base units ("221,532 tỉ đồng" is 221532000000 VND).

    `bound` is the hedge as written (hơn, gần, khoảng, …), `bound_kind` what it means; `per` and `denominator` belong
    to rates and ratios. `doubt` says why the number is hard to believe. Where a known misprint is mended, `value` is
    what was meant, `printed_value` what is printed, and `correction` says on whose word.
    """

    surface: str
    start: int
    end: int
    value: float
    value_high: float | None
    kind: FigureKind
    unit: str | None
    bound: str | None
    per: str | None
    denominator: float | None
    sentence: int
    movement_id: str | None = None
    organisation: str | None = None
    place: str | None = None
    period: str | None = None
    bound_kind: BoundKind = "exactly"
    doubt: str | None = None
    printed_value: float | None = None
    correction: str | None = None
    movement_rule: AttributionRule | None = None
    organisation_name: str | None = None
    organisation_rule: AttributionRule | None = None
    place_rule: AttributionRule | None = None
    province_63: str | None = None
    province_34: str | None = None
    period_start: dt.date | None = None
    period_end: dt.date | None = None
    period_rule: AttributionRule | None = None
    role: FigureRole | None = None
    role_words: str | None = None


class WordedAmount(NamedTuple):
    """An amount in words: a spelled-out numeral that counts something ("hai mươi mốt công đoàn cơ sở"), or a vague one.

    A vague amount ("hàng nghìn công nhân") names an order of magnitude, which is its `value`, and nothing more exact.
    """

    surface: str
    start: int
    end: int
    value: float
    kind: FigureKind
    unit: str
    bound: str | None
    bound_kind: BoundKind
    denominator: float | None
    vague: bool
    sentence: int


class RefusedNumber(NamedTuple):
    """Digits of a text that are no figure, and why."""

    surface: str
    start: int
    end: int
    reason: str
    sentence: int


@dataclass(frozen=True, slots=True)
class Document:
    """One page or text read whole: what `analyze` returns and `congdoan extract` prints."""

    id: str | None
    article: Article
    sentences: tuple[Sentence, ...]
    movements: tuple[Movement, ...]
    back_references: tuple[BackReference, ...]
    figures: tuple[Figure, ...]
    in_words: tuple[WordedAmount, ...] = ()
    refused_numbers: tuple[RefusedNumber, ...] = ()
