"""The fields of a page of unknown design, by what Vietnamese papers have in common."""

from __future__ import annotations

from pipeline.furniture import is_prose, is_single_line
from pipeline.parse.above import (
    DATED_TITLE,
    captions_above,
    captions_of_page,
    heading_with,
    lead_above,
    lead_beside_picture,
    title_at,
)
from pipeline.parse.authorship import read_authors
from pipeline.parse.body import end_of_body, find_body
from pipeline.parse.dates import beside_date, find_day
from pipeline.parse.genre import MIN_PICTURES
from pipeline.parse.layout import MAX_MATCHES, Reading, families
from pipeline.parse.leads import opens_in_own_type, printed_lead, stands_apart
from pipeline.parse.opening import MIN_TITLE_WORDS, take_title
from pipeline.parse.signed import author_names
from pipeline.parse.texts import Texts, key
from pipeline.parse.titles import printed_title
from pipeline.parse.tree import Tree, open_frames

# a body of fewer words may be all that a photo story prints besides its captions
MIN_WORDS_BESIDE_PICTURES = 60
# elements below the body among which the caption of its last picture stands
MAX_ELEMENTS_TO_CAPTION = 6


def read_generic(page: Tree, metadata: Reading) -> Reading:
    """Read the body by trafilatura and the fields by what Vietnamese papers have in common."""
    reading = Reading("generic")
    open_frames(page)
    reading.begins = find_body(page, metadata.title, metadata.lead, reading)
    reading.title = printed_title(page, metadata.title, reading)
    if _is_untitled(page, reading):
        take_title(page, reading)
    title = title_at(page.texts, reading.title, reading.begins) if reading.begins is not None else None
    if title is None and reading.begins is not None:
        title = heading_with(page, reading.title, reading.begins)
    reading.titled = title
    _part_from_date(reading)
    _read_above(page, title, metadata, reading)
    css, reading.tags = next(((css, texts) for css in families().tags if (texts := _texts(page, css))), ("", ()))
    if reading.tags:
        reading.origin["tags"] = f"generic: {css}"
    stated = tuple(name for author in metadata.authors for name in author_names(author))
    read_authors(page, title, reading, stated=stated)
    _leave_out_captions_of_others(page, title, reading)
    if sum(len(block.text.split()) for block in reading.blocks) < MIN_WORDS_BESIDE_PICTURES:
        _read_pictures(page, reading)
    return reading


def _is_untitled(page: Tree, reading: Reading) -> bool:
    """Whether a page prints no title above its body, or only a word or two that its menu has a link with as well."""
    texts, title = page.texts, reading.title
    if "title" not in reading.origin:
        return title_at(texts, title, len(texts.nodes)) is None
    return len(title.split()) < MIN_TITLE_WORDS and any(map(texts.linked, texts.printed(key(title))))


def _part_from_date(reading: Reading) -> None:
    """Take the date in brackets off the end of a title, as portals of tables print it there."""
    found = DATED_TITLE.search(reading.title)
    if found and find_day(found["date"]) and not beside_date(found["date"]):
        reading.title = reading.title[: found.start()].rstrip()
        reading.published, reading.origin["published_at"] = (found["date"],), "generic: beside the title"


def _read_pictures(page: Tree, reading: Reading) -> None:
    """Read a story told by its pictures: all captions of the page; lines that are no prose are no body of it."""
    reading.captions = tuple(dict.fromkeys((*reading.captions, *captions_of_page(page, reading.title))))
    if len(reading.captions) >= MIN_PICTURES and not any(is_prose(block.text) for block in reading.blocks):
        reading.blocks, reading.begins = (), None
    if reading.captions:
        reading.origin["captions"] = "generic: pictures of the page"


def _leave_out_captions_of_others(page: Tree, title: int | None, reading: Reading) -> None:
    """Take out the captions that stand above the title, and far below the body, in lists of other articles; and what a
    button with a picture says."""
    texts = page.texts
    below = end_of_body(texts, reading)
    first, last = title or 0, len(texts.nodes) if below is None else below + MAX_ELEMENTS_TO_CAPTION
    reading.captions = tuple(
        caption
        for caption in reading.captions
        if key(caption) != key(reading.title)
        and not is_single_line(caption)
        and (not (printed := texts.printed(key(caption))) or any(first <= one <= last for one in printed))
    )


def _read_above(page: Tree, title: int | None, metadata: Reading, reading: Reading) -> None:
    """Read the lead and what else stands between title and body into `reading`.

    The lead is the prose there, else what the metadata describe the article with, else a first paragraph that is set
    apart from the others.
    """
    body, found = reading.begins, "above the date line"
    if body is not None and title is not None:
        if not reading.lead:
            reading.lead, found = lead_above(page, title, body), "between title and body"
        reading.captions = tuple(dict.fromkeys((*captions_above(page, title, body), *reading.captions)))
    if not reading.lead:
        reading.lead, found = printed_lead(page, metadata.lead, title, reading.blocks)
    if not reading.lead and body is not None and opens_in_own_type(page, body, reading.blocks):
        reading.lead, found = reading.blocks[0].text, "first paragraph, in its own type"
        reading.blocks = reading.blocks[1:]
    elif not reading.lead and body is not None and stands_apart(page, title, body, reading.blocks):
        reading.lead, found = reading.blocks[0].text, "first paragraph, apart from the others"
        reading.blocks = reading.blocks[1:]
    elif not reading.lead and body is not None and title is not None:
        reading.lead, found = lead_beside_picture(page, title, body), "beside a picture above the body"
        reading.captions = tuple(caption for caption in reading.captions if caption != reading.lead)
    if reading.lead:
        reading.origin["lead"] = f"generic: {found}"


def begins_at(texts: Texts, reading: Reading) -> int | None:
    """Return the element that the body begins with, None when it is not known."""
    if reading.begins is not None or not reading.blocks:
        return reading.begins
    return next(iter(texts.printed(key(reading.blocks[0].text))), None)


def title_above(page: Tree, reading: Reading) -> int | None:
    """Return the element that holds the title above the body, None when either is not known."""
    if reading.titled is not None:
        return reading.titled
    body = begins_at(page.texts, reading)
    return title_at(page.texts, reading.title, body) if body is not None else None


def _texts(page: Tree, css: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for node in page.select(css)[:MAX_MATCHES] if (text := page.texts.of(node))))
