"""THE SPINE: every record type between the stages, and every table column with description and unit.

Data flows one way: Page (parse) ─▶ Article (clean) ─▶ Sentence (annotate) ─▶ Movement, Figure (extract) ─▶ rows
(tables). Offsets are characters in `Article.text`, end exclusive. Times are aware; UTC in the tables.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any, Literal

MovementKind = Literal["phong_trao", "cuoc_van_dong", "chuong_trinh", "khac"]
FigureKind = Literal["money", "count", "percent", "ratio", "duration", "measure"]
ArticleKind = Literal["article", "emagazine", "photo_story", "video", "interview", "live", "document"]
FigureRole = Literal["result", "target", "share_of_target", "increase", "decrease", "cost", "support"]
AttributionRule = Literal["sentence", "linked", "back_reference", "agent", "line", "opening", "dateline"]
BoundKind = Literal["exactly", "about", "at_least", "at_most"]
BlockRole = Literal["paragraph", "heading", "list_item", "table_row", "byline", "source"]

SCHEMA_VERSION = 3


# --------------------------------------------------------------------------- records between the stages
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


@dataclass(frozen=True, slots=True)
class Token:
    """A word as underthesea cuts it; `text` is as printed (`Article.text[start:end]`)."""

    text: str
    start: int
    end: int
    pos: str


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


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence; never crosses a line of the text. `number` counts from 0 in reading order."""

    number: int
    start: int
    end: int
    text: str
    tokens: tuple[Token, ...]
    entities: tuple[Entity, ...]


@dataclass(frozen=True, slots=True)
class Setting:
    """When (day in Vietnam) and where (dateline, as printed) an article was published; None where it doesn't say."""

    on: dt.date | None = None
    place: str | None = None


@dataclass(frozen=True, slots=True)
class Movement:
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


@dataclass(frozen=True, slots=True)
class BackReference:
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


@dataclass(frozen=True, slots=True)
class Figure:
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


@dataclass(frozen=True, slots=True)
class WordedAmount:
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


@dataclass(frozen=True, slots=True)
class RefusedNumber:
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


# --------------------------------------------------------------------------- tables
def column(description: str, unit: str | None = None) -> Any:
    """A table column; the description and the unit go into the Parquet metadata and data/README.md."""
    return field(metadata={"description": description, "unit": unit})


@dataclass(frozen=True, slots=True)
class ArticleRow:
    """One row an article, in its newest revision."""

    article_id: str = column("hash of the site and the site's own id; the same for every address of the article")
    revision: int = column("which distinct content of the article this is, from 1")
    site: str = column("name of the site profile, or the host with underscores for a site without one")
    source_id: str = column("the site's own id of the article")
    url: str = column("address the newest revision was captured from")
    section: str | None = column("section as the site names it")
    title: str = column("title")
    lead: str | None = column("lead (sapo)")
    text: str = column("title, lead and body paragraphs, one a line; all offsets count in it", "characters")
    authors: tuple[str, ...] = column("authors as printed")
    place: str | None = column("place of the dateline, as printed")
    province: str | None = column("province code: scheme and number, 63-27 before July 2025, 34-24 since")
    tags: tuple[str, ...] = column("tags as printed")
    captions: tuple[str, ...] = column("captions of pictures, kept apart from the text")
    published_at: dt.datetime | None = column("when the article was published", "UTC")
    published_raw: str | None = column("the publication date as printed")
    modified_at: dt.datetime | None = column("when the site says it was last modified", "UTC")
    first_seen_at: dt.datetime = column("first capture of the article", "UTC")
    fetched_at: dt.datetime = column("capture of this revision", "UTC")
    gone_at: dt.datetime | None = column(
        "when the site first answered that the article is gone, or led to another page instead", "UTC"
    )
    digest: str = column("SHA-256 of title, lead, text and captions; captures with the same digest are one revision")
    n_words: int = column("words in text, as underthesea counts them", "words")
    reprint_of: str | None = column(
        "article_id of the earliest article of any site that this one repeats: the same text, nearly, or cut short"
    )
    reprint_similarity: float | None = column("Jaccard similarity of the two texts' 5-syllable shingles", "0 to 1")
    reprint_share: float | None = column("share of the shorter text's 5-syllable shingles that the other has", "0 to 1")
    reprint_group: str | None = column(
        "article_id of the earliest article that this reprint leads back to, step by step; null in that one itself: "
        "coalesce(reprint_group, article_id) is the group"
    )
    layout: str = column("the layout that read the page")
    kind: str = column("form of the article: article, emagazine, photo_story, video, interview, live or document")
    origin: str = column("where each field was found on the page, as JSON")
    capture_file: str = column("WARC file, relative to the corpus")
    capture_offset: int = column("offset of the record in the WARC file", "bytes")
    capture_id: str = column("WARC record id")
    stage_versions: str = column("versions of the stages that made the row, as JSON")


@dataclass(frozen=True, slots=True)
class RevisionRow:
    """One row a distinct content of an article, the newest one too, with the text as it then was."""

    article_id: str = column("the article")
    revision: int = column("number of this content, from 1")
    site: str = column("name of the site profile")
    url: str = column("address it was captured from")
    title: str = column("title as it then was")
    text: str = column("text as it then was", "characters")
    captions: tuple[str, ...] = column("captions as they then were")
    published_at: dt.datetime | None = column("publication date as then given", "UTC")
    modified_at: dt.datetime | None = column("modification date as then given", "UTC")
    fetched_at: dt.datetime = column("capture of this revision", "UTC")
    digest: str = column("SHA-256 of title, lead, text and captions")
    changed: str | None = column(
        "lines taken out (-) and put in (+) since the revision before, captions and modification date named as such; "
        "null in the first"
    )
    capture_file: str = column("WARC file, relative to the corpus")
    capture_offset: int = column("offset of the record in the WARC file", "bytes")
    capture_id: str = column("WARC record id")


@dataclass(frozen=True, slots=True)
class SentenceRow:
    """One row a sentence, in reading order, of the newest revision of each article."""

    article_id: str = column("the article")
    site: str = column("name of the site profile")
    sentence: int = column("number of the sentence in the article, from 0")
    start: int = column("start in articles.text", "characters")
    end: int = column("end in articles.text, exclusive", "characters")
    text: str = column("the sentence as printed")
    tokens: tuple[str, ...] = column(
        "words by underthesea's models, titles, numbers with units and union terms whole, as printed"
    )
    pos: tuple[str, ...] = column("part of speech of each token, underthesea's tags")
    entities: tuple[Entity, ...] = column(
        "persons, organisations and places, and other names (MISC) underthesea finds; start and end in articles.text; "
        "name, kind, level, parent, office and province codes (63 until June 2025, 34 since) where the text says them",
        "characters",
    )


@dataclass(frozen=True, slots=True)
class MovementRow:
    """One row a mention of a movement."""

    article_id: str = column("the article")
    site: str = column("name of the site profile")
    published_at: dt.datetime | None = column("publication date of the article", "UTC")
    province: str | None = column("province code of the article")
    sentence: int = column("number of the sentence in the article")
    sentence_text: str = column("the sentence as printed")
    surface: str = column("the name as printed, without quotes and trigger word")
    start: int = column("start in articles.text", "characters")
    end: int = column("end in articles.text, exclusive", "characters")
    name: str = column("canonical name")
    movement_id: str = column("the movement in movement_registry, or a stable id of its own for an unknown name")
    kind: str = column("phong_trao, cuoc_van_dong, chuong_trinh or khac, by the trigger word in the text")
    trigger: str | None = column("the word that introduces the name, as printed")
    organisation: str | None = column("organisation that runs or reports the movement, as printed, or null")
    organisation_name: str | None = column("its canonical name in full spelling")
    organisation_rule: str | None = column(
        "where it was read: sentence, agent (“do … phát động”), line (sentences before, same paragraph) or opening"
    )
    place: str | None = column("province, district or commune the mention is about, as printed, or null")
    place_rule: str | None = column("where it was read: sentence, line, opening or dateline")
    province_63: str | None = column("code of that place's province among the 63 until June 2025")
    province_34: str | None = column("code of that place's province among the 34 since July 2025")


@dataclass(frozen=True, slots=True)
class BackReferenceRow:
    """One row a place where words stand for a movement named before them ("Phong trào này"): no mention of its own."""

    article_id: str = column("the article")
    site: str = column("name of the site profile")
    published_at: dt.datetime | None = column("publication date of the article", "UTC")
    province: str | None = column("province code of the article")
    sentence: int = column("number of the sentence in the article")
    sentence_text: str = column("the sentence as printed")
    surface: str = column("the words as printed")
    start: int = column("start in articles.text", "characters")
    end: int = column("end in articles.text, exclusive", "characters")
    name: str = column("canonical name of the movement that they stand for")
    movement_id: str = column("the movement that they stand for")
    kind: str = column("kind of the mention that they refer to")
    named_at: int = column("start of the mention that they refer to, in articles.text", "characters")


@dataclass(frozen=True, slots=True)
class FigureRow:
    """One row a reported quantity."""

    article_id: str = column("the article")
    site: str = column("name of the site profile")
    published_at: dt.datetime | None = column("publication date of the article", "UTC")
    province: str | None = column("province code of the article")
    sentence: int = column("number of the sentence in the article")
    sentence_text: str = column("the sentence as printed")
    surface: str = column("number and unit as printed, without the hedge")
    start: int = column("start in articles.text", "characters")
    end: int = column("end in articles.text, exclusive", "characters")
    value: float = column("the number in base units, low end of a range", "as in `unit`")
    value_high: float | None = column("high end of a range", "as in `unit`")
    kind: str = column("money, count, percent, ratio, duration or measure")
    unit: str | None = column("ISO 4217 code for money, the counted noun phrase for a count, the unit as printed else")
    bound: str | None = column("the hedge as written: hơn, gần, khoảng, trên, …")
    bound_kind: str = column("what the hedge means: exactly (there is none), about, at_least or at_most")
    per: str | None = column("what a rate is per: người, tháng, người/năm")
    denominator: float | None = column("denominator of a ratio x/y")
    movement_id: str | None = column("movement the figure is reported for, null when the sentence doesn't say")
    movement_rule: str | None = column(
        "sentence (named before the figure in its clause), back_reference (“Phong trào này”) or linked (after it)"
    )
    organisation: str | None = column("organisation it is reported for, as printed, or null")
    organisation_name: str | None = column("its canonical name in full spelling")
    organisation_rule: str | None = column("where it was read: sentence, line (same paragraph) or opening")
    place: str | None = column("place it is reported for, as printed, or null")
    place_rule: str | None = column("where it was read: sentence, line, opening or dateline")
    province_63: str | None = column("code of that place's province among the 63 until June 2025")
    province_34: str | None = column("code of that place's province among the 34 since July 2025")
    period: str | None = column("period it is reported for, as printed, or null")
    period_start: dt.date | None = column("first day of the period; null for a count up to a day", "day in Vietnam")
    period_end: dt.date | None = column("last day, inclusive; null where the text doesn't tell", "day in Vietnam")
    period_rule: str | None = column("where it was read: sentence or line")
    role: str | None = column("result, target, share_of_target, increase, decrease, cost, support, or null")
    role_words: str | None = column("the words beside the figure that tell its role, as printed")
    doubt: str | None = column(
        "why the number is hard to believe (beyond the limit of its kind and unit, which is named), or null"
    )
    printed_value: float | None = column(
        "the number as printed, where a known misprint was mended and `value` is what was meant", "as in `unit`"
    )
    correction: str | None = column("who says that it is a misprint, and where; null where nothing was mended")


@dataclass(frozen=True, slots=True)
class WordedAmountRow:
    """One row an amount in words, which is not in `figures`: a spelled-out numeral, or a vague amount."""

    article_id: str = column("the article")
    site: str = column("name of the site profile")
    published_at: dt.datetime | None = column("publication date of the article", "UTC")
    province: str | None = column("province code of the article")
    sentence: int = column("number of the sentence in the article")
    sentence_text: str = column("the sentence as printed")
    surface: str = column("amount and unit as printed, without the hedge")
    start: int = column("start in articles.text", "characters")
    end: int = column("end in articles.text, exclusive", "characters")
    value: float = column("the number, of a vague amount its order of magnitude: 1000 for hàng nghìn", "as in `unit`")
    vague: bool = column("whether it is vague (hàng nghìn, vài chục) and not a number spelled out (hai mươi mốt)")
    kind: str = column("money, count, percent, ratio, duration or measure")
    unit: str = column("ISO 4217 code for money, the counted noun phrase for a count, the unit as printed else")
    bound: str | None = column("the hedge as written: hơn, gần, khoảng, trên, …")
    bound_kind: str = column("what the hedge means: exactly (there is none), about, at_least or at_most")
    denominator: float | None = column("denominator of a fraction: hai phần ba")


@dataclass(frozen=True, slots=True)
class RefusedNumberRow:
    """One row a number, or several written as one, that is no figure: figures and these are all digits of the texts."""

    article_id: str = column("the article")
    site: str = column("name of the site profile")
    published_at: dt.datetime | None = column("publication date of the article", "UTC")
    province: str | None = column("province code of the article")
    sentence: int = column("number of the sentence in the article")
    sentence_text: str = column("the sentence as printed")
    surface: str = column("the digits as printed, with what belongs to them")
    start: int = column("start in articles.text", "characters")
    end: int = column("end in articles.text, exclusive", "characters")
    reason: str = column(
        "why it is no figure: date, time, year, period, ordinal, anniversary, document, name, address, account, rank, "
        "caption, list number, movement name, separators, too large, other script, no sentence or no unit"
    )


@dataclass(frozen=True, slots=True)
class RegistryRow:
    """One row a known movement: the registry the mentions are linked to."""

    movement_id: str = column("stable id")
    name: str = column("canonical name")
    kind: str = column("phong_trao, cuoc_van_dong, chuong_trinh or khac")
    aliases: tuple[str, ...] = column("other names and printed variants")
    launched_by: str | None = column("who launched it")
    since: str | None = column("year or date of launch, as the source gives it")
    source: str | None = column("where these facts were read, but for those that have a source of their own")
    until: str | None = column("year or date of its end, as the source gives it; null while it runs or nobody knows")
    sector: str | None = column("who it is for, one of a fixed list: cong_doan, phu_nu, thanh_nien, giao_duc, …")
    launched_by_source: str | None = column("where launched_by was read, when elsewhere than source")
    since_source: str | None = column("where since was read, when elsewhere than source")
    until_source: str | None = column("where until was read, when elsewhere than source")
    unsure: bool = column("true: known by memory, read nowhere yet")


@dataclass(frozen=True, slots=True)
class DroppedRow:
    """One row a captured page that is no revision of an article. captured = revisions + dropped, always."""

    url: str = column("address that was captured")
    site: str = column("name of the site profile")
    fetched_at: dt.datetime = column("time of capture", "UTC")
    stage: str = column("stage that refused it: crawl, parse, clean, annotate or extract")
    reason: str = column(
        "short reason, one of a fixed list: listing, tag, topic, gate, login, paywall, soft_404, "
        "other_language, duplicate, gone, …"
    )
    detail: str | None = column("what was seen, in words")
    capture_file: str = column("WARC file, relative to the corpus")
    capture_offset: int = column("offset of the record in the WARC file", "bytes")
    capture_id: str = column("WARC record id")


@dataclass(frozen=True, slots=True)
class RunRow:
    """One row a crawl run and site."""

    run_id: str = column("start time and process of the run")
    site: str = column("name of the site profile")
    started_at: dt.datetime = column("start", "UTC")
    finished_at: dt.datetime | None = column("end; null for a run that was killed", "UTC")
    requests: int = column("requests sent", "requests")
    fetched: int = column("pages answered in full (status 200)", "pages")
    not_modified: int = column("pages answered with 304, not fetched again", "pages")
    articles: int = column("article pages among the fetched", "pages")
    new_articles: int = column("articles never seen before", "articles")
    gone: int = column("articles answered with 404 or 410, or with a redirect to another page", "articles")
    gated: int = column("gate pages instead of content", "pages")
    errors: int = column("requests that failed for good", "requests")
    bytes: int = column("bytes received", "bytes")
    finish_reason: str | None = column("why the run ended: finished, stopped, robots_unknown, unreachable, …")
    warnings: tuple[str, ...] = column("health warnings against the profile's expectations")


TABLES: dict[str, type] = {
    "articles": ArticleRow,
    "revisions": RevisionRow,
    "sentences": SentenceRow,
    "movements": MovementRow,
    "back_references": BackReferenceRow,
    "figures": FigureRow,
    "amounts_in_words": WordedAmountRow,
    "refused_numbers": RefusedNumberRow,
    "movement_registry": RegistryRow,
    "dropped": DroppedRow,
    "runs": RunRow,
}
