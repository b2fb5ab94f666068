"""THE SPINE, second half: every table, row and column, with description and unit; `pipeline.records` is the first.

Offsets are characters in `articles.text`, end exclusive. Times are UTC.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from pipeline.records import Entity

SCHEMA_VERSION = 5  # 4: rows of a partition in several files; 5: later revisions in files of their own
SAME_COLUMNS = (3, 4, 5)  # versions whose tables are read and refreshed alike

# what columns say that several tables have
_SITE = "name of the site profile"
_CAPTURE_FILE = "WARC file, relative to the corpus"
_CAPTURE_OFFSET = "offset of the record in the WARC file"
_CAPTURE_ID = "WARC record id"
_CANONICAL = "its canonical name in full spelling; null where the article does not say whose it is (“LĐLĐ tỉnh”)"
_PLACE_RULE = "where it was read: sentence, line, opening or dateline"
_OF_THE_63 = "code of that place's province among the 63 until June 2025"
_OF_THE_34 = "code of that place's province among the 34 since July 2025"
_QUANTITY = "money, count, percent, ratio, duration or measure"
_UNIT = "ISO 4217 code for money, the counted noun phrase for a count, the unit as printed else"
_HEDGE = "the hedge as written: hơn, gần, khoảng, trên, …"
_BOUND_KIND = "what the hedge means: exactly (there is none), about, at_least or at_most"


def column(description: str, unit: str | None = None) -> Any:
    """A column of a table; description and unit go into the Parquet metadata and data/README.md."""
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
    authors: tuple[str, ...] = column("authors by name as printed, without paper, office or remark")
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
    capture_file: str = column(_CAPTURE_FILE)
    capture_offset: int = column(_CAPTURE_OFFSET, "bytes")
    capture_id: str = column(_CAPTURE_ID)
    stage_versions: str = column("versions of the stages that made the row, as JSON")


@dataclass(frozen=True, slots=True)
class RevisionRow:
    """One row a distinct content of an article, the newest one too, with the text as it then was."""

    article_id: str = column("the article")
    revision: int = column("number of this content, from 1")
    site: str = column(_SITE)
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
    capture_file: str = column(_CAPTURE_FILE)
    capture_offset: int = column(_CAPTURE_OFFSET, "bytes")
    capture_id: str = column(_CAPTURE_ID)


@dataclass(frozen=True, slots=True)
class SentenceRow:
    """One row a sentence, in reading order, of the newest revision of each article."""

    article_id: str = column("the article")
    site: str = column(_SITE)
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
class PassageRow:
    """What every table of words in a text begins with; each says for itself what its `surface` is."""

    article_id: str = column("the article")
    site: str = column(_SITE)
    published_at: dt.datetime | None = column("publication date of the article", "UTC")
    province: str | None = column("province code of the article")
    sentence: int = column("number of the sentence in the article")
    sentence_text: str = column("the sentence as printed")
    surface: str = column("the words as printed")
    start: int = column("start in articles.text", "characters")
    end: int = column("end in articles.text, exclusive", "characters")


@dataclass(frozen=True, slots=True)
class MovementRow(PassageRow):
    """One row a mention of a movement."""

    surface: str = column("the name as printed, without quotes and trigger word")
    name: str = column("canonical name")
    movement_id: str = column("the movement in movement_registry, or a stable id of its own for an unknown name")
    kind: str = column("phong_trao, cuoc_van_dong, chuong_trinh or khac, by the trigger word in the text")
    trigger: str | None = column("the word that introduces the name, as printed")
    organisation: str | None = column("organisation that runs or reports the movement, as printed, or null")
    organisation_name: str | None = column(_CANONICAL)
    organisation_rule: str | None = column(
        "where it was read: sentence, agent (“do … phát động”), line (sentences before, same paragraph) or opening"
    )
    place: str | None = column("province, district or commune the mention is about, as printed, or null")
    place_rule: str | None = column(_PLACE_RULE)
    province_63: str | None = column(_OF_THE_63)
    province_34: str | None = column(_OF_THE_34)


@dataclass(frozen=True, slots=True)
class BackReferenceRow(PassageRow):
    """One row a place where words stand for a movement named before them ("Phong trào này"): no mention of its own."""

    name: str = column("canonical name of the movement that they stand for")
    movement_id: str = column("the movement that they stand for")
    kind: str = column("kind of the mention that they refer to")
    named_at: int = column("start of the mention that they refer to, in articles.text", "characters")


@dataclass(frozen=True, slots=True)
class FigureRow(PassageRow):
    """One row a reported quantity."""

    surface: str = column("number and unit as printed, without the hedge")
    value: float = column("the number in base units, low end of a range", "as in `unit`")
    value_high: float | None = column("high end of a range", "as in `unit`")
    kind: str = column(_QUANTITY)
    unit: str | None = column(_UNIT)
    bound: str | None = column(_HEDGE)
    bound_kind: str = column(_BOUND_KIND)
    per: str | None = column("what a rate is per: người, tháng, người/năm")
    denominator: float | None = column("denominator of a ratio x/y")
    movement_id: str | None = column("movement the figure is reported for, null when the sentence doesn't say")
    movement_rule: str | None = column(
        "sentence (named before the figure in its clause), back_reference (“Phong trào này”) or linked (after it)"
    )
    organisation: str | None = column("organisation it is reported for, as printed, or null")
    organisation_name: str | None = column(_CANONICAL)
    organisation_rule: str | None = column("where it was read: sentence, line (same paragraph) or opening")
    place: str | None = column("place it is reported for, as printed, or null")
    place_rule: str | None = column(_PLACE_RULE)
    province_63: str | None = column(_OF_THE_63)
    province_34: str | None = column(_OF_THE_34)
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
class WordedAmountRow(PassageRow):
    """One row an amount in words, which is not in `figures`: a spelled-out numeral, or a vague amount."""

    surface: str = column("amount and unit as printed, without the hedge")
    value: float = column("the number, of a vague amount its order of magnitude: 1000 for hàng nghìn", "as in `unit`")
    vague: bool = column("whether it is vague (hàng nghìn, vài chục) and not a number spelled out (hai mươi mốt)")
    kind: str = column(_QUANTITY)
    unit: str = column(_UNIT)
    bound: str | None = column(_HEDGE)
    bound_kind: str = column(_BOUND_KIND)
    denominator: float | None = column("denominator of a fraction: hai phần ba")


@dataclass(frozen=True, slots=True)
class RefusedNumberRow(PassageRow):
    """One row a number, or several written as one, that is no figure: figures and these are all digits of the texts."""

    surface: str = column("the digits as printed, with what belongs to them")
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
    site: str = column(_SITE)
    fetched_at: dt.datetime = column("time of capture", "UTC")
    stage: str = column("stage that refused it: crawl, parse, clean, annotate or extract")
    reason: str = column(
        "short reason, one of a fixed list: listing, tag, topic, gate, login, paywall, soft_404, "
        "other_language, duplicate, gone, …"
    )
    detail: str | None = column("what was seen, in words")
    capture_file: str = column(_CAPTURE_FILE)
    capture_offset: int = column(_CAPTURE_OFFSET, "bytes")
    capture_id: str = column(_CAPTURE_ID)


@dataclass(frozen=True, slots=True)
class RunRow:
    """One row a crawl run and site."""

    run_id: str = column("start time and process of the run")
    site: str = column(_SITE)
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


# what names a row of a table: no two have the same
KEYS: dict[str, tuple[str, ...]] = {
    "articles": ("article_id",),
    "revisions": ("article_id", "revision"),
    "sentences": ("article_id", "sentence"),
    "movements": ("article_id", "start", "end"),
    "back_references": ("article_id", "start", "end"),
    "figures": ("article_id", "start", "end"),
    "amounts_in_words": ("article_id", "start", "end"),
    "refused_numbers": ("article_id", "start", "end"),
    "movement_registry": ("movement_id",),
    "dropped": ("capture_file", "capture_offset"),
    "runs": ("run_id", "site"),
}
