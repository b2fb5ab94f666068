"""One document through every stage: what `analyze` returns and `congdoan extract` prints."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any, Final, NamedTuple

from crawler.site import Site
from crawler.sites import Sites
from pipeline.attribution import attribute
from pipeline.clean import clean_page
from pipeline.entities import find_entities, tagged_before, with_tagged
from pipeline.figures import corrected, extract_figures, read_amounts
from pipeline.inputs import Input
from pipeline.movements import read_movements
from pipeline.nlp import annotate, options_offered, split_sentences
from pipeline.parse import MAX_TEXT_BYTES, decode, parse_html, parse_text
from pipeline.parse.layout import families
from pipeline.places import MERGER, VIETNAM, area_province
from pipeline.records import (
    Article,
    Document,
    Figure,
    Movement,
    Page,
    RefusedNumber,
    Sentence,
    Setting,
    WordedAmount,
)
from pipeline.syllables import Spelt

# how the words of the corpus are read: better than as underthesea does, by what benchmarks/README.md has of each
_WORDS: Final[Mapping[str, Any]] = {
    "tones": "as_trained",
    "titles": "whole",
    "numbers": "whole",
    "lexicon": "union",
}
# what a figure of a caption is printed with; the rest says what the text reports it for
_OF_CAPTIONS: Final = (
    *("surface", "start", "end", "value", "value_high", "kind", "unit", "bound", "bound_kind", "per", "denominator"),
    "doubt",
)


class Quantities(NamedTuple):
    """What an article's numbers are."""

    figures: tuple[Figure, ...]
    in_words: tuple[WordedAmount, ...]
    refused: tuple[RefusedNumber, ...]


def analyze(
    text: str | None = None,
    *,
    html: bytes | str | None = None,
    url: str | None = None,
    site: Site | None = None,
    id: str | None = None,
    fetched_at: dt.datetime | None = None,
    tokens: bool = False,
) -> Document:
    """Read one page (`html`) or one text: clean it and extract its movements and figures.

    Args:
        text: a page that somebody already turned into text, or any article text.
        html: a page as fetched; give its `url` and, where there is one, its `site` profile.
        fetched_at: when the page was read; a publication date after it is refused. Now, when absent.
        tokens: also tokenise and tag the sentences with underthesea's models (2 µs a character).

    Raises:
        PageNotUnderstood: not an article; the message says what was read, tried and what to do.
    """
    if (text is None) == (html is None):
        raise TypeError("analyze() takes either a text or html=")
    read_at = fetched_at or dt.datetime.now(dt.UTC)
    page = (
        parse_text(text, url=url, fetched_at=read_at)
        if text is not None
        else parse_html(html or "", url, site, fetched_at=read_at)
    )
    return read_page(page, site, id=id, tokens=tokens)


def read_input(document: Input, sites: Sites, fetched_at: dt.datetime) -> Document:
    """Read a page or text from a file, by the profile of its site where there is one.

    A page without a URL is asked for its own address (its canonical link) first.

    Raises:
        PageNotUnderstood: not an article.
    """
    if document.kind == "text":
        text = decode(document.content, limit=MAX_TEXT_BYTES, where=document.where)
        page, site = parse_text(text, url=document.url, fetched_at=fetched_at), None
    else:
        url = document.page_address()
        site = sites.of_url(url) if url else None
        page = parse_html(document.content, url, site, fetched_at=fetched_at)
    return read_page(page, site, id=document.id)


def read_page(page: Page, site: Site | None, *, id: str | None = None, tokens: bool = False) -> Document:
    """Take a parsed page through clean, annotate and extract."""
    return read_article(clean_page(page, site), id=id, tokens=tokens)


def read_article(article: Article, *, id: str | None = None, tokens: bool = False) -> Document:
    """Take a cleaned article through annotate, where its tokens are wanted, and extract."""
    if tokens:
        return replace(read_articles([article])[0], id=id)
    spelt = Spelt(article.text)
    return extracted(article, _named(article, spelt), id=id, spelt=spelt)


def read_articles(articles: Sequence[Article], stored: Sequence[Sequence[Sentence]] = ()) -> list[Document]:
    """Take cleaned articles through annotate and extract, with tokens; of eight together each costs two thirds.

    Args:
        stored: for each article the sentences of an earlier edition of it, as the same rules annotated them: what they
            have in common is not tagged again. Nothing, where there is none of any.
    """
    spelt = [Spelt(article.text) for article in articles]
    annotated = _annotated(articles, spelt, stored or [()] * len(articles))
    return [extracted(one, own, spelt=its) for one, own, its in zip(articles, annotated, spelt, strict=True)]


def extracted(
    article: Article, sentences: Sequence[Sentence], *, id: str | None = None, spelt: Spelt | None = None
) -> Document:
    """Take an article through extract, by sentences with their entities, tokenised or not, or as they were stored.

    Args:
        spelt: its text, where its syllables have been asked for already.
    """
    text, own = article.text, tuple(sentences)
    spelt = spelt or Spelt(text)
    reading = read_movements(text, own, spelt=spelt)
    read = read_quantities(text, own, reading.movements, site=article.site, source_id=article.source_id)
    setting = setting_of(article.published_at, article.place)
    found = reading.movements, reading.back_references
    movements, figures = attribute(text, own, *found, read.figures, setting, spelt)
    return Document(id, article, own, movements, reading.back_references, figures, read.in_words, read.refused)


def read_quantities(
    text: str, sentences: Sequence[Sentence], movements: Sequence[Movement], *, site: str | None, source_id: str | None
) -> Quantities:
    """Read the numbers of an article by its movements, whose names may have some; figures are not attributed yet."""
    found, refused, in_words = read_amounts(text, sentences, movements)
    return Quantities(corrected(found, site=site, source_id=source_id), in_words, refused)


def load_rules() -> None:
    """Load models and lexica now, where each is otherwise loaded when first asked for.

    Processes that are forked afterwards share them; else every worker of a build takes its own half second.
    """
    families()
    for day in (MERGER, MERGER - dt.timedelta(days=1)):
        area_province("xã", "Tân An", day)  # the communes of that day
    told = "Hưởng ứng phong trào “Lao động giỏi”, 9 tổ công đoàn (9/9) của xã trao 12 triệu đồng, hàng chục suất quà."
    analyze(told, tokens=True)


def _annotated(
    articles: Sequence[Article], spelt: Sequence[Spelt], stored: Sequence[Sequence[Sentence]]
) -> list[tuple[Sentence, ...]]:
    """Return the sentences of articles with their tokens and entities; what is not known is tagged in one pass."""
    named = [_named(article, its) for article, its in zip(articles, spelt, strict=True)]
    known = [tagged_before(sentences, own) for sentences, own in zip(named, stored, strict=True)]
    both = [list(zip(*sides, strict=True)) for sides in zip(named, known, strict=True)]
    options = _WORDS if options_offered() else {}
    unknown = [sentence for own in both for sentence, tagged in own if tagged is None]
    answers = iter(annotate(unknown, **options))
    return [tuple(with_tagged(sentence, tagged or next(answers)) for sentence, tagged in own) for own in both]


def _named(article: Article, spelt: Spelt) -> tuple[Sentence, ...]:
    """Return the sentences of an article with the persons, organisations and places of the grammar."""
    sentences, setting = split_sentences(article.text, rules="press"), setting_of(article.published_at, article.place)
    found = find_entities(article.text, sentences, on=setting.on, place=setting.place, spelt=spelt)
    return tuple(
        Sentence(one.number, one.start, one.end, one.text, one.tokens, named)
        for one, named in zip(sentences, found, strict=True)
    )


def setting_of(published_at: dt.datetime | None, place: str | None) -> Setting:
    """Return when, by the day in Vietnam, and where an article was published."""
    return Setting(published_at.astimezone(VIETNAM).date() if published_at else None, place)


def to_json(document: Document, *, explain: bool = False) -> str:
    """Return the one-line JSON object of the `extract` contract; offsets count in its `text`.

    Args:
        explain: also give what was looked at and refused, each with its reason.
    """
    article = document.article
    row: dict[str, Any] = {
        "id": document.id,
        "url": article.url,
        "title": article.title,
        "lead": article.lead,
        "text": article.text,
        "authors": article.authors,
        "place": article.place,
        "published_at": article.published_at.isoformat() if article.published_at else None,
        "section": article.section,
        "tags": article.tags,
        "captions": article.captions,
        "kind": article.kind,
        "origin": dict(article.origin),
        "dropped": [asdict(line) for line in article.dropped],
        "movements": [_mention(document, movement._asdict()) for movement in document.movements],
        "back_references": [_mention(document, reference._asdict()) for reference in document.back_references],
        "figures": [_mention(document, figure._asdict()) for figure in document.figures],
        "spelled_out": [_mention(document, a._asdict()) for a in document.in_words if not a.vague],
        "vague": [_mention(document, a._asdict()) for a in document.in_words if a.vague],
        "caption_figures": list(_caption_figures(article.captions)),
    }
    if explain:
        row["refused_movements"] = [asdict(name) for name in read_movements(article.text, document.sentences).refused]
        row["refused_figures"] = [_mention(document, number._asdict()) for number in document.refused_numbers]
    return json.dumps(row, ensure_ascii=False)


def _caption_figures(captions: Sequence[str]) -> Iterator[dict[str, Any]]:
    """Yield the figures of the captions, which are no part of the text: offsets count in the caption of that number."""
    for number, caption in enumerate(captions):
        sentence = Sentence(0, 0, len(caption), caption, (), ())
        for figure in extract_figures(caption, (sentence,), ()):
            fields = {name: getattr(figure, name) for name in _OF_CAPTIONS}
            yield {"caption": number, **{name: _whole(value) for name, value in fields.items()}}


def _whole(value: Any) -> Any:
    """Return a whole number as an integer, anything else as it is."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _mention(document: Document, fields: dict[str, Any]) -> dict[str, Any]:
    """Give the sentence as printed and write whole numbers as integers."""
    fields["sentence"] = document.sentences[fields["sentence"]].text
    for name in ("period_start", "period_end"):
        day = fields.get(name)
        if isinstance(day, dt.date):
            fields[name] = day.isoformat()
    for name in ("value", "value_high", "denominator", "printed_value"):
        if name in fields:
            fields[name] = _whole(fields[name])
    return fields
